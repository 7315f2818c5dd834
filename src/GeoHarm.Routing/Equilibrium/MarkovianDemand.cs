namespace GeoHarm.Routing.Equilibrium;

/// <summary>
/// What moves: for each destination an amount at each source node, any unit of mass (tonnes). Nodes as the caller numbers them.
/// Checked when a <see cref="MarkovianLoading"/> is made.
/// </summary>
public sealed class MarkovianDemand
{
    private readonly int[] destinations;
    private readonly double[][] sources;

    private MarkovianDemand(int[] destinations, double[][] sources)
    {
        this.destinations = destinations;
        this.sources = sources;
    }

    /// <summary>Destination nodes, in the order given.</summary>
    public ReadOnlySpan<int> Destinations => destinations;

    /// <summary>Amount by node that is bound for destination number <paramref name="index"/>.</summary>
    public ReadOnlySpan<double> SourceByNode(int index) => sources[index];

    /// <summary>One destination.</summary>
    /// <param name="destination">Destination node.</param>
    /// <param name="sourceByNode">Amount at each node.</param>
    public static MarkovianDemand To(int destination, ReadOnlySpan<double> sourceByNode) => new([destination], [sourceByNode.ToArray()]);

    /// <summary>The same sources shared out among destinations.</summary>
    /// <param name="sourceByNode">Amount at each node.</param>
    /// <param name="destinations">Destination nodes with their shares, which should sum to 1 (what they sum to is moved).</param>
    public static MarkovianDemand Split(ReadOnlySpan<double> sourceByNode, params ReadOnlySpan<(int Node, double Share)> destinations)
    {
        var nodes = new int[destinations.Length];
        var amounts = new double[destinations.Length][];
        for (var d = 0; d < destinations.Length; d++)
        {
            nodes[d] = destinations[d].Node;
            amounts[d] = sourceByNode.ToArray();
            foreach (ref var amount in amounts[d].AsSpan()) amount *= destinations[d].Share;
        }
        return new MarkovianDemand(nodes, amounts);
    }

    /// <summary>Own sources for each destination.</summary>
    public static MarkovianDemand Between(params ReadOnlySpan<(int Destination, double[] SourceByNode)> flows)
    {
        var nodes = new int[flows.Length];
        var amounts = new double[flows.Length][];
        for (var d = 0; d < flows.Length; d++)
        {
            nodes[d] = flows[d].Destination;
            amounts[d] = (double[])flows[d].SourceByNode.Clone();
        }
        return new MarkovianDemand(nodes, amounts);
    }
}
