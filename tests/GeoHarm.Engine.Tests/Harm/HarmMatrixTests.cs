using GeoHarm.Engine.Harm;
using GeoHarm.Engine.Tests.Scenarios;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Engine.Tests.Harm;

public class HarmMatrixTests
{
    private static HarmMatrix Matrix(string file) => HarmMatrix.Read(SmallStudy.FromCsv(file, "m", []), file);

    [Theory]
    [InlineData("catastrophic", "E E H H M")]
    [InlineData("critical", "E H H M L")]
    [InlineData("marginal", "H M M L L")]
    [InlineData("negligible", "M L L L L")]
    public void The_army_matrix_has_its_published_cells(string severity, string row)
    {
        var matrix = Matrix("harm/matrix_army.csv");
        string[] columns = ["frequent", "likely", "occasional", "seldom", "unlikely"];
        Assert.Equal(row.Split(' '), columns.Select(c => matrix[severity, c][..1].ToUpperInvariant()));
    }

    [Fact]
    public void A_matrix_that_is_not_monotone_or_not_whole_is_refused_cell_by_cell()
    {
        var table = new Layer("m",
        [
            Column.Text("severity", ["grave", "grave", "marginal", "marginal"]), Column.Text("incidence", ["often", "rarely", "often", "often"]), Column.Text("priority", ["high", "low", "low", "high"]),
        ]);
        var faults = Assert.Throws<InvalidInputException>(() => HarmMatrix.Read(table, "m.csv")).Faults;
        Assert.Equal(["GH5001", "GH5002"], faults.Select(f => f.Code).Distinct().Order(StringComparer.Ordinal));
        var reversed = new Layer("m", [Column.Text("severity", ["grave", "marginal"]), Column.Text("incidence", ["often", "often"]), Column.Text("priority", ["low", "low"])]);
        Assert.Equal("low", HarmMatrix.Read(reversed, "m.csv")["marginal", "often"]);
        var urgent = new Layer("m", [Column.Text("severity", ["grave", "grave", "marginal", "marginal"]), Column.Text("incidence", ["often", "rarely", "often", "rarely"]), Column.Text("priority", ["high", "low", "high", "high"])]);
        Assert.Equal("GH5003", Assert.Single(Assert.Throws<InvalidInputException>(() => HarmMatrix.Read(urgent, "m.csv")).Faults, f => f.Place == "marginal, rarely").Code);
    }

    [Fact]
    public void Every_rule_is_rated_by_the_matrix_and_cites_a_source()
    {
        var rules = HarmAssessment.ReadRules(SmallStudy.FromCsv("harm/rules.csv", "r", []), Matrix("harm/matrix_gp.csv"), "rules.csv");
        Assert.All(rules, r => Assert.NotEmpty(r.Source));
        Assert.All(["incarceration", "killings by the state", "fragmentation", "food insecurity", "psychological", "trust in institutions"],
            harm => Assert.Contains(rules, r => r.Harm.Contains(harm, StringComparison.OrdinalIgnoreCase)));
        Assert.Equal(["citizen security", "economy", "environment", "institutions", "public health", "state"], rules.Select(r => r.Threat).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void By_hand_a_push_within_a_level_leaves_the_rating_and_shows_as_a_trend()
    {
        var matrix = Matrix("harm/matrix_gp.csv");
        var rules = HarmAssessment.ReadRules(SmallStudy.FromCsv("harm/rules.csv", "r", []), matrix, "rules.csv");
        Dictionary<string, double> Flow(double tonnes) => new() { ["flow_t"] = tonnes };
        HarmRow Violence(double before, double after) => HarmAssessment.Assess(rules, matrix, [new HarmEvidence("Z", "Z", Flow(before), Flow(after))]).Single(r => r.Harm.StartsWith("killings in", StringComparison.Ordinal));
        Assert.Equal(("occasionally", "occasionally", "same", "rising"), (Violence(3, 4).IncidenceBefore, Violence(3, 4).IncidenceAfter, Violence(3, 4).Change, Violence(3, 4).Trend));
        Assert.Equal(("falling", "level", 3), (Violence(4, 3).Trend, Violence(3, 3 * (1 + 1e-12)).Trend, Violence(3, 3).OutcomeAfter));
    }

    [Fact]
    public void More_of_an_outcome_never_makes_a_harm_rarer()
    {
        var matrix = Matrix("harm/matrix_gp.csv");
        var rules = HarmAssessment.ReadRules(SmallStudy.FromCsv("harm/rules.csv", "r", []), matrix, "rules.csv");
        Dictionary<string, double> All(double v) => rules.Select(r => r.Measure).Distinct().ToDictionary(m => m, _ => v);
        var values = new[] { 0.0, 0.02, 1, 30, 600, 9000, 1e6 };
        for (var i = 1; i < values.Length; i++)
        {
            var rows = HarmAssessment.Assess(rules, matrix, [new HarmEvidence("Z", "Z", All(values[i - 1]), All(values[i]))]);
            Assert.All(rows, r => Assert.Contains(r.Change, new[] { "same", "added", "more often" }));
            Assert.NotEmpty(rows);
        }
    }
}
