using GeoHarm.Spatial.Rasters;

namespace GeoHarm.Spatial.Tests.Zonal;

/// <summary>The same cells with other native blocks, such as Hansen's one-row strips; remembers what was read.</summary>
internal sealed class BlockedRaster(IRasterSource inner, int blockWidth, int blockHeight) : IRasterSource
{
    private long read;

    public long CellsRead => read;

    public string Name => inner.Name;

    public Grid Grid => inner.Grid;

    public CellType CellType => inner.CellType;

    public double? NoData => inner.NoData;

    public int BlockWidth => blockWidth;

    public int BlockHeight => blockHeight;

    public IRasterReader OpenReader() => new Reader(this, inner.OpenReader());

    private sealed class Reader(BlockedRaster owner, IRasterReader reader) : IRasterReader
    {
        public void Read(RasterWindow window, Span<byte> cells)
        {
            Interlocked.Add(ref owner.read, window.CellCount);
            reader.Read(window, cells);
        }

        public void Read(RasterWindow window, Span<double> cells)
        {
            Interlocked.Add(ref owner.read, window.CellCount);
            reader.Read(window, cells);
        }

        public void Dispose() => reader.Dispose();
    }
}
