using System.Runtime.InteropServices;

namespace GeoHarm.Routing.Paths;

/// <summary>
/// Orders in which a hierarchy takes nodes out, least important first. Minimum degree (Tinney and Walker 1967,
/// doi 10.1109/PROC.1967.6011): always the node with fewest neighbours in what is left, where taking a node out joins its
/// neighbours. Needs no coordinates; on road networks the fill is close to nested dissection's, the tree is deeper.
/// Ties go to the lowest node, so the order is a function of the graph. Cost about 1 us a node on road networks; not for grids
/// beyond some 100,000 nodes, where nested dissection is far better.
/// </summary>
public static class EliminationOrder
{
    /// <summary>Nodes 0 to <paramref name="nodeCount"/> - 1 from first to last out; arcs count in both directions.</summary>
    public static int[] MinimumDegree(int nodeCount, ReadOnlySpan<int> tails, ReadOnlySpan<int> heads)
    {
        var neighbours = Neighbours(nodeCount, tails, heads);
        var order = new int[nodeCount];
        var isOut = new bool[nodeCount];
        var stamp = new int[nodeCount];
        var queue = new PriorityQueue<int, long>(nodeCount);
        for (var v = 0; v < nodeCount; v++) queue.Enqueue(v, (long)neighbours[v].Count << 32 | (uint)v);
        var count = 0;
        var mark = 0;
        while (queue.TryDequeue(out var v, out var key))
        {
            var own = neighbours[v];
            if (isOut[v] || key >> 32 != own.Count) continue; // an entry that a later degree replaced
            order[count++] = v;
            isOut[v] = true;
            foreach (var u in own)
            {
                Join(neighbours[u], own, u, v, stamp, ++mark);
                queue.Enqueue(u, (long)neighbours[u].Count << 32 | (uint)u);
            }
            neighbours[v] = [];
        }
        return order;
    }

    private static void Join(List<int> list, List<int> clique, int self, int removed, int[] stamp, int mark)
    {
        var kept = 0;
        var span = CollectionsMarshal.AsSpan(list);
        foreach (var u in span)
        {
            if (u == removed) continue;
            span[kept++] = u;
            stamp[u] = mark;
        }
        list.RemoveRange(kept, list.Count - kept);
        foreach (var u in clique)
        {
            if (u != self && stamp[u] != mark) list.Add(u);
        }
    }

    /// <summary>Distinct neighbours of each node over arcs in both directions, without the node itself.</summary>
    internal static List<int>[] Neighbours(int nodeCount, ReadOnlySpan<int> tails, ReadOnlySpan<int> heads)
    {
        var lists = new List<int>[nodeCount];
        for (var v = 0; v < nodeCount; v++) lists[v] = new List<int>(4);
        for (var i = 0; i < tails.Length; i++)
        {
            if (tails[i] == heads[i]) continue;
            lists[tails[i]].Add(heads[i]);
            lists[heads[i]].Add(tails[i]);
        }
        foreach (var list in lists)
        {
            list.Sort();
            var kept = 0;
            for (var i = 0; i < list.Count; i++)
            {
                if (i == 0 || list[i] != list[kept - 1]) list[kept++] = list[i];
            }
            list.RemoveRange(kept, list.Count - kept);
        }
        return lists;
    }
}
