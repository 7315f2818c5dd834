using GeoHarm.Routing.Graphs;

namespace GeoHarm.Routing.Equilibrium;

/// <summary>Weights of a generalised cost: time + DistanceWeight * length + TollWeight * toll.</summary>
/// <param name="DistanceWeight">Time units for each length unit; 0 or more, default 0 (time only).</param>
/// <param name="TollWeight">Time units for each money unit; 0 or more, default 0.</param>
public readonly record struct CostWeights(double DistanceWeight = 0, double TollWeight = 0);

/// <summary>
/// Bureau of Public Roads function: fixed + t0 (1 + b (flow / capacity)^power), with b or t0 of 0 and any power of 0 or more
/// (Bureau of Public Roads, Traffic Assignment Manual, 1964). Powers 1 and 4 are products; others use the portable power, or a
/// five-term binomial series when the flow moved by less than a ten-thousandth (relative error below 1e-18 at power 17).
/// </summary>
public readonly struct BprCost : ILinkCost<BprCost>
{
    private const double SeriesReach = 1e-4;
    private readonly Row[] rows;

    private BprCost(Row[] rows) => this.rows = rows;

    /// <summary>Costs from columns by arc. A capacity of 0 is taken only where the cost does not depend on flow.</summary>
    public BprCost(ReadOnlySpan<double> freeTime, ReadOnlySpan<double> b, ReadOnlySpan<double> capacity, ReadOnlySpan<double> power, ReadOnlySpan<double> fixedCost)
    {
        var faults = new FaultList();
        rows = new Row[freeTime.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            var scale = freeTime[i] * b[i];
            var constant = freeTime[i] + (fixedCost.IsEmpty ? 0 : fixedCost[i]);
            if (power[i] == 0) { constant += scale; scale = 0; }
            if (!(constant >= 0 && scale >= 0 && power[i] >= 0) || !double.IsFinite(constant + scale + power[i]))
                faults.Add("GH7401", $"arc {i}", $"cost {constant} + {scale} * ratio^{power[i]} is not finite and 0 or more", "give finite times, factors and powers of 0 or more");
            if (scale > 0 && !(capacity[i] > 0 && double.IsFinite(capacity[i])))
                faults.Add("GH7402", $"arc {i}", $"capacity {capacity[i]} on an arc whose cost depends on flow", "give a capacity above 0, or close the arc");
            rows[i] = new Row(constant, scale, scale > 0 ? 1 / capacity[i] : 0, scale > 0 ? power[i] : 0);
        }
        faults.ThrowIfAny();
    }

    /// <summary>Costs of a TNTP network.</summary>
    public static BprCost Of(TntpNetwork network, CostWeights weights = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        var fixedCost = new double[network.Links];
        for (var i = 0; i < fixedCost.Length; i++)
            fixedCost[i] = weights.DistanceWeight * network.Length[i] + weights.TollWeight * network.Toll[i];
        return new BprCost(network.FreeFlowTime, network.B, network.Capacity, network.Power, fixedCost);
    }

    /// <inheritdoc/>
    public int Count => rows.Length;

    /// <inheritdoc/>
    public bool IsConstant(int arc) => rows[arc].Scale == 0;

    /// <inheritdoc/>
    public void Evaluate(int arc, double flow, out double cost, out double derivative)
    {
        ref readonly var row = ref rows[arc];
        var ratio = flow * row.InverseCapacity;
        double term;
        if (row.Power == 4) { ratio *= ratio; term = row.Scale * (ratio * ratio); }
        else if (row.Scale == 0) term = 0;
        else if (row.Power == 1) term = row.Scale * ratio;
        else term = row.Scale * PortableMath.Pow(ratio, row.Power);
        cost = row.Constant + term;
        derivative = flow > 0 ? row.Power * term / flow : row.Power == 1 ? row.Scale * row.InverseCapacity : 0;
    }

    /// <inheritdoc/>
    public void Step(int arc, double oldFlow, double flow, ref double cost, ref double derivative)
    {
        ref readonly var row = ref rows[arc];
        var p = row.Power;
        if (p == 4 || p == 1 || Math.Abs(flow - oldFlow) > SeriesReach * oldFlow || derivative == 0)
        {
            Evaluate(arc, flow, out cost, out derivative);
            return;
        }
        var e = (flow - oldFlow) / oldFlow;
        var factor = 1 + p * e * (1 + (p - 1) * e / 2 * (1 + (p - 2) * e / 3 * (1 + (p - 3) * e / 4 * (1 + (p - 4) * e / 5))));
        var term = derivative * oldFlow * factor / p;
        cost = row.Constant + term;
        derivative = p * term / flow;
    }

    /// <inheritdoc/>
    public double Integral(int arc, double flow)
    {
        Evaluate(arc, flow, out var cost, out _);
        ref readonly var row = ref rows[arc];
        return flow * (row.Constant + (cost - row.Constant) / (row.Power + 1));
    }

    /// <inheritdoc/>
    public BprCost Reordered(ReadOnlySpan<int> arcs)
    {
        var result = new Row[arcs.Length];
        for (var i = 0; i < result.Length; i++) result[i] = rows[arcs[i]];
        return new BprCost(result);
    }

    /// <inheritdoc/>
    public BprCost Marginal() => new(Array.ConvertAll(rows, r => r with { Scale = r.Scale * (1 + r.Power) }));

    /// <summary>The same costs with one arc's capacity multiplied by a factor above 0.</summary>
    public BprCost WithCapacityFactor(int arc, double factor)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(factor);
        var result = (Row[])rows.Clone();
        result[arc] = result[arc] with { InverseCapacity = result[arc].InverseCapacity / factor };
        return new BprCost(result);
    }

    /// <summary>The same costs with something of 0 or more added to one arc.</summary>
    public BprCost WithAdded(int arc, double cost)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cost);
        var result = (Row[])rows.Clone();
        result[arc] = result[arc] with { Constant = result[arc].Constant + cost };
        return new BprCost(result);
    }

    private readonly record struct Row(double Constant, double Scale, double InverseCapacity, double Power);
}
