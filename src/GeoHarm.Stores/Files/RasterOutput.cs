using GeoHarm.Gdal.Datasets;

namespace GeoHarm.Stores.Files;

/// <summary>Writes computed rasters as tiled GeoTIFF on the grid of a raster that was read.</summary>
public static class RasterOutput
{
    private const int StripRows = 256; // the height of GDAL's default tiles: each tile is written once

    /// <summary>What stands for no data in a written raster of costs or areas, which are 0 or more.</summary>
    public const float NoData = -1;

    /// <summary>
    /// Writes single-precision cells, row by row, where <paramref name="like"/> lies. Not compressed: it is scratch for further
    /// work, and DEFLATE would cost more than most computations that fill it.
    /// </summary>
    public static void Write(string path, GdalRaster like, ReadOnlySpan<float> cells)
    {
        ArgumentNullException.ThrowIfNull(like);
        var grid = like.Grid;
        var transform = new GeoTransform(grid.West, grid.CellWidth, 0, grid.North, 0, -grid.CellHeight);
        using var raster = RasterDataset.Create(path, "GTiff", grid.Width, grid.Height, 1, PixelType.Float32, transform, like.Reference, ["TILED=YES", "BIGTIFF=IF_SAFER"]);
        var band = raster.Band();
        band.NoData = NoData;
        for (var row = 0; row < grid.Height; row += StripRows)
        {
            var rows = Math.Min(StripRows, grid.Height - row);
            band.Write(0, row, grid.Width, rows, cells.Slice(row * grid.Width, rows * grid.Width));
        }
        raster.Complete();
    }
}
