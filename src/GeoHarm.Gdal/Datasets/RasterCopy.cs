using System.Globalization;
using GeoHarm.Gdal.Native;

namespace GeoHarm.Gdal.Datasets;

/// <summary>How a cloud-optimized GeoTIFF is written.</summary>
/// <param name="Compression">GDAL's name: DEFLATE reads everywhere; ZSTD is faster where libtiff has it.</param>
/// <param name="Level">Compression effort, 1 to 9; 6 is where DEFLATE's gain flattens.</param>
/// <param name="BlockSize">Side of a tile in cells, a multiple of 16; 512 is the COG driver's own default.</param>
/// <param name="OverviewResampling">NEAREST for classes and years, AVERAGE for quantities.</param>
public sealed record CogOptions(string Compression = "DEFLATE", int Level = 6, int BlockSize = 512, string OverviewResampling = "NEAREST");

/// <summary>Writes whole rasters from whole rasters: COG copies and warped copies. On failure or cancellation the
/// unfinished target is deleted.</summary>
public static unsafe class RasterCopy
{
    /// <summary>Writes a cloud-optimized GeoTIFF of a dataset.</summary>
    public static void WriteCog(RasterDataset source, string path, CogOptions options, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var predictor = options.Compression is "DEFLATE" or "ZSTD" or "LZW" ? "PREDICTOR=YES" : "PREDICTOR=NO";
        string[] creation =
        [
            $"COMPRESS={options.Compression}",
            string.Create(CultureInfo.InvariantCulture, $"LEVEL={options.Level}"),
            string.Create(CultureInfo.InvariantCulture, $"BLOCKSIZE={options.BlockSize}"),
            $"OVERVIEW_RESAMPLING={options.OverviewResampling}",
            predictor,
            "BIGTIFF=IF_SAFER",
        ];
        Copy(source, path, "COG", creation, progress, cancellation);
    }

    /// <summary>Copies a dataset into another format that GDAL can create from a whole dataset.</summary>
    public static void Copy(
        RasterDataset source, string path, string driver, IEnumerable<string> creationOptions, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var from = source.Handle.Enter();
        var native = Libgdal.GetDriverByName(driver);
        if (native == 0) throw new NotSupportedException($"This libgdal has no driver '{driver}'.");
        using var creation = new TextList(creationOptions);
        using var relay = new ProgressRelay(progress, cancellation);
        Finish(path, relay, () => Libgdal.CreateCopy(native, path, from, 0, creation.Pointer, ProgressRelay.Callback, relay.Data), cancellation);
    }

    /// <summary>Warps sources into a new file. Arguments are those of the gdalwarp program, without file names, such as
    /// <c>-t_srs EPSG:6933 -tr 1000 1000 -r average -of COG</c>; the sources must be open on this thread.</summary>
    public static void Warp(
        IReadOnlyList<RasterDataset> sources, string path, IEnumerable<string> arguments, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        if (sources.Count == 0) throw new ArgumentException("There is nothing to warp.", nameof(sources));
        var natives = sources.Select(s => s.Handle.Enter()).ToArray();
        using var list = new TextList(arguments);
        using var relay = new ProgressRelay(progress, cancellation);
        nint options = 0;
        try
        {
            Finish(path, relay, () =>
            {
                options = Libgdal.WarpOptionsNew(list.Pointer, 0);
                if (options == 0) return 0;
                Libgdal.WarpOptionsSetProgress(options, ProgressRelay.Callback, relay.Data);
                fixed (nint* first = natives) return Libgdal.Warp(path, 0, natives.Length, first, options, out _);
            }, cancellation);
        }
        finally
        {
            if (options != 0) Libgdal.WarpOptionsFree(options);
        }
    }

    private static void Finish(string path, ProgressRelay relay, Func<nint> make, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var complete = false;
        try
        {
            using var trap = ErrorTrap.Enter();
            var made = make();
            var said = trap.Messages();
            if (made != 0) _ = Libgdal.Close(made);
            if (relay.Thrown is { } thrown) throw new InvalidOperationException("The progress receiver failed.", thrown);
            cancellation.ThrowIfCancellationRequested();
            if (said.Any(m => m.Severity == GdalSeverity.Error)) throw new GdalException($"write {Path.GetFileName(path)}", said);
            trap.Check(made != 0, $"write {Path.GetFileName(path)}");
            complete = true;
        }
        finally
        {
            if (!complete) _ = Libgdal.Unlink(path);
        }
    }
}
