using GeoHarm.Spatial.Quantities;
using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Engine.Evaluation;

/// <summary>How a variance-based analysis is made.</summary>
/// <param name="Sample">Base sample N, at least 2; the model runs N (k + 2) times. Default 512: the half-width of an index is about 0.05.</param>
/// <param name="Resamples">Bootstrap resamples for intervals, at least 20.</param>
/// <param name="Seed">Seed of the sample and the bootstrap.</param>
public sealed record SobolOptions(int Sample = 512, int Resamples = 400, ulong Seed = 1);

/// <summary>What share of an outcome's variance one input explains.</summary>
/// <param name="Input">Name of the input.</param>
/// <param name="First">Alone (first order).</param>
/// <param name="Total">With all its interactions.</param>
public sealed record SobolIndex(string Input, Interval First, Interval Total);

/// <summary>
/// Sobol indices. Sample: matrices A and B and, for each input i, A with its column i from B (Saltelli et al. 2010, doi
/// 10.1016/j.cpc.2009.09.018). First order by Saltelli's estimator, their table 2 (b): mean of f(B) (f(AB_i) - f(A)) / V;
/// total by Jansen's, table 2 (f): mean of (f(A) - f(AB_i))^2 / (2 V). Intervals: 5th and 95th percentile of a bootstrap over
/// base points (Archer, Saltelli, Sobol 1997). The inputs are drawn uniform on [0, 1) from <see cref="CounterRandom"/>; the
/// caller maps them to its own distributions. Same bits for any number of threads.
/// </summary>
public static class SobolIndices
{
    /// <summary>Runs of the model that an analysis takes.</summary>
    public static int Runs(int inputs, SobolOptions options) => options.Sample * (inputs + 2);

    /// <summary>The point of one run: block 0 is A, block 1 is B, block 2 + i is A with column i of B. Runs of a base point lie
    /// together: run = point (k + 2) + block.</summary>
    public static double[] Point(int run, int inputs, SobolOptions options)
    {
        var (point, block) = ((uint)(run / (inputs + 2)), run % (inputs + 2));
        var u = new double[inputs];
        for (var i = 0; i < inputs; i++)
        {
            var fromB = block == 1 || block - 2 == i;
            u[i] = new CounterRandom(options.Seed, point, (uint)(2 * i + (fromB ? 1 : 0))).NextUniform();
        }
        return u;
    }

    /// <summary>Indices from the outcomes of all runs, in the order of <see cref="Point"/>.</summary>
    public static IReadOnlyList<SobolIndex> Of(IReadOnlyList<string> inputs, ReadOnlySpan<double> outcomes, SobolOptions options)
    {
        var (k, n) = (inputs.Count, options.Sample);
        ArgumentOutOfRangeException.ThrowIfNotEqual(outcomes.Length, Runs(k, options));
        var values = outcomes.ToArray();
        var everyone = Enumerable.Range(0, n).ToArray();
        var (first, total) = Estimate(values, k, everyone);
        var (firsts, totals) = (new double[k][], new double[k][]);
        for (var i = 0; i < k; i++) (firsts[i], totals[i]) = (new double[options.Resamples], new double[options.Resamples]);
        for (var b = 0; b < options.Resamples; b++)
        {
            var random = new CounterRandom(options.Seed, (uint)b, CounterRandom.StreamOf("bootstrap"));
            var chosen = new int[n];
            for (var p = 0; p < n; p++) chosen[p] = random.NextBelow(n);
            var (f, t) = Estimate(values, k, chosen);
            for (var i = 0; i < k; i++) (firsts[i][b], totals[i][b]) = (f[i], t[i]);
        }
        return [.. inputs.Select((name, i) => new SobolIndex(name, Around(first[i], firsts[i]), Around(total[i], totals[i])))];
    }

    private static Interval Around(double value, double[] resampled)
    {
        Array.Sort(resampled);
        return new Interval(value, Math.Min(value, Interval.Quantile(resampled, 0.05)), Math.Max(value, Interval.Quantile(resampled, 0.95)));
    }

    private static (double[] First, double[] Total) Estimate(double[] outcomes, int inputs, int[] points)
    {
        var width = inputs + 2;
        double mean = 0, variance = 0;
        foreach (var p in points) mean += outcomes[p * width] + outcomes[p * width + 1];
        mean /= 2 * points.Length;
        var (first, total) = (new double[inputs], new double[inputs]);
        foreach (var p in points)
        {
            // Centred outcomes: the estimators are the same and lose fewer digits.
            var (a, b) = (outcomes[p * width] - mean, outcomes[p * width + 1] - mean);
            variance += a * a + b * b;
            for (var i = 0; i < inputs; i++)
            {
                var mixed = outcomes[p * width + 2 + i] - mean;
                first[i] += b * (mixed - a);
                total[i] += (a - mixed) * (a - mixed);
            }
        }
        variance /= 2 * points.Length;
        for (var i = 0; i < inputs; i++)
        {
            first[i] = variance > 0 ? first[i] / points.Length / variance : 0;
            total[i] = variance > 0 ? total[i] / (2 * points.Length) / variance : 0;
        }
        return (first, total);
    }
}
