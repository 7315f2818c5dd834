using GeoHarm.Engine.Scenarios;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Cli;

/// <summary>A least-harm allocation as layers: what each zone's unit would get under each option, and each unit alone.</summary>
internal static class AllocationLayers
{
    /// <summary>Least hazard that is shown as used: below it a search has not told it from nothing.</summary>
    private const double Shown = 1e-6;

    /// <summary>Units that an option uses, the most first.</summary>
    public static IEnumerable<int> Used(AllocationOption option) => option.Plan is null ? [] :
        Enumerable.Range(0, option.Plan.Units.Count).Where(u => Math.Abs(option.Plan.Hazard(u)) > Shown).OrderByDescending(u => Math.Abs(option.Plan.Hazard(u))).ThenBy(u => u);

    /// <summary>allocation_zones (with geometry) and allocation_units.</summary>
    public static Layer[] Of(RouteCase routes, RouteBurden burden, LeastHarm found, AllocationDraws? draws)
    {
        var (zones, units) = (routes.Inputs.Zones, found.Units);
        var made = new Provenance("GeoHarm routes allocate", "Apache-2.0; see data/README.md for the inputs");
        var (all, each) = (Enumerable.Range(0, zones.Count).ToArray(), Enumerable.Range(0, units.Count).ToArray());
        var unitOf = Enumerable.Repeat(-1, zones.Count).ToArray();
        foreach (var u in each)
        {
            foreach (var zone in units.ZonesOf[u]) unitOf[zone] = u;
        }
        var options = found.Answers.SelectMany(a => a.Options.Skip(1).Select(o => (Name: $"{(a.Aim == AllocationAim.Total ? "total" : "minimax")}_{o.Name}", o.Plan))).ToList();
        string unit = burden.Unit + " per unit of hazard";
        return
        [
            new Layer("allocation_zones",
            [
                Column.Text("zone", zones.Ids), Column.Text("name", zones.Names), Column.Text("country", zones.Countries), Column.Text("region", zones.Regions), Column.Text("unit", all.Select(z => unitOf[z] < 0 ? null : units.Ids[unitOf[z]])),
                .. options.Select(o => Column.Real(o.Name, all.Select(z => unitOf[z] < 0 ? double.NaN : o.Plan!.Hazard(unitOf[z])), "hazard")),
                Column.Real("d_burden", all.Select(z => unitOf[z] < 0 ? double.NaN : found.ByHazard[unitOf[z]]), unit), Column.Text("burden", all.Select(_ => burden.Name)), Column.Text("mark", all.Select(_ => RouteSettings.Mark)),
            ], [.. all.Select(zones.Layer.GeometryAt)], zones.Layer.Crs, provenance: made, title: "Enforcement of least harm by country or zone and year, one column an option"),
            new Layer("allocation_units",
            [
                Column.Text("unit", units.Ids), Column.Text("name", units.Names), .. options.Select(o => Column.Real(o.Name, each.Select(u => o.Plan!.Hazard(u)), "hazard")),
                Column.Real("d_burden", found.ByHazard, unit), Column.Real("d_burden_low", each.Select(u => draws?.ByHazard[u].Over.Low ?? double.NaN), unit), Column.Real("d_burden_high", each.Select(u => draws?.ByHazard[u].Over.High ?? double.NaN), unit),
                Column.Real("share_of_draws_below_zero", each.Select(u => draws?.ByHazard[u].ShareBelowZero ?? double.NaN)), Column.Real("change_alone", found.Alone, burden.Unit), Column.Text("burden", each.Select(_ => burden.Name)), Column.Text("mark", each.Select(_ => RouteSettings.Mark)),
            ], provenance: made, title: "Change of a burden by enforcement in each place, and the allocation of least harm"),
        ];
    }
}
