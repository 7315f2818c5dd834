using GeoHarm.Routing.Graphs;

namespace GeoHarm.Routing.Paths;

/// <summary>Cost from source to target after the deletion of one arc of the shortest path.</summary>
/// <param name="Arc">Arc deleted.</param>
/// <param name="Cost">Cost of the best path without it; infinite if there is none.</param>
public readonly record struct ReplacementCost(int Arc, double Cost);

/// <summary>
/// Replacement paths: the cost of the best path from source to target without each arc of the shortest path. The deletion
/// of any other arc costs nothing. One guided search (A* on distances in the whole graph) for each arc of the path, which leaves
/// the path only around the deleted arc. (Hershberger and Suri 2001, doi 10.1109/SFCS.2001.959899, solve undirected graphs in
/// one pass; for directed ones no method is known to beat one search an arc by much.)
/// </summary>
public sealed class ReplacementPaths(Graph graph)
{
    private readonly GuidedSearch search = new(graph);

    /// <summary>Finds the shortest path and the cost of doing without each of its arcs, in the path's order.</summary>
    /// <param name="source">Source node.</param>
    /// <param name="target">Target node.</param>
    /// <param name="costByArc">Costs, not negative; infinite closes an arc.</param>
    /// <param name="shortest">The shortest path; null if there is none.</param>
    public IReadOnlyList<ReplacementCost> Find(int source, int target, ReadOnlySpan<double> costByArc, out ArcPath? shortest)
    {
        var from = graph.PositionOf(source);
        search.Aim(costByArc, graph.PositionOf(target));
        var path = new List<int>();
        var cost = search.Find(from, 0, double.PositiveInfinity, path);
        shortest = double.IsPositiveInfinity(cost) ? null : new ArcPath([.. path.Select(graph.ArcAt)], cost);
        var costs = new List<ReplacementCost>(path.Count);
        var unused = new List<int>();
        foreach (var slot in path)
        {
            unused.Clear();
            search.bannedArc[slot] = true;
            costs.Add(new ReplacementCost(graph.ArcAt(slot), search.Find(from, 0, double.PositiveInfinity, unused)));
            search.bannedArc[slot] = false;
        }
        return costs;
    }
}
