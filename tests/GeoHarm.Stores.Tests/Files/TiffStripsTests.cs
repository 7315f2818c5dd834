using GeoHarm.Gdal.Datasets;
using GeoHarm.Spatial.Statistics;
using GeoHarm.Stores.Files;

namespace GeoHarm.Stores.Tests.Files;

/// <summary>The own decoder of LZW strips against GDAL, on files that GDAL wrote and on damaged ones.</summary>
public sealed class TiffStripsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("geoharm-strips-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(1, "ENDIANNESS=LITTLE")]
    [InlineData(1, "ENDIANNESS=BIG")]
    [InlineData(5, "BIGTIFF=YES")]
    public void Strips_equal_the_cells_written_on_random_rasters(int rows, string option)
    {
        var seed = (ulong)Environment.TickCount64;
        var random = new CounterRandom(seed, 0, 0);
        for (var round = 0; round < 12; round++)
        {
            var (width, height) = (1 + random.NextBelow(round % 3 == 0 ? 9000 : 300), 1 + random.NextBelow(40));
            var cells = Cells(ref random, width * height, round % 6);
            var path = Write($"r{round}.tif", width, height, cells, ["COMPRESS=LZW", $"BLOCKYSIZE={rows}", option]);
            using var strips = TiffStrips.Open(path, width, height, width, Math.Min(rows, height));
            Assert.NotNull(strips);
            var read = new byte[width * height];
            for (var strip = (height - 1) / rows; strip >= 0; strip--) Assert.True(strips.TryRead(strip, read.AsSpan(strip * rows * width)), $"seed {seed} round {round} strip {strip}");
            // Backwards, a strip may spill into the one behind it: forwards again gives what the reader gives.
            for (var strip = 0; strip * rows < height; strip++) Assert.True(strips.TryRead(strip, read.AsSpan(strip * rows * width)));
            Assert.True(cells.AsSpan().SequenceEqual(read), $"seed {seed} round {round}: {width} x {height}");
            if (rows > 1) continue;
            // The first cells alone, side by side, as a window that ends in the row reads them.
            var wanted = 1 + random.NextBelow(width);
            for (var row = 0; row < height; row++) Assert.True(strips.TryRead(row, read.AsSpan(row * wanted, wanted), wanted));
            for (var row = 0; row < height; row++) Assert.True(cells.AsSpan(row * width, wanted).SequenceEqual(read.AsSpan(row * wanted, wanted)), $"seed {seed} round {round}: {wanted} of {width}");
        }
    }

    [Theory]
    [InlineData("COMPRESS=LZW", "PREDICTOR=2")]
    [InlineData("COMPRESS=DEFLATE")]
    [InlineData("COMPRESS=LZW", "TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64")]
    public void Other_kinds_are_left_to_the_library(params string[] options)
    {
        var path = Write("other.tif", 64, 64, new byte[64 * 64], options);
        Assert.Null(TiffStrips.Open(path, 64, 64, 64, 1));
        Assert.Null(TiffStrips.Open(Path.Combine(folder, "none.tif"), 64, 64, 64, 1));
    }

    [Fact]
    public void Damaged_strips_are_refused_or_decoded_within_their_bounds()
    {
        var seed = (ulong)Environment.TickCount64;
        var random = new CounterRandom(seed, 1, 0);
        var cells = Cells(ref random, 3000, 2);
        var path = Write("whole.tif", 3000, 1, cells, ["COMPRESS=LZW", "BLOCKYSIZE=1"]);
        using var raster = RasterDataset.Open(path, DriverProfile.OwnFiles);
        var (offset, size) = raster.Band().BlockBytes(0, 0)!.Value;
        var coded = File.ReadAllBytes(path).AsSpan((int)offset, (int)size).ToArray();
        var (buffer, table, target) = (new byte[coded.Length + LzwStrip.Slack], LzwStrip.NewTable(), new byte[3000 + 64]);
        for (var round = 0; round < 20_000; round++)
        {
            coded.CopyTo(buffer, 0);
            for (var flips = 1 + random.NextBelow(3); flips > 0; flips--) buffer[random.NextBelow(coded.Length)] ^= (byte)(1 << random.NextBelow(8));
            var count = round % 2 == 0 ? coded.Length : random.NextBelow(coded.Length + 1);
            target.AsSpan().Fill(0xA5);
            _ = LzwStrip.Decode(buffer, 0, count, target.AsSpan(0, 3000), 3000, 3000, table);
            Assert.True(target.AsSpan(3000).IndexOfAnyExcept((byte)0xA5) < 0, $"seed {seed} round {round}: written past the end");
            var wanted = 1 + random.NextBelow(3000);
            _ = LzwStrip.Decode(buffer, 0, count, target.AsSpan(0, wanted), 3000, wanted, table);
        }
        Assert.True(LzwStrip.Decode([.. coded, .. new byte[LzwStrip.Slack]], 0, coded.Length, target, 3000, 3000, table));
        Assert.True(cells.AsSpan().SequenceEqual(target.AsSpan(0, 3000)));
    }

    // Nothing, noise, runs of zeros with speckle, long runs, few values, one value.
    private static byte[] Cells(ref CounterRandom random, int count, int kind)
    {
        var cells = new byte[count];
        var (value, left) = ((byte)0, 0);
        for (var i = 0; i < count; i++)
        {
            if (left-- == 0) (value, left) = ((byte)random.NextBelow(kind == 3 ? 256 : 24), 1 + random.NextBelow(kind == 3 ? 700 : 5));
            cells[i] = kind switch
            {
                0 => 0,
                1 => (byte)random.NextBelow(256),
                2 => random.NextBelow(20) == 0 ? value : (byte)0,
                5 => 7,
                _ => value,
            };
        }
        return cells;
    }

    private string Write(string name, int width, int height, byte[] cells, string[] options)
    {
        var path = Path.Combine(folder, name);
        using var made = RasterDataset.Create(path, "GTiff", width, height, 1, PixelType.UInt8, new GeoTransform(-77, 0.001, 0, 4, 0, -0.001), SpatialReference.FromEpsg(4326), options);
        made.Band().Write<byte>(0, 0, width, height, cells);
        made.Complete();
        return path;
    }
}
