using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Quantities;
using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Engine.Displacement;

/// <summary>
/// Hectares by unit and year with the terms that forecasts and allocations share (findings A4, "A3 terms"): what a unit and
/// its surroundings look like at an origin, from that year and earlier only.
/// </summary>
public sealed class CocaHistory
{
    /// <summary>Number of attraction terms.</summary>
    public const int TermCount = 7;

    private readonly double[][] years;
    private readonly double[][] terms;

    /// <summary>A history from a panel variable, with queen contiguity and centroids in metres.</summary>
    public CocaHistory(UnitPanel panel, string variable, SpatialWeights neighbours, double[] x, double[] y)
    {
        (FirstYear, Units) = (panel.FirstYear, panel.Units.Count);
        years = Enumerable.Range(panel.FirstYear, panel.YearCount).Select(t => panel.Year(variable, t)).ToArray();
        Totals = Array.ConvertAll(years, v => v.Sum());
        DistancesKilometres = Distances(x, y);
        terms = MakeTerms(neighbours.RowStandardised());
    }

    /// <summary>Number of units.</summary>
    public int Units { get; }

    /// <summary>First year.</summary>
    public int FirstYear { get; }

    /// <summary>Last year.</summary>
    public int LastYear => FirstYear + years.Length - 1;

    /// <summary>Distances between centroids, km, units x units.</summary>
    public double[] DistancesKilometres { get; }

    private double[] Totals { get; }

    /// <summary>Hectares of a year, by unit.</summary>
    public ReadOnlySpan<double> Year(int year) => years[year - FirstYear];

    /// <summary>National total of a year.</summary>
    public double Total(int year) => Totals[year - FirstYear];

    /// <summary>The terms of all units at an origin, row-major, <see cref="TermCount"/> a unit: log(1 + y_t), [y_t = 0],
    /// log(1 + y_(t-1)), log(1 + largest so far), share of years with coca so far, log(1 + mean of neighbours),
    /// log(1 + sum of others times exp(-d / 75 km)). In the first year y_(t-1) is y_t.</summary>
    public ReadOnlySpan<double> Terms(int year) => terms[year - FirstYear];

    /// <summary>Whether coca was seen in a unit up to a year.</summary>
    public bool EverUpTo(int unit, int year)
    {
        for (var t = 0; t <= year - FirstYear; t++)
        {
            if (years[t][unit] > 0) return true;
        }
        return false;
    }

    private double[][] MakeTerms(SpatialWeights mean)
    {
        const double reach = 75; // km: findings A4
        var kernel = Array.ConvertAll(DistancesKilometres, d => PortableMath.Exp(-d / reach));
        var result = new double[years.Length][];
        double[] largest = new double[Units], present = new double[Units];
        for (var t = 0; t < years.Length; t++)
        {
            var now = years[t];
            var before = years[Math.Max(0, t - 1)];
            var lag = mean.Lag(now);
            var z = result[t] = new double[Units * TermCount];
            for (var i = 0; i < Units; i++)
            {
                largest[i] = Math.Max(largest[i], now[i]);
                present[i] += now[i] > 0 ? 1 : 0;
                var around = 0.0;
                var row = kernel.AsSpan(i * Units, Units);
                for (var j = 0; j < Units; j++) around += row[j] * now[j];
                around = Math.Max(0, around - now[i]);
                double[] unit =
                [
                    ForecastScores.Log1P(now[i]), now[i] > 0 ? 0 : 1, ForecastScores.Log1P(before[i]), ForecastScores.Log1P(largest[i]),
                    present[i] / (t + 1), ForecastScores.Log1P(lag[i]), ForecastScores.Log1P(around),
                ];
                unit.CopyTo(z, i * TermCount);
            }
        }
        return result;
    }

    private static double[] Distances(double[] x, double[] y)
    {
        var n = x.Length;
        var d = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++) d[i * n + j] = Math.Sqrt((x[i] - x[j]) * (x[i] - x[j]) + (y[i] - y[j]) * (y[i] - y[j])) / 1000;
        }
        return d;
    }
}
