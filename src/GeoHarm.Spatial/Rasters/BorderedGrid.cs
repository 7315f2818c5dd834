namespace GeoHarm.Spatial.Rasters;

/// <summary>
/// A grid with a border of one endless cell on every side, so that every finite coordinate has a column and a row and
/// no caller needs an edge case. Columns run from 0 (west of the grid) over 1 to Width (inside) to Width + 1 (east);
/// rows likewise. A type of its own, so that its indices are not mistaken for those of <see cref="Grid"/>.
/// </summary>
public readonly record struct BorderedGrid(Grid Inner)
{
    /// <summary>Columns with the two border columns.</summary>
    public int Width => Inner.Width + 2;

    /// <summary>Rows with the two border rows.</summary>
    public int Height => Inner.Height + 2;

    /// <summary>Bordered column of x; a coordinate on an edge belongs to the cell east of it.</summary>
    public int Column(double x) => Place((x - Inner.West) / Inner.CellWidth, Inner.Width);

    /// <summary>Bordered row of y; a coordinate on an edge belongs to the cell south of it.</summary>
    public int Row(double y) => Place((Inner.North - y) / Inner.CellHeight, Inner.Height);

    /// <summary>Whether the bordered cell is one of the grid's own.</summary>
    public bool IsInside(int column, int row) => column >= 1 && column <= Inner.Width && row >= 1 && row <= Inner.Height;

    private static int Place(double cells, int count)
    {
        if (cells < 0) return 0;
        return cells >= count ? count + 1 : (int)cells + 1;
    }
}
