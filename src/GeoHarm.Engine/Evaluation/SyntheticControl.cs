using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Quantities;
using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Engine.Evaluation;

/// <summary>A synthetic comparison.</summary>
/// <param name="Effect">Treated less synthetic at <c>After</c> (synthetic control), or the doubly weighted difference over the
/// years after (synthetic DiD), with its 95 % placebo interval.</param>
/// <param name="Weights">Donors with weight, panel positions, largest first.</param>
/// <param name="Gaps">Treated less synthetic by year.</param>
/// <param name="PreFit">Root mean square gap up to <c>Before</c>.</param>
/// <param name="Rank">Rank of the treated among all placebos by the ratio of gaps after to before, 1 the most unusual.</param>
/// <param name="P">Rank over the number of placebos and the treated.</param>
public sealed record SyntheticResult(
    Effect Effect, IReadOnlyList<(int Unit, double Weight)> Weights, IReadOnlyList<(int Year, double Gap)> Gaps, double PreFit, int Rank, double P);

/// <summary>Settings of synthetic comparisons.</summary>
public sealed record SyntheticOptions
{
    /// <summary>Ridge of synthetic control relative to the squared length of the treated path, 0 or more; default 1e-6: enough to make
    /// the weights unique where donors outnumber years, too little to show in the fit.</summary>
    public double Ridge { get; init; } = 1e-6;

    /// <summary>Donors used as placebos, at most; default 200: p is known to 0.005.</summary>
    public int MostPlacebos { get; init; } = 200;

    /// <summary>Seed that chooses placebos where donors are more; default 1.</summary>
    public ulong Seed { get; init; } = 1;
}

/// <summary>
/// Synthetic control (Abadie, Diamond, Hainmueller 2010, doi 10.1198/jasa.2009.ap08746) on the path of the outcome up to <c>Before</c>:
/// donor weights of at least 0 with sum 1 that come nearest to the treated mean; placebo tests in space by giving the
/// programme to each donor in turn; and synthetic difference in differences (Arkhangelsky, Athey, Hirshberg, Imbens,
/// Wager 2021, equations 2.1 to 2.4, doi 10.1257/aer.20190159) with unit weights, an intercept, a ridge and time weights.
/// Donors must not include neighbours that may receive what the programme pushed out: leave them out of the programme's controls.
/// </summary>
public static class SyntheticControl
{
    /// <summary>Synthetic control with placebos in space.</summary>
    public static SyntheticResult Run(UnitPanel panel, Programme programme, SyntheticOptions? options = null)
    {
        options ??= new SyntheticOptions();
        var paths = new Paths(panel, programme);
        var donors = programme.Controls.Select(paths.Of).ToList();
        var treated = paths.Mean(programme.Treated);
        var (weights, gaps) = Fit(treated, donors, paths.PreYears, options.Ridge);
        var effect = gaps[programme.After - panel.FirstYear];
        var ratio = Ratio(gaps, paths.PreYears);
        var placebos = Chosen(donors, paths.PreYears, options).Select(d =>
        {
            var others = donors.Where((_, j) => j != d).ToList();
            return others.Count == 0 ? null : Fit(donors[d], others, paths.PreYears, options.Ridge).Gaps;
        }).OfType<double[]>().ToList();
        var rank = 1 + placebos.Count(g => Ratio(g, paths.PreYears) >= ratio);
        return Result(panel, programme, effect, weights, gaps, paths.PreYears, rank, placebos.Select(g => g[programme.After - panel.FirstYear]).ToArray());
    }

    /// <summary>Synthetic difference in differences over the years after <c>Before</c> up to <c>After</c>.</summary>
    public static SyntheticResult RunDifference(UnitPanel panel, Programme programme, SyntheticOptions? options = null)
    {
        options ??= new SyntheticOptions();
        var paths = new Paths(panel, programme);
        var donors = programme.Controls.Select(paths.Of).ToList();
        var (effect, weights, gaps) = Difference(paths.Mean(programme.Treated), donors, paths, programme.Treated.Count);
        var draws = new List<double>();
        foreach (var d in Chosen(donors, paths.PreYears, options))
        {
            var others = donors.Where((_, j) => j != d).ToList();
            if (others.Count > 0) draws.Add(Difference(donors[d], others, paths, 1).Effect);
        }
        var rank = 1 + draws.Count(d => Math.Abs(d) >= Math.Abs(effect));
        return Result(panel, programme, effect, weights, gaps, paths.PreYears, rank, [.. draws]);
    }

    private static SyntheticResult Result(
        UnitPanel panel, Programme programme, double effect, double[] weights, double[] gaps, int preYears, int rank, double[] placebos)
    {
        Array.Sort(placebos);
        var listed = weights.Select((w, j) => (Unit: programme.Controls[j], Weight: w)).Where(u => u.Weight > 1e-6).OrderByDescending(u => u.Weight).ThenBy(u => u.Unit).ToArray();
        return new SyntheticResult(
            placebos.Length == 0 ? new Effect(effect, double.NaN, double.NaN) : new Effect(effect, effect - Interval.Quantile(placebos, 0.975), effect - Interval.Quantile(placebos, 0.025)),
            listed, gaps.Select((g, t) => (panel.FirstYear + t, g)).ToArray(), Math.Sqrt(gaps.Take(preYears).Sum(g => g * g) / preYears), rank, (double)rank / (1 + placebos.Length));
    }

    private static (double[] Weights, double[] Gaps) Fit(double[] treated, List<double[]> donors, int preYears, double ridge)
    {
        var target = treated[..preYears];
        var weights = SimplexLeastSquares.Solve(donors.ConvertAll(d => d[..preYears]), target, ridge * Math.Max(1e-12, target.Sum(v => v * v)));
        return (weights, GapsOf(treated, donors, weights));
    }

    private static double[] GapsOf(double[] treated, List<double[]> donors, double[] weights)
    {
        var gaps = (double[])treated.Clone();
        for (var j = 0; j < weights.Length; j++)
        {
            if (weights[j] == 0) continue;
            for (var t = 0; t < gaps.Length; t++) gaps[t] -= weights[j] * donors[j][t];
        }
        return gaps;
    }

    private static double Ratio(double[] gaps, int preYears)
    {
        double before = 0, after = 0;
        for (var t = 0; t < gaps.Length; t++)
        {
            if (t < preYears) before += gaps[t] * gaps[t] / preYears;
            else after += gaps[t] * gaps[t] / (gaps.Length - preYears);
        }
        return before > 0 ? after / before : after > 0 ? double.PositiveInfinity : 0;
    }

    private static (double Effect, double[] Weights, double[] Gaps) Difference(double[] treated, List<double[]> donors, Paths paths, int treatedCount)
    {
        int pre = paths.PreYears, post = paths.AfterIndex - pre + 1;
        var ridge = Zeta(donors, pre, treatedCount, post);
        // An intercept is free: centre every path over the years before.
        double[] Centred(double[] path) { var mean = path[..pre].Average(); return Array.ConvertAll(path[..pre], v => v - mean); }
        var unitWeights = SimplexLeastSquares.Solve(donors.ConvertAll(Centred), Centred(treated), ridge * ridge * pre);
        // Time weights: years before that foretell the controls' mean after, centred over donors.
        var target = donors.Select(d => d[pre..(pre + post)].Average()).ToArray();
        var columns = Enumerable.Range(0, pre).Select(t => CentredAcross(donors.Select(d => d[t]).ToArray())).ToList();
        var small = 1e-6 * Zeta(donors, pre, 1, 1); // equation 2.3: a trace of ridge for uniqueness
        var timeWeights = SimplexLeastSquares.Solve(columns, CentredAcross(target), small * small * donors.Count + 1e-12);
        double Contrast(double[] path)
        {
            var before = 0.0;
            for (var t = 0; t < pre; t++) before += timeWeights[t] * path[t];
            return path[pre..(pre + post)].Average() - before;
        }
        var effect = Contrast(treated);
        for (var j = 0; j < donors.Count; j++) effect -= unitWeights[j] * Contrast(donors[j]);
        return (effect, unitWeights, GapsOf(treated, donors, unitWeights));
    }

    /// <summary>zeta = (N1 T1)^(1/4) times the deviation of the donors' yearly changes before (equation 2.2).</summary>
    private static double Zeta(List<double[]> donors, int pre, int treated, int post)
    {
        var changes = donors.SelectMany(d => Enumerable.Range(1, Math.Max(0, pre - 1)).Select(t => d[t] - d[t - 1])).ToArray();
        if (changes.Length < 2) return 0;
        var mean = changes.Average();
        var deviation = Math.Sqrt(changes.Sum(c => (c - mean) * (c - mean)) / (changes.Length - 1));
        return PortableMath.Pow((double)treated * post, 0.25) * deviation;
    }

    private static double[] CentredAcross(double[] values)
    {
        var mean = values.Average();
        return Array.ConvertAll(values, v => v - mean);
    }

    /// <summary>Placebos: donors that had any of the outcome before; one that had none has no fit to compare.</summary>
    private static IEnumerable<int> Chosen(List<double[]> donors, int preYears, SyntheticOptions options)
    {
        var order = Enumerable.Range(0, donors.Count).Where(d => donors[d].Take(preYears).Any(v => v != 0)).ToArray();
        if (order.Length <= options.MostPlacebos) return order;
        var random = new CounterRandom(options.Seed, 0, 2);
        for (var k = 0; k < options.MostPlacebos; k++)
        {
            var other = k + random.NextBelow(order.Length - k);
            (order[k], order[other]) = (order[other], order[k]);
        }
        return order[..options.MostPlacebos].Order();
    }

    private sealed class Paths
    {
        private readonly double[] values;
        private readonly UnitPanel panel;
        private readonly Programme programme;

        public Paths(UnitPanel panel, Programme programme)
        {
            (this.panel, this.programme) = (panel, programme);
            values = panel.Values(programme.Outcome).ToArray();
            if (PreYears < 2) throw new ArgumentException("A synthetic comparison needs at least two years up to the year before.", nameof(programme));
        }

        public int PreYears => programme.Before - panel.FirstYear + 1;

        public int AfterIndex => programme.After - panel.FirstYear;

        public double[] Of(int unit) => Array.ConvertAll(values[(unit * panel.YearCount)..((unit + 1) * panel.YearCount)], programme.Measure);

        public double[] Mean(IReadOnlyList<int> units)
        {
            var mean = new double[panel.YearCount];
            foreach (var u in units)
            {
                var path = Of(u);
                for (var t = 0; t < mean.Length; t++) mean[t] += path[t] / units.Count;
            }
            return mean;
        }
    }
}
