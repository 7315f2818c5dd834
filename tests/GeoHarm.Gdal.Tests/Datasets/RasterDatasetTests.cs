using System.Numerics;
using GeoHarm.Gdal.Datasets;

namespace GeoHarm.Gdal.Tests.Datasets;

public sealed class RasterDatasetTests : IDisposable
{
    private static readonly GeoTransform Degrees = new(-75, 0.25, 0, 5, 0, -0.25);
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void The_versions_in_use_are_known()
    {
        var versions = GdalRuntime.Versions;
        Assert.Matches(@"^3\.\d+\.\d+", versions.Gdal);
        Assert.Matches(@"^\d+\.\d+\.\d+$", versions.Proj);
    }

    [Fact]
    public void Every_cell_type_comes_back_as_it_went()
    {
        RoundTrip<byte>(PixelType.UInt8, 0, 255, 7);
        RoundTrip<ushort>(PixelType.UInt16, 0, 65535, 7);
        RoundTrip<short>(PixelType.Int16, -32768, 32767, 7);
        RoundTrip<uint>(PixelType.UInt32, 0, uint.MaxValue, 7);
        RoundTrip(PixelType.Int32, int.MinValue, int.MaxValue, 7);
        RoundTrip(PixelType.UInt64, 0UL, ulong.MaxValue, 7UL);
        RoundTrip(PixelType.Int64, long.MinValue, long.MaxValue, 7L);
        RoundTrip(PixelType.Float32, -1.5f, float.MaxValue, float.NaN);
        RoundTrip(PixelType.Float64, -1.5, double.MaxValue, double.NaN);
        RoundTrip(PixelType.Complex, new Complex(1, -2), new Complex(3.5, 0), Complex.Zero);
    }

    [Fact]
    public void Transform_system_no_data_and_geometry_of_blocks_come_back()
    {
        var path = scratch.File("placed.tif");
        using (var made = RasterDataset.Create(path, "GTiff", 100, 60, 2, PixelType.Int16, Degrees, SpatialReference.FromEpsg(4326), ["TILED=YES", "BLOCKXSIZE=32", "BLOCKYSIZE=16"]))
        {
            made.Band().NoData = -9999;
            made.SetMetadata("YEAR", "2017");
            made.Complete();
        }
        using var raster = RasterDataset.Open(path, DriverProfile.Upload);
        var band = raster.Band(2);
        Assert.Equal((100, 60, 2, "GTiff"), (raster.Width, raster.Height, raster.BandCount, raster.Driver));
        Assert.Equal(Degrees, raster.Transform);
        Assert.True(raster.Transform!.Value.IsAligned);
        Assert.Equal(4326, raster.Reference!.Epsg);
        Assert.True(raster.Reference.IsGeographic);
        Assert.Equal((32, 16, PixelType.Int16), (band.BlockWidth, band.BlockHeight, band.Type));
        Assert.Equal(-9999, raster.Band().NoData);
        Assert.Equal("2017", raster.Metadata("YEAR"));
        Assert.Equal(0, band.OverviewCount);
    }

    [Fact]
    public void A_block_equals_the_window_it_covers()
    {
        var path = Numbered("blocks.tif", 70, 50, ["TILED=YES", "BLOCKXSIZE=32", "BLOCKYSIZE=16"]);
        using var raster = RasterDataset.Open(path, DriverProfile.OwnFiles);
        var band = raster.Band();
        var block = new ushort[32 * 16];
        var window = new ushort[32 * 16];
        band.ReadBlock(1, 2, block.AsSpan());
        band.Read<ushort>(32, 32, 32, 16, window);
        Assert.Equal(window, block);
        Assert.Equal((ushort)(32 * 70 + 32), block[0]);
        Assert.Throws<ArgumentException>(() => band.ReadBlock(0, 0, new byte[512].AsSpan()));
        Assert.Throws<ArgumentOutOfRangeException>(() => band.ReadBlock(3, 0, block.AsSpan()));
    }

    [Fact]
    public void A_window_outside_or_a_short_buffer_is_refused_before_gdal_sees_it()
    {
        using var raster = RasterDataset.Open(Numbered("edge.tif", 20, 10, []), DriverProfile.OwnFiles);
        var band = raster.Band();
        Assert.Throws<ArgumentOutOfRangeException>(() => band.Read<ushort>(15, 0, 6, 1, new ushort[6]));
        Assert.Throws<ArgumentOutOfRangeException>(() => band.Read<ushort>(int.MaxValue, 0, int.MaxValue, 1, new ushort[6]));
        Assert.Throws<ArgumentException>(() => band.Read<ushort>(0, 0, 6, 2, new ushort[11]));
        Assert.Throws<ArgumentOutOfRangeException>(() => raster.Band(2));
    }

    [Fact]
    public void A_dataset_refuses_a_second_thread()
    {
        using var raster = RasterDataset.Open(Numbered("thread.tif", 20, 10, []), DriverProfile.OwnFiles);
        var band = raster.Band();
        Exception? thrown = null;
        var other = new Thread(() => thrown = Record.Exception(() => band.Read<ushort>(0, 0, 2, 2, new ushort[4])));
        other.Start();
        other.Join();
        Assert.Contains("one thread", Assert.IsType<InvalidOperationException>(thrown).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Eight_threads_with_a_handle_each_read_the_same()
    {
        var path = Numbered("many.tif", 300, 200, ["TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64", "COMPRESS=DEFLATE"]);
        var sums = new long[8];
        Parallel.For(0, sums.Length, i =>
        {
            using var raster = RasterDataset.Open(path, DriverProfile.OwnFiles);
            var all = new ushort[300 * 200];
            raster.Band().Read<ushort>(0, 0, 300, 200, all);
            sums[i] = all.Sum(v => (long)v);
        });
        Assert.All(sums, s => Assert.Equal(300L * 200 * (300 * 200 - 1) / 2, s));
    }

    [Fact]
    public void Errors_carry_gdals_number_and_words_and_name_the_file()
    {
        var missing = Assert.Throws<GdalException>(() => RasterDataset.Open(scratch.File("none.tif"), DriverProfile.OwnFiles));
        Assert.Contains("none.tif", missing.Message, StringComparison.Ordinal);
        Assert.Equal(4, missing.Number);
        var text = scratch.Write("text.tif", "not a raster at all");
        Assert.Throws<GdalException>(() => RasterDataset.Open(text, DriverProfile.Upload));
    }

    [Fact]
    public void A_truncated_tiff_is_told_before_reading_and_fails_on_reading()
    {
        var path = Numbered("cut.tif", 500, 500, ["TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64"]);
        using (var whole = RasterDataset.Open(path, DriverProfile.OwnFiles)) whole.RequireComplete();
        using (var file = File.OpenWrite(path)) file.SetLength(file.Length - 5000);
        using var raster = RasterDataset.Open(path, DriverProfile.OwnFiles);
        Assert.Contains("truncated", Assert.Throws<InvalidDataException>(raster.RequireComplete).Message, StringComparison.Ordinal);
        var failed = Assert.Throws<GdalException>(() => raster.Band().Read<ushort>(0, 0, 500, 500, new ushort[250_000]));
        Assert.NotEmpty(failed.Messages);
    }

    [Fact]
    public void Rasters_too_large_are_refused_from_their_header()
    {
        var vrt = """<VRTDataset rasterXSize="2000000000" rasterYSize="2000000000"><VRTRasterBand dataType="Byte" band="1"/></VRTDataset>""";
        var huge = scratch.Write("huge.vrt", vrt);
        Assert.Contains("limit", Assert.Throws<InvalidDataException>(() => RasterDataset.Open(huge, DriverProfile.OwnFiles)).Message, StringComparison.Ordinal);
        var block = scratch.File("block.tif");
        using (var made = RasterDataset.Create(block, "GTiff", 30_000, 30_000, 1, PixelType.UInt8, Degrees, null, ["TILED=YES", "BLOCKXSIZE=30000", "BLOCKYSIZE=30000", "SPARSE_OK=TRUE"])) made.Complete();
        Assert.Contains("MiB a block", Assert.Throws<InvalidDataException>(() => RasterDataset.Open(block, DriverProfile.OwnFiles)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Uploads_open_no_vrt_under_any_name_and_no_address()
    {
        var target = Numbered("target.tif", 10, 10, []);
        var vrt = $"""<VRTDataset rasterXSize="10" rasterYSize="10"><VRTRasterBand dataType="UInt16" band="1"><SimpleSource><SourceFilename>{target}</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>""";
        var evil = scratch.Write("evil.tif", vrt);
        Assert.Throws<GdalException>(() => RasterDataset.Open(evil, DriverProfile.Upload));
        using (var own = RasterDataset.Open(evil, DriverProfile.OwnFiles)) Assert.Equal(10, own.Width);
        foreach (var name in new[] { "/vsicurl/http://127.0.0.1:9/a.tif", "http://127.0.0.1:9/a.tif", "/vsimem/a.tif", "MEM:::", "PG:dbname=x", "CSV:a.csv", "<VRTDataset/>", "a\0b.tif" })
        {
            Assert.ThrowsAny<ArgumentException>(() => RasterDataset.Open(name, DriverProfile.Upload));
        }
        Assert.ThrowsAny<ArgumentException>(() => RasterDataset.Open("/vsizip//vsicurl/http://x/a.zip", DriverProfile.OwnFiles));
        Assert.False(GdalRuntime.HasDriver("WMS"));
        Assert.False(GdalRuntime.HasDriver("HTTP"));
    }

    [Fact]
    public void A_cloud_optimized_copy_has_overviews_and_equal_cells()
    {
        var path = Numbered("source.tif", 1200, 900, []);
        using var source = RasterDataset.Open(path, DriverProfile.OwnFiles);
        var shares = new List<double>();
        RasterCopy.WriteCog(source, scratch.File("cog.tif"), new CogOptions(BlockSize: 256), new Direct(shares.Add));
        using var cog = RasterDataset.Open(scratch.File("cog.tif"), DriverProfile.Upload);
        Assert.Equal("COG", cog.Metadata("LAYOUT", "IMAGE_STRUCTURE"));
        var band = cog.Band();
        Assert.Equal(256, band.BlockWidth);
        Assert.True(band.OverviewCount >= 1);
        Assert.Equal(600, band.Overview(0).Width);
        var (left, right) = (new ushort[1200 * 900], new ushort[1200 * 900]);
        source.Band().Read<ushort>(0, 0, 1200, 900, left);
        band.Read<ushort>(0, 0, 1200, 900, right);
        Assert.Equal(left, right);
        Assert.True(shares.Count > 2 && shares[^1] > 0.99);
    }

    [Fact]
    public void Cancelling_stops_gdal_and_leaves_no_file()
    {
        using var source = RasterDataset.Open(Numbered("long.tif", 2000, 2000, []), DriverProfile.OwnFiles);
        using var stop = new CancellationTokenSource();
        var target = scratch.File("half.tif");
        Assert.Throws<OperationCanceledException>(() => RasterCopy.WriteCog(source, target, new CogOptions(), new Direct(s => { if (s > 0.3) stop.Cancel(); }), stop.Token));
        Assert.False(File.Exists(target));
    }

    [Fact]
    public void Warping_to_an_equal_area_grid_keeps_the_area_of_a_class()
    {
        var path = scratch.File("class.tif");
        using (var made = RasterDataset.Create(path, "GTiff", 400, 400, 1, PixelType.UInt8, new GeoTransform(-75, 0.01, 0, 4, 0, -0.01), SpatialReference.FromEpsg(4326)))
        {
            var ones = new byte[400 * 400];
            Array.Fill(ones, (byte)1);
            made.Band().Write<byte>(0, 0, 400, 400, ones);
            made.Complete();
        }
        using var source = RasterDataset.Open(path, DriverProfile.OwnFiles);
        RasterCopy.Warp([source], scratch.File("equal.tif"), ["-t_srs", "EPSG:6933", "-tr", "1000", "1000", "-of", "GTiff"]);
        using var warped = RasterDataset.Open(scratch.File("equal.tif"), DriverProfile.OwnFiles);
        var cells = new byte[warped.Width * warped.Height];
        warped.Band().Read<byte>(0, 0, warped.Width, warped.Height, cells);
        Assert.Equal(6933, warped.Reference!.Epsg);
        // 4 x 4 degrees at the equator: 445.28 km x 442.28 km on the ellipsoid, less a fringe of cells.
        Assert.InRange(cells.Sum(c => (long)c), 196_000, 197_800);
        Assert.Throws<GdalException>(() => RasterCopy.Warp([source], scratch.File("bad.tif"), ["-t_srs", "no such system"]));
    }

    private string Numbered(string name, int width, int height, string[] options)
    {
        var path = scratch.File(name);
        using var made = RasterDataset.Create(path, "GTiff", width, height, 1, PixelType.UInt16, Degrees, SpatialReference.FromEpsg(4326), options);
        made.Band().Write<ushort>(0, 0, width, height, Enumerable.Range(0, width * height).Select(i => (ushort)i).ToArray());
        made.Complete();
        return path;
    }

    private void RoundTrip<T>(PixelType type, params T[] values) where T : unmanaged
    {
        var path = scratch.File($"{type}.tif");
        using (var made = RasterDataset.Create(path, "GTiff", values.Length, 1, 1, type, null, null))
        {
            made.Band().Write<T>(0, 0, values.Length, 1, values);
            made.Complete();
        }
        using var raster = RasterDataset.Open(path, DriverProfile.OwnFiles);
        var back = new T[values.Length];
        raster.Band().Read<T>(0, 0, values.Length, 1, back);
        Assert.Equal(type, raster.Band().Type);
        Assert.Equal(values, back);
    }

    private sealed class Direct(Action<double> receive) : IProgress<double>
    {
        public void Report(double value) => receive(value);
    }
}
