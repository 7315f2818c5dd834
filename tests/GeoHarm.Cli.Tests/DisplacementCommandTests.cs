using System.Text.Json;
using GeoHarm.Stores.GeoPackage;

namespace GeoHarm.Cli.Tests;

public sealed class DisplacementCommandTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("geoharm-displacement-").FullName;
    private int folders;

    public void Dispose() => Directory.Delete(root, recursive: true);

    private string Folder()
    {
        var folder = Directory.CreateDirectory(Path.Combine(root, $"{folders++}")).FullName;
        var features = Enumerable.Range(0, 16).Select(i =>
        {
            int x = i % 4, y = i / 4;
            return $$$"""{"type":"Feature","properties":{"code":"{{{i + 100}}}","v":{{{(x < 2 ? 1 : 9)}}} },"geometry":{"type":"Polygon","coordinates":[[[{{{x}}},{{{y}}}],[{{{x + 1}}},{{{y}}}],[{{{x + 1}}},{{{y + 1}}}],[{{{x}}},{{{y + 1}}}],[{{{x}}},{{{y}}}]]]}}""";
        });
        File.WriteAllText(Path.Combine(folder, "zones.geojson"), $$"""{"type":"FeatureCollection","features":[{{string.Join(',', features)}}]}""");
        var rows = new List<string> { "unit,year,ha,spray,twice" };
        for (var u = 0; u < 16; u++)
        {
            for (var year = 2001; year <= 2008; year++)
            {
                var spray = (u * 7 + year * 13 + u * year % 5) % 11;
                rows.Add($"{u + 100},{year},{50 + (u * 31 + year * 17 + u * u * year % 7) % 23},{spray},{2 * spray}");
            }
        }
        File.WriteAllLines(Path.Combine(folder, "panel.csv"), rows);
        return folder;
    }

    private static JsonElement Json(int expected, params string[] args)
    {
        var (code, output, error) = CommandLineTests.Run([.. args, "--json"]);
        Assert.True(code == expected, $"exit {code}: {output} {error}");
        return JsonDocument.Parse(output).RootElement;
    }

    private static string[] Panel(string folder, params string[] more) =>
        ["--panel", Path.Combine(folder, "panel.csv"), "--unit", "unit", "--time", "year", "--value", "ha", "--zones", Path.Combine(folder, "zones.geojson"), "--zone-id", "code", .. more];

    [Fact]
    public void Shift_gives_years_changes_and_tests_and_conserves_hectares()
    {
        var folder = Folder();
        var file = Path.Combine(folder, "shift.csv");
        var result = Json(0, ["displacement", "shift", .. Panel(folder, "--out", file)]);
        Assert.Equal(8, result.GetProperty("years").GetArrayLength());
        var change = result.GetProperty("change")[0];
        var totals = result.GetProperty("years").EnumerateArray().Select(y => y.GetProperty("total").GetDouble()).ToArray();
        Assert.Equal(totals[1] - totals[0], change.GetProperty("net").GetDouble(), 1e-9);
        Assert.Equal(change.GetProperty("gain").GetDouble() - change.GetProperty("loss").GetDouble(), change.GetProperty("net").GetDouble(), 1e-9);
        Assert.Equal("EPSG:6933", result.GetProperty("crs").GetString());
        Assert.Equal(9, File.ReadAllLines(file).Length);
        Assert.Equal(2, CommandLineTests.Run(["displacement", "shift", .. Panel(folder, "--out", file)]).Code);
        var package = Path.Combine(folder, "shift.gpkg");
        Json(0, ["displacement", "shift", .. Panel(folder, "--out", package)]);
        using var store = GeoPackageStore.OpenReadOnly(package);
        var centres = store.Read("shift");
        Assert.Equal((8, 6933), (centres.RowCount, centres.Crs!.Epsg));
        Assert.Equal(result.GetProperty("years")[3].GetProperty("centreX").GetDouble(), centres.GeometryAt(3)!.Centroid.X, 1e-6);
    }

    [Fact]
    public void Estimate_names_its_coefficients_and_refuses_collinear_ones()
    {
        var folder = Folder();
        var result = Json(0, ["displacement", "estimate", .. Panel(folder, "--treat", "spray", "--lagged")]);
        Assert.Equal(["own:spray", "neighbour:spray", "own:lag", "neighbour:lag"], result.GetProperty("coefficients").EnumerateArray().Select(c => c.GetProperty("name").GetString()));
        Assert.Equal(16 * 7, result.GetProperty("n").GetInt32());
        var problem = Json(3, ["displacement", "estimate", .. Panel(folder, "--treat", "spray,twice")]);
        Assert.Contains(problem.GetProperty("faults").EnumerateArray(), f => f.GetProperty("code").GetString() == "GH5510");
        var durbin = Json(0, ["displacement", "estimate", .. Panel(folder, "--treat", "spray", "--model", "sdm")]);
        Assert.InRange(durbin.GetProperty("rho").GetProperty("value").GetDouble(), -1, 1);
        foreach (var kernel in new[] { "uniform", "bartlett" })
        {
            var conley = Json(0, ["displacement", "estimate", .. Panel(folder, "--treat", "spray", "--conley", "150", "--conley-kernel", kernel, "--conley-lags", "1")]);
            Assert.Equal(result.GetProperty("n").GetInt32(), conley.GetProperty("n").GetInt32());
            Assert.Contains("Conley", conley.GetProperty("errors").GetString(), StringComparison.Ordinal);
        }
        var rings = Json(0, ["displacement", "estimate", .. Panel(folder, "--treat", "spray", "--weights", "rings:120,300")]);
        Assert.Contains("ring120-300:spray", rings.GetProperty("coefficients").EnumerateArray().Select(c => c.GetProperty("name").GetString()));
        var curve = Json(0, ["displacement", "estimate", .. Panel(folder, "--treat", "spray", "--weights", "queen")]);
        Assert.Equal(2, curve.GetProperty("coefficients").GetArrayLength());
    }

    [Fact]
    public void The_specification_curve_is_drawn_with_every_variant_in_the_data_beside_it()
    {
        var folder = Folder();
        var picture = Path.Combine(folder, "curve.svg");
        var result = Json(0, ["displacement", "estimate", .. Panel(folder, "--treat", "spray", "--curve", "--picture", picture, "--lang", "pt")]);
        Assert.Contains("variantes concordam no sinal", File.ReadAllText(picture), StringComparison.Ordinal);
        Assert.Equal(3, result.GetProperty("files").GetArrayLength());
        var sign = result.GetProperty("signs").EnumerateArray().Single(s => s.GetProperty("name").GetString() == "neighbour:spray");
        var rows = File.ReadAllLines(Path.Combine(folder, "curve.csv"));
        Assert.Equal(sign.GetProperty("variants").GetInt32(), rows.Length - 1);
        Assert.Equal("value,low,high,weights,years,lag,treatments", rows[0]);
        Assert.Equal(2, CommandLineTests.Run(["displacement", "estimate", .. Panel(folder, "--treat", "spray", "--picture", picture)]).Code);
    }

    [Fact]
    public void Identification_gives_a_verdict_with_reasons_for_both_timings()
    {
        var folder = Folder();
        // Eight years are too few.
        var problem = Json(3, ["displacement", "estimate", .. Panel(folder, "--identify")]);
        Assert.Equal("GH5530", Assert.Single(problem.GetProperty("faults").EnumerateArray()).GetProperty("code").GetString());
        var path = Path.Combine(folder, "panel.csv");
        File.AppendAllLines(path, Enumerable.Range(0, 16).SelectMany(u => Enumerable.Range(2009, 6).Select(year => $"{u + 100},{year},{50 + (u * 31 + year * 17 + u * u * year % 7) % 23},1,2")));
        var file = Path.Combine(folder, "shares.csv");
        var result = Json(0, ["displacement", "estimate", .. Panel(folder, "--identify", "--regions", "v", "--out", file)]);
        Assert.Equal(result.GetProperty("identified").GetBoolean() ? "identified" : "not identified", result.GetProperty("verdict").GetString());
        Assert.Equal(2, result.GetProperty("timings").GetArrayLength());
        var checks = result.GetProperty("timings")[0].GetProperty("checks").EnumerateArray().Select(c => c.GetProperty("name").GetString()).ToArray();
        Assert.Equal(["likelihood", "outOfSample", "placebo", "permutation", "coMovement", "rings", "withinRegions"], checks);
        Assert.Equal(2 * 9 + 1, File.ReadAllLines(file).Length);
        Assert.Equal(2, CommandLineTests.Run(["displacement", "estimate", .. Panel(folder)]).Code);
        Assert.Equal(3, CommandLineTests.Run(["displacement", "estimate", .. Panel(folder, "--identify", "--regions", "nothing")]).Code);
    }

    [Fact]
    public void People_flows_honour_both_margins_and_say_what_is_unknown()
    {
        var folder = Folder();
        string zones = Path.Combine(folder, "zones.geojson"), margins = Path.Combine(folder, "margins.csv"), flows = Path.Combine(folder, "flows.csv");
        File.WriteAllLines(margins, Enumerable.Range(0, 16).Select(u => $"{u + 100},{10 * (u + 1)},{8 * (16 - u)}").Prepend("code,people_expelled,people_received").Append("unknown,25,12").Append("7,3,"));
        File.WriteAllLines(Path.Combine(folder, "diaspora.csv"), ["from,to,people", "100,115,1000"]);
        foreach (var model in new[] { "gravity", "radiation" })
        {
            var result = Json(0, "displacement", "people", "--margins", margins, "--zones", zones, "--zone-id", "code", "--model", model, "--out", flows, "--least", "0", "--force", "--diaspora", Path.Combine(folder, "diaspora.csv"));
            Assert.Equal((1360.0 + 25 + 3, 1088.0 + 12), (result.GetProperty("expelled").GetDouble(), result.GetProperty("received").GetDouble()));
            Assert.Equal(12 + 288, result.GetProperty("unknownOrAbroad").GetProperty("total").GetDouble());
            Assert.True(result.GetProperty("largestMarginError").GetDouble() < 1e-6);
            Assert.Contains(result.GetProperty("faults").EnumerateArray(), f => f.GetProperty("code").GetString() == "GH5532"); // unit 7 has no zone
            var rows = File.ReadAllLines(flows).Skip(1).Select(l => l.Split(',')).ToArray();
            Assert.Equal(10, rows.Where(r => r[0] == "100").Sum(r => double.Parse(r[2], System.Globalization.CultureInfo.InvariantCulture)), 1e-6);
            Assert.Equal(1388, rows.Sum(r => double.Parse(r[2], System.Globalization.CultureInfo.InvariantCulture)), 1e-5);
        }
        File.AppendAllLines(margins, ["100,1,1", "101,many,1"]);
        var codes = Json(3, "displacement", "people", "--margins", margins, "--zones", zones, "--zone-id", "code").GetProperty("faults").EnumerateArray().Select(f => f.GetProperty("code").GetString()).ToArray();
        Assert.Contains("GH5531", codes);
        Assert.Contains("GH5533", codes);
    }

    [Fact]
    public void A_bad_panel_ends_with_every_fault_and_exit_3()
    {
        var folder = Folder();
        var path = Path.Combine(folder, "panel.csv");
        var lines = File.ReadAllLines(path).ToList();
        lines[3] = lines[2];
        lines[10] = "101,2002,abc,1,2";
        File.WriteAllLines(path, lines);
        var codes = Json(3, ["displacement", "estimate", .. Panel(folder, "--treat", "spray")]).GetProperty("faults").EnumerateArray().Select(f => f.GetProperty("code").GetString()).ToArray();
        Assert.Contains("GH5503", codes);
        Assert.Contains("GH5507", codes);
        Assert.Contains("GH5508", codes);
    }

    [Fact]
    public void An_island_in_the_weights_is_told_with_the_faults_of_the_panel()
    {
        var folder = Folder();
        var zones = Path.Combine(folder, "zones.geojson");
        const string island = """,{"type":"Feature","properties":{"code":"900","v":1},"geometry":{"type":"Polygon","coordinates":[[[50,50],[51,50],[51,51],[50,51],[50,50]]]}}]}""";
        File.WriteAllText(zones, File.ReadAllText(zones)[..^2] + island);
        var codes = Json(3, ["displacement", "estimate", .. Panel(folder, "--treat", "spray")]).GetProperty("faults").EnumerateArray().Select(f => f.GetProperty("code").GetString()).Distinct().ToArray();
        Assert.Equal(["GH5508", "GH5514"], codes.Order());
    }

    [Fact]
    public void Statistics_find_the_two_halves_of_the_board()
    {
        var zones = Path.Combine(Folder(), "zones.geojson");
        var moran = Json(0, "stats", "moran", "--zones", zones, "--value", "v", "--id", "code", "--permutations", "999");
        Assert.InRange(moran.GetProperty("i").GetDouble(), 0.3, 1);
        Assert.InRange(moran.GetProperty("p").GetDouble(), 0.001, 0.05);
        foreach (var verb in new[] { "local-moran", "gi" })
        {
            var local = Json(0, "stats", verb, "--zones", zones, "--value", "v", "--id", "code", "--weights", "knn:3", "--permutations", "199");
            Assert.Equal(16, local.GetProperty("units").GetArrayLength());
            Assert.Equal("100", local.GetProperty("units")[0].GetProperty("id").GetString());
        }
        foreach (var (verb, rows) in new[] { ("moran", 1), ("local-moran", 16), ("gi", 16) })
        {
            var target = Path.Combine(Path.GetDirectoryName(zones)!, verb + ".gpkg");
            Json(0, "stats", verb, "--zones", zones, "--value", "v", "--id", "code", "--permutations", "99", "--out", target);
            using var store = GeoPackageStore.OpenReadOnly(target);
            var layer = store.Read(verb.Replace('-', '_'));
            Assert.Equal((rows, rows > 1), (layer.RowCount, layer.HasGeometry));
        }
    }

    [Fact]
    public void Evaluations_give_effect_placebo_and_flags()
    {
        var folder = Folder();
        var did = Json(0, ["evaluate", "did", .. Panel(folder, "--treated", "105,106", "--before", "2004", "--after", "2006", "--log", "--sum", "--confounder", "spray")]);
        Assert.True(did.GetProperty("effect").GetProperty("low").GetDouble() <= did.GetProperty("effect").GetProperty("high").GetDouble());
        Assert.Equal(JsonValueKind.Array, did.GetProperty("flags").ValueKind);
        Assert.InRange(did.GetProperty("placebo").GetProperty("p").GetDouble(), 0.001, 1);
        foreach (var extra in new[] { Array.Empty<string>(), ["--difference"] })
        {
            var synthetic = Json(0, ["evaluate", "synthetic", .. Panel(folder, ["--treated", "100", "--before", "2005", "--after", "2007", .. extra])]);
            Assert.Equal(1, synthetic.GetProperty("weights").EnumerateArray().Sum(w => w.GetProperty("weight").GetDouble()), 1e-4);
            // The three neighbours of the corner may receive, so twelve controls are left.
            Assert.Equal(12, synthetic.GetProperty("controls").GetInt32());
        }
        Assert.Equal(3, CommandLineTests.Run(["evaluate", "did", .. Panel(folder, "--treated", "999", "--before", "2004", "--after", "2006")]).Code);
    }

    [Fact]
    public void A_programme_that_came_in_different_years_is_evaluated_by_cohort()
    {
        // Units 100-103 from 2004, 104-107 from 2006; every treated year adds one; the rest is parallel.
        var folder = Folder();
        var path = Path.Combine(folder, "panel.csv");
        File.WriteAllLines(path, Enumerable.Range(0, 16).SelectMany(u => Enumerable.Range(2001, 8).Select(year =>
        {
            var since = u < 4 ? year - 2003 : u < 8 ? year - 2005 : 0;
            return $"{u + 100},{year},{10 * u + 3 * year + Math.Max(0, since)},{(since > 0 ? 1 : 0)},0";
        })).Prepend("unit,year,ha,spray,twice"));
        string[] panel = ["--panel", path, "--unit", "unit", "--time", "year", "--value", "ha"];
        var result = Json(0, ["evaluate", "did", .. panel, "--staggered", "spray", "--draws", "99"]);
        Assert.Equal((15 * 4 + 6 * 4) / (8.0 * 4), result.GetProperty("effect").GetProperty("value").GetDouble(), 1e-9);
        Assert.Equal((8, 8), (result.GetProperty("treated").GetInt32(), result.GetProperty("controls").GetInt32()));
        foreach (var e in result.GetProperty("eventStudy").EnumerateArray()) Assert.Equal(Math.Max(0, e.GetProperty("since").GetInt32() + 1), e.GetProperty("value").GetDouble(), 1e-9);
        // The second row of zones is treated, so the third may receive and is no control.
        Assert.Equal(4, Json(0, ["evaluate", "did", .. Panel(folder, "--staggered", "spray", "--draws", "99")]).GetProperty("controls").GetInt32());
        Assert.Equal(3, CommandLineTests.Run(["evaluate", "did", .. panel, "--staggered", "twice"]).Code);
        Assert.Equal(2, CommandLineTests.Run(["evaluate", "did", .. panel]).Code);
    }

    [Fact]
    public void Backtest_reports_skill_against_persistence()
    {
        var result = Json(0, ["displacement", "backtest", .. Panel(Folder(), "--origins", "2004-2007")]);
        var skill = result.GetProperty("skill");
        Assert.Equal(skill.GetProperty("persistenceMae").GetDouble(), skill.GetProperty("mae").GetDouble(), 1e-12);
        Assert.InRange(skill.GetProperty("coverage90").GetDouble(), 0, 1);
        Assert.Equal(16, result.GetProperty("units").GetArrayLength());
    }

    [Fact]
    public void A_projection_balances_states_what_is_not_identified_and_writes_its_folder()
    {
        var folder = Folder();
        var place = Path.Combine(folder, "what-if");
        var result = Json(0, ["displacement", "project", .. Panel(folder, "--treat", "aerial-spraying=spray", "--places", "105,106", "--from", "2005", "--to", "2008", "--members", "60", "--out", place)]);
        Assert.Contains("do not identify where removed hectares reappear", result.GetProperty("statement").GetString(), StringComparison.Ordinal);
        Assert.InRange(result.GetProperty("balance").GetProperty("relativeGap").GetDouble(), 0, 1e-9);
        var parts = result.GetProperty("balance").GetProperty("parts");
        double Part(string name) => parts.GetProperty(name).GetProperty("value").GetDouble();
        Assert.True(Part("removed") > 0);
        Assert.Equal(Part("start") - Part("removed") + Part("replanted") + Part("reappeared") + Part("growth"), Part("after"), 1e-6);
        var units = result.GetProperty("units").EnumerateArray().ToArray();
        Assert.Equal(16, units.Length);
        Assert.All(units, u => Assert.Equal(u.GetProperty("id").GetString() is "105" or "106", u.GetProperty("removed").GetProperty("value").GetDouble() > 0));
        Assert.Equal(["infinite", "250", "75"], units[0].GetProperty("reappearedByKappa").EnumerateArray().Select(k => k.GetProperty("kappaKm").GetString()));
        Assert.Equal([1, 3], result.GetProperty("forecast").EnumerateArray().Select(f => f.GetProperty("horizon").GetInt32()));
        Assert.Equal(2008, result.GetProperty("backcast").GetProperty("year").GetInt32());
        foreach (var name in new[] { "project.json", "results.gpkg", "tables/units.csv", "tables/forecast.csv", "maps/01-cultivation.png" }) Assert.True(File.Exists(Path.Combine(place, name)), name);
        Assert.Equal(17, File.ReadAllLines(Path.Combine(place, "tables", "units.csv")).Length);
        Assert.Equal(2, CommandLineTests.Run(["displacement", "project", .. Panel(folder, "--out", place)]).Code);
    }

    [Fact]
    public void A_projection_of_the_study_takes_a_scenario_and_assumptions_that_the_user_sets()
    {
        var result = Json(0, "displacement", "project", "putumayo-2000.yaml", "--members", "20", "--set", "leakage=0", "--set", "replant.spraying=0:0.1:0.2", "--kappa", "100", "--attraction", "1,0.1", "--horizons", "1");
        Assert.Equal(33, result.GetProperty("units").GetArrayLength());
        Assert.Equal("100", result.GetProperty("kappaKm").GetString());
        Assert.Equal(0, result.GetProperty("balance").GetProperty("parts").GetProperty("reappeared").GetProperty("value").GetDouble());
        Assert.Equal(1, result.GetProperty("attraction").GetProperty("power").GetDouble());
        var skill = result.GetProperty("skill");
        foreach (var key in new[] { "mae", "persistenceMae", "fom", "coverage50", "coverage90", "crps" }) Assert.True(skill.GetProperty(key).GetDouble() >= 0, key);
        Assert.Equal(66022, result.GetProperty("units").EnumerateArray().Single(u => u.GetProperty("id").GetString() == "COL.PU").GetProperty("start").GetDouble(), 1.0);
    }

    [Theory]
    [InlineData(2, "--treat", "herbicide=spray")]
    [InlineData(2, "--set", "leakage")]
    [InlineData(2, "--kappa", "-5")]
    [InlineData(3, "--set", "no.such=1")]
    [InlineData(3, "--treat", "aerial-spraying=spray", "--places", "999")]
    public void A_projection_refuses_what_it_cannot_read(int expected, params string[] more) =>
        Json(expected, ["displacement", "project", .. Panel(Folder(), ["--members", "5", .. more])]);

    [Fact]
    public void Shift_of_national_series_gives_leakage_and_breaks()
    {
        var file = Path.Combine(root, "andes.csv");
        // Hectares of the Andes 1990 and 2000 (UNODC) at the ends; between them A falls along a line and breaks in 1996.
        var rows = new List<string> { "country,year,ha" };
        for (var t = 0; t <= 10; t++)
        {
            rows.Add(FormattableString.Invariant($"Peru,{1990 + t},{(t < 6 ? 121300 + 500 * (t % 2) : t < 10 ? 121300 - 17000 * (t - 5) - 300 * (t % 2) : 43400)}"));
            rows.Add($"Bolivia,{1990 + t},{50300 - 3570 * t}");
            rows.Add($"Colombia,{1990 + t},{40100 + 12320 * t}");
        }
        File.WriteAllLines(file, rows);
        var result = Json(0, "displacement", "shift", "--panel", file, "--unit", "country", "--time", "year", "--value", "ha");
        var leakage = result.GetProperty("leakage");
        Assert.Equal(108.5, 100 * leakage.GetProperty("share").GetDouble(), 0.1);
        Assert.Equal("Colombia", leakage.GetProperty("gainers")[0].GetString());
        Assert.Contains(result.GetProperty("breaks").EnumerateArray(), b => b.GetProperty("unit").GetString() == "Peru" && Math.Abs(b.GetProperty("year").GetInt32() - 1996) <= 1);
    }

    [Fact]
    public void Cells_take_each_units_hectares_and_leave_only_in_blocks_of_five_kilometres_or_more()
    {
        var folder = Folder();
        var (raster, place) = (Path.Combine(folder, "coca.tif"), Path.Combine(folder, "out"));
        // 0.02 degrees a cell over the four units of the south-west corner (two by two degrees); coca in every seventh cell.
        using (var file = GeoHarm.Gdal.Datasets.RasterDataset.Create(
            raster, "GTiff", 100, 100, 1, GeoHarm.Gdal.Datasets.PixelType.Float32, new GeoHarm.Gdal.Datasets.GeoTransform(0, 0.02, 0, 2, 0, -0.02), GeoHarm.Gdal.Datasets.SpatialReference.FromEpsg(4326)))
        {
            file.Band().Write<float>(0, 0, 100, 100, [.. Enumerable.Range(0, 10_000).Select(c => c % 7 == 0 ? 2f : 0)]);
        }
        string[] Project(string to, params string[] more) => ["displacement", "project", .. Panel(folder, ["--from", "2004", "--to", "2007", "--members", "10", "--cells", raster, "--out", to, .. more])];
        var result = Json(0, Project(place));
        var cells = result.GetProperty("cells");
        Assert.Equal(4, cells.GetProperty("units").GetInt32());
        var after = result.GetProperty("units").EnumerateArray().ToDictionary(u => u.GetProperty("id").GetString()!, u => u.GetProperty("after").GetProperty("value").GetDouble());
        Assert.Equal(after["100"] + after["101"] + after["104"] + after["105"], cells.GetProperty("hectares").GetDouble(), 1e-9);
        Assert.Equal(after.Values.Sum(), cells.GetProperty("hectares").GetDouble() + cells.GetProperty("hectaresWithoutCells").GetDouble(), 1e-9);
        var header = File.ReadLines(Path.Combine(place, "tables", "cells.csv")).First();
        Assert.StartsWith("cell,side_km,after_ha_2004", header, StringComparison.Ordinal);
        Assert.All(File.ReadLines(Path.Combine(place, "tables", "cells.csv")).Skip(1), line => Assert.True(double.Parse(line.Split(',')[1], System.Globalization.CultureInfo.InvariantCulture) >= 5));
        // The steward's own copy holds the cells whole: their sum is the units'.
        Json(0, Project(Path.Combine(folder, "own"), "--audience", "steward"));
        var own = File.ReadLines(Path.Combine(folder, "own", "tables", "cells.csv")).ToArray();
        var column = own[0].Split(',').ToList().IndexOf("after_ha");
        Assert.Equal(cells.GetProperty("hectares").GetDouble(), own.Skip(1).Sum(l => double.Parse(l.Split(',')[column], System.Globalization.CultureInfo.InvariantCulture)), 1e-6);
    }
}
