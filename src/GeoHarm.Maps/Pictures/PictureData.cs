using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Maps.Pictures;

/// <summary>A table beside a picture.</summary>
/// <param name="Name">File name, such as 01-cultivation.csv.</param>
/// <param name="Text">Its content, UTF-8 with line feeds.</param>
public sealed record PictureFile(string Name, string Text);

/// <summary>
/// The data behind a picture, to be written beside it: one CSV (RFC 4180) for each table shown, with the zone's code and
/// name and the columns drawn, and one .metadata.json that says what the picture is, from what and under which caveats.
/// </summary>
public static class PictureData
{
    private static readonly string[] Keys = ["zone", "name", "country", "year", "from_zone", "to_zone", "from_name", "to_name", "measure"];

    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The files beside a picture: NAME.csv (NAME-2.csv, ... where it shows several tables) and NAME.metadata.json.</summary>
    public static IReadOnlyList<PictureFile> Files(PictureSpec spec)
    {
        var tables = Tables(spec);
        var files = tables.Select((t, i) => new PictureFile(i == 0 ? $"{spec.Name}.csv" : $"{spec.Name}-{i + 1}.csv", Csv(t.Source, t.Rows, t.Columns))).ToList();
        var names = files.Select(f => f.Name).ToArray();
        files.Add(new PictureFile($"{spec.Name}.metadata.json", Metadata(spec, tables, names)));
        return files;
    }

    /// <summary>Rows and columns of a table as CSV. Text that a spreadsheet would run as a formula is preceded by an apostrophe.</summary>
    public static string Csv(PublishedLayer source, IReadOnlyList<int> rows, IReadOnlyList<string> columns)
    {
        var layer = source.Layer;
        var text = new StringBuilder();
        text.AppendJoin(',', columns.Select(Quoted)).Append('\n');
        foreach (var row in rows)
        {
            text.AppendJoin(',', columns.Select(c => layer[c].Type == FieldType.Text ? Quoted(Tame(layer[c].TextAt(row) ?? "")) : layer[c].TextAt(row) ?? "")).Append('\n');
        }
        return text.ToString();
    }

    // Panels that show the same layer are one table: rows and columns of both.
    private static List<(PublishedLayer Source, IReadOnlyList<int> Rows, IReadOnlyList<string> Columns)> Tables(PictureSpec spec) =>
        spec.Panels.SelectMany(p => p.Shown()).GroupBy(s => s.Source, ReferenceEqualityComparer.Instance).Select(group =>
        {
            var source = (PublishedLayer)group.Key!;
            var columns = Keys.Where(source.Layer.Has).Concat(group.SelectMany(s => s.Columns)).Distinct().ToArray();
            return (source, (IReadOnlyList<int>)group.SelectMany(s => s.Rows).Distinct().Order().ToArray(), (IReadOnlyList<string>)columns);
        }).ToList();

    private static string Metadata(PictureSpec spec, List<(PublishedLayer Source, IReadOnlyList<int> Rows, IReadOnlyList<string> Columns)> tables, string[] names)
    {
        var credits = spec.Credits;
        var root = new JsonObject
        {
            ["name"] = spec.Name, ["title"] = spec.TitleInWords, ["subtitle"] = spec.SubtitleInWords, ["altText"] = spec.AltText, ["language"] = spec.Language,
            ["scenarioNotForecast"] = credits.IsScenario, ["runId"] = credits.RunId, ["date"] = credits.Date, ["source"] = credits.Source, ["licence"] = credits.Licence,
            ["caveats"] = Texts(credits.Caveats.Concat(tables.SelectMany(t => t.Source.Layer.Caveats)).Distinct()),
            ["projections"] = Texts(spec.Panels.OfType<MapSpec>().Select(m => Projections.MapProjections.For(m.Projection, m.ExtentInForce()).Name).Distinct()),
            ["windows"] = new JsonArray(spec.Panels.OfType<MapSpec>().Select(m => m.ExtentInForce()).Distinct().Select(e => (JsonNode)new JsonObject
            {
                ["west"] = Math.Round(e.West, 4), ["south"] = Math.Round(e.South, 4), ["east"] = Math.Round(e.East, 4), ["north"] = Math.Round(e.North, 4), ["spanDegrees"] = Math.Round(Math.Max(e.East - e.West, e.North - e.South), 4),
            }).ToArray()),
            ["tables"] = new JsonArray(tables.Select((t, i) => (JsonNode)new JsonObject
            {
                ["file"] = names[i], ["layer"] = t.Source.Layer.Name, ["title"] = t.Source.Layer.Title, ["rows"] = t.Rows.Count, ["audience"] = t.Source.Audience.ToString().ToLowerInvariant(),
                ["source"] = t.Source.Layer.Provenance.Source, ["licence"] = t.Source.Layer.Provenance.Licence,
                ["columns"] = new JsonArray(t.Columns.Select(c => (JsonNode)new JsonObject { ["name"] = c, ["type"] = t.Source.Layer[c].Type.ToString().ToLowerInvariant(), ["unit"] = t.Source.Layer[c].Unit }).ToArray()),
            }).ToArray()),
            ["classes"] = new JsonArray(spec.Panels.OfType<MapSpec>().SelectMany(m => m.Layers.OfType<Choropleth>()).Select(c => (JsonNode)new JsonObject
            {
                ["column"] = c.Column, ["palette"] = c.Palette.Name, ["zeroApart"] = c.ClassesInForce().ZeroApart,
                ["breaks"] = new JsonArray(c.ClassesInForce().Breaks.Select(b => (JsonNode)JsonValue.Create(b)!).ToArray()),
            }).ToArray()),
        };
        return root.ToJsonString(Format) + "\n";
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new(texts.Select(t => (JsonNode)JsonValue.Create(t)!).ToArray());

    private static string Tame(string text) => text.Length > 0 && "=+-@\t\r".Contains(text[0], StringComparison.Ordinal) ? "'" + text : text;

    private static string Quoted(string text) => text.AsSpan().IndexOfAny(",\"\n\r") >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
