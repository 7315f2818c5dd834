using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace GeoHarm.EndToEnd.Browser;

/// <summary>Archives as others read them: the pmtiles library, MapLibre in headless Chromium, GDAL.</summary>
public sealed class TileBrowserTests : IDisposable
{
    private readonly ScratchFolder folder = new();

    private static string Here => Path.Combine(GeoHarmProcess.Root, "tests", "GeoHarm.EndToEnd", "Browser");

    [Fact]
    public void An_archive_is_served_read_by_pmtiles_and_drawn_by_MapLibre()
    {
        Assert.SkipUnless(Directory.Exists(Path.Combine(Here, "node_modules")), "npm packages are missing: 'make test' installs them through eng/setup");
        var archive = folder["zones.pmtiles"];
        var built = GeoHarmProcess.Run("tiles", "build", Path.Combine(GeoHarmProcess.Root, "data/study/study.gpkg:zones"), "--where", "country=COL", "--columns", "zone,name", "--max-zoom", "7", "--out", archive, "--json");
        Assert.True(built.Code == 0, built.Error);
        JsonElement seen = default;
        Served(archive, address =>
        {
            using var client = new HttpClient();
            var tileJson = JsonDocument.Parse(client.GetStringAsync(address + "tile.json").Result).RootElement;
            Assert.Equal("3.0.0", tileJson.GetProperty("tilejson").GetString());
            Assert.Equal(HttpStatusCode.NoContent, client.GetAsync(address + "5/0/0.pbf").Result.StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, client.GetAsync(address + "2/9/9.pbf").Result.StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, client.GetAsync(address + "../../etc/passwd").Result.StatusCode);
            var tile = client.GetAsync(address + "0/0/0.pbf").Result;
            Assert.Equal("application/vnd.mapbox-vector-tile", tile.Content.Headers.ContentType!.MediaType);
            seen = Drawn(address + "archive", "zones", folder["seen.png"]);
        });
        Assert.True(seen.GetProperty("fault").ValueKind == JsonValueKind.Null, seen.ToString());
        var header = seen.GetProperty("header");
        Assert.Equal((3, 1, true), (header.GetProperty("specVersion").GetInt32(), header.GetProperty("tileType").GetInt32(), header.GetProperty("clustered").GetBoolean()));
        Assert.Equal(built.Json.GetProperty("tiles").GetInt64(), header.GetProperty("tiles").GetInt64());
        Assert.Equal(["zones"], seen.GetProperty("layers").EnumerateArray().Select(l => l.GetString()));
        Assert.Equal(1, seen.GetProperty("tiles").GetProperty("0").GetInt32());

        // Colombia fills about a third of the window around its bounds; all of its zones are on the screen.
        Assert.InRange(seen.GetProperty("drawn").GetProperty("painted").GetDouble(), 0.15, 0.6);
        Assert.InRange(seen.GetProperty("drawn").GetProperty("features").GetInt32(), 25, 40);
        Assert.True(new FileInfo(folder["seen.png"]).Length > 10_000);
    }

    [Fact]
    public void Vector_tiles_are_read_by_GDAL()
    {
        var archive = folder["zones.mbtiles"];
        Assert.Equal(0, GeoHarmProcess.Run("tiles", "build", Path.Combine(GeoHarmProcess.Root, "data/study/study.gpkg:zones"), "--where", "country=COL", "--columns", "zone,name,area_km2", "--max-zoom", "6", "--out", archive).Code);
        using var process = Process.Start(new ProcessStartInfo("ogrinfo", ["-al", "-geom=SUMMARY", archive, "zones"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, said);
        Assert.Contains("POLYGON : ", said);
        Assert.Contains("name (String) = Putumayo", said);
        Assert.Contains("area_km2: Real", said);
        Assert.Matches(@"Feature Count: [3-9]\d\s", said);
    }

    public void Dispose() => folder.Dispose();

    private static void Served(string archive, Action<string> use)
    {
        int port;
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            port = ((IPEndPoint)probe.LocalEndpoint).Port;
        }
        var address = $"http://127.0.0.1:{port}/";
        var end = GeoHarmProcess.RunUnder("", process =>
        {
            try
            {
                using var client = new HttpClient();
                for (var tries = 0; tries < 100; tries++)
                {
                    try
                    {
                        client.GetStringAsync(address + "tile.json").Wait();
                        break;
                    }
                    catch (AggregateException)
                    {
                        Thread.Sleep(100);
                    }
                }
                use(address);
            }
            finally
            {
                GeoHarmProcess.Interrupt(process);
            }
        }, "tiles", "serve", archive, "--url", address);
        Assert.True(end.Code == 0, $"{end.Code} {end.Error}");
    }

    private static JsonElement Drawn(string archive, string layer, string picture)
    {
        using var process = Process.Start(new ProcessStartInfo("node", [Path.Combine(Here, "draw.mjs"), archive, layer, picture]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Here })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(3)), "the browser did not end within three minutes");
        Assert.True(process.ExitCode == 0, error.Result);
        return JsonDocument.Parse(output.Result).RootElement;
    }
}
