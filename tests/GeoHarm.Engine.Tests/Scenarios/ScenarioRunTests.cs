using GeoHarm.Engine.Scenarios;

namespace GeoHarm.Engine.Tests.Scenarios;

public class ScenarioRunTests
{
    private static ScenarioResult Run(string policy, int threads = 1, int members = 12) =>
        ScenarioRun.Run(SmallStudy.Scenario(policy, members), SmallStudy.Layers, "test.yaml", new RunOptions(threads), TestContext.Current.CancellationToken);

    [Fact]
    public void Doing_nothing_changes_nothing()
    {
        var result = Run("[]");
        Assert.All(result.Totals.Concat(result.Burdens), t => Assert.Equal((0, 0, 0), (t.Outcome.Change.Value, t.Outcome.Change.Low, t.Outcome.Change.High)));
        Assert.All(result.Recipients, r => Assert.Equal(0, r.Change.Value));
        Assert.All(result.Ratings, r => Assert.Equal(r.Before, r.After));
    }

    [Fact]
    public void Hectares_are_conserved_in_every_member() => Assert.True(Run(SmallStudy.Spraying).BalanceGap <= 1e-9);

    [Fact]
    public void Spraying_a_department_pushes_coca_forest_loss_and_people_to_the_others()
    {
        var result = Run(SmallStudy.Spraying);
        Assert.Equal("COL.B", result.Recipients.First(r => r.Measure == "cultivation_ha").Zone);
        Assert.True(result.Recipients.First(r => r.Measure == "forest_loss_ha").Change.Value > 0);
        var people = result.Totals.First(t => t.Key == "peopleDisplaced").Outcome.After;
        Assert.True(people.Low > 0);
        Assert.Equal(people.Value, result.Recipients.Where(r => r.Measure == "people_in").Sum(r => r.Change.Value), people.Value * 1e-12);
        Assert.Contains(result.Harms, h => h is { Zone: "COL.A", Activity: "eradication", Cause: "policy", Change: "added" });
    }

    [Fact]
    public void Closing_one_link_moves_cargo_to_the_others_and_creates_or_destroys_none()
    {
        var result = Run(SmallStudy.Interdiction);
        var (delivered, seized) = (result.Burdens.First(b => b.Key == "deliveredTonnes").Outcome, result.Burdens.First(b => b.Key == "seizedTonnes").Outcome);
        var produced = result.Totals.First(t => t.Key == "cocaineTonnes").Outcome;
        Assert.Equal(produced.After.Value, delivered.After.Value + seized.After.Value, produced.After.Value * 1e-9);
        Assert.Equal(produced.Before.Value, produced.After.Value, produced.Before.Value * 0.05); // seizures change prices, prices planting: the loop
        var shares = result.Layers.First(l => l.Name == "shares");
        var curacao = Enumerable.Range(0, shares.RowCount).First(r => shares["place"].TextAt(r) == "CUW");
        Assert.True(shares["share_change"].Number(curacao) < 0);
        var corridors = result.Layers.First(l => l.Name == "corridors");
        var closed = Enumerable.Range(0, corridors.RowCount).Single(r => corridors["from_zone"].TextAt(r) == "CUW" && corridors["to_zone"].TextAt(r) == "NLD");
        Assert.Equal("ship 100 %", corridors["mode_mix"].TextAt(closed));
    }

    [Fact]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        var (one, two) = (Run(SmallStudy.Spraying, 1, 40), Run(SmallStudy.Spraying, 3, 40));
        foreach (var (a, b) in one.Layers.Zip(two.Layers))
        {
            foreach (var (x, y) in a.Columns.Zip(b.Columns))
            {
                for (var row = 0; row < a.RowCount; row++) Assert.Equal(x.TextAt(row), y.TextAt(row));
            }
        }
    }

    [Fact]
    public void The_baseline_year_of_the_overlay_is_what_was_observed()
    {
        var overlay = Run(SmallStudy.Spraying).Layers.First(l => l.Name == "overlay");
        var row = Enumerable.Range(0, overlay.RowCount).Single(r => overlay["zone"].TextAt(r) == "COL.A" && overlay["year"].Number(r) == 2001);
        Assert.Equal((4500, 4500, 0), (overlay["cultivation_ha_before"].Number(row), overlay["cultivation_ha_after"].Number(row), overlay["cultivation_ha_change"].Number(row)));
    }

    [Fact]
    public void An_interrupted_run_stops_between_members()
    {
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => ScenarioRun.Run(SmallStudy.Scenario("[]"), SmallStudy.Layers, "t", new RunOptions(), cancel.Token));
    }
}
