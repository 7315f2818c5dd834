using GeoHarm.Spatial.Layers;

namespace GeoHarm.Spatial.Rasters;

/// <summary>One patch of connected cells of the same value.</summary>
/// <param name="Value">The value.</param>
/// <param name="Cells">Number of cells.</param>
/// <param name="SquareMetres">Area.</param>
/// <param name="Column">Mean column of the cells' centres.</param>
/// <param name="Row">Mean row of the cells' centres.</param>
/// <param name="UprightSides">Sides of cells on the outline that run north to south, the raster's edge included.</param>
/// <param name="LevelSides">Sides that run east to west.</param>
/// <param name="EarlierSides">Sides shared with cells of a smaller value other than background: where values are years,
/// the part of the outline along which something was lost before.</param>
public readonly record struct Patch(byte Value, long Cells, double SquareMetres, double Column, double Row, long UprightSides = 0, long LevelSides = 0, long EarlierSides = 0);

/// <summary>How patches are formed.</summary>
/// <param name="Diagonals">Whether cells that meet at a corner belong together; default true (eight neighbours), as
/// patch metrics of landscape ecology do (McGarigal, FRAGSTATS).</param>
/// <param name="Background">Value that forms no patch; default 0, no loss. The raster's no-data value forms none either.</param>
public sealed record PatchOptions(bool Diagonals = true, byte Background = 0);

/// <summary>
/// Connected components of a byte raster, value by value, in one pass of rows with memory for one window and the patches
/// still open: runs of equal cells are joined with the runs above by union-find (Rosenfeld and Pfaltz 1966,
/// doi 10.1145/321356.321357, on runs; union by smaller label with path halving), and a patch is given out as soon as no
/// run of the current row belongs to it. Cost: O(cells + runs). Patches come in order of their last row; within a row in
/// order of opening.
/// </summary>
public static class PatchScan
{
    // Rows read at once: as many as a block has, at most this many cells (32 MiB).
    private const int MostWindowCells = 32 << 20;

    /// <summary>Gives every patch to <paramref name="receive"/>.</summary>
    public static void Run(IRasterSource source, CellAreas areas, PatchOptions options, Action<Patch> receive, CancellationToken cancellation = default)
    {
        if (source.CellType != CellType.UInt8)
        {
            throw new InvalidInputException([new Fault(FaultSeverity.Error, "GH3104", source.Name, "", $"its cells are {source.CellType}; patches are sought in bytes", "convert it: gdal_translate -ot Byte")]);
        }
        var grid = source.Grid;
        var rows = (int)Math.Clamp((long)MostWindowCells / grid.Width / source.BlockHeight * source.BlockHeight, 1, Math.Max(source.BlockHeight, 64));
        var cells = new byte[checked(Math.Min(rows, grid.Height) * grid.Width)];
        var scan = new Scan(options, source.NoData, receive);
        using var reader = source.OpenReader();
        for (var row = 0; row < grid.Height; row += rows)
        {
            cancellation.ThrowIfCancellationRequested();
            var height = Math.Min(rows, grid.Height - row);
            reader.Read(new RasterWindow(0, row, grid.Width, height), cells.AsSpan(0, height * grid.Width));
            for (var r = 0; r < height; r++) scan.Add(row + r, cells.AsSpan(r * grid.Width, grid.Width), areas.SquareMetres(row + r));
        }
        scan.Finish();
    }

    private struct Cluster
    {
        internal int Parent;
        internal int LastRow;
        internal byte Value;
        internal long Cells;
        internal double SquareMetres;
        internal double ColumnSum;
        internal double RowSum;
        internal long Runs;
        internal long Inner;
        internal long EarlierSides;
    }

    private readonly record struct Stretch(int Start, int End, int Label, byte Value);

    private sealed class Scan(PatchOptions options, double? noData, Action<Patch> receive)
    {
        private readonly int reach = options.Diagonals ? 1 : 0;
        private readonly Stack<int> free = new();
        private readonly List<int> open = [];
        private Cluster[] clusters = new Cluster[1024];
        private int used;
        private List<Stretch> above = [];
        private List<Stretch> here = [];

        internal void Add(int row, ReadOnlySpan<byte> line, double cellSquareMetres)
        {
            here.Clear();
            var next = 0;
            for (var at = 0; at < line.Length;)
            {
                var skip = line[at..].IndexOfAnyExcept(options.Background);
                if (skip < 0) break;
                var start = at + skip;
                var value = line[start];
                var length = line[start..].IndexOfAnyExcept(value);
                at = length < 0 ? line.Length : start + length;
                if (value == noData) continue;
                var label = -1;
                long inner = 0, earlier = 0;
                while (next < above.Count && above[next].End + reach <= start) next++;
                for (var i = next; i < above.Count && above[i].Start < at + reach; i++)
                {
                    var shared = Math.Max(0, Math.Min(at, above[i].End) - Math.Max(start, above[i].Start));
                    if (above[i].Value < value) earlier += shared;
                    else if (above[i].Value > value) clusters[Find(above[i].Label)].EarlierSides += shared;
                    if (above[i].Value != value) continue;
                    inner += shared;
                    var root = Find(above[i].Label);
                    label = label < 0 ? root : Join(label, root);
                }
                if (label < 0) label = Open(value);
                // A run beside the one before it: the later of the two has the earlier at one side.
                if (here.Count > 0 && here[^1].End == start)
                {
                    if (here[^1].Value < value) earlier++;
                    else clusters[Find(here[^1].Label)].EarlierSides++;
                }
                ref var cluster = ref clusters[label];
                var count = at - start;
                cluster.Runs++;
                cluster.Inner += inner;
                cluster.EarlierSides += earlier;
                cluster.LastRow = row;
                cluster.Cells += count;
                cluster.SquareMetres += count * cellSquareMetres;
                cluster.ColumnSum += (start + at) * 0.5 * count;
                cluster.RowSum += (row + 0.5) * count;
                here.Add(new Stretch(start, at, label, value));
            }
            (above, here) = (here, above);
            for (var i = 0; i < above.Count; i++) above[i] = above[i] with { Label = Find(above[i].Label) };
            Close(row);
        }

        internal void Finish() => Close(int.MaxValue);

        /// <summary>Gives out patches without a cell in the row and frees labels that were joined into others.</summary>
        private void Close(int row)
        {
            var kept = 0;
            for (var i = 0; i < open.Count; i++)
            {
                var label = open[i];
                ref var cluster = ref clusters[label];
                if (cluster.Parent == label && cluster.LastRow == row)
                {
                    open[kept++] = label;
                    continue;
                }
                if (cluster.Parent == label)
                {
                    receive(new Patch(
                        cluster.Value, cluster.Cells, cluster.SquareMetres, cluster.ColumnSum / cluster.Cells, cluster.RowSum / cluster.Cells,
                        2 * cluster.Runs, 2 * (cluster.Cells - cluster.Inner), cluster.EarlierSides));
                }
                free.Push(label);
            }
            open.RemoveRange(kept, open.Count - kept);
        }

        private int Open(byte value)
        {
            if (!free.TryPop(out var label))
            {
                if (used == clusters.Length) Array.Resize(ref clusters, used * 2);
                label = used++;
            }
            clusters[label] = new Cluster { Parent = label, Value = value };
            open.Add(label);
            return label;
        }

        private int Find(int label)
        {
            while (clusters[label].Parent != label)
            {
                clusters[label].Parent = clusters[clusters[label].Parent].Parent;
                label = clusters[label].Parent;
            }
            return label;
        }

        private int Join(int left, int right)
        {
            if (left == right) return left;
            ref var into = ref clusters[left];
            ref var from = ref clusters[right];
            into.LastRow = Math.Max(into.LastRow, from.LastRow);
            into.Cells += from.Cells;
            into.SquareMetres += from.SquareMetres;
            into.ColumnSum += from.ColumnSum;
            into.RowSum += from.RowSum;
            into.Runs += from.Runs;
            into.Inner += from.Inner;
            into.EarlierSides += from.EarlierSides;
            from.Parent = left;
            return left;
        }
    }
}
