using GeoHarm.Routing.Equilibrium;
using GeoHarm.Routing.Graphs;

namespace GeoHarm.Routing.Tests.Equilibrium;

public sealed class MarkovianUpdateTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_update_equals_a_full_loading_to_1e_12(bool layered)
    {
        int updates = 0, solves = 0;
        for (var seed = 1; seed <= 25; seed++)
        {
            var random = new Random(seed);
            var problem = new MarkovianEquilibriumTests.Problem(seed, 60, 5);
            var graph = problem.Graph;
            var topology = layered ? MarkovianTopology.Layered(graph, problem.Cost, problem.Demand.Destinations) : problem.Topology;
            var loading = new MarkovianLoading(topology, problem.Demand, problem.Reference);
            loading.Load(problem.Cost, problem.Hazard);
            var update = new MarkovianUpdate(loading);
            var rival = new MarkovianLoading(topology, problem.Demand, problem.Reference);
            for (var trial = 0; trial < 12; trial++)
            {
                // One arc, all arcs into a node, or all arcs out of a node; closed, dearer or riskier.
                var node = random.Next(graph.NodeCount);
                var any = random.Next(graph.ArcCount);
                var arcs = Enumerable.Range(0, graph.ArcCount).Where(a => (trial % 3) switch { 0 => a == any, 1 => graph.HeadOf(a) == node, _ => graph.TailOf(a) == node }).ToArray();
                var changes = arcs.Select(a => (random.Next(3), a) switch
                {
                    (0, _) when trial % 3 == 0 => new ArcChange(a, double.PositiveInfinity, 0),
                    (1, _) => new ArcChange(a, problem.Cost[a] * 0.7, problem.Hazard[a]),
                    _ => new ArcChange(a, problem.Cost[a] + 0.3, 2 * problem.Hazard[a]),
                }).ToArray();
                var cost = problem.Cost.ToArray();
                var hazard = problem.Hazard.ToArray();
                foreach (var change in changes) (cost[change.Arc], hazard[change.Arc]) = (change.Cost, change.Hazard);
                MarkovianFlows expected;
                try
                {
                    expected = rival.Load(cost, hazard);
                }
                catch (InvalidNetworkException refused)
                {
                    // The only arc out of a source: the update must refuse in the same words.
                    Assert.Equal(refused.Message, Assert.Throws<InvalidNetworkException>(() => { update.Change(changes); }).Message);
                    continue;
                }
                var actual = update.Change(changes);
                if (update.WasUpdated) updates++;
                else solves++;
                var error = Networks.LargestDifference(expected.ArcFlow, actual.ArcFlow);
                Assert.True(error < 1e-12, $"seed {seed}, trial {trial}: {error:g3}, updated {update.WasUpdated}");
                Assert.True(Networks.LargestDifference(expected.ArcSeized, actual.ArcSeized) < 1e-12);
            }
        }
        Assert.True(updates > 5 * solves, $"{updates} updates, {solves} full solves");
    }

    [Fact]
    public void Opening_an_arc_that_was_closed_falls_back_to_a_full_loading()
    {
        var builder = new GraphBuilder(4);
        foreach (var (t, h) in ((int, int)[])[(0, 1), (1, 3), (0, 2), (2, 3)]) builder.AddArc(t, h);
        var topology = new MarkovianTopology(builder.Build());
        var loading = new MarkovianLoading(topology, MarkovianDemand.To(3, [1, 0, 0, 0]), [], new() { Theta = 1 });
        loading.Load([1, 1, 1, double.PositiveInfinity], new double[4]);
        var update = new MarkovianUpdate(loading);
        Assert.Equal(0.5, update.Change(new ArcChange(3, 1, 0)).ArcFlow[0], 1e-15);
        Assert.False(update.WasUpdated);
    }

    [Fact]
    public void Changes_out_of_range_are_reported_together()
    {
        var problem = new MarkovianEquilibriumTests.Problem(3, 20, 3);
        var loading = new MarkovianLoading(problem.Topology, problem.Demand, problem.Reference);
        loading.Load(problem.Cost, problem.Hazard);
        var update = new MarkovianUpdate(loading);
        var faults = Assert.Throws<InvalidNetworkException>(() => _ = update.Change(new ArcChange(-1, 1, 1), new ArcChange(2, -1, double.NaN))).Faults;
        Assert.Equal(["GH7207", "GH7201", "GH7202"], faults.Select(f => f.Code));
    }
}
