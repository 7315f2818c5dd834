using System.Globalization;
using System.Text;
using System.Text.Json;
using GeoHarm.Gdal.Datasets;
using GeoHarm.Stores.GeoPackage;

namespace GeoHarm.Cli.Tests;

public sealed class ZonalCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("geoharm-zonal-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void One_bad_polygon_among_a_thousand_is_named_and_the_others_are_computed()
    {
        var (raster, zones) = (Raster(), Zones(withBowTie: true));
        var (code, output, _) = CommandLineTests.Run("zonal", raster, zones, "--id", "code", "--by", "value", "--json");
        Assert.Equal(ExitCode.Ok, code);
        var document = JsonDocument.Parse(output).RootElement;
        Assert.Equal(999, document.GetProperty("zones").GetArrayLength());
        var fault = Assert.Single(document.GetProperty("faults").EnumerateArray());
        Assert.Equal("GH3208", fault.GetProperty("code").GetString());
        Assert.Contains("z500", fault.GetProperty("feature").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(fault.GetProperty("remedy").GetString()!);
        var first = document.GetProperty("zones")[0];
        var areas = first.GetProperty("byValue").EnumerateObject().Sum(p => p.Value.GetDouble());
        Assert.Equal(first.GetProperty("areaHa").GetDouble(), areas, 1e-9 * areas);
    }

    [Fact]
    public void Strict_makes_it_exit_code_3_and_writes_nothing()
    {
        var target = Path.Combine(folder, "strict.csv");
        var (code, output, _) = CommandLineTests.Run("zonal", Raster(), Zones(withBowTie: true), "--id", "code", "--by", "value", "--strict", "--json", "--out", target);
        Assert.Equal(ExitCode.Input, code);
        Assert.Equal(3, JsonDocument.Parse(output).RootElement.GetProperty("status").GetInt32());
        Assert.False(File.Exists(target));
        Assert.Empty(Directory.GetFiles(folder, ".*partial*"));
    }

    [Fact]
    public void The_table_has_a_row_for_every_zone_and_value_and_is_not_overwritten()
    {
        var target = Path.Combine(folder, "loss.csv");
        string[] arguments = ["zonal", Raster(), Zones(withBowTie: false), "--id", "code", "--by", "value", "--out", target];
        Assert.Equal(ExitCode.Ok, CommandLineTests.Run(arguments).Code);
        var lines = File.ReadAllLines(target);
        Assert.Equal("id,value,area_ha,coverage_px", lines[0]);
        var total = lines.Skip(1).Select(l => double.Parse(l.Split(',')[3], CultureInfo.InvariantCulture)).Sum();
        Assert.Equal(1000 * 64, total, 1e-6);
        Assert.Equal(ExitCode.Usage, CommandLineTests.Run(arguments).Code);
        Assert.Equal(ExitCode.Ok, CommandLineTests.Run([.. arguments, "--force"]).Code);
    }

    [Fact]
    public void The_package_holds_the_zones_with_their_statistics_and_the_table()
    {
        var target = Path.Combine(folder, "loss.gpkg");
        var (code, output, _) = CommandLineTests.Run("zonal", Raster(), Zones(withBowTie: true), "--id", "code", "--json", "--out", target);
        Assert.Equal(ExitCode.Ok, code);
        var zone = JsonDocument.Parse(output).RootElement.GetProperty("zones")[7];
        using var store = GeoPackageStore.OpenReadOnly(target);
        var (layer, table) = (store.Read("zonal"), store.Read("zonal_values"));
        Assert.Equal(999, layer.RowCount);
        foreach (var (column, key) in new[] { ("area_ha", "areaHa"), ("mean", "mean"), ("variance", "variance"), ("majority", "majority") }) Assert.Equal(zone.GetProperty(key).GetDouble(), layer[column].Number(7), 1e-12);
        Assert.Equal(zone.GetProperty("quantiles").GetProperty("0.25").GetDouble(), layer["q25"].Number(7));
        Assert.Equal(0.008 * 0.008, layer.GeometryAt(7)!.Area, 1e-9);
        Assert.Equal(layer["area_ha"].Number(7), Enumerable.Range(0, table.RowCount).Where(r => table["id"].TextAt(r) == "z7").Sum(r => table["area_ha"].Number(r)), 1e-9);
        Assert.Empty(Directory.GetFiles(folder, ".*"));
    }

    [Fact]
    public void Without_by_value_the_usual_statistics_are_given()
    {
        var (code, output, _) = CommandLineTests.Run("zonal", Raster(), Zones(withBowTie: false), "--json");
        Assert.Equal(ExitCode.Ok, code);
        var zone = JsonDocument.Parse(output).RootElement.GetProperty("zones")[0];
        foreach (var key in new[] { "id", "areaHa", "sum", "mean", "variance", "min", "max", "majority", "quantiles" }) Assert.True(zone.TryGetProperty(key, out _), key);
    }

    [Fact]
    public void A_truncated_raster_is_an_input_fault()
    {
        var raster = Raster();
        using (var file = File.OpenWrite(raster)) file.SetLength(file.Length / 3);
        var (code, output, _) = CommandLineTests.Run("zonal", raster, Zones(withBowTie: false), "--json");
        Assert.Equal(ExitCode.Input, code);
        Assert.NotEmpty(JsonDocument.Parse(output).RootElement.GetProperty("faults").EnumerateArray());
    }

    [Fact]
    public void Stopping_leaves_nothing_half_written()
    {
        var target = Path.Combine(folder, "stopped.csv");
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = CommandLine.Run(["zonal", Raster(), Zones(withBowTie: false), "--out", target], output, error, stop.Token);
        Assert.Equal(ExitCode.Interrupted, code);
        Assert.Empty(Directory.GetFiles(folder, "*.csv"));
        Assert.Empty(Directory.GetFiles(folder, ".*"));
    }

    private string Raster()
    {
        var path = Path.Combine(folder, "loss.tif");
        if (File.Exists(path)) return path;
        using var made = RasterDataset.Create(path, "GTiff", 400, 400, 1, PixelType.UInt8, new GeoTransform(-77, 0.001, 0, 4, 0, -0.001), SpatialReference.FromEpsg(4326), ["COMPRESS=LZW", "BLOCKYSIZE=1"]);
        made.Band().Write<byte>(0, 0, 400, 400, Enumerable.Range(0, 160_000).Select(i => (byte)(i * 31 % 24)).ToArray());
        made.Complete();
        return path;
    }

    private string Zones(bool withBowTie)
    {
        var path = Path.Combine(folder, "zones.geojson");
        var text = new StringBuilder("""{"type":"FeatureCollection","features":[""");
        for (var i = 0; i < 1000; i++)
        {
            var (x, y) = (-76.999 + 0.012 * (i % 32), 3.999 - 0.012 * (i / 32));
            string At(double dx, double dy) => string.Create(CultureInfo.InvariantCulture, $"[{x + dx:F4},{y - dy:F4}]");
            var ring = withBowTie && i == 500
                ? $"{At(0, 0)},{At(0.008, 0.008)},{At(0.008, 0)},{At(0, 0.006)},{At(0, 0)}"
                : $"{At(0, 0)},{At(0.008, 0)},{At(0.008, 0.008)},{At(0, 0.008)},{At(0, 0)}";
            text.Append(i == 0 ? "" : ",").Append($$$"""{"type":"Feature","properties":{"code":"z{{{i}}}"},"geometry":{"type":"Polygon","coordinates":[[{{{ring}}}]]}}""");
        }
        File.WriteAllText(path, text.Append("]}").ToString());
        return path;
    }
}
