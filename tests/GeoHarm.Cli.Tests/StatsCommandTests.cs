using System.Globalization;
using System.Text.Json;
using GeoHarm.Gdal.Datasets;
using GeoHarm.Stores.Files;

namespace GeoHarm.Cli.Tests;

public sealed class StatsCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("geoharm-stats-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("queen", 2 * (12 + 8))]
    [InlineData("rook", 2 * 12)]
    [InlineData("knn:2", 9 * 2)]
    [InlineData("distance:11", 2 * 12)]
    [InlineData("ring:11-15", 2 * 8)]
    public void Each_kind_of_weights_links_the_squares_of_a_board(string weights, int links)
    {
        // Nine squares of 10 km: 12 borders, 8 corners; neighbours in a row lie 10 km apart, over a corner 14.1 km.
        var (code, output, error) = CommandLineTests.Run("stats", "moran", "--zones", Board(), "--value", "ha", "--weights", weights, "--permutations", "99", "--json");
        Assert.True(code == ExitCode.Ok, output + error);
        Assert.Equal(links, JsonDocument.Parse(output).RootElement.GetProperty("links").GetInt32());
    }

    [Theory]
    [InlineData("ring:15-11")]
    [InlineData("ring:11")]
    [InlineData("knn:9")]
    [InlineData("none")]
    public void Weights_that_are_none_are_refused(string weights) =>
        Assert.Equal(ExitCode.Usage, CommandLineTests.Run("stats", "moran", "--zones", Board(), "--value", "ha", "--weights", weights).Code);

    [Theory]
    [InlineData("local-moran")]
    [InlineData("gi")]
    public void Local_statistics_come_as_a_table_and_as_a_layer(string verb)
    {
        var (table, layer) = (Path.Combine(folder, "local.csv"), Path.Combine(folder, "local.gpkg"));
        foreach (var target in new[] { table, layer })
        {
            var (code, output, _) = CommandLineTests.Run("stats", verb, "--zones", Board(), "--value", "ha", "--id", "code", "--permutations", "199", "--json", "--out", target);
            Assert.Equal(ExitCode.Ok, code);
            var unit = JsonDocument.Parse(output).RootElement.GetProperty("units")[4];
            foreach (var key in new[] { "id", "i", "p", "q", "cluster" }) Assert.True(unit.TryGetProperty(key, out _), key);
            Assert.True(unit.GetProperty("q").GetDouble() >= unit.GetProperty("p").GetDouble());
        }
        Assert.Equal(10, File.ReadAllLines(table).Length);
        using var store = GeoHarm.Stores.GeoPackage.GeoPackageStore.OpenReadOnly(layer);
        Assert.Equal(9, store.Read(verb.Replace('-', '_')).RowCount);
    }

    [Fact]
    public void Density_keeps_the_amount_and_is_highest_where_it_lies()
    {
        var target = Path.Combine(folder, "density.tif");
        var (code, output, error) = CommandLineTests.Run("stats", "density", "--zones", Board(), "--value", "ha", "--radius-km", "40", "--cell-km", "2", "--json", "--out", target);
        Assert.True(code == ExitCode.Ok, output + error);
        var document = JsonDocument.Parse(output).RootElement;
        Assert.Equal(45, document.GetProperty("total").GetDouble());
        Assert.Equal(1, document.GetProperty("spread").GetDouble() / 45, 0.005);
        var raster = GdalRaster.Open(target);
        var cells = new double[raster.Grid.CellCount];
        using (var reader = raster.OpenReader()) reader.Read(new GeoHarm.Spatial.Rasters.RasterWindow(0, 0, raster.Grid.Width, raster.Grid.Height), cells);
        Assert.Equal(document.GetProperty("highest").GetDouble(), cells.Max(), 1e-6);
        Assert.Equal(45, cells.Sum() * 4, 0.5);
        Assert.Equal(ExitCode.Usage, CommandLineTests.Run("stats", "density", "--zones", Board(), "--value", "ha", "--cell-km", "0.1", "--out", target, "--force").Code);
    }

    [Fact]
    public void Distances_are_those_to_the_nearest_source_in_metres()
    {
        var (path, target) = (Path.Combine(folder, "sources.tif"), Path.Combine(folder, "metres.tif"));
        using (var made = RasterDataset.Create(path, "GTiff", 50, 40, 1, PixelType.UInt8, new GeoTransform(1_000_000, 30, 0, 2_000_000, 0, -30), SpatialReference.FromEpsg(9377)))
        {
            var sources = new byte[50 * 40];
            (sources[3 * 50 + 4], sources[30 * 50 + 45], sources[10 * 50 + 10]) = (7, 9, 2);
            made.Band().Write<byte>(0, 0, 50, 40, sources);
            made.Complete();
        }
        var (code, output, error) = CommandLineTests.Run("stats", "distance", path, "--at-least", "5", "--json", "--out", target);
        Assert.True(code == ExitCode.Ok, output + error);
        Assert.Equal(2, JsonDocument.Parse(output).RootElement.GetProperty("sources").GetInt32());
        var raster = GdalRaster.Open(target);
        var metres = new double[50 * 40];
        using (var reader = raster.OpenReader()) reader.Read(new GeoHarm.Spatial.Rasters.RasterWindow(0, 0, 50, 40), metres);
        for (var row = 0; row < 40; row++)
        {
            for (var column = 0; column < 50; column++)
            {
                var plain = 30 * Math.Min(double.Hypot(column - 4, row - 3), double.Hypot(column - 45, row - 30));
                Assert.Equal(plain, metres[row * 50 + column], 1e-3);
            }
        }
        Assert.Equal(metres.Max(), JsonDocument.Parse(output).RootElement.GetProperty("farthestM").GetDouble(), 1e-3);
    }

    [Fact]
    public void Distances_in_degrees_are_refused_with_the_remedy()
    {
        var path = Path.Combine(folder, "degrees.tif");
        using (var made = RasterDataset.Create(path, "GTiff", 5, 5, 1, PixelType.UInt8, new GeoTransform(-77, 0.1, 0, 4, 0, -0.1), SpatialReference.FromEpsg(4326))) made.Complete();
        var (code, output, _) = CommandLineTests.Run("stats", "distance", path, "--json", "--out", Path.Combine(folder, "metres.tif"));
        Assert.Equal(ExitCode.Input, code);
        Assert.Equal("GH3117", JsonDocument.Parse(output).RootElement.GetProperty("faults")[0].GetProperty("code").GetString());
        Assert.Equal([path], Directory.GetFiles(folder));
    }

    // Nine squares of 10 km in a national plane, amounts 1 to 9.
    private string Board()
    {
        var path = Path.Combine(folder, "board.geojson");
        var squares = Enumerable.Range(0, 9).Select(i =>
        {
            var (x, y) = (4_700_000 + 10_000 * (i % 3), 2_000_000 + 10_000 * (i / 3));
            string At(int dx, int dy) => string.Create(CultureInfo.InvariantCulture, $"[{x + dx},{y + dy}]");
            return $$$"""{"type":"Feature","properties":{"code":"s{{{i}}}","ha":{{{i + 1}}}},"geometry":{"type":"Polygon","coordinates":[[{{{At(0, 0)}}},{{{At(10_000, 0)}}},{{{At(10_000, 10_000)}}},{{{At(0, 10_000)}}},{{{At(0, 0)}}}]]}}""";
        });
        File.WriteAllText(path, $$$"""{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::9377"}},"features":[{{{string.Join(',', squares)}}}]}""");
        return path;
    }
}
