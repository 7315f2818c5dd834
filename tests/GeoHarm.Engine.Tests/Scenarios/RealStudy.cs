using GeoHarm.Engine.Scenarios;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Engine.Tests.Scenarios;

/// <summary>The embedded study read from its CSV tables, without geometry: what the transit model needs.</summary>
internal static class RealStudy
{
    private static readonly Dictionary<string, string[]> Numbers = new(StringComparer.Ordinal)
    {
        ["zones"] = ["area_km2", "lon", "lat"], ["links"] = ["length_km", "border"], ["priors"] = ["central", "low", "high"], ["producer_zones"] = ["share"],
        ["coca_department"] = ["year", "coca_ha"], ["spraying_department"] = ["year", "sprayed_ha"], ["manual_department"] = ["year", "manual_ha"], ["coca_country"] = ["year", "coca_ha"],
        ["displaced_department"] = ["received"], ["governance"] = ["year", "rule_of_law"], ["homicide"] = ["year", "rate"], ["codes"] = [], ["transit_series"] = ["year", "kg"],
    };

    private static readonly Dictionary<string, Layer> Known = new(StringComparer.Ordinal);

    public static Layer Read(string name)
    {
        lock (Known)
        {
            if (!Known.TryGetValue(name, out var layer)) Known[name] = layer = SmallStudy.FromCsv(name == "priors" ? "published/priors.csv" : $"study/{name}.csv", name, Numbers[name]);
            return layer;
        }
    }

    /// <summary>The route case of a policy, or of a scenario of data/scenarios.</summary>
    public static RouteCase Case(string policy = "[]", int baseline = 2010, string more = "") => new(ScenarioInputs.Open(
        ScenarioReader.Read($"name: test\nyears: {{baseline: {baseline}, to: {baseline + 1}}}\npolicy: {policy}\nseed: 5\n{more}", "test.yaml"), Read, "test.yaml"));

    public static RouteCase Embedded(string file)
    {
        var text = File.ReadAllText(Path.Combine(SmallStudy.Repository(), "data", "scenarios", file));
        return new RouteCase(ScenarioInputs.Open(ScenarioReader.Read(text, file), Read, file));
    }
}
