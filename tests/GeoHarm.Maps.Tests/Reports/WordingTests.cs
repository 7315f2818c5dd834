using GeoHarm.Maps.Reports;

namespace GeoHarm.Maps.Tests.Reports;

public sealed class WordingTests
{
    [Fact]
    public void Every_key_has_words_in_every_language()
    {
        var keys = Wording.In("en").Keys.Order().ToArray();
        foreach (var language in new[] { "es", "pt" }) Assert.Equal(keys, Wording.In(language).Keys.Order());
        Assert.True(keys.Length > 40);
    }

    [Fact]
    public void Places_for_numbers_are_the_same_in_every_language()
    {
        foreach (var key in Wording.In("en").Keys)
            foreach (var language in new[] { "es", "pt" })
                Assert.True(Places(Wording.In("en")[key]).SequenceEqual(Places(Wording.In(language)[key])), $"{key} in {language}");

        static IEnumerable<string> Places(string text) => System.Text.RegularExpressions.Regex.Matches(text, @"\{\d\}").Select(m => m.Value).Distinct().Order();
    }

    [Theory]
    [InlineData("en", 66022, false, "66,022")]
    [InlineData("es", 66022, false, "66.022")]
    [InlineData("pt", 1.25, true, "+1,25")]
    [InlineData("en", -38293.4, true, "\u221238,293")]
    [InlineData("en", 0.0123, false, "0.0123")]
    [InlineData("en", -0.0000001, true, "0")]
    [InlineData("en", 100, false, "100")]
    public void Numbers_are_written_as_the_language_does(string language, double value, bool signed, string expected) =>
        Assert.Equal(expected, Wording.In(language).Number(value, signed));

    [Theory]
    [InlineData(0.0684, -0.000001, 0.277, "+0.0684 (0 to +0.277)")]
    [InlineData(0.0358, -0.000363, 0.159, "+0.0358 (\u22120.000363 to +0.159)")]
    [InlineData(0, 0, 0, "0 (0 to 0)")]
    public void An_end_of_an_interval_shows_no_dust(double value, double low, double high, string expected) => Assert.Equal(expected, Wording.In("en").Span(value, low, high, true));

    [Fact]
    public void An_unknown_language_or_key_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Wording.In("xx"));
        Assert.Throws<KeyNotFoundException>(() => Wording.In("en")["no.such.key"]);
    }

    [Fact]
    public void Countries_of_the_base_map_have_their_names_in_every_language()
    {
        Assert.Equal("Estados Unidos", Wording.In("es").Phrase("United States of America"));
        Assert.Equal("Saara Ocidental", Wording.In("pt").Phrase("Western Sahara"));
        Assert.Equal("Spain", Wording.In("en").Phrase("Spain"));
        Assert.Equal("Putumayo", Wording.In("es").Phrase("Putumayo"));

        // Countries whose own zone is the country, and which neither language spells as English does.
        var rows = Rows(Path.Combine(Repository(), "data", "study", "zones.csv"));
        var (name, level) = (Array.IndexOf(rows[0], "name"), Array.IndexOf(rows[0], "level"));
        string[] alike = ["Aruba", "Anguilla", "Barbados", "Cabo Verde", "Dominica", "Montserrat", "Jamaica", "Bahamas", "Senegal", "Puerto Rico", "Portugal", "Togo", "Mali", "Cuba", "Costa Rica", "Honduras", "Guatemala", "El Salvador", "Burkina Faso", "Gambia", "Chile", "Colombia", "Venezuela"];
        foreach (var country in rows.Skip(1).Where(r => r[level] == "country").Select(r => r[name]).Except(alike))
            Assert.True(Wording.In("es").Phrase(country) != country || Wording.In("pt").Phrase(country) != country, country);
    }

    // The same word in two languages is no gap.
    private static readonly string[] Alike = ["grave", "marginal", "reputation"];

    [Theory]
    [InlineData("es")]
    [InlineData("pt")]
    public void Every_term_and_reason_of_the_harm_tables_has_words(string language)
    {
        var words = Wording.In(language);
        var gaps = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var file in new[] { "rules.csv", "taxonomy.csv", "matrix_gp.csv" })
        {
            var rows = Rows(Path.Combine(Repository(), "data", "harm", file));
            foreach (var column in new[] { "activity", "harm", "bearer", "cause", "severity", "incidence", "priority", "reason", "note" })
            {
                if (Array.IndexOf(rows[0], column) is not (>= 0 and var at)) continue;
                foreach (var part in rows.Skip(1).SelectMany(r => r[at].Split("; ")).Where(p => p.Length > 0 && !Alike.Contains(p)))
                    if (words.Phrase(part) == part) gaps.Add(part);
            }
        }
        Assert.Empty(gaps);
    }

    [Fact]
    public void Phrases_are_put_whole_by_parts_and_by_pattern_and_never_lost()
    {
        var words = Wording.In("es");
        Assert.Equal("sin cifra por zona; se reporta protesta contra las campañas", words.Phrase("no figure by zone; protest against campaigns is reported"));
        Assert.StartsWith("PER: la coca nacional de 2000 se reparte por igual entre 6 ", words.Phrase("PER: the national coca of 2000 is shared equally over 6 growing regions; there are no figures by region."));
        Assert.Equal("An author's own caveat.", words.Phrase("An author's own caveat."));
        Assert.Equal("people", Wording.In("en").Phrase("people"));
    }

    private static List<string[]> Rows(string file) => [.. File.ReadLines(file).Select(line =>
        System.Text.RegularExpressions.Regex.Matches(line, "(?:^|,)(?:\"((?:[^\"]|\"\")*)\"|([^,]*))").Select(m => m.Groups[1].Success ? m.Groups[1].Value : m.Groups[2].Value).ToArray())];

    private static string Repository([System.Runtime.CompilerServices.CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../.."));
}
