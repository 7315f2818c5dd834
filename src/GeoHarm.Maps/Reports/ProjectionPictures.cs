using GeoHarm.Maps.Pictures;
using GeoHarm.Maps.Pictures.Projections;
using GeoHarm.Maps.Styles;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Maps.Reports;

/// <summary>
/// The pictures of a what-if projection of cultivation on many small zones: before, after and change with uncertain signs hatched, over
/// all zones and around those where hectares were removed, and what reappears under each length scale side by side. Hectares are drawn to
/// the whole hectare, so that a floor of attraction spread over a thousand zones is not seen as cultivation; the tables keep every digit.
/// </summary>
public static class ProjectionPictures
{
    /// <summary>All pictures that the layer allows, in reading order.</summary>
    /// <param name="units">One row a zone, longitude and latitude: zone, name, year, removed_ha, and cultivation_ha_before, _after and _change with
    /// _low and _high.</param>
    /// <param name="land">Land under the zones.</param>
    /// <param name="kappaRange">Table: kappa_km, zone, reappeared_ha, the zones in the order of <paramref name="units"/> within each length scale.</param>
    /// <param name="context">Scenario, credits, language, year.</param>
    public static IReadOnlyList<PictureSpec> All(PublishedLayer units, PublishedLayer land, PublishedLayer kappaRange, PictureContext context)
    {
        var drawing = new Drawing(units, land, kappaRange, context);
        var all = drawing.Window(_ => true, 0.03);
        var pictures = new List<PictureSpec> { drawing.States("01-cultivation", all), drawing.Change("02-cultivation-change", all) };
        // Around the zones where hectares are removed: what borders them is seen, the rest is not.
        var removed = units.Layer["removed_ha"];
        if (Enumerable.Range(0, units.Layer.RowCount).Any(r => removed.Number(r) >= 1))
        {
            var near = drawing.Window(r => removed.Number(r) >= 1, 0.35);
            pictures.Add(drawing.States("03-near-the-policy", near));
            pictures.Add(drawing.Kappas("04-length-scales", all));
        }
        return pictures;
    }

    private sealed class Drawing
    {
        private const string Measure = "cultivation_ha";
        private readonly PublishedLayer units, land;
        private readonly IReadOnlyList<string> kappas;
        private readonly PictureContext context;
        private readonly Wording words;
        private readonly OverlayReader overlay;

        public Drawing(PublishedLayer units, PublishedLayer land, PublishedLayer kappaRange, PictureContext context)
        {
            (this.land, this.context, words) = (land, context, Wording.In(context.Language));
            var scales = Enumerable.Range(0, kappaRange.Layer.RowCount).GroupBy(kappaRange.Layer["kappa_km"].TextAt).ToArray();
            kappas = [.. scales.Select(s => s.Key ?? "")];
            this.units = Whole(units, scales.Select((s, k) => Column.Real($"reappeared_{k}", s.Select(r => Math.Round(kappaRange.Layer["reappeared_ha"].Number(r))), "ha")));
            overlay = new OverlayReader(this.units, context.Year);
        }

        public MapExtent Window(Func<int, bool> shown, double margin)
        {
            var boxes = overlay.Rows.Where(shown).Select(units.Layer.GeometryAt).Where(g => g is not null).Select(g => g!.EnvelopeInternal).ToArray();
            return (MapExtent.Around(boxes) ?? new MapExtent(-180, -60, 180, 84)).Grown(margin);
        }

        public PictureSpec States(string name, MapExtent extent)
        {
            var classes = Classification.Of(overlay.Values(Measure + "_before", Measure + "_after"), ClassMethod.Jenks, 5);
            MapSpec State(string state) => Map(extent, new Choropleth(units, $"{Measure}_{state}", words.Unit(Measure)) { Where = overlay.Where, Classes = classes, Palette = Palette.Green }, 5) with { Title = words["map." + state], HasLegend = false };
            var (after, change) = (State("after"), ChangeMap(extent, 5) with { Title = words["map.change"], HasLegend = false });
            return Spec(name, [State("before"), after, new LegendPanel(after) { Weight = 0.42f }, change, new LegendPanel(change) { Weight = 0.42f }], 5) with { Size = new PictureSize(1120, 470) };
        }

        public PictureSpec Change(string name, MapExtent extent) => Spec(name, [ChangeMap(extent, 14)], 1);

        public PictureSpec Kappas(string name, MapExtent extent)
        {
            var columns = Enumerable.Range(0, kappas.Count).Select(k => $"reappeared_{k}").ToArray();
            var classes = Classification.Of(overlay.Values(columns), ClassMethod.Jenks, 5);
            var panels = columns.Select((column, k) => Map(extent, new Choropleth(units, column, words["whatIf.reappeared"]) { Where = overlay.Where, Classes = classes, Palette = Palette.Ochre }, 4) with
            {
                Title = kappas[k] == "infinite" ? words["whatIf.kappaInfinite"] : words.Format("whatIf.kappa", kappas[k]), HasLegend = false,
            }).ToArray();
            return Spec(name, [.. panels, new LegendPanel(panels[^1]) { Weight = 0.42f }], panels.Length + 1) with { Title = words["whatIf.kappas"], Subtitle = words.Format("whatIf.kappasSub", context.Scenario, overlay.Year), Size = new PictureSize(1120, 470) };
        }

        private MapSpec ChangeMap(MapExtent extent, int labels) => Map(
            extent,
            new Choropleth(units, Measure + "_change", words.Format("map.changeOf", words.Unit(Measure)))
            {
                Where = overlay.Where, Palette = Palette.BlueOrange, LowColumn = Measure + "_change_low", HighColumn = Measure + "_change_high", Classes = Arms(),
            },
            labels);

        // Losses by policy dwarf what appears elsewhere: classes by powers of ten show both.
        private Classes Arms()
        {
            var largest = overlay.Values(Measure + "_change").Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
            double[] arms = [.. new[] { 5.0, 50, 500, 5000, 50_000 }.Where(b => b < largest)];
            return arms.Length == 0 ? Classification.Signed(overlay.Values(Measure + "_change")) : Classification.Fixed([.. arms.Reverse().Select(b => -b), .. arms]);
        }

        private MapSpec Map(MapExtent extent, Choropleth theme, int labels) => new()
        {
            Extent = extent,
            Layers =
            [
                new Basemap(land) { OutlineWidth = 0 }, theme,
                new NameLabels(units, "name") { Where = overlay.Where, AtMost = labels, Always = labels, LeastShare = 0.02, ImportanceColumn = theme.Column, ValueColumn = theme.Column },
            ],
        };

        private PictureSpec Spec(string name, IReadOnlyList<Panel> panels, int columns) => new()
        {
            Name = name, Panels = panels, Columns = columns, Language = context.Language, Credits = context.Credits,
            Title = AltText.Headline(overlay, words, Measure), Subtitle = words.Format("picture.subtitle", context.Scenario, overlay.Year, words["picture.interval"]),
            AltText = AltText.OfChange(overlay, words, Measure),
            // A thousand outlines as dark as a department's would be all that is seen.
            Style = PictureStyle.Default with { ZoneOutlineWidth = units.Layer.RowCount > 200 ? 0.2f : PictureStyle.Default.ZoneOutlineWidth, ZoneOutline = units.Layer.RowCount > 200 ? "#B4B2AC" : PictureStyle.Default.ZoneOutline },
        };

        private static PublishedLayer Whole(PublishedLayer source, IEnumerable<Column> more)
        {
            var layer = source.Layer;
            var columns = layer.Columns.Select(c => c.Name.StartsWith(Measure, StringComparison.Ordinal) ? Column.Real(c.Name, Enumerable.Range(0, layer.RowCount).Select(r => Math.Round(c.Number(r))), c.Unit) : c);
            return PublishedLayer.Open(layer.WithColumns([.. columns, .. more]));
        }
    }
}
