using GeoHarm.Routing.Equilibrium;

namespace GeoHarm.Routing.Tests.Equilibrium;

public sealed class MarkovianLimitTests
{
    [Fact]
    public void Rising_theta_approaches_the_Wardrop_flows_of_Sioux_Falls()
    {
        var network = SharedNetworks.Network("SiouxFalls/SiouxFalls_net.tntp");
        var trips = SharedNetworks.Trips("SiouxFalls/SiouxFalls_trips.tntp", network.Zones);
        var wardrop = new UserEquilibrium<BprCost>(AssignmentNetwork.Of(network), trips, new EquilibriumOptions { RelativeGap = 1e-12 });
        wardrop.Solve(BprCost.Of(network));
        var expected = wardrop.Flows();

        var gaps = new List<double>();
        foreach (var theta in (double[])[0.5, 1, 2, 4, 8, 16])
        {
            var result = MarkovianAssignment.Solve(network, trips, BprCost.Of(network), new() { Theta = theta }, new() { StepLimit = 60 });
            Assert.True(result.Converged, $"theta {theta}: residual {result.Residual:g3} after {result.Steps}");
            gaps.Add(Networks.LargestDifference(expected, result.Flows.ArcFlow) / expected.Max());
        }
        for (var i = 1; i < gaps.Count; i++) Assert.True(gaps[i] < 0.75 * gaps[i - 1], string.Join(" ", gaps));
        Assert.True(gaps[^1] < 0.01, string.Join(" ", gaps));
    }
}
