using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Spatial.Rasters;

/// <summary>
/// Where a raster's cells lie: north-up, rows from north to south, no rotation. Cell (c, r) spans
/// x from West + c CellWidth and y from North - r CellHeight downward. Valid from birth: sizes positive, all finite.
/// </summary>
public sealed record Grid
{
    // A shift of a thousandth of a cell moves no pixel to another place; producers round their origins by less.
    private const double AlignmentToleranceCells = 1e-3;

    // Over a whole raster the two cell sizes may drift apart by a tenth of a cell and still name the same pixels.
    private const double DriftToleranceCells = 0.1;

    /// <summary>Makes a grid; throws <see cref="ArgumentException"/> when a size is not positive or a number not finite.</summary>
    public Grid(double west, double north, double cellWidth, double cellHeight, int width, int height, CoordinateSystem crs)
    {
        if (!double.IsFinite(west) || !double.IsFinite(north)) throw new ArgumentException("A grid's corner is finite.");
        if (!(cellWidth > 0) || !(cellHeight > 0) || !double.IsFinite(cellWidth) || !double.IsFinite(cellHeight)) throw new ArgumentException("A grid's cells have positive size.");
        if (width <= 0 || height <= 0) throw new ArgumentException("A grid has at least one cell.");
        (West, North, CellWidth, CellHeight, Width, Height, Crs) = (west, north, cellWidth, cellHeight, width, height, crs);
    }

    /// <summary>x of the western edge, CRS units.</summary>
    public double West { get; }

    /// <summary>y of the northern edge, CRS units.</summary>
    public double North { get; }

    /// <summary>Width of a cell, CRS units.</summary>
    public double CellWidth { get; }

    /// <summary>Height of a cell, CRS units, positive.</summary>
    public double CellHeight { get; }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Coordinate system.</summary>
    public CoordinateSystem Crs { get; }

    /// <summary>x of the eastern edge.</summary>
    public double East => West + Width * CellWidth;

    /// <summary>y of the southern edge.</summary>
    public double South => North - Height * CellHeight;

    /// <summary>Number of cells.</summary>
    public long CellCount => (long)Width * Height;

    /// <summary>The window of all cells.</summary>
    public RasterWindow Whole => new(0, 0, Width, Height);

    /// <summary>The grid of a window of this one.</summary>
    public Grid Cut(RasterWindow window)
    {
        if (!Whole.Contains(window)) throw new ArgumentOutOfRangeException(nameof(window), $"{window} is not inside {Width} x {Height}.");
        return new Grid(West + window.Column * CellWidth, North - window.Row * CellHeight, CellWidth, CellHeight, window.Width, window.Height, Crs);
    }

    /// <summary>Whether both have the same cells in the same places.</summary>
    public bool IsSameAs(Grid other) => Width == other.Width && Height == other.Height && TryOffset(other, out var column, out var row) && column == 0 && row == 0;

    /// <summary>Where the other grid's first cell lies in this one, when both share cell size, lattice and CRS.</summary>
    public bool TryOffset(Grid other, out long column, out long row)
    {
        var x = (other.West - West) / CellWidth;
        var y = (North - other.North) / CellHeight;
        (column, row) = ((long)Math.Round(x), (long)Math.Round(y));
        var cells = Math.Max(Math.Max(Width, other.Width), Math.Max(Height, other.Height));
        return SameSystem(other)
            && Math.Abs(other.CellWidth / CellWidth - 1) * cells <= DriftToleranceCells
            && Math.Abs(other.CellHeight / CellHeight - 1) * cells <= DriftToleranceCells
            && Math.Abs(x - column) <= AlignmentToleranceCells && Math.Abs(y - row) <= AlignmentToleranceCells;
    }

    /// <summary>What keeps the other raster from being read cell by cell with this one; null when nothing does.</summary>
    public Fault? Misalignment(Grid other, string otherName)
    {
        if (TryOffset(other, out _, out _)) return null;
        if (!SameSystem(other))
        {
            return new Fault(FaultSeverity.Error, "GH3101", otherName, "", $"its coordinate system is {Name(other.Crs)}, not {Name(Crs)}", $"warp it first: gdalwarp -t_srs {Name(Crs)}");
        }
        if (Math.Abs(other.CellWidth / CellWidth - 1) > 1e-9 || Math.Abs(other.CellHeight / CellHeight - 1) > 1e-9)
        {
            return new Fault(FaultSeverity.Error, "GH3102", otherName, "", FormattableString.Invariant($"its cells are {other.CellWidth:R} x {other.CellHeight:R}, not {CellWidth:R} x {CellHeight:R}"), "resample it to the first raster's grid (gdalwarp -tr -tap)");
        }
        return new Fault(FaultSeverity.Error, "GH3103", otherName, "", FormattableString.Invariant($"its cells are shifted by {((other.West - West) / CellWidth) % 1:F4} columns and {((North - other.North) / CellHeight) % 1:F4} rows"), "resample it to the first raster's grid (gdalwarp -te -tr)");
    }

    private static string Name(CoordinateSystem crs) => crs.Epsg != 0 ? $"EPSG:{crs.Epsg}" : "a system without EPSG number";

    private bool SameSystem(Grid other) => Crs.Epsg != 0 || other.Crs.Epsg != 0 ? Crs.Epsg == other.Crs.Epsg : Crs.Wkt == other.Crs.Wkt;
}
