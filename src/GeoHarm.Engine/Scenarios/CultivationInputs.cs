using GeoHarm.Engine.Displacement;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Engine.Scenarios;

/// <summary>What every member of a cultivation ensemble shares, whether its units are the departments of a study or the zones of an
/// analyst's panel: the plan, the priors, the kernels. Immutable.</summary>
public sealed class CultivationInputs
{
    /// <summary>Length scales of reappearance shown side by side, km: attraction alone, and two labelled what-ifs.</summary>
    public static IReadOnlyList<double> Kappas { get; } = [double.PositiveInfinity, 250, 75];

    /// <summary>Joins a scenario, the priors and a plan.</summary>
    /// <param name="scenario">Measures, seed, members, kappa.</param>
    /// <param name="priors">Priors with the user's replacements.</param>
    /// <param name="shock">Spread of national growth.</param>
    /// <param name="plan">Start and measures, in the order of the scenario's policy.</param>
    /// <param name="distancesKilometres">Distances between units, km, units x units.</param>
    public CultivationInputs(Scenario scenario, Priors priors, NationalShock shock, BalloonPlan plan, double[] distancesKilometres)
    {
        (Scenario, Priors, Shock, Plan) = (scenario, priors, shock, plan);
        var origins = plan.Origins.ToArray();
        Kernels = [.. Kappas.Append(scenario.KappaKilometres).Distinct().Select(k => new ReappearanceKernel(k, distancesKilometres, origins))];
        Headline = Array.FindIndex([.. Kernels], k => k.KappaKilometres.Equals(scenario.KappaKilometres));
    }

    /// <summary>The scenario.</summary>
    public Scenario Scenario { get; }

    /// <summary>Priors with the user's replacements.</summary>
    public Priors Priors { get; }

    /// <summary>Spread of national growth.</summary>
    public NationalShock Shock { get; }

    /// <summary>Start and measures.</summary>
    public BalloonPlan Plan { get; }

    /// <summary>One kernel for each of <see cref="Kappas"/>, and the scenario's own last when it is none of them.</summary>
    public IReadOnlyList<ReappearanceKernel> Kernels { get; }

    /// <summary>Index of the scenario's kernel.</summary>
    public int Headline { get; }

    /// <summary>Priors that a cultivation ensemble draws.</summary>
    public IEnumerable<Prior> Drawn => Scenario.Policy.SelectMany(m => KeysOf(m)).Append("leakage").Distinct(StringComparer.Ordinal).Select(k => Priors[k]);

    /// <summary>Prior keys of a measure: kill share, replanting, and the boom where it is announced; none for interdiction.</summary>
    public static IEnumerable<string> KeysOf(PolicyMeasure measure)
    {
        var (kill, replant) = measure.Instrument switch
        {
            Instrument.AerialSpraying => ("kill_share.spraying", "replant.spraying"),
            Instrument.ManualEradication => ("kill_share.manual", "replant.manual"),
            Instrument.VoluntaryEradication => ("kill_share.voluntary", "replant.manual"),
            // A programme is uprooting by the growers with income in place.
            Instrument.SubstitutionProgramme => ("kill_share.voluntary", "replant.sequencing"),
            _ => ("", ""),
        };
        if (kill.Length == 0) return [];
        var keys = new[] { kill, measure.Sequencing ? "replant.sequencing" : replant };
        return measure.AnnouncedYear is null ? keys : [.. keys, "announcement.boom"];
    }

    /// <summary>Treated hectares of a measure by year and unit: those observed in its places, or the hectares given, spread over them.
    /// Empty for interdiction. Faults: GH1011 where observed hectares are asked for and there are none.</summary>
    /// <param name="measure">The measure.</param>
    /// <param name="places">Units where it acts, each once.</param>
    /// <param name="observed">Observed hectares of its instrument by year and unit; null when there are none.</param>
    /// <param name="start">Hectares of coca by unit in the baseline year.</param>
    /// <param name="file">Scenario file for messages.</param>
    /// <param name="faults">Added to.</param>
    public static SortedDictionary<int, double[]> Treatment(
        PolicyMeasure measure, IReadOnlyList<int> places, IReadOnlyDictionary<int, double[]>? observed, double[] start, string file, List<Fault> faults)
    {
        var treated = new SortedDictionary<int, double[]>();
        if (measure.Instrument == Instrument.Interdiction) return treated;
        void None(string what, string remedy) => faults.Add(new Fault(FaultSeverity.Error, "GH1011", file, $"line {measure.Line}", what, remedy, measure.Line));
        if (measure.Hectares.Observed && observed is null) None($"There are no observed hectares of {ScenarioReader.NameOf(measure.Instrument)}.", "Give hectares a year instead of 'observed'.");
        for (var year = measure.FromYear; year <= measure.ToYear; year++)
        {
            var values = treated[year] = new double[start.Length];
            if (!measure.Hectares.Observed) Spread(measure.Hectares.ByYear.GetValueOrDefault(year), places, start, values);
            else if (observed is not null && observed.TryGetValue(year, out var figures))
            {
                foreach (var u in places) values[u] = figures[u];
            }
            else if (observed is not null) None($"There are no observed hectares for {year}.", $"Use years from {observed.Keys.Min()} to {observed.Keys.Max()}, or give hectares.");
        }
        return treated;
    }

    /// <summary>Spreads hectares given for several units in proportion to their coca, evenly where none has any.</summary>
    /// <param name="hectares">Hectares in all.</param>
    /// <param name="places">Units, each once.</param>
    /// <param name="coca">Hectares of coca by unit.</param>
    /// <param name="treated">Added to, by unit.</param>
    public static void Spread(double hectares, IReadOnlyList<int> places, ReadOnlySpan<double> coca, Span<double> treated)
    {
        var sum = 0.0;
        foreach (var u in places) sum += coca[u];
        foreach (var u in places) treated[u] += sum > 0 ? hectares * coca[u] / sum : hectares / places.Count;
    }
}

/// <summary>The cultivation of one member at a time: its priors, then the plan under each kernel with the same draws. A workspace of
/// one thread.</summary>
public sealed class CultivationMember(CultivationInputs inputs)
{
    private readonly BalloonYears years = new(inputs.Plan);
    private readonly EradicationDraw[] kinds = new EradicationDraw[inputs.Scenario.Policy.Count];
    private readonly string[][] keys = [.. inputs.Scenario.Policy.Select(m => CultivationInputs.KeysOf(m).ToArray())];
    private int drawn = -1;

    /// <summary>lambda of the member.</summary>
    public double Leakage { get; private set; }

    /// <summary>Factor of autonomous growth from the baseline to the last year, mean 1 over members; both sides take it.</summary>
    public double Growth { get; private set; }

    /// <summary>Accounts of the last projection.</summary>
    public BalloonBalance Balance => years.Balance;

    /// <summary>Hectares per unit of the last projection before growth.</summary>
    public ReadOnlySpan<double> Stock => years.Stock;

    /// <summary>Draws the priors of a member.</summary>
    /// <param name="member">Member.</param>
    /// <param name="delivered">Share of each measure that is carried out, in the order of the policy; empty for all of it.</param>
    public void Draw(int member, ReadOnlySpan<double> delivered = default)
    {
        var scenario = inputs.Scenario;
        double Of(string key) => inputs.Priors.Draw(key, scenario.Seed, (uint)member);
        for (var k = 0; k < kinds.Length; k++)
        {
            kinds[k] = keys[k] is [var kill, var replant, ..] ? new EradicationDraw(Of(kill), Of(replant), keys[k] is [_, _, var boom] ? Of(boom) : 0, delivered.IsEmpty ? 1 : delivered[k]) : default;
        }
        Leakage = Of("leakage");
        Growth = inputs.Shock.Factor(scenario.ToYear - scenario.BaselineYear, inputs.Priors.DrawNormal("national_shock", scenario.Seed, (uint)member));
        drawn = member;
    }

    /// <summary>Projects the drawn member under one kernel.</summary>
    public void Project(int kernel) => years.Run(kinds, Leakage, inputs.Kernels[kernel], inputs.Scenario.Seed, (uint)drawn);
}
