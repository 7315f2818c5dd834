namespace GeoHarm.Routing.Equilibrium;

/// <summary>New figures of one arc.</summary>
/// <param name="Arc">Arc as the caller numbers it.</param>
/// <param name="Cost">New cost; infinite closes the arc.</param>
/// <param name="Hazard">New hazard.</param>
public readonly record struct ArcChange(int Arc, double Cost, double Hazard);

/// <summary>
/// Loadings at fixed cost with a few arcs changed or closed, from the factors of one base loading: Sherman and Morrison 1950
/// (doi 10.1214/aoms/1177729893), Woodbury for arcs that share neither tail nor head. All arcs into one node, or out of
/// one node, are one rank. (B - L R^T)^-1 b = B^-1 b + B^-1 L (I - R^T B^-1 L)^-1 R^T B^-1 b, once for z with B = I - W and once
/// for the flow with B = (I - W S)^T. Equal to a full loading to 1e-12; where the change takes away so much that digits would be
/// lost (some z falls below <c>LossLimit</c> of what it was) or needs more ranks than <c>RankLimit</c>, a full loading is
/// made instead. Cost: (2 rank + 1) solves per destination. One per thread.
/// </summary>
public sealed class MarkovianUpdate
{
    /// <summary>A z that falls to a thousandth may lose three digits of sixteen: the most that 1e-12 allows.</summary>
    private const double LossLimit = 1e-3;

    /// <summary>Beyond this a full factorisation is about as cheap (study network: one solve is a seventh of one factorisation).</summary>
    private const int RankLimit = 4;

    private readonly MarkovianLoading loading;
    private readonly MarkovianLoading scratch; // results, and the full loadings
    private readonly double[] baseCost, baseHazard;
    private readonly Woodbury woodbury;

    /// <summary>Updates of the state in which <paramref name="loading"/> is now; it must not load anything else while this is in use.</summary>
    public MarkovianUpdate(MarkovianLoading loading)
    {
        this.loading = loading;
        scratch = loading.Twin();
        baseCost = (double[])loading.cost.Clone();
        baseHazard = (double[])loading.hazard.Clone();
        woodbury = new Woodbury(loading.chains.Max(c => c.y.Length), RankLimit);
    }

    /// <summary>Whether the last change was done by update (true) or by a full loading (false).</summary>
    public bool WasUpdated { get; private set; }

    /// <summary>Flows with the given arcs changed; an arc named twice takes the last figures.</summary>
    /// <exception cref="Graphs.InvalidNetworkException">Figures out of range, or demand cut off (GH7206).</exception>
    public MarkovianFlows Change(params ReadOnlySpan<ArcChange> changes)
    {
        baseCost.CopyTo(scratch.cost, 0);
        baseHazard.CopyTo(scratch.hazard, 0);
        LoadingChecks.Changes(loading.Topology.Graph, changes);
        var slots = new SortedSet<int>();
        foreach (var change in changes)
        {
            var slot = loading.Topology.Graph.SlotOf(change.Arc);
            scratch.cost[slot] = change.Cost;
            scratch.hazard[slot] = change.Hazard;
            slots.Add(slot);
        }
        scratch.Prepare();
        WasUpdated = TryUpdate(slots);
        if (!WasUpdated) scratch.Run();
        return scratch.Flows();
    }

    private bool TryUpdate(SortedSet<int> slots)
    {
        for (var d = 0; d < loading.chains.Length; d++)
        {
            if (!TryUpdate(d, slots)) return false;
        }
        return true;
    }

    private bool TryUpdate(int d, SortedSet<int> slots)
    {
        DestinationChain from = loading.chains[d], to = scratch.chains[d];
        var changed = from.Changes(slots, scratch.impedance, loading.survival, scratch.survival, to);
        if (changed is null || !LowRank.TryMake(changed, RankLimit, out var walk, out var lossy)) return false;
        from.z.CopyTo(to.z, 0);
        if (!woodbury.Apply(walk, from.SolveWalk, to.z)) return false;
        for (var v = 0; v < to.z.Length; v++)
        {
            if (!(to.z[v] >= LossLimit * from.z[v])) return false;
        }
        to.SetChoices();
        // y = D (I - (W S)^T)^-1 D^-1 s with the new z.
        Array.Clear(to.y);
        loading.sources[d].CopyTo(to.y, 0);
        for (var v = 0; v < to.y.Length; v++) to.y[v] /= to.z[v];
        from.SolveLossyWalkTransposed(to.y);
        if (!woodbury.Apply(lossy, from.SolveLossyWalkTransposed, to.y)) return false;
        for (var v = 0; v < to.y.Length; v++) to.y[v] *= to.z[v];
        return scratch.Accept(d);
    }
}
