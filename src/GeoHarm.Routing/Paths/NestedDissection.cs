namespace GeoHarm.Routing.Paths;

/// <summary>How inertial flow looks for separators.</summary>
public sealed record NestedDissectionOptions
{
    /// <summary>Directions tried for each cut, evenly over the half circle; 1 to 16, default 4 (the paper's).</summary>
    public int Directions { get; init; } = 4;

    /// <summary>Share of the nodes at either end that a cut may not divide; above 0, below 0.5, default 0.25 (the paper's): larger is more balanced, smaller cuts less.</summary>
    public double EndShare { get; init; } = 0.25;

    /// <summary>Parts of at most this many nodes are ordered by minimum degree; default 32, below which cuts no longer pay.</summary>
    public int LeafSize { get; init; } = 32;
}

/// <summary>
/// Nested dissection by inertial flow (Schild and Sommer 2015, doi 10.1007/978-3-319-20086-6_22): sort the nodes along a line, fix
/// both ends, find the fewest arcs that part them by maximum flow, take the ends of those arcs on the smaller side out as a separator, go on
/// with both parts. Returns an order for <see cref="Hierarchy"/>. Without coordinates two breadth-first distances serve.
/// Cost: for each level and direction, (arcs of the cut + 1) searches of the part.
/// </summary>
public static class NestedDissection
{
    /// <summary>
    /// An ordering for <see cref="Hierarchy.Build(int, int, ReadOnlySpan{int}, ReadOnlySpan{int}, Func{int, int[], int[], int[]})"/>.
    /// Coordinates are by node; the second half of a split terminal takes those of the first.
    /// </summary>
    public static Func<int, int[], int[], int[]> ByInertialFlow(double[] x, double[] y, NestedDissectionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        return (count, tails, heads) =>
        {
            double[] px = new double[count], py = new double[count];
            for (var v = 0; v < count; v++) (px[v], py[v]) = (x[v < x.Length ? v : v - x.Length], y[v < x.Length ? v : v - x.Length]);
            return new Dissection(count, tails, heads, px, py, options ?? new NestedDissectionOptions()).Order();
        };
    }

    /// <summary>The same where there are no coordinates: distances in arcs from two far ends take their place.</summary>
    public static Func<int, int[], int[], int[]> ByInertialFlow(NestedDissectionOptions? options = null) => (count, tails, heads) =>
    {
        var neighbours = EliminationOrder.Neighbours(count, tails, heads);
        var first = Distances(neighbours, Farthest(Distances(neighbours, 0)));
        var second = Distances(neighbours, Farthest(first));
        // The node that is far from both ends gives the second axis.
        var both = new double[count];
        for (var v = 0; v < count; v++) both[v] = Math.Min(first[v], second[v]);
        return new Dissection(count, tails, heads, first, Distances(neighbours, Farthest(both)), options ?? new NestedDissectionOptions()).Order();
    };

    private static int Farthest(double[] distance)
    {
        var farthest = 0;
        for (var v = 0; v < distance.Length; v++) if (distance[v] > distance[farthest]) farthest = v;
        return farthest;
    }

    private static double[] Distances(List<int>[] neighbours, int from)
    {
        var distance = new double[neighbours.Length];
        Array.Fill(distance, -1);
        distance[from] = 0;
        var queue = new Queue<int>([from]);
        while (queue.TryDequeue(out var v))
        {
            foreach (var u in neighbours[v])
            {
                if (distance[u] >= 0) continue;
                distance[u] = distance[v] + 1;
                queue.Enqueue(u);
            }
        }
        return distance;
    }

    private sealed class Dissection
    {
        private readonly NestedDissectionOptions options;
        private readonly double[] x, y;
        private readonly List<int>[] neighbours;
        private readonly int[] part; // part number of each node; -1 once ordered
        private readonly int[] localOf;
        private readonly List<int> reversed = []; // last out first
        private int parts;

        public Dissection(int count, int[] tails, int[] heads, double[] x, double[] y, NestedDissectionOptions options)
        {
            (this.x, this.y, this.options) = (x, y, options);
            neighbours = EliminationOrder.Neighbours(count, tails, heads);
            part = new int[count];
            localOf = new int[count];
        }

        public int[] Order()
        {
            var stack = new Stack<int[]>();
            stack.Push([.. Enumerable.Range(0, part.Length)]);
            while (stack.TryPop(out var nodes))
            {
                if (nodes.Length <= options.LeafSize) { OrderLeaf(nodes); continue; }
                var (separator, left, right) = Divide(nodes);
                foreach (var v in separator) { reversed.Add(v); part[v] = -1; }
                Number(left);
                Number(right);
                if (left.Length > 0) stack.Push(left);
                if (right.Length > 0) stack.Push(right);
            }
            reversed.Reverse();
            return [.. reversed];
        }

        private void Number(int[] nodes)
        {
            parts++;
            foreach (var v in nodes) part[v] = parts;
        }

        private void OrderLeaf(int[] nodes)
        {
            List<int> tails = [], heads = [];
            for (var i = 0; i < nodes.Length; i++) localOf[nodes[i]] = i;
            foreach (var v in nodes)
            {
                foreach (var u in neighbours[v])
                {
                    if (part[u] != part[v] || u < v) continue;
                    tails.Add(localOf[v]);
                    heads.Add(localOf[u]);
                }
            }
            var order = EliminationOrder.MinimumDegree(nodes.Length, tails.ToArray(), heads.ToArray());
            for (var i = order.Length - 1; i >= 0; i--) reversed.Add(nodes[order[i]]);
            foreach (var v in nodes) part[v] = -1;
        }

        private (int[] Separator, int[] Left, int[] Right) Divide(int[] nodes)
        {
            bool[]? best = null;
            var fewest = int.MaxValue;
            for (var i = 0; i < nodes.Length; i++) localOf[nodes[i]] = i;
            for (var k = 0; k < options.Directions; k++)
            {
                var angle = Math.PI * k / options.Directions;
                double cos = PortableMath.Cos(angle), sin = PortableMath.Sin(angle);
                var along = Array.ConvertAll(nodes, v => cos * x[v] + sin * y[v]);
                var sorted = Enumerable.Range(0, nodes.Length).ToArray();
                Array.Sort(along, sorted);
                var (size, side) = MinimumCut(nodes, sorted, fewest);
                if (side is null || size >= fewest) continue;
                (fewest, best) = (size, side);
            }
            return Split(nodes, best!);
        }

        private (int[], int[], int[]) Split(int[] nodes, bool[] isLeft)
        {
            List<int> edgeLeft = [], edgeRight = [];
            foreach (var v in nodes)
            {
                var touches = false;
                foreach (var u in neighbours[v]) touches |= part[u] == part[v] && isLeft[localOf[u]] != isLeft[localOf[v]];
                if (touches) (isLeft[localOf[v]] ? edgeLeft : edgeRight).Add(v);
            }
            var separator = edgeLeft.Count <= edgeRight.Count ? edgeLeft : edgeRight;
            var inSeparator = separator.ToHashSet();
            return ([.. separator],
                [.. nodes.Where(v => isLeft[localOf[v]] && !inSeparator.Contains(v))],
                [.. nodes.Where(v => !isLeft[localOf[v]] && !inSeparator.Contains(v))]);
        }

        /// <summary>
        /// Fewest edges between both ends by augmenting paths of breadth-first search (Edmonds and Karp 1972); every edge carries one
        /// unit either way. Gives up once the cut exceeds the best so far. The side reached from the source is true.
        /// </summary>
        private (int Size, bool[]? Side) MinimumCut(int[] nodes, int[] sorted, int giveUp)
        {
            var n = nodes.Length;
            var ends = Math.Max(1, (int)(options.EndShare * n));
            var role = new sbyte[n];
            for (var i = 0; i < ends; i++) { role[sorted[i]] = 1; role[sorted[n - 1 - i]] = -1; }
            var flow = new Dictionary<long, int>(); // net flow of an edge from its lower to its higher node
            var from = new int[n];
            var queue = new int[n];
            for (var size = 0; ; size++)
            {
                if (size >= giveUp) return (size, null);
                Array.Fill(from, -2);
                var last = 0;
                for (var i = 0; i < ends; i++) { from[sorted[i]] = -1; queue[last++] = sorted[i]; }
                var reached = -1;
                for (var first = 0; first < last && reached < 0; first++)
                {
                    var v = queue[first];
                    foreach (var w in neighbours[nodes[v]])
                    {
                        if (part[w] != part[nodes[v]]) continue;
                        var u = localOf[w];
                        if (from[u] != -2 || Net(flow, v, u) >= 1) continue;
                        from[u] = v;
                        if (role[u] == -1) { reached = u; break; }
                        queue[last++] = u;
                    }
                }
                if (reached < 0) return (size, Array.ConvertAll(from, f => f != -2));
                for (var u = reached; from[u] >= 0; u = from[u]) Send(flow, from[u], u);
            }
        }

        private static int Net(Dictionary<long, int> flow, int v, int u) =>
            flow.TryGetValue(Key(v, u), out var net) ? (v < u ? net : -net) : 0;

        private static void Send(Dictionary<long, int> flow, int v, int u)
        {
            var key = Key(v, u);
            flow.TryGetValue(key, out var net);
            flow[key] = net + (v < u ? 1 : -1);
        }

        private static long Key(int v, int u) => (long)Math.Min(v, u) << 32 | (uint)Math.Max(v, u);
    }
}
