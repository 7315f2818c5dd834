using GeoHarm.Engine.Routes;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Engine.Tests.Routes;

/// <summary>Two ways from S to the market M, over A and over B, worked by hand; properties; a plain slow rival on random networks.</summary>
public sealed class AdaptiveSimulationTests(ITestOutputHelper output)
{
    private static readonly TransitNetwork Two = Network(["S", "A", "B", "M"], [("S", "A", "boat", 1000), ("S", "B", "boat", 1000), ("A", "M", "boat", 1000), ("B", "M", "boat", 1000)]);

    private static readonly AdaptiveOptions Plain = new() { Chance = false, KnownShare = 1 };

    private static TransitNetwork Network(string[] ids, (string A, string B, string Mode, double Km)[] links, params string[] consumers)
    {
        var table = new Layer("links", [Column.Text("a", links.Select(l => l.A)), Column.Text("b", links.Select(l => l.B)), Column.Text("mode", links.Select(l => l.Mode)),
            Column.Real("length_km", links.Select(l => l.Km)), Column.Integer("border", links.Select(_ => (long?)1))]);
        return TransitNetwork.Read(table, ids, consumers.Length > 0 ? consumers : [.. ids.Select(id => id == "M" ? "north_america" : "")]);
    }

    private static TransitCosts Costs(double kappa = 0, double rho = 0) =>
        new([1, 1, 1, 1], [1, 1, 1, 1], [0.1, 0.1, 0.1, 0.1], 0.2, 8, 3) { Congestion = kappa, RiskFeedback = rho };

    private static AdaptiveCase Case(TransitNetwork network, TransitCosts costs, TransitPolicy? later = null, double tonnes = 120, double? laterTonnes = null)
    {
        double[] Tonnes(double t) => [.. Enumerable.Range(0, network.ZoneCount).Select(z => z == 0 ? t : 0)];
        return new AdaptiveCase(costs, [1, 0, 0], [.. Enumerable.Range(0, network.ZoneCount).Select(_ => 1.0)],
            [new AdaptiveYear(Tonnes(tonnes), new TransitPolicy(network.ArcCount)), new AdaptiveYear(Tonnes(laterTonnes ?? tonnes), later ?? new TransitPolicy(network.ArcCount))]);
    }

    private static AdaptiveRun Run(TransitNetwork network, AdaptiveCase what, AdaptiveOptions options, int months, IHardening? hardening = null, TransitStructure structure = TransitStructure.Reference)
    {
        int[] groups = [.. Enumerable.Range(0, network.ZoneCount)];
        return new AdaptiveSimulation(network, structure, network.TopologyOf(structure, what.Costs)).Run(what, options, 7, 3, months, groups, groups.Length, hardening);
    }

    private sealed class Once(int zone, int month, double hazard) : IHardening
    {
        public void Fill(int member, int at, Span<double> hazardByZone) => hazardByZone[zone] = at == month ? hazard : 0;
    }

    [Fact]
    public void Traffickers_who_lose_half_on_one_way_learn_it_and_go_the_other_way()
    {
        // 10 t a month, 5 each way. In month 0 half of what comes into A is taken on top of r = 0.1:
        // loss 1 - 0.5 e^-0.1 = 0.54758; p0 = 1 - e^-0.1 = 0.09516; p = (0.54758 + 2.5 x 0.09516) / 3.5 = 0.22442;
        // contrast (0.22442 - 0.09516) / (0.22442 + 0.09516) = 0.40447; odds 0.28936 x 0.35^-0.40447 = 0.44244; r = ln 1.44244 = 0.36634;
        // cost up by 8 x 0.26634 = 2.13069: A carries e^(-3 x 2.13069) = 0.0016750 of what B carries.
        var run = Run(Two, Case(Two, Costs()), Plain with { EnforcementMoves = false }, 3, new Once(1, 0, Math.Log(2)));
        Assert.Equal(5, run.ZoneInflow(0)[1], 1e-6);
        Assert.Equal(5 * 0.54758, run.ZoneSeized(0)[1], 1e-4);
        Assert.Equal(0.0016750, run.ZoneInflow(1)[1] / run.ZoneInflow(1)[2], 2e-6);
        // Month 2: A had 0.0167221 / 0.64 = 0.0261283 of a month with cargo at the usual loss: L = 0.64 x 0.54758 + 0.0261283 x 0.09516 = 0.352939,
        // T = 0.666128: p = (0.352939 + 0.237906) / 3.166128 = 0.186614; contrast 0.324548; odds 0.229430 x 1.405999 = 0.322578; r = 0.279583.
        Assert.Equal(Math.Exp(-3 * 8 * (0.279583 - 0.1)), run.ZoneInflow(2)[1] / run.ZoneInflow(2)[2], 2e-5);
    }

    [Fact]
    public void Enforcement_goes_where_it_seized()
    {
        // Inflow a month: A 5, B 5, M 10 e^-0.1 = 9.04837; capacity 0.1 x 19.04837 / 0.64 = 2.97631 events. Month 0 takes 0.1 + ln 2 in A:
        // seizures A 0.4 x 0.5 + 0.6 x 0.793147 x 5 = 2.579441, B 0.5, M 0.4 x 0.904837 + 0.6 x 0.1 x (2.262093 + 4.524187) = 0.769112; sum 3.848553.
        // Hazard in A: 0.2 x 0.1 + 0.8 x 2.97631 x 0.670237 / (5 / 0.64) = 0.224270.
        var run = Run(Two, Case(Two, Costs()), Plain with { TraffickersLearn = false }, 2, new Once(1, 0, Math.Log(2)));
        Assert.Equal(2.97631, run.Capacity, 1e-4);
        Assert.Equal(5, run.ZoneInflow(1)[1], 1e-5);
        Assert.Equal(5 * (1 - Math.Exp(-0.224270)), run.ZoneSeized(1)[1], 1e-4);
        Assert.Equal(5 * (1 - Math.Exp(-(0.02 + 0.8 * 2.97631 * (0.5 / 3.848553) / (5 / 0.64)))), run.ZoneSeized(1)[2], 1e-4);
    }

    [Fact]
    public void A_network_that_loses_more_than_it_bears_takes_up_unknown_zones_and_one_that_bears_it_does_not()
    {
        string[] ids = ["S", "A", "B", "C", "M"];
        var network = Network(ids, [("S", "A", "boat", 1000), ("S", "B", "boat", 1100), ("S", "C", "boat", 1200), ("A", "M", "boat", 1000), ("B", "M", "boat", 1000), ("C", "M", "boat", 1000)]);
        var options = Plain with { EnforcementMoves = false, KnownShare = 0.1, Expansion = 1 };
        var what = Case(network, Costs());
        var grows = Run(network, what, options, 4);
        Assert.Equal([3, 4, 5, 5], grows.ActiveZones.ToArray()); // S makes it and M, a market, takes most; A is the nearest of the others
        var bears = Run(network, what, options with { LossTolerance = 0.5 }, 4);
        Assert.All(bears.ActiveZones.ToArray(), n => Assert.Equal(bears.ActiveZones[0], n));
        Assert.True(grows.ZoneInflow(1)[1] > 100 * grows.ZoneInflow(1)[3] && grows.ZoneInflow(3)[3] > 100 * grows.ZoneInflow(1)[3]);
    }

    [Theory]
    [InlineData(TransitStructure.Reference, true)]
    [InlineData(TransitStructure.Layered, true)]
    [InlineData(TransitStructure.Wardrop, true)]
    [InlineData(TransitStructure.Reference, false)]
    public void The_equilibrium_is_a_fixed_point_of_both_sides(TransitStructure structure, bool learn)
    {
        var costs = Costs(0.05, 0.3);
        var model = new TransitModel(Two, structure, Two.TopologyOf(structure, costs));
        var what = Case(Two, costs);
        model.Set([120, 0, 0, 0], [1, 0, 0], costs, [1, 1, 1, 1], 120);
        var equilibrium = model.Solve(new TransitPolicy(Two.ArcCount));
        var run = Run(Two, what, Plain with { TraffickersLearn = learn, EnforcementMoves = learn }, 6, structure: structure);
        for (var month = 0; month < 6; month++)
        {
            for (var zone = 0; zone < 4; zone++) Assert.Equal(equilibrium.ZoneInflow[zone] / 12, run.ZoneInflow(month)[zone], 1e-7);
        }
    }

    [Fact]
    public void Without_learning_and_chance_flows_are_those_of_the_equilibrium_of_each_year_with_its_policy_and_tonnes()
    {
        var costs = Costs(0.05, 0.3);
        var policy = new TransitPolicy(Two.ArcCount);
        policy.Add(Two, new Interdiction(new HashSet<int> { 1 }) { From = new HashSet<int> { 0 }, RiskFactor = 1.5, Control = 0.05 });
        policy.Add(Two, new Interdiction(new HashSet<int> { 2 }) { From = new HashSet<int> { 0 }, Control = 0.3, Announced = false });
        var model = new TransitModel(Two, TransitStructure.Reference, Two.TopologyOf(TransitStructure.Reference, costs));
        model.Set([150, 0, 0, 0], [1, 0, 0], costs, [1, 1, 1, 1], 120);
        var equilibrium = model.Solve(policy);
        var run = Run(Two, Case(Two, costs, policy, laterTonnes: 150), Plain with { TraffickersLearn = false, EnforcementMoves = false }, 24);
        for (var zone = 0; zone < 4; zone++) Assert.Equal(equilibrium.ZoneInflow[zone] / 12, run.ZoneInflow(12)[zone], 1e-8);
        Assert.Equal(equilibrium.Flows.TotalSeized / 12, run.Seized[12], 1e-8);
        Assert.Equal(run.Seized[12], run.Seized[23], 1e-12);
    }

    [Fact]
    public void Learning_that_finds_nothing_new_settles_at_the_equilibrium_of_other_tonnes()
    {
        // No feedback of risk: what changes with the tonnes is crowding alone, which both know.
        var costs = Costs(0.05);
        var unlike = Network(["S", "A", "B", "M"], [("S", "A", "boat", 1000), ("S", "B", "boat", 1400), ("A", "M", "boat", 1000), ("B", "M", "boat", 1000)]);
        var model = new TransitModel(unlike, TransitStructure.Reference, unlike.TopologyOf(TransitStructure.Reference, costs));
        model.Set([150, 0, 0, 0], [1, 0, 0], costs, [1, 1, 1, 1], 120);
        var equilibrium = model.Solve(new TransitPolicy(unlike.ArcCount));
        var run = Run(unlike, Case(unlike, costs, laterTonnes: 150), Plain with { EnforcementMoves = false }, 480);
        for (var zone = 0; zone < 4; zone++) Assert.Equal(equilibrium.ZoneInflow[zone] / 12, run.ZoneInflow(479)[zone], 1e-7);
        Assert.True(Math.Abs(equilibrium.ZoneInflow[1] / 12 - run.ZoneInflow(12)[1]) > 1e-2);
    }

    [Theory]
    [InlineData(0.05, 1)]
    [InlineData(0.3, 3.7)]
    [InlineData(1.2, 90)]
    [InlineData(2, 800)]
    public void What_comes_through_by_chance_is_what_the_hazard_says_in_the_mean(double hazard, double shipments)
    {
        const int Points = 20_000;
        var (through, met) = (0.0, 0.0);
        for (var i = 0; i < Points; i++)
        {
            var events = AdaptiveSimulation.Poisson(hazard * shipments, (i + 0.5) / Points);
            through += Math.Pow(1 - 1 / shipments, events) / Points;
            met += events / shipments / Points;
        }
        Assert.Equal(Math.Exp(-hazard), through, 2e-4);
        Assert.Equal(hazard, met, 2e-3 * hazard + 1e-4);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void It_equals_a_plain_slow_simulation_on_random_networks_and_balances_every_month(int number)
    {
        var seed = 20261126 + number;
        output.WriteLine($"seed {seed}");
        var rival = new PlainCatAndMouse(seed);
        var run = Run(rival.Network, rival.Case, rival.Options, rival.Months, rival.Hardening);
        var plain = rival.Run(7, 3);
        for (var month = 0; month < rival.Months; month++)
        {
            for (var zone = 0; zone < rival.Network.ZoneCount; zone++)
            {
                Assert.True(Math.Abs(plain.Inflow[month][zone] - run.ZoneInflow(month)[zone]) <= 1e-9 * run.Sent[month], $"seed {seed} month {month} zone {zone}: {plain.Inflow[month][zone]} {run.ZoneInflow(month)[zone]}");
                Assert.Equal(plain.Seized[month][zone], run.ZoneSeized(month)[zone], 1e-9 * run.Sent[month]);
            }
            Assert.Equal(plain.Known[month], run.ActiveZones[month]);
            Assert.Equal(run.Sent[month], run.Seized[month] + run.Delivered[month], 1e-10 * run.Sent[month]);
            Assert.InRange(run.BalanceError[month], 0, 1e-10);
        }
        Assert.All(plain.Perceived, p => Assert.InRange(p, 0, 1));
    }
}
