using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Spatial.Statistics;

/// <summary>Moran's I of a variable.</summary>
/// <param name="I">The coefficient.</param>
/// <param name="Expected">-1 / (n - 1).</param>
/// <param name="StandardError">Standard deviation of the permuted coefficients; NaN without permutations.</param>
/// <param name="P">Pseudo p-value: (1 + permutations at least as extreme on the nearer side) / (1 + permutations); NaN
/// without permutations.</param>
/// <param name="Permutations">Permutations drawn.</param>
public sealed record MoranResult(double I, double Expected, double StandardError, double P, int Permutations);

/// <summary>
/// Moran's I = n / S0 * sum_ij w_ij z_i z_j / sum z_i^2, z the values less their mean (Moran 1950, doi 10.1093/biomet/37.1-2.17;
/// Cliff and Ord 1981, equation 1.44), with a permutation test over all units. A constant variable has no I and gives NaN.
/// Cost: one pass over the links a permutation.
/// </summary>
public static class Moran
{
    /// <summary>I alone, without a test.</summary>
    public static double Coefficient(ReadOnlySpan<double> values, SpatialWeights weights)
    {
        var z = Centred(values, out var squares);
        return squares == 0 ? double.NaN : weights.Count / weights.Sum * CrossProduct(z, weights) / squares;
    }

    /// <summary>I with its permutation test.</summary>
    public static MoranResult Test(ReadOnlySpan<double> values, SpatialWeights weights, PermutationOptions? options = null)
    {
        options = (options ?? new PermutationOptions()).Checked();
        if (values.Length != weights.Count) throw new ArgumentException($"There are {values.Length} values for {weights.Count} units.", nameof(values));
        var z = Centred(values, out var squares);
        var factor = weights.Count / weights.Sum / squares;
        var observed = factor * CrossProduct(z, weights);
        var expected = -1.0 / (weights.Count - 1);
        if (squares == 0) return new MoranResult(double.NaN, expected, double.NaN, double.NaN, 0);
        var permuted = new double[options.Permutations];
        Parallel.For(
            0, options.Permutations, new ParallelOptions { MaxDegreeOfParallelism = options.Threads },
            () => new double[z.Length],
            (p, _, shuffled) =>
            {
                z.CopyTo(shuffled, 0);
                var random = new CounterRandom(options.Seed, uint.MaxValue, (uint)p);
                for (var k = shuffled.Length - 1; k > 0; k--)
                {
                    var other = random.NextBelow(k + 1);
                    (shuffled[k], shuffled[other]) = (shuffled[other], shuffled[k]);
                }
                permuted[p] = factor * CrossProduct(shuffled, weights);
                return shuffled;
            },
            _ => { });
        return Summary(observed, expected, permuted);
    }

    private static MoranResult Summary(double observed, double expected, double[] permuted)
    {
        int atLeast = 0, atMost = 0;
        double sum = 0, squares = 0;
        const double tie = 1e-12;
        foreach (var i in permuted)
        {
            if (i >= observed - tie) atLeast++;
            if (i <= observed + tie) atMost++;
            sum += i;
        }
        foreach (var i in permuted) squares += (i - sum / permuted.Length) * (i - sum / permuted.Length);
        return new MoranResult(
            observed, expected, Math.Sqrt(squares / (permuted.Length - 1)), (1.0 + Math.Min(atLeast, atMost)) / (1 + permuted.Length), permuted.Length);
    }

    internal static double[] Centred(ReadOnlySpan<double> values, out double squares)
    {
        var sum = 0.0;
        foreach (var v in values) sum += double.IsFinite(v) ? v : throw new ArgumentException("Moran's I needs a finite value for every unit.", nameof(values));
        var mean = sum / values.Length;
        var z = new double[values.Length];
        var (largest, total) = (0.0, 0.0);
        for (var i = 0; i < z.Length; i++)
        {
            z[i] = values[i] - mean;
            total += z[i] * z[i];
            largest = Math.Max(largest, Math.Abs(values[i]));
        }
        // What is left of a constant after its mean was rounded is no variance.
        squares = Math.Sqrt(total / z.Length) <= 1e-14 * largest ? 0 : total;
        return z;
    }

    private static double CrossProduct(double[] z, SpatialWeights weights)
    {
        var sum = 0.0;
        for (var i = 0; i < z.Length; i++)
        {
            var neighbours = weights.Neighbours(i);
            var row = weights.Weights(i);
            var lag = 0.0;
            for (var k = 0; k < neighbours.Length; k++) lag += row[k] * z[neighbours[k]];
            sum += z[i] * lag;
        }
        return sum;
    }
}
