namespace GeoHarm.Routing.Equilibrium;

/// <summary>
/// A bush's flows from its trips and its own split at each node: what enters a node is the trips that end there and what leaves
/// it, so flow is conserved to rounding however many shifts went before.
/// </summary>
internal static unsafe class BushFlow
{
    private const double Residue = 1e-14; // of the node's flow: rounding left by a shift that emptied an arc

    /// <summary>Recomputes the flows; <paramref name="through"/> is scratch of at least Count entries.</summary>
    public static void Recompute(Bush bush, double[] trips, bool[] served, double[] through)
    {
        through.AsSpan(0, bush.Count).Clear();
        for (var i = bush.FirstTrip; i < bush.LastTrip; i++)
        {
            var position = bush.TripPosition[i - bush.FirstTrip];
            if (position > 0 && served[i]) through[position] += trips[i];
        }
        fixed (int* start = bush.Start, tail = bush.TailPosition)
        fixed (double* flow = bush.Flow, t = through)
        {
            for (var p = bush.Count - 1; p > 0; p--)
            {
                int first = start[p], end = start[p + 1];
                var total = t[p];
                if (end - first == 1) flow[first] = total;
                else Split(flow, first, end, total);
                for (var k = first; k < end; k++) t[tail[k]] += flow[k];
            }
        }
    }

    /// <summary>
    /// Takes closed arcs out of a bush: no flow on them or on what only they led to; trips that end there have no position until the bush is
    /// renewed. What flow is left at a node keeps its split. False when the bush holds none of them.
    /// </summary>
    public static bool Close(Bush bush, bool[] closed)
    {
        var end = bush.Start[bush.Count];
        var k = 0;
        while (k < end && !closed[bush.Slot[k]]) k++;
        if (k == end) return false;
        Span<bool> isReached = bush.Count <= 4096 ? stackalloc bool[bush.Count] : new bool[bush.Count];
        isReached[0] = true;
        for (var p = 1; p < bush.Count; p++)
        {
            isReached[p] = false;
            for (k = bush.Start[p]; k < bush.Start[p + 1]; k++)
            {
                if (closed[bush.Slot[k]] || !isReached[bush.TailPosition[k]]) bush.Flow[k] = 0;
                isReached[p] |= bush.Flow[k] > 0;
            }
        }
        for (var i = 0; i < bush.TripPosition.Length; i++)
        {
            if (bush.TripPosition[i] >= 0 && !isReached[bush.TripPosition[i]]) bush.TripPosition[i] = -1;
        }
        return true;
    }

    private static void Split(double* flow, int first, int end, double total)
    {
        double sum = 0;
        var largest = first;
        for (var k = first; k < end; k++)
        {
            sum += flow[k];
            if (flow[k] > flow[largest]) largest = k;
        }
        if (!(sum > 0) || total == 0)
        {
            for (var k = first; k < end; k++) flow[k] = 0;
            flow[first] = total;
            return;
        }
        var rest = total;
        for (var k = first; k < end; k++)
        {
            if (k == largest) continue;
            var share = flow[k] / sum * total;
            if (share < Residue * total) share = 0;
            flow[k] = share;
            rest -= share;
        }
        flow[largest] = rest > 0 ? rest : 0;
    }
}
