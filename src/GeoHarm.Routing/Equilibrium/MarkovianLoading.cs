using GeoHarm.Routing.Graphs;

namespace GeoHarm.Routing.Equilibrium;

/// <summary>
/// Markovian loading at fixed costs: travellers bound for d choose arc ij at node i with probability
/// P_ij proportional to q_ij exp(-theta (c_ij + tau_j)), tau the expected least perceived cost to d; on each arc a share
/// 1 - exp(-hazard) is lost. Cycles are allowed. Plain logit form with q = 1 (Akamatsu 1996, doi 10.1016/0191-2615(96)00003-3),
/// Kullback-Leibler form with reference probabilities q whose rows sum to at most 1 (models: spectral radius below 1 at every
/// theta). Equations and scaling: <see cref="DestinationChain"/>.
/// <para>
/// Shapes: figures by arc and node are in the caller's numbers. Units: cost in any unit with theta per that unit; hazard
/// without unit; amounts in any unit of mass. An infinite cost closes an arc (q stays as it was).
/// </para>
/// <para>
/// Cost: two sparse factorisations and two solves per destination; two factorisations in all where no arc leads out of any
/// destination (<see cref="ChainWalk"/>). One per thread, reused for many metrics; the
/// topology is shared. Fails with <see cref="InvalidNetworkException"/> (GH7201 cost, GH7202 hazard, GH7203 reference
/// probability, GH7204 source, GH7205 destination, GH7206 unreachable demand) or
/// <see cref="DivergentLoadingException"/>, naming theta and the nodes of the growing cycle.
/// </para>
/// </summary>
/// <example>
/// Two ways from 0 to 2, the direct one dearer by 1, half of all sent over the cheap arc 0-1 seized:
/// <code>
/// var builder = new GraphBuilder(3);
/// builder.AddArc(0, 1); builder.AddArc(1, 2); builder.AddArc(0, 2);
/// var topology = new MarkovianTopology(builder.Build());
/// var demand = MarkovianDemand.To(destination: 2, [100, 0, 0]);
/// var loading = new MarkovianLoading(topology, demand, ReferenceProbabilities.EqualOverArcs(topology.Graph), new MarkovianOptions { Theta = 1 });
/// var flows = loading.Load(costByArc: [1, 1, 3], hazardByArc: [Math.Log(2), 0, 0]);
/// // flows.ArcFlow[0] = 100 / (1 + exp(-1)) = 73.1; flows.ArcSeized[0] = 36.6; flows.Delivered[0] = 63.4
/// </code>
/// </example>
public sealed class MarkovianLoading
{
    internal readonly DestinationChain[] chains;
    internal readonly double[][] sources; // by destination and position
    internal readonly double[] cost, hazard, survival, flow, impedance; // by slot
    private readonly int[] ends; // positions of the destinations
    private readonly bool[] openToAny; // by slot: not into a terminal that is no destination
    private readonly ChainWalk? shared; // where no arc leads out of any destination
    private readonly double[] negativeLogReference;
    private readonly double[] reference; // by arc; empty for plain logit

    /// <summary>A loader of one topology, demand and set of reference probabilities.</summary>
    /// <param name="topology">Shared.</param>
    /// <param name="demand">Destinations and amounts.</param>
    /// <param name="referenceByArc">Reference probabilities by arc, each in 0 to 1 with rows summing to at most 1; 0 closes the arc. Empty for the plain logit form.</param>
    /// <param name="options">Settings.</param>
    public MarkovianLoading(MarkovianTopology topology, MarkovianDemand demand, ReadOnlySpan<double> referenceByArc, MarkovianOptions? options = null)
    {
        Topology = topology;
        Demand = demand;
        Options = options ?? new MarkovianOptions();
        if (!(Options.Theta > 0) || !double.IsFinite(Options.Theta)) throw new ArgumentOutOfRangeException(nameof(options), Options.Theta, "theta must be above 0 and finite");
        var graph = topology.Graph;
        LoadingChecks.Demand(graph, demand);
        LoadingChecks.Reference(graph, referenceByArc);
        cost = new double[graph.ArcCount];
        hazard = new double[graph.ArcCount];
        survival = new double[graph.ArcCount];
        flow = new double[graph.ArcCount];
        impedance = new double[graph.ArcCount];
        negativeLogReference = new double[graph.ArcCount];
        reference = referenceByArc.ToArray();
        if (!referenceByArc.IsEmpty)
        {
            graph.ToSlots(referenceByArc, negativeLogReference);
            foreach (ref var q in negativeLogReference.AsSpan()) q = -PortableMath.Log(q);
        }
        chains = new DestinationChain[demand.Destinations.Length];
        sources = new double[chains.Length][];
        ends = [.. demand.Destinations.ToArray().Select(graph.PositionOf)];
        var areTerminal = ends.Length > 1 && ends.Distinct().Count() == ends.Length && ends.All(v => graph.outFirst[v] == graph.outFirst[v + 1] && topology.ChainTo(v).IsPlain);
        openToAny = areTerminal ? [.. graph.arcHead.Select(head => head >= graph.FirstThrough || ends.Contains(head))] : [];
        if (areTerminal) shared = new ChainWalk(topology.ChainTo(ends[0]));
        for (var d = 0; d < chains.Length; d++)
        {
            chains[d] = new DestinationChain(topology.ChainTo(ends[d]), ends[d], areTerminal ? [.. ends.Where(v => v != ends[d])] : []);
            sources[d] = new double[graph.NodeCount];
        }
        SetSources();
    }

    /// <summary>Other amounts and settings towards the same destinations; buffers and reference probabilities stay. The next loading is the same, bit for
    /// bit, as one by a loader made anew.</summary>
    /// <param name="demand">Its destinations must be those of the loader, in the same order.</param>
    /// <param name="options">Settings.</param>
    public void Renew(MarkovianDemand demand, MarkovianOptions options)
    {
        if (!demand.Destinations.SequenceEqual(Demand.Destinations)) throw new ArgumentException("the destinations are not those of this loader; make another one", nameof(demand));
        if (!(options.Theta > 0) || !double.IsFinite(options.Theta)) throw new ArgumentOutOfRangeException(nameof(options), options.Theta, "theta must be above 0 and finite");
        LoadingChecks.Demand(Topology.Graph, demand);
        (Demand, Options) = (demand, options);
        SetSources();
    }

    private void SetSources()
    {
        TotalSource = 0;
        for (var d = 0; d < chains.Length; d++)
        {
            Topology.Graph.ToPositions(Demand.SourceByNode(d), sources[d]);
            TotalSource += sources[d].Sum();
        }
    }

    /// <summary>The topology.</summary>
    public MarkovianTopology Topology { get; }

    /// <summary>The demand.</summary>
    public MarkovianDemand Demand { get; private set; }

    /// <summary>The settings.</summary>
    public MarkovianOptions Options { get; private set; }

    /// <summary>All that is sent to all destinations.</summary>
    public double TotalSource { get; private set; }

    /// <summary>Largest imbalance of the last loading, as a share of all that is sent.</summary>
    public double BalanceError { get; private set; }

    /// <summary>Loads the network at the given costs.</summary>
    /// <param name="costByArc">Cost, not negative; infinite closes the arc.</param>
    /// <param name="hazardByArc">Hazard r, not negative, finite: a share 1 - exp(-r) is lost.</param>
    public MarkovianFlows Load(ReadOnlySpan<double> costByArc, ReadOnlySpan<double> hazardByArc)
    {
        Set(costByArc, hazardByArc);
        Run();
        return Flows();
    }

    /// <summary>Loads the network at the costs that a metric gives for each arc.</summary>
    public MarkovianFlows Load<TMetric>(TMetric metric)
        where TMetric : struct, IArcMetric
    {
        var byArc = new double[2][];
        for (var i = 0; i < 2; i++) byArc[i] = new double[cost.Length];
        for (var arc = 0; arc < cost.Length; arc++) (byArc[0][arc], byArc[1][arc]) = (metric.Cost(arc), metric.Hazard(arc));
        return Load(byArc[0], byArc[1]);
    }

    /// <summary>Flow by arc bound for one destination, from the last loading.</summary>
    /// <param name="destinationIndex">Number of the destination in the demand.</param>
    /// <param name="flowByArc">Filled; length ArcCount.</param>
    public void CopyArcFlow(int destinationIndex, Span<double> flowByArc)
    {
        var bySlot = new double[flow.Length];
        chains[destinationIndex].AddFlow(bySlot);
        Topology.Graph.FromSlots<double>(bySlot, flowByArc);
    }

    internal void Set(ReadOnlySpan<double> costByArc, ReadOnlySpan<double> hazardByArc)
    {
        LoadingChecks.Metric(Topology.Graph, costByArc, hazardByArc);
        Topology.Graph.ToSlots(costByArc, cost);
        Topology.Graph.ToSlots(hazardByArc, hazard);
    }

    /// <summary>Loads at the costs and hazards by slot that stand in the fields, which must be in range.</summary>
    internal void Run()
    {
        if (TryRun(out var failure)) return;
        throw failure!();
    }

    /// <summary>As <see cref="Run"/>, without throwing: the line search tries points that may not exist.</summary>
    internal bool TryRun(out Func<Exception>? failure)
    {
        Prepare();
        failure = null;
        if (shared is not null && TryShared(shared)) return true;
        Clear();
        for (var d = 0; d < chains.Length && failure is null; d++) failure = RunChain(d);
        return failure is null;
    }

    // One pair of factors for all destinations. False where any of them needs its own, or where something is wrong, which the chains then name.
    private bool TryShared(ChainWalk walk)
    {
        walk.FindPotentials(impedance, openToAny, ends);
        walk.SetWeights(survival);
        if (!walk.Factor()) return false;
        for (var d = 0; d < chains.Length; d++)
        {
            for (var v = 0; v < sources[d].Length; v++)
            {
                if (sources[d][v] > 0 && double.IsPositiveInfinity(walk.potential[v])) return false;
            }
            if (!chains[d].FindChoices(walk)) return false;
            chains[d].FindThroughput(sources[d]);
            if (!Accept(d)) return false;
        }
        return true;
    }

    private Func<Exception>? RunChain(int d)
    {
        var chain = chains[d];
        chain.FindPotentials(impedance);
        for (var v = 0; v < sources[d].Length; v++)
        {
            if (sources[d][v] > 0 && double.IsPositiveInfinity(chain.Potential[v])) return () => LoadingChecks.Unreachable(this);
        }
        chain.SetWeights(survival);
        if (!chain.FindChoices()) return () => Divergence(d);
        chain.FindThroughput(sources[d]);
        return Accept(d) ? null : () => Imbalance(d, BalanceError);
    }

    /// <summary>Impedance and survival from cost and hazard; flow and balance begin at 0.</summary>
    internal void Prepare()
    {
        for (var a = 0; a < cost.Length; a++)
        {
            impedance[a] = Options.Theta * cost[a] + negativeLogReference[a];
            survival[a] = -hazard[a];
        }
        PortableMath.Exp(survival, survival);
        Clear();
    }

    private void Clear()
    {
        Array.Clear(flow);
        BalanceError = 0;
    }

    /// <summary>A loading of the same problem with buffers of its own, for another thread.</summary>
    internal MarkovianLoading Twin() => new(Topology, Demand, reference, Options);

    /// <summary>Adds the flow of a chain whose choices and throughput stand, if it balances.</summary>
    internal bool Accept(int d)
    {
        var error = TotalSource > 0 ? chains[d].BalanceError(sources[d], survival) / TotalSource : 0;
        BalanceError = error <= BalanceError ? BalanceError : error;
        if (!(error <= Options.BalanceTolerance)) return false;
        chains[d].AddFlow(flow);
        return true;
    }

    internal void FindPotentials(int d) => chains[d].FindPotentials(impedance);

    internal MarkovianFlows Flows()
    {
        var graph = Topology.Graph;
        var flows = new MarkovianFlows(graph.ArcCount, graph.NodeCount, chains.Length) { TotalSource = TotalSource, BalanceError = BalanceError };
        graph.FromSlots<double>(flow, flows.flow);
        for (var arc = 0; arc < graph.ArcCount; arc++)
        {
            var slot = graph.SlotOf(arc);
            flows.arrivals[arc] = flow[slot] * survival[slot];
            flows.seized[arc] = flow[slot] * SeizedShare(hazard[slot], survival[slot]);
            flows.inflow[graph.HeadOf(arc)] += flow[slot];
            flows.TotalSeized += flows.seized[arc];
        }
        for (var d = 0; d < chains.Length; d++)
        {
            var chain = chains[d];
            flows.deliveries[d] = chain.y[chain.destination];
            flows.TotalDelivered += flows.deliveries[d];
            for (var state = 0; state < chain.y.Length; state++) flows.throughput[graph.NodeAt(chain.structure.positionOf[state])] += chain.y[state];
        }
        return flows;
    }

    // 1 - exp(-r) without cancellation: the series r (1 - r/2 (1 - r/3 (...))) up to 1/2, where its 15th term is below 1e-16.
    private static double SeizedShare(double r, double survival)
    {
        if (r > 0.5) return 1 - survival;
        var sum = 1.0;
        for (var k = 14; k >= 2; k--) sum = 1 - r * Reciprocals[k] * sum;
        return r * sum;
    }

    private static readonly double[] Reciprocals = [.. Enumerable.Range(0, 15).Select(k => 1.0 / k)];

    private DivergentLoadingException Divergence(int d)
    {
        var cycle = chains[d].GrowingCycle().Select(Topology.Graph.NodeAt).ToArray();
        var destination = Demand.Destinations[d];
        return new DivergentLoadingException(Options.Theta, destination, cycle,
            $"no loading exists at theta {Options.Theta:g6} towards node {destination}: the cycle {string.Join(" > ", cycle)} is worth repeating without end; raise theta or give reference probabilities");
    }

    private DivergentLoadingException Imbalance(int d, double error) =>
        new(Options.Theta, Demand.Destinations[d], [],
            $"the loading at theta {Options.Theta:g6} towards node {Demand.Destinations[d]} balances only to {error:g3} (limit {Options.BalanceTolerance:g3}): theta is too close to critical; raise it or give reference probabilities");
}

/// <summary>Cost and hazard of each arc, as a struct so that the loop that asks is compiled for it.</summary>
public interface IArcMetric
{
    /// <summary>Cost of an arc, in the unit of 1 / theta; infinite closes it.</summary>
    double Cost(int arc);

    /// <summary>Hazard of an arc: a share 1 - exp(-hazard) is lost.</summary>
    double Hazard(int arc);
}
