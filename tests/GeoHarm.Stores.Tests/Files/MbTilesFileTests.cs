using System.Diagnostics;
using GeoHarm.Stores.Files;

namespace GeoHarm.Stores.Tests.Files;

public sealed class MbTilesFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static readonly (int, int, int, byte[])[] Tiles = [(0, 0, 0, [1, 2, 3]), (1, 0, 1, [4, 5]), (1, 1, 0, new byte[5000])];

    private string Written(string name, bool gzip)
    {
        var path = folder[name];
        Assert.Equal(3, MbTilesFile.Write(path, [("name", "test"), ("format", gzip ? "pbf" : "png"), ("minzoom", "0")], Tiles, gzip));
        return path;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_written_is_read_back(bool gzip)
    {
        using var file = new MbTilesFile(Written("a.mbtiles", gzip));
        Assert.Equal("test", file.Metadata["name"]);
        Assert.All(Tiles, t => Assert.Equal(t.Item4, file.Tile(t.Item1, t.Item2, t.Item3)));
        Assert.Null(file.Tile(1, 0, 0));
        Assert.Equal(Tiles.Select(t => (t.Item1, t.Item2, t.Item3)), file.All().Select(t => (t.Zoom, t.Column, t.Row)));
    }

    [Fact]
    public void The_same_tiles_give_the_same_bytes() => Assert.Equal(File.ReadAllBytes(Written("a.mbtiles", true)), File.ReadAllBytes(Written("b.mbtiles", true)));

    [Fact]
    public void The_north_comes_last_in_the_file_as_the_format_asks()
    {
        using var process = Process.Start(new ProcessStartInfo("ogrinfo", ["-q", "-dialect", "SQLITE", "-sql", "SELECT tile_row FROM tiles WHERE zoom_level = 1 AND tile_column = 0", Sqlite(Written("a.mbtiles", false))]) { RedirectStandardOutput = true })!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Contains("tile_row (Integer) = 0", said);

        // The driver of MBTiles hides the table: under another ending it is plain SQLite.
        static string Sqlite(string path)
        {
            var copy = Path.ChangeExtension(path, ".sqlite");
            File.Copy(path, copy);
            return copy;
        }
    }

    [Fact]
    public void Another_file_is_refused_with_a_reason()
    {
        var path = folder["text.mbtiles"];
        File.WriteAllText(path, "no database");
        Assert.Contains("is no MBTiles file", Assert.Throws<StoreException>(() => new MbTilesFile(path)).Message);
    }

    public void Dispose() => folder.Dispose();
}
