namespace GeoHarm.Routing.Grids;

/// <summary>How an accumulated cost surface steps from cell to cell.</summary>
public sealed record SurfaceOptions
{
    /// <summary>Width of a cell in any one distance unit, above 0; default 1.</summary>
    public double CellWidth { get; init; } = 1;

    /// <summary>Height of a cell in the same unit, above 0; default 1.</summary>
    public double CellHeight { get; init; } = 1;

    /// <summary>8 (straight and diagonal) or 16 (and knight's moves, which need one open cell of the two they pass between); default 8.</summary>
    public int Neighbours { get; init; } = 8;

    /// <summary>Friction that stands for a barrier; NaN and infinity always do. Default none.</summary>
    public float? NoData { get; init; }

    /// <summary>Cells dearer than this are not reached; default no bound.</summary>
    public double MaxCost { get; init; } = double.PositiveInfinity;

    internal void Check()
    {
        if (!(CellWidth > 0 && double.IsFinite(CellWidth) && CellHeight > 0 && double.IsFinite(CellHeight)))
            throw new ArgumentException($"cells of {CellWidth} by {CellHeight} have no size");
        if (Neighbours is not (8 or 16)) throw new ArgumentException($"{Neighbours} neighbours: 8 or 16 are possible");
        if (double.IsNaN(MaxCost)) throw new ArgumentException("the bound is not a number");
    }
}

/// <summary>
/// Factor on the cost of a step, by direction: slope, wind, current. A struct type parameter, so that a neutral one costs nothing.
/// </summary>
public interface ISurfaceDirection
{
    /// <summary>True when every factor is 1.</summary>
    static abstract bool IsNeutral { get; }

    /// <summary>Factor above 0 for the step from one cell (index in row order) to another.</summary>
    double Factor(int fromCell, int toCell);
}

/// <summary>The same cost in all directions.</summary>
public readonly struct AnyDirection : ISurfaceDirection
{
    /// <inheritdoc/>
    public static bool IsNeutral => true;

    /// <inheritdoc/>
    public double Factor(int fromCell, int toCell) => 1;
}

/// <summary>The steps of a surface: how far each goes. Back-links hold a step's number; the cell before is one step back.</summary>
public static class SurfaceSteps
{
    /// <summary>Rows and columns of steps 0 to 15: straight, diagonal, knight's.</summary>
    internal static ReadOnlySpan<sbyte> Rows => [0, -1, 0, 1, -1, -1, 1, 1, -1, -2, -2, -1, 1, 2, 2, 1];

    /// <summary>Columns of steps 0 to 15.</summary>
    internal static ReadOnlySpan<sbyte> Columns => [1, 0, -1, 0, 1, -1, -1, 1, 2, 1, -1, -2, -2, -1, 1, 2];

    /// <summary>Back-link of a source or of a cell that was not reached.</summary>
    public const byte None = 255;

    /// <summary>Row and column offset of a step.</summary>
    public static (int Rows, int Columns) Of(byte step) => (Rows[step], Columns[step]);

    /// <summary>Half the length of each step: a step costs half of it in each of its two cells.</summary>
    internal static void HalfLengths(SurfaceOptions options, Span<double> halves)
    {
        for (var k = 0; k < 16; k++)
        {
            double x = Columns[k] * options.CellWidth, y = Rows[k] * options.CellHeight;
            halves[k] = Math.Sqrt(x * x + y * y) / 2;
        }
    }
}
