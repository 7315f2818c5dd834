using System.Runtime.CompilerServices;
using GeoHarm.Spatial.Rasters;

namespace GeoHarm.Spatial.Zonal;

/// <summary>What one band says of the zones it meets, in order of first meeting.</summary>
internal sealed record BandResult<TTally>(IReadOnlyList<(int Zone, TTally Tally)> Tallies, IReadOnlyList<(int Zone, WindingFault Fault)> Faults, long CellsRead);

/// <summary>
/// One thread's pass over a band: edges are dealt out to the tiles they cross, tiles are visited from west to east, and
/// each zone carries the open rows from tile to tile. Memory: one window, one tile, and the open zones' carries.
/// </summary>
internal sealed class BandSweep<TTally, TSink>(IRasterSource source, ZonePolygons zones, BandEdges bandEdges, ZonalPlan plan, IZonalKernel<TTally, TSink> kernel)
    where TTally : class
    where TSink : struct, ICoverageSink
{
    private readonly Grid grid = source.Grid;
    private readonly CoverageTile tile = new(plan.TileWidth, plan.BandHeight);
    private readonly int tileCount = (source.Grid.Width + plan.TileWidth - 1) / plan.TileWidth;
    private readonly Stack<double[]> spareCarries = new();
    private readonly Dictionary<int, TTally> tallies = [];
    private readonly List<(int Zone, TTally Tally)> ordered = [];
    private readonly List<(int Zone, WindingFault Fault)> faults = [];
    private List<int> open = [];
    private List<int> stillOpen = [];
    private int[] firstTile = [];
    private int[] lastTile = [];
    private int[] dealt = [];
    private double[]?[] carries = [];
    private RasterWindow held;
    private long cellsRead;

    internal BandResult<TTally> Run(int band)
    {
        tallies.Clear();
        ordered.Clear();
        faults.Clear();
        (held, cellsRead) = (default, 0);
        var runs = bandEdges.Of(band);
        if (runs.Count == 0) return new BandResult<TTally>([], [], 0);
        var firstRow = band * plan.BandHeight;
        var rows = Math.Min(plan.BandHeight, grid.Height - firstRow);
        kernel.Begin(firstRow, rows);
        var tileRuns = Deal(runs);
        if (carries.Length < runs.Count) carries = new double[]?[runs.Count];
        for (var t = 0; t < tileCount; t++)
        {
            if (tileRuns[t].Count == 0 && open.Count == 0) continue;
            var column = t * plan.TileWidth;
            tile.Place(column, firstRow, Math.Min(plan.TileWidth, grid.Width - column), rows);
            Hold(column, firstRow, rows);
            Visit(column, runs, tileRuns[t]);
        }
        foreach (var run in open) Release(run);
        open.Clear();
        return new BandResult<TTally>(ordered.ToArray(), faults.ToArray(), cellsRead);
    }

    /// <summary>Sorts the band's edges by the tiles they cross, keeping the order of zones within a tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private List<EdgeRun>[] Deal(IReadOnlyList<EdgeRun> runs)
    {
        var total = runs[^1].From + runs[^1].Count - runs[0].From;
        if (firstTile.Length < total) (firstTile, lastTile) = (new int[total], new int[total]);
        var starts = new int[tileCount + 1];
        var at = 0;
        foreach (var run in runs)
        {
            FindTiles(bandEdges.Edges.AsSpan(run.From, run.Count), bandEdges.Parts[run.Part].Frame, at);
            for (var i = 0; i < run.Count; i++, at++)
            {
                for (var t = firstTile[at]; t <= lastTile[at]; t++) starts[t + 1]++;
            }
        }
        for (var t = 0; t < tileCount; t++) starts[t + 1] += starts[t];
        if (dealt.Length < starts[tileCount]) dealt = new int[starts[tileCount]];
        var result = new List<EdgeRun>[tileCount];
        for (var t = 0; t < tileCount; t++) result[t] = [];
        var before = (int[])starts.Clone();
        at = 0;
        for (var r = 0; r < runs.Count; r++)
        {
            var (low, high) = (tileCount, -1);
            foreach (var edge in bandEdges.Edges.AsSpan(runs[r].From, runs[r].Count))
            {
                (low, high) = (Math.Min(low, firstTile[at]), Math.Max(high, lastTile[at]));
                for (var t = firstTile[at]; t <= lastTile[at]; t++) dealt[starts[t]++] = edge;
                at++;
            }
            for (var t = low; t <= high; t++)
            {
                if (starts[t] > before[t]) result[t].Add(new EdgeRun(r, before[t], starts[t] - before[t]));
                before[t] = starts[t];
            }
        }
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FindTiles(ReadOnlySpan<int> edges, in GridFrame frame, int at)
    {
        var (xs, first, last) = (zones.X, firstTile, lastTile);
        double width = plan.TileWidth, end = grid.Width - 1;
        foreach (var edge in edges)
        {
            var (x0, x1) = (frame.Column(xs[edge]), frame.Column(xs[edge + 1]));
            if (x0 > x1) (x0, x1) = (x1, x0);
            // Whole columns over a whole width: the quotient's floor is that of integer division.
            first[at] = GridFrame.Whole(Math.Floor(x0 > 0 ? x0 : 0) / width);
            last[at] = GridFrame.Whole(Math.Floor(GridFrame.Within(x1, 0, end)) / width);
            at++;
        }
    }

    /// <summary>Visits the zones that have edges in the tile or are open at its western border, in order.</summary>
    private void Visit(int column, IReadOnlyList<EdgeRun> runs, List<EdgeRun> edgesHere)
    {
        stillOpen.Clear();
        var (o, e) = (0, 0);
        while (o < open.Count || e < edgesHere.Count)
        {
            var run = Math.Min(o < open.Count ? open[o] : int.MaxValue, e < edgesHere.Count ? edgesHere[e].Part : int.MaxValue);
            var wasOpen = o < open.Count && open[o] == run;
            var part = bandEdges.Parts[runs[run].Part];
            var carry = carries[run] ??= spareCarries.TryPop(out var spare) ? spare : new double[plan.BandHeight];
            if (wasOpen) o++;
            if (e < edgesHere.Count && edgesHere[e].Part == run)
            {
                tile.Add(dealt.AsSpan(edgesHere[e].From, edgesHere[e].Count), zones.X, zones.Y, part.Frame, carry);
                e++;
            }
            var sink = kernel.Sink(column - held.Column, TallyOf(part.Zone));
            var fault = default(WindingFault);
            if (tile.Sweep(ref sink, carry, wasOpen, ref fault)) stillOpen.Add(run);
            else Release(run);
            if (fault.Found) faults.Add((part.Zone, fault));
        }
        (open, stillOpen) = (stillOpen, open);
    }

    private TTally TallyOf(int zone)
    {
        if (tallies.TryGetValue(zone, out var tally)) return tally;
        tally = kernel.NewTally();
        tallies.Add(zone, tally);
        ordered.Add((zone, tally));
        return tally;
    }

    private void Release(int run)
    {
        var carry = carries[run]!;
        Array.Clear(carry);
        spareCarries.Push(carry);
        carries[run] = null;
    }

    private void Hold(int column, int firstRow, int rows)
    {
        var start = column / plan.ReadWidth * plan.ReadWidth;
        var window = new RasterWindow(start, firstRow, Math.Min(plan.ReadWidth, grid.Width - start), rows);
        if (held == window) return;
        kernel.Read(window);
        held = window;
        cellsRead += window.CellCount;
    }
}
