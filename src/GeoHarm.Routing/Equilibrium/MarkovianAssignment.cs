using GeoHarm.Routing.Graphs;

namespace GeoHarm.Routing.Equilibrium;

/// <summary>The cost of a user equilibrium as feedback: every arc is a zone of its own, and its inflow is its flow. No hazard.</summary>
/// <param name="costs">Cost of each arc by its flow.</param>
public readonly struct LinkFeedback<TCost>(TCost costs) : IZoneFeedback where TCost : struct, ILinkCost<TCost>
{
    /// <inheritdoc/>
    public ArcResponse Respond(int arc, double baseCost, double baseHazard, double inflow)
    {
        costs.Evaluate(arc, inflow, out var cost, out var derivative);
        return new ArcResponse(cost, 0, derivative, 0, 0, 1);
    }
}

/// <summary>
/// Markovian traffic equilibrium of a road network (Baillon and Cominetti 2008, doi 10.1007/s10107-006-0076-2) with the costs of a user equilibrium and
/// reference probabilities equal over the arcs out of a node: at each node a traveller chooses by logit on cost to go. As theta rises its flows
/// approach Wardrop's. Trips in units per period, costs in any one unit, theta in its inverse.
/// Cost: for each destination and loading one factorisation.
/// </summary>
public static class MarkovianAssignment
{
    /// <summary>
    /// Solves for the trips of a table; trips within a zone use no arc. Not converged is a figure in the result. Faults: GH7206 trips
    /// that have no path; <see cref="DivergentLoadingException"/> where arcs that cost nothing form a ring without a way out.
    /// </summary>
    public static MarkovianEquilibriumResult Solve<TCost>(
        TntpNetwork network, TripTable trips, TCost costs, MarkovianOptions? loading = null, MarkovianEquilibriumOptions? options = null)
        where TCost : struct, ILinkCost<TCost>
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(trips);
        var builder = new GraphBuilder(network.Nodes, new GraphOptions { ParallelArcs = true }).SetFirstThroughNode(network.FirstThroughNode);
        for (var arc = 0; arc < network.Links; arc++) builder.AddArc(network.Tail[arc], network.Head[arc]);
        var graph = builder.Build();
        var loader = new MarkovianLoading(new MarkovianTopology(graph), Demand(network, trips), ReferenceProbabilities.EqualOverArcs(graph), loading);
        var equilibrium = new MarkovianEquilibrium<LinkFeedback<TCost>>(loader, [.. Enumerable.Range(0, network.Links)], network.Links, new LinkFeedback<TCost>(costs), options);
        return equilibrium.Solve(new double[network.Links], new double[network.Links]);
    }

    private static MarkovianDemand Demand(TntpNetwork network, TripTable trips)
    {
        var to = new SortedDictionary<int, double[]>();
        for (var o = 0; o < trips.Zones; o++)
        {
            for (var i = trips.First[o]; i < trips.First[o + 1]; i++)
            {
                var d = trips.Destination[i];
                if (d == o) continue;
                if (!to.TryGetValue(d, out var sources)) to[d] = sources = new double[network.Nodes];
                sources[o] += trips.Trips[i];
            }
        }
        return MarkovianDemand.Between([.. to.Select(t => (t.Key, t.Value))]);
    }
}
