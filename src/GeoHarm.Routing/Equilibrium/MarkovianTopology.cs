using GeoHarm.Routing.Graphs;

namespace GeoHarm.Routing.Equilibrium;

/// <summary>
/// The frozen part of Markovian loadings on a graph: the graph and the pattern of its sparse factors, found once and shared
/// without locks by all destinations, iterations, parameter draws, policies and threads.
/// </summary>
public sealed class MarkovianTopology
{
    private readonly ChainStructure chain;

    /// <summary>Analyses a graph. Cost about that of one factorisation; memory 4 bytes for each entry of the factors.</summary>
    public MarkovianTopology(Graph graph)
    {
        Graph = graph;
        chain = new ChainStructure(graph, LuStructure.Of(graph), null, null);
    }

    /// <summary>The graph.</summary>
    public Graph Graph { get; }

    /// <summary>Entries of the sparse factors, pivots included: what memory and time are proportional to.</summary>
    public int FactorEntryCount => chain.lu.EntryCount;

    internal ChainStructure ChainTo(int destinationPosition)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(destinationPosition, Graph.NodeCount);
        return chain;
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
    internal readonly int[] slotOf = slotOfTransition ?? Count(states.ArcCount);
    internal readonly int[] positionOf = positionOfState ?? Count(states.NodeCount);

    private static int[] Count(int n)
    {
        var numbers = new int[n];
        for (var i = 0; i < n; i++) numbers[i] = i;
        return numbers;
    }
}
