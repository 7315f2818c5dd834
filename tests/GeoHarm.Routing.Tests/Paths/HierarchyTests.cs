using GeoHarm.Routing.Paths;

namespace GeoHarm.Routing.Tests.Paths;

public class HierarchyTests
{
    private static readonly Func<int, int[], int[], int[]>[] Orders =
    [
        (n, tails, heads) => EliminationOrder.MinimumDegree(n, tails, heads),
        NestedDissection.ByInertialFlow(new NestedDissectionOptions { LeafSize = 3 }),
        (n, _, _) => [.. Enumerable.Range(0, n)],
    ];

    [Fact]
    public void Sweeps_and_queries_are_Dijkstra_in_every_order_and_width()
    {
        for (var seed = 1; seed <= 150; seed++)
        {
            var (graph, costs) = RandomGraphs.Draw(seed);
            var hierarchy = Hierarchy.Build(graph, Orders[seed % 3]);
            var metric = new HierarchyMetric<int>(hierarchy, costs);
            var query = new HierarchyQuery<int>(hierarchy);
            int[] sources = [.. Enumerable.Range(0, Math.Min(16, graph.NodeCount))];
            foreach (var width in Enum.GetValues<SweepWidth>())
            {
                var sweep = new HierarchySweep<int>(hierarchy, width);
                for (var repeat = 0; repeat < 2; repeat++) sweep.Run(metric, sources);
                foreach (var s in sources)
                {
                    var expected = RandomGraphs.Costs(graph, costs, s);
                    for (var v = 0; v < graph.NodeCount; v++)
                    {
                        var cost = v == s ? 0 : sweep.CostTo(s, v);
                        Assert.True((expected[v] == int.MaxValue ? HierarchyMetric<int>.Infinity : expected[v]) == cost, $"seed {seed} {s} to {v} {width}");
                        if (width != SweepWidth.Widest) continue;
                        Assert.True(query.Cost(metric, s, v) == cost, $"seed {seed} query {s} to {v}");
                        if (cost == HierarchyMetric<int>.Infinity) continue;
                        var path = query.Path(metric, s, v);
                        Assert.True(path.Sum(a => costs[a]) == cost, $"seed {seed} path {s} to {v}");
                        var at = s;
                        foreach (var arc in path) { Assert.Equal(at, graph.TailOf(arc)); at = graph.HeadOf(arc); }
                        Assert.Equal(v, at);
                    }
                }
            }
        }
    }

    [Fact]
    public void Changing_arcs_one_by_one_gives_the_metric_of_a_new_start()
    {
        for (var seed = 1; seed <= 150; seed++)
        {
            var (graph, costs) = RandomGraphs.Draw(seed);
            if (costs.Length == 0) continue;
            var hierarchy = Hierarchy.Build(graph);
            var metric = new HierarchyMetric<int>(hierarchy, costs);
            var random = new Random(seed);
            for (var step = 0; step < 20; step++)
            {
                var arc = random.Next(costs.Length);
                costs[arc] = random.Next(4) == 0 ? HierarchyMetric<int>.Infinity : random.Next(20);
                metric.Change(arc, costs[arc]);
                var fresh = new HierarchyMetric<int>(hierarchy, costs);
                Assert.True(metric.HasCostsOf(fresh), $"seed {seed} step {step}");
            }
        }
    }

    [Fact]
    public void Real_costs_sweep_alike_in_float_and_double()
    {
        var (graph, costs) = RandomGraphs.Draw(5);
        var hierarchy = Hierarchy.Build(graph);
        var single = new HierarchySweep<float>(hierarchy);
        var real = new HierarchySweep<double>(hierarchy);
        single.Run(new HierarchyMetric<float>(hierarchy, Array.ConvertAll(costs, c => (float)c)), [0]);
        real.Run(new HierarchyMetric<double>(hierarchy, Array.ConvertAll(costs, c => (double)c)), [0]);
        for (var v = 0; v < graph.NodeCount; v++) Assert.Equal((double)single.CostTo(0, v), real.CostTo(0, v));
        Assert.Equal(16, HierarchySweep<float>.Lanes);
        Assert.Equal(8, HierarchySweep<double>.Lanes);
    }

    [Fact]
    public void Negative_costs_are_refused()
    {
        var hierarchy = Hierarchy.Build(2, 0, [0], [1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => new HierarchyMetric<double>(hierarchy, [-1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new HierarchyMetric<double>(hierarchy, [double.NaN]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Hierarchy.Build(2, 0, [0], [2]));
    }

    [Fact]
    public void Inertial_flow_halves_a_grid_by_one_line()
    {
        const int Side = 20;
        List<int> tails = [], heads = [];
        double[] x = new double[Side * Side], y = new double[Side * Side];
        for (var v = 0; v < Side * Side; v++)
        {
            (x[v], y[v]) = (v % Side, v / Side);
            if (v % Side + 1 < Side) { tails.Add(v); heads.Add(v + 1); }
            if (v + Side < Side * Side) { tails.Add(v); heads.Add(v + Side); }
        }
        var order = NestedDissection.ByInertialFlow(x, y)(Side * Side, [.. tails], [.. heads]);
        Assert.Equal(Enumerable.Range(0, Side * Side), order.Order());
        var top = order[^Side..];
        Assert.True(top.Select(v => v % Side).Distinct().Count() == 1 || top.Select(v => v / Side).Distinct().Count() == 1);
    }
}
