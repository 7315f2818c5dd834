namespace GeoHarm.Routing.Equilibrium;

/// <summary>Flow, cost and derivative of each link (slot) as a solve stands; closed links cost infinity and carry nothing.</summary>
internal sealed class LinkState(int links)
{
    /// <summary>Flow of all origins.</summary>
    public readonly double[] Flow = new double[links];

    /// <summary>Cost at the flow, and its derivative.</summary>
    public readonly double[] Cost = new double[links], Slope = new double[links];

    /// <summary>Whether the cost does not depend on flow (constant or closed).</summary>
    public readonly bool[] IsFixed = new bool[links];
}
