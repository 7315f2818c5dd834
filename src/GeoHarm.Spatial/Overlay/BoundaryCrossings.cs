using GeoHarm.Spatial.Zonal;
using NetTopologySuite.Algorithm;

namespace GeoHarm.Spatial.Overlay;

/// <summary>A place where the boundaries of two polygons cross.</summary>
/// <param name="EdgeA">Edge of the first polygon.</param>
/// <param name="ShareA">How far along that edge, 0 to 1.</param>
/// <param name="EdgeB">Edge of the second.</param>
/// <param name="ShareB">How far along it.</param>
/// <param name="X">x.</param>
/// <param name="Y">y.</param>
/// <param name="Enters">Whether the first boundary enters the second polygon here; the second then leaves the first.</param>
/// <param name="Doubt">Bound on the error of both shares: crossings of one edge that are closer than their doubts have no order.</param>
internal readonly record struct Crossing(int EdgeA, double ShareA, int EdgeB, double ShareB, double X, double Y, bool Enters, double Doubt);

/// <summary>
/// Finds all proper crossings of two boundaries, testing the edges of the smaller polygon against the index of the
/// larger, with exact orientation signs (Shewchuk's filter, then double-double). Where boundaries touch, share a vertex or
/// run along each other, the pair is degenerate and must go to a robust overlay.
/// </summary>
internal static class BoundaryCrossings
{
    private const double Rounding = 1.0 / (1L << 52);

    /// <summary>Fills the list; false when the pair is degenerate.</summary>
    internal static bool Find(ZonePolygons a, int zoneA, ZonePolygons b, int zoneB, EdgeIndex index, bool indexesB, PolygonBounds other, PolygonBounds rings, List<Crossing> found)
    {
        var (walked, zone) = indexesB ? (a, zoneA) : (b, zoneB);
        var (ixs, iys) = indexesB ? (b.X, b.Y) : (a.X, a.Y);
        var (xs, ys) = (walked.X, walked.Y);
        var (west, south, east, north) = other.Zone(indexesB ? zoneB : zoneA);
        for (var ring = walked.ZoneRings[zone]; ring < walked.ZoneRings[zone + 1]; ring++)
        {
            if (!rings.RingMeets(ring, west, south, east, north)) continue;
            var end = walked.RingStarts[ring + 1] - 1;
            for (var i = walked.RingStarts[ring]; i < end; i++)
            {
                var (x0, y0, x1, y1) = (xs[i], ys[i], xs[i + 1], ys[i + 1]);
                var (left, right) = x0 < x1 ? (x0, x1) : (x1, x0);
                if (right < west || left > east) continue;
                var (low, high) = y0 < y1 ? (y0, y1) : (y1, y0);
                if (high < south || low > north) continue;
                var (c0, c1, r0, r1) = (index.Column(left), index.Column(right), index.Row(low), index.Row(high));
                for (var row = r0; row <= r1; row++)
                {
                    for (var column = c0; column <= c1; column++)
                    {
                        foreach (var j in index.Cell(column, row))
                        {
                            var (u0, v0, u1, v1) = (ixs[j], iys[j], ixs[j + 1], iys[j + 1]);
                            var (jl, jr) = u0 < u1 ? (u0, u1) : (u1, u0);
                            if (jr < left || jl > right) continue;
                            var (jb, jt) = v0 < v1 ? (v0, v1) : (v1, v0);
                            if (jt < low || jb > high) continue;
                            // Both edges may share several cells: the one that holds the corner of their common box reports.
                            if (index.Column(Math.Max(left, jl)) != column || index.Row(Math.Max(low, jb)) != row) continue;
                            var meets = indexesB ? Cross(i, x0, y0, x1, y1, j, u0, v0, u1, v1, found) : Cross(j, u0, v0, u1, v1, i, x0, y0, x1, y1, found);
                            if (!meets) return false;
                        }
                    }
                }
            }
        }
        return true;
    }

    private static bool Cross(int edgeA, double ax0, double ay0, double ax1, double ay1, int edgeB, double bx0, double by0, double bx1, double by1, List<Crossing> found)
    {
        var from = CGAlgorithmsDD.OrientationIndex(bx0, by0, bx1, by1, ax0, ay0);
        var to = CGAlgorithmsDD.OrientationIndex(bx0, by0, bx1, by1, ax1, ay1);
        if (from == to && from != 0) return true;
        var first = CGAlgorithmsDD.OrientationIndex(ax0, ay0, ax1, ay1, bx0, by0);
        var second = CGAlgorithmsDD.OrientationIndex(ax0, ay0, ax1, ay1, bx1, by1);
        if (first == second && first != 0) return true;
        // A zero means a vertex on the other's line; with boxes that meet, they touch or all but touch.
        if (from == 0 || to == 0 || first == 0 || second == 0) return false;
        // About the first vertex, so that near edges lose nothing to their distance from the origin.
        var (dax, day, dbx, dby) = (ax1 - ax0, ay1 - ay0, bx1 - bx0, by1 - by0);
        var determinant = dax * dby - day * dbx;
        if (determinant == 0) return false;
        var (dx, dy) = (bx0 - ax0, by0 - ay0);
        var shareA = Math.Clamp((dx * dby - dy * dbx) / determinant, 0, 1);
        var shareB = Math.Clamp((dx * day - dy * dax) / determinant, 0, 1);
        // Each product and difference is off by a few parts in 2^53 at most, and so are both sides of the fraction (its value is at most 1).
        var products = Math.Max(Math.Abs(dx * dby) + Math.Abs(dy * dbx), Math.Abs(dx * day) + Math.Abs(dy * dax)) + Math.Abs(dax * dby) + Math.Abs(day * dbx);
        found.Add(new Crossing(edgeA, shareA, edgeB, shareB, ax0 + shareA * dax, ay0 + shareA * day, to > 0, 4 * Rounding * products / Math.Abs(determinant)));
        return true;
    }
}

/// <summary>Bounds of all zones and rings of a polygon layer.</summary>
internal sealed class PolygonBounds
{
    private readonly double[] zones;
    private readonly double[] rings;

    internal PolygonBounds(ZonePolygons polygons)
    {
        zones = Empty(polygons.Count);
        rings = Empty(polygons.RingStarts.Length - 1);
        for (var zone = 0; zone < polygons.Count; zone++)
        {
            if (polygons.IsBad(zone)) continue;
            for (var ring = polygons.ZoneRings[zone]; ring < polygons.ZoneRings[zone + 1]; ring++)
            {
                for (var i = polygons.RingStarts[ring]; i < polygons.RingStarts[ring + 1]; i++)
                {
                    var (x, y) = (polygons.X[i], polygons.Y[i]);
                    (rings[4 * ring], rings[4 * ring + 2]) = (Math.Min(rings[4 * ring], x), Math.Max(rings[4 * ring + 2], x));
                    (rings[4 * ring + 1], rings[4 * ring + 3]) = (Math.Min(rings[4 * ring + 1], y), Math.Max(rings[4 * ring + 3], y));
                }
                (zones[4 * zone], zones[4 * zone + 1]) = (Math.Min(zones[4 * zone], rings[4 * ring]), Math.Min(zones[4 * zone + 1], rings[4 * ring + 1]));
                (zones[4 * zone + 2], zones[4 * zone + 3]) = (Math.Max(zones[4 * zone + 2], rings[4 * ring + 2]), Math.Max(zones[4 * zone + 3], rings[4 * ring + 3]));
            }
        }
    }

    /// <summary>West, south, east, north of a zone; the empty box has west above east.</summary>
    internal (double West, double South, double East, double North) Zone(int zone) => (zones[4 * zone], zones[4 * zone + 1], zones[4 * zone + 2], zones[4 * zone + 3]);

    internal bool RingMeets(int ring, double west, double south, double east, double north) =>
        rings[4 * ring] <= east && rings[4 * ring + 2] >= west && rings[4 * ring + 1] <= north && rings[4 * ring + 3] >= south;

    private static double[] Empty(int count)
    {
        var boxes = new double[4 * count];
        for (var i = 0; i < count; i++)
        {
            (boxes[4 * i], boxes[4 * i + 1]) = (double.PositiveInfinity, double.PositiveInfinity);
            (boxes[4 * i + 2], boxes[4 * i + 3]) = (double.NegativeInfinity, double.NegativeInfinity);
        }
        return boxes;
    }
}
