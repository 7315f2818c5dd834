using GeoHarm.Routing.Paths;

namespace GeoHarm.Routing.Grids;

/// <summary>One tile of a raster on loan: friction to read, cost and back-link to read and write, in row order.</summary>
public ref struct SurfaceTile
{
    /// <summary>Friction.</summary>
    public ReadOnlySpan<float> Friction { get; set; }

    /// <summary>Cost; its contents matter from the second loan on.</summary>
    public Span<double> Cost { get; set; }

    /// <summary>Back-links, or empty.</summary>
    public Span<byte> BackLink { get; set; }
}

/// <summary>Lends the tiles of a raster that is larger than memory; implemented by whoever owns it. One tile is on loan at a time.</summary>
public interface ITileLender
{
    /// <summary>Rows and columns of the raster.</summary>
    (int Rows, int Columns) Size { get; }

    /// <summary>Rows and columns of a tile; those at the right and bottom edges may be smaller.</summary>
    (int Rows, int Columns) TileSize { get; }

    /// <summary>Lends a tile.</summary>
    void Lend(int tileRow, int tileColumn, out SurfaceTile tile);

    /// <summary>Takes it back.</summary>
    void TakeBack(int tileRow, int tileColumn);
}

/// <summary>
/// Accumulated least cost tile by tile, for rasters larger than memory: the tile with the least waiting cost is settled as far as it
/// goes by itself, and what crosses its edges waits at the neighbours (label correcting, so costs are those of
/// <see cref="CostSurface"/> bit by bit). 8 neighbours. Memory: one tile, and 24 bytes for each waiting crossing.
/// Cost: each tile is settled again whenever a cheaper way enters it later, on real terrain two to four times.
/// </summary>
public static class TiledSurface
{
    /// <summary>
    /// Fills the costs of all tiles. <paramref name="sources"/> are (row, column). Returns the number of loans.
    /// <paramref name="meanFriction"/> sets the width of the queue's buckets (any value above 0 gives the same costs).
    /// </summary>
    public static long Accumulate<TLender>(ref TLender lender, ReadOnlySpan<(int Row, int Column)> sources, SurfaceOptions options, double meanFriction)
        where TLender : struct, ITileLender
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        if (options.Neighbours != 8) throw new ArgumentException("tiles take 8 neighbours", nameof(options));
        var walk = new Walk(lender.Size, lender.TileSize, options, meanFriction);
        foreach (var (row, column) in sources) walk.Add(row, column, 0, 0, SurfaceSteps.None);
        long loans = 0;
        while (walk.NextTile(out var tileRow, out var tileColumn))
        {
            lender.Lend(tileRow, tileColumn, out var tile);
            walk.Settle(tileRow, tileColumn, ref tile);
            lender.TakeBack(tileRow, tileColumn);
            loans++;
        }
        // Tiles that nothing entered still hold what they held: they are lent once, to be filled.
        foreach (var (tileRow, tileColumn) in walk.Untouched())
        {
            lender.Lend(tileRow, tileColumn, out var tile);
            walk.Clear(ref tile);
            lender.TakeBack(tileRow, tileColumn);
            loans++;
        }
        return loans;
    }

    private sealed class Walk
    {
        private readonly (int Rows, int Columns) size, tileSize;
        private readonly int tileColumns;
        private readonly List<Crossing>?[] waiting;
        private readonly double[] least;
        private readonly bool[] isTouched;
        private readonly PriorityQueue<int, double> tiles = new();
        private readonly BucketQueue<double> queue;
        private readonly SurfaceOptions options;
        private readonly double[] halves = new double[16];

        public Walk((int Rows, int Columns) size, (int Rows, int Columns) tileSize, SurfaceOptions options, double meanFriction)
        {
            (this.size, this.tileSize, this.options) = (size, tileSize, options);
            var tileRows = (size.Rows + tileSize.Rows - 1) / tileSize.Rows;
            tileColumns = (size.Columns + tileSize.Columns - 1) / tileSize.Columns;
            waiting = new List<Crossing>?[tileRows * tileColumns];
            least = new double[waiting.Length];
            Array.Fill(least, double.PositiveInfinity);
            isTouched = new bool[waiting.Length];
            var width = meanFriction * Math.Min(options.CellWidth, options.CellHeight) / 4;
            queue = new BucketQueue<double>(width > 0 && double.IsFinite(width) ? width : 1, 2048 * width);
            SurfaceSteps.HalfLengths(options, halves);
        }

        private readonly record struct Crossing(double Cost, double Half, int Row, int Column, byte Step);

        public void Add(int row, int column, double cost, double half, byte step)
        {
            if ((uint)row >= (uint)size.Rows || (uint)column >= (uint)size.Columns) return;
            var tile = row / tileSize.Rows * tileColumns + column / tileSize.Columns;
            (waiting[tile] ??= []).Add(new Crossing(cost, half, row, column, step));
            if (cost >= least[tile]) return;
            least[tile] = cost;
            tiles.Enqueue(tile, cost);
        }

        public bool NextTile(out int tileRow, out int tileColumn)
        {
            while (tiles.TryDequeue(out var tile, out var cost))
            {
                if (cost != least[tile] || waiting[tile] is null) continue; // replaced by a cheaper crossing
                (tileRow, tileColumn) = (tile / tileColumns, tile % tileColumns);
                return true;
            }
            (tileRow, tileColumn) = (-1, -1);
            return false;
        }

        public IEnumerable<(int Row, int Column)> Untouched()
        {
            for (var tile = 0; tile < isTouched.Length; tile++)
                if (!isTouched[tile]) yield return (tile / tileColumns, tile % tileColumns);
        }

        public void Clear(ref SurfaceTile tile)
        {
            for (var i = 0; i < tile.Cost.Length; i++)
                tile.Cost[i] = CostSurface.IsBarrier(tile.Friction[i], options.NoData) ? double.NaN : double.PositiveInfinity;
            tile.BackLink.Fill(SurfaceSteps.None);
        }

        public void Settle(int tileRow, int tileColumn, ref SurfaceTile tile)
        {
            var index = tileRow * tileColumns + tileColumn;
            if (!isTouched[index]) Clear(ref tile);
            isTouched[index] = true;
            int top = tileRow * tileSize.Rows, left = tileColumn * tileSize.Columns;
            int rows = Math.Min(tileSize.Rows, size.Rows - top), columns = Math.Min(tileSize.Columns, size.Columns - left);
            var entered = waiting[index]!;
            waiting[index] = null;
            queue.Reset(least[index]);
            least[index] = double.PositiveInfinity;
            foreach (var c in entered)
            {
                var at = (c.Row - top) * columns + c.Column - left;
                Enter(ref tile, at, c.Cost + tile.Friction[at] * c.Half, c.Step);
            }
            while (queue.TryPop(out var entry))
            {
                if (entry.Label > tile.Cost[entry.Item]) continue;
                int row = entry.Item / columns, column = entry.Item % columns;
                double here = tile.Friction[entry.Item];
                for (byte k = 0; k < 8; k++)
                {
                    int r = row + SurfaceSteps.Rows[k], c = column + SurfaceSteps.Columns[k];
                    var cost = entry.Label + here * halves[k];
                    if ((uint)r < (uint)rows && (uint)c < (uint)columns)
                    {
                        var to = r * columns + c;
                        Enter(ref tile, to, cost + tile.Friction[to] * halves[k], k);
                    }
                    else if (cost <= options.MaxCost) Add(top + r, left + c, cost, halves[k], k);
                }
            }
        }

        private void Enter(ref SurfaceTile tile, int to, double cost, byte step)
        {
            if (!(cost < tile.Cost[to]) || cost > options.MaxCost) return;
            tile.Cost[to] = cost;
            if (!tile.BackLink.IsEmpty) tile.BackLink[to] = step;
            queue.Push(cost, to);
        }
    }
}
