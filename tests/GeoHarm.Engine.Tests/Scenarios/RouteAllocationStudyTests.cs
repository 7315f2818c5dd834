using GeoHarm.Engine.Routes;
using GeoHarm.Engine.Scenarios;

namespace GeoHarm.Engine.Tests.Scenarios;

/// <summary>Least-harm allocation on the embedded study: properties, published signs and slopes.</summary>
public sealed class RouteAllocationStudyTests(ITestOutputHelper output)
{
    private static readonly RouteAllocationOptions Options = new() { Places = ["Central America", "MEX"], Threads = 2, Draws = 0 };

    private static RouteBurden Burden(RouteCase routes, string name, params string[] bearers) => RouteBurden.Named(name, routes.Resolve(bearers));

    [Fact]
    public void No_place_alone_nor_an_even_spread_is_better_and_the_conditions_of_the_optimum_hold()
    {
        var routes = RealStudy.Case();
        var burden = Burden(routes, "weightedTonnes");
        var found = RouteAllocation.Of(routes, burden, Options, null, TestContext.Current.CancellationToken);
        var (count, budget) = (found.Units.Count, Options.Budget);
        Assert.Equal(8, count);
        var response = new RouteResponse(routes, found.Units, burden, TransitStructure.Reference, routes.Central);
        var scale = found.ByHazard.Max(Math.Abs) * budget;
        foreach (var answer in found.Answers)
        {
            var (nothing, spread) = (answer.Options[0], answer.Options.Single(o => o.Name == "spread"));
            Assert.All(answer.Options, o => Assert.True(o.Converged, o.Name));
            double At(Func<int, double> units)
            {
                response.Solve(new EnforcementPlan(EnforcementForm.Spread, budget, [.. Enumerable.Range(0, count).Select(units)]));
                return response.Value(answer.Aim);
            }
            for (var u = 0; u < count; u++) Assert.True(spread.Value <= At(v => v == u ? budget : 0) + spread.Gap, found.Units.Ids[u]);
            Assert.True(spread.Value <= At(_ => budget / count) + spread.Gap);
            Assert.True(answer.Options.Where(o => o.Name is not ("pure" or "spread")).All(o => o.Name == "mixed" || o.Value <= nothing.Value + o.Gap));
            Assert.True(answer.Options[answer.Choice].Value <= nothing.Value && answer.Options.Count(o => o.Name == "nothing") == 1);
            Assert.Equal(budget, spread.Plan!.Units.Sum(), 1e-12);
            if (answer.Aim != AllocationAim.Total) continue;
            // Karush, Kuhn and Tucker: one price wherever something is spent, and no place where the first unit would do better.
            response.Solve(spread.Plan);
            var slope = response.ByHazard([]);
            for (var u = 0; u < count; u++)
            {
                if (spread.Plan.Units[u] > 1e-3) Assert.Equal(spread.Price, slope[u], 0.02 * Math.Abs(spread.Price));
                Assert.True(slope[u] >= spread.Price - 2e-4 * scale / budget, found.Units.Ids[u]);
            }
            output.WriteLine($"spread {spread.Value:g6} of {nothing.Value:g6}, relative gap {spread.RelativeGap:e1}");
        }
    }

    [Fact]
    public void The_shadow_price_is_the_slope_of_the_least_burden_and_a_larger_budget_never_does_more_harm()
    {
        var routes = RealStudy.Case();
        var burden = Burden(routes, "seizedTonnes");
        AllocationOption At(double budget, string name) => RouteAllocation.Of(routes, burden, Options with { Budget = budget, Places = ["HND", "CRI", "PAN"], RelativeGap = 1e-6 }).Answers[0].Options.Single(o => o.Name == name);
        var (below, at, above) = (At(0.495, "spread"), At(0.5, "spread"), At(0.505, "spread"));
        output.WriteLine($"price {at.Price:g6}, slope {(above.Value - below.Value) / 0.01:g6}");
        Assert.Equal((above.Value - below.Value) / 0.01, at.Price, 2e-3 * Math.Abs(at.Price));
        var (small, large) = (At(0.1, "part"), At(1, "part"));
        Assert.True(large.Value <= small.Value * (1 + 1e-9), $"{large.Value} {small.Value}");
    }

    [Fact]
    public void Enforcement_in_the_Caribbean_does_harm_in_Central_America_so_nothing_is_chosen()
    {
        // Published (regional_shares.csv; findings B5, S1): flow moved from the Caribbean to Central America as control there rose.
        var routes = RealStudy.Case();
        var burden = Burden(routes, "tonnes", "Central America");
        var options = Options with { Places = ["Caribbean"], From = ["Andes", "South America"], Draws = 3 };
        var found = RouteAllocation.Of(routes, burden, options, null, TestContext.Current.CancellationToken);
        Assert.Equal("nothing", found.Answers[0].Options[found.Answers[0].Choice].Name);
        Assert.True(found.ByHazard.Sum() > 0 && found.ByHazard.Max() > 100 * -found.ByHazard.Min()); // one island's enforcement lowers it by a hundred-thousandth
        var draws = AllocationDraws.Run(routes, burden, found, options.Draws, 2, null, TestContext.Current.CancellationToken)!;
        var large = Enumerable.Range(0, found.Units.Count).Where(u => found.ByHazard[u] > 0.01 * found.ByHazard.Max()).ToList();
        foreach (var u in large) output.WriteLine($"{found.Units.Ids[u]}: {found.ByHazard[u]:g3} t per unit of hazard, above 0 in {1 - draws.ByHazard[u].ShareBelowZero:p0} of {draws.Draws} draws");
        Assert.True(large.Count >= 3 && large.Average(u => 1 - draws.ByHazard[u].ShareBelowZero) >= 0.9);
        Assert.Equal(0, draws.NotConverged);
    }

    [Fact]
    public void Slopes_flatten_as_published_when_hazard_rises_by_a_tenth_a_half_and_twice()
    {
        // Findings B4: hazard x1.1, x1.5, x3 into 30 units gives 0.97, 0.88, 0.63 of the slope foretold, signs all agree.
        var routes = RealStudy.Case();
        var burden = Burden(routes, "seizedTonnes");
        var units = EnforcementUnits.Of(routes, false, [], [], []);
        var response = new RouteResponse(routes, units, burden, TransitStructure.Reference, routes.Central);
        var (before, inflow) = (response.Value(AllocationAim.Total), response.Flows.NodeInflow.ToArray());
        var chosen = Enumerable.Range(0, units.Count).Where(u => units.ZonesOf[u].All(z => routes.Inputs.Zones.Consumers[z].Length == 0)).OrderByDescending(u => inflow[units.ZonesOf[u][0]]).Take(30).ToArray();
        var slope = response.ByHazard([], ofReduction: true);
        double[] start = [.. inflow.Take(routes.Network.ZoneCount)];
        var model = routes.BaselineModel(TransitStructure.Reference, routes.Central);
        double[] published = [0.97, 0.88, 0.63], found = new double[3];
        var sameSign = true;
        for (var m = 0; m < 3; m++)
        {
            var factor = new[] { 1.1, 1.5, 3 }[m];
            var ratios = chosen.Select(u =>
            {
                var policy = new TransitPolicy(routes.Network.ArcCount);
                foreach (var arc in units.ArcsInto[u]) policy.Raise(arc, (factor - 1) * routes.Network.HazardOf(arc, routes.Central.Costs));
                return (burden.Of(routes, model.Solve(policy, start).Flows) - before) / (slope[u] * response.InPlace[u] * (factor - 1));
            }).Order().ToArray();
            sameSign &= ratios.All(r => r > 0);
            found[m] = (ratios[14] + ratios[15]) / 2;
        }
        output.WriteLine($"median of 30 zones: {string.Join(", ", found.Select(f => f.ToString("f2")))}; published {string.Join(", ", published)}; signs all agree: {sameSign}");
        for (var m = 0; m < 3; m++) Assert.Equal(published[m], found[m], 0.12);
        Assert.True(found[0] > found[1] && found[1] > found[2]);
    }
}
