using GeoHarm.Spatial.Quantities;
using NetTopologySuite.Geometries;

namespace GeoHarm.Spatial.Crs;

/// <summary>
/// Area and perimeter of polygons in longitude and latitude whose edges are geodesics: the sum of the areas under the
/// edges (Karney 2013, section 6, doi 10.1007/s00190-012-0578-z). Rings may cross the antimeridian and go round a pole.
/// Accuracy: better than 0.1 m2 plus 1e-13 of the area. Cost: one geodesic an edge.
/// </summary>
public static class GeodesicArea
{
    /// <summary>Area of a polygon or multipolygon; holes subtract, other geometries count nothing. Each exterior ring is
    /// taken as the smaller of the two regions it bounds.</summary>
    public static Area OfPolygon(Ellipsoid ellipsoid, Geometry geometry)
    {
        var sum = 0.0;
        for (var i = 0; i < geometry.NumGeometries; i++)
        {
            if (geometry.GetGeometryN(i) is not Polygon polygon || polygon.IsEmpty) continue;
            sum += Math.Abs(OfRing(ellipsoid, polygon.ExteriorRing.CoordinateSequence));
            for (var hole = 0; hole < polygon.NumInteriorRings; hole++) sum -= Math.Abs(OfRing(ellipsoid, polygon.GetInteriorRingN(hole).CoordinateSequence));
        }
        return Area.FromSquareMetres(sum);
    }

    /// <summary>Signed square metres of a closed ring, positive when it runs counter-clockwise; at most half the ellipsoid
    /// in size.</summary>
    public static double OfRing(Ellipsoid ellipsoid, CoordinateSequence ring)
    {
        double sum = 0, lost = 0, turn = 0;
        if (ring.Count < 3) return 0;
        var previous = new Geodesic.Parallel(ellipsoid, ring.GetY(0));
        for (var i = 1; i < ring.Count; i++)
        {
            var next = new Geodesic.Parallel(ellipsoid, ring.GetY(i));
            var span = AuthalicArea.LongitudeDifference(ring.GetX(i - 1), ring.GetX(i));
            var term = Geodesic.Inverse(ellipsoid, previous, next, span * (Math.PI / 180)).AreaUnderSquareMetres;
            // Neumaier's sum: areas under edges are large beside a small plot far from the equator.
            var total = sum + term;
            lost += Math.Abs(sum) >= Math.Abs(term) ? (sum - total) + term : (term - total) + sum;
            sum = total;
            turn += span;
            previous = next;
        }
        var area = -(sum + lost);
        var half = ellipsoid.TotalArea.SquareMetres / 2;
        if (Math.Abs(turn) > 180) area += turn > 0 ? half : -half;
        // The larger side of the ring is brought back to the smaller.
        return area > half ? area - 2 * half : area < -half ? area + 2 * half : area;
    }
}
