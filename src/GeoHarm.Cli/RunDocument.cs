using System.Globalization;
using GeoHarm.Engine.Scenarios;
using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Cli;

/// <summary>The JSON of a run, as the contract names its keys.</summary>
internal static class RunDocument
{
    /// <summary>What run.json and stdout hold.</summary>
    public static object Of(RunRecord run) => new
    {
        runId = run.Id,
        version = CommandLine.Version,
        study = run.Study,
        inputs = run.Inputs.Select(i => new { name = i.Key, sha256 = i.Value }),
        code = RunIdentity.Code,
        native = RunIdentity.Native,
        methods = run.Methods,
        audience = run.Audience,
        language = run.Language,
        framing = run.Framing,
        asOf = run.AsOf,
        caveats = run.Results.SelectMany(r => r.Caveats).Distinct(),
        scenarios = run.Results.Select((r, i) => Scenario(r, run.Texts[i])),
        files = run.Files.Select(f => new { name = f.Name, sha256 = f.Sha256, bytes = f.Bytes }),
    };

    private static object Scenario(ScenarioResult result, ScenarioText text) => new
    {
        name = result.Scenario.Name,
        title = result.Scenario.Title,
        baselineYear = result.Scenario.BaselineYear,
        toYear = result.Scenario.ToYear,
        seed = result.Scenario.Seed,
        members = result.Scenario.Members,
        monteCarloError = result.MonteCarloError,
        totals = result.Totals.ToDictionary(t => t.Key, t => WithUnit(t.Outcome.After, t.Unit)),
        baseline = result.Totals.ToDictionary(t => t.Key, t => WithUnit(t.Outcome.Before, t.Unit)),
        change = result.Totals.ToDictionary(t => t.Key, t => WithUnit(t.Outcome.Change, t.Unit)),
        burdens = result.Burdens.ToDictionary(t => t.Key, t => WithUnit(t.Outcome.After, t.Unit)),
        baselineBurdens = result.Burdens.ToDictionary(t => t.Key, t => WithUnit(t.Outcome.Before, t.Unit)),
        burdenChange = result.Burdens.ToDictionary(t => t.Key, t => WithUnit(t.Outcome.Change, t.Unit)),
        ratings = result.Ratings.ToDictionary(r => r.Severity, r => r.After),
        baselineRatings = result.Ratings.ToDictionary(r => r.Severity, r => r.Before),
        recipients = result.Recipients.Select(r => new
        {
            zone = r.Zone, name = r.Name, country = r.Country, measure = r.Measure, unit = r.Unit, change = Plain(r.Change), ruleOfLaw = r.RuleOfLaw, homicideRate = r.HomicideRate,
            mark = r.Measure == "flow_t" ? "structure not validated" : null,
        }),
        shares = Shares(result),
        units = Units(result),
        balance = new { relativeGap = result.BalanceGap },
        flows = new { structure = result.Scenario.Structure.ToString().ToLowerInvariant(), relativeGap = result.FlowGap, converged = result.FlowGap <= 1e-6 },
        plantingLoop = new { relativeGap = result.LoopGap, rounds = result.LoopRounds },
        attraction = new { power = result.Attraction.Power, floor = result.Attraction.Floor, logLikelihood = result.Attraction.LogLikelihood, years = result.Attraction.Years },
        backcast = result.Backcast is not { } b ? null : new
        {
            year = b.Year, sample = b.OutOfSample ? "out of sample" : "in sample", mae = b.ModelMae, persistenceMae = b.PersistenceMae, beatsPersistence = b.ModelMae < b.PersistenceMae,
            coverage90 = b.Coverage90, observedTotalHa = b.ObservedTotal, projectedTotalHa = Plain(b.ProjectedTotal),
        },
        cases = result.Cases.Select(l => new
        {
            id = l.Case.Id, title = l.Case.Title, years = new[] { l.Case.FromYear, l.Case.ToYear }, instrument = l.Case.Instrument, outcome = l.Case.Outcome, strengthOfEvidence = l.Case.Strength,
            alike = Alike(l),
        }),
        caveats = result.Caveats,
        file = text.File,
        text = text.Text,
    };

    /// <summary>What a case and a scenario share; null for none.</summary>
    public static object? Alike(LikeCase? l) => l is null ? null : new { matches = l.Matches, instrument = l.SameInstrument, market = l.SameMarket, country = l.SameCountry, zone = l.SameZone };

    /// <summary>Shares of regions and countries whose interval or change is not nothing, largest first.</summary>
    private static IEnumerable<object> Shares(ScenarioResult result)
    {
        var table = result.Layers.First(l => l.Name == "shares");
        return Enumerable.Range(0, table.RowCount).OrderByDescending(r => table["share_after"].Number(r)).Select(r => (object)new
        {
            kind = table["kind"].TextAt(r), place = table["place"].TextAt(r),
            before = At(table, "share_before", r), after = At(table, "share_after", r), change = At(table, "share_change", r),
        });
    }

    private static IEnumerable<object> Units(ScenarioResult result)
    {
        var table = result.Layers.First(l => l.Name == "overlay");
        return Enumerable.Range(0, table.RowCount).Where(r => !table["cultivation_ha_before"].IsNull(r)).Select(r => (object)new
        {
            zone = table["zone"].TextAt(r), name = table["name"].TextAt(r), year = table["year"].Number(r),
            before = At(table, "cultivation_ha_before", r), after = At(table, "cultivation_ha_after", r), change = At(table, "cultivation_ha_change", r),
        });
    }

    private static object At(Spatial.Layers.Layer table, string stem, int row) =>
        new { value = table[stem].Number(row), low = table[stem + "_low"].Number(row), high = table[stem + "_high"].Number(row) };

    private static object Plain(Interval interval) => new { value = interval.Value, low = interval.Low, high = interval.High };

    private static object WithUnit(Interval interval, string unit) => new { value = interval.Value, low = interval.Low, high = interval.High, unit };

    /// <summary>The run for people: finding first.</summary>
    public static void Prose(RunRecord run, TextWriter output)
    {
        string Number(double x) => x.ToString(Math.Abs(x) >= 100 || x == 0 ? "N0" : "G3", CultureInfo.InvariantCulture);
        string Show(Interval i) => $"{Number(i.Value)} ({Number(i.Low)} to {Number(i.High)})";
        foreach (var result in run.Results)
        {
            output.WriteLine($"{result.Scenario.Name}: {result.Scenario.Title}");
            foreach (var total in result.Totals)
            {
                output.WriteLine($"  {total.Key,-16} {Show(total.Outcome.Before),38} -> {Show(total.Outcome.After),38}  change {Show(total.Outcome.Change)} {total.Unit}");
            }
            foreach (var group in result.Recipients.GroupBy(r => r.Measure))
            {
                var receiving = group.Where(r => r.Change.Value > 0).Take(3).Select(r => $"{r.Name} {Show(r.Change)}").ToArray();
                output.WriteLine(receiving.Length == 0 ? $"  nobody receives more {group.Key}" : $"  receive most {group.Key}: {string.Join("; ", receiving)}");
            }
            if (result.Backcast is { } b)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  backcast {b.Year} ({(b.OutOfSample ? "out of sample" : "in sample")}): mean absolute error {b.ModelMae:N0} ha, persistence {b.PersistenceMae:N0} ha; {b.Coverage90:P0} of units inside the interval"));
            }
            if (result.Cases.Count > 0) output.WriteLine($"  cases most like it: {string.Join("; ", result.Cases.Take(3).Select(l => $"{l.Case.Title} ({l.Matches} of 4 alike)"))}");
            foreach (var caveat in result.Caveats) output.WriteLine($"  ! {caveat}");
        }
        output.WriteLine($"run {run.Id[..12]}{(run.Files.Count > 0 ? $", {run.Files.Count} files" : "")}");
    }
}

/// <summary>A finished run.</summary>
internal sealed record RunRecord(
    string Id, string Study, IReadOnlyDictionary<string, string> Inputs, string Audience, string Language, string AsOf,
    IReadOnlyList<ScenarioText> Texts, IReadOnlyList<ScenarioResult> Results, IReadOnlyList<RunFile> Files)
{
    /// <summary>Audience that its report is worded for.</summary>
    public string Framing { get; init; } = Maps.Reports.Wording.HarmReduction;

    /// <summary>Pages of methods that the report carries, by name, with the SHA-256 of their text.</summary>
    public IReadOnlyDictionary<string, string> Methods { get; init; } = new Dictionary<string, string>();
}

/// <summary>A file that a run wrote.</summary>
internal sealed record RunFile(string Name, string Sha256, long Bytes);
