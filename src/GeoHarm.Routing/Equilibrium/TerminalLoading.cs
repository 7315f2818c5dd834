namespace GeoHarm.Routing.Equilibrium;

/// <summary>
/// Markovian loading towards several destinations at once where no arc leads out of any of them: then (I - W) is one matrix for all,
/// and two factorisations a loading serve every destination instead of two for each. Equations of <see cref="DestinationChain"/>:
/// (I - W) z_d = e_d for every d; with a_d = y_d / z_d, (I - W S)^T a_d = s_d / z_d; the flow of arc ij is W_ij sum_d a_d,i z_d,j.
/// W is scaled by one set of potentials, the shortest impedances to the nearest destination, found once and again only where a z vanishes
/// (a diagonal similarity: same flows, no underflow).
/// <para>Made for series of loadings in which costs and survival change a little each time: choices and flow are two calls.</para>
/// Cost: two sparse factorisations, and two solves for each destination. One per thread; allocates nothing after construction.
/// Fails with <see cref="DivergentLoadingException"/>, naming theta, where no loading exists, the balance is off, or a source's
/// impedances to two destinations differ by more than about 700 (one z vanishes beside the other: load such a theta market by market).
/// </summary>
public sealed class TerminalLoading
{
    /// <summary>Imbalance allowed, as a share of all that is sent: as <see cref="MarkovianOptions.BalanceTolerance"/>.</summary>
    private static readonly double Tolerance = new MarkovianOptions().BalanceTolerance;

    private readonly MarkovianTopology topology;
    private readonly LuFactors free, lossy;
    private readonly int[] destinations; // positions
    private readonly double[][] z, a; // by destination and position
    private readonly double[] negativeLogReference, impedance, weight, lossyWeight, survival; // by slot
    private readonly double[] potential, other, source, flow;
    private readonly Potentials search;
    private bool isScaled;
    private double theta;

    /// <summary>A loader of one topology.</summary>
    /// <param name="topology">Shared; not a layered one.</param>
    /// <param name="destinations">Nodes with no arc out of them.</param>
    /// <param name="referenceByArc">Reference probabilities by arc (<see cref="ReferenceProbabilities"/>); their rows sum to at most 1.</param>
    public TerminalLoading(MarkovianTopology topology, ReadOnlySpan<int> destinations, ReadOnlySpan<double> referenceByArc)
    {
        this.topology = topology;
        var graph = topology.Graph;
        LoadingChecks.Reference(graph, referenceByArc);
        this.destinations = new int[destinations.Length];
        for (var d = 0; d < destinations.Length; d++)
        {
            var at = graph.PositionOf(destinations[d]);
            if (graph.outFirst[at + 1] > graph.outFirst[at]) throw new ArgumentException($"node {destinations[d]} has arcs out of it: load its flow alone", nameof(destinations));
            this.destinations[d] = at;
        }
        var structure = topology.ChainTo(this.destinations[0]);
        if (structure.states != graph) throw new ArgumentException("a layered topology has another chain for each destination", nameof(topology));
        (free, lossy) = (new LuFactors(structure.lu), new LuFactors(structure.lu));
        (z, a) = (new double[destinations.Length][], new double[destinations.Length][]);
        for (var d = 0; d < z.Length; d++) (z[d], a[d]) = (new double[graph.NodeCount], new double[graph.NodeCount]);
        (negativeLogReference, impedance, weight) = (new double[graph.ArcCount], new double[graph.ArcCount], new double[graph.ArcCount]);
        (lossyWeight, survival, flow) = (new double[graph.ArcCount], new double[graph.ArcCount], new double[graph.ArcCount]);
        (potential, other, source) = (new double[graph.NodeCount], new double[graph.NodeCount], new double[graph.NodeCount]);
        graph.ToSlots(referenceByArc, negativeLogReference);
        foreach (ref var q in negativeLogReference.AsSpan()) q = -PortableMath.Log(q);
        search = new Potentials(graph);
    }

    /// <summary>Largest imbalance of any node in the last loading, as a share of all that is sent.</summary>
    public double BalanceError { get; private set; }

    /// <summary>Delivered to one destination in the last loading.</summary>
    public double DeliveredTo(int destination) => a[destination][destinations[destination]] * z[destination][destinations[destination]];

    /// <summary>Forgets the potentials, so that what follows has the same bits whatever was loaded before.</summary>
    public void Reset() => isScaled = false;

    /// <summary>Finds the choices at new costs.</summary>
    /// <param name="dispersion">theta, per unit of cost, above 0.</param>
    /// <param name="costByArc">Costs, not negative; infinite closes an arc.</param>
    public void Choose(double dispersion, ReadOnlySpan<double> costByArc)
    {
        if (!(dispersion > 0) || !double.IsFinite(dispersion)) throw new ArgumentOutOfRangeException(nameof(dispersion), dispersion, "theta must be above 0 and finite");
        isScaled &= theta == dispersion;
        theta = dispersion;
        topology.Graph.ToSlots(costByArc, impedance);
        for (var s = 0; s < impedance.Length; s++)
        {
            if (!(impedance[s] >= 0)) throw new ArgumentOutOfRangeException(nameof(costByArc), impedance[s], "costs are not negative");
            impedance[s] = theta * impedance[s] + negativeLogReference[s];
        }
        if (isScaled && FindChoices()) return;
        FindPotentials();
        if (!FindChoices()) throw Divergence("no loading exists: a cycle is worth repeating without end, or a z is not positive");
    }

    /// <summary>Sends amounts at the choices found last.</summary>
    /// <param name="sourceByNode">Amount at each node, the same for all destinations; 0 where a destination with a share cannot be reached.</param>
    /// <param name="shares">Share of it bound for each destination.</param>
    /// <param name="survivalByArc">Share of the flow of each arc that reaches its head, 0 to 1.</param>
    /// <param name="flowByArc">Filled: leaving the tail of each arc.</param>
    public void Load(ReadOnlySpan<double> sourceByNode, ReadOnlySpan<double> shares, ReadOnlySpan<double> survivalByArc, Span<double> flowByArc)
    {
        var graph = topology.Graph;
        graph.ToSlots(survivalByArc, survival);
        graph.ToPositions(sourceByNode, source);
        for (var s = 0; s < survival.Length; s++) lossyWeight[s] = weight[s] * survival[s];
        if (!lossy.Factor(lossyWeight)) throw Divergence("survival above 1");
        for (var d = 0; d < z.Length; d++)
        {
            for (var v = 0; v < source.Length; v++) a[d][v] = source[v] > 0 && shares[d] > 0 ? source[v] * shares[d] / z[d][v] : 0;
            lossy.SolveTransposed(a[d]);
        }
        Array.Clear(flow);
        for (var d = 0; d < z.Length; d++) AddFlow(a[d], z[d]);
        CheckBalance(shares);
        graph.FromSlots<double>(flow, flowByArc);
    }

    private void AddFlow(double[] scaled, double[] value)
    {
        var graph = topology.Graph;
        for (var s = 0; s < flow.Length; s++) flow[s] += weight[s] * scaled[graph.arcTail[s]] * value[graph.arcHead[s]];
    }

    private void FindPotentials()
    {
        search.Find(destinations, impedance, potential);
        isScaled = true;
    }

    // False if the spectral radius is not below 1 or a z that was positive has vanished.
    private bool FindChoices()
    {
        var graph = topology.Graph;
        for (var s = 0; s < weight.Length; s++)
        {
            var excess = impedance[s] + potential[graph.arcHead[s]];
            weight[s] = excess < double.PositiveInfinity ? potential[graph.arcTail[s]] - excess : double.NegativeInfinity;
        }
        PortableMath.Exp(weight, weight);
        if (!free.Factor(weight)) return false;
        for (var d = 0; d < z.Length; d++)
        {
            Array.Clear(z[d]);
            z[d][destinations[d]] = 1;
            free.Solve(z[d]);
            for (var v = 0; v < potential.Length; v++)
            {
                if (!(z[d][v] >= 0) || double.IsInfinity(z[d][v])) return false;
            }
        }
        for (var v = 0; v < potential.Length; v++)
        {
            var reaches = false;
            for (var d = 0; d < z.Length; d++) reaches |= z[d][v] > 0;
            if (!reaches && potential[v] < double.PositiveInfinity) return false;
        }
        return true;
    }

    private void CheckBalance(ReadOnlySpan<double> shares)
    {
        var graph = topology.Graph;
        var moved = 0.0;
        foreach (var share in shares) moved += share;
        var sent = 0.0;
        for (var v = 0; v < source.Length; v++)
        {
            sent += source[v] * moved;
            other[v] = source[v] * moved;
        }
        for (var s = 0; s < flow.Length; s++)
        {
            other[graph.arcHead[s]] += flow[s] * survival[s];
            other[graph.arcTail[s]] -= flow[s];
        }
        for (var d = 0; d < destinations.Length; d++) other[destinations[d]] -= DeliveredTo(d);
        var largest = 0.0;
        foreach (var error in other) largest = Math.Abs(error) <= largest ? largest : Math.Abs(error); // a NaN must come through
        BalanceError = sent > 0 ? largest / sent : largest;
        if (!(BalanceError <= Tolerance)) throw Divergence($"the loading balances only to {BalanceError:g3} (limit {Tolerance:g3}); a source cannot reach its destination, or theta is too large");
    }

    private DivergentLoadingException Divergence(string why) => new(theta, topology.Graph.NodeAt(destinations[0]), [], $"loading at theta {theta:g6}: {why}");
}
