using GeoHarm.Maps.Charts;
using GeoHarm.Maps.Pictures;
using GeoHarm.Maps.Pictures.Projections;
using GeoHarm.Maps.Styles;
using GeoHarm.Spatial.Layers;
using NetTopologySuite.Algorithm.Locate;
using NetTopologySuite.Geometries;

namespace GeoHarm.Maps.Reports;

/// <summary>
/// The pictures of route shift that stand outside a run: the push map, and who receives over a sweep of policies. Zones and
/// corridors between zone centres only; a band joins two zones and is no way to travel.
/// </summary>
public static class RoutePictures
{
    /// <summary>Bands of a push map at most: beyond, none can be followed at half a page's width.</summary>
    private const int MostBands = 40;

    /// <summary>Names of receiving countries listed in a sweep's chart at most.</summary>
    private const int MostReceivers = 14;

    /// <summary>The push map: what one more per cent stopped of all that comes into each zone, and between two zones, does to a burden.</summary>
    /// <param name="zones">Zones: name, d_burden_per_cent; polygons.</param>
    /// <param name="corridors">Table: from_zone, to_zone, d_burden_per_cent, lon1, lat1, lon2, lat2.</param>
    /// <param name="land">Land under the zones.</param>
    /// <param name="burden">Key of the burden, such as weightedTonnes.</param>
    /// <param name="context">Scenario, credits, language.</param>
    public static PictureSpec Push(PublishedLayer zones, PublishedLayer corridors, PublishedLayer land, string burden, PictureContext context)
    {
        const string Column = "d_burden_per_cent";
        var words = Wording.In(context.Language);
        var unit = words["unit." + burden];
        var bands = new FlowArrows(corridors, Column, words.Format("push.bands", unit)) { Signed = true, AtMost = MostBands };
        var drawn = bands.RowsDrawn();
        var extent = ExtentOf(corridors, drawn) ?? MapExtent.Of(zones) ?? new MapExtent(-120, -35, 20, 60);
        var byZone = new MapSpec
        {
            Title = words["push.zones"], Extent = extent, HasLegend = false,
            Layers =
            [
                new Basemap(land) { OutlineWidth = 0 },
                new Choropleth(zones, Column, words.Format("push.bands", unit)) { Palette = Palette.BlueOrange },
                new NameLabels(zones, "name") { ImportanceColumn = Column, ValueColumn = Column, HasSignedValues = true, AtMost = 8, Always = 8, LeastShare = 0.1 },
            ],
        };
        var byCorridor = new MapSpec { Title = words["push.corridors"], Extent = extent, HasLegend = false, Layers = [new Basemap(land), bands, CountryNames(land, corridors, drawn)] };
        var (falls, rises) = Ends(zones, Column, words);
        return new PictureSpec
        {
            Name = "push", Columns = 4, Panels = [byZone, new LegendPanel(byZone) { Weight = 0.37f }, byCorridor, new LegendPanel(byCorridor) { Weight = 0.37f }],
            Title = falls.Length + rises.Length == 0 ? words.Format("push.none", words["measure." + burden]) : words.Format("push.title", words["measure." + burden], falls.FirstOrDefault() ?? words["report.none"], rises.FirstOrDefault() ?? words["report.none"], unit),
            Subtitle = words.Format("push.subtitle", context.Scenario), Language = context.Language, Size = new PictureSize(1120, 520),
            AltText = words.Format("push.alt", zones.Layer.RowCount, words["measure." + burden], unit, List(falls.Take(3), words), List(rises.Take(3), words), drawn.Count),
            Credits = context.Credits with { Caveats = [.. context.FlowCaveats, .. context.Credits.Caveats] },
        };
    }

    /// <summary>Who receives over many policies: how often each country is the first, second or third receiver, and where the zones
    /// lie that are often among the ten that receive most.</summary>
    /// <param name="zones">Zones: name, top_ten_percent; polygons.</param>
    /// <param name="ranks">Table of receiving countries, the most frequent first: name, rank1, rank2, rank3 (shares of the policies).</param>
    /// <param name="land">Land under the zones.</param>
    /// <param name="policies">Number of policies.</param>
    /// <param name="control">Share stopped by each.</param>
    /// <param name="context">Scenario, credits, language.</param>
    public static PictureSpec Sweep(PublishedLayer zones, PublishedLayer ranks, PublishedLayer land, int policies, double control, PictureContext context)
    {
        const string Column = "top_ten_percent";
        var words = Wording.In(context.Language);
        var first = ranks.Layer.RowCount == 0 ? null : words.Phrase(ranks.Layer["name"].TextAt(0) ?? "");
        var map = new MapSpec
        {
            Extent = Seen(zones, Column), Title = words["sweep.zones"],
            Layers =
            [
                new Basemap(land) { OutlineWidth = 0 },
                new Choropleth(zones, Column, words["sweep.share"]) { Palette = Palette.Violet },
                new NameLabels(zones, "name") { ImportanceColumn = Column, AtMost = 10, Always = 10, LeastShare = 0.3 },
            ],
        };
        string[] shares = ["rank1", "rank2", "rank3"];
        var most = Enumerable.Range(0, ranks.Layer.RowCount).Select(r => shares.Sum(c => ranks.Layer[c].Number(r))).DefaultIfEmpty(1).Max();
        var chart = new RankChart(ranks, "name", shares) { FullShare = Math.Clamp(most, 0.01, 1), Title = words["sweep.ranks"], KeyTitle = words["sweep.rank"], AtMost = MostReceivers };
        var listed = Enumerable.Range(0, Math.Min(3, ranks.Layer.RowCount)).Select(r => $"{words.Phrase(ranks.Layer["name"].TextAt(r) ?? "")} {words.Percent(ranks.Layer["rank1"].Number(r))}");
        return new PictureSpec
        {
            Name = "sweep", Panels = [chart, map with { Weight = 1.5f }], Columns = 2, Language = context.Language, Size = new PictureSize(1120, 520),
            Title = first is null ? words["picture.noRecipients"] : words.Format("sweep.title", first, words.Percent(ranks.Layer["rank1"].Number(0)), policies),
            Subtitle = words.Format("sweep.subtitle", context.Scenario, words.Percent(control)),
            AltText = words.Format("sweep.alt", policies, List(listed, words)),
            Credits = context.Credits with { Caveats = [.. context.FlowCaveats, .. context.Credits.Caveats] },
        };
    }

    /// <summary>The window around the ends of some bands, with room for their bend; null without any.</summary>
    internal static MapExtent? ExtentOf(PublishedLayer corridors, IEnumerable<int> rows) =>
        MapExtent.Around(EndsOf(corridors, rows).Select(p => new Envelope(p.X, p.X, p.Y, p.Y)))?.Grown(0.07);

    /// <summary>Names of the countries that hold an end of the bands, and of no others.</summary>
    internal static NameLabels CountryNames(PublishedLayer land, PublishedLayer corridors, IEnumerable<int> rows)
    {
        var ends = EndsOf(corridors, rows).Distinct().ToArray();
        var named = land.Layer.Has("name");
        var touched = Enumerable.Range(0, named ? land.Layer.RowCount : 0)
            .Where(r => land.Layer.GeometryAt(r) is { } shape && ends.Any(e => shape.EnvelopeInternal.Contains(e) && SimplePointInAreaLocator.Locate(e, shape) != Location.Exterior)).ToHashSet();
        return new NameLabels(land, named ? "name" : land.Layer.Columns[0].Name) { AtMost = named ? 24 : 0, Always = 12, Only = touched, Clearance = 7 };
    }

    private static IEnumerable<Coordinate> EndsOf(PublishedLayer corridors, IEnumerable<int> rows)
    {
        var layer = corridors.Layer;
        return rows.SelectMany(r => new[] { new Coordinate(layer["lon1"].Number(r), layer["lat1"].Number(r)), new Coordinate(layer["lon2"].Number(r), layer["lat2"].Number(r)) })
            .Where(p => double.IsFinite(p.X + p.Y));
    }

    // Zones that stand out; one far island with a little would shrink the rest.
    private static MapExtent? Seen(PublishedLayer zones, string column)
    {
        var values = Enumerable.Range(0, zones.Layer.RowCount).Select(zones.Layer[column].Number).ToArray();
        var most = values.Where(double.IsFinite).DefaultIfEmpty(0).Max();
        return MapExtent.Of(zones, Enumerable.Range(0, values.Length).Where(r => values[r] >= most * 0.25))?.Grown(0.04);
    }

    // Zones by how much enforcement there lowers and raises the burden, with the numbers.
    private static (string[] Falls, string[] Rises) Ends(PublishedLayer zones, string column, Wording words)
    {
        var rows = Enumerable.Range(0, zones.Layer.RowCount).Where(r => double.IsFinite(zones.Layer[column].Number(r))).OrderBy(r => zones.Layer[column].Number(r)).ThenBy(r => r).ToArray();
        string Named(int row) => $"{words.Phrase(zones.Layer["name"].TextAt(row) ?? "")} {words.Number(zones.Layer[column].Number(row), true)}";
        return ([.. rows.Where(r => zones.Layer[column].Number(r) < 0).Take(3).Select(Named)], [.. rows.Reverse().Where(r => zones.Layer[column].Number(r) > 0).Take(3).Select(Named)]);
    }

    private static string List(IEnumerable<string> names, Wording words) => string.Join("; ", names) is { Length: > 0 } list ? list : words["report.none"];
}
