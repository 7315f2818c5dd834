using System.Globalization;
using System.Text.Json;
using GeoHarm.Stores.GeoPackage;

namespace GeoHarm.Cli.Tests;

public sealed class OverlayCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("geoharm-overlay-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Pairs_tables_and_layers_have_the_same_areas()
    {
        var (a, b) = (Write("a.geojson", "m", "[[-76,3],[-75,3],[-75,4],[-76,4],[-76,3]]"), Write("b.geojson", "p", "[[-75.5,3.5],[-74,3.25],[-74,5],[-75.5,3.5]]"));
        var (table, layer) = (Path.Combine(folder, "shared.csv"), Path.Combine(folder, "shared.gpkg"));
        var (code, output, _) = CommandLineTests.Run("overlay", a, b, "--id-a", "code", "--id-b", "code", "--json", "--out", table);
        Assert.Equal(ExitCode.Ok, code);
        var pair = Assert.Single(JsonDocument.Parse(output).RootElement.GetProperty("pairs").EnumerateArray());
        Assert.Equal(("m", "p"), (pair.GetProperty("a").GetString(), pair.GetProperty("b").GetString()));
        var hectares = pair.GetProperty("areaHa").GetDouble();
        Assert.InRange(hectares, 100_000, 300_000);
        Assert.Equal(hectares, double.Parse(File.ReadAllLines(table)[1].Split(',')[2], CultureInfo.InvariantCulture), 1e-9 * hectares);
        Assert.Equal(ExitCode.Ok, CommandLineTests.Run("overlay", a, b, "--id-a", "code", "--id-b", "code", "--out", layer).Code);
        using var store = GeoPackageStore.OpenReadOnly(layer);
        var read = store.Read("overlay");
        Assert.Equal(hectares, read["area_ha"].Number(0), 1e-9 * hectares);
        Assert.Equal(pair.GetProperty("areaUnits").GetDouble(), read.GeometryAt(0)!.Area, 1e-12);
    }

    [Fact]
    public void The_bench_layers_share_the_area_that_other_engines_find()
    {
        var bench = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../../../shared/data/bench"));
        Assert.SkipUnless(File.Exists(Path.Combine(bench, "pa.gpkg")), "../shared/data/bench is not beside the checkout.");
        var (code, output, _) = CommandLineTests.Run("overlay", Path.Combine(bench, "zones.gpkg"), Path.Combine(bench, "pa.gpkg"), "--json");
        Assert.Equal(ExitCode.Ok, code);
        var document = JsonDocument.Parse(output).RootElement;
        Assert.Equal(64.174551604498, document.GetProperty("totalUnits").GetDouble(), 1e-10);
        Assert.Equal(3720, document.GetProperty("pairs").GetArrayLength());
    }

    private string Write(string name, string code, string ring)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, $$$"""{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"{{{code}}}"},"geometry":{"type":"Polygon","coordinates":[{{{ring}}}]}}]}""");
        return path;
    }
}
