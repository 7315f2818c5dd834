namespace GeoHarm.Routing.Graphs;

/// <summary>
/// Gives nodes positions so that neighbours lie close in memory. Terminals keep positions below the first through node.
/// Sources: breadth-first (Cuthill and McKee 1969, without the degree rule); Hilbert curve by the bit algorithm of
/// Butz 1971, doi 10.1109/T-C.1971.223258. Deterministic: ties by node number.
/// </summary>
internal static class NodeLayout
{
    private const int HilbertBits = 16; // 65,536 cells a side: finer than any street spacing in a city

    /// <summary>Position by node, a permutation of 0..n-1.</summary>
    public static int[] Positions(NodeOrder order, int n, int terminals, ReadOnlySpan<int> tails, ReadOnlySpan<int> heads, double[]? easting, double[]? northing)
    {
        var sequence = order switch
        {
            NodeOrder.BreadthFirst => BreadthFirst(n, tails, heads),
            NodeOrder.Hilbert => Hilbert(n, easting!, northing!),
            _ => Enumerable.Range(0, n).ToArray(),
        };
        var positions = new int[n];
        int nextTerminal = 0, nextThrough = terminals;
        foreach (var node in sequence) positions[node] = node < terminals ? nextTerminal++ : nextThrough++;
        return positions;
    }

    private static int[] BreadthFirst(int n, ReadOnlySpan<int> tails, ReadOnlySpan<int> heads)
    {
        var first = new int[n + 1];
        for (var a = 0; a < tails.Length; a++)
        {
            first[tails[a] + 1]++;
            first[heads[a] + 1]++;
        }
        for (var v = 0; v < n; v++) first[v + 1] += first[v];
        var next = first.AsSpan(0, n).ToArray();
        var neighbour = new int[2 * tails.Length];
        for (var a = 0; a < tails.Length; a++)
        {
            neighbour[next[tails[a]]++] = heads[a];
            neighbour[next[heads[a]]++] = tails[a];
        }
        var seen = new bool[n];
        var queue = new int[n];
        var end = 0;
        for (var root = 0; root < n; root++)
        {
            if (seen[root]) continue;
            seen[root] = true;
            var begin = end;
            queue[end++] = root;
            for (; begin < end; begin++)
            {
                var v = queue[begin];
                foreach (var u in neighbour.AsSpan(first[v]..first[v + 1]))
                {
                    if (seen[u]) continue;
                    seen[u] = true;
                    queue[end++] = u;
                }
            }
        }
        return queue;
    }

    private static int[] Hilbert(int n, double[] easting, double[] northing)
    {
        double west = easting.Min(), south = northing.Min();
        var span = Math.Max(easting.Max() - west, northing.Max() - south);
        var scale = span > 0 ? ((1 << HilbertBits) - 1) / span : 0;
        var key = new long[n];
        var nodes = new int[n];
        for (var v = 0; v < n; v++)
        {
            key[v] = HilbertIndex((int)((easting[v] - west) * scale), (int)((northing[v] - south) * scale));
            nodes[v] = v;
        }
        Array.Sort(nodes, (a, b) => key[a] != key[b] ? key[a].CompareTo(key[b]) : a.CompareTo(b));
        return nodes;
    }

    private static long HilbertIndex(int x, int y)
    {
        long index = 0;
        for (var s = 1 << (HilbertBits - 1); s > 0; s >>= 1)
        {
            var right = (x & s) != 0 ? 1 : 0;
            var up = (y & s) != 0 ? 1 : 0;
            index = (index << 2) | (long)((3 * right) ^ up);
            if (up == 1) continue;
            if (right == 1) (x, y) = ((1 << HilbertBits) - 1 - x, (1 << HilbertBits) - 1 - y);
            (x, y) = (y, x);
        }
        return index;
    }
}
