using System.Globalization;
using System.Text.Json;
using GeoHarm.Gdal.Datasets;
using GeoHarm.Spatial.Rasters;
using GeoHarm.Stores.Files;
using GeoHarm.Stores.GeoPackage;

namespace GeoHarm.Cli.Tests;

public sealed class DeforestationCommandTests : IDisposable
{
    private const int Side = 200;
    private readonly string folder = Directory.CreateTempSubdirectory("geoharm-forest-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Accuracy_gives_the_published_example()
    {
        var matrix = Text("matrix.csv", "class,mapped_pixels,deforestation,gain,forest,other\ndeforestation,200000,66,0,5,4\ngain,150000,0,55,8,12\nforest,3200000,1,0,153,11\nother,6450000,2,1,9,313\n");
        var document = Json(ExitCode.Ok, "deforestation", "accuracy", "--matrix", matrix, "--pixel-area-ha", "0.09");
        var loss = document.GetProperty("classes")[0];
        Assert.Equal(21157.8, loss.GetProperty("areaHa").GetDouble(), 0.05);
        Assert.Equal(6157.6, loss.GetProperty("ci95Ha").GetDouble(), 0.05);
        Assert.Equal(0.9465, document.GetProperty("overallAccuracy").GetDouble(), 5e-5);
    }

    [Fact]
    public void Accuracy_reads_units_one_by_one_and_plans_a_sample()
    {
        var units = Text("units.csv", "map,reference\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{(i < 20 ? 1 : 2)},{(i % 10 == 0 ? 2 : 1 + i / 20)}\n")));
        var strata = Text("strata.csv", "class,mapped_pixels,users_accuracy\n1,1000,0.7\n2,9000,0.95\n");
        var document = Json(ExitCode.Ok, "deforestation", "accuracy", "--sample", units, "--strata", strata);
        Assert.Equal(900, document.GetProperty("classes")[0].GetProperty("areaHa").GetDouble(), 1e-9);
        var plan = Json(ExitCode.Ok, "deforestation", "accuracy", "--plan", "--strata", strata, "--target-se", "0.02");
        Assert.Equal(147, plan.GetProperty("units").GetInt32()); // ((0.1 sqrt 0.21 + 0.9 sqrt 0.0475) / 0.02)^2 = 146.6
        var faults = Json(ExitCode.Input, "deforestation", "accuracy", "--sample", Text("bad.csv", "map,reference\n1,1\n3,1\n1,\n"), "--strata", strata).GetProperty("faults");
        Assert.Contains(faults.EnumerateArray(), f => f.GetProperty("code").GetString() == "GH5705" && f.GetProperty("line").GetInt32() == 3);
        Assert.Equal(2, Json(ExitCode.Usage, "deforestation", "accuracy").GetProperty("status").GetInt32());
    }

    [Fact]
    public void Loss_is_the_same_in_the_document_the_table_the_layer_and_the_raster()
    {
        var (loss, canopy) = (Raster("loss.tif", Year), Raster("canopy.tif", Canopy));
        string[] files = [Path.Combine(folder, "l.csv"), Path.Combine(folder, "l.gpkg"), Path.Combine(folder, "l.tif"), Path.Combine(folder, "l.png")];
        var document = Json(ExitCode.Ok, ["deforestation", "loss", "--lossyear", loss, "--treecover", canopy, "--canopy", "30", "--zones", Zones(), "--id", "code", "--years", "2001-2020", "--cell", "0.005", "--out", .. files]);
        var areas = GdalRaster.Open(loss).Areas;
        var truth = Enumerable.Range(0, Side * Side).Where(i => Year(i % Side, i / Side) > 0 && Canopy(i % Side, i / Side) >= 30).Sum(i => areas.SquareMetres(i / Side)) / 10_000;
        Assert.Equal(truth, document.GetProperty("totalHa").GetDouble(), 1e-9 * truth);
        Assert.Equal(truth, File.ReadLines(files[0]).Skip(1).Sum(l => double.Parse(l.Split(',')[2], CultureInfo.InvariantCulture)), 1e-9 * truth);
        using (var store = GeoPackageStore.OpenReadOnly(files[1]))
        {
            var layer = store.Read("loss");
            Assert.Equal(truth, layer["loss_ha"].Reals.ToArray().Sum(), 1e-9 * truth);
            Assert.Equal(2, layer.RowCount);
        }
        var density = GdalRaster.Open(files[2]);
        Assert.Equal((10, 10), (density.Grid.Width, density.Grid.Height));
        var cells = new double[100];
        using (var reader = density.OpenReader()) reader.Read(density.Grid.Whole, cells);
        Assert.Equal(truth, cells.Select((p, i) => p / 100 * Enumerable.Range(0, 20).Sum(r => areas.SquareMetres(i / 10 * 20 + r) * 20) / 10_000).Sum(), 1e-6 * truth);
        Assert.Equal([0x89, 0x50, 0x4E, 0x47], File.ReadAllBytes(files[3])[..4]);

        // The picture's own table stands beside it, not in place of the one asked for.
        Assert.Contains("\"l-picture.csv\"", File.ReadAllText(Path.Combine(folder, "l-picture.metadata.json")));
        Assert.Contains("loss_percent", File.ReadLines(Path.Combine(folder, "l-picture.csv")).First());
        Assert.Equal(ExitCode.Usage, CommandLineTests.Run("deforestation", "loss", "--lossyear", loss, "--out", files[0]).Code);
    }

    [Fact]
    public void Tiles_that_do_not_fit_are_named_with_exit_code_3()
    {
        var loss = Raster("loss.tif", Year);
        AssertNamed("GH3103", "shifted.tif", "--lossyear", loss, Raster("shifted.tif", Year, -79.99987));
        AssertNamed("GH3101", "system.tif", "--lossyear", loss, "--treecover", Raster("system.tif", Canopy, epsg: 4686));
        AssertNamed("GH5711", "loss.tif", "--lossyear", loss, "--years", "2001-2024");
        var cut = Raster("cut.tif", Year);
        File.WriteAllBytes(cut, File.ReadAllBytes(cut)[..^3000]);
        AssertNamed("GH3111", "cut.tif", "--lossyear", cut);
        AssertNamed("GH5710", "loss.tif", "--lossyear", loss, "--treecover", Raster("east.tif", Canopy, -79));
    }

    [Fact]
    public void Rules_stand_side_by_side_nest_and_add_up()
    {
        var (loss, coca) = (Raster("loss.tif", Year), Coca());
        string[] files = [Path.Combine(folder, "r.csv"), Path.Combine(folder, "r.gpkg"), Path.Combine(folder, "r.png")];
        string[] arguments = ["deforestation", "attribute", "--lossyear", loss, "--coca", coca, "--zones", Zones(), "--id", "code", "--distance", "0.2,0.5", "--within", $"protected={Zones()}:code"];
        var document = Json(ExitCode.Ok, [.. arguments, "--audience", "steward", "--out", .. files]);
        var rules = document.GetProperty("rules").EnumerateArray().ToArray();
        Assert.Equal(["direct", "proximate", "proximate", "associated"], rules.Select(r => r.GetProperty("rule").GetString()));
        double Value(JsonElement rule, string end = "value") => rule.GetProperty("areaHa").GetProperty(end).GetDouble();
        Assert.True(Value(rules[0]) > 0 && Value(rules[0]) < Value(rules[1]) && Value(rules[1]) < Value(rules[2]) && Value(rules[2]) < document.GetProperty("allLossHa").GetDouble());
        Assert.All(rules, r => Assert.True(Value(r, "low") <= Value(r) && Value(r) <= Value(r, "high")));
        // 30 + 10 new hectares (from 10 to 40, then to 50) times shares and ratios of at least 0.27 x 1 and at most 0.48 x 4.
        Assert.InRange(Value(rules[3]), 40 * 0.27, 40 * 0.48 * 4);
        var direct = document.GetProperty("zones").EnumerateArray().Sum(z => z.GetProperty("direct").GetDouble());
        Assert.Equal(Value(rules[0]), direct, 1e-9 * direct);
        // The second key is the same layer, so each zone lies within itself alone.
        Assert.Equal(direct, document.GetProperty("within").EnumerateArray().Where(w => w.GetProperty("zone").GetString() == w.GetProperty("name").GetString()).Sum(w => w.GetProperty("direct").GetDouble()), 1e-6 * direct);
        Assert.Equal(12, document.GetProperty("sensitivity").GetArrayLength());
        Assert.All(files, f => Assert.True(new FileInfo(f).Length > 100));
        var open = Json(ExitCode.Ok, arguments);
        Assert.All(open.GetProperty("zones").EnumerateArray(), z => Assert.True(z.GetProperty("direct").ValueKind == JsonValueKind.Null || z.GetProperty("direct").GetDouble() == 0));
        Assert.True(open.GetProperty("heldBack").GetInt32() > 0);
    }

    [Fact]
    public void Patches_are_given_by_place_and_never_one_by_one()
    {
        var loss = Raster("loss.tif", Year);
        string[] files = [Path.Combine(folder, "p.csv"), Path.Combine(folder, "p.gpkg"), Path.Combine(folder, "p.png")];
        var document = Json(ExitCode.Ok, ["deforestation", "patches", "--lossyear", loss, "--within", Zones(), "--permutations", "99", "--out", .. files]);
        var places = document.GetProperty("places").EnumerateArray().ToArray();
        Assert.Equal(document.GetProperty("patches").GetInt64(), places.Sum(p => p.GetProperty("patches").GetInt64()));
        Assert.Equal(document.GetProperty("hectares").GetDouble(), places.Sum(p => p.GetProperty("hectares").GetDouble()), 1e-6);
        Assert.True(places.Length < document.GetProperty("patches").GetInt64());
        using (var store = GeoPackageStore.OpenReadOnly(files[1]))
        {
            var layer = store.Read("patches");
            Assert.All(Enumerable.Range(0, layer.RowCount), r => Assert.InRange(layer.GeometryAt(r)!.Area, 0.001, 0.01)); // square degrees of 5 km cells
        }
        Assert.Equal(2, Json(ExitCode.Ok, "deforestation", "patches", "--lossyear", loss, "--zones", Zones(), "--id", "code", "--permutations", "99").GetProperty("places").GetArrayLength());
        Assert.Equal(ExitCode.Usage, CommandLineTests.Run("deforestation", "patches", "--lossyear", loss, "--cell-km", "1").Code);
    }

    [Fact]
    public void Forest_of_a_scenario_adds_up_over_destinations_and_keys()
    {
        var scenario = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../../data/scenarios/putumayo-2000.yaml"));
        var everywhere = Text("all.geojson", """{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[-83,-5],[-66,-5],[-66,14],[-83,14],[-83,-5]]]}}]}""");
        var document = Json(ExitCode.Ok, "deforestation", "project", scenario, "--members", "20", "--within", $"all={everywhere}", "--out", Path.Combine(folder, "forest"));
        var felled = document.GetProperty("felledHa").GetProperty("value").GetDouble();
        Assert.True(felled > 0);
        Assert.Equal(felled, document.GetProperty("destinations").EnumerateArray().Sum(d => d.GetProperty("felledHa").GetProperty("value").GetDouble()), 1e-9 * felled);
        Assert.Equal(felled, document.GetProperty("within")[0].GetProperty("felledHa").GetProperty("value").GetDouble(), 1e-3 * felled);
        // At least 1 ha falls with each hectare, at most 4.
        Assert.InRange(document.GetProperty("associatedHa").GetProperty("value").GetDouble(), felled, 4 * felled);
        Assert.True(File.Exists(Path.Combine(folder, "forest", "forest.gpkg")));
        var again = Json(ExitCode.Ok, "deforestation", "project", scenario, "--members", "20", "--threads", "1");
        Assert.Equal(felled, again.GetProperty("felledHa").GetProperty("value").GetDouble());
    }

    private string Coca() => Text("coca.geojson", """{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"areacoca_2010":10,"coca2011_":40,"areacoca2012":50},"geometry":{"type":"Polygon","coordinates":[[[-79.995,9.98],[-79.985,9.98],[-79.985,9.99],[-79.995,9.99],[-79.995,9.98]]]}}]}""");

    private void AssertNamed(string code, string file, params string[] arguments)
    {
        var faults = Json(ExitCode.Input, ["deforestation", "loss", .. arguments]).GetProperty("faults").EnumerateArray();
        Assert.Contains(faults, f => f.GetProperty("code").GetString() == code && f.GetProperty("file").GetString() == file);
    }

    private static byte Year(int c, int r) => (c * 7 + r * 13) % 11 == 0 ? (byte)(1 + (c / 10 + r / 10) % 20) : (byte)0;

    private static byte Canopy(int c, int r) => (byte)((c * 3 + r * 5) % 101);

    private string Raster(string name, Func<int, int, byte> cell, double west = -80, int epsg = 4326)
    {
        var path = Path.Combine(folder, name);
        var reference = SpatialReference.FromEpsg(epsg);
        using var raster = RasterDataset.Create(path, "GTiff", Side, Side, 1, PixelType.UInt8, new GeoTransform(west, 0.00025, 0, 10, 0, -0.00025), reference, ["COMPRESS=LZW", "BLOCKYSIZE=1"]);
        raster.Band().Write<byte>(0, 0, Side, Side, Enumerable.Range(0, Side * Side).Select(i => cell(i % Side, i / Side)).ToArray());
        raster.Complete();
        return path;
    }

    private string Zones()
    {
        static string Box(string code, double west, double east) => string.Create(CultureInfo.InvariantCulture,
            $$$"""{"type":"Feature","properties":{"code":"{{{code}}}"},"geometry":{"type":"Polygon","coordinates":[[[{{{west}}},9.95],[{{{east}}},9.95],[{{{east}}},10],[{{{west}}},10],[{{{west}}},9.95]]]}}""");
        return Text("zones.geojson", $$$"""{"type":"FeatureCollection","features":[{{{Box("01", -80, -79.99013)}}},{{{Box("02", -79.99013, -79.95)}}}]}""");
    }

    private string Text(string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static JsonElement Json(int code, params string[] arguments)
    {
        var (found, output, error) = CommandLineTests.Run([.. arguments, "--json"]);
        Assert.True(found == code, $"exit code {found}: {output}{error}");
        return JsonDocument.Parse(output).RootElement;
    }
}
