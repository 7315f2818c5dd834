using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Engine.Displacement;

/// <summary>Units among which one year's gains (or those of one region and year) are shared out.</summary>
/// <param name="units">Positions of the units, one a row.</param>
/// <param name="features">Row-major, the same width in every stratum.</param>
/// <param name="shares">Share of the year's gains that each row took; a stratum that is part of a year sums to that part.</param>
/// <param name="offsets">Terms with coefficient 1, or null.</param>
public sealed class GainStratum(int[] units, double[] features, double[] shares, double[]? offsets = null)
{
    /// <summary>Positions of the units.</summary>
    public ReadOnlySpan<int> Units => units;

    /// <summary>Features, row-major.</summary>
    public ReadOnlySpan<double> Features => features;

    /// <summary>Shares of the year's gains.</summary>
    public ReadOnlySpan<double> Shares => shares;

    /// <summary>Offsets, empty for none.</summary>
    public ReadOnlySpan<double> Offsets => offsets;
}

/// <summary>A fitted share logit.</summary>
/// <param name="Coefficients">In the features' own units, with errors clustered by group of units.</param>
/// <param name="LogLikelihood">Nats per year, without the ridge.</param>
/// <param name="Penalised">Nats per year less the ridge.</param>
public sealed record GainLogitResult(IReadOnlyList<Coefficient> Coefficients, double LogLikelihood, double Penalised);

/// <summary>
/// Share likelihood of gained hectares, a conditional logit with shares for choices: p_j = exp(o_j + x_j b) / sum_k exp(o_k + x_k b) within
/// a stratum, maximising sum over years and units of share x log p, every year weighing the same, less ridge / 2 |b|^2 on
/// standardised features (McFadden 1974; Papke, Wooldridge 1996 for shares).
/// Newton's method: the likelihood is concave. Errors: sandwich by cluster (Liang, Zeger 1986).
/// Cost: rows times columns squared a step, under ten steps. Throws <see cref="ArithmeticException"/> where columns are collinear and the ridge is 0.
/// </summary>
public static class GainLogit
{
    /// <summary>Fits; <paramref name="cluster"/> gives the group of every unit.</summary>
    public static GainLogitResult Fit(IReadOnlyList<string> names, IReadOnlyList<GainStratum> strata, int years, double ridge, IReadOnlyList<int> cluster)
    {
        var k = names.Count;
        var (means, scales) = Standard(strata, k);
        var b = new double[k];
        var value = Value(strata, b, means, scales, ridge);
        for (var step = 0; step < 100; step++)
        {
            var (gradient, hessian) = Derivatives(strata, b, means, scales, ridge, null, null);
            var change = SymmetricSystem.Solve(hessian, gradient);
            double length = 1, next;
            double[] trial;
            do
            {
                trial = b.Zip(change, (v, c) => v + length * c).ToArray();
                next = Value(strata, trial, means, scales, ridge);
                length /= 2;
            }
            while (!(next >= value) && length > 1e-8);
            var (gained, decrement) = (next - value, change.Zip(gradient, (c, g) => c * g).Sum());
            if (gained >= 0) (b, value) = (trial, next);
            if (decrement < 1e-12 || gained < 1e-13) break;
        }
        var scores = new Dictionary<int, double[]>();
        var (_, curvature) = Derivatives(strata, b, means, scales, ridge, scores, cluster);
        var errors = Errors(curvature, scores);
        var square = b.Sum(v => v * v);
        return new GainLogitResult(
            names.Select((name, j) => new Coefficient(name, b[j] / scales[j], errors[j] / scales[j])).ToArray(), (value + ridge / 2 * square) / years, value / years);
    }

    /// <summary>Means and standard deviations of the features over all rows; a feature that never varies keeps scale 1.</summary>
    internal static (double[] Means, double[] Scales) Standard(IReadOnlyList<GainStratum> strata, int k)
    {
        double[] means = new double[k], scales = new double[k];
        double rows = 0;
        foreach (var s in strata)
        {
            rows += s.Units.Length;
            for (var i = 0; i < s.Units.Length; i++)
            {
                for (var j = 0; j < k; j++) means[j] += s.Features[i * k + j];
            }
        }
        for (var j = 0; j < k; j++) means[j] /= rows;
        foreach (var s in strata)
        {
            for (var i = 0; i < s.Units.Length; i++)
            {
                for (var j = 0; j < k; j++) scales[j] += (s.Features[i * k + j] - means[j]) * (s.Features[i * k + j] - means[j]);
            }
        }
        for (var j = 0; j < k; j++) scales[j] = scales[j] > 1e-20 * rows ? Math.Sqrt(scales[j] / rows) : 1;
        return (means, scales);
    }

    private static double Value(IReadOnlyList<GainStratum> strata, double[] b, double[] means, double[] scales, double ridge)
    {
        var sum = 0.0;
        foreach (var s in strata)
        {
            var logs = Utilities(s, b, means, scales);
            double weight = 0, denominator = 0;
            for (var i = 0; i < logs.Length; i++)
            {
                weight += s.Shares[i];
                sum += s.Shares[i] * logs[i];
                denominator += PortableMath.Exp(logs[i]);
            }
            sum -= weight * PortableMath.Log(denominator);
        }
        foreach (var v in b) sum -= ridge / 2 * v * v;
        return sum;
    }

    /// <summary>o + x b less its maximum, so that no exponential overflows.</summary>
    private static double[] Utilities(GainStratum s, double[] b, double[] means, double[] scales)
    {
        var k = b.Length;
        var logs = new double[s.Units.Length];
        for (var i = 0; i < logs.Length; i++)
        {
            var sum = s.Offsets.IsEmpty ? 0 : s.Offsets[i];
            for (var j = 0; j < k; j++) sum += b[j] * (s.Features[i * k + j] - means[j]) / scales[j];
            logs[i] = sum;
        }
        var largest = logs.Length == 0 ? 0 : logs.Max();
        for (var i = 0; i < logs.Length; i++) logs[i] -= largest;
        return logs;
    }

    private static (double[] Gradient, double[,] Hessian) Derivatives(
        IReadOnlyList<GainStratum> strata, double[] b, double[] means, double[] scales, double ridge, Dictionary<int, double[]>? scores, IReadOnlyList<int>? cluster)
    {
        var k = b.Length;
        var gradient = new double[k];
        var hessian = new double[k, k];
        double[] row = new double[k], mean = new double[k];
        foreach (var s in strata)
        {
            var p = Utilities(s, b, means, scales);
            double denominator = 0, weight = 0;
            for (var i = 0; i < p.Length; i++) { p[i] = PortableMath.Exp(p[i]); denominator += p[i]; weight += s.Shares[i]; }
            Array.Clear(mean);
            for (var i = 0; i < p.Length; i++)
            {
                p[i] /= denominator;
                for (var j = 0; j < k; j++) mean[j] += p[i] * (s.Features[i * k + j] - means[j]) / scales[j];
            }
            for (var i = 0; i < p.Length; i++)
            {
                var residual = s.Shares[i] - weight * p[i];
                for (var j = 0; j < k; j++) row[j] = (s.Features[i * k + j] - means[j]) / scales[j] - mean[j];
                double[]? score = null;
                if (scores is not null && !scores.TryGetValue(cluster![s.Units[i]], out score)) scores[cluster[s.Units[i]]] = score = new double[k];
                for (var j = 0; j < k; j++)
                {
                    gradient[j] += residual * row[j];
                    if (score is not null) score[j] += residual * row[j];
                    var scaled = weight * p[i] * row[j];
                    for (var l = 0; l <= j; l++) hessian[j, l] += scaled * row[l];
                }
            }
        }
        for (var j = 0; j < k; j++) { gradient[j] -= ridge * b[j]; hessian[j, j] += ridge; }
        return (gradient, hessian);
    }

    private static double[] Errors(double[,] curvature, Dictionary<int, double[]> scores)
    {
        var k = curvature.GetLength(0);
        var errors = new double[k];
        for (var j = 0; j < k; j++)
        {
            var unit = new double[k];
            unit[j] = 1;
            var column = SymmetricSystem.Solve(curvature, unit);
            foreach (var score in scores.OrderBy(s => s.Key).Select(s => s.Value))
            {
                var along = 0.0;
                for (var l = 0; l < k; l++) along += column[l] * score[l];
                errors[j] += along * along;
            }
            errors[j] = Math.Sqrt(errors[j]);
        }
        return errors;
    }
}
