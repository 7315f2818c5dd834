namespace GeoHarm.Spatial.Rasters;

/// <summary>A rectangle of cells.</summary>
/// <param name="Column">First column.</param>
/// <param name="Row">First row.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
public readonly record struct RasterWindow(int Column, int Row, int Width, int Height)
{
    /// <summary>Column after the last.</summary>
    public int EndColumn => Column + Width;

    /// <summary>Row after the last.</summary>
    public int EndRow => Row + Height;

    /// <summary>Number of cells.</summary>
    public long CellCount => (long)Width * Height;

    /// <summary>Whether the other lies within this one.</summary>
    public bool Contains(RasterWindow other) =>
        other.Column >= Column && other.Row >= Row && other.Width >= 0 && other.Height >= 0
        && (long)other.Column + other.Width <= (long)Column + Width && (long)other.Row + other.Height <= (long)Row + Height;

    /// <summary>The common part; zero width or height where there is none.</summary>
    public RasterWindow Intersect(RasterWindow other)
    {
        var (left, top) = (Math.Max(Column, other.Column), Math.Max(Row, other.Row));
        return new RasterWindow(left, top, Math.Max(0, Math.Min(EndColumn, other.EndColumn) - left), Math.Max(0, Math.Min(EndRow, other.EndRow) - top));
    }
}
