using GeoHarm.Engine.Scenarios;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Engine.Tests.Scenarios;

public class ProjectionRunTests
{
    private const string Everything =
        "[{instrument: aerial-spraying, places: [COL.A, COL.B], years: [2002, 2003], hectares: 4000, randomised: true}, "
        + "{instrument: manual-eradication, places: [COL.B], years: 2003, hectares: 500, sequencing: true}, "
        + "{instrument: voluntary-eradication, places: [COL.C], years: 2002, hectares: 5}, "
        + "{instrument: substitution-programme, places: [COL.A], years: 2003, hectares: 800, announced: 2002}]";

    private static CultivationInputs Inputs(string policy, int members = 40, string more = "") => ScenarioInputs.Open(
        ScenarioReader.Read($"name: test\nyears: {{baseline: 2001, to: 2003}}\npolicy: {policy}\nseed: 5\nmembers: {members}\n{more}", "test.yaml"), SmallStudy.Layers, "test.yaml").Cultivation;

    private static ProjectionResult Run(string policy, int threads = 1, string more = "", int members = 40) =>
        ProjectionRun.Run(Inputs(policy, members, more), new RunOptions(threads), TestContext.Current.CancellationToken);

    private static double Part(ProjectionResult result, string part) => result.Balance.First(b => b.Part == part).Hectares.Value;

    [Theory]
    [InlineData("")]
    [InlineData("kappa_km: 75\n")]
    [InlineData("kappa_km: 1000\nattraction: {power: 1, floor: 0.2}\n")]
    public void Hectares_balance_in_every_draw_for_every_instrument_and_kappa(string more)
    {
        var result = Run(Everything, more: more);
        Assert.True(result.BalanceGap <= 1e-9, $"{result.BalanceGap}");
        foreach (var part in new[] { "announced", "removed", "replanted", "reappeared", "ended" }) Assert.True(Part(result, part) > 0, part);
        Assert.Equal(Part(result, "start") + Part(result, "announced") - Part(result, "removed") + Part(result, "replanted") + Part(result, "reappeared") + Part(result, "growth"), Part(result, "after"), 1e-6);
        Assert.Equal(Part(result, "removed") - Part(result, "replanted"), Part(result, "reappeared") + Part(result, "ended") - Part(result, "induced"), 1e-6);
        Assert.Equal(result.Units.Sum(u => u.After.Value), Part(result, "after"), 1e-6);
        Assert.All(result.Units, u => Assert.True(u.After.Low >= 0));
    }

    [Fact]
    public void The_verb_and_a_scenario_run_give_the_same_hectares()
    {
        var scenario = SmallStudy.Scenario(SmallStudy.Spraying, 30);
        var whole = ScenarioRun.Run(scenario, SmallStudy.Layers, "test.yaml", new RunOptions(), TestContext.Current.CancellationToken);
        var alone = ProjectionRun.Run(ScenarioInputs.Open(scenario, SmallStudy.Layers, "test.yaml").Cultivation, new RunOptions(), TestContext.Current.CancellationToken);
        var (balance, kappas) = (whole.Layers.First(l => l.Name == "balance"), whole.Layers.First(l => l.Name == "kappa_range"));
        foreach (var unit in alone.Units)
        {
            // A whole run adds what seizures do to prices and planting; that part is apart, and means add up.
            Assert.Equal(balance["after_ha"].Number(unit.Unit) - balance["induced_ha"].Number(unit.Unit), unit.After.Value, 1e-9 * (1 + unit.After.Value));
            Assert.Equal(balance["removed_ha_low"].Number(unit.Unit), unit.Removed.Low);
            Assert.Equal(balance["removed_ha"].Number(unit.Unit), unit.Removed.Value);
            for (var k = 0; k < 3; k++) Assert.Equal(kappas["reappeared_ha"].Number(k * alone.Units.Count + unit.Unit), unit.ReappearedByKappa[k].Value);
        }
    }

    [Fact]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        var (one, three) = (Run(Everything), Run(Everything, 3));
        Assert.Equal(one.Balance, three.Balance);
        foreach (var (a, b) in one.Units.Zip(three.Units)) Assert.Equal((a.After, a.Change, a.Removed, a.ReappearedByKappa[2]), (b.After, b.Change, b.Removed, b.ReappearedByKappa[2]));
    }

    [Fact]
    public void Doing_nothing_changes_nothing()
    {
        var result = Run("[]");
        Assert.All(result.Units, u => Assert.Equal((0, 0, u.Before), (u.Change.Low, u.Change.High, u.After)));
        Assert.Null(result.NetPerTreated);
    }

    [Fact]
    public void Leakage_above_one_is_induced_planting_and_says_so()
    {
        var result = Run(SmallStudy.Spraying, more: "priors: {leakage: {central: 1.1}}\n");
        Assert.Equal(0, Part(result, "ended"));
        Assert.Equal(0.1 * (Part(result, "removed") - Part(result, "replanted")), Part(result, "induced"), 1e-6);
        Assert.True(result.NetPerTreated!.Value.Low > 0);
    }

    [Fact]
    public void Income_first_leaves_less_replanted_and_an_announcement_more_standing()
    {
        const string plain = "[{instrument: manual-eradication, places: [COL.A], years: 2003, hectares: 2000}]";
        var sequenced = Run(plain.Replace("hectares", "sequencing: true, hectares", StringComparison.Ordinal));
        var late = Run(plain);
        Assert.Equal(Part(late, "removed"), Part(sequenced, "removed"), 1e-9);
        Assert.True(Part(sequenced, "replanted") < 0.7 * Part(late, "replanted"));
        var announced = Run(plain.Replace("hectares", "announced: 2002, hectares", StringComparison.Ordinal));
        Assert.InRange(Part(announced, "announced"), 0.05 * 4500, 0.4 * 4500);
        Assert.True(Part(announced, "after") > Part(late, "after"));
        Assert.Equal(0, announced.Units[1].Announced.Value);
    }

    [Fact]
    public void Hectares_given_for_several_places_follow_their_coca()
    {
        var treated = new double[4];
        CultivationInputs.Spread(100, [0, 2, 3], [30, 50, 10, 0], treated);
        Assert.Equal([75, 0, 25, 0], treated);
        CultivationInputs.Spread(100, [1, 3], [30, 0, 10, 0], treated);
        Assert.Equal([75, 50, 25, 50], treated);
    }

    [Fact]
    public void A_panel_with_faults_names_all_of_them()
    {
        var units = new ProjectionUnits
        {
            Codes = ["1", "2"], Names = ["1", "2"], Coca = new Dictionary<int, double[]> { [2001] = [5, -3], [2003] = [5, 4] }, DistancesKilometres = [0, 9, 9, 0],
            Observed = new Dictionary<Instrument, IReadOnlyDictionary<int, double[]>>(), PlacesOf = place => place == "1" ? [0] : [],
        };
        var scenario = SmallStudy.Scenario("[{instrument: aerial-spraying, places: [1, 9], years: 2003, hectares: observed}]") with { BaselineYear = 2002 };
        var faults = Assert.Throws<InvalidInputException>(() => units.Open(scenario, SmallStudy.Layers("priors"), "p.yaml")).Faults;
        Assert.Equal(["GH1008", "GH1009", "GH1011", "GH5521", "GH5522"], faults.Select(f => f.Code).Order(StringComparer.Ordinal));
    }
}
