using GeoHarm.Engine.Scenarios;
using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using NetTopologySuite.Geometries;

namespace GeoHarm.Engine.Tests.Scenarios;

/// <summary>Studies of a few zones whose equilibria can be worked by hand or searched by brute force: coca in S, the only market in M, no congestion or risk
/// feedback but what a test sets.</summary>
internal static class TinyRoutes
{
    /// <summary>A case.</summary>
    /// <param name="links">Ends, kilometres; all by boat, all across a border.</param>
    /// <param name="priors">Priors set, by key.</param>
    /// <param name="structure">Structure.</param>
    public static RouteCase Case((string A, string B, double Kilometres)[] links, (string Key, double Value)[] priors, string structure = "reference")
    {
        string[] ids = [.. links.SelectMany(l => new[] { l.A, l.B }).Distinct().Order(StringComparer.Ordinal)];
        var factory = new GeometryFactory();
        Layer Table(string name, params Column[] columns) => new(name, columns);
        var layers = new Dictionary<string, Layer>(StringComparer.Ordinal)
        {
            ["zones"] = new("zones",
            [
                Column.Text("zone", ids), Column.Text("name", ids), Column.Text("country", ids), Column.Text("country_name", ids), Column.Text("region", ids),
                Column.Text("level", ids.Select(z => z == "S" ? "admin1" : "country")), Column.Text("dane", ids.Select(z => z == "S" ? "01" : null)), Column.Text("consumer", ids.Select(z => z == "M" ? "north_america" : null)),
                Column.Real("lon", ids.Select((z, _) => z == "S" ? 0.0 : z == "M" ? 9 : 5)), Column.Real("lat", ids.Select(_ => 0.0)),
            ], [.. ids.Select(_ => (Geometry)factory.CreatePoint(new Coordinate(0, 0)))], CoordinateSystem.Wgs84),
            ["links"] = Table("links", Column.Text("a", links.Select(l => l.A)), Column.Text("b", links.Select(l => l.B)), Column.Text("mode", links.Select(_ => "boat")), Column.Real("length_km", links.Select(l => l.Kilometres)), Column.Integer("border", links.Select(_ => (long?)1))),
            ["coca_department"] = Table("coca_department", Column.Text("dane", ["01", "01", "01"]), Column.Integer("year", [2000, 2001, 2002]), Column.Real("coca_ha", [1000, 1000, 1000])),
        };
        var settings = string.Concat(new (string, double)[] { ("route.congestion", 0), ("route.risk_feedback", 0), ("demand.europe", 0), ("demand.rest", 0) }.Where(d => priors.All(p => p.Key != d.Item1)).Concat(priors)
            .Select(p => FormattableString.Invariant($"  {p.Item1}: {{central: {p.Item2:R}, low: {p.Item2:R}, high: {p.Item2:R}}}\n")));
        var scenario = ScenarioReader.Read($"name: tiny\nyears: {{baseline: 2001, to: 2002}}\npolicy: []\nseed: 5\nstructure: {structure}\npriors:\n{settings}", "tiny.yaml");
        return new RouteCase(ScenarioInputs.Open(scenario, name => layers.GetValueOrDefault(name) ?? SmallStudy.Layers(name), "tiny.yaml"));
    }

    /// <summary>Two like ways from S to M, over A and over B, each leg of so many kilometres.</summary>
    public static RouteCase TwoWays(double overA = 2000, double overB = 2000) =>
        Case([("S", "A", overA), ("S", "B", overB), ("A", "M", 2000), ("B", "M", 2000)], [("route.theta", 6), ("route.hazard.boat", 0.2), ("route.border", 1)]);
}
