using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Engine.Scenarios;

/// <summary>The zones of a study, in the order of its layer: admin-1 units and countries.</summary>
public sealed class Zones
{
    private readonly Dictionary<string, int> indexOf;

    /// <summary>Reads the layer "zones".</summary>
    public Zones(Layer layer)
    {
        Layer = layer;
        string[] Texts(string column) => [.. Enumerable.Range(0, layer.RowCount).Select(r => layer[column].TextAt(r) ?? "")];
        (Ids, Names, Countries, CountryNames, Regions) = (Texts("zone"), Texts("name"), Texts("country"), Texts("country_name"), Texts("region"));
        (Levels, DepartmentCodes, Consumers) = (Texts("level"), Texts("dane"), Texts("consumer"));
        Longitude = [.. Enumerable.Range(0, layer.RowCount).Select(r => layer["lon"].Number(r))];
        Latitude = [.. Enumerable.Range(0, layer.RowCount).Select(r => layer["lat"].Number(r))];
        indexOf = Ids.Select((id, i) => (id, i)).ToDictionary(p => p.id, p => p.i, StringComparer.Ordinal);
    }

    /// <summary>The layer itself, with geometry.</summary>
    public Layer Layer { get; }

    /// <summary>Number of zones.</summary>
    public int Count => Ids.Length;

    /// <summary>Zone ids.</summary>
    public string[] Ids { get; }

    /// <summary>Zone names.</summary>
    public string[] Names { get; }

    /// <summary>ISO3 country codes.</summary>
    public string[] Countries { get; }

    /// <summary>Country names.</summary>
    public string[] CountryNames { get; }

    /// <summary>Regions, such as "West Africa".</summary>
    public string[] Regions { get; }

    /// <summary>"admin1" or "country".</summary>
    public string[] Levels { get; }

    /// <summary>DANE department codes, "" elsewhere.</summary>
    public string[] DepartmentCodes { get; }

    /// <summary>Consuming market the zone belongs to, "" for none.</summary>
    public string[] Consumers { get; }

    /// <summary>Longitude of a point inside, degrees.</summary>
    public double[] Longitude { get; }

    /// <summary>Latitude of a point inside, degrees.</summary>
    public double[] Latitude { get; }

    /// <summary>Index of a zone id; -1 when unknown.</summary>
    public int IndexOf(string id) => indexOf.GetValueOrDefault(id, -1);

    /// <summary>Zones meant by a place: a zone id, a DANE department code ("dane:86"), an ISO3 country or a region name.</summary>
    public IReadOnlyList<int> Resolve(string place)
    {
        if (indexOf.TryGetValue(place, out var one)) return [one];
        if (place.StartsWith("dane:", StringComparison.Ordinal)) return Where(DepartmentCodes, place[5..]);
        var country = Where(Countries, place);
        return country.Count > 0 ? country : Where(Regions, place);
    }

    /// <summary>Great-ellipse distances between zones, km, row-major over the chosen zones.</summary>
    public double[] DistancesKilometres(IReadOnlyList<int> chosen)
    {
        var distances = new double[chosen.Count * chosen.Count];
        for (var i = 0; i < chosen.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var (a, b) = (chosen[i], chosen[j]);
                var km = Geodesic.Distance(Ellipsoid.Wgs84, Longitude[a], Latitude[a], Longitude[b], Latitude[b]).Kilometres;
                distances[i * chosen.Count + j] = distances[j * chosen.Count + i] = km;
            }
        }
        return distances;
    }

    private static List<int> Where(string[] values, string wanted) =>
        [.. Enumerable.Range(0, values.Length).Where(i => wanted.Length > 0 && values[i] == wanted)];
}
