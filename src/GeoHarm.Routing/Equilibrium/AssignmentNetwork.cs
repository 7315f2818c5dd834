using GeoHarm.Routing.Graphs;
using GeoHarm.Routing.Paths;

namespace GeoHarm.Routing.Equilibrium;

/// <summary>
/// Topology of an assignment: arcs between nodes 0 to NodeCount - 1, zones 0 to Zones - 1 among them, zones below the first
/// through node split into an origin and a destination half. Inside, nodes are the ranks of a hierarchy and arcs are sorted by
/// head ("slots"), so that all arcs into a node lie together. Frozen and shared by solvers.
/// </summary>
public sealed class AssignmentNetwork
{
    internal readonly Hierarchy hierarchy;
    internal readonly int[] slotOfArc, arcOfSlot;
    internal readonly int[] tail, head, inFirst; // by slot, by slot, by rank

    /// <summary>A network from arrays. Faults: GH7410 a node out of range, GH7411 an arc from a node to itself.</summary>
    /// <param name="nodeCount">Nodes.</param>
    /// <param name="zones">Zones; nodes 0 to zones - 1.</param>
    /// <param name="firstThroughNode">Nodes below it may not be passed through; 0 for none.</param>
    /// <param name="tails">Node each arc leaves.</param>
    /// <param name="heads">Node each arc enters.</param>
    public AssignmentNetwork(int nodeCount, int zones, int firstThroughNode, ReadOnlySpan<int> tails, ReadOnlySpan<int> heads)
    {
        var faults = new FaultList();
        for (var i = 0; i < tails.Length; i++)
        {
            if ((uint)tails[i] >= (uint)nodeCount || (uint)heads[i] >= (uint)nodeCount)
                faults.Add("GH7410", $"arc {i}", $"arc from {tails[i]} to {heads[i]} has a node outside 0 to {nodeCount - 1}", "correct the arc");
            else if (tails[i] == heads[i])
                faults.Add("GH7411", $"arc {i}", $"the arc leads from node {tails[i]} to itself", "remove it");
        }
        faults.ThrowIfAny();
        NodeCount = nodeCount;
        Zones = zones;
        hierarchy = Hierarchy.Build(nodeCount, firstThroughNode, tails, heads);
        var n = hierarchy.RankCount;
        inFirst = new int[n + 1];
        foreach (var h in heads) inFirst[hierarchy.TargetRank(h) + 1]++;
        for (var v = 0; v < n; v++) inFirst[v + 1] += inFirst[v];
        var next = inFirst.AsSpan(0, n).ToArray();
        slotOfArc = new int[tails.Length];
        arcOfSlot = new int[tails.Length];
        tail = new int[tails.Length];
        head = new int[tails.Length];
        for (var arc = 0; arc < tails.Length; arc++)
        {
            var slot = next[hierarchy.TargetRank(heads[arc])]++;
            slotOfArc[arc] = slot;
            arcOfSlot[slot] = arc;
            tail[slot] = hierarchy.SourceRank(tails[arc]);
            head[slot] = hierarchy.TargetRank(heads[arc]);
        }
    }

    /// <summary>The network of a TNTP text.</summary>
    public static AssignmentNetwork Of(TntpNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return new AssignmentNetwork(network.Nodes, network.Zones, network.FirstThroughNode, network.Tail, network.Head);
    }

    /// <summary>Nodes.</summary>
    public int NodeCount { get; }

    /// <summary>Zones.</summary>
    public int Zones { get; }

    /// <summary>Arcs.</summary>
    public int ArcCount => tail.Length;
}
