namespace GeoHarm.Routing.Equilibrium;

/// <summary>
/// Newton shifts within a bush (Dial 2006, doi 10.1016/j.trb.2006.02.008; Nie 2010, doi 10.1016/j.trb.2009.06.005): at each node
/// with two ways in, from the last to the first, flow moves from its dearest used way to its cheapest until they cost the same.
/// The two ways part at the nearest position that both pass, found by stepping back whichever stands later.
/// Arc flows, costs and derivatives are updated at once (Gauss-Seidel).
/// </summary>
internal sealed unsafe class BushShift<TCost>(int ranks) where TCost : struct, ILinkCost<TCost>
{
    // A shift whose cost difference is below this share of the cost is rounding.
    private const double Noise = 1e-15;

    // After a step the difference may be at most this share of what it was, else the step is refined.
    private const double Accepted = 0.3;
    private const int MostRefinements = 6;

    private readonly double[] least = new double[ranks], most = new double[ranks];
    private readonly int[] leastArc = new int[ranks], mostArc = new int[ranks];
    private readonly int[] cheap = new int[ranks], dear = new int[ranks];

    /// <summary>One pass; returns the excess cost found: over nodes, movable flow times cost difference. Nodes with less than <paramref name="floor"/> of it are left alone.</summary>
    public double Pass(Bush bush, in TCost costs, LinkState links, double floor)
    {
        fixed (int* start = bush.Start, tail = bush.TailPosition, slot = bush.Slot, merges = bush.Merges)
        fixed (int* la = leastArc, ma = mostArc, cheapArcs = cheap, dearArcs = dear)
        fixed (bool* still = links.IsFixed)
        fixed (double* l = least, u = most, flow = bush.Flow, x = links.Flow, c = links.Cost, s = links.Slope)
        {
            Label(bush.Active, start, tail, slot, flow, c, l, u, la, ma);
            double excess = 0;
            for (var i = bush.MergeCount - 1; i >= 0; i--)
            {
                var p = merges[i];
                int min = la[p], max = ma[p];
                if (max == min || u[p] - l[p] <= Noise * u[p]) continue;
                var bound = flow[max] * (u[p] - l[p]);
                if (bound < floor)
                {
                    excess += bound;
                    continue;
                }
                // Walk both ways back to where they part.
                int cheapCount = 1, dearCount = 1, at = tail[min], other = tail[max];
                cheapArcs[0] = min;
                dearArcs[0] = max;
                double cheapCost = c[slot[min]], dearCost = c[slot[max]], slope = s[slot[min]] + s[slot[max]], movable = flow[max];
                while (at != other)
                {
                    if (at > other)
                    {
                        var k = la[at];
                        cheapArcs[cheapCount++] = k;
                        cheapCost += c[slot[k]];
                        slope += s[slot[k]];
                        at = tail[k];
                    }
                    else
                    {
                        var k = ma[other];
                        dearArcs[dearCount++] = k;
                        dearCost += c[slot[k]];
                        slope += s[slot[k]];
                        movable = Math.Min(movable, flow[k]);
                        other = tail[k];
                    }
                }
                var difference = dearCost - cheapCost;
                if (!(movable > 0) || difference <= Noise * dearCost) continue;
                excess += movable * difference;
                var amount = difference / slope;
                if (!(amount < movable)) amount = movable; // also when the slope is 0
                var left = Move(amount, cheapArcs, cheapCount, dearArcs, dearCount, slot, flow, x, c, s, still, costs, out slope);
                if (left < -Accepted * difference)
                    Refine(amount, difference, left, cheapArcs, cheapCount, dearArcs, dearCount, slot, flow, x, c, s, still, costs);
            }
            return excess;
        }
    }

    private static void Label(int count, int* start, int* tail, int* slot, double* flow, double* c, double* l, double* u, int* la, int* ma)
    {
        l[0] = u[0] = 0;
        var k = start[1];
        for (var p = 1; p < count; p++)
        {
            var end = start[p + 1];
            var cost = c[slot[k]];
            int t = tail[k], min = k, max = k;
            double low = l[t] + cost, high = u[t] + cost;
            if (k + 1 < end)
            {
                if (!(flow[k] > 0)) { high = -1; max = -1; }
                while (++k < end)
                {
                    t = tail[k];
                    cost = c[slot[k]];
                    var there = l[t] + cost;
                    if (there < low) { low = there; min = k; }
                    if (flow[k] > 0 && (there = u[t] + cost) > high) { high = there; max = k; }
                }
                if (max < 0) { max = min; high = low; }
            }
            else k++;
            l[p] = low;
            u[p] = high;
            la[p] = min;
            ma[p] = max;
        }
    }

    /// <summary>Moves flow from the dear way to the cheap (back when negative); returns the cost difference that is left.</summary>
    private static double Move(double amount, int* cheap, int cheapCount, int* dear, int dearCount,
        int* slot, double* flow, double* x, double* c, double* s, bool* still, in TCost costs, out double slope)
    {
        double difference = 0;
        slope = 0;
        for (var i = 0; i < dearCount; i++) difference += Add(-amount, dear[i], slot, flow, x, c, s, still, costs, ref slope);
        for (var i = 0; i < cheapCount; i++) difference -= Add(amount, cheap[i], slot, flow, x, c, s, still, costs, ref slope);
        return difference;
    }

    private static double Add(double amount, int k, int* slot, double* flow, double* x, double* c, double* s, bool* still, in TCost costs, ref double slope)
    {
        var a = slot[k];
        flow[k] += amount;
        var old = x[a];
        var now = old + amount;
        if (now < 0) now = 0; // rounding of the sum over origins
        x[a] = now;
        if (!still[a]) costs.Step(a, old, now, ref c[a], ref s[a]);
        slope += s[a];
        return c[a];
    }

    /// <summary>
    /// The Newton step from an empty way, whose slope is 0, goes too far: the false-position rule with halved end (Illinois;
    /// Dowell and Jarratt 1971, doi 10.1007/BF01934364) finds the balance between no step and the whole one.
    /// </summary>
    private static void Refine(double amount, double atLow, double atHigh, int* cheap, int cheapCount, int* dear, int dearCount,
        int* slot, double* flow, double* x, double* c, double* s, bool* still, in TCost costs)
    {
        double low = 0, high = amount, at = amount, first = atLow;
        for (var i = 0; i < MostRefinements; i++)
        {
            var next = low + (high - low) * (atLow / (atLow - atHigh));
            var left = Move(next - at, cheap, cheapCount, dear, dearCount, slot, flow, x, c, s, still, costs, out _);
            at = next;
            if (Math.Abs(left) <= Accepted * first) return;
            if (left > 0) { low = next; atLow = left; atHigh /= 2; }
            else { high = next; atHigh = left; atLow /= 2; }
        }
    }
}
