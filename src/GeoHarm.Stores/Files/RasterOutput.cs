using GeoHarm.Gdal.Datasets;
using GeoHarm.Spatial.Rasters;

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

    /// <summary>Writes single-precision quantities as a cloud-optimized GeoTIFF (DEFLATE, averaged overviews); NaN is no data.</summary>
    /// <param name="path">Target.</param>
    /// <param name="grid">Where the cells lie.</param>
    /// <param name="reference">Coordinate system.</param>
    /// <param name="cells">Cells, row by row.</param>
    public static void WriteCog(string path, Grid grid, SpatialReference reference, ReadOnlySpan<float> cells)
    {
        var transform = new GeoTransform(grid.West, grid.CellWidth, 0, grid.North, 0, -grid.CellHeight);
        using var raster = RasterDataset.Create("", "MEM", grid.Width, grid.Height, 1, PixelType.Float32, transform, reference);
        var band = raster.Band();
        band.NoData = double.NaN;
        band.Write(0, 0, grid.Width, grid.Height, cells);
        RasterCopy.WriteCog(raster, path, new CogOptions(OverviewResampling: "AVERAGE"));
    }
}
