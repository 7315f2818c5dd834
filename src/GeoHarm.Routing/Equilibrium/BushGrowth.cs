using System.Runtime.InteropServices;

namespace GeoHarm.Routing.Equilibrium;

/// <summary>
/// Renews a bush from the costs of shortest paths (Dial 2006, doi 10.1016/j.trb.2006.02.008, with the acceptance rule of Nie 2010,
/// doi 10.1016/j.trb.2009.06.005): arcs without flow go, the shortest-path arc into each node comes where the bush
/// misses it. No parents are kept between rounds: they are read off the distances where they are needed.
/// <para>
/// Why no cycle can arise: let V be the dearest used cost to a node with flow, carried on along shortest paths to the
/// others. V never falls along kept arcs, and an arc into a node with flow is taken only if V rises strictly along it.
/// </para>
/// Scratch of one thread.
/// </summary>
internal sealed unsafe class BushGrowth
{
    // Shortest-path labels come from differently rounded sums: a path is shorter only by more than this share.
    private const double Tie = 1e-13;

    private readonly AssignmentNetwork network;
    private readonly List<Array> owned = []; // pinned scratch: a renewal reads it once a node, and checks of bounds cost a third of it
    private readonly double* dearest; // V by rank
    private readonly double* cheapest; // least cost within the bush, by old position
    private readonly int* mark, positionOf, extraArc; // by rank: round of validity of each figure, old position, arc to add
    private readonly int* emitted, newPosition; // by rank
    private readonly int* stack;
    private readonly int* seen, queue, via; // search across nodes with equal labels
    private readonly int* node, start, tailPosition, slot, merges; // the new bush
    private readonly double* flow;
    private readonly int* tails;
    private int* oldNode, oldStart, oldTail, oldSlot; // the bush at work
    private double* oldFlow;
    private int round, search;
    private int count, arcs, mergeCount;

    /// <summary>Scratch for bushes of <paramref name="network"/>.</summary>
    public BushGrowth(AssignmentNetwork network)
    {
        this.network = network;
        var n = network.hierarchy.RankCount;
        dearest = Own<double>(n);
        cheapest = Own<double>(n);
        mark = Own<int>(n);
        positionOf = Own<int>(n);
        extraArc = Own<int>(n);
        emitted = Own<int>(n);
        newPosition = Own<int>(n);
        seen = Own<int>(n);
        queue = Own<int>(n);
        via = Own<int>(n);
        node = Own<int>(n);
        merges = Own<int>(n);
        start = Own<int>(n + 1);
        tailPosition = Own<int>(network.ArcCount);
        slot = Own<int>(network.ArcCount);
        flow = Own<double>(network.ArcCount);
        tails = Own<int>(network.ArcCount);
        stack = Own<int>(n + network.ArcCount + 2);
        network.tail.CopyTo(new Span<int>(tails, network.ArcCount));
    }

    private T* Own<T>(int length) where T : unmanaged
    {
        var array = GC.AllocateArray<T>(length + 1, pinned: true);
        owned.Add(array);
        return (T*)Marshal.UnsafeAddrOfPinnedArrayElement(array, 0);
    }

    /// <summary>
    /// Excess cost of a bush's flows over shortest paths; <paramref name="isShort"/> is false when some node's shortest path is not
    /// in the bush. Labels are read at row * lanes of <paramref name="label"/>.
    /// What counts is the bush's own least cost, not whether some arc in looks tight: two nodes joined both ways by arcs that
    /// cost nothing look tight to each other while neither is reached cheaply.
    /// </summary>
    public double Examine(Bush bush, double* label, int lanes, double[] linkCost, out bool isShort)
    {
        double excess = 0;
        isShort = true;
        fixed (int* nodes = bush.Node, start = bush.Start, tail = bush.TailPosition, slots = bush.Slot)
        fixed (double* flows = bush.Flow, c = linkCost)
        {
            var least = cheapest;
            least[0] = 0;
            var k = start[1];
            for (var p = 1; p < bush.Count; p++)
            {
                var own = label[(long)nodes[p] * lanes];
                var best = double.PositiveInfinity;
                for (var end = start[p + 1]; k < end; k++)
                {
                    var over = label[(long)nodes[tail[k]] * lanes] + c[slots[k]] - own;
                    best = Math.Min(best, least[tail[k]] + c[slots[k]]);
                    if (flows[k] > 0) excess += flows[k] * over;
                }
                least[p] = best;
                if (own < double.PositiveInfinity && best - own > Tie * own) isShort = false;
            }
        }
        return excess;
    }

    /// <summary>
    /// Rebuilds the bush. Returns false, with the bush unchanged, when a shortest path runs into a cycle of arcs that cost nothing;
    /// the caller then gives labels with their own tree (<paramref name="tree"/>: arc into each rank).
    /// </summary>
    public bool Renew(Bush bush, double* label, int lanes, double[] linkCost, int[] destinations, bool[] served, int[]? tree = null)
    {
        round++;
        fixed (int* n = bush.Node, s = bush.Start, t = bush.TailPosition, a = bush.Slot)
        fixed (double* f = bush.Flow, c = linkCost)
        {
            oldNode = n;
            oldStart = s;
            oldTail = t;
            oldSlot = a;
            oldFlow = f;
            MarkUsed(bush, c);
            if (!AddShortcuts(bush, label, lanes, c, tree)) return false;
            for (var i = bush.FirstTrip; i < bush.LastTrip; i++)
            {
                if (served[i] && mark[destinations[i]] != round && !Reach(destinations[i], label, lanes, c, tree)) return false;
            }
            Emit(bush, destinations, served);
        }
        Store(bush, destinations, served);
        return true;
    }

    /// <summary>V over arcs with flow; nodes without are dropped.</summary>
    private void MarkUsed(Bush bush, double* c)
    {
        mark[bush.Origin] = round;
        positionOf[bush.Origin] = 0;
        dearest[bush.Origin] = 0;
        extraArc[bush.Origin] = -1;
        cheapest[0] = 0;
        for (var p = 1; p < bush.Count; p++)
        {
            var most = -1.0;
            var best = double.PositiveInfinity;
            for (int k = oldStart[p], end = oldStart[p + 1]; k < end; k++)
            {
                if (!(oldFlow[k] > 0)) continue;
                var from = oldNode[oldTail[k]];
                if (mark[from] != round) continue;
                most = Math.Max(most, dearest[from] + c[oldSlot[k]]);
                best = Math.Min(best, cheapest[oldTail[k]] + c[oldSlot[k]]);
            }
            if (most < 0) continue;
            var v = oldNode[p];
            mark[v] = round;
            positionOf[v] = p;
            dearest[v] = most;
            cheapest[p] = best;
            extraArc[v] = -1;
        }
    }

    private bool AddShortcuts(Bush bush, double* label, int lanes, double* c, int[]? tree)
    {
        for (var p = 1; p < bush.Count; p++)
        {
            var v = oldNode[p];
            if (mark[v] != round || positionOf[v] != p) continue;
            var own = label[(long)v * lanes];
            if (!(own < double.PositiveInfinity)) continue;
            if (cheapest[p] - own <= Tie * own) continue;
            var arc = tree is null ? ParentArc(v, label, lanes, c) : tree[v];
            if (IsUsed(p, arc)) continue;
            var from = tails[arc];
            if (mark[from] != round && !Reach(from, label, lanes, c, tree)) return false;
            if (dearest[from] < dearest[v]) extraArc[v] = arc;
        }
        return true;
    }

    private bool IsUsed(int p, int arc)
    {
        for (int k = oldStart[p], end = oldStart[p + 1]; k < end; k++)
        {
            if (oldSlot[k] == arc && oldFlow[k] > 0) return true;
        }
        return false;
    }

    /// <summary>
    /// Arc into a rank on a shortest path: of the arcs that give its label up to rounding, the one from the nearest node, so that
    /// chains of arcs that cost nothing are left as soon as they can be; of equally near ones the one with the lowest V.
    /// </summary>
    private int ParentArc(int v, double* label, int lanes, double* c)
    {
        int first = network.inFirst[v], end = network.inFirst[v + 1];
        var best = double.PositiveInfinity;
        for (var a = first; a < end; a++) best = Math.Min(best, label[(long)tails[a] * lanes] + c[a]);
        var limit = best + Tie * best;
        var chosen = -1;
        double nearest = double.PositiveInfinity, lowest = double.PositiveInfinity;
        for (var a = first; a < end; a++)
        {
            var t = tails[a];
            var from = label[(long)t * lanes];
            if (!(from + c[a] <= limit) || from > nearest) continue;
            var height = mark[t] == round ? dearest[t] : double.MaxValue;
            if (from == nearest && height >= lowest) continue;
            (nearest, lowest, chosen) = (from, height, a);
        }
        return chosen;
    }

    /// <summary>Carries V along the shortest path from the nearest marked node to a node that is not marked.</summary>
    private bool Reach(int target, double* label, int lanes, double* c, int[]? tree)
    {
        var depth = 0;
        var v = target;
        while (mark[v] != round)
        {
            var arc = tree is null ? ParentArc(v, label, lanes, c) : tree[v];
            var before = tails[arc];
            if (tree is null && mark[before] != round && !(label[(long)before * lanes] < Below(label[(long)v * lanes])))
            {
                var exit = CrossPlateau(v, label, lanes, c, ref depth);
                if (exit < 0) return false;
                v = exit;
                continue;
            }
            stack[depth++] = v;
            extraArc[v] = arc;
            v = before;
        }
        var from = v;
        while (depth-- > 0)
        {
            var w = stack[depth];
            mark[w] = round;
            positionOf[w] = -1;
            dearest[w] = dearest[from] + Math.Max(0, label[(long)w * lanes] - label[(long)from * lanes]);
        }
        return true;
    }

    /// <summary>A label that is lower by more than rounding.</summary>
    private static double Below(double label) => label - 4 * Tie * label;

    /// <summary>
    /// Breadth first against tight arcs among nodes with the label of <paramref name="v"/>, until one is entered from a marked node or a
    /// lower label; sets the arcs of that way and returns the node before it, or -1.
    /// </summary>
    private int CrossPlateau(int v, double* label, int lanes, double* c, ref int depth)
    {
        search++;
        var limit = Below(label[(long)v * lanes]);
        int first = 0, last = 0;
        queue[last++] = v;
        seen[v] = search;
        while (first < last)
        {
            var w = queue[first++];
            var own = label[(long)w * lanes];
            for (int a = network.inFirst[w], end = network.inFirst[w + 1]; a < end; a++)
            {
                var t = tails[a];
                var from = label[(long)t * lanes];
                if (!(from + c[a] <= own + Tie * own)) continue;
                if (mark[t] == round || from < limit)
                {
                    var steps = 0;
                    for (int x = w, arc = a; ;)
                    {
                        extraArc[x] = arc;
                        queue[steps++] = x; // overwrites what the search no longer needs
                        if (x == v) break;
                        arc = via[x];
                        x = network.head[arc];
                    }
                    while (steps-- > 0) stack[depth++] = queue[steps];
                    return t;
                }
                if (seen[t] == search) continue;
                seen[t] = search;
                via[t] = a;
                queue[last++] = t;
            }
        }
        return -1;
    }

    /// <summary>Depth first against the arcs, nodes with two ways in first: a topological order whose front is all that passes need.</summary>
    private void Emit(Bush bush, int[] destinations, bool[] served)
    {
        count = arcs = mergeCount = 0;
        start[0] = start[1] = 0;
        EmitFrom(bush.Origin);
        for (var p = 1; p < bush.Count; p++)
        {
            var v = oldNode[p];
            if (mark[v] != round || positionOf[v] != p) continue;
            var ways = extraArc[v] >= 0 ? 1 : 0;
            for (int k = oldStart[p], end = oldStart[p + 1]; k < end && ways < 2; k++) if (oldFlow[k] > 0) ways++;
            if (ways > 1) EmitFrom(v);
        }
        bush.Active = count;
        for (var i = bush.FirstTrip; i < bush.LastTrip; i++) if (served[i]) EmitFrom(destinations[i]);
    }

    private void EmitFrom(int root)
    {
        if (emitted[root] == round) return;
        var top = 0;
        stack[top++] = root;
        while (top > 0)
        {
            var v = stack[top - 1];
            if (v < 0) { top--; if (emitted[~v] != round) Write(~v); continue; }
            if (emitted[v] == round) { top--; continue; }
            stack[top - 1] = ~v; // seen: write it when its tails are written
            var p = positionOf[v];
            if (extraArc[v] >= 0 && emitted[tails[extraArc[v]]] != round) stack[top++] = tails[extraArc[v]];
            if (p <= 0) continue;
            for (int k = oldStart[p], end = oldStart[p + 1]; k < end; k++)
            {
                if (oldFlow[k] > 0 && emitted[oldNode[oldTail[k]]] != round) stack[top++] = oldNode[oldTail[k]];
            }
        }
    }

    private void Write(int v)
    {
        emitted[v] = round;
        newPosition[v] = count;
        var first = arcs;
        if (extraArc[v] >= 0) WriteArc(extraArc[v], tails[extraArc[v]], 0);
        var p = positionOf[v];
        if (p > 0)
        {
            for (int k = oldStart[p], end = oldStart[p + 1]; k < end; k++)
            {
                if (oldFlow[k] > 0 && oldSlot[k] != extraArc[v]) WriteArc(oldSlot[k], oldNode[oldTail[k]], oldFlow[k]);
            }
        }
        if (arcs - first > 1) merges[mergeCount++] = count;
        node[count++] = v;
        start[count] = arcs;
    }

    private void WriteArc(int arc, int from, double amount)
    {
        tailPosition[arcs] = newPosition[from];
        slot[arcs] = arc;
        flow[arcs++] = amount;
    }

    private void Store(Bush bush, int[] destinations, bool[] served)
    {
        if (bush.Node.Length < count || bush.Node.Length > 2 * count + 16)
        {
            bush.Node = new int[count + count / 8];
            bush.Start = new int[count + count / 8 + 1];
        }
        if (bush.Slot.Length < arcs || bush.Slot.Length > 2 * arcs + 16)
        {
            var size = arcs + arcs / 8;
            (bush.Slot, bush.TailPosition, bush.Flow) = (new int[size], new int[size], new double[size]);
        }
        if (bush.Merges.Length < mergeCount) bush.Merges = new int[mergeCount + mergeCount / 4];
        new ReadOnlySpan<int>(node, count).CopyTo(bush.Node);
        new ReadOnlySpan<int>(start, count + 1).CopyTo(bush.Start);
        new ReadOnlySpan<int>(tailPosition, arcs).CopyTo(bush.TailPosition);
        new ReadOnlySpan<int>(slot, arcs).CopyTo(bush.Slot);
        new ReadOnlySpan<double>(flow, arcs).CopyTo(bush.Flow);
        new ReadOnlySpan<int>(merges, mergeCount).CopyTo(bush.Merges);
        bush.Count = count;
        bush.MergeCount = mergeCount;
        for (var i = bush.FirstTrip; i < bush.LastTrip; i++)
            bush.TripPosition[i - bush.FirstTrip] = served[i] && emitted[destinations[i]] == round ? newPosition[destinations[i]] : -1;
    }
}
