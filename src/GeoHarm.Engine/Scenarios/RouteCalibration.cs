using GeoHarm.Engine.Routes;
using GeoHarm.Routing.Equilibrium;
using GeoHarm.Spatial.Quantities;
using MathNet.Numerics.LinearAlgebra;

namespace GeoHarm.Engine.Scenarios;

/// <summary>A published figure that calibration looks at.</summary>
/// <param name="Name">Name.</param>
/// <param name="Value">Published value.</param>
/// <param name="Relation">"=", "&gt;" or "&lt;": a bound costs nothing once met.</param>
/// <param name="Error">Error that counts as one, in the unit of the value.</param>
public sealed record CalibrationTarget(string Name, double Value, string Relation, double Error);

/// <summary>What calibration found.</summary>
/// <param name="Structure">Structure.</param>
/// <param name="Parameters">Free parameters at the fit.</param>
/// <param name="Moments">Model's value of each target at the fit.</param>
/// <param name="StartMoments">The same at the start.</param>
/// <param name="Distance">Sum of squared misses, in errors.</param>
/// <param name="Evaluations">Evaluations of the moments.</param>
/// <param name="SingularValues">Of the Jacobian of moments (in errors) by logs of the parameters, largest first: one near 0 is a direction that the targets do not see.</param>
public sealed record CalibrationFit(TransitStructure Structure, IReadOnlyList<double> Parameters, IReadOnlyList<double> Moments, IReadOnlyList<double> StartMoments, double Distance, int Evaluations, IReadOnlyList<double> SingularValues);

/// <summary>
/// Calibration by the method of simulated moments (McFadden 1989, doi 10.2307/1913621; on trafficking networks Dell 2015, doi
/// 10.1257/aer.20121637): four free parameters, six targets, at the central priors; damped Gauss-Newton (Marquardt 1963) in logs with difference
/// Jacobians. The model is deterministic at the central draw, so no simulation error is added. Cost: about 60 equilibria.
/// </summary>
public static class RouteCalibration
{
    /// <summary>Free parameters: screening of consuming countries' airports and ports, fixed cost of a flight, fixed cost of a boat leg,
    /// factor on the risk of arrivals in the Caribbean from South America since the mid-1980s.</summary>
    public static IReadOnlyList<string> ParameterNames { get; } = ["route.entry_hazard", "route.fixed.air", "route.fixed.boat", "Caribbean risk factor since 1985"];

    /// <summary>Targets (data/published/regional_shares.csv, priors.csv). The share of West Africa is one of seizures, matched to inflow; eastern Pacific
    /// shares of 2015 are not matched: corridors join zones and do not know their ocean. From the Antilles to the Netherlands at least what was seized there came:
    /// 10,000 kg in 2002 and 2003, 5 t a year of the 220 t that the model sends to Europe (0.26 of 846 t, the mean over draws).</summary>
    public static IReadOnlyList<CalibrationTarget> Targets { get; } =
    [
        new("Caribbean, mid-1980s, share of US-bound flow", 0.75, ">", 0.05), new("Caribbean, 2010, share of US-bound flow", 0.10, "<", 0.05),
        new("Central America, 2010, share of US-bound flow", 0.80, ">", 0.05), new("West Africa, 2007, share of Europe-bound flow", 0.25, "=", 0.05),
        new("seized share of all flow", 0.34, "=", 0.05), new("Antilles to the Netherlands by air, 2002-03, share of Europe-bound flow", 0.023, ">", 0.01),
    ];

    /// <summary>Where the search starts: half a unit of entry hazard, the trial values, a factor of four.</summary>
    public static IReadOnlyList<double> Start { get; } = [0.5, 0.8, 0.45, 4];

    /// <summary>Fits the parameters to the targets, or to all but one.</summary>
    /// <param name="routes">A case without interdiction.</param>
    /// <param name="structure">Structure.</param>
    /// <param name="leftOut">Target left out; -1 for none.</param>
    /// <param name="steps">Most Gauss-Newton steps.</param>
    public static CalibrationFit Fit(RouteCase routes, TransitStructure structure, int leftOut = -1, int steps = 12)
    {
        var models = new[] { routes.Model(structure, 1e-9), routes.Model(structure, 1e-9) };
        var evaluations = 0;
        double[] Moments(Vector<double> logs)
        {
            evaluations++;
            return MomentsAt(routes, models, [.. logs.Select(PortableMath.Exp)]);
        }
        double Miss(double[] moments, int t)
        {
            var over = (moments[t] - Targets[t].Value) / Targets[t].Error;
            return t == leftOut ? 0 : Targets[t].Relation switch { ">" => Math.Min(0, over), "<" => Math.Max(0, over), _ => over };
        }
        Vector<double> Misses(double[] moments) => Vector<double>.Build.Dense(Targets.Count, t => Miss(moments, t));
        var at = Vector<double>.Build.DenseOfEnumerable(Start.Select(PortableMath.Log));
        var start = at;
        var moments = Moments(at);
        var first = moments;
        var jacobian = Jacobian(at, moments, Moments);
        var damping = 0.1;
        for (var step = 0; step < steps && damping < 1e4; step++)
        {
            var misses = Misses(moments);
            var active = Matrix<double>.Build.Dense(Targets.Count, at.Count, (t, p) => misses[t] == 0 ? 0 : jacobian[t, p]);
            // The weak pull to the start stands for priors: a factor of e counts as much as one error.
            var normal = active.TransposeThisAndMultiply(active) + Matrix<double>.Build.DenseIdentity(at.Count) * (PriorWeight + damping);
            var move = normal.Solve(-active.TransposeThisAndMultiply(misses) - PriorWeight * (at - start));
            var next = at + move.Map(m => Math.Clamp(m, -1, 1));
            var found = Moments(next);
            if (Cost(Misses(found), next, start) < Cost(misses, at, start))
            {
                var gained = Cost(misses, at, start) - Cost(Misses(found), next, start);
                (at, moments, damping) = (next, found, damping / 4);
                jacobian = Jacobian(at, moments, Moments);
                if (gained < 1e-3) break;
            }
            else damping *= 6;
        }
        return new CalibrationFit(structure, [.. at.Select(PortableMath.Exp)], moments, first, Misses(moments).DotProduct(Misses(moments)), evaluations, [.. jacobian.Svd().S]);
    }

    private const double PriorWeight = 0.25;

    private static double Cost(Vector<double> misses, Vector<double> at, Vector<double> start) => misses.DotProduct(misses) + PriorWeight * (at - start).DotProduct(at - start);

    private static Matrix<double> Jacobian(Vector<double> at, double[] moments, Func<Vector<double>, double[]> of)
    {
        const double Step = 0.02;
        var jacobian = Matrix<double>.Build.Dense(Targets.Count, at.Count);
        for (var p = 0; p < at.Count; p++)
        {
            var moved = at.Clone();
            moved[p] += Step;
            var there = of(moved);
            for (var t = 0; t < Targets.Count; t++) jacobian[t, p] = (there[t] - moments[t]) / Step / Targets[t].Error;
        }
        return jacobian;
    }

    private static double[] MomentsAt(RouteCase routes, TransitModel[] models, double[] parameters)
    {
        var central = routes.Central;
        var costs = central.Costs with { EntryHazard = parameters[0], Fixed = [central.Costs.Fixed[0], parameters[2], central.Costs.Fixed[2], parameters[1]] };
        double[] tonnes = [.. routes.BaselineHectares.Select(ha => ha * central.Yield / 1000)];
        var today = new TransitPolicy(routes.Network.ArcCount);
        today.Add(routes.Network, new Interdiction(routes.Resolve(["Caribbean"])) { From = routes.Resolve(["Andes", "South America"]), RiskFactor = Math.Max(1, parameters[3]) });
        var (antilles, netherlands) = (routes.Resolve(["CUW", "ABW", "BES"]), routes.Resolve(["NLD"]));
        var results = new (double Caribbean, double Central, double Africa, double Seized, double Antilles)[2];
        for (var i = 0; i < 2; i++)
        {
            models[i].Set(tonnes, central.MarketShares, costs, central.RelativeValueByZone, ScenarioInputs.Sum(tonnes));
            var flows = models[i].Solve(i == 0 ? routes.NoPolicy : today).Flows;
            double Share(int market, Func<int, bool> counts)
            {
                var byArc = models[i].FlowTo(market);
                var sum = 0.0;
                for (var arc = 0; arc < byArc.Length; arc++)
                {
                    if (routes.Network.To[arc] < routes.Network.ZoneCount && counts(arc)) sum += byArc[arc];
                }
                return sum / (flows.TotalSource * central.MarketShares[market]);
            }
            bool Enters(int arc, string region) => routes.Inputs.Zones.Regions[routes.Network.To[arc]] == region && routes.Inputs.Zones.Regions[routes.Network.From[arc]] != region;
            bool Courier(int arc) => TransitNetwork.Modes[routes.Network.Mode[arc]] == "air" && antilles.Contains(routes.Network.From[arc]) && netherlands.Contains(routes.Network.To[arc]);
            results[i] = (Share(0, a => Enters(a, "Caribbean")), Share(0, a => Enters(a, "Central America")), Share(1, a => Enters(a, "West Africa")), flows.TotalSeized / flows.TotalSource, Share(1, Courier));
        }
        return [results[0].Caribbean, results[1].Caribbean, results[1].Central, results[1].Africa, results[1].Seized, results[0].Antilles];
    }
}
