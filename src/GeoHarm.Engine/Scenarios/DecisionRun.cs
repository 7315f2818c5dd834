using GeoHarm.Engine.Evaluation;
using GeoHarm.Engine.Harm;
using GeoHarm.Engine.Publication;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Engine.Scenarios;

/// <summary>How options are compared.</summary>
/// <param name="Threads">Threads; no bit of the result depends on them.</param>
/// <param name="AlsoDelivered">Whether each option is run as it would be carried out, too.</param>
/// <param name="Confirmed">Flips that are run again with the prior held on either side, the strongest first. Default 0.</param>
public sealed record DecisionOptions(int Threads = 1, bool AlsoDelivered = true, int Confirmed = 0)
{
    /// <summary>US$ a year by option, where the user knows them.</summary>
    public IReadOnlyDictionary<string, double> Budgets { get; init; } = new Dictionary<string, double>();

    /// <summary>Criteria in which flips are looked for, by index into <see cref="OptionDraws.Criteria"/>; null for all. Ordinal ones are left out.</summary>
    public IReadOnlyList<int>? Criteria { get; init; }

    /// <summary>How flips are looked for.</summary>
    public AnswerFlipOptions Flips { get; init; } = new();
}

/// <summary>A flip run again: the option of least mean harm with the prior held below and above.</summary>
/// <param name="Flip">The flip.</param>
/// <param name="BestBelow">Index of the best option with the prior held half-way between 0 and the flip.</param>
/// <param name="BestAbove">Index of the best option with the prior held half-way between the flip and 1.</param>
public sealed record ConfirmedFlip(AnswerFlip Flip, int BestBelow, int BestAbove);

/// <summary>Options compared.</summary>
public sealed record DecisionResult
{
    /// <summary>Options in order; the one that does nothing is among them.</summary>
    public required IReadOnlyList<Scenario> Options { get; init; }

    /// <summary>Index of the option that does nothing.</summary>
    public required int DoNothing { get; init; }

    /// <summary>Options as designed.</summary>
    public required DecisionTable Designed { get; init; }

    /// <summary>Options as they would be carried out; null when not asked for.</summary>
    public DecisionTable? Delivered { get; init; }

    /// <summary>Names of the priorities, most urgent first.</summary>
    public required IReadOnlyList<string> Priorities { get; init; }

    /// <summary>Harms at each priority over all zones, by option (designed) and priority: median and ends over the members.</summary>
    public required IReadOnlyList<IReadOnlyList<(int Median, int Low, int High)>> HarmsByPriority { get; init; }

    /// <summary>The same for harms that the policy causes alone.</summary>
    public required IReadOnlyList<IReadOnlyList<(int Median, int Low, int High)>> PolicyHarmsByPriority { get; init; }

    /// <summary>Cost per kilogram of each option as designed.</summary>
    public required IReadOnlyList<CostPerKilogram> Costs { get; init; }

    /// <summary>The published figures; null where the study has none.</summary>
    public required PublishedCosts? Published { get; init; }

    /// <summary>Priors that any option draws.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>Flips of every cardinal criterion, as designed.</summary>
    public required IReadOnlyList<AnswerFlip> Flips { get; init; }

    /// <summary>Flips run again.</summary>
    public required IReadOnlyList<ConfirmedFlip> Confirmed { get; init; }

    /// <summary>Value of a prior at a quantile; NaN for the national shock, which has no unit.</summary>
    public required Func<string, double, double> ValueAt { get; init; }

    /// <summary>Unit of a prior.</summary>
    public required Func<string, string> UnitOf { get; init; }

    /// <summary>Whether a layer read is sensitive.</summary>
    public required bool IsSensitive { get; init; }

    /// <summary>Sentences that must stand on every output.</summary>
    public required IReadOnlyList<string> Caveats { get; init; }
}

/// <summary>
/// Options run on the same draws and laid side by side: members share seed, years, structure and priors, so that member m of one option
/// differs from member m of another by the policy alone. Doing nothing is always among them. Criteria and their reasons: <see cref="OptionDraws"/>.
/// </summary>
public static class DecisionRun
{
    /// <summary>Name of the option that does nothing, where no scenario does.</summary>
    public const string DoNothing = "do-nothing";

    /// <summary>Runs and compares; throws <see cref="InvalidInputException"/> where scenarios cannot be compared.</summary>
    /// <param name="scenarios">Options with their files.</param>
    /// <param name="study">Reads a layer of the study by name; also harm_rules and harm_matrix.</param>
    /// <param name="options">Options of the comparison.</param>
    /// <param name="progress">Told the share done, 0 to 1.</param>
    /// <param name="cancel">Stops between members.</param>
    public static DecisionResult Run(IReadOnlyList<(Scenario Scenario, string File)> scenarios, Func<string, Layer> study, DecisionOptions options, Action<double>? progress, CancellationToken cancel)
    {
        var isSensitive = false;
        RefuseUnlike(scenarios);
        var (all, nothing) = WithDoNothing(scenarios);
        var inputs = all.Select(s => Open(s, delivered: false)).ToList();
        var priors = inputs[nothing].Priors;
        var alsoDelivered = options.AlsoDelivered && priors.Has(Delivery.Key);
        var matrix = HarmMatrix.Read(study("harm_matrix"), "data/harm/matrix_gp.csv");
        var rules = HarmAssessment.ReadRules(study("harm_rules"), matrix, "data/harm/rules.csv");
        var (done, runs) = (0, alsoDelivered ? 2 * all.Count - 1 : all.Count);
        OptionDraws Draw(ScenarioInputs option)
        {
            var draws = OptionDraws.Of(option, rules, matrix, options.Threads, share => progress?.Invoke((done + share) / runs), cancel);
            done++;
            return draws;
        }
        var designed = inputs.Select(Draw).ToList();
        var delivered = alsoDelivered ? all.Select((s, o) => o == nothing ? designed[o] : Draw(Open(s, delivered: true))).ToList() : null;
        string[] names = [.. all.Select(s => s.Scenario.Name)];
        var table = OptionDraws.Table(names, designed);
        var keys = inputs.SelectMany(DrawnPriors.Of).Distinct().Order(StringComparer.Ordinal).ToList();
        var scenario = all[0].Scenario;
        var quantiles = new double[keys.Count * table.Members];
        for (var k = 0; k < keys.Count; k++) for (var m = 0; m < table.Members; m++) quantiles[k * table.Members + m] = priors.QuantileOf(keys[k], scenario.Seed, (uint)m);
        var flips = (options.Criteria ?? [.. Enumerable.Range(0, table.Criteria.Count)]).Where(c => !table.Criteria[c].IsOrdinal).SelectMany(c => AnswerFlips.Of(table, c, keys, quantiles, options.Flips)).ToList();
        var published = PublishedCosts.Of(priors);
        var tonnes = table.Criteria.ToList().FindIndex(c => c.Key == "deliveredTonnes");
        return new DecisionResult
        {
            Options = [.. all.Select(s => s.Scenario)],
            DoNothing = nothing,
            Designed = table,
            Delivered = delivered is null ? null : OptionDraws.Table(names, delivered),
            Priorities = matrix.Priorities,
            HarmsByPriority = [.. designed.Select(d => d.Counted(OptionDraws.AllHarms, matrix.Priorities.Count))],
            PolicyHarmsByPriority = [.. designed.Select(d => d.Counted(OptionDraws.HarmsByPolicy, matrix.Priorities.Count))],
            Costs = [.. all.Select((s, o) => CostPerKilogram.Of(table.Draws(o, tonnes), table.Draws(nothing, tonnes), published?.Of(s.Scenario.Policy.Select(m => m.Instrument)),
                options.Budgets.TryGetValue(s.Scenario.Name, out var budget) ? budget : null))],
            Published = published,
            Inputs = keys,
            Flips = flips,
            Confirmed = [.. flips.OrderByDescending(f => f.ShareExplained).Take(options.Confirmed).Select(Confirm)],
            ValueAt = (key, quantile) => priors.Has(key) ? priors.At(key, quantile) : double.NaN,
            UnitOf = key => priors.Has(key) ? priors[key].Unit : "standard deviations",
            IsSensitive = isSensitive,
            Caveats = [.. PublicationGate.ModelCaveats, .. all.SelectMany(s => s.Scenario.Caveats).Distinct(), .. Notes(all, scenarios, options.AlsoDelivered && !alsoDelivered), .. inputs.SelectMany(i => i.Notes).Distinct(),
                "Admin-1 levels of flow: structure not validated.", "Ratings of harm are ordinal: they are compared and counted, never summed."],
        };

        ScenarioInputs Open((Scenario Scenario, string File) option, bool delivered) => ScenarioInputs.Open(option.Scenario with { IsDelivered = delivered }, name =>
        {
            var layer = study(name);
            isSensitive |= layer.Sensitivity == Sensitivity.Sensitive;
            return layer;
        }, option.File);

        ConfirmedFlip Confirm(AnswerFlip flip)
        {
            int Best(double held)
            {
                double Design(string key, uint member) => key == flip.Input ? held : new CounterRandom(scenario.Seed, member, Priors.StreamOf(key)).NextUniform();
                return OptionDraws.Table(names, [.. inputs.Select(i => OptionDraws.Of(i.AtQuantiles(Design), rules, matrix, options.Threads, null, cancel))]).LeastOnAverage(flip.Criterion);
            }
            return new ConfirmedFlip(flip, Best(flip.At / 2), Best((1 + flip.At) / 2));
        }
    }

    /// <summary>Refuses scenarios whose difference would not be the policy's alone.</summary>
    private static void RefuseUnlike(IReadOnlyList<(Scenario Scenario, string File)> scenarios)
    {
        var faults = new List<Fault>();
        var (first, file) = scenarios[0];
        foreach (var (other, at) in scenarios.Skip(1))
        {
            void Same(string key, object? a, object? b)
            {
                if (!Equals(a, b)) faults.Add(new Fault(FaultSeverity.Error, "GH1040", at, key, $"'{other.Name}' has {Said(b)}, '{first.Name}' ({file}) has {Said(a)}.", "Options are compared on the same world: make it equal in all of them, or compare them apart."));
            }
            Same("years.baseline", first.BaselineYear, other.BaselineYear);
            Same("years.to", first.ToYear, other.ToYear);
            Same("years.fit_without", first.FitWithout, other.FitWithout);
            Same("kappa_km", first.KappaKilometres, other.KappaKilometres);
            Same("attraction", first.Attraction, other.Attraction);
            Same("structure", first.Structure, other.Structure);
        }
        if (faults.Count > 0) throw new InvalidInputException(faults);

        static string Said(object? value) => value is null ? "none" : FormattableString.Invariant($"{value}");
    }

    /// <summary>All options with one seed and one number of members, and doing nothing among them, with the priors that all share.</summary>
    private static (IReadOnlyList<(Scenario Scenario, string File)> All, int Nothing) WithDoNothing(IReadOnlyList<(Scenario Scenario, string File)> scenarios)
    {
        var (seed, members) = (scenarios[0].Scenario.Seed, scenarios.Max(s => s.Scenario.Members));
        List<(Scenario Scenario, string File)> all = [.. scenarios.Select(s => (s.Scenario with { Seed = seed, Members = members }, s.File))];
        var nothing = all.FindIndex(s => s.Scenario.Policy.Count == 0);
        if (nothing >= 0) return (all, nothing);
        var shared = all[0].Scenario.Priors.Where(p => all.TrueForAll(s => s.Scenario.Priors.TryGetValue(p.Key, out var same) && same == p.Value)).ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal);
        all.Insert(0, (all[0].Scenario with { Name = DoNothing, Title = "No new policy", Description = "", Policy = [], Priors = shared, Observed = [], Caveats = [] }, all[0].File));
        return (all, 0);
    }

    private static IEnumerable<string> Notes(IReadOnlyList<(Scenario Scenario, string File)> all, IReadOnlyList<(Scenario Scenario, string File)> given, bool lacksDelivery)
    {
        if (given.Select(s => s.Scenario.Seed).Distinct().Count() > 1) yield return $"All options run on seed {all[0].Scenario.Seed} and the same {all[0].Scenario.Members} members.";
        foreach (var (option, _) in all.Where(s => s.Scenario.Policy.Any(m => m.Hectares.Observed))) yield return $"{option.Name}: hectares that were observed were delivered; they are the same as designed and as delivered.";
        if (lacksDelivery) yield return $"The study has no prior '{Delivery.Key}': options are shown as designed only.";
    }
}
