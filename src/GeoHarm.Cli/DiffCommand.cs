using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using GeoHarm.Engine.Publication;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Cli;

/// <summary>geoharm diff: two runs compared value by value.</summary>
internal static class DiffCommand
{
    private const int Shown = 50;

    // What says where and when a run was made, not what it found.
    internal static readonly string[] Apart = ["runId", "asOf", "files", "code", "native", "methods", "version", "inputs", "file", "framing"];

    public static Command Build()
    {
        var first = new Argument<string>("first") { Description = "A run's folder or its run.json" };
        var second = new Argument<string>("second") { Description = "Another" };
        var tolerance = new Option<double>("--tolerance") { Description = "Relative difference that counts as equal", DefaultValueFactory = _ => 0 };
        var beyond = new Option<bool>("--beyond-error") { Description = "Count only figures that differ beyond Monte Carlo error; inputs are told" };
        var output = new Option<string?>("--out") { Description = "CSV file: kind,path,first,second,change,error,beyond_error" };
        var force = new Option<bool>("--force") { Description = "Replace --out if it exists" };
        return CommandLine.Verb("diff", "Compare two runs: inputs, every table by its keys, and whether figures differ beyond Monte Carlo error",
            ["geoharm diff out/a out/b", "geoharm diff out/a out/b --tolerance 1e-9 --json", "geoharm diff out/a out/b --beyond-error --out differences.csv"], [first, second, tolerance, beyond, output, force],
            (parse, terminal, _) =>
            {
                if (!(parse.GetValue(tolerance) >= 0)) throw Problem.Usage("--tolerance takes a relative difference of 0 or more.");
                var (a, b) = (StoredRun.Open(parse.GetValue(first)!), StoredRun.Open(parse.GetValue(second)!));
                using var target = parse.GetValue(output) is { } path ? new OutputFile(path, parse.GetValue(force)) : null;
                // Without tables beside them (a run without --out) the documents are all there is.
                var found = RunDifference.HasTables(a) && RunDifference.HasTables(b) ? RunDifference.Of(a, b, parse.GetValue(tolerance)) : null;
                var all = found?.Differences ?? Compare(a.Document, b.Document, parse.GetValue(tolerance), Apart);
                IReadOnlyList<Difference> counted = parse.GetValue(beyond) ? [.. all.Where(d => d.BeyondError == true)] : all;
                if (target is not null)
                {
                    target.Write(Released(all, a, b));
                    target.Commit();
                }
                terminal.Result(
                    new
                    {
                        equal = counted.Count == 0, first = Id(a), second = Id(b), inputs = all.Where(d => d.Kind == "input"), context = found?.Context ?? [], tables = found?.Tables ?? [], differences = counted,
                        files = target is null ? Array.Empty<string>() : [parse.GetValue(output)!],
                    },
                    writer => Prose(writer, counted, all, found));
                return counted.Count == 0 ? ExitCode.Ok : ExitCode.Difference;
            });
    }

    private static string Id(StoredRun run) => run.Document.GetProperty("runId").GetString()!;

    private static void Prose(TextWriter output, IReadOnlyList<Difference> counted, IReadOnlyList<Difference> all, RunDifference? found)
    {
        output.WriteLine(counted.Count == 0 ? "equal" : $"{counted.Count} difference(s)");
        foreach (var d in all.Where(d => d.Kind == "input")) output.WriteLine($"  input {d.Path}: {d.First} | {d.Second}");
        foreach (var d in found?.Context ?? []) output.WriteLine($"  made with {d.Path}: {d.First} | {d.Second}");
        foreach (var t in found?.Tables ?? []) output.WriteLine($"  {t.Name,-12} {t.Changed} of {t.Figures} figures differ, {t.BeyondError} beyond Monte Carlo error{(t.OnlyFirst + t.OnlySecond > 0 ? $"; {t.OnlyFirst} rows in the first only, {t.OnlySecond} in the second only" : "")}");
        foreach (var d in counted.Where(d => d.Kind != "input").OrderByDescending(d => d.BeyondError == true).Take(Shown)) output.WriteLine($"  {d.Path}: {d.First} | {d.Second}{(d.BeyondError == false ? " (within Monte Carlo error)" : "")}");
        if (counted.Count(d => d.Kind != "input") is var most && most > Shown) output.WriteLine($"  and {most - Shown} more; --out F.csv or --json lists all");
    }

    private static PublishedLayer Released(IReadOnlyList<Difference> all, StoredRun a, StoredRun b)
    {
        var steward = new[] { a, b }.Any(r => r.Document.GetProperty("audience").GetString() == "steward");
        var layer = new Layer("differences",
        [
            Column.Text("kind", all.Select(d => d.Kind)), Column.Text("path", all.Select(d => d.Path)), Column.Text("first", all.Select(d => d.First)), Column.Text("second", all.Select(d => d.Second)),
            Column.Real("change", all.Select(d => d.Change ?? double.NaN)), Column.Real("error", all.Select(d => d.Error ?? double.NaN)), Column.Text("beyond_error", all.Select(d => d.BeyondError is { } beyond ? beyond ? "yes" : "no" : null)),
        ], sensitivity: steward ? Sensitivity.Sensitive : Sensitivity.Open);
        return PublicationGate.Release(layer, steward ? Audience.Steward : Audience.Public, PublicationGate.ModelCaveats);
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
    public static List<Difference> Compare(JsonElement a, JsonElement b, double tolerance) => Compare(a, b, tolerance, Apart);

    /// <summary>Differences between two documents, by path, but for some keys of the outermost object.</summary>
    public static List<Difference> Compare(JsonElement a, JsonElement b, double tolerance, IReadOnlyCollection<string> apart)
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
                    var names = x.EnumerateObject().Select(p => p.Name).Union(y.EnumerateObject().Select(p => p.Name)).Where(n => path.Length > 0 || !apart.Contains(n));
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
internal sealed record Difference(string Path, string First, string Second)
{
    /// <summary>input, table, or value: the rest of run.json.</summary>
    public string Kind { get; init; } = "value";

    /// <summary>Second less first; null where they are no numbers.</summary>
    public double? Change { get; init; }

    /// <summary>What Monte Carlo error allows the change; null where there is no interval.</summary>
    public double? Error { get; init; }

    /// <summary>Whether a figure differs by more than that; null where it is no figure.</summary>
    public bool? BeyondError { get; init; }
}
