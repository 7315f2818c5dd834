using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Engine.Scenarios;

/// <summary>
/// How far the figures of an ensemble would move if it were drawn anew. Standard errors: of the mean, s / sqrt(n); of a
/// percentile p, half the distance between the order statistics at p -+ sqrt(p (1 - p) / n) (Woodruff 1952,
/// doi 10.1080/01621459.1952.10483443). An interval of no width has no error.
/// </summary>
public static class MonteCarloError
{
    private const double Low = 0.05, High = 0.95;

    /// <summary>Largest standard error of mean, 5th and 95th percentile, as a share of the interval between the two.</summary>
    public static double Share(ReadOnlySpan<double> draws)
    {
        var n = draws.Length;
        var sorted = draws.ToArray();
        Array.Sort(sorted);
        var width = Interval.Quantile(sorted, High) - Interval.Quantile(sorted, Low);
        if (width <= 0) return 0;
        double mean = 0, square = 0;
        foreach (var draw in draws) mean += draw / n;
        foreach (var draw in draws) square += (draw - mean) * (draw - mean);
        var ofMean = n > 1 ? Math.Sqrt(square / (n - 1) / n) : double.PositiveInfinity;
        return Math.Max(ofMean, Math.Max(OfPercentile(sorted, Low), OfPercentile(sorted, High))) / width;
    }

    /// <summary>Largest share over every total and burden, before, after and change.</summary>
    public static double Worst(EnsembleDraws draws, ScenarioInputs inputs) =>
        draws.Outcomes(inputs).Max(o => Math.Max(Share(o.Before), Math.Max(Share(o.After), Share(o.Change))));

    private static double OfPercentile(double[] sorted, double p)
    {
        var spread = Math.Sqrt(p * (1 - p) / sorted.Length);
        return (Interval.Quantile(sorted, Math.Min(1, p + spread)) - Interval.Quantile(sorted, Math.Max(0, p - spread))) / 2;
    }
}
