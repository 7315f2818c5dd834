using GeoHarm.Routing.Graphs;

namespace GeoHarm.Routing.Equilibrium;

/// <summary>
/// Cost that is linear between points (flow, cost) of each arc and goes on with the last slope. At a corner the derivative is
/// the steeper of the two slopes, so that a Newton step never overshoots for want of slope.
/// </summary>
public readonly struct PiecewiseCost : ILinkCost<PiecewiseCost>
{
    private readonly (double Flow, double Cost)[][] points;
    private readonly bool marginal;

    private PiecewiseCost((double, double)[][] points, bool marginal)
    {
        this.points = points;
        this.marginal = marginal;
    }

    /// <summary>Points by arc: the first at flow 0, flows ascending, costs 0 or more and not falling. One point is a constant cost.</summary>
    public PiecewiseCost((double Flow, double Cost)[][] pointsByArc)
    {
        ArgumentNullException.ThrowIfNull(pointsByArc);
        var faults = new FaultList();
        for (var arc = 0; arc < pointsByArc.Length; arc++)
        {
            var p = pointsByArc[arc];
            var bad = p.Length == 0 || p[0].Flow != 0 || !(p[0].Cost >= 0);
            for (var i = 0; i < p.Length; i++)
            {
                bad |= !double.IsFinite(p[i].Flow) || !double.IsFinite(p[i].Cost);
                if (i > 0) bad |= !(p[i].Flow > p[i - 1].Flow) || !(p[i].Cost >= p[i - 1].Cost);
            }
            if (bad) faults.Add("GH7403", $"arc {arc}", "points do not start at flow 0, or flows do not rise, or costs fall", "give rising flows from 0 with costs that do not fall");
        }
        faults.ThrowIfAny();
        points = pointsByArc;
    }

    /// <inheritdoc/>
    public int Count => points.Length;

    /// <inheritdoc/>
    public bool IsConstant(int arc) => points[arc].Length == 1;

    /// <inheritdoc/>
    public void Evaluate(int arc, double flow, out double cost, out double derivative)
    {
        var p = points[arc];
        var i = SegmentOf(p, flow);
        var slope = Slope(p, i);
        cost = p[i].Cost + slope * (flow - p[i].Flow);
        derivative = flow == p[i].Flow && i > 0 ? Math.Max(slope, Slope(p, i - 1)) : slope;
        if (!marginal) return;
        cost += flow * derivative;
        derivative *= 2;
    }

    /// <inheritdoc/>
    public void Step(int arc, double oldFlow, double flow, ref double cost, ref double derivative) =>
        Evaluate(arc, flow, out cost, out derivative);

    /// <inheritdoc/>
    public double Integral(int arc, double flow)
    {
        var p = points[arc];
        double sum = 0, atFlow = p[0].Cost;
        for (var i = 0; i < p.Length && p[i].Flow <= flow; i++)
        {
            var end = i + 1 < p.Length ? Math.Min(p[i + 1].Flow, flow) : flow;
            atFlow = p[i].Cost + Slope(p, i) * (end - p[i].Flow);
            sum += (end - p[i].Flow) * (p[i].Cost + atFlow) / 2;
        }
        return marginal ? flow * atFlow : sum;
    }

    /// <inheritdoc/>
    public PiecewiseCost Reordered(ReadOnlySpan<int> arcs)
    {
        var result = new (double, double)[arcs.Length][];
        for (var i = 0; i < result.Length; i++) result[i] = points[arcs[i]];
        return new PiecewiseCost(result, marginal);
    }

    /// <summary>Marginal cost; it jumps at corners, and equilibrium then holds up to the jump.</summary>
    public PiecewiseCost Marginal() => new(points, true);

    private static int SegmentOf((double Flow, double Cost)[] p, double flow)
    {
        var i = 0;
        while (i + 1 < p.Length && p[i + 1].Flow <= flow) i++;
        return i;
    }

    private static double Slope((double Flow, double Cost)[] p, int i)
    {
        if (p.Length == 1) return 0;
        if (i + 1 == p.Length) i--;
        return (p[i + 1].Cost - p[i].Cost) / (p[i + 1].Flow - p[i].Flow);
    }
}
