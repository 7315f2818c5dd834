using System.Runtime.CompilerServices;
using GeoHarm.Spatial.Rasters;

namespace GeoHarm.Spatial.Zonal;

/// <summary>What one band says of the zones it meets, in order of first meeting.</summary>
internal sealed record BandResult<TTally>(IReadOnlyList<ZoneTally<TTally>> Tallies, IReadOnlyList<WindingFault> Faults, long CellsRead);

/// <summary>One zone's tally.</summary>
internal sealed record ZoneTally<TTally>(int Zone, TTally Tally);

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
    private readonly ZoneTally<TTally>?[] tallies = new ZoneTally<TTally>?[zones.Count];
    private readonly List<ZoneTally<TTally>> ordered = [];
    private readonly List<WindingFault> faults = [];
    private readonly TileDeal deal = new(zones, bandEdges, plan.TileWidth, source.Grid.Width);
    private List<int> open = [];
    private List<int> stillOpen = [];
    private double[]?[] carries = [];
    private RasterWindow held;
    private int endColumn;
    private long cellsRead;

    internal BandResult<TTally> Run(int band)
    {
        foreach (var tally in ordered) tallies[tally.Zone] = null;
        ordered.Clear();
        faults.Clear();
        (held, cellsRead) = (default, 0);
        var runs = bandEdges.Of(band);
        if (runs.Length == 0) return new BandResult<TTally>([], [], 0);
        var firstRow = band * plan.BandHeight;
        var rows = Math.Min(plan.BandHeight, grid.Height - firstRow);
        kernel.Begin(firstRow, rows);
        deal.Place(runs);
        endColumn = EndColumn(runs);
        if (carries.Length < runs.Length) carries = new double[]?[runs.Length];
        for (var t = 0; t < tileCount; t++)
        {
            var edgesHere = deal.Of(t);
            if (edgesHere.Length == 0 && open.Count == 0) continue;
            var column = t * plan.TileWidth;
            tile.Place(column, firstRow, Math.Min(plan.TileWidth, grid.Width - column), rows);
            Hold(column, firstRow, rows);
            Visit(column, runs, edgesHere);
        }
        foreach (var run in open) Release(run);
        open.Clear();
        return new BandResult<TTally>(ordered.ToArray(), faults.ToArray(), cellsRead);
    }

    /// <summary>Where the last zone ends: of a strip of one row, what lies east of it need not be decoded.</summary>
    private int EndColumn(ReadOnlySpan<EdgeRun> runs)
    {
        if (source.BlockHeight > 1 || plan.ReadWidth < grid.Width) return grid.Width;
        foreach (var run in runs)
        {
            if (bandEdges.Parts[run.Part].LeavesEast) return grid.Width;
        }
        return Math.Min(grid.Width, (deal.LastTile + 1) * plan.TileWidth);
    }

    /// <summary>Visits the zones that have edges in the tile or are open at its western border, in order.</summary>
    private void Visit(int column, ReadOnlySpan<EdgeRun> runs, ReadOnlySpan<EdgeRun> edgesHere)
    {
        stillOpen.Clear();
        var (o, e) = (0, 0);
        while (o < open.Count || e < edgesHere.Length)
        {
            var run = Math.Min(o < open.Count ? open[o] : int.MaxValue, e < edgesHere.Length ? edgesHere[e].Part : int.MaxValue);
            var wasOpen = o < open.Count && open[o] == run;
            var part = bandEdges.Parts[runs[run].Part];
            var carry = carries[run] ??= spareCarries.TryPop(out var spare) ? spare : new double[plan.BandHeight];
            if (wasOpen) o++;
            if (e < edgesHere.Length && edgesHere[e].Part == run)
            {
                tile.Add(deal.Edges(edgesHere[e]), zones.X, zones.Y, part.Frame, carry);
                e++;
            }
            var sink = kernel.Sink(column - held.Column, TallyOf(part.Zone));
            if (tile.Sweep(ref sink, carry, wasOpen, out var fault)) stillOpen.Add(run);
            else Release(run);
            if (fault is not null) faults.Add(fault with { Zone = part.Zone });
        }
        (open, stillOpen) = (stillOpen, open);
    }

    private TTally TallyOf(int zone)
    {
        if (tallies[zone] is { } tally) return tally.Tally;
        ordered.Add(tallies[zone] = new ZoneTally<TTally>(zone, kernel.NewTally()));
        return tallies[zone]!.Tally;
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
        var window = new RasterWindow(start, firstRow, Math.Min(plan.ReadWidth, endColumn - start), rows);
        if (held == window) return;
        kernel.Read(window);
        held = window;
        cellsRead += window.CellCount;
    }
}
