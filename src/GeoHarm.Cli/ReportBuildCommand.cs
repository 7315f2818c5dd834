using System.CommandLine;
using System.Diagnostics;
using System.Text;
using GeoHarm.Maps.Reports;

namespace GeoHarm.Cli;

/// <summary>The report of a finished run, as HTML or PDF, whole or brief, in any of the languages.</summary>
internal static class ReportBuildCommand
{
    public static Command Build()
    {
        var run = new Argument<string>("RUN") { Description = "Folder of a run, or its run.json" };
        var output = new Option<string>("--out") { Description = "F.html or F.pdf", Required = true };
        var brief = new Option<bool>("--brief") { Description = "Finding, maps, recipients and caveats only; as PDF one page a scenario" };
        var scenario = new Option<string[]>("--scenario") { Description = "Only these scenarios of the run", AllowMultipleArgumentsPerToken = true };
        var framing = RunSettings.Framings();
        var force = new Option<bool>("--force") { Description = "Replace --out if it exists" };
        return CommandLine.Verb(
            "build", "The report of a run as HTML or PDF",
            ["geoharm report build out/demo --out brief.pdf --brief --lang es", "geoharm report build out/demo --out report.html --lang pt --framing cost-benefit"], [run, output, brief, scenario, framing, force],
            (parse, terminal, cancel) =>
            {
                var clock = Stopwatch.StartNew();
                var path = parse.GetValue(output)!;
                var isPdf = path.EndsWith(".pdf", StringComparison.OrdinalIgnoreCase);
                if (!isPdf && !path.EndsWith(".html", StringComparison.OrdinalIgnoreCase)) throw Problem.Usage($"'{path}' ends in neither .html nor .pdf.");
                using var target = new OutputFile(path, parse.GetValue(force));
                using var layers = new RunLayers(StoredRun.Open(parse.GetValue(run)!));
                var wanted = parse.GetValue(scenario) is { Length: > 0 } chosen ? chosen : [.. layers.Scenarios];
                if (wanted.FirstOrDefault(s => !layers.Scenarios.Contains(s)) is { } missing) throw Problem.Usage($"The run has no scenario '{missing}'; it has {string.Join(", ", layers.Scenarios)}.");
                var chapters = wanted.Select(s => layers.Chapter(s, terminal.Language)).ToArray();
                cancel.ThrowIfCancellationRequested();

                // Of the scenarios reported, not of all that the run has.
                var own = chapters.SelectMany(c => c.Pictures.Pictures).Select(p => p.Credits).ToArray();
                var credits = layers.Credits with { Caveats = [.. own.SelectMany(c => c.Caveats).Distinct()], Date = string.Join(", ", own.Select(c => c.Date).Distinct()) };
                var spec = new ReportSpec { Chapters = chapters, Language = terminal.Language, IsBrief = parse.GetValue(brief), Framing = parse.GetValue(framing)!, Compared = layers.Totals, Credits = credits };
                if (isPdf) File.WriteAllBytes(target.Path, Report.Pdf(spec));
                else File.WriteAllText(target.Path, Report.Html(spec), new UTF8Encoding(false));
                target.Commit();
                terminal.Result(new { files = new[] { path }, scenarios = wanted, runId = layers.Id, seconds = clock.Elapsed.TotalSeconds }, writer => writer.WriteLine($"{path}: {string.Join(", ", wanted)}"));
                return ExitCode.Ok;
            });
    }
}
