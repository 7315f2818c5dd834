using GeoHarm.Engine.Displacement;
using GeoHarm.Engine.Publication;
using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Quantities;
using NetTopologySuite.Geometries;

namespace GeoHarm.Engine.Scenarios;

/// <summary>A forecast at one horizon, beside the what-if and never part of it.</summary>
/// <param name="Horizon">Years ahead of the baseline.</param>
/// <param name="Map">Persistence as the point, the hurdle-binned distribution around it.</param>
public sealed record ProjectionForecast(int Horizon, CocaForecastResult Map);

/// <summary>Turns a projection into layers, still behind the publication gate: units (map), balance, kappa_range, forecast, assumptions.</summary>
public static class ProjectionTables
{
    /// <summary>Must stand on every output of a projection (findings.md A5).</summary>
    public const string NotIdentified =
        "The data do not identify where removed hectares reappear: kappa, lambda and rho are assumptions. Nearby municipalities rise and fall together.";

    private static readonly Provenance Computed = new("GeoHarm displacement projection", "as the panel it rests on; inputs: see the run");

    /// <summary>Sentences on every output: what a scenario is, what is not identified, and the scenario's own.</summary>
    public static IReadOnlyList<string> Caveats(Scenario scenario) => [.. PublicationGate.ModelCaveats, NotIdentified, .. scenario.Caveats];

    /// <summary>All layers.</summary>
    /// <param name="inputs">Plan and priors.</param>
    /// <param name="result">The ensemble.</param>
    /// <param name="codes">Code of each unit.</param>
    /// <param name="names">Name of each unit.</param>
    /// <param name="shapes">Polygon of each unit in longitude and latitude.</param>
    /// <param name="forecasts">Forecasts from the baseline year.</param>
    public static IReadOnlyList<Layer> Build(
        CultivationInputs inputs, ProjectionResult result, IReadOnlyList<string> codes, IReadOnlyList<string> names, IReadOnlyList<Geometry?> shapes, IReadOnlyList<ProjectionForecast> forecasts) =>
    [
        Units(inputs, result, codes, names, shapes), Balance(result), KappaRange(result, codes, names), Assumptions(inputs),
        .. forecasts.Count > 0 ? [Forecast(inputs, codes, names, forecasts)] : Array.Empty<Layer>(),
    ];

    private static Layer Units(CultivationInputs inputs, ProjectionResult result, IReadOnlyList<string> codes, IReadOnlyList<string> names, IReadOnlyList<Geometry?> shapes)
    {
        var units = result.Units;
        var columns = new List<Column>
        {
            Column.Text("zone", codes), Column.Text("name", names), Column.Text("country", codes.Select(_ => "")), Column.Integer("year", units.Select(_ => (long?)inputs.Scenario.ToYear)),
            Column.Real("start_ha", units.Select(u => u.Start), "ha"),
        };
        foreach (var (name, part) in new (string, Func<ProjectedUnit, Interval>)[]
        {
            ("cultivation_ha_before", u => u.Before), ("cultivation_ha_after", u => u.After), ("cultivation_ha_change", u => u.Change), ("removed_ha", u => u.Removed),
            ("replanted_ha", u => u.Replanted), ("reappeared_ha", u => u.Reappeared), ("announced_ha", u => u.Announced), ("growth_ha", u => u.Growth),
        })
        {
            columns.AddRange(Three(name, units.Select(part).ToArray()));
        }
        return new Layer("units", columns, shapes, CoordinateSystem.Wgs84, provenance: Computed, title: $"{inputs.Scenario.Title}: hectares by unit, {inputs.Scenario.ToYear}");
    }

    private static Layer Balance(ProjectionResult result) => new("balance",
    [
        Column.Text("part", result.Balance.Select(b => b.Part)), .. Three("hectares", [.. result.Balance.Select(b => b.Hectares)]),
    ], provenance: Computed, title: "Balance: start + announced - removed + replanted + reappeared + growth = after; removed - replanted = reappeared + ended - induced");

    private static Layer KappaRange(ProjectionResult result, IReadOnlyList<string> codes, IReadOnlyList<string> names)
    {
        var rows = (from k in Enumerable.Range(0, CultivationInputs.Kappas.Count) from u in result.Units select (k, u)).ToArray();
        return new Layer("kappa_range",
        [
            Column.Text("kappa_km", rows.Select(r => KappaWord(CultivationInputs.Kappas[r.k]))), Column.Text("zone", rows.Select(r => codes[r.u.Unit])), Column.Text("name", rows.Select(r => names[r.u.Unit])),
            .. Three("reappeared_ha", [.. rows.Select(r => r.u.ReappearedByKappa[r.k])]),
        ], provenance: Computed, title: "Hectares reappearing under each length scale: what-ifs side by side");
    }

    private static Layer Assumptions(CultivationInputs inputs)
    {
        var priors = inputs.Drawn.ToArray();
        return new Layer("assumptions",
        [
            Column.Text("key", priors.Select(p => p.Key)), Column.Real("central", priors.Select(p => p.Central)), Column.Real("low", priors.Select(p => p.Low)), Column.Real("high", priors.Select(p => p.High)),
            Column.Text("unit", priors.Select(p => p.Unit)), Column.Text("status", priors.Select(p => p.Status)), Column.Text("source", priors.Select(p => p.Source)),
        ], provenance: Computed, title: "Assumptions drawn in every member: triangular between low and high");
    }

    private static Layer Forecast(CultivationInputs inputs, IReadOnlyList<string> codes, IReadOnlyList<string> names, IReadOnlyList<ProjectionForecast> forecasts)
    {
        var rows = (from f in forecasts from u in Enumerable.Range(0, codes.Count) select (f, u)).ToArray();
        double At((ProjectionForecast f, int u) row, double p) => ForecastQuantile(row.f.Map.Quantiles[row.u], p);
        return new Layer("forecast",
        [
            Column.Text("zone", rows.Select(r => codes[r.u])), Column.Text("name", rows.Select(r => names[r.u])), Column.Integer("year", rows.Select(r => (long?)(inputs.Scenario.BaselineYear + r.f.Horizon))),
            Column.Real("point_ha", rows.Select(r => r.f.Map.Point[r.u]), "ha"), Column.Real("low90_ha", rows.Select(r => At(r, 0.05)), "ha"), Column.Real("low50_ha", rows.Select(r => At(r, 0.25)), "ha"),
            Column.Real("high50_ha", rows.Select(r => At(r, 0.75)), "ha"), Column.Real("high90_ha", rows.Select(r => At(r, 0.95)), "ha"), Column.Real("present", rows.Select(r => Present(r.f.Map.Quantiles[r.u])), "share"),
        ], provenance: Computed, title: "Forecast: persistence as the point, intervals from the hurdle-binned distribution");
    }

    /// <summary>Quantile p of a unit's equally likely values.</summary>
    public static double ForecastQuantile(double[] ascending, double p) => ascending[Math.Min(ascending.Length - 1, (int)(p * ascending.Length))];

    /// <summary>Share of a unit's equally likely values above zero: the probability of coca there at all.</summary>
    public static double Present(double[] ascending) => (double)ascending.Count(v => v > 0) / ascending.Length;

    /// <summary>A length scale in words: "infinite" or kilometres.</summary>
    public static string KappaWord(double kilometres) => double.IsPositiveInfinity(kilometres) ? "infinite" : FormattableString.Invariant($"{kilometres}");

    private static IEnumerable<Column> Three(string name, Interval[] values) =>
    [
        Column.Real(name, values.Select(v => v.Value), "ha"), Column.Real(name + "_low", values.Select(v => v.Low), "ha"), Column.Real(name + "_high", values.Select(v => v.High), "ha"),
    ];
}
