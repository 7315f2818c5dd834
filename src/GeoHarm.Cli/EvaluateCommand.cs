using GeoHarm.Spatial.Layers;
using System.CommandLine;
using System.Globalization;
using GeoHarm.Engine.Displacement;
using GeoHarm.Engine.Evaluation;
using GeoHarm.Spatial.Quantities;
using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Cli;

/// <summary>Was a programme followed by the change claimed: difference in differences, synthetic control.</summary>
internal static class EvaluateCommand
{
    public static Command Build() => CommandLine.Noun("evaluate", "What followed an area programme, against places without it", Verb(synthetic: false), Verb(synthetic: true));

    private static Command Verb(bool synthetic)
    {
        var inputs = new PanelInputs();
        var treated = new Option<string?>("--treated") { Description = "Codes of treated units, separated by commas", Required = synthetic };
        var before = new Option<int?>("--before") { Description = "Last year before the programme", Required = synthetic };
        var after = new Option<int?>("--after") { Description = "Year at which the effect is read", Required = synthetic };
        var log = new Option<bool>("--log") { Description = "Effects as differences of logs" };
        var sum = new Option<bool>("--sum") { Description = "Treated and rest as two series" };
        var confounder = new Option<string?>("--confounder") { Description = "Columns of other programmes; flagged where the treated mean exceeds the controls' by 2x" };
        var match = new Option<int?>("--match") { Description = "Keep only so many controls a treated unit, nearest before the programme" };
        var difference = new Option<bool>("--difference") { Description = "Synthetic difference in differences" };
        var draws = new Option<int>("--draws") { Description = "Placebo programmes drawn", DefaultValueFactory = _ => 999 };
        var staggered = new Option<string?>("--staggered") { Description = "Column of a programme that reached units in different years: treated from its first year above 0 (instead of --treated, --before, --after)" };
        var noun = synthetic ? "synthetic" : "did";
        List<Option> options = [inputs.Panel, inputs.Unit, inputs.Time, inputs.Value, treated, before, after, log, confounder, match, inputs.Zones, inputs.ZoneId, inputs.Layer, inputs.Merge, inputs.MissingZero, inputs.Seed];
        if (synthetic) options.Add(difference);
        else options.AddRange([sum, draws, staggered]);
        return CommandLine.Verb(
            noun, synthetic ? "Against a weighted mixture of places that moved alike before" : "Against the change elsewhere over the same years",
            [$"geoharm evaluate {noun} --panel panel.csv --unit idmun --time year --value coca_ --treated 50370,50330 --before 2006 --after 2009 --log{(synthetic ? "" : " --sum")} --confounder asp_"],
            options,
            (parse, terminal, _) =>
            {
                var value = parse.GetValue(inputs.Value)!;
                var columns = PanelInputs.List(parse.GetValue(confounder));
                var zones = inputs.ReadZones(parse, terminal);
                var adoption = synthetic ? null : parse.GetValue(staggered);
                var panel = inputs.ReadPanel(parse, adoption is null ? [value, .. columns] : [value, adoption], missingIsZero: false, units: zones?.Codes);
                var neighbours = zones is null ? null : PanelInputs.RawWeights("queen", zones);
                if (adoption is not null) return Staggered(terminal, panel, value, adoption, parse.GetValue(log), neighbours, parse.GetValue(inputs.Panel)!, new EvaluationOptions { Draws = Math.Clamp(parse.GetValue(draws), 99, 1_000_000), Seed = parse.GetValue(inputs.Seed) });
                if (parse.GetValue(treated) is not { } codes || parse.GetValue(before) is not { } from || parse.GetValue(after) is not { } to) throw Problem.Usage("--treated, --before and --after say what is evaluated; only --staggered does without.");
                var programme = Programme.Of(panel, value, PanelInputs.List(codes), from, to, parse.GetValue(log), neighbours);
                var flags = Confounders.Find(panel, programme, columns);
                if (parse.GetValue(match) is { } perTreated) programme = Matching.Select(panel, programme, [value], Math.Max(1, perTreated));
                if (synthetic) Synthetic(terminal, panel, programme, flags, parse.GetValue(difference), parse.GetValue(inputs.Seed));
                else Difference(terminal, panel, programme, flags, new EvaluationOptions { Sum = parse.GetValue(sum), Draws = Math.Clamp(parse.GetValue(draws), 99, 1_000_000), Seed = parse.GetValue(inputs.Seed) });
                return ExitCode.Ok;
            });
    }

    private static void Difference(Terminal terminal, UnitPanel panel, Programme programme, IReadOnlyList<ConfounderFlag> flags, EvaluationOptions options)
    {
        var result = DifferenceInDifferences.Run(panel, programme, options);
        terminal.Result(
            new
            {
                effect = result.Effect, treated = programme.Treated.Count, controls = programme.Controls.Count, weights = Array.Empty<object>(),
                eventStudy = result.EventStudy.Select(e => new { year = e.Year, value = e.Effect.Value, low = e.Effect.Low, high = e.Effect.High }),
                placebo = new { rank = (int?)null, p = result.PlaceboP }, flags, caveats = Caveats, faults = terminal.Warnings.Select(Terminal.FaultForm),
            },
            writer =>
            {
                Print(writer, result.Effect, result.PlaceboP, flags);
                foreach (var (year, e) in result.EventStudy) writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {year}  {e.Value:F4}  [{e.Low:F4}, {e.High:F4}]"));
            });
    }

    /// <summary>Callaway and Sant'Anna's effects; never-treated neighbours of treated units may receive what is pushed out and are left out.</summary>
    private static int Staggered(Terminal terminal, UnitPanel panel, string value, string adoption, bool log, SpatialWeights? neighbours, string path, EvaluationOptions options)
    {
        int years = panel.YearCount, units = panel.Units.Count;
        var first = Enumerable.Range(0, units).Select(u =>
        {
            var t = panel.Values(adoption).Slice(u * years, years).IndexOfAnyInRange(double.Epsilon, double.PositiveInfinity);
            return t < 0 ? (int?)null : panel.FirstYear + t;
        }).ToArray();
        var near = new HashSet<int>();
        for (var u = 0; neighbours is not null && u < units; u++)
        {
            if (first[u] is null) continue;
            foreach (var v in neighbours.Neighbours(u)) near.Add(v);
        }
        // Units treated from the first year on have no year before it.
        var kept = Enumerable.Range(0, units).Where(u => first[u] is { } year ? year > panel.FirstYear : !near.Contains(u)).ToArray();
        if (kept.All(u => first[u] is null) || kept.All(u => first[u] is not null)) throw new InvalidInputException([new Fault(FaultSeverity.Error, "GH5604", path, $"column {adoption}", "No unit takes the programme up within the years of the panel, or none is left that never does.", "Name a column that is above 0 from some year on for some units and never for others.")]);
        var outcome = kept.SelectMany(u => panel.Values(value).Slice(u * years, years).ToArray()).Select(v => log ? PortableMath.Log(1 + v) : v).ToArray();
        var result = StaggeredAdoption.Run(
            UnitPanel.FromArrays([.. kept.Select(u => panel.Units[u])], panel.FirstYear, years, new Dictionary<string, double[]> { [value] = outcome }), value, [.. kept.Select(u => first[u])], options);
        terminal.Result(
            new
            {
                effect = result.Overall, treated = kept.Count(u => first[u] is not null), controls = kept.Count(u => first[u] is null), weights = Array.Empty<object>(),
                eventStudy = result.ByEvent.Select(e => new { since = e.Since, value = e.Effect.Value, low = e.Effect.Low, high = e.Effect.High }),
                cohorts = result.Cohorts.Select(c => new { cohort = c.Cohort, year = c.Year, effect = c.Att, units = c.Units }), caveats = Caveats, faults = terminal.Warnings.Select(Terminal.FaultForm),
            },
            writer =>
            {
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"effect {result.Overall.Value:F4}  [{result.Overall.Low:F4}, {result.Overall.High:F4}]  mean over treated unit-years"));
                foreach (var (since, e) in result.ByEvent) writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {since,3} years since  {e.Value:F4}  [{e.Low:F4}, {e.High:F4}]"));
                foreach (var caveat in Caveats) writer.WriteLine(caveat);
            });
        return ExitCode.Ok;
    }

    private static void Synthetic(Terminal terminal, UnitPanel panel, Programme programme, IReadOnlyList<ConfounderFlag> flags, bool difference, ulong seed)
    {
        var settings = new SyntheticOptions { Seed = seed };
        var result = difference ? SyntheticControl.RunDifference(panel, programme, settings) : SyntheticControl.Run(panel, programme, settings);
        terminal.Result(
            new
            {
                effect = result.Effect, treated = programme.Treated.Count, controls = programme.Controls.Count,
                weights = result.Weights.Select(w => new { unit = panel.Units[w.Unit], weight = w.Weight }), gaps = result.Gaps.Select(g => new { year = g.Year, gap = g.Gap }),
                preFit = result.PreFit, placebo = new { rank = (int?)result.Rank, p = result.P }, flags, caveats = Caveats, faults = terminal.Warnings.Select(Terminal.FaultForm),
            },
            writer =>
            {
                Print(writer, result.Effect, result.P, flags);
                foreach (var (unit, weight) in result.Weights) writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {panel.Units[unit]}  {weight:F3}"));
            });
    }

    private static void Print(TextWriter writer, Effect effect, double p, IReadOnlyList<ConfounderFlag> flags)
    {
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"effect {effect.Value:F4}  [{effect.Low:F4}, {effect.High:F4}]  placebo p {p:F3}"));
        foreach (var flag in flags) writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"flag: {flag.Column} {flag.Window}: {flag.TreatedMean:F1} a unit-year among the treated, {flag.ControlMean:F1} among the rest"));
        foreach (var caveat in Caveats) writer.WriteLine(caveat);
    }

    private static readonly string[] Caveats = ["What followed is not what was caused: flags name other programmes that ran beside this one."];
}
