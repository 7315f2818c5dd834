using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Quantities;
using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Engine.Evaluation;

/// <summary>A difference in differences.</summary>
/// <param name="Effect">Change among the treated less change among the controls, with its 95 % interval.</param>
/// <param name="EventStudy">The same difference for every year against the year before: those earlier test whether both moved alike.</param>
/// <param name="PlaceboP">Share of placebo programmes, as many control units drawn at random, with an effect as large.</param>
public sealed record DifferenceResult(Effect Effect, IReadOnlyList<(int Year, Effect Effect)> EventStudy, double PlaceboP);

/// <summary>How intervals and placebos are drawn.</summary>
public sealed record EvaluationOptions
{
    /// <summary>Placebo or bootstrap draws, 99 or more; default 999: p is known to 0.001.</summary>
    public int Draws { get; init; } = 999;

    /// <summary>Seed of the counter-based generator; default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Whether treated and controls are summed to two series first (hectares of an area) instead of averaged over units.</summary>
    public bool Sum { get; init; }
}

/// <summary>
/// Difference in differences, (Y1_after - Y1_before) - (Y0_after - Y0_before) (Angrist, Pischke 2009, section 5.2). Over units:
/// means, with a variance from the units' own changes (equal to clustering by unit in the two-way regression with two
/// years). As sums: two series; the interval then comes from placebo programmes, the effects of as many control units drawn at
/// random (Conley, Taber 2011, doi 10.1162/REST_a_00049). It says what followed, not that the programme did it.
/// </summary>
public static class DifferenceInDifferences
{
    private const double Normal95 = 1.959963984540054;

    /// <summary>The effect at <c>After</c> and the event study over all years of the panel.</summary>
    public static DifferenceResult Run(UnitPanel panel, Programme programme, EvaluationOptions? options = null)
    {
        options ??= new EvaluationOptions();
        var placebos = Placebos(programme, options);
        var events = new List<(int, Effect)>();
        for (var year = panel.FirstYear; year <= panel.LastYear; year++)
        {
            if (year != programme.Before) events.Add((year, At(panel, programme, year, placebos, options, out _)));
        }
        var effect = At(panel, programme, programme.After, placebos, options, out var p);
        return new DifferenceResult(effect, events, p);
    }

    private static Effect At(UnitPanel panel, Programme programme, int year, List<(int[] Treated, int[] Controls)> placebos, EvaluationOptions options, out double p)
    {
        double[] before = panel.Year(programme.Outcome, programme.Before), after = panel.Year(programme.Outcome, year);
        var value = Difference(before, after, programme, programme.Treated, programme.Controls, options.Sum);
        var draws = placebos.Select(d => Difference(before, after, programme, d.Treated, d.Controls, options.Sum)).Where(double.IsFinite).Order().ToArray();
        p = (1.0 + draws.Count(d => Math.Abs(d) >= Math.Abs(value) - 1e-12)) / (1 + draws.Length);
        if (options.Sum)
        {
            // The effect less the noise that programmes without effect show.
            return draws.Length == 0 ? new Effect(value, double.NaN, double.NaN)
                : new Effect(value, value - Interval.Quantile(draws, 0.975), value - Interval.Quantile(draws, 0.025));
        }
        var error = Math.Sqrt(MeanVariance(before, after, programme, programme.Treated) + MeanVariance(before, after, programme, programme.Controls));
        return new Effect(value, value - Normal95 * error, value + Normal95 * error);
    }

    private static double Difference(double[] before, double[] after, Programme programme, IReadOnlyList<int> treated, IReadOnlyList<int> controls, bool sum)
    {
        return Change(treated) - Change(controls);

        double Change(IReadOnlyList<int> units)
        {
            double first = 0, last = 0, mean = 0;
            foreach (var u in units)
            {
                first += before[u];
                last += after[u];
                mean += programme.Measure(after[u]) - programme.Measure(before[u]);
            }
            if (!sum) return mean / units.Count;
            return programme.Log ? PortableMath.Log(last / first) : last - first;
        }
    }

    private static double MeanVariance(double[] before, double[] after, Programme programme, IReadOnlyList<int> units)
    {
        var changes = units.Select(u => programme.Measure(after[u]) - programme.Measure(before[u])).ToArray();
        var mean = changes.Average();
        return units.Count < 2 ? 0 : changes.Sum(c => (c - mean) * (c - mean)) / units.Count / units.Count;
    }

    private static List<(int[] Treated, int[] Controls)> Placebos(Programme programme, EvaluationOptions options)
    {
        var placebos = new List<(int[], int[])>();
        var k = programme.Treated.Count;
        if (programme.Controls.Count <= k) return placebos;
        for (var d = 0; d < options.Draws; d++)
        {
            var random = new CounterRandom(options.Seed, (uint)d, 0);
            var order = programme.Controls.ToArray();
            for (var i = 0; i < k; i++)
            {
                var other = i + random.NextBelow(order.Length - i);
                (order[i], order[other]) = (order[other], order[i]);
            }
            placebos.Add((order[..k], order[k..]));
        }
        return placebos;
    }
}
