using GeoHarm.Maps.Reports;

namespace GeoHarm.Maps.Tests.Reports;

public sealed class ReportTests
{
    private static readonly string[] Languages = ["en", "es", "pt"];

    [Fact]
    public void The_report_is_one_file_that_fetches_nothing_and_runs_nothing()
    {
        var html = Report.Html(Results.Report());
        Assert.Equal(9, System.Text.RegularExpressions.Regex.Count(html, "<img alt=\"[^\"]{40,}\""));
        Assert.DoesNotContain("<script", html);
        Assert.DoesNotContain("http://", html);
        Assert.DoesNotContain("https://", html);
        Assert.DoesNotContain("src=\"/", html);
        Assert.Contains("default-src 'none'", html);
    }

    [Fact]
    public void Text_from_the_data_is_escaped()
    {
        var html = Report.Html(Results.Report());
        Assert.Contains("&lt;b&gt;policy&lt;/b&gt;", html);
        Assert.DoesNotContain("<b>policy", html);
        Assert.Contains("Smith &amp; Co", html);
    }

    [Fact]
    public void The_finding_comes_first_and_every_total_has_its_interval()
    {
        var html = Report.Html(Results.Report());
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
        Assert.Contains("mean absolute error 14,016 ha, persistence 33,224 ha, skill +0.578; 50", Report.Html(Results.Report()));
    }

    [Fact]
    public void No_words_of_another_language_leak()
    {
        foreach (var language in Languages)
        {
            var text = System.Text.RegularExpressions.Regex.Replace(Report.Html(Results.Report(language)), "base64,[A-Za-z0-9+/=]+|<style>.*?</style>|<[a-z/][^>]*>", " ", System.Text.RegularExpressions.RegexOptions.Singleline);
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
