using GeoHarm.Routing.Graphs;

namespace GeoHarm.Routing.Tests.Graphs;

public sealed class GraphTests
{
    [Fact]
    public void Arcs_keep_the_callers_numbers_and_lie_sorted_by_tail()
    {
        var builder = new GraphBuilder(4, new GraphOptions { Order = NodeOrder.AsGiven });
        builder.AddArc(2, 3);
        builder.AddArc(0, 2);
        builder.AddArc(0, 1);
        builder.AddArc(1, 3);
        var graph = builder.Build();
        Assert.Equal([0, 2, 3, 4, 4], graph.FirstOut.ToArray());
        Assert.Equal([1, 2, 3, 3], graph.Heads.ToArray());
        Assert.Equal([0, 0, 1, 2], graph.Tails.ToArray());
        Assert.Equal([0, 0, 1, 2, 4], graph.FirstIn.ToArray());
        Assert.Equal([0, 1, 2, 3], graph.InArcs.ToArray());
        Assert.Equal([0, 0, 1, 2], graph.InTails.ToArray());
        Assert.Equal((2, 3), (graph.TailOf(0), graph.HeadOf(0)));
        Assert.Equal((0, 1), (graph.TailOf(2), graph.HeadOf(2)));
        var bySlot = new string[4];
        graph.ToSlots<string>(["c", "b", "a", "d"], bySlot);
        Assert.Equal(["a", "b", "d", "c"], bySlot);
    }

    [Theory]
    [InlineData(NodeOrder.AsGiven)]
    [InlineData(NodeOrder.BreadthFirst)]
    [InlineData(NodeOrder.Hilbert)]
    public void Renumbering_cannot_be_seen_by_a_caller(NodeOrder order)
    {
        for (var seed = 1; seed <= 30; seed++)
        {
            var random = new Random(seed);
            var n = random.Next(1, 60);
            var arcs = new HashSet<(int, int)>();
            for (var i = 0; i < 4 * n; i++)
            {
                var (t, h) = (random.Next(n), random.Next(n));
                if (t != h) arcs.Add((t, h));
            }
            var terminals = random.Next(0, n + 1);
            var builder = new GraphBuilder(n, new GraphOptions { Order = order }).SetFirstThroughNode(terminals);
            builder.SetCoordinates(Enumerable.Range(0, n).Select(_ => random.NextDouble()).ToArray(), Enumerable.Range(0, n).Select(_ => random.NextDouble()).ToArray());
            var added = arcs.ToArray();
            foreach (var (t, h) in added) builder.AddArc(t, h);
            var graph = builder.Build();
            Assert.Equal(added, Enumerable.Range(0, graph.ArcCount).Select(a => (graph.TailOf(a), graph.HeadOf(a))));
            for (var v = 0; v < n; v++)
            {
                Assert.Equal(v, graph.NodeAt(graph.PositionOf(v)));
                Assert.Equal(v < terminals, graph.IsTerminal(v));
            }
            for (var slot = 0; slot < graph.ArcCount; slot++)
            {
                Assert.Equal(slot, graph.SlotOf(graph.ArcAt(slot)));
                Assert.InRange(slot, graph.FirstOut[graph.Tails[slot]], graph.FirstOut[graph.Tails[slot] + 1] - 1);
            }
            var values = Enumerable.Range(0, n).Select(_ => random.Next()).ToArray();
            var there = new int[n];
            var back = new int[n];
            graph.ToPositions<int>(values, there);
            graph.FromPositions<int>(there, back);
            Assert.True(values.AsSpan().SequenceEqual(back), $"seed {seed}");
        }
    }

    [Fact]
    public void A_breadth_first_order_puts_the_ends_of_an_arc_close_together()
    {
        // A path whose nodes are numbered at random: breadth first must bring the mean gap from about n / 3 down to 2 at most.
        var random = new Random(5);
        var label = Enumerable.Range(0, 1000).ToArray();
        random.Shuffle(label);
        var builder = new GraphBuilder(1000);
        for (var i = 0; i + 1 < 1000; i++) builder.AddArc(label[i], label[i + 1]);
        var graph = builder.Build();
        var gap = Enumerable.Range(0, 999).Average(a => Math.Abs(graph.Tails[a] - graph.Heads[a]));
        Assert.True(gap <= 2, $"mean gap {gap}");
    }

    [Fact]
    public void Every_fault_is_reported_at_once_with_its_place()
    {
        var builder = new GraphBuilder(3);
        builder.AddArc(0, 1);
        builder.AddArc(0, 7, line: 12);
        builder.AddArc(-1, 2);
        builder.AddArc(2, 2, line: 14);
        builder.SetFirstThroughNode(9);
        var faults = Assert.Throws<InvalidNetworkException>(builder.Build).Faults;
        Assert.Equal(["GH7001", "GH7001", "GH7002", "GH7005"], faults.Select(f => f.Code));
        Assert.Equal(["line 12", "arc 2", "line 14", ""], faults.Select(f => f.Place));
        Assert.Equal(12, faults[0].Line);
    }

    [Fact]
    public void Parallel_arcs_are_a_fault_unless_allowed()
    {
        static GraphBuilder Twice(GraphOptions options)
        {
            var builder = new GraphBuilder(2, options);
            builder.AddArc(0, 1);
            builder.AddArc(1, 0);
            builder.AddArc(0, 1);
            return builder;
        }
        var fault = Assert.Single(Assert.Throws<InvalidNetworkException>(Twice(new GraphOptions()).Build).Faults);
        Assert.Equal(("GH7003", "arc 2"), (fault.Code, fault.Place));
        Assert.Equal(3, Twice(new GraphOptions { ParallelArcs = true }).Build().ArcCount);
    }

    [Theory]
    [InlineData(1_000_000_000L)]
    [InlineData(1_000_000_000_000L)]
    [InlineData(0L)]
    [InlineData(-5L)]
    public void An_impossible_number_of_nodes_is_a_fault_and_not_an_allocation(long declared)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var faults = Assert.Throws<InvalidNetworkException>(() => new GraphBuilder(declared).Build()).Faults;
        Assert.Contains(faults, f => f.Code == "GH7004");
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 10_000_000);
    }

    [Fact]
    public void A_million_faults_make_a_short_report()
    {
        var builder = new GraphBuilder(2);
        for (var i = 0; i < 5000; i++) builder.AddArc(0, 5);
        var faults = Assert.Throws<InvalidNetworkException>(builder.Build).Faults;
        Assert.Equal(1001, faults.Count);
        Assert.Contains("4000 more", faults[^1].Message, StringComparison.Ordinal);
    }
}
