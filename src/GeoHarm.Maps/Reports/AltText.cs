using GeoHarm.Maps.Pictures;

namespace GeoHarm.Maps.Reports;

/// <summary>Sentences made from the numbers of a picture: its headline, and the text for those who do not see it.</summary>
internal static class AltText
{
    /// <summary>The headline: where the measure falls most and where it rises most.</summary>
    public static string Headline(OverlayReader overlay, Wording words, string measure)
    {
        var noun = words["measure." + measure];
        if (!overlay.Has(measure)) return noun;
        var changes = overlay.Changes(measure);
        var (least, most) = (changes[^1], changes[0]);
        var unit = words["unit." + measure];
        return (least.Value < 0, most.Value > 0) switch
        {
            (true, true) => words.Format("picture.lessAndMore", noun, words.Phrase(least.Name), words.Number(least.Value, true), unit, words.Phrase(most.Name), words.Number(most.Value, true)),
            (true, false) => words.Format("picture.onlyLess", noun, words.Phrase(least.Name), words.Number(least.Value, true), unit),
            (false, true) => words.Format("picture.onlyMore", noun, words.Phrase(most.Name), words.Number(most.Value, true), unit),
            _ => words.Format("picture.noChange", noun),
        };
    }

    /// <summary>What a map of change shows: total, largest rises and falls with intervals, zones of uncertain sign.</summary>
    public static string OfChange(OverlayReader overlay, Wording words, string measure)
    {
        if (!overlay.Has(measure)) return "";
        var changes = overlay.Changes(measure);
        var unit = words["unit." + measure];
        var rises = changes.Where(c => c.Value > 0).Take(3).Select(c => Named(c, words));
        var falls = changes.Reverse().Where(c => c.Value < 0).Take(3).Select(c => Named(c, words));
        var sentences = new List<string>
        {
            words.Format("alt.map", words["measure." + measure], overlay.Year, changes.Count, words.Number(overlay.Sum(measure + "_before")), words.Number(overlay.Sum(measure + "_after")), unit),
        };
        if (rises.Any()) sentences.Add(words.Format("alt.rises", string.Join("; ", rises)));
        if (falls.Any()) sentences.Add(words.Format("alt.falls", string.Join("; ", falls)));
        if (!rises.Any() && !falls.Any()) sentences.Add(words["alt.same"]);
        var unsure = changes.Count(c => c.Low < 0 && c.High > 0);
        if (unsure > 0) sentences.Add(words.Format("alt.unsure", unsure, changes.Count));
        return string.Join(" ", sentences);
    }

    /// <summary>What the bivariate map shows: how many zones lie in each corner that matters, and which.</summary>
    public static string OfBivariate(OverlayReader overlay, Wording words, Bivariate layer)
    {
        var cells = overlay.Rows.Select(r => (Row: r, Cell: layer.CellOf(r))).Where(c => c.Cell is not null).ToArray();
        var both = cells.Where(c => c.Cell is { Column: 2, Row: 2 }).Select(c => words.Phrase(overlay.Source.Layer["name"].TextAt(c.Row) ?? "")).ToArray();
        return words.Format("alt.bivariate", cells.Length, both.Length, both.Length == 0 ? words["report.none"] : string.Join(", ", both),
            cells.Count(c => c.Cell is { Column: 0, Row: 0 }), cells.Count(c => c.Cell is { Column: 1, Row: 1 }));
    }

    private static string Named(ZoneChange change, Wording words) => $"{words.Phrase(change.Name)} {words.Span(change.Value, change.Low, change.High, true)}";
}
