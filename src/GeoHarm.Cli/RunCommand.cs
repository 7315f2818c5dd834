using System.CommandLine;
using GeoHarm.Engine.Publication;
using GeoHarm.Engine.Scenarios;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Cli;

/// <summary>geoharm run: scenarios to tables, maps and a report.</summary>
internal static class RunCommand
{
    public static Command Build()
    {
        var settings = new RunSettings();
        var scenarios = new Argument<string[]>("scenario") { Description = "Scenario files (YAML); - for stdin", Arity = ArgumentArity.OneOrMore };
        return CommandLine.Verb("run", "Run scenarios: where cultivation, forest loss, people and trafficking go, and who bears it",
            ["geoharm run data/scenarios/putumayo-2000.yaml --out out/putumayo", "geoharm run a.yaml b.yaml --json", "geoharm run a.yaml --members 1000 --seed 7 --out out/a", "geoharm run a.yaml --monte-carlo-error 0.02 --resume --out out/a"],
            [scenarios, .. settings.ForRuns],
            (parse, terminal, cancel) => Run(parse.GetValue(scenarios)!.Select(ScenarioText.Open), settings.Read(parse), terminal, cancel));
    }

    /// <summary>Runs scenario texts and writes what was asked for.</summary>
    public static int Run(IEnumerable<(string File, string Text)> files, RunChoices choices, Terminal terminal, CancellationToken cancel)
    {
        var texts = ScenarioText.ReadAll(files, choices.Seed, choices.Members);
        using var study = new Study(choices.Study);
        if (choices.DryRun) return DryRun.Say(texts, study, choices, terminal);
        using var folder = choices.Out is null ? null : new OutputFolder(choices.Out, choices.Force);
        var run = Compute(texts, study, choices, terminal, cancel);
        if (folder is not null)
        {
            run = RunFolder.Write(run, study, choices, folder.Path, terminal, cancel);
            cancel.ThrowIfCancellationRequested();
            folder.Commit();
            if (choices.Resume) KeptDraws.Forget(choices.Out!);
        }
        terminal.Result(RunDocument.Of(run), output => RunDocument.Prose(run, output));
        return ExitCode.Ok;
    }

    /// <summary>Computes scenarios one after the other; each uses all threads.</summary>
    public static RunRecord Compute(IReadOnlyList<ScenarioText> texts, Study study, RunChoices choices, Terminal terminal, CancellationToken cancel)
    {
        var results = new List<ScenarioResult>();
        foreach (var text in texts)
        {
            using var kept = choices.Resume ? KeptDraws.Open(choices.Out!, text, study, choices, terminal) : null;
            var options = new RunOptions(choices.Threads, share => terminal.Progress(text.Scenario.Name, share))
            {
                MonteCarloError = choices.MonteCarloError, Keep = kept is null ? null : kept.Keep, Restore = kept is null ? null : kept.Restore,
            };
            results.Add(ScenarioRun.Run(text.Scenario, study.Read, text.File, options, cancel));
        }
        var (library, zones) = (study.Cases(), new Zones(study.Read("zones")));
        for (var i = 0; i < results.Count; i++) results[i] = results[i].Beside(CaseLibrary.Like(library, results[i].Scenario, zones));
        // The ensemble may have grown; the id and a later 'verify' rest on the members it grew to.
        texts = [.. texts.Select((t, i) => t with { Scenario = results[i].Scenario })];
        var sensitive = results.SelectMany(r => r.Layers).Any(l => l.Sensitivity == Sensitivity.Sensitive);
        if (sensitive)
        {
            // What rests on a sensitive layer cannot be coarsened further than it is, and nobody knows its contributors.
            if (choices.Audience != Audience.Steward) throw new NotPublishableException("The study holds a sensitive layer that the run rests on: run it as its steward (--audience steward), or import the figures as an official table.");
            for (var i = 0; i < results.Count; i++) results[i] = results[i] with { Caveats = [PublicationGate.Watermark, .. results[i].Caveats] };
        }
        var id = RunIdentity.Of(study, texts, choices, terminal.Language, sensitive);
        return new RunRecord(id, study.Given, study.Inputs, choices.Audience.ToString().ToLowerInvariant(), terminal.Language, choices.AsOf, texts, results, []) { Framing = choices.Framing };
    }

    /// <summary>The layers of a scenario as they may leave.</summary>
    public static IReadOnlyDictionary<string, PublishedLayer> Release(ScenarioResult result, RunChoices choices) =>
        result.Layers.ToDictionary(l => l.Name, l => PublicationGate.Release(l, choices.Audience, result.Caveats), StringComparer.Ordinal);
}
