using System.CommandLine;
using System.Globalization;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Cli;

/// <summary>Spatial statistics of one column of a polygon file: Moran's I, local Moran, Getis-Ord Gi*.</summary>
internal static class StatsCommand
{
    public static Command Build() => CommandLine.Noun(
        "stats", "Spatial statistics of polygons",
        Verb("moran", "Whether neighbours are alike: Moran's I with a permutation test", local: null),
        Verb("local-moran", "Where neighbours are alike or unlike: local Moran with clusters", LocalMoran.Test),
        Verb("gi", "Hot and cold spots: Getis-Ord Gi*", GetisOrd.Test),
        StatsSurfaces.Density(), StatsSurfaces.Distance());

    private delegate LocalResult LocalTest(ReadOnlySpan<double> values, SpatialWeights weights, LocalOptions? options);

    private static Command Verb(string name, string description, LocalTest? local)
    {
        var zones = new Option<string>("--zones") { Description = "Polygons, any vector file", Required = true };
        var value = new Option<string>("--value") { Description = "Numeric field", Required = true };
        var weights = new Option<string>("--weights") { Description = "queen, rook, knn:8, distance:KM or ring:KM-KM", DefaultValueFactory = _ => "queen" };
        var id = new Option<string?>("--id", "--zone-id") { Description = "Field of identifiers, several joined by '+' (default: feature number)" };
        var layer = new Option<string?>("--layer") { Description = "Layer of the file (default: the first)" };
        var crs = new Option<string?>("--crs") { Description = "EPSG:N for distances" };
        var permutations = new Option<int>("--permutations") { Description = "Permutations, 99 to 1000000", DefaultValueFactory = _ => 9999 };
        var level = new Option<double>("--level") { Description = "Significance level of clusters, after false discovery control", DefaultValueFactory = _ => 0.05 };
        var seed = new Option<ulong>("--seed") { Description = "Seed", DefaultValueFactory = _ => 1 };
        var threads = new Option<int>("--threads") { Description = "Threads; results have the same bits on any number", DefaultValueFactory = _ => 1 };
        var output = new Option<string?>("--out") { Description = local is null ? "CSV file or GeoPackage with the one row of the test" : "CSV file (id,value,statistic,p,q,cluster), or GeoPackage with the zones too" };
        var force = new Option<bool>("--force") { Description = "Replace --out if it exists" };
        var audience = RunSettings.Audiences();
        return CommandLine.Verb(
            name, description, [$"geoharm stats {name} --zones municipalities.gpkg --value coca_2004 --weights queen --id code"],
            [zones, value, weights, id, layer, crs, permutations, level, seed, threads, output, force, audience],
            (parse, terminal, _) =>
            {
                if (parse.GetValue(permutations) is < 99 or > 1_000_000) throw Problem.Usage("--permutations runs from 99 to 1000000.");
                using var target = parse.GetValue(output) is { } file ? new OutputFile(file, parse.GetValue(force)) : null;
                var path = parse.GetValue(zones)!;
                LayerArgument.RefuseFine(path, parse.GetValue(layer), RunSettings.AudienceOf(parse, audience));
                var set = PanelInputs.ReadZones(path, parse.GetValue(id), parse.GetValue(layer), parse.GetValue(crs), terminal, out var table);
                var values = Values(table, parse.GetValue(value)!, path, set);
                var raw = PanelInputs.RawWeights(parse.GetValue(weights)!, set);
                PanelInputs.WarnIslands(raw, set, path, terminal);
                var standard = raw.RowStandardised();
                var draws = new PermutationOptions { Permutations = parse.GetValue(permutations), Seed = parse.GetValue(seed), Threads = Math.Clamp(parse.GetValue(threads), 1, 256) };
                var global = Moran.Test(values, standard, draws);
                var units = local?.Invoke(values, standard, new LocalOptions { Draws = draws, Level = parse.GetValue(level) });
                if (target is not null && (!terminal.Strict || terminal.Warnings.Count == 0))
                {
                    target.Write(PublishedLayer.Open(Table(name.Replace('-', '_'), set, table, values, global, units)));
                    target.Commit();
                }
                terminal.Result(
                    new
                    {
                        i = global.I, expected = global.Expected, standardError = global.StandardError, p = global.P, permutations = global.Permutations,
                        links = raw.LinkCount, meanNeighbours = raw.MeanNeighbours, islands = raw.Islands.Select(u => set.Codes[u]),
                        units = units is null ? null : set.Codes.Select((code, u) => new { id = code, i = units.Statistic[u], p = units.P[u], q = units.Q[u], cluster = units.Clusters[u] }),
                        faults = terminal.Warnings.Select(Terminal.FaultForm),
                    },
                    writer => Print(writer, global, units));
                return ExitCode.Ok;
            });
    }

    internal static double[] Values(Layer table, string name, string path, ZoneSet zones)
    {
        var column = table.Columns.FirstOrDefault(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new InvalidInputException([new Fault(FaultSeverity.Error, "GH5501", path, $"field {name}", $"There is no such field; there are {string.Join(", ", table.Columns.Select(c => c.Name))}.", "Give a numeric field with --value.")]);
        var faults = new List<Fault>();
        var values = new double[table.RowCount];
        for (var r = 0; r < values.Length; r++)
        {
            if (double.TryParse(column.TextAt(r), NumberStyles.Float, CultureInfo.InvariantCulture, out values[r]) && double.IsFinite(values[r])) continue;
            faults.Add(new Fault(FaultSeverity.Error, "GH5507", path, $"zone {zones.Codes[r]}", $"'{column.TextAt(r)}' is not a number.", "Complete the value or leave the zone out."));
        }
        return faults.Count > 0 ? throw new InvalidInputException(faults) : values;
    }

    /// <summary>The units where the statistic is local, else the one row of the test.</summary>
    private static Layer Table(string name, ZoneSet zones, Layer shapes, double[] values, MoranResult global, LocalResult? units) => units is null
        ? new Layer(
            name,
            [
                Column.Real("i", [global.I]), Column.Real("expected", [global.Expected]), Column.Real("standard_error", [global.StandardError]), Column.Real("p", [global.P]),
                Column.Integer("permutations", [global.Permutations]), Column.Integer("zones", [values.Length]),
            ])
        : new Layer(
            name,
            [
                Column.Text("id", zones.Codes), Column.Real("value", values), Column.Real("statistic", units.Statistic), Column.Real("p", units.P), Column.Real("q", units.Q),
                Column.Text("cluster", units.Clusters.Select(c => c.ToString())),
            ],
            zones.Geometries, shapes.Crs, shapes.Sensitivity);

    private static void Print(TextWriter writer, MoranResult global, LocalResult? units)
    {
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Moran's I {global.I:F4} (expected {global.Expected:F4}), p {global.P:F4}, {global.Permutations} permutations"));
        if (units is null) return;
        foreach (var group in units.Clusters.GroupBy(c => c).OrderBy(g => g.Key)) writer.WriteLine($"{group.Key}: {group.Count()}");
    }
}
