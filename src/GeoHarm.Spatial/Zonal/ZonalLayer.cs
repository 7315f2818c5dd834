using System.Globalization;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Overlay;

namespace GeoHarm.Spatial.Zonal;

/// <summary>Zonal statistics as layers: a polygon layer of summaries, and a table of values. Areas in hectares; where a
/// raster of weights was given, sums of weights. Unusable zones are left out.</summary>
public static class ZonalLayer
{
    private static readonly double[] Shares = [0.05, 0.25, 0.5, 0.75, 0.95];

    /// <summary>One row a zone and value, cells without data under an empty value: id, value, area_ha (or weight), coverage_px.</summary>
    public static Layer Values(string name, ZonalResult result, bool weighted)
    {
        var rows = new List<(string Id, ValueShare Share)>();
        foreach (var zone in result.Zones)
        {
            if (zone is null) continue;
            foreach (var share in zone.Distribution) rows.Add((zone.Id, share));
            if (zone.NoDataCoverage > 0) rows.Add((zone.Id, new ValueShare(double.NaN, zone.NoDataCoverage, zone.NoDataWeight)));
        }
        return new Layer(
            name,
            [
                Column.Text("id", rows.Select(r => r.Id)), Column.Real("value", rows.Select(r => r.Share.Value)), Amount(rows.Select(r => r.Share.Weight), weighted),
                Column.Real("coverage_px", rows.Select(r => r.Share.Coverage)),
            ]);
    }

    /// <summary>One polygon a zone, in the raster's system, with its statistics; quantiles and majority where the distribution was kept.</summary>
    public static Layer Summaries(string name, ZonePolygons zones, ZonalResult result, bool weighted)
    {
        var kept = Enumerable.Range(0, zones.Count).Where(z => result.Zones[z] is not null).ToArray();
        var all = kept.Select(z => result.Zones[z]!).ToArray();
        Column Of(string column, Func<ZoneSummary, double> value) => Column.Real(column, all.Select(value));
        var columns = new List<Column>
        {
            Column.Text("id", all.Select(z => z.Id)), Amount(all.Select(z => z.Weight + z.NoDataWeight), weighted), Of("coverage_px", z => z.Coverage + z.NoDataCoverage),
            Of("no_data_px", z => z.NoDataCoverage), Of("sum", z => weighted ? z.Sum : z.Sum / 10_000), Of("mean", z => z.Mean), Of("variance", z => z.Variance), Of("min", z => z.Minimum), Of("max", z => z.Maximum),
        };
        if (all.All(z => z.HasDistribution))
        {
            columns.Add(Of("majority", z => z.Majority));
            foreach (var share in Shares) columns.Add(Of(string.Create(CultureInfo.InvariantCulture, $"q{share * 100:00}"), z => z.Quantile(share)));
        }
        return new Layer(name, columns, kept.Select(z => ZoneGeometry.Of(zones, z)).ToArray(), zones.Crs);
    }

    private static Column Amount(IEnumerable<double> weights, bool weighted) =>
        weighted ? Column.Real("weight", weights) : Column.Real("area_ha", weights.Select(w => w / 10_000), "ha");
}
