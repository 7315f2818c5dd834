using System.Text.Json;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Cli.Tests;

public sealed class MapCommandsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("geoharm-maps-").FullName;

    private static string Zones => Study.Embedded("study/study.gpkg") + ":zones";

    private static (int Code, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = CommandLine.Run(args, output, error, CancellationToken.None);
        return (code, output.ToString(), error.ToString());
    }

    [Fact]
    public void A_layer_is_drawn_with_its_data_beside_it()
    {
        var target = Path.Combine(folder, "area.png");
        var (code, output, error) = Run("map", "render", Zones, "--column", "area_km2", "--where", "country=COL", "--out", target, "--json");
        Assert.True(code == 0, error + output);
        using var document = JsonDocument.Parse(output);
        Assert.Equal(3, document.RootElement.GetProperty("files").GetArrayLength());
        Assert.Equal([0x89, 0x50, 0x4E, 0x47], File.ReadAllBytes(target)[..4]);
        Assert.Contains("Putumayo", File.ReadAllText(Path.Combine(folder, "area.csv")));
        using var metadata = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "area.metadata.json")));
        Assert.Equal("area.csv", metadata.RootElement.GetProperty("tables")[0].GetProperty("file").GetString());
        Assert.Equal(2, Run("map", "render", Zones, "--column", "area_km2", "--out", target).Code);
    }

    [Fact]
    public void A_batch_draws_one_picture_for_each_value()
    {
        var target = Path.Combine(folder, "regions");
        var (code, _, error) = Run("map", "render", Zones, "--column", "area_km2", "--batch", "region", "--where", "level=admin1", "--format", "svg", "--out", target);
        Assert.True(code == 0, error);
        Assert.True(Directory.GetFiles(target, "*.svg").Length > 3);
    }

    [Fact]
    public void Pictures_of_a_batch_have_their_own_windows_and_panels_share_one()
    {
        double Scale(string file) => double.Parse(System.Text.RegularExpressions.Regex.Match(File.ReadAllText(file), "\"spanDegrees\": ([0-9.]+)").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        var target = Path.Combine(folder, "countries");
        Assert.Equal(0, Run("map", "render", Zones, "--column", "area_km2", "--batch", "country", "--where", "level=country", "--format", "svg", "--out", target).Code);
        Assert.True(Scale(Path.Combine(target, "ABW.metadata.json")) < 2);
        Assert.True(Scale(Path.Combine(target, "USA.metadata.json")) > 20);
        var together = Path.Combine(folder, "regions.svg");
        Assert.Equal(0, Run("map", "render", Zones, "--column", "area_km2", "--multiples", "region", "--where", "level=admin1", "--out", together).Code);
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(File.ReadAllText(Path.Combine(folder, "regions.metadata.json")), "spanDegrees"));
    }

    [Fact]
    public void Tiles_are_built_verified_and_a_spoilt_archive_is_found_out()
    {
        var target = Path.Combine(folder, "zones.pmtiles");
        var (code, output, error) = Run("tiles", "build", Zones, "--max-zoom", "4", "--columns", "zone,name", "--out", target, "--json");
        Assert.True(code == 0, error + output);
        Assert.Equal(0, Run("tiles", "verify", target).Code);
        var bytes = File.ReadAllBytes(target);
        bytes[72]++;
        File.WriteAllBytes(target, bytes);
        Assert.Equal(6, Run("tiles", "verify", target).Code);
    }

    [Theory]
    [InlineData("zones.mbtiles", "--columns", "zone,name")]
    [InlineData("zones-png.mbtiles", "--format", "png", "--column", "area_km2")]
    [InlineData("zones-webp.pmtiles", "--format", "webp", "--column", "area_km2", "--palette", "ochre")]
    public void Other_archives_and_pictures_are_built_and_verified(string name, params string[] options)
    {
        var target = Path.Combine(folder, name);
        var (code, output, error) = Run(["tiles", "build", Zones, "--max-zoom", "3", "--where", "country=COL", "--out", target, "--json", .. options]);
        Assert.True(code == 0, error + output);
        var (verified, verdict, _) = Run("tiles", "verify", target, "--json");
        Assert.Equal(0, verified);
        using var built = JsonDocument.Parse(output);
        using var read = JsonDocument.Parse(verdict);
        Assert.Equal(built.RootElement.GetProperty("tiles").GetInt64(), read.RootElement.GetProperty("tiles").GetInt64());
        Assert.InRange(read.RootElement.GetProperty("tiles").GetInt64(), 4, 20);
    }

    [Fact]
    public void Multiples_symbols_animations_and_fixed_classes_are_drawn()
    {
        string[] column = ["--column", "area_km2", "--where", "level=admin1"];
        foreach (var options in new string[][] { ["--multiples", "region"], ["--as", "symbols"], ["--method", "fixed", "--breaks", "1000,50000"], ["--batch", "region", "--animate", "500"] })
        {
            var target = Path.Combine(folder, "drawn.png");
            var (code, output, error) = Run(["map", "render", Zones, "--out", target, "--force", "--json", .. column, .. options]);
            Assert.True(code == 0, error + output);
            Assert.Equal(options.Contains("--animate"), System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(target)).Contains("acTL"));
        }
    }

    [Theory]
    [InlineData("es", "Zonas: unidades de primer nivel y países")]
    [InlineData("pt", "Zonas: unidades de primeiro nível e países")]
    public void A_layers_own_title_comes_in_the_language_asked(string language, string title)
    {
        var (code, output, error) = Run("map", "render", Zones, "--column", "area_km2", "--where", "country=COL", "--lang", language, "--out", Path.Combine(folder, "t.svg"));
        Assert.True(code == 0, error + output);
        Assert.Contains("<title>" + title, File.ReadAllText(Path.Combine(folder, "t.svg")));
        Assert.Contains(title, File.ReadAllText(Path.Combine(folder, "t.metadata.json")));
    }

    [Theory]
    [InlineData("auto", "Lambert azimuthal equal-area")]
    [InlineData("azimuthal", "Lambert azimuthal equal-area")]
    [InlineData("albers", "Albers equal-area conic")]
    [InlineData("equal-earth", "Equal Earth")]
    public void A_layer_is_drawn_in_the_projection_asked_which_is_named(string projection, string name)
    {
        var (code, output, error) = Run("map", "render", Zones, "--column", "area_km2", "--where", "country=COL", "--projection", projection, "--out", Path.Combine(folder, "p.svg"));
        Assert.True(code == 0, error + output);
        using var metadata = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "p.metadata.json")));
        Assert.StartsWith(name, metadata.RootElement.GetProperty("projections")[0].GetString());
    }

    [Fact]
    public void A_result_of_a_model_keeps_its_badge_and_its_words_when_drawn_as_a_layer()
    {
        var file = Path.Combine(folder, "results.gpkg");
        var square = (NetTopologySuite.Geometries.Geometry)new NetTopologySuite.Geometries.GeometryFactory().ToGeometry(new NetTopologySuite.Geometries.Envelope(-76, -74, 0, 2));
        Layer Of(string title) => new("overlay", [Column.Real("forest_loss_ha_change", [5])], [square], GeoHarm.Spatial.Crs.CoordinateSystem.Wgs84, title: title, caveats: [.. GeoHarm.Engine.Publication.PublicationGate.ModelCaveats, "Another."]);
        GeoHarm.Stores.GeoPackage.GeoPackageFile.WriteLayers(file, [Layer.Stack("scenario", [("a", Of("One policy: outcomes by zone")), ("b", Of("Another policy: outcomes by zone"))])]);
        var target = Path.Combine(folder, "forest.svg");
        var (code, output, error) = Run("map", "render", file, "--column", "forest_loss_ha_change", "--palette", "blue-orange", "--multiples", "scenario", "--out", target);
        Assert.True(code == 0, error + output);
        using var metadata = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "forest.metadata.json")));
        Assert.True(metadata.RootElement.GetProperty("scenarioNotForecast").GetBoolean());
        Assert.Equal("Another.", metadata.RootElement.GetProperty("caveats")[0].GetString());
        Assert.Equal("Outcomes by zone (a, b)", metadata.RootElement.GetProperty("title").GetString());
    }

    [Fact]
    public void A_raster_is_drawn_and_one_without_values_refused()
    {
        string Grid(string name, string value)
        {
            var path = Path.Combine(folder, name);
            File.WriteAllText(path + ".asc", $"ncols 4\nnrows 4\nxllcorner -76\nyllcorner 0\ncellsize 0.5\nNODATA_value -9\n" + string.Concat(Enumerable.Repeat($"{value} {value} {value} {value}\n", 4)));
            using var process = System.Diagnostics.Process.Start("gdal_translate", ["-q", "-a_srs", "EPSG:4326", path + ".asc", path + ".tif"]);
            process.WaitForExit();
            return path + ".tif";
        }

        var (code, output, error) = Run("map", "render", Grid("some", "3"), "--palette", "ochre", "--out", Path.Combine(folder, "some.png"));
        Assert.True(code == 0, error + output);
        Assert.Contains("mean", File.ReadAllText(Path.Combine(folder, "some.csv")));
        var (refused, _, said) = Run("map", "render", Grid("none", "-9"), "--out", Path.Combine(folder, "none.png"));
        Assert.Equal(3, refused);
        Assert.Contains("GH6024", said);
    }

    [Fact]
    public void A_recipe_puts_several_layers_into_one_archive()
    {
        var target = Path.Combine(folder, "basemap.pmtiles");
        var (code, output, error) = Run("tiles", "build", Recipe(), "--out", target, "--json");
        Assert.True(code == 0, error + output);
        using var document = JsonDocument.Parse(output);
        Assert.Equal(["land", "zones"], document.RootElement.GetProperty("layers").EnumerateArray().Select(l => l.GetString()));
        var bad = Path.Combine(folder, "bad.json");
        File.WriteAllText(bad, "{\"name\": \"x\",\n \"layer\": []}");
        var (refused, _, said) = Run("tiles", "build", bad, "--out", Path.Combine(folder, "bad.pmtiles"));
        Assert.Equal(3, refused);
        Assert.Contains("GH6023", said);
    }

    [Theory]
    [InlineData("map", "render", "ZONES", "--out", "x.png")]
    [InlineData("map", "render", "ZONES", "--column", "area_km2", "--breaks", "3,1", "--method", "fixed", "--out", "x.png")]
    [InlineData("map", "render", "ZONES", "--column", "area_km2", "--animate", "500", "--out", "x.png")]
    [InlineData("tiles", "build", "ZONES", "--columns", "nothing", "--out", "x.pmtiles")]
    [InlineData("tiles", "build", "ZONES", "--max-zoom", "30", "--out", "x.pmtiles")]
    [InlineData("tiles", "build", "ZONES", "--format", "png", "--out", "x.pmtiles")]
    [InlineData("tiles", "build", "ZONES", "--out", "x.zip")]
    [InlineData("tiles", "serve", "ZONES", "--url", "http://0.0.0.0:8089/")]
    [InlineData("report", "build", "out", "--out", "x.docx")]
    public void A_wrong_call_is_a_usage_error_that_names_the_choice(params string[] args)
    {
        var (code, _, error) = Run([.. args.Select(a => a == "ZONES" ? Zones : a.StartsWith("x.", StringComparison.Ordinal) ? Path.Combine(folder, a) : a)]);
        Assert.True(code == 2, error);
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    private static string Recipe([System.Runtime.CompilerServices.CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "../../tiles/recipes/basemap.json");

    public void Dispose() => Directory.Delete(folder, true);
}
