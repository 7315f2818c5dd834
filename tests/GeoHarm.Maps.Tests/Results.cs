using GeoHarm.Maps.Pictures;
using GeoHarm.Maps.Reports;
using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using NetTopologySuite.Geometries;

namespace GeoHarm.Maps.Tests;

/// <summary>A made-up result of the shape that the Engine publishes: six zones of one country that grow coca, two of
/// another that only see flows.</summary>
internal static class Results
{
    private static readonly string[] Names = ["Alta", "Baja", "Costa", "Delta", "Este", "Fuente", "Puerto", "Isla"];
    private static readonly double[] Coca = [66022, 9343, 26603, 17619, 0, 2500, double.NaN, double.NaN];
    private static readonly double[] Forest = [10400, 4200, 8800, 6100, 300, 900, double.NaN, double.NaN];
    private static readonly double[] Flow = [60, 220, 40, 30, 5, 90, 120, 75];

    public static ResultLayers Layers(double effect = 1) => new()
    {
        Overlay = Overlay(effect), Land = Zones.Land(), Corridors = Corridors(effect), Recipients = Recipients(effect), Totals = Totals(effect),
        Balance = Table("balance", [Column.Text("measure", ["cultivation_ha"]), .. Triple("removed", [51234]), .. Triple("reappeared", [15234])]),
        Backcast = Table("backcast", [Column.Text("zone", ["00", "01"]), Column.Real("observed", [4386, 14154]), .. Triple("projected", [27729, 18843]), Column.Real("persistence", [66022, 9343])]),
        Harm = Table("harm",
        [
            Column.Text("zone", ["01", "02"]), Column.Text("activity", ["A1", "A1"]), Column.Text("harm", ["H1", "H2"]), Column.Text("incidence_before", ["3", "3"]),
            Column.Text("incidence_after", ["4", "3"]), Column.Text("cause", ["<b>policy</b>", "both"]),
        ]),
        Priors = Table("priors", [Column.Text("key", ["k1"]), Column.Real("central", [0.5]), Column.Real("low", [0.1]), Column.Real("high", [0.9]), Column.Text("source", ["Smith & Co"])]),
    };

    public static PictureContext Context(string language = "en") => new("putumayo-2000", new Credits
    {
        Source = "SIMCI", Licence = "CC-BY", Date = "2026-01-01", RunId = "0123456789abcdef0123", Caveats = ["X1."],
    }, language);

    public static ReportSpec Report(string language = "en", double effect = 1)
    {
        var layers = Layers(effect);
        return new ReportSpec
        {
            Language = language, Credits = Context(language).Credits,
            Chapters = [new ReportChapter { Scenario = "putumayo-2000", Layers = layers, Pictures = ScenarioPictures.All(layers, Context(language)) }],
        };
    }

    private static PublishedLayer Overlay(double effect)
    {
        var columns = new List<Column>
        {
            Column.Text("zone", Names.Select((_, i) => $"{i:00}")), Column.Text("name", Names), Column.Text("country", Names.Select((_, i) => i < 6 ? "COL" : "PAN")),
            Column.Integer("year", Names.Select(_ => (long?)2004)),
        };
        double[] change = [-38293, 9500, -1400, 3712, 0, 301, double.NaN, double.NaN];
        foreach (var (measure, before, scale) in new[] { ("cultivation_ha", Coca, 1.0), ("forest_loss_ha", Forest, 0.1), ("people_out", Forest, 0.2), ("people_in", Forest, 0.2), ("flow_t", Flow, 0.001), ("burden", Flow, 0.001) })
        {
            var moved = before.Select((b, i) => double.IsNaN(b) ? double.NaN : (double.IsNaN(change[i]) ? 9000 : change[i]) * scale * effect).ToArray();
            columns.AddRange(Triple(measure + "_before", before));
            columns.AddRange(Triple(measure + "_after", before.Zip(moved, (b, m) => b + m).ToArray()));
            columns.AddRange(Triple(measure + "_change", moved));
        }
        var squares = Names.Select((_, i) => (Geometry)Zones.Square(-76 + i % 3 * 2, -4 + i / 3 * 2, 2)).ToArray();
        return PublishedLayer.Open(new Layer("overlay", columns, squares, CoordinateSystem.Wgs84));
    }

    private static PublishedLayer Corridors(double effect) => Table("corridors",
    [
        Column.Text("from_zone", ["00", "01"]), Column.Text("to_zone", ["01", "06"]), Column.Text("from_name", ["Alta", "Baja"]), Column.Text("to_name", ["Baja", "Puerto"]),
        .. Triple("flow_t_before", [60, 200]), .. Triple("flow_t_after", [60 - 20 * effect, 200 + 15 * effect]), .. Triple("flow_t_change", [-20 * effect, 15 * effect]),
        Column.Real("lon1", [-75, -73]), Column.Real("lat1", [-3, -3]), Column.Real("lon2", [-73, -75]), Column.Real("lat2", [-3, 1]),
    ]);

    private static PublishedLayer Recipients(double effect) => Table("recipients",
    [
        Column.Text("zone", ["01", "03", "06"]), Column.Text("name", ["Baja", "Delta", "Puerto"]), Column.Text("country", ["COL", "COL", "PAN"]),
        Column.Text("measure", ["cultivation_ha", "cultivation_ha", "flow_t"]), .. Triple("change", [9500 * effect, 3712 * effect, 15 * effect]),
        Column.Real("rule_of_law", [-0.9, -0.9, double.NaN]), Column.Real("homicide_rate", [42, 42, 12]), Column.Text("note", ["", "", "N1"]),
    ]);

    private static PublishedLayer Totals(double effect) => Table("totals",
    [
        Column.Text("measure", ["cultivation_ha", "flow_t"]), Column.Text("unit", ["ha", "t"]),
        .. Triple("before", [122087, 640]), .. Triple("after", [122087 - 26180 * effect, 640 - 5 * effect]), .. Triple("change", [-26180 * effect, -5 * effect]),
    ]);

    private static PublishedLayer Table(string name, params Column[] columns) => PublishedLayer.Open(new Layer(name, columns));

    // The interval is half the value each way for small numbers and a third for large ones, so that some hold zero.
    private static Column[] Triple(string name, double[] values) =>
    [
        Column.Real(name, values), Column.Real(name + "_low", values.Select(v => v - Spread(v))), Column.Real(name + "_high", values.Select(v => v + Spread(v))),
    ];

    private static double Spread(double value) => Math.Abs(value) < 1000 ? Math.Abs(value) * 1.5 : Math.Abs(value) / 3;
}
