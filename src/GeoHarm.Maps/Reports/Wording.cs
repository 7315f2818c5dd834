using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace GeoHarm.Maps.Reports;

/// <summary>
/// The words of pictures and reports in one language, from one catalogue (Reports/strings.json: every key in en, es and
/// pt), and how that language writes numbers, longitudes and intervals. A missing key throws: no string leaks from
/// another language.
/// </summary>
public sealed class Wording
{
    private static readonly Lazy<IReadOnlyDictionary<string, Wording>> Languages = new(Load);
    private static readonly Lazy<Dictionary<string, Dictionary<string, Dictionary<string, string>>>> Framed = new(() => Read<Dictionary<string, Dictionary<string, Dictionary<string, string>>>>("framings"));
    private readonly Dictionary<string, string> words;
    private readonly NumberFormatInfo format;
    private readonly (Dictionary<string, string> Exact, List<(Regex Pattern, string Form)> Patterns) phrases;

    private Wording(string language, Dictionary<string, string> words, IReadOnlyList<Dictionary<string, string>> sentences)
    {
        (Language, this.words) = (language, words);
        phrases = (sentences.Where(s => !s["en"].Contains("{0}", StringComparison.Ordinal)).ToDictionary(s => s["en"], s => s[language], StringComparer.Ordinal),
            [.. sentences.Where(s => s["en"].Contains("{0}", StringComparison.Ordinal)).Select(s => (new Regex("^" + Regex.Replace(Regex.Escape(s["en"]), @"\\\{\d}", "(.+?)") + "$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)), s[language]))]);
        var comma = language is "es" or "pt";
        format = new NumberFormatInfo
        {
            NumberGroupSeparator = comma ? "." : ",", NumberDecimalSeparator = comma ? "," : ".", NegativeSign = "\u2212",
        };
    }

    private Wording(Wording plain, Dictionary<string, string> instead)
    {
        (Language, format, phrases) = (plain.Language, plain.format, plain.phrases);
        words = new Dictionary<string, string>(plain.words, StringComparer.Ordinal);
        foreach (var (key, text) in instead) words[key] = text;
    }

    /// <summary>Language code.</summary>
    public string Language { get; }

    /// <summary>Keys there are.</summary>
    public IEnumerable<string> Keys => words.Keys;

    /// <summary>The words of a key.</summary>
    public string this[string key] => words.TryGetValue(key, out var found) ? found : throw new KeyNotFoundException($"The catalogue has no words for '{key}' in '{Language}'.");

    /// <summary>The wording of the project itself.</summary>
    public const string HarmReduction = "harm-reduction";

    /// <summary>Audiences that a report can be worded for (the workshop: "different terms for different audiences"); Reports/framings.json holds what differs.</summary>
    public static IReadOnlyList<string> Framings { get; } = [HarmReduction, "cost-benefit", "targeted-enforcement"];

    /// <summary>The catalogue in a language with the words of a framing in the place of its own. Throws on others.</summary>
    public static Wording In(string language, string framing)
    {
        if (!Framings.Contains(framing)) throw new ArgumentException($"Framing '{framing}' is not one of {string.Join(", ", Framings)}.", nameof(framing));
        var plain = In(language);
        return framing == HarmReduction ? plain : new Wording(plain, Framed.Value[framing].ToDictionary(e => e.Key, e => e.Value[language], StringComparer.Ordinal));
    }

    /// <summary>The catalogue in a language: en, es or pt. Throws on others.</summary>
    public static Wording In(string language) => Languages.Value.TryGetValue(language, out var found)
        ? found
        : throw new ArgumentException($"Language '{language}' is not one of {string.Join(", ", Languages.Value.Keys)}.", nameof(language));

    /// <summary>Whether the key has words.</summary>
    public bool Has(string key) => words.ContainsKey(key);

    /// <summary>The words of a key with its places {0}, {1}... filled.</summary>
    public string Format(string key, params object[] parts) => string.Format(CultureInfo.InvariantCulture, this[key], parts);

    /// <summary>A number for people: grouped, whole from 100 up, three significant digits below; signed on request.</summary>
    public string Number(double value, bool signed = false)
    {
        if (double.IsNaN(value)) return this["report.none"];
        var size = Math.Abs(value);
        var decimals = size >= 100 || size == Math.Round(size) ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : Math.Min(6, 2 - (int)Math.Floor(Math.Log10(size)));
        var text = value.ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), format);
        if (decimals > 0) text = text.TrimEnd('0').TrimEnd(format.NumberDecimalSeparator[0]);
        if (text.Trim('\u2212') == "0") return "0";
        return signed && value > 0 ? "+" + text : text;
    }

    /// <summary>An interval for people: value (low to high). An end below a thousandth of the largest of the three is written as 0:
    /// it is the dust of the arithmetic, and its six digits would be read as precision.</summary>
    public string Span(double value, double low, double high, bool signed = false)
    {
        if (double.IsNaN(low) || double.IsNaN(high)) return Number(value, signed);
        return $"{Number(value, signed)} ({Number(Clean(low, value, high), signed)} {this["map.to"]} {Number(Clean(high, value, low), signed)})";
    }

    /// <summary>An end of an interval, 0 where it is below a thousandth of the largest of the three.</summary>
    internal static double Clean(double end, double value, double other) => Math.Abs(end) < 1e-3 * Math.Max(Math.Abs(value), Math.Abs(other)) ? 0 : end;

    /// <summary>A measure of the overlay with its unit, for legends.</summary>
    public string Unit(string measure) => measure.StartsWith("people", StringComparison.Ordinal)
        ? this["measure." + measure]
        : $"{this["measure." + measure]}, {this["unit." + measure]}";

    /// <summary>A share as a percentage.</summary>
    public string Percent(double share) => Number(Math.Round(share * 100, share is > 0 and < 0.1 ? 1 : 0)) + "\u00A0%";

    /// <summary>A longitude for the frame of a map.</summary>
    public string Longitude(double degrees)
    {
        var turned = degrees - 360 * Math.Floor((degrees + 180) / 360);
        return turned is 0 or -180 ? Degrees(turned) : Degrees(turned) + this[turned < 0 ? "map.west" : "map.east"];
    }

    /// <summary>A latitude for the frame of a map.</summary>
    public string Latitude(double degrees) => degrees == 0 ? Degrees(0) : Degrees(degrees) + this[degrees < 0 ? "map.south" : "map.north"];

    /// <summary>A projection's name in the language; as it is where the catalogue has none.</summary>
    public string Projection(string name) => string.Join(", ", name.Split(", ").Select(n => Has("projection." + n) ? this["projection." + n] : n));

    /// <summary>
    /// A sentence or term that data or models wrote in English, in this language: whole, or else by its parts between
    /// semicolons, or by a pattern whose {0}, {1}... stand for names and figures. As it is where the catalogue of phrases
    /// (Reports/phrases.json; names of countries in Reports/countries.json) has none: an author's own caveat is not lost.
    /// </summary>
    public string Phrase(string text)
    {
        if (Language == "en" || text.Length == 0) return text;
        if (phrases.Exact.TryGetValue(text, out var whole)) return whole;
        foreach (var (pattern, form) in phrases.Patterns)
        {
            if (pattern.Match(text) is { Success: true } match) return string.Format(CultureInfo.InvariantCulture, form, [.. match.Groups.Values.Skip(1).Select(g => g.Value)]);
        }
        return text.Contains("; ", StringComparison.Ordinal) ? string.Join("; ", text.Split("; ").Select(Phrase)) : text;
    }

    private string Degrees(double degrees) => Number(Math.Abs(Math.Round(degrees, 2))) + "\u00B0";

    private static Dictionary<string, Wording> Load()
    {
        var all = Read<Dictionary<string, Dictionary<string, string>>>("strings");
        List<Dictionary<string, string>> sentences = [.. Read<List<Dictionary<string, string>>>("phrases"), .. Read<List<Dictionary<string, string>>>("countries")];
        return all.Values.SelectMany(v => v.Keys).Distinct().ToDictionary(
            language => language,
            language => new Wording(language, all.Where(e => e.Value.ContainsKey(language)).ToDictionary(e => e.Key, e => e.Value[language], StringComparer.Ordinal), sentences),
            StringComparer.Ordinal);
    }

    private static T Read<T>(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Reports.{name}.json")
            ?? throw new InvalidOperationException("The catalogue of words is not embedded in this build.");
        return JsonSerializer.Deserialize<T>(stream) ?? throw new InvalidOperationException("The catalogue of words is empty.");
    }
}
