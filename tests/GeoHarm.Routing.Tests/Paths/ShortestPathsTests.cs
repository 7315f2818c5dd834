using GeoHarm.Routing.Graphs;
using GeoHarm.Routing.Paths;

namespace GeoHarm.Routing.Tests.Paths;

public class ShortestPathsTests
{
    [Fact]
    public void Costs_are_those_of_Bellman_Ford_with_either_queue_in_any_number_type()
    {
        for (var seed = 1; seed <= 400; seed++)
        {
            var (graph, costs) = RandomGraphs.Draw(seed);
            var source = seed % graph.NodeCount;
            var expected = RandomGraphs.Costs(graph, costs, source);
            foreach (var queue in new[] { SearchQueue.Buckets, SearchQueue.Heap })
            {
                var whole = new ShortestPaths<int>(new ArcCosts<int>(graph, costs), queue);
                var real = new ShortestPaths<double>(new ArcCosts<double>(graph, Array.ConvertAll(costs, c => (double)c)), queue);
                whole.Run([source]);
                real.Run([source]);
                for (var v = 0; v < graph.NodeCount; v++)
                {
                    var what = $"seed {seed}, node {v}, {queue}";
                    if (expected[v] == int.MaxValue)
                    {
                        Assert.True(whole.CostTo(v) == ArcCosts<int>.Closed && double.IsPositiveInfinity(real.CostTo(v)), what);
                        continue;
                    }
                    Assert.True(expected[v] == whole.CostTo(v) && expected[v] == real.CostTo(v), what);
                    var path = whole.PathTo(v); // ties: any path of the right cost that hangs together
                    Assert.True(path.Sum(a => (long)costs[a]) == expected[v], what);
                    var at = source;
                    foreach (var arc in path) { Assert.Equal(at, graph.TailOf(arc)); at = graph.HeadOf(arc); }
                    Assert.Equal(v, at);
                }
            }
        }
    }

    [Fact]
    public void Several_sources_give_the_least_of_each()
    {
        for (var seed = 1; seed <= 100; seed++)
        {
            var (graph, costs) = RandomGraphs.Draw(seed);
            var random = new Random(seed);
            int[] sources = [random.Next(graph.NodeCount), random.Next(graph.NodeCount)];
            int[] starts = [random.Next(5), random.Next(90000)];
            var search = new ShortestPaths<int>(new ArcCosts<int>(graph, costs));
            search.Run(sources, starts);
            for (var v = 0; v < graph.NodeCount; v++)
            {
                var expected = Enumerable.Range(0, 2).Min(i => RandomGraphs.Costs(graph, costs, sources[i])[v] is var c && c == int.MaxValue ? int.MaxValue : c + starts[i]);
                if (graph.FirstThrough > 0 && sources.Any(graph.IsTerminal)) continue; // a dear terminal source that another reaches first is not passed through
                Assert.True(expected == (search.CostTo(v) == ArcCosts<int>.Closed ? int.MaxValue : search.CostTo(v)), $"seed {seed} node {v}: {search.CostTo(v)}, not {expected}; sources {sources[0]} at {starts[0]}, {sources[1]} at {starts[1]}; {graph.FirstThrough} terminals; costs {RandomGraphs.Costs(graph, costs, sources[0])[v]} {RandomGraphs.Costs(graph, costs, sources[1])[v]}");
            }
        }
    }

    [Fact]
    public void A_bound_leaves_dearer_nodes_out_and_a_target_ends_the_search()
    {
        for (var seed = 1; seed <= 100; seed++)
        {
            var (graph, costs) = RandomGraphs.Draw(seed);
            var expected = RandomGraphs.Costs(graph, costs, 0);
            var known = expected.Where(c => c != int.MaxValue).Order().ToArray();
            var bound = (int)known[known.Length / 2];
            var search = new ShortestPaths<int>(new ArcCosts<int>(graph, costs));
            search.Run([0], bound: bound);
            for (var v = 0; v < graph.NodeCount; v++)
                Assert.True((expected[v] <= bound ? expected[v] : ArcCosts<int>.Closed) == search.CostTo(v), $"seed {seed} node {v}");
            foreach (var queue in new[] { SearchQueue.Buckets, SearchQueue.Heap })
            {
                var ended = new ShortestPaths<int>(new ArcCosts<int>(graph, costs), queue);
                for (var v = 0; v < graph.NodeCount; v += 7)
                {
                    ended.Run([0], target: v);
                    Assert.True((expected[v] == int.MaxValue ? ArcCosts<int>.Closed : expected[v]) == ended.CostTo(v), $"seed {seed} target {v}");
                }
            }
        }
    }

    [Fact]
    public void Wild_costs_beyond_the_circle_of_buckets_come_out_right()
    {
        var random = new Random(7);
        var builder = new GraphBuilder(300);
        var costs = new List<double>();
        var seen = new HashSet<(int, int)>();
        for (var i = 0; i < 1500; i++)
        {
            int a = random.Next(300), b = random.Next(300);
            if (a == b || !seen.Add((a, b))) continue;
            builder.AddArc(a, b);
            costs.Add(Math.Pow(10, 12 * random.NextDouble() - 6));
        }
        var arcs = new ArcCosts<double>(builder.Build(), costs.ToArray());
        var heap = new ShortestPaths<double>(arcs, SearchQueue.Heap);
        var buckets = new ShortestPaths<double>(arcs, SearchQueue.Buckets);
        for (var source = 0; source < 300; source += 17)
        {
            heap.Run([source]);
            buckets.Run([source]);
            for (var v = 0; v < 300; v++) Assert.Equal(heap.CostTo(v), buckets.CostTo(v));
        }
    }

    [Fact]
    public void Negative_and_missing_costs_are_refused_all_at_once()
    {
        var builder = new GraphBuilder(3);
        builder.AddArc(0, 1);
        builder.AddArc(1, 2);
        var graph = builder.Build();
        var thrown = Assert.Throws<InvalidNetworkException>(() => new ArcCosts<double>(graph, [-1, double.NaN]));
        Assert.Equal(["arc 0", "arc 1"], thrown.Faults.Select(f => f.Place));
        Assert.All(thrown.Faults, f => Assert.Equal("GH7301", f.Code));
    }

    [Fact]
    public void Rows_from_each_source_are_the_single_searches()
    {
        var (graph, costs) = RandomGraphs.Draw(11);
        var search = new ShortestPaths<int>(new ArcCosts<int>(graph, costs));
        var rows = search.FromEach([0, 1]);
        search.Run([1]);
        Assert.Equal(Enumerable.Range(0, graph.NodeCount).Select(search.CostTo), rows[1]);
    }
}
