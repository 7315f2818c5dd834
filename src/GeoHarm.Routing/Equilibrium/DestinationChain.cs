using GeoHarm.Routing.Graphs;

namespace GeoHarm.Routing.Equilibrium;

/// <summary>
/// The absorbing Markov chain towards one destination, by state and transition:
/// W = exp(-(u_ij + pi_j - pi_i)) with impedance u = theta c - ln q and potentials pi the shortest impedances to the
/// destination (a similarity: same spectral radius, no underflow, every z at least 1);
/// (I - W) z = e_d; P_ij = W_ij z_j / z_i; A = P S with survival S = exp(-r); (I - A^T) y = s.
/// Akamatsu 1996, doi 10.1016/0191-2615(96)00003-3; Baillon and Cominetti 2008, doi 10.1007/s10107-006-0076-2.
/// With D = diag z: I - P = D^-1 (I - W) D and I - A = D^-1 (I - W S) D, so two sparse factorisations (<see cref="ChainWalk"/>) serve every solve
/// here, tangents and adjoints included; on a shared walk z is only that of the other scaling. One per thread and destination.
/// </summary>
internal sealed class DestinationChain
{
    internal readonly ChainStructure structure;
    internal readonly int destination; // state
    internal readonly double[] choice; // P by transition
    internal readonly double[] z, y; // by state
    private readonly double[] work;
    private readonly bool[] open; // by transition: not out of the destination, not into another terminal or destination without arcs out
    private readonly int[] others; // those destinations, by state
    private readonly ChainWalk own;
    private ChainWalk walk; // own, or shared by all destinations

    /// <summary>A chain over a structure.</summary>
    /// <param name="structure">States and transitions.</param>
    /// <param name="destination">State of the destination.</param>
    /// <param name="others">Other destinations that no transition leads out of: they are dead ends on the way to this one.</param>
    public DestinationChain(ChainStructure structure, int destination, params int[] others)
    {
        (this.structure, this.destination, this.others) = (structure, destination, others);
        var graph = structure.states;
        choice = new double[graph.ArcCount];
        open = new bool[graph.ArcCount];
        z = new double[graph.NodeCount];
        y = new double[graph.NodeCount];
        work = new double[graph.NodeCount];
        walk = own = new ChainWalk(structure);
        for (var t = 0; t < open.Length; t++)
        {
            var head = graph.arcHead[t];
            open[t] = graph.arcTail[t] != destination && (head >= graph.FirstThrough || head == destination) && Array.IndexOf(others, head) < 0;
        }
    }

    /// <summary>W by transition.</summary>
    internal double[] Weight => walk.weight;

    /// <summary>Potentials by state.</summary>
    internal double[] Potential => walk.potential;

    private Graph Graph => structure.states;

    /// <summary>Shortest impedances to this destination; infinite where it cannot be reached. The chain then has a walk of its own.</summary>
    public void FindPotentials(ReadOnlySpan<double> impedance)
    {
        walk = own;
        own.FindPotentials(impedance, open, destination);
    }

    /// <summary>W and W S. Call <see cref="FindPotentials"/> first.</summary>
    public void SetWeights(ReadOnlySpan<double> survival) => own.SetWeights(survival);

    /// <summary>Factors, z and P. False if the spectral radius of W is not below 1. Call <see cref="SetWeights"/> first.</summary>
    public bool FindChoices() => own.Factor() && TryChoices(0);

    /// <summary>z and P on a walk whose factors serve all destinations. False where a z vanishes beside the other destinations': the chain then
    /// needs a walk of its own.</summary>
    public bool FindChoices(ChainWalk shared)
    {
        const double Vanishing = 1e-280; // well above the numbers that lose digits
        walk = shared;
        return TryChoices(Vanishing);
    }

    private bool TryChoices(double least)
    {
        Array.Clear(z);
        z[destination] = 1;
        walk.Free.Solve(z);
        foreach (var other in others) z[other] = 1;
        for (var v = 0; v < z.Length; v++)
        {
            if (double.IsPositiveInfinity(walk.potential[v])) z[v] = 1; // never visited; 1 keeps the quotients below finite
            else if (!(z[v] > least)) return false;
        }
        SetChoices();
        return true;
    }

    /// <summary>P from W and z.</summary>
    public void SetChoices()
    {
        var graph = Graph;
        var weight = walk.weight;
        for (var v = 0; v < z.Length; v++)
        {
            var own = z[v];
            for (var t = graph.outFirst[v]; t < graph.outFirst[v + 1]; t++) choice[t] = !open[t] || weight[t] == 0 ? 0 : weight[t] * z[graph.arcHead[t]] / own;
        }
    }

    /// <summary>
    /// Changes of W and W S for new impedances and survival on some slots, at the same potentials; <paramref name="to"/> gets the new W.
    /// Null if a state that could not reach the destination now can: the potentials no longer serve.
    /// </summary>
    public List<WeightChange>? Changes(SortedSet<int> slots, double[] impedance, double[] survival, double[] newSurvival, DestinationChain to)
    {
        var graph = Graph;
        var changes = new List<WeightChange>();
        double[] weight = walk.weight, potential = walk.potential;
        to.walk = to.own;
        weight.CopyTo(to.own.weight, 0);
        foreach (var slot in slots)
        {
            foreach (var t in structure.TransitionsOf(slot))
            {
                int tail = graph.arcTail[t], head = graph.arcHead[t];
                if (!open[t]) continue;
                var excess = impedance[slot] + potential[head];
                if (double.IsPositiveInfinity(potential[tail]))
                {
                    if (excess < double.PositiveInfinity) return null;
                    continue;
                }
                to.own.weight[t] = excess < double.PositiveInfinity ? PortableMath.Exp(potential[tail] - excess) : 0;
                var change = new WeightChange(tail, head, to.own.weight[t] - weight[t], to.own.weight[t] * newSurvival[slot] - weight[t] * survival[slot]);
                if (change.Walk != 0 || change.Lossy != 0) changes.Add(change);
            }
        }
        return changes;
    }

    /// <summary>Throughput y of each state for amounts by position, which must be able to reach the destination.</summary>
    public void FindThroughput(ReadOnlySpan<double> source)
    {
        Array.Clear(y);
        source.CopyTo(y);
        SolveFlowTransposed(y);
    }

    /// <summary>Largest error of y = s + A^T y and of the rows of P summing to 1 (times y).</summary>
    public double BalanceError(ReadOnlySpan<double> source, ReadOnlySpan<double> survival)
    {
        var graph = Graph;
        Array.Clear(work);
        source.CopyTo(work);
        var largest = 0.0;
        for (var v = 0; v < y.Length; v++)
        {
            var left = v == destination || y[v] == 0 ? 0 : 1.0;
            for (var t = graph.outFirst[v]; t < graph.outFirst[v + 1]; t++)
            {
                left -= choice[t];
                work[graph.arcHead[t]] += y[v] * choice[t] * survival[structure.slotOf[t]];
            }
            if (v != destination) largest = Math.Max(largest, Math.Abs(left * y[v]));
        }
        for (var v = 0; v < y.Length; v++)
        {
            var error = Math.Abs(work[v] - y[v]);
            largest = error <= largest ? largest : error; // a NaN must come through
        }
        return largest;
    }

    /// <summary>Adds this destination's flow (leaving the tail) by slot.</summary>
    public void AddFlow(Span<double> flow)
    {
        var graph = Graph;
        for (var v = 0; v < y.Length; v++)
        {
            var own = y[v];
            for (var t = graph.outFirst[v]; t < graph.outFirst[v + 1]; t++) flow[structure.slotOf[t]] += own * choice[t];
        }
    }

    /// <summary>Solves (I - W) x = b in place.</summary>
    public void SolveWalk(Span<double> x) => walk.Free.Solve(x);

    /// <summary>Solves (I - W S)^T x = b in place.</summary>
    public void SolveLossyWalkTransposed(Span<double> x) => SolveTransposed(walk.Lossy, x);

    /// <summary>Solves (I - P) x = b in place.</summary>
    public void SolveChoice(Span<double> x) => Solve(walk.Free, x);

    /// <summary>Solves (I - P)^T x = b in place.</summary>
    public void SolveChoiceTransposed(Span<double> x) => SolveScaledTransposed(walk.Free, x);

    /// <summary>Solves (I - A) x = b in place.</summary>
    public void SolveFlow(Span<double> x) => Solve(walk.Lossy, x);

    /// <summary>Solves (I - A)^T x = b in place.</summary>
    public void SolveFlowTransposed(Span<double> x) => SolveScaledTransposed(walk.Lossy, x);

    /// <summary>
    /// Positions of a cycle that grows: from the largest entry of the dominant vector of W (power iteration on W + I, which
    /// cannot oscillate), always along the transition that contributes most, until a state comes again.
    /// </summary>
    public int[] GrowingCycle()
    {
        const int Rounds = 500; // enough to single out the cluster; the answer is a hint for a person
        var graph = Graph;
        var weight = walk.weight;
        var x = new double[graph.NodeCount];
        var image = new double[graph.NodeCount];
        Array.Fill(x, 1);
        for (var round = 0; round < Rounds; round++)
        {
            Array.Copy(x, image, x.Length);
            for (var t = 0; t < weight.Length; t++) image[graph.arcTail[t]] += weight[t] * x[graph.arcHead[t]];
            var largest = FixedLanes.LargestAbsolute(image);
            for (var v = 0; v < x.Length; v++) x[v] = image[v] / largest;
        }
        var seenAt = new Dictionary<int, int>();
        var way = new List<int>();
        var at = Array.IndexOf(x, x.Max());
        while (seenAt.TryAdd(at, way.Count))
        {
            way.Add(at);
            var best = -1;
            for (var t = graph.outFirst[at]; t < graph.outFirst[at + 1]; t++)
            {
                if (best < 0 || weight[t] * x[graph.arcHead[t]] > weight[best] * x[graph.arcHead[best]]) best = t;
            }
            if (best < 0 || weight[best] == 0) return [];
            at = graph.arcHead[best];
        }
        return [.. way.Skip(seenAt[at]).Select(state => structure.positionOf[state])];
    }

    // (I - P)^-1 = D^-1 (I - W)^-1 D; transposed D (I - W)^-T D^-1.
    private void Solve(LuFactors factors, Span<double> x)
    {
        Multiply(x);
        factors.Solve(x);
        Divide(x);
    }

    private void SolveScaledTransposed(LuFactors factors, Span<double> x)
    {
        Divide(x);
        SolveTransposed(factors, x);
        Multiply(x);
    }

    // What a shared walk leads into other destinations is none of this chain's; nothing comes back out of them.
    private void SolveTransposed(LuFactors factors, Span<double> x)
    {
        factors.SolveTransposed(x);
        foreach (var other in others) x[other] = 0;
    }

    private void Multiply(Span<double> x)
    {
        for (var v = 0; v < x.Length; v++) x[v] *= z[v];
    }

    private void Divide(Span<double> x)
    {
        for (var v = 0; v < x.Length; v++) x[v] /= z[v];
    }
}
