using GeoHarm.Routing.Graphs;

namespace GeoHarm.Routing.Tests;

/// <summary>Networks and dense rivals shared by the tests.</summary>
internal static class Networks
{
    /// <summary>Streets in both directions between neighbours; node = row * columns + column.</summary>
    public static Graph Grid(int rows, int columns)
    {
        var builder = new GraphBuilder((long)rows * columns);
        for (var v = 0; v < rows * columns; v++)
        {
            if (v % columns + 1 < columns)
            {
                builder.AddArc(v, v + 1);
                builder.AddArc(v + 1, v);
            }
            if (v + columns < rows * columns)
            {
                builder.AddArc(v, v + columns);
                builder.AddArc(v + columns, v);
            }
        }
        return builder.Build();
    }

    /// <summary>A strongly connected graph: a cycle through all nodes, and random arcs beside it.</summary>
    public static Graph Random(Random random, int n, int outDegree, bool parallel = false)
    {
        var builder = new GraphBuilder(n, new GraphOptions { ParallelArcs = parallel });
        var seen = new HashSet<(int, int)>();
        for (var v = 0; v < n && n > 1; v++)
        {
            seen.Add((v, (v + 1) % n));
            builder.AddArc(v, (v + 1) % n);
        }
        for (var i = 0; i < n * (outDegree - 1); i++)
        {
            var (t, h) = (random.Next(n), random.Next(n));
            if (t == h || (!seen.Add((t, h)) && !parallel)) continue;
            builder.AddArc(t, h);
        }
        return builder.Build();
    }

    public static double[] SubstochasticWeights(Graph graph, Random random, double rowSum)
    {
        var weight = new double[graph.ArcCount];
        for (var v = 0; v < graph.NodeCount; v++)
        {
            var row = weight.AsSpan(graph.FirstOut[v]..graph.FirstOut[v + 1]);
            var sum = 0.0;
            foreach (ref var w in row) sum += w = random.NextDouble();
            foreach (ref var w in row) w *= rowSum / sum;
        }
        return weight;
    }

    public static double[,] DenseIdentityMinus(Graph graph, double[] weightBySlot)
    {
        var matrix = new double[graph.NodeCount, graph.NodeCount];
        for (var v = 0; v < graph.NodeCount; v++) matrix[v, v] = 1;
        for (var slot = 0; slot < graph.ArcCount; slot++) matrix[graph.Tails[slot], graph.Heads[slot]] -= weightBySlot[slot];
        return matrix;
    }

    public static double[,] Transposed(double[,] matrix)
    {
        var n = matrix.GetLength(0);
        var result = new double[n, n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++) result[j, i] = matrix[i, j];
        }
        return result;
    }

    /// <summary>Gauss elimination with partial pivoting: the plain rival.</summary>
    public static double[] DenseSolve(double[,] matrix, double[] right)
    {
        var n = right.Length;
        var a = (double[,])matrix.Clone();
        var b = (double[])right.Clone();
        for (var k = 0; k < n; k++)
        {
            var best = k;
            for (var i = k + 1; i < n; i++)
            {
                if (Math.Abs(a[i, k]) > Math.Abs(a[best, k])) best = i;
            }
            for (var j = 0; j < n; j++) (a[k, j], a[best, j]) = (a[best, j], a[k, j]);
            (b[k], b[best]) = (b[best], b[k]);
            for (var i = k + 1; i < n; i++)
            {
                var multiple = a[i, k] / a[k, k];
                if (multiple == 0) continue;
                for (var j = k; j < n; j++) a[i, j] -= multiple * a[k, j];
                b[i] -= multiple * b[k];
            }
        }
        for (var i = n - 1; i >= 0; i--)
        {
            for (var j = i + 1; j < n; j++) b[i] -= a[i, j] * b[j];
            b[i] /= a[i, i];
        }
        return b;
    }

    public static double LargestDifference(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var largest = 0.0;
        for (var i = 0; i < a.Length; i++) largest = Math.Max(largest, Math.Abs(a[i] - b[i]));
        return largest;
    }
}
