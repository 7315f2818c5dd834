using GeoHarm.Routing.Equilibrium;
using GeoHarm.Routing.Graphs;

namespace GeoHarm.Routing.Tests.Equilibrium;

/// <summary>Destinations that no arc leads out of share their factors. Rival: each destination loaded alone, where nothing is shared.</summary>
public sealed class SharedWalkTests
{
    /// <summary>A random network with three sinks behind some of its nodes.</summary>
    private sealed class Problem
    {
        public readonly Graph Graph;
        public readonly double[] Cost, Hazard, Reference, Source;
        public readonly int[] Sinks, Zone;

        public Problem(int seed, int n)
        {
            var random = new Random(seed);
            var inner = Networks.Random(random, n, 4);
            var builder = new GraphBuilder(n + 3);
            for (var arc = 0; arc < inner.ArcCount; arc++) builder.AddArc(inner.TailOf(arc), inner.HeadOf(arc));
            Sinks = [n, n + 1, n + 2];
            foreach (var sink in Sinks) foreach (var node in Enumerable.Range(0, n).OrderBy(_ => random.Next()).Take(4)) builder.AddArc(node, sink);
            Graph = builder.Build();
            Cost = [.. Enumerable.Range(0, Graph.ArcCount).Select(_ => 0.1 + random.NextDouble())];
            Hazard = [.. Enumerable.Range(0, Graph.ArcCount).Select(_ => 0.2 * random.NextDouble())];
            Source = new double[n + 3];
            for (var i = 0; i < 6; i++) Source[random.Next(n)] += 0.1;
            Reference = ReferenceProbabilities.EqualOverArcs(Graph);
            Zone = [.. Enumerable.Range(0, Graph.ArcCount).Select(a => Graph.HeadOf(a) < n ? Graph.HeadOf(a) : -1)];
        }

        public MarkovianDemand Demand => MarkovianDemand.Split(Source, (Sinks[0], 0.5), (Sinks[1], 0.3), (Sinks[2], 0.2));

        public MarkovianLoading Together(double theta) => new(new MarkovianTopology(Graph), Demand, Reference, new() { Theta = theta });

        public MarkovianLoading Alone(int sink, double theta) => new(new MarkovianTopology(Graph), MarkovianDemand.To(Sinks[sink], Demand.SourceByNode(sink)), Reference, new() { Theta = theta });
    }

    private static void Close(ReadOnlySpan<double> a, ReadOnlySpan<double> b, double tolerance, string where)
    {
        for (var i = 0; i < a.Length; i++) Assert.True(Math.Abs(a[i] - b[i]) <= tolerance, $"{where}: {i}: {a[i]:R} against {b[i]:R}");
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(3)]
    [InlineData(30)]
    [InlineData(600)] // the sinks' z lie hundreds of powers of ten apart: each chain falls back to its own walk
    public void Loading_together_is_the_sum_of_loading_each_alone(double theta)
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var problem = new Problem(seed, 50);
            var together = problem.Together(theta).Load(problem.Cost, problem.Hazard);
            var alone = Enumerable.Range(0, 3).Select(d => problem.Alone(d, theta).Load(problem.Cost, problem.Hazard)).ToList();
            double[] Sum(Func<MarkovianFlows, ReadOnlySpan<double>> of)
            {
                var sum = new double[of(together).Length];
                foreach (var flows in alone) for (var i = 0; i < sum.Length; i++) sum[i] += of(flows)[i];
                return sum;
            }
            Close(together.ArcFlow, Sum(f => f.ArcFlow), 1e-11, $"flow, seed {seed}");
            Close(together.NodeThroughput, Sum(f => f.NodeThroughput), 1e-11, $"throughput, seed {seed}");
            for (var d = 0; d < 3; d++) Assert.Equal(alone[d].Delivered[0], together.Delivered[d], 1e-11);
            Assert.Equal(together.TotalSource, together.TotalDelivered + together.TotalSeized, 1e-12);
        }
    }

    [Fact]
    public void A_sink_that_some_cannot_reach_is_loaded_on_its_own()
    {
        // 0 -> 1 -> sink 3, 2 -> sink 4: nothing of 0 can reach 4, and 4 has its own source at 2.
        var builder = new GraphBuilder(5);
        builder.AddArc(0, 1);
        builder.AddArc(1, 3);
        builder.AddArc(2, 4);
        builder.AddArc(0, 3);
        var graph = builder.Build();
        var demand = MarkovianDemand.Between((3, [1, 0, 0, 0, 0]), (4, [0, 0, 2, 0, 0]));
        var flows = new MarkovianLoading(new MarkovianTopology(graph), demand, ReferenceProbabilities.EqualOverArcs(graph), new() { Theta = 1 }).Load([1, 1, 1, 2], [0, 0, 0, 0]);
        Assert.Equal([0.5, 0.5, 2, 0.5], flows.ArcFlow.ToArray().Select(f => Math.Round(f, 12)));
        Assert.Equal([1, 2], flows.Delivered.ToArray().Select(f => Math.Round(f, 12)));
        var refused = Assert.Throws<InvalidNetworkException>(() => new MarkovianLoading(new MarkovianTopology(graph), MarkovianDemand.Split([1, 0, 0, 0, 0], (3, 0.5), (4, 0.5)), [], new() { Theta = 1 }).Load([1, 1, 1, 2], new double[4]));
        Assert.Equal("GH7206", Assert.Single(refused.Faults).Code);
    }

    [Fact]
    public void Gradient_agrees_with_central_differences_and_updates_with_full_loadings()
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            var problem = new Problem(seed, 40);
            var options = new MarkovianEquilibriumOptions { Tolerance = 1e-13 };
            var equilibrium = new MarkovianEquilibrium<LinearFeedback>(problem.Together(3), problem.Zone, 40, new LinearFeedback(0.5, 0.5, 8, 0.05), options);
            double[] weights = [.. Enumerable.Range(0, problem.Graph.ArcCount).Select(a => (a * 7 % 13) / 13.0)];
            double Harm(double[] hazard)
            {
                var flow = equilibrium.Solve(problem.Cost, hazard).Flows.ArcFlow;
                var sum = 0.0;
                for (var a = 0; a < flow.Length; a++) sum += flow[a] * weights[a];
                return sum;
            }
            Harm(problem.Hazard);
            var gradient = equilibrium.Gradient(weights);
            var largest = gradient.ByBaseHazard.ToArray().Max(Math.Abs);
            for (var arc = 0; arc < problem.Graph.ArcCount; arc += 9)
            {
                double[] up = [.. problem.Hazard], down = [.. problem.Hazard];
                (up[arc], down[arc]) = (up[arc] + 1e-5, down[arc] - 1e-5);
                var difference = (Harm(up) - Harm(down)) / 2e-5;
                Assert.True(Math.Abs(difference - gradient.ByBaseHazard[arc]) <= 1e-6 * largest, $"seed {seed}, arc {arc}: {gradient.ByBaseHazard[arc]} against {difference}");
            }

            var loading = problem.Together(3);
            loading.Load(problem.Cost, problem.Hazard);
            var update = new MarkovianUpdate(loading);
            var updated = 0;
            for (var arc = 0; arc < problem.Graph.ArcCount; arc += 11)
            {
                double[] cost = [.. problem.Cost], hazard = [.. problem.Hazard];
                (cost[arc], hazard[arc]) = (cost[arc] + 0.3, hazard[arc] + 0.1);
                Close(update.Change(new ArcChange(arc, cost[arc], hazard[arc])).ArcFlow, problem.Together(3).Load(cost, hazard).ArcFlow, 1e-11, $"update of arc {arc}, seed {seed}");
                if (update.WasUpdated) updated++;
            }
            Assert.True(updated > 5);
        }
    }
}
