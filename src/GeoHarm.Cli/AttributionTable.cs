using System.Globalization;
using GeoHarm.Engine.Deforestation;
using GeoHarm.Engine.Publication;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Overlay;
using GeoHarm.Spatial.Zonal;

namespace GeoHarm.Cli;

/// <summary>Attribution as rows and layers, with what may not be shown held back.</summary>
internal sealed record AttributionTable(
    double[] Kilometres, YearWindow[] Windows, Audience Audience, AttributionAccounts Main, AttributionAccounts[] Passes, CellSum[] Sums, bool[] Shown, (string Name, AttributionAccounts Accounts)[] Seconds)
{
    /// <summary>Between the zone and the name of a second key.</summary>
    public const char Separator = '\u001f';

    public const string CsvHeader = "zone,within,name,window,rule,distance_km,area_ha,all_loss_ha";

    /// <summary>Every distance and window, over all zones.</summary>
    public IEnumerable<object> Sensitivity() => Passes.SelectMany((pass, w) => Enumerable.Range(0, Kilometres.Length + 1)
        .Select(k => new { window = Words(Windows[w]), distanceKm = Km(k), areaHa = pass.Total(k), share = pass.Total(k) / pass.Total(pass.Classes - 1) }));

    /// <summary>Zones; one that is held back has no figures.</summary>
    public IEnumerable<object> ZoneRows() => Main.Zones.Select((z, i) => new
    {
        id = z.Id, heldBack = !Shown[i], direct = Of(z, 0, i), proximate = Kilometres.Select((km, k) => new { distanceKm = km, areaHa = Of(z, k + 1, i) }), allLossHa = AllLoss(z),
    });

    /// <summary>Zones by second keys.</summary>
    public IEnumerable<object> SecondRows() => Seconds.SelectMany(s => s.Accounts.Zones.Select(z => new
    {
        within = s.Name, zone = Zone(z), name = z.Id[(z.Id.IndexOf(Separator, StringComparison.Ordinal) + 1)..], heldBack = !IsShown(z),
        direct = OfPart(s.Accounts, z, 0),
        proximate = Kilometres.Select((km, k) => new { distanceKm = km, areaHa = OfPart(s.Accounts, z, k + 1) }),
        allLossHa = s.Accounts.Within(z, s.Accounts.Classes - 1),
    }));

    /// <summary>Rows of the table: totals of every window, then zones, then second keys.</summary>
    public IEnumerable<string> CsvRows()
    {
        for (var w = 0; w < Passes.Length; w++)
        {
            for (var k = 0; k <= Kilometres.Length; k++) yield return Row("total", "", "", w, k, Passes[w].Total(k), Passes[w].Total(Passes[w].Classes - 1));
        }
        for (var i = 0; i < Main.Zones.Count; i++)
        {
            for (var k = 0; k <= Kilometres.Length; k++) yield return Row(Main.Zones[i].Id, "", "", 0, k, Of(Main.Zones[i], k, i), AllLoss(Main.Zones[i]));
        }
        foreach (var (name, accounts) in Seconds)
        {
            foreach (var zone in accounts.Zones)
            {
                var second = zone.Id[(zone.Id.IndexOf(Separator, StringComparison.Ordinal) + 1)..];
                for (var k = 0; k <= Kilometres.Length; k++) yield return Row(Zone(zone), name, second, 0, k, OfPart(accounts, zone, k), accounts.Within(zone, accounts.Classes - 1));
            }
        }
    }

    /// <summary>The zones as a layer: zone, loss_ha, direct_ha and proximate_DISTANCE_ha.</summary>
    public Layer ToLayer(ZonePolygons zones, IReadOnlyList<string> caveats)
    {
        var columns = new List<Column> { Column.Text("zone", Main.Zones.Select(z => z.Id)), Column.Real("loss_ha", Main.Zones.Select(AllLoss), "ha"), Column.Real("direct_ha", Main.Zones.Select((z, i) => Of(z, 0, i)), "ha") };
        for (var k = 1; k <= Kilometres.Length; k++)
        {
            var nearness = k;
            columns.Add(Column.Real(string.Create(CultureInfo.InvariantCulture, $"proximate_{Kilometres[k - 1]:0.###}km_ha").Replace('.', '_'), Main.Zones.Select((z, i) => Of(z, nearness, i)), "ha"));
        }
        return new Layer("attribution", columns, [.. Main.Zones.Select(z => ZoneGeometry.Of(zones, z.Zone))], zones.Crs, title: "Loss in and near coca", caveats: caveats);
    }

    /// <summary>Hectares by distance, with the range over windows.</summary>
    public Layer Curve(IReadOnlyList<string> caveats)
    {
        var nearness = Enumerable.Range(0, Kilometres.Length + 1).ToArray();
        return new Layer("sensitivity", [
            Column.Real("distance_km", nearness.Select(Km), "km"), Column.Real("area_ha", nearness.Select(k => Main.Total(k)), "ha"),
            Column.Real("low_ha", nearness.Select(k => Passes.Min(p => p.Total(k))), "ha"), Column.Real("high_ha", nearness.Select(k => Passes.Max(p => p.Total(k))), "ha")], caveats: caveats);
    }

    private string Row(string zone, string within, string name, int window, int k, double area, double all) => string.Join(
        ',', ZonalCommand.Quoted(zone), ZonalCommand.Quoted(within), ZonalCommand.Quoted(name), Words(Windows[window]), k == 0 ? "direct" : "proximate", PanelInputs.N(Km(k)), PanelInputs.N(area), PanelInputs.N(all));

    private double Km(int k) => k == 0 ? 0 : Kilometres[k - 1];

    private double Of(ZoneAttribution zone, int nearness, int index) => Shown[index] ? Rounded(Main.Within(zone, nearness), index, nearness, "") : double.NaN;

    private double AllLoss(ZoneAttribution zone) => Main.Within(zone, Main.Classes - 1);

    private double Rounded(double hectares, int zone, int nearness, string within) =>
        CultivationDisclosure.Rounded(hectares, Sums[zone], string.Create(CultureInfo.InvariantCulture, $"{within}{nearness}"), Audience, DisclosureRules.Default);

    private double OfPart(AttributionAccounts accounts, ZoneAttribution part, int nearness) =>
        IsShown(part) ? Rounded(accounts.Within(part, nearness), IndexOf(part), nearness, part.Id) : double.NaN;

    private int IndexOf(ZoneAttribution part)
    {
        var zone = Zone(part);
        return Enumerable.Range(0, Main.Zones.Count).First(i => Main.Zones[i].Id == zone);
    }

    // A part of a zone may be shown when the zone may and the part is itself no smaller than a cell of 5 km.
    private bool IsShown(ZoneAttribution part) => Audience == Audience.Steward || (Shown[IndexOf(part)] && CultivationDisclosure.IsLarge(part.AreaHa, DisclosureRules.Default));

    private static string Zone(ZoneAttribution part) => part.Id[..part.Id.IndexOf(Separator, StringComparison.Ordinal)];

    private static string Words(YearWindow window) => string.Create(CultureInfo.InvariantCulture, $"{window.From}:{window.To}");
}
