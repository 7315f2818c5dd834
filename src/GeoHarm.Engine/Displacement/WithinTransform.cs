namespace GeoHarm.Engine.Displacement;

/// <summary>
/// The two-way within transform of a balanced panel, x_it - mean_i - mean_t + mean (Baltagi 2013, Econometric Analysis of
/// Panel Data, equation 3.6): unit and year effects are absorbed, not estimated as dummies. Values are unit-major.
/// </summary>
internal static class WithinTransform
{
    /// <summary>Transforms in place.</summary>
    public static void Apply(Span<double> values, int units, int years)
    {
        Span<double> yearMeans = years <= 256 ? stackalloc double[years] : new double[years];
        yearMeans.Clear();
        var mean = 0.0;
        for (var u = 0; u < units; u++)
        {
            var row = values.Slice(u * years, years);
            var sum = 0.0;
            foreach (var v in row) sum += v;
            for (var t = 0; t < years; t++) yearMeans[t] += row[t];
            mean += sum;
            for (var t = 0; t < years; t++) row[t] -= sum / years;
        }
        mean /= (double)units * years;
        for (var u = 0; u < units; u++)
        {
            for (var t = 0; t < years; t++) values[u * years + t] += mean - yearMeans[t] / units;
        }
    }
}
