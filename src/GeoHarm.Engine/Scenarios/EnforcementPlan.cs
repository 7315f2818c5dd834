using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Engine.Scenarios;

/// <summary>How a budget of hazard acts.</summary>
public enum EnforcementForm
{
    /// <summary>A part of the budget stands in each place all year: the hazards sum to the budget.</summary>
    Spread,

    /// <summary>All of the budget stands in one place at a time, drawn with a probability for each: the probabilities sum to 1, and a place met with
    /// probability p has the hazard -ln(1 - C p), C = 1 - exp(-budget).</summary>
    Mixed,

    /// <summary>Hazard in place is taken away: by so much in each place, over its arcs in proportion to what they have.</summary>
    Reduced,
}

/// <summary>A budget over units in one form: the variables that a search moves, and what they do to hazards.</summary>
/// <param name="Form">Form.</param>
/// <param name="Budget">Budget, in units of hazard.</param>
/// <param name="Units">Hazard (Spread), probability (Mixed) or hazard taken away (Reduced) by unit.</param>
public sealed record EnforcementPlan(EnforcementForm Form, double Budget, IReadOnlyList<double> Units)
{
    private double Control => 1 - PortableMath.Exp(-Budget);

    /// <summary>Hazard added on what comes into a unit; below 0 where it is taken away.</summary>
    public double Hazard(int unit) => Form switch { EnforcementForm.Spread => Units[unit], EnforcementForm.Mixed => -PortableMath.Log(1 - Control * Units[unit]), _ => -Units[unit] };

    /// <summary>Derivative of the hazard of a unit by its variable.</summary>
    public double HazardByVariable(int unit) => Form switch { EnforcementForm.Spread => 1, EnforcementForm.Mixed => Control / (1 - Control * Units[unit]), _ => -1 };

    /// <summary>Derivative of the hazard of a unit by the budget, the plan keeping its proportions.</summary>
    public double HazardByBudget(int unit)
    {
        if (Form == EnforcementForm.Mixed) return Units[unit] * (1 - Control) / (1 - Control * Units[unit]);
        var spent = Units.Sum();
        return spent > 0 ? Units[unit] / spent : 0;
    }
}
