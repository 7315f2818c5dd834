using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Engine.Displacement;

/// <summary>A forecast of one year's map: a point and equally likely quantiles for every unit, hectares.</summary>
/// <param name="Point">Point forecast by unit.</param>
/// <param name="Quantiles">Quantiles by unit, ascending.</param>
public sealed record CocaForecastResult(double[] Point, double[][] Quantiles);

/// <summary>Which forecast.</summary>
public enum ForecastModel
{
    /// <summary>The map stays; spread from the residuals of past years, pooled by area.</summary>
    Persistence,

    /// <summary>The map scaled by last year's national growth, compounded over the horizon.</summary>
    NationalTrend,

    /// <summary>The map scaled by a damped national growth, (N_t / N_(t-1))^phi, phi fitted on the past; spread as for persistence.</summary>
    DampedTrend,

    /// <summary>The national growth that came, dealt out in proportion to the map: information supplied, not skill.</summary>
    Proportional,

    /// <summary>Persistence as the point, with the hurdle-binned distribution of findings A4.</summary>
    HurdleBinned,

    /// <summary>The same hurdle and shock, with residuals from the past units nearest in area instead of bins and, two years ahead or more, centred
    /// by a ridge regression on the terms: better log scores, a little worse in hectares (docs/methods/displacement.md).</summary>
    HurdleNear,
}

/// <summary>Settings of the forecasts.</summary>
public sealed record ForecastOptions
{
    /// <summary>Edges of the area bins in hectares within which residuals are pooled; default 10, 50, 200, 1000 (findings A4).</summary>
    public IReadOnlyList<double> BinEdges { get; init; } = [10, 50, 200, 1000];

    /// <summary>Fewest residuals a bin must hold before it stands alone, 1 or more; default 25 (findings A4).</summary>
    public int FewestInBin { get; init; } = 25;

    /// <summary>Quantiles kept for each unit, 19 or more; default 99, at which the CRPS is within 0.1 % of that with 999.</summary>
    public int QuantileCount { get; init; } = 99;

    /// <summary>Inverse strength of the ridge of the hurdle, positive; default 1 on standardised terms (findings A4).</summary>
    public double RidgeC { get; init; } = 1;

    /// <summary>phi of the damped trend, 0 (persistence) to 1.5; default null: fitted on the past, sum xz / (sum x^2 + 0.05) (findings A4).</summary>
    public double? Phi { get; init; }

    /// <summary>Share of past survivors that lends residuals to a unit of like area, above 0 to 1; default 1/12, at least 60 of them.</summary>
    public double NearShare { get; init; } = 1.0 / 12;
}

/// <summary>
/// Forecasts of next year's or a later map from past maps only (findings.md A4): persistence as the point, since no model
/// tested beats it on hectares; the predictive distribution is where skill is. Hurdle-binned: (i) a ridge logistic for coca
/// being there at all; (ii) log residuals about the point less national growth, pooled by area; (iii) convolved with a national
/// shock t(df) sd sqrt(1 + 1/m), sd the larger of the h-step root mean square and sqrt(h) times the 1-step one; units
/// without coca enter with sizes of past entrants.
/// Cost: a tenth of a second for 1,116 units and 20 years, most of it the logistic.
/// </summary>
public static class CocaForecast
{
    /// <summary>Forecasts <paramref name="horizon"/> years after <paramref name="origin"/>. Training uses outcomes up to the origin.</summary>
    public static CocaForecastResult Run(CocaHistory history, int origin, int horizon, ForecastModel model, ForecastOptions? options = null)
    {
        options ??= new ForecastOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(horizon, 1);
        if (origin - horizon < history.FirstYear) throw new ArgumentOutOfRangeException(nameof(origin), origin, $"A forecast {horizon} years ahead needs an origin of at least {history.FirstYear + horizon}.");
        var now = history.Year(origin);
        var point = now.ToArray();
        if (model is ForecastModel.NationalTrend or ForecastModel.DampedTrend or ForecastModel.Proportional)
        {
            var growth = model switch
            {
                ForecastModel.NationalTrend => PortableMath.Pow(history.Total(origin) / history.Total(origin - 1), horizon),
                ForecastModel.DampedTrend => PortableMath.Pow(history.Total(origin) / history.Total(origin - 1), options.Phi ?? Phi(history, origin, horizon)),
                _ => history.Total(origin + horizon) / history.Total(origin),
            };
            for (var i = 0; i < point.Length; i++) point[i] *= growth;
        }
        var quantiles = model is ForecastModel.HurdleBinned or ForecastModel.HurdleNear ? Hurdle(history, origin, horizon, model, options) : Residual(history, origin, horizon, point, options);
        return new CocaForecastResult(point, quantiles);
    }

    /// <summary>phi by least squares of h-step log growth z on the growth x of the year before, shrunk to 0 and kept within 0 to 1.5.</summary>
    private static double Phi(CocaHistory history, int origin, int horizon)
    {
        double cross = 0, square = 0.05;
        for (var s = history.FirstYear + 1; s + horizon <= origin; s++)
        {
            double x = PortableMath.Log(history.Total(s) / history.Total(s - 1)), z = PortableMath.Log(history.Total(s + horizon) / history.Total(s));
            cross += x * z;
            square += x * x;
        }
        return Math.Clamp(cross / square, 0, 1.5);
    }

    /// <summary>Residuals of log(1 + ha) about the past map, pooled by area; all units without coca share one bin.</summary>
    private static double[][] Residual(CocaHistory history, int origin, int horizon, double[] point, ForecastOptions options)
    {
        var bins = new List<double>[options.BinEdges.Count + 2];
        for (var b = 0; b < bins.Length; b++) bins[b] = [];
        for (var s = history.FirstYear; s + horizon <= origin; s++)
        {
            ReadOnlySpan<double> before = history.Year(s), after = history.Year(s + horizon);
            for (var i = 0; i < before.Length; i++) bins[Bin(before[i], options)].Add(ForecastScores.Log1P(after[i]) - ForecastScores.Log1P(before[i]));
        }
        var pooled = Pooled(bins, options);
        var now = history.Year(origin);
        var result = new double[point.Length][];
        for (var i = 0; i < result.Length; i++)
        {
            var centre = ForecastScores.Log1P(point[i]);
            result[i] = Array.ConvertAll(At(pooled[Bin(now[i], options)], options.QuantileCount), r => Math.Max(0, PortableMath.Exp(centre + r) - 1));
        }
        return result;
    }

    private static double[][] Hurdle(CocaHistory history, int origin, int horizon, ForecastModel model, ForecastOptions options)
    {
        var presence = FitPresence(history, origin, horizon, options);
        var bins = new List<double>[options.BinEdges.Count + 2];
        for (var b = 0; b < bins.Length; b++) bins[b] = [];
        for (var s = history.FirstYear; s + horizon <= origin; s++)
        {
            ReadOnlySpan<double> before = history.Year(s), after = history.Year(s + horizon);
            var growth = PortableMath.Log(history.Total(s + horizon) / history.Total(s));
            for (var i = 0; i < before.Length; i++)
            {
                if (after[i] <= 0) continue;
                if (before[i] > 0) bins[Bin(before[i], options)].Add(PortableMath.Log(after[i] / before[i]) - growth);
                else bins[0].Add(PortableMath.Log(after[i]));
            }
        }
        var shock = NationalShockQuantiles(history, origin, horizon);
        var pooled = Pooled(bins, options);
        for (var b = 1; b < pooled.Length; b++) pooled[b] = Convolved(pooled[b], shock);
        var near = model == ForecastModel.HurdleNear ? new NearResiduals(history, origin, horizon, shock, options) : null;
        var now = history.Year(origin);
        var terms = history.Terms(origin);
        var result = new double[now.Length][];
        for (var i = 0; i < result.Length; i++)
        {
            var p = presence.Probability(terms.Slice(i * CocaHistory.TermCount, CocaHistory.TermCount));
            var scale = now[i] > 0 ? now[i] : 1;
            result[i] = near is not null && now[i] > 0
                ? Mixture(near.Of(now[i]), p, scale * PortableMath.Exp(near.Centre(terms.Slice(i * CocaHistory.TermCount, CocaHistory.TermCount))), options.QuantileCount)
                : Mixture(pooled[Bin(now[i], options)], p, scale, options.QuantileCount);
        }
        return result;
    }

    private static LogisticRidge FitPresence(CocaHistory history, int origin, int horizon, ForecastOptions options)
    {
        // The first year has no year before it for the terms, so training starts at the second where it can.
        var first = Math.Min(history.FirstYear + 1, origin - horizon);
        var spans = origin - horizon - first + 1;
        var features = new double[spans * history.Units * CocaHistory.TermCount];
        var outcomes = new byte[spans * history.Units];
        for (var s = 0; s < spans; s++)
        {
            history.Terms(first + s).CopyTo(features.AsSpan(s * history.Units * CocaHistory.TermCount));
            var after = history.Year(first + s + horizon);
            for (var i = 0; i < after.Length; i++) outcomes[s * history.Units + i] = after[i] > 0 ? (byte)1 : (byte)0;
        }
        return LogisticRidge.Fit(features, outcomes, CocaHistory.TermCount, options.RidgeC);
    }

    /// <summary>Quantiles of the national shock in logs: t(df) sd sqrt(1 + 1/m).</summary>
    private static double[] NationalShockQuantiles(CocaHistory history, int origin, int horizon)
    {
        double one = 0, many = 0;
        int ones = 0, manies = 0;
        for (var s = history.FirstYear; s < origin; s++)
        {
            one += Squared(PortableMath.Log(history.Total(s + 1) / history.Total(s)));
            ones++;
            if (s + horizon > origin) continue;
            many += Squared(PortableMath.Log(history.Total(s + horizon) / history.Total(s)));
            manies++;
        }
        var sd = Math.Max(Math.Sqrt(many / manies), Math.Sqrt(horizon * one / ones));
        var degrees = Math.Max(3, ones - 1);
        var quantiles = new double[21];
        for (var k = 0; k < quantiles.Length; k++) quantiles[k] = StudentT.Quantile((k + 0.5) / quantiles.Length, degrees) * sd * Math.Sqrt(1 + 1.0 / manies);
        return quantiles;
    }

    private static double Squared(double x) => x * x;

    private static int Bin(double hectares, ForecastOptions options)
    {
        if (hectares <= 0) return 0;
        var bin = 1;
        foreach (var edge in options.BinEdges)
        {
            if (hectares >= edge) bin++;
        }
        return bin;
    }

    /// <summary>Sorted bins; one with too few values takes those of the bin below it, and so upward. The bin of units without
    /// coca never lends.</summary>
    private static double[][] Pooled(List<double>[] bins, ForecastOptions options)
    {
        var pooled = new double[bins.Length][];
        for (var b = 0; b < bins.Length; b++)
        {
            var values = new List<double>(bins[b]);
            for (var below = b - 1; below >= 1 && values.Count < options.FewestInBin; below--) values.AddRange(bins[below]);
            for (var above = b + 1; b >= 1 && above < bins.Length && values.Count < options.FewestInBin; above++) values.AddRange(bins[above]);
            if (values.Count == 0) values.Add(0);
            pooled[b] = [.. values.Order()];
        }
        return pooled;
    }

    private static double[] At(double[] sorted, int count)
    {
        var result = new double[count];
        for (var k = 0; k < count; k++) result[k] = sorted[Math.Min(sorted.Length - 1, (int)((k + 0.5) / count * sorted.Length))];
        return result;
    }

    internal static double[] Convolved(double[] residuals, double[] shock)
    {
        var kept = At(residuals, Math.Min(residuals.Length, 99));
        var sums = new double[kept.Length * shock.Length];
        for (var i = 0; i < kept.Length; i++)
        {
            for (var k = 0; k < shock.Length; k++) sums[i * shock.Length + k] = kept[i] + shock[k];
        }
        Array.Sort(sums);
        return sums;
    }

    private static double[] Mixture(double[] logs, double present, double scale, int count)
    {
        var result = new double[count];
        for (var k = 0; k < count; k++)
        {
            var u = (k + 0.5) / count - (1 - present);
            if (u > 0) result[k] = scale * PortableMath.Exp(logs[Math.Min(logs.Length - 1, (int)(u / present * logs.Length))]);
        }
        return result;
    }
}
