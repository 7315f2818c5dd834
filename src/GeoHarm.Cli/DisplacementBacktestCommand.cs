using GeoHarm.Spatial.Layers;
using System.CommandLine;
using System.Globalization;
using GeoHarm.Engine.Displacement;

namespace GeoHarm.Cli;

/// <summary>Rolling-origin back-test of the forecasts against persistence, the national trend and proportional allocation.</summary>
internal static class DisplacementBacktestCommand
{
    public static Command Build()
    {
        var inputs = new PanelInputs();
        inputs.Zones.Required = true;
        inputs.ZoneId.Required = true;
        var horizon = new Option<int>("--horizon") { Description = "Years ahead", DefaultValueFactory = _ => 1 };
        var origins = new Option<string?>("--origins") { Description = "Origins, 2006-2023 (default: from the sixth year)" };
        return CommandLine.Verb(
            "backtest", "How well past maps were foretold, against persistence",
            ["geoharm displacement backtest --panel coca.csv --unit divipola --time year --value coca_ha --zones mpio.shp --zone-id MPIOS --merge 13490=13600,23682=23466 --horizon 3"],
            [inputs.Panel, inputs.Unit, inputs.Time, inputs.Value, inputs.Zones, inputs.ZoneId, inputs.Crs, inputs.Layer, inputs.Merge, horizon, origins, inputs.Out, inputs.Force],
            (parse, terminal, _) =>
            {
                var value = parse.GetValue(inputs.Value)!;
                var zones = inputs.ReadZones(parse, terminal)!;
                var panel = inputs.ReadPanel(parse, [value], missingIsZero: true, units: zones.Codes);
                if (panel.Unmatched.Count > 0) terminal.Warn(new(Spatial.Layers.FaultSeverity.Warning, "GH5515", parse.GetValue(inputs.Panel)!, $"{panel.Unmatched.Count} units", $"They have no zone and are left out: {string.Join(", ", panel.Unmatched.Take(20))}.", "Add them to a unit that has a zone with --merge CODE=CODE."));
                var ahead = parse.GetValue(horizon);
                if (ahead < 1) throw Problem.Usage("--horizon is at least 1.");
                var (from, to) = PanelInputs.Years(parse.GetValue(origins)) ?? (panel.FirstYear + 5, panel.LastYear - ahead);
                if (from - ahead < panel.FirstYear || to + ahead > panel.LastYear || from > to) throw Problem.Usage($"--origins must lie within {panel.FirstYear + ahead}-{panel.LastYear - ahead} for a horizon of {ahead}.");
                var history = new CocaHistory(panel, value, PanelInputs.RawWeights("queen", zones), zones.X, zones.Y);
                var results = Enum.GetValues<ForecastModel>().Select(m => { terminal.Progress("backtest", (double)m / Enum.GetValues<ForecastModel>().Length); return Backtest.Run(history, m, ahead, from, to); }).ToArray();
                if (parse.GetValue(inputs.Out) is { } file) Write(file, parse.GetValue(inputs.Force), results);
                Show(terminal, results, ahead, panel, value, history, from, to);
                return ExitCode.Ok;
            });
    }

    private static void Show(Terminal terminal, BacktestResult[] results, int horizon, UnitPanel panel, string value, CocaHistory history, int from, int to)
    {
        var persistence = results.Single(r => r.Model == ForecastModel.Persistence);
        var best = results.Single(r => r.Model == ForecastModel.HurdleBinned);
        var compared = Backtest.Compare(best, persistence, s => s.CrpsLog);
        var trend = results.Single(r => r.Model == ForecastModel.NationalTrend);
        terminal.Result(
            new
            {
                horizon, origins = best.Origins,
                skill = new
                {
                    mae = best.Mean.Mae, rmse = best.Mean.Rmse, persistenceMae = persistence.Mean.Mae, fom = trend.Mean.FigureOfMerit, coverage50 = best.Mean.Coverage50, coverage90 = best.Mean.Coverage90,
                    crps = best.Mean.Crps, crpsLog = best.Mean.CrpsLog, persistenceCrpsLog = persistence.Mean.CrpsLog, logCrpsRatio = compared.Ratio, logCrpsWins = compared.Wins, logCrpsT = compared.T,
                },
                models = results.Select(r => new { model = r.Model, scores = r.Mean }),
                units = panel.Units.Select((code, u) => new { id = code, persistenceMae = Enumerable.Range(from, to - from + 1).Average(o => Math.Abs(history.Year(o)[u] - history.Year(o + horizon)[u])) }),
                caveats = Caveats, faults = terminal.Warnings.Select(Terminal.FaultForm),
            },
            writer =>
            {
                writer.WriteLine($"{best.Origins.Count} origins, {horizon} year(s) ahead");
                foreach (var r in results)
                {
                    var s = r.Mean;
                    writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{r.Model,-14} MAE {s.Mae:F2}  RMSE {s.Rmse:F1}  log MAE {s.MaeLog:F3}  CRPS {s.Crps:F2}  log CRPS {s.CrpsLog:F3}  FoM {s.FigureOfMerit:F2}  coverage {s.Coverage50:F2} / {s.Coverage90:F2}"));
                }
                foreach (var caveat in Caveats) writer.WriteLine(caveat);
            });
        _ = value;
    }

    private static void Write(string file, bool force, BacktestResult[] results) => PanelInputs.WriteCsv(
        file, force, "model,origin,mae,rmse,mae_log,crps,crps_log,fom,hits,misses,false_alarms,quantity,allocation,coverage50,coverage90",
        results.SelectMany(r => r.Origins.Zip(r.ByOrigin, (o, s) => $"{r.Model},{o}," + string.Join(',', new[] { s.Mae, s.Rmse, s.MaeLog, s.Crps, s.CrpsLog, s.FigureOfMerit, s.Hits, s.Misses, s.FalseAlarms, s.QuantityDisagreement, s.AllocationDisagreement, s.Coverage50, s.Coverage90 }.Select(PanelInputs.N)))));

    private static readonly string[] Caveats =
    [
        "No model here beats persistence on hectares; what is better is the interval.",
        "Proportional knows the national total of the target year: information supplied, not skill.",
        "The Figure of Merit of persistence is 0 by construction; fom is the national trend's.",
    ];
}
