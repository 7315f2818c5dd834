using GeoHarm.Engine.Routes;
using GeoHarm.Routing.Equilibrium;

namespace GeoHarm.Engine.Scenarios;

/// <summary>What an allocation is judged by.</summary>
public enum AllocationAim
{
    /// <summary>The burden of all zones together.</summary>
    Total,

    /// <summary>The largest burden that any one zone bears of what comes into it.</summary>
    Largest,
}

/// <summary>
/// A burden as a function of enforcement by unit, with its gradient: one equilibrium from the inflow of the last one, and one adjoint (findings B4).
/// One per thread.
/// </summary>
internal sealed class RouteResponse
{
    private readonly RouteCase routes;
    private readonly EnforcementUnits units;
    private readonly RouteBurden burden;
    private readonly TransitModel model;
    private readonly double[] inPlace; // mean hazard over the arcs into each unit, what comes over them as weights
    private double[] start = [];

    public RouteResponse(RouteCase routes, EnforcementUnits units, RouteBurden burden, TransitStructure structure, RouteDraw draw)
    {
        (this.routes, this.units, this.burden) = (routes, units, burden);
        model = routes.BaselineModel(structure, draw);
        (Costs, inPlace) = (draw.Costs, new double[units.Count]);
        Solve(null);
        for (var u = 0; u < inPlace.Length; u++)
        {
            double flow = 0, weighted = 0, plain = 0;
            foreach (var arc in units.ArcsInto[u])
            {
                var hazard = Own(arc);
                flow += Flows.ArcFlow[arc];
                weighted += Flows.ArcFlow[arc] * hazard;
                plain += hazard / units.ArcsInto[u].Count;
            }
            inPlace[u] = flow > 0 ? weighted / flow : plain;
        }
    }

    private TransitCosts Costs { get; }

    /// <summary>Hazard in place on what comes into each unit.</summary>
    public ReadOnlySpan<double> InPlace => inPlace;

    /// <summary>Flows of the last plan.</summary>
    public MarkovianFlows Flows { get; private set; } = null!;

    /// <summary>What each zone bears under the last plan.</summary>
    public double[] ByZone { get; private set; } = [];

    /// <summary>Whether the last equilibrium was reached.</summary>
    public bool Converged { get; private set; }

    /// <summary>Solves under a plan; null for none.</summary>
    public void Solve(EnforcementPlan? plan)
    {
        var result = model.Solve(plan is null ? routes.Policy : PolicyOf(plan), start);
        start = result.ZoneInflow.ToArray();
        (Flows, Converged) = (result.Flows, result.Converged);
        ByZone = burden.IsBorneByZones ? burden.ByZone(routes, Flows) : [];
    }

    /// <summary>The burden under the last plan.</summary>
    public double Value(AllocationAim aim) => aim == AllocationAim.Total ? burden.Of(routes, Flows) : ByZone.Max();

    /// <summary>Weights that stand for what one zone bears.</summary>
    public double[] Only(int zone)
    {
        var weights = new double[ByZone.Length];
        weights[zone] = 1;
        return weights;
    }

    /// <summary>Weights that stand for the aim under the last plan: of the largest burden, 1 for the first zone that bears it; empty for the total.</summary>
    public double[] Worst(AllocationAim aim) => aim == AllocationAim.Total ? [] : Only(Array.IndexOf(ByZone, ByZone.Max()));

    /// <summary>Derivative of the burden under the last plan by the hazard on what comes into each unit: added, or (for a reduction) in place.</summary>
    public double[] ByHazard(ReadOnlySpan<double> weights, bool ofReduction = false)
    {
        var (byArrival, bySeized) = burden.Derivatives(routes, weights);
        var gradient = model.Gradient(byArrival, bySeized);
        Converged &= gradient.LinearResidual <= 1e-8;
        var byUnit = new double[units.Count];
        for (var u = 0; u < byUnit.Length; u++)
        {
            foreach (var arc in units.ArcsInto[u]) byUnit[u] += gradient.ByBaseHazard[arc] * (ofReduction ? Own(arc) / inPlace[u] : 1);
        }
        return byUnit;
    }

    private double Own(int arc) => routes.Policy.Seen(arc, routes.Network.HazardOf(arc, Costs)) - routes.Policy.Seen(arc, 0);

    private TransitPolicy PolicyOf(EnforcementPlan plan)
    {
        var policy = routes.Policy.Copy();
        for (var u = 0; u < units.Count; u++)
        {
            if (!(plan.Units[u] > 0)) continue;
            foreach (var arc in units.ArcsInto[u])
            {
                if (plan.Form == EnforcementForm.Reduced) policy.Lift(arc, Math.Min(1, plan.Units[u] / inPlace[u]));
                else policy.Raise(arc, plan.Hazard(u));
            }
        }
        return policy;
    }
}
