using GeoHarm.Spatial.Rasters;

namespace GeoHarm.Spatial.Zonal;

/// <summary>
/// How a raster is cut for one pass. Bands of rows are the unit of work and of summation; within a band, windows follow
/// the file's blocks, so that each is decoded once; within a window, coverage is computed on tiles that stay in cache.
/// A file of one-row strips is read in windows of full width.
/// </summary>
/// <param name="BandHeight">Rows of a band, a multiple of the block height.</param>
/// <param name="ReadWidth">Columns read at once.</param>
/// <param name="TileWidth">Columns of a coverage tile.</param>
internal sealed record ZonalPlan(int BandHeight, int ReadWidth, int TileWidth)
{
    // 512 x 512 is the COG block; 16 bytes a cell make 4 MB, of which only the crossed cells are touched.
    private const int TileSide = 512;
    private const int TileCells = TileSide * TileSide;

    // A window of strips is small enough to stay near the processor (52 rows of a Hansen tile), and so is its tile: with
    // 4 MiB each the pass took a tenth longer (November 2026).
    private const int StripWindowCells = 1 << 20;
    private const int StripTileCells = TileCells / 8;
    private const int MostStripRows = 256;

    internal static ZonalPlan Of(IRasterSource source)
    {
        var grid = source.Grid;
        var blockWidth = Math.Min(source.BlockWidth, grid.Width);
        var strips = blockWidth == grid.Width && grid.Width > TileSide;
        var rows = strips ? Math.Clamp(StripWindowCells / grid.Width, 1, MostStripRows) : TileSide;
        var height = Math.Min(grid.Height, Math.Max(1, rows / source.BlockHeight) * source.BlockHeight);
        var read = strips ? grid.Width : Math.Min(grid.Width, blockWidth * Math.Max(1, TileSide / blockWidth));
        var tile = Math.Max(64, (strips ? StripTileCells : TileCells) / height / 64 * 64);
        if (tile >= read) tile = read;
        else if (!strips)
        {
            // Tiles must not straddle windows.
            var pieces = (read + tile - 1) / tile;
            tile = read % pieces == 0 ? read / pieces : read;
        }
        return new ZonalPlan(height, read, tile);
    }
}
