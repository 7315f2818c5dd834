namespace GeoHarm.Maps.Tiles;

/// <summary>
/// Weight of each vertex of a line: the area of the triangle it makes with its neighbours at the moment when it is the
/// least of all, never less than that of a vertex removed before it. Keeping the vertices above a threshold is the
/// simplification of Visvalingam and Whyatt (1993), Line generalisation by repeated elimination of points, The
/// Cartographic Journal 30(1), https://doi.org/10.1179/000870493786962263. The ends are kept always. Ties fall by
/// position; callers give shared pieces in one direction, so both sides get the same weights. Cost n log n.
/// </summary>
internal static class EffectiveArea
{
    /// <summary>Weights of the vertices of one line, in squared units of the coordinates; ends are infinite.</summary>
    public static void Weigh(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> weight)
    {
        var n = x.Length;
        if (n == 0) return;
        (weight[0], weight[n - 1]) = (double.PositiveInfinity, double.PositiveInfinity);
        if (n < 3) return;
        var (before, after) = (new int[n], new int[n]);
        var queue = new PriorityQueue<int, (double Area, int Index)>(n);
        var current = new double[n];
        for (var i = 1; i < n - 1; i++)
        {
            (before[i], after[i]) = (i - 1, i + 1);
            current[i] = Triangle(x, y, i - 1, i, i + 1);
            queue.Enqueue(i, (current[i], i));
        }
        var reached = 0.0;
        while (queue.TryDequeue(out var i, out var rank))
        {
            // A vertex is queued again when a neighbour goes; only its last rank counts.
            if (rank.Area != current[i] || double.IsNaN(current[i])) continue;
            reached = Math.Max(reached, rank.Area);
            weight[i] = reached;
            current[i] = double.NaN;
            var (a, b) = (before[i], after[i]);
            if (a > 0) Renew(a, x, y, before[a], b);
            if (b < n - 1) Renew(b, x, y, a, after[b]);
            (after[a], before[b]) = (b, a);
        }

        void Renew(int vertex, ReadOnlySpan<double> x, ReadOnlySpan<double> y, int left, int right)
        {
            current[vertex] = Triangle(x, y, left, vertex, right);
            queue.Enqueue(vertex, (current[vertex], vertex));
        }
    }

    private static double Triangle(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int a, int b, int c) =>
        Math.Abs((x[b] - x[a]) * (y[c] - y[a]) - (x[c] - x[a]) * (y[b] - y[a])) / 2;
}
