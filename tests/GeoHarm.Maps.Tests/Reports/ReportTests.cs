using GeoHarm.Maps.Reports;

namespace GeoHarm.Maps.Tests.Reports;

public sealed class ReportTests
{
    private static readonly string[] Languages = ["en", "es", "pt"];

    // Nine maps are drawn for it: once is enough for the tests that only read it.
    private static readonly string English = Report.Html(Results.Report());

    [Fact]
    public void The_report_is_one_file_that_fetches_nothing_and_runs_nothing()
    {
        var html = English;
        Assert.Equal(9, System.Text.RegularExpressions.Regex.Count(html, "<img alt=\"[^\"]{40,}\""));
        Assert.DoesNotContain("<script", html);
        Assert.DoesNotContain("http://", html);
        Assert.DoesNotContain("https://", html);
        Assert.DoesNotContain("src=\"/", html);
        Assert.Contains("default-src 'none'", html);
    }

    [Fact]
    public void Every_figure_links_to_the_page_of_its_method_inside_the_report()
    {
        var links = System.Text.RegularExpressions.Regex.Matches(English, "<a href=\"#(method-[a-z]+)\">Method: docs/methods/[a-z]+.md</a></figcaption>").Select(m => m.Groups[1].Value).ToList();
        Assert.Equal(9, links.Count);
        Assert.True(links.Distinct().Count() >= 4);
        // Tables and key figures too: as many links as there are of them, each to a page that is there.
        var below = System.Text.RegularExpressions.Regex.Matches(English, "<p class=\"note\"><a href=\"#(method-[a-z]+)\">").Select(m => m.Groups[1].Value).ToList();
        Assert.Equal(System.Text.RegularExpressions.Regex.Count(English, "<table>|<dl class=\"key\">"), below.Count);
        Assert.Contains("method-harm", below);
        links.AddRange(below);
        Assert.All(links.Distinct(), link => Assert.Single(System.Text.RegularExpressions.Regex.Matches(English, $"<details lang=\"en\" id=\"{link}\">")));
        Assert.Contains("# Displacement: what is computed", English);
    }

    [Fact]
    public void Text_from_the_data_is_escaped()
    {
        var html = English;
        Assert.Contains("&lt;b&gt;policy&lt;/b&gt;", html);
        Assert.DoesNotContain("<b>policy", html);
        Assert.Contains("Smith &amp; Co", html);
    }

    [Fact]
    public void The_finding_comes_first_and_every_total_has_its_interval()
    {
        var html = English;
        Assert.Contains("Coca cultivation \u221226,180 ha (\u221234,907 to \u221217,453)", html);
        Assert.True(html.IndexOf("class=\"lead\"", StringComparison.Ordinal) < html.IndexOf("<figure", StringComparison.Ordinal));
        Assert.True(html.IndexOf("<figure", StringComparison.Ordinal) < html.IndexOf("Who receives it", StringComparison.Ordinal));
        Assert.Contains("Scenario, not forecast", html);
        Assert.Contains("Run 0123456789abcdef0123", html);
    }

    [Fact]
    public void The_back_test_is_printed_whatever_it_says()
    {
        // By hand: |27729-4386| and |18843-14154| average 14016; persistence 61636 and 4811 average 33223.5; skill 1 - 14016/33223.5.
        Assert.Contains("mean absolute error 14,016 ha, persistence 33,224 ha, skill +0.578; 50", English);
    }

    [Fact]
    public void No_words_of_another_language_leak()
    {
        foreach (var language in Languages)
        {
            var text = System.Text.RegularExpressions.Regex.Replace(Report.Html(Results.Report(language)), "base64,[A-Za-z0-9+/=]+|<style>.*?</style>|<details lang=\"en\".*?</details>|<[a-z/][^>]*>", " ", System.Text.RegularExpressions.RegexOptions.Singleline);
            var own = Wording.In(language);
            foreach (var other in Languages.Where(l => l != language))
            {
                var words = Wording.In(other);
                var leaks = words.Keys.Where(k => words[k].Length >= 8 && !words[k].Contains('{', StringComparison.Ordinal) && !own.Keys.Any(o => own[o].Contains(words[k], StringComparison.Ordinal)))
                    .Where(k => text.Contains(words[k], StringComparison.Ordinal)).ToArray();
                Assert.Empty(leaks);
            }
        }
    }

    [Fact]
    public void The_pdf_has_text_pages_in_A4_and_pictures_as_vectors()
    {
        var bytes = Report.Pdf(Results.Report());
        var pdf = System.Text.Encoding.Latin1.GetString(bytes);
        Assert.True(System.Text.RegularExpressions.Regex.Count(pdf, @"/MediaBox \[0 0 595 842\]") >= 2);
        Assert.Equal(9, System.Text.RegularExpressions.Regex.Count(pdf, @"/MediaBox \[0 0 (842|1120|1008|900) "));
        Assert.DoesNotContain("/Subtype /Image", pdf);
        Assert.Equal(bytes, Report.Pdf(Results.Report()));
    }

    [Fact]
    public void A_brief_as_pdf_is_one_page_a_scenario_in_every_language_with_maps_as_vectors()
    {
        foreach (var language in Languages)
        {
            var one = Results.Report(language) with { IsBrief = true };
            var bytes = Report.Pdf(one);
            var pdf = System.Text.Encoding.Latin1.GetString(bytes);
            Assert.Single(System.Text.RegularExpressions.Regex.Matches(pdf, @"/MediaBox \[0 0 595 842\]"));
            Assert.Single(System.Text.RegularExpressions.Regex.Matches(pdf, "/MediaBox"));
            Assert.DoesNotContain("/Subtype /Image", pdf);
            Assert.Equal(bytes, Report.Pdf(one));
            Assert.Equal(2, System.Text.RegularExpressions.Regex.Count(System.Text.Encoding.Latin1.GetString(Report.Pdf(one with { Chapters = [one.Chapters[0], one.Chapters[0]] })), "/MediaBox"));
        }
    }

    [Fact]
    public void A_rating_that_moves_stands_in_one_cell()
    {
        Assert.Contains("<td>3 \u203A 4</td>", English);
        Assert.Contains("Incidence (before \u203A after)", English);
        Assert.DoesNotContain("per 100,000, per 100,000", English);
    }

    [Fact]
    public void A_brief_keeps_the_finding_two_pictures_and_the_caveats()
    {
        var html = Report.Html(Results.Report() with { IsBrief = true });
        Assert.Equal(2, System.Text.RegularExpressions.Regex.Count(html, "<figure"));
        Assert.Contains("What not to conclude", html);
        Assert.DoesNotContain("Assumptions", html);
    }

    [Fact]
    public void The_same_report_has_the_same_bytes() => Assert.Equal(Report.Html(Results.Report("es")), Report.Html(Results.Report("es")));
}
