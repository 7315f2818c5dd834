namespace GeoHarm.Routing.Equilibrium;

/// <summary>Cost and hazard of an arc under its zone's inflow, and their partial derivatives.</summary>
/// <param name="Cost">Perceived cost.</param>
/// <param name="Hazard">Hazard.</param>
/// <param name="CostByInflow">Derivative of cost by the zone's inflow.</param>
/// <param name="HazardByInflow">Derivative of hazard by the zone's inflow.</param>
/// <param name="CostByBaseHazard">Derivative of cost by the base hazard.</param>
/// <param name="HazardByBaseHazard">Derivative of hazard by the base hazard.</param>
public readonly record struct ArcResponse(
    double Cost, double Hazard, double CostByInflow, double HazardByInflow, double CostByBaseHazard, double HazardByBaseHazard);

/// <summary>
/// How the inflow of the zone that an arc enters changes the arc's cost and hazard; a struct, so that the loop over arcs is
/// compiled for it. The derivative of cost by base cost is taken as 1.
/// </summary>
public interface IZoneFeedback
{
    /// <summary>Response of one arc.</summary>
    /// <param name="arc">Arc as the caller numbers it.</param>
    /// <param name="baseCost">Cost without inflow.</param>
    /// <param name="baseHazard">Hazard without inflow.</param>
    /// <param name="inflow">Inflow of the zone entered, not negative; 0 for arcs that enter no zone.</param>
    ArcResponse Respond(int arc, double baseCost, double baseHazard, double inflow);
}

/// <summary>
/// Linear congestion and risk: r = r0 (1 + rho F / F0), c = c0 + value r + kappa F / F0, F the inflow of the zone entered.
/// </summary>
/// <param name="Kappa">Congestion: cost added when inflow is F0; 0 or above. Fitted values 0.1 to 0.2; converges up to 3 and beyond.</param>
/// <param name="Rho">Share by which the hazard rises when inflow is F0; 0 or above.</param>
/// <param name="Value">Cost of one unit of hazard (what a lost cargo is worth); 0 or above. Fitted 6 to 10.</param>
/// <param name="ReferenceInflow">F0, in the unit of the sources; above 0. 0.05 of all that is sent, as a rule.</param>
public readonly record struct LinearFeedback(double Kappa, double Rho, double Value, double ReferenceInflow) : IZoneFeedback
{
    /// <inheritdoc/>
    public ArcResponse Respond(int arc, double baseCost, double baseHazard, double inflow)
    {
        var relative = inflow / ReferenceInflow;
        var factor = 1 + Rho * relative;
        var hazard = baseHazard * factor;
        var hazardByInflow = baseHazard * Rho / ReferenceInflow;
        return new ArcResponse(
            baseCost + Value * hazard + Kappa * relative, hazard,
            Kappa / ReferenceInflow + Value * hazardByInflow, hazardByInflow,
            Value * factor, factor);
    }
}
