using GeoHarm.Routing.Graphs;

namespace GeoHarm.Routing.Equilibrium;

/// <summary>Which direction a link-based solver takes.</summary>
public enum LinkDirection
{
    /// <summary>Towards the all-or-nothing flows (Frank and Wolfe 1956; LeBlanc, Morlok, Pierskalla 1975, doi 10.1016/0041-1647(75)90030-1).</summary>
    FrankWolfe,

    /// <summary>Conjugate to the last two directions (Mitradjieva and Lindberg 2013, doi 10.1287/trsc.1120.0409).</summary>
    BiconjugateFrankWolfe,
}

/// <summary>
/// User equilibrium in the space of link flows. The plain rival of <see cref="UserEquilibrium{TCost}"/>, kept simple on purpose:
/// Dijkstra from each origin, a line search by halving, no warm start. Fit for gaps of 1e-4 (Frank-Wolfe) or 1e-6 (biconjugate).
/// All trips must have a path.
/// </summary>
public static class LinkEquilibrium
{
    private const int Halvings = 60; // the interval is then below 1e-18
    private const double LongestShare = 0.99; // of an old direction, as the paper's delta of 0.01

    /// <summary>Solves to options.RelativeGap or <paramref name="maxIterations"/>; flows are by arc.</summary>
    public static (EquilibriumResult Result, double[] Flow) Solve<TCost>(AssignmentNetwork network, TripTable trips, in TCost costs,
        LinkDirection direction, double relativeGap, int maxIterations) where TCost : struct, ILinkCost<TCost>
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(trips);
        var m = network.ArcCount;
        var bySlot = costs.Reordered(network.arcOfSlot);
        var x = new double[m];
        AllOrNothing(network, trips, Costs(bySlot, x, out _), x);
        double[]? s1 = null, s2 = null; // targets of the last two steps
        double lastStep = 0, gap = double.PositiveInfinity;
        var iteration = 0;
        while (iteration < maxIterations)
        {
            iteration++;
            var cost = Costs(bySlot, x, out var slope);
            var target = new double[m];
            AllOrNothing(network, trips, cost, target);
            double total = 0, shortest = 0;
            for (var a = 0; a < m; a++) { total += cost[a] * x[a]; shortest += cost[a] * target[a]; }
            gap = shortest > 0 ? Math.Max(0, total - shortest) / shortest : 0;
            if (gap <= relativeGap) break;
            var blend = direction == LinkDirection.FrankWolfe ? target : Blend(x, slope, target, s1, s2, lastStep);
            var step = Search(bySlot, x, blend);
            for (var a = 0; a < m; a++) x[a] = Math.Max(0, x[a] + step * (blend[a] - x[a]));
            (s2, s1, lastStep) = step > LongestShare ? (null, null, 0) : (s1, blend, step);
        }
        double objective = 0, sum = 0;
        for (var a = 0; a < m; a++)
        {
            bySlot.Evaluate(a, x[a], out var c, out _);
            objective += bySlot.Integral(a, x[a]);
            sum += c * x[a];
        }
        var flow = new double[m];
        for (var a = 0; a < m; a++) flow[network.arcOfSlot[a]] = x[a];
        return (new EquilibriumResult(gap, gap <= relativeGap, iteration, 0, objective, sum, 0), flow);
    }

    private static double[] Costs<TCost>(in TCost costs, double[] x, out double[] slope) where TCost : struct, ILinkCost<TCost>
    {
        var cost = new double[x.Length];
        slope = new double[x.Length];
        for (var a = 0; a < x.Length; a++) costs.Evaluate(a, x[a], out cost[a], out slope[a]);
        return cost;
    }

    private static void AllOrNothing(AssignmentNetwork network, TripTable trips, double[] cost, double[] flow)
    {
        for (var o = 0; o < trips.Zones; o++)
        {
            if (trips.First[o] == trips.First[o + 1]) continue;
            var origin = network.hierarchy.SourceRank(o);
            var (_, tree) = PlainTree.From(network, origin, cost);
            for (var i = trips.First[o]; i < trips.First[o + 1]; i++)
            {
                if (trips.Destination[i] == o) continue;
                for (var v = network.hierarchy.TargetRank(trips.Destination[i]); v != origin; v = network.tail[tree[v]])
                {
                    if (tree[v] < 0) throw new InvalidOperationException($"no path from zone {o} to zone {trips.Destination[i]}");
                    flow[tree[v]] += trips.Trips[i];
                }
            }
        }
    }

    private static double Search<TCost>(in TCost costs, double[] x, double[] target) where TCost : struct, ILinkCost<TCost>
    {
        double low = 0, high = 1;
        for (var i = 0; i < Halvings; i++)
        {
            var middle = (low + high) / 2;
            double slope = 0;
            for (var a = 0; a < x.Length; a++)
            {
                if (target[a] == x[a]) continue;
                costs.Evaluate(a, Math.Max(0, x[a] + middle * (target[a] - x[a])), out var c, out _);
                slope += c * (target[a] - x[a]);
            }
            if (slope > 0) high = middle;
            else low = middle;
        }
        return (low + high) / 2;
    }

    /// <summary>The paper's equations (12) to (15): the weights that make the direction conjugate to the last one or two.</summary>
    private static double[] Blend(double[] x, double[] h, double[] y, double[]? s1, double[]? s2, double step)
    {
        if (s1 is null) return y;
        double w1 = 0, w2 = 0; // weights of s1 and s2 against 1 for y
        if (s2 is null)
        {
            double n = 0, d = 0;
            for (var a = 0; a < x.Length; a++)
            {
                n += (s1[a] - x[a]) * h[a] * (y[a] - x[a]);
                d += (s1[a] - x[a]) * h[a] * (y[a] - s1[a]);
            }
            var share = d != 0 ? Math.Clamp(n / d, 0, LongestShare) : 0;
            w1 = share / (1 - share);
        }
        else
        {
            double muUp = 0, muDown = 0, nuUp = 0, nuDown = 0;
            for (var a = 0; a < x.Length; a++)
            {
                var last = s1[a] - x[a];
                var before = step * s1[a] - x[a] + (1 - step) * s2[a];
                muUp += before * h[a] * (y[a] - x[a]);
                muDown += before * h[a] * (s2[a] - s1[a]);
                nuUp += last * h[a] * (y[a] - x[a]);
                nuDown += last * h[a] * last;
            }
            w2 = muDown != 0 ? Math.Max(0, -muUp / muDown) : 0;
            w1 = nuDown != 0 ? Math.Max(0, -nuUp / nuDown + w2 * step / (1 - step)) : 0;
        }
        var scale = 1 / (1 + w1 + w2);
        var blend = new double[x.Length];
        for (var a = 0; a < x.Length; a++) blend[a] = scale * (y[a] + w1 * s1[a] + (s2 is null ? 0 : w2 * s2[a]));
        return blend;
    }
}
