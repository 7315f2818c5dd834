using System.Numerics;
using System.Runtime.Intrinsics.X86;

namespace GeoHarm.Routing.Paths;

/// <summary>Which queue a search uses; the costs are the same either way.</summary>
public enum SearchQueue
{
    /// <summary>Buckets unless the costs spread too far for them.</summary>
    Fitting,

    /// <summary>Buckets.</summary>
    Buckets,

    /// <summary>4-ary heap.</summary>
    Heap,
}

/// <summary>
/// Least costs from one or several sources to all nodes (Dijkstra 1959, doi 10.1007/BF01386390) with a packed bucket queue or a 4-ary
/// heap; bounded by cost or ended at a target on request; keeps the arc by which each node is reached. Terminals are left only where
/// they are sources. A search: one per thread, used again and again; memory 8 or 12 bytes a node.
/// Cost: O(n + m + buckets passed). Unreached nodes cost <see cref="ArcCosts{T}.Closed"/>.
/// </summary>
public sealed unsafe class ShortestPaths<T> where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    // Buckets pay while the largest cost is below this many widths: beyond it most buckets are empty.
    private const double WidestSpread = 1 << 14;

    // Where the least cost is tiny, a bucket of a quarter of the mean: nodes taken twice stay below a few per cent (measured).
    private const double WidthOfMean = 0.25;

    // Items of the open bucket between what is settled and what is called up from memory: label and place of its arcs first, then its
    // arcs. A third of the time on a million nodes (measured 2026-11); a bucket shows what comes next, a heap does not.
    private const int Far = 12, Near = 4;

    private readonly ArcCosts<T> costs;
    private readonly T[] label;
    private readonly int[] reachedBy; // slot, -1 for sources and unreached
    private readonly BucketQueue<T>? buckets;
    private readonly QuaternaryHeap<T>? heap;

    /// <summary>Room for searches under <paramref name="costs"/>.</summary>
    public ShortestPaths(ArcCosts<T> costs, SearchQueue queue = SearchQueue.Fitting)
    {
        ArgumentNullException.ThrowIfNull(costs);
        this.costs = costs;
        label = new T[costs.Graph.NodeCount];
        reachedBy = new int[costs.Graph.NodeCount];
        var width = Math.Max(costs.Least, WidthOfMean * costs.Mean);
        if (!(width > 0)) width = 1;
        if (queue == SearchQueue.Heap || (queue == SearchQueue.Fitting && costs.Most > WidestSpread * width)) heap = new QuaternaryHeap<T>();
        else buckets = new BucketQueue<T>(width, costs.Most);
    }

    /// <summary>
    /// Runs from <paramref name="sources"/> (nodes), which start at <paramref name="startCosts"/> (or 0). Nodes dearer than
    /// <paramref name="bound"/> (if given) are not reached. With a <paramref name="target"/> of 0 or more the search ends when that
    /// node's cost is final; other nodes' costs are then upper bounds.
    /// </summary>
    public void Run(ReadOnlySpan<int> sources, ReadOnlySpan<T> startCosts = default, T? bound = null, int target = -1)
    {
        var graph = costs.Graph;
        Array.Fill(label, ArcCosts<T>.Closed);
        Array.Fill(reachedBy, -1);
        if (!startCosts.IsEmpty && startCosts.Length != sources.Length) throw new ArgumentException("one start cost for each source is needed", nameof(startCosts));
        var least = T.Zero;
        for (var i = 0; i < startCosts.Length; i++)
        {
            if (!(startCosts[i] >= T.Zero)) throw new ArgumentOutOfRangeException(nameof(startCosts), $"start cost {startCosts[i]} is below 0 or not a number");
            if (i == 0 || startCosts[i] < least) least = startCosts[i];
        }
        buckets?.Reset(least);
        heap?.Clear();
        for (var i = 0; i < sources.Length; i++)
        {
            var position = graph.PositionOf(sources[i]);
            var start = startCosts.IsEmpty ? T.Zero : startCosts[i];
            if (!(start < label[position])) continue;
            label[position] = start;
            if (buckets is not null) buckets.Push(start, position);
            else heap!.Push(start, position);
        }
        var end = target >= 0 ? graph.PositionOf(target) : -1;
        if (buckets is not null) Settle(buckets, bound ?? ArcCosts<T>.Closed, end);
        else Settle(heap!, bound ?? ArcCosts<T>.Closed, end);
    }

    /// <summary>Cost of a node; <see cref="ArcCosts{T}.Closed"/> when it was not reached.</summary>
    public T CostTo(int node) => label[costs.Graph.PositionOf(node)];

    /// <summary>Arc by which a node is reached; -1 for a source or an unreached node.</summary>
    public int ArcInto(int node)
    {
        var slot = reachedBy[costs.Graph.PositionOf(node)];
        return slot < 0 ? -1 : costs.Graph.ArcAt(slot);
    }

    /// <summary>Arcs of the path to a node, from the source on; empty for a source or an unreached node.</summary>
    public IReadOnlyList<int> PathTo(int node)
    {
        var graph = costs.Graph;
        var arcs = new List<int>();
        for (var slot = reachedBy[graph.PositionOf(node)]; slot >= 0; slot = reachedBy[graph.arcTail[slot]]) arcs.Add(graph.ArcAt(slot));
        arcs.Reverse();
        return arcs;
    }

    /// <summary>Copies all costs by node.</summary>
    public void CopyTo(Span<T> costByNode) => costs.Graph.FromPositions<T>(label, costByNode);

    /// <summary>Least costs from each of <paramref name="sources"/> to all nodes: a row for each source, by node.</summary>
    public T[][] FromEach(ReadOnlySpan<int> sources)
    {
        var rows = new T[sources.Length][];
        for (var i = 0; i < rows.Length; i++)
        {
            Run(sources.Slice(i, 1));
            CopyTo(rows[i] = new T[label.Length]);
        }
        return rows;
    }

    private void Settle(BucketQueue<T> queue, T bound, int end)
    {
        var graph = costs.Graph;
        var firstThrough = graph.FirstThrough;
        fixed (int* first = graph.outFirst, head = graph.arcHead, by = reachedBy)
        fixed (T* cost = costs.bySlot, d = label)
        {
            while (queue.TryPop(out var entry))
            {
                if (Sse.IsSupported)
                {
                    var far = queue.Ahead(Far);
                    Sse.Prefetch0(d + far);
                    Sse.Prefetch0(first + far);
                    var arcs = first[queue.Ahead(Near)];
                    Sse.Prefetch0(head + arcs);
                    Sse.Prefetch0(cost + arcs);
                }
                var v = entry.Item;
                var own = entry.Label;
                if (own > d[v]) continue; // an older, dearer entry
                if (v == end && IsFinal(queue, own)) return;
                if (v < firstThrough && by[v] >= 0) continue;
                for (int slot = first[v], last = first[v + 1]; slot < last; slot++)
                {
                    var there = own + cost[slot];
                    var h = head[slot];
                    if (!(there < d[h]) || there > bound) continue;
                    d[h] = there;
                    by[h] = slot;
                    queue.Push(there, h);
                }
            }
        }
    }

    /// <summary>Buckets come out in order, entries within one do not: final only when a bucket is no wider than the least cost.</summary>
    private bool IsFinal(BucketQueue<T> queue, T own) => queue.Width <= costs.Least || own == T.Zero;

    private void Settle(QuaternaryHeap<T> queue, T bound, int end)
    {
        var graph = costs.Graph;
        var firstThrough = graph.FirstThrough;
        fixed (int* first = graph.outFirst, head = graph.arcHead, by = reachedBy)
        fixed (T* cost = costs.bySlot, d = label)
        {
            while (queue.TryPop(out var own, out var v))
            {
                if (own > d[v]) continue;
                if (v == end) return;
                if (v < firstThrough && by[v] >= 0) continue;
                for (int slot = first[v], last = first[v + 1]; slot < last; slot++)
                {
                    var there = own + cost[slot];
                    var h = head[slot];
                    if (!(there < d[h]) || there > bound) continue;
                    d[h] = there;
                    by[h] = slot;
                    queue.Push(there, h);
                }
            }
        }
    }
}
