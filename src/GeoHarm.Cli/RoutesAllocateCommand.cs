using System.CommandLine;
using System.Diagnostics;
using GeoHarm.Engine.Scenarios;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Cli;

/// <summary>Least-harm allocation: where more enforcement would do least harm, or whether there should be less of it. Countries or admin-1 zones and a year.</summary>
internal static class RoutesAllocateCommand
{
    private const string Unit = "hazard on all that comes into a place: 0.01 stops one more per cent of it; a unit costs the same in every place";

    public static Command Build()
    {
        var settings = new RouteSettings();
        var defaults = new RouteAllocationOptions();
        var budget = new Option<double>("--budget") { Description = "Budget for the year, as hazard: 0.7 stops half of what comes into one place", DefaultValueFactory = _ => defaults.Budget };
        var level = new Option<string>("--level") { Description = "Places that it is spread over: country, admin1", DefaultValueFactory = _ => "country" };
        level.AcceptOnlyFromAmong("country", "admin1");
        var places = new Option<string[]>("--places") { Description = "Only in these zones, countries or regions (default: every one)", AllowMultipleArgumentsPerToken = true };
        var from = new Option<string[]>("--from") { Description = "Origin region: only what comes in from these zones, countries or regions", AllowMultipleArgumentsPerToken = true };
        var modes = new Option<string[]>("--modes") { Description = "Modes met: land, boat, ship, air (default: all)", AllowMultipleArgumentsPerToken = true };
        modes.AcceptOnlyFromAmong([.. ScenarioReader.Modes]);
        var draws = new Option<int>("--draws") { Description = "Draws of the priors in each structure for the intervals; 0 for none", DefaultValueFactory = _ => defaults.Draws };
        return CommandLine.Verb("allocate", "Where would more enforcement do least harm, or should it be reduced? By country or admin-1 zone and year",
            ["geoharm routes allocate --scenario data/scenarios/do-nothing.yaml --burden weightedTonnes --out out/allocate", "geoharm routes allocate --scenario data/scenarios/do-nothing.yaml --burden tonnes --bearer \"Central America\" --places Caribbean --json"],
            [.. settings.All, budget, level, places, from, modes, draws],
            (parse, terminal, cancel) => Run(parse, terminal, settings, new RouteAllocationOptions
            {
                Budget = parse.GetValue(budget), Countries = parse.GetValue(level) == "country", Places = parse.GetValue(places) ?? [], From = parse.GetValue(from) ?? [], Modes = parse.GetValue(modes) ?? [],
                Draws = parse.GetValue(draws), Threads = settings.ThreadsOf(parse),
            }, cancel));
    }

    private static int Run(ParseResult parse, Terminal terminal, RouteSettings settings, RouteAllocationOptions options, CancellationToken cancel)
    {
        if (!(options.Budget > 0 && options.Budget <= 5)) throw Problem.Usage("--budget is above 0 and at most 5.");
        if (options.Draws is < 0 or > 10_000) throw Problem.Usage("--draws takes a whole number from 0 to 10000.");
        var clock = Stopwatch.StartNew();
        using var study = new Study(parse.GetValue(settings.Study));
        var routes = settings.Open(parse, study);
        if (options.From.Concat(options.Places).FirstOrDefault(p => routes.Inputs.Zones.Resolve(p).Count == 0) is { } unknown) throw Problem.Usage($"There is no place '{unknown}': use a zone id, an ISO3 country or a region name of data/study/zones.csv.");
        if (EnforcementUnits.Of(routes, options.Countries, options.Places, options.From, options.Modes).Count == 0) throw Problem.Usage("Nothing comes into the places asked for from --from by --modes; with --level country a place holds whole countries.");
        var burden = settings.BurdenOf(parse, routes);
        var found = RouteAllocation.Of(routes, burden, options, share => terminal.Progress("allocate", share / 2), cancel);
        var draws = options.Draws == 0 ? null : AllocationDraws.Run(routes, burden, found, options.Draws, options.Threads, share => terminal.Progress("allocate", 0.5 + share / 2), cancel);
        var converged = found.Answers.All(a => a.Options.All(o => o.Converged)) && (options.Draws == 0 || draws is { NotConverged: 0 });
        string[] caveats =
        [
            .. draws is null ? RouteSettings.Caveats(routes) : RouteSettings.Caveats(routes, "Found at the central priors in one structure; intervals are over draws of all three, the plan kept."), "A unit of hazard costs the same in every place.",
            "The best of its neighbourhood and of every place alone; a better allocation far from these is not excluded.",
        ];
        var files = settings.Write(parse, "allocation.gpkg", settings.Release(AllocationLayers.Of(routes, burden, found, draws), caveats));
        object Answer(AllocationAnswer answer, int a) => new
        {
            choice = answer.Options[answer.Choice].Name,
            options = answer.Options.Select((o, i) => new
            {
                name = o.Name, value = o.Value, change = o.Value - answer.Options[0].Value, largestZone = o.Largest < 0 ? null : routes.Inputs.Zones.Ids[o.Largest], shadowPrice = o.Price,
                gap = double.IsNaN(o.Gap) ? (double?)null : o.Gap, relativeGap = double.IsNaN(o.RelativeGap) ? (double?)null : o.RelativeGap, converged = o.Converged,
                changeOverDraws = Figure(draws?.Options[a][i].Change), shadowPriceOverDraws = Figure(draws?.Options[a][i].Price),
                shareBetter = draws is null ? null : new { reference = draws.Options[a][i].ShareBetterByStructure[0], layered = draws.Options[a][i].ShareBetterByStructure[1], wardrop = draws.Options[a][i].ShareBetterByStructure[2] },
                units = AllocationLayers.Used(o).Select(u => new { unit = found.Units.Ids[u], name = found.Units.Names[u], hazard = o.Plan!.Hazard(u), probability = o.Plan.Form == EnforcementForm.Mixed ? o.Plan.Units[u] : (double?)null }),
            }),
        };
        terminal.Result(new
        {
            burden = burden.Name, unit = burden.Unit, value = found.Answers[0].Options[0].Value, bearers = burden.Bearers.Order().Select(z => routes.Inputs.Zones.Ids[z]),
            level = options.Countries ? "country" : "admin1", budget = options.Budget, budgetUnit = Unit, from = options.From, modes = options.Modes, structure = routes.Inputs.Scenario.Structure.ToString().ToLowerInvariant(),
            mark = RouteSettings.Mark, converged, total = Answer(found.Answers[0], 0), minimax = found.Answers.Count > 1 ? Answer(found.Answers[1], 1) : null, check = new { maxRelativeError = found.MaxRelativeError },
            units = Enumerable.Range(0, found.Units.Count).OrderBy(u => found.Alone[u]).ThenBy(u => u).Select(u => new
            {
                unit = found.Units.Ids[u], name = found.Units.Names[u], dBurden = found.ByHazard[u], dBurdenOverDraws = Figure(draws?.ByHazard[u]), changeAlone = found.Alone[u],
            }),
            draws = draws?.Draws ?? 0, notConverged = draws?.NotConverged ?? 0, caveats, files, seconds = clock.Elapsed.TotalSeconds, faults = terminal.Warnings.Select(Terminal.FaultForm),
        },
        output => Print(output, burden, found, draws, converged, clock.Elapsed.TotalSeconds));
        return converged ? ExitCode.Ok : ExitCode.NotConverged;
    }

    private static object? Figure(AllocationFigure? figure) => figure is null ? null : new { value = figure.Over.Value, low = figure.Over.Low, high = figure.Over.High, shareBelowZero = figure.ShareBelowZero };

    private static void Print(TextWriter output, RouteBurden burden, LeastHarm found, AllocationDraws? draws, bool converged, double seconds)
    {
        for (var a = 0; a < found.Answers.Count; a++)
        {
            var answer = found.Answers[a];
            var nothing = answer.Options[0].Value;
            output.WriteLine($"{burden.Name}, {(answer.Aim == AllocationAim.Total ? "all zones" : "the zone that bears most")}: {RouteSettings.Number(nothing)} {burden.Unit} without the budget; least harm: {answer.Options[answer.Choice].Name}");
            for (var i = 0; i < answer.Options.Count; i++)
            {
                var o = answer.Options[i];
                var agree = draws is null ? "" : FormattableString.Invariant($", below nothing in {draws.Options[a][i].Change.ShareBelowZero:P0} of draws");
                var price = draws is null ? "" : $" ({RouteSettings.Number(draws.Options[a][i].Price.Over.Low)} to {RouteSettings.Number(draws.Options[a][i].Price.Over.High)})";
                output.WriteLine($"  {o.Name,-8} {RouteSettings.Number(o.Value - nothing),10}{(i == 0 ? "" : agree)}; one more unit: {RouteSettings.Number(o.Price)}{price}{(double.IsNaN(o.RelativeGap) || i == 0 ? "" : "; gap " + RouteSettings.Number(o.RelativeGap))}");
                var used = AllocationLayers.Used(o).Take(6).Select(u => $"{found.Units.Ids[u]} {RouteSettings.Number(o.Plan!.Hazard(u))}");
                if (o.Plan is not null) output.WriteLine($"           {string.Join(", ", used.DefaultIfEmpty("none"))}");
            }
        }
        output.WriteLine($"{(converged ? "converged" : "not converged")}; price against re-solves: {RouteSettings.Number(found.MaxRelativeError)} of the largest; {RouteSettings.Mark}; {seconds.ToString("F1", System.Globalization.CultureInfo.InvariantCulture)} s");
    }
}
