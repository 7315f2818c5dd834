using GeoHarm.Engine.Routes;
using GeoHarm.Routing.Equilibrium;

namespace GeoHarm.Engine.Scenarios;

/// <summary>One named burden of flows, linear in what arrives and what is seized; never a sum of unlike ones.</summary>
public sealed record RouteBurden
{
    private RouteBurden(string name, string unit) => (Name, Unit) = (name, unit);

    /// <summary>Names that may be asked for; the first is the default.</summary>
    public static IReadOnlyList<string> Names { get; } = ["weightedTonnes", "tonnes", "deliveredTonnes", "seizedTonnes", "seizedValue"];

    /// <summary>Name.</summary>
    public string Name { get; }

    /// <summary>Unit.</summary>
    public string Unit { get; }

    /// <summary>Zones that bear it; empty for all. Only for tonnes through zones.</summary>
    public IReadOnlySet<int> Bearers { get; private init; } = new HashSet<int>();

    /// <summary>A burden by name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="bearers">Zones that bear it; empty for all.</param>
    public static RouteBurden Named(string name, IReadOnlySet<int> bearers) => new(name, name switch
    {
        "weightedTonnes" => "t x vulnerability weight",
        "seizedValue" => "US$ million",
        "tonnes" or "deliveredTonnes" or "seizedTonnes" => "t",
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "unknown burden"),
    }) { Bearers = bearers };

    /// <summary>Whether zones bear it, so that one of them bears most; what is delivered belongs to markets.</summary>
    public bool IsBorneByZones => Name != "deliveredTonnes";

    /// <summary>What each zone bears of what comes into it, in <see cref="Unit"/>; what begins there is left out, since no enforcement changes it.</summary>
    public double[] ByZone(RouteCase routes, MarkovianFlows flows)
    {
        var (arrival, seized) = Derivatives(routes);
        var borne = new double[routes.Network.ZoneCount];
        for (var arc = 0; arc < arrival.Length; arc++)
        {
            if (routes.Network.To[arc] < borne.Length) borne[routes.Network.To[arc]] += arrival[arc] * flows.ArcArrivals[arc] + seized[arc] * flows.ArcSeized[arc];
        }
        return borne;
    }

    /// <summary>Derivative of the burden by what reaches the head of each arc and by what is seized on it. What begins in a zone is a constant.</summary>
    /// <param name="routes">The case.</param>
    /// <param name="shareByZone">Weight of what each zone bears; empty for 1.</param>
    public (double[] ByArrival, double[] BySeized) Derivatives(RouteCase routes, ReadOnlySpan<double> shareByZone = default)
    {
        var network = routes.Network;
        var (arrival, seized) = (new double[network.ArcCount], new double[network.ArcCount]);
        for (var arc = 0; arc < network.ArcCount; arc++)
        {
            var zone = network.To[arc];
            if (zone >= network.ZoneCount) continue;
            if (Name is "weightedTonnes" or "tonnes" && (Bearers.Count == 0 || Bearers.Contains(zone))) arrival[arc] = Name == "tonnes" ? 1 : routes.Weights[zone];
            seized[arc] = Name switch { "seizedTonnes" => 1, "deliveredTonnes" => -1, "seizedValue" => routes.Central.PriceByZone[zone] / 1000, _ => 0 };
            if (shareByZone.IsEmpty) continue;
            arrival[arc] *= shareByZone[zone];
            seized[arc] *= shareByZone[zone];
        }
        return (arrival, seized);
    }

    /// <summary>The burden of flows.</summary>
    public double Of(RouteCase routes, MarkovianFlows flows)
    {
        var sum = 0.0;
        switch (Name)
        {
            case "deliveredTonnes":
                return flows.TotalDelivered;
            case "seizedTonnes":
                return flows.TotalSeized;
            case "seizedValue":
                for (var arc = 0; arc < routes.Network.ArcCount; arc++)
                {
                    if (routes.Network.To[arc] < routes.Network.ZoneCount) sum += flows.ArcSeized[arc] * routes.Central.PriceByZone[routes.Network.To[arc]] / 1000;
                }
                return sum;
            default:
                for (var zone = 0; zone < routes.Network.ZoneCount; zone++)
                {
                    if (Bearers.Count == 0 || Bearers.Contains(zone)) sum += flows.NodeThroughput[zone] * (Name == "tonnes" ? 1 : routes.Weights[zone]);
                }
                return sum;
        }
    }
}
