using System.CommandLine;
using GeoHarm.Engine.Harm;
using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.Files;

namespace GeoHarm.Cli;

/// <summary>geoharm harm matrix: the matrix in force.</summary>
internal static class HarmMatrixCommand
{
    /// <summary>The form of the matrix.</summary>
    public static Option<string> Form(string usual)
    {
        var form = new Option<string>("--form") { Description = "army or gp (Greenfield and Paoli)", DefaultValueFactory = _ => usual };
        form.AcceptOnlyFromAmong("army", "gp");
        return form;
    }

    /// <summary>A matrix of the user's own.</summary>
    public static Option<string?> File() => new("--file") { Description = "A matrix of your own: severity,incidence,priority, one row a cell, worst first" };

    /// <summary>Ratings of a workshop.</summary>
    public static Option<string?> Ratings() => new("--ratings") { Description = "Ratings of a workshop: a merged file, or the sheet of one rater" };

    public static Command Build()
    {
        var (form, file, ratings) = (Form("army"), File(), Ratings());
        return CommandLine.Verb("matrix", "The matrix of severity and incidence", ["geoharm harm matrix", "geoharm harm matrix --form gp --json", "geoharm harm matrix --form gp --ratings merged.csv"], [form, file, ratings],
            (parse, terminal, _) =>
            {
                var matrix = HarmRatings.Matrix(parse.GetValue(file), parse.GetValue(form)!);
                var rated = parse.GetValue(ratings) is { } sheet ? HarmRatings.Sheets([sheet], HarmRatings.Taxonomy(), matrix, terminal)[0] : [];
                var cells = (from s in matrix.Severities from i in matrix.Incidences select new { severity = s, incidence = i, priority = matrix[s, i], harms = rated.Where(r => r.Severity == s && r.Incidence == i).Select(r => r.Harm).ToList() }).ToList();
                terminal.Result(new { severities = matrix.Severities, incidences = matrix.Incidences, priorities = matrix.Priorities, cells }, output =>
                {
                    output.WriteLine($"{"",-14}{string.Concat(matrix.Incidences.Select(i => $"{i,-16}"))}");
                    foreach (var s in matrix.Severities) output.WriteLine($"{s,-14}{string.Concat(matrix.Incidences.Select(i => $"{matrix[s, i],-16}"))}");
                    foreach (var cell in cells.Where(c => c.harms.Count > 0)) output.WriteLine($"{cell.priority}: {cell.severity}, {cell.incidence}: {string.Join(", ", cell.harms)}");
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
        var ratings = HarmMatrixCommand.Ratings();
        return CommandLine.Verb("assess", "The harm table by zone, with priorities and causes", ["geoharm harm assess out/demo", "geoharm harm assess outcomes.csv --json", "geoharm harm assess out/demo --ratings merged.csv"], [what, ratings],
            (parse, terminal, _) =>
            {
                var path = parse.GetValue(what)!;
                var matrix = HarmRatings.Matrix(null, "gp");
                var harms = HarmRatings.Taxonomy();
                IReadOnlyList<Rating> rated = parse.GetValue(ratings) is { } sheet ? HarmRatings.Sheets([sheet], harms, matrix, terminal)[0] : [];
                var rules = HarmAssessment.Rated(HarmRatings.Rules(), rated);
                var rows = File.Exists(path) && path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? Assessed(path, rules, matrix) : OfRun(path, rules, matrix);
                // What no outcome moves has no place in a table by zone, and is not dropped for that.
                var unquantified = (from r in rated join h in harms on r.Harm equals h.Id where !h.IsQuantified select (Harm: h, Rating: r, Priority: matrix[r.Severity, r.Incidence])).ToList();
                terminal.Result(new
                {
                    rows,
                    unquantified = unquantified.Select(u => new { id = u.Harm.Id, activity = u.Harm.Activity, harm = u.Harm.Harm, bearer = u.Harm.Bearer, severity = u.Rating.Severity, incidence = u.Rating.Incidence, priority = u.Priority, cause = u.Harm.Cause, reason = u.Harm.Reason, note = u.Rating.Note }),
                }, output =>
                {
                    foreach (var u in unquantified) output.WriteLine($"rated    {u.Rating.Severity,-13} {u.Harm.Harm}: {u.Rating.Incidence} (cause: {u.Harm.Cause}; priority {u.Priority}; no figure: {u.Harm.Reason})");
                    foreach (var r in rows) output.WriteLine($"{r.Zone,-8} {r.Severity,-13} {r.Harm}: {Word(r.IncidenceBefore)} -> {Word(r.IncidenceAfter)} ({r.Change}; cause: {r.Cause}; priority {Word(r.PriorityAfter)})");
                });
                return ExitCode.Ok;
            });
    }

    private static string Word(string incidence) => incidence.Length == 0 ? "none" : incidence;

    private static List<AssessedHarm> OfRun(string path, IReadOnlyList<HarmRule> rules, HarmMatrix matrix)
    {
        var table = CsvLayer.Read(Path.Combine(StoredRun.Open(path).Folder, "tables", "harm.csv"), "harm");
        string At(string column, int row) => table[column].TextAt(row) ?? "";
        return [.. Enumerable.Range(0, table.RowCount).Select(r =>
        {
            var (before, after) = (At("incidence_before", r), At("incidence_after", r));
            var rule = rules.FirstOrDefault(x => x.Activity == At("activity", r) && x.Harm == At("harm", r) && x.Bearer == At("bearer", r));
            var severity = rule?.Severity ?? At("severity", r);
            // Where no outcome moves it, the rating itself is the incidence, on each side on which the harm occurs.
            if (rule is { FixedIncidence: { Length: > 0 } rated }) (before, after) = (before.Length == 0 ? "" : rated, after.Length == 0 ? "" : rated);
            string Priority(string incidence) => incidence.Length == 0 ? "" : matrix[severity, incidence];
            return new AssessedHarm(At("scenario", r), At("zone", r), At("activity", r), At("harm", r), At("bearer", r), severity, before, after, Priority(before), Priority(after), At("change", r), At("cause", r));
        })];
    }

    private static List<AssessedHarm> Assessed(string path, IReadOnlyList<HarmRule> rules, HarmMatrix matrix)
    {
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
