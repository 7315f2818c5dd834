using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.Distance;

namespace GeoHarm.Recipes;

/// <summary>A link between two zones, usable both ways.</summary>
internal sealed record Link(int A, int B, string Mode, double LengthKm);

/// <summary>How dense the network is; chosen so that one sparse factorisation of it stays near 15 ms and every zone is reached.</summary>
internal sealed record LinkOptions
{
    /// <summary>No link is shorter, km: shorter ones only measure where the points of two zones were put.</summary>
    public double ShortestKm { get; init; } = 25;

    /// <summary>Every pair of coasts of one ocean this near over water has a boat link, km.</summary>
    public double BoatKm { get; init; } = 250;

    /// <summary>Over open sea: the nearest coast of each other country within so many km, of so many countries.</summary>
    public double CrossingKm { get; init; } = 1200;

    public int CrossingCountries { get; init; } = 6;

    /// <summary>A coast joins the sea lanes through the nearest vertices of its own ocean, at most so far over water.</summary>
    public double LaneKm { get; init; } = 900;

    public int LaneVertices { get; init; } = 4;

    /// <summary>Shipping between zones outside the consuming countries: so many nearest by sea for each.</summary>
    public int ShipNeighbours { get; init; } = 12;

    /// <summary>Across the southern Atlantic, by ship and by air: so many shortest links for each pair of countries.</summary>
    public int AcrossEachPair { get; init; } = 2;

    /// <summary>Light aircraft between any zones with an airport, km.</summary>
    public double LightAirKm { get; init; } = 250;

    /// <summary>Light aircraft abroad: the nearest zone with an airport of each other country within so many km, of so many countries.</summary>
    public double AirCrossingKm { get; init; } = 2000;

    public int AirCrossingCountries { get; init; } = 5;

    /// <summary>Every zone with an airport keeps so many nearest, at any distance, so that none is cut off.</summary>
    public int AirNearest { get; init; } = 2;

    /// <summary>Between any airport and a gateway, km.</summary>
    public double GatewayAirKm { get; init; } = 700;

    /// <summary>Between gateways outside the consuming countries, km.</summary>
    public double TrunkAirKm { get; init; } = 3500;

    /// <summary>From gateways to consuming countries, and across the southern Atlantic, km.</summary>
    public double LongAirKm { get; init; } = 11000;
}

/// <summary>Builds the links of the study: land, boat, ship, air.</summary>
internal sealed class Links(IReadOnlyList<Zone> zones, LinkOptions options)
{
    private static readonly HashSet<string> SouthernAmerica = ["Andes", "South America"];

    /// <summary>Lesser Antilles have long runways for visitors: their long legs go only where they had scheduled service to a European country,
    /// or their airports would draw as much traffic as a capital's.</summary>
    private static readonly Dictionary<string, string[]> IslandLegs = new(StringComparer.Ordinal)
    {
        ["CUW"] = ["NLD", "USA"], ["ABW"] = ["NLD", "USA"], ["BES"] = ["NLD", "USA"], ["SXM"] = ["NLD", "FRA", "USA"], ["MAF"] = ["FRA"],
        ["GLP"] = ["FRA"], ["MTQ"] = ["FRA"], ["GUF"] = ["FRA"], ["BRB"] = ["GBR", "USA", "CAN"], ["LCA"] = ["GBR", "USA"], ["ATG"] = ["GBR", "USA"],
        ["GRD"] = ["GBR", "USA"], ["KNA"] = ["USA"], ["VCT"] = [], ["DMA"] = [], ["MSR"] = [], ["AIA"] = [], ["VGB"] = [], ["VIR"] = ["USA"],
        ["TCA"] = ["USA"], ["CYM"] = ["USA", "GBR"],
    };

    /// <summary>Zones that border on land.</summary>
    public List<Link> Land() => [.. Borders.Pairs(zones).Select(p => new Link(p.A, p.B, "land", Length(OverLand(zones[p.A], zones[p.B]))))];

    /// <summary>Between the points of two units; between a unit and a country polygon to the border, as sea and air legs end at its coast and airport.</summary>
    private static double OverLand(Zone a, Zone b)
    {
        if (a.Level == b.Level) return Earth.DistanceKm(a.Point, b.Point);
        var (unit, country) = a.Level == "country" ? (b, a) : (a, b);
        return Earth.DistanceKm(unit.Point, DistanceOp.NearestPoints(country.Shape, TopoJson.Factory.CreatePoint(unit.Point))[0]);
    }

    /// <summary>Coasts of one ocean: all near pairs, at least the nearest, and the nearest coast of each country across open sea. The length is the shorter of the two
    /// ways from the middle of one coast to the other coast.</summary>
    public IEnumerable<Link> Boat(IReadOnlyList<Coast> coasts, SeaGrid sea)
    {
        var best = new SortedDictionary<(int, int), double>();
        var owners = coasts.SelectMany(c => c.Cells.Select(cell => (cell, c.Zone))).ToLookup(c => c.cell, c => c.Zone);
        foreach (var coast in coasts.Where(c => zones[c.Zone].Country.Region is not ("Europe" or "Southern Africa")))
        {
            var found = sea.Reach(coast.Anchor, options.CrossingKm).SelectMany(r => owners[r.Key].Select(zone => (Zone: zone, Km: r.Value)))
                .Where(r => r.Zone != coast.Zone).GroupBy(r => r.Zone).Select(g => g.MinBy(r => r.Km)).OrderBy(r => r.Km).ThenBy(r => r.Zone).ToList();
            foreach (var (zone, km) in found.Where((f, rank) => rank == 0 || f.Km <= options.BoatKm).Concat(Abroad(coast.Zone, found, options.CrossingCountries))) Keep(best, coast.Zone, zone, km);
        }
        return Made(best, "boat");
    }

    /// <summary>Coasts with a port, by sea lane.</summary>
    public IEnumerable<Link> Ship(IReadOnlyList<Coast> coasts, IReadOnlyList<Harbour> ports, SeaGrid sea, SeaLanes lanes)
    {
        var berths = Berths(coasts, ports, sea);
        var onGrid = lanes.Main.Order().Select(v => (Vertex: v, Cell: sea.Cell(lanes.Place(v)))).Where(v => v.Cell >= 0 && SeaGrid.IsOcean(sea[v.Cell])).ToLookup(v => v.Cell, v => v.Vertex);
        var connectors = berths.Select(b => sea.Reach(b.Anchor, options.LaneKm).SelectMany(r => onGrid[r.Key].Select(v => (Vertex: v, Km: r.Value)))
            .OrderBy(c => c.Km).ThenBy(c => c.Vertex).Take(options.LaneVertices).ToList()).ToList();
        var best = new SortedDictionary<(int, int), double>();
        var across = new List<(int A, int B, double Km)>();
        for (var i = 0; i < berths.Count; i++)
        {
            var reach = lanes.From(connectors[i]);
            var all = Enumerable.Range(0, berths.Count).Where(j => berths[j].Zone != berths[i].Zone)
                .Select(j => (berths[j].Zone, Km: connectors[j].Select(c => reach[c.Vertex] + c.Km).DefaultIfEmpty(double.PositiveInfinity).Min()))
                .Where(l => double.IsFinite(l.Km)).OrderBy(l => l.Km).ThenBy(l => l.Zone).ToList();
            foreach (var (zone, km) in all.Where(l => !IsConsuming(l.Zone)).Take(options.ShipNeighbours).Concat(all.Where(l => IsConsuming(l.Zone)))) Keep(best, berths[i].Zone, zone, km);
            across.AddRange(all.Where(l => AcrossTheSouth(berths[i].Zone, l.Zone)).Select(l => (berths[i].Zone, l.Zone, l.Km)));
        }
        foreach (var (a, b, km) in ShortestOfEachPair(across)) Keep(best, a, b, km);
        return Made(best, "ship");
    }

    /// <summary>Zones with airports; neighbours by land fly only where little else is near.</summary>
    public IEnumerable<Link> Air(IReadOnlyList<Harbour> airports, IEnumerable<Link> land)
    {
        var adjacent = land.Select(l => (l.A, l.B)).ToHashSet();
        var fields = Fields(airports);
        var best = new SortedDictionary<(int, int), double>();
        var across = new List<(int A, int B, double Km)>();
        foreach (var a in fields)
        {
            var all = fields.Where(b => b.Zone != a.Zone).Select(b => (Field: b, Km: Earth.DistanceKm(a.Place, b.Place))).OrderBy(b => b.Km).ThenBy(b => b.Field.Zone).ToList();
            foreach (var (b, km) in all.Where((b, rank) => rank < options.AirNearest || (b.Km <= Range(a, b.Field) && !adjacent.Contains(a.Zone < b.Field.Zone ? (a.Zone, b.Field.Zone) : (b.Field.Zone, a.Zone))))) Keep(best, a.Zone, b.Zone, km);
            across.AddRange(all.Where(b => a.Gateway && b.Field.Gateway && b.Km <= options.LongAirKm && AcrossTheSouth(a.Zone, b.Field.Zone)).Select(b => (a.Zone, b.Field.Zone, b.Km)));
            if (IsConsuming(a.Zone)) continue;
            var near = all.Where(b => !IsConsuming(b.Field.Zone) && b.Km <= options.AirCrossingKm).Select(b => (b.Field.Zone, b.Km)).ToList();
            foreach (var (b, km) in Abroad(a.Zone, near, options.AirCrossingCountries)) Keep(best, a.Zone, b, km);
        }
        foreach (var (a, b, km) in ShortestOfEachPair(across)) Keep(best, a, b, km);
        return Made(best, "air");
    }

    /// <summary>The nearest of each other country, of the nearest so many countries.</summary>
    private IEnumerable<(int Zone, double Km)> Abroad(int from, List<(int Zone, double Km)> sorted, int most) =>
        sorted.Where(f => zones[f.Zone].Country != zones[from].Country).GroupBy(f => zones[f.Zone].Country.Iso3, StringComparer.Ordinal).Select(g => g.First()).Take(most);

    private IEnumerable<(int A, int B, double Km)> ShortestOfEachPair(List<(int A, int B, double Km)> links) => links
        .Select(l => l.A < l.B ? l : (A: l.B, B: l.A, l.Km)).GroupBy(l => (l.A, l.B)).Select(g => g.MinBy(l => l.Km))
        .GroupBy(l => string.CompareOrdinal(zones[l.A].Country.Iso3, zones[l.B].Country.Iso3) < 0 ? (zones[l.A].Country.Iso3, zones[l.B].Country.Iso3) : (zones[l.B].Country.Iso3, zones[l.A].Country.Iso3))
        .SelectMany(g => g.OrderBy(l => l.Km).ThenBy(l => (l.A, l.B)).Take(options.AcrossEachPair));

    private double Range((int Zone, Coordinate Place, bool Gateway) a, (int Zone, Coordinate Place, bool Gateway) b)
    {
        if (IsConsuming(a.Zone) && IsConsuming(b.Zone)) return options.GatewayAirKm;
        if (IsConsuming(a.Zone) || IsConsuming(b.Zone))
        {
            var (from, to) = IsConsuming(a.Zone) ? (b, zones[a.Zone].Id) : (a, zones[b.Zone].Id);
            if (IslandLegs.TryGetValue(zones[from.Zone].Id, out var legs)) return legs.Contains(to) ? options.LongAirKm : 0;
            return from.Gateway ? options.LongAirKm : options.GatewayAirKm;
        }
        if (IslandLegs.ContainsKey(zones[a.Zone].Id) || IslandLegs.ContainsKey(zones[b.Zone].Id)) return a.Gateway && b.Gateway ? options.GatewayAirKm : options.LightAirKm;
        if (!a.Gateway && !b.Gateway) return options.LightAirKm;
        if (!a.Gateway || !b.Gateway) return options.GatewayAirKm;
        return options.TrunkAirKm;
    }

    /// <summary>Zones with an airport; a gateway has a large one with scheduled service, or is the country's best where it has none large.</summary>
    private List<(int Zone, Coordinate Place, bool Gateway)> Fields(IReadOnlyList<Harbour> airports)
    {
        var withLarge = airports.Where(a => a.Kind == "large" && a.Scheduled).Select(a => zones[a.Zone].Country.Iso3).ToHashSet(StringComparer.Ordinal);
        return [.. airports.GroupBy(a => a.Zone).OrderBy(g => g.Key).Select(g =>
        {
            var main = g.OrderByDescending(a => a.Kind == "large").ThenByDescending(a => a.Scheduled).ThenByDescending(IsInternational).ThenBy(a => a.Code, StringComparer.Ordinal).First();
            var gateway = main.Scheduled && (main.Kind == "large" || (!withLarge.Contains(zones[g.Key].Country.Iso3) && (IsInternational(main) || zones[g.Key].Level == "country")));
            return (g.Key, main.Place, gateway);
        })];
        static bool IsInternational(Harbour airport) => airport.Name.Contains("International", StringComparison.Ordinal);
    }

    /// <summary>Coasts of zones with a port; a zone on two oceans takes the one its port lies on.</summary>
    private static List<Coast> Berths(IReadOnlyList<Coast> coasts, IReadOnlyList<Harbour> ports, SeaGrid sea)
    {
        var byZone = coasts.ToLookup(c => c.Zone);
        return [.. ports.Where(p => byZone.Contains(p.Zone))
            .Select(p => byZone[p.Zone].OrderBy(c => Earth.DistanceKm(sea.Centre(c.Anchor), p.Place)).First())
            .Distinct().OrderBy(c => c.Zone).ThenBy(c => c.Basin)];
    }

    private bool IsConsuming(int zone) => zones[zone].Country.Consumer is "north_america" or "europe";

    private bool AcrossTheSouth(int a, int b) => IsAcross(zones[a].Country.Region, zones[b].Country.Region) || IsAcross(zones[b].Country.Region, zones[a].Country.Region);

    private static bool IsAcross(string from, string to) => SouthernAmerica.Contains(from) && to is ("West Africa" or "Southern Africa");

    private void Keep(SortedDictionary<(int, int), double> best, int a, int b, double km)
    {
        var key = a < b ? (a, b) : (b, a);
        var length = Length(km);
        if (!best.TryGetValue(key, out var known) || length < known) best[key] = length;
    }

    private double Length(double km) => Math.Round(Math.Max(options.ShortestKm, km), 1);

    private static IEnumerable<Link> Made(SortedDictionary<(int A, int B), double> best, string mode) => best.Select(l => new Link(l.Key.A, l.Key.B, mode, l.Value));
}
