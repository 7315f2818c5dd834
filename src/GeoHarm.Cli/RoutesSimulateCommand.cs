using System.CommandLine;
using System.Diagnostics;
using GeoHarm.Engine.Routes;
using GeoHarm.Engine.Scenarios;
using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Cli;

/// <summary>Cat and mouse: traffickers learn from what they lose, enforcement moves to where it seized; beside it the same without learning.</summary>
internal static class RoutesSimulateCommand
{
    private const int MostReplicates = 1000, MostMonths = 1200, ExperimentMonths = 60;

    private static readonly Option<int> Replicates = new("--replicates") { Description = "Replicates, each with its own draw of the priors and its own chance", DefaultValueFactory = _ => new RouteSimulationOptions().Replicates };
    private static readonly Option<int?> Months = new("--months") { Description = $"Steps simulated (default: 12 for each year of the scenario; {ExperimentMonths} for an experiment). Policies stay by place and year" };
    private static readonly Option<ulong?> Seed = new("--seed") { Description = "Seed of all draws (overrides the scenario's)" };
    private static readonly Option<bool> Central = new("--central") { Description = "Central priors in every replicate: chance alone differs" };
    private static readonly Option<string?> Experiment = Experiments();

    public static Command Build()
    {
        var settings = new RouteSettings();
        return CommandLine.Verb("simulate", "Traffickers and interdiction that learn from each other: tonnes by country and zone, and how they compare with observed series",
            ["geoharm routes simulate --scenario data/scenarios/transit-2000.yaml --out out/simulate", "geoharm routes simulate --scenario data/scenarios/transit-2000.yaml --experiment soar --json"],
            [settings.Scenario, settings.Study, settings.Structure, settings.Out, settings.Force, settings.Threads, Replicates, Months, Seed, Central, Experiment], (parse, terminal, cancel) => Run(parse, terminal, settings, cancel));
    }

    private static int Run(ParseResult parse, Terminal terminal, RouteSettings settings, CancellationToken cancel)
    {
        var (replicates, months) = (parse.GetValue(Replicates), parse.GetValue(Months));
        if (replicates is < 1 or > MostReplicates) throw Problem.Usage($"--replicates takes a whole number from 1 to {MostReplicates}.");
        if (months is < 1 or > MostMonths) throw Problem.Usage($"--months takes a whole number from 1 to {MostMonths}.");
        var options = new RouteSimulationOptions { Replicates = replicates, Months = months, Central = parse.GetValue(Central), Threads = settings.ThreadsOf(parse) };
        using var study = new Study(parse.GetValue(settings.Study));
        var routes = settings.Open(parse, study, parse.GetValue(Seed));
        return parse.GetValue(Experiment) is null ? Simulate(parse, terminal, settings, routes, study, options, cancel) : Harden(parse, terminal, settings, routes, options, cancel);
    }

    private static int Simulate(ParseResult parse, Terminal terminal, RouteSettings settings, RouteCase routes, Study study, RouteSimulationOptions options, CancellationToken cancel)
    {
        var clock = Stopwatch.StartNew();
        var result = RouteSimulation.Run(routes, options, share => terminal.Progress("simulate", share), cancel);
        var published = Published(study);
        var skill = SeriesSkill.Of(routes, result, published);
        var simulated = clock.Elapsed.TotalSeconds;
        var tables = new SimulationTables(routes, result);
        var caveats = Caveats(routes, skill);
        var files = settings.Write(parse, "simulate.gpkg", settings.Release(tables.Layers(skill), caveats));
        terminal.Result(new
        {
            scenario = routes.Inputs.Scenario.Name, structure = routes.Inputs.Scenario.Structure.ToString().ToLowerInvariant(), replicates = options.Replicates, result.Months, result.FirstYear, seed = routes.Inputs.Scenario.Seed,
            priors = options.Central ? "central" : "drawn", mark = RouteSettings.Mark, converged = result.Converged, maxBalanceError = Math.Max(result.Learning.MaxBalanceError, result.Fixed.MaxBalanceError),
            capacityEventsPerMonth = Form(result.Learning.Of(r => r.Capacity)), series = skill?.Series.Select(SeriesForm), skill = skill is null ? null : SkillForm(skill),
            exploratory = skill is null ? null : new[] { SeriesMeasure.ShareOfSent, SeriesMeasure.Seized }.Select(m => SeriesSkill.Of(routes, result, published, m)!).Zip(["share of what is sent", "seized"], (s, m) => new { compared = m, meanCorrelation = s.Mean, withoutLearning = s.FixedMean }),
            steps = tables.Totals(), countries = tables.Countries(), zones = tables.ZonesByYear(), caveats, files, simulated, seconds = clock.Elapsed.TotalSeconds, faults = terminal.Warnings.Select(Terminal.FaultForm),
        },
        output =>
        {
            output.WriteLine($"{options.Replicates} replicates x {result.Months} months from {result.FirstYear}; enforcement that moves: {RouteSettings.Number(result.Learning.Of(r => r.Capacity).Value)} seizures a month at the start");
            foreach (var s in skill?.Series ?? []) output.WriteLine(FormattableString.Invariant($"{s.Observed.Name,-16} correlation {s.Correlation,5:F2} learning, {s.FixedCorrelation,5:F2} without, {s.TrendCorrelation,5:F2} straight line; first rise {s.FirstRise.Observed}, {s.FirstRise.Learning}, {s.FirstRise.Fixed}"));
            if (skill is not null) output.WriteLine(FormattableString.Invariant($"mean {skill.Mean:F2} learning, {skill.FixedMean:F2} without; straight line {skill.Trend:F2}, random walks' 95th percentile {skill.RandomWalk95:F2}: {(skill.IsAboveBoth ? "above both" : "no skill is claimed")}"));
            output.WriteLine($"{RouteSettings.Mark}; {clock.Elapsed.TotalSeconds:F1} s");
        });
        return result.Converged ? ExitCode.Ok : ExitCode.NotConverged;
    }

    private static int Harden(ParseResult parse, Terminal terminal, RouteSettings settings, RouteCase routes, RouteSimulationOptions options, CancellationToken cancel)
    {
        var hardening = new RouteHardeningOptions();
        var months = options.Months ?? ExperimentMonths;
        if (months <= hardening.Before + hardening.Settling) throw Problem.Usage($"An experiment takes more than {hardening.Before + hardening.Settling} --months: enforcement begins after {hardening.Before}, and {hardening.Settling} more are left to learning.");
        if (parse.GetValue(settings.Out) is not null) throw Problem.Usage("An experiment is one small table: take it from --json.");
        var clock = Stopwatch.StartNew();
        var arms = RouteHardening.Run(routes, options with { Months = months }, hardening, share => terminal.Progress("experiment", share), cancel);
        terminal.Result(new
        {
            scenario = routes.Inputs.Scenario.Name, experiment = "soar", structure = routes.Inputs.Scenario.Structure.ToString().ToLowerInvariant(), replicates = options.Replicates, months, seed = routes.Inputs.Scenario.Seed,
            priors = options.Central ? "central" : "drawn", control = hardening.Control, among = hardening.Among,
            variants = arms.Select(a => new { name = a.Name, zonesAtATime = a.Zones, zonesEver = a.ZonesEver, effort = a.Effort, delivered = Form(a.DeliveredShare), lessDelivered = Form(a.LessDelivered), seized = Form(a.SeizedShare) }),
            published = Published(arms), caveats = Caveats(routes, null), seconds = clock.Elapsed.TotalSeconds, faults = terminal.Warnings.Select(Terminal.FaultForm),
        },
        output =>
        {
            foreach (var a in arms) output.WriteLine(FormattableString.Invariant($"{a.Name,-10} {a.Zones,2} zones at a time of {a.ZonesEver,2}, effort {a.Effort,5:F2}: {a.DeliveredShare.Value:P1} delivered, {a.LessDelivered.Value:P1} less ({a.LessDelivered.Low:P1} to {a.LessDelivered.High:P1})"));
            output.WriteLine(RouteHardening.PublishedFinding);
            output.WriteLine($"{clock.Elapsed.TotalSeconds:F1} s");
        });
        return ExitCode.Ok;
    }

    private static IReadOnlyList<TransitSeries> Published(Study study)
    {
        try
        {
            return TransitSeries.Read(study.Read("transit_series"));
        }
        catch (KeyNotFoundException)
        {
            return []; // an analyst's own study need not have them
        }
    }

    private static object Published(IReadOnlyList<HardeningArm> arms)
    {
        double Less(string name) => arms.First(a => a.Name == name).LessDelivered.Value;
        return new { finding = RouteHardening.PublishedFinding, randomisedOverFew = Less("few") > 0 ? Less("randomised") / Less("few") : (double?)null, allOverFew = Less("few") > 0 ? Less("all") / Less("few") : (double?)null };
    }

    private static string[] Caveats(RouteCase routes, SeriesSkill? skill) =>
    [
        .. RouteSettings.Caveats(routes).Where(c => !c.StartsWith("Central priors", StringComparison.Ordinal)),
        "Months are steps of a model: nothing here says when or where cargo moves.",
        "Observed series are compiled records of movements: they measure enforcement and reporting as well as flow.",
        skill is null ? "No observed series was compared." : skill.IsAboveBoth
            ? "Mean correlation with the observed series is above a straight line and above random walks; settings were fixed beforehand."
            : "Mean correlation with the observed series is not above both benchmarks: no skill is claimed.",
    ];

    private static object SeriesForm(SeriesScore s) => new
    {
        name = s.Observed.Name, place = s.Observed.Place, years = s.Observed.Years, observed = s.Observed.Tonnes, learning = s.Learning, withoutLearning = s.Fixed, correlation = s.Correlation,
        withoutLearningCorrelation = s.FixedCorrelation, straightLine = s.TrendCorrelation, acrossReplicates = Form(Interval.OfDraws([.. s.Replicates])),
        firstRise = new { observed = s.FirstRise.Observed, learning = s.FirstRise.Learning, withoutLearning = s.FirstRise.Fixed },
    };

    private static object SkillForm(SeriesSkill s) => new
    {
        meanCorrelation = s.Mean, withoutLearning = s.FixedMean, straightLine = s.Trend, randomWalk95 = s.RandomWalk95, aboveBoth = s.IsAboveBoth, acrossReplicates = Form(Interval.OfDraws([.. s.Replicates])),
        firstRiseErrorYears = new { learning = s.RiseError.Learning, withoutLearning = s.RiseError.Fixed },
    };

    private static Option<string?> Experiments()
    {
        var option = new Option<string?>("--experiment") { Description = "soar: harden a few transit zones, many, or as few by lot" };
        option.AcceptOnlyFromAmong("soar");
        return option;
    }

    internal static object Form(Interval interval) => new { value = interval.Value, low = interval.Low, high = interval.High };
}
