using GeoHarm.Routing.Equilibrium;
using GeoHarm.Routing.Graphs;

namespace GeoHarm.Routing.Tests.Equilibrium;

public sealed class MarkovianLoadingTests
{
    private static readonly MarkovianOptions One = new() { Theta = 1 };

    private static MarkovianTopology Topology(int nodes, params (int, int)[] arcs) => new(GraphOf(nodes, 0, arcs));

    private static Graph GraphOf(int nodes, int firstThrough, params (int, int)[] arcs)
    {
        var builder = new GraphBuilder(nodes, new GraphOptions { ParallelArcs = true }).SetFirstThroughNode(firstThrough);
        foreach (var (t, h) in arcs) builder.AddArc(t, h);
        return builder.Build();
    }

    [Fact]
    public void Two_routes_share_flow_by_the_logit_rule_and_seizures_follow_the_hazard()
    {
        var topology = Topology(3, (0, 1), (1, 2), (0, 2));
        var loading = new MarkovianLoading(topology, MarkovianDemand.To(2, [100, 0, 0]), ReferenceProbabilities.EqualOverArcs(topology.Graph), One);
        var flows = loading.Load([1, 1, 3], [Math.Log(2), 0, 0]);
        var cheap = 100 / (1 + Math.Exp(-1));
        Assert.Equal(cheap, flows.ArcFlow[0], 1e-11);
        Assert.Equal(cheap / 2, flows.ArcFlow[1], 1e-11);
        Assert.Equal(100 - cheap, flows.ArcFlow[2], 1e-11);
        Assert.Equal(cheap / 2, flows.ArcSeized[0], 1e-11);
        Assert.Equal(cheap / 2, flows.ArcArrivals[0], 1e-11);
        Assert.Equal(100 - cheap / 2, flows.Delivered[0], 1e-11);
        Assert.Equal(cheap, flows.NodeInflow[1], 1e-11);
        Assert.Equal(cheap / 2, flows.NodeThroughput[1], 1e-11);
        Assert.Equal(100, flows.TotalDelivered + flows.TotalSeized, 1e-11);
    }

    [Fact]
    public void Reference_probabilities_weigh_the_arcs_where_costs_tie()
    {
        var topology = Topology(4, (0, 1), (0, 2), (1, 3), (2, 3));
        var loading = new MarkovianLoading(topology, MarkovianDemand.To(3, [1, 0, 0, 0]), [0.25, 0.75, 1, 1], One);
        var flows = loading.Load([2, 2, 1, 1], [0, 0, 0, 0]);
        Assert.Equal(0.25, flows.ArcFlow[0], 1e-15);
        Assert.Equal(0.75, flows.ArcFlow[1], 1e-15);
    }

    [Fact]
    public void Modes_share_alike_before_their_arcs_do()
    {
        var graph = GraphOf(4, 0, (0, 1), (0, 2), (0, 3), (1, 3));
        Assert.Equal([0.25, 0.25, 0.5, 1], ReferenceProbabilities.EqualOverModesThenArcs(graph, [7, 7, 9, 7]));
        Assert.Equal([1.0 / 3, 1.0 / 3, 1.0 / 3, 1], ReferenceProbabilities.EqualOverArcs(graph));
    }

    [Fact]
    public void A_cycle_is_walked_as_often_as_the_geometric_series_says()
    {
        // 0 <-> 1 -> 2; at node 1 half back, half on (equal impedances): visits of node 0 = 1 / (1 - 1/(2...)).
        var topology = Topology(3, (0, 1), (1, 0), (1, 2));
        var loading = new MarkovianLoading(topology, MarkovianDemand.To(2, [1, 0, 0]), [1, 0.5, 0.5], One);
        var flows = loading.Load([0.3, 0.3, 0.3], [0, 0, 0]);
        // W: 0->1 e^-.3, 1->0 .5 e^-.3, 1->2 .5 e^-.3; loop weight q = .5 e^-.6, P(1->0) = q.
        var loop = 0.5 * Math.Exp(-0.6);
        Assert.Equal(1 / (1 - loop), flows.ArcFlow[0], 1e-14);
        Assert.Equal(loop / (1 - loop), flows.ArcFlow[1], 1e-14);
        Assert.Equal(1, flows.ArcFlow[2], 1e-14);
    }

    [Fact]
    public void A_divergent_loading_is_refused_with_theta_and_the_nodes_of_the_cycle()
    {
        // Cycle 1 -> 2 -> 3 -> 1 of cost 0.3 with a twin of each arc: weight (2 e^(-0.1 theta))^3 > 1 for theta < 6.93.
        var topology = Topology(5, (0, 1), (1, 2), (1, 2), (2, 3), (2, 3), (3, 1), (3, 1), (3, 4));
        double[] cost = [1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 1];
        var demand = MarkovianDemand.To(4, [1, 0, 0, 0, 0]);
        var refused = Assert.Throws<DivergentLoadingException>(() => new MarkovianLoading(topology, demand, [], new() { Theta = 6.9 }).Load(cost, new double[8]));
        Assert.Equal(6.9, refused.Theta);
        Assert.Equal(4, refused.Destination);
        Assert.Equal([1, 2, 3], refused.Cycle.ToArray().Order());
        Assert.Contains("theta 6.9", refused.Message, StringComparison.Ordinal);
        Assert.True(new MarkovianLoading(topology, demand, [], new() { Theta = 6.97 }).Load(cost, new double[8]).TotalDelivered > 0.999999);
        Assert.True(new MarkovianLoading(topology, demand, ReferenceProbabilities.EqualOverArcs(topology.Graph), new() { Theta = 0.01 }).Load(cost, new double[8]).TotalDelivered > 0.999999);
    }

    [Fact]
    public void Terminals_are_entered_only_as_destinations()
    {
        // The way over terminal 1 is cheap, but closed to flow towards 2.
        var topology = new MarkovianTopology(GraphOf(4, 3, (0, 1), (1, 2), (0, 3), (3, 2), (3, 1)));
        var demand = MarkovianDemand.Between((2, [10, 0, 0, 0]), (1, [4, 0, 0, 0]));
        var loading = new MarkovianLoading(topology, demand, [], One);
        var flows = loading.Load([1, 1, 5, 5, 1], new double[5]);
        Assert.Equal(0, flows.ArcFlow[1]);
        Assert.Equal(10, flows.Delivered[0], 1e-12);
        Assert.Equal(4, flows.Delivered[1], 1e-12);
        var towardsTwo = new double[5];
        loading.CopyArcFlow(0, towardsTwo);
        Assert.Equal([0, 0, 10, 10, 0], towardsTwo.Select(f => Math.Round(f, 12)));
    }

    [Fact]
    public void A_long_chain_at_a_huge_theta_does_not_underflow()
    {
        const int n = 3000;
        var topology = Topology(n, [.. Enumerable.Range(0, n - 1).Select(i => (i, i + 1)), .. Enumerable.Range(1, n - 1).Select(i => (i, i - 1))]);
        var arcs = topology.Graph.ArcCount;
        var flows = new MarkovianLoading(topology, MarkovianDemand.To(n - 1, [1, .. new double[n - 1]]), [], new() { Theta = 500 })
            .Load([.. Enumerable.Repeat(1.0, arcs)], [.. Enumerable.Repeat(1e-4, arcs)]);
        Assert.Equal(Math.Exp(-1e-4 * (n - 1)), flows.TotalDelivered, 1e-12);
    }

    [Fact]
    public void Every_source_that_cannot_reach_its_destination_is_named()
    {
        var topology = Topology(5, (0, 1), (1, 2), (3, 4));
        var demand = MarkovianDemand.Split([5, 0, 0, 2, 1], (2, 1.0));
        var faults = Assert.Throws<InvalidNetworkException>(() => new MarkovianLoading(topology, demand, [], One).Load([1, 1, 1], [0, 0, 0])).Faults;
        Assert.Equal([("GH7206", "node 3"), ("GH7206", "node 4")], faults.Select(f => (f.Code, f.Place)));
        // An arc closed by an infinite cost cuts node 0 off as well.
        faults = Assert.Throws<InvalidNetworkException>(() => new MarkovianLoading(topology, demand, [], One).Load([double.PositiveInfinity, 1, 1], [0, 0, 0])).Faults;
        Assert.Equal(3, faults.Count);
    }

    [Fact]
    public void Bad_figures_are_all_reported_at_once()
    {
        var topology = Topology(3, (0, 1), (1, 2), (0, 2));
        var loading = new MarkovianLoading(topology, MarkovianDemand.To(2, [1, 0, 0]), [], One);
        var faults = Assert.Throws<InvalidNetworkException>(() => loading.Load([-1, double.NaN, 1], [0, -2, double.PositiveInfinity])).Faults;
        Assert.Equal(["GH7201", "GH7201", "GH7202", "GH7202"], faults.Select(f => f.Code));
        faults = Assert.Throws<InvalidNetworkException>(() => new MarkovianLoading(topology, MarkovianDemand.To(9, [1, -1, double.NaN]), [], One)).Faults;
        Assert.Equal(["GH7205", "GH7204", "GH7204"], faults.Select(f => f.Code));
        faults = Assert.Throws<InvalidNetworkException>(() => new MarkovianLoading(topology, MarkovianDemand.To(2, [1, 0, 0]), [0.9, 2, 0.9], One)).Faults;
        Assert.Equal(["GH7203", "GH7203", "GH7203"], faults.Select(f => f.Code));
    }

    [Fact]
    public void Random_loadings_conserve_flow_and_equal_a_dense_solve()
    {
        for (var seed = 1; seed <= 60; seed++)
        {
            var random = new Random(seed);
            var graph = Networks.Random(random, random.Next(3, 50), random.Next(2, 6), parallel: seed % 3 == 0);
            int n = graph.NodeCount, m = graph.ArcCount;
            var topology = new MarkovianTopology(graph);
            var reference = ReferenceProbabilities.EqualOverArcs(graph);
            var cost = Enumerable.Range(0, m).Select(_ => random.NextDouble()).ToArray();
            var hazard = Enumerable.Range(0, m).Select(_ => seed % 2 == 0 ? random.NextDouble() : 0).ToArray();
            var source = Enumerable.Range(0, n).Select(_ => random.Next(3) == 0 ? random.NextDouble() : 0).ToArray();
            var theta = 0.1 + 5 * random.NextDouble();
            var demand = MarkovianDemand.Split(source, (0, 0.6), (n - 1, 0.4));
            var loading = new MarkovianLoading(topology, demand, reference, new MarkovianOptions { Theta = theta });
            var flows = loading.Load(cost, hazard);
            var total = source.Sum();
            Assert.True(Math.Abs(total - flows.TotalDelivered - flows.TotalSeized) <= 1e-12 * Math.Max(1, total), $"seed {seed}");
            Assert.True(flows.BalanceError < 1e-13, $"seed {seed}: balance {flows.BalanceError}");
            var expected = new double[m];
            for (var d = 0; d < 2; d++) DenseFlow(graph, reference, cost, hazard, demand.Destinations[d], demand.SourceByNode(d), theta, expected);
            Assert.True(Networks.LargestDifference(expected, flows.ArcFlow) < 1e-11, $"seed {seed}: {Networks.LargestDifference(expected, flows.ArcFlow)}");
        }
    }

    [Fact]
    public void A_renumbered_graph_gives_the_same_flows()
    {
        var random = new Random(3);
        var arcs = Enumerable.Range(0, 30).SelectMany(i => new[] { (i, (i + 1) % 30), (i, (i + 7) % 30) }).ToArray();
        random.Shuffle(arcs);
        var cost = arcs.Select(_ => random.NextDouble()).ToArray();
        var results = new[] { NodeOrder.AsGiven, NodeOrder.BreadthFirst }.Select(order =>
        {
            var builder = new GraphBuilder(30, new GraphOptions { Order = order });
            foreach (var (t, h) in arcs) builder.AddArc(t, h);
            var topology = new MarkovianTopology(builder.Build());
            return new MarkovianLoading(topology, MarkovianDemand.To(4, Enumerable.Range(0, 30).Select(i => (double)i).ToArray()),
                ReferenceProbabilities.EqualOverArcs(topology.Graph), One).Load(cost, cost);
        }).ToArray();
        Assert.True(Networks.LargestDifference(results[0].ArcFlow, results[1].ArcFlow) < 1e-11);
        Assert.True(Networks.LargestDifference(results[0].NodeInflow, results[1].NodeInflow) < 1e-11);
    }

    [Fact]
    public void A_metric_as_a_struct_gives_what_spans_give()
    {
        var topology = Topology(3, (0, 1), (1, 2), (0, 2));
        var loading = new MarkovianLoading(topology, MarkovianDemand.To(2, [1, 0, 0]), [], One);
        var bySpan = loading.Load([1, 2, 3], [0.1, 0.2, 0.3]).ArcFlow.ToArray();
        Assert.Equal(bySpan, loading.Load(default(Rising)).ArcFlow.ToArray());
    }

    private readonly struct Rising : IArcMetric
    {
        public double Cost(int arc) => arc + 1;

        public double Hazard(int arc) => 0.1 * (arc + 1);
    }

    private static void DenseFlow(Graph graph, double[] q, double[] cost, double[] hazard, int destination, ReadOnlySpan<double> source, double theta, double[] flow)
    {
        var n = graph.NodeCount;
        var walk = new double[n, n];
        for (var v = 0; v < n; v++) walk[v, v] = 1;
        var weight = cost.Select((c, a) => graph.TailOf(a) == destination ? 0 : q[a] * Math.Exp(-theta * c)).ToArray();
        for (var a = 0; a < flow.Length; a++) walk[graph.TailOf(a), graph.HeadOf(a)] -= weight[a];
        var unit = new double[n];
        unit[destination] = 1;
        var z = Networks.DenseSolve(walk, unit);
        var lossy = new double[n, n];
        for (var v = 0; v < n; v++) lossy[v, v] = 1;
        for (var a = 0; a < flow.Length; a++)
        {
            weight[a] *= z[graph.HeadOf(a)] / z[graph.TailOf(a)];
            lossy[graph.HeadOf(a), graph.TailOf(a)] -= weight[a] * Math.Exp(-hazard[a]);
        }
        var y = Networks.DenseSolve(lossy, source.ToArray());
        for (var a = 0; a < flow.Length; a++) flow[a] += y[graph.TailOf(a)] * weight[a];
    }
}
