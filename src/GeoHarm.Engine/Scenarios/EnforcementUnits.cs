using GeoHarm.Engine.Routes;

namespace GeoHarm.Engine.Scenarios;

/// <summary>Places that an enforcement budget can be spread over, countries or zones, each with the arcs that come into it from outside. Nothing finer: a
/// budget is by place and year.</summary>
public sealed class EnforcementUnits
{
    private EnforcementUnits(IReadOnlyList<string> ids, IReadOnlyList<string> names, IReadOnlyList<IReadOnlyList<int>> zones, IReadOnlyList<IReadOnlyList<int>> arcs) =>
        (Ids, Names, ZonesOf, ArcsInto) = (ids, names, zones, arcs);

    /// <summary>ISO3 of countries, or zone ids.</summary>
    public IReadOnlyList<string> Ids { get; }

    /// <summary>Names.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Zones of each unit.</summary>
    public IReadOnlyList<IReadOnlyList<int>> ZonesOf { get; }

    /// <summary>Arcs from outside into each unit that enforcement there meets.</summary>
    internal IReadOnlyList<IReadOnlyList<int>> ArcsInto { get; }

    /// <summary>Units.</summary>
    public int Count => Ids.Count;

    /// <summary>Units that lie wholly in the places asked for and that some arc comes into.</summary>
    /// <param name="routes">The case.</param>
    /// <param name="countries">Countries, else zones.</param>
    /// <param name="places">Zones, countries or regions; empty for every unit.</param>
    /// <param name="from">Origin region: only arcs from these places; empty for all.</param>
    /// <param name="modes">Modes met; empty for all.</param>
    public static EnforcementUnits Of(RouteCase routes, bool countries, IReadOnlyList<string> places, IReadOnlyList<string> from, IReadOnlyList<string> modes)
    {
        var (zones, network, chosen, origin) = (routes.Inputs.Zones, routes.Network, routes.Resolve(places), routes.Resolve(from));
        var met = modes.Select(m => TransitNetwork.Modes.ToList().IndexOf(m)).ToHashSet();
        var groups = Enumerable.Range(0, zones.Count).GroupBy(z => countries ? zones.Countries[z] : zones.Ids[z], StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Where(g => chosen.Count == 0 || g.All(chosen.Contains)).Select(g => (Id: g.Key, Zones: g.ToList())).Select(g => (g.Id, g.Zones, Arcs: Arcs(g.Zones))).Where(g => g.Arcs.Count > 0).ToList();
        return new EnforcementUnits([.. groups.Select(g => g.Id)], [.. groups.Select(g => countries ? zones.CountryNames[g.Zones[0]] : zones.Names[g.Zones[0]])], [.. groups.Select(g => g.Zones)], [.. groups.Select(g => g.Arcs)]);

        List<int> Arcs(List<int> own) => [.. own.SelectMany(network.ArcsInto).Where(a => !own.Contains(network.From[a]) && !routes.Policy.IsClosed(a)
            && (origin.Count == 0 || origin.Contains(network.From[a])) && (met.Count == 0 || met.Contains(network.Mode[a]))).Order()];
    }
}
