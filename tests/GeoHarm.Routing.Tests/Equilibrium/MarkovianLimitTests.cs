using GeoHarm.Routing.Equilibrium;
using GeoHarm.Routing.Graphs;

namespace GeoHarm.Routing.Tests.Equilibrium;

public sealed class MarkovianLimitTests
{
    /// <summary>A link cost of the user equilibrium as feedback: each arc is a zone of its own.</summary>
    private readonly struct LinkFeedback(BprCost cost) : IZoneFeedback
    {
        public ArcResponse Respond(int arc, double baseCost, double baseHazard, double inflow)
        {
            cost.Evaluate(arc, inflow, out var value, out var derivative);
            return new ArcResponse(value, 0, derivative, 0, 0, 1);
        }
    }

    [Fact]
    public void Rising_theta_approaches_the_Wardrop_flows_of_Sioux_Falls()
    {
        var network = SharedNetworks.Network("SiouxFalls/SiouxFalls_net.tntp");
        var trips = SharedNetworks.Trips("SiouxFalls/SiouxFalls_trips.tntp", network.Zones);
        var wardrop = new UserEquilibrium<BprCost>(AssignmentNetwork.Of(network), trips, new EquilibriumOptions { RelativeGap = 1e-12 });
        wardrop.Solve(BprCost.Of(network));
        var expected = wardrop.Flows();

        var builder = new GraphBuilder(network.Nodes).SetFirstThroughNode(network.FirstThroughNode);
        for (var a = 0; a < network.Links; a++) builder.AddArc(network.Tail[a], network.Head[a]);
        var graph = builder.Build();
        var demand = new (int, double[])[network.Zones];
        for (var d = 0; d < network.Zones; d++) demand[d] = (d, new double[network.Nodes]);
        for (var o = 0; o < network.Zones; o++)
        {
            for (var i = trips.First[o]; i < trips.First[o + 1]; i++)
            {
                if (trips.Destination[i] != o) demand[trips.Destination[i]].Item2[o] += trips.Trips[i];
            }
        }
        var topology = new MarkovianTopology(graph);
        var zones = Enumerable.Range(0, network.Links).ToArray();
        var start = Array.Empty<double>();
        var gaps = new List<double>();
        foreach (var theta in (double[])[0.5, 1, 2, 4, 8, 16])
        {
            var loading = new MarkovianLoading(topology, MarkovianDemand.Between(demand), ReferenceProbabilities.EqualOverArcs(graph), new() { Theta = theta });
            var equilibrium = new MarkovianEquilibrium<LinkFeedback>(loading, zones, network.Links, new LinkFeedback(BprCost.Of(network)), new() { StepLimit = 60 });
            var result = equilibrium.Solve(new double[network.Links], new double[network.Links], start);
            Assert.True(result.Converged, $"theta {theta}: residual {result.Residual:g3} after {result.Steps}");
            start = result.ZoneInflow.ToArray();
            gaps.Add(Networks.LargestDifference(expected, result.Flows.ArcFlow) / expected.Max());
        }
        for (var i = 1; i < gaps.Count; i++) Assert.True(gaps[i] < 0.75 * gaps[i - 1], string.Join(" ", gaps));
        Assert.True(gaps[^1] < 0.01, string.Join(" ", gaps));
    }
}
