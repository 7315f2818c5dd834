using GeoHarm.Spatial.Layers;

namespace GeoHarm.Maps.Reports;

/// <summary>The order of a report: finding, key figures, maps, who receives, balance, back-test, harm, cases, assumptions,
/// caveats, how to cite. The same blocks are written as HTML and as PDF.</summary>
internal static class ReportOutline
{
    private static readonly string[] RecipientColumns = ["name", "country", "change", "rule_of_law", "homicide_rate", "note"];
    private static readonly string[] PolicyHarmColumns = ["zone", "harm", "bearer", "severity", "incidence", "priority", "reason"];
    private static readonly string[] ObservedColumns = ["zone", "name", "harm", "severity", "incidence", "outcome", "trend", "observed", "cause"];
    private static readonly string[] HarmColumns = ["zone", "activity", "harm", "bearer", "severity", "incidence", "priority", "cause", "reason"];
    private static readonly string[] CaseColumns = ["case_title", "case_years", "matches", "same_instrument", "same_market", "same_country", "same_zone", "outcome", "evidence"];

    /// <summary>All blocks in order.</summary>
    public static List<ReportBlock> Of(ReportSpec spec)
    {
        var words = spec.Words;
        var blocks = new List<ReportBlock> { new Heading(1, TitleOf(spec, words)), new Prose(words["map.scenarioNotForecast"] + " " + words["report.howToRead"] + " " + words["report.wordedFor"]) };
        blocks.AddRange(ComparePage.Of(spec, words));
        foreach (var chapter in spec.Chapters) Chapter(blocks, spec, chapter, words);
        Closing(blocks, spec, words);
        return blocks;
    }

    /// <summary>The title in force.</summary>
    public static string TitleOf(ReportSpec spec, Wording words) =>
        spec.Title.Length > 0 ? spec.Title : words.Format("report.title", string.Join(", ", spec.Chapters.Select(c => c.Scenario)));

    private static void Chapter(List<ReportBlock> blocks, ReportSpec spec, ReportChapter chapter, Wording words)
    {
        blocks.Add(new Heading(2, words.Format("report.chapter", chapter.Scenario)));
        if (chapter.Question.Length > 0) blocks.Add(new Prose(chapter.Question));
        blocks.Add(new Prose(Findings.Sentence(chapter, words), true));
        if (Findings.Key(chapter, words) is { Count: > 0 } key) blocks.Add(new KeyFigures(key));
        if (Findings.Receivers(chapter, words).ToArray() is { Length: > 0 } receivers) blocks.Add(new Points(receivers));

        blocks.Add(new Heading(3, words["report.maps"]));
        var number = 0;
        foreach (var picture in spec.IsBrief ? chapter.Pictures.Pictures.Where(p => p.Name.Contains("four-layers", StringComparison.Ordinal) || p.Name.Contains("recipients", StringComparison.Ordinal)) : chapter.Pictures.Pictures)
            blocks.Add(new Figure(picture, words.Format("report.figure", ++number, picture.AltText.Length is > 0 and < 700 ? picture.AltText : picture.Title + "."), MethodPage.Of(picture.Name)));
        foreach (var refused in chapter.Pictures.Refused) blocks.Add(new Prose(words.Format("report.refused", refused)));

        Recipients(blocks, spec, chapter, words);
        PolicyHarms(blocks, spec, chapter, words);
        if (spec.IsBrief) return;
        Table(blocks, spec, words, "report.balance", "report.balanceWhy", chapter.Layers.Balance, "displacement");
        Backcast(blocks, spec, chapter, words);
        Harm(blocks, spec, chapter, words);
        Observed(blocks, spec, chapter, words);
        Cases(blocks, spec, chapter, words);
        Table(blocks, spec, words, "report.burdens", "report.burdensWhy", chapter.Layers.Burdens, "harm");
        Table(blocks, spec, words, "report.assumptions", "report.assumptionsWhy", chapter.Layers.Priors, "runs");
    }

    private static void Recipients(List<ReportBlock> blocks, ReportSpec spec, ReportChapter chapter, Wording words)
    {
        if (chapter.Layers.Recipients is not { Layer.RowCount: > 0 } table) return;
        blocks.Add(new Heading(3, words["report.recipients"]));
        blocks.Add(new Prose(words["report.recipientsWhy"]));
        foreach (var measure in ResultLayers.Measures)
        {
            var rows = Findings.RecipientRows(table.Layer, measure).ToArray();
            if (rows.Length == 0) continue;
            blocks.Add(new Heading(4, words.Unit(measure)));
            blocks.Add(LayerTable.Of(table, words, RecipientColumns, rows, spec.IsBrief ? 5 : spec.MostRows) with { Method = MethodPage.Of(measure) });
        }
    }

    private static void Backcast(List<ReportBlock> blocks, ReportSpec spec, ReportChapter chapter, Wording words)
    {
        if (chapter.Layers.Backcast is not { Layer.RowCount: > 0 } table) return;
        blocks.Add(new Heading(3, words["report.backcast"]));
        if (Findings.Skill(table) is { } skill)
        {
            var verdict = double.IsNaN(skill.Skill) ? "report.skillNone" : skill.Skill > 0 ? "report.skillBetter" : "report.skillWorse";
            blocks.Add(new Prose(words.Format("report.skill", skill.Zones, words.Number(skill.Mae), words.Number(skill.PersistenceMae), words.Number(Math.Round(skill.Skill, 3), true),
                double.IsNaN(skill.Coverage) ? words["report.none"] : words.Percent(skill.Coverage)) + " " + words[verdict]));
        }
        blocks.Add(LayerTable.Of(table, words, LayerTable.Columns(table), Enumerable.Range(0, table.Layer.RowCount).ToArray(), spec.MostRows) with { Method = new MethodPage("displacement") });
    }

    // Ratings are ordinal: rows whose rating moves come first, nothing is summed.
    private static void Harm(List<ReportBlock> blocks, ReportSpec spec, ReportChapter chapter, Wording words)
    {
        if (chapter.Layers.Harm is not { Layer.RowCount: > 0 } table) return;
        var layer = table.Layer;
        var moved = Enumerable.Range(0, layer.RowCount).Where(r => Moves(layer, r)).ToArray();
        blocks.Add(new Heading(3, words["report.harm"]));
        blocks.Add(new Prose(words.Format("report.harmWhy", moved.Length, layer.RowCount)));
        blocks.Add(LayerTable.Of(table, words, HarmColumns, moved.Length > 0 ? moved : Enumerable.Range(0, layer.RowCount).ToArray(), spec.MostRows) with { Method = new MethodPage("harm") });
    }

    private static void Cases(List<ReportBlock> blocks, ReportSpec spec, ReportChapter chapter, Wording words)
    {
        if (chapter.Layers.Cases is not { Layer.RowCount: > 0 } table) return;
        blocks.Add(new Heading(3, words["report.cases"]));
        blocks.Add(new Prose(words["report.casesWhy"]));
        blocks.Add(LayerTable.Of(table, words, CaseColumns, Enumerable.Range(0, table.Layer.RowCount).ToArray(), spec.MostRows));
    }

    // Places where something was observed after such a policy: what is pushed there shows even where it is too little to move a rating.
    private static void Observed(List<ReportBlock> blocks, ReportSpec spec, ReportChapter chapter, Wording words)
    {
        if (chapter.Layers.Harm is not { Layer.RowCount: > 0 } table || !table.Layer.Has("observed")) return;
        var layer = table.Layer;
        double Moved(int row) => Math.Abs(layer["outcome_after"].Number(row) - layer["outcome_before"].Number(row));
        var rows = Enumerable.Range(0, layer.RowCount).Where(r => layer["observed"].TextAt(r) is { Length: > 0 }).ToArray();
        if (rows.Length == 0) return;
        blocks.Add(new Heading(3, words["report.observed"]));
        blocks.Add(new Prose(words.Format("report.observedWhy", rows.Length, rows.Count(r => layer["trend"].TextAt(r) == "rising"), rows.Count(r => layer["trend"].TextAt(r) == "falling"), rows.Count(r => Moves(layer, r)))));
        blocks.Add(LayerTable.Of(table, words, ObservedColumns, [.. rows.OrderByDescending(Moved).ThenBy(r => Array.IndexOf(ComparePage.Severities, layer["severity"].TextAt(r))).ThenBy(r => r)], Math.Min(12, spec.MostRows)) with { Method = new MethodPage("harm") });
    }

    // What the policy itself does to people stands in every report, the brief and every framing included.
    private static void PolicyHarms(List<ReportBlock> blocks, ReportSpec spec, ReportChapter chapter, Wording words)
    {
        if (chapter.Layers.Harm is not { Layer.RowCount: > 0 } table || !table.Layer.Has("incidence_after")) return;
        var layer = table.Layer;
        var policy = Findings.PolicyHarmRows(layer);
        if (policy.Length == 0) return;
        blocks.Add(new Heading(3, words["report.policyHarms"]));
        blocks.Add(new Prose(words.Format("report.policyHarmsWhy", policy.Length, Findings.HarmRows(layer).Length)));
        blocks.Add(LayerTable.Of(table, words, PolicyHarmColumns, policy, spec.IsBrief ? 8 : spec.MostRows) with { Method = new MethodPage("harm") });
    }

    private static bool Moves(Layer layer, int row) => new[] { "incidence", "priority" }.Any(k =>
        layer.Has(k + "_before") && layer.Has(k + "_after") && layer[k + "_before"].TextAt(row) != layer[k + "_after"].TextAt(row));

    private static void Table(List<ReportBlock> blocks, ReportSpec spec, Wording words, string heading, string why, PublishedLayer? table, string method)
    {
        if (table is not { Layer.RowCount: > 0 }) return;
        blocks.Add(new Heading(3, words[heading]));
        blocks.Add(new Prose(words[why]));
        blocks.Add(LayerTable.Of(table, words, LayerTable.Columns(table), Enumerable.Range(0, table.Layer.RowCount).ToArray(), spec.MostRows) with { Method = new MethodPage(method) });
    }

    private static void Closing(List<ReportBlock> blocks, ReportSpec spec, Wording words)
    {
        var credits = spec.Credits;
        var caveats = credits.Caveats.Concat(spec.Chapters.SelectMany(c => c.Layers.Overlay.Layer.Caveats)).Distinct().Except(["Scenario, not forecast.", "Modelled, not observed."]).ToArray();
        blocks.Add(new Heading(2, words["report.caveats"]));
        blocks.Add(new Points([words["map.scenarioNotForecast"], .. caveats.Select(words.Phrase), words["report.misuse"]]));
        blocks.Add(new Heading(2, words["report.cite"]));
        blocks.Add(new Prose(spec.CiteAs.Length > 0 ? spec.CiteAs : words.Format("report.citeLine", TitleOf(spec, words), credits.Date, credits.RunId)));
        var facts = new List<string>();
        if (credits.Source.Length > 0) facts.Add($"{words["map.source"]}: {words.Phrase(credits.Source)}");
        if (credits.Licence.Length > 0) facts.Add($"{words["map.licence"]}: {words.Phrase(credits.Licence)}");
        if (credits.RunId.Length > 0) facts.Add($"{words["map.run"]}: {credits.RunId}");
        facts.Add(words["report.methods"]);
        blocks.Add(new Points(facts));
    }
}
