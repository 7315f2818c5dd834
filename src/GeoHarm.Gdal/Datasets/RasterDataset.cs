using System.Globalization;
using GeoHarm.Gdal.Native;

namespace GeoHarm.Gdal.Datasets;

/// <summary>Affine map from (column, row) to coordinates: x = OriginX + column PixelWidth + row RotationX,
/// y = OriginY + column RotationY + row PixelHeight; PixelHeight is negative where north is up.</summary>
/// <param name="OriginX">x of the outer corner of cell (0, 0).</param>
/// <param name="PixelWidth">x of one column.</param>
/// <param name="RotationX">x of one row.</param>
/// <param name="OriginY">y of the outer corner of cell (0, 0).</param>
/// <param name="RotationY">y of one column.</param>
/// <param name="PixelHeight">y of one row.</param>
public readonly record struct GeoTransform(double OriginX, double PixelWidth, double RotationX, double OriginY, double RotationY, double PixelHeight)
{
    /// <summary>Whether rows run east-west and columns north-south.</summary>
    public bool IsAligned => RotationX == 0 && RotationY == 0;
}

/// <summary>An open raster; belongs to the thread that opened it.</summary>
public sealed unsafe class RasterDataset : IDisposable
{
    private const uint OpenRaster = 0x02;
    private const uint OpenUpdate = 0x01;
    private const uint OpenVerbose = 0x40;
    private readonly string path;

    internal RasterDataset(DatasetHandle handle, string path)
    {
        (Handle, this.path) = (handle, path);
        var native = handle.Enter();
        (Width, Height, BandCount) = (Libgdal.RasterWidth(native), Libgdal.RasterHeight(native), Libgdal.RasterCount(native));
    }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Bands.</summary>
    public int BandCount { get; }

    /// <summary>GDAL short name of the format.</summary>
    public string Driver => Libgdal.Text(Libgdal.GetDriverShortName(Libgdal.GetDatasetDriver(Handle.Enter())));

    /// <summary>Where the cells lie; null where the file does not say.</summary>
    public GeoTransform? Transform
    {
        get
        {
            var six = stackalloc double[6];
            var native = Handle.Enter();
            using var trap = ErrorTrap.Enter();
            return Libgdal.GetGeoTransform(native, six) == 0 ? new GeoTransform(six[0], six[1], six[2], six[3], six[4], six[5]) : null;
        }
    }

    /// <summary>Coordinate system; null where the file does not say.</summary>
    public SpatialReference? Reference => SpatialReference.FromBorrowed(Libgdal.GetSpatialRef(Handle.Enter()));

    internal DatasetHandle Handle { get; }

    /// <summary>Opens a raster under a profile and checks its declared size against the profile's limits before a cell is
    /// read. Throws <see cref="GdalException"/> when GDAL cannot, <see cref="InvalidDataException"/> when it is too large.</summary>
    public static RasterDataset Open(string path, DriverProfile profile, bool update = false, IEnumerable<string>? options = null)
    {
        var handle = DatasetHandle.Open(path, profile, OpenRaster | OpenVerbose | (update ? OpenUpdate : 0), options ?? []);
        try
        {
            var raster = new RasterDataset(handle, path);
            raster.RequireWithin(profile);
            return raster;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Makes a new raster to be written window by window; north-up transform and reference may be null.</summary>
    public static RasterDataset Create(
        string path, string driver, int width, int height, int bands, PixelType type, GeoTransform? transform, SpatialReference? reference, IEnumerable<string>? options = null)
    {
        var profile = DriverProfile.OwnFiles;
        GdalRuntime.Use(profile);
        using var creation = new TextList(options ?? []);
        DatasetHandle handle;
        using (var trap = ErrorTrap.Enter())
        {
            var native = Libgdal.GetDriverByName(driver);
            if (native == 0) throw new NotSupportedException($"This libgdal has no driver '{driver}'.");
            var made = Libgdal.Create(native, path, width, height, bands, type.ToGdal(), creation.Pointer);
            handle = DatasetHandle.Adopt(trap, made, profile, path, $"create {Path.GetFileName(path)}");
        }
        var raster = new RasterDataset(handle, path);
        raster.Place(transform, reference);
        return raster;
    }

    /// <summary>Band by number from 1.</summary>
    public RasterBand Band(int number = 1)
    {
        var native = Handle.Enter();
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, BandCount);
        return new RasterBand(Handle, Libgdal.GetRasterBand(native, number), string.Create(CultureInfo.InvariantCulture, $"band {number} of {Handle.FileName}"));
    }

    /// <summary>A metadata item of the dataset; null where there is none.</summary>
    public string? Metadata(string name, string? domain = null)
    {
        var text = Libgdal.GetMetadataItem(Handle.Enter(), name, domain);
        return text is null ? null : Libgdal.Text(text);
    }

    /// <summary>Sets a metadata item.</summary>
    public void SetMetadata(string name, string value, string? domain = null)
    {
        var native = Handle.Enter();
        using var trap = ErrorTrap.Enter();
        trap.Check(Libgdal.SetMetadataItem(native, name, value, domain) == 0, $"write metadata of {Handle.FileName}");
    }

    /// <summary>Throws <see cref="InvalidDataException"/> when a TIFF ends before its blocks do. Looks at the block table
    /// only: at most 4,096 blocks spread over the band, and always the last.</summary>
    public void RequireComplete()
    {
        const int sample = 4096;
        if (BandCount == 0 || Driver is not ("GTiff" or "COG") || !File.Exists(path)) return;
        var length = new FileInfo(path).Length;
        var band = Band();
        var across = (band.Width + band.BlockWidth - 1) / band.BlockWidth;
        var blocks = (long)across * ((band.Height + band.BlockHeight - 1) / band.BlockHeight);
        var step = Math.Max(1, blocks / sample);
        for (var i = blocks - 1; i >= 0; i -= step)
        {
            if (band.BlockBytes((int)(i % across), (int)(i / across)) is not { } bytes || bytes.Offset + bytes.Length <= length) continue;
            throw new InvalidDataException(
                $"{Handle.FileName} is truncated: a block ends at byte {bytes.Offset + bytes.Length}, the file at {length}. Download it again and compare its size or hash with the source.");
        }
    }

    /// <summary>Finishes writing and closes; throws what GDAL reports while it does.</summary>
    public void Complete() => Handle.CloseChecked();

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();

    private void Place(GeoTransform? transform, SpatialReference? reference)
    {
        var native = Handle.Enter();
        using var trap = ErrorTrap.Enter();
        if (transform is { } t)
        {
            var six = stackalloc double[] { t.OriginX, t.PixelWidth, t.RotationX, t.OriginY, t.RotationY, t.PixelHeight };
            trap.Check(Libgdal.SetGeoTransform(native, six) == 0, $"place {Handle.FileName}");
        }
        if (reference is null) return;
        var system = reference.ToNative();
        var failed = Libgdal.SetSpatialRef(native, system);
        Libgdal.ReleaseReference(system);
        trap.Check(failed == 0, $"set the coordinate system of {Handle.FileName}");
    }

    private void RequireWithin(DriverProfile profile)
    {
        var limits = profile.Limits;
        if (BandCount > limits.MaxBands) throw TooLarge($"{BandCount} bands", $"{limits.MaxBands}", "Split it.");
        if ((double)Width * Height > limits.MaxPixels) throw TooLarge($"{Width} x {Height} cells", $"{limits.MaxPixels:G3} cells", "Cut out the part you need (gdal_translate -projwin).");
        for (var i = 1; i <= Math.Min(BandCount, limits.MaxBands); i++)
        {
            var band = Band(i);
            var bytes = (double)band.BlockWidth * band.BlockHeight * band.Type.Bytes();
            if (bytes > limits.MaxBlockBytes)
            {
                throw TooLarge($"blocks of {band.BlockWidth} x {band.BlockHeight} cells", $"{limits.MaxBlockBytes >> 20} MiB a block", "Rewrite it in tiles (gdal_translate -of COG).");
            }
        }
    }

    private InvalidDataException TooLarge(string has, string limit, string remedy) =>
        new($"{Handle.FileName} has {has}, more than the limit of {limit}. {remedy}");
}
