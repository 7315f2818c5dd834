using System.Numerics;
using System.Runtime.InteropServices;
using GeoHarm.Spatial.Rasters;

namespace GeoHarm.Engine.Deforestation;

/// <summary>Years of coca that count for a loss: from the loss's year plus <paramref name="From"/> to plus <paramref name="To"/>.</summary>
/// <param name="From">First, such as -1 for the year before.</param>
/// <param name="To">Last, such as 1 for the year after: felling precedes the crop that is seen.</param>
public readonly record struct YearWindow(int From, int To)
{
    /// <summary>Bits of the years of coca that count for a loss in the year.</summary>
    public uint BitsOf(int lossYear)
    {
        var bits = 0u;
        for (var y = Math.Max(LossTiles.Epoch, lossYear + From); y <= Math.Min(CultivationCells.LastYear, lossYear + To); y++) bits |= 1u << (y - LossTiles.Epoch);
        return bits;
    }
}

/// <summary>
/// A loss raster in which every lost cell says its year and how near coca was: in a coca cell (class 0), within each of
/// the distances (1, 2, ...), or beyond (the last class), coca counting only in the window of the loss's year. Value 0 is
/// no loss in the years asked for, value 1 + (year - first) x classes + class the others. Zonal statistics of it give
/// every rule in one pass.
/// <para>Distance: between centres of cells, sqrt((columns x width)^2 + (rows x height)^2) with the cell sides in metres at
/// the row of the lost cell. A loss is within d of a chain of coca cells where, in its own row, it lies in one stretch:
/// the union over the chain's rows of its stretches widened by the half-chord of the circle of d. So a chain costs a
/// stretch of bit-ORs a row, all years at once, and memory is one row of bits a distance: nothing beyond the largest
/// distance is looked at. Exact against all pairs of cells.</para>
/// </summary>
public sealed class AttributedLoss : IRasterSource
{
    private const int BlockRows = 64; // chains are found by blocks of rows this high
    private readonly IRasterSource loss;
    private readonly CultivationCells cells;
    private readonly CellMetres metres;
    private readonly double[] distances;
    private readonly uint[] windowBits = new uint[256];
    private readonly List<int>[] chainsOfBlock;
    private readonly int first, last;

    /// <summary>Makes the raster.</summary>
    /// <param name="loss">Years of loss (0 none, n = 2000 + n).</param>
    /// <param name="cells">Coca on the same cells.</param>
    /// <param name="metres">Sides of the cells.</param>
    /// <param name="distances">Distances in metres, rising, above 0.</param>
    /// <param name="window">Years of coca that count.</param>
    /// <param name="firstYear">First year of loss.</param>
    /// <param name="lastYear">Last year of loss; years x classes fit in 254.</param>
    public AttributedLoss(IRasterSource loss, CultivationCells cells, CellMetres metres, IReadOnlyList<double> distances, YearWindow window, int firstYear, int lastYear)
    {
        if (!loss.Grid.IsSameAs(cells.Grid)) throw new ArgumentException("Coca lies on the cells of the loss raster.", nameof(cells));
        if (distances.Any(d => !(d > 0)) || distances.Zip(distances.Skip(1)).Any(p => p.First >= p.Second)) throw new ArgumentException("Distances are above 0 and rise.", nameof(distances));
        Classes = distances.Count + 2;
        if ((lastYear - firstYear + 1) * Classes > MostCodes) throw new ArgumentException($"{lastYear - firstYear + 1} years x {Classes} classes are more than {MostCodes} values.", nameof(distances));
        (this.loss, this.cells, this.metres, this.distances, first, last) = (loss, cells, metres, [0, .. distances], firstYear, lastYear);
        for (var year = firstYear; year <= lastYear; year++) windowBits[year - LossTiles.Epoch] = window.BitsOf(year);
        chainsOfBlock = Blocks();
    }

    /// <summary>Most values that years and classes may make up.</summary>
    public const int MostCodes = 254;

    /// <summary>Classes: in a coca cell, within each distance, beyond.</summary>
    public int Classes { get; }

    /// <inheritdoc/>
    public string Name => loss.Name;

    /// <inheritdoc/>
    public Grid Grid => loss.Grid;

    /// <inheritdoc/>
    public CellType CellType => CellType.UInt8;

    /// <inheritdoc/>
    public double? NoData => byte.MaxValue;

    /// <inheritdoc/>
    public int BlockWidth => loss.BlockWidth;

    /// <inheritdoc/>
    public int BlockHeight => loss.BlockHeight;

    /// <inheritdoc/>
    public IRasterReader OpenReader() => new Reader(this);

    /// <summary>Year and class of a value that is not 0.</summary>
    public (int Year, int Class) Decode(int value) => (first + (value - 1) / Classes, (value - 1) % Classes);

    private List<int>[] Blocks()
    {
        var blocks = new List<int>[(Grid.Height + BlockRows - 1) / BlockRows];
        for (var b = 0; b < blocks.Length; b++) blocks[b] = [];
        for (var c = 0; c < cells.Chains.Length; c++)
        {
            var chain = cells.Chains[c];
            // Heights of cells change by less than a hundredth over any distance of interest.
            var reach = (int)(distances[^1] / metres.Of(chain.Row).Height * 1.02) + 2;
            for (var b = Math.Max(0, chain.Row - reach) / BlockRows; b <= Math.Min(Grid.Height - 1, chain.Row + chain.Count + reach) / BlockRows; b++) blocks[b].Add(c);
        }
        return blocks;
    }

    private sealed class Reader(AttributedLoss raster) : IRasterReader
    {
        private readonly IRasterReader loss = raster.loss.OpenReader();
        private readonly uint[][] masks = [.. raster.distances.Select(_ => Array.Empty<uint>())];
        private readonly int[][] halves = [.. raster.distances.Select(_ => Array.Empty<int>())];
        private readonly bool[] painted = new bool[raster.distances.Length];

        public void Read(RasterWindow window, Span<byte> values)
        {
            loss.Read(window, values);
            for (var k = 0; k < masks.Length; k++)
            {
                if (masks[k].Length < window.Width) masks[k] = new uint[window.Width];
            }
            for (var r = 0; r < window.Height; r++)
            {
                var row = values.Slice(r * window.Width, window.Width);
                if (row.IndexOfAnyExcept((byte)0) < 0) continue;
                Paint(window.Row + r, window.Column, window.Width);
                Classify(row);
            }
        }

        public void Read(RasterWindow window, Span<double> cells)
        {
            var bytes = new byte[window.CellCount];
            Read(window, bytes);
            for (var i = 0; i < bytes.Length; i++) cells[i] = bytes[i];
        }

        public void Dispose() => loss.Dispose();

        /// <summary>Sets, for each distance, the bits of the years that have coca within it of each cell of the row.</summary>
        private void Paint(int row, int column, int width)
        {
            var near = raster.chainsOfBlock[row / BlockRows];
            Array.Clear(painted);
            if (near.Count == 0) return;
            HalfChords(row);
            var chains = raster.cells.Chains;
            var starts = raster.cells.Starts;
            var ends = raster.cells.Ends;
            for (var k = 0; k < masks.Length; k++)
            {
                var mask = masks[k].AsSpan(0, width);
                var half = halves[k];
                foreach (var index in CollectionsMarshal.AsSpan(near))
                {
                    ref readonly var chain = ref chains[index];
                    if (chain.Left - half[0] >= column + width || chain.Right + half[0] <= column) continue;
                    var from = Math.Max(0, row - (half.Length - 1) - chain.Row);
                    var to = Math.Min(chain.Count - 1, row + half.Length - 1 - chain.Row);
                    var (left, right) = (int.MaxValue, int.MinValue);
                    for (var i = from; i <= to; i++)
                    {
                        var reach = half[Math.Abs(chain.Row + i - row)];
                        left = Math.Min(left, starts[chain.First + i] - reach);
                        right = Math.Max(right, ends[chain.First + i] + reach);
                    }
                    (left, right) = (Math.Max(left, column), Math.Min(right, column + width));
                    if (left >= right) continue;
                    if (!painted[k]) mask.Clear();
                    painted[k] = true;
                    Or(mask[(left - column)..(right - column)], chain.Years);
                }
            }
        }

        /// <summary>Half-chords of each distance's circle in cells, by rows away, as the row's cells measure them.</summary>
        private void HalfChords(int row)
        {
            var (w, h) = raster.metres.Of(row);
            for (var k = 0; k < halves.Length; k++)
            {
                var d = raster.distances[k];
                var rows = (int)(d / h) + 1;
                while (rows > 0 && rows * h * (rows * h) > d * d) rows--;
                if (halves[k].Length != rows + 1) halves[k] = new int[rows + 1];
                for (var i = 0; i <= rows; i++)
                {
                    var left = d * d - i * h * (i * h);
                    var n = (int)(Math.Sqrt(left) / w);
                    while ((n + 1) * w * ((n + 1) * w) + i * h * (i * h) <= d * d) n++;
                    while (n > 0 && n * w * (n * w) + i * h * (i * h) > d * d) n--;
                    halves[k][i] = n;
                }
            }
        }

        private void Classify(Span<byte> row)
        {
            var noData = raster.loss.NoData;
            for (var at = 0; at < row.Length; at++)
            {
                var skip = row[at..].IndexOfAnyExcept((byte)0);
                if (skip < 0) return;
                at += skip;
                var value = row[at];
                if (value == noData) { row[at] = byte.MaxValue; continue; }
                var year = LossTiles.Epoch + value;
                if (year < raster.first || year > raster.last) { row[at] = 0; continue; }
                var bits = raster.windowBits[value];
                var k = 0;
                while (k < masks.Length && !(painted[k] && (masks[k][at] & bits) != 0)) k++;
                row[at] = (byte)(1 + (year - raster.first) * raster.Classes + k);
            }
        }

        private static void Or(Span<uint> mask, uint bits)
        {
            var all = new Vector<uint>(bits);
            var i = 0;
            for (; i + Vector<uint>.Count <= mask.Length; i += Vector<uint>.Count) (new Vector<uint>(mask[i..]) | all).CopyTo(mask[i..]);
            for (; i < mask.Length; i++) mask[i] |= bits;
        }
    }
}
