using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Engine.Displacement;

/// <summary>
/// Where new hectares appear, given that they appear: p_j = (1 - e) y_j^a / sum y^a + e (0.9 f_j + 0.1 / n), with f
/// proportional to 1 where coca was ever seen and to 0.01 elsewhere (findings A2 and A4). The power a and the floor e
/// are fitted by likelihood on observed gains, every year weighing the same.
/// </summary>
/// <param name="Power">a, 0.4 to 1.</param>
/// <param name="Floor">e, share spread over units with and without coca.</param>
/// <param name="LogLikelihood">Mean over years of the log-likelihood per gained hectare, nats.</param>
/// <param name="Years">Number of years the fit rests on.</param>
public sealed record Attraction(double Power, double Floor, double LogLikelihood, int Years)
{
    internal static readonly double[] Powers = [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0];
    internal static readonly double[] Floors = [0.01, 0.02, 0.05, 0.1, 0.2];

    /// <summary>Fits power and floor on a grid.</summary>
    /// <param name="hectares">Hectares by year, then by unit; all years have the same units.</param>
    /// <param name="useYear">Whether the gains up to a year may be used.</param>
    /// <param name="horizon">Years over which gains are counted; default 1.</param>
    public static Attraction Fit(IReadOnlyDictionary<int, double[]> hectares, Func<int, bool> useYear, int horizon = 1)
    {
        var years = hectares.Keys.Where(y => hectares.ContainsKey(y - horizon) && useYear(y)).Order().ToList();
        if (years.Count == 0) throw new ArgumentException("No pair of years is left to fit attraction on.", nameof(useYear));
        var units = hectares[years[0]].Length;
        var ever = new Dictionary<int, bool[]>();
        foreach (var year in years) ever[year] = EverUpTo(hectares, year - horizon, units);
        Attraction? best = null;
        var p = new double[units];
        foreach (var power in Powers)
        {
            foreach (var floor in Floors)
            {
                var sum = 0.0;
                foreach (var year in years)
                {
                    Weights(hectares[year - horizon], ever[year], power, floor, p);
                    sum += GainLikelihood(hectares[year - horizon], hectares[year], p);
                }
                var mean = sum / years.Count;
                if (best is null || mean > best.LogLikelihood) best = new Attraction(power, floor, mean, years.Count);
            }
        }
        return best!;
    }

    /// <summary>The same with power and floor that the user sets; unchanged for null. The likelihood is then none.</summary>
    public Attraction Set((double Power, double Floor)? own) => own is { } set ? new Attraction(set.Power, set.Floor, double.NaN, 0) : this;

    /// <summary>Attraction of every unit, summing to 1.</summary>
    /// <param name="hectares">Hectares now, one per unit.</param>
    /// <param name="ever">Whether coca was ever seen in the unit.</param>
    /// <param name="weights">Filled with p_j.</param>
    public void Weights(ReadOnlySpan<double> hectares, ReadOnlySpan<bool> ever, Span<double> weights) => Weights(hectares, ever, Power, Floor, weights);

    private static void Weights(ReadOnlySpan<double> hectares, ReadOnlySpan<bool> ever, double power, double floor, Span<double> weights)
    {
        double powers = 0, seen = 0;
        AreaPower.Fill(hectares, power, weights);
        for (var i = 0; i < hectares.Length; i++)
        {
            powers += weights[i];
            seen += (ever[i] ? 1 : 0) + 0.01;
        }
        for (var i = 0; i < hectares.Length; i++)
        {
            var spread = 0.9 * ((ever[i] ? 1 : 0) + 0.01) / seen + 0.1 / hectares.Length;
            weights[i] = powers > 0 ? (1 - floor) * weights[i] / powers + floor * spread : spread;
        }
    }

    /// <summary>Sum over gaining units of their share of all gains times log p, nats per gained hectare.</summary>
    private static double GainLikelihood(ReadOnlySpan<double> before, ReadOnlySpan<double> after, ReadOnlySpan<double> p)
    {
        double gains = 0, sum = 0;
        for (var i = 0; i < before.Length; i++)
        {
            var gain = after[i] - before[i];
            if (gain <= 0) continue;
            gains += gain;
            sum += gain * PortableMath.Log(p[i]);
        }
        return gains > 0 ? sum / gains : 0;
    }

    private static bool[] EverUpTo(IReadOnlyDictionary<int, double[]> hectares, int year, int units)
    {
        var ever = new bool[units];
        foreach (var (other, values) in hectares)
        {
            if (other > year) continue;
            for (var i = 0; i < units; i++) ever[i] |= values[i] > 0;
        }
        return ever;
    }
}
