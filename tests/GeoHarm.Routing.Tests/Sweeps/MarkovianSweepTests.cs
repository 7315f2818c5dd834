using GeoHarm.Routing.Equilibrium;
using GeoHarm.Routing.Graphs;
using GeoHarm.Routing.Sweeps;
using GeoHarm.Routing.Tests.Equilibrium;

namespace GeoHarm.Routing.Tests.Sweeps;

public sealed class MarkovianSweepTests
{
    private static readonly LinearFeedback Feedback = new(0.3, 0.5, 8, 0.05);

    private static SweepVariant[] Variants(MarkovianEquilibriumTests.Problem problem) =>
        [.. Enumerable.Range(0, problem.Graph.NodeCount).Select(node => new SweepVariant($"risk x3 into {node}",
            [.. Enumerable.Range(0, problem.Graph.ArcCount).Where(a => problem.Graph.HeadOf(a) == node).Select(a => new ArcChange(a, problem.Cost[a], 3 * problem.Hazard[a]))]))];

    [Fact]
    public void A_sweep_gives_what_independent_cold_solves_give()
    {
        var problem = new MarkovianEquilibriumTests.Problem(31, 40, 4);
        var loading = new MarkovianLoading(problem.Topology, problem.Demand, problem.Reference);
        var sweep = new MarkovianSweep<LinearFeedback>(loading, problem.Zone, 40, Feedback);
        var outcomes = sweep.Run(problem.Cost, problem.Hazard, Variants(problem), 1, out var first).ToArray();
        Assert.True(first.Converged);
        Assert.Equal(Enumerable.Range(0, 40), outcomes.Select(o => o.Index));
        int warmLoads = 0, coldLoads = 0;
        foreach (var outcome in outcomes)
        {
            var hazard = problem.Hazard.ToArray();
            foreach (var change in outcome.Variant.Changes) hazard[change.Arc] = change.Hazard;
            var cold = new MarkovianEquilibrium<LinearFeedback>(new MarkovianLoading(problem.Topology, problem.Demand, problem.Reference), problem.Zone, 40, Feedback).Solve(problem.Cost, hazard);
            Assert.True(outcome.Result!.Converged);
            warmLoads += outcome.Result.Loads;
            coldLoads += cold.Loads;
            Assert.True(Networks.LargestDifference(cold.Flows.ArcFlow, outcome.Result.Flows.ArcFlow) < 1e-8);
        }
        Assert.True(warmLoads < 0.75 * coldLoads, $"{warmLoads} against {coldLoads}");
    }

    [Fact]
    public void Any_number_of_threads_gives_the_same_bits_in_the_same_order()
    {
        var problem = new MarkovianEquilibriumTests.Problem(32, 40, 4);
        var loading = new MarkovianLoading(problem.Topology, problem.Demand, problem.Reference);
        var sweep = new MarkovianSweep<LinearFeedback>(loading, problem.Zone, 40, Feedback);
        var runs = new[] { 1, 2, 5 }.Select(threads => sweep.Run(problem.Cost, problem.Hazard, Variants(problem), threads, out _).ToArray()).ToArray();
        for (var i = 0; i < 40; i++)
        {
            foreach (var run in runs)
            {
                Assert.Equal(i, run[i].Index);
                Assert.True(runs[0][i].Result!.Flows.ArcFlow.SequenceEqual(run[i].Result!.Flows.ArcFlow));
            }
        }
    }

    [Fact]
    public void A_variant_that_cuts_demand_off_is_an_outcome_and_not_an_end()
    {
        var problem = new MarkovianEquilibriumTests.Problem(33, 30, 3);
        var source = Array.FindIndex(problem.Source, s => s > 0);
        var loading = new MarkovianLoading(problem.Topology, problem.Demand, problem.Reference);
        var sweep = new MarkovianSweep<LinearFeedback>(loading, problem.Zone, 30, Feedback);
        SweepVariant[] variants =
        [
            new("close all out of a source", [.. Enumerable.Range(0, problem.Graph.ArcCount).Where(a => problem.Graph.TailOf(a) == source).Select(a => new ArcChange(a, double.PositiveInfinity, 0))]),
            new("nothing", []),
        ];
        var outcomes = sweep.Run(problem.Cost, problem.Hazard, variants, 2, out var first).ToArray();
        var faults = Assert.IsType<InvalidNetworkException>(outcomes[0].Failure).Faults;
        Assert.All(faults, f => Assert.Equal(("GH7206", $"node {source}"), (f.Code, f.Place)));
        Assert.Null(outcomes[0].Result);
        Assert.True(Networks.LargestDifference(first.Flows.ArcFlow, outcomes[1].Result!.Flows.ArcFlow) < 1e-9);
    }

    [Fact]
    public void Streaming_stops_when_the_reader_does()
    {
        var made = 0;
        var reader = OrderedStream.Map<int>(1000, 2, () => i => { Interlocked.Increment(ref made); return i; }, CancellationToken.None);
        Assert.Equal([0, 1, 2], reader.Take(3));
        Assert.True(made <= 3 + 8 + 1, $"{made} made ahead");
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => OrderedStream.Map<int>(10, 2, () => i => i, cancelled.Token).ToArray());
        Assert.Throws<InvalidOperationException>(() => OrderedStream.Map<int>(10, 2, () => i => i == 4 ? throw new InvalidOperationException() : i, CancellationToken.None).ToArray());
    }
}
