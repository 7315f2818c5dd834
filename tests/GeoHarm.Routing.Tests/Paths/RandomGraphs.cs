using GeoHarm.Routing.Graphs;

namespace GeoHarm.Routing.Tests.Paths;

internal static class RandomGraphs
{
    /// <summary>A random graph, sparse or dense, with terminals in a third of the draws, perhaps not connected; many ties when costs are small.</summary>
    public static (Graph Graph, int[] Costs) Draw(int seed)
    {
        var random = new Random(seed);
        int nodes = random.Next(2, 60), arcs = random.Next(0, 4 * nodes), most = random.Next(2) == 0 ? 4 : 10000;
        var builder = new GraphBuilder(nodes, new GraphOptions { ParallelArcs = true });
        if (random.Next(3) == 0) builder.SetFirstThroughNode(random.Next(nodes));
        var costs = new List<int>();
        for (var i = 0; i < arcs; i++)
        {
            int a = random.Next(nodes), b = random.Next(nodes);
            if (a == b) continue;
            builder.AddArc(a, b);
            costs.Add(random.Next(most));
        }
        return (builder.Build(), [.. costs]);
    }

    /// <summary>Bellman-Ford, by node; int.MaxValue where no path leads. No code in common with what it checks.</summary>
    public static long[] Costs(Graph graph, int[] costs, int source)
    {
        var cost = new long[graph.NodeCount];
        Array.Fill(cost, int.MaxValue);
        cost[source] = 0;
        for (var changed = true; changed;)
        {
            changed = false;
            for (var arc = 0; arc < graph.ArcCount; arc++)
            {
                int tail = graph.TailOf(arc), head = graph.HeadOf(arc);
                if (cost[tail] == int.MaxValue || (graph.IsTerminal(tail) && tail != source) || cost[tail] + costs[arc] >= cost[head]) continue;
                cost[head] = cost[tail] + costs[arc];
                changed = true;
            }
        }
        return cost;
    }
}
