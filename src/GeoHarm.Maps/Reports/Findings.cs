using GeoHarm.Spatial.Layers;

namespace GeoHarm.Maps.Reports;

/// <summary>What a scenario found, as sentences and key figures made from its totals, recipients and back-test.</summary>
internal static class Findings
{
    /// <summary>The finding in one sentence: the change of each total with its interval.</summary>
    public static string Sentence(ReportChapter chapter, Wording words)
    {
        var figures = Key(chapter, words);
        if (figures.Count == 0) return words.Format("report.noTotals", chapter.Scenario);
        var parts = figures.Select(f => words.Format("report.findingPart", f.Label, f.Change, f.Unit, f.Interval));
        return words.Format("report.finding", chapter.Scenario, string.Join("; ", parts));
    }

    /// <summary>Who receives most, one sentence for each measure that has receivers.</summary>
    public static IEnumerable<string> Receivers(ReportChapter chapter, Wording words)
    {
        if (chapter.Layers.Recipients is not { } table) yield break;
        var layer = table.Layer;
        foreach (var measure in ResultLayers.Measures)
        {
            var rows = RecipientRows(layer, measure).Where(r => layer["change"].Number(r) > 0).Take(3).ToArray();
            if (rows.Length == 0) continue;
            yield return words.Format("report.receivers", words.Unit(measure), string.Join("; ", rows.Select(r =>
                $"{words.Phrase(layer["name"].TextAt(r) ?? "")} ({layer["country"].TextAt(r)}) {words.Span(layer["change"].Number(r), layer["change_low"].Number(r), layer["change_high"].Number(r), true)}")));
        }
    }

    /// <summary>Rows of the recipients table for a measure, largest change first.</summary>
    public static IEnumerable<int> RecipientRows(Layer layer, string measure) => Enumerable.Range(0, layer.RowCount)
        .Where(r => layer["measure"].TextAt(r) == measure && double.IsFinite(layer["change"].Number(r))).OrderByDescending(r => layer["change"].Number(r)).ThenBy(r => r);

    /// <summary>Rows of the harm table that hold after the policy.</summary>
    public static int[] HarmRows(Layer harm) => [.. Enumerable.Range(0, harm.RowCount).Where(r => harm["incidence_after"].TextAt(r) is { Length: > 0 })];

    /// <summary>Those of them that the policy causes, worst severity first.</summary>
    public static int[] PolicyHarmRows(Layer harm) =>
        [.. HarmRows(harm).Where(r => harm["cause"].TextAt(r) == "policy").OrderBy(r => Array.IndexOf(ComparePage.Severities, harm["severity"].TextAt(r))).ThenBy(r => r)];

    /// <summary>What the policy itself does, in a sentence: its worst harms with the number of zones each holds in; null where it causes none.</summary>
    public static string? PolicyHarms(ReportChapter chapter, Wording words)
    {
        const int named = 4;
        if (chapter.Layers.Harm?.Layer is not { } harm || !harm.Has("incidence_after") || PolicyHarmRows(harm) is not { Length: > 0 } rows) return null;
        var worst = rows.GroupBy(r => harm["harm"].TextAt(r)!, StringComparer.Ordinal).Take(named).Select(g => words.Format("report.policyHarmZones", words.Phrase(g.Key), g.Count()));
        return words.Format("report.policyHarmsLine", words["report.policyHarms"], rows.Length, string.Join("; ", worst));
    }

    /// <summary>Key figures from the table of totals.</summary>
    public static IReadOnlyList<KeyFigure> Key(ReportChapter chapter, Wording words)
    {
        if (chapter.Layers.Totals is not { } totals) return [];
        var layer = totals.Layer;
        var figures = new List<KeyFigure>();
        for (var row = 0; row < layer.RowCount; row++)
        {
            var measure = layer["measure"].TextAt(row) ?? "";
            var (change, low, high) = (layer["change"].Number(row), layer["change_low"].Number(row), layer["change_high"].Number(row));
            if (double.IsNaN(change)) continue;
            figures.Add(new KeyFigure(
                words.Has("measure." + measure) ? words["measure." + measure] : measure,
                words.Has("unit." + measure) ? words["unit." + measure] : layer["unit"].TextAt(row) ?? "",
                words.Number(layer["before"].Number(row)), words.Number(layer["after"].Number(row)), words.Number(change, true),
                $"{words.Number(low, true)} {words["map.to"]} {words.Number(high, true)}", low < 0 && high > 0));
        }
        return figures;
    }

    /// <summary>
    /// Skill of the back-test against persistence, from the table: mean absolute errors, 1 - MAE / MAE of persistence,
    /// and the share of observations inside the interval. Null without the columns or with no row that has all three.
    /// </summary>
    public static (double Mae, double PersistenceMae, double Skill, double Coverage, int Zones)? Skill(PublishedLayer? backcast)
    {
        if (backcast?.Layer is not { } layer || !new[] { "observed", "projected", "persistence" }.All(layer.Has)) return null;
        var rows = Enumerable.Range(0, layer.RowCount).Where(r => double.IsFinite(layer["observed"].Number(r) + layer["projected"].Number(r) + layer["persistence"].Number(r))).ToArray();
        if (rows.Length == 0) return null;
        var mae = rows.Average(r => Math.Abs(layer["projected"].Number(r) - layer["observed"].Number(r)));
        var naive = rows.Average(r => Math.Abs(layer["persistence"].Number(r) - layer["observed"].Number(r)));
        var ends = LayerTable.Ends(layer, "projected");
        var inside = ends is { } e ? rows.Count(r => layer[e.Low].Number(r) <= layer["observed"].Number(r) && layer["observed"].Number(r) <= layer[e.High].Number(r)) / (double)rows.Length : double.NaN;
        return (mae, naive, naive == 0 ? double.NaN : 1 - mae / naive, inside, rows.Length);
    }
}
