using GeoHarm.Routing.Equilibrium;
using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Engine.Routes;

/// <summary>Costs and risks of moving a tonne, drawn once per member. Cost has the unit of the risk-free value scale of
/// findings B2; only its ratios to 1 / theta matter.</summary>
/// <param name="PerThousandKilometres">Cost per 1,000 km by mode.</param>
/// <param name="Fixed">Cost of one arc by mode.</param>
/// <param name="Hazard">Seizure hazard r of one arc by mode: a share 1 - exp(-r) is lost.</param>
/// <param name="Border">Cost of crossing a border.</param>
/// <param name="RiskValue">v: perceived cost per unit of hazard.</param>
/// <param name="Theta">Dispersion, per unit of cost.</param>
public sealed record TransitCosts(IReadOnlyList<double> PerThousandKilometres, IReadOnlyList<double> Fixed, IReadOnlyList<double> Hazard, double Border, double RiskValue, double Theta);

/// <summary>Interdiction on the network: extra hazard by arc; infinity closes the arc.</summary>
public sealed class TransitPolicy(int arcs)
{
    private readonly double[] extraHazard = new double[arcs];

    /// <summary>Extra hazard by arc.</summary>
    public ReadOnlySpan<double> ExtraHazard => extraHazard;

    /// <summary>Whether nothing is interdicted.</summary>
    public bool IsEmpty => !extraHazard.AsSpan().ContainsAnyExcept(0);

    /// <summary>Adds a measure: on arcs that touch a place (and, where given, a place of <paramref name="towards"/> at
    /// the other end) by the given modes, a share <paramref name="control"/> of cargo is stopped; 1 closes them.</summary>
    public void Add(TransitNetwork network, IReadOnlySet<int> places, IReadOnlySet<int> towards, IReadOnlySet<int> modes, double control)
    {
        for (var arc = 0; arc < network.ArcCount; arc++)
        {
            var (from, to, mode) = (network.From[arc], network.To[arc], network.Mode[arc]);
            if (mode == TransitNetwork.SinkMode || (modes.Count > 0 && !modes.Contains(mode))) continue;
            var met = towards.Count == 0
                ? places.Contains(from) || places.Contains(to)
                : (places.Contains(from) && towards.Contains(to)) || (places.Contains(to) && towards.Contains(from));
            if (met) extraHazard[arc] += control >= 1 ? double.PositiveInfinity : -PortableMath.Log(1 - control);
        }
    }
}

/// <summary>
/// Tonnes through the network by the Markovian loading with reference probabilities (Akamatsu 1996; Baillon and Cominetti
/// 2008; findings B2): perceived cost c = fixed + km cost + border + v r, flow lost on an arc 1 - exp(-r). One fixed-cost
/// load for each market; congestion is not fed back here. Nothing finer than a zone leaves.
/// </summary>
public sealed class TransitFlow
{
    private readonly TransitNetwork network;
    private readonly double[] cost, hazard, source;

    /// <summary>A workspace for one thread.</summary>
    public TransitFlow(TransitNetwork network)
    {
        this.network = network;
        cost = new double[network.ArcCount];
        hazard = new double[network.ArcCount];
        source = new double[network.ZoneCount + TransitNetwork.Markets.Count];
    }

    /// <summary>Loads the network.</summary>
    /// <param name="tonnesByZone">Tonnes that start in each zone.</param>
    /// <param name="marketShares">Share of tonnes bound for each market, summing to 1.</param>
    /// <param name="costs">Costs and risks.</param>
    /// <param name="policy">Interdiction.</param>
    /// <returns>Flows in tonnes by arc and node of the network.</returns>
    public MarkovianFlows Load(ReadOnlySpan<double> tonnesByZone, ReadOnlySpan<double> marketShares, TransitCosts costs, TransitPolicy policy)
    {
        for (var arc = 0; arc < network.ArcCount; arc++)
        {
            var mode = network.Mode[arc];
            if (mode == TransitNetwork.SinkMode) { cost[arc] = hazard[arc] = 0; continue; }
            var closed = double.IsPositiveInfinity(policy.ExtraHazard[arc]);
            hazard[arc] = costs.Hazard[mode] + (closed ? 0 : policy.ExtraHazard[arc]);
            cost[arc] = closed
                ? double.PositiveInfinity
                : costs.Fixed[mode] + costs.PerThousandKilometres[mode] * network.Kilometres[arc] / 1000 + network.Border[arc] * costs.Border + costs.RiskValue * hazard[arc];
        }
        tonnesByZone.CopyTo(source);
        Span<(int, double)> destinations = new (int, double)[TransitNetwork.Markets.Count];
        for (var market = 0; market < destinations.Length; market++) destinations[market] = (network.ZoneCount + market, marketShares[market]);
        var loading = new MarkovianLoading(network.Topology, MarkovianDemand.Split(source, destinations), network.Reference, new MarkovianOptions { Theta = costs.Theta });
        return loading.Load(cost, hazard);
    }
}
