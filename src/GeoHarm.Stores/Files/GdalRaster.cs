using GeoHarm.Gdal.Datasets;
using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Rasters;

namespace GeoHarm.Stores.Files;

/// <summary>
/// A raster file read through GDAL. Opening reads the header, checks the size against the profile's limits and that a
/// TIFF is whole, and keeps no handle; every reader opens the file for its own thread. Windows that match native blocks
/// are decoded straight into the caller's buffer, past GDAL's cache. Faults: GH3110 cannot be opened or read, GH3111 too
/// large or truncated, GH3112 not north-up or without place, GH3113 no coordinate system, GH3114 cells of a kind not handled.
/// </summary>
public sealed class GdalRaster : IRasterSource
{
    private readonly string path;
    private readonly DriverProfile profile;
    private readonly int bandNumber;

    private GdalRaster(string path, DriverProfile profile, int band, Grid grid, RasterBand header, SpatialReference reference)
    {
        (this.path, this.profile, bandNumber) = (path, profile, band);
        (Name, Grid, Reference) = (Path.GetFileName(path), grid, reference);
        (BlockWidth, BlockHeight, NoData) = (header.BlockWidth, header.BlockHeight, header.NoData);
        CellType = Enum.Parse<CellType>(header.Type.ToString());
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

    /// <summary>Coordinate system as PROJ knows it.</summary>
    public SpatialReference Reference { get; }

    /// <summary>Areas of this raster's cells: the ellipsoid for degrees, the plane otherwise.</summary>
    public CellAreas Areas => Reference.IsGeographic ? CellAreas.OfDegrees(Grid) : CellAreas.OfPlane(Grid, Reference.MetresPerUnit);

    /// <summary>Opens a band of a raster file of the analyst's own, or under the profile given. Throws
    /// <see cref="InvalidInputException"/> with what is wrong.</summary>
    public static GdalRaster Open(string path, int band = 1, DriverProfile? profile = null)
    {
        profile ??= DriverProfile.OwnFiles;
        return Guarded(path, () =>
        {
            using var raster = RasterDataset.Open(path, profile);
            if (band < 1 || band > raster.BandCount) throw Wrong("GH3110", path, $"it has {raster.BandCount} bands, not a band {band}", "give a band it has");
            if (raster.Transform is not { IsAligned: true, PixelWidth: > 0, PixelHeight: < 0 } t) throw Wrong("GH3112", path, "it is not placed north-up", "warp it to a north-up grid (gdalwarp)");
            if (raster.Reference is not { } reference) throw Wrong("GH3113", path, "it names no coordinate system", "set it (gdal_edit.py -a_srs EPSG:4326)");
            raster.RequireComplete();
            var header = raster.Band(band);
            if (header.Type is PixelType.Unknown or PixelType.Complex) throw Wrong("GH3114", path, $"its cells are {header.Type}", "convert it (gdal_translate -ot Float32)");
            var grid = new Grid(t.OriginX, t.OriginY, t.PixelWidth, -t.PixelHeight, raster.Width, raster.Height, SystemOf(reference));
            return new GdalRaster(path, profile, band, grid, header, reference);
        });
    }

    /// <inheritdoc/>
    public IRasterReader OpenReader() => Guarded(path, () => new Reader(RasterDataset.Open(path, profile), path, bandNumber));

    /// <summary>A coordinate system as layers and grids carry it: WKT only where there is no EPSG number.</summary>
    internal static CoordinateSystem SystemOf(SpatialReference reference) => new(reference.Epsg, reference.Epsg == 0 ? reference.Wkt : "");

    /// <summary>Runs GDAL work and turns its failures into faults that name the file.</summary>
    internal static T Guarded<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (GdalException exception)
        {
            var reasons = exception.Messages.Where(m => m.Severity == GdalSeverity.Error).Select(m => m.Text).ToArray();
            throw Wrong("GH3110", path, reasons.Length > 0 ? string.Join("; ", reasons) : "GDAL cannot read it and gives no reason", "check the path, and that gdalinfo or ogrinfo can read the file");
        }
        catch (InvalidDataException exception)
        {
            throw Wrong("GH3111", path, exception.Message, "mend the file as the message says");
        }
        catch (ArgumentException exception) when (exception is not ArgumentOutOfRangeException)
        {
            throw Wrong("GH3110", path, exception.Message, "give the path of a file on this machine");
        }
    }

    internal static InvalidInputException Wrong(string code, string path, string message, string remedy, string place = "") =>
        new([new Fault(FaultSeverity.Error, code, Path.GetFileName(path), place, message, remedy)]);

    private sealed class Reader(RasterDataset raster, string path, int bandNumber) : IRasterReader
    {
        private readonly RasterBand band = raster.Band(bandNumber);
        private TiffStrips? strips;
        private bool triedStrips;
        private byte[] block = [];

        public void Read(RasterWindow window, Span<byte> cells)
        {
            if (band.Type != PixelType.UInt8) throw new InvalidOperationException($"{Path.GetFileName(path)} holds {band.Type}, not bytes.");
            try
            {
                if (window.Column % band.BlockWidth == 0 && window.Row % band.BlockHeight == 0) ReadBlocks(window, cells);
                else band.Read(window.Column, window.Row, window.Width, window.Height, cells);
            }
            catch (GdalException exception)
            {
                throw Unreadable(exception, window);
            }
        }

        public void Read(RasterWindow window, Span<double> cells)
        {
            try
            {
                band.Read(window.Column, window.Row, window.Width, window.Height, cells);
            }
            catch (GdalException exception)
            {
                throw Unreadable(exception, window);
            }
        }

        public void Dispose()
        {
            strips?.Dispose();
            raster.Dispose();
        }

        private void ReadBlocks(RasterWindow window, Span<byte> cells)
        {
            if (!triedStrips && bandNumber == 1) strips = TiffStrips.Open(path, band.Width, band.Height, band.BlockWidth, band.BlockHeight);
            triedStrips = true;
            var size = band.BlockWidth * band.BlockHeight;
            for (var row = 0; row < window.Height; row += band.BlockHeight)
            {
                for (var column = 0; column < window.Width; column += band.BlockWidth)
                {
                    var (blockColumn, blockRow) = ((window.Column + column) / band.BlockWidth, (window.Row + row) / band.BlockHeight);
                    // Of a strip of one row only what lies west of the window's end is decoded.
                    var last = window.Row + row + band.BlockHeight >= band.Height && window.EndRow == band.Height;
                    var whole = window.Width == band.Width && (last || row + band.BlockHeight <= window.Height);
                    if (strips is not null && window.Column == 0 && (whole || band.BlockHeight == 1)
                        && strips.TryRead(blockRow, cells[(row * window.Width)..], whole ? int.MaxValue : window.Width)) continue;
                    if (window.Width == band.BlockWidth && row + band.BlockHeight <= window.Height)
                    {
                        band.ReadBlock(blockColumn, blockRow, cells.Slice(row * window.Width, size));
                        continue;
                    }
                    if (block.Length < size) block = new byte[size];
                    band.ReadBlock(blockColumn, blockRow, block.AsSpan());
                    var (width, height) = (Math.Min(band.BlockWidth, window.Width - column), Math.Min(band.BlockHeight, window.Height - row));
                    for (var r = 0; r < height; r++) block.AsSpan(r * band.BlockWidth, width).CopyTo(cells[((row + r) * window.Width + column)..]);
                }
            }
        }

        private InvalidInputException Unreadable(GdalException exception, RasterWindow window) => Wrong(
            "GH3110", path, string.Join("; ", exception.Messages.Where(m => m.Severity == GdalSeverity.Error).Select(m => m.Text).DefaultIfEmpty("a block cannot be decoded")),
            "the file is damaged: download it again", $"columns {window.Column} to {window.EndColumn}, rows {window.Row} to {window.EndRow}");
    }
}
