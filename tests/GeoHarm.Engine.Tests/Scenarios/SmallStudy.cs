using GeoHarm.Engine.Scenarios;
using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using NetTopologySuite.Geometries;

namespace GeoHarm.Engine.Tests.Scenarios;

/// <summary>Six zones in a row: three departments of Colombia, an island, a transit country and two consumers, with five years of coca.</summary>
internal static class SmallStudy
{
    private static readonly (string Id, string Country, string Region, string Dane, string Consumer)[] ZoneRows =
    [
        ("COL.A", "COL", "Andes", "01", ""), ("COL.B", "COL", "Andes", "02", ""), ("COL.C", "COL", "Andes", "03", ""),
        ("CUW", "CUW", "Caribbean", "", ""), ("GTM", "GTM", "Central America", "", ""),
        ("USA", "USA", "North America", "", "north_america"), ("NLD", "NLD", "Europe", "", "europe"), ("ZAF", "ZAF", "Southern Africa", "", "rest"),
    ];

    public static Func<string, Layer> Layers { get; } = Read().GetValueOrDefault!;

    public static Scenario Scenario(string policy, int members = 12) => ScenarioReader.Read(
        $"name: test\nyears: {{baseline: 2001, to: 2003}}\npolicy: {policy}\nseed: 5\nmembers: {members}\n", "test.yaml");

    public const string Spraying = "[{instrument: aerial-spraying, places: [COL.A], years: [2002, 2003], hectares: 4000}]";

    public const string Interdiction = "[{instrument: interdiction, places: [CUW], towards: [NLD], modes: [air], years: [2002, 2003], control: 1}]";

    private static Dictionary<string, Layer> Read()
    {
        var factory = new GeometryFactory();
        Geometry Square(int i) => factory.ToGeometry(new Envelope(i * 5 - 80, i * 5 - 79, 4, 5));
        var zones = new Layer("zones",
        [
            Column.Text("zone", ZoneRows.Select(z => z.Id)), Column.Text("name", ZoneRows.Select(z => "Zone " + z.Id)), Column.Text("country", ZoneRows.Select(z => z.Country)),
            Column.Text("country_name", ZoneRows.Select(z => z.Country)), Column.Text("region", ZoneRows.Select(z => z.Region)), Column.Text("level", ZoneRows.Select(z => z.Dane.Length > 0 ? "admin1" : "country")),
            Column.Text("dane", ZoneRows.Select(z => z.Dane.Length > 0 ? z.Dane : null)), Column.Text("consumer", ZoneRows.Select(z => z.Consumer.Length > 0 ? z.Consumer : null)),
            Column.Real("lon", ZoneRows.Select((_, i) => i * 5 - 79.5)), Column.Real("lat", ZoneRows.Select(_ => 4.5)),
        ], ZoneRows.Select((_, i) => Square(i)).ToArray(), CoordinateSystem.Wgs84);
        var links = new (string A, string B, string Mode, double Km)[]
        {
            ("COL.A", "COL.B", "land", 300), ("COL.B", "COL.C", "land", 300), ("COL.C", "CUW", "boat", 900), ("COL.A", "GTM", "boat", 1200), ("GTM", "USA", "land", 2500),
            ("CUW", "NLD", "air", 7800), ("CUW", "NLD", "ship", 8000), ("COL.C", "NLD", "ship", 9000), ("COL.C", "USA", "air", 3500), ("COL.A", "ZAF", "ship", 11000),
        };
        double[,] coca = { { 5000, 4000, 4500, 3500, 3000 }, { 800, 1200, 1500, 2000, 2600 }, { 10, 20, 40, 30, 60 } };
        var cells = (from u in Enumerable.Range(0, 3) from y in Enumerable.Range(0, 5) select (Dane: $"0{u + 1}", Year: 1999 + y, Ha: coca[u, y])).ToArray();
        Layer Table(string name, params Column[] columns) => new(name, columns);
        return new Dictionary<string, Layer>(StringComparer.Ordinal)
        {
            ["zones"] = zones,
            ["links"] = Table("links", Column.Text("a", links.Select(l => l.A)), Column.Text("b", links.Select(l => l.B)), Column.Text("mode", links.Select(l => l.Mode)), Column.Real("length_km", links.Select(l => l.Km)), Column.Integer("border", links.Select(l => (long?)(l.A[..3] == l.B[..3] ? 0 : 1)))),
            ["coca_department"] = Table("coca_department", Column.Text("dane", cells.Select(c => c.Dane)), Column.Integer("year", cells.Select(c => (long?)c.Year)), Column.Real("coca_ha", cells.Select(c => c.Ha))),
            ["spraying_department"] = Table("spraying_department", Column.Text("dane", ["01"]), Column.Integer("year", [2002]), Column.Real("sprayed_ha", [2500])),
            ["manual_department"] = Table("manual_department", Column.Text("dane", ["02"]), Column.Integer("year", [2002]), Column.Real("manual_ha", [100])),
            ["coca_country"] = Table("coca_country", Column.Text("country", ["COL"]), Column.Integer("year", [2001]), Column.Real("coca_ha", [6040])),
            ["displaced_department"] = Table("displaced_department", Column.Text("dane", ["01", "02", "03"]), Column.Real("received", [100, 300, 50])),
            ["governance"] = Table("governance", Column.Text("country", ["COL", "USA", "NLD"]), Column.Integer("year", [2003, 2003, 2003]), Column.Real("rule_of_law", [-0.7, 1.5, 1.7])),
            ["homicide"] = Table("homicide", Column.Text("country", ["COL", "GTM", "USA"]), Column.Integer("year", [2001, 2001, 2001]), Column.Real("rate", [68, 28, 6])),
            ["priors"] = FromCsv("published/priors.csv", "priors", ["central", "low", "high"]),
            ["producer_zones"] = Table("producer_zones", Column.Text("zone", []), Column.Text("country", []), Column.Real("share", [])),
            ["harm_rules"] = FromCsv("harm/rules.csv", "harm_rules", []),
            ["harm_matrix"] = FromCsv("harm/matrix_gp.csv", "harm_matrix", []),
        };
    }

    /// <summary>A table of data/ with quoted fields, read plainly.</summary>
    public static Layer FromCsv(string file, string name, string[] numbers)
    {
        var rows = Split(File.ReadAllText(Path.Combine(Repository(), "data", file)));
        return new Layer(name, [.. rows[0].Select((header, c) => numbers.Contains(header)
            ? Column.Real(header, rows.Skip(1).Select(r => r[c].Length == 0 ? double.NaN : double.Parse(r[c], System.Globalization.CultureInfo.InvariantCulture)))
            : Column.Text(header, rows.Skip(1).Select(r => r[c].Length == 0 ? null : r[c])))]);
    }

    private static List<List<string>> Split(string text)
    {
        var rows = new List<List<string>> { new() };
        var (field, quoted) = (new System.Text.StringBuilder(), false);
        foreach (var c in text.ReplaceLineEndings("\n"))
        {
            if (c == '"') quoted = !quoted;
            else if (c is ',' or '\n' && !quoted)
            {
                rows[^1].Add(field.ToString());
                field.Clear();
                if (c == '\n') rows.Add([]);
            }
            else field.Append(c);
        }
        rows.RemoveAt(rows.Count - 1);
        return rows;
    }

    internal static string Repository([System.Runtime.CompilerServices.CallerFilePath] string here = "")
    {
        var folder = Path.GetDirectoryName(here);
        while (folder is not null && !File.Exists(Path.Combine(folder, "GeoHarm.sln"))) folder = Path.GetDirectoryName(folder);
        return folder!;
    }
}
