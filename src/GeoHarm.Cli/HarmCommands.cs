using System.CommandLine;
using GeoHarm.Engine.Harm;
using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.Files;

namespace GeoHarm.Cli;

/// <summary>geoharm harm matrix: the matrix in force.</summary>
internal static class HarmMatrixCommand
{
    public static Command Build()
    {
        var form = new Option<string>("--form") { Description = "army or gp (Greenfield and Paoli)", DefaultValueFactory = _ => "army" };
        form.AcceptOnlyFromAmong("army", "gp");
        var file = new Option<string?>("--file") { Description = "A matrix of your own: severity,incidence,priority, one row a cell, worst first" };
        return CommandLine.Verb("matrix", "The matrix of severity and incidence", ["geoharm harm matrix", "geoharm harm matrix --form gp --json"], [form, file],
            (parse, terminal, _) =>
            {
                var path = parse.GetValue(file) ?? Study.Embedded($"harm/matrix_{parse.GetValue(form)}.csv");
                var matrix = HarmMatrix.Read(CsvLayer.Read(path, "matrix"), parse.GetValue(file) ?? $"data/harm/matrix_{parse.GetValue(form)}.csv");
                var cells = from s in matrix.Severities from i in matrix.Incidences select new { severity = s, incidence = i, priority = matrix[s, i] };
                terminal.Result(new { severities = matrix.Severities, incidences = matrix.Incidences, priorities = matrix.Priorities, cells }, output =>
                {
                    output.WriteLine($"{"",-14}{string.Concat(matrix.Incidences.Select(i => $"{i,-16}"))}");
                    foreach (var s in matrix.Severities) output.WriteLine($"{s,-14}{string.Concat(matrix.Incidences.Select(i => $"{matrix[s, i],-16}"))}");
                });
                return ExitCode.Ok;
            });
    }
}

/// <summary>geoharm harm assess: the harm table of a run, or of a CSV of outcomes.</summary>
internal static class HarmAssessCommand
{
    public static Command Build()
    {
        var what = new Argument<string>("run-or-file") { Description = "A run's folder, or a CSV: zone,name,side (before|after), then one column a measure" };
        return CommandLine.Verb("assess", "The harm table by zone, with priorities and causes", ["geoharm harm assess out/demo", "geoharm harm assess outcomes.csv --json"], [what],
            (parse, terminal, _) =>
            {
                var path = parse.GetValue(what)!;
                var rows = File.Exists(path) && path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? Assessed(path) : OfRun(path);
                terminal.Result(new { rows }, output =>
                {
                    foreach (var r in rows) output.WriteLine($"{r.Zone,-8} {r.Severity,-13} {r.Harm}: {Word(r.IncidenceBefore)} -> {Word(r.IncidenceAfter)} ({r.Change}; cause: {r.Cause}; priority {Word(r.PriorityAfter)})");
                });
                return ExitCode.Ok;
            });
    }

    private static string Word(string incidence) => incidence.Length == 0 ? "none" : incidence;

    private static List<AssessedHarm> OfRun(string path)
    {
        var table = CsvLayer.Read(Path.Combine(StoredRun.Open(path).Folder, "tables", "harm.csv"), "harm");
        string At(string column, int row) => table[column].TextAt(row) ?? "";
        return [.. Enumerable.Range(0, table.RowCount).Select(r => new AssessedHarm(At("scenario", r), At("zone", r), At("activity", r), At("harm", r), At("bearer", r), At("severity", r),
            At("incidence_before", r), At("incidence_after", r), At("priority_before", r), At("priority_after", r), At("change", r), At("cause", r)))];
    }

    private static List<AssessedHarm> Assessed(string path)
    {
        var matrix = HarmMatrix.Read(CsvLayer.Read(Study.Embedded("harm/matrix_gp.csv"), "matrix"), "data/harm/matrix_gp.csv");
        var rules = HarmAssessment.ReadRules(CsvLayer.Read(Study.Embedded("harm/rules.csv"), "rules"), matrix, "data/harm/rules.csv");
        var table = CsvLayer.Read(path, "outcomes");
        var missing = new[] { "zone", "side" }.Where(c => !table.Has(c)).ToList();
        if (missing.Count > 0) throw new InvalidInputException([.. missing.Select(c => Fault.AtLine("GH5010", path, 1, $"The column '{c}' is missing.", "Give zone, side (before or after) and one column a measure."))]);
        var measures = rules.Select(r => r.Measure).Distinct().Where(table.Has).ToList();
        Dictionary<string, double> Side(IEnumerable<int> rows, string side) => measures.ToDictionary(m => m,
            m => rows.Where(r => table["side"].TextAt(r) == side).Sum(r => double.TryParse(table[m].TextAt(r), System.Globalization.CultureInfo.InvariantCulture, out var v) ? v : 0), StringComparer.Ordinal);
        var evidence = Enumerable.Range(0, table.RowCount).GroupBy(r => table["zone"].TextAt(r)!, StringComparer.Ordinal)
            .Select(g => new HarmEvidence(g.Key, table.Has("name") ? table["name"].TextAt(g.First()) ?? g.Key : g.Key, Side(g, "before"), Side(g, "after")));
        return [.. HarmAssessment.Assess(rules, matrix, evidence).Select(h => new AssessedHarm("", h.Zone, h.Activity, h.Harm, h.Bearer, h.Severity, h.IncidenceBefore, h.IncidenceAfter, h.PriorityBefore, h.PriorityAfter, h.Change, h.Cause))];
    }
}

/// <summary>A row of the harm table as the contract names it; incidence and priority are those of the scenario.</summary>
internal sealed record AssessedHarm(
    string Scenario, string Zone, string Activity, string Harm, string Bearer, string Severity, string IncidenceBefore, string IncidenceAfter, string PriorityBefore, string PriorityAfter, string Change, string Cause)
{
    public string Incidence => IncidenceAfter;

    public string Priority => PriorityAfter;
}
