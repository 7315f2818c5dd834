namespace GeoHarm.Engine.Evaluation;

/// <summary>
/// min |A w - b|^2 + ridge |w|^2 subject to w at least 0 and sum w = 1, by a primal active-set method in the manner of Lawson and
/// Hanson (1974, chapter 23) with the sum as an equality: solve on the free weights, step to the first bound that would be crossed,
/// free the weight with the most negative multiplier, until none is negative. A positive ridge makes the answer unique
/// where donors outnumber periods. Ends in finitely many steps; throws <see cref="ArithmeticException"/> past 50 a donor.
/// </summary>
internal static class SimplexLeastSquares
{
    /// <summary>Columns of A, the target b, the ridge (0 or more, relative scale as given).</summary>
    public static double[] Solve(IReadOnlyList<double[]> columns, double[] target, double ridge)
    {
        if (columns.Count == 0) throw new ArgumentException("There is no donor.", nameof(columns));
        // Donors with the same path (the many that never had any coca) share one weight: under a ridge they split it evenly.
        var groups = Enumerable.Range(0, columns.Count).GroupBy(j => columns[j], SamePath.Rule).Select(g => g.ToArray()).ToArray();
        var shared = Unique(groups.Select(g => columns[g[0]]).ToArray(), target, Array.ConvertAll(groups, g => ridge / g.Length));
        var weights = new double[columns.Count];
        for (var g = 0; g < groups.Length; g++)
        {
            foreach (var j in groups[g]) weights[j] = shared[g] / groups[g].Length;
        }
        return weights;
    }

    private static double[] Unique(double[][] columns, double[] target, double[] ridge)
    {
        var n = columns.Length;
        var w = new double[n];
        var start = Enumerable.Range(0, n).MinBy(j => Distance(columns[j], target));
        w[start] = 1;
        var free = new List<int> { start };
        var isFree = new bool[n];
        isFree[start] = true;
        var scale = Math.Max(Dot(target, target), columns.Max(c => Dot(c, c)));
        for (var step = 0; step < 50 * n + 100; step++)
        {
            var trial = OnFree(columns, target, ridge, free);
            var worst = free.Select((j, k) => trial[k] < 0 ? w[j] / (w[j] - trial[k]) : 1).Min();
            if (worst < 1)
            {
                for (var k = 0; k < free.Count; k++) w[free[k]] += worst * (trial[k] - w[free[k]]);
                free.RemoveAll(j => { if (w[j] > 1e-14) return false; w[j] = 0; isFree[j] = false; return true; });
                continue;
            }
            for (var k = 0; k < free.Count; k++) w[free[k]] = trial[k];
            var residual = Residual(columns, target, w);
            double Gradient(int j) => Dot(columns[j], residual) + ridge[j] * w[j];
            var level = Gradient(free[0]);
            var (best, most) = (-1, -1e-12 * scale);
            for (var j = 0; j < n; j++)
            {
                if (isFree[j]) continue;
                var multiplier = Gradient(j) - level;
                if (multiplier < most) (best, most) = (j, multiplier);
            }
            if (best < 0) return w;
            free.Add(best);
            isFree[best] = true;
        }
        throw new ArithmeticException("The weights did not settle; add a ridge or leave out donors that repeat each other.");
    }

    /// <summary>The minimiser over the free weights with their sum 1, through the system of Karush, Kuhn and Tucker.</summary>
    private static double[] OnFree(double[][] columns, double[] target, double[] ridge, List<int> free)
    {
        var m = free.Count;
        var a = new double[m + 1, m + 2];
        var largest = 0.0;
        for (var i = 0; i < m; i++)
        {
            for (var k = 0; k < m; k++) a[i, k] = Dot(columns[free[i]], columns[free[k]]);
            a[i, i] += ridge[free[i]];
            a[i, m + 1] = Dot(columns[free[i]], target);
            largest = Math.Max(largest, a[i, i]);
        }
        // The sum is scaled like the rest; a trace of ridge keeps repeated donors solvable.
        if (largest == 0) largest = 1;
        for (var i = 0; i < m; i++) { a[i, i] += 1e-13 * largest; a[i, m] = a[m, i] = largest; }
        a[m, m + 1] = largest;
        return Gauss(a)[..m];
    }

    private static double[] Gauss(double[,] a)
    {
        var n = a.GetLength(0);
        for (var c = 0; c < n; c++)
        {
            var pivot = c;
            for (var r = c + 1; r < n; r++) pivot = Math.Abs(a[r, c]) > Math.Abs(a[pivot, c]) ? r : pivot;
            if (pivot != c)
            {
                for (var k = c; k <= n; k++) (a[c, k], a[pivot, k]) = (a[pivot, k], a[c, k]);
            }
            for (var r = c + 1; r < n; r++)
            {
                var factor = a[r, c] / a[c, c];
                if (factor == 0) continue;
                for (var k = c; k <= n; k++) a[r, k] -= factor * a[c, k];
            }
        }
        var x = new double[n];
        for (var r = n - 1; r >= 0; r--)
        {
            x[r] = a[r, n];
            for (var k = r + 1; k < n; k++) x[r] -= a[r, k] * x[k];
            x[r] /= a[r, r];
        }
        return x;
    }

    private static double[] Residual(double[][] columns, double[] target, double[] w)
    {
        var r = Array.ConvertAll(target, t => -t);
        for (var j = 0; j < w.Length; j++)
        {
            if (w[j] == 0) continue;
            for (var t = 0; t < r.Length; t++) r[t] += w[j] * columns[j][t];
        }
        return r;
    }

    private static double Distance(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var t = 0; t < a.Length; t++) sum += (a[t] - b[t]) * (a[t] - b[t]);
        return sum;
    }

    private static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var t = 0; t < a.Length; t++) sum += a[t] * b[t];
        return sum;
    }

    private sealed class SamePath : IEqualityComparer<double[]>
    {
        public static readonly SamePath Rule = new();

        public bool Equals(double[]? x, double[]? y) => x is not null && y is not null && x.AsSpan().SequenceEqual(y);

        public int GetHashCode(double[] obj)
        {
            var hash = new HashCode();
            foreach (var v in obj) hash.Add(v);
            return hash.ToHashCode();
        }
    }
}
