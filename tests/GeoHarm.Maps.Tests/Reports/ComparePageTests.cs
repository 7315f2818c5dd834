using GeoHarm.Maps.Reports;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Maps.Tests.Reports;

public sealed class ComparePageTests
{
    private static ReportChapter Chapter(string name, double effect, double baseline = 1)
    {
        var layers = Results.Layers(effect);
        if (baseline != 1)
        {
            var totals = layers.Totals!.Layer;
            layers = layers with { Totals = PublishedLayer.Open(new Layer("totals", [.. totals.Columns.Select(c => c.Name == "before" ? Column.Real("before", c.Reals.ToArray().Select(v => v * baseline)) : c)])) };
        }
        return new ReportChapter { Scenario = name, Layers = layers, Pictures = ScenarioPictures.All(layers, Results.Context() with { Scenario = name }) };
    }

    private static ReportSpec Spec(params ReportChapter[] chapters) => Results.Report() with
    {
        Chapters = chapters,
        Compared = PublishedLayer.Open(Layer.Stack("scenario", [.. chapters.Select(c => (c.Scenario, c.Layers.Totals!.Layer))])),
    };

    private static List<ReportBlock> Page(ReportSpec spec) => [.. ComparePage.Of(spec, Wording.In(spec.Language))];

    [Fact]
    public void By_hand_two_policies_stand_beside_doing_nothing()
    {
        var page = Page(Spec(Chapter("spray", 1), Chapter("half", 0.5), Chapter("nothing", 0)));
        var figures = page.OfType<DataTable>().First();
        // Doing nothing is the baseline, once; the scenario that changes nothing is no column of its own.
        Assert.Equal(["Measure", "Do nothing", "spray", "half"], figures.Headings);
        Assert.StartsWith("122,087 (", figures.Rows[0][1], StringComparison.Ordinal);
        Assert.StartsWith("95,907 (", figures.Rows[0][2], StringComparison.Ordinal); // 122,087 - 26,180
        Assert.StartsWith("108,997 (", figures.Rows[0][3], StringComparison.Ordinal); // 122,087 - 13,090
        Assert.Equal("spray, half, nothing", page.OfType<Heading>().Last().Text);
        // One chart of changes and the four layers of each policy.
        Assert.Equal(["compared", "09-four-layers", "09-four-layers"], page.OfType<Figure>().Select(f => f.Picture.Name));
        Assert.Contains("half \u221213,090", page.OfType<Figure>().First().Picture.AltText, StringComparison.Ordinal);
        var receivers = page.OfType<DataTable>().Last();
        Assert.Contains("Baja +9,500", receivers.Rows[0][1], StringComparison.Ordinal);
        Assert.Contains("Baja +4,750", receivers.Rows[0][2], StringComparison.Ordinal);
    }

    [Fact]
    public void Scenarios_of_another_baseline_are_compared_apart()
    {
        var page = Page(Spec(Chapter("a", 1), Chapter("b", 1, baseline: 1.5)));
        Assert.Equal(["a", "b"], page.OfType<Heading>().Where(h => h.Level == 3).Select(h => h.Text));
        Assert.All(page.OfType<DataTable>().Where(t => t.Headings[0] == "Measure"), t => Assert.Equal(3, t.Headings.Count));
    }

    [Fact]
    public void One_scenario_has_no_page_and_a_brief_has_the_tables_alone()
    {
        Assert.Empty(Page(Spec(Chapter("a", 1))));
        var brief = Page(Spec(Chapter("a", 1), Chapter("b", 0.5)) with { IsBrief = true });
        Assert.Empty(brief.OfType<Figure>());
        Assert.NotEmpty(brief.OfType<DataTable>());
    }

    [Fact]
    public void The_page_leads_the_report_and_a_picture_that_stands_twice_is_drawn_once()
    {
        var html = Report.Html(Spec(Chapter("a", 1), Chapter("b", 0.5)));
        Assert.True(html.IndexOf("Scenarios side by side", StringComparison.Ordinal) < html.IndexOf("<h2>Scenario a</h2>", StringComparison.Ordinal));
        Assert.Equal(2 * 9 + 1 + 2, System.Text.RegularExpressions.Regex.Count(html, "<figure"));
    }
}
