using GeoHarm.Engine.Routes;
using GeoHarm.Routing.Equilibrium;
using GeoHarm.Routing.Sweeps;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Engine.Scenarios;

/// <summary>What a sweep does in each place.</summary>
public sealed record RouteSweepOptions
{
    /// <summary>Share of the cargo that comes into the place that is stopped there, above 0 and below 1; default 0.5.</summary>
    public double Control { get; init; } = 0.5;

    /// <summary>Modes met; empty for all.</summary>
    public IReadOnlyList<string> Modes { get; init; } = [];

    /// <summary>Origin region: only what comes in from these places; empty for all. Without it a place's own supply chain is met too.</summary>
    public IReadOnlyList<string> From { get; init; } = [];

    /// <summary>Only policies in these zones, countries or regions; empty for every one of the study.</summary>
    public IReadOnlyList<string> Places { get; init; } = [];

    /// <summary>Recipients kept for each variant; default 10.</summary>
    public int Recipients { get; init; } = 10;

    /// <summary>Threads; results do not depend on it.</summary>
    public int Threads { get; init; } = 1;
}

/// <summary>A place that receives what a variant pushed, with its capacity to bear it.</summary>
/// <param name="Zone">Zone id, or ISO3 for a country.</param>
/// <param name="Name">Name.</param>
/// <param name="Country">ISO3.</param>
/// <param name="Gain">Tonnes a year that newly arrive.</param>
/// <param name="RuleOfLaw">Governance estimate, -2.5 to 2.5; NaN where unknown.</param>
/// <param name="HomicideRate">Homicides per 100,000; NaN where unknown.</param>
public sealed record RouteRecipient(string Zone, string Name, string Country, double Gain, double RuleOfLaw, double HomicideRate);

/// <summary>What one more enforcement in one place does.</summary>
/// <param name="Unit">Country (ISO3) or admin-1 unit as its source names it.</param>
/// <param name="Name">Name.</param>
/// <param name="Level">"country" or "admin1".</param>
/// <param name="Node">Zone that holds the unit (a dissolved unit acts on it); ISO3 for a country.</param>
public sealed record RouteVariant(string Unit, string Name, string Level, string Node)
{
    /// <summary>Whether the equilibrium was reached.</summary>
    public bool Converged { get; init; }

    /// <summary>Why there is none; null otherwise.</summary>
    public string? Failure { get; init; }

    /// <summary>Tonnes sent into the place, before.</summary>
    public double Before { get; init; }

    /// <summary>Tonnes no longer sent into the place.</summary>
    public double NoLongerSent { get; init; }

    /// <summary>Tonnes newly sent into other places: what left this one, and the extra legs of longer ways.</summary>
    public double Pushed { get; init; }

    /// <summary>Of <see cref="Pushed"/>, newly seized on the way there.</summary>
    public double SeizedOnTheWay { get; init; }

    /// <summary>Sum over all other places of what newly arrives, losers counted below 0: pushed less seized on the way.</summary>
    public double Received { get; init; }

    /// <summary>Sum over those that gain.</summary>
    public double GainersReceive { get; init; }

    /// <summary>More seized in all.</summary>
    public double SeizedMore { get; init; }

    /// <summary>Change of the named burden.</summary>
    public double BurdenChange { get; init; }

    /// <summary>|received - (pushed - seized on the way)| as a share of all tonnes.</summary>
    public double BalanceError { get; init; }

    /// <summary>Zones that gain most.</summary>
    public IReadOnlyList<RouteRecipient> Zones { get; init; } = [];

    /// <summary>Countries that gain most; arrivals within a country are not counted.</summary>
    public IReadOnlyList<RouteRecipient> Countries { get; init; } = [];
}

/// <summary>
/// Every single-country and single-admin-1 policy of a study in one run: enforcement on what comes into the place, each
/// re-equilibrated from a warm start at the central priors, on top of the scenario's own policy. Conservation is checked with
/// figures of two kinds: arrivals are node throughput (a linear solve), what is sent and seized are sums over arcs.
/// </summary>
public static class RouteSweep
{
    /// <summary>Runs the sweep.</summary>
    /// <param name="routes">The case.</param>
    /// <param name="codes">Table of units with their zone (unit, name, zone, iso3).</param>
    /// <param name="burden">The named burden.</param>
    /// <param name="options">Settings.</param>
    /// <param name="progress">Told the share done, 0 to 1.</param>
    /// <param name="cancel">Stops between variants.</param>
    public static IReadOnlyList<RouteVariant> Run(RouteCase routes, Layer codes, RouteBurden burden, RouteSweepOptions options, Action<double>? progress, CancellationToken cancel)
    {
        var zones = routes.Inputs.Zones;
        var chosen = routes.Resolve(options.Places);
        bool Chosen(IEnumerable<int> place) => chosen.Count == 0 || place.All(chosen.Contains);
        var places = zones.Ids.Select((id, z) => (Id: id, Zones: new HashSet<int> { z })).Concat(zones.Countries.Select((c, z) => (c, z)).GroupBy(p => p.c, p => p.z)
            .Where(g => g.Count() > 1).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => (Id: g.Key, Zones: g.ToHashSet()))).Where(p => Chosen(p.Zones)).ToList();
        var origin = routes.Resolve(options.From);
        var modes = options.Modes.Select(m => TransitNetwork.Modes.ToList().IndexOf(m)).ToHashSet();
        var policies = places.Select(p => (p.Id, Policy(routes, p.Zones, origin, modes, options.Control))).ToList();
        var model = routes.BaselineModel(routes.Inputs.Scenario.Structure, routes.Central);
        var outcomes = model.Sweep(routes.Policy, policies, options.Threads, out var before, cancel);
        var byPlace = new Dictionary<string, RouteVariant>(StringComparer.Ordinal);
        foreach (var outcome in outcomes)
        {
            byPlace[outcome.Variant.Name] = Variant(routes, places[outcome.Index].Zones, before, outcome, burden, options);
            progress?.Invoke((outcome.Index + 1.0) / places.Count);
        }
        return [.. Units(zones, codes).Where(u => byPlace.ContainsKey(u.Node)).Select(u => byPlace[u.Node] with { Unit = u.Unit, Name = u.Name, Level = u.Level, Node = u.Node })];
    }

    /// <summary>Countries first, then every admin-1 unit of the sources with the zone that holds it; the node of a country is itself.</summary>
    public static IEnumerable<(string Unit, string Name, string Level, string Node)> Units(Zones zones, Layer codes)
    {
        var zoneIds = zones.Ids.ToHashSet(StringComparer.Ordinal);
        foreach (var country in zones.Countries.Zip(zones.CountryNames, zones.Ids).DistinctBy(c => c.First).OrderBy(c => c.First, StringComparer.Ordinal))
        {
            yield return (country.First, country.Second, "country", zones.Countries.Count(c => c == country.First) > 1 ? country.First : country.Third);
        }
        for (var row = 0; row < codes.RowCount; row++)
        {
            var (unit, zone) = (codes["unit"].TextAt(row)!, codes["zone"].TextAt(row)!);
            if (zoneIds.Contains(zone) && unit.Contains('.', StringComparison.Ordinal)) yield return (unit, codes["name"].TextAt(row)!, "admin1", zone);
        }
    }

    private static TransitPolicy Policy(RouteCase routes, HashSet<int> place, HashSet<int> origin, HashSet<int> modes, double control)
    {
        var policy = routes.Policy.Copy();
        var hazard = -PortableMath.Log(1 - control);
        foreach (var zone in place.Order())
        {
            foreach (var arc in routes.Network.ArcsInto(zone))
            {
                var from = routes.Network.From[arc];
                if (!place.Contains(from) && (origin.Count == 0 || origin.Contains(from)) && (modes.Count == 0 || modes.Contains(routes.Network.Mode[arc]))) policy.Raise(arc, hazard);
            }
        }
        return policy;
    }

    private static RouteVariant Variant(RouteCase routes, HashSet<int> place, MarkovianEquilibriumResult before, SweepOutcome outcome, RouteBurden burden, RouteSweepOptions options)
    {
        var empty = new RouteVariant("", "", "", "");
        if (outcome.Result is not { } after) return empty with { Failure = outcome.Failure!.Message };
        var (network, zones) = (routes.Network, routes.Inputs.Zones);
        double sentBefore = 0, sentAfter = 0, pushed = 0, seized = 0;
        var byCountry = new SortedDictionary<string, double>(StringComparer.Ordinal);
        for (var arc = 0; arc < network.ArcCount; arc++)
        {
            var (from, to) = (network.From[arc], network.To[arc]);
            if (to >= network.ZoneCount) continue;
            var (sent, taken) = (after.Flows.ArcFlow[arc] - before.Flows.ArcFlow[arc], after.Flows.ArcSeized[arc] - before.Flows.ArcSeized[arc]);
            if (!place.Contains(to))
            {
                pushed += sent;
                seized += taken;
                if (zones.Countries[from] != zones.Countries[to]) byCountry[zones.Countries[to]] = byCountry.GetValueOrDefault(zones.Countries[to]) + sent - taken;
            }
            else if (!place.Contains(from))
            {
                sentBefore += before.Flows.ArcFlow[arc];
                sentAfter += after.Flows.ArcFlow[arc];
            }
        }
        double received = 0, gainers = 0;
        var gains = new (int Zone, double Gain)[network.ZoneCount];
        for (var zone = 0; zone < gains.Length; zone++)
        {
            var gain = place.Contains(zone) ? 0 : after.Flows.NodeThroughput[zone] - before.Flows.NodeThroughput[zone]; // what begins there is the same on both sides
            gains[zone] = (zone, gain);
            received += gain;
            gainers += Math.Max(0, gain);
        }
        RouteRecipient Of(string id, string name, int zone, double gain) => new(id, name, zones.Countries[zone], gain, routes.Inputs.RuleOfLaw[zone], routes.Inputs.HomicideRate[zone]);
        int First(string country) => Array.IndexOf(zones.Countries, country);
        return empty with
        {
            Converged = after.Converged,
            Before = sentBefore,
            NoLongerSent = sentBefore - sentAfter,
            Pushed = pushed,
            SeizedOnTheWay = seized,
            Received = received,
            GainersReceive = gainers,
            SeizedMore = after.Flows.TotalSeized - before.Flows.TotalSeized,
            BurdenChange = burden.Of(routes, after.Flows) - burden.Of(routes, before.Flows),
            BalanceError = Math.Abs(received - (pushed - seized)) / before.Flows.TotalSource,
            Zones = [.. gains.Where(g => g.Gain > 0).OrderByDescending(g => g.Gain).ThenBy(g => g.Zone).Take(options.Recipients).Select(g => Of(zones.Ids[g.Zone], zones.Names[g.Zone], g.Zone, g.Gain))],
            Countries = [.. byCountry.Where(c => c.Value > 0).OrderByDescending(c => c.Value).Take(options.Recipients).Select(c => Of(c.Key, zones.CountryNames[First(c.Key)], First(c.Key), c.Value))],
        };
    }
}
