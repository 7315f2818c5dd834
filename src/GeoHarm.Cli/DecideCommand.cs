using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using GeoHarm.Engine.Evaluation;
using GeoHarm.Engine.Publication;
using GeoHarm.Engine.Scenarios;
using GeoHarm.Maps.Charts;
using GeoHarm.Maps.Pictures;
using GeoHarm.Maps.Reports;
using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.Files;

namespace GeoHarm.Cli;

/// <summary>geoharm decide: options compared on the same draws.</summary>
internal static class DecideCommand
{
    /// <summary>Key of the sum that the user's weights make.</summary>
    private const string Weighted = "weighted";

    // Few enough to read; the others stay a word away. Duplicates in other units (carbon, clearing) would only make more options efficient.
    private static readonly string[] Usual = ["cocaHa", "forestLossHa", "peopleDisplaced", "weightedTonnes", "weightedTonnes.worstZone", "deliveredTonnes", "harmsByPolicy"];

    public static Command Build()
    {
        var settings = new RunSettings();
        var options = new Argument<string[]>("option") { Description = "Scenario files (YAML), or runs whose scenarios are taken; doing nothing is always among the options", Arity = ArgumentArity.OneOrMore };
        var criteria = new Option<string?>("--criteria") { Description = $"Criteria, or all (default: {string.Join(",", Usual)})" };
        var weights = new Option<string?>("--weights") { Description = "Adds a sum that you weight yourself, per unit: forestLossHa=1,weightedTonnes=20; nothing is summed without" };
        var costs = new Option<string?>("--cost") { Description = "US$ a year of options where you know it: NAME=20e6,..." };
        var designed = new Option<bool>("--designed-only") { Description = "Do not run the options as they would be carried out" };
        var confirm = new Option<int>("--confirm") { Description = "Run so many flips again with the prior held on either side", DefaultValueFactory = _ => 0 };
        return CommandLine.Verb("decide", "Compare options: Pareto, least maximum harm, least regret, ranks over draws, cost per kilogram, what flips the answer",
            ["geoharm decide data/scenarios/putumayo-2000.yaml data/scenarios/putumayo-2000-community.yaml --out out/decision", "geoharm decide a.yaml b.yaml --criteria all --json", "geoharm decide out/a --cost sequencing=20e6 --confirm 2"],
            [options, .. settings.All.Where(s => s != settings.DryRun), criteria, weights, costs, designed, confirm],
            (parse, terminal, cancel) =>
            {
                var clock = Stopwatch.StartNew();
                if (parse.GetValue(confirm) is < 0 or > 100) throw Problem.Usage("--confirm takes a whole number from 0 to 100.");
                var choices = settings.Read(parse);
                var texts = Texts(parse.GetValue(options)!, choices);
                var budgets = Pairs("--cost", parse.GetValue(costs), texts.Select(t => t.Scenario.Name).ToList(), 1, 1e15);
                using var study = new Study(choices.Study);
                using var folder = choices.Out is null ? null : new OutputFolder(choices.Out, choices.Force);
                var chosen = Chosen(parse.GetValue(criteria), parse.GetValue(weights));
                var result = DecisionRun.Run([.. texts.Select(t => (t.Scenario, t.File))], study.Read, new DecisionOptions(choices.Threads, !parse.GetValue(designed), parse.GetValue(confirm)) { Budgets = budgets, Criteria = chosen.Criteria },
                    share => terminal.Progress("decide", share), cancel);
                if (result.IsSensitive && choices.Audience != Audience.Steward) throw new NotPublishableException("The study holds a sensitive layer that the options rest on: compare them as its steward (--audience steward).");
                var document = new DecisionDocument(result, chosen.Criteria, chosen.Weights, Weighted, RunIdentity.Of(study, texts, choices, terminal.Language, result.IsSensitive), choices.Audience);
                var files = folder is null ? [] : Write(document, folder, terminal.Language);
                terminal.Result(document.Json(files, clock.Elapsed.TotalSeconds), document.Prose);
                return ExitCode.Ok;
            });
    }

    private static List<ScenarioText> Texts(string[] given, RunChoices choices)
    {
        var runs = given.Where(StoredRun.Is).Select(StoredRun.Open).ToList();
        if (runs.Find(r => r.Study != (choices.Study ?? "embedded")) is { } other) throw Problem.Usage($"The run in '{other.Folder}' was made on the study '{other.Study}', not on '{choices.Study ?? "embedded"}': give --study {other.Study}.");
        var ofRuns = runs.SelectMany(r => r.Texts()).Select(t => (t.File, t.Text, t.Scenario)).ToList();
        var files = ScenarioText.ReadAll(given.Where(g => !StoredRun.Is(g)).Select(g => ScenarioText.Open(g)).Concat(ofRuns.Select(r => (r.File, r.Text))), choices.Seed, choices.Members);
        // A scenario of a run keeps the seed and members it ran with, unless the call says otherwise.
        return [.. files.Select(f => ofRuns.Find(r => r.Text == f.Text) is { Scenario: { } ran }
            ? f with { Scenario = f.Scenario with { Seed = (ulong?)choices.Seed ?? ran.Seed, Members = choices.Members ?? ran.Members } } : f)];
    }

    private static (IReadOnlyList<int> Criteria, IReadOnlyList<(int Criterion, double Weight)> Weights) Chosen(string? criteria, string? weights)
    {
        var known = OptionDraws.Criteria.Select(c => c.Key).ToList();
        var keys = criteria is null ? Usual : criteria == "all" ? [.. known] : criteria.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (keys.FirstOrDefault(k => !known.Contains(k)) is { } unknown) throw Problem.Usage($"There is no criterion '{unknown}'; there are {string.Join(", ", known)}.");
        if (keys.Length == 0) throw Problem.Usage("--criteria names none.");
        var given = Pairs("--weights", weights, [.. OptionDraws.Criteria.Where(c => !c.IsOrdinal).Select(c => c.Key)], 0, 1e12);
        return ([.. keys.Distinct().Select(k => known.IndexOf(k))], [.. given.Select(w => (known.IndexOf(w.Key), w.Value))]);
    }

    private static Dictionary<string, double> Pairs(string option, string? text, IReadOnlyList<string> names, double least, double most)
    {
        var pairs = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var at = part.IndexOf('=', StringComparison.Ordinal);
            if (at < 1 || !double.TryParse(part[(at + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !(value >= least && value <= most)) throw Problem.Usage(FormattableString.Invariant($"{option} takes NAME=NUMBER,... with numbers from {least} to {most:G3}; not '{part}'."));
            if (!names.Contains(part[..at])) throw Problem.Usage($"{option}: there is no '{part[..at]}'; there are {string.Join(", ", names)}.");
            pairs[part[..at]] = value;
        }
        return pairs;
    }

    private static IReadOnlyList<string> Write(DecisionDocument document, OutputFolder folder, string language)
    {
        var files = new List<string>();
        void Text(string name, string text)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder.Path, name))!);
            File.WriteAllText(Path.Combine(folder.Path, name), text, new UTF8Encoding(false));
            files.Add(name);
        }
        Directory.CreateDirectory(Path.Combine(folder.Path, "tables"));
        foreach (var layer in document.Tables())
        {
            CsvLayer.Write(Path.Combine(folder.Path, "tables", layer.Layer.Name + ".csv"), layer);
            files.Add($"tables/{layer.Layer.Name}.csv");
        }
        var picture = document.Picture(language);
        foreach (var data in PictureData.Files(picture)) Text("charts/" + data.Name, data.Text);
        File.WriteAllBytes(Path.Combine(folder.Path, "charts", picture.Name + ".png"), Picture.Draw(picture, PictureFormat.Png).Bytes);
        files.Add($"charts/{picture.Name}.png");
        Text("decision.json", Terminal.ToJson(document.Json([], null)) + "\n");
        folder.Commit();
        return [.. files.Order(StringComparer.Ordinal)];
    }
}
