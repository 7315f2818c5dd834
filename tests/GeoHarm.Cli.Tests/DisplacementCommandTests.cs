using System.Text.Json;

namespace GeoHarm.Cli.Tests;

public class DisplacementCommandTests
{
    private static string Folder()
    {
        var folder = Directory.CreateTempSubdirectory("geoharm-displacement-").FullName;
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
        var rings = Json(0, ["displacement", "estimate", .. Panel(folder, "--treat", "spray", "--weights", "rings:120,300")]);
        Assert.Contains("ring120-300:spray", rings.GetProperty("coefficients").EnumerateArray().Select(c => c.GetProperty("name").GetString()));
        var curve = Json(0, ["displacement", "estimate", .. Panel(folder, "--treat", "spray", "--weights", "queen")]);
        Assert.Equal(2, curve.GetProperty("coefficients").GetArrayLength());
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
    public void Backtest_reports_skill_against_persistence()
    {
        var result = Json(0, ["displacement", "backtest", .. Panel(Folder(), "--origins", "2004-2007")]);
        var skill = result.GetProperty("skill");
        Assert.Equal(skill.GetProperty("persistenceMae").GetDouble(), skill.GetProperty("mae").GetDouble(), 1e-12);
        Assert.InRange(skill.GetProperty("coverage90").GetDouble(), 0, 1);
        Assert.Equal(16, result.GetProperty("units").GetArrayLength());
    }
}
