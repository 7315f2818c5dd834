using GeoHarm.Routing.Graphs;

namespace GeoHarm.Routing.Equilibrium;

/// <summary>
/// The frozen part of Markovian loadings on a graph: the graph and the pattern of its sparse factors, found once and shared
/// without locks by all destinations, iterations, parameter draws, policies and threads.
/// </summary>
public sealed class MarkovianTopology
{
    private readonly ChainStructure? cyclic;
    private readonly Dictionary<int, ChainStructure> layered = []; // by position of the destination

    /// <summary>Analyses a graph. Cost about that of one factorisation; memory 4 bytes for each entry of the factors.</summary>
    public MarkovianTopology(Graph graph)
    {
        Graph = graph;
        cyclic = new ChainStructure(graph, LuStructure.Of(graph), null, null);
    }

    private MarkovianTopology(Graph graph, Dictionary<int, ChainStructure> layered)
    {
        Graph = graph;
        this.layered = layered;
    }

    /// <summary>
    /// The layered structure: towards each destination a traveller takes forward arcs, that lead to nodes nearer to it, and at
    /// most one backward arc on the whole way. Acyclic, so a loading exists at every theta, reference probabilities or not; but
    /// the number of paths dominates at low theta. What is forward is fixed here, so that a policy that changes costs does not
    /// change the choice set.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="orderCostByArc">Costs that define "nearer"; not negative, infinite for arcs to leave out.</param>
    /// <param name="destinations">Every destination that loadings will have.</param>
    public static MarkovianTopology Layered(Graph graph, ReadOnlySpan<double> orderCostByArc, params ReadOnlySpan<int> destinations)
    {
        var chains = new Dictionary<int, ChainStructure>();
        var cost = new double[graph.ArcCount];
        LoadingChecks.Metric(graph, orderCostByArc, cost);
        graph.ToSlots(orderCostByArc, cost);
        foreach (var node in destinations)
        {
            var destination = graph.PositionOf(node);
            chains[destination] = LayeredStructure.Towards(graph, cost, destination);
        }
        return new MarkovianTopology(graph, chains);
    }

    /// <summary>The graph.</summary>
    public Graph Graph { get; }

    /// <summary>Entries of the sparse factors, pivots included: what memory and time are proportional to.</summary>
    public int FactorEntryCount => cyclic?.lu.EntryCount ?? layered.Values.Sum(chain => chain.lu.EntryCount);

    internal ChainStructure ChainTo(int destinationPosition)
    {
        if (cyclic is not null) return cyclic;
        if (layered.TryGetValue(destinationPosition, out var chain)) return chain;
        throw new ArgumentException($"node {Graph.NodeAt(destinationPosition)} is not among the destinations of this layered topology");
    }
}

/// <summary>
/// States and transitions of an absorbing chain laid over a graph: the graph itself, or an expansion of it in which a state is
/// a node with a memory (the layered structure). State numbers below NodeCount are the positions of the graph.
/// </summary>
/// <param name="states">Transitions between states.</param>
/// <param name="lu">Pattern of the factors.</param>
/// <param name="slotOfTransition">Slot of the graph for each transition; null where they are the same.</param>
/// <param name="positionOfState">Position of the graph for each state; null where they are the same.</param>
internal sealed class ChainStructure(Graph states, LuStructure lu, int[]? slotOfTransition, int[]? positionOfState)
{
    internal readonly Graph states = states;
    internal readonly LuStructure lu = lu;
    /// <summary>Whether transitions are the slots of the graph, one for one.</summary>
    public bool IsPlain { get; } = slotOfTransition is null;

    internal readonly int[] slotOf = slotOfTransition ?? Count(states.ArcCount);
    internal readonly int[] positionOf = positionOfState ?? Count(states.NodeCount);
    private readonly Lazy<ILookup<int, int>>? transitions = slotOfTransition is null
        ? null
        : new(() => Enumerable.Range(0, slotOfTransition.Length).ToLookup(t => slotOfTransition[t]));

    /// <summary>Transitions that use a slot of the graph.</summary>
    public IEnumerable<int> TransitionsOf(int slot) => transitions is null ? [slot] : transitions.Value[slot];

    private static int[] Count(int n)
    {
        var numbers = new int[n];
        for (var i = 0; i < n; i++) numbers[i] = i;
        return numbers;
    }
}
