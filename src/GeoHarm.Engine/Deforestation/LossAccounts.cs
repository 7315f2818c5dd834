using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Overlay;
using GeoHarm.Spatial.Rasters;
using GeoHarm.Spatial.Zonal;

namespace GeoHarm.Engine.Deforestation;

/// <summary>Loss in one zone.</summary>
/// <param name="Zone">Index in the zones.</param>
/// <param name="Id">Zone.</param>
/// <param name="ForestHa">Forest in 2000: hectares with canopy and data, lost since or not.</param>
/// <param name="LossHa">Hectares lost, a year each.</param>
public sealed record ZoneLoss(int Zone, string Id, double ForestHa, IReadOnlyList<double> LossHa)
{
    /// <summary>Hectares lost in all years.</summary>
    public double TotalHa => LossHa.Sum();
}

/// <summary>
/// Hectares of forest lost by zone and year, from a raster that <see cref="LossTiles"/> joined: exact fractions of cells,
/// areas on the ellipsoid (<see cref="ZonalStatistics"/>). Loss of tree cover of any cause; attribution is apart.
/// </summary>
/// <param name="FirstYear">First year.</param>
/// <param name="LastYear">Last year.</param>
/// <param name="Zones">Usable zones, in their order.</param>
/// <param name="Faults">Zones that could not be used.</param>
/// <param name="Cells">Cells read.</param>
public sealed record LossAccounts(int FirstYear, int LastYear, IReadOnlyList<ZoneLoss> Zones, IReadOnlyList<Fault> Faults, long Cells)
{
    /// <summary>Number of years.</summary>
    public int Years => LastYear - FirstYear + 1;

    /// <summary>Accounts for all zones. Without years given, from 2001 to the last that any zone holds. Throws
    /// <see cref="InvalidInputException"/> where a cell's value is no year.</summary>
    public static LossAccounts Of(IRasterSource loss, ZonePolygons zones, (int First, int Last)? years, ZonalOptions options, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var result = ZonalStatistics.Compute(loss, zones, options, progress, cancellation);
        var last = LossTiles.Epoch;
        foreach (var share in result.Zones.OfType<ZoneSummary>().SelectMany(z => z.Distribution))
        {
            if (share.Value > LossTiles.LastYear - LossTiles.Epoch) throw new InvalidInputException([new Fault(FaultSeverity.Error, "GH5712", loss.Name, "", $"it holds the value {share.Value}, which is no year of loss (0 none, n = 2000 + n)", "give a lossyear raster; set its no-data value if the value stands for none")]);
            last = Math.Max(last, LossTiles.Epoch + (int)share.Value);
        }
        var (from, to) = years ?? (LossTiles.Epoch + 1, Math.Max(last, LossTiles.Epoch + 1));
        var rows = new List<ZoneLoss>();
        for (var z = 0; z < result.Zones.Count; z++)
        {
            if (result.Zones[z] is not { } summary) continue;
            var hectares = new double[to - from + 1];
            foreach (var share in summary.Distribution)
            {
                var year = LossTiles.Epoch + (int)share.Value;
                if (year >= from && year <= to && share.Value > 0) hectares[year - from] = share.Weight / 10_000;
            }
            rows.Add(new ZoneLoss(z, summary.Id, summary.Weight / 10_000, hectares));
        }
        return new LossAccounts(from, to, rows, result.Faults, result.CellsRead);
    }

    /// <summary>Hectares of all zones in one year, 0 the first; zones that overlap count twice.</summary>
    public double TotalHa(int year) => Zones.Sum(z => z.LossHa[year]);

    /// <summary>The zones as a layer: columns zone, forest_ha, loss_ha, loss_percent and loss_YYYY, with their polygons.</summary>
    public Layer ToLayer(string name, ZonePolygons zones)
    {
        var columns = new List<Column>
        {
            Column.Text("zone", Zones.Select(z => z.Id)), Column.Real("forest_ha", Zones.Select(z => z.ForestHa), "ha"), Column.Real("loss_ha", Zones.Select(z => z.TotalHa), "ha"),
            Column.Real("loss_percent", Zones.Select(z => z.ForestHa > 0 ? 100 * z.TotalHa / z.ForestHa : double.NaN), "%"),
        };
        for (var y = 0; y < Years; y++)
        {
            var at = y;
            columns.Add(Column.Real($"loss_{FirstYear + y}", Zones.Select(z => z.LossHa[at]), "ha"));
        }
        return new Layer(name, columns, [.. Zones.Select(z => ZoneGeometry.Of(zones, z.Zone))], zones.Crs, title: $"Tree cover loss {FirstYear}-{LastYear}", caveats: ["Loss of tree cover of any cause; not deforestation by coca."]);
    }
}
