namespace GeoHarm.Spatial.Rasters;

/// <summary>Type of a raster's cells.</summary>
public enum CellType
{
    /// <summary>8 bits, 0 to 255.</summary>
    UInt8,

    /// <summary>8 bits, -128 to 127.</summary>
    Int8,

    /// <summary>16 bits, unsigned.</summary>
    UInt16,

    /// <summary>16 bits, signed.</summary>
    Int16,

    /// <summary>32 bits, unsigned.</summary>
    UInt32,

    /// <summary>32 bits, signed.</summary>
    Int32,

    /// <summary>64 bits, unsigned; read as double precision, exact to 2^53.</summary>
    UInt64,

    /// <summary>64 bits, signed; read as double precision, exact to 2^53.</summary>
    Int64,

    /// <summary>Single precision.</summary>
    Float32,

    /// <summary>Double precision.</summary>
    Float64,
}

/// <summary>A raster that may be larger than memory. Shared by threads; each opens a reader of its own.</summary>
public interface IRasterSource
{
    /// <summary>Name for messages, such as the file's.</summary>
    string Name { get; }

    /// <summary>Where the cells lie.</summary>
    Grid Grid { get; }

    /// <summary>Type of the cells.</summary>
    CellType CellType { get; }

    /// <summary>Value that means no data; null where there is none. NaN is no data in any case.</summary>
    double? NoData { get; }

    /// <summary>Columns of what is decoded at once.</summary>
    int BlockWidth { get; }

    /// <summary>Rows of what is decoded at once; 1 for Hansen's strips.</summary>
    int BlockHeight { get; }

    /// <summary>Opens a reader for the calling thread.</summary>
    IRasterReader OpenReader();
}

/// <summary>Reads windows of a raster on one thread. A failure throws <see cref="Layers.InvalidInputException"/> that
/// names the file and what to do.</summary>
public interface IRasterReader : IDisposable
{
    /// <summary>Reads a window as bytes, row by row; only for sources of <see cref="CellType.UInt8"/>.</summary>
    void Read(RasterWindow window, Span<byte> cells);

    /// <summary>Reads a window as numbers, row by row; no-data cells keep their value.</summary>
    void Read(RasterWindow window, Span<double> cells);
}
