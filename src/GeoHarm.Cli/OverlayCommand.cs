using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Overlay;
using GeoHarm.Stores.Files;

namespace GeoHarm.Cli;

/// <summary>What two polygon layers share: areas by pair, and the intersections themselves as a layer.</summary>
internal static class OverlayCommand
{
    public static Command Build()
    {
        var a = new Argument<string>("A") { Description = "Polygon layer" };
        var b = new Argument<string>("B") { Description = "Polygon layer; brought to the system of A" };
        var idA = new Option<string?>("--id-a") { Description = "Field of identifiers of A (default: feature number)" };
        var idB = new Option<string?>("--id-b") { Description = "Field of identifiers of B (default: feature number)" };
        var output = new Option<string?>("--out") { Description = "CSV file (a,b,area_ha), or GeoPackage with the intersections" };
        var force = new Option<bool>("--force") { Description = "Replace --out if it exists" };
        var audience = RunSettings.Audiences();
        return CommandLine.Verb(
            "overlay", "Areas that two polygon layers share", ["geoharm overlay municipalities.gpkg parks.gpkg --id-a code --id-b pid --out shared.csv"], [a, b, idA, idB, output, force, audience],
            (parse, terminal, cancel) =>
            {
                foreach (var path in new[] { parse.GetValue(a)!, parse.GetValue(b)! }) LayerArgument.RefuseFine(path, null, RunSettings.AudienceOf(parse, audience));
                return Run(parse.GetValue(a)!, parse.GetValue(b)!, parse.GetValue(idA), parse.GetValue(idB), parse.GetValue(output), parse.GetValue(force), terminal, cancel);
            });
    }

    private static int Run(string pathA, string pathB, string? idA, string? idB, string? output, bool force, Terminal terminal, CancellationToken cancel)
    {
        using var target = output is null ? null : new OutputFile(output, force);
        var clock = Stopwatch.StartNew();
        var reference = GdalZones.Reference(pathA);
        var a = GdalZones.Read(pathA, idA, reference);
        var b = GdalZones.Read(pathB, idB, reference);
        var read = clock.Elapsed.TotalSeconds;
        var result = IntersectionAreas.Compute(a, b, reference.MetresPerUnit, new Reporter(terminal), cancel);
        var computed = clock.Elapsed.TotalSeconds;
        var undrawn = new List<Fault>();
        var layer = target switch
        {
            null => null,
            { IsGeoPackage: true } => IntersectionLayer.Of("overlay", a, b, result, undrawn, cancellation: cancel),
            _ => IntersectionLayer.Table("overlay", a, b, result),
        };
        foreach (var fault in result.Faults.Concat(undrawn)) terminal.Warn(fault with { Severity = FaultSeverity.Warning });
        if (layer is not null && (!terminal.Strict || terminal.Warnings.Count == 0))
        {
            target!.Write(PublishedLayer.Open(layer));
            target.Commit();
        }
        var totalHa = result.Pairs.Sum(p => p.SquareMetres) / 10_000;
        terminal.Result(
            new
            {
                pairs = result.Pairs.Select(p => new { a = a.Ids[p.A], b = b.Ids[p.B], areaHa = p.SquareMetres / 10_000, areaUnits = p.Plane }),
                totalHa,
                totalUnits = result.Pairs.Sum(p => p.Plane),
                robustPairs = result.RobustPairs,
                onEllipsoid = a.IsGeographic,
                seconds = new { read, compute = computed - read, total = clock.Elapsed.TotalSeconds },
                files = output is null ? Array.Empty<string>() : [output],
                faults = terminal.Warnings.Select(Terminal.FaultForm),
            },
            writer =>
            {
                foreach (var pair in result.Pairs) writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{a.Ids[pair.A]}  {b.Ids[pair.B]}  {pair.SquareMetres / 10_000:F2} ha"));
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Pairs.Count} pairs, {totalHa:F2} ha"));
            });
        return ExitCode.Ok;
    }

    private sealed class Reporter(Terminal terminal) : IProgress<double>
    {
        public void Report(double value) => terminal.Progress("overlay", value);
    }
}
