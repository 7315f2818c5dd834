using GeoHarm.Engine.Routes;
using GeoHarm.Engine.Scenarios;
using GeoHarm.Routing.Equilibrium;

namespace GeoHarm.Engine.Tests.Scenarios;

/// <summary>Numerics of findings B2 to B6 on the transit model as it is: embedded network, central priors, screening of entry, three markets. The adjoint (B4) and the balance
/// of the sweep are held by <see cref="RouteStudyTests"/>.</summary>
public sealed class RouteNumericsTests(ITestOutputHelper output)
{
    private static readonly RouteCase Routes = RealStudy.Case();

    // Perceived cost and hazard of every arc without inflow.
    private static (double[] Cost, double[] Hazard) AtRest()
    {
        var (network, draw) = (Routes.Network, Routes.Central);
        double[] hazard = [.. Enumerable.Range(0, network.ArcCount).Select(a => network.HazardOf(a, draw.Costs))];
        return ([.. hazard.Select((r, a) => network.To[a] < network.ZoneCount ? network.CostWithoutRisk(a, draw.Costs) + draw.Costs.RiskValue * draw.RelativeValueByZone[network.To[a]] * r : 0)], hazard);
    }

    private static MarkovianLoading Loading(double theta, bool plain)
    {
        var (network, draw) = (Routes.Network, Routes.Central);
        Span<(int, double)> markets = [.. draw.MarketShares.Select((share, m) => (network.ZoneCount + m, share))];
        double[] source = [.. Routes.BaselineHectares, .. new double[markets.Length]];
        return new MarkovianLoading(network.Topology, MarkovianDemand.Split(source, markets), plain ? [] : network.Reference, new MarkovianOptions { Theta = theta });
    }

    [Fact]
    public void The_plain_form_is_refused_by_theta_where_some_z_is_not_above_0_and_reference_probabilities_load_at_every_theta()
    {
        var (cost, hazard) = AtRest();
        double low = 0.5, high = 40;
        for (var halving = 0; halving < 30; halving++)
        {
            var theta = (low + high) / 2;
            try
            {
                Loading(theta, plain: true).Load(cost, hazard);
                high = theta;
            }
            catch (DivergentLoadingException refused)
            {
                Assert.Equal(theta, refused.Theta);
                low = theta;
            }
        }
        output.WriteLine($"critical theta of the plain form {high:f2}");
        Assert.InRange(high, 2, 12);
        // The symptom is silent just below (findings B2): at four fifths of the critical theta the refusal still comes, with a cycle.
        Assert.True(Assert.Throws<DivergentLoadingException>(() => Loading(0.8 * high, plain: true).Load(cost, hazard)).Cycle.Length >= 2);
        foreach (var theta in new[] { 0.1, 1, 3.15, 30 })
        {
            var flows = Loading(theta, plain: false).Load(cost, hazard);
            Assert.True(flows.BalanceError <= 1e-10, $"{theta}: {flows.BalanceError}");
        }
    }

    [Theory]
    [InlineData(0.1, 0)]
    [InlineData(0.3, 0.5)]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    public void Newton_reaches_1e_10_in_at_most_15_steps(double kappa, double rho)
    {
        foreach (var structure in new[] { TransitStructure.Reference, TransitStructure.Layered })
        {
            var draw = Routes.Central with { Costs = Routes.Central.Costs with { Congestion = kappa, RiskFeedback = rho } };
            var result = Routes.BaselineModel(structure, draw).Solve(Routes.NoPolicy);
            output.WriteLine($"{structure} kappa {kappa} rho {rho}: {result.Steps} steps, {result.Loads} loads, residual {result.Residual:e1}");
            Assert.True(result.Converged && result.Steps <= 15 && result.Residual <= 1e-10, $"{structure}: {result.Steps} steps, residual {result.Residual}");
            Assert.Equal(result.Flows.TotalSource, result.Flows.TotalDelivered + result.Flows.TotalSeized, result.Flows.TotalSource * 1e-11);
        }
    }

    [Fact]
    public void A_sweep_at_fixed_cost_by_rank_one_updates_equals_full_loadings_to_1e_12()
    {
        var (cost, hazard) = AtRest();
        var theta = Routes.Central.Costs.Theta;
        var loading = Loading(theta, plain: false);
        var sent = loading.Load(cost, hazard).TotalSource;
        var (update, rival) = (new MarkovianUpdate(loading), Loading(theta, plain: false));
        var (worst, updates, count) = (0.0, 0, 0);
        for (var zone = 3; zone < Routes.Network.ZoneCount; zone += 12)
        {
            foreach (var closes in new[] { false, true })
            {
                // All arcs into a zone four times as risky (one rank of the walk, one of the loss), or one of them closed.
                var arcs = Routes.Network.ArcsInto(zone).ToArray();
                if (closes) arcs = arcs[..1];
                ArcChange[] changes = [.. arcs.Select(a => closes ? new ArcChange(a, double.PositiveInfinity, hazard[a]) : new ArcChange(a, cost[a] + 0.2, 4 * hazard[a]))];
                var (newCost, newHazard) = ((double[])cost.Clone(), (double[])hazard.Clone());
                foreach (var change in changes) (newCost[change.Arc], newHazard[change.Arc]) = (change.Cost, change.Hazard);
                MarkovianFlows expected = rival.Load(newCost, newHazard), actual = update.Change(changes);
                updates += update.WasUpdated ? 1 : 0;
                count++;
                for (var arc = 0; arc < Routes.Network.ArcCount; arc++)
                {
                    worst = Math.Max(worst, Math.Abs(expected.ArcFlow[arc] - actual.ArcFlow[arc]) / sent);
                    worst = Math.Max(worst, Math.Abs(expected.ArcSeized[arc] - actual.ArcSeized[arc]) / sent);
                }
            }
        }
        output.WriteLine($"{count} policies, {updates} by update: largest error {worst:e2} of all that is sent");
        Assert.True(worst <= 1e-12, $"{worst}");
        Assert.True(updates >= 0.9 * count, $"{updates} of {count}");
    }
}
