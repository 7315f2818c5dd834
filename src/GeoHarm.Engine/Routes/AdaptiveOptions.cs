namespace GeoHarm.Engine.Routes;

/// <summary>
/// How both sides learn (NarcoLogic, Magliocca et al. 2019, doi 10.1073/pnas.1812459116, brought to flows between zones). Values are
/// the central priors; replicates take them from data/published/priors.csv.
/// </summary>
public sealed record AdaptiveOptions
{
    /// <summary>Whether traffickers learn perceived risk from losses and begin on part of the network; if not, they choose as in each year's equilibrium.</summary>
    public bool TraffickersLearn { get; init; } = true;

    /// <summary>Whether enforcement moves to where it seized; if not, hazards follow the inflow as in the equilibrium.</summary>
    public bool EnforcementMoves { get; init; } = true;

    /// <summary>Whether seizures fall by chance, shipment by shipment; if not, each place takes its expected share.</summary>
    public bool Chance { get; init; } = true;

    /// <summary>alpha of perceived risk, above 0; default 2, NarcoLogic.</summary>
    public double Alpha { get; init; } = 2;

    /// <summary>beta of perceived risk, above 0; default 0.5, NarcoLogic. A way that is not known is taken to lose alpha / (alpha + beta) = 0.8.</summary>
    public double Beta { get; init; } = 0.5;

    /// <summary>delta, 0 to 1 (1: no salience): odds of the state that stands out are 1 / delta as high; default 0.35, NarcoLogic.</summary>
    public double Salience { get; init; } = 0.35;

    /// <summary>lambda, 0 to 1: weight of the newest month; what was learnt keeps 1 - lambda of its weight each month. Default 0.36, NarcoLogic.</summary>
    public double RouteLearning { get; init; } = 0.36;

    /// <summary>Weight of the newest month where learning traffickers count how crowded a zone is, above 0 to 1; default 1/12, a year's mean: at the weight
    /// of risk, where a crowded zone repels all at once, flow would swing between neighbouring ways from month to month.</summary>
    public double Crowding { get; init; } = 1.0 / 12;

    /// <summary>Share of what is sent whose loss is borne, 0 to 1: above it the network expands, below it it shrinks. Default 0.05, NarcoLogic.</summary>
    public double LossTolerance { get; init; } = 0.05;

    /// <summary>Zones that the network takes up or gives up in a month, 0 or above; default 8.5, NarcoLogic's 8 to 9.</summary>
    public double Expansion { get; init; } = 8.5;

    /// <summary>mu, 0 to 1: weight of the newest month where enforcement counts its seizures; default 0.6, NarcoLogic.</summary>
    public double EnforcementLearning { get; init; } = 0.6;

    /// <summary>Share of enforcement that does not move, 0 to 1; default 0.2, assumed: a fifth stays where it always was.</summary>
    public double Standing { get; init; } = 0.2;

    /// <summary>Tonnes of a shipment, above 0; default 0.64: 1,592 t in 206 events a month of 2015 (published.md 18).</summary>
    public double ShipmentTonnes { get; init; } = 0.64;

    /// <summary>Share of the first inflow that the zones known at the start take, 0 to 1; default 0.9, assumed.</summary>
    public double KnownShare { get; init; } = 0.9;
}

/// <summary>What one replicate simulates: costs and, for each year, tonnes and policy.</summary>
/// <param name="Costs">Costs and risks.</param>
/// <param name="MarketShares">Share bound for each market, summing to 1.</param>
/// <param name="RelativeValueByZone">Price in each zone over the dearest wholesale price.</param>
/// <param name="Years">Year by year; the first is the baseline, without policy.</param>
public sealed record AdaptiveCase(TransitCosts Costs, IReadOnlyList<double> MarketShares, IReadOnlyList<double> RelativeValueByZone, IReadOnlyList<AdaptiveYear> Years);

/// <summary>One year: what starts in each zone, and what is interdicted.</summary>
/// <param name="TonnesByZone">Tonnes a year that start in each zone.</param>
/// <param name="Policy">Interdiction.</param>
public sealed record AdaptiveYear(IReadOnlyList<double> TonnesByZone, TransitPolicy Policy);

/// <summary>Enforcement put on top of what is there, month by month: hazard on all that comes into a zone, which traffickers learn of by their losses only.</summary>
public interface IHardening
{
    /// <summary>Fills the hazard added on what comes into each zone.</summary>
    /// <param name="member">Replicate.</param>
    /// <param name="month">Month, 0 for the first.</param>
    /// <param name="hazardByZone">Cleared; length the number of zones.</param>
    void Fill(int member, int month, Span<double> hazardByZone);
}
