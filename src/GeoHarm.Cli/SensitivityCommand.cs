using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using GeoHarm.Engine.Evaluation;
using GeoHarm.Engine.Publication;
using GeoHarm.Engine.Scenarios;
using GeoHarm.Maps.Reports;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Quantities;
using GeoHarm.Stores.Files;

namespace GeoHarm.Cli;

/// <summary>geoharm sensitivity: which prior drives the answer of a scenario.</summary>
internal static class SensitivityCommand
{
    private const int Shown = 6;
    private const string OneByOne = "one-at-a-time";

    public static Command Build()
    {
        var scenario = new Argument<string>("scenario") { Description = "Scenario file (YAML); - for stdin" };
        var study = new Option<string?>("--study") { Description = "Your own study: a .gpkg or a folder (default: the embedded one)" };
        var method = new Option<string>("--method") { Description = "morris: screening; sobol: screening, then shares of variance; one-at-a-time: each prior alone at its 5th and 95th percentile", DefaultValueFactory = _ => "morris" };
        method.AcceptOnlyFromAmong("morris", "sobol", OneByOne);
        var trajectories = new Option<int>("--trajectories") { Description = "Morris trajectories; inputs + 1 runs each", DefaultValueFactory = _ => new MorrisOptions().Trajectories };
        var sample = new Option<int>("--sample") { Description = "Sobol base sample; kept inputs + 2 runs each", DefaultValueFactory = _ => new SobolOptions().Sample };
        var kept = new Option<int>("--kept") { Description = "Priors that Sobol divides the variance among, the strongest of the screening", DefaultValueFactory = _ => 8 };
        var seed = new Option<long>("--seed") { Description = "Seed of the design", DefaultValueFactory = _ => 1 };
        var threads = new Option<int?>("--threads") { Description = "Threads (default: all cores); changes no bit of the result" };
        var output = new Option<string?>("--out") { Description = "CSV file: outcome,method,input,measure,value,low,high" };
        var force = new Option<bool>("--force") { Description = "Replace --out if it exists" };
        var outcome = new Option<string>("--outcome") { Description = "Outcome of the picture, such as cocaHa, forestLossHa, peopleDisplaced, cocaineTonnes", DefaultValueFactory = _ => "cocaHa" };
        var picture = PictureFile.Option($"Tornado chart of one outcome, with --method {OneByOne}");
        var audience = RunSettings.Audiences();
        return CommandLine.Verb(
            "sensitivity", "Which prior drives the answer: Morris screening and Sobol indices over every prior of a scenario",
            ["geoharm sensitivity data/scenarios/putumayo-2000.yaml", "geoharm sensitivity putumayo-2000.yaml --method sobol --sample 512 --out sobol.csv", "geoharm sensitivity putumayo-2000.yaml --method one-at-a-time --outcome forestLossHa --picture tornado.png"],
            [scenario, study, method, trajectories, sample, kept, seed, threads, output, outcome, picture, force, audience],
            (parse, terminal, cancel) =>
            {
                var clock = Stopwatch.StartNew();
                if (parse.GetValue(trajectories) is < 2 or > 10_000) throw Problem.Usage("--trajectories takes a whole number from 2 to 10000.");
                if (parse.GetValue(sample) is < 2 or > 100_000) throw Problem.Usage("--sample takes a whole number from 2 to 100000.");
                if (parse.GetValue(kept) is < 1 or > 1000) throw Problem.Usage("--kept takes a whole number from 1 to 1000.");
                if (parse.GetValue(seed) < 0) throw Problem.Usage("--seed takes a whole number of 0 or more.");
                if (parse.GetValue(threads) is < 1 or > 1024) throw Problem.Usage("--threads takes a whole number from 1 to 1024.");
                var isOneByOne = parse.GetValue(method) == OneByOne;
                if (parse.GetValue(picture) is { } drawn) PictureFile.Require(drawn, isOneByOne, $"--picture draws a tornado chart and goes with --method {OneByOne}.");
                using var target = parse.GetValue(output) is { } path ? new OutputFile(path, parse.GetValue(force)) : null;
                var text = ScenarioText.ReadAll([ScenarioText.Open(parse.GetValue(scenario)!)], null, null)[0];
                using var opened = new Study(parse.GetValue(study));
                var design = (ulong)parse.GetValue(seed);
                var options = new SensitivityOptions(
                    isOneByOne ? null : new MorrisOptions(parse.GetValue(trajectories), Seed: design), parse.GetValue(method) == "sobol" ? new SobolOptions(parse.GetValue(sample), Seed: design) : null,
                    parse.GetValue(kept), parse.GetValue(threads) ?? Environment.ProcessorCount, isOneByOne ? new OneAtATimeOptions() : null);
                var found = SensitivityRun.Run(text.Scenario, opened.Read, text.File, options, share => terminal.Progress("sensitivity", share), cancel);
                if (found.Sensitive && RunSettings.AudienceOf(parse, audience) != Audience.Steward) throw new NotPublishableException("The study holds a sensitive layer that the scenario rests on: read it as its steward (--audience steward).");
                var shown = found.Outcomes.FirstOrDefault(o => o.Key == parse.GetValue(outcome));
                if (parse.GetValue(picture) is not null && shown is null) throw Problem.Usage($"There is no outcome '{parse.GetValue(outcome)}'; there are {string.Join(", ", found.Outcomes.Select(o => o.Key))}.");
                var files = new List<string>();
                if (target is not null)
                {
                    CsvLayer.Write(target.Path, PublicationGate.Release(Table(found.Outcomes), Audience.Public, PublicationGate.ModelCaveats));
                    target.Commit();
                    files.Add(parse.GetValue(output)!);
                }
                if (parse.GetValue(picture) is { } chart)
                {
                    var context = PictureFile.Context(text.Scenario.Name, "GeoHarm on the assumptions of data/priors.csv", ["Each assumption alone: interactions are not seen."], true, terminal);
                    files.AddRange(PictureFile.Write(ChartPictures.Tornado(PublicationGate.Release(Swings(shown!), Audience.Public, []), shown!.Central, shown.Key, shown.Side == "change", context), chart, parse.GetValue(force), terminal));
                }
                terminal.Result(
                    new
                    {
                        scenario = text.Scenario.Name, inputs = found.Inputs, runs = found.Runs, outcomes = found.Outcomes.Select(Form), seconds = clock.Elapsed.TotalSeconds,
                        files, caveats = PublicationGate.ModelCaveats,
                    },
                    writer => Prose(found.Outcomes, found.Inputs.Count, found.Runs, writer));
                return ExitCode.Ok;
            });
    }

    private static object Form(OutcomeSensitivity outcome) => new
    {
        key = outcome.Key, side = outcome.Side, unit = outcome.Unit,
        screening = outcome.Effects.Select(e => new { input = e.Input, meanAbsolute = e.MeanAbsolute, mean = e.Mean, spread = e.Spread }),
        central = Finite(outcome.Central), swings = outcome.Swings.Select(s => new { input = s.Input, atLow = s.AtLow, atHigh = s.AtHigh }),
        indices = outcome.Indices.Select(i => new { input = i.Input, first = Plain(i.First), total = Plain(i.Total) }),
    };

    private static double? Finite(double value) => double.IsNaN(value) ? null : value;

    private static Layer Swings(OutcomeSensitivity outcome) => new("swings",
    [
        Column.Text("input", outcome.Swings.Select(s => s.Input)), Column.Real("at_low", outcome.Swings.Select(s => s.AtLow), outcome.Unit), Column.Real("at_high", outcome.Swings.Select(s => s.AtHigh), outcome.Unit),
    ]);

    private static object Plain(Interval interval) => new { value = interval.Value, low = interval.Low, high = interval.High };

    private static Layer Table(IReadOnlyList<OutcomeSensitivity> outcomes)
    {
        var rows = new List<(string Outcome, string Method, string Input, string Measure, double Value, double Low, double High)>();
        foreach (var o in outcomes)
        {
            foreach (var e in o.Effects)
            {
                rows.Add(($"{o.Key}.{o.Side}", "morris", e.Input, "mu_star", e.MeanAbsolute, double.NaN, double.NaN));
                rows.Add(($"{o.Key}.{o.Side}", "morris", e.Input, "mu", e.Mean, double.NaN, double.NaN));
                rows.Add(($"{o.Key}.{o.Side}", "morris", e.Input, "sigma", e.Spread, double.NaN, double.NaN));
            }
            foreach (var s in o.Swings)
            {
                rows.Add(($"{o.Key}.{o.Side}", OneByOne, s.Input, "at_low", s.AtLow, double.NaN, double.NaN));
                rows.Add(($"{o.Key}.{o.Side}", OneByOne, s.Input, "at_high", s.AtHigh, double.NaN, double.NaN));
            }
            foreach (var i in o.Indices)
            {
                rows.Add(($"{o.Key}.{o.Side}", "sobol", i.Input, "first", i.First.Value, i.First.Low, i.First.High));
                rows.Add(($"{o.Key}.{o.Side}", "sobol", i.Input, "total", i.Total.Value, i.Total.Low, i.Total.High));
            }
        }
        return new Layer("sensitivity",
        [
            Column.Text("outcome", rows.Select(r => r.Outcome)), Column.Text("method", rows.Select(r => r.Method)), Column.Text("input", rows.Select(r => r.Input)), Column.Text("measure", rows.Select(r => r.Measure)),
            Column.Real("value", rows.Select(r => r.Value)), Column.Real("low", rows.Select(r => r.Low)), Column.Real("high", rows.Select(r => r.High)),
        ]);
    }

    private static void Prose(IReadOnlyList<OutcomeSensitivity> outcomes, int inputs, int runs, TextWriter writer)
    {
        writer.WriteLine($"{inputs} priors, {runs:N0} runs of the chain. Scenario, not forecast.");
        foreach (var outcome in outcomes)
        {
            writer.WriteLine($"{outcome.Key}, {outcome.Side} ({outcome.Unit})");
            foreach (var e in outcome.Effects.Take(Shown).Where(e => e.MeanAbsolute > 0)) writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {e.Input,-28} mu* {e.MeanAbsolute,12:G4}  mu {e.Mean,12:G4}  sigma {e.Spread,12:G4}"));
            foreach (var s in outcome.Swings.Take(Shown).Where(s => s.AtLow != s.AtHigh)) writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {s.Input,-28} {s.AtLow,12:G4} to {s.AtHigh,12:G4}, at medians {outcome.Central:G4}"));
            foreach (var i in outcome.Indices.Take(Shown)) writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {i.Input,-28} first {i.First.Value,6:0.00} ({i.First.Low:0.00} to {i.First.High:0.00})  total {i.Total.Value,6:0.00} ({i.Total.Low:0.00} to {i.Total.High:0.00})"));
        }
    }
}
