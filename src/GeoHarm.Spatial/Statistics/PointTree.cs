namespace GeoHarm.Spatial.Statistics;

/// <summary>
/// A kd-tree over points of the plane (Bentley 1975, doi 10.1145/361002.361007), for nearest neighbours and ranges by
/// Euclidean distance. Equal distances are ordered by index, so answers do not depend on the order of building.
/// Build n log^2 n; a query of k neighbours about log n + k log k.
/// </summary>
public sealed class PointTree
{
    private readonly double[] xs, ys;
    private readonly int[] order;

    /// <summary>A tree over points given by their coordinates, all finite.</summary>
    public PointTree(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.Length != y.Length) throw new ArgumentException("There must be as many x as y.", nameof(y));
        (xs, ys) = (x.ToArray(), y.ToArray());
        for (var i = 0; i < xs.Length; i++)
        {
            if (!double.IsFinite(xs[i]) || !double.IsFinite(ys[i])) throw new ArgumentException($"Point {i} has no finite coordinates.", nameof(x));
        }
        order = Enumerable.Range(0, xs.Length).ToArray();
        Build(0, order.Length, true);
    }

    /// <summary>Number of points.</summary>
    public int Count => xs.Length;

    /// <summary>The k points nearest to point <paramref name="centre"/>, itself left out, nearest first.</summary>
    public int[] Nearest(int centre, int k)
    {
        k = Math.Min(k, Count - 1);
        var best = new PriorityQueue<int, (double, int)>(Comparer<(double, int)>.Create((a, b) => b.CompareTo(a)));
        if (k > 0) Search(0, Count, true, centre, k, best);
        var result = new int[best.Count];
        for (var i = result.Length - 1; i >= 0; i--) result[i] = best.Dequeue();
        return result;
    }

    /// <summary>Points other than <paramref name="centre"/> at a distance in [from, to), ascending by index.</summary>
    public List<int> Within(int centre, double from, double to)
    {
        var found = new List<int>();
        Range(0, Count, true, centre, from, to, found);
        found.Sort();
        return found;
    }

    private void Build(int low, int high, bool byX)
    {
        if (high - low <= 8) return;
        var axis = byX ? xs : ys;
        Array.Sort(order, low, high - low, Comparer<int>.Create((a, b) => axis[a] != axis[b] ? axis[a].CompareTo(axis[b]) : a.CompareTo(b)));
        var middle = (low + high) / 2;
        Build(low, middle, !byX);
        Build(middle + 1, high, !byX);
    }

    private double SquaredDistance(int a, int b)
    {
        double dx = xs[a] - xs[b], dy = ys[a] - ys[b];
        return dx * dx + dy * dy;
    }

    private void Search(int low, int high, bool byX, int centre, int k, PriorityQueue<int, (double, int)> best)
    {
        if (high - low <= 8)
        {
            for (var i = low; i < high; i++) Offer(order[i], centre, k, best);
            return;
        }
        var middle = (low + high) / 2;
        var split = order[middle];
        var gap = byX ? xs[centre] - xs[split] : ys[centre] - ys[split];
        Offer(split, centre, k, best);
        if (gap < 0) Search(low, middle, !byX, centre, k, best);
        else Search(middle + 1, high, !byX, centre, k, best);
        if (best.Count < k || !best.TryPeek(out _, out var worst) || gap * gap <= worst.Item1)
        {
            if (gap < 0) Search(middle + 1, high, !byX, centre, k, best);
            else Search(low, middle, !byX, centre, k, best);
        }
    }

    private void Offer(int point, int centre, int k, PriorityQueue<int, (double, int)> best)
    {
        if (point == centre) return;
        var key = (SquaredDistance(point, centre), point);
        if (best.Count < k) best.Enqueue(point, key);
        else if (best.TryPeek(out _, out var worst) && key.CompareTo(worst) < 0) best.EnqueueDequeue(point, key);
    }

    private void Range(int low, int high, bool byX, int centre, double from, double to, List<int> found)
    {
        if (high - low <= 8)
        {
            for (var i = low; i < high; i++) Keep(order[i], centre, from, to, found);
            return;
        }
        var middle = (low + high) / 2;
        var split = order[middle];
        var gap = byX ? xs[centre] - xs[split] : ys[centre] - ys[split];
        Keep(split, centre, from, to, found);
        if (gap <= to) Range(low, middle, !byX, centre, from, to, found);
        if (-gap <= to) Range(middle + 1, high, !byX, centre, from, to, found);
    }

    private void Keep(int point, int centre, double from, double to, List<int> found)
    {
        if (point == centre) return;
        var distance = Math.Sqrt(SquaredDistance(point, centre));
        if (distance >= from && distance < to) found.Add(point);
    }
}
