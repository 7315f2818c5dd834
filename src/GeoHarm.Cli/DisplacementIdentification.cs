using System.CommandLine;
using System.Globalization;
using GeoHarm.Engine.Displacement;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Cli;

/// <summary>'displacement estimate --identify': do the data say where lost hectares reappear, and why or why not.</summary>
internal static class DisplacementIdentification
{
    private const double SquareMetres = 200_000; // side of the squares that stand for regions where no field names them; Colombian departments are of that size

    public static Option<string?> Regions { get; } = new("--regions") { Description = "With --identify: field of the zones that names their region (default: squares of 200 km)" };

    public static int Run(ParseResult parse, Terminal terminal, PanelInputs inputs, UnitPanel panel, string value, ZoneSet zones)
    {
        var history = new CocaHistory(panel, value, PanelInputs.RawWeights("queen", zones), zones.X, zones.Y);
        var regions = RegionsOf(parse, terminal, inputs, zones);
        var results = new[] { false, true }.Select(lagged =>
        {
            terminal.Progress("identify", lagged ? 0.5 : 0);
            return (Timing: lagged ? "losses of the year before" : "losses of the same year", Result: IdentificationTest.Run(history, new IdentificationOptions { Lagged = lagged, Regions = regions }));
        }).ToArray();
        var identified = results.Any(r => r.Result.Identified);
        var verdict = identified ? "identified" : "not identified";
        if (parse.GetValue(inputs.Out) is { } file)
        {
            PanelInputs.WriteCsv(file, parse.GetValue(inputs.Force), "timing,kappa_km,share,standard_error,gain_nats_per_year", results.SelectMany(r => r.Result.Estimate.ByKappa.Select(k =>
                $"{r.Timing},{PanelInputs.N(k.KappaKilometres)},{PanelInputs.N(k.Share)},{PanelInputs.N(k.StandardError)},{PanelInputs.N(k.Gain)}")));
        }
        string[] caveats = identified ? [.. Caveats.Skip(1)] : Caveats;
        terminal.Result(
            new
            {
                identified, verdict, reasons = results.SelectMany(r => r.Result.Checks.Where(c => !c.Passed).Select(c => $"{r.Timing}: {c.Reason}")),
                timings = results.Select(r => Form(r.Timing, r.Result)), caveats, faults = terminal.Warnings.Select(Terminal.FaultForm),
            },
            writer =>
            {
                writer.WriteLine($"Displacement is {verdict}.");
                foreach (var (timing, result) in results)
                {
                    writer.WriteLine(timing);
                    foreach (var check in result.Checks) writer.WriteLine($"  {(check.Passed ? "for    " : "against")} {check.Name}: {check.Reason}");
                }
                foreach (var caveat in caveats) writer.WriteLine(caveat);
            });
        return ExitCode.Ok;
    }

    private static object Form(string timing, IdentificationResult result) => new
    {
        timing, identified = result.Identified, checks = result.Checks, share = result.Estimate.Best, byKappa = result.Estimate.ByKappa, leakage = result.Leakage,
        effectiveDraws = result.Estimate.EffectiveDraws, logLikelihood = result.Estimate.LogLikelihood,
        // JSON has no infinity: null stands for attraction alone.
        joint = result.Joint.Select(j => new { kappaKilometres = double.IsFinite(j.KappaKilometres) ? j.KappaKilometres : (double?)null, penalised = j.Penalised, logLikelihood = j.LogLikelihood }),
        rings = result.Rings, withinRegions = result.WithinRegions, coMovement = result.CoMovement,
    };

    private static int[] RegionsOf(ParseResult parse, Terminal terminal, PanelInputs inputs, ZoneSet zones)
    {
        string[] names;
        if (parse.GetValue(Regions) is { } field)
        {
            PanelInputs.ReadZones(parse.GetValue(inputs.Zones)!, parse.GetValue(inputs.ZoneId), parse.GetValue(inputs.Layer), parse.GetValue(inputs.Crs), terminal, out var layer);
            var column = layer.Columns.FirstOrDefault(c => c.Name.Equals(field, StringComparison.OrdinalIgnoreCase))
                ?? throw new InvalidInputException([new Fault(FaultSeverity.Error, "GH5513", parse.GetValue(inputs.Zones)!, $"field {field}", $"There is no such field; there are {string.Join(", ", layer.Columns.Select(c => c.Name))}.", "Give a field of the file with --regions.")]);
            names = Enumerable.Range(0, layer.RowCount).Select(r => column.TextAt(r) ?? "").ToArray();
        }
        else
        {
            names = zones.X.Zip(zones.Y, (x, y) => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(x / SquareMetres)} {Math.Floor(y / SquareMetres)}")).ToArray();
        }
        var index = names.Distinct().Order(StringComparer.Ordinal).Select((name, k) => (name, k)).ToDictionary(n => n.name, n => n.k, StringComparer.Ordinal);
        return Array.ConvertAll(names, n => index[n]);
    }

    private static readonly string[] Caveats =
    [
        "These data do not identify where lost hectares reappear. That is not evidence of no displacement: regional shocks hide it.",
        "A fitted share is an association in margins, never a measured flow from one place to another.",
    ];
}
