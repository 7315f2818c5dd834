using GeoHarm.Routing.Equilibrium;
using GeoHarm.Routing.Graphs;

namespace GeoHarm.Routing.Tests.Equilibrium;

public sealed class LayeredStructureTests
{
    [Fact]
    public void Forward_paths_and_those_with_one_step_back_share_flow_by_the_logit_rule()
    {
        // Distances to 3: node 0 2, node 1 1, node 2 1.5. Arcs 1 -> 2 is backward (away from 3), 2 -> 1 forward.
        var builder = new GraphBuilder(4);
        foreach (var (t, h) in ((int, int)[])[(0, 1), (1, 3), (1, 2), (2, 3), (2, 1), (0, 2)]) builder.AddArc(t, h);
        double[] cost = [1, 1, 0.2, 1.5, 0.6, 0.9];
        var topology = MarkovianTopology.Layered(builder.Build(), cost, 3);
        const double theta = 1.3;
        var flows = new MarkovianLoading(topology, MarkovianDemand.To(3, [1, 0, 0, 0]), [], new() { Theta = theta }).Load(cost, new double[6]);
        // By enumeration: 0-1-3, 0-2-3, 0-2-1-3, 0-1-2-3 (one back), 0-1-2-1-3 (one back), 0-2-1-2-3, 0-2-1-2-1-3 (one back).
        (double Cost, int[] Arcs)[] paths =
        [
            (2, [0, 1]), (2.4, [5, 3]), (2.5, [5, 4, 1]), (2.7, [0, 2, 3]), (2.8, [0, 2, 4, 1]), (0.9 + 0.6 + 0.2 + 1.5, [5, 4, 2, 3]), (0.9 + 0.6 + 0.2 + 0.6 + 1, [5, 4, 2, 4, 1]),
        ];
        var total = paths.Sum(p => Math.Exp(-theta * p.Cost));
        for (var arc = 0; arc < 6; arc++)
        {
            var expected = paths.Sum(p => p.Arcs.Count(a => a == arc) * Math.Exp(-theta * p.Cost)) / total;
            Assert.Equal(expected, flows.ArcFlow[arc], 1e-12);
        }
    }

    [Fact]
    public void A_layered_loading_exists_at_every_theta_and_conserves_flow()
    {
        for (var seed = 1; seed <= 30; seed++)
        {
            var random = new Random(seed);
            var graph = Networks.Random(random, random.Next(3, 60), random.Next(2, 6));
            var cost = Enumerable.Range(0, graph.ArcCount).Select(_ => random.Next(5) == 0 ? 0 : random.NextDouble()).ToArray();
            var hazard = cost.Select(c => 0.1 * c).ToArray();
            var source = Enumerable.Range(0, graph.NodeCount).Select(_ => random.NextDouble()).ToArray();
            var topology = MarkovianTopology.Layered(graph, cost, 0, 1);
            foreach (var theta in (double[])[0.001, 1, 300])
            {
                var loading = new MarkovianLoading(topology, MarkovianDemand.Split(source, (0, 0.5), (1, 0.5)), [], new() { Theta = theta });
                var flows = loading.Load(cost, hazard);
                Assert.True(Math.Abs(flows.TotalSource - flows.TotalDelivered - flows.TotalSeized) < 1e-11 * flows.TotalSource, $"seed {seed} theta {theta}");
                Assert.True(flows.BalanceError < 1e-12, $"seed {seed} theta {theta}");
            }
        }
    }

    [Fact]
    public void Its_factors_hold_no_fill()
    {
        var graph = Networks.Grid(20, 20);
        var topology = MarkovianTopology.Layered(graph, Enumerable.Repeat(1.0, graph.ArcCount).ToArray(), 399);
        Assert.True(topology.FactorEntryCount <= 800 + 2 * graph.ArcCount, $"{topology.FactorEntryCount}");
    }

    [Fact]
    public void At_a_huge_theta_all_flow_takes_the_shortest_path()
    {
        var random = new Random(21);
        var graph = Networks.Random(random, 60, 4);
        var cost = Enumerable.Range(0, graph.ArcCount).Select(_ => random.NextDouble()).ToArray();
        var byCyclic = new MarkovianLoading(new MarkovianTopology(graph), MarkovianDemand.To(0, [0, 1, .. new double[58]]),
            ReferenceProbabilities.EqualOverArcs(graph), new() { Theta = 1e5 }).Load(cost, new double[cost.Length]);
        var byLayers = new MarkovianLoading(MarkovianTopology.Layered(graph, cost, 0), MarkovianDemand.To(0, [0, 1, .. new double[58]]),
            [], new() { Theta = 1e5 }).Load(cost, new double[cost.Length]);
        var distance = new double[60];
        var bySlot = new double[cost.Length];
        graph.ToSlots<double>(cost, bySlot);
        new Potentials(graph).Find([graph.PositionOf(0)], bySlot, distance);
        foreach (var flows in (MarkovianFlows[])[byCyclic, byLayers])
        {
            Assert.Equal(distance[graph.PositionOf(1)], flows.ArcFlow.ToArray().Zip(cost, (f, c) => f * c).Sum(), 1e-9);
            Assert.All(flows.ArcFlow.ToArray(), f => Assert.True(f < 1e-9 || f > 1 - 1e-9));
        }
    }

    [Fact]
    public void A_destination_that_was_not_prepared_is_refused()
    {
        var graph = Networks.Grid(3, 3);
        var topology = MarkovianTopology.Layered(graph, Enumerable.Repeat(1.0, graph.ArcCount).ToArray(), 8);
        Assert.Throws<ArgumentException>(() => new MarkovianLoading(topology, MarkovianDemand.To(3, new double[9]), []));
    }
}
