using GeoHarm.Spatial.Zonal;
using NetTopologySuite.Algorithm;

namespace GeoHarm.Spatial.Overlay;

/// <summary>
/// The edges of one polygon in a uniform grid over its bounds, about one edge a cell: tells which edges may meet a
/// rectangle, and whether a point lies inside. Build O(edges), query O(cells touched); eight to twelve bytes an edge.
/// </summary>
internal sealed class EdgeIndex
{
    // An edge lies in a handful of cells; where edges are long, a coarser grid keeps the lists from growing.
    private const int MostCellsPerEdge = 16;
    private const int MostSide = 2048;

    private readonly double[] xs;
    private readonly double[] ys;
    private readonly int[] starts;
    private readonly int[] edges;
    private readonly double minX, minY, columnsPerUnit, rowsPerUnit;
    private readonly int side;

    internal EdgeIndex(ZonePolygons polygons, int zone)
    {
        (xs, ys) = (polygons.X, polygons.Y);
        var bounds = polygons.Bounds(zone)!;
        var all = new List<int>();
        for (var ring = polygons.ZoneRings[zone]; ring < polygons.ZoneRings[zone + 1]; ring++)
        {
            for (var i = polygons.RingStarts[ring]; i + 1 < polygons.RingStarts[ring + 1]; i++) all.Add(i);
        }
        (minX, minY) = (bounds.MinX, bounds.MinY);
        for (side = Math.Clamp((int)Math.Sqrt(all.Count), 1, MostSide); ; side /= 2)
        {
            columnsPerUnit = side / Math.Max(bounds.Width, double.Epsilon);
            rowsPerUnit = side / Math.Max(bounds.Height, double.Epsilon);
            starts = new int[side * side + 1];
            long total = 0;
            foreach (var edge in all) total += Each(edge, starts, null);
            if (side > 1 && total > (long)MostCellsPerEdge * all.Count) continue;
            for (var c = 0; c < side * side; c++) starts[c + 1] += starts[c];
            edges = new int[total];
            var next = starts[..^1];
            foreach (var edge in all) Each(edge, next, edges);
            return;
        }
    }

    /// <summary>Column of the grid that holds x, clamped to it.</summary>
    internal int Column(double x) => (int)Math.Clamp((x - minX) * columnsPerUnit, 0, side - 1);

    /// <summary>Row of the grid that holds y, clamped to it.</summary>
    internal int Row(double y) => (int)Math.Clamp((y - minY) * rowsPerUnit, 0, side - 1);

    /// <summary>Edges listed in a cell.</summary>
    internal ReadOnlySpan<int> Cell(int column, int row)
    {
        var cell = row * side + column;
        return edges.AsSpan(starts[cell], starts[cell + 1] - starts[cell]);
    }

    /// <summary>1 inside, 0 on the boundary, -1 outside: crossings of the ray to the east, with exact orientation.</summary>
    internal int Locate(double x, double y)
    {
        var row = Row(y);
        var inside = false;
        for (var column = Column(x); column < side; column++)
        {
            foreach (var edge in Cell(column, row))
            {
                // An edge in several cells of the row counts in the first of them that the ray meets.
                var (x0, y0, x1, y1) = (xs[edge], ys[edge], xs[edge + 1], ys[edge + 1]);
                if (Math.Max(Column(Math.Min(x0, x1)), Column(x)) != column) continue;
                if (Math.Min(y0, y1) > y || Math.Max(y0, y1) < y || Math.Max(x0, x1) < x) continue;
                var turn = CGAlgorithmsDD.OrientationIndex(x0, y0, x1, y1, x, y);
                if (turn == 0 && Math.Min(x0, x1) <= x && x <= Math.Max(x0, x1)) return 0;
                if (y0 > y == y1 > y) continue;
                if (turn > 0 == y1 > y0) inside = !inside;
            }
        }
        return inside ? 1 : -1;
    }

    private long Each(int edge, int[] counts, int[]? fill)
    {
        var (left, right) = (Column(Math.Min(xs[edge], xs[edge + 1])), Column(Math.Max(xs[edge], xs[edge + 1])));
        var (low, high) = (Row(Math.Min(ys[edge], ys[edge + 1])), Row(Math.Max(ys[edge], ys[edge + 1])));
        for (var row = low; row <= high; row++)
        {
            for (var column = left; column <= right; column++)
            {
                if (fill is null) counts[row * side + column + 1]++;
                else fill[counts[row * side + column]++] = edge;
            }
        }
        return (long)(right - left + 1) * (high - low + 1);
    }
}
