using System.Numerics;

namespace GeoHarm.Routing.Paths;

/// <summary>
/// Costs of one scenario on a <see cref="Hierarchy"/>: every arc of the completion in both directions, set by lower triangles
/// (Dibbelt, Strasser, Wagner 2016, section 5; doi 10.1145/2886843). Cost: one pass over all lower triangles.
/// T is int, uint, float or double; costs are 0 or more, <see cref="Infinity"/> closes an arc. Whole numbers: the longest path must
/// stay below <see cref="Infinity"/> (half of the type's range).
/// </summary>
public sealed class HierarchyMetric<T> where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    internal readonly T[] up, down; // tail to head of the completion's arc, and head to tail
    private readonly T[] input;
    private readonly int[] arcAt; // scratch: arc of the completion to each head of the node at work
    private readonly PriorityQueue<int, int> pending = new();
    private readonly bool[] isPending, isUnsettled;
    private readonly T[] oldUp, oldDown; // of pending arcs, before the change
    private readonly List<int> batch = [];
    private readonly int[] tailOf; // lower end of each arc

    /// <summary>Costs by input arc; negative and NaN costs are refused.</summary>
    public HierarchyMetric(Hierarchy hierarchy, ReadOnlySpan<T> costByArc)
    {
        ArgumentNullException.ThrowIfNull(hierarchy);
        Hierarchy = hierarchy;
        up = new T[hierarchy.ArcCount];
        down = new T[hierarchy.ArcCount];
        input = new T[hierarchy.InputArcCount];
        arcAt = new int[hierarchy.RankCount];
        isPending = new bool[up.Length];
        isUnsettled = new bool[up.Length];
        oldUp = new T[up.Length];
        oldDown = new T[up.Length];
        tailOf = new int[up.Length];
        for (var v = 0; v < hierarchy.RankCount; v++) tailOf.AsSpan(hierarchy.upFirst[v]..hierarchy.upFirst[v + 1]).Fill(v);
        Customise(costByArc);
    }

    /// <summary>The topology.</summary>
    public Hierarchy Hierarchy { get; }

    /// <summary>The cost of no path: positive infinity, or half of a whole type's range so that two of them do not overflow.</summary>
    public static T Infinity { get; } = T.CreateSaturating(double.PositiveInfinity) / T.CreateChecked(2);

    /// <summary>Sets all costs (length: input arcs).</summary>
    public void Customise(ReadOnlySpan<T> costByArc)
    {
        if (costByArc.Length != input.Length) throw new ArgumentException($"{input.Length} costs are needed", nameof(costByArc));
        Array.Fill(up, Infinity);
        Array.Fill(down, Infinity);
        var slotOfArc = Hierarchy.slotOfArc;
        for (var i = 0; i < slotOfArc.Length; i++)
        {
            var cost = input[i] = Checked(costByArc[i]);
            var slot = slotOfArc[i];
            if (slot < 0) continue;
            var side = (slot & 1) == 0 ? up : down;
            if (cost < side[slot >> 1]) side[slot >> 1] = cost;
        }
        RelaxTriangles();
    }

    /// <summary>
    /// Changes the cost of one input arc and whatever depends on it; the number of completion arcs looked at. An arc depends only on arcs
    /// with a lower lower end, so nodes are taken in ascending order: first all changed arcs up from a node get their final costs, then they
    /// hand them on. A lower cost is handed on as it is; only a raised one makes an arc that it supported look at all its triangles again.
    /// </summary>
    public int Change(int arc, T cost)
    {
        var before = input[arc];
        input[arc] = Checked(cost);
        var slot = Hierarchy.slotOfArc[arc];
        if (slot < 0) return 0;
        var side = (slot & 1) == 0 ? up : down;
        var a = slot >> 1;
        if (input[arc] < side[a])
        {
            Touch(a);
            side[a] = input[arc];
        }
        else if (before == side[a] && input[arc] > before)
        {
            Touch(a);
            isUnsettled[a] = true;
        }
        var looked = 0;
        while (pending.TryDequeue(out var first, out _))
        {
            var x = tailOf[first];
            batch.Clear();
            batch.Add(first);
            while (pending.TryPeek(out var next, out _) && tailOf[next] == x) batch.Add(pending.Dequeue());
            foreach (var b in batch)
            {
                if (isUnsettled[b]) Settle(b);
                isUnsettled[b] = false;
            }
            foreach (var b in batch) HandOn(b, x);
            foreach (var b in batch) isPending[b] = false;
            looked += batch.Count;
        }
        return looked;
    }

    /// <summary>Whether another metric gives every arc of the completion the same costs.</summary>
    public bool HasCostsOf(HierarchyMetric<T> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return up.AsSpan().SequenceEqual(other.up) && down.AsSpan().SequenceEqual(other.down);
    }

    private void Touch(int a)
    {
        if (isPending[a]) return;
        isPending[a] = true;
        (oldUp[a], oldDown[a]) = (up[a], down[a]);
        pending.Enqueue(a, a);
    }

    private static T Checked(T cost) => cost >= T.Zero
        ? T.Min(cost, Infinity)
        : throw new ArgumentOutOfRangeException(nameof(cost), $"cost {cost} is below 0 or not a number");

    private unsafe void RelaxTriangles()
    {
        var h = Hierarchy;
        fixed (int* upFirst = h.upFirst, upHead = h.upHead, downFirst = h.downFirst, downTail = h.downTail, downArc = h.downArc, at = arcAt)
        fixed (T* u = up, d = down)
        {
            for (int x = 0, n = h.RankCount; x < n; x++)
            {
                for (var a = upFirst[x]; a < upFirst[x + 1]; a++) at[upHead[a]] = a;
                for (var i = downFirst[x]; i < downFirst[x + 1]; i++)
                {
                    var leg = downArc[i];
                    T toX = u[leg], fromX = d[leg];
                    for (int b = leg + 1, end = upFirst[downTail[i] + 1]; b < end; b++)
                    {
                        var a = at[upHead[b]];
                        var there = fromX + u[b];
                        if (there < u[a]) u[a] = there;
                        var back = d[b] + toX;
                        if (back < d[a]) d[a] = back;
                    }
                }
            }
        }
    }

    /// <summary>Both costs of an arc from its input arcs and all its lower triangles.</summary>
    private void Settle(int a)
    {
        var h = Hierarchy;
        int x = tailOf[a], y = h.upHead[a];
        T newUp = BaseOf(2 * a), newDown = BaseOf(2 * a + 1);
        int i = h.downFirst[x], iEnd = h.downFirst[x + 1], j = h.downFirst[y], jEnd = h.downFirst[y + 1];
        if (jEnd - j > 4 * (iEnd - i))
        {
            // The higher node has far more lower neighbours: ask each of the lower node's whether it is one of them.
            for (; i < iEnd; i++)
            {
                var z = h.downTail[i];
                var legX = h.downArc[i];
                var legY = Array.BinarySearch(h.upHead, legX + 1, h.upFirst[z + 1] - legX - 1, y);
                if (legY < 0) continue;
                newUp = T.Min(newUp, down[legX] + up[legY]);
                newDown = T.Min(newDown, down[legY] + up[legX]);
            }
        }
        while (i < iEnd && j < jEnd)
        {
            int zx = h.downTail[i], zy = h.downTail[j];
            if (zx == zy)
            {
                int legX = h.downArc[i], legY = h.downArc[j];
                newUp = T.Min(newUp, down[legX] + up[legY]);
                newDown = T.Min(newDown, down[legY] + up[legX]);
            }
            if (zx <= zy) i++;
            if (zy <= zx) j++;
        }
        up[a] = T.Min(newUp, Infinity);
        down[a] = T.Min(newDown, Infinity);
    }

    /// <summary>Tells the arcs between an arc's upper end and the other upper neighbours of its lower end.</summary>
    private void HandOn(int a, int x)
    {
        T newUp = up[a], newDown = down[a], wasUp = oldUp[a], wasDown = oldDown[a];
        if (newUp == wasUp && newDown == wasDown) return;
        var h = Hierarchy;
        var y = h.upHead[a];
        for (int b = h.upFirst[x], end = h.upFirst[x + 1]; b < end; b++)
        {
            if (b == a) continue;
            var other = h.upHead[b];
            var low = Math.Min(y, other);
            var target = Array.BinarySearch(h.upHead, h.upFirst[low], h.upFirst[low + 1] - h.upFirst[low], Math.Max(y, other));
            var (fromY, toY) = y < other ? (up, down) : (down, up);
            var (wasOtherUp, wasOtherDown) = isPending[b] ? (oldUp[b], oldDown[b]) : (up[b], down[b]);
            Offer(target, fromY, newDown + up[b], wasDown + wasOtherUp);
            Offer(target, toY, newUp + down[b], wasUp + wasOtherDown);
        }
    }

    private void Offer(int target, T[] side, T now, T was)
    {
        if (now < side[target])
        {
            Touch(target);
            side[target] = now;
        }
        else if (now > was && was == side[target] && was < Infinity)
        {
            Touch(target);
            isUnsettled[target] = true;
        }
    }

    private T BaseOf(int slot)
    {
        var cost = Infinity;
        for (var i = Hierarchy.inputFirst[slot]; i < Hierarchy.inputFirst[slot + 1]; i++) cost = T.Min(cost, input[Hierarchy.inputArc[i]]);
        return cost;
    }

    /// <summary>An input arc in a slot with exactly this cost; -1 where there is none.</summary>
    internal int InputWith(int slot, T cost)
    {
        for (var i = Hierarchy.inputFirst[slot]; i < Hierarchy.inputFirst[slot + 1]; i++)
            if (input[Hierarchy.inputArc[i]] == cost) return Hierarchy.inputArc[i];
        return -1;
    }

    /// <summary>The two slots, in travel order, of a lower triangle that gives a slot its cost.</summary>
    internal (int First, int Second) LegsWith(int slot, T cost)
    {
        var h = Hierarchy;
        int x = tailOf[slot >> 1], y = h.upHead[slot >> 1];
        if ((slot & 1) == 1) (x, y) = (y, x); // travel from x to y
        int i = h.downFirst[x], iEnd = h.downFirst[x + 1], j = h.downFirst[y], jEnd = h.downFirst[y + 1];
        while (i < iEnd && j < jEnd)
        {
            if (h.downTail[i] < h.downTail[j]) { i++; continue; }
            if (h.downTail[i] > h.downTail[j]) { j++; continue; }
            int legX = h.downArc[i++], legY = h.downArc[j++];
            if (down[legX] + up[legY] == cost) return (2 * legX + 1, 2 * legY);
        }
        return (-1, -1);
    }
}
