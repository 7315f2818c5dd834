using GeoHarm.Routing.Equilibrium;
using GeoHarm.Routing.Sweeps;

namespace GeoHarm.Engine.Routes;

/// <summary>
/// Tonnes from producing zones to markets over the study's network: the one transit model that the scenario chain, sweep, push,
/// simulation and allocation share. Markovian equilibrium (Akamatsu 1996; Baillon and Cominetti 2008; findings B2) with
/// congestion and risk feedback in each zone's inflow, loss on the way, and the value of cargo along the chain, in one of three
/// structures. Baseline and policies of one set of costs start from each other's inflow.
/// Cost: about 50 ms cold and 20 ms warm (three markets, embedded study). One per thread; network and topology are shared.
/// Fails with DivergentLoadingException (named theta) where no loading exists; not converged is a figure in the result.
/// </summary>
public sealed class TransitModel
{
    private readonly TransitNetwork network;
    private readonly MarkovianTopology topology;
    private readonly TransitStructure structure;
    private readonly MarkovianEquilibriumOptions options;
    private readonly double[] cost, hazard, value, unseen, source, kept;
    private readonly bool[] reaches;
    private TransitCosts costs = null!;
    private double[] marketShares = [];
    private double referenceInflow;
    private MarkovianLoading? loading;
    private MarkovianEquilibrium<TransitFeedback>? equilibrium;
    private bool isStale = true; // tonnes or costs differ from those of the loading

    /// <summary>A model for one thread.</summary>
    /// <param name="network">The network.</param>
    /// <param name="structure">Structure.</param>
    /// <param name="topology">From <see cref="TransitNetwork.TopologyOf"/>, shared by all models of a structure.</param>
    /// <param name="tolerance">Residual of the fixed point, as a share of all that is sent.</param>
    public TransitModel(TransitNetwork network, TransitStructure structure, MarkovianTopology topology, double tolerance = 1e-10)
    {
        (this.network, this.structure, this.topology) = (network, structure, topology);
        options = new MarkovianEquilibriumOptions { Tolerance = tolerance };
        (cost, hazard, value, unseen) = (new double[network.ArcCount], new double[network.ArcCount], new double[network.ArcCount], new double[network.ArcCount]);
        (source, kept, reaches) = (new double[network.NodeCount], new double[network.NodeCount], new bool[network.NodeCount]);
    }

    /// <summary>Tonnes that the last policy leaves without any way to a market: they stay where they are made and are in no flow.</summary>
    public double Stranded { get; private set; }

    /// <summary>Sets what moves and what it costs; the next <see cref="Solve"/> starts cold unless given a start.</summary>
    /// <param name="tonnesByZone">Tonnes that start in each zone.</param>
    /// <param name="shares">Share of tonnes bound for each market, summing to 1.</param>
    /// <param name="assumptions">Costs and risks.</param>
    /// <param name="relativeValueByZone">Price in each zone over the dearest wholesale price.</param>
    /// <param name="baselineTonnes">All tonnes of the baseline: F0 is a share of them, so that more cargo is more congestion.</param>
    public void Set(ReadOnlySpan<double> tonnesByZone, ReadOnlySpan<double> shares, TransitCosts assumptions, ReadOnlySpan<double> relativeValueByZone, double baselineTonnes)
    {
        (costs, marketShares) = (assumptions, shares.ToArray());
        referenceInflow = Math.Max(baselineTonnes, 1e-9) * assumptions.ReferenceInflow;
        for (var arc = 0; arc < value.Length; arc++) value[arc] = network.Mode[arc] == TransitNetwork.SinkMode ? 0 : assumptions.RiskValue * relativeValueByZone[network.To[arc]];
        SetTonnes(tonnesByZone);
    }

    /// <summary>Other tonnes at the same costs.</summary>
    public void SetTonnes(ReadOnlySpan<double> tonnesByZone)
    {
        Array.Clear(source);
        tonnesByZone.CopyTo(source);
        isStale = true;
    }

    /// <summary>The equilibrium under a policy.</summary>
    /// <param name="policy">Interdiction.</param>
    /// <param name="start">Inflow by zone of an earlier solution; empty for a cold start.</param>
    public MarkovianEquilibriumResult Solve(TransitPolicy policy, ReadOnlySpan<double> start = default)
    {
        Apply(policy);
        Strand(policy);
        if (equilibrium is null)
        {
            loading = Loading();
            equilibrium = new(loading, network.ZoneOfArc, network.ZoneCount, Feedback, options);
        }
        else if (isStale)
        {
            // Buffers of 7 MB are used again: made anew for every member they cost an ensemble a fifth of its time (2026-11-26).
            loading!.Renew(Demand(), Settings());
            equilibrium.Renew(Feedback);
        }
        isStale = false;
        return equilibrium.Solve(cost, hazard, start);
    }

    /// <summary>Derivative of a functional of the last solution by the hazard of every arc.</summary>
    /// <param name="byArrival">Derivative of the functional by what reaches the head of each arc.</param>
    /// <param name="bySeized">Derivative by what is seized on each arc.</param>
    public MarkovianGradient Gradient(ReadOnlySpan<double> byArrival, ReadOnlySpan<double> bySeized)
    {
        if (equilibrium is null || isStale) throw new InvalidOperationException("Solve before asking for a gradient.");
        var seized = new double[byArrival.Length]; // arrivals are flow less what is seized
        for (var arc = 0; arc < seized.Length; arc++) seized[arc] = bySeized[arc] - byArrival[arc];
        return equilibrium.Gradient(byArrival, seized);
    }

    /// <summary>Flow by arc bound for one market, from the last solution.</summary>
    public double[] FlowTo(int market)
    {
        var flow = new double[network.ArcCount];
        loading!.CopyArcFlow(market, flow);
        return flow;
    }

    /// <summary>Many policies on top of one, each from a warm start; outcomes in order, the same on any number of threads.</summary>
    /// <param name="basis">Policy of the base case.</param>
    /// <param name="policies">Names and policies, each holding the base policy too.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="baseResult">The base solution.</param>
    /// <param name="cancel">Stops between policies.</param>
    public IEnumerable<SweepOutcome> Sweep(
        TransitPolicy basis, IReadOnlyList<(string Name, TransitPolicy Policy)> policies, int threads, out MarkovianEquilibriumResult baseResult, CancellationToken cancel = default)
    {
        Apply(basis);
        Strand(basis);
        var (baseCost, baseHazard) = ((double[])cost.Clone(), (double[])hazard.Clone());
        var variants = policies.Select(p =>
        {
            Apply(p.Policy);
            return new SweepVariant(p.Name, [.. Enumerable.Range(0, cost.Length).Where(a => cost[a] != baseCost[a] || hazard[a] != baseHazard[a]).Select(a => new ArcChange(a, cost[a], hazard[a]))]);
        }).ToList();
        Apply(basis);
        return new MarkovianSweep<TransitFeedback>(Loading(), network.ZoneOfArc, network.ZoneCount, Feedback, options).Run(baseCost, baseHazard, variants, threads, out baseResult, cancel);
    }

    private TransitFeedback Feedback => new(costs.Congestion, costs.RiskFeedback, referenceInflow, value, unseen);

    private MarkovianLoading Loading() => new(topology, Demand(), structure == TransitStructure.Layered ? [] : network.Reference, Settings());

    private MarkovianOptions Settings() => new() { Theta = structure == TransitStructure.Wardrop ? costs.WardropTheta : costs.Theta };

    private MarkovianDemand Demand()
    {
        Span<(int, double)> destinations = new (int, double)[TransitNetwork.Markets.Count];
        for (var market = 0; market < destinations.Length; market++) destinations[market] = (network.ZoneCount + market, marketShares[market]);
        return MarkovianDemand.Split(kept, destinations);
    }

    // Cost without hazard, known hazard and unknown hazard of every arc under a policy.
    private void Apply(TransitPolicy policy)
    {
        for (var arc = 0; arc < cost.Length; arc++)
        {
            var mode = network.Mode[arc];
            if (mode == TransitNetwork.SinkMode) continue;
            var r = network.HazardOf(arc, costs);
            hazard[arc] = policy.IsClosed(arc) ? r : policy.Seen(arc, r);
            unseen[arc] = policy.IsClosed(arc) ? 0 : policy.Unseen(arc, r);
            cost[arc] = policy.IsClosed(arc) ? double.PositiveInfinity : network.CostWithoutRisk(arc, costs);
        }
    }

    // Tonnes of zones that no open arc leads out of to a market do not move.
    private void Strand(TransitPolicy policy)
    {
        network.Reach(policy, marketShares, reaches);
        var changed = false;
        Stranded = 0;
        for (var node = 0; node < source.Length; node++)
        {
            var now = reaches[node] ? source[node] : 0;
            Stranded += source[node] - now;
            changed |= now != kept[node];
            kept[node] = now;
        }
        isStale |= changed;
    }
}
