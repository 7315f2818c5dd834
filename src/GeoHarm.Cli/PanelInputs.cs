using System.CommandLine;
using System.Globalization;
using GeoHarm.Engine.Displacement;
using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Statistics;
using GeoHarm.Stores.Files;
using NetTopologySuite.Geometries;

namespace GeoHarm.Cli;

/// <summary>Zones as the panel verbs use them.</summary>
/// <param name="Codes">Codes, in the order of the file.</param>
/// <param name="Geometries">Polygons in the file's own system, for contiguity.</param>
/// <param name="X">Eastings of the centroids, metres.</param>
/// <param name="Y">Northings of the centroids.</param>
/// <param name="System">System of the centroids, as text.</param>
/// <param name="Plane">The same system.</param>
internal sealed record ZoneSet(string[] Codes, IReadOnlyList<Geometry?> Geometries, double[] X, double[] Y, string System, CoordinateSystem Plane);

/// <summary>The options that the verbs on panels share, and how their files are read.</summary>
internal sealed class PanelInputs
{
    public Option<string> Panel { get; } = new("--panel") { Description = "CSV, one row a unit and year", Required = true };

    public Option<string> Unit { get; } = new("--unit") { Description = "Column of unit codes", Required = true };

    public Option<string> Time { get; } = new("--time") { Description = "Column of years", Required = true };

    public Option<string> Value { get; } = new("--value") { Description = "Column of hectares or another amount", Required = true };

    public Option<string?> Zones { get; } = new("--zones") { Description = "Polygons of the units, any vector file" };

    public Option<string?> ZoneId { get; } = new("--zone-id") { Description = "Field of codes in the zones, several joined by '+' (DPTO+MPIO)" };

    public Option<string?> Crs { get; } = new("--crs") { Description = "EPSG:N for centres and distances (default: the zones' own if projected, else EPSG:6933)" };

    public Option<string?> Layer { get; } = new("--layer") { Description = "Layer of the zones' file (default: the first)" };

    public Option<string?> Merge { get; } = new("--merge") { Description = "Units added to others, 13490=13600,23682=23466" };

    public Option<bool> MissingZero { get; } = new("--missing-zero") { Description = "A unit-year without row or value counts as zero" };

    public Option<string?> Out { get; } = new("--out") { Description = "CSV file" };

    public Option<bool> Force { get; } = new("--force") { Description = "Replace --out if it exists" };

    public Option<ulong> Seed { get; } = new("--seed") { Description = "Seed of permutations and draws", DefaultValueFactory = _ => 1 };

    public Option<int> Threads { get; } = new("--threads") { Description = "Threads; results have the same bits on any number", DefaultValueFactory = _ => 1 };

    /// <summary>The panel; units of the zones in their order where given, units without rows then zero if asked. Faults found elsewhere are told
    /// with those of the panel.</summary>
    public UnitPanel ReadPanel(ParseResult parse, IReadOnlyList<string> columns, bool missingIsZero, (int From, int To)? years = null, IReadOnlyList<string>? units = null, IReadOnlyList<Fault>? with = null)
    {
        var path = parse.GetValue(Panel)!;
        string unit = parse.GetValue(Unit)!, time = parse.GetValue(Time)!;
        var table = CsvLayer.Read(path);
        if (parse.GetValue(Merge) is { } merge) table = Merged(table, unit, time, columns, merge, path);
        var faults = new List<Fault>(with ?? []);
        try
        {
            var panel = UnitPanel.FromLayer(table, unit, time, columns, new PanelOptions
            {
                File = path, MissingIsZero = missingIsZero || parse.GetValue(MissingZero), Units = units,
                FirstYear = years?.From ?? int.MinValue, LastYear = years?.To ?? int.MaxValue,
            });
            return faults.Count == 0 ? panel : throw new InvalidInputException(faults);
        }
        catch (InvalidInputException invalid) when (!ReferenceEquals(invalid.Faults, faults))
        {
            throw new InvalidInputException([.. invalid.Faults, .. faults]);
        }
    }

    /// <summary>The zones, or null when none were given.</summary>
    public ZoneSet? ReadZones(ParseResult parse, Terminal terminal) =>
        parse.GetValue(Zones) is { } path ? ReadZones(path, parse.GetValue(ZoneId), parse.GetValue(Layer), parse.GetValue(Crs), terminal, out _) : null;

    /// <summary>Zones of a file.</summary>
    public static ZoneSet ReadZones(string path, string? idField, string? layerName, string? crs, Terminal terminal, out Layer layer)
    {
        var warnings = new List<Fault>();
        var read = layer = VectorFile.Read(path, layerName, warnings);
        foreach (var warning in warnings) terminal.Warn(warning);
        var faults = new List<Fault>();
        var fields = (idField?.Split('+') ?? []).Select(name => read.Columns.FirstOrDefault(c => c.Name.Equals(name.Trim(), StringComparison.OrdinalIgnoreCase)) ?? Missing(name)).ToArray();
        if (faults.Count > 0) throw new InvalidInputException(faults);
        var codes = Enumerable.Range(0, layer.RowCount).Select(r =>
            UnitPanel.Code(fields.Length == 0 ? (r + 1).ToString(CultureInfo.InvariantCulture) : string.Concat(fields.Select(f => f!.TextAt(r))))).ToArray();
        var geometries = Enumerable.Range(0, layer.RowCount).Select(r => read.GeometryAt(r)).ToArray();
        for (var r = 0; r < geometries.Length; r++)
        {
            if (geometries[r] is not { IsEmpty: false }) faults.Add(new Fault(FaultSeverity.Error, "GH5511", path, $"zone {codes[r]}", "The zone has no geometry.", "Remove the zone or give it a polygon."));
        }
        foreach (var same in codes.GroupBy(c => c).Where(g => g.Count() > 1)) faults.Add(new Fault(FaultSeverity.Error, "GH5512", path, $"zone {same.Key}", $"{same.Count()} zones have this code.", "Merge them, or name a field that tells them apart with --zone-id."));
        if (faults.Count > 0) throw new InvalidInputException(faults);
        var (shift, system, plane) = Plane(layer.Crs!, crs);
        var (x, y) = DistanceWeights.Centroids(shift is null ? geometries : geometries.Select(g => (Geometry?)shift.Transform(g!)).ToArray());
        return new ZoneSet(codes, geometries, x, y, system, plane);

        Column? Missing(string name)
        {
            faults.Add(new Fault(FaultSeverity.Error, "GH5513", path, $"field {name}", $"There is no such field; there are {string.Join(", ", read.Columns.Select(c => c.Name))}.", "Give a field of the file with --zone-id."));
            return null;
        }
    }

    /// <summary>The plane of centroids and distances.</summary>
    private static (Reprojection? Shift, string System, CoordinateSystem Plane) Plane(CoordinateSystem own, string? asked)
    {
        if (asked is not null)
        {
            if (!asked.StartsWith("EPSG:", StringComparison.OrdinalIgnoreCase) || !int.TryParse(asked[5..], NumberStyles.None, CultureInfo.InvariantCulture, out var epsg)) throw Problem.Usage($"'{asked}' is no coordinate system; write EPSG:9377.");
            var plane = new CoordinateSystem(epsg);
            return own.Epsg == epsg ? (null, asked, own) : (Between(own, plane), asked, plane);
        }
        var projected = ProjectedDatum.Find(own) is { } known ? known.IsProjected : own.Wkt.StartsWith("PROJ", StringComparison.Ordinal);
        return projected ? (null, own.Epsg > 0 ? $"EPSG:{own.Epsg}" : "the zones' own", own) : (Between(own, CoordinateSystem.EqualArea), "EPSG:6933", CoordinateSystem.EqualArea);
    }

    /// <summary>From one system to another; a usage problem where either is not known here.</summary>
    public static Reprojection Between(CoordinateSystem from, CoordinateSystem to)
    {
        try { return new Reprojection(from, to); }
        catch (NotSupportedException unknown) { throw Problem.Usage(unknown.Message); }
    }

    /// <summary>queen, rook, knn:K, distance:KM as row-standardised weights.</summary>
    public static SpatialWeights Weights(string name, ZoneSet zones) => RawWeights(name, zones).RowStandardised();

    /// <summary>The same with weights of 1.</summary>
    public static SpatialWeights RawWeights(string name, ZoneSet zones)
    {
        var parts = name.Split(':', 2);
        switch (parts[0])
        {
            case "queen": return ContiguityWeights.Queen(zones.Geometries);
            case "rook": return ContiguityWeights.Rook(zones.Geometries);
            case "knn" when parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var k) && k >= 1 && k < zones.Codes.Length:
                return DistanceWeights.KNearest(zones.X, zones.Y, k);
            case "distance" when parts.Length == 2 && double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var km) && km > 0:
                return DistanceWeights.Within(zones.X, zones.Y, km * 1000);
            case "ring" when parts.Length == 2 && parts[1].Split('-') is [var from, var to] && double.TryParse(from, NumberStyles.Float, CultureInfo.InvariantCulture, out var near)
                && double.TryParse(to, NumberStyles.Float, CultureInfo.InvariantCulture, out var far) && near >= 0 && far > near:
                return DistanceWeights.Ring(zones.X, zones.Y, near * 1000, far * 1000);
            default:
                throw Problem.Usage($"'{name}' is no weights; write queen, rook, knn:8 (below the number of zones), distance:50 or ring:50-100 (km).");
        }
    }

    /// <summary>Islands are warned of: their neighbour terms are zero.</summary>
    public static void WarnIslands(SpatialWeights weights, ZoneSet zones, string path, Terminal terminal)
    {
        foreach (var fault in Islands(weights, zones, path)) terminal.Warn(fault with { Severity = FaultSeverity.Warning });
    }

    /// <summary>Zones without neighbours, as one fault.</summary>
    public static IEnumerable<Fault> Islands(SpatialWeights weights, ZoneSet zones, string path)
    {
        if (weights.Islands is not { Count: > 0 } islands) yield break;
        yield return new Fault(
            FaultSeverity.Error, "GH5514", path, $"{islands.Count} zones", $"They have no neighbours: {string.Join(", ", islands.Take(20).Select(i => zones.Codes[i]))}.",
            "Use knn or distance weights, or leave them out; their neighbour terms are zero.");
    }

    /// <summary>A range of years, 2001-2017 or 2001.</summary>
    public static (int From, int To)? Years(string? text)
    {
        if (text is null) return null;
        var parts = text.Split('-');
        if (parts.Length is 1 or 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var from) && int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var to) && from <= to) return (from, to);
        throw Problem.Usage($"'{text}' is no range of years; write 2001-2017.");
    }

    /// <summary>A comma-separated list, empty for null.</summary>
    public static string[] List(string? text) => text?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    /// <summary>Writes rows as CSV, whole or not at all.</summary>
    public static void WriteCsv(string path, bool force, string header, IEnumerable<string> rows)
    {
        using var file = new OutputFile(path, force);
        using (var writer = new StreamWriter(file.Path) { NewLine = "\n" })
        {
            writer.WriteLine(header);
            foreach (var row in rows) writer.WriteLine(row);
        }
        file.Commit();
    }

    /// <summary>A number as the files have it: invariant, round trip, empty for none.</summary>
    public static string N(double value) => double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "";

    private static Layer Merged(Layer table, string unit, string time, IReadOnlyList<string> columns, string merge, string path)
    {
        var into = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in List(merge))
        {
            var parts = pair.Split('=');
            if (parts.Length != 2) throw Problem.Usage($"'{pair}' is no merger; write 13490=13600.");
            into[UnitPanel.Code(parts[0])] = UnitPanel.Code(parts[1]);
        }
        foreach (var name in columns.Prepend(time).Prepend(unit).Distinct().Where(c => !table.Has(c))) throw new InvalidInputException([new Fault(FaultSeverity.Error, "GH5501", path, $"column {name}", $"There is no column '{name}'.", "Name a column of the file.")]);
        var targets = into.Values.ToHashSet();
        var rows = new List<(string? Unit, string? Time, string?[] Values)>();
        var merged = new Dictionary<(string, string?), int>();
        for (var r = 0; r < table.RowCount; r++)
        {
            var code = table[unit].TextAt(r) is { } text ? UnitPanel.Code(text) : null;
            var values = columns.Select(c => table[c].TextAt(r)).ToArray();
            var year = table[time].TextAt(r);
            if (code is null || (!into.ContainsKey(code) && !targets.Contains(code))) { rows.Add((code, year, values)); continue; }
            var key = (into.GetValueOrDefault(code, code), year);
            if (merged.TryGetValue(key, out var at))
            {
                for (var c = 0; c < values.Length; c++) rows[at].Values[c] = Sum(rows[at].Values[c], values[c]);
            }
            else
            {
                merged[key] = rows.Count;
                rows.Add((key.Item1, year, values));
            }
        }
        List<Column> result = [Column.Text(unit, rows.Select(r => r.Unit)), Column.Text(time, rows.Select(r => r.Time))];
        result.AddRange(columns.Distinct().Select(name => Column.Text(name, rows.Select(r => r.Values[columns.ToList().IndexOf(name)]))));
        return new Layer(table.Name, result);
    }

    private static string? Sum(string? a, string? b) =>
        double.TryParse(a, NumberStyles.Float, CultureInfo.InvariantCulture, out var x) && double.TryParse(b, NumberStyles.Float, CultureInfo.InvariantCulture, out var y) ? N(x + y) : a ?? b;
}
