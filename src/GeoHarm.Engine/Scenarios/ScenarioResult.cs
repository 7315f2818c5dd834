using GeoHarm.Engine.Displacement;
using GeoHarm.Engine.Harm;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Engine.Scenarios;

/// <summary>A total of a scenario with its baseline and change.</summary>
/// <param name="Key">Key in JSON, such as "cocaHa".</param>
/// <param name="Unit">Unit.</param>
/// <param name="Outcome">Intervals.</param>
public sealed record Total(string Key, string Unit, OutcomeChange Outcome);

/// <summary>A place that receives what was pushed, with its capacity to bear it.</summary>
/// <param name="Zone">Zone id.</param>
/// <param name="Name">Name.</param>
/// <param name="Country">ISO3.</param>
/// <param name="Measure">What it receives.</param>
/// <param name="Unit">Unit.</param>
/// <param name="Change">Change against the baseline.</param>
/// <param name="RuleOfLaw">Governance estimate, -2.5 to 2.5; NaN where unknown.</param>
/// <param name="HomicideRate">Homicides per 100,000; NaN where unknown.</param>
public sealed record Recipient(string Zone, string Name, string Country, string Measure, string Unit, Interval Change, double RuleOfLaw, double HomicideRate);

/// <summary>How a projection compares with what was observed, over the units of cultivation.</summary>
/// <param name="Year">Year compared.</param>
/// <param name="OutOfSample">Whether no fitted figure comes from the years projected.</param>
/// <param name="ModelMae">Mean absolute error of the projection, ha.</param>
/// <param name="PersistenceMae">Mean absolute error of "as in the baseline year", ha.</param>
/// <param name="Coverage90">Share of units whose observed hectares lie within low and high.</param>
/// <param name="ObservedTotal">Observed national hectares.</param>
/// <param name="ProjectedTotal">Projected national hectares.</param>
public sealed record BackcastSkill(int Year, bool OutOfSample, double ModelMae, double PersistenceMae, double Coverage90, double ObservedTotal, Interval ProjectedTotal);

/// <summary>Everything a scenario gives: totals, burdens, recipients, harms, and layers still behind the gate.</summary>
public sealed record ScenarioResult
{
    /// <summary>The scenario.</summary>
    public required Scenario Scenario { get; init; }

    /// <summary>Totals: cocaHa, forestLossHa, peopleDisplaced, cocaineTonnes.</summary>
    public required IReadOnlyList<Total> Totals { get; init; }

    /// <summary>Named burdens.</summary>
    public required IReadOnlyList<Total> Burdens { get; init; }

    /// <summary>Recipients, cultivation first, then flow, forest and people; within each by change.</summary>
    public required IReadOnlyList<Recipient> Recipients { get; init; }

    /// <summary>The harm table.</summary>
    public required IReadOnlyList<HarmRow> Harms { get; init; }

    /// <summary>Number of harms per severity, worst first: before and after.</summary>
    public required IReadOnlyList<(string Severity, int Before, int After)> Ratings { get; init; }

    /// <summary>Cases of the library most like the scenario, most alike first.</summary>
    public IReadOnlyList<LikeCase> Cases { get; init; } = [];

    /// <summary>The result with the cases most like its scenario beside it, and their table among its layers.</summary>
    public ScenarioResult Beside(IReadOnlyList<LikeCase> cases) => cases.Count == 0 ? this : this with { Cases = cases, Layers = [.. Layers, CaseLibrary.Table(cases)] };

    /// <summary>Comparison with what was observed; null when nothing was.</summary>
    public BackcastSkill? Backcast { get; init; }

    /// <summary>The fitted attraction.</summary>
    public required Attraction Attraction { get; init; }

    /// <summary>Largest relative gap of the balance of hectares over all members.</summary>
    public required double BalanceGap { get; init; }

    /// <summary>Largest residual of the flow equilibrium over all members, as a share of all that is sent.</summary>
    public required double FlowGap { get; init; }

    /// <summary>Largest change of planting that the loop from seizures to planting left undone, as a share.</summary>
    public required double LoopGap { get; init; }

    /// <summary>Most rounds of that loop.</summary>
    public required int LoopRounds { get; init; }

    /// <summary>Largest Monte Carlo error of a total or burden, as a share of its interval.</summary>
    public required double MonteCarloError { get; init; }

    /// <summary>Result layers and tables, not yet released.</summary>
    public required IReadOnlyList<Layer> Layers { get; init; }

    /// <summary>Sentences that must stand on every output.</summary>
    public required IReadOnlyList<string> Caveats { get; init; }
}
