using GeoHarm.Engine.Routes;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Engine.Tests.Routes;

/// <summary>Two ways from S to the market M: over A and over B, alike but for what a test changes.</summary>
public class TransitModelTests
{
    private static readonly string[] Ids = ["S", "A", "B", "M"];

    private static readonly TransitNetwork Network = Read();

    private static TransitNetwork Read()
    {
        (string A, string B)[] links = [("S", "A"), ("S", "B"), ("A", "M"), ("B", "M")];
        var table = new Layer("links", [Column.Text("a", links.Select(l => l.A)), Column.Text("b", links.Select(l => l.B)), Column.Text("mode", links.Select(_ => "boat")),
            Column.Real("length_km", links.Select(_ => 1000.0)), Column.Integer("border", links.Select(_ => (long?)1))]);
        return TransitNetwork.Read(table, Ids, ["", "", "", "north_america"]);
    }

    private static TransitCosts Costs(double theta = 3, double kappa = 0, double rho = 0) =>
        new([1, 1, 1, 1], [1, 1, 1, 1], [0.1, 0.1, 0.1, 0.1], 0.2, 8, theta) { Congestion = kappa, RiskFeedback = rho };

    private static TransitModel Model(TransitCosts costs, TransitStructure structure = TransitStructure.Reference, double tonnes = 100)
    {
        var model = new TransitModel(Network, structure, Network.TopologyOf(structure, costs));
        model.Set([tonnes, 0, 0, 0], [1, 0, 0], costs, [1, 1, 1, 1], tonnes);
        return model;
    }

    private static TransitPolicy Policy(Interdiction measure)
    {
        var policy = new TransitPolicy(Network.ArcCount);
        Assert.True(policy.Add(Network, measure) > 0);
        return policy;
    }

    private static HashSet<int> Zone(string id) => [Array.IndexOf(Ids, id)];

    private static double Sent(GeoHarm.Routing.Equilibrium.MarkovianFlows flows, string from, string to) =>
        Enumerable.Range(0, Network.ArcCount).Where(a => Network.From[a] == Array.IndexOf(Ids, from) && Network.To[a] == Array.IndexOf(Ids, to)).Sum(a => flows.ArcFlow[a]);

    [Theory]
    [InlineData(TransitStructure.Reference)]
    [InlineData(TransitStructure.Layered)]
    [InlineData(TransitStructure.Wardrop)]
    public void Two_like_ways_share_alike_and_all_that_is_sent_is_delivered_or_seized(TransitStructure structure)
    {
        var flows = Model(Costs(kappa: 0.3, rho: 0.5), structure).Solve(new TransitPolicy(Network.ArcCount)).Flows;
        Assert.Equal(Sent(flows, "S", "A"), Sent(flows, "S", "B"), 1e-9);
        Assert.Equal(100, flows.TotalDelivered + flows.TotalSeized, 1e-9);
    }

    [Fact]
    public void A_dearer_way_carries_the_logit_share()
    {
        // Ways that turn back cost at least 4 more legs of 3 units each: nothing at theta 3. The factor doubles r = 0.1 on S-A: cost up by 8 x 0.1.
        var flows = Model(Costs()).Solve(Policy(new Interdiction(Zone("A")) { From = Zone("S"), RiskFactor = 2 })).Flows;
        Assert.Equal(Math.Exp(-3 * 0.8), Sent(flows, "S", "A") / Sent(flows, "S", "B"), 1e-4);
    }

    [Fact]
    public void Control_takes_its_share_of_what_still_comes()
    {
        var flows = Model(Costs()).Solve(Policy(new Interdiction(Zone("A")) { From = Zone("S"), Control = 0.5 })).Flows;
        var met = Enumerable.Range(0, Network.ArcCount).Single(a => Network.From[a] == 0 && Network.To[a] == 1);
        Assert.Equal(1 - 0.5 * Math.Exp(-0.1), flows.ArcSeized[met] / flows.ArcFlow[met], 1e-12);
    }

    [Fact]
    public void Unannounced_enforcement_takes_cargo_and_changes_no_choice()
    {
        var model = Model(Costs());
        var before = model.Solve(new TransitPolicy(Network.ArcCount)).Flows;
        var after = model.Solve(Policy(new Interdiction(Zone("A")) { From = Zone("S"), Control = 0.5, Announced = false })).Flows;
        Assert.Equal(Sent(before, "S", "A"), Sent(after, "S", "A"), 1e-5); // but for the half a millionth that turns back
        Assert.True(after.TotalSeized > before.TotalSeized + 10);
        var known = model.Solve(Policy(new Interdiction(Zone("A")) { From = Zone("S"), Control = 0.5 })).Flows;
        Assert.True(known.TotalSeized < after.TotalSeized && Sent(known, "S", "B") > Sent(after, "S", "B"));
    }

    [Fact]
    public void Randomised_enforcement_survives_as_often_as_it_is_absent()
    {
        var policy = Policy(new Interdiction(new HashSet<int> { 1, 2 }) { From = Zone("S"), Control = 0.8, Presence = 0.5 });
        var flows = Model(Costs()).Solve(policy).Flows;
        var met = Enumerable.Range(0, Network.ArcCount).Single(a => Network.From[a] == 0 && Network.To[a] == 1);
        Assert.Equal((1 - 0.8 * 0.5) * Math.Exp(-0.1), flows.ArcArrivals[met] / flows.ArcFlow[met], 1e-12);
    }

    [Fact]
    public void A_closed_way_carries_nothing_and_what_has_no_way_out_stays()
    {
        var model = Model(Costs());
        var one = model.Solve(Policy(new Interdiction(Zone("A")) { From = Zone("S"), Control = 1 })).Flows;
        Assert.Equal(0, Sent(one, "S", "A"));
        Assert.Equal(0, model.Stranded);
        var both = Policy(new Interdiction(new HashSet<int> { 1, 2 }) { From = Zone("S"), Control = 1 });
        Assert.Equal(0, model.Solve(both).Flows.TotalSource);
        Assert.Equal(100, model.Stranded);
        Assert.Equal(100, model.Solve(new TransitPolicy(Network.ArcCount)).Flows.TotalSource);
    }

    [Fact]
    public void Congestion_evens_out_what_cost_divides()
    {
        var policy = Policy(new Interdiction(Zone("A")) { From = Zone("S"), RiskFactor = 2 });
        double Ratio(double kappa) { var f = Model(Costs(kappa: kappa)).Solve(policy).Flows; return Sent(f, "S", "A") / Sent(f, "S", "B"); }
        Assert.True(Ratio(0) < Ratio(0.1) && Ratio(0.1) < Ratio(1) && Ratio(1) < 1);
    }

    [Fact]
    public void Wardrop_splits_until_both_ways_cost_the_same()
    {
        // c_A - c_B = 0.8 at equal flows; congestion on entering zones: kappa F / F0, F0 = 5. Equal costs: F_B - F_A = 0.8 x 5 / kappa = 8 at kappa 0.5,
        // and after it both reach M alike. S sends F_A + F_B = 100; theta 30 leaves a rounding of the corner.
        var flows = Model(Costs(kappa: 0.5), TransitStructure.Wardrop).Solve(Policy(new Interdiction(Zone("A")) { From = Zone("S"), RiskFactor = 2 })).Flows;
        Assert.Equal(8, Sent(flows, "S", "B") - Sent(flows, "S", "A"), 0.15);
    }

    [Fact]
    public void Cargo_gains_value_from_source_over_Panama_to_the_market()
    {
        var prices = new CargoPrices(1860, 4500, 4.46, [25000, 40000, 25000]);
        Assert.Equal(1860, prices.At(0, 800, -1));
        Assert.Equal(3180, prices.At(400, 800, -1));
        Assert.Equal(4500 + 4.46 * 1000, prices.At(1800, 800, -1), 1e-9);
        Assert.Equal((40000, 25000), (prices.At(90_000, 800, -1), prices.At(4000, 800, 0)));
    }
}
