using System.Runtime.CompilerServices;

namespace GeoHarm.Spatial.Zonal;

/// <summary>
/// The edges of one band sorted by the tiles they cross (counting sort, stable, so that the order of zones within a tile is
/// kept). Its rooms are used again from band to band.
/// </summary>
internal sealed class TileDeal(ZonePolygons zones, BandEdges bandEdges, int tileWidth, int gridWidth)
{
    private readonly int tileCount = (gridWidth + tileWidth - 1) / tileWidth;
    private readonly int[] starts = new int[(gridWidth + tileWidth - 1) / tileWidth + 1];
    private readonly int[] runStarts = new int[(gridWidth + tileWidth - 1) / tileWidth + 1];
    private readonly int[] next = new int[(gridWidth + tileWidth - 1) / tileWidth];
    private readonly int[] nextRun = new int[(gridWidth + tileWidth - 1) / tileWidth];
    private int[] firstTile = [];
    private int[] lastTile = [];
    private int[] dealt = [];
    private EdgeRun[] runsOfTiles = [];

    /// <summary>Last tile that any edge meets; -1 without edges.</summary>
    internal int LastTile { get; private set; }

    /// <summary>Runs of edges in a tile; <see cref="EdgeRun.Part"/> is the place of the zone among the band's runs.</summary>
    internal ReadOnlySpan<EdgeRun> Of(int tile) => runsOfTiles.AsSpan(runStarts[tile], nextRun[tile] - runStarts[tile]);

    /// <summary>The edges of a run.</summary>
    internal ReadOnlySpan<int> Edges(in EdgeRun run) => dealt.AsSpan(run.From, run.Count);

    /// <summary>Deals out a band's edges.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Place(ReadOnlySpan<EdgeRun> runs)
    {
        Array.Clear(starts);
        Array.Clear(runStarts);
        var total = runs[^1].From + runs[^1].Count - runs[0].From;
        if (firstTile.Length < total) (firstTile, lastTile) = (new int[total + total / 2], new int[total + total / 2]);
        var at = 0;
        LastTile = -1;
        foreach (var run in runs)
        {
            FindTiles(bandEdges.Edges.AsSpan(run.From, run.Count), bandEdges.Parts[run.Part].Frame, at);
            var (low, high) = (tileCount, -1);
            for (var i = 0; i < run.Count; i++, at++)
            {
                var (first, last) = (firstTile[at], lastTile[at]);
                if (first < low) low = first;
                if (last > high) high = last;
                for (var t = first; t <= last; t++) starts[t + 1]++;
            }
            for (var t = low; t <= high; t++) runStarts[t + 1]++;
            LastTile = Math.Max(LastTile, high);
        }
        for (var t = 0; t < tileCount; t++)
        {
            (next[t], nextRun[t]) = (starts[t], runStarts[t]);
            starts[t + 1] += starts[t];
            runStarts[t + 1] += runStarts[t];
        }
        if (dealt.Length < starts[tileCount]) dealt = new int[starts[tileCount] * 3 / 2];
        if (runsOfTiles.Length < runStarts[tileCount]) runsOfTiles = new EdgeRun[runStarts[tileCount] * 3 / 2];
        at = 0;
        for (var r = 0; r < runs.Length; r++)
        {
            var (low, high) = (tileCount, -1);
            foreach (var edge in bandEdges.Edges.AsSpan(runs[r].From, runs[r].Count))
            {
                var (first, last) = (firstTile[at], lastTile[at]);
                if (first < low) low = first;
                if (last > high) high = last;
                for (var t = first; t <= last; t++) dealt[next[t]++] = edge;
                at++;
            }
            for (var t = low; t <= high; t++)
            {
                if (next[t] > starts[t]) runsOfTiles[nextRun[t]++] = new EdgeRun(r, starts[t], next[t] - starts[t]);
                starts[t] = next[t];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FindTiles(ReadOnlySpan<int> edges, in GridFrame frame, int at)
    {
        var (xs, first, last) = (zones.X, firstTile, lastTile);
        double width = tileWidth, end = gridWidth - 1;
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
}
