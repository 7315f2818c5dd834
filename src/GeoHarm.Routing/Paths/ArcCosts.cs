using System.Numerics;
using GeoHarm.Routing.Graphs;

namespace GeoHarm.Routing.Paths;

/// <summary>
/// Costs of one scenario on a graph, kept by slot, checked once: 0 or more and not NaN (fault GH7301 for each arc that is not);
/// <see cref="Closed"/> closes an arc. Frozen: searches on any thread may share it. T is int, float or double; whole-number path
/// costs must stay below half of int's range.
/// </summary>
public sealed class ArcCosts<T> where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    internal readonly T[] bySlot;

    /// <summary>Costs by arc.</summary>
    public ArcCosts(Graph graph, ReadOnlySpan<T> byArc)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (byArc.Length != graph.ArcCount) throw new ArgumentException($"{graph.ArcCount} costs are needed, not {byArc.Length}", nameof(byArc));
        Graph = graph;
        var faults = new FaultList();
        double least = double.PositiveInfinity, most = 0, sum = 0;
        var open = 0;
        for (var arc = 0; arc < byArc.Length; arc++)
        {
            if (!(byArc[arc] >= T.Zero)) faults.Add("GH7301", $"arc {arc}", $"cost {byArc[arc]} is below 0 or not a number", "give costs of 0 or more");
            if (byArc[arc] >= Closed) continue;
            var cost = double.CreateChecked(byArc[arc]);
            least = Math.Min(least, cost);
            most = Math.Max(most, cost);
            sum += cost;
            open++;
        }
        faults.ThrowIfAny();
        bySlot = new T[byArc.Length];
        graph.ToSlots(byArc, bySlot);
        (Least, Most, Mean) = (open > 0 ? least : 0, most, open > 0 ? sum / open : 0);
    }

    /// <summary>The cost of a closed arc and of no path: positive infinity, or half of int's range.</summary>
    public static T Closed => HierarchyMetric<T>.Infinity;

    /// <summary>The graph.</summary>
    public Graph Graph { get; }

    /// <summary>Least, largest and mean cost over open arcs.</summary>
    public double Least { get; }

    /// <summary>Largest cost over open arcs.</summary>
    public double Most { get; }

    /// <summary>Mean cost over open arcs.</summary>
    public double Mean { get; }
}
