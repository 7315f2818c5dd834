using System.Text.Json;
using GeoHarm.Engine.Scenarios;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Engine.Tests.Scenarios;

public class ScenarioReaderTests
{
    [Fact]
    public void Five_faults_are_all_reported_with_their_lines()
    {
        const string text = """
            name: bad scenario!
            years:
              baseline: 2004
              to: 2000
            policy:
              - instrument: napalm
                places: [COL.PU]
                years: [2001, 2003]
            members: many
            colour: red
            """;
        var faults = Assert.Throws<InvalidInputException>(() => ScenarioReader.Read(text, "bad.yaml")).Faults;
        Assert.Equal([1, 4, 6, 9, 10], faults.Select(f => f.Line!.Value).Distinct());
        Assert.True(faults.Count >= 5);
        Assert.All(faults, f => Assert.NotEmpty(f.Remedy));
        Assert.All(faults, f => Assert.Matches("^GH[0-9]{4}$", f.Code));
    }

    [Fact]
    public void Text_that_is_not_yaml_is_a_fault_with_a_line() =>
        Assert.Equal("GH1001", Assert.Single(Assert.Throws<InvalidInputException>(() => ScenarioReader.Read("name: [a\nb: c", "x.yaml")).Faults).Code);

    [Theory]
    [InlineData("hours: [2, 3]")]
    [InlineData("patrols: 4")]
    [InlineData("vertices: [[1, 2]]")]
    [InlineData("gates: [A]")]
    [InlineData("positions: [[1, 2]]")]
    [InlineData("schedule: weekly")]
    [InlineData("paths: all")]
    public void Inputs_finer_than_a_zone_and_a_year_are_refused_as_a_use(string line)
    {
        var text = $"name: x\nyears: {{baseline: 2000, to: 2001}}\npolicy:\n  - instrument: interdiction\n    places: [CUW]\n    years: 2001\n    control: 0.5\n    {line}\n";
        Assert.Contains(line.Split(':')[0], Assert.Throws<UseNotSupportedException>(() => ScenarioReader.Read(text, "x.yaml")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_policy_is_designed_unless_it_is_said_to_be_delivered()
    {
        Scenario Read(string more) => ScenarioReader.Read($"name: x\nyears: {{baseline: 2001, to: 2003}}\npolicy: []\n{more}", "x.yaml");
        Assert.Equal((false, false, true), (Read("").IsDelivered, Read("implementation: designed").IsDelivered, Read("implementation: delivered").IsDelivered));
        Assert.Equal(("GH1003", 4), Assert.Single(Assert.Throws<InvalidInputException>(() => Read("implementation: half")).Faults) is var f ? (f.Code, f.Line) : default);
    }

    [Fact]
    public void Unknown_places_and_priors_are_reported_together()
    {
        var scenario = ScenarioReader.Read("name: x\nyears: {baseline: 2001, to: 2003}\npolicy:\n  - {instrument: aerial-spraying, places: [ATLANTIS], years: 2002, hectares: 5}\npriors: {unheard_of: {central: 1}}\n", "x.yaml");
        var faults = Assert.Throws<InvalidInputException>(() => ScenarioInputs.Open(scenario, SmallStudy.Layers, "x.yaml")).Faults;
        Assert.Equal(["GH1007", "GH1009"], faults.Select(f => f.Code).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("putumayo-2000")]
    [InlineData("antilles-2003")]
    [InlineData("do-nothing")]
    [InlineData("caribbean-1985")]
    [InlineData("caribbean-1985-blanket")]
    [InlineData("antilles-2003-blanket")]
    [InlineData("mexico-2006")]
    [InlineData("mexico-2006-blanket")]
    [InlineData("gracias-2011")]
    [InlineData("gracias-2011-blanket")]
    public void Embedded_scenarios_are_read_without_fault(string name)
    {
        var file = Path.Combine(SmallStudy.Repository(), "data", "scenarios", name + ".yaml");
        Assert.Equal(name, ScenarioReader.Read(File.ReadAllText(file), file).Name);
    }

    [Fact]
    public void Interdiction_takes_an_origin_a_factor_randomness_and_secrecy()
    {
        var scenario = ScenarioReader.Read("name: x\nstructure: layered\nyears: {baseline: 2000, to: 2001}\npolicy: [{instrument: interdiction, places: [A, B], from: [Andes], risk_factor: 4, randomised: true, announced: false, years: 2001}]\nobserved: [{place: C, rises: true, source: s}]\n", "x.yaml");
        var measure = Assert.Single(scenario.Policy);
        Assert.Equal(("Andes", 4.0, 0.0, 0.5, false), (measure.From[0], measure.RiskFactor, measure.Control, measure.Presence, measure.Announced));
        Assert.Equal(GeoHarm.Engine.Routes.TransitStructure.Layered, scenario.Structure);
        Assert.True(Assert.Single(scenario.Observed).Rises);
    }

    [Theory]
    [InlineData("from: [Andes], towards: [B], control: 1", "GH1013")]
    [InlineData("from: [Andes]", "GH1004")]
    [InlineData("risk_factor: 0.5", "GH1003")]
    public void An_interdiction_that_says_too_much_or_too_little_is_a_fault(string keys, string code)
    {
        var text = $"name: x\nyears: {{baseline: 2000, to: 2001}}\npolicy: [{{instrument: interdiction, places: [A], years: 2001, {keys}}}]\n";
        Assert.Contains(code, Assert.Throws<InvalidInputException>(() => ScenarioReader.Read(text, "x.yaml")).Faults.Select(f => f.Code));
    }

    [Fact]
    public void The_schema_names_the_keys_that_the_reader_takes()
    {
        var schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(SmallStudy.Repository(), "data", "scenarios", "scenario.schema.json"))).RootElement;
        var fault = Assert.Single(Assert.Throws<InvalidInputException>(() => ScenarioReader.Read("name: x\nyears: {baseline: 2000, to: 2001}\npolicy: []\nnonsense: 1\n", "x.yaml")).Faults);
        var taken = fault.Remedy["Use one of: ".Length..].TrimEnd('.').Split(", ");
        Assert.Equal(schema.GetProperty("properties").EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal), taken);
    }
}
