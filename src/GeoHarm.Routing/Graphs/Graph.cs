namespace GeoHarm.Routing.Graphs;

/// <summary>
/// A directed graph, frozen: the topology that metrics (costs) and searches share without locks.
/// <para>
/// Two numberings. Callers speak of <b>nodes</b> and <b>arcs</b>: nodes 0..NodeCount-1 as they gave them, arcs in the
/// order in which they were added. Kernels speak of <b>positions</b> and <b>slots</b>: nodes renumbered for locality, arcs
/// sorted by tail position (then head position), so that an arc's id is its slot in compressed sparse rows. Public doors of
/// this library take and give node and arc numbers; arrays inside a kernel are indexed by position and slot.
/// <see cref="ToSlots{T}"/> and its siblings carry figures across.
/// </para>
/// <para>
/// First-through rule: terminal nodes (zones) lie at positions 0..FirstThrough-1 whatever the order; a path may begin or
/// end in them but never pass through.
/// </para>
/// Memory: 4 (2 n + 6 m) bytes and the two renumberings. Made by <see cref="GraphBuilder"/>.
/// </summary>
public sealed class Graph
{
    internal readonly int[] outFirst; // n + 1
    internal readonly int[] arcHead; // m, by slot
    internal readonly int[] arcTail; // m, by slot
    internal readonly int[] inFirst; // n + 1
    internal readonly int[] inArc; // m, slots sorted by head, then by slot
    internal readonly int[] inTail; // m, tail of inArc[i]: contiguous for backward searches
    private readonly int[] positionOfNode, nodeOfPosition, slotOfArc, arcOfSlot;
    private readonly bool nodesAreInPlace, arcsAreInPlace;

    internal Graph(int[] outFirst, int[] arcHead, int[] positionOfNode, int[] slotOfArc, int firstThrough)
    {
        this.outFirst = outFirst;
        this.arcHead = arcHead;
        this.positionOfNode = positionOfNode;
        this.slotOfArc = slotOfArc;
        FirstThrough = firstThrough;
        nodeOfPosition = Inverse(positionOfNode, out nodesAreInPlace);
        arcOfSlot = Inverse(slotOfArc, out arcsAreInPlace);
        arcTail = new int[arcHead.Length];
        for (var v = 0; v < NodeCount; v++) arcTail.AsSpan(outFirst[v]..outFirst[v + 1]).Fill(v);
        (inFirst, inArc) = ReverseIndex(NodeCount, arcHead);
        inTail = new int[arcHead.Length];
        for (var i = 0; i < inArc.Length; i++) inTail[i] = arcTail[inArc[i]];
    }

    /// <summary>Number of nodes.</summary>
    public int NodeCount => outFirst.Length - 1;

    /// <summary>Number of arcs.</summary>
    public int ArcCount => arcHead.Length;

    /// <summary>First position that paths may pass through; positions below it are terminals. 0 where all may be passed.</summary>
    public int FirstThrough { get; }

    /// <summary>Slots of the arcs out of position v are FirstOut[v] .. FirstOut[v + 1] - 1; length NodeCount + 1.</summary>
    public ReadOnlySpan<int> FirstOut => outFirst;

    /// <summary>Head position by slot.</summary>
    public ReadOnlySpan<int> Heads => arcHead;

    /// <summary>Tail position by slot, not decreasing.</summary>
    public ReadOnlySpan<int> Tails => arcTail;

    /// <summary>The arcs into position v are InArcs[FirstIn[v] .. FirstIn[v + 1] - 1]; length NodeCount + 1.</summary>
    public ReadOnlySpan<int> FirstIn => inFirst;

    /// <summary>Slots sorted by head position, then by slot.</summary>
    public ReadOnlySpan<int> InArcs => inArc;

    /// <summary>Tail position of each entry of <see cref="InArcs"/>.</summary>
    public ReadOnlySpan<int> InTails => inTail;

    /// <summary>Position of a node.</summary>
    public int PositionOf(int node) => positionOfNode[node];

    /// <summary>Node at a position.</summary>
    public int NodeAt(int position) => nodeOfPosition[position];

    /// <summary>Slot of an arc.</summary>
    public int SlotOf(int arc) => slotOfArc[arc];

    /// <summary>Arc at a slot.</summary>
    public int ArcAt(int slot) => arcOfSlot[slot];

    /// <summary>Tail node of an arc, both as the caller numbers them.</summary>
    public int TailOf(int arc) => nodeOfPosition[arcTail[slotOfArc[arc]]];

    /// <summary>Head node of an arc, both as the caller numbers them.</summary>
    public int HeadOf(int arc) => nodeOfPosition[arcHead[slotOfArc[arc]]];

    /// <summary>Whether a node may only begin or end a path.</summary>
    public bool IsTerminal(int node) => positionOfNode[node] < FirstThrough;

    /// <summary>Copies figures by arc (length ArcCount) into figures by slot.</summary>
    public void ToSlots<T>(ReadOnlySpan<T> byArc, Span<T> bySlot) => Gather(byArc, bySlot, arcOfSlot, arcsAreInPlace);

    /// <summary>Copies figures by slot (length ArcCount) into figures by arc.</summary>
    public void FromSlots<T>(ReadOnlySpan<T> bySlot, Span<T> byArc) => Gather(bySlot, byArc, slotOfArc, arcsAreInPlace);

    /// <summary>Copies figures by node (length NodeCount) into figures by position.</summary>
    public void ToPositions<T>(ReadOnlySpan<T> byNode, Span<T> byPosition) => Gather(byNode, byPosition, nodeOfPosition, nodesAreInPlace);

    /// <summary>Copies figures by position (length NodeCount) into figures by node.</summary>
    public void FromPositions<T>(ReadOnlySpan<T> byPosition, Span<T> byNode) => Gather(byPosition, byNode, positionOfNode, nodesAreInPlace);

    private static void Gather<T>(ReadOnlySpan<T> from, Span<T> to, int[] index, bool inPlace)
    {
        if (from.Length != index.Length || to.Length != index.Length)
        {
            throw new ArgumentException($"expected {index.Length} figures, got {from.Length} in and {to.Length} out");
        }
        if (inPlace)
        {
            from.CopyTo(to);
            return;
        }
        for (var i = 0; i < index.Length; i++) to[i] = from[index[i]];
    }

    private static int[] Inverse(int[] permutation, out bool isIdentity)
    {
        var inverse = new int[permutation.Length];
        isIdentity = true;
        for (var i = 0; i < permutation.Length; i++)
        {
            inverse[permutation[i]] = i;
            isIdentity &= permutation[i] == i;
        }
        return inverse;
    }

    private static (int[] First, int[] Arcs) ReverseIndex(int nodeCount, int[] arcHead)
    {
        var first = new int[nodeCount + 1];
        foreach (var h in arcHead) first[h + 1]++;
        for (var v = 0; v < nodeCount; v++) first[v + 1] += first[v];
        var next = first.AsSpan(0, nodeCount).ToArray();
        var arcs = new int[arcHead.Length];
        for (var slot = 0; slot < arcHead.Length; slot++) arcs[next[arcHead[slot]]++] = slot;
        return (first, arcs);
    }
}
