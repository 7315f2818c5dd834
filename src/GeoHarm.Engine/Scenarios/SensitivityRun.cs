using GeoHarm.Engine.Evaluation;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Engine.Scenarios;

/// <summary>What drives an outcome of a scenario.</summary>
/// <param name="Key">Outcome, such as "cocaHa".</param>
/// <param name="Side">"change" against the baseline, or "after" where the scenario has no policy.</param>
/// <param name="Unit">Unit.</param>
/// <param name="Effects">Morris effects of every prior, the strongest first; empty when not screened.</param>
/// <param name="Indices">Sobol indices of the priors kept, the strongest first; empty when only screened.</param>
public sealed record OutcomeSensitivity(string Key, string Side, string Unit, IReadOnlyList<ElementaryEffect> Effects, IReadOnlyList<SobolIndex> Indices)
{
    /// <summary>The outcome with every prior at its median; NaN unless one at a time was asked for.</summary>
    public double Central { get; init; } = double.NaN;

    /// <summary>The outcome with each prior alone at its ends, the widest first; empty unless asked for.</summary>
    public IReadOnlyList<Swing> Swings { get; init; } = [];
}

/// <summary>Options of a sensitivity analysis.</summary>
/// <param name="Screening">Morris; null for none, and then no Sobol either.</param>
/// <param name="Variance">Sobol; null for screening alone.</param>
/// <param name="Kept">Priors that Sobol divides the variance among; the others stand at their medians. Default 8.</param>
/// <param name="Threads">Threads; no bit of the result depends on them.</param>
/// <param name="Ends">One prior at a time at its ends; null for none.</param>
public sealed record SensitivityOptions(MorrisOptions? Screening, SobolOptions? Variance, int Kept = 8, int Threads = 1, OneAtATimeOptions? Ends = null);

/// <summary>
/// Which prior drives the answer: the whole chain run at the points of a design instead of at random. The inputs are every
/// prior that the scenario draws, and the national shock, each at a quantile of its own distribution; shares of one whole
/// are rescaled after drawing, as in a run. Screening first (Morris), then the variance among the strongest (Sobol); or each
/// prior alone at its ends (one at a time).
/// </summary>
public static class SensitivityRun
{
    private const int Together = 32; // members held at a time: some 60 MB on the embedded study

    /// <summary>Analyses a scenario; false in Sensitive when no layer read is sensitive.</summary>
    public static (IReadOnlyList<OutcomeSensitivity> Outcomes, IReadOnlyList<string> Inputs, int Runs, bool Sensitive) Run(
        Scenario scenario, Func<string, Layer> study, string file, SensitivityOptions options, Action<double>? progress, CancellationToken cancel)
    {
        var isSensitive = false;
        var inputs = ScenarioInputs.Open(scenario, name =>
        {
            var layer = study(name);
            isSensitive |= layer.Sensitivity == Sensitivity.Sensitive;
            return layer;
        }, file);
        var chain = new Chain(inputs, options.Threads, cancel);
        var keys = chain.KeysDrawn();
        if (options.Ends is { } ends)
        {
            var tried = chain.Outcomes(OneAtATime.Runs(keys.Count), keys, run => OneAtATime.Point(run, keys.Count, ends), done => progress?.Invoke(done / (double)OneAtATime.Runs(keys.Count)));
            return ([.. tried.Select(o => Swung(o, keys))], keys, OneAtATime.Runs(keys.Count), isSensitive);
        }
        var variance = options.Variance;
        var screening = options.Screening ?? throw new ArgumentException("Neither screening nor one at a time is asked for.", nameof(options));
        var (screened, divided) = (MorrisScreening.Runs(keys.Count, screening), variance is null ? 0 : SobolIndices.Runs(Math.Min(options.Kept, keys.Count), variance));
        var all = (double)(screened + divided);
        var morris = chain.Outcomes(screened, keys, run => MorrisScreening.Point(run, keys.Count, screening), done => progress?.Invoke(done / all));
        var effects = morris.Select(o => MorrisScreening.Of(keys, o.Values, screening)).ToList();
        var kept = Strongest(keys, effects, options.Kept);
        var sobol = variance is null ? null : chain.Outcomes(divided, kept, run => SobolIndices.Point(run, kept.Count, variance), done => progress?.Invoke((screened + done) / all));
        var outcomes = morris.Select((o, i) => new OutcomeSensitivity(o.Key, o.Side, o.Unit, [.. effects[i].OrderByDescending(e => e.MeanAbsolute).ThenBy(e => e.Input, StringComparer.Ordinal)],
            sobol is null ? [] : [.. SobolIndices.Of(kept, sobol[i].Values, variance!).OrderByDescending(s => s.Total.Value).ThenBy(s => s.Input, StringComparer.Ordinal)])).ToList();
        return (outcomes, keys, screened + divided, isSensitive);
    }

    private static OutcomeSensitivity Swung((string Key, string Side, string Unit, double[] Values) outcome, IReadOnlyList<string> keys)
    {
        var (central, swings) = OneAtATime.Of(keys, outcome.Values);
        return new OutcomeSensitivity(outcome.Key, outcome.Side, outcome.Unit, [], []) { Central = central, Swings = swings };
    }

    /// <summary>The inputs whose effect, as a share of the strongest on the same outcome, is largest on any outcome.</summary>
    private static List<string> Strongest(IReadOnlyList<string> keys, List<IReadOnlyList<ElementaryEffect>> effects, int kept)
    {
        var score = keys.ToDictionary(k => k, _ => 0.0, StringComparer.Ordinal);
        foreach (var outcome in effects)
        {
            var most = outcome.Max(e => e.MeanAbsolute);
            foreach (var effect in outcome.Where(_ => most > 0)) score[effect.Input] = Math.Max(score[effect.Input], effect.MeanAbsolute / most);
        }
        return [.. keys.OrderByDescending(k => score[k]).ThenBy(k => k, StringComparer.Ordinal).Take(kept).Order(StringComparer.Ordinal)];
    }

    /// <summary>The chain at given quantiles of its priors.</summary>
    private sealed class Chain
    {
        private readonly ScenarioInputs inputs;
        private readonly RouteCase routes;
        private readonly int threads;
        private readonly CancellationToken cancel;
        private Func<string, uint, double> design = (_, _) => 0.5;

        public Chain(ScenarioInputs plain, int threads, CancellationToken cancel)
        {
            inputs = plain.AtQuantiles((key, member) => design(key, member));
            (routes, this.threads, this.cancel) = (new RouteCase(inputs), threads, cancel);
        }

        /// <summary>Every prior that a member draws and that has any spread, and the national shock.</summary>
        public IReadOnlyList<string> KeysDrawn() => DrawnPriors.Of(inputs);

        public List<(string Key, string Side, string Unit, double[] Values)> Outcomes(int runs, IReadOnlyList<string> keys, Func<int, double[]> point, Action<int> done)
        {
            var index = keys.Select((k, i) => (k, i)).ToDictionary(p => p.k, p => p.i, StringComparer.Ordinal);
            var outcomes = new List<(string Key, string Side, string Unit, double[] Values)>();
            for (var first = 0; first < runs; first += Together)
            {
                var (start, count) = (first, Math.Min(Together, runs - first));
                var points = Enumerable.Range(first, count).Select(point).ToArray();
                design = (key, member) => index.TryGetValue(key, out var i) ? points[member - start][i] : 0.5;
                var o = 0;
                foreach (var (key, unit, _, after, change) in Members(first, count).Outcomes(inputs))
                {
                    if (first == 0) outcomes.Add((key, inputs.Scenario.Policy.Count > 0 ? "change" : "after", unit, new double[runs]));
                    (inputs.Scenario.Policy.Count > 0 ? change : after).CopyTo(outcomes[o++].Values, first);
                }
                done(first + count);
            }
            return outcomes;
        }

        private EnsembleDraws Members(int first, int count)
        {
            var draws = new EnsembleDraws(inputs, routes.Network, count, first);
            Ensemble.Run(first, count, threads, () => new MemberRun(routes, draws), (member, own) => own.Run(member), null, cancel);
            return draws;
        }
    }
}
