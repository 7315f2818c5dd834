using GeoHarm.Engine.Routes;
using GeoHarm.Engine.Scenarios;
using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Engine.Tests.Scenarios;

/// <summary>Sweep, push map and supply loop on the embedded study.</summary>
public sealed class RouteStudyTests(ITestOutputHelper output)
{
    private static readonly HashSet<int> All = [];

    [Fact]
    public void The_adjoint_equals_central_differences_on_200_arcs()
    {
        const ulong Seed = 20261125;
        var routes = RealStudy.Case();
        var burden = RouteBurden.Named("weightedTonnes", All);
        var map = RoutePush.Of(routes, burden);
        Assert.True(map.Converged);
        var random = new CounterRandom(Seed, 0, 0);
        var arcs = new HashSet<int>();
        while (arcs.Count < 200)
        {
            var arc = random.NextBelow(routes.Network.ArcCount);
            if (routes.Network.To[arc] < routes.Network.ZoneCount) arcs.Add(arc);
        }
        var scale = map.ByArc.Max(Math.Abs);
        var halves = arcs.Order().Chunk(100).ToArray();
        var worst = new double[halves.Length];
        Parallel.For(0, halves.Length, h =>
        {
            const double Step = 3e-5; // theta x value x step = 8e-4: its square over 6 is 1e-7
            var model = routes.BaselineModel(TransitStructure.Reference, routes.Central, 1e-12);
            var start = model.Solve(routes.Policy).ZoneInflow.ToArray();
            foreach (var arc in halves[h])
            {
                double At(double hazard)
                {
                    var policy = new TransitPolicy(routes.Network.ArcCount);
                    policy.Raise(arc, hazard);
                    return burden.Of(routes, model.Solve(policy, start).Flows);
                }
                var difference = (At(Step) - At(-Step)) / (2 * Step);
                worst[h] = Math.Max(worst[h], Math.Abs(difference - map.ByArc[arc]) / scale);
            }
        });
        output.WriteLine($"seed {Seed}: worst error {worst.Max():e2} of the largest derivative; by zone, re-solved: {map.MaxRelativeError:e2}");
        Assert.True(worst.Max() <= 1e-6, $"seed {Seed}: {worst.Max()}");
        Assert.True(map.MaxRelativeError <= 1e-6);
    }

    [Theory]
    [InlineData("layered", "tonnes")]
    [InlineData("wardrop", "seizedValue")]
    public void The_push_map_agrees_with_re_solves_in_every_structure(string structure, string name)
    {
        var map = RoutePush.Of(RealStudy.Case(more: $"structure: {structure}\n"), RouteBurden.Named(name, All));
        output.WriteLine($"{structure} {name}: {map.MaxRelativeError:e2}");
        Assert.True(map.Converged && map.MaxRelativeError <= 1e-5, $"{map.MaxRelativeError}");
    }

    [Fact]
    public void Burdens_of_bearers_add_up_to_the_whole()
    {
        var routes = RealStudy.Case();
        var whole = RoutePush.Of(routes, RouteBurden.Named("tonnes", All), check: false);
        var region = routes.Resolve(["Central America"]);
        var rest = Enumerable.Range(0, routes.Network.ZoneCount).Where(z => !region.Contains(z)).ToHashSet();
        var (here, there) = (RoutePush.Of(routes, RouteBurden.Named("tonnes", region), check: false), RoutePush.Of(routes, RouteBurden.Named("tonnes", rest), check: false));
        var scale = whole.ByZone.Max(Math.Abs);
        for (var zone = 0; zone < whole.ByZone.Length; zone++) Assert.Equal(whole.ByZone[zone], here.ByZone[zone] + there.ByZone[zone], scale * 1e-8);
        Assert.Equal(whole.Value, here.Value + there.Value, whole.Value * 1e-9);
    }

    [Fact]
    public void What_recipients_gain_is_what_was_pushed_less_what_was_seized_and_every_unit_is_there()
    {
        var routes = RealStudy.Case();
        var whole = Environment.GetEnvironmentVariable("GEOHARM_CAMPAIGN") == "1";
        var variants = RouteSweep.Run(routes, RealStudy.Read("codes"), RouteBurden.Named("weightedTonnes", All), new RouteSweepOptions { Threads = 2, Places = whole ? [] : ["HND", "CRI", "PAN", "SUR"] }, null, TestContext.Current.CancellationToken);
        Assert.All(variants, v => Assert.True(v.Converged && v.BalanceError <= 1e-9, $"{v.Unit}: {v.BalanceError}"));
        Assert.Equal(675, RouteSweep.Units(routes.Inputs.Zones, RealStudy.Read("codes")).Count(u => u.Level == "admin1"));
        Assert.Equal(whole ? 675 : 47, variants.Count(v => v.Level == "admin1"));
        Assert.All(variants, v => Assert.True(v.NoLongerSent >= -1e-6 * v.Before, v.Unit));
        Assert.All(variants.Where(v => v.NoLongerSent > 1), v => Assert.True(v.Countries.Count > 0 && v.Zones.Count > 0));
        output.WriteLine($"{variants.Count} variants, largest balance error {variants.Max(v => v.BalanceError):e2}");
    }

    [Fact]
    public void A_sweep_has_the_same_bits_on_any_number_of_threads_and_equals_cold_solves()
    {
        var routes = RealStudy.Case("[{instrument: interdiction, places: [HND], from: [Andes], risk_factor: 4, years: 2011}]");
        var model = routes.BaselineModel(TransitStructure.Reference, routes.Central);
        var policies = routes.Inputs.Zones.Ids.Where((_, z) => z % 180 == 4).Select(id =>
        {
            var policy = routes.Policy.Copy();
            policy.Add(routes.Network, new Interdiction(routes.Resolve([id])) { Control = 0.4 });
            return (id, policy);
        }).ToList();
        var one = model.Sweep(routes.Policy, policies, 1, out _).ToList();
        var two = model.Sweep(routes.Policy, policies, 2, out _).ToList();
        for (var i = 0; i < policies.Count; i++)
        {
            Assert.True(one[i].Result!.Flows.ArcFlow.SequenceEqual(two[i].Result!.Flows.ArcFlow));
            var cold = routes.BaselineModel(TransitStructure.Reference, routes.Central).Solve(policies[i].policy);
            for (var arc = 0; arc < routes.Network.ArcCount; arc++) Assert.Equal(cold.Flows.ArcFlow[arc], one[i].Result!.Flows.ArcFlow[arc], cold.Flows.TotalSource * 1e-8);
        }
    }

    [Fact]
    public void The_loop_to_planting_follows_the_elasticities_and_stays_within_bounds()
    {
        var loop = new SupplyLoop();
        Assert.Equal(1, loop.Factor(0.8, 0.8, 0.5, -0.5));
        Assert.Equal(Math.Pow(0.8 / 0.7, 0.5), loop.Factor(0.8, 0.7, 0.5, -0.5), 1e-12); // s / (s - e) = 1/2
        Assert.Equal(0.8 / 0.7, loop.Factor(0.8, 0.7, 0.5, 0), 1e-12); // demand that does not answer to price: grossed up in full
        Assert.True(loop.Factor(0.8, 0.7, 1e-6, -0.5) < 1 + 1e-5); // planting that does not answer
        Assert.Equal((2, 2, 0.5), (loop.Factor(0.9, 0.01, 2, -0.1), loop.Factor(0.9, 0, 2, -0.1), loop.Factor(0.1, 0.9, 2, -0.1)));
    }

    [Fact]
    public void Seizures_raise_planting_within_the_loop_and_its_gap_is_reported()
    {
        var result = ScenarioRun.Run(SmallStudy.Scenario("[{instrument: interdiction, places: [USA], from: [GTM], years: [2002, 2003], control: 0.6}]"), SmallStudy.Layers, "t", new RunOptions(), TestContext.Current.CancellationToken);
        Assert.True(result.Totals.First(t => t.Key == "cocaHa").Outcome.Change.Value > 0);
        Assert.True(result.LoopGap <= 5e-3 && result.LoopRounds is >= 2 and < 8, $"{result.LoopGap} {result.LoopRounds}");
        Assert.True(result.FlowGap <= 1e-6 && result.BalanceGap <= 1e-9);
        var unseen = ScenarioRun.Run(SmallStudy.Scenario("[{instrument: interdiction, places: [USA], from: [GTM], years: 2002, control: 0.6}]"), SmallStudy.Layers, "t", new RunOptions(), TestContext.Current.CancellationToken);
        Assert.Contains(unseen.Caveats, c => c.Contains("ends in 2002", StringComparison.Ordinal));
        Assert.All(unseen.Totals, t => Assert.Equal(0, t.Outcome.Change.Value));
    }
}
