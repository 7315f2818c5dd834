namespace GeoHarm.Routing.Equilibrium;

/// <summary>What a loading gives, by arc and node as the caller numbers them, in the unit of the sources (tonnes). All destinations together.</summary>
public sealed class MarkovianFlows
{
    internal readonly double[] flow, arrivals, seized, inflow, throughput, deliveries;

    internal MarkovianFlows(int arcs, int nodes, int destinations)
    {
        flow = new double[arcs];
        arrivals = new double[arcs];
        seized = new double[arcs];
        inflow = new double[nodes];
        throughput = new double[nodes];
        deliveries = new double[destinations];
    }

    /// <summary>Leaving the tail of each arc.</summary>
    public ReadOnlySpan<double> ArcFlow => flow;

    /// <summary>Reaching the head of each arc: flow x exp(-hazard).</summary>
    public ReadOnlySpan<double> ArcArrivals => arrivals;

    /// <summary>Seized on each arc: flow x (1 - exp(-hazard)).</summary>
    public ReadOnlySpan<double> ArcSeized => seized;

    /// <summary>Sent towards each node over all arcs into it, before seizure on them.</summary>
    public ReadOnlySpan<double> NodeInflow => inflow;

    /// <summary>Arrived at each node or begun there: what leaves it again, or at a destination what is delivered.</summary>
    public ReadOnlySpan<double> NodeThroughput => throughput;

    /// <summary>Delivered to each destination, in the order of the demand.</summary>
    public ReadOnlySpan<double> Delivered => deliveries;

    /// <summary>All that was sent from the sources.</summary>
    public double TotalSource { get; internal set; }

    /// <summary>All that was seized.</summary>
    public double TotalSeized { get; internal set; }

    /// <summary>All that was delivered; TotalSource = TotalDelivered + TotalSeized to rounding.</summary>
    public double TotalDelivered { get; internal set; }

    /// <summary>Largest imbalance of any node for any destination, as a share of <see cref="TotalSource"/>.</summary>
    public double BalanceError { get; internal set; }
}
