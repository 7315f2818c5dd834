using GeoHarm.Routing.Equilibrium;
using GeoHarm.Routing.Graphs;

namespace GeoHarm.Routing.Tests.Equilibrium;

public class UserEquilibriumTests
{
    private static readonly EquilibriumOptions Tight = new() { RelativeGap = 1e-12 };

    private static UserEquilibrium<BprCost> Solver(TntpNetwork network, TripTable trips, EquilibriumOptions? options = null) =>
        new(AssignmentNetwork.Of(network), trips, options ?? Tight);

    private static TntpNetwork Network(int zones, int nodes, params (int From, int To, double Time, double B, double Capacity, double Power)[] arcs) => new()
    {
        Zones = zones, Nodes = nodes, FirstThroughNode = 0,
        Tail = [.. arcs.Select(a => a.From)], Head = [.. arcs.Select(a => a.To)], FreeFlowTime = [.. arcs.Select(a => a.Time)],
        B = [.. arcs.Select(a => a.B)], Capacity = [.. arcs.Select(a => a.Capacity)], Power = [.. arcs.Select(a => a.Power)],
        Length = new double[arcs.Length], Toll = new double[arcs.Length], Warnings = [],
    };

    /// <summary>Bellman-Ford from one zone: no code in common with the solver.</summary>
    private static double[] Labels(TntpNetwork network, double[] cost, int origin)
    {
        var label = new double[network.Nodes];
        Array.Fill(label, double.PositiveInfinity);
        label[origin] = 0;
        for (var changed = true; changed;)
        {
            changed = false;
            for (var a = 0; a < network.Links; a++)
            {
                if (network.Tail[a] < network.FirstThroughNode && network.Tail[a] != origin) continue;
                var there = label[network.Tail[a]] + cost[a];
                if (there < label[network.Head[a]]) { label[network.Head[a]] = there; changed = true; }
            }
        }
        return label;
    }

    private static double Gap(TntpNetwork network, TripTable trips, double[] flow, BprCost costs)
    {
        var cost = new double[flow.Length];
        double total = 0, shortest = 0;
        for (var a = 0; a < flow.Length; a++) { costs.Evaluate(a, flow[a], out cost[a], out _); total += flow[a] * cost[a]; }
        for (var o = 0; o < trips.Zones; o++)
        {
            if (trips.First[o] == trips.First[o + 1]) continue;
            var label = Labels(network, cost, o);
            for (var i = trips.First[o]; i < trips.First[o + 1]; i++)
                if (trips.Destination[i] != o) shortest += trips.Trips[i] * label[trips.Destination[i]];
        }
        return shortest > 0 ? (total - shortest) / shortest : total;
    }

    private static double WorstImbalance(TntpNetwork network, TripTable trips, double[] flow)
    {
        var balance = new double[network.Nodes];
        for (var a = 0; a < flow.Length; a++) { balance[network.Tail[a]] += flow[a]; balance[network.Head[a]] -= flow[a]; }
        for (var o = 0; o < trips.Zones; o++)
        {
            for (var i = trips.First[o]; i < trips.First[o + 1]; i++)
            {
                balance[o] -= trips.Trips[i];
                balance[trips.Destination[i]] += trips.Trips[i];
            }
        }
        return balance.Max(Math.Abs);
    }

    [Fact]
    public void Braess_gets_worse_with_the_extra_road()
    {
        var network = SharedNetworks.Network("Braess-Example/Braess_net.tntp");
        var trips = SharedNetworks.Trips("Braess-Example/Braess_trips.tntp", 2);
        var solver = Solver(network, trips);
        var result = solver.Solve(BprCost.Of(network));
        Assert.True(result.Converged);
        // By hand: two trips on each of three paths, 10 x 4 + (50 + 2) = 92 on each.
        Assert.Equal([4.0, 2, 2, 2, 4], solver.Flows().Select(f => Math.Round(f, 6)));
        Assert.Equal(6 * 92, result.TotalCost, 1e-5);
        var without = solver.Solve(BprCost.Of(network), closedArcs: [3]);
        Assert.Equal(6 * 83, without.TotalCost, 1e-5); // 10 x 3 + 53
        Assert.Equal(0, solver.Flows()[3]);
    }

    [Fact]
    public void Two_roads_split_as_worked_by_hand()
    {
        // 10 (1 + .1 v) = 12 + 1.2 w with v + w = 10: 10 + v = 12 + 1.2 (10 - v), v = 14 / 2.2.
        var network = Network(2, 4, (0, 2, 10, 0.1, 1, 1), (2, 1, 0, 0, 1, 4), (0, 3, 12, 0.1, 1, 1), (3, 1, 0, 5, 1, 0));
        var trips = TripTable.From(2, [(0, 1, 10)]);
        var solver = Solver(network, trips);
        var result = solver.Solve(BprCost.Of(network));
        Assert.Equal(14 / 2.2, solver.Flows()[0], 1e-10);
        Assert.Equal(10 * (10 + 14 / 2.2), result.TotalCost, 1e-9);
        // System optimum: 10 + 2 v = 12 + 2.4 (10 - v), v = 26 / 4.4.
        solver.Solve(BprCost.Of(network).Marginal());
        Assert.Equal(26 / 4.4, solver.Flows()[0], 1e-10);
    }

    [Fact]
    public void Piecewise_costs_split_at_their_corner()
    {
        // Road A: 1 up to 4 trips, then 1 per trip more; road B: always 3. A carries 4 + 2.
        var network = Network(2, 4, (0, 2, 0, 0, 1, 1), (2, 1, 0, 0, 1, 1), (0, 3, 0, 0, 1, 1), (3, 1, 0, 0, 1, 1));
        var costs = new PiecewiseCost([[(0, 1), (4, 1), (5, 2)], [(0, 0)], [(0, 3)], [(0, 0)]]);
        var solver = new UserEquilibrium<PiecewiseCost>(AssignmentNetwork.Of(network), TripTable.From(2, [(0, 1, 10)]), Tight);
        var result = solver.Solve(costs);
        Assert.True(result.Converged);
        Assert.Equal(6, solver.Flows()[0], 1e-9);
        Assert.Equal(4 + 2 * (1 + 3) / 2.0 + 4 * 3, result.Objective, 1e-9);
    }

    [Theory]
    [InlineData(0, 4231335.28710744)]
    [InlineData(3, 1265654.92203176)]
    public void Published_objectives_are_reached(int index, double objective)
    {
        var (_, net, table) = SharedNetworks.Solved[index];
        var network = SharedNetworks.Network(net);
        var result = Solver(network, SharedNetworks.Trips(table, network.Zones)).Solve(BprCost.Of(network));
        Assert.True(result.Converged);
        Assert.Equal(objective, result.Objective, objective * 1e-9);
    }

    [Fact]
    public void Sioux_Falls_has_its_published_flows_and_costs()
    {
        var network = SharedNetworks.Network("SiouxFalls/SiouxFalls_net.tntp");
        var published = TntpTablesReader.ReadFlows(SharedNetworks.Text("SiouxFalls/SiouxFalls_flow.tntp"));
        var solver = Solver(network, SharedNetworks.Trips("SiouxFalls/SiouxFalls_trips.tntp", 24));
        solver.Solve(BprCost.Of(network));
        var flow = solver.Flows();
        for (var a = 0; a < 76; a++) Assert.Equal(published.Flow[a], flow[a], 1e-5);
    }

    [Fact]
    public void Every_network_reaches_its_gap_as_an_independent_check_confirms()
    {
        foreach (var (name, net, table) in SharedNetworks.Solved[..5])
        {
            var network = SharedNetworks.Network(net);
            var trips = SharedNetworks.Trips(table, network.Zones);
            var solver = Solver(network, trips);
            var result = solver.Solve(BprCost.Of(network));
            Assert.True(result.Converged, $"{name}: {result.RelativeGap}");
            var gap = Gap(network, trips, solver.Flows(), BprCost.Of(network));
            Assert.True(Math.Abs(gap) < 3e-12, $"{name}: Bellman-Ford says {gap}");
            Assert.True(WorstImbalance(network, trips, solver.Flows()) < 1e-9, name);
        }
    }

    [Fact]
    public void Berlin_with_its_plateaus_of_free_arcs_converges()
    {
        var (_, net, table) = SharedNetworks.Solved[5];
        var network = SharedNetworks.Network(net);
        var solver = Solver(network, SharedNetworks.Trips(table, network.Zones), new() { RelativeGap = 1e-8 });
        var result = solver.Solve(BprCost.Of(network));
        Assert.True(result.Converged, $"{result.RelativeGap}");
        // A closure after which a ring of free arcs stood in an order that forbade every way in.
        var closed = solver.Solve(BprCost.Of(network), closedArcs: [26407]);
        Assert.True(closed.Converged, $"{closed.RelativeGap} after {closed.Rounds} rounds");
        Assert.Equal(0, solver.Flows()[26407]);
    }

    [Fact]
    public void Bushes_and_Frank_Wolfe_agree_on_random_networks()
    {
        for (var seed = 1; seed <= 60; seed++)
        {
            var (network, trips) = SharedNetworks.Random(seed);
            var solver = Solver(network, trips, Tight with { RelativeGap = 1e-11 });
            var ours = solver.Solve(BprCost.Of(network));
            Assert.True(ours.Converged, $"seed {seed}: gap {ours.RelativeGap} after {ours.Rounds} rounds");
            var imbalance = WorstImbalance(network, trips, solver.Flows());
            Assert.True(imbalance < 1e-9, $"seed {seed}: imbalance {imbalance}");
            var check = Gap(network, trips, solver.Flows(), BprCost.Of(network));
            Assert.True(Math.Abs(check) < 1e-10, $"seed {seed}: Bellman-Ford says {check}");
            foreach (var (direction, gap) in new[] { (LinkDirection.FrankWolfe, 2e-3), (LinkDirection.BiconjugateFrankWolfe, 2e-4) })
            {
                var (plain, _) = LinkEquilibrium.Solve(AssignmentNetwork.Of(network), trips, BprCost.Of(network), direction, gap, 2000);
                // Beckmann's objective is convex: a rival at gap g is at most g * shortest cost above the minimum, and never below it.
                Assert.True(plain.Objective >= ours.Objective * (1 - 1e-9), $"seed {seed}: {direction} {plain.Objective} below {ours.Objective}");
                Assert.True(plain.Objective <= ours.Objective + plain.RelativeGap * plain.TotalCost + 1e-9, $"seed {seed}: {direction} {plain.Objective} above {ours.Objective}, gap {plain.RelativeGap}");
            }
        }
    }

    [Fact]
    public void Warm_starts_reach_what_cold_starts_reach()
    {
        for (var seed = 1; seed <= 50; seed++)
        {
            var (network, trips) = SharedNetworks.Random(seed);
            var random = new Random(seed);
            var costs = BprCost.Of(network);
            var solver = Solver(network, trips, Tight with { RelativeGap = 1e-11 });
            solver.Solve(costs);
            var state = solver.Save();
            void Same(string what, BprCost changed, TripTable table, int[] closed)
            {
                var warm = solver.Solve(changed, closed);
                var cold = Solver(network, table, Tight with { RelativeGap = 1e-11 }).Solve(changed, closed);
                Assert.True(warm.Converged, $"seed {seed} {what}: warm gap {warm.RelativeGap}");
                Assert.Equal(cold.UnservedTrips, warm.UnservedTrips, 1e-9);
                Assert.True(Math.Abs(cold.Objective - warm.Objective) <= 1e-8 * (1 + cold.Objective), $"seed {seed} {what}: {warm.Objective} against {cold.Objective}");
            }
            for (var i = 0; i < 3; i++)
            {
                var arc = random.Next(network.Links);
                Same($"close {arc}", costs, trips, [arc]);
                foreach (var a in (int[])[arc]) Assert.Equal(0, solver.Flows()[a]);
                Same("reopen", costs, trips, []);
                Same($"capacity {arc}", costs.WithCapacityFactor(arc, 0.5), trips, []);
                Same($"cost {arc}", costs.WithAdded(arc, 1), trips, []);
            }
            var fewer = trips.Scaled(0.7);
            solver.SetTrips(fewer);
            Same("fewer trips", costs, fewer, []);
            solver.Restore(state);
            Same("restored", costs, trips, []);
        }
    }

    [Fact]
    public void A_zone_that_is_cut_off_is_reported_with_its_trips()
    {
        var network = Network(3, 4, (0, 3, 1, 0.15, 5, 4), (3, 1, 1, 0.15, 5, 4), (3, 2, 1, 0.15, 5, 4), (0, 2, 9, 0.15, 5, 4));
        var trips = TripTable.From(3, [(0, 1, 4), (0, 2, 3), (1, 2, 2)]);
        var solver = Solver(network, trips);
        var result = solver.Solve(BprCost.Of(network), closedArcs: [1]);
        Assert.True(result.Converged);
        Assert.Equal([(0, 1, 4.0), (1, 2, 2.0)], result.Unserved);
        Assert.Equal(6, result.UnservedTrips);
        var reopened = solver.Solve(BprCost.Of(network));
        Assert.Equal([(1, 2, 2.0)], reopened.Unserved);
        Assert.Equal(4, solver.Flows()[1], 1e-12);
    }

    [Fact]
    public void Two_runs_give_the_same_bits()
    {
        var (_, net, table) = SharedNetworks.Solved[2];
        var network = SharedNetworks.Network(net);
        var trips = SharedNetworks.Trips(table, network.Zones);
        double[] Run()
        {
            var solver = Solver(network, trips, new() { RelativeGap = 1e-8 });
            solver.Solve(BprCost.Of(network));
            return solver.Flows();
        }
        Assert.Equal(Run().Select(BitConverter.DoubleToInt64Bits), Run().Select(BitConverter.DoubleToInt64Bits));
    }

    [Fact]
    public void The_system_optimum_costs_no_more_than_any_other_flow()
    {
        for (var seed = 1; seed <= 50; seed++)
        {
            var (network, trips) = SharedNetworks.Random(seed);
            var costs = BprCost.Of(network);
            var solver = Solver(network, trips, Tight with { RelativeGap = 1e-10 });
            var user = solver.Solve(costs);
            Assert.True(solver.Solve(costs.Marginal()).Converged, $"seed {seed}");
            double total = 0;
            var flow = solver.Flows();
            for (var a = 0; a < flow.Length; a++) { costs.Evaluate(a, flow[a], out var c, out _); total += flow[a] * c; }
            Assert.True(total <= user.TotalCost * (1 + 1e-9), $"seed {seed}: {total} above {user.TotalCost}");
        }
    }

    [Fact]
    public void Bad_costs_are_refused_all_at_once()
    {
        var thrown = Assert.Throws<InvalidNetworkException>(() => new BprCost([-1, 1, double.NaN, 1], [0, 1, 1, 0], [1, 0, 1, 0], [4, 4, 4, 4], []));
        Assert.Equal(["GH7401", "GH7402", "GH7401"], thrown.Faults.Select(f => f.Code));
        Assert.Throws<InvalidNetworkException>(() => new AssignmentNetwork(2, 1, 0, [0, 0], [0, 5]));
        Assert.Throws<InvalidNetworkException>(() => new PiecewiseCost([[(0, 2), (1, 1)]]));
    }

    [Fact]
    public void The_power_series_agrees_with_the_power()
    {
        var costs = new BprCost([2.0], [0.3], [7.0], [16.83], []);
        foreach (var flow in (double[])[1, 5, 9, 20])
        {
            costs.Evaluate(0, flow, out var cost, out var slope);
            costs.Step(0, flow, flow * (1 + 9e-5), ref cost, ref slope);
            costs.Evaluate(0, flow * (1 + 9e-5), out var exact, out var exactSlope);
            Assert.Equal(exact, cost, exact * 1e-14);
            Assert.Equal(exactSlope, slope, exactSlope * 1e-12);
        }
    }
}
