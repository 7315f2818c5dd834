using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace GeoHarm.Spatial.Zonal;

/// <summary>What receives the coverage of one zone over one tile, cell by cell and run by run. A struct type parameter,
/// so that the inner loops of each kind of statistic are compiled for it alone.</summary>
internal interface ICoverageSink
{
    /// <summary>Cells of one row that all have the same coverage (1 inside the zone).</summary>
    void Run(int row, int column, int length, double coverage);

    /// <summary>One cell that an edge crosses.</summary>
    void Cell(int row, int column, double coverage);
}

/// <summary>Where the coverage of a zone left [0, 1]: its rings cross, overlap or wind twice.</summary>
internal sealed record WindingFault(int Zone, int Column, int Row);

/// <summary>
/// Exact coverage of cells by a polygon over one tile: signed-area accumulation, the method of analytic scan conversion
/// (Catmull 1978, doi 10.1145/800248.807360; as accumulation of cover and area per cell in the font rasterizers of
/// D. Turner, FreeType, and R. Levien, font-rs). Each edge adds to every cell it crosses its signed height there
/// ("cover") and the part of it that lies to the right within the cell ("part"); summing covers from the left gives the
/// coverage of every cell, fractions at the edges and constant runs between. Cost: O(cells crossed) + O(rows), no sort:
/// a bit mask tells the crossed cells of a row in order, and a second one the words of the first that are not empty
/// (looking at each of them took half of the time of a sweep). The sums at the right border carry over to the next tile.
/// </summary>
internal sealed class CoverageTile
{
    // Coverage may leave [0, 1] by rounding of the last bits only; a ring that crosses itself leaves it by far more.
    private const double WindingTolerance = 1e-6;

    private readonly int capacityWidth;
    private readonly int words;

    // (cover, part) of each cell.
    private readonly Vector128<double>[] cells;
    private readonly ulong[] touched;

    // One bit for each group of words of a row.
    private readonly ulong[] groups;
    private readonly int groupShift;
    private int firstColumn, firstRow, endColumn, endRow;
    private int firstTouched, endTouched;
    private WindingFault? fault;

    internal CoverageTile(int width, int height)
    {
        capacityWidth = width;
        words = (width + 63) / 64;
        cells = new Vector128<double>[(long)width * height];
        touched = new ulong[(long)words * height];
        groups = new ulong[height];
        while ((words - 1) >> groupShift > 63) groupShift++;
    }

    /// <summary>Moves the tile to a window of the raster.</summary>
    internal void Place(int column, int row, int width, int height)
    {
        (firstColumn, firstRow, endColumn, endRow) = (column, row, column + width, row + height);
        (firstTouched, endTouched) = (int.MaxValue, 0);
    }

    /// <summary>Adds edges, each from vertex i to i + 1. What lies left of the raster's first tile goes to the carry.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Add(ReadOnlySpan<int> edges, double[] xs, double[] ys, in GridFrame frame, Span<double> carry)
    {
        double left = firstColumn, right = endColumn, top = firstRow, bottom = endRow;
        foreach (var edge in edges)
        {
            var (x0, y0) = (frame.Column(xs[edge]), frame.Row(ys[edge]));
            var (x1, y1) = (frame.Column(xs[edge + 1]), frame.Row(ys[edge + 1]));
            if (y0 == y1) continue;
            var sign = 1.0;
            if (y0 > y1)
            {
                (x0, x1) = (x1, x0);
                (y0, y1) = (y1, y0);
                sign = -1;
            }
            if (y0 >= bottom || y1 <= top) continue;
            var perRow = (x1 - x0) / (y1 - y0);
            var perColumn = (y1 - y0) / (x1 - x0);
            var (low, high) = x0 < x1 ? (x0, x1) : (x1, x0);
            var inside = low >= left && high < right;
            var start = y0 > top ? y0 : top;
            var end = y1 < bottom ? y1 : bottom;
            var row = GridFrame.Whole(start);
            firstTouched = Math.Min(firstTouched, row - firstRow);
            var (xa, ya) = (start == y0 ? x0 : GridFrame.Within(x0 + (start - y0) * perRow, low, high), start);
            while (true)
            {
                double yb = row + 1;
                double xb;
                if (yb >= y1) (xb, yb) = (x1, y1);
                else xb = GridFrame.Within(x0 + (yb - y0) * perRow, low, high);
                if (inside)
                {
                    if (GridFrame.Whole(xa) == GridFrame.Whole(xb)) Put(row - firstRow, GridFrame.Whole(xa) - firstColumn, sign * (yb - ya), 1 - (0.5 * (xa + xb) - GridFrame.Whole(xa)));
                    else Cross(row, xa, ya, xb, yb, sign, perColumn, frame);
                }
                else
                {
                    CrossClipped(row, xa, ya, xb, yb, sign, perColumn, frame, carry);
                }
                if (yb >= end) break;
                (xa, ya) = (xb, yb);
                row++;
            }
            endTouched = Math.Max(endTouched, row - firstRow + 1);
        }
    }

    /// <summary>
    /// Sums the rows from the left, hands coverage to the sink, clears the tile and updates the carry of each row.
    /// Returns whether any row is still open at the right border, and where coverage first left [0, 1], of zone 0.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal bool Sweep<TSink>(ref TSink sink, Span<double> carry, bool open, out WindingFault? found) where TSink : struct, ICoverageSink
    {
        fault = null;
        var width = endColumn - firstColumn;
        var (from, to) = open ? (0, endRow - firstRow) : (Math.Min(firstTouched, endRow - firstRow), endTouched);
        var stillOpen = false;
        for (var row = from; row < to; row++)
        {
            var running = carry[row];
            var next = 0;
            ref var word = ref touched[row * words];
            ref var line = ref cells[row * capacityWidth];
            var group = groups[row];
            groups[row] = 0;
            for (; group != 0; group &= group - 1)
            {
                var first = BitOperations.TrailingZeroCount(group) << groupShift;
                for (var w = first; w < words && w < first + (1 << groupShift); w++)
                {
                    var bits = Unsafe.Add(ref word, w);
                    Unsafe.Add(ref word, w) = 0;
                    for (; bits != 0; bits &= bits - 1)
                    {
                        var column = (w << 6) + BitOperations.TrailingZeroCount(bits);
                        if (column > next && running != 0) Give(ref sink, row, next, column - next, running);
                        ref var cell = ref Unsafe.Add(ref line, column);
                        var coverage = running + cell.GetElement(1);
                        if (coverage > 1 || coverage < 0) coverage = Judge(coverage, row, column);
                        if (coverage > 0) sink.Cell(row, column, coverage);
                        running += cell.ToScalar();
                        cell = default;
                        next = column + 1;
                    }
                }
            }
            if (running != 0)
            {
                if (next < width) Give(ref sink, row, next, width - next, running);
                stillOpen = true;
            }
            carry[row] = running;
        }
        (firstTouched, endTouched) = (int.MaxValue, 0);
        found = fault;
        return stillOpen;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Give<TSink>(ref TSink sink, int row, int column, int length, double coverage) where TSink : struct, ICoverageSink
    {
        if (coverage > 1 || coverage < 0) coverage = Judge(coverage, row, column);
        if (coverage > 0) sink.Run(row, column, length, coverage);
    }

    private double Judge(double coverage, int row, int column)
    {
        if (coverage > 1 + WindingTolerance || coverage < -WindingTolerance) fault ??= new WindingFault(0, firstColumn + column, firstRow + row);
        return Math.Clamp(coverage, 0, 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Put(int row, int column, double cover, double rightShare)
    {
        Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(cells), row * capacityWidth + column) += Vector128.Create(cover, cover * rightShare);
        Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(touched), row * words + (column >> 6)) |= 1UL << column;
        Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(groups), row) |= 1UL << (column >> 6 >> groupShift);
    }

    /// <summary>A piece within one row and inside the tile that crosses column borders.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Cross(int row, double xa, double ya, double xb, double yb, double sign, double perColumn, in GridFrame frame)
    {
        var line = row - firstRow;
        var (column, last) = (GridFrame.Whole(xa), GridFrame.Whole(xb));
        var step = last > column ? 1 : -1;
        var (x, y) = (xa, ya);
        while (column != last)
        {
            double border = step > 0 ? column + 1 : column;
            var at = GridFrame.Within(frame.Snap(ya + (border - xa) * perColumn), y, yb);
            if (at > y) Put(line, column - firstColumn, sign * (at - y), 1 - (0.5 * (x + border) - column));
            (x, y) = (border, at);
            column += step;
        }
        if (yb > y) Put(line, last - firstColumn, sign * (yb - y), 1 - (0.5 * (x + xb) - last));
    }

    /// <summary>The same for an edge that leaves the tile. Borders are computed as in <see cref="Cross"/>, from the same
    /// numbers, so that neighbouring tiles split the piece at the very same heights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CrossClipped(int row, double xa, double ya, double xb, double yb, double sign, double perColumn, in GridFrame frame, Span<double> carry)
    {
        var line = row - firstRow;
        var own = frame;
        double left = firstColumn, right = endColumn;
        var (low, high) = xa < xb ? (xa, xb) : (xb, xa);
        if (low >= right) return;
        if (high < left)
        {
            if (firstColumn == 0) carry[line] += sign * (yb - ya);
            return;
        }
        var (yLeft, yRight) = (Border(left), Border(right));
        var (x, y) = (xa, ya);
        if (xa < left)
        {
            if (firstColumn == 0) carry[line] += sign * (yLeft - ya);
            (x, y) = (left, yLeft);
        }
        else if (xa >= right)
        {
            (x, y) = (right, yRight);
        }
        var (xEnd, yEnd) = (xb, yb);
        if (xb < left)
        {
            if (firstColumn == 0) carry[line] += sign * (yb - yLeft);
            (xEnd, yEnd) = (left, yLeft);
        }
        else if (xb >= right)
        {
            (xEnd, yEnd) = (right, yRight);
        }
        var column = Math.Min(GridFrame.Whole(x), endColumn - 1);
        var last = Math.Min(GridFrame.Whole(xEnd), endColumn - 1);
        var step = last > column ? 1 : -1;
        while (column != last)
        {
            double border = step > 0 ? column + 1 : column;
            var at = GridFrame.Within(Border(border), y, yEnd);
            if (at > y) Put(line, column - firstColumn, sign * (at - y), 1 - (0.5 * (x + border) - column));
            (x, y) = (border, at);
            column += step;
        }
        if (yEnd > y) Put(line, last - firstColumn, sign * (yEnd - y), 1 - (0.5 * (x + xEnd) - last));

        double Border(double border) => xa == xb ? yb : GridFrame.Within(own.Snap(ya + (border - xa) * perColumn), ya, yb);
    }
}
