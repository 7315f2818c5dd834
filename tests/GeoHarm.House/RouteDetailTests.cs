using System.CommandLine;
using System.Text.Json;
using GeoHarm.Cli;
using GeoHarm.Engine.Scenarios;

namespace GeoHarm.House;

/// <summary>Nothing finer than a zone and a year goes in, nothing finer than a corridor between zones comes out.</summary>
public class RouteDetailTests
{
    private static readonly string[] Refused = ["hours", "gates", "patrols", "assets", "positions", "schedule", "vertices", "waypoints", "paths", "coordinates", "checkpoints", "months"];

    public static TheoryData<string> Words => [.. Refused];

    [Theory]
    [MemberData(nameof(Words))]
    public void A_scenario_or_a_command_that_asks_for_finer_detail_is_answered_use_not_supported(string word)
    {
        var measure = $"name: x\nyears: {{baseline: 2000, to: 2001}}\npolicy: [{{instrument: interdiction, places: [CUW], years: 2001, control: 0.5, {word}: 1}}]\n";
        Assert.Throws<UseNotSupportedException>(() => ScenarioReader.Read(measure, "x.yaml"));
        Assert.Throws<UseNotSupportedException>(() => ScenarioReader.Read($"name: x\nyears: {{baseline: 2000, to: 2001}}\npolicy: []\n{word}: 1\n", "x.yaml"));
        foreach (var verb in VerbsOnAStudy)
        {
            if (IsLengthOfASimulation(verb, word)) continue;
            var output = new StringWriter();
            Assert.Equal(2, GeoHarm.Cli.CommandLine.Run(["routes", verb, "--scenario", "x.yaml", $"--{word}", "1", "--json"], output, TextWriter.Null, TestContext.Current.CancellationToken));
            Assert.Equal("use-not-supported", JsonDocument.Parse(output.ToString()).RootElement.GetProperty("type").GetString()!.Split('/', ':')[^1]);
        }
    }

    // Every verb that takes a scenario works on a study's network; solve and surface take plain files only.
    private static string[] VerbsOnAStudy => [.. GeoHarm.Cli.CommandLine.Tree(TextWriter.Null, TextWriter.Null, CancellationToken.None).Subcommands.Single(c => c.Name == "routes").Subcommands
        .Where(v => v.Options.Any(o => o.Name == "--scenario")).Select(v => v.Name)];

    [Fact]
    public void Every_verb_on_a_study_is_asked()
    {
        foreach (var verb in new[] { "sweep", "push", "simulate", "allocate", "backcast" }) Assert.Contains(verb, VerbsOnAStudy);
    }

    [Fact]
    public void A_mistyped_option_is_only_a_usage_error()
    {
        var output = new StringWriter();
        Assert.Equal(2, GeoHarm.Cli.CommandLine.Run(["routes", "push", "--scenario", "x.yaml", "--burdn", "1", "--json"], output, TextWriter.Null, TestContext.Current.CancellationToken));
        Assert.Equal("usage", JsonDocument.Parse(output.ToString()).RootElement.GetProperty("type").GetString()!.Split('/', ':')[^1]);
    }

    [Fact]
    public void Flows_by_arc_on_a_study_network_are_refused()
    {
        var output = new StringWriter();
        Assert.Equal(2, GeoHarm.Cli.CommandLine.Run(["routes", "solve", "--net", "data/study/study.gpkg", "--trips", "t", "--flows", "f.csv", "--json"], output, TextWriter.Null, TestContext.Current.CancellationToken));
        Assert.Contains("use-not-supported", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Neither_the_schema_nor_any_option_of_the_routes_verbs_has_a_refused_name()
    {
        using var schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "data", "scenarios", "scenario.schema.json")));
        Assert.Empty(Names(schema.RootElement).Where(ScenarioReader.IsFinerThanSupported));
        var routes = GeoHarm.Cli.CommandLine.Tree(TextWriter.Null, TextWriter.Null, CancellationToken.None).Subcommands.Single(c => c.Name == "routes");
        Assert.Empty(routes.Subcommands.SelectMany(v => v.Options.Select(o => (Verb: v.Name, Word: o.Name.TrimStart('-')))).Where(o => ScenarioReader.IsFinerThanSupported(o.Word) && !IsLengthOfASimulation(o.Verb, o.Word)));
    }

    // How many steps a simulation takes is no input of policy: measures stay by place and year.
    private static bool IsLengthOfASimulation(string verb, string word) => (verb, word) == ("simulate", "months");

    private static IEnumerable<string> Names(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p => Names(p.Value).Prepend(p.Name)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Names),
        _ => [],
    };
}
