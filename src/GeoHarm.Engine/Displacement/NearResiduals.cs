using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Engine.Displacement;

/// <summary>
/// Log residuals of past survivors about the map less national growth, lent to a unit by the survivors nearest in log area (k nearest
/// neighbours: Stone 1977, doi 10.1214/aos/1176343886). Two years ahead or more they are first centred by a ridge regression on the terms of the
/// history; one year ahead that centring did not help in back-tests and is left out.
/// </summary>
internal sealed class NearResiduals
{
    private const int Fewest = 60; // below it the tails of a window are single units
    private const int Step = 8; // windows start at every eighth survivor: one convolution serves units of like area
    private const double Ridge = 10; // against columns with a sum of squares of the number of survivors, 2,000 and more
    private readonly double[] areas, residuals, shock, means, scales, slopes;
    private readonly double mean;
    private readonly int width;
    private readonly Dictionary<int, double[]> windows = [];

    public NearResiduals(CocaHistory history, int origin, int horizon, double[] shock, ForecastOptions options)
    {
        const int k = CocaHistory.TermCount;
        this.shock = shock;
        var survivors = new List<(double Area, double Residual, double[] Terms)>();
        for (var s = history.FirstYear; s + horizon <= origin; s++)
        {
            ReadOnlySpan<double> before = history.Year(s), after = history.Year(s + horizon);
            var growth = PortableMath.Log(history.Total(s + horizon) / history.Total(s));
            for (var i = 0; i < before.Length; i++)
            {
                if (before[i] > 0 && after[i] > 0) survivors.Add((PortableMath.Log(before[i]), PortableMath.Log(after[i] / before[i]) - growth, history.Terms(s).Slice(i * k, k).ToArray()));
            }
        }
        if (survivors.Count == 0) survivors.Add((0, 0, new double[k]));
        (means, scales, slopes) = (new double[k], new double[k], new double[k]);
        if (horizon > 1) mean = Regress(survivors);
        var centred = survivors.Select(s => (s.Area, Residual: s.Residual - Centre(s.Terms))).OrderBy(s => s.Area).ToArray();
        (areas, residuals) = (Array.ConvertAll(centred, c => c.Area), Array.ConvertAll(centred, c => c.Residual));
        width = Math.Min(areas.Length, Math.Max(Fewest, (int)(options.NearShare * areas.Length)));
    }

    /// <summary>What the regression adds to the log of the map.</summary>
    public double Centre(ReadOnlySpan<double> terms)
    {
        var sum = mean;
        for (var j = 0; j < slopes.Length; j++) sum += slopes[j] == 0 ? 0 : slopes[j] * (terms[j] - means[j]) / scales[j];
        return sum;
    }

    /// <summary>Residuals with the national shock for a unit of so many hectares, ascending.</summary>
    public double[] Of(double hectares)
    {
        var at = Array.BinarySearch(areas, PortableMath.Log(hectares));
        if (at < 0) at = ~at;
        var low = Math.Clamp(at - width / 2, 0, areas.Length - width) / Step * Step;
        if (!windows.TryGetValue(low, out var window))
        {
            var lent = residuals[low..(low + width)];
            Array.Sort(lent);
            windows[low] = window = CocaForecast.Convolved(lent, shock);
        }
        return window;
    }

    private double Regress(List<(double Area, double Residual, double[] Terms)> survivors)
    {
        int k = slopes.Length, n = survivors.Count;
        var centre = survivors.Sum(s => s.Residual) / n;
        for (var j = 0; j < k; j++)
        {
            means[j] = survivors.Sum(s => s.Terms[j]) / n;
            var squares = survivors.Sum(s => (s.Terms[j] - means[j]) * (s.Terms[j] - means[j]));
            scales[j] = squares > 0 ? Math.Sqrt(squares / n) : 1;
        }
        var cross = new double[k, k];
        var right = new double[k];
        var z = new double[k];
        foreach (var s in survivors)
        {
            for (var j = 0; j < k; j++) z[j] = (s.Terms[j] - means[j]) / scales[j];
            for (var j = 0; j < k; j++)
            {
                right[j] += z[j] * (s.Residual - centre);
                for (var l = 0; l <= j; l++) cross[j, l] += z[j] * z[l];
            }
        }
        for (var j = 0; j < k; j++) cross[j, j] += Ridge;
        SymmetricSystem.Solve(cross, right).CopyTo(slopes, 0);
        return centre;
    }
}
