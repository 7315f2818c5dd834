using GeoHarm.Routing.Graphs;

namespace GeoHarm.Routing.Equilibrium;

/// <summary>
/// W = exp(-(u_ij + pi_j - pi_i)), W S and their factors at one set of potentials. A chain towards one destination has its own; where no arc leads
/// out of any destination, one walk at the potentials to the nearest of them serves all: another diagonal similarity of the
/// same matrix, so that two factorisations make a loading instead of two for each destination.
/// </summary>
internal sealed class ChainWalk
{
    internal readonly double[] weight, lossyWeight; // by transition
    internal readonly double[] potential; // by state
    private readonly ChainStructure structure;
    private readonly double[] length;
    private readonly LuFactors lossy;
    private readonly Potentials search;
    private bool isLossless;

    public ChainWalk(ChainStructure structure)
    {
        this.structure = structure;
        var graph = structure.states;
        (weight, lossyWeight, length) = (new double[graph.ArcCount], new double[graph.ArcCount], new double[graph.ArcCount]);
        potential = new double[graph.NodeCount];
        (Free, lossy) = (new LuFactors(structure.lu), new LuFactors(structure.lu));
        search = new Potentials(graph);
    }

    /// <summary>Factors of I - W.</summary>
    public LuFactors Free { get; }

    /// <summary>Factors of I - W S.</summary>
    public LuFactors Lossy => isLossless ? Free : lossy;

    /// <summary>Shortest impedances to the nearest destination over open transitions; infinite where none can be reached.</summary>
    public void FindPotentials(ReadOnlySpan<double> impedance, bool[] open, params ReadOnlySpan<int> destinations)
    {
        for (var t = 0; t < length.Length; t++) length[t] = open[t] ? impedance[structure.slotOf[t]] : double.PositiveInfinity;
        search.Find(destinations, length, potential);
    }

    /// <summary>W and W S. Call <see cref="FindPotentials"/> first.</summary>
    public void SetWeights(ReadOnlySpan<double> survival)
    {
        Graph graph = structure.states;
        for (var v = 0; v < potential.Length; v++)
        {
            var own = potential[v];
            for (var t = graph.outFirst[v]; t < graph.outFirst[v + 1]; t++)
            {
                var excess = length[t] + potential[graph.arcHead[t]];
                weight[t] = excess < double.PositiveInfinity ? own - excess : double.NegativeInfinity;
            }
        }
        PortableMath.Exp(weight, weight);
        isLossless = true;
        for (var t = 0; t < weight.Length; t++)
        {
            lossyWeight[t] = weight[t] * survival[structure.slotOf[t]];
            isLossless &= lossyWeight[t] == weight[t];
        }
    }

    /// <summary>Factors both. False if the spectral radius of W is not below 1. Call <see cref="SetWeights"/> first.</summary>
    public bool Factor() => Free.Factor(weight) && (isLossless || lossy.Factor(lossyWeight));
}
