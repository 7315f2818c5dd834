using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Engine.Displacement;

/// <summary>
/// Growth of the national total that no policy of the scenario explains: a log-normal factor with mean 1, so that
/// persistence stays the point forecast (findings A1), and a spread measured on past national totals.
/// </summary>
/// <param name="AnnualDeviation">Root mean square of yearly log growth, measured on the years that may be used.</param>
public readonly record struct NationalShock(double AnnualDeviation)
{
    /// <summary>Measures the spread.</summary>
    /// <param name="totals">National hectares by year.</param>
    /// <param name="useYear">Whether growth into that year may be used.</param>
    public static NationalShock Fit(IReadOnlyDictionary<int, double> totals, Func<int, bool> useYear)
    {
        var growths = totals.Keys.Order().Where(y => totals.ContainsKey(y - 1) && useYear(y)).Select(y => PortableMath.Log(totals[y] / totals[y - 1])).ToList();
        var sum = 0.0;
        foreach (var g in growths) sum += g * g;
        return new NationalShock(growths.Count == 0 ? 0 : Math.Sqrt(sum / growths.Count));
    }

    /// <summary>Factor over <paramref name="years"/> years for a standard normal draw: exp(s z - s^2 / 2), s = deviation x sqrt(years).</summary>
    public double Factor(int years, double normal)
    {
        var s = AnnualDeviation * Math.Sqrt(years);
        return PortableMath.Exp(s * normal - s * s / 2);
    }
}
