using GeoHarm.Routing.Equilibrium;
using GeoHarm.Routing.Graphs;

namespace GeoHarm.Routing.Paths;

/// <summary>
/// Shortest paths to one target under bans, guided by exact distances in the graph without bans (A*, Hart, Nilsson and Raphael
/// 1968, doi 10.1109/TSSC.1968.300136): bans can only lengthen, so the distances bound from below and stay consistent, and a
/// search leaves the shortest path only around what is banned. Shared by k shortest paths and replacement paths.
/// One per thread. A search costs only what it touches.
/// </summary>
internal sealed class GuidedSearch(Graph graph)
{
    private readonly IndexedHeap heap = new(graph.NodeCount);
    private readonly Potentials potentials = new(graph);
    private readonly double[] key = new double[graph.NodeCount];
    private readonly double[] reached = new double[graph.NodeCount]; // cost from the source
    private readonly int[] arcInto = new int[graph.NodeCount];
    private readonly int[] seen = new int[graph.NodeCount]; // stamp of the search that reached it
    private int stamp;

    internal readonly double[] length = new double[graph.ArcCount]; // by slot; infinite where closed
    internal readonly double[] remaining = new double[graph.NodeCount]; // distance to the target without bans
    internal readonly bool[] bannedNode = new bool[graph.NodeCount];
    internal readonly bool[] bannedArc = new bool[graph.ArcCount];

    public int Target { get; private set; }

    /// <summary>Sets costs and target (position), and finds the distances that guide.</summary>
    public void Aim(ReadOnlySpan<double> costByArc, int target)
    {
        PathChecks.Costs(graph, costByArc);
        graph.ToSlots(costByArc, length);
        for (var a = 0; a < length.Length; a++)
        {
            if (graph.arcHead[a] < graph.FirstThrough && graph.arcHead[a] != target) length[a] = double.PositiveInfinity;
        }
        Target = target;
        potentials.Find([target], length, remaining);
    }

    /// <summary>
    /// Appends the slots of the shortest path from <paramref name="source"/> that avoids bans and costs at most
    /// <paramref name="bound"/> together with <paramref name="costBefore"/>; returns its cost, infinite if there is none.
    /// </summary>
    public double Find(int source, double costBefore, double bound, List<int> path)
    {
        stamp++;
        heap.Clear();
        Reach(source, -1, costBefore);
        while (heap.Count > 0)
        {
            var v = heap.Take(key);
            if (key[v] > bound) break;
            if (v == Target)
            {
                Unwind(source, path);
                return reached[v];
            }
            for (var a = graph.outFirst[v]; a < graph.outFirst[v + 1]; a++)
            {
                var u = graph.arcHead[a];
                if (bannedArc[a] || bannedNode[u]) continue;
                var cost = reached[v] + length[a];
                if (cost < double.PositiveInfinity && (seen[u] != stamp || cost < reached[u])) Reach(u, a, cost);
            }
        }
        return double.PositiveInfinity;
    }

    private void Reach(int v, int arc, double cost)
    {
        seen[v] = stamp;
        reached[v] = cost;
        arcInto[v] = arc;
        key[v] = cost + remaining[v];
        if (key[v] < double.PositiveInfinity) heap.Lift(v, key);
    }

    private void Unwind(int source, List<int> path)
    {
        var begin = path.Count;
        for (var v = Target; v != source; v = graph.arcTail[arcInto[v]]) path.Add(arcInto[v]);
        path.Reverse(begin, path.Count - begin);
    }
}

/// <summary>Checks of path queries; all faults at once.</summary>
internal static class PathChecks
{
    /// <summary>GH7301: a cost that is negative or not a number.</summary>
    public static void Costs(Graph graph, ReadOnlySpan<double> costByArc)
    {
        if (costByArc.Length != graph.ArcCount) throw new ArgumentException($"expected {graph.ArcCount} costs, got {costByArc.Length}");
        var faults = new FaultList();
        for (var arc = 0; arc < costByArc.Length; arc++)
        {
            if (!(costByArc[arc] >= 0)) faults.Add("GH7301", $"arc {arc}", $"cost {costByArc[arc]}", "give a cost that is not negative; infinite closes the arc");
        }
        faults.ThrowIfAny();
    }
}
