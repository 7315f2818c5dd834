using GeoHarm.Engine.Routes;
using GeoHarm.Routing.Equilibrium;
using GeoHarm.Spatial.Crs;

namespace GeoHarm.Engine.Scenarios;

/// <summary>What a draw of the priors makes of the transit model.</summary>
/// <param name="Costs">Costs and risks.</param>
/// <param name="MarketShares">Share of tonnes bound for each market, summing to 1.</param>
/// <param name="PriceByZone">Price of a kilogram in each zone, US$.</param>
/// <param name="RelativeValueByZone">The same over the dearest wholesale price.</param>
/// <param name="Yield">Kilograms of pure cocaine per hectare and year.</param>
/// <param name="SupplyElasticity">Price elasticity of planting, above 0.</param>
/// <param name="DemandElasticity">Price elasticity of consumption, below 0.</param>
public sealed record RouteDraw(TransitCosts Costs, double[] MarketShares, double[] PriceByZone, double[] RelativeValueByZone, double Yield, double SupplyElasticity, double DemandElasticity);

/// <summary>A scenario as the transit model takes it: network, policy in force in the last year, where cargo gains value. Shared by
/// the chain, sweep, push, simulation and allocation; immutable but for topologies made on demand.</summary>
public sealed class RouteCase
{
    /// <summary>A producing zone counts as a source of the chain of prices where it holds this share of all hectares.</summary>
    private const double LargeSource = 0.02;

    private readonly double[] kilometresFromSource;
    private readonly double kilometresOfPanama;
    private readonly Dictionary<TransitStructure, MarkovianTopology> topologies = [];
    private readonly Lock gate = new();
    private double[]? centralInflow;

    /// <summary>Takes the inputs of a scenario.</summary>
    public RouteCase(ScenarioInputs inputs)
    {
        Inputs = inputs;
        Network = TransitNetwork.Read(inputs.Links, inputs.Zones.Ids, inputs.Zones.Consumers);
        NoPolicy = new TransitPolicy(Network.ArcCount);
        Weights = Vulnerability.Weights(inputs.Zones.Countries, inputs.RuleOfLaw, inputs.HomicideRate);
        BaselineHectares = (double[])inputs.OtherCoca.Clone();
        var start = inputs.Coca[inputs.Scenario.BaselineYear];
        for (var u = 0; u < start.Length; u++) BaselineHectares[inputs.Units[u]] = start[u];
        (kilometresFromSource, kilometresOfPanama) = Distances(inputs.Zones, BaselineHectares);
        var notes = new List<string>();
        Policy = PolicyOf(inputs.Scenario.ToYear, notes, _ => 1);
        Notes = notes;
        Central = Draw(inputs.Priors.Central);
    }

    /// <summary>The inputs.</summary>
    public ScenarioInputs Inputs { get; }

    /// <summary>The network.</summary>
    public TransitNetwork Network { get; }

    /// <summary>Interdiction of the scenario in its last year.</summary>
    public TransitPolicy Policy { get; }

    /// <summary>Interdiction as it is carried out in a member: the whole of it in a scenario as designed.</summary>
    public TransitPolicy PolicyIn(int member) => Inputs.Scenario.IsDelivered ? PolicyOf(Inputs.Scenario.ToYear, null, k => Delivery.Share(Inputs, k, member)) : Policy;

    /// <summary>No interdiction.</summary>
    public TransitPolicy NoPolicy { get; }

    /// <summary>Vulnerability weight of each zone.</summary>
    public double[] Weights { get; }

    /// <summary>Hectares of coca per zone in the baseline year.</summary>
    public double[] BaselineHectares { get; }

    /// <summary>The central value of every prior.</summary>
    public RouteDraw Central { get; }

    /// <summary>Things to know.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>The model's assumptions from a draw of the priors by key.</summary>
    public RouteDraw Draw(Func<string, double> draw)
    {
        double[] PerMode(string stem) => [.. TransitNetwork.Modes.Select(mode => draw($"route.{stem}.{mode}"))];
        var costs = new TransitCosts(PerMode("cost"), PerMode("fixed"), PerMode("hazard"), draw("route.border"), draw("route.risk_value"), draw("route.theta"))
        {
            Congestion = draw("route.congestion"),
            RiskFeedback = draw("route.risk_feedback"),
            EntryHazard = draw("route.entry_hazard"),
        };
        var (usa, europe) = (draw("price.usa"), draw("price.europe"));
        var prices = new CargoPrices(draw("price.cocaine_source"), draw("price.panama"), draw("price.per_km"), [usa, europe, Math.Min(usa, europe)]);
        var markets = TransitNetwork.Markets.ToList();
        double[] price = [.. kilometresFromSource.Select((km, z) => prices.At(km, kilometresOfPanama, markets.IndexOf(Inputs.Zones.Consumers[z])))];
        return new RouteDraw(costs, [.. markets.Select(m => draw("demand." + m))], price, [.. price.Select(p => p / prices.Highest)], draw("yield_kg_per_ha"), draw("elasticity.supply"), draw("elasticity.demand"));
    }

    /// <summary>The draw of one member.</summary>
    public RouteDraw Draw(int member) => Draw(key => Inputs.Priors.Draw(key, Inputs.Scenario.Seed, (uint)member));

    /// <summary>A model for one thread.</summary>
    public TransitModel Model(TransitStructure structure, double tolerance = 1e-10) => new(Network, structure, TopologyOf(structure), tolerance);

    /// <summary>A model set to the baseline's tonnes under a draw.</summary>
    public TransitModel BaselineModel(TransitStructure structure, RouteDraw draw, double tolerance = 1e-10)
    {
        var model = Model(structure, tolerance);
        double[] tonnes = [.. BaselineHectares.Select(ha => ha * draw.Yield / 1000)];
        model.Set(tonnes, draw.MarketShares, draw.Costs, draw.RelativeValueByZone, ScenarioInputs.Sum(tonnes));
        return model;
    }

    /// <summary>A start for the baseline of any draw: the inflow of the central draw in the scenario's structure, scaled to the tonnes sent. It saves
    /// a quarter of the work of a cold start (2026-11-25).</summary>
    /// <param name="sent">Tonnes sent in all.</param>
    /// <param name="start">Filled.</param>
    public ReadOnlySpan<double> StartFor(double sent, double[] start)
    {
        lock (gate)
        {
            if (centralInflow is null)
            {
                var result = BaselineModel(Inputs.Scenario.Structure, Central).Solve(NoPolicy);
                centralInflow = [.. result.ZoneInflow.ToArray().Select(f => result.Flows.TotalSource > 0 ? f / result.Flows.TotalSource : 0)];
            }
        }
        for (var zone = 0; zone < start.Length; zone++) start[zone] = centralInflow[zone] * sent;
        return start;
    }

    /// <summary>Zones named by places.</summary>
    public HashSet<int> Resolve(IEnumerable<string> places) => [.. places.SelectMany(Inputs.Zones.Resolve)];

    internal MarkovianTopology TopologyOf(TransitStructure structure)
    {
        lock (gate)
        {
            if (!topologies.TryGetValue(structure, out var topology)) topologies[structure] = topology = Network.TopologyOf(structure, Central.Costs);
            return topology;
        }
    }

    /// <summary>Interdiction of the scenario in a year, as a member delivers it.</summary>
    public TransitPolicy PolicyOfYear(int year, int member) => PolicyOf(year, null, k => Delivery.Share(Inputs, k, member));

    /// <summary>Hectares of coca per zone in a year: of the nearest year with figures where there are none.</summary>
    public double[] HectaresIn(int year)
    {
        var hectares = Inputs.OtherCocaIn(year);
        var units = Inputs.Coca[Inputs.Coca.Keys.MinBy(y => (Math.Abs(y - year), y))];
        for (var u = 0; u < units.Length; u++) hectares[Inputs.Units[u]] = units[u];
        return hectares;
    }

    private TransitPolicy PolicyOf(int year, List<string>? notes, Func<int, double> delivered)
    {
        var (inputs, network) = (Inputs, Network);
        var policy = new TransitPolicy(network.ArcCount);
        foreach (var (k, measure) in inputs.Scenario.Policy.Index().Where(m => m.Item.Instrument == Instrument.Interdiction))
        {
            if (measure.FromYear > year) continue;
            if (measure.ToYear < year)
            {
                notes?.Add($"The interdiction of line {measure.Line} ends in {measure.ToYear}: flows are those of {year} and do not show it.");
                continue;
            }
            HashSet<int> Zones(IReadOnlyList<string> places) => [.. places.SelectMany(inputs.Zones.Resolve)];
            var met = policy.Add(network, new Interdiction(Zones(measure.Places))
            {
                From = Zones(measure.From), Towards = Zones(measure.Towards), Modes = measure.Modes.Select(m => TransitNetwork.Modes.ToList().IndexOf(m)).ToHashSet(),
                Control = measure.Control, RiskFactor = measure.RiskFactor, Announced = measure.Announced, Presence = measure.Presence * delivered(k),
            });
            if (met == 0) notes?.Add($"The interdiction of line {measure.Line} meets no arc of the network.");
        }
        return policy;
    }

    // Kilometres of each zone from the nearest large producing zone, and of Panama: the least over its zones of the mean over the sources.
    private static (double[] Kilometres, double Panama) Distances(Zones zones, double[] hectares)
    {
        var total = ScenarioInputs.Sum(hectares);
        var sources = Enumerable.Range(0, zones.Count).Where(z => hectares[z] > LargeSource * total).ToList();
        double Between(int a, int b) => a == b ? 0 : Geodesic.Distance(Ellipsoid.Wgs84, zones.Longitude[a], zones.Latitude[a], zones.Longitude[b], zones.Latitude[b]).Kilometres;
        double[] kilometres = [.. Enumerable.Range(0, zones.Count).Select(z => sources.Count == 0 ? 0 : sources.Min(s => Between(s, z)))];
        var panama = zones.Resolve("PAN");
        return (kilometres, panama.Count == 0 ? 0 : panama.Average(z => kilometres[z]));
    }
}
