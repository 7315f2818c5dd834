using System.Globalization;
using System.Text.Json;
using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.Files;

namespace GeoHarm.Cli;

/// <summary>
/// What two runs on disk differ in: what went in (parameters, seeds, hashes of data), every table row by row under its key, and the rest of run.json. A figure is a
/// number with its interval; it differs beyond Monte Carlo error where its change is larger than twice the error of the difference, each run's error
/// being its own <c>monteCarloError</c> (the largest of any total, as a share of the interval) times the figure's interval. Under the same draws this is
/// strict: what then differs comes from the inputs. A number without an interval is known exactly.
/// </summary>
internal sealed class RunDifference
{
    // Columns that name a row; other text columns are compared.
    private static readonly Dictionary<string, string[]> Keys = new(StringComparer.Ordinal)
    {
        ["overlay"] = ["scenario", "zone", "year"], ["corridors"] = ["scenario", "from_zone", "to_zone"], ["shares"] = ["scenario", "kind", "place"], ["recipients"] = ["scenario", "measure", "zone"],
        ["totals"] = ["scenario", "measure"], ["burdens"] = ["scenario", "measure"], ["balance"] = ["scenario", "zone"], ["kappa_range"] = ["scenario", "kappa_km", "zone"], ["backcast"] = ["scenario", "zone"],
        ["harm"] = ["scenario", "zone", "activity", "harm"], ["priors"] = ["scenario", "key"],
    };

    // Standard errors of a difference that Monte Carlo error is allowed.
    private const double Strength = 2;

    // What of run.json is compared as an input, through the tables, or only told.
    private static readonly string[] Told = ["version", "code", "native", "methods", "language", "framing", "asOf"];
    private static readonly string[] InTables = ["totals", "baseline", "change", "burdens", "baselineBurdens", "burdenChange", "recipients", "shares", "units", "text", "seed", "members", "file"];

    private readonly StoredRun first, second;
    private readonly double tolerance;
    private readonly List<Difference> differences = [];

    private RunDifference(StoredRun first, StoredRun second, double tolerance) => (this.first, this.second, this.tolerance) = (first, second, tolerance);

    /// <summary>Every difference, inputs first.</summary>
    public IReadOnlyList<Difference> Differences => differences;

    /// <summary>What does not count, such as the version of the program: told where it differs.</summary>
    public List<Difference> Context { get; } = [];

    /// <summary>Tables compared.</summary>
    public List<TableDifference> Tables { get; } = [];

    /// <summary>Whether a run has its tables beside it.</summary>
    public static bool HasTables(StoredRun run) => Directory.Exists(Path.Combine(run.Folder, "tables"));

    /// <summary>Compares two runs that have their tables.</summary>
    public static RunDifference Of(StoredRun first, StoredRun second, double tolerance)
    {
        var found = new RunDifference(first, second, tolerance);
        found.Inputs();
        foreach (var name in Names(first).Union(Names(second)).Order(StringComparer.Ordinal)) found.Table(name);
        found.Rest();
        return found;
    }

    private static IEnumerable<string> Names(StoredRun run) => Directory.EnumerateFiles(Path.Combine(run.Folder, "tables"), "*.csv").Select(f => Path.GetFileNameWithoutExtension(f)!);

    private static Dictionary<string, JsonElement> Scenarios(StoredRun run) => run.Document.GetProperty("scenarios").EnumerateArray().ToDictionary(s => s.GetProperty("name").GetString()!, StringComparer.Ordinal);

    private void Inputs()
    {
        void Told(string key, List<Difference> into)
        {
            var (a, b) = (Said(first.Document, key), Said(second.Document, key));
            if (a != b) into.Add(new Difference("/" + key, a, b) { Kind = "input" });
        }
        foreach (var key in RunDifference.Told) Told(key, Context);
        foreach (var key in new[] { "study", "audience" }) Told(key, differences);
        Dictionary<string, string> Hashes(StoredRun run) => run.Document.GetProperty("inputs").EnumerateArray().ToDictionary(i => i.GetProperty("name").GetString()!, i => i.GetProperty("sha256").GetString()!, StringComparer.Ordinal);
        var (hashesA, hashesB) = (Hashes(first), Hashes(second));
        foreach (var name in hashesA.Keys.Union(hashesB.Keys).Order(StringComparer.Ordinal)) Input($"/inputs/{name}", hashesA.GetValueOrDefault(name, "absent"), hashesB.GetValueOrDefault(name, "absent"));
        var (a, b) = (Scenarios(first), Scenarios(second));
        foreach (var name in a.Keys.Union(b.Keys).Order(StringComparer.Ordinal))
        {
            if (!a.TryGetValue(name, out var left) || !b.TryGetValue(name, out var right))
            {
                Input($"/scenarios/{name}", a.ContainsKey(name) ? "present" : "absent", b.ContainsKey(name) ? "present" : "absent");
                continue;
            }
            foreach (var key in new[] { "seed", "members" }) Input($"/scenarios/{name}/{key}", Said(left, key), Said(right, key));
            Lines($"/scenarios/{name}/text", Said(left, "text").Split('\n'), Said(right, "text").Split('\n'));
        }
    }

    // Lines of the scenario file that stand in one run only; enough to see which parameter was changed.
    private void Lines(string path, string[] a, string[] b)
    {
        var (gone, come) = (a.Except(b).Select(l => l.Trim()).Where(l => l.Length > 0).ToList(), b.Except(a).Select(l => l.Trim()).Where(l => l.Length > 0).ToList());
        for (var i = 0; i < Math.Max(gone.Count, come.Count); i++) Input(path, i < gone.Count ? gone[i] : "absent", i < come.Count ? come[i] : "absent");
    }

    private void Input(string path, string a, string b)
    {
        if (a != b) differences.Add(new Difference(path, a, b) { Kind = "input" });
    }

    private void Table(string name)
    {
        Layer? Read(StoredRun run) => Path.Combine(run.Folder, "tables", name + ".csv") is var file && File.Exists(file) ? CsvLayer.Read(file, name) : null;
        if (Read(first) is not { } a || Read(second) is not { } b)
        {
            differences.Add(new Difference($"/tables/{name}", Read(first) is null ? "absent" : "present", Read(second) is null ? "absent" : "present") { Kind = "table" });
            return;
        }
        var keys = Keys.TryGetValue(name, out var known) ? known : [.. a.Columns.Where(c => c.Type == FieldType.Text).Select(c => c.Name)];
        var (rowsA, rowsB) = (Rows(a, keys), Rows(b, keys));
        var (scenariosA, scenariosB) = (Scenarios(first), Scenarios(second));
        int figures = 0, changed = 0, from = differences.Count, onlyFirst = 0, onlySecond = 0;
        foreach (var key in rowsA.Keys.Union(rowsB.Keys))
        {
            // A scenario that one run lacks is said once, among the inputs.
            if (!scenariosA.ContainsKey(key.Split('/')[0]) || !scenariosB.ContainsKey(key.Split('/')[0])) continue;
            if (rowsA.TryGetValue(key, out var rowA) && rowsB.TryGetValue(key, out var rowB))
            {
                var (ofA, ofB) = (Share(scenariosA, key), Share(scenariosB, key));
                foreach (var column in a.Columns.Select(c => c.Name).Where(c => b.Has(c) && !keys.Contains(c) && !IsEnd(a, c)))
                {
                    figures++;
                    if (Cell($"/tables/{name}/{key}/{column}", a, rowA, ofA, b, rowB, ofB, column)) changed++;
                }
                continue;
            }
            var inFirst = rowsA.ContainsKey(key);
            if (inFirst) onlyFirst++;
            else onlySecond++;
            differences.Add(new Difference($"/tables/{name}/{key}", inFirst ? "present" : "absent", inFirst ? "absent" : "present") { Kind = "table" });
        }
        foreach (var column in a.Columns.Select(c => c.Name).Except(b.Columns.Select(c => c.Name))) differences.Add(new Difference($"/tables/{name}//{column}", "present", "absent") { Kind = "table" });
        foreach (var column in b.Columns.Select(c => c.Name).Except(a.Columns.Select(c => c.Name))) differences.Add(new Difference($"/tables/{name}//{column}", "absent", "present") { Kind = "table" });
        Tables.Add(new TableDifference(name, rowsA.Count, rowsB.Count, figures, changed, differences.Skip(from).Count(d => d.BeyondError == true), onlyFirst, onlySecond));
    }

    // Words that models derive from figures (ratings, mixes) have no error of their own: that they differ is said, not whether by chance.
    private bool Cell(string path, Layer a, int rowA, double shareA, Layer b, int rowB, double shareB, string column)
    {
        var (x, y) = (a[column], b[column]);
        if (x.Type == FieldType.Text || y.Type == FieldType.Text || x.IsNull(rowA) || y.IsNull(rowB))
        {
            if (x.TextAt(rowA) == y.TextAt(rowB)) return false;
            differences.Add(new Difference(path, x.TextAt(rowA) ?? "none", y.TextAt(rowB) ?? "none") { Kind = "table" });
            return true;
        }
        double[] Three(Layer layer, int row) => layer.Has(column + "_low") && layer.Has(column + "_high")
            ? [layer[column].Number(row), layer[column + "_low"].Number(row), layer[column + "_high"].Number(row)] : [layer[column].Number(row)];
        var (u, v) = (Three(a, rowA), Three(b, rowB));
        if (u.Length == v.Length && u.Zip(v).All(p => Same(p.First, p.Second))) return false;
        double? error = u.Length == 3 && v.Length == 3 ? Strength * Math.Sqrt(Square(shareA * (u[2] - u[1])) + Square(shareB * (v[2] - v[1]))) : null;
        var change = v[0] - u[0];
        differences.Add(new Difference(path, Show(u), Show(v)) { Kind = "table", Change = change, Error = error, BeyondError = error is not { } e || Math.Abs(change) > e });
        return true;
    }

    private bool Same(double a, double b) => a.Equals(b) || Math.Abs(a - b) <= tolerance * Math.Max(Math.Abs(a), Math.Abs(b));

    private static double Square(double x) => x * x;

    private static string Show(double[] figure) => figure.Length == 1
        ? figure[0].ToString("R", CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{figure[0]:R} ({figure[1]:R} to {figure[2]:R})");

    private static double Share(Dictionary<string, JsonElement> scenarios, string key) =>
        scenarios[key.Split('/')[0]].TryGetProperty("monteCarloError", out var share) && share.ValueKind == JsonValueKind.Number ? share.GetDouble() : 0;

    private static Dictionary<string, int> Rows(Layer table, string[] keys)
    {
        var rows = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var row = 0; row < table.RowCount; row++) rows.TryAdd(string.Join('/', keys.Where(table.Has).Select(k => table[k].TextAt(row))), row);
        return rows;
    }

    private static bool IsEnd(Layer table, string column) =>
        (column.EndsWith("_low", StringComparison.Ordinal) && table.Has(column[..^4])) || (column.EndsWith("_high", StringComparison.Ordinal) && table.Has(column[..^5]));

    // What run.json holds beside: convergence, ratings, caveats.
    private void Rest()
    {
        var (a, b) = (Scenarios(first), Scenarios(second));
        foreach (var name in a.Keys.Intersect(b.Keys).Order(StringComparer.Ordinal)) differences.AddRange(DiffCommand.Compare(a[name], b[name], tolerance, InTables).Select(d => d with { Path = $"/scenarios/{name}{d.Path}" }));
        differences.AddRange(DiffCommand.Compare(first.Document, second.Document, tolerance, [.. DiffCommand.Apart, .. Told, "study", "audience", "scenarios", "caveats"]));
    }

    private static string Said(JsonElement element, string key) => !element.TryGetProperty(key, out var value) ? "absent" : value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}

/// <summary>How a table differs between two runs.</summary>
/// <param name="Name">Table.</param>
/// <param name="RowsFirst">Its rows in the first run.</param>
/// <param name="RowsSecond">Its rows in the second run.</param>
/// <param name="Figures">Figures compared: cells with their intervals, of rows that both have.</param>
/// <param name="Changed">Figures that differ.</param>
/// <param name="BeyondError">Of those, how many beyond Monte Carlo error.</param>
/// <param name="OnlyFirst">Rows of a scenario of both that only the first run has.</param>
/// <param name="OnlySecond">Rows that only the second run has.</param>
internal sealed record TableDifference(string Name, int RowsFirst, int RowsSecond, int Figures, int Changed, int BeyondError, int OnlyFirst, int OnlySecond);
