using GeoHarm.Routing.Graphs;

namespace GeoHarm.Routing.Paths;

/// <summary>
/// Topology of a customizable contraction hierarchy (Dibbelt, Strasser, Wagner 2016, doi 10.1145/2886843): the chordal
/// completion of a graph under an order of its nodes, in compressed rows by rank. Frozen and shared;
/// <see cref="HierarchyMetric{T}"/> holds the costs of one scenario, <see cref="HierarchyQuery{T}"/> and
/// <see cref="HierarchySweep{T}"/> are searches, one per thread.
/// A terminal (a node that may begin or end a path but not be passed) is held as two nodes, one with its arcs out and one
/// with its arcs in, so no search needs to know the rule.
/// Cost of building: O(arcs of the completion); memory 12 bytes for each of those and 28 for each node.
/// </summary>
public sealed class Hierarchy
{
    internal readonly int[] rankOfNode; // of node copies: node v, then (v + sourceShift) for terminals
    internal readonly int[] upFirst, upHead; // arcs from lower to higher rank, heads ascending
    internal readonly int[] downFirst, downTail, downArc; // the same arcs by head, tails ascending
    internal readonly int[] parent; // elimination tree: the lowest higher neighbour, -1 at a root
    internal readonly int[] slotOfArc; // 2 * arc of the completion + (0 when the input arc goes up, 1 when down); -1 for a loop
    internal readonly int[] inputFirst, inputArc; // input arcs of each slot
    private readonly int nodes, terminals;
    private Graph? numbering; // set when callers' node numbers are those of a graph

    private Hierarchy(int nodes, int terminals, int[] tails, int[] heads, int[] order)
    {
        this.nodes = nodes;
        this.terminals = terminals;
        var n = order.Length;
        var (adjacentFirst, adjacent) = Rows(n, tails, heads);
        order = PostOrder(order, adjacentFirst, adjacent);
        rankOfNode = new int[n];
        for (var r = 0; r < n; r++) rankOfNode[order[r]] = r;
        (upFirst, upHead, parent) = Complete(order, adjacentFirst, adjacent);
        (downFirst, downTail, downArc) = Reverse(n, upFirst, upHead);
        slotOfArc = new int[tails.Length];
        for (var i = 0; i < tails.Length; i++) slotOfArc[i] = Slot(rankOfNode[tails[i]], rankOfNode[heads[i]]);
        (inputFirst, inputArc) = InputsOf(2 * upHead.Length, slotOfArc);
    }

    /// <summary>Nodes of the input.</summary>
    public int NodeCount => nodes;

    /// <summary>Nodes of the hierarchy: the input's and one more for each terminal.</summary>
    public int RankCount => rankOfNode.Length;

    /// <summary>Arcs of the input.</summary>
    public int InputArcCount => slotOfArc.Length;

    /// <summary>Arcs of the completion (each stands for both directions).</summary>
    public int ArcCount => upHead.Length;

    /// <summary>Most nodes on a path of the elimination tree: the bound on a point query's work.</summary>
    public int Depth
    {
        get
        {
            var depth = new int[RankCount];
            var most = 0;
            for (var v = RankCount - 1; v >= 0; v--)
            {
                depth[v] = parent[v] < 0 ? 1 : depth[parent[v]] + 1;
                most = Math.Max(most, depth[v]);
            }
            return most;
        }
    }

    /// <summary>Rank at which paths from a node begin.</summary>
    public int SourceRank(int node)
    {
        if (numbering is not null) node = numbering.PositionOf(node);
        return rankOfNode[node < terminals ? nodes + node : node];
    }

    /// <summary>Rank at which paths to a node end.</summary>
    public int TargetRank(int node) => rankOfNode[numbering is null ? node : numbering.PositionOf(node)];

    /// <summary>
    /// Builds the hierarchy of arcs given as arrays. <paramref name="terminals"/>: nodes below it may not be passed through.
    /// <paramref name="ordering"/> gets (node count, tails, heads) of the graph with split terminals and returns the order;
    /// null is <see cref="EliminationOrder.MinimumDegree"/>.
    /// </summary>
    public static Hierarchy Build(int nodeCount, int terminals, ReadOnlySpan<int> tails, ReadOnlySpan<int> heads,
        Func<int, int[], int[], int[]>? ordering = null)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(terminals, nodeCount);
        if (tails.Length != heads.Length) throw new ArgumentException("as many heads as tails are needed", nameof(heads));
        var from = tails.ToArray();
        for (var i = 0; i < from.Length; i++)
        {
            if ((uint)from[i] >= (uint)nodeCount || (uint)heads[i] >= (uint)nodeCount)
                throw new ArgumentOutOfRangeException(nameof(tails), $"arc {i} has a node outside 0 to {nodeCount - 1}");
            if (from[i] < terminals) from[i] += nodeCount;
        }
        var to = heads.ToArray();
        var count = nodeCount + terminals;
        var order = ordering is null ? EliminationOrder.MinimumDegree(count, from, to) : ordering(count, from, to);
        if (order.Length != count) throw new ArgumentException($"the order has {order.Length} nodes, not {count}", nameof(ordering));
        return new Hierarchy(nodeCount, terminals, from, to, order);
    }

    /// <summary>The hierarchy of a graph, numbered by its nodes and arcs (not by positions and slots).</summary>
    public static Hierarchy Build(Graph graph, Func<int, int[], int[], int[]>? ordering = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        // Terminals lie at the first positions whatever the callers' numbers: inside, positions are the nodes.
        var tails = new int[graph.ArcCount];
        var heads = new int[graph.ArcCount];
        for (var arc = 0; arc < tails.Length; arc++)
        {
            tails[arc] = graph.arcTail[graph.SlotOf(arc)];
            heads[arc] = graph.arcHead[graph.SlotOf(arc)];
        }
        var hierarchy = Build(graph.NodeCount, graph.FirstThrough, tails, heads, ordering);
        hierarchy.numbering = graph;
        return hierarchy;
    }

    /// <summary>Arc of the completion between two ranks (twice its number, plus 1 when it is used downwards); -1 where there is none.</summary>
    internal int Slot(int tailRank, int headRank)
    {
        if (tailRank == headRank) return -1;
        var low = Math.Min(tailRank, headRank);
        var found = Array.BinarySearch(upHead, upFirst[low], upFirst[low + 1] - upFirst[low], Math.Max(tailRank, headRank));
        return found < 0 ? -1 : 2 * found + (tailRank < headRank ? 0 : 1);
    }

    private static (int[] First, int[] Node) Rows(int n, int[] tails, int[] heads)
    {
        var first = new int[n + 1];
        for (var i = 0; i < tails.Length; i++) { first[tails[i] + 1]++; first[heads[i] + 1]++; }
        for (var v = 0; v < n; v++) first[v + 1] += first[v];
        var next = first.AsSpan(0, n).ToArray();
        var node = new int[2 * tails.Length];
        for (var i = 0; i < tails.Length; i++) { node[next[tails[i]]++] = heads[i]; node[next[heads[i]]++] = tails[i]; }
        return (first, node);
    }

    /// <summary>The order renumbered to a post-order of its elimination tree (Liu 1990, doi 10.1137/0611010): the same fill, better locality.</summary>
    private static int[] PostOrder(int[] order, int[] adjacentFirst, int[] adjacent)
    {
        var n = order.Length;
        var rank = new int[n];
        for (var r = 0; r < n; r++) rank[order[r]] = r;
        var above = new int[n];
        var ancestor = new int[n];
        for (var r = 0; r < n; r++)
        {
            above[r] = ancestor[r] = -1;
            for (var i = adjacentFirst[order[r]]; i < adjacentFirst[order[r] + 1]; i++)
            {
                for (var v = rank[adjacent[i]]; v >= 0 && v < r;)
                {
                    var next = ancestor[v];
                    ancestor[v] = r;
                    if (next < 0) above[v] = r;
                    v = next;
                }
            }
        }
        var child = new int[n + 1];
        var sibling = new int[n];
        Array.Fill(child, -1);
        for (var r = n - 1; r >= 0; r--)
        {
            var top = above[r] < 0 ? n : above[r];
            sibling[r] = child[top];
            child[top] = r;
        }
        var result = new int[n];
        var count = 0;
        for (var root = child[n]; root >= 0; root = sibling[root])
        {
            var v = root;
            while (true)
            {
                while (child[v] >= 0) { var down = child[v]; child[v] = -1; v = down; }
                result[count++] = order[v];
                if (v == root) break;
                v = sibling[v] >= 0 ? sibling[v] : above[v];
            }
        }
        return result;
    }

    private (int[] First, int[] Head, int[] Parent) Complete(int[] order, int[] adjacentFirst, int[] adjacent)
    {
        var n = order.Length;
        var first = new int[n + 1];
        var heads = new List<int>(adjacent.Length);
        var parents = new int[n];
        var firstChild = new int[n];
        var nextChild = new int[n];
        var stamp = new int[n];
        Array.Fill(firstChild, -1);
        for (var v = 0; v < n; v++)
        {
            var start = heads.Count;
            stamp[v] = v + 1;
            for (var i = adjacentFirst[order[v]]; i < adjacentFirst[order[v] + 1]; i++) Take(rankOfNode[adjacent[i]]);
            for (var c = firstChild[v]; c >= 0; c = nextChild[c])
            {
                for (var i = first[c]; i < first[c + 1]; i++) Take(heads[i]);
            }
            heads.Sort(start, heads.Count - start, null);
            first[v + 1] = heads.Count;
            parents[v] = heads.Count > start ? heads[start] : -1;
            if (parents[v] < 0) continue;
            nextChild[v] = firstChild[parents[v]];
            firstChild[parents[v]] = v;

            void Take(int w)
            {
                if (w <= v || stamp[w] == v + 1) return;
                stamp[w] = v + 1;
                heads.Add(w);
            }
        }
        return (first, [.. heads], parents);
    }

    private static (int[] First, int[] Tail, int[] Arc) Reverse(int n, int[] upFirst, int[] upHead)
    {
        var first = new int[n + 1];
        foreach (var h in upHead) first[h + 1]++;
        for (var v = 0; v < n; v++) first[v + 1] += first[v];
        var next = first.AsSpan(0, n).ToArray();
        var tail = new int[upHead.Length];
        var arc = new int[upHead.Length];
        for (var v = 0; v < n; v++)
        {
            for (var a = upFirst[v]; a < upFirst[v + 1]; a++)
            {
                var i = next[upHead[a]]++;
                tail[i] = v;
                arc[i] = a;
            }
        }
        return (first, tail, arc);
    }

    private static (int[] First, int[] Arc) InputsOf(int slots, int[] slotOfArc)
    {
        var first = new int[slots + 1];
        foreach (var s in slotOfArc) if (s >= 0) first[s + 1]++;
        for (var s = 0; s < slots; s++) first[s + 1] += first[s];
        var next = first.AsSpan(0, slots).ToArray();
        var arcs = new int[first[slots]];
        for (var i = 0; i < slotOfArc.Length; i++) if (slotOfArc[i] >= 0) arcs[next[slotOfArc[i]]++] = i;
        return (first, arcs);
    }
}
