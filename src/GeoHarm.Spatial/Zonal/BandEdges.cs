using System.Runtime.CompilerServices;
using GeoHarm.Spatial.Rasters;

namespace GeoHarm.Spatial.Zonal;

/// <summary>A zone laid over the raster once: itself, or itself moved by 360 degrees to where the raster is.</summary>
/// <param name="Zone">Zone index.</param>
/// <param name="Frame">From coordinates to columns and rows.</param>
/// <param name="FirstBand">First band its bounds meet.</param>
/// <param name="LastBand">Last band its bounds meet.</param>
/// <param name="LeavesEast">Whether it reaches beyond the raster's eastern border, where its edges are not followed.</param>
internal sealed record ZonePart(int Zone, GridFrame Frame, int FirstBand, int LastBand, bool LeavesEast);

/// <summary>Edges of one part in one band; may be none.</summary>
internal readonly record struct EdgeRun(int Part, int From, int Count);

/// <summary>
/// The edges of all zones sorted by horizontal bands of the raster (counting sort, two passes, stable), so that one pass
/// over the raster meets each edge where it lies. Four bytes an edge and band.
/// </summary>
internal sealed class BandEdges
{
    private readonly EdgeRun[] runs;
    private readonly int[] bandRuns;

    private BandEdges(ZonePart[] parts, int[] edges, EdgeRun[] runs, int[] bandRuns) => (Parts, Edges, this.runs, this.bandRuns) = (parts, edges, runs, bandRuns);

    internal ZonePart[] Parts { get; }

    internal int[] Edges { get; }

    internal ReadOnlySpan<EdgeRun> Of(int band) => runs.AsSpan(bandRuns[band]..bandRuns[band + 1]);

    internal static BandEdges Build(ZonePolygons zones, Grid grid, int bandHeight)
    {
        var parts = Lay(zones, grid, bandHeight);
        var bands = (grid.Height + bandHeight - 1) / bandHeight;
        var counts = new int[bands + 1];
        foreach (var part in parts) Visit(zones, part, grid, bandHeight, new Counter(counts));
        for (var b = 0; b < bands; b++) counts[b + 1] = checked(counts[b + 1] + counts[b]);
        var edges = new int[counts[bands]];
        var next = counts[..bands];
        var bandRuns = new int[bands + 1];
        foreach (var part in parts)
        {
            for (var b = part.FirstBand; b <= part.LastBand; b++) bandRuns[b + 1]++;
        }
        for (var b = 0; b < bands; b++) bandRuns[b + 1] += bandRuns[b];
        var runs = new EdgeRun[bandRuns[bands]];
        var place = bandRuns[..bands];
        for (var p = 0; p < parts.Length; p++)
        {
            var (from, to) = (parts[p].FirstBand, parts[p].LastBand);
            var before = next[from..(to + 1)];
            Visit(zones, parts[p], grid, bandHeight, new Filler(edges, next));
            for (var b = from; b <= to; b++) runs[place[b]++] = new EdgeRun(p, before[b - from], next[b] - before[b - from]);
        }
        return new BandEdges(parts, edges, runs, bandRuns);
    }

    private static ZonePart[] Lay(ZonePolygons zones, Grid grid, int bandHeight)
    {
        var parts = new List<ZonePart>();
        double[] shifts = zones.IsGeographic ? [0, -360, 360] : [0];
        var frames = Array.ConvertAll(shifts, s => new GridFrame(grid, s));
        for (var zone = 0; zone < zones.Count; zone++)
        {
            if (zones.Bounds(zone) is not { } bounds || bounds.MaxY <= grid.South || bounds.MinY >= grid.North) continue;
            var last = (grid.Height - 1) / bandHeight;
            // One band of slack: rows are rounded after the bounds are taken.
            var first = Math.Max(0, (int)Math.Max(0, (grid.North - bounds.MaxY) / grid.CellHeight) / bandHeight - 1);
            last = Math.Min(last, (int)Math.Min(grid.Height, (grid.North - bounds.MinY) / grid.CellHeight) / bandHeight + 1);
            for (var i = 0; i < shifts.Length; i++)
            {
                if (bounds.MaxX + shifts[i] > grid.West && bounds.MinX + shifts[i] < grid.East) parts.Add(new ZonePart(zone, frames[i], first, last, bounds.MaxX + shifts[i] >= grid.East));
            }
        }
        return [.. parts];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Visit<TVisitor>(ZonePolygons zones, ZonePart part, Grid grid, int bandHeight, TVisitor visitor) where TVisitor : struct, IEdgeVisitor
    {
        var (xs, ys, frame) = (zones.X, zones.Y, part.Frame);
        for (var ring = zones.ZoneRings[part.Zone]; ring < zones.ZoneRings[part.Zone + 1]; ring++)
        {
            var (start, end) = (zones.RingStarts[ring], zones.RingStarts[ring + 1]);
            var (x0, y0) = (frame.Column(xs[start]), frame.Row(ys[start]));
            // Most edges lie in the band of the one before, which saves two divisions.
            var (band, top, bottom) = (-1, 0.0, -1.0);
            for (var i = start; i + 1 < end; i++)
            {
                var (x1, y1) = (frame.Column(xs[i + 1]), frame.Row(ys[i + 1]));
                var (low, high) = y0 < y1 ? (y0, y1) : (y1, y0);
                if (low < high && high > 0 && low < grid.Height && (x0 < grid.Width || x1 < grid.Width))
                {
                    if (low >= top && high <= bottom)
                    {
                        visitor.Meet(band, i);
                    }
                    else
                    {
                        var first = GridFrame.Whole(low > 0 ? low : 0) / bandHeight;
                        var last = (GridFrame.Whole(Math.Ceiling(high < grid.Height ? high : grid.Height)) - 1) / bandHeight;
                        for (band = first; band < last; band++) visitor.Meet(band, i);
                        visitor.Meet(band, i);
                        (top, bottom) = (band * bandHeight, (band + 1) * bandHeight);
                    }
                }
                (x0, y0) = (x1, y1);
            }
        }
    }

    private interface IEdgeVisitor
    {
        void Meet(int band, int edge);
    }

    private readonly struct Counter(int[] counts) : IEdgeVisitor
    {
        public void Meet(int band, int edge) => counts[band + 1]++;
    }

    private readonly struct Filler(int[] edges, int[] next) : IEdgeVisitor
    {
        public void Meet(int band, int edge) => edges[next[band]++] = edge;
    }
}
