using GeoHarm.Engine.Routes;
using GeoHarm.Engine.Scenarios;

namespace GeoHarm.Engine.Tests.Scenarios;

/// <summary>The regression gate on historical scenarios (not evidence: findings B5) and the calibration to published shares. The whole tables of
/// docs/methods/routes.md are printed under GEOHARM_CAMPAIGN=1.</summary>
public sealed class RouteBackcastTests(ITestOutputHelper output)
{
    private static readonly bool Whole = Environment.GetEnvironmentVariable("GEOHARM_CAMPAIGN") == "1";

    [Theory]
    [InlineData("caribbean-1985.yaml")]
    [InlineData("mexico-2006.yaml")]
    public void Central_America_gains_in_nine_of_ten_draws_in_both_Markovian_structures(string file)
    {
        var outcomes = Print(file, Whole ? Enum.GetValues<TransitStructure>() : [TransitStructure.Reference, TransitStructure.Layered], Whole ? 32 : 8);
        Assert.All(outcomes.Where(o => o.Structure != TransitStructure.Wardrop), o => Assert.True(o.SignShare >= 0.9 && o.NotConverged == 0, $"{o.Structure}: {o.SignShare}"));
    }

    [Fact]
    public void A_blanket_measure_on_Mexico_punishes_its_own_supply_chain_and_gets_the_sign_wrong()
    {
        var outcome = Assert.Single(Print("mexico-2006-blanket.yaml", [TransitStructure.Reference], 8));
        Assert.True(outcome.SignShare < 0.5); // a failure that is known, printed and explained: units on one chain are complements
    }

    [Theory]
    [InlineData("caribbean-1985-blanket.yaml")]
    [InlineData("antilles-2003.yaml")]
    [InlineData("antilles-2003-blanket.yaml")]
    [InlineData("mexico-2006-blanket.yaml")]
    [InlineData("gracias-2011.yaml")]
    [InlineData("gracias-2011-blanket.yaml")]
    public void Other_scenarios_are_printed_ungated(string file)
    {
        if (!Whole) Assert.Skip("GEOHARM_CAMPAIGN=1 prints the whole table");
        Assert.Equal(3, Print(file, Enum.GetValues<TransitStructure>(), 32).Count);
    }

    [Fact]
    public void Shares_of_a_backcast_are_what_comes_in_over_what_is_sent_and_threads_change_no_bit()
    {
        var routes = RealStudy.Embedded("caribbean-1985.yaml");
        var (one, two) = (RouteBackcast.Run(routes, [TransitStructure.Reference], 3, 1, default), RouteBackcast.Run(routes, [TransitStructure.Reference], 3, 3, default));
        Assert.Equal(one, two);
        var flows = routes.BaselineModel(TransitStructure.Reference, routes.Central).Solve(routes.NoPolicy).Flows;
        var whole = RouteBackcast.Shares(routes.Network, flows, routes.Inputs.Zones.Ids);
        var arrivals = 0.0;
        for (var arc = 0; arc < routes.Network.ArcCount; arc++) arrivals += routes.Network.To[arc] < routes.Network.ZoneCount ? flows.ArcFlow[arc] / flows.TotalSource : 0;
        Assert.Equal(arrivals, whole.Values.Sum(), arrivals * 1e-12); // every zone its own group: nothing is inside
        Assert.Equal(0, RouteBackcast.Shares(routes.Network, flows, [.. routes.Inputs.Zones.Ids.Select(_ => "all")])["all"]);
    }

    [Fact]
    public void Calibration_comes_nearer_to_the_targets_and_says_what_they_identify()
    {
        var routes = RealStudy.Case(baseline: 2007);
        foreach (var structure in Whole ? Enum.GetValues<TransitStructure>() : [TransitStructure.Layered])
        {
            var fit = RouteCalibration.Fit(routes, structure, steps: Whole ? 12 : 2);
            output.WriteLine($"{structure}: distance {fit.Distance:f1}, {fit.Evaluations} evaluations, singular values {string.Join(" ", fit.SingularValues.Select(s => s.ToString("g2")))}");
            output.WriteLine("  " + string.Join("; ", RouteCalibration.ParameterNames.Zip(fit.Parameters, (n, p) => $"{n} {p:g3}")));
            for (var t = 0; t < RouteCalibration.Targets.Count; t++) output.WriteLine($"  {RouteCalibration.Targets[t].Name} {RouteCalibration.Targets[t].Relation} {RouteCalibration.Targets[t].Value}: start {fit.StartMoments[t]:f3}, fit {fit.Moments[t]:f3}");
            Assert.True(Distance(fit.Moments) < Distance(fit.StartMoments));
            Assert.Equal(fit.Distance, Distance(fit.Moments), 1e-9);
            Assert.True(RouteCalibration.ParameterNames.Count < RouteCalibration.Targets.Count && fit.SingularValues.Count == RouteCalibration.ParameterNames.Count);
            for (var t = 0; Whole && t < RouteCalibration.Targets.Count; t++)
            {
                var without = RouteCalibration.Fit(routes, structure, t);
                output.WriteLine($"  without {RouteCalibration.Targets[t].Name}: it comes out at {without.Moments[t]:f3}");
            }
        }
    }

    private static double Distance(IReadOnlyList<double> moments) => RouteCalibration.Targets.Select((target, t) => (target, over: (moments[t] - target.Value) / target.Error))
        .Sum(m => (m.target.Relation == ">" ? Math.Min(0, m.over) : m.target.Relation == "<" ? Math.Max(0, m.over) : m.over) is var miss ? miss * miss : 0);

    private List<BackcastOutcome> Print(string file, TransitStructure[] structures, int draws)
    {
        var outcomes = RouteBackcast.Run(RealStudy.Embedded(file), structures, draws, 2, TestContext.Current.CancellationToken).ToList();
        foreach (var o in outcomes) output.WriteLine(FormattableString.Invariant($"| {file} | {o.Place} | {o.Structure} | {o.SignShare:f2} | {o.MedianRank:0.#} | {o.Gain.Value:g2} ({o.Gain.Low:g2} to {o.Gain.High:g2}) | {o.Before.Value:g2} | {o.NotConverged} |"));
        return outcomes;
    }
}
