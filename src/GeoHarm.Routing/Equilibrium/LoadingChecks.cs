using GeoHarm.Routing.Graphs;

namespace GeoHarm.Routing.Equilibrium;

/// <summary>Checks of what a loading is given: all faults at once, each with its arc or node and a remedy.</summary>
internal static class LoadingChecks
{
    /// <summary>Rounding allowed where a row of reference probabilities sums to 1.</summary>
    private const double RowSlack = 1e-9;

    public static void Demand(Graph graph, MarkovianDemand demand)
    {
        var faults = new FaultList();
        if (demand.Destinations.IsEmpty) faults.Add("GH7205", "", "no destination", "give at least one");
        for (var d = 0; d < demand.Destinations.Length; d++)
        {
            var node = demand.Destinations[d];
            var sources = demand.SourceByNode(d);
            if (node < 0 || node >= graph.NodeCount) faults.Add("GH7205", $"destination {d}", $"{node} is not a node (0 to {graph.NodeCount - 1})", "give a node of the graph");
            if (sources.Length != graph.NodeCount)
            {
                faults.Add("GH7204", $"destination {d}", $"{sources.Length} source amounts for {graph.NodeCount} nodes", "give one amount for each node");
                continue;
            }
            for (var v = 0; v < sources.Length; v++)
            {
                if (!(sources[v] >= 0) || double.IsInfinity(sources[v])) faults.Add("GH7204", $"node {v}", $"source amount {sources[v]}", "give an amount that is finite and not negative");
            }
        }
        faults.ThrowIfAny();
    }

    public static void Reference(Graph graph, ReadOnlySpan<double> referenceByArc)
    {
        if (referenceByArc.IsEmpty) return;
        RequireLength(graph, referenceByArc.Length, "reference probabilities");
        var faults = new FaultList();
        var rowSum = new double[graph.NodeCount];
        for (var arc = 0; arc < referenceByArc.Length; arc++)
        {
            var q = referenceByArc[arc];
            if (!(q >= 0 && q <= 1)) faults.Add("GH7203", $"arc {arc}", $"reference probability {q}", "give a number from 0 to 1");
            rowSum[graph.TailOf(arc)] += q;
        }
        for (var v = 0; v < rowSum.Length; v++)
        {
            if (rowSum[v] > 1 + RowSlack) faults.Add("GH7203", $"node {v}", $"reference probabilities out of it sum to {rowSum[v]:g6}", "let each node's sum to 1");
        }
        faults.ThrowIfAny();
    }

    public static void Metric(Graph graph, ReadOnlySpan<double> costByArc, ReadOnlySpan<double> hazardByArc)
    {
        RequireLength(graph, costByArc.Length, "costs");
        RequireLength(graph, hazardByArc.Length, "hazards");
        var faults = new FaultList();
        for (var arc = 0; arc < costByArc.Length; arc++) Figures(faults, arc, costByArc[arc], hazardByArc[arc]);
        faults.ThrowIfAny();
    }

    public static void Changes(Graph graph, ReadOnlySpan<ArcChange> changes)
    {
        var faults = new FaultList();
        foreach (var change in changes)
        {
            if (change.Arc < 0 || change.Arc >= graph.ArcCount) faults.Add("GH7207", $"arc {change.Arc}", "no such arc", $"give an arc from 0 to {graph.ArcCount - 1}");
            Figures(faults, change.Arc, change.Cost, change.Hazard);
        }
        faults.ThrowIfAny();
    }

    private static void Figures(FaultList faults, int arc, double cost, double hazard)
    {
        if (!(cost >= 0)) faults.Add("GH7201", $"arc {arc}", $"cost {cost}", "give a cost that is not negative; infinite closes the arc");
        if (!(hazard >= 0) || double.IsInfinity(hazard)) faults.Add("GH7202", $"arc {arc}", $"hazard {hazard}", "give a hazard that is finite and not negative");
    }

    /// <summary>Every source that cannot reach its destination.</summary>
    public static InvalidNetworkException Unreachable(MarkovianLoading loading)
    {
        var graph = loading.Topology.Graph;
        var faults = new List<NetworkFault>();
        for (var d = 0; d < loading.chains.Length; d++)
        {
            loading.FindPotentials(d);
            for (var v = 0; v < graph.NodeCount; v++)
            {
                var position = graph.PositionOf(v);
                if (!(loading.sources[d][position] > 0) || double.IsFinite(loading.chains[d].Potential[position])) continue;
                faults.Add(new NetworkFault("GH7206", $"node {v}",
                    $"{loading.sources[d][position]:g6} bound for node {loading.Demand.Destinations[d]} cannot reach it", "open a way or send it elsewhere"));
            }
        }
        return new InvalidNetworkException(faults);
    }

    private static void RequireLength(Graph graph, int length, string what)
    {
        if (length != graph.ArcCount) throw new ArgumentException($"expected {graph.ArcCount} {what}, got {length}");
    }
}
