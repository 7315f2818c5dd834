using GeoHarm.Routing.Graphs;

namespace GeoHarm.Routing.Equilibrium;

/// <summary>
/// Postorder of the elimination tree of W + W^T (Liu 1990, doi 10.1137/0611010): the same fill, but rows with one pattern come to lie
/// together, so that the factorisation can take several at once.
/// </summary>
internal static class EliminationTree
{
    /// <summary>An order with the fill of <paramref name="order"/> (exactly so where every arc has its opposite).</summary>
    public static int[] Postorder(Graph graph, int[] order)
    {
        var parent = Parents(graph, order);
        var n = order.Length;
        var firstChild = new int[n];
        var nextSibling = new int[n];
        Array.Fill(firstChild, -1);
        var roots = new List<int>();
        for (var i = n - 1; i >= 0; i--)
        {
            if (parent[i] < 0)
            {
                roots.Add(i);
                continue;
            }
            nextSibling[i] = firstChild[parent[i]];
            firstChild[parent[i]] = i;
        }
        // A preorder that visits children from last to first, backwards, is a postorder.
        var result = new int[n];
        var at = n;
        var stack = new Stack<int>(Enumerable.Reverse(roots));
        while (stack.TryPop(out var i))
        {
            result[--at] = order[i];
            for (var child = firstChild[i]; child >= 0; child = nextSibling[child]) stack.Push(child);
        }
        return result;
    }

    // Parent of row i: the first row that i fills; by paths to the roots so far, compressed.
    private static int[] Parents(Graph graph, int[] order)
    {
        var n = order.Length;
        var rank = new int[n];
        for (var i = 0; i < n; i++) rank[order[i]] = i;
        var parent = new int[n];
        var ancestor = new int[n];
        for (var i = 0; i < n; i++)
        {
            parent[i] = ancestor[i] = -1;
            var v = order[i];
            for (var a = graph.outFirst[v]; a < graph.outFirst[v + 1]; a++) Climb(rank[graph.arcHead[a]], i);
            for (var a = graph.inFirst[v]; a < graph.inFirst[v + 1]; a++) Climb(rank[graph.inTail[a]], i);
        }
        return parent;

        void Climb(int k, int i)
        {
            while (k >= 0 && k < i)
            {
                var next = ancestor[k];
                ancestor[k] = i;
                if (next < 0) parent[k] = i;
                if (next == i) break;
                k = next;
            }
        }
    }
}
