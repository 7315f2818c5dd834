namespace GeoHarm.Spatial.Rasters;

/// <summary>
/// A raster seen on another grid of the same coordinate system by the nearest cell: the value of the source cell that
/// holds the centre of the target cell. Weights and masks of another resolution are read through it; it invents no
/// values, so classes stay classes. Outside the source, cells read as no data (255 for bytes without one, NaN for numbers).
/// </summary>
public sealed class ResampledRaster : IRasterSource
{
    private readonly IRasterSource source;

    /// <summary>Shows the source on the grid; throws <see cref="Layers.InvalidInputException"/> when the systems differ.</summary>
    public ResampledRaster(IRasterSource source, Grid grid)
    {
        if (source.Grid.Crs.Epsg != grid.Crs.Epsg || (grid.Crs.Epsg == 0 && source.Grid.Crs.Wkt != grid.Crs.Wkt)) throw new Layers.InvalidInputException([grid.Misalignment(source.Grid, source.Name)!]);
        (this.source, Grid) = (source, grid);
        NoData = source.NoData ?? (CellType == CellType.UInt8 ? 255 : double.NaN);
    }

    /// <inheritdoc/>
    public string Name => source.Name;

    /// <inheritdoc/>
    public Grid Grid { get; }

    /// <inheritdoc/>
    public CellType CellType => source.CellType;

    /// <inheritdoc/>
    public double? NoData { get; }

    /// <inheritdoc/>
    public int BlockWidth => Math.Min(512, Grid.Width);

    /// <inheritdoc/>
    public int BlockHeight => Math.Min(512, Grid.Height);

    /// <inheritdoc/>
    public IRasterReader OpenReader() => new Reader(this);

    private sealed class Reader(ResampledRaster raster) : IRasterReader
    {
        private readonly IRasterReader inner = raster.source.OpenReader();

        public void Read(RasterWindow window, Span<byte> cells) => Read(window, cells, (byte)raster.NoData!.Value, inner.Read);

        public void Read(RasterWindow window, Span<double> cells) => Read(window, cells, raster.NoData!.Value, inner.Read);

        public void Dispose() => inner.Dispose();

        private void Read<T>(RasterWindow window, Span<T> cells, T outside, ReadWindow<T> read)
        {
            cells[..checked((int)window.CellCount)].Fill(outside);
            var columns = Places(window.Column, window.Width, i => (raster.Grid.West + (i + 0.5) * raster.Grid.CellWidth - raster.source.Grid.West) / raster.source.Grid.CellWidth, raster.source.Grid.Width);
            var rows = Places(window.Row, window.Height, i => (raster.source.Grid.North - raster.Grid.North + (i + 0.5) * raster.Grid.CellHeight) / raster.source.Grid.CellHeight, raster.source.Grid.Height);
            var (usedColumns, usedRows) = (columns.Where(c => c >= 0).ToArray(), rows.Where(r => r >= 0).ToArray());
            if (usedColumns.Length == 0 || usedRows.Length == 0) return;
            // Row by row: a coarse target over a fine source would otherwise read a window as large as the source.
            var left = usedColumns[0];
            var line = new T[usedColumns[^1] - left + 1];
            var held = -1;
            for (var r = 0; r < window.Height; r++)
            {
                if (rows[r] < 0) continue;
                if (rows[r] != held) read(new RasterWindow(left, held = rows[r], line.Length, 1), line);
                for (var c = 0; c < window.Width; c++)
                {
                    if (columns[c] >= 0) cells[r * window.Width + c] = line[columns[c] - left];
                }
            }
        }

        private static int[] Places(int first, int count, Func<int, double> place, int limit)
        {
            var result = new int[count];
            for (var i = 0; i < count; i++)
            {
                var at = place(first + i);
                result[i] = at >= 0 && at < limit ? (int)at : -1;
            }
            return result;
        }

        private delegate void ReadWindow<T>(RasterWindow window, Span<T> cells);
    }
}
