using System.Globalization;
using System.Text.Json;

namespace GeoHarm.Cli.Tests;

public sealed class DiffCommandTests(ITestOutputHelper output) : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("geoharm-diff-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Stored(string name, string totals, string harm = "scenario,zone,activity,harm,incidence_after\na,Z,x,h,rarely\n", int seed = 1, string hash = "11", string text = "name: a\nhectares: 5", string more = "")
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.Combine(path, "tables"));
        File.WriteAllText(Path.Combine(path, "run.json"), JsonSerializer.Serialize(new
        {
            runId = name, version = "1", study = "embedded", audience = "public", language = "en", inputs = new[] { new { name = "study.gpkg", sha256 = hash } },
            scenarios = new[] { new { name = "a", seed, members = 50, monteCarloError = 0.05, text, ratings = new { grave = 1 } } },
        }));
        File.WriteAllText(Path.Combine(path, "tables", "totals.csv"), "scenario,measure,unit,after,after_low,after_high\n" + totals);
        File.WriteAllText(Path.Combine(path, "tables", "harm.csv"), harm);
        if (more.Length > 0) File.WriteAllText(Path.Combine(path, "tables", "priors.csv"), more);
        return path;
    }

    private static (int Code, JsonElement Json) Diff(string a, string b, params string[] more)
    {
        var (code, said, error) = CommandLineTests.Run(["diff", a, b, "--json", .. more]);
        Assert.True(code is ExitCode.Ok or ExitCode.Difference, error + said);
        return (code, JsonDocument.Parse(said).RootElement);
    }

    private static Dictionary<string, JsonElement> ByPath(JsonElement diff) => diff.GetProperty("differences").EnumerateArray().ToDictionary(d => d.GetProperty("path").GetString()!, StringComparer.Ordinal);

    [Fact]
    public void By_hand_a_figure_differs_beyond_error_where_its_change_is_twice_the_error_of_the_difference()
    {
        // Each interval is 20 wide and its error 0.05 of that, 1; of the difference sqrt(2); twice that 2.83.
        var a = Stored("a", "a,cocaHa,ha,100,90,110\na,forest,ha,50,40,60\na,known,ha,7,7,7\n");
        var b = Stored("b", "a,cocaHa,ha,102,92,112\na,forest,ha,53,43,63\na,known,ha,7,7,7\n");
        var (code, diff) = Diff(a, b);
        Assert.Equal((ExitCode.Difference, false), (code, diff.GetProperty("equal").GetBoolean()));
        var found = ByPath(diff);
        Assert.Equal(2, found.Count);
        var (near, far) = (found["/tables/totals/a/cocaHa/after"], found["/tables/totals/a/forest/after"]);
        Assert.Equal((2, 2 * Math.Sqrt(2), false), (near.GetProperty("change").GetDouble(), near.GetProperty("error").GetDouble(), near.GetProperty("beyondError").GetBoolean()));
        Assert.Equal((3, true), (far.GetProperty("change").GetDouble(), far.GetProperty("beyondError").GetBoolean()));
        Assert.Equal("100 (90 to 110)", near.GetProperty("first").GetString());
        var table = diff.GetProperty("tables").EnumerateArray().Single(t => t.GetProperty("name").GetString() == "totals");
        Assert.Equal((6, 2, 1), (table.GetProperty("figures").GetInt32(), table.GetProperty("changed").GetInt32(), table.GetProperty("beyondError").GetInt32()));
        // Counting those beyond error alone, one is left; with only the near one, the runs are equal.
        Assert.Single(ByPath(Diff(a, b, "--beyond-error").Json));
        Assert.Equal(ExitCode.Ok, Diff(a, Stored("c", "a,cocaHa,ha,102,92,112\na,forest,ha,50,40,60\na,known,ha,7,7,7\n"), "--beyond-error").Code);
        Assert.Equal(ExitCode.Ok, Diff(a, Stored("d", "a,cocaHa,ha,100.0000000001,90,110\na,forest,ha,50,40,60\na,known,ha,7,7,7\n"), "--tolerance", "1e-9").Code);
    }

    [Fact]
    public void What_went_in_is_named_with_both_values()
    {
        const string totals = "a,cocaHa,ha,100,90,110\n";
        var a = Stored("a", totals, more: "scenario,key,central,low,high\na,leakage,0.5,0,1\n");
        var b = Stored("b", totals, seed: 2, hash: "22", text: "name: a\nhectares: 9", more: "scenario,key,central,low,high\na,leakage,0.7,0.2,1\n");
        var (code, diff) = Diff(a, b);
        Assert.Equal(ExitCode.Difference, code);
        Assert.Equal([("/inputs/study.gpkg", "11", "22"), ("/scenarios/a/seed", "1", "2"), ("/scenarios/a/text", "hectares: 5", "hectares: 9")],
            diff.GetProperty("inputs").EnumerateArray().Select(i => (i.GetProperty("path").GetString()!, i.GetProperty("first").GetString()!, i.GetProperty("second").GetString()!)));
        Assert.Equal(("0.5", "0.7"), (ByPath(diff)["/tables/priors/a/leakage/central"].GetProperty("first").GetString(), ByPath(diff)["/tables/priors/a/leakage/central"].GetProperty("second").GetString()));
        Assert.Equal(0.2, ByPath(diff)["/tables/priors/a/leakage/central"].GetProperty("change").GetDouble(), 1e-12);
    }

    [Fact]
    public void Ratings_and_rows_of_one_run_alone_are_said_by_their_keys()
    {
        const string totals = "a,cocaHa,ha,100,90,110\n";
        var a = Stored("a", totals);
        var b = Stored("b", totals, "scenario,zone,activity,harm,incidence_after\na,Z,x,h,regularly\na,Z,x,other,rarely\n");
        var found = ByPath(Diff(a, b).Json);
        Assert.Equal(("rarely", "regularly"), (found["/tables/harm/a/Z/x/h/incidence_after"].GetProperty("first").GetString(), found["/tables/harm/a/Z/x/h/incidence_after"].GetProperty("second").GetString()));
        Assert.Equal(("absent", "present"), (found["/tables/harm/a/Z/x/other"].GetProperty("first").GetString(), found["/tables/harm/a/Z/x/other"].GetProperty("second").GetString()));
        Assert.Equal(2, found.Count);
    }

    [Fact]
    public void Random_runs_are_equal_to_themselves_and_differ_the_same_both_ways()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        string Totals() => string.Concat(Enumerable.Range(0, 12).Select(i => string.Create(CultureInfo.InvariantCulture, $"a,m{i},t,{random.Next(4)},{-random.Next(3)},{4 + random.Next(3)}\n")));
        var (x, y) = (Totals(), Totals());
        var (a, b) = (Stored("a", x), Stored("b", y));
        Assert.Equal(ExitCode.Ok, Diff(a, Stored("again", x)).Code);
        var (there, back) = (ByPath(Diff(a, b).Json), ByPath(Diff(b, a).Json));
        Assert.Equal(there.Keys.Order(), back.Keys.Order());
        Assert.All(there, d => Assert.Equal((d.Value.GetProperty("change").GetDouble(), d.Value.GetProperty("beyondError").GetBoolean()), (-back[d.Key].GetProperty("change").GetDouble(), back[d.Key].GetProperty("beyondError").GetBoolean())));
        // Rival: the lines that differ, counted plainly.
        Assert.Equal(x.Split('\n').Zip(y.Split('\n')).Count(l => l.First != l.Second), there.Count);
    }

    [Fact]
    public void A_csv_holds_every_difference_and_a_path_without_a_run_is_refused()
    {
        var (a, b) = (Stored("a", "a,cocaHa,ha,100,90,110\n"), Stored("b", "a,cocaHa,ha,130,90,160\n", seed: 4));
        var csv = Path.Combine(folder, "d.csv");
        Assert.Equal(ExitCode.Difference, Diff(a, b, "--out", csv).Code);
        Assert.Equal(["kind,path,first,second,change,error,beyond_error", "input,/scenarios/a/seed,1,4,,,"], File.ReadLines(csv).Take(2));
        Assert.EndsWith(",yes", File.ReadLines(csv).Last(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, CommandLineTests.Run("diff", a, b, "--out", csv).Code);
        Assert.Equal(ExitCode.StoreOrNetwork, CommandLineTests.Run("diff", a, Path.Combine(folder, "nowhere")).Code);
    }
}
