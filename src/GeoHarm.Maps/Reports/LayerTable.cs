using GeoHarm.Spatial.Layers;

namespace GeoHarm.Maps.Reports;

/// <summary>Makes a table for people from a published layer: a number with name_low and name_high beside it becomes one
/// cell "value (low to high)"; headings come from the catalogue.</summary>
internal static class LayerTable
{
    /// <summary>The table of rows and columns; columns the layer lacks are left out, and a name that it has as name_before and
    /// name_after is one column of both.</summary>
    public static DataTable Of(PublishedLayer source, Wording words, IReadOnlyList<string> columns, IReadOnlyList<int> rows, int mostRows)
    {
        var layer = source.Layer;
        var kept = columns.Where(c => layer.Has(c) || layer.Has(c + "_before")).ToArray();
        var shown = rows.Take(mostRows).Select(r => (IReadOnlyList<string>)kept.Select(c => Cell(layer, c, r, words)).ToArray()).ToArray();
        var note = rows.Count > shown.Length ? words.Format("report.moreRows", rows.Count - shown.Length) : "";
        return new DataTable(kept.Select(c => HeadingOf(layer, c, words)).ToArray(), kept.Select(c => layer.Has(c) && layer[c].Type is FieldType.Real or FieldType.Integer).ToArray(), shown, note);
    }

    /// <summary>Columns of a layer that are not an end of another's interval.</summary>
    public static IReadOnlyList<string> Columns(PublishedLayer source) =>
        source.Layer.Columns.Select(c => c.Name).Where(n => !IsEnd(source.Layer, n)).ToArray();

    /// <summary>The low and high columns of a number: name_low and name_high, or low and high beside "central".</summary>
    public static (string Low, string High)? Ends(Layer layer, string column)
    {
        if (layer.Has(column + "_low") && layer.Has(column + "_high")) return (column + "_low", column + "_high");
        return column == "central" && layer.Has("low") && layer.Has("high") ? ("low", "high") : null;
    }

    private static bool IsEnd(Layer layer, string name) =>
        (name.EndsWith("_low", StringComparison.Ordinal) && layer.Has(name[..^4]))
        || (name.EndsWith("_high", StringComparison.Ordinal) && layer.Has(name[..^5]))
        || (name is "low" or "high" && layer.Has("central"));

    private static string Cell(Layer layer, string name, int row, Wording words)
    {
        if (!layer.Has(name))
        {
            var (before, after) = (Filled(Cell(layer, name + "_before", row, words)), Filled(Cell(layer, name + "_after", row, words)));
            return before == after ? before : $"{before} \u203A {after}";
        }
        var column = layer[name];
        if (column.IsNull(row)) return words["report.none"];
        if (column.Type == FieldType.Text) return Translated(column.TextAt(row)!, words);
        if (column.Type == FieldType.Date) return column.TextAt(row)!;
        if (name == "year") return column.TextAt(row)!;
        var signed = name.Contains("change", StringComparison.Ordinal);
        return Ends(layer, name) is { } ends
            ? words.Span(column.Number(row), layer[ends.Low].Number(row), layer[ends.High].Number(row), signed)
            : words.Number(column.Number(row), signed);

        string Filled(string text) => text.Length == 0 ? words["report.none"] : text;
    }

    private static string Translated(string text, Wording words) => words.Has("measure." + text) ? words.Unit(text) : words.Has("value." + text) ? words["value." + text] : words.Phrase(text);

    private static string HeadingOf(Layer layer, string name, Wording words)
    {
        if (!layer.Has(name)) return words["column." + name];
        var heading = words.Has("column." + name) ? words["column." + name] : words.Has("measure." + name) ? words["measure." + name] : name.Replace('_', ' ');
        return layer[name].Unit is { Length: > 0 } unit && !heading.EndsWith(" " + words.Phrase(unit), StringComparison.Ordinal) ? $"{heading}, {words.Phrase(unit)}" : heading;
    }
}
