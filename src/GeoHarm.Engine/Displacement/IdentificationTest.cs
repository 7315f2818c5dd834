using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Quantities;
using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Engine.Displacement;

/// <summary>Settings of the identification test.</summary>
public sealed record IdentificationOptions
{
    /// <summary>Years over which gains and losses are counted, 1 or more; default 1.</summary>
    public int Horizon { get; init; } = 1;

    /// <summary>Whether the losses of the period before are taken; default false: those of the same period.</summary>
    public bool Lagged { get; init; }

    /// <summary>Length scales tried, km; default 15 to 800 (findings A3).</summary>
    public IReadOnlyList<double> KappasKilometres { get; init; } = [15, 30, 50, 75, 100, 150, 250, 400, 800];

    /// <summary>Length scales of the joint likelihood that are set against infinity, km; default 30, 75, 250, 800 (findings A3).</summary>
    public IReadOnlyList<double> JointKappasKilometres { get; init; } = [30, 75, 250, 800];

    /// <summary>Region of every unit (department) for errors and the test within region and year; null leaves that test out.</summary>
    public IReadOnlyList<int>? Regions { get; init; }

    /// <summary>Draws of the permutation test, 19 or more; default 99: p is known to 0.01.</summary>
    public int Draws { get; init; } = 99;

    /// <summary>Seed of the permutations; default 11 (findings A4).</summary>
    public ulong Seed { get; init; } = 11;

    /// <summary>Correlation of whether units within 50 km lost above which displacement is not identified, 0 to 1; default 0.02. Regional shocks
    /// hide displacement: in simulation a regional share of 0.1 of the variance shows as 0.03 and makes a share of 0.30 look like 0.17
    /// (docs/methods/displacement.md); without such shocks the correlation is -0.001.</summary>
    public double MostCoMovement { get; init; } = 0.02;
}

/// <summary>One condition of identification.</summary>
/// <param name="Name">likelihood, outOfSample, placebo, permutation, coMovement, rings or withinRegions.</param>
/// <param name="Value">The statistic.</param>
/// <param name="Passed">Whether it speaks for identified displacement (for rings and withinRegions: does not speak against).</param>
/// <param name="Reason">The statistic in words.</param>
public sealed record IdentificationCheck(string Name, double Value, bool Passed, string Reason);

/// <summary>Whether displacement is identified in a panel, and why.</summary>
/// <param name="Identified">Whether every check passed.</param>
/// <param name="Checks">The checks.</param>
/// <param name="Estimate">Share form by kappa.</param>
/// <param name="Leakage">Growth form by kappa, best first.</param>
/// <param name="Joint">Joint likelihood by kappa, infinity first.</param>
/// <param name="Rings">Coefficients of log(1 + hectares lost) in the rings, on gain shares.</param>
/// <param name="WithinRegions">Coefficients of log(1 + lost hectares weighted by exp(-d / kappa)) within region and year, by kappa 25 and 75 km.</param>
/// <param name="CoMovement">Correlation of whether units lost, 0-50 and 50-100 km apart.</param>
public sealed record IdentificationResult(
    bool Identified, IReadOnlyList<IdentificationCheck> Checks, MarginResult Estimate, IReadOnlyList<LeakageAt> Leakage, IReadOnlyList<KernelLogitResult> Joint,
    IReadOnlyList<Coefficient> Rings, IReadOnlyList<Coefficient> WithinRegions, IReadOnlyList<double> CoMovement);

/// <summary>
/// Do the data say where lost hectares reappear? (models.md 1, findings A3.) The displaced share and length scale are fitted to margins and then
/// tried: against no displacement, out of sample, against future losses (which cannot have pushed anything), against loss rates
/// shuffled among the same year's losers (does how much was lost matter, or only that the place is one that loses), against rings and
/// within regions; and neighbours must not lose together, since regional shocks hide displacement and bias the share.
/// Only if all agree is it called identified; and even then a fitted share is an association in margins, not a measured flow.
/// Cost: seconds for 1,116 units and 24 years.
/// </summary>
public static class IdentificationTest
{
    private const double Chance = 2.705543; // 95th percentile of the likelihood ratio at a boundary: half chi-squared with 1 degree (Self, Liang 1987)
    private const double Against = -1.644854; // z below which a coefficient speaks against
    private static readonly double[] RingEdges = [0, 50, 100, 200, 400]; // km, findings A3

    /// <summary>Runs the test on all origins that have the years before and after.</summary>
    public static IdentificationResult Run(CocaHistory history, IdentificationOptions? options = null)
    {
        options ??= new IdentificationOptions();
        var h = options.Horizon;
        int first = history.FirstYear + (options.Lagged ? h : 1), last = history.LastYear - h;
        if (last - first < 7) throw new InvalidInputException([new Fault(FaultSeverity.Error, "GH5530", "panel", $"years {history.FirstYear}-{history.LastYear}", $"Identification needs at least eight origins; the panel leaves {Math.Max(0, last - first + 1)}.", "Give a longer panel, or a shorter horizon.")]);
        var origins = Enumerable.Range(first, last - first + 1).ToArray();
        var kernels = new DistanceKernels(history.DistancesKilometres, history.Units);
        var estimate = Fitted(history, origins, options, kernels);
        var shares = estimate.Shares(options.KappasKilometres);
        var regions = options.Regions ?? Enumerable.Range(0, history.Units).ToArray();
        var rings = Rings(history, origins, options, regions);
        var within = options.Regions is null ? [] : new[] { 25.0, 75 }.Select(k => Within(history, origins, options, options.Regions, k, kernels)).ToArray();
        var moving = CoMovement(history, origins, h);
        var joint = options.JointKappasKilometres.Prepend(double.PositiveInfinity).Select(k => KernelLogit.Fit(history, k, h, options.Lagged, first, last, kernels)).ToArray();
        List<IdentificationCheck> checks =
        [
            Likelihood(shares), OutOfSample(estimate, options, origins), Placebo(history, estimate, kernels, options, origins, shares.Best),
            Permutation(history, estimate, kernels, options, origins, shares.Best), Moving(moving[0], options), Sign("rings", rings[0]),
        ];
        if (within.Length > 0) checks.Add(Sign("withinRegions", within[^1]));
        return new IdentificationResult(checks.All(c => c.Passed), checks, shares, estimate.Leakages(options.KappasKilometres), joint, rings, within, moving);
    }

    /// <summary>Margins of every origin with the attraction that fits gains best, given the share and kappa it leads to: all powers and floors
    /// without displacement, then those beside the best with it.</summary>
    internal static MarginEstimate Fitted(CocaHistory history, int[] origins, IdentificationOptions options, DistanceKernels kernels)
    {
        var h = options.Horizon;
        var ever = Array.ConvertAll(origins, t => Enumerable.Range(0, history.Units).Select(i => history.EverUpTo(i, t)).ToArray());
        var margins = Array.ConvertAll(origins, t => new GainMargins(
            GainMargins.Change(history, t, h, 1), GainMargins.Change(history, options.Lagged ? t - h : t, h, -1), new double[history.Units], Open(history, t, options)));
        int[] all = [.. Enumerable.Range(0, origins.Length)];
        var (_, best, at) = Best(Pairs((0, 0), 99), c => c.BaseLikelihood);
        var found = best.Shares(options.KappasKilometres).Best;
        return Best(Pairs(at, 1), c => c.BaseLikelihood + c.Gain(c.Landing(found.KappaKilometres), found.Share, all)).Estimate;

        (double Value, MarginEstimate Estimate, (int Power, int Floor) At) Best(IEnumerable<(int Power, int Floor)> pairs, Func<MarginEstimate, double> likelihood) => pairs.Select(pair =>
        {
            var attraction = new Attraction(Attraction.Powers[pair.Power], Attraction.Floors[pair.Floor], 0, 0);
            var candidate = new MarginEstimate(margins.Select((m, t) =>
            {
                var weights = new double[history.Units];
                attraction.Weights(history.Year(origins[t]), ever[t], weights);
                return m.WithAttraction(weights);
            }).ToArray(), kernels);
            return (likelihood(candidate), candidate, pair);
        }).MaxBy(c => c.Item1);

        static IEnumerable<(int Power, int Floor)> Pairs((int Power, int Floor) centre, int reach) =>
            from power in Enumerable.Range(0, Attraction.Powers.Length) from floor in Enumerable.Range(0, Attraction.Floors.Length)
            where Math.Abs(power - centre.Power) <= reach && Math.Abs(floor - centre.Floor) <= reach select (power, floor);
    }

    private static bool[] Open(CocaHistory history, int origin, IdentificationOptions options)
    {
        ReadOnlySpan<double> before = history.Year(origin), after = history.Year(origin + options.Horizon);
        var open = new bool[before.Length];
        for (var i = 0; i < open.Length; i++) open[i] = after[i] >= before[i];
        return open;
    }

    private static IdentificationCheck Likelihood(MarginResult shares)
    {
        var ratio = 2 * shares.EffectiveDraws * shares.Years * shares.Best.Gain;
        return new IdentificationCheck(
            "likelihood", ratio, shares.Best.Share > 0 && ratio > Chance,
            $"displaced share {shares.Best.Share:F2} ({shares.Best.StandardError:F2}) at {shares.Best.KappaKilometres:F0} km, likelihood ratio {ratio:F1} on {shares.EffectiveDraws:F1} effective draws a year");
    }

    /// <summary>Share and kappa fitted on earlier years, scored on the next.</summary>
    private static IdentificationCheck OutOfSample(MarginEstimate estimate, IdentificationOptions options, int[] origins)
    {
        var landings = options.KappasKilometres.Select(estimate.Landing).ToArray();
        var gains = new List<double>();
        for (var t = 5; t < origins.Length; t++)
        {
            var past = Enumerable.Range(0, landings.Length).Select(k => (k, At: estimate.ShareAt(options.KappasKilometres[k], landings[k], s => origins[s] + options.Horizon <= origins[t]))).MaxBy(p => p.At.Gain);
            gains.Add(estimate.Gain(landings[past.k], Math.Max(0, past.At.Share), [t]));
        }
        var mean = gains.Average();
        var error = Math.Sqrt(gains.Sum(g => (g - mean) * (g - mean)) / (gains.Count - 1) / gains.Count);
        return new IdentificationCheck(
            "outOfSample", mean, mean > 0 && mean > error, $"{mean:F4} nats a year gained on {gains.Count} years not fitted (standard error {error:F4})");
    }

    /// <summary>Losses of the period after the gains cannot have caused them.</summary>
    private static IdentificationCheck Placebo(CocaHistory history, MarginEstimate estimate, DistanceKernels kernels, IdentificationOptions options, int[] origins, DisplacedShare best)
    {
        var have = Enumerable.Range(0, origins.Length).Where(t => origins[t] + 2 * options.Horizon <= history.LastYear).ToArray();
        var future = new MarginEstimate(have.Select(t => estimate.Years[t].WithOrigins(GainMargins.Change(history, origins[t] + options.Horizon, options.Horizon, -1))).ToArray(), kernels)
            .Shares(options.KappasKilometres).ByKappa.MaxBy(s => Math.Sign(s.Share) * s.Gain)!;
        var real = estimate.ShareAt(best.KappaKilometres, estimate.Landing(best.KappaKilometres), have.Contains);
        double ours = Math.Sign(real.Share) * real.Gain, theirs = Math.Sign(future.Share) * future.Gain;
        return new IdentificationCheck(
            "placebo", theirs - ours, ours > 0 && ours > theirs, $"future losses: share {future.Share:F2} at {future.KappaKilometres:F0} km, {theirs:F4} nats a year, against {ours:F4} for the true ones");
    }

    /// <summary>Loss rates dealt out anew among the units that lost in the same period.</summary>
    private static IdentificationCheck Permutation(CocaHistory history, MarginEstimate estimate, DistanceKernels kernels, IdentificationOptions options, int[] origins, DisplacedShare best)
    {
        double Statistic(IReadOnlyList<GainMargins> years)
        {
            var trial = new MarginEstimate(years, kernels);
            var at = trial.ShareAt(best.KappaKilometres, trial.Landing(best.KappaKilometres), null);
            return Math.Sign(at.Share) * at.Gain;
        }
        var real = Statistic(estimate.Years);
        var asLarge = 0;
        for (var d = 0; d < options.Draws; d++)
        {
            var shuffled = estimate.Years.Select((m, t) => m.WithOrigins(Shuffled(history.Year(options.Lagged ? origins[t] - options.Horizon : origins[t]), m.Origins, new CounterRandom(options.Seed, (uint)d, (uint)t)))).ToArray();
            if (Statistic(shuffled) >= real) asLarge++;
        }
        var p = (1.0 + asLarge) / (1 + options.Draws);
        return new IdentificationCheck("permutation", p, real > 0 && p <= 0.05, $"loss rates shuffled among the year's losers fit as well in {asLarge} of {options.Draws} draws");
    }

    private static double[] Shuffled(ReadOnlySpan<double> stock, ReadOnlySpan<double> lost, CounterRandom random)
    {
        var losers = new List<int>();
        for (var i = 0; i < lost.Length; i++) if (lost[i] > 0) losers.Add(i);
        var rates = new double[losers.Count];
        for (var k = 0; k < rates.Length; k++) rates[k] = lost[losers[k]] / stock[losers[k]];
        for (var k = rates.Length - 1; k > 0; k--)
        {
            var other = random.NextBelow(k + 1);
            (rates[k], rates[other]) = (rates[other], rates[k]);
        }
        var result = new double[lost.Length];
        for (var k = 0; k < rates.Length; k++) result[losers[k]] = rates[k] * stock[losers[k]];
        return result;
    }

    private static IdentificationCheck Moving(double near, IdentificationOptions options) => new(
        "coMovement", near, near <= options.MostCoMovement,
        $"whether units within 50 km lose correlates by {near:F2}; above {options.MostCoMovement:F2} regional shocks hide displacement and bias the share downward");

    private static IdentificationCheck Sign(string name, Coefficient coefficient)
    {
        var z = coefficient.Value / coefficient.StandardError;
        return new IdentificationCheck(name, coefficient.Value, !(z < Against), $"{coefficient.Name}: {coefficient.Value:F3} (z {z:F1}); below 0, losses repel gains");
    }

    /// <summary>Gain shares on the attraction terms, stock by ring and losses by ring (findings A3), no offset, no ridge to speak of.</summary>
    internal static Coefficient[] Rings(CocaHistory history, int[] origins, IdentificationOptions options, IReadOnlyList<int> regions)
    {
        int n = history.Units, rings = RingEdges.Length - 1, width = CocaHistory.TermCount + 2 * rings;
        var ring = Array.ConvertAll(history.DistancesKilometres, d => (sbyte)(Array.FindLastIndex(RingEdges, e => d >= e) is var r && r < rings ? r : -1));
        var names = Enumerable.Range(0, width).Select(j => j < CocaHistory.TermCount ? $"term{j}" : $"{(j < width - rings ? "stock" : "lost")}{RingEdges[(j - CocaHistory.TermCount) % rings]:F0}-{RingEdges[(j - CocaHistory.TermCount) % rings + 1]:F0}").ToArray();
        var strata = Array.ConvertAll(origins, t =>
        {
            var features = new double[n * width];
            var lost = GainMargins.Change(history, options.Lagged ? t - options.Horizon : t, options.Horizon, -1);
            var stock = history.Year(t).ToArray();
            var active = Enumerable.Range(0, n).Where(j => stock[j] > 0 || lost[j] > 0).ToArray();
            for (var i = 0; i < n; i++)
            {
                var row = features.AsSpan(i * width, width);
                history.Terms(t).Slice(i * CocaHistory.TermCount, CocaHistory.TermCount).CopyTo(row);
                foreach (var j in active)
                {
                    var r = ring[i * n + j];
                    if (r < 0 || i == j) continue;
                    row[CocaHistory.TermCount + r] += stock[j];
                    row[CocaHistory.TermCount + rings + r] += lost[j];
                }
                for (var j = CocaHistory.TermCount; j < width; j++) row[j] = ForecastScores.Log1P(row[j]);
            }
            return new GainStratum([.. Enumerable.Range(0, n)], features, GainMargins.Gains(history, t, options.Horizon));
        });
        return [.. GainLogit.Fit(names, strata, origins.Length, 1e-6, regions).Coefficients.Skip(width - rings)];
    }

    /// <summary>The same within region and year, on losses weighted by exp(-d / kappa): what whole regions have in common drops out.</summary>
    internal static Coefficient Within(CocaHistory history, int[] origins, IdentificationOptions options, IReadOnlyList<int> regions, double kappa, DistanceKernels kernels)
    {
        int n = history.Units, width = CocaHistory.TermCount + 1;
        var members = Enumerable.Range(0, n).GroupBy(i => regions[i]).OrderBy(g => g.Key).Select(g => g.ToArray()).ToArray();
        var strata = new List<GainStratum>();
        foreach (var t in origins)
        {
            var gains = GainMargins.Gains(history, t, options.Horizon);
            var lost = GainMargins.Change(history, options.Lagged ? t - options.Horizon : t, options.Horizon, -1);
            var around = new double[n];
            for (var j = 0; j < n; j++) if (lost[j] > 0) FixedLanes.AddScaled(lost[j], kernels.Row(kappa, j), around);
            foreach (var group in members.Where(g => g.Length > 1 && g.Any(i => gains[i] > 0)))
            {
                var features = new double[group.Length * width];
                for (var k = 0; k < group.Length; k++)
                {
                    history.Terms(t).Slice(group[k] * CocaHistory.TermCount, CocaHistory.TermCount).CopyTo(features.AsSpan(k * width));
                    features[k * width + width - 1] = ForecastScores.Log1P(Math.Max(0, around[group[k]] - lost[group[k]]));
                }
                strata.Add(new GainStratum(group, features, Array.ConvertAll(group, i => gains[i])));
            }
        }
        string[] names = [.. Enumerable.Range(0, width - 1).Select(j => $"term{j}"), $"lost, kernel {kappa:F0} km"];
        return GainLogit.Fit(names, strata, origins.Length, 1e-6, regions).Coefficients[^1];
    }

    /// <summary>Correlation of whether a unit lost, less the year's mean, over pairs of units with coca 0-50 and 50-100 km apart. Losing or not is not
    /// swamped by the few large gains as log growth is; on Colombian municipalities both give 0.26.</summary>
    internal static double[] CoMovement(CocaHistory history, int[] origins, int horizon)
    {
        int n = history.Units, pairs0 = 0, pairs1 = 0, count = 0;
        double sum0 = 0, sum1 = 0, squares = 0;
        foreach (var t in origins)
        {
            ReadOnlySpan<double> before = history.Year(t), after = history.Year(t + horizon);
            var moved = new List<(int Unit, double Lost)>();
            for (var i = 0; i < n; i++) if (before[i] > 0) moved.Add((i, after[i] < before[i] ? 1 : 0));
            if (moved.Count < 2) continue;
            var mean = moved.Sum(g => g.Lost) / moved.Count;
            for (var a = 0; a < moved.Count; a++)
            {
                squares += (moved[a].Lost - mean) * (moved[a].Lost - mean);
                count++;
                for (var b = 0; b < a; b++)
                {
                    var d = history.DistancesKilometres[moved[a].Unit * n + moved[b].Unit];
                    if (d >= 100) continue;
                    var product = (moved[a].Lost - mean) * (moved[b].Lost - mean);
                    if (d < 50) { sum0 += product; pairs0++; }
                    else { sum1 += product; pairs1++; }
                }
            }
        }
        var variance = squares / Math.Max(1, count);
        return [pairs0 > 0 && variance > 0 ? sum0 / pairs0 / variance : 0, pairs1 > 0 && variance > 0 ? sum1 / pairs1 / variance : 0];
    }
}
