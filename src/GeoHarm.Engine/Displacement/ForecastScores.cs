using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Engine.Displacement;

/// <summary>Scores of one forecast of one year's map. Errors and CRPS in hectares run over all units; those of log(1 + hectares) and
/// the coverages over units with coca at the origin or the target.</summary>
/// <param name="Mae">Mean absolute error, ha.</param>
/// <param name="Rmse">Root mean square error, ha.</param>
/// <param name="MaeLog">Mean absolute error of log(1 + ha).</param>
/// <param name="Crps">Continuous ranked probability score, ha.</param>
/// <param name="CrpsLog">The same on log(1 + ha).</param>
/// <param name="FigureOfMerit">Hectares of change predicted and seen over those predicted or seen.</param>
/// <param name="Hits">Hectares of change predicted rightly.</param>
/// <param name="Misses">Hectares of observed change not predicted.</param>
/// <param name="FalseAlarms">Hectares of predicted change not observed.</param>
/// <param name="QuantityDisagreement">|sum of errors|, ha.</param>
/// <param name="AllocationDisagreement">Sum of |errors| less quantity disagreement, ha.</param>
/// <param name="Coverage50">Share of outcomes within the 25th to 75th percentile.</param>
/// <param name="Coverage90">Share within the 5th to 95th.</param>
public sealed record ForecastScores(
    double Mae, double Rmse, double MaeLog, double Crps, double CrpsLog, double FigureOfMerit, double Hits, double Misses, double FalseAlarms,
    double QuantityDisagreement, double AllocationDisagreement, double Coverage50, double Coverage90)
{
    /// <summary>Scores a point map and, where given, a predictive distribution.</summary>
    /// <param name="origin">Hectares at the origin.</param>
    /// <param name="observed">Hectares at the target.</param>
    /// <param name="point">Point forecast.</param>
    /// <param name="distribution">Equally likely quantiles of a unit, ascending, hectares.</param>
    public static ForecastScores Of(ReadOnlySpan<double> origin, ReadOnlySpan<double> observed, ReadOnlySpan<double> point, Func<int, double[]> distribution)
    {
        int n = origin.Length, active = 0, in50 = 0, in90 = 0;
        double absolute = 0, squares = 0, logs = 0, crps = 0, crpsLog = 0, hits = 0, misses = 0, alarms = 0, signed = 0;
        for (var i = 0; i < n; i++)
        {
            var error = point[i] - observed[i];
            absolute += Math.Abs(error);
            squares += error * error;
            signed += error;
            double seen = observed[i] - origin[i], said = point[i] - origin[i];
            var right = seen * said > 0 ? Math.Min(Math.Abs(seen), Math.Abs(said)) : 0;
            hits += right;
            misses += Math.Abs(seen) - right;
            alarms += Math.Abs(said) - right;
            var quantiles = distribution(i);
            crps += RankedProbability(quantiles, observed[i]);
            if (origin[i] <= 0 && observed[i] <= 0) continue;
            active++;
            logs += Math.Abs(Log1P(point[i]) - Log1P(observed[i]));
            crpsLog += RankedProbability(Array.ConvertAll(quantiles, Log1P), Log1P(observed[i]));
            if (Within(quantiles, observed[i], 0.25)) in50++;
            if (Within(quantiles, observed[i], 0.05)) in90++;
        }
        return new ForecastScores(
            absolute / n, Math.Sqrt(squares / n), logs / active, crps / n, crpsLog / active, hits / Math.Max(hits + misses + alarms, double.Epsilon), hits, misses, alarms,
            Math.Abs(signed), absolute - Math.Abs(signed), (double)in50 / active, (double)in90 / active);
    }

    /// <summary>The mean of scores over origins, each weighing the same.</summary>
    public static ForecastScores Mean(IReadOnlyCollection<ForecastScores> scores)
    {
        double M(Func<ForecastScores, double> part) => scores.Sum(part) / scores.Count;
        return new ForecastScores(
            M(s => s.Mae), M(s => s.Rmse), M(s => s.MaeLog), M(s => s.Crps), M(s => s.CrpsLog), M(s => s.FigureOfMerit), M(s => s.Hits), M(s => s.Misses),
            M(s => s.FalseAlarms), M(s => s.QuantityDisagreement), M(s => s.AllocationDisagreement), M(s => s.Coverage50), M(s => s.Coverage90));
    }

    /// <summary>CRPS of equally likely values x, ascending: mean |x - y| - half the mean |x - x'| (Gneiting, Raftery 2007, equation 21,
    /// doi 10.1198/016214506000001437).</summary>
    public static double RankedProbability(ReadOnlySpan<double> ascending, double observed)
    {
        double distance = 0, spread = 0;
        var m = ascending.Length;
        for (var i = 0; i < m; i++)
        {
            distance += Math.Abs(ascending[i] - observed);
            spread += (2 * i - m + 1) * ascending[i];
        }
        return distance / m - spread / ((double)m * m);
    }

    /// <summary>log(1 + x), natural.</summary>
    public static double Log1P(double x) => PortableMath.Log(1 + x);

    private static bool Within(double[] ascending, double observed, double tail)
    {
        var low = ascending[(int)(tail * ascending.Length)];
        var high = ascending[Math.Min(ascending.Length - 1, (int)((1 - tail) * ascending.Length))];
        const double edge = 1e-9; // an interval of one point, 0 to 0, holds its point
        return observed >= low - edge && observed <= high + edge;
    }
}
