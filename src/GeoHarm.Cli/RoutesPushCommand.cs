using System.CommandLine;
using System.Diagnostics;
using GeoHarm.Engine.Scenarios;
using GeoHarm.Maps.Reports;
using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using NetTopologySuite.Geometries;

namespace GeoHarm.Cli;

/// <summary>The push map: what one more unit of enforcement in each zone and corridor does to a named burden.</summary>
internal static class RoutesPushCommand
{
    private const double LeastKilometres = 25;

    public static Command Build()
    {
        var settings = new RouteSettings();
        var picture = PictureFile.Option("The push map");
        return CommandLine.Verb("push", "What one more unit of enforcement here does to a burden there: zones and corridors",
            ["geoharm routes push --scenario data/scenarios/do-nothing.yaml --burden weightedTonnes --out out/push", "geoharm routes push --scenario data/scenarios/antilles-2003.yaml --bearer \"West Africa\" --json", "geoharm routes push --scenario data/scenarios/gracias-2011.yaml --picture push.png --lang es"],
            [.. settings.All, picture], (parse, terminal, _) => Run(parse, terminal, settings, parse.GetValue(picture)));
    }

    private static int Run(ParseResult parse, Terminal terminal, RouteSettings settings, string? picture)
    {
        if (picture is not null) PictureFile.Require(picture);
        var clock = Stopwatch.StartNew();
        using var study = new Study(parse.GetValue(settings.Study));
        var routes = settings.Open(parse, study);
        settings.ThreadsOf(parse);
        var map = RoutePush.Of(routes, settings.BurdenOf(parse, routes));
        var zones = routes.Inputs.Zones;
        var corridors = Corridors(routes, map);
        var caveats = RouteSettings.Caveats(routes);
        var layers = settings.Release(Layers(routes, map, corridors), caveats);
        var files = settings.Write(parse, "push.gpkg", layers).ToList();
        if (picture is not null)
        {
            var context = RouteSettings.Context(routes, caveats, terminal);
            files.AddRange(PictureFile.Write(RoutePictures.Push(layers[0], layers[1], PublishedLayer.Open(study.Read("land")), map.Burden.Name, context), picture, parse.GetValue(settings.Force), terminal));
        }
        var order = Enumerable.Range(0, zones.Count).OrderByDescending(z => map.ByZone[z]).ThenBy(z => z).ToArray();
        terminal.Result(new
        {
            burden = map.Burden.Name, unit = map.Burden.Unit, value = map.Value, bearers = map.Burden.Bearers.Order().Select(z => zones.Ids[z]),
            structure = routes.Inputs.Scenario.Structure.ToString().ToLowerInvariant(), perUnitOf = "hazard: 0.01 stops one more per cent of what comes in", mark = RouteSettings.Mark,
            converged = map.Converged, check = new { maxRelativeError = map.MaxRelativeError, zones = map.Checked.Select(z => zones.Ids[z]) },
            zones = order.Select(z => new { zone = zones.Ids[z], name = zones.Names[z], country = zones.Countries[z], dBurden = map.ByZone[z] }),
            corridors = corridors.Select(c => new { from = zones.Ids[c.From], to = zones.Ids[c.To], dBurden = c.Derivative }),
            caveats, files, seconds = clock.Elapsed.TotalSeconds, faults = terminal.Warnings.Select(Terminal.FaultForm),
        },
        output =>
        {
            output.WriteLine($"{map.Burden.Name} {RouteSettings.Number(map.Value)} {map.Burden.Unit}; change for one more per cent of what comes in stopped:");
            foreach (var z in order.Take(5).Concat(order.TakeLast(5))) output.WriteLine($"  {zones.Ids[z],-8} {zones.Names[z],-28} {RouteSettings.Number(map.ByZone[z] / 100)}");
            output.WriteLine($"check against re-solved equilibria: {RouteSettings.Number(map.MaxRelativeError)} of the largest; {RouteSettings.Mark}; {clock.Elapsed.TotalSeconds:F1} s");
        });
        return map.Converged ? ExitCode.Ok : ExitCode.NotConverged;
    }

    private static List<(int From, int To, double Derivative)> Corridors(RouteCase routes, PushMap map)
    {
        var network = routes.Network;
        var sums = new SortedDictionary<(int, int), double>();
        for (var arc = 0; arc < network.ArcCount; arc++)
        {
            if (network.To[arc] >= network.ZoneCount || network.Kilometres[arc] < LeastKilometres) continue;
            var key = (network.From[arc], network.To[arc]);
            sums[key] = sums.GetValueOrDefault(key) + map.ByArc[arc];
        }
        return [.. sums.Select(s => (s.Key.Item1, s.Key.Item2, s.Value)).OrderByDescending(c => Math.Abs(c.Value)).ThenBy(c => c.Item1).ThenBy(c => c.Item2)];
    }

    private static Layer[] Layers(RouteCase routes, PushMap map, List<(int From, int To, double Derivative)> corridors)
    {
        var zones = routes.Inputs.Zones;
        var made = new Provenance("GeoHarm routes push", "Apache-2.0; see data/README.md for the inputs");
        var all = Enumerable.Range(0, zones.Count).ToArray();
        var factory = new GeometryFactory();
        Geometry Line((int From, int To, double) c) => factory.CreateLineString([new Coordinate(zones.Longitude[c.From], zones.Latitude[c.From]), new Coordinate(zones.Longitude[c.To], zones.Latitude[c.To])]);
        return
        [
            new Layer("push_zones",
            [
                Column.Text("zone", zones.Ids), Column.Text("name", zones.Names), Column.Text("country", zones.Countries), Column.Text("region", zones.Regions),
                Column.Real("d_burden", map.ByZone, map.Burden.Unit + " per unit of hazard"), Column.Real("d_burden_per_cent", map.ByZone.Select(d => d / 100), map.Burden.Unit + " per cent stopped"),
                Column.Text("burden", all.Select(_ => map.Burden.Name)), Column.Text("mark", all.Select(_ => RouteSettings.Mark)),
            ], [.. all.Select(zones.Layer.GeometryAt)], zones.Layer.Crs, provenance: made, title: "Change of a burden by enforcement on what comes into each zone"),
            new Layer("push_corridors",
            [
                Column.Text("from_zone", corridors.Select(c => zones.Ids[c.From])), Column.Text("to_zone", corridors.Select(c => zones.Ids[c.To])),
                Column.Text("from_name", corridors.Select(c => zones.Names[c.From])), Column.Text("to_name", corridors.Select(c => zones.Names[c.To])),
                Column.Real("d_burden", corridors.Select(c => c.Derivative), map.Burden.Unit + " per unit of hazard"), Column.Real("d_burden_per_cent", corridors.Select(c => c.Derivative / 100), map.Burden.Unit + " per cent stopped"),
                Column.Real("lon1", corridors.Select(c => zones.Longitude[c.From])), Column.Real("lat1", corridors.Select(c => zones.Latitude[c.From])),
                Column.Real("lon2", corridors.Select(c => zones.Longitude[c.To])), Column.Real("lat2", corridors.Select(c => zones.Latitude[c.To])), Column.Text("mark", corridors.Select(_ => RouteSettings.Mark)),
            ], [.. corridors.Select(Line)], CoordinateSystem.Wgs84, provenance: made, title: "Change of a burden by enforcement between zones, all modes; lines join zones and are no routes"),
        ];
    }
}
