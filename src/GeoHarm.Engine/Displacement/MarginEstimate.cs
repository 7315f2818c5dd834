using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Engine.Displacement;

/// <summary>Displaced share at one length scale.</summary>
/// <param name="KappaKilometres">kappa, km.</param>
/// <param name="Share">pi, share of gained hectares that follow the origins; negative where gains keep away from them.</param>
/// <param name="StandardError">From the curvature, with years counted as <see cref="MarginResult.EffectiveDraws"/> independent hectares each.</param>
/// <param name="Gain">Log-likelihood less that of attraction alone, nats per year.</param>
public sealed record DisplacedShare(double KappaKilometres, double Share, double StandardError, double Gain);

/// <summary>A displaced share and length scale fitted to margins. Not a measured flow: see <see cref="IdentificationTest"/>.</summary>
/// <param name="Best">At the kappa with the largest likelihood.</param>
/// <param name="ByKappa">At every kappa tried.</param>
/// <param name="LogLikelihood">Of attraction alone, nats per year.</param>
/// <param name="EffectiveDraws">Independent draws a year to which the scatter of gains about attraction corresponds.</param>
/// <param name="Years">Periods used.</param>
public sealed record MarginResult(DisplacedShare Best, IReadOnlyList<DisplacedShare> ByKappa, double LogLikelihood, double EffectiveDraws, int Years);

/// <summary>Leakage at one length scale.</summary>
/// <param name="KappaKilometres">kappa, km.</param>
/// <param name="Leakage">lambda, hectares gained elsewhere per hectare at the origins, 0 to 3.</param>
/// <param name="Gain">Poisson pseudo-log-likelihood less that at lambda 0, nats per hectare gained.</param>
public sealed record LeakageAt(double KappaKilometres, double Leakage, double Gain);

/// <summary>
/// Displacement from margins (models.md 1; findings A3). Share form: of a year's gains a share pi lands by P(j|i) proportional to
/// a_j exp(-d_ij / kappa), j not i, from the origins i, the rest by attraction alone: p_j = (1 - pi) a_j + pi k_j(kappa); pi maximises the sum of
/// gain shares times log p, which is concave in pi. Growth form: hectares gained are Poisson with mean g_t a_j + lambda sum_i l_i P(j|i), the
/// growth g_t at least 0 and free in every year (Poisson pseudo-likelihood: Gourieroux, Monfort, Trognon 1984, doi 10.2307/1913471). Both are
/// conditional on which units can gain at all: a unit that lost cannot, and without that condition losers leave the gains nearer to other
/// losers than chance would (with no displacement the fitted share was 0.46 in trial, 0.08 with the condition).
/// Cost: kappas x years x origins x units.
/// </summary>
public sealed class MarginEstimate
{
    private readonly IReadOnlyList<GainMargins> years;
    private readonly DistanceKernels kernels;
    private readonly double[][] attraction, gains;

    /// <summary>Prepares periods over the same units.</summary>
    public MarginEstimate(IReadOnlyList<GainMargins> years, DistanceKernels kernels)
    {
        if (years.Count == 0) throw new ArgumentException("No period is left.", nameof(years));
        (this.years, this.kernels) = (years, kernels);
        attraction = years.Select(y => Conditional(y.Attraction, y.Open)).ToArray();
        gains = years.Select(y => Conditional(y.Gained, y.Open)).ToArray();
        double scatter = 0, binomial = 0;
        for (var t = 0; t < gains.Length; t++)
        {
            for (var j = 0; j < gains[t].Length; j++)
            {
                var p = attraction[t][j];
                scatter += (gains[t][j] - p) * (gains[t][j] - p);
                binomial += p * (1 - p);
            }
        }
        EffectiveDraws = scatter > 0 ? Math.Max(1, binomial / scatter) : double.PositiveInfinity;
    }

    /// <summary>The periods.</summary>
    internal IReadOnlyList<GainMargins> Years => years;

    /// <summary>alpha + 1 of the Dirichlet distribution with the scatter of the gain shares about attraction.</summary>
    public double EffectiveDraws { get; }

    /// <summary>Mean over years of gain shares times log attraction.</summary>
    public double BaseLikelihood => gains.Select((g, t) => Likelihood(g, attraction[t], attraction[t], 0)).Sum() / years.Count;

    /// <summary>The share form at every kappa.</summary>
    public MarginResult Shares(IReadOnlyList<double> kappasKilometres)
    {
        var all = kappasKilometres.Select(kappa => ShareAt(kappa, Landing(kappa), null)).ToArray();
        return new MarginResult(all.MaxBy(s => s.Gain)!, all, BaseLikelihood, EffectiveDraws, years.Count);
    }

    /// <summary>The growth form at every kappa; the best first.</summary>
    public IReadOnlyList<LeakageAt> Leakages(IReadOnlyList<double> kappasKilometres) =>
        [.. kappasKilometres.Select(kappa => LeakageAt(kappa, Landing(kappa))).OrderByDescending(l => l.Gain)];

    /// <summary>Where the origins' hectares would land at kappa, by year, conditional on who can gain.</summary>
    internal double[][] Landing(double kappa) => years.Select((y, t) => Conditional(Landing(y, kappa), y.Open)).ToArray();

    /// <summary>Where each origin's hectares would land, as shares of all.</summary>
    private double[] Landing(GainMargins year, double kappa)
    {
        var n = year.Attraction.Length;
        var landing = new double[n];
        var total = 0.0;
        foreach (var v in year.Origins) total += v;
        if (total <= 0) return year.Attraction.ToArray();
        var a = year.Attraction;
        for (var i = 0; i < n; i++)
        {
            if (year.Origins[i] <= 0) continue;
            var row = kernels.Row(kappa, i);
            var sum = FixedLanes.Dot(a, row) - a[i] * row[i];
            if (sum <= 0) continue;
            var q = year.Origins[i] / total / sum;
            FixedLanes.AddScaled(q, row, landing);
            landing[i] -= q * row[i];
        }
        for (var j = 0; j < n; j++) landing[j] = Math.Max(0, landing[j]) * a[j];
        return landing;
    }

    /// <summary>pi over the years that <paramref name="use"/> names (null: all), by bisection on the falling derivative.</summary>
    internal DisplacedShare ShareAt(double kappa, double[][] landing, Func<int, bool>? use)
    {
        var chosen = Enumerable.Range(0, years.Count).Where(t => use?.Invoke(t) ?? true).ToArray();
        double low = -1, high = 1;
        foreach (var t in chosen)
        {
            for (var j = 0; j < gains[t].Length; j++)
            {
                var d = landing[t][j] - attraction[t][j];
                if (gains[t][j] > 0 && d > 0) low = Math.Max(low, -attraction[t][j] / d);
            }
        }
        (double First, double Second) Slope(double pi)
        {
            double first = 0, second = 0;
            foreach (var t in chosen)
            {
                for (var j = 0; j < gains[t].Length; j++)
                {
                    if (gains[t][j] <= 0) continue;
                    var d = landing[t][j] - attraction[t][j];
                    var r = d / (attraction[t][j] + pi * d);
                    first += gains[t][j] * r;
                    second += gains[t][j] * r * r;
                }
            }
            return (first, second);
        }
        for (var step = 0; step < 50; step++)
        {
            var middle = 0.5 * (low + high);
            if (Slope(middle).First > 0) low = middle;
            else high = middle;
        }
        var pi = 0.5 * (low + high);
        return new DisplacedShare(kappa, pi, 1 / Math.Sqrt(Math.Max(1e-300, EffectiveDraws * Slope(pi).Second)), Gain(landing, pi, chosen));
    }

    /// <summary>Nats per year of share pi over attraction alone, for the years given.</summary>
    internal double Gain(double[][] landing, double pi, int[] chosen) =>
        chosen.Sum(t => Likelihood(gains[t], attraction[t], landing[t], pi) - Likelihood(gains[t], attraction[t], landing[t], 0)) / chosen.Length;

    private static double Likelihood(double[] gains, double[] attraction, double[] landing, double pi)
    {
        var sum = 0.0;
        for (var j = 0; j < gains.Length; j++)
        {
            if (gains[j] > 0) sum += gains[j] * PortableMath.Log(Math.Max(1e-300, attraction[j] + pi * (landing[j] - attraction[j])));
        }
        return sum;
    }

    /// <summary>lambda by golden section on the likelihood profiled over the yearly growth.</summary>
    private LeakageAt LeakageAt(double kappa, double[][] landing)
    {
        double hectares = 0;
        var raw = years.Select((y, t) => (Gained: Total(y.Gained), Lost: Total(y.Origins))).ToArray();
        foreach (var r in raw) hectares += r.Gained;
        double Profile(double lambda)
        {
            var sum = 0.0;
            for (var t = 0; t < years.Count; t++) sum += GrowthProfile(years[t].Gained, attraction[t], landing[t], lambda * raw[t].Lost, raw[t].Gained);
            return sum / hectares;
        }
        double low = 0, high = 3;
        var ratio = (Math.Sqrt(5) - 1) / 2;
        double a = high - ratio * (high - low), b = low + ratio * (high - low), fa = Profile(a), fb = Profile(b);
        while (high - low > 1e-4)
        {
            if (fa >= fb) { (high, b, fb) = (b, a, fa); a = high - ratio * (high - low); fa = Profile(a); }
            else { (low, a, fa) = (a, b, fb); b = low + ratio * (high - low); fb = Profile(b); }
        }
        var best = 0.5 * (low + high);
        var none = Profile(0);
        return Profile(best) > none ? new LeakageAt(kappa, best, Profile(best) - none) : new LeakageAt(kappa, 0, 0);
    }

    /// <summary>Pseudo-likelihood of one year at displaced hectares given, its growth g at least 0 found by bisection.</summary>
    private static double GrowthProfile(ReadOnlySpan<double> gained, double[] attraction, double[] landing, double displaced, double total)
    {
        double low = 0, high = Math.Max(total, 1e-12);
        for (var step = 0; step < 45; step++)
        {
            var g = 0.5 * (low + high);
            var slope = -1.0;
            for (var j = 0; j < gained.Length; j++)
            {
                if (gained[j] > 0) slope += gained[j] * attraction[j] / (g * attraction[j] + displaced * landing[j]);
            }
            if (slope > 0) low = g;
            else high = g;
        }
        var growth = 0.5 * (low + high);
        var sum = -growth - displaced;
        for (var j = 0; j < gained.Length; j++)
        {
            if (gained[j] > 0) sum += gained[j] * PortableMath.Log(Math.Max(1e-300, growth * attraction[j] + displaced * landing[j]));
        }
        return sum;
    }

    private static double Total(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var v in values) sum += v;
        return sum;
    }

    /// <summary>Values of the units that can gain, summing to 1.</summary>
    private static double[] Conditional(ReadOnlySpan<double> values, ReadOnlySpan<bool> open)
    {
        var result = new double[values.Length];
        var sum = 0.0;
        for (var i = 0; i < result.Length; i++)
        {
            if (open[i]) sum += result[i] = values[i];
        }
        if (sum > 0) for (var i = 0; i < result.Length; i++) result[i] /= sum;
        return result;
    }
}
