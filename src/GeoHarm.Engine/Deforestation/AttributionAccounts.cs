using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Zonal;

namespace GeoHarm.Engine.Deforestation;

/// <summary>Loss of one zone by year and nearness of coca.</summary>
/// <param name="Zone">Index in the zones.</param>
/// <param name="Id">Zone.</param>
/// <param name="AreaHa">Hectares of the zone that the raster covers.</param>
/// <param name="LossHa">Hectares, years x classes: in a coca cell, within each distance, beyond.</param>
public sealed record ZoneAttribution(int Zone, string Id, double AreaHa, IReadOnlyList<double> LossHa);

/// <summary>
/// Loss attributed to coca by nearness, zone by zone: the direct rule (in a coca cell) and the proximate rule at every
/// distance, from one pass of exact zonal statistics over an <see cref="AttributedLoss"/>. Rules nest: what is direct is
/// proximate at any distance.
/// </summary>
/// <param name="FirstYear">First year of loss.</param>
/// <param name="Years">Number of years.</param>
/// <param name="Classes">Classes of nearness.</param>
/// <param name="Zones">Usable zones, in their order.</param>
/// <param name="Faults">Zones that could not be used.</param>
public sealed record AttributionAccounts(int FirstYear, int Years, int Classes, IReadOnlyList<ZoneAttribution> Zones, IReadOnlyList<Fault> Faults)
{
    /// <summary>Accounts for all zones.</summary>
    public static AttributionAccounts Of(AttributedLoss loss, ZonePolygons zones, int firstYear, int lastYear, ZonalOptions options, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var result = ZonalStatistics.Compute(loss, zones, options, progress, cancellation);
        var rows = new List<ZoneAttribution>();
        for (var z = 0; z < result.Zones.Count; z++)
        {
            if (result.Zones[z] is not { } summary) continue;
            var hectares = new double[(lastYear - firstYear + 1) * loss.Classes];
            foreach (var share in summary.Distribution.Where(s => s.Value > 0)) hectares[(int)share.Value - 1] = share.Weight / 10_000;
            rows.Add(new ZoneAttribution(z, summary.Id, (summary.Weight + summary.NoDataWeight) / 10_000, hectares));
        }
        return new AttributionAccounts(firstYear, lastYear - firstYear + 1, loss.Classes, rows, result.Faults);
    }

    /// <summary>Hectares of a zone within a class or nearer: class 0 direct, k proximate at distance k, the last class all loss.</summary>
    public double Within(ZoneAttribution zone, int nearness) => Enumerable.Range(0, Years).Sum(y => Within(zone, nearness, y));

    /// <summary>The same in one year, 0 the first.</summary>
    public double Within(ZoneAttribution zone, int nearness, int year)
    {
        var sum = 0.0;
        for (var k = 0; k <= nearness; k++) sum += zone.LossHa[year * Classes + k];
        return sum;
    }

    /// <summary>Hectares of all zones within a class or nearer; zones that overlap count twice.</summary>
    public double Total(int nearness) => Zones.Sum(z => Within(z, nearness));

    /// <summary>The same in one year.</summary>
    public double Total(int nearness, int year) => Zones.Sum(z => Within(z, nearness, year));
}
