using GeoHarm.Spatial.Statistics;
using NetTopologySuite.Geometries;

namespace GeoHarm.Spatial.Tests.Zonal;

/// <summary>Random simple polygons: stars around a centre, some vertices on whole numbers to meet cell borders and
/// corners, some with a star-shaped hole.</summary>
internal static class RandomPolygons
{
    public static Polygon Star(ref CounterRandom random, double x, double y, double radius, int vertices, bool hole)
    {
        var shell = Ring(ref random, x, y, radius * 0.4, radius, vertices);
        return hole ? new Polygon(shell, [Ring(ref random, x, y, radius * 0.1, radius * 0.3, Math.Max(3, vertices / 2))]) : new Polygon(shell);
    }

    /// <summary>Signed area of a polygon's rings inside a rectangle, by clipping each ring at the four sides
    /// (Sutherland and Hodgman 1974): exact for any ring, because what it adds along the sides encloses nothing.</summary>
    public static double ClippedArea(Polygon polygon, double minX, double minY, double maxX, double maxY)
    {
        var total = Math.Abs(RingArea(polygon.Shell, minX, minY, maxX, maxY));
        foreach (var hole in polygon.Holes) total -= Math.Abs(RingArea(hole, minX, minY, maxX, maxY));
        return total;
    }

    private static LinearRing Ring(ref CounterRandom random, double x, double y, double low, double high, int vertices)
    {
        var points = new List<Coordinate>();
        for (var i = 0; i < vertices; i++)
        {
            var angle = 2 * Math.PI * (i + 0.8 * random.NextUniform()) / vertices;
            var r = low + (high - low) * random.NextUniform();
            points.Add(new Coordinate(x + r * Math.Cos(angle), y + r * Math.Sin(angle)));
        }
        // Whole-number vertices could make a star cross itself: only rings that stay simple keep them.
        var rounded = points.Select((p, i) => i % 3 == 0 ? new Coordinate(Math.Round(p.X), Math.Round(p.Y)) : p).ToList();
        rounded.Add(rounded[0].Copy());
        var candidate = new LinearRing([.. rounded]);
        if (new Polygon(candidate).IsValid && Math.Abs(candidate.CoordinateSequence.Count) > 3) return candidate;
        points.Add(points[0].Copy());
        return new LinearRing([.. points]);
    }

    private static double RingArea(LinearRing ring, double minX, double minY, double maxX, double maxY)
    {
        var points = ring.Coordinates.Select(c => (c.X, c.Y)).SkipLast(1).ToList();
        points = Clip(points, p => p.X >= minX, (a, b) => (minX, a.Y + (b.Y - a.Y) * (minX - a.X) / (b.X - a.X)));
        points = Clip(points, p => p.X <= maxX, (a, b) => (maxX, a.Y + (b.Y - a.Y) * (maxX - a.X) / (b.X - a.X)));
        points = Clip(points, p => p.Y >= minY, (a, b) => (a.X + (b.X - a.X) * (minY - a.Y) / (b.Y - a.Y), minY));
        points = Clip(points, p => p.Y <= maxY, (a, b) => (a.X + (b.X - a.X) * (maxY - a.Y) / (b.Y - a.Y), maxY));
        var twice = 0.0;
        for (var i = 0; i < points.Count; i++)
        {
            var (a, b) = (points[i], points[(i + 1) % points.Count]);
            twice += (a.X - minX) * (b.Y - minY) - (b.X - minX) * (a.Y - minY);
        }
        return twice / 2;
    }

    private static List<(double X, double Y)> Clip(List<(double X, double Y)> points, Func<(double X, double Y), bool> inside, Func<(double X, double Y), (double X, double Y), (double, double)> cross)
    {
        var result = new List<(double X, double Y)>();
        for (var i = 0; i < points.Count; i++)
        {
            var (a, b) = (points[i], points[(i + 1) % points.Count]);
            if (inside(a)) result.Add(a);
            if (inside(a) != inside(b)) result.Add(cross(a, b));
        }
        return result;
    }
}
