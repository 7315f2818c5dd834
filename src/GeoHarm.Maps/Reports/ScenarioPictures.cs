using GeoHarm.Maps.Charts;
using GeoHarm.Maps.Pictures;
using GeoHarm.Maps.Pictures.Projections;
using GeoHarm.Maps.Styles;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Maps.Reports;

/// <summary>
/// The pictures that a run makes from its published result: cultivation, forest, people, flows, recipients, the
/// bivariate map and the four layers side by side. Titles and alt texts are made from the numbers. A picture whose
/// measure has no value anywhere is refused with the reason; nothing is drawn blank.
/// </summary>
public static class ScenarioPictures
{
    /// <summary>All pictures that the layers allow, in reading order.</summary>
    public static ScenarioPictureSet All(ResultLayers layers, PictureContext context)
    {
        var drawing = new Drawing(layers, context);
        var words = Wording.In(context.Language);
        var (pictures, refused) = (new List<PictureSpec>(), new List<string>());
        Try("01-cultivation", "cultivation_ha", () => drawing.BeforeAfterChange("01-cultivation", "cultivation_ha"));
        Try("02-cultivation-change", "cultivation_ha", () => drawing.Change("02-cultivation-change", "cultivation_ha"));
        Try("03-forest-change", "forest_loss_ha", () => drawing.Change("03-forest-change", "forest_loss_ha"));
        Try("04-people-change", "people_out", () => drawing.Change("04-people-change", "people_out"));
        TryTable("05-flows", layers.Corridors, drawing.Flows);
        TryTable("06-flow-change", layers.Corridors, drawing.FlowChange);
        TryTable("07-recipients", layers.Recipients, drawing.Recipients);
        Try("08-flow-and-forest", "flow_t", () => drawing.FlowAndForest("08-flow-and-forest"), "forest_loss_ha");
        Try("09-four-layers", "flow_t", () => drawing.FourLayers("09-four-layers"));
        return new ScenarioPictureSet(pictures, refused);

        void Try(string name, string measure, Func<PictureSpec> draw, string? other = null)
        {
            var absent = new[] { measure, other }.FirstOrDefault(m => m is not null && !drawing.Overlay.Has(m));
            if (absent is null) pictures.Add(draw());
            else refused.Add(words.Format("report.refusedValue", name, words["measure." + absent], drawing.Overlay.Year));
        }

        void TryTable(string name, PublishedLayer? table, Func<string, PublishedLayer, PictureSpec> draw)
        {
            if (table is { Layer.RowCount: > 0 }) pictures.Add(draw(name, table));
            else refused.Add(words.Format("report.refusedRows", name));
        }
    }

    /// <summary>The palette of a measure.</summary>
    internal static Palette PaletteOf(string measure) => measure switch
    {
        "cultivation_ha" => Palette.Green,
        "forest_loss_ha" => Palette.Ochre,
        "people_out" or "people_in" => Palette.Violet,
        _ => Palette.Blue,
    };

    private sealed class Drawing(ResultLayers layers, PictureContext context)
    {
        private readonly Wording words = Wording.In(context.Language);

        public OverlayReader Overlay { get; } = new(layers.Overlay, context.Year);

        public PictureSpec BeforeAfterChange(string name, string measure)
        {
            var (extent, insets) = Overlay.Window(measure);
            var classes = Classification.Of(Overlay.Values(measure + "_before", measure + "_after"), ClassMethod.Jenks, 5);
            var after = State(measure, "after", extent, classes) with { HasLegend = false, Insets = insets };
            var change = ChangeMap(measure, extent) with { Title = words["map.change"], HasLegend = false, Insets = insets };

            // Legends stand in panels of their own, so that the three maps have one size and one scale.
            Panel[] panels = [State(measure, "before", extent, classes) with { HasLegend = false }, after, new LegendPanel(after) { Weight = 0.42f }, change, new LegendPanel(change) { Weight = 0.42f }];
            return Spec(name, measure, panels, panels.Length) with { Size = new PictureSize(1120, 470) };
        }

        public PictureSpec Change(string name, string measure)
        {
            var (extent, insets) = Overlay.Window(measure);
            var map = ChangeMap(measure, extent, labels: 16) with { Insets = insets };
            return Spec(name, measure, [map], 1);
        }

        public PictureSpec Flows(string name, PublishedLayer corridors)
        {
            var widest = new[] { "flow_t_before", "flow_t_after" }.SelectMany(c => Enumerable.Range(0, corridors.Layer.RowCount).Select(r => corridors.Layer[c].Number(r)))
                .Where(double.IsFinite).DefaultIfEmpty(0).Max();
            string[] states = ["flow_t_before", "flow_t_after"];
            var bands = states.Select(c => new FlowArrows(corridors, c, words.Unit("flow_t")) { WidestValue = widest > 0 ? widest : null, RankedBy = states }).ToArray();
            var drawn = bands.SelectMany(b => b.RowsDrawn()).Distinct().ToArray();
            var (extent, names) = (ExtentOf(corridors, drawn), CountryNames(corridors, drawn));
            var maps = new[] { "before", "after" }.Select((state, i) => new MapSpec { Title = words["map." + state], Extent = extent, HasLegend = false, Layers = [Land(), bands[i], names] }).ToArray();
            return Spec(name, "flow_t", [.. maps, new LegendPanel(maps[0]) { Weight = 0.34f }], 3) with { Size = new PictureSize(1120, 500) };
        }

        public PictureSpec FlowChange(string name, PublishedLayer corridors)
        {
            var bands = new FlowArrows(corridors, "flow_t_change", words.Format("map.changeOf", words.Unit("flow_t"))) { Signed = true };
            var drawn = bands.RowsDrawn();
            return Spec(name, "flow_t", [new MapSpec { Extent = ExtentOf(corridors, drawn.Count > 0 ? drawn : Enumerable.Range(0, corridors.Layer.RowCount)), Layers = [Land(), bands, CountryNames(corridors, drawn)] }], 1);
        }

        public PictureSpec Recipients(string name, PublishedLayer recipients)
        {
            var measures = new[] { "cultivation_ha", "flow_t", "people_in", "forest_loss_ha" };
            var listed = measures.Where(m => RowsOf(recipients, m).Any()).ToArray();
            var shown = listed.Select(m => (Measure: m, Rows: RowsOf(recipients, m).Where(r => recipients.Layer["change"].Number(r) > 0).Take(10).ToArray())).Where(p => p.Rows.Length > 0).Take(2).ToArray();
            if (shown.Length == 0) return NoRecipients(name, listed.FirstOrDefault(Overlay.Has) ?? measures[0], listed);
            var panels = new List<Panel>();
            foreach (var (measure, rows) in shown)
            {
                panels.Add(new BarChart(recipients, "name", "change")
                {
                    Title = words.Unit(measure), Rows = rows, LowColumn = "change_low", HighColumn = "change_high", SubLabelColumn = "country", Weight = 1.7f,
                    Beside = [new ChartColumn(words["chart.ruleOfLaw"], "rule_of_law"), new ChartColumn(words["chart.homicide"], "homicide_rate")],
                });
                if (Overlay.Has(measure)) panels.Add(ChangeMap(measure, WindowOf(measure)));
            }
            var columns = panels.Count == shown.Length ? 1 : 2;
            var spec = Spec(name, shown[0].Measure, panels, columns);
            var spared = listed.Where(m => RowsOf(recipients, m).All(r => !(recipients.Layer["change"].Number(r) > 0))).ToArray();
            return spec with
            {
                Title = words["picture.recipients"], Size = new PictureSize(900, shown.Length > 1 ? 720 : 480),
                Subtitle = spared.Length == 0 ? spec.Subtitle : $"{spec.Subtitle} {NobodyReceives(spared)}",
            };
        }

        // Nothing is pushed: bars of nought would say less than the sentence, and the map shows that no zone changes.
        private PictureSpec NoRecipients(string name, string measure, string[] listed)
        {
            var spec = Spec(name, measure, Overlay.Has(measure) ? [ChangeMap(measure, Overlay.Window(measure).Extent)] : [], 1);
            return spec with { Title = words["picture.noRecipients"], Subtitle = $"{spec.Subtitle} {NobodyReceives(listed)}" };
        }

        private string NobodyReceives(IEnumerable<string> listed) => words.Format("picture.nobodyReceives", string.Join("; ", listed.Select(m => words["measure." + m].ToLowerInvariant())));

        public PictureSpec FlowAndForest(string name)
        {
            var extent = Overlay.Window("forest_loss_ha");
            var bivariate = new Bivariate(Overlay.Source, "flow_t_change", "forest_loss_ha_change", words["map.twoChanges"])
            {
                Where = Overlay.Where, NoValueGroup = "country", AcrossTitle = words.Unit("flow_t"), UpTitle = words.Unit("forest_loss_ha"),
                AcrossThreshold = Threshold("flow_t"), UpThreshold = Threshold("forest_loss_ha"),
            };
            var names = Names(Threshold("forest_loss_ha") > 0 ? "forest_loss_ha_change" : "flow_t_change", 16, false) with
            {
                Only = Overlay.Rows.Where(r => bivariate.CellOf(r) is { } cell && cell != (1, 1)).ToHashSet(),
            };
            var map = new MapSpec { Extent = extent.Extent, Insets = extent.Insets, Layers = [.. Backdrop(), bivariate, names] };
            var both = Overlay.Rows.Count(r => bivariate.CellOf(r) is { Column: 2, Row: 2 });
            return Spec(name, "flow_t", [map], 1) with
            {
                Title = both == 0 ? words["picture.flowAndForestNone"] : words.Format(both == 1 ? "picture.flowAndForestOne" : "picture.flowAndForest", both),
                Subtitle = words.Format("picture.flowAndForestSub", context.Scenario, Overlay.Year, words.Number(Threshold("flow_t")), words.Number(Threshold("forest_loss_ha"))),
                AltText = AltText.OfBivariate(Overlay, words, bivariate),
            };
        }

        public PictureSpec FourLayers(string name)
        {
            var panels = new[] { "cultivation_ha", "forest_loss_ha", "people_out", "flow_t" }.Where(Overlay.Has)
                .Select(m => (Panel)(ChangeMap(m, Overlay.Window(m == "flow_t" && Overlay.Has("forest_loss_ha") ? "forest_loss_ha" : m).Extent) with { Title = words.Unit(m) })).ToArray();
            return Spec(name, "flow_t", panels, 2) with
            {
                Title = words["picture.fourLayers"], Size = new PictureSize(842, 760),
                AltText = string.Join(" ", new[] { "cultivation_ha", "forest_loss_ha", "people_out", "flow_t" }.Where(Overlay.Has).Select(m => AltText.OfChange(Overlay, words, m))),
            };
        }

        private MapSpec State(string measure, string state, MapExtent extent, Classes classes) => new()
        {
            Title = words["map." + state], Extent = extent,
            Layers =
            [
                .. Backdrop(),
                new Choropleth(Overlay.Source, $"{measure}_{state}", words.Unit(measure)) { Where = Overlay.Where, Classes = classes, Palette = PaletteOf(measure), NoValueGroup = "country" },
                Names($"{measure}_{state}", 6, true),
            ],
        };

        private MapSpec ChangeMap(string measure, MapExtent extent, int labels = 6) => new()
        {
            Extent = extent,
            Layers =
            [
                .. Backdrop(),
                new Choropleth(Overlay.Source, measure + "_change", words.Format("map.changeOf", words.Unit(measure)))
                {
                    Where = Overlay.Where, Palette = Palette.BlueOrange, LowColumn = measure + "_change_low", HighColumn = measure + "_change_high", NoValueGroup = "country",
                },
                Names(measure + "_change", labels, true),
            ],
        };

        private Basemap Land() => new(layers.Land);

        // The zones have the finer coast: land lies under them without an outline, for what has no zones.
        private Basemap[] Backdrop() => [Land() with { OutlineWidth = 0 }, new Basemap(Overlay.Source) { Where = Overlay.Where, OutlineWidth = 0.3f }];

        private NameLabels Names(string column, int most, bool values) => new(Overlay.Source, "name")
        {
            Where = Overlay.Where, AtMost = most, Always = Math.Min(most, 6), LeastShare = 0.02,
            ImportanceColumn = Overlay.Source.Layer.Has(column) ? column : null, ValueColumn = values ? column : null,
        };

        // Only countries at an end of a band drawn: other names would crowd the map and mean nothing to it.
        private NameLabels CountryNames(PublishedLayer corridors, IEnumerable<int> rows) => RoutePictures.CountryNames(layers.Land, corridors, rows);

        private double Threshold(string measure) =>
            Classification.NiceBelow(Overlay.Values(measure + "_change").Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max() * 0.02);

        private PictureSpec Spec(string name, string measure, IReadOnlyList<Panel> panels, int columns) => new()
        {
            Name = name, Panels = panels, Columns = columns, Language = context.Language,
            Title = AltText.Headline(Overlay, words, measure),
            Subtitle = words.Format("picture.subtitle", context.Scenario, Overlay.Year, words["picture.interval"]),
            Credits = measure == "flow_t" ? context.Credits with { Caveats = [.. context.FlowCaveats, .. context.Credits.Caveats] } : context.Credits,
            AltText = AltText.OfChange(Overlay, words, measure),
        };

        private static IEnumerable<int> RowsOf(PublishedLayer recipients, string measure) =>
            Enumerable.Range(0, recipients.Layer.RowCount).Where(r => recipients.Layer["measure"].TextAt(r) == measure)
                .OrderByDescending(r => recipients.Layer["change"].Number(r)).ThenBy(r => r);

        // Flow reaches other continents: its map shows the corridors' window, not all of a country with far islands.
        private MapExtent WindowOf(string measure) => measure == "flow_t" && layers.Corridors is { Layer.RowCount: > 0 } corridors ? ExtentOf(corridors, Enumerable.Range(0, corridors.Layer.RowCount)) : Overlay.Window(measure).Extent;

        private static MapExtent ExtentOf(PublishedLayer corridors, IEnumerable<int> rows) => RoutePictures.ExtentOf(corridors, rows) ?? new MapExtent(-100, -25, 20, 60);
    }
}
