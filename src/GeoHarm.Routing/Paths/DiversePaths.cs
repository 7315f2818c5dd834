using GeoHarm.Routing.Equilibrium;
using GeoHarm.Routing.Graphs;

namespace GeoHarm.Routing.Paths;

/// <summary>Settings of <see cref="DiversePaths"/>.</summary>
public sealed record DiversePathsOptions
{
    /// <summary>Largest share of a path's cost that it may have in common with any cheaper path chosen before, 0 to 1. Default 0.5, as in the source's experiments.</summary>
    public double OverlapLimit { get; init; } = 0.5;

    /// <summary>Dearest path considered, as a multiple of the cheapest; at least 1. Default 2: a detour of twice the cost is no alternative.</summary>
    public double StretchLimit { get; init; } = 2;
}

/// <summary>
/// Paths that differ: cheapest first, each sharing at most a given part of its cost with those before it. Candidates are
/// single-via paths, the shortest path to a node and on to the target, for every node (SVP+ of Chondrogiannis, Bouros, Gamper,
/// Leser and Blumenthal 2020, doi 10.1007/s00778-020-00604-x, after Abraham, Delling, Goldberg and Werneck 2013,
/// doi 10.1145/2444016.2444019). A heuristic: the set need not be the cheapest possible; each path is simple and keeps to the limits.
/// Cost: two searches over the graph and the length of the paths tried.
/// </summary>
public sealed class DiversePaths(Graph graph)
{
    private readonly GuidedSearch search = new(graph);
    private readonly IndexedHeap heap = new(graph.NodeCount);

    /// <summary>Finds up to <paramref name="count"/> paths.</summary>
    public IReadOnlyList<ArcPath> Find(int source, int target, int count, ReadOnlySpan<double> costByArc, DiversePathsOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        options ??= new DiversePathsOptions();
        var from = graph.PositionOf(source);
        search.Aim(costByArc, graph.PositionOf(target));
        if (double.IsPositiveInfinity(search.remaining[from])) return [];
        var (cost, arcInto) = Outward(from);
        var limit = options.StretchLimit * search.remaining[from];
        var vias = Enumerable.Range(0, graph.NodeCount).Where(v => cost[v] + search.remaining[v] <= limit)
            .OrderBy(v => cost[v] + search.remaining[v]).ThenBy(v => v);
        var chosen = new List<int[]>();
        var seen = new HashSet<int>();
        foreach (var via in vias)
        {
            if (chosen.Count == count) break;
            if (Through(via, from, arcInto, seen) is not { } slots) continue;
            if (chosen.All(other => Overlap(slots, other) <= options.OverlapLimit)) chosen.Add(slots);
        }
        return [.. chosen.Select(slots => new ArcPath([.. slots.Select(graph.ArcAt)], Cost(slots)))];
    }

    private (double[] Cost, int[] ArcInto) Outward(int source)
    {
        var cost = new double[graph.NodeCount];
        var arcInto = new int[graph.NodeCount];
        Array.Fill(cost, double.PositiveInfinity);
        cost[source] = 0;
        arcInto[source] = -1;
        heap.Lift(source, cost);
        while (heap.Count > 0)
        {
            var v = heap.Take(cost);
            for (var a = graph.outFirst[v]; a < graph.outFirst[v + 1]; a++)
            {
                var u = graph.arcHead[a];
                var through = cost[v] + search.length[a];
                if (!(through < cost[u])) continue;
                cost[u] = through;
                arcInto[u] = a;
                heap.Lift(u, cost);
            }
        }
        return (cost, arcInto);
    }

    // Slots of the path over a node, or null if it visits a node twice.
    private int[]? Through(int via, int source, int[] arcInto, HashSet<int> seen)
    {
        seen.Clear();
        var slots = new List<int>();
        for (var v = via; v != source; v = graph.arcTail[arcInto[v]])
        {
            seen.Add(v);
            slots.Add(arcInto[v]);
        }
        seen.Add(source);
        slots.Reverse();
        search.Find(via, 0, double.PositiveInfinity, slots);
        for (var i = slots.Count - 1; i >= 0 && graph.arcHead[slots[i]] != via; i--)
        {
            if (!seen.Add(graph.arcHead[slots[i]])) return null;
        }
        return [.. slots];
    }

    private double Overlap(int[] slots, int[] other)
    {
        var common = slots.Where(other.Contains).Sum(slot => search.length[slot]);
        var shorter = Math.Min(Cost(slots), Cost(other));
        return shorter > 0 ? common / shorter : (slots.SequenceEqual(other) ? 1 : 0);
    }

    private double Cost(int[] slots) => slots.Sum(slot => search.length[slot]);
}
