using System.CommandLine;
using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.Importers;

namespace GeoHarm.Cli;

/// <summary>data check: what a file is, and everything that is wrong with it.</summary>
internal static class DataCheckCommand
{
    public static Command Build()
    {
        var files = new Argument<string[]>("files") { Description = "Files or folders", Arity = ArgumentArity.OneOrMore };
        return CommandLine.Verb(
            "check", "Recognise official files, sum them, match their codes, report every fault",
            ["geoharm data check coca.csv", "geoharm data check downloads/ --json", "geoharm data check coca.csv --strict"], [files],
            (parse, terminal, cancel) =>
            {
                var checks = new List<FileCheck>();
                foreach (var path in parse.GetValue(files)!)
                {
                    cancel.ThrowIfCancellationRequested();
                    checks.AddRange(DataCheck.Check([path]).Select(c => terminal.Strict ? c with { Faults = [.. c.Faults.Select(f => f with { Severity = FaultSeverity.Error })] } : c));
                }
                var errors = checks.SelectMany(c => c.Faults).Where(f => f.Severity == FaultSeverity.Error).ToArray();
                terminal.Result(Document(checks, errors), writer => Prose(checks, writer));
                return errors.Length > 0 ? ExitCode.Input : ExitCode.Ok;
            });
    }

    private static object Document(List<FileCheck> checks, Fault[] errors)
    {
        var files = checks.Select(c => new
        {
            path = c.Path, format = c.Format, rows = c.Rows, years = c.Years, totals = c.Totals, matched = c.Matched, unmatched = c.Unmatched, duplicated = c.Duplicated, notes = c.Notes,
            faults = c.Faults.Select(Terminal.FaultForm),
        });
        if (errors.Length == 0) return new { files };
        // Errors are shaped as every other error, beside the files they were found in.
        return new { type = "https://geoharm.org/problems/invalid-input", title = "The input cannot be used.", status = ExitCode.Input, detail = $"{errors.Length} error(s); see faults.", faults = errors.Select(Terminal.FaultForm), files };
    }

    private static void Prose(List<FileCheck> checks, TextWriter writer)
    {
        foreach (var check in checks)
        {
            writer.WriteLine($"{check.Path}: {check.Format}, {check.Rows:#,0} rows{(check.Years.Count > 0 ? $", {check.Years[0]}-{check.Years[^1]}" : "")}{(check.Matched > 0 ? $", {check.Matched:#,0} codes matched, {check.Unmatched.Count} not" : "")}");
            foreach (var note in check.Notes) writer.WriteLine($"  {note}");
            foreach (var (key, sum) in check.Totals) writer.WriteLine($"  {key}: {sum:#,0.##}");
            foreach (var fault in check.Faults) writer.WriteLine($"  {(fault.Place.Length > 0 ? fault.Place + ": " : "")}{(fault.Severity == FaultSeverity.Error ? "error" : "warning")} {fault.Code}: {fault.Message} -> {fault.Remedy}");
        }
    }
}
