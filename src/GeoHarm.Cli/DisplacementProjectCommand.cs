using System.CommandLine;
using System.Globalization;
using GeoHarm.Engine.Displacement;
using GeoHarm.Engine.Scenarios;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Cli;

/// <summary>The what-if projection of cultivation, with its assumptions, its forecast and its skill.</summary>
internal static class DisplacementProjectCommand
{
    private static readonly Option<string?> From = new("--from") { Description = "Baseline year, without a scenario (default: the panel's last, or what --treat leaves)" };
    private static readonly Option<string?> To = new("--to") { Description = "Year projected to, without a scenario" };
    private static readonly Option<string?> Treat = new("--treat") { Description = "Treated hectares: INSTRUMENT=COLUMN observed in the panel, or INSTRUMENT=HECTARES a year, several joined by commas; asp_, er_ and ver alone are spraying, manual and voluntary eradication" };
    private static readonly Option<string?> Places = new("--places") { Description = "Where it acts, without a scenario: codes, first digits with *, dane:NN, zones of the study (default: everywhere)" };
    private static readonly Option<string[]> Set = new("--set") { Description = "An assumption: KEY=VALUE, or KEY=LOW:CENTRAL:HIGH (leakage=0:0.5:1.1)", AllowMultipleArgumentsPerToken = false, Arity = ArgumentArity.ZeroOrMore };
    private static readonly Option<string?> Kappa = new("--kappa") { Description = "Length scale of reappearance in km, or infinite (default: the scenario's, else infinite)" };
    private static readonly Option<string?> Attract = new("--attraction") { Description = "POWER,FLOOR of attraction (default: fitted on observed gains)" };
    private static readonly Option<string> Horizons = new("--horizons") { Description = "Years ahead that are forecast, 1,3; none for no forecast", DefaultValueFactory = _ => "1,3" };
    private static readonly Option<string?> CellsFile = new("--cells") { Description = "Raster of coca, hectares a cell in the baseline year: each unit's hectares are dealt out to cells; with --out they leave coarsened" };
    private static readonly Option<string?> NameField = new("--name") { Description = "Field of names in the zones" };

    public static Command Build()
    {
        var (panel, settings, scenario) = (new PanelInputs(), new RunSettings(), ScenarioFile());
        return CommandLine.Verb(
            "project", "What if: where removed hectares might reappear, under assumptions that you see and set",
            [
                "geoharm displacement project data/scenarios/putumayo-2000.yaml --out out/what-if",
                "geoharm displacement project --panel coca.csv --unit divipola --time year --value coca_ha --zones mpio.shp --zone-id MPIOS --treat aerial-spraying=asp_ --places dane:86 --from 2001 --to 2004",
                "geoharm displacement project putumayo-2000.yaml --set leakage=0:0.5:1.1 --kappa 250 --json",
            ],
            [.. Symbols(scenario, panel), Horizons, CellsFile, .. settings.All],
            (parse, terminal, cancel) =>
            {
                var choices = settings.Read(parse);
                using var study = new Study(choices.Study);
                var projected = Open(parse, scenario, panel, choices, study, terminal);
                if (choices.DryRun) return DryRun(projected, choices, terminal);
                using var folder = choices.Out is null ? null : new OutputFolder(choices.Out, choices.Force);
                var result = ProjectionRun.Run(projected.Inputs, new RunOptions(choices.Threads, share => terminal.Progress("members", share)), cancel);
                var document = new ProjectionDocument(projected, result, Forecasts(projected, parse.GetValue(Horizons)!, terminal), ProjectionSkill.Of(projected), terminal.Warnings)
                {
                    Cells = parse.GetValue(CellsFile) is { } cells ? ProjectionCells.Of(projected, result, cells) : null,
                };
                if (folder is not null)
                {
                    document = document.Write(folder.Path, choices, terminal, study, cancel);
                    cancel.ThrowIfCancellationRequested();
                    folder.Commit();
                }
                terminal.Result(document.Json(), document.Prose);
                return ExitCode.Ok;
            });
    }

    /// <summary>The scenario argument of every verb that projects.</summary>
    public static Argument<string?> ScenarioFile() => new("scenario") { Description = "Scenario file (YAML); without one, --treat, --places, --from and --to say what is done", Arity = ArgumentArity.ZeroOrOne };

    /// <summary>What says what is projected: a scenario, or a panel and options.</summary>
    public static IEnumerable<Symbol> Symbols(Argument<string?> scenario, PanelInputs panel)
    {
        foreach (var option in new Option[] { panel.Panel, panel.Unit, panel.Time, panel.Value }) option.Required = false;
        return [scenario, panel.Panel, panel.Unit, panel.Time, panel.Value, panel.Zones, panel.ZoneId, panel.Crs, panel.Layer, panel.Merge, NameField, Treat, Places, From, To, Set, Kappa, Attract];
    }

    /// <summary>The case that these say.</summary>
    public static ProjectionCase Open(ParseResult parse, Argument<string?> scenario, PanelInputs panel, RunChoices choices, Study study, Terminal terminal)
    {
        var columns = new Dictionary<Instrument, string>();
        var text = Overridden(parse.GetValue(scenario) is { } path ? Read(path, parse, choices, columns) : Spelled(parse, panel, study, choices, columns), parse);
        return parse.GetValue(panel.Panel) is null
            ? ProjectionCase.OfStudy(text, study)
            : ProjectionCase.OfPanel(text, parse, Checked(panel, parse), columns, parse.GetValue(NameField), study, terminal);
    }

    private static ScenarioText Read(string path, ParseResult parse, RunChoices choices, Dictionary<Instrument, string> columns)
    {
        if (parse.GetValue(From) is not null || parse.GetValue(To) is not null || parse.GetValue(Places) is not null) throw Problem.Usage("A scenario file says where and when; leave out --places, --from and --to.");
        foreach (var (instrument, column) in Treatments(parse))
        {
            if (IsNumber(column, out _)) throw Problem.Usage($"A scenario file says how many hectares; --treat {ScenarioReader.NameOf(instrument)} takes a column of the panel here.");
            columns[instrument] = column;
        }
        return ScenarioText.ReadAll([ScenarioText.Open(path)], choices.Seed, choices.Members)[0];
    }

    /// <summary>A scenario spelled out by options.</summary>
    private static ScenarioText Spelled(ParseResult parse, PanelInputs panel, Study study, RunChoices choices, Dictionary<Instrument, string> columns)
    {
        var treatments = Treatments(parse);
        var last = parse.GetValue(panel.Panel) is null ? LastYear(study) : Checked(panel, parse).ReadPanel(parse, [parse.GetValue(panel.Value)!], missingIsZero: true).LastYear;
        var observed = treatments.Any(t => !IsNumber(t.Column, out _));
        var from = Year(parse.GetValue(From), "--from") ?? (observed ? last - 3 : last);
        var to = Year(parse.GetValue(To), "--to") ?? from + 3;
        if (to <= from) throw Problem.Usage($"--to {to} is not after --from {from}.");
        var places = PanelInputs.List(parse.GetValue(Places));
        var measures = treatments.Select(t =>
        {
            var number = IsNumber(t.Column, out var hectares);
            if (!number) columns[t.Instrument] = t.Column;
            var treated = new TreatedHectares(!number, number ? Enumerable.Range(from + 1, to - from).ToDictionary(y => y, _ => hectares) : new Dictionary<int, double>());
            return new PolicyMeasure(t.Instrument, places.Length > 0 ? places : parse.GetValue(panel.Panel) is null ? ["COL"] : ["*"], from + 1, to, treated, false, 0, [], [], 0);
        }).ToArray();
        var scenario = new Scenario("what-if", "What if", "", from, to, null, measures, (ulong)(choices.Seed ?? 1), choices.Members ?? Scenario.DefaultMembers, double.PositiveInfinity, new Dictionary<string, PriorOverride>(), []);
        return new ScenarioText("command line", "", scenario);
    }

    private static ScenarioText Overridden(ScenarioText text, ParseResult parse)
    {
        var scenario = text.Scenario;
        var priors = new Dictionary<string, PriorOverride>(scenario.Priors, StringComparer.Ordinal);
        foreach (var set in parse.GetValue(Set) ?? [])
        {
            var parts = set.Split('=');
            var numbers = parts.Length == 2 ? parts[1].Split(':') : [];
            if (numbers.Length is not (1 or 3) || !numbers.All(n => IsNumber(n, out _))) throw Problem.Usage($"'{set}' is no assumption; write leakage=0.5 or leakage=0:0.5:1.1.");
            double[] v = [.. numbers.Select(n => double.Parse(n, CultureInfo.InvariantCulture))];
            if (v.Length == 3 && !(v[0] <= v[1] && v[1] <= v[2])) throw Problem.Usage($"'{set}': low <= central <= high does not hold.");
            priors[parts[0]] = v.Length == 1 ? new PriorOverride(v[0], v[0], v[0]) : new PriorOverride(v[1], v[0], v[2]);
        }
        var kappa = parse.GetValue(Kappa) switch
        {
            null => scenario.KappaKilometres,
            "infinite" or "inf" => double.PositiveInfinity,
            var km => IsNumber(km, out var number) && number >= 1 ? number : throw Problem.Usage($"--kappa {km} is neither kilometres of 1 or more nor infinite."),
        };
        (double, double)? attraction = scenario.Attraction;
        if (parse.GetValue(Attract) is { } two)
        {
            var parts = two.Split(',');
            attraction = parts.Length == 2 && IsNumber(parts[0], out var power) && power is >= 0 and <= 2 && IsNumber(parts[1], out var floor) && floor is >= 1e-6 and <= 1
                ? (power, floor) : throw Problem.Usage($"'{two}' is no attraction; write 0.7,0.05: a power from 0 to 2 and a floor from 1e-6 to 1.");
        }
        return text with { Scenario = scenario with { Priors = priors, KappaKilometres = kappa, Attraction = attraction } };
    }

    private static List<(Instrument Instrument, string Column)> Treatments(ParseResult parse) =>
    [
        .. PanelInputs.List(parse.GetValue(Treat)).Select(item =>
        {
            var parts = item.Split('=');
            // The columns of the published panel (Dávalos and others, doi 10.31389/jied.87) name their instrument.
            var instrument = parts.Length == 1 ? parts[0] switch { "asp_" => Instrument.AerialSpraying, "er_" => Instrument.ManualEradication, "ver" => Instrument.VoluntaryEradication, _ => (Instrument?)null } : ScenarioReader.InstrumentOf(parts[0]);
            if (instrument is null or Instrument.Interdiction || parts.Length > 2) throw Problem.Usage($"'{item}' is no treatment; write aerial-spraying=COLUMN, manual-eradication=, voluntary-eradication= or substitution-programme=.");
            return (instrument.Value, parts[^1]);
        }),
    ];

    private static PanelInputs Checked(PanelInputs panel, ParseResult parse)
    {
        foreach (var option in new Option<string?>[] { panel.Zones, panel.ZoneId }.Where(o => parse.GetValue(o) is null)) throw Problem.Usage($"A panel needs {option.Name}.");
        foreach (var option in new[] { panel.Unit, panel.Time, panel.Value }.Where(o => parse.GetValue(o) is null)) throw Problem.Usage($"A panel needs {option.Name}.");
        return panel;
    }

    private static List<ProjectionForecast> Forecasts(ProjectionCase projected, string horizons, Terminal terminal)
    {
        var forecasts = new List<ProjectionForecast>();
        if (horizons == "none") return forecasts;
        var origin = projected.Inputs.Scenario.BaselineYear;
        foreach (var text in PanelInputs.List(horizons))
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var horizon) || horizon is < 1 or > 30) throw Problem.Usage($"--horizons {horizons}: write years ahead from 1 to 30, such as 1,3, or none.");
            if (origin - horizon < projected.History.FirstYear) terminal.Detail($"no forecast {horizon} year(s) ahead of {origin}: it needs years back to {origin - horizon} to learn from");
            else forecasts.Add(new ProjectionForecast(horizon, CocaForecast.Run(projected.History, origin, horizon, ForecastModel.HurdleBinned)));
        }
        return forecasts;
    }

    private static int DryRun(ProjectionCase projected, RunChoices choices, Terminal terminal)
    {
        var (inputs, treated) = (projected.Inputs, projected.Inputs.Plan.Origins.Count());
        var numbers = (long)inputs.Scenario.Members * projected.Codes.Count * (4 + inputs.Kernels.Count);
        var files = choices.Out is null ? [] : ProjectionDocument.Files;
        terminal.Result(
            new { dryRun = true, scenario = inputs.Scenario.Name, units = projected.Codes.Count, treatedUnits = treated, years = projected.History.LastYear - projected.History.FirstYear + 1, members = inputs.Scenario.Members, memoryMb = numbers * 8 / 1_000_000, files },
            writer => writer.WriteLine(FormattableString.Invariant($"{inputs.Scenario.Name}: {projected.Codes.Count} units, {treated} treated; {inputs.Scenario.Members} members; about {numbers * 8 / 1_000_000} MB; would write {string.Join(", ", files)}")));
        return ExitCode.Ok;
    }

    private static int LastYear(Study study)
    {
        var years = study.Read("coca_department")["year"];
        return (int)Enumerable.Range(0, years.Count).Max(years.Number);
    }

    private static int? Year(string? text, string option) =>
        text is null ? null : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year is >= 1900 and <= 2200 ? year : throw Problem.Usage($"{option} takes a year such as 2004.");

    private static bool IsNumber(string text, out double value) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
}
