using System.CommandLine;
using System.Text.Json;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Cli;

/// <summary>geoharm verify: reruns a run from what its run.json holds and compares every file bit by bit.</summary>
internal static class VerifyCommand
{
    public static Command Build()
    {
        var run = new Argument<string>("run") { Description = "A run's folder or its run.json" };
        var threads = new Option<int?>("--threads") { Description = "Threads (default: all cores); changes no bit" };
        var tolerance = new Option<double?>("--tolerance") { Description = "Compare numbers to this relative difference instead of bits (other machines: 1e-9)" };
        return CommandLine.Verb("verify", "Rerun a run and compare it bit by bit", ["geoharm verify out/demo", "geoharm verify out/demo --threads 1", "geoharm verify run.json --tolerance 1e-9"], [run, threads, tolerance],
            (parse, terminal, cancel) =>
            {
                if (parse.GetValue(threads) is < 1 or > 1024) throw Problem.Usage("--threads takes a whole number from 1 to 1024.");
                return DiffCommand.Say(Verify(StoredRun.Open(parse.GetValue(run)!), parse.GetValue(threads) ?? Environment.ProcessorCount, parse.GetValue(tolerance), terminal, cancel), terminal);
            });
    }

    private static List<Difference> Verify(StoredRun stored, int threads, double? tolerance, Terminal terminal, CancellationToken cancel)
    {
        var document = stored.Document;
        string Text(string key) => document.GetProperty(key).GetString()!;
        var choices = new RunChoices(Text("study") == "embedded" ? null : Text("study"), null, false, false, null, null, threads,
            Enum.Parse<Audience>(Text("audience"), ignoreCase: true), Text("asOf")) { Framing = document.TryGetProperty("framing", out var framing) ? framing.GetString()! : Maps.Reports.Wording.HarmReduction };
        var texts = stored.Texts().ToList();
        var quiet = new Terminal(TextWriter.Null, TextWriter.Null, json: true, quiet: true, verbose: false, strict: false, Text("language"));
        using var study = new Study(choices.Study);
        var work = Directory.CreateTempSubdirectory("geoharm-verify-");
        try
        {
            terminal.Detail($"rerunning {texts.Count} scenario(s)");
            var again = RunCommand.Compute(texts, study, choices, quiet, cancel);
            var files = document.GetProperty("files").EnumerateArray().ToList();
            if (files.Count > 0) again = RunFolder.Write(again, study, choices, work.FullName, quiet, cancel);
            if (tolerance is { } t) return DiffCommand.Compare(document, JsonDocument.Parse(Terminal.ToJson(RunDocument.Of(again))).RootElement, t);
            var found = DiffCommand.Compare(document, JsonDocument.Parse(Terminal.ToJson(RunDocument.Of(again))).RootElement, 0);
            if (again.Id != Text("runId")) found.Insert(0, new Difference("/runId", Text("runId"), again.Id));
            found.AddRange(Pages(document, again));
            found.AddRange(Files(stored, files, again));
            return found;
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    /// <summary>Pages of methods in the report that have been rewritten since: why report.html differs where nothing else does.</summary>
    private static IEnumerable<Difference> Pages(JsonElement document, RunRecord again)
    {
        if (!document.TryGetProperty("methods", out var pages) || pages.ValueKind != JsonValueKind.Object) yield break;
        foreach (var page in pages.EnumerateObject())
        {
            if (again.Methods.GetValueOrDefault(page.Name, "absent") is var now && now != page.Value.GetString()) yield return new Difference($"/methods/{page.Name}", page.Value.GetString() ?? "", now);
        }
    }

    /// <summary>Files on disk against what run.json says of them, and against the rerun.</summary>
    private static IEnumerable<Difference> Files(StoredRun stored, List<JsonElement> files, RunRecord again)
    {
        var rerun = again.Files.ToDictionary(f => f.Name, f => f.Sha256, StringComparer.Ordinal);
        foreach (var file in files)
        {
            var (name, said) = (file.GetProperty("name").GetString()!, file.GetProperty("sha256").GetString()!);
            var path = Path.GetFullPath(Path.Combine(stored.Folder, name));
            if (!path.StartsWith(stored.Folder, StringComparison.Ordinal)) { yield return new Difference("/files/" + name, said, "outside the run's folder"); continue; }
            var present = File.Exists(path) ? Study.HashOf(path) : "absent";
            if (present != said) yield return new Difference("/files/" + name, said, present);
            if (rerun.GetValueOrDefault(name, "absent") is var now && now != said) yield return new Difference("/files/" + name + " (rerun)", said, now);
        }
        foreach (var name in rerun.Keys.Except(files.Select(f => f.GetProperty("name").GetString()!))) yield return new Difference("/files/" + name, "absent", rerun[name]);
    }
}
