using System.Globalization;
using System.Text.Json;
using GeoHarm.Stores.Files;

namespace GeoHarm.Cli.Tests;

/// <summary>One small comparison on the embedded study, shared by the tests that look at it.</summary>
public sealed class DecidedOptions : IDisposable
{
    public DecidedOptions()
    {
        var (code, output, error) = CommandLineTests.Run("decide", "data/scenarios/putumayo-2000.yaml", "data/scenarios/putumayo-2000-community.yaml", "--members", "4", "--cost", "putumayo-2000=2e7", "--weights", "forestLossHa=2,weightedTonnes=0.5", "--out", Path.Combine(Folder, "d"), "--json");
        Assert.True(code == ExitCode.Ok, error + output);
        Document = JsonDocument.Parse(output).RootElement;
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("geoharm-decide-").FullName;

    public JsonElement Document { get; }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

public class DecideCommandTests(DecidedOptions decided) : IClassFixture<DecidedOptions>
{
    private static double Value(JsonElement option, string side, string key) => option.GetProperty(side).GetProperty(key).GetProperty("value").GetDouble();

    [Fact]
    public void Every_option_has_its_intervals_ranks_and_cost_and_doing_nothing_is_one()
    {
        var document = decided.Document;
        var options = document.GetProperty("options").EnumerateArray().ToList();
        Assert.Equal(["do-nothing", "putumayo-2000", "putumayo-2000-community"], options.Select(o => o.GetProperty("name").GetString()));
        Assert.All(options, o => Assert.InRange(o.GetProperty("efficientShare").GetDouble(), 0, 1));
        Assert.Equal(0, Value(options[0], "change", "cocaHa"));
        Assert.True(Value(options[2], "deliveredChange", "cocaHa") > Value(options[2], "change", "cocaHa"), "less is removed of what is carried out in part");
        Assert.Equal(2 * Value(options[1], "designed", "forestLossHa") + 0.5 * Value(options[1], "designed", "weightedTonnes"), Value(options[1], "designed", "weighted"), 1e-6 * Value(options[1], "designed", "weighted"));
        Assert.Equal((2, 0.5), (document.GetProperty("weights").GetProperty("forestLossHa").GetDouble(), document.GetProperty("weights").GetProperty("weightedTonnes").GetDouble()));
        Assert.Equal(0.25, document.GetProperty("rankShareError").GetDouble()); // of four members
        foreach (var criterion in document.GetProperty("criteria").EnumerateArray())
        {
            var shares = criterion.GetProperty("rankShares").EnumerateObject().Select(o => o.Value.EnumerateArray().Select(v => v.GetDouble()).ToArray()).ToArray();
            Assert.All(shares, s => Assert.Equal(1, s.Sum(), 12));
            Assert.All(Enumerable.Range(0, 3), r => Assert.Equal(1, shares.Sum(s => s[r]), 12));
            // Ordinal criteria have order alone: no mean, no worst, no regret.
            Assert.Equal(criterion.GetProperty("ordinal").GetBoolean(), criterion.GetProperty("worst").ValueKind == JsonValueKind.Null);
        }
        var cost = options[1].GetProperty("costPerKilogram");
        Assert.Equal((940_000, 2e7), (cost.GetProperty("published").GetProperty("low").GetDouble(), cost.GetProperty("budget").GetDouble()));
        Assert.Equal(2e7 / cost.GetProperty("avoidedKg").GetProperty("value").GetDouble(), cost.GetProperty("dollarsPerKg").GetDouble(), 1e-6);
        var published = document.GetProperty("publishedCostPerKilogram");
        Assert.Equal(5.37, published.GetProperty("ratio").GetDouble(), 0.005);
        Assert.Equal((3, 4), (published.GetProperty("workshopRatio").GetProperty("low").GetInt32(), published.GetProperty("workshopRatio").GetProperty("high").GetInt32()));
    }

    [Fact]
    public void Options_without_a_figure_are_listed_with_their_rating_and_reason()
    {
        var rated = decided.Document.GetProperty("rated").EnumerateArray().ToList();
        Assert.Equal(6, rated.Count);
        Assert.All(rated, r => Assert.NotEmpty(r.GetProperty("reason").GetString()!));
        Assert.Equal("less", rated.Single(r => r.GetProperty("option").GetString() == "focused deterrence on the most violent").GetProperty("harmByThreat").GetProperty("citizen security").GetString());
    }

    [Fact]
    public void Tables_and_chart_hold_the_numbers_of_the_document()
    {
        var files = decided.Document.GetProperty("files").EnumerateArray().Select(f => f.GetString()!).ToList();
        Assert.All(files, f => Assert.True(new FileInfo(Path.Combine(decided.Folder, "d", f)).Length > 0));
        Assert.Contains("charts/rank-shares.png", files);
        var table = CsvLayer.Read(Path.Combine(decided.Folder, "d", "tables", "options.csv"), "options");
        for (var row = 0; row < table.RowCount; row++)
        {
            var option = decided.Document.GetProperty("options").EnumerateArray().Single(o => o.GetProperty("name").GetString() == table["option"].TextAt(row));
            var value = Value(option, table["implementation"].TextAt(row)!, table["criterion"].TextAt(row)!);
            Assert.Equal(value, double.Parse(table["value"].TextAt(row)!, CultureInfo.InvariantCulture));
        }
        Assert.Equal(3 * 2 * decided.Document.GetProperty("criteria").EnumerateArray().Count(c => !c.GetProperty("ordinal").GetBoolean()), table.RowCount);
    }

    [Fact]
    public void Options_may_be_the_scenarios_of_a_run_with_its_seed_and_members_on_its_study()
    {
        string Stored(string study)
        {
            var text = File.ReadAllText(Study.Embedded("scenarios/putumayo-2000-community.yaml"));
            var run = Path.Combine(decided.Folder, study);
            Directory.CreateDirectory(run);
            File.WriteAllText(Path.Combine(run, "run.json"), JsonSerializer.Serialize(new { runId = "x", study, scenarios = new[] { new { file = "community.yaml", text, seed = 77, members = 2 } } }));
            return run;
        }
        var (code, output, error) = CommandLineTests.Run("decide", Stored("embedded"), "--designed-only", "--criteria", "cocaHa", "--json");
        Assert.True(code == ExitCode.Ok, error + output);
        var document = JsonDocument.Parse(output).RootElement;
        Assert.Equal((77, 2), (document.GetProperty("seed").GetInt32(), document.GetProperty("members").GetInt32()));
        Assert.Equal(["do-nothing", "putumayo-2000-community"], document.GetProperty("options").EnumerateArray().Select(o => o.GetProperty("name").GetString()));
        Assert.Equal(JsonValueKind.Null, document.GetProperty("options")[1].GetProperty("delivered").ValueKind);
        Assert.Equal(ExitCode.Usage, CommandLineTests.Run("decide", Stored("mine.gpkg")).Code);
    }

    [Fact]
    public void Scenarios_of_other_years_are_refused_with_the_place()
    {
        var (code, output, _) = CommandLineTests.Run("decide", "data/scenarios/putumayo-2000.yaml", "data/scenarios/antilles-2003.yaml", "--json");
        Assert.Equal(ExitCode.Input, code);
        Assert.Contains("GH1040", output, StringComparison.Ordinal);
        Assert.Contains("years.baseline", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--criteria", "happiness")]
    [InlineData("--criteria", ",")]
    [InlineData("--weights", "harmsByPolicy=1")]
    [InlineData("--weights", "forestLossHa=-1")]
    [InlineData("--cost", "somebody=1e6")]
    [InlineData("--confirm", "-1")]
    public void A_wrong_call_is_a_usage_error(string option, string value) =>
        Assert.Equal(ExitCode.Usage, CommandLineTests.Run("decide", "data/scenarios/putumayo-2000.yaml", option, value).Code);
}
