using GeoHarm.Engine.Routes;
using GeoHarm.Routing.Equilibrium;
using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Engine.Scenarios;

/// <summary>The push map: where one more unit of enforcement moves how much of a named burden.</summary>
/// <param name="Burden">The burden.</param>
/// <param name="Value">Its value at the equilibrium.</param>
/// <param name="ByZone">Derivative by the hazard on all that comes into each zone, per unit of hazard.</param>
/// <param name="ByArc">Derivative by the hazard of each arc; 0 for closed ones and those into a market.</param>
/// <param name="Converged">Whether the equilibrium was reached.</param>
/// <param name="MaxRelativeError">Largest difference between the derivative by zone and re-solved central differences over the zones checked, over the largest
/// |derivative| by zone.</param>
/// <param name="Checked">Zones that were checked.</param>
public sealed record PushMap(RouteBurden Burden, double Value, double[] ByZone, double[] ByArc, bool Converged, double MaxRelativeError, IReadOnlyList<int> Checked);

/// <summary>
/// Derivative of a named burden by the enforcement on every arc and zone, from one adjoint solve of the equilibrium (findings B4), at
/// the central priors with the scenario's policy in force. First order only: beyond half as much again as the hazard in place, sweep
/// and re-solve. Enforcement is hazard: one unit stops 63 % of cargo, a hundredth of a unit 1 %.
/// </summary>
public static class RoutePush
{
    /// <summary>Zones re-solved for the check: this many with the largest derivatives, and as many drawn.</summary>
    private const int Largest = 2, Drawn = 2;

    /// <summary>Step of the differences as a change of theta x cost: of fourth order, its error is then 1e-9, and the residual's 1e-8.</summary>
    private const double Step = 0.02;

    /// <summary>Computes the map.</summary>
    /// <param name="routes">The case.</param>
    /// <param name="burden">The named burden.</param>
    /// <param name="check">Whether to re-solve some zones; the error is NaN otherwise.</param>
    public static PushMap Of(RouteCase routes, RouteBurden burden, bool check = true)
    {
        var model = routes.BaselineModel(routes.Inputs.Scenario.Structure, routes.Central, 1e-12);
        var solution = model.Solve(routes.Policy);
        var (byArrival, bySeized) = burden.Derivatives(routes);
        var gradient = model.Gradient(byArrival, bySeized);
        var (byArc, byZone) = (new double[routes.Network.ArcCount], new double[routes.Network.ZoneCount]);
        for (var arc = 0; arc < byArc.Length; arc++)
        {
            if (routes.Network.To[arc] >= routes.Network.ZoneCount || routes.Policy.IsClosed(arc)) continue;
            byArc[arc] = gradient.ByBaseHazard[arc];
            byZone[routes.Network.To[arc]] += byArc[arc];
        }
        var zones = check ? Checked(byZone, routes.Inputs.Scenario.Seed) : [];
        var scale = byZone.Max(Math.Abs);
        var error = check ? 0.0 : double.NaN;
        foreach (var zone in zones) error = Math.Max(error, Math.Abs(Difference(routes, burden, model, solution.ZoneInflow, zone) - byZone[zone]));
        return new PushMap(burden, burden.Of(routes, solution.Flows), byZone, byArc, solution.Converged && gradient.LinearResidual <= 1e-8, scale > 0 ? error / scale : error, zones);
    }

    // The same derivative by five-point central differences of re-solved equilibria.
    private static double Difference(RouteCase routes, RouteBurden burden, TransitModel model, ReadOnlySpan<double> start, int zone)
    {
        var costs = routes.Central.Costs;
        var theta = routes.Inputs.Scenario.Structure == TransitStructure.Wardrop ? costs.WardropTheta : costs.Theta;
        var step = Step / (theta * costs.RiskValue);
        double At(double hazard, ReadOnlySpan<double> from)
        {
            var policy = routes.Policy.Copy();
            foreach (var arc in routes.Network.ArcsInto(zone)) policy.Raise(arc, hazard);
            return burden.Of(routes, model.Solve(policy, from).Flows);
        }
        var inner = At(step, start) - At(-step, start);
        var outer = At(2 * step, start) - At(-2 * step, start);
        return (8 * inner - outer) / (12 * step);
    }

    private static List<int> Checked(double[] byZone, ulong seed)
    {
        var chosen = Enumerable.Range(0, byZone.Length).OrderByDescending(z => Math.Abs(byZone[z])).ThenBy(z => z).Take(Largest).ToList();
        var random = new CounterRandom(seed, 0, Priors.StreamOf("push.check"));
        while (chosen.Count < Math.Min(Largest + Drawn, byZone.Length))
        {
            var zone = random.NextBelow(byZone.Length);
            if (!chosen.Contains(zone)) chosen.Add(zone);
        }
        return chosen;
    }
}
