namespace GeoHarm.Engine.Displacement;

/// <summary>Scores of one model over rolling origins.</summary>
/// <param name="Model">The model.</param>
/// <param name="Horizon">Years ahead.</param>
/// <param name="Origins">Origins, ascending.</param>
/// <param name="ByOrigin">Scores at each origin.</param>
/// <param name="Mean">Mean over origins.</param>
public sealed record BacktestResult(ForecastModel Model, int Horizon, IReadOnlyList<int> Origins, IReadOnlyList<ForecastScores> ByOrigin, ForecastScores Mean);

/// <summary>A paired comparison of two models over the same origins.</summary>
/// <param name="Ratio">Mean score of the model over that of the reference.</param>
/// <param name="Wins">Origins at which the model scores lower.</param>
/// <param name="Origins">Number of origins.</param>
/// <param name="T">t statistic of the differences, uncorrected for overlapping horizons.</param>
public sealed record PairedScore(double Ratio, int Wins, int Origins, double T);

/// <summary>
/// Rolling-origin back-test: at every origin a model is trained on outcomes up to it and scored on the map
/// <c>horizon</c> years later. Published with every projection (models.md 1).
/// </summary>
public static class Backtest
{
    /// <summary>Back-tests one model at one horizon over origins in [first, last].</summary>
    public static BacktestResult Run(CocaHistory history, ForecastModel model, int horizon, int firstOrigin, int lastOrigin, ForecastOptions? options = null)
    {
        var origins = Enumerable.Range(firstOrigin, Math.Max(0, Math.Min(lastOrigin, history.LastYear - horizon) - firstOrigin + 1)).ToArray();
        if (origins.Length == 0) throw new ArgumentException($"No origin from {firstOrigin} to {lastOrigin} has a map {horizon} years later.", nameof(lastOrigin));
        var scores = Array.ConvertAll(origins, origin =>
        {
            var forecast = CocaForecast.Run(history, origin, horizon, model, options);
            return ForecastScores.Of(history.Year(origin), history.Year(origin + horizon), forecast.Point, i => forecast.Quantiles[i]);
        });
        return new BacktestResult(model, horizon, origins, scores, ForecastScores.Mean(scores));
    }

    /// <summary>Compares a score of two back-tests over the same origins.</summary>
    public static PairedScore Compare(BacktestResult model, BacktestResult reference, Func<ForecastScores, double> score)
    {
        if (!model.Origins.SequenceEqual(reference.Origins)) throw new ArgumentException("Both back-tests must have the same origins.", nameof(reference));
        var differences = model.ByOrigin.Zip(reference.ByOrigin, (a, b) => score(a) - score(b)).ToArray();
        var mean = differences.Average();
        var squares = differences.Sum(d => (d - mean) * (d - mean));
        var error = Math.Sqrt(squares / (differences.Length - 1) / differences.Length);
        return new PairedScore(score(model.Mean) / score(reference.Mean), differences.Count(d => d < 0), differences.Length, error > 0 ? mean / error : 0);
    }
}
