namespace GeoHarm.Routing.Equilibrium;

/// <summary>
/// Cost of each arc as a function of its own flow: continuous, not decreasing, at least 0. A struct type parameter, so that the
/// inner loop of a solver is compiled for it.
/// </summary>
public interface ILinkCost<TSelf> where TSelf : struct, ILinkCost<TSelf>
{
    /// <summary>Arcs.</summary>
    int Count { get; }

    /// <summary>True when the cost of an arc does not depend on flow.</summary>
    bool IsConstant(int arc);

    /// <summary>Cost at a flow of 0 or more, and its derivative (0 where it does not exist or is infinite: solvers then bound the step by the flow at hand).</summary>
    void Evaluate(int arc, double flow, out double cost, out double derivative);

    /// <summary>As <see cref="Evaluate"/> at <paramref name="flow"/>, given cost and derivative at <paramref name="oldFlow"/>: a chance to save a power.</summary>
    void Step(int arc, double oldFlow, double flow, ref double cost, ref double derivative);

    /// <summary>Integral of the cost from 0 to the flow: an arc's part of Beckmann's objective.</summary>
    double Integral(int arc, double flow);

    /// <summary>The same costs in another order: arc i of the result is arc <paramref name="arcs"/>[i] of this.</summary>
    TSelf Reordered(ReadOnlySpan<int> arcs);

    /// <summary>The marginal cost cost + flow * derivative as a cost of its own: its equilibrium is the system optimum.</summary>
    TSelf Marginal();
}
