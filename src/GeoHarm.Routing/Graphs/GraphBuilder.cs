using System.Runtime.InteropServices;

namespace GeoHarm.Routing.Graphs;

/// <summary>What a builder accepts and how it lays the graph out.</summary>
public sealed record GraphOptions
{
    /// <summary>How positions are given out. Default breadth-first: neighbours lie close in memory, needs no coordinates.</summary>
    public NodeOrder Order { get; init; } = NodeOrder.BreadthFirst;

    /// <summary>Whether two arcs may share tail and head (several modes between two places). Default no: in a road file a duplicate is a fault.</summary>
    public bool ParallelArcs { get; init; }

    /// <summary>
    /// Most nodes a graph may declare beyond 64 for each arc; default 1,000,000. A file that declares a thousand million nodes
    /// and holds ten arcs is damaged, and must not take the machine's memory.
    /// </summary>
    public int UnconnectedNodeLimit { get; init; } = 1_000_000;
}

/// <summary>How a graph lays its nodes out in memory. Callers keep their own numbers in every case.</summary>
public enum NodeOrder
{
    /// <summary>As given (terminals first).</summary>
    AsGiven,

    /// <summary>Breadth first over arcs in both directions, from the lowest node of each component.</summary>
    BreadthFirst,

    /// <summary>Along a Hilbert curve over the coordinates; needs <see cref="GraphBuilder.SetCoordinates"/>.</summary>
    Hilbert,
}

/// <summary>
/// Collects arcs, checks all of them and freezes a <see cref="Graph"/>. Every fault is reported at once:
/// GH7001 node out of range, GH7002 self-loop, GH7003 duplicate arc, GH7004 impossible number of nodes,
/// GH7005 impossible first-through node, GH7006 coordinates missing or not finite.
/// </summary>
/// <example>
/// <code>
/// var builder = new GraphBuilder(nodeCount: 3);
/// var first = builder.AddArc(0, 1);   // arc 0
/// builder.AddArc(1, 2);               // arc 1
/// var graph = builder.Build();
/// </code>
/// </example>
public sealed class GraphBuilder
{
    private readonly long nodeCount;
    private readonly GraphOptions options;
    private readonly List<int> tails = [], heads = [];
    private readonly List<int> lines = [];
    private readonly FaultList faults = new();
    private double[]? easting, northing;
    private long firstThroughNode;

    /// <summary>A builder for nodes 0..nodeCount-1.</summary>
    /// <param name="nodeCount">As declared; an impossible number is a fault at <see cref="Build"/>, not an allocation.</param>
    /// <param name="options">Order and checks.</param>
    public GraphBuilder(long nodeCount, GraphOptions? options = null)
    {
        this.nodeCount = nodeCount;
        this.options = options ?? new GraphOptions();
    }

    /// <summary>Arcs added so far.</summary>
    public int ArcCount => tails.Count;

    /// <summary>Nodes below this number may only begin or end a path (TNTP's first thru node, counted from 0). Default 0: all may be passed.</summary>
    public GraphBuilder SetFirstThroughNode(long node)
    {
        firstThroughNode = node;
        return this;
    }

    /// <summary>Coordinates by node, any planar unit, used for <see cref="NodeOrder.Hilbert"/> only.</summary>
    public GraphBuilder SetCoordinates(ReadOnlySpan<double> eastingByNode, ReadOnlySpan<double> northingByNode)
    {
        easting = eastingByNode.ToArray();
        northing = northingByNode.ToArray();
        return this;
    }

    /// <summary>Adds an arc and returns its number (0, 1, 2, ...). Faults wait for <see cref="Build"/>.</summary>
    /// <param name="tail">Node it leaves.</param>
    /// <param name="head">Node it enters.</param>
    /// <param name="line">Line of the text it came from, for the report; 0 for none.</param>
    public int AddArc(long tail, long head, int line = 0)
    {
        var arc = tails.Count;
        if (tail < 0 || tail >= nodeCount) FaultAt("GH7001", arc, line, $"tail {tail} is not a node (0 to {nodeCount - 1})", "give a node that the network declares");
        if (head < 0 || head >= nodeCount) FaultAt("GH7001", arc, line, $"head {head} is not a node (0 to {nodeCount - 1})", "give a node that the network declares");
        if (tail == head) FaultAt("GH7002", arc, line, $"arc leads from node {tail} to itself", "remove the self-loop: no path uses it");
        tails.Add((int)Math.Clamp(tail, int.MinValue, int.MaxValue));
        heads.Add((int)Math.Clamp(head, int.MinValue, int.MaxValue));
        lines.Add(line);
        return arc;
    }

    /// <summary>Checks everything and freezes the graph. Cost O(n + m log(degree)); the builder may be used again.</summary>
    /// <exception cref="InvalidNetworkException">With every fault found.</exception>
    public Graph Build()
    {
        CheckNodes();
        faults.ThrowIfAny();
        var n = (int)nodeCount;
        var positionOfNode = NodeLayout.Positions(options.Order, n, (int)firstThroughNode,
            CollectionsMarshal.AsSpan(tails), CollectionsMarshal.AsSpan(heads), easting, northing);
        var (firstOut, head, slotOfArc) = Rows(n, positionOfNode);
        if (!options.ParallelArcs) CheckDuplicates(firstOut, head, slotOfArc);
        faults.ThrowIfAny();
        return new Graph(firstOut, head, positionOfNode, slotOfArc, (int)firstThroughNode);
    }

    private void FaultAt(string code, int arc, int line, string message, string remedy) =>
        faults.Add(code, line > 0 ? $"line {line}" : $"arc {arc}", message, remedy, line > 0 ? line : null);

    private void CheckNodes()
    {
        if (nodeCount < 1 || nodeCount > 64L * ArcCount + options.UnconnectedNodeLimit || nodeCount > Array.MaxLength - 1)
        {
            faults.Add("GH7004", "", $"{nodeCount} nodes declared with {ArcCount} arcs", "check the declared number of nodes, and that the file is whole");
        }
        if (firstThroughNode < 0 || firstThroughNode > nodeCount)
        {
            faults.Add("GH7005", "", $"first through node {firstThroughNode} is not between 0 and {nodeCount}", "give the first node that paths may pass through");
        }
        if (options.Order != NodeOrder.Hilbert) return;
        if (easting is null || northing is null || easting.Length != nodeCount || northing.Length != nodeCount)
        {
            faults.Add("GH7006", "", "a Hilbert order needs two coordinates for each node", "call SetCoordinates, or choose another order");
            return;
        }
        for (var v = 0; v < easting.Length; v++)
        {
            if (!double.IsFinite(easting[v]) || !double.IsFinite(northing[v]))
            {
                faults.Add("GH7006", $"node {v}", $"coordinates ({easting[v]}, {northing[v]}) are not finite", "give finite coordinates");
            }
        }
    }

    private (int[] FirstOut, int[] Head, int[] SlotOfArc) Rows(int n, int[] positionOfNode)
    {
        // Two stable counting sorts, by head and then by tail: order (tail, head, arc) without comparisons.
        var m = tails.Count;
        var byHead = CountingSort(n, m, i => positionOfNode[heads[i]], i => i);
        var arcOfSlot = CountingSort(n, m, i => positionOfNode[tails[byHead[i]]], i => byHead[i]);
        var firstOut = new int[n + 1];
        foreach (var t in tails) firstOut[positionOfNode[t] + 1]++;
        for (var v = 0; v < n; v++) firstOut[v + 1] += firstOut[v];
        var head = new int[m];
        var slotOfArc = new int[m];
        for (var slot = 0; slot < m; slot++)
        {
            head[slot] = positionOfNode[heads[arcOfSlot[slot]]];
            slotOfArc[arcOfSlot[slot]] = slot;
        }
        return (firstOut, head, slotOfArc);
    }

    private static int[] CountingSort(int keys, int count, Func<int, int> key, Func<int, int> item)
    {
        var next = new int[keys + 1];
        for (var i = 0; i < count; i++) next[key(i) + 1]++;
        for (var k = 0; k < keys; k++) next[k + 1] += next[k];
        var sorted = new int[count];
        for (var i = 0; i < count; i++) sorted[next[key(i)]++] = item(i);
        return sorted;
    }

    private void CheckDuplicates(int[] firstOut, int[] head, int[] slotOfArc)
    {
        var duplicate = new bool[head.Length];
        for (var v = 0; v + 1 < firstOut.Length; v++)
        {
            for (var slot = firstOut[v] + 1; slot < firstOut[v + 1]; slot++) duplicate[slot] = head[slot] == head[slot - 1];
        }
        for (var arc = 0; arc < slotOfArc.Length; arc++)
        {
            if (!duplicate[slotOfArc[arc]]) continue;
            FaultAt("GH7003", arc, lines[arc], $"a second arc from node {tails[arc]} to node {heads[arc]}", "keep one, or allow parallel arcs (GraphOptions.ParallelArcs)");
        }
    }
}
