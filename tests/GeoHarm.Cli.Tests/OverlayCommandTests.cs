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

    [Fact]
    public void Amounts_and_rates_are_carried_by_shared_area()
    {
        // Two source boxes of the same height; the target takes a quarter of the first and the whole of the second.
        var a = Features("a.geojson", ("w", "\"ha\":100,\"share\":2", "[[-76,3],[-75,3],[-75,4],[-76,4],[-76,3]]"), ("e", "\"ha\":40,\"share\":5", "[[-75,3],[-74,3],[-74,4],[-75,4],[-75,3]]"));
        var b = Features("b.geojson", ("t", "\"x\":1", "[[-75.25,3],[-74,3],[-74,4],[-75.25,4],[-75.25,3]]"), ("far", "\"x\":1", "[[10,3],[11,3],[11,4],[10,4],[10,3]]"));
        var target = Path.Combine(folder, "carried.gpkg");
        var (code, output, error) = CommandLineTests.Run("overlay", a, b, "--id-a", "code", "--id-b", "code", "--carry", "ha", "--carry-rate", "share", "--json", "--out", target);
        Assert.True(code == ExitCode.Ok, output + error);
        var carried = JsonDocument.Parse(output).RootElement.GetProperty("carried");
        Assert.Equal(65, carried[0].GetProperty("ha").GetDouble(), 1e-6);
        Assert.Equal((2 * 0.25 + 5) / 1.25, carried[0].GetProperty("share").GetDouble(), 1e-6);
        Assert.Equal(0, carried[1].GetProperty("ha").GetDouble());
        Assert.Equal(JsonValueKind.Null, carried[1].GetProperty("share").ValueKind);
        using var store = GeoPackageStore.OpenReadOnly(target);
        Assert.Equal(65, store.Read("carried")["ha"].Number(0), 1e-6);
        Assert.Equal(ExitCode.Input, CommandLineTests.Run("overlay", a, b, "--carry", "none").Code);
        Assert.Equal(ExitCode.Usage, CommandLineTests.Run("overlay", a, b, "--carry", "ha", "--buffer-km", "5").Code);
    }

    [Fact]
    public void A_buffer_in_kilometres_reaches_what_lies_near()
    {
        // The boxes lie 11.1 km apart (0.1 degree on the equator).
        var (a, b) = (Write("a.geojson", "m", "[[-76,0],[-75.1,0],[-75.1,1],[-76,1],[-76,0]]"), Write("b.geojson", "p", "[[-75,0],[-74,0],[-74,1],[-75,1],[-75,0]]"));
        Assert.Empty(JsonDocument.Parse(CommandLineTests.Run("overlay", a, b, "--buffer-km", "11", "--json").Output).RootElement.GetProperty("pairs").EnumerateArray());
        var pair = Assert.Single(JsonDocument.Parse(CommandLineTests.Run("overlay", a, b, "--buffer-km", "16.132", "--json").Output).RootElement.GetProperty("pairs").EnumerateArray());
        // Five kilometres of 110.6: the strip along the whole border, which the buffer's round ends leave whole.
        Assert.InRange(pair.GetProperty("areaHa").GetDouble(), 0.99 * 5 * 110.574 * 100, 1.01 * 5 * 110.574 * 100);
        Assert.Equal(ExitCode.Usage, CommandLineTests.Run("overlay", a, b, "--buffer-km", "0").Code);
    }

    [Fact]
    public void Zones_of_one_layer_that_overlap_are_reported_where_asked()
    {
        var a = Features("a.geojson", ("w", "\"x\":1", "[[-76,3],[-75,3],[-75,4],[-76,4],[-76,3]]"), ("e", "\"x\":1", "[[-75.1,3],[-74,3],[-74,4],[-75.1,4],[-75.1,3]]"));
        var b = Write("b.geojson", "p", "[[-75.5,3.5],[-74,3.25],[-74,5],[-75.5,3.5]]");
        var faults = JsonDocument.Parse(CommandLineTests.Run("overlay", a, b, "--id-a", "code", "--coverage", "--json").Output).RootElement.GetProperty("faults");
        var fault = Assert.Single(faults.EnumerateArray());
        Assert.Equal(("GH3304", "w and e"), (fault.GetProperty("code").GetString(), fault.GetProperty("feature").GetString()));
        Assert.Equal(ExitCode.Input, CommandLineTests.Run("overlay", a, b, "--coverage", "--strict").Code);
        Assert.Empty(JsonDocument.Parse(CommandLineTests.Run("overlay", a, b, "--json").Output).RootElement.GetProperty("faults").EnumerateArray());
    }

    private string Features(string name, params (string Code, string Fields, string Ring)[] features)
    {
        var path = Path.Combine(folder, name);
        var list = features.Select(f => $$$"""{"type":"Feature","properties":{"code":"{{{f.Code}}}",{{{f.Fields}}}},"geometry":{"type":"Polygon","coordinates":[{{{f.Ring}}}]}}""");
        File.WriteAllText(path, $$"""{"type":"FeatureCollection","features":[{{string.Join(',', list)}}]}""");
        return path;
    }

    private string Write(string name, string code, string ring)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, $$$"""{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"{{{code}}}"},"geometry":{"type":"Polygon","coordinates":[{{{ring}}}]}}]}""");
        return path;
    }
}
