using GeoHarm.Engine.Evaluation;
using GeoHarm.Engine.Scenarios;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Engine.Tests.Scenarios;

public class DecisionRunTests
{
    private const int Members = 40;

    private static (Scenario, string) Option(string name, string policy, string more = "") => (ScenarioReader.Read(
        $"name: {name}\nyears: {{baseline: 2001, to: 2003}}\npolicy: {policy}\nseed: 5\nmembers: {Members}\n{more}", name + ".yaml"), name + ".yaml");

    private static readonly (Scenario, string) Spray = Option("spray", SmallStudy.Spraying), Seize = Option("seize", SmallStudy.Interdiction),
        Community = Option("community", "[{instrument: voluntary-eradication, places: [COL.A], years: [2002, 2003], hectares: 4000, sequencing: true}]");

    private static DecisionResult Run(DecisionOptions? options, params (Scenario, string)[] scenarios) =>
        DecisionRun.Run(scenarios, SmallStudy.Layers, options ?? new DecisionOptions(), null, TestContext.Current.CancellationToken);

    private static readonly Lazy<DecisionResult> Three = new(() => Run(new DecisionOptions(Threads: 2, Confirmed: 1) { Budgets = new Dictionary<string, double> { ["seize"] = 5e6 } }, Spray, Seize, Community));

    private static int Index(string key) => OptionDraws.Criteria.ToList().FindIndex(c => c.Key == key);

    [Fact]
    public void Doing_nothing_is_always_among_the_options_and_displaces_nobody()
    {
        var result = Three.Value;
        Assert.Equal(["do-nothing", "spray", "seize", "community"], result.Options.Select(o => o.Name));
        Assert.Equal(0, result.DoNothing);
        Assert.Equal(0, result.Designed.At(0, Index("peopleDisplaced")).High);
        Assert.Equal((0, 1), (result.Costs[0].AvoidedKilograms.Value, result.Designed.At(1, Index("peopleDisplaced")).Low > 0 ? 1 : 0));
        // Nobody is given twice.
        Assert.Equal(["mine", "spray"], Run(new DecisionOptions(AlsoDelivered: false), Option("mine", "[]"), Spray).Options.Select(o => o.Name));
    }

    [Fact]
    public void Members_of_an_option_are_those_of_its_own_run()
    {
        var result = Three.Value;
        var alone = ScenarioRun.Run(Spray.Item1, SmallStudy.Layers, "spray.yaml", new RunOptions(), TestContext.Current.CancellationToken);
        foreach (var total in alone.Totals.Concat(alone.Burdens).Where(t => Index(t.Key) >= 0))
        {
            Assert.Equal(total.Outcome.After, result.Designed.At(1, Index(total.Key)));
            // Doing nothing is the baseline of every option, bit for bit: the draws are shared.
            Assert.Equal(total.Outcome.Before, result.Designed.At(0, Index(total.Key)));
        }
    }

    [Fact]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        var (one, two) = (Run(new DecisionOptions(1, false), Spray, Seize), Run(new DecisionOptions(3, false), Spray, Seize));
        for (var o = 0; o < 3; o++) for (var c = 0; c < OptionDraws.Criteria.Count; c++) Assert.Equal(one.Designed.Draws(o, c).ToArray(), two.Designed.Draws(o, c).ToArray());
    }

    [Fact]
    public void What_is_carried_out_treats_fewer_hectares_and_displaces_fewer_people_in_every_member()
    {
        var result = Three.Value;
        var (designed, delivered) = (result.Designed.Draws(1, Index("peopleDisplaced")).ToArray(), result.Delivered!.Draws(1, Index("peopleDisplaced")).ToArray());
        Assert.All(designed.Zip(delivered), p => Assert.True(p.Second < p.First && p.Second > 0));
        // People leave in proportion to sprayed hectares: the ratio is the share carried out, d^w, with d from 0.2 to 1.
        var inputs = ScenarioInputs.Open(Spray.Item1 with { IsDelivered = true }, SmallStudy.Layers, "spray.yaml");
        for (var m = 0; m < Members; m++) Assert.Equal(Math.Pow(inputs.Priors.Draw(Delivery.Key, 5, (uint)m), inputs.DeliveryPowers[0]), delivered[m] / designed[m], 1e-9);
        Assert.InRange(inputs.DeliveryPowers[0], 0.5, 2);
        // Doing nothing needs no carrying out.
        Assert.Equal(result.Designed.Draws(0, 0).ToArray(), result.Delivered.Draws(0, 0).ToArray());
    }

    [Fact]
    public void A_share_of_one_is_the_policy_as_designed()
    {
        const string whole = "implementation: delivered\npriors: {delivery.share: {central: 1}}";
        ScenarioResult Of(string policy, string more) => ScenarioRun.Run(Option("x", policy, more).Item1, SmallStudy.Layers, "x.yaml", new RunOptions(), TestContext.Current.CancellationToken);
        foreach (var policy in new[] { SmallStudy.Spraying, SmallStudy.Interdiction })
        {
            var (designed, delivered) = (Of(policy, ""), Of(policy, whole));
            Assert.Equal(designed.Totals.Concat(designed.Burdens).Select(t => t.Outcome), delivered.Totals.Concat(delivered.Burdens).Select(t => t.Outcome));
            Assert.Equal(designed.Harms, delivered.Harms);
        }
    }

    [Fact]
    public void Ratings_are_placed_and_harms_of_the_policy_are_counted()
    {
        var result = Three.Value;
        var policy = Index("harmsByPolicy");
        Assert.All(result.Designed.Draws(0, policy).ToArray(), place => Assert.Equal(0, place));
        Assert.All(result.Designed.Draws(1, policy).ToArray(), place => Assert.True(place > 0));
        Assert.All(result.PolicyHarmsByPriority[0], c => Assert.Equal((0, 0, 0), c));
        Assert.Contains(result.PolicyHarmsByPriority[1], c => c.Median > 0);
    }

    [Fact]
    public void The_published_costs_give_the_published_ratio_and_the_workshops_beside_it()
    {
        // published.md: US$ 940,000 and 175,000, ratio 5.37; the workshop says 3 to 4.
        var published = Three.Value.Published!;
        Assert.Equal((940_000, 175_000, 3, 4), (published.EradicationDollars, published.InterdictionDollars, published.WorkshopLow, published.WorkshopHigh));
        Assert.Equal(5.37, published.Ratio, 0.005);
        Assert.Contains("Restrepo 2016", published.Source, StringComparison.Ordinal);
        Assert.Contains("Workshop", published.WorkshopSource, StringComparison.Ordinal);
        var costs = Three.Value.Costs;
        Assert.Equal([null, (940_000, 940_000), (175_000, 175_000), null], costs.Select(c => c.Published));
        // A budget: dollars per kilogram are the budget over the kilograms kept away; none are claimed where none are.
        Assert.Equal(costs[2].AvoidedKilograms.Value > 0 ? 5e6 / costs[2].AvoidedKilograms.Value : null, costs[2].Dollars);
        Assert.Equal(costs[2].AvoidedKilograms.Value / 5, costs[2].PerMillion!.Value.Value, 1e-6 * Math.Abs(costs[2].AvoidedKilograms.Value) + 1e-9);
        Assert.Null(costs[1].Dollars);
    }

    [Fact]
    public void By_hand_kilograms_kept_away()
    {
        // 10 t without, 9.5 and 10.25 t with: 500 and -250 kg.
        var cost = CostPerKilogram.Of([9.5, 10.25], [10, 10], (175_000, 175_000), 1e6);
        Assert.Equal((125, 0.5), (cost.AvoidedKilograms.Value, cost.ShareAvoiding));
        Assert.Equal((125, 8000), (cost.PerMillion!.Value.Value, cost.Dollars));
        Assert.Null(CostPerKilogram.Of([11], [10], null, 1e6).Dollars);
    }

    [Fact]
    public void A_flip_names_a_prior_that_is_drawn_and_is_run_again()
    {
        var result = Three.Value;
        Assert.Contains("leakage", result.Inputs);
        Assert.All(result.Flips, f => Assert.Contains(f.Input, result.Inputs));
        Assert.All(result.Flips, f => Assert.False(OptionDraws.Criteria[f.Criterion].IsOrdinal));
        if (result.Flips.Count > 0) Assert.Single(result.Confirmed);
        Assert.Equal(0.5, result.ValueAt("leakage", 0.5), 0.1);
        Assert.True(double.IsNaN(result.ValueAt("national_shock", 0.5)));
    }

    [Fact]
    public void Options_on_different_worlds_are_refused_with_every_difference()
    {
        var other = (ScenarioReader.Read("name: late\nyears: {baseline: 2002, to: 2003}\npolicy: []\nkappa_km: 75\n", "late.yaml"), "late.yaml");
        var faults = Assert.Throws<InvalidInputException>(() => Run(null, Spray, other)).Faults;
        Assert.Equal(["kappa_km", "years.baseline"], faults.Select(f => f.Place).Order(StringComparer.Ordinal));
        Assert.All(faults, f => Assert.Equal(("GH1040", "late.yaml"), (f.Code, f.File)));
    }

    [Fact]
    public void A_study_without_the_prior_shows_options_as_designed_and_says_so()
    {
        var priors = SmallStudy.Layers("priors");
        var rows = Enumerable.Range(0, priors.RowCount).Where(r => priors["key"].TextAt(r) != Delivery.Key).ToArray();
        var without = new Layer("priors", [.. priors.Columns.Select(c => c.Take(rows))]);
        Layer Study(string name) => name == "priors" ? without : SmallStudy.Layers(name);
        var result = DecisionRun.Run([Spray], Study, new DecisionOptions(), null, TestContext.Current.CancellationToken);
        Assert.Null(result.Delivered);
        Assert.Contains(result.Caveats, c => c.Contains(Delivery.Key, StringComparison.Ordinal));
        Assert.Equal("GH1014", Assert.Single(Assert.Throws<InvalidInputException>(() => ScenarioInputs.Open(Spray.Item1 with { IsDelivered = true }, Study, "s")).Faults).Code);
    }
}
