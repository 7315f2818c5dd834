using System.Globalization;
using System.Text.Json;
using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.GeoPackage;
using NetTopologySuite.Geometries;

namespace GeoHarm.Cli.Tests;

/// <summary>A steward's store with fields in it: what any verb lets out, read back file by file.</summary>
public sealed class EgressTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("geoharm-egress-").FullName;

    public EgressTests()
    {
        // 2,000 fields of a hectare and a half in four clusters, imported as a user would; and one more file that nobody imported.
        File.WriteAllText(At("plots.geojson"), "{\"type\":\"FeatureCollection\",\"features\":[" + string.Join(',', Enumerable.Range(0, 2000).Select(i => string.Create(CultureInfo.InvariantCulture,
            $$"""{"type":"Feature","properties":{"farmer":"person {{i}}","year":{{(i % 2 == 0 ? 2020 : 2021)}},"area_ha":{{1.5 + i % 7 * 0.1}} },"geometry":{"type":"Point","coordinates":[{{-77 + i % 4 * 0.4 + i * 1e-5}},{{0.5 + i % 4 * 0.3}}]} }""")))
            + "]}");
        Assert.Equal(ExitCode.Ok, CommandLineTests.Run("data", "import", At("plots.geojson"), "--into", At("own.gpkg"), "--as", "cultivation", "--sensitive", "--coarsen", "--layer", "fields").Code);
        using var raw = GeoPackageStore.Open(At("raw.gpkg"));
        var squares = Enumerable.Range(0, 40).Select(i => (Geometry?)new GeometryFactory().ToGeometry(new Envelope(-77 + i * 0.001, -76.9995 + i * 0.001, 1, 1.0005))).ToArray();
        raw.Write(new Layer("fields", [Column.Text("id", Enumerable.Range(0, 40).Select(i => $"f{i}")), Column.Real("coca_ha", Enumerable.Repeat(0.3, 40))], squares, CoordinateSystem.Wgs84));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string At(string name) => Path.Combine(folder, name);

    [Fact]
    public void Without_coarsening_fields_are_not_taken_in() =>
        Assert.Equal(ExitCode.Input, CommandLineTests.Run("data", "import", At("plots.geojson"), "--into", At("x.gpkg"), "--as", "cultivation").Code);

    [Fact]
    public void A_map_of_a_sensitive_layer_shows_cells_of_five_kilometres_rounded_and_its_data_say_no_more()
    {
        var (code, output, error) = CommandLineTests.Run("map", "render", At("own.gpkg:fields"), "--column", "area_ha_2020", "--as-of", "2026-06-01", "--out", At("map.png"), "--json");
        Assert.True(code == ExitCode.Ok, output + error);
        var files = JsonDocument.Parse(output).RootElement.GetProperty("files").EnumerateArray().Select(f => f.GetString()!).ToList();
        Assert.Contains(files, f => f.EndsWith(".csv", StringComparison.Ordinal));
        foreach (var file in files.Where(f => !f.EndsWith(".png", StringComparison.Ordinal)))
        {
            var text = File.ReadAllText(file);
            Assert.DoesNotContain("person", text, StringComparison.Ordinal);
            Assert.DoesNotContain("largest", text, StringComparison.Ordinal);
            Assert.DoesNotContain("-76.9", text, StringComparison.Ordinal);
        }
        Assert.Contains("Coarsened to cells of 5 to 20 km", File.ReadAllText(files.Single(f => f.EndsWith(".json", StringComparison.Ordinal))), StringComparison.Ordinal);
        var rows = File.ReadAllLines(files.First(f => f.EndsWith(".csv", StringComparison.Ordinal))).Select(l => l.Split(',')).ToList();
        var column = rows[0].ToList().IndexOf("area_ha_2020");
        Assert.All(rows.Skip(1).Where(r => r[column].Length > 0), r => Assert.Equal(0, double.Parse(r[column], CultureInfo.InvariantCulture) % 10));
    }

    [Fact]
    public void A_year_too_young_at_the_date_is_refused_and_a_steward_sees_all_marked()
    {
        Assert.Equal(ExitCode.Usage, CommandLineTests.Run("map", "render", At("own.gpkg:fields"), "--column", "area_ha_2020", "--as-of", "2021-06-01", "--out", At("young.png")).Code);
        var (code, output, _) = CommandLineTests.Run("map", "render", At("own.gpkg:fields"), "--column", "area_ha", "--audience", "steward", "--out", At("own.png"), "--json");
        Assert.True(code == ExitCode.Ok, output);
        var metadata = JsonDocument.Parse(output).RootElement.GetProperty("files").EnumerateArray().Select(f => f.GetString()!).Single(f => f.EndsWith(".json", StringComparison.Ordinal));
        Assert.Contains("STEWARD COPY", File.ReadAllText(metadata), StringComparison.Ordinal);
    }

    [Fact]
    public void Tiles_hold_the_coarse_cells_and_there_is_no_steward_for_them()
    {
        var (code, output, error) = CommandLineTests.Run("tiles", "build", At("own.gpkg:fields"), "--max-zoom", "6", "--out", At("t.pmtiles"), "--json");
        Assert.True(code == ExitCode.Ok, output + error);
        Assert.Equal(ExitCode.Ok, CommandLineTests.Run("tiles", "build", At("own.gpkg:fields"), "--max-zoom", "6", "--audience", "analyst", "--as-of", "2026-06-01", "--out", At("a.pmtiles")).Code);
        var (refused, said, _) = CommandLineTests.Run("tiles", "build", At("own.gpkg:fields"), "--audience", "steward", "--out", At("s.pmtiles"), "--json");
        Assert.Equal(ExitCode.Usage, refused);
        Assert.Contains("use-not-supported", said, StringComparison.Ordinal);
        Assert.False(File.Exists(At("s.pmtiles")));

        // At a date when the years were not closed, nothing of them is in the tiles.
        Assert.Equal(ExitCode.Usage, CommandLineTests.Run("tiles", "build", At("own.gpkg:fields"), "--columns", "area_ha_2020", "--as-of", "2021-06-01", "--out", At("young.pmtiles")).Code);
    }

    [Fact]
    public void A_file_that_nobody_imported_is_held_back_by_its_fields_and_shapes()
    {
        var (code, output, _) = CommandLineTests.Run("map", "render", At("raw.gpkg"), "--column", "coca_ha", "--out", At("raw.png"), "--json");
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("use-not-supported", output, StringComparison.Ordinal);
        Assert.False(File.Exists(At("raw.png")));
        foreach (var verb in new[] { new[] { "overlay", At("raw.gpkg"), At("raw.gpkg") }, ["zonal", At("none.tif"), At("raw.gpkg")], ["stats", "local-moran", "--zones", At("raw.gpkg"), "--value", "coca_ha"] })
        {
            (code, output, _) = CommandLineTests.Run([.. verb, "--out", At("shapes.csv"), "--json"]);
            Assert.Equal(ExitCode.Usage, code);
            Assert.Contains("use-not-supported", output, StringComparison.Ordinal);
            Assert.False(File.Exists(At("shapes.csv")));
        }
        Assert.Equal(ExitCode.Ok, CommandLineTests.Run("overlay", At("raw.gpkg"), At("raw.gpkg"), "--audience", "steward", "--out", At("shapes.csv")).Code);
    }

    [Fact]
    public void A_layer_that_its_store_calls_sensitive_is_held_back_whatever_its_fields_are_called()
    {
        using (var own = GeoPackageStore.Open(At("marked.gpkg")))
        {
            var square = new GeometryFactory().ToGeometry(new Envelope(-77, -76.9, 1, 1.1));
            own.Write(new Layer("open", [Column.Text("id", ["a"])], [square], CoordinateSystem.Wgs84));
            own.Write(new Layer("marked", [Column.Text("id", ["a"])], [square], CoordinateSystem.Wgs84, Sensitivity.Sensitive));
        }
        var (code, output, _) = CommandLineTests.Run("zonal", At("none.tif"), At("marked.gpkg"), "--layer", "marked", "--json");
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("use-not-supported", output, StringComparison.Ordinal);
        // The control: its open neighbour goes on to the raster, which is not there.
        Assert.Equal(ExitCode.Input, CommandLineTests.Run("zonal", At("none.tif"), At("marked.gpkg"), "--layer", "open", "--json").Code);
    }
}
