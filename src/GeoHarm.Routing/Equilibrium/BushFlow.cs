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
