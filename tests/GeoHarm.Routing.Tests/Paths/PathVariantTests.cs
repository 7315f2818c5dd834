using GeoHarm.Routing.Graphs;
using GeoHarm.Routing.Paths;

namespace GeoHarm.Routing.Tests.Paths;

public sealed class PathVariantTests
{
    [Fact]
    public void Yens_own_example_gives_its_three_paths()
    {
        // C D E F G H = 0..5, the network of the textbook example: costs 5, 7 and 8.
        var builder = new GraphBuilder(6);
        foreach (var (t, h) in ((int, int)[])[(0, 1), (0, 2), (1, 3), (2, 1), (2, 3), (2, 4), (3, 4), (3, 5), (4, 5)]) builder.AddArc(t, h);
        var paths = new KShortestPaths(builder.Build()).Find(0, 5, 3, [3, 2, 4, 1, 2, 3, 2, 1, 2]);
        Assert.Equal([5, 7, 8], paths.Select(p => p.Cost));
        Assert.Equal([1, 4, 7], paths[0].Arcs.ToArray());
        Assert.Equal([1, 5, 8], paths[1].Arcs.ToArray());
    }

    [Fact]
    public void K_shortest_paths_equal_the_enumeration_of_all_simple_paths()
    {
        for (var seed = 1; seed <= 120; seed++)
        {
            var random = new Random(seed);
            var parallel = seed % 4 == 0;
            var graph = Networks.Random(random, random.Next(2, 9), random.Next(2, 5), parallel);
            var whole = seed % 2 == 0; // whole costs make ties
            var cost = Enumerable.Range(0, graph.ArcCount).Select(_ => random.Next(12) == 0 ? double.PositiveInfinity : whole ? random.Next(0, 4) : random.NextDouble()).ToArray();
            var (source, target) = (0, graph.NodeCount - 1);
            var all = Enumerate(graph, cost, source, target);
            var count = random.Next(1, 40);
            var paths = new KShortestPaths(graph).Find(source, target, count, cost);
            Assert.Equal(Math.Min(count, all.Count), paths.Count);
            Assert.Equal(paths.Count, paths.Select(p => string.Join(",", p.Arcs.ToArray())).Distinct().Count());
            for (var i = 0; i < paths.Count; i++)
            {
                Assert.True(Math.Abs(all[i] - paths[i].Cost) < 1e-12, $"seed {seed}, path {i}: {all[i]} against {paths[i].Cost}");
                AssertSimple(graph, paths[i], source, target, cost);
            }
        }
    }

    [Fact]
    public void No_path_gives_an_empty_list_and_a_path_to_oneself_is_empty()
    {
        var builder = new GraphBuilder(3);
        builder.AddArc(0, 1);
        var search = new KShortestPaths(builder.Build());
        Assert.Empty(search.Find(0, 2, 3, [1]));
        Assert.Empty(Assert.Single(search.Find(1, 1, 3, [1])).Arcs.ToArray());
        Assert.Equal("GH7301", Assert.Throws<InvalidNetworkException>(() => search.Find(0, 1, 1, [-1])).Faults[0].Code);
    }

    [Fact]
    public void Paths_do_not_pass_through_terminals()
    {
        var builder = new GraphBuilder(4).SetFirstThroughNode(3);
        foreach (var (t, h) in ((int, int)[])[(0, 1), (1, 2), (0, 3), (3, 2)]) builder.AddArc(t, h);
        var graph = builder.Build();
        double[] cost = [1, 1, 5, 5];
        Assert.Equal(10, Assert.Single(new KShortestPaths(graph).Find(0, 2, 5, cost)).Cost);
        var tree = new DynamicTree(graph, 0, cost);
        Assert.Equal((1, 10), (tree.DistanceTo(1), tree.DistanceTo(2)));
    }

    [Fact]
    public void A_replacement_costs_what_a_search_without_the_arc_finds()
    {
        for (var seed = 1; seed <= 60; seed++)
        {
            var random = new Random(seed);
            var graph = Networks.Random(random, random.Next(2, 60), random.Next(1, 5));
            var cost = Enumerable.Range(0, graph.ArcCount).Select(_ => random.NextDouble()).ToArray();
            var replacements = new ReplacementPaths(graph).Find(0, graph.NodeCount / 2, cost, out var shortest);
            Assert.Equal(shortest!.Arcs.ToArray(), replacements.Select(r => r.Arc));
            foreach (var (arc, replacement) in replacements)
            {
                var without = cost.ToArray();
                without[arc] = double.PositiveInfinity;
                Assert.Equal(PlainDistances(graph, 0, without)[graph.NodeCount / 2], replacement, 1e-12);
                Assert.True(replacement >= shortest.Cost);
            }
        }
    }

    [Fact]
    public void Diverse_paths_keep_to_overlap_and_stretch_and_begin_with_the_shortest()
    {
        var several = 0;
        for (var seed = 1; seed <= 40; seed++)
        {
            var random = new Random(seed);
            var graph = Networks.Grid(8, 9);
            var cost = Enumerable.Range(0, graph.ArcCount).Select(_ => 0.2 + random.NextDouble()).ToArray();
            var paths = new DiversePaths(graph).Find(0, 71, 4, cost, new() { OverlapLimit = 0.4, StretchLimit = 1.6 });
            Assert.Equal(PlainDistances(graph, 0, cost)[71], paths[0].Cost, 1e-12);
            several += paths.Count > 1 ? 1 : 0;
            for (var i = 0; i < paths.Count; i++)
            {
                AssertSimple(graph, paths[i], 0, 71, cost);
                Assert.True(paths[i].Cost <= 1.6 * paths[0].Cost * (1 + 1e-12));
                for (var j = 0; j < i; j++)
                {
                    var other = paths[j].Arcs.ToArray();
                    var common = paths[i].Arcs.ToArray().Where(other.Contains).Sum(a => cost[a]);
                    Assert.True(common <= 0.4 * Math.Min(paths[i].Cost, paths[j].Cost) + 1e-12, $"seed {seed}");
                }
            }
        }
        Assert.True(several >= 35, $"{several} of 40 grids gave an alternative");
    }

    [Fact]
    public void An_updated_tree_equals_a_fresh_search_bit_for_bit()
    {
        long touched = 0, nodes = 0;
        for (var seed = 1; seed <= 40; seed++)
        {
            var random = new Random(seed);
            var graph = Networks.Random(random, random.Next(2, 120), random.Next(1, 5), parallel: seed % 5 == 0);
            var zeros = seed % 2 == 0;
            double Draw() => random.Next(10) == 0 ? double.PositiveInfinity : zeros && random.Next(3) == 0 ? 0 : 0.1 + random.NextDouble();
            var cost = Enumerable.Range(0, graph.ArcCount).Select(_ => Draw()).ToArray();
            var tree = new DynamicTree(graph, 0, cost);
            for (var step = 0; step < 30; step++)
            {
                var changes = Enumerable.Range(0, random.Next(1, 6)).Select(_ => (Arc: random.Next(graph.ArcCount), Cost: Draw())).ToArray();
                foreach (var (arc, c) in changes) cost[arc] = c;
                tree.Change(changes);
                touched += tree.Touched;
                nodes += graph.NodeCount;
                var expected = PlainDistances(graph, 0, cost);
                for (var v = 0; v < graph.NodeCount; v++)
                {
                    Assert.True(expected[v] == tree.DistanceTo(v), $"seed {seed}, step {step}, node {v}: {expected[v]} against {tree.DistanceTo(v)}");
                    var arc = tree.ArcInto(v);
                    if (v == 0 || double.IsPositiveInfinity(expected[v])) Assert.Equal(-1, arc);
                    else Assert.True(graph.HeadOf(arc) == v && tree.DistanceTo(graph.TailOf(arc)) + cost[arc] == expected[v]);
                }
            }
        }
        Assert.True(touched < nodes / 2, $"{touched} of {nodes}");
    }

    private static void AssertSimple(Graph graph, ArcPath path, int source, int target, double[] cost)
    {
        var visited = new HashSet<int> { source };
        var at = source;
        var sum = 0.0;
        foreach (var arc in path.Arcs)
        {
            Assert.Equal(at, graph.TailOf(arc));
            at = graph.HeadOf(arc);
            Assert.True(visited.Add(at), "a node twice");
            sum += cost[arc];
        }
        Assert.Equal(target, at);
        Assert.Equal(sum, path.Cost, 1e-12);
    }

    private static List<double> Enumerate(Graph graph, double[] cost, int source, int target)
    {
        var found = new List<double>();
        var visited = new bool[graph.NodeCount];
        Walk(source, 0);
        found.Sort();
        return found;

        void Walk(int v, double sum)
        {
            if (double.IsPositiveInfinity(sum)) return;
            if (v == target)
            {
                found.Add(sum);
                return;
            }
            visited[v] = true;
            for (var a = 0; a < cost.Length; a++)
            {
                if (graph.TailOf(a) == v && !visited[graph.HeadOf(a)]) Walk(graph.HeadOf(a), sum + cost[a]);
            }
            visited[v] = false;
        }
    }

    // Bellman and Ford: the plainest rival.
    private static double[] PlainDistances(Graph graph, int source, double[] cost)
    {
        var distance = new double[graph.NodeCount];
        Array.Fill(distance, double.PositiveInfinity);
        distance[source] = 0;
        for (var changed = true; changed;)
        {
            changed = false;
            for (var a = 0; a < cost.Length; a++)
            {
                var through = distance[graph.TailOf(a)] + cost[a];
                if (!(through < distance[graph.HeadOf(a)])) continue;
                distance[graph.HeadOf(a)] = through;
                changed = true;
            }
        }
        return distance;
    }
}
