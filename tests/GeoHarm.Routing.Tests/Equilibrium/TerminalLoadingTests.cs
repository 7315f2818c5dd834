using GeoHarm.Routing.Equilibrium;
using GeoHarm.Routing.Graphs;

namespace GeoHarm.Routing.Tests.Equilibrium;

public sealed class TerminalLoadingTests
{
    private static MarkovianTopology Topology(int nodes, IEnumerable<(int, int)> arcs)
    {
        var builder = new GraphBuilder(nodes, new GraphOptions { ParallelArcs = true });
        foreach (var (t, h) in arcs) builder.AddArc(t, h);
        return new MarkovianTopology(builder.Build());
    }

    [Fact]
    public void Two_markets_share_the_source_and_each_its_ways()
    {
        // 0 sends 100, three quarters to market 2 over 1 (cost 1 + 1) or directly (3), the rest to market 3 over 1 (1 + 2); half of 0 -> 1 is lost.
        // Towards 2 the ways differ by 1 at theta 1 with reference 1/2 each at node 0 and node 1: weights (1/2)(1/2) e^-2 and (1/2) e^-3.
        var topology = Topology(4, [(0, 1), (1, 2), (0, 2), (1, 3)]);
        var loading = new TerminalLoading(topology, [2, 3], ReferenceProbabilities.EqualOverArcs(topology.Graph));
        var flow = new double[4];
        loading.Choose(1, [1, 1, 3, 2]);
        loading.Load([100, 0, 0, 0], [0.75, 0.25], [0.5, 1, 1, 1], flow);
        var over = 75 * 0.5 / (0.5 + Math.Exp(-1));
        Assert.Equal(over + 25, flow[0], 1e-11);
        Assert.Equal(over / 2, flow[1], 1e-11);
        Assert.Equal(75 - over, flow[2], 1e-11);
        Assert.Equal(12.5, flow[3], 1e-11);
        Assert.Equal(75 - over / 2, loading.DeliveredTo(0), 1e-11);
        Assert.Equal(12.5, loading.DeliveredTo(1), 1e-11);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(3)]
    [InlineData(30)]
    public void It_gives_the_flows_of_loadings_market_by_market_through_changing_costs(double theta)
    {
        const int Seed = 20261126, Zones = 40, Markets = 3;
        var random = new Random(Seed);
        var arcs = new List<(int, int)>();
        for (var v = 1; v < Zones; v++) arcs.AddRange([(v, random.Next(v)), (random.Next(v), v)]);
        for (var i = 0; i < 80; i++) arcs.Add((random.Next(Zones), random.Next(Zones)));
        arcs.RemoveAll(a => a.Item1 == a.Item2);
        for (var market = 0; market < Markets; market++) arcs.AddRange([(0, Zones + market), (random.Next(Zones), Zones + market)]);
        for (var v = 1; v < Zones; v++) arcs.Add((v, 0));
        var topology = Topology(Zones + Markets, arcs);
        var reference = ReferenceProbabilities.EqualOverArcs(topology.Graph);
        double[] source = [.. Enumerable.Range(0, Zones + Markets).Select(v => v < Zones && random.Next(3) == 0 ? random.NextDouble() : 0)];
        double[] shares = [0.5, 0.3, 0.2];
        var plain = new MarkovianLoading(topology, MarkovianDemand.Split(source, [(Zones, 0.5), (Zones + 1, 0.3), (Zones + 2, 0.2)]), reference, new() { Theta = theta });
        var shared = new TerminalLoading(topology, [Zones, Zones + 1, Zones + 2], reference);
        var flow = new double[arcs.Count];
        for (var round = 0; round < 5; round++)
        {
            double[] cost = [.. arcs.Select(a => random.Next(25) == 0 && a.Item2 != 0 && a.Item2 < Zones ? double.PositiveInfinity : 2 * random.NextDouble() * (round % 2 + 1))];
            double[] hazard = [.. arcs.Select(_ => random.NextDouble() * 0.3)];
            var flows = plain.Load(cost, hazard);
            shared.Choose(theta, cost);
            shared.Load(source, shares, [.. hazard.Select(h => Math.Exp(-h))], flow);
            for (var a = 0; a < flow.Length; a++) Assert.True(Math.Abs(flows.ArcFlow[a] - flow[a]) <= 1e-12 * flows.TotalSource, $"seed {Seed} round {round} arc {a}: {flows.ArcFlow[a]} {flow[a]}");
            for (var market = 0; market < Markets; market++) Assert.Equal(flows.Delivered[market], shared.DeliveredTo(market), 1e-12 * flows.TotalSource);
            Assert.InRange(shared.BalanceError, 0, 1e-12);
        }
    }

    [Fact]
    public void What_cannot_be_loaded_is_refused_with_theta()
    {
        var topology = Topology(3, [(0, 1), (1, 0), (1, 2)]);
        Assert.Throws<ArgumentException>(() => new TerminalLoading(topology, [1], [1, 0.5, 0.5]));
        var loading = new TerminalLoading(topology, [2], [1, 0.5, 0.5]);
        loading.Choose(2, [1, 1, double.PositiveInfinity]);
        var refused = Assert.Throws<DivergentLoadingException>(() => loading.Load([1, 0, 0], [1], [1, 1, 1], new double[3]));
        Assert.Contains("theta 2", refused.Message, StringComparison.Ordinal);
        loading.Choose(2, [1, 1, 1]); // and opens again
        var flow = new double[3];
        loading.Load([1, 0, 0], [1], [1, 1, 1], flow);
        Assert.Equal(1, flow[2], 1e-12);
        Assert.Throws<ArgumentOutOfRangeException>(() => loading.Choose(0, [1, 1, 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => loading.Choose(1, [1, -1, 1]));
    }
}
