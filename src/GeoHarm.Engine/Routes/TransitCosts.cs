using GeoHarm.Routing.Equilibrium;

namespace GeoHarm.Engine.Routes;

/// <summary>How flow spreads over ways: the three structures that stand side by side, since the data choose none of them.</summary>
public enum TransitStructure
{
    /// <summary>Markovian with reference probabilities Q (Kullback-Leibler form), cycles allowed; the default.</summary>
    Reference,

    /// <summary>Markovian in plain logit form over arcs that lead nearer to the market, with one backward step allowed.</summary>
    Layered,

    /// <summary>Wardrop's user equilibrium, as the limit of the reference form at <see cref="TransitCosts.WardropTheta"/>.</summary>
    Wardrop,
}

/// <summary>
/// Costs and risks of moving a tonne, drawn once per member. Cost has the unit of findings B2 (8 is the value of a cargo at the
/// dearest market); only its ratios to 1 / theta matter. On an arc into zone k with inflow F_k: hazard r = r0 (1 + rho F_k / F0), share
/// 1 - exp(-r) lost; perceived cost c = fixed + km cost + border + value_k r + kappa F_k / F0.
/// </summary>
/// <param name="PerThousandKilometres">Cost per 1,000 km by mode.</param>
/// <param name="Fixed">Cost of one arc by mode.</param>
/// <param name="Hazard">Seizure hazard r of one arc by mode: a share 1 - exp(-r) is lost.</param>
/// <param name="Border">Cost of crossing a border.</param>
/// <param name="RiskValue">Cost of one unit of hazard where cargo is worth most.</param>
/// <param name="Theta">Dispersion, per unit of cost.</param>
public sealed record TransitCosts(IReadOnlyList<double> PerThousandKilometres, IReadOnlyList<double> Fixed, IReadOnlyList<double> Hazard, double Border, double RiskValue, double Theta)
{
    /// <summary>kappa: cost added where a zone's inflow is F0; 0 or above.</summary>
    public double Congestion { get; init; }

    /// <summary>rho: share by which the hazard rises where a zone's inflow is F0; 0 or above.</summary>
    public double RiskFeedback { get; init; }

    /// <summary>Hazard on top of the mode's where an air or sea leg ends in a consuming country of North America or Europe: screening at its airports
    /// and ports, which land borders and coasts do not have.</summary>
    public double EntryHazard { get; init; }

    /// <summary>F0 as a share of all tonnes sent in the baseline; default 0.05 (findings B2).</summary>
    public double ReferenceInflow { get; init; } = 0.05;

    /// <summary>theta that stands for Wardrop: at 30 a way dearer by a tenth of a cost unit carries a twentieth of the flow of
    /// the cheapest. Higher values change regional shares by under 1 % and cost Newton steps (docs/methods/routes.md).</summary>
    public double WardropTheta { get; init; } = 30;
}

/// <summary>What a kilogram is worth along the chain: a price at source, at Panama, and its rise with distance beyond, up to wholesale
/// (NarcoLogic, Magliocca et al. 2019, doi 10.1073/pnas.1812459116, for the middle; assumed wide ends). US$ per kg.</summary>
/// <param name="AtSource">In the producing zones.</param>
/// <param name="AtPanama">At Panama's distance from them.</param>
/// <param name="PerKilometre">Rise per km beyond.</param>
/// <param name="Wholesale">By market, in the order of <see cref="TransitNetwork.Markets"/>; the last one takes the lower of the other two.</param>
public sealed record CargoPrices(double AtSource, double AtPanama, double PerKilometre, IReadOnlyList<double> Wholesale)
{
    /// <summary>The dearest wholesale price: what <see cref="TransitCosts.RiskValue"/> stands for.</summary>
    public double Highest => Wholesale.Max();

    /// <summary>Price in a zone.</summary>
    /// <param name="kilometresFromSource">From the nearest large producing zone.</param>
    /// <param name="kilometresOfPanama">Panama's distance from it.</param>
    /// <param name="market">Market that consumes in the zone; -1 for none.</param>
    public double At(double kilometresFromSource, double kilometresOfPanama, int market)
    {
        if (market >= 0) return Wholesale[market];
        var near = kilometresOfPanama > 0 ? Math.Min(1, kilometresFromSource / kilometresOfPanama) : 1;
        return Math.Min(Highest, AtSource + (AtPanama - AtSource) * near + PerKilometre * Math.Max(0, kilometresFromSource - kilometresOfPanama));
    }
}

/// <summary>Congestion and risk of a zone's inflow on the arcs into it. <c>unseen</c> is hazard that traffickers do not know of: it
/// takes cargo and enters no cost.</summary>
internal readonly struct TransitFeedback(double kappa, double rho, double referenceInflow, double[] valueByArc, double[] unseenByArc) : IZoneFeedback
{
    /// <inheritdoc/>
    public ArcResponse Respond(int arc, double baseCost, double baseHazard, double inflow)
    {
        var relative = inflow / referenceInflow;
        var factor = 1 + rho * relative;
        var seen = baseHazard * factor;
        var (value, seenByInflow) = (valueByArc[arc], baseHazard * rho / referenceInflow);
        return new ArcResponse(
            baseCost + value * seen + kappa * relative, seen + unseenByArc[arc], kappa / referenceInflow + value * seenByInflow, seenByInflow, value * factor, factor);
    }
}
