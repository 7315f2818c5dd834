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

    [Fact]
    public void An_unknown_language_or_key_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Wording.In("xx"));
        Assert.Throws<KeyNotFoundException>(() => Wording.In("en")["no.such.key"]);
    }
}
