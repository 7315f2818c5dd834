using System.Runtime.CompilerServices;
using GeoHarm.Spatial.Rasters;

namespace GeoHarm.Spatial.Zonal;

/// <summary>
/// Turns coordinates into columns and rows with fractions. Rows are rounded to a fixed binary fraction fine enough to
/// move no vertex by more than 2^-34 of a cell on a raster of 65,536 rows, and coarse enough that every difference and
/// sum of them is exact in double precision: the signed heights of a closed ring then cancel to exactly zero, and an
/// interior cell has coverage exactly one.
/// </summary>
internal readonly struct GridFrame
{
    private readonly double west;
    private readonly double north;
    private readonly double columnsPerUnit;
    private readonly double rowsPerUnit;
    private readonly double scale;
    private readonly double step;

    internal GridFrame(Grid grid, double shift)
    {
        (west, north) = (grid.West - shift, grid.North);
        (columnsPerUnit, rowsPerUnit) = (1 / grid.CellWidth, 1 / grid.CellHeight);
        var bits = 0;
        while (1L << bits < grid.Height) bits++;
        // 52 bits, less those of the row number, less one for sums of several rings in a row.
        scale = BitConverter.Int64BitsToDouble((1023L + 51 - bits) << 52);
        step = 1 / scale;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal double Column(double x) => (x - west) * columnsPerUnit;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal double Row(double y) => Snap((north - y) * rowsPerUnit);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal double Snap(double row) => Math.Round(row * scale) * step;

    /// <summary>The whole part of a number that is known to fit: a plain cast saturates, at three times the instructions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Whole(double value) => double.ConvertToIntegerNative<int>(value);

    /// <summary>The number, or the end of the range it passed; unlike Math.Clamp it asks nothing about NaN or the order of the ends.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static double Within(double value, double low, double high) => value < low ? low : value > high ? high : value;
}
