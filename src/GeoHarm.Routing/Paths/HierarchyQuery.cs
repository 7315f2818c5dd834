using System.Numerics;

namespace GeoHarm.Routing.Paths;

/// <summary>
/// Point-to-point queries on a hierarchy by its elimination tree (Dibbelt, Strasser, Wagner 2016, section 7.2,
/// doi 10.1145/2886843): both ends climb to the root, and the best meeting is taken; no queue. The path is unpacked by
/// looking for the lower triangle that gives each arc its cost. A search: one per thread.
/// Cost: the arcs of two paths in the elimination tree; unpacking adds a triangle search for each arc of the path.
/// </summary>
public sealed class HierarchyQuery<T> where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    private readonly Hierarchy hierarchy;
    private readonly T[] forward, backward; // infinity between queries
    private readonly int[] forwardArc, backwardArc; // arc of the completion by which a rank was reached, and its other end
    private readonly int[] forwardFrom, backwardFrom;

    /// <summary>Room for queries on <paramref name="hierarchy"/>.</summary>
    public HierarchyQuery(Hierarchy hierarchy)
    {
        ArgumentNullException.ThrowIfNull(hierarchy);
        this.hierarchy = hierarchy;
        var n = hierarchy.RankCount;
        (forward, backward) = (new T[n], new T[n]);
        (forwardArc, backwardArc, forwardFrom, backwardFrom) = (new int[n], new int[n], new int[n], new int[n]);
        Array.Fill(forward, HierarchyMetric<T>.Infinity);
        Array.Fill(backward, HierarchyMetric<T>.Infinity);
    }

    /// <summary>Least cost from a node to another; <see cref="HierarchyMetric{T}.Infinity"/> where no path leads, 0 from a node to itself.</summary>
    public T Cost(HierarchyMetric<T> metric, int from, int to)
    {
        var (cost, _) = Meet(metric, from, to);
        Clear(from, to);
        return cost;
    }

    /// <summary>Input arcs of a least-cost path, from its start on; empty where no path leads or none is needed.</summary>
    public IReadOnlyList<int> Path(HierarchyMetric<T> metric, int from, int to)
    {
        var arcs = new List<int>();
        var (_, meeting) = Meet(metric, from, to);
        if (meeting >= 0)
        {
            var climb = new List<int>();
            for (var v = meeting; v != hierarchy.SourceRank(from); v = forwardFrom[v]) climb.Add(v);
            for (var i = climb.Count - 1; i >= 0; i--) Unpack(metric, 2 * forwardArc[climb[i]], arcs);
            for (var v = meeting; v != hierarchy.TargetRank(to); v = backwardFrom[v]) Unpack(metric, 2 * backwardArc[v] + 1, arcs);
        }
        Clear(from, to);
        return arcs;
    }

    private (T Cost, int Meeting) Meet(HierarchyMetric<T> metric, int from, int to)
    {
        ArgumentNullException.ThrowIfNull(metric);
        if (metric.Hierarchy != hierarchy) throw new ArgumentException("the metric belongs to another hierarchy", nameof(metric));
        if (from == to) return (T.Zero, -1);
        int s = hierarchy.SourceRank(from), t = hierarchy.TargetRank(to);
        Climb(s, metric.up, forward, forwardArc, forwardFrom);
        Climb(t, metric.down, backward, backwardArc, backwardFrom);
        var best = HierarchyMetric<T>.Infinity;
        var meeting = -1;
        for (var v = s; v >= 0; v = hierarchy.parent[v])
        {
            if (forward[v] + backward[v] >= best) continue;
            best = forward[v] + backward[v];
            meeting = v;
        }
        return (best, meeting);
    }

    private void Climb(int start, T[] cost, T[] label, int[] arc, int[] from)
    {
        label[start] = T.Zero;
        var infinity = HierarchyMetric<T>.Infinity;
        for (var v = start; v >= 0; v = hierarchy.parent[v])
        {
            var own = label[v];
            if (own >= infinity) continue;
            for (int a = hierarchy.upFirst[v], end = hierarchy.upFirst[v + 1]; a < end; a++)
            {
                var h = hierarchy.upHead[a];
                var there = own + cost[a];
                if (there >= label[h]) continue;
                label[h] = there;
                arc[h] = a;
                from[h] = v;
            }
        }
    }

    private void Clear(int from, int to)
    {
        for (var v = hierarchy.SourceRank(from); v >= 0; v = hierarchy.parent[v]) forward[v] = HierarchyMetric<T>.Infinity;
        for (var v = hierarchy.TargetRank(to); v >= 0; v = hierarchy.parent[v]) backward[v] = HierarchyMetric<T>.Infinity;
    }

    /// <summary>Replaces an arc of the completion by input arcs: the arc itself or the two legs of the triangle that gives its cost.</summary>
    private static void Unpack(HierarchyMetric<T> metric, int slot, List<int> arcs)
    {
        var stack = new Stack<int>();
        stack.Push(slot);
        while (stack.TryPop(out var s))
        {
            var cost = (s & 1) == 0 ? metric.up[s >> 1] : metric.down[s >> 1];
            var input = metric.InputWith(s, cost);
            if (input >= 0) { arcs.Add(input); continue; }
            var (first, second) = metric.LegsWith(s, cost);
            if (first < 0) throw new InvalidOperationException("no triangle gives an arc its cost: the metric changed during the query");
            stack.Push(second);
            stack.Push(first);
        }
    }
}
