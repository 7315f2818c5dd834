using GeoHarm.Spatial.Layers;
using System.CommandLine;
using System.Globalization;
using GeoHarm.Engine.Displacement;
using GeoHarm.Engine.Evaluation;

namespace GeoHarm.Cli;

/// <summary>Was a programme followed by the change claimed: difference in differences, synthetic control.</summary>
internal static class EvaluateCommand
{
    public static Command Build() => CommandLine.Noun("evaluate", "What followed an area programme, against places without it", Verb(synthetic: false), Verb(synthetic: true));

    private static Command Verb(bool synthetic)
    {
        var inputs = new PanelInputs();
        var treated = new Option<string>("--treated") { Description = "Codes of treated units, separated by commas", Required = true };
        var before = new Option<int>("--before") { Description = "Last year before the programme", Required = true };
        var after = new Option<int>("--after") { Description = "Year at which the effect is read", Required = true };
        var log = new Option<bool>("--log") { Description = "Effects as differences of logs" };
        var sum = new Option<bool>("--sum") { Description = "Treated and rest as two series" };
        var confounder = new Option<string?>("--confounder") { Description = "Columns of other programmes; flagged where the treated mean exceeds the controls' by 2x" };
        var match = new Option<int?>("--match") { Description = "Keep only so many controls a treated unit, nearest before the programme" };
        var difference = new Option<bool>("--difference") { Description = "Synthetic difference in differences" };
        var draws = new Option<int>("--draws") { Description = "Placebo programmes drawn", DefaultValueFactory = _ => 999 };
        var noun = synthetic ? "synthetic" : "did";
        List<Option> options = [inputs.Panel, inputs.Unit, inputs.Time, inputs.Value, treated, before, after, log, confounder, match, inputs.Zones, inputs.ZoneId, inputs.Layer, inputs.Merge, inputs.MissingZero, inputs.Seed];
        if (synthetic) options.Add(difference);
        else options.AddRange([sum, draws]);
        return CommandLine.Verb(
            noun, synthetic ? "Against a weighted mixture of places that moved alike before" : "Against the change elsewhere over the same years",
            [$"geoharm evaluate {noun} --panel panel.csv --unit idmun --time year --value coca_ --treated 50370,50330 --before 2006 --after 2009 --log{(synthetic ? "" : " --sum")} --confounder asp_"],
            options,
            (parse, terminal, _) =>
            {
                var value = parse.GetValue(inputs.Value)!;
                var columns = PanelInputs.List(parse.GetValue(confounder));
                var zones = inputs.ReadZones(parse, terminal);
                var panel = inputs.ReadPanel(parse, [value, .. columns], missingIsZero: false, units: zones?.Codes);
                var neighbours = zones is null ? null : PanelInputs.RawWeights("queen", zones);
                var programme = Programme.Of(panel, value, PanelInputs.List(parse.GetValue(treated)), parse.GetValue(before), parse.GetValue(after), parse.GetValue(log), neighbours);
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
