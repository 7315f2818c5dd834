using System.Globalization;
using GeoHarm.Spatial.Layers;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace GeoHarm.Engine.Scenarios;

/// <summary>A YAML mapping read key by key; every wrong or unknown key becomes a fault with its line, none stops the reading.</summary>
internal sealed class YamlMapping
{
    private readonly string file;
    private readonly List<Fault> faults;
    private readonly Dictionary<string, (YamlNode Key, YamlNode Value)> entries = new(StringComparer.Ordinal);
    private readonly HashSet<string> asked = new(StringComparer.Ordinal);

    public YamlMapping(YamlMappingNode node, string file, string path, List<Fault> faults)
    {
        this.file = file;
        this.faults = faults;
        Path = path;
        Line = (int)node.Start.Line;
        foreach (var (key, value) in node.Children)
        {
            entries[(key as YamlScalarNode)?.Value ?? ""] = (key, value);
        }
    }

    /// <summary>Where the mapping stands, such as "policy[1]".</summary>
    public string Path { get; }

    public int Line { get; }

    public IEnumerable<string> Keys => entries.Keys;

    public bool Has(string key) => entries.ContainsKey(key);

    public int LineOf(string key) => entries.TryGetValue(key, out var entry) ? (int)entry.Key.Start.Line : Line;

    public string Text(string key, string? fallback = null)
    {
        if (!Take(key, fallback is null, out var node)) return fallback ?? "";
        if (node is YamlScalarNode { Value: { Length: > 0 } value }) return value;
        Wrong(key, node, "is not text", "Write one line of text.");
        return fallback ?? "";
    }

    public double Number(string key, double? fallback, double low, double high, string unit)
    {
        if (!Take(key, fallback is null, out var node)) return fallback ?? low;
        if (TryNumber(node, out var value) && value >= low && value <= high) return value;
        Wrong(key, node, $"is not a number from {Show(low)} to {Show(high)}", $"Give {unit} between {Show(low)} and {Show(high)}.");
        return fallback ?? low;
    }

    public long Whole(string key, long? fallback, long low, long high)
    {
        if (!Take(key, fallback is null, out var node)) return fallback ?? low;
        if (node is YamlScalarNode scalar && long.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= low && value <= high) return value;
        Wrong(key, node, $"is not a whole number from {low} to {high}", $"Give a whole number between {low} and {high}.");
        return fallback ?? low;
    }

    public bool Truth(string key)
    {
        if (!Take(key, false, out var node)) return false;
        if (node is YamlScalarNode { Value: "true" }) return true;
        if (node is not YamlScalarNode { Value: "false" }) Wrong(key, node, "is neither true nor false", "Write true or false.");
        return false;
    }

    public IReadOnlyList<string> Texts(string key, bool required, IReadOnlyCollection<string>? allowed = null)
    {
        if (!Take(key, required, out var node)) return [];
        var values = node switch
        {
            YamlSequenceNode sequence => sequence.Children.OfType<YamlScalarNode>().Select(s => s.Value ?? "").ToList(),
            YamlScalarNode { Value: { Length: > 0 } single } => [single],
            _ => [],
        };
        if (values.Count == 0 && required) Wrong(key, node, "is empty", "Give at least one value, such as [A, B].");
        if (allowed is not null)
        {
            foreach (var value in values.Where(v => !allowed.Contains(v))) Wrong(key, node, $"holds '{value}'", $"Use {string.Join(", ", allowed)}.");
        }
        return values;
    }

    /// <summary>Two years as [from, to], or one year.</summary>
    public (int From, int To)? Years(string key, bool required)
    {
        if (!Take(key, required, out var node)) return null;
        var items = node is YamlSequenceNode sequence ? sequence.Children.ToList() : [node];
        var years = new List<int>();
        foreach (var item in items)
        {
            if (item is YamlScalarNode scalar && int.TryParse(scalar.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year is >= 1950 and <= 2100) years.Add(year);
        }
        if (years.Count == items.Count && years.Count is 1 or 2 && years[0] <= years[^1]) return (years[0], years[^1]);
        Wrong(key, node, "is not a year or a pair [from, to] between 1950 and 2100", "Write a year such as 2001, or [2001, 2003].");
        return null;
    }

    public YamlMapping? Mapping(string key, bool required)
    {
        if (!Take(key, required, out var node)) return null;
        if (node is YamlMappingNode mapping) return new YamlMapping(mapping, file, At(key), faults);
        Wrong(key, node, "is not a mapping", "Write key: value lines below it.");
        return null;
    }

    public IEnumerable<YamlMapping> Mappings(string key, bool required)
    {
        if (!Take(key, required, out var node)) yield break;
        if (node is not YamlSequenceNode sequence)
        {
            Wrong(key, node, "is not a list", "Write a list: lines that start with '- ', or [] for none.");
            yield break;
        }
        for (var i = 0; i < sequence.Children.Count; i++)
        {
            if (sequence.Children[i] is YamlMappingNode mapping) yield return new YamlMapping(mapping, file, $"{At(key)}[{i}]", faults);
            else Wrong(key, sequence.Children[i], $"holds an entry ({i}) that is not a mapping", "Write key: value lines in each entry.");
        }
    }

    public YamlNode? Node(string key, bool required) => Take(key, required, out var node) ? node : null;

    /// <summary>Reports every key that nobody asked for.</summary>
    public void RefuseOthers()
    {
        foreach (var (key, entry) in entries.Where(e => !asked.Contains(e.Key)))
        {
            faults.Add(Fault.AtLine("GH1002", file, (int)entry.Key.Start.Line, $"Unknown key '{At(key)}'.", $"Use one of: {string.Join(", ", asked.Order(StringComparer.Ordinal))}."));
        }
    }

    public void Wrong(string key, YamlNode node, string what, string remedy) =>
        faults.Add(Fault.AtLine("GH1003", file, (int)node.Start.Line, $"'{At(key)}: {Shown(node)}' {what}.", remedy));

    public static bool TryNumber(YamlNode node, out double value)
    {
        value = double.NaN;
        return node is YamlScalarNode { Value: { } text }
            && (text is ".inf" or "inf" or "infinity"
                ? (value = double.PositiveInfinity) > 0
                : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value));
    }

    /// <summary>The root mapping of a text; null with faults when it is not YAML or not a mapping.</summary>
    public static YamlMapping? Parse(string text, string file, List<Fault> faults)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException broken)
        {
            faults.Add(Fault.AtLine("GH1001", file, (int)broken.Start.Line, $"Not YAML: {broken.Message}", "Mend the line; each key stands once, followed by a colon and a space."));
            return null;
        }
        catch (InvalidOperationException) // YamlDotNet 18.1.0 throws this from its scanner on an unclosed flow sequence
        {
            faults.Add(Fault.AtLine("GH1001", file, 1, "Not YAML: a bracket or a quote is not closed.", "Close every [, { and quote on its own line."));
            return null;
        }
        if (stream.Documents.Count == 1 && stream.Documents[0].RootNode is YamlMappingNode root) return new YamlMapping(root, file, "", faults);
        faults.Add(Fault.AtLine("GH1001", file, 1, "The file is not one YAML mapping.", "Start with 'name: ...'; data/scenarios has examples."));
        return null;
    }

    private bool Take(string key, bool required, out YamlNode node)
    {
        asked.Add(key);
        if (entries.TryGetValue(key, out var entry))
        {
            node = entry.Value;
            return true;
        }
        node = new YamlScalarNode();
        if (required) faults.Add(Fault.AtLine("GH1004", file, Line, $"'{At(key)}' is missing.", $"Add '{key}:' ; data/scenarios/scenario.schema.json says what it takes."));
        return false;
    }

    private string At(string key) => Path.Length == 0 ? key : $"{Path}.{key}";

    private static string Shown(YamlNode node) => node is YamlScalarNode scalar ? scalar.Value ?? "" : node is YamlSequenceNode ? "[...]" : "{...}";

    private static string Show(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
