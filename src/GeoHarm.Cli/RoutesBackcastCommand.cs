using System.CommandLine;
using System.Diagnostics;
using GeoHarm.Engine.Routes;
using GeoHarm.Engine.Scenarios;

namespace GeoHarm.Cli;

/// <summary>Backcast of a scenario of the past: the observed sign, in every structure and draw.</summary>
internal static class RoutesBackcastCommand
{
    public static Command Build()
    {
        var settings = new RouteSettings();
        var draws = new Option<int>("--draws") { Description = "Draws of the priors in each structure", DefaultValueFactory = _ => 16 };
        return CommandLine.Verb("backcast", "Do the places that were observed to receive gain in the model? Share of draws and structures with the observed sign",
            ["geoharm routes backcast --scenario data/scenarios/caribbean-1985.yaml", "geoharm routes backcast --scenario data/scenarios/mexico-2006-blanket.yaml --draws 32 --json"],
            [settings.Scenario, settings.Study, settings.Threads, draws], (parse, terminal, cancel) => Run(parse, terminal, settings, parse.GetValue(draws), cancel));
    }

    private static int Run(ParseResult parse, Terminal terminal, RouteSettings settings, int draws, CancellationToken cancel)
    {
        if (draws is < 1 or > 10_000) throw Problem.Usage("--draws takes a whole number from 1 to 10000.");
        var clock = Stopwatch.StartNew();
        using var study = new Study(parse.GetValue(settings.Study));
        var routes = settings.Open(parse, study);
        if (routes.Inputs.Scenario.Observed.Count == 0) throw Problem.Usage("The scenario has no 'observed' outcomes to compare with.");
        var outcomes = RouteBackcast.Run(routes, Enum.GetValues<TransitStructure>(), draws, settings.ThreadsOf(parse), cancel);
        terminal.Result(new
        {
            scenario = routes.Inputs.Scenario.Name, draws,
            series = outcomes.Select(o => new
            {
                structure = o.Structure.ToString().ToLowerInvariant(), place = o.Place, observed = o.Rises ? "rises" : "falls", signShare = o.SignShare, medianRank = o.MedianRank,
                gain = new { value = o.Gain.Value, low = o.Gain.Low, high = o.Gain.High }, before = o.Before.Value, notConverged = o.NotConverged,
            }),
            caveats = (string[])[.. RouteSettings.Caveats(routes), "A check of signs, not of skill: other things changed in those years."],
            seconds = clock.Elapsed.TotalSeconds, faults = terminal.Warnings.Select(Terminal.FaultForm),
        },
        output =>
        {
            foreach (var o in outcomes) output.WriteLine(FormattableString.Invariant($"{o.Structure,-10} {o.Place} {(o.Rises ? "rises" : "falls")}: {o.SignShare:P0} of {o.Draws} draws agree, median rank {o.MedianRank:0.#}, gain {o.Gain.Value:G2} ({o.Gain.Low:G2} to {o.Gain.High:G2}) of all tonnes"));
            output.WriteLine("A check of signs, not of skill: other things changed in those years.");
        });
        return outcomes.All(o => o.NotConverged == 0) ? ExitCode.Ok : ExitCode.NotConverged;
    }
}
