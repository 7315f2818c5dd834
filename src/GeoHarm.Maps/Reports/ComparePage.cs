using System.Globalization;
using GeoHarm.Maps.Charts;
using GeoHarm.Maps.Pictures;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Maps.Reports;

/// <summary>
/// Scenarios side by side: those that start from the same baseline, to the last digit, stand in one table with doing nothing as its
/// first column; others are compared apart, since their difference is not the policy's alone. Totals and burdens with
/// intervals, harms counted by severity and those that the policy causes, the largest receivers, and the pictures there are.
/// </summary>
internal static class ComparePage
{
    private static readonly string[] Received = ["cultivation_ha", "flow_t", "forest_loss_ha", "people_in"];
    /// <summary>Severities, worst first.</summary>
    internal static readonly string[] Severities = ["catastrophic", "grave", "serious", "moderate", "marginal"];

    /// <summary>Blocks of the page; none for a report of one scenario.</summary>
    public static IEnumerable<ReportBlock> Of(ReportSpec spec, Wording words)
    {
        var chapters = spec.Chapters.Where(c => c.Layers.Totals is { Layer.RowCount: > 0 }).ToArray();
        if (chapters.Length < 2) yield break;
        yield return new Heading(2, words["report.compare"]);
        yield return new Prose(words["report.compareWhy"]);
        var number = 0;
        foreach (var group in chapters.GroupBy(Baseline, StringComparer.Ordinal))
        {
            var policies = group.Where(c => !ChangesNothing(c)).ToArray();
            if (policies.Length == 0) continue;
            yield return new Heading(3, string.Join(", ", group.Select(c => c.Scenario)));
            yield return Figures(policies, words);
            yield return new Prose(words["report.compareHarms"]);
            yield return Harms(policies, words);
            if (Receivers(policies, words) is { Rows.Count: > 0 } receivers) yield return receivers;
            if (spec.IsBrief) continue;
            if (spec.Compared is { } compared && Changes(spec, compared, policies, words) is { } picture) yield return new Figure(picture, words.Format("report.figure", ++number, picture.AltText), MethodPage.Of(picture.Name));
            foreach (var chapter in policies)
            {
                if (chapter.Pictures.Pictures.FirstOrDefault(p => p.Name.Contains("four-layers", StringComparison.Ordinal)) is { } layers) yield return new Figure(layers, words.Format("report.figure", ++number, $"{chapter.Scenario}: {layers.Title}."), MethodPage.Of(layers.Name));
            }
        }
    }

    private static string Baseline(ReportChapter chapter)
    {
        var totals = chapter.Layers.Totals!.Layer;
        return string.Join('|', Enumerable.Range(0, totals.RowCount).Select(r => $"{totals["measure"].TextAt(r)} {totals["before"].TextAt(r)}"));
    }

    private static bool ChangesNothing(ReportChapter chapter)
    {
        var totals = chapter.Layers.Totals!.Layer;
        return Enumerable.Range(0, totals.RowCount).All(r => totals["change"].Number(r) == 0 && totals["change_low"].Number(r) == 0 && totals["change_high"].Number(r) == 0);
    }

    private static DataTable Figures(ReportChapter[] policies, Wording words)
    {
        var rows = new List<IReadOnlyList<string>>();
        foreach (var table in new Func<ReportChapter, PublishedLayer?>[] { c => c.Layers.Totals, c => c.Layers.Burdens })
        {
            if (table(policies[0]) is not { } first) continue;
            for (var row = 0; row < first.Layer.RowCount; row++)
            {
                var measure = first.Layer["measure"].TextAt(row) ?? "";
                var cells = new List<string> { words.Has("measure." + measure) ? words.Unit(measure) : measure, Span(first.Layer, row, "before", words) };
                foreach (var policy in policies) cells.Add(table(policy)?.Layer is { } layer && RowOf(layer, measure) is >= 0 and var at ? Span(layer, at, "after", words) : words["report.none"]);
                rows.Add(cells);
            }
        }
        return new DataTable([words["column.measure"], words["report.doNothing"], .. policies.Select(p => p.Scenario)], [false, .. Enumerable.Repeat(true, policies.Length + 1)], rows, "");
    }

    private static string Span(Layer layer, int row, string column, Wording words) => words.Span(layer[column].Number(row), layer[column + "_low"].Number(row), layer[column + "_high"].Number(row));

    private static int RowOf(Layer layer, string measure) => Enumerable.Range(0, layer.RowCount).FirstOrDefault(r => layer["measure"].TextAt(r) == measure, -1);

    // Rows of the harm table are counted at each severity and never added across severities.
    private static DataTable Harms(ReportChapter[] policies, Wording words)
    {
        int Count(ReportChapter chapter, string severity, string side, string? cause) => chapter.Layers.Harm?.Layer is not { } layer || !layer.Has("severity") ? 0
            : Enumerable.Range(0, layer.RowCount).Count(r => layer["severity"].TextAt(r) == severity && layer["incidence_" + side].TextAt(r) is { Length: > 0 } && (cause is null || layer["cause"].TextAt(r) == cause));
        string Said(int count) => count.ToString(CultureInfo.InvariantCulture);
        var rows = Severities.Select(s => (IReadOnlyList<string>)[words.Phrase(s), Said(Count(policies[0], s, "before", null)), .. policies.Select(p => words.Format("report.ofThemPolicy", Said(Count(p, s, "after", null)), Said(Count(p, s, "after", "policy"))))]).ToArray();
        return new DataTable([words["column.severity"], words["report.doNothing"], .. policies.Select(p => p.Scenario)], [false, .. Enumerable.Repeat(true, policies.Length + 1)], rows, "") { Method = new MethodPage("harm") };
    }

    private static DataTable Receivers(ReportChapter[] policies, Wording words)
    {
        const int named = 3;
        string Of(ReportChapter chapter, string measure) => chapter.Layers.Recipients?.Layer is not { } layer ? "" : string.Join("; ",
            Findings.RecipientRows(layer, measure).Where(r => layer["change"].Number(r) > 0).Take(named).Select(r => $"{layer["name"].TextAt(r)} {words.Span(layer["change"].Number(r), layer["change_low"].Number(r), layer["change_high"].Number(r), true)}"));
        var rows = Received.Select(m => (Measure: m, Cells: policies.Select(p => Of(p, m)).ToArray())).Where(r => r.Cells.Any(c => c.Length > 0))
            .Select(r => (IReadOnlyList<string>)[words.Unit(r.Measure), .. r.Cells.Select(c => c.Length > 0 ? c : words["report.nobody"])]).ToArray();
        return new DataTable([words["report.recipients"], .. policies.Select(p => p.Scenario)], [.. Enumerable.Repeat(false, policies.Length + 1)], rows, "");
    }

    private static PictureSpec? Changes(ReportSpec spec, PublishedLayer compared, ReportChapter[] policies, Wording words)
    {
        var layer = compared.Layer;
        var names = policies.Select(p => p.Scenario).ToHashSet(StringComparer.Ordinal);
        var measures = Enumerable.Range(0, layer.RowCount).Select(r => layer["measure"].TextAt(r)!).Distinct().Where(m => words.Has("measure." + m)).ToArray();
        var panels = new List<Panel>();
        var said = new List<string>();
        foreach (var measure in measures)
        {
            int[] rows = [.. Enumerable.Range(0, layer.RowCount).Where(r => layer["measure"].TextAt(r) == measure && names.Contains(layer["scenario"].TextAt(r)!))];
            if (rows.Length == 0) continue;
            panels.Add(new BarChart(compared, "scenario", "change") { Title = words.Unit(measure), Rows = rows, LowColumn = "change_low", HighColumn = "change_high" });
            said.Add($"{words.Unit(measure)}: {string.Join("; ", rows.Select(r => $"{layer["scenario"].TextAt(r)} {words.Span(layer["change"].Number(r), layer["change_low"].Number(r), layer["change_high"].Number(r), true)}"))}.");
        }
        return panels.Count == 0 ? null : new PictureSpec
        {
            Name = "compared", Title = words["picture.compared"], Subtitle = words["picture.interval"], Panels = panels, Columns = panels.Count == 1 ? 1 : 2, Language = spec.Language, Credits = spec.Credits,
            AltText = string.Join(" ", said), Size = new PictureSize(842, Math.Max(320, 120 + (panels.Count + 1) / 2 * (90 + 34 * policies.Length))),
        };
    }
}
