using System.Runtime.InteropServices;
using NetTopologySuite.Geometries;

namespace GeoHarm.Spatial.Statistics;

/// <summary>
/// Neighbours by shared boundary. Queen: polygons share at least one vertex; rook: at least one edge. Vertices count as
/// shared when their coordinates are equal bit for bit, which holds for coverages digitised once (the municipal
/// boundaries are such a file); slivers and gaps are not bridged, so snap the coverage first where there are any.
/// Memory: one entry a distinct vertex or edge. Cost: linear in vertices.
/// </summary>
public static class ContiguityWeights
{
    /// <summary>Units whose boundaries share a vertex. Null geometries are islands.</summary>
    public static SpatialWeights Queen(IReadOnlyList<Geometry?> polygons) => ByPart(polygons, new VertexKeys());

    /// <summary>Units whose boundaries share an edge, in either direction.</summary>
    public static SpatialWeights Rook(IReadOnlyList<Geometry?> polygons) => ByPart(polygons, new EdgeKeys());

    private interface IBoundaryKeys
    {
        void Visit(CoordinateSequence ring, int position, Action<(double, double, double, double)> found);
    }

    private readonly struct VertexKeys : IBoundaryKeys
    {
        public void Visit(CoordinateSequence ring, int position, Action<(double, double, double, double)> found) =>
            found((ring.GetX(position), ring.GetY(position), 0, 0));
    }

    private readonly struct EdgeKeys : IBoundaryKeys
    {
        public void Visit(CoordinateSequence ring, int position, Action<(double, double, double, double)> found)
        {
            if (position == 0) return;
            double x1 = ring.GetX(position - 1), y1 = ring.GetY(position - 1), x2 = ring.GetX(position), y2 = ring.GetY(position);
            found(x1 < x2 || (x1 == x2 && y1 <= y2) ? (x1, y1, x2, y2) : (x2, y2, x1, y1));
        }
    }

    private static SpatialWeights ByPart<TKeys>(IReadOnlyList<Geometry?> polygons, TKeys keys)
        where TKeys : struct, IBoundaryKeys
    {
        // Each part of the boundary lists the units that have it: the first in the dictionary, further ones chained.
        var first = new Dictionary<(double, double, double, double), int>();
        var units = new List<(int Unit, int Next)>();
        var pairs = new HashSet<long>();
        var unit = 0;
        void Found((double, double, double, double) key)
        {
            ref var head = ref CollectionsMarshal.GetValueRefOrAddDefault(first, key, out var known);
            for (var link = known ? head : -1; link >= 0; link = units[link].Next)
            {
                var other = units[link].Unit;
                if (other == unit) return;
                pairs.Add((long)other << 32 | (uint)unit);
            }
            units.Add((unit, known ? head : -1));
            head = units.Count - 1;
        }
        for (; unit < polygons.Count; unit++)
        {
            foreach (var ring in Rings(polygons[unit]))
            {
                for (var i = 0; i < ring.Count; i++) keys.Visit(ring, i, Found);
            }
        }
        var rows = new List<int>[polygons.Count];
        for (var i = 0; i < rows.Length; i++) rows[i] = [];
        foreach (var pair in pairs)
        {
            rows[(int)(pair >> 32)].Add((int)pair);
            rows[(int)pair].Add((int)(pair >> 32));
        }
        return SpatialWeights.FromRows(rows.Select(r => r.ToArray()).ToArray());
    }

    private static IEnumerable<CoordinateSequence> Rings(Geometry? geometry)
    {
        for (var i = 0; i < (geometry?.NumGeometries ?? 0); i++)
        {
            if (geometry!.GetGeometryN(i) is not Polygon polygon || polygon.IsEmpty) continue;
            yield return polygon.ExteriorRing.CoordinateSequence;
            for (var hole = 0; hole < polygon.NumInteriorRings; hole++) yield return polygon.GetInteriorRingN(hole).CoordinateSequence;
        }
    }
}
