using GeoHarm.Routing.Graphs;

namespace GeoHarm.Routing.Paths;

/// <summary>
/// The k shortest loopless paths: Yen 1971, doi 10.1287/mnsc.17.11.712, with Lawler's rule (1972, doi 10.1287/mnsc.18.7.401: deviate
/// only at or after the place where a path itself deviated), searches guided by distances to the target, and a bound that
/// drops every deviation dearer than the candidates already in hand. Parallel arcs make different paths. Terminals (see
/// <see cref="Graph"/>) are not passed through.
/// Cost: one guided search for each arc of each path found. Fails with <see cref="InvalidNetworkException"/> (GH7301 cost).
/// </summary>
public sealed class KShortestPaths(Graph graph)
{
    private readonly GuidedSearch search = new(graph);

    /// <summary>Finds up to <paramref name="count"/> paths, cheapest first; fewer where no more exist.</summary>
    /// <param name="source">Source node.</param>
    /// <param name="target">Target node.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="costByArc">Costs, not negative; infinite closes an arc.</param>
    public IReadOnlyList<ArcPath> Find(int source, int target, int count, ReadOnlySpan<double> costByArc)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var from = graph.PositionOf(source);
        search.Aim(costByArc, graph.PositionOf(target));
        var found = new List<Candidate>();
        var candidates = new SortedSet<Candidate>(Candidate.CheapestFirst);
        var tree = new Prefix();
        var first = new List<int>();
        var cost = search.Find(from, 0, double.PositiveInfinity, first);
        if (cost < double.PositiveInfinity) candidates.Add(new Candidate(cost, [.. first], 0));
        while (found.Count < count && candidates.Count > 0)
        {
            var next = candidates.Min!;
            candidates.Remove(next);
            found.Add(next);
            tree.Add(next.Slots);
            if (found.Count < count) Deviate(next, from, count - found.Count, tree, candidates);
        }
        return [.. found.Select(path => new ArcPath([.. path.Slots.Select(graph.ArcAt)], path.Cost))];
    }

    private void Deviate(Candidate path, int source, int wanted, Prefix tree, SortedSet<Candidate> candidates)
    {
        var root = new List<int>();
        var rootCost = 0.0;
        var v = source;
        for (var i = 0; i < path.Slots.Length; i++)
        {
            if (i >= path.DeviatesAt)
            {
                foreach (var slot in tree.Next.Keys) search.bannedArc[slot] = true;
                var slots = new List<int>(root);
                var bound = candidates.Count >= wanted ? candidates.Max!.Cost : double.PositiveInfinity;
                var cost = search.Find(v, rootCost, bound, slots);
                foreach (var slot in tree.Next.Keys) search.bannedArc[slot] = false;
                if (cost < double.PositiveInfinity) candidates.Add(new Candidate(cost, [.. slots], i));
                if (candidates.Count > wanted) candidates.Remove(candidates.Max!);
            }
            search.bannedNode[v] = true;
            var arc = path.Slots[i];
            root.Add(arc);
            rootCost += search.length[arc];
            tree = tree.Next[arc];
            v = graph.arcHead[arc];
        }
        foreach (var arc in root) search.bannedNode[graph.arcTail[arc]] = false;
    }

    /// <summary>Arcs by which the paths found so far go on from a common beginning.</summary>
    private sealed class Prefix
    {
        public Dictionary<int, Prefix> Next { get; } = [];

        public void Add(int[] slots)
        {
            var at = this;
            foreach (var slot in slots)
            {
                if (!at.Next.TryGetValue(slot, out var next)) at.Next.Add(slot, next = new Prefix());
                at = next;
            }
        }
    }

    private sealed class Candidate(double cost, int[] slots, int deviatesAt)
    {
        /// <summary>By cost, ties by arcs: the order is the same in every run.</summary>
        public static readonly IComparer<Candidate> CheapestFirst = Comparer<Candidate>.Create((a, b) =>
            a.Cost != b.Cost ? a.Cost.CompareTo(b.Cost) : a.Slots.AsSpan().SequenceCompareTo(b.Slots));

        public double Cost { get; } = cost;

        public int[] Slots { get; } = slots;

        public int DeviatesAt { get; } = deviatesAt;
    }
}
