using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Rasters;

namespace GeoHarm.Engine.Tests.Deforestation;

/// <summary>A raster of any size whose cells follow a rule, so that its truth is known without reading it.</summary>
internal sealed class PatternRaster(Grid grid, Func<int, int, byte> cell, int blockHeight = 1) : IRasterSource
{
    public string Name => "pattern";

    public Grid Grid => grid;

    public CellType CellType => CellType.UInt8;

    public double? NoData => null;

    public int BlockWidth => grid.Width;

    public int BlockHeight => blockHeight;

    public static Grid Degrees(int width, int height, double west = -80, double north = 10, double size = 0.00025) => new(west, north, size, size, width, height, new CoordinateSystem(4326));

    public IRasterReader OpenReader() => new Reader(cell);

    private sealed class Reader(Func<int, int, byte> cell) : IRasterReader
    {
        public void Read(RasterWindow window, Span<byte> cells)
        {
            for (var r = 0; r < window.Height; r++)
            {
                for (var c = 0; c < window.Width; c++) cells[r * window.Width + c] = cell(window.Column + c, window.Row + r);
            }
        }

        public void Read(RasterWindow window, Span<double> cells) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }
}
