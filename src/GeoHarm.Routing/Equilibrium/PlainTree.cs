namespace GeoHarm.Routing.Equilibrium;

/// <summary>
/// Plain Dijkstra from one rank of an assignment network: labels and the arc into each rank. For the rare origin whose shortest
/// paths run through a cycle of arcs that cost nothing, where labels alone do not say who comes first.
/// </summary>
internal static class PlainTree
{
    public static (double[] Label, int[] Tree) From(AssignmentNetwork network, int origin, double[] openCost)
    {
        var n = network.hierarchy.RankCount;
        var outFirst = new int[n + 1];
        foreach (var t in network.tail) outFirst[t + 1]++;
        for (var v = 0; v < n; v++) outFirst[v + 1] += outFirst[v];
        var next = outFirst.AsSpan(0, n).ToArray();
        var outArc = new int[network.ArcCount];
        for (var a = 0; a < outArc.Length; a++) outArc[next[network.tail[a]]++] = a;
        var label = new double[n];
        var tree = new int[n];
        Array.Fill(label, double.PositiveInfinity);
        Array.Fill(tree, -1);
        label[origin] = 0;
        var queue = new PriorityQueue<int, (double, int)>();
        queue.Enqueue(origin, (0, origin));
        while (queue.TryDequeue(out var v, out var key))
        {
            if (key.Item1 > label[v]) continue;
            for (var i = outFirst[v]; i < outFirst[v + 1]; i++)
            {
                var a = outArc[i];
                var there = label[v] + openCost[a];
                if (!(there < label[network.head[a]])) continue;
                label[network.head[a]] = there;
                tree[network.head[a]] = a;
                queue.Enqueue(network.head[a], (there, network.head[a]));
            }
        }
        return (label, tree);
    }
}
