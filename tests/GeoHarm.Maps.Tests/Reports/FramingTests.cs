using System.Text.Json;
using System.Text.RegularExpressions;
using GeoHarm.Maps.Reports;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Maps.Tests.Reports;

public sealed class FramingTests
{
    private static readonly Lazy<Dictionary<string, Dictionary<string, Dictionary<string, string>>>> Catalogue = new(() =>
        JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, Dictionary<string, string>>>>(File.ReadAllText(Source()))!);

    private static string Source([System.Runtime.CompilerServices.CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "../../../src/GeoHarm.Maps/Reports/framings.json");

    /// <summary>A report whose harm table has harms of the policy, more than a table prints, the worst last.</summary>
    private static ReportSpec Spec(string language, string framing, bool brief = false)
    {
        const int rows = 60;
        string[] severities = ["marginal", "serious", "catastrophic"];
        var harm = PublishedLayer.Open(new Layer("harm",
        [
            Column.Text("zone", Enumerable.Range(0, rows).Select(r => $"Z{r}")), Column.Text("activity", Enumerable.Range(0, rows).Select(_ => "eradication")), Column.Text("harm", Enumerable.Range(0, rows).Select(r => $"H{r}")),
            Column.Text("bearer", Enumerable.Range(0, rows).Select(_ => "individuals")), Column.Text("severity", Enumerable.Range(0, rows).Select(r => severities[r % 3])),
            Column.Text("incidence_before", Enumerable.Range(0, rows).Select(_ => "rarely")), Column.Text("incidence_after", Enumerable.Range(0, rows).Select(r => r < 50 ? "regularly" : "rarely")),
            Column.Text("priority_after", Enumerable.Range(0, rows).Select(_ => "high")), Column.Text("cause", Enumerable.Range(0, rows).Select(r => r >= 45 ? "policy" : "activity")),
        ]));
        var plain = Results.Report(language);
        return plain with { Framing = framing, IsBrief = brief, Chapters = [plain.Chapters[0] with { Layers = plain.Chapters[0].Layers with { Harm = harm } }] };
    }

    private static string Words(string html) => System.Net.WebUtility.HtmlDecode(Regex.Replace(html, "base64,[A-Za-z0-9+/=]+|<style>.*?</style>|<details lang=\"en\".*?</details>|<(?!img)[a-z/][^>]*>", " ", RegexOptions.Singleline));

    /// <summary>Every number that stands in a text, alternative texts of pictures included, in order of size.</summary>
    private static string[] Numbers(string html) => [.. Regex.Matches(Words(html), "\u2212?\\d[\\d.,]*").Select(m => m.Value.TrimEnd('.', ',')).Order(StringComparer.Ordinal)];

    [Theory]
    [InlineData("en")]
    [InlineData("es")]
    [InlineData("pt")]
    public void Every_framing_holds_the_same_numbers_and_other_words(string language)
    {
        var reports = Wording.Framings.Select(f => Report.Html(Spec(language, f))).ToArray();
        Assert.True(Numbers(reports[0]).Length > 500);
        Assert.All(reports.Skip(1), r => Assert.Equal(Numbers(reports[0]), Numbers(r)));
        Assert.Equal(reports.Length, reports.Select(Words).Distinct().Count());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void No_framing_and_no_brief_hides_the_harms_that_the_policy_causes(bool brief)
    {
        foreach (var framing in Wording.Framings)
        {
            var html = Report.Html(Spec("en", framing, brief));
            var heading = Wording.In("en", framing)["report.policyHarms"];
            var section = html[html.IndexOf($"<h3>{heading}</h3>", StringComparison.Ordinal)..];
            section = section[..section.IndexOf("</table>", StringComparison.Ordinal)];
            Assert.Contains("15 of the 60 rows", section, StringComparison.Ordinal);
            Assert.Contains(">H47<", section, StringComparison.Ordinal);
            // Worst first, and the activity's own are not among them.
            Assert.True(section.IndexOf("catastrophic", StringComparison.Ordinal) < section.IndexOf(">serious<", StringComparison.Ordinal) || !section.Contains(">serious<", StringComparison.Ordinal));
            Assert.DoesNotContain(">H3<", section, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_sentence_of_a_brief_page_names_the_worst_harms_of_the_policy_with_their_zones()
    {
        foreach (var framing in Wording.Framings)
        {
            var words = Wording.In("en", framing);
            // By hand: rows 45 to 59 are the policy's, rows 47, 50, 53, 56, 59 catastrophic; four are named.
            Assert.Equal($"{words["report.policyHarms"]}, 15 rows of the harm table, the worst: H47 (zones: 1); H50 (zones: 1); H53 (zones: 1); H56 (zones: 1).", Findings.PolicyHarms(Spec("en", framing).Chapters[0], words));
        }
        Assert.Null(Findings.PolicyHarms(Results.Report().Chapters[0], Wording.In("en")));
    }

    [Fact]
    public void Words_of_a_framing_replace_words_that_exist_with_the_same_places_and_digits_in_every_language()
    {
        Assert.Equal(Wording.Framings.Skip(1), Catalogue.Value.Keys);
        foreach (var (framing, words) in Catalogue.Value)
        {
            foreach (var (key, texts) in words)
            {
                Assert.Equal(["en", "es", "pt"], texts.Keys.Order(StringComparer.Ordinal));
                foreach (var language in texts.Keys)
                {
                    var plain = Wording.In(language)[key];
                    Assert.True(Marks(plain).SequenceEqual(Marks(texts[language])), $"{framing} {key} {language}");
                    Assert.NotEqual(plain, texts[language]);
                    Assert.Equal(texts[language], Wording.In(language, framing)[key]);
                }
            }
        }

        static IEnumerable<string> Marks(string text) => Regex.Matches(text, @"\{\d\}|\u2212?\d[\d.,]*").Select(m => m.Value.TrimEnd('.', ',')).Order(StringComparer.Ordinal);
    }

    [Fact]
    public void A_number_that_a_framing_adds_would_be_seen() => Assert.NotEqual(Numbers("<p>5 t</p>"), Numbers("<p>5 t, 7 %</p>"));

    [Fact]
    public void An_unknown_framing_is_refused() => Assert.Throws<ArgumentException>(() => Wording.In("en", "marketing"));

    [Fact]
    public void The_pdf_is_worded_too() => Assert.NotEqual(Report.Pdf(Spec("en", Wording.HarmReduction, true)), Report.Pdf(Spec("en", "cost-benefit", true)));
}
