using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace GeoHarm.Cli;

/// <summary>geoharm diff: two runs compared value by value.</summary>
internal static class DiffCommand
{
    // What says where and when a run was made, not what it found.
    private static readonly string[] Apart = ["runId", "asOf", "files", "code", "native", "version", "inputs", "file"];

    public static Command Build()
    {
        var first = new Argument<string>("first") { Description = "A run's folder or its run.json" };
        var second = new Argument<string>("second") { Description = "Another" };
        var tolerance = new Option<double>("--tolerance") { Description = "Relative difference that counts as equal", DefaultValueFactory = _ => 0 };
        return CommandLine.Verb("diff", "Compare two runs", ["geoharm diff out/a out/b", "geoharm diff out/a out/b --tolerance 1e-9 --json"], [first, second, tolerance],
            (parse, terminal, _) =>
            {
                var (a, b) = (StoredRun.Open(parse.GetValue(first)!), StoredRun.Open(parse.GetValue(second)!));
                return Say(Compare(a.Document, b.Document, parse.GetValue(tolerance)), terminal);
            });
    }

    /// <summary>Writes differences; exit code 6 when there are any.</summary>
    public static int Say(IReadOnlyList<Difference> differences, Terminal terminal)
    {
        terminal.Result(new { equal = differences.Count == 0, differences }, output =>
        {
            output.WriteLine(differences.Count == 0 ? "equal" : $"{differences.Count} difference(s)");
            foreach (var d in differences.Take(50)) output.WriteLine($"  {d.Path}: {d.First} | {d.Second}");
        });
        return differences.Count == 0 ? ExitCode.Ok : ExitCode.Difference;
    }

    /// <summary>Differences between two documents, by path.</summary>
    public static List<Difference> Compare(JsonElement a, JsonElement b, double tolerance)
    {
        var found = new List<Difference>();
        Walk("", a, b);
        return found;

        void Walk(string path, JsonElement x, JsonElement y)
        {
            if (x.ValueKind != y.ValueKind) { Add(path, Short(x), Short(y)); return; }
            switch (x.ValueKind)
            {
                case JsonValueKind.Object:
                    var names = x.EnumerateObject().Select(p => p.Name).Union(y.EnumerateObject().Select(p => p.Name)).Where(n => path.Length > 0 || !Apart.Contains(n));
                    foreach (var name in names.Where(n => n != "file"))
                    {
                        var (inX, inY) = (x.TryGetProperty(name, out var left), y.TryGetProperty(name, out var right));
                        if (inX && inY) Walk($"{path}/{name}", left, right);
                        else Add($"{path}/{name}", inX ? Short(left) : "absent", inY ? Short(right) : "absent");
                    }
                    break;
                case JsonValueKind.Array:
                    var (xs, ys) = (x.EnumerateArray().ToList(), y.EnumerateArray().ToList());
                    if (xs.Count != ys.Count) Add(path, $"{xs.Count} entries", $"{ys.Count} entries");
                    for (var i = 0; i < Math.Min(xs.Count, ys.Count); i++) Walk($"{path}/{i}", xs[i], ys[i]);
                    break;
                case JsonValueKind.Number:
                    var (u, v) = (x.GetDouble(), y.GetDouble());
                    if (u != v && !(Math.Abs(u - v) <= tolerance * Math.Max(Math.Abs(u), Math.Abs(v)))) Add(path, Short(x), Short(y));
                    break;
                default:
                    if (x.GetRawText() != y.GetRawText()) Add(path, Short(x), Short(y));
                    break;
            }
        }

        void Add(string path, string x, string y) => found.Add(new Difference(path, x, y));
    }

    private static string Short(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length <= 80 ? text : string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, 77)}...");
    }
}

/// <summary>One place where two runs differ.</summary>
internal sealed record Difference(string Path, string First, string Second);
