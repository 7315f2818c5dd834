namespace GeoHarm.Routing.Equilibrium;

/// <summary>An equilibrium (or how near one came), by arc and zone as the caller numbers them.</summary>
public sealed class MarkovianEquilibriumResult
{
    internal readonly double[] inflow, costs, hazards;

    internal MarkovianEquilibriumResult(MarkovianFlows flows, int zones, int arcs)
    {
        Flows = flows;
        inflow = new double[zones];
        costs = new double[arcs];
        hazards = new double[arcs];
    }

    /// <summary>Flows at equilibrium.</summary>
    public MarkovianFlows Flows { get; }

    /// <summary>Inflow of each zone: hand it to the next solve as its start.</summary>
    public ReadOnlySpan<double> ZoneInflow => inflow;

    /// <summary>Perceived cost of each arc at equilibrium.</summary>
    public ReadOnlySpan<double> ArcCost => costs;

    /// <summary>Hazard of each arc at equilibrium.</summary>
    public ReadOnlySpan<double> ArcHazard => hazards;

    /// <summary>Whether the residual reached its tolerance.</summary>
    public bool Converged { get; internal init; }

    /// <summary>Largest difference between a zone's inflow and the inflow that its costs cause, as a share of all that is sent.</summary>
    public double Residual { get; internal init; }

    /// <summary>Newton steps taken.</summary>
    public int Steps { get; internal init; }

    /// <summary>Loadings made.</summary>
    public int Loads { get; internal init; }

    /// <summary>Products with the Jacobian made.</summary>
    public int Products { get; internal init; }
}

/// <summary>Derivatives of one functional by every arc, as the caller numbers them.</summary>
public sealed class MarkovianGradient
{
    internal readonly double[] byCost, byHazard;

    internal MarkovianGradient(int arcs)
    {
        byCost = new double[arcs];
        byHazard = new double[arcs];
    }

    /// <summary>By the base cost of each arc.</summary>
    public ReadOnlySpan<double> ByBaseCost => byCost;

    /// <summary>By the base hazard of each arc: what one more unit of enforcement there does, at first order.</summary>
    public ReadOnlySpan<double> ByBaseHazard => byHazard;

    /// <summary>Relative residual of the adjoint's linear solve.</summary>
    public double LinearResidual { get; internal init; }

    /// <summary>Adjoint products made.</summary>
    public int Products { get; internal init; }
}
