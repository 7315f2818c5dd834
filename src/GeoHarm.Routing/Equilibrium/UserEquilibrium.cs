using GeoHarm.Routing.Graphs;
using GeoHarm.Routing.Paths;

namespace GeoHarm.Routing.Equilibrium;

/// <summary>
/// User equilibrium (Wardrop's first principle; Beckmann, McGuire, Winsten 1956) with separable increasing costs, by Newton shifts
/// on origin bushes (Algorithm B; Dial 2006, doi 10.1016/j.trb.2006.02.008). Each round: exact costs, shortest paths from eight
/// origins at a time down a customizable hierarchy, the gap, renewed bushes; then Gauss-Seidel passes of shifts.
/// Trips in units per period, costs in any one unit. Keeps its bushes: a further <see cref="Solve"/> after changed
/// costs, trips or closed arcs starts from them. Deterministic: one order of operations. Not thread-safe; a network may be shared.
/// </summary>
public sealed unsafe class UserEquilibrium<TCost> where TCost : struct, ILinkCost<TCost>
{
    private static readonly int Lanes = HierarchySweep<double>.Lanes;

    // Rounds of loading at the start of a cold solve after which costs are renewed: loading all origins at the costs of an empty
    // network overshoots most where the shortest paths of all origins meet.
    private const int StartSteps = 8;

    // Rounds without halving its excess after which a bush that holds this share of all excess is loaded afresh: a healthy bush
    // halves its excess in two or three rounds, and one that is slow because all are holds no such share.
    private const int StuckRounds = 8;
    private const double StuckShare = 0.02;

    // Of the mean excess of the round before: a bush with less is not renewed though it misses a shortest path (measured 2026-11: a
    // third fewer renewals on Chicago-Sketch, no more rounds). All of them together hold less than this share.
    private const double GrowShare = 0.05;

    private readonly AssignmentNetwork network;
    private readonly EquilibriumOptions options;
    private readonly HierarchyMetric<double> metric;
    private readonly HierarchySweep<double> sweep;
    private readonly BushGrowth growth;
    private readonly BushPasses<TCost> passOver;
    private readonly LinkState links;
    private readonly double[] through, inputCost;
    private readonly bool[] closed; // by slot
    private TripTable table;
    private int[] destinations = [];
    private double[] trips = [];
    private bool[] served = [];
    private Bush[] bushes = [];
    private TCost costs;
    private bool isCold = true, hasShifted;
    private double lastExcess;

    /// <summary>A solver with no flows yet.</summary>
    public UserEquilibrium(AssignmentNetwork network, TripTable trips, EquilibriumOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(trips);
        this.network = network;
        this.options = options ?? new EquilibriumOptions();
        var n = network.hierarchy.RankCount;
        var m = network.ArcCount;
        links = new LinkState(m);
        inputCost = new double[m];
        through = new double[n];
        closed = new bool[m];
        metric = new HierarchyMetric<double>(network.hierarchy, inputCost);
        sweep = new HierarchySweep<double>(network.hierarchy);
        growth = new BushGrowth(network);
        passOver = new BushPasses<TCost>(n, m, this.options);
        table = trips;
        TakeTrips(trips);
    }

    /// <summary>Flow by arc after the last solve.</summary>
    public double[] Flows() => ByArc(links.Flow);

    /// <summary>Cost by arc after the last solve; a closed arc's is positive infinity.</summary>
    public double[] Costs() => ByArc(links.Cost);

    /// <summary>Forgets all flows: the next solve starts cold.</summary>
    public void Reset() => TakeTrips(table);

    /// <summary>Changes the trips; pairs that stay keep the split of their flow.</summary>
    public void SetTrips(TripTable changed)
    {
        ArgumentNullException.ThrowIfNull(changed);
        var old = bushes.ToDictionary(b => b.Origin);
        TakeTrips(changed);
        for (var i = 0; i < bushes.Length; i++)
        {
            if (!old.TryGetValue(bushes[i].Origin, out var before)) continue;
            var position = new Dictionary<int, int>(before.Count);
            for (var p = 1; p < before.Count; p++) position[before.Node[p]] = p;
            var now = bushes[i];
            (now.Count, now.Active, now.MergeCount) = (before.Count, before.Active, before.MergeCount);
            (now.Node, now.Start, now.TailPosition, now.Slot, now.Flow, now.Merges) =
                (before.Node, before.Start, before.TailPosition, before.Slot, before.Flow, before.Merges);
            for (var t = now.FirstTrip; t < now.LastTrip; t++)
                now.TripPosition[t - now.FirstTrip] = position.TryGetValue(destinations[t], out var p) ? p : -1;
            isCold = false;
        }
    }

    /// <summary>The flows as they stand, to come back to with <see cref="Restore"/>.</summary>
    public EquilibriumState Save() => new(network, table, Array.ConvertAll(bushes, b => b.Copy()), (bool[])served.Clone(), isCold);

    /// <summary>Goes back to saved flows, of this or another solver over the same network and trips.</summary>
    public void Restore(EquilibriumState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Network != network) throw new ArgumentException("the state belongs to another network", nameof(state));
        if (state.Trips != table) TakeTrips(state.Trips);
        bushes = Array.ConvertAll(state.Bushes, b => b.Copy());
        served = (bool[])state.Served.Clone();
        isCold = state.IsCold;
    }

    /// <summary>
    /// Solves for costs by arc, with some arcs closed (numbers in <paramref name="closedArcs"/>). Pairs without an open path are
    /// left out of the flows and reported as unserved.
    /// </summary>
    public EquilibriumResult Solve(in TCost costByArc, ReadOnlySpan<int> closedArcs = default)
    {
        if (costByArc.Count != network.ArcCount) throw new ArgumentException($"{network.ArcCount} costs are needed", nameof(costByArc));
        costs = costByArc.Reordered(network.arcOfSlot);
        Array.Clear(closed);
        foreach (var arc in closedArcs) closed[network.slotOfArc[arc]] = true;
        FixCosts();
        Load();
        foreach (var bush in bushes) bush.Forget();
        (hasShifted, lastExcess) = (false, 0);
        int rounds = 0, passes = 0;
        double gap;
        while (true)
        {
            var settled = Renew(out gap);
            rounds++;
            if (settled && gap <= options.RelativeGap) break;
            if (rounds >= options.MaxRounds) break;
            if (settled) passes += passOver.Run(bushes, costs, links);
        }
        isCold = false;
        return Result(gap, rounds, passes);
    }

    private void TakeTrips(TripTable changed)
    {
        if (changed.Zones > network.NodeCount || changed.Zones > network.Zones)
            throw new ArgumentException($"the trips have {changed.Zones} zones and the network {network.Zones}", nameof(changed));
        table = changed;
        List<int> to = [];
        List<double> amount = [];
        List<Bush> list = [];
        for (var o = 0; o < changed.Zones; o++)
        {
            var first = to.Count;
            for (var i = changed.First[o]; i < changed.First[o + 1]; i++)
            {
                if (changed.Destination[i] == o) continue; // trips within a zone use no arc
                to.Add(network.hierarchy.TargetRank(changed.Destination[i]));
                amount.Add(changed.Trips[i]);
            }
            if (to.Count > first) list.Add(new Bush(network.hierarchy.SourceRank(o), first, to.Count) { Zone = o });
        }
        // Neighbouring origins side by side: their sweeps and bushes touch the same arcs.
        (destinations, trips, bushes) = ([.. to], [.. amount], [.. list.OrderBy(b => b.Origin)]);
        served = new bool[trips.Length];
        Array.Fill(served, true);
        isCold = true;
    }

    private double[] ByArc(double[] bySlot)
    {
        var result = new double[bySlot.Length];
        for (var slot = 0; slot < result.Length; slot++) result[network.arcOfSlot[slot]] = bySlot[slot];
        return result;
    }

    private void FixCosts()
    {
        for (var a = 0; a < closed.Length; a++) links.IsFixed[a] = closed[a] || costs.IsConstant(a);
    }

    private void RenewCosts()
    {
        for (var a = 0; a < links.Cost.Length; a++)
        {
            if (closed[a]) (links.Cost[a], links.Slope[a]) = (double.PositiveInfinity, 0);
            else costs.Evaluate(a, links.Flow[a], out links.Cost[a], out links.Slope[a]);
        }
    }

    private void RenewShortestPaths()
    {
        for (var a = 0; a < inputCost.Length; a++) inputCost[network.arcOfSlot[a]] = links.Cost[a];
        metric.Customise(inputCost);
    }

    private void SweepFrom(Bush[] some, int first)
    {
        Span<int> origins = stackalloc int[Lanes];
        var count = Math.Min(Lanes, some.Length - first);
        for (var i = 0; i < count; i++) origins[i] = some[first + i].Origin;
        sweep.RunRanks(metric, origins[..count]);
    }

    /// <summary>Takes closed arcs out of the bushes and gives the trips that have no path left new ones; cold, all trips.</summary>
    private void Load()
    {
        Array.Clear(links.Flow);
        var part = isCold ? bushes : Array.FindAll(bushes, b => BushFlow.Close(b, closed));
        if (part.Length == 0) return;
        foreach (var bush in bushes)
        {
            BushFlow.Recompute(bush, trips, served, through);
            AddToLinks(bush, 1);
        }
        var step = Math.Max(Lanes, (part.Length / StartSteps + Lanes - 1) / Lanes * Lanes);
        for (var first = 0; first < part.Length; first += Lanes)
        {
            if (first % step == 0)
            {
                RenewCosts();
                RenewShortestPaths();
            }
            SweepFrom(part, first);
            for (var i = first; i < Math.Min(first + Lanes, part.Length); i++)
            {
                var bush = part[i];
                CheckServed(bush, i - first);
                AddToLinks(bush, -1);
                Grow(bush, i - first);
                BushFlow.Recompute(bush, trips, served, through);
                AddToLinks(bush, 1);
            }
        }
    }

    /// <summary>Exact flows and costs, shortest paths, gap, renewed bushes. False when trips were left out of the flows that the gap is of.</summary>
    private bool Renew(out double gap)
    {
        Array.Clear(links.Flow);
        foreach (var bush in bushes)
        {
            BushFlow.Recompute(bush, trips, served, through);
            AddToLinks(bush, 1);
        }
        RenewCosts();
        RenewShortestPaths();
        var settled = true;
        double excess = 0, total = 0;
        for (var a = 0; a < links.Cost.Length; a++) if (links.Flow[a] > 0) total += links.Flow[a] * links.Cost[a];
        for (var first = 0; first < bushes.Length; first += Lanes)
        {
            SweepFrom(bushes, first);
            for (var i = first; i < Math.Min(first + Lanes, bushes.Length); i++)
            {
                var bush = bushes[i];
                var isWhole = !CheckServed(bush, i - first) & !IsMissingTrips(bush);
                var over = growth.Examine(bush, sweep.Rows + (i - first), Lanes, links.Cost, out var isShort);
                excess += over;
                if (isWhole && !isShort && hasShifted && IsStuck(bush, over))
                {
                    bush.Empty();
                    isWhole = false;
                }
                if (!isWhole || (!isShort && over > GrowShare * lastExcess / bushes.Length)) Grow(bush, i - first);
                settled &= isWhole;
            }
        }
        hasShifted = settled;
        lastExcess = excess;
        gap = !settled ? double.PositiveInfinity : total > excess ? excess / (total - excess) : excess > 0 ? double.PositiveInfinity : 0;
        return settled;
    }

    /// <summary>
    /// Whether a bush that misses a shortest path has made no headway for some rounds: its order may then forbid every way in (rings of free
    /// arcs after a closure do that), and it is loaded afresh on its shortest paths.
    /// </summary>
    private bool IsStuck(Bush bush, double over)
    {
        if (over < bush.LeastOver / 2) (bush.LeastOver, bush.RoundsStuck) = (over, 0);
        else bush.RoundsStuck++;
        return bush.RoundsStuck >= StuckRounds && over > StuckShare * lastExcess;
    }

    private bool IsMissingTrips(Bush bush)
    {
        for (var i = bush.FirstTrip; i < bush.LastTrip; i++)
        {
            if (served[i] && bush.TripPosition[i - bush.FirstTrip] < 0) return true;
        }
        return false;
    }

    private bool CheckServed(Bush bush, int lane)
    {
        var changed = false;
        for (var i = bush.FirstTrip; i < bush.LastTrip; i++)
        {
            var isReached = sweep.Rows[(long)destinations[i] * Lanes + lane] < double.PositiveInfinity;
            changed |= isReached != served[i];
            served[i] = isReached;
        }
        return changed;
    }

    private void Grow(Bush bush, int lane)
    {
        if (growth.Renew(bush, sweep.Rows + lane, Lanes, links.Cost, destinations, served)) return;
        var (label, tree) = PlainTree.From(network, bush.Origin, links.Cost);
        fixed (double* labels = label) growth.Renew(bush, labels, 1, links.Cost, destinations, served, tree);
    }

    private void AddToLinks(Bush bush, double sign)
    {
        fixed (int* slot = bush.Slot)
        fixed (double* flow = bush.Flow, x = links.Flow)
        {
            for (int k = 0, end = bush.Start[bush.Count]; k < end; k++) x[slot[k]] += sign * flow[k];
        }
    }

    private EquilibriumResult Result(double gap, int rounds, int passes)
    {
        double objective = 0, total = 0, unserved = 0;
        for (var a = 0; a < links.Flow.Length; a++)
        {
            if (links.Flow[a] == 0) continue;
            objective += costs.Integral(a, links.Flow[a]);
            total += links.Flow[a] * links.Cost[a];
        }
        var pairs = new List<(int, int, double)>();
        foreach (var bush in bushes.OrderBy(b => b.Zone))
        {
            var t = bush.FirstTrip;
            for (var i = table.First[bush.Zone]; i < table.First[bush.Zone + 1]; i++)
            {
                if (table.Destination[i] == bush.Zone) continue;
                if (!served[t])
                {
                    unserved += trips[t];
                    pairs.Add((bush.Zone, table.Destination[i], trips[t]));
                }
                t++;
            }
        }
        return new EquilibriumResult(gap, gap <= options.RelativeGap, rounds, passes, objective, total, unserved) { Unserved = pairs };
    }
}

/// <summary>Flows of a solver at one moment.</summary>
public sealed class EquilibriumState
{
    internal EquilibriumState(AssignmentNetwork network, TripTable trips, Bush[] bushes, bool[] served, bool isCold) =>
        (Network, Trips, Bushes, Served, IsCold) = (network, trips, bushes, served, isCold);

    internal AssignmentNetwork Network { get; }
    internal TripTable Trips { get; }
    internal Bush[] Bushes { get; }
    internal bool[] Served { get; }
    internal bool IsCold { get; }
}
