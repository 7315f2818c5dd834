using GeoHarm.Engine.Routes;

namespace GeoHarm.Engine.Scenarios;

/// <summary>What a policy does on the ground.</summary>
public enum Instrument
{
    /// <summary>Herbicide from aircraft.</summary>
    AerialSpraying,

    /// <summary>Forced eradication by hand.</summary>
    ManualEradication,

    /// <summary>Eradication that growers or their community lead, with or without a programme.</summary>
    VoluntaryEradication,

    /// <summary>A programme that pays for uprooting and brings income beside it, such as a national substitution programme.</summary>
    SubstitutionProgramme,

    /// <summary>Seizure of cargo in transit.</summary>
    Interdiction,
}

/// <summary>How many hectares a measure treats each year: those observed, or a number per year.</summary>
/// <param name="Observed">Take the study's observed figures of the instrument and the place.</param>
/// <param name="ByYear">Hectares per year where they are given; years left out are 0.</param>
public sealed record TreatedHectares(bool Observed, IReadOnlyDictionary<int, double> ByYear)
{
    /// <summary>Nothing treated (interdiction).</summary>
    public static TreatedHectares None { get; } = new(false, new Dictionary<int, double>());
}

/// <summary>One measure of a policy: an instrument in places over years. Inputs are never finer than a department or
/// country and a year.</summary>
/// <param name="Instrument">What is done.</param>
/// <param name="Places">Zone ids, ISO3 country codes or region names where it is done.</param>
/// <param name="FromYear">First year.</param>
/// <param name="ToYear">Last year, inclusive.</param>
/// <param name="Hectares">Treated hectares (eradication).</param>
/// <param name="Sequencing">Alternative income is in place before eradication, which lowers replanting.</param>
/// <param name="Control">Share of the cargo on the arcs met that is stopped, 0 to 1 (interdiction).</param>
/// <param name="Modes">Modes met: land, boat, ship, air; empty for all (interdiction).</param>
/// <param name="Towards">Only arcs between the places and these; empty for all (interdiction).</param>
/// <param name="Line">Line of the scenario file.</param>
/// <param name="AnnouncedYear">Year in which it is announced (eradication): growers plant in expectation; null for none.</param>
/// <param name="IsRandomised">Each year's hectares fall on the places by lot, anew in every member (eradication).</param>
public sealed record PolicyMeasure(
    Instrument Instrument, IReadOnlyList<string> Places, int FromYear, int ToYear, TreatedHectares Hectares, bool Sequencing,
    double Control, IReadOnlyList<string> Modes, IReadOnlyList<string> Towards, int Line, int? AnnouncedYear = null, bool IsRandomised = false)
{
    /// <summary>Only arcs that come into the places from these, the origin region; empty for all (interdiction).</summary>
    public IReadOnlyList<string> From { get; init; } = [];

    /// <summary>Factor on the hazard of the arcs met, 1 or above (interdiction).</summary>
    public double RiskFactor { get; init; } = 1;

    /// <summary>Whether traffickers know of it: if not, it takes cargo and changes no route within the year (interdiction).</summary>
    public bool Announced { get; init; } = true;

    /// <summary>Probability that a given place is met at a given time: 1, or 1 / number of places where randomised (interdiction).</summary>
    public double Presence { get; init; } = 1;
}

/// <summary>What was observed after a policy like this one, for comparison.</summary>
/// <param name="Place">Region, country or zone.</param>
/// <param name="Rises">Whether its share of flow rose.</param>
/// <param name="Source">Citation.</param>
/// <param name="Line">Line of the scenario file.</param>
public sealed record ObservedOutcome(string Place, bool Rises, string Source, int Line);

/// <summary>A prior replaced by the user: triangular between low and high with its mode at central.</summary>
/// <param name="Central">Mode.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public sealed record PriorOverride(double Central, double Low, double High);

/// <summary>A scenario as the user wrote it, checked for form. Defaults: seed 1, 200 members, kappa infinite.</summary>
/// <param name="Name">Short name: letters, digits, hyphens.</param>
/// <param name="Title">Title for people.</param>
/// <param name="Description">What the scenario asks.</param>
/// <param name="BaselineYear">Year of the observed state it starts from.</param>
/// <param name="ToYear">Year projected to.</param>
/// <param name="FitWithout">Years left out of every fit, inclusive; null when none.</param>
/// <param name="Policy">Measures; empty for doing nothing.</param>
/// <param name="Seed">Seed of all draws.</param>
/// <param name="Members">Number of draws.</param>
/// <param name="KappaKilometres">Length scale of displacement in km; infinity for attraction alone.</param>
/// <param name="Priors">Priors the user replaced, by key.</param>
/// <param name="Caveats">Sentences the author wants on every output.</param>
public sealed record Scenario(
    string Name, string Title, string Description, int BaselineYear, int ToYear, (int From, int To)? FitWithout, IReadOnlyList<PolicyMeasure> Policy,
    ulong Seed, int Members, double KappaKilometres, IReadOnlyDictionary<string, PriorOverride> Priors, IReadOnlyList<string> Caveats)
{
    /// <summary>Power and floor of attraction set by the user; null to fit them on the years that may be used.</summary>
    public (double Power, double Floor)? Attraction { get; init; }

    /// <summary>Default number of draws; enough that the Monte Carlo error of a mean is below 5 % of its interval.</summary>
    public const int DefaultMembers = 200;

    /// <summary>How flow spreads over ways; reference probabilities unless the scenario says otherwise.</summary>
    public TransitStructure Structure { get; init; }

    /// <summary>Whether the policy is taken as it would be carried out (a share of it, drawn: <see cref="Delivery"/>) instead of as designed.</summary>
    public bool IsDelivered { get; init; }

    /// <summary>What was observed, for a scenario of the past.</summary>
    public IReadOnlyList<ObservedOutcome> Observed { get; init; } = [];
}
