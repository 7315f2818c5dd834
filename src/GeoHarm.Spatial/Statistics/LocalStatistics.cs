using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Spatial.Statistics;

/// <summary>What surrounds a unit, where its statistic is significant.</summary>
public enum SpatialCluster
{
    /// <summary>Not significant at the level asked for.</summary>
    None,

    /// <summary>A high value among high values (hot spot).</summary>
    HighHigh,

    /// <summary>A low value among low values (cold spot).</summary>
    LowLow,

    /// <summary>A high value among low values (outlier).</summary>
    HighLow,

    /// <summary>A low value among high values (outlier).</summary>
    LowHigh,

    /// <summary>No neighbours: the statistic is not defined.</summary>
    Island,
}

/// <summary>Local statistics of all units, in their order.</summary>
/// <param name="Statistic">Local I, or the standard score of Gi*; NaN for islands of local Moran.</param>
/// <param name="P">Pseudo p-values on the nearer side, (1 + count) / (1 + permutations); 1 for islands.</param>
/// <param name="Q">P-values after Benjamini and Hochberg's false discovery control.</param>
/// <param name="Clusters">Class of each unit at the level asked for.</param>
public sealed record LocalResult(
    IReadOnlyList<double> Statistic, IReadOnlyList<double> P, IReadOnlyList<double> Q, IReadOnlyList<SpatialCluster> Clusters);

/// <summary>Options of local statistics.</summary>
public sealed record LocalOptions
{
    /// <summary>Permutation draws.</summary>
    public PermutationOptions Draws { get; init; } = new();

    /// <summary>Significance level of the classes, 0 to 1; default 0.05.</summary>
    public double Level { get; init; } = 0.05;

    /// <summary>Whether classes use Q (false discovery rate) instead of P; default true, since a thousand units tested at
    /// 0.05 give fifty false finds.</summary>
    public bool ControlFalseDiscovery { get; init; } = true;
}

/// <summary>
/// Local Moran, I_i = z_i sum_j w_ij z_j / (sum z^2 / n) (Anselin 1995, equation 12, doi 10.1111/j.1538-4632.1995.tb00338.x):
/// the local I add up to S0 times Moran's I. Significance by conditional permutation.
/// </summary>
public static class LocalMoran
{
    /// <summary>Local I, p-values and clusters of all units.</summary>
    public static LocalResult Test(ReadOnlySpan<double> values, SpatialWeights weights, LocalOptions? options = null)
    {
        options ??= new LocalOptions();
        if (values.Length != weights.Count) throw new ArgumentException($"There are {values.Length} values for {weights.Count} units.", nameof(values));
        var z = Moran.Centred(values, out var squares);
        var lag = weights.Lag(z);
        var statistic = new double[z.Length];
        for (var i = 0; i < z.Length; i++) statistic[i] = weights.Neighbours(i).IsEmpty || squares == 0 ? double.NaN : z[i] * lag[i] / (squares / z.Length);
        return LocalTest.Run(z, lag, weights, statistic, options);
    }
}

/// <summary>
/// Getis-Ord Gi*: the standard score of the sum over a unit and its neighbours, with binary weights and the unit itself in
/// (Ord and Getis 1995, equation 8, doi 10.1111/j.1538-4632.1995.tb00912.x). Significance by conditional permutation.
/// Weights other than 0 count as 1.
/// </summary>
public static class GetisOrd
{
    /// <summary>Gi*, p-values and hot or cold spots (HighHigh, LowLow) of all units.</summary>
    public static LocalResult Test(ReadOnlySpan<double> values, SpatialWeights weights, LocalOptions? options = null)
    {
        options ??= new LocalOptions();
        if (values.Length != weights.Count) throw new ArgumentException($"There are {values.Length} values for {weights.Count} units.", nameof(values));
        var z = Moran.Centred(values, out var squares);
        var n = z.Length;
        var binary = SpatialWeights.FromRows(Enumerable.Range(0, n).Select(i => weights.Neighbours(i).ToArray()).ToArray());
        var lag = binary.Lag(z);
        var s = Math.Sqrt(squares / n);
        var statistic = new double[n];
        for (var i = 0; i < n; i++)
        {
            double size = binary.Neighbours(i).Length + 1;
            statistic[i] = (z[i] + lag[i]) / (s * Math.Sqrt((n * size - size * size) / (n - 1)));
        }
        var result = LocalTest.Run(z, lag, binary, statistic, options);
        // Gi* knows hot and cold only: the side of the score decides, not the unit's own value.
        var clusters = result.Clusters.Select((c, i) => c is SpatialCluster.None or SpatialCluster.Island ? c : statistic[i] > 0 ? SpatialCluster.HighHigh : SpatialCluster.LowLow);
        return result with { Clusters = clusters.ToArray() };
    }
}

internal static class LocalTest
{
    public static LocalResult Run(double[] z, double[] lag, SpatialWeights weights, double[] statistic, LocalOptions options)
    {
        var draws = options.Draws.Checked();
        int[] atLeast = new int[z.Length], atMost = new int[z.Length];
        ConditionalPermutation.Count(z, weights, lag, draws, atLeast, atMost);
        var p = new double[z.Length];
        for (var i = 0; i < p.Length; i++)
        {
            p[i] = weights.Neighbours(i).IsEmpty || double.IsNaN(statistic[i]) ? 1 : (1.0 + Math.Min(atLeast[i], atMost[i])) / (1 + draws.Permutations);
        }
        var q = FalseDiscovery.Adjust(p);
        var clusters = new SpatialCluster[z.Length];
        for (var i = 0; i < p.Length; i++)
        {
            if (weights.Neighbours(i).IsEmpty) clusters[i] = SpatialCluster.Island;
            else if ((options.ControlFalseDiscovery ? q[i] : p[i]) > options.Level || double.IsNaN(statistic[i])) clusters[i] = SpatialCluster.None;
            else if (z[i] > 0) clusters[i] = lag[i] > 0 ? SpatialCluster.HighHigh : SpatialCluster.HighLow;
            else clusters[i] = lag[i] > 0 ? SpatialCluster.LowHigh : SpatialCluster.LowLow;
        }
        return new LocalResult(statistic, p, q, clusters);
    }
}

/// <summary>The step-up control of the false discovery rate (Benjamini and Hochberg 1995, doi 10.1111/j.2517-6161.1995.tb02031.x).</summary>
public static class FalseDiscovery
{
    /// <summary>Adjusted p-values: q_(i) = min over j >= i of p_(j) n / j, at most 1, in the order of the input.</summary>
    public static double[] Adjust(ReadOnlySpan<double> p)
    {
        var order = Enumerable.Range(0, p.Length).ToArray();
        var keys = p.ToArray();
        Array.Sort(keys, order);
        var q = new double[p.Length];
        var least = 1.0;
        for (var rank = p.Length; rank >= 1; rank--)
        {
            least = Math.Min(least, keys[rank - 1] * p.Length / rank);
            q[order[rank - 1]] = least;
        }
        return q;
    }
}
