using GeoHarm.Spatial.Quantities;
using NetTopologySuite.Geometries;

namespace GeoHarm.Spatial.Crs;

/// <summary>
/// Areas on the ellipsoid in closed form, by the equal-area cylinder: the strip of the ellipsoid between the equator
/// and latitude phi, one radian of longitude wide, covers a^2 q(phi) / 2 with
/// q(phi) = (1 - e^2) [sin phi / (1 - e^2 sin^2 phi) + atanh(e sin phi) / e]
/// (Snyder 1987, USGS Professional Paper 1395, equation 3-12, doi 10.3133/pp1395). Cells and bands of a raster in
/// longitude and latitude are exact; polygon edges are straight lines of the equal-area cylinder (EPSG:6933), which
/// are not geodesics: use <see cref="GeodesicArea"/> where long edges matter. Latitudes in degrees, areas in m2.
/// </summary>
public static class AuthalicArea
{
    /// <summary>q(phi): twice the area from the equator to the latitude per radian of longitude, over a^2.</summary>
    public static double Q(Ellipsoid ellipsoid, double sinLatitude)
    {
        var e = ellipsoid.Eccentricity;
        var s = sinLatitude;
        return (1 - ellipsoid.EccentricitySquared) * (s / (1 - ellipsoid.EccentricitySquared * s * s) + PortableMath.Atanh(e * s) / e);
    }

    /// <summary>Square metres of the cell between two parallels and two meridians, all in degrees. Signed: positive when
    /// north exceeds south and east exceeds west.</summary>
    public static double CellSquareMetres(Ellipsoid ellipsoid, double south, double north, double longitudeSpan)
    {
        var radians = longitudeSpan * (Math.PI / 180);
        return 0.5 * ellipsoid.RadiusMetres * ellipsoid.RadiusMetres * radians * BandQ(ellipsoid, south, north);
    }

    /// <summary>q(north) - q(south) without the cancellation of narrow bands: the difference of sines is taken as
    /// 2 cos(mean) sin(half), and both terms of q as differences quotient times that (atanh by its addition theorem).</summary>
    private static double BandQ(Ellipsoid ellipsoid, double south, double north)
    {
        const double degree = Math.PI / 180;
        double s1 = PortableMath.Sin(south * degree), s2 = PortableMath.Sin(north * degree);
        var difference = 2 * PortableMath.Cos(0.5 * (south + north) * degree) * PortableMath.Sin(0.5 * (north - south) * degree);
        double e = ellipsoid.Eccentricity, e2 = ellipsoid.EccentricitySquared;
        var rational = difference * (1 + e2 * s1 * s2) / ((1 - e2 * s1 * s1) * (1 - e2 * s2 * s2));
        return (1 - e2) * (rational + PortableMath.Atanh(e * difference / (1 - e2 * s1 * s2)) / e);
    }

    /// <summary>Area of a polygon or multipolygon in longitude and latitude (degrees) whose edges are straight on the
    /// equal-area cylinder; holes subtract. Edges longer than 180 degrees of longitude are taken the short way, so rings
    /// may cross the antimeridian; a ring round a pole is refused by <see cref="ArgumentException"/>.</summary>
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

    private static double OfRing(Ellipsoid ellipsoid, CoordinateSequence ring)
    {
        const double degree = Math.PI / 180;
        // Heights are taken against the first vertex: the constant cancels in a closed ring, and small plots keep digits.
        double sum = 0, turn = 0, height = 0;
        var first = ring.GetY(0);
        for (var i = 1; i < ring.Count; i++)
        {
            var next = BandQ(ellipsoid, first, ring.GetY(i));
            var span = LongitudeDifference(ring.GetX(i - 1), ring.GetX(i));
            sum += 0.5 * (height + next) * span;
            turn += span;
            height = next;
        }
        if (Math.Abs(turn) > 180) throw new ArgumentException("A ring round a pole has no area on the equal-area cylinder; use the geodesic area.");
        return -0.5 * ellipsoid.RadiusMetres * ellipsoid.RadiusMetres * degree * sum;
    }

    /// <summary>Longitude difference in degrees, brought into [-180, 180].</summary>
    internal static double LongitudeDifference(double from, double to)
    {
        var span = to - from;
        return Math.Abs(span) <= 180 ? span : span - 360 * Math.Round(span / 360, MidpointRounding.ToEven);
    }
}
