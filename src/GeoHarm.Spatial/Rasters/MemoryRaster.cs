namespace GeoHarm.Spatial.Rasters;

/// <summary>A raster held in memory: computed layers and tests. The array is the raster's from then on.</summary>
public sealed class MemoryRaster : IRasterSource
{
    private readonly byte[]? bytes;
    private readonly double[]? numbers;

    /// <summary>A raster of bytes, row by row from the north-west.</summary>
    public MemoryRaster(string name, Grid grid, byte[] cells, double? noData = null, int blockSize = 512)
        : this(name, grid, noData, blockSize, cells.LongLength) => (bytes, CellType) = (cells, CellType.UInt8);

    /// <summary>A raster of numbers, row by row from the north-west.</summary>
    public MemoryRaster(string name, Grid grid, double[] cells, double? noData = null, int blockSize = 512)
        : this(name, grid, noData, blockSize, cells.LongLength) => (numbers, CellType) = (cells, CellType.Float64);

    private MemoryRaster(string name, Grid grid, double? noData, int blockSize, long length)
    {
        if (length != grid.CellCount) throw new ArgumentException($"Raster '{name}' has {length} cells, its grid {grid.CellCount}.");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(blockSize);
        (Name, Grid, NoData, BlockWidth, BlockHeight) = (name, grid, noData, blockSize, blockSize);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public Grid Grid { get; }

    /// <inheritdoc/>
    public CellType CellType { get; }

    /// <inheritdoc/>
    public double? NoData { get; }

    /// <inheritdoc/>
    public int BlockWidth { get; }

    /// <inheritdoc/>
    public int BlockHeight { get; }

    /// <inheritdoc/>
    public IRasterReader OpenReader() => new Reader(this);

    private sealed class Reader(MemoryRaster raster) : IRasterReader
    {
        public void Read(RasterWindow window, Span<byte> cells)
        {
            if (raster.bytes is null) throw new InvalidOperationException($"Raster '{raster.Name}' holds numbers, not bytes.");
            for (var row = 0; row < window.Height; row++)
            {
                raster.bytes.AsSpan((window.Row + row) * raster.Grid.Width + window.Column, window.Width).CopyTo(cells[(row * window.Width)..]);
            }
        }

        public void Read(RasterWindow window, Span<double> cells)
        {
            for (var row = 0; row < window.Height; row++)
            {
                var from = (window.Row + row) * raster.Grid.Width + window.Column;
                for (var i = 0; i < window.Width; i++) cells[row * window.Width + i] = raster.bytes is { } b ? b[from + i] : raster.numbers![from + i];
            }
        }

        public void Dispose()
        {
        }
    }
}
