using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Overlay;
using GeoHarm.Spatial.Quantities;
using GeoHarm.Spatial.Zonal;
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
        var counts = new Option<string?>("--carry") { Description = "Fields of A, joined by commas: amounts, carried to the zones of B by shared area (table 'carried')" };
        var rates = new Option<string?>("--carry-rate") { Description = "Fields of A, joined by commas: rates, averaged over the zones of B by shared area" };
        var buffer = new Option<double?>("--buffer-km") { Description = "Enlarge A by so many kilometres first" };
        var coverage = new Option<bool>("--coverage") { Description = "Also report zones of one layer that overlap each other or are not valid, with what to do" };
        var output = new Option<string?>("--out") { Description = "CSV file (a,b,area_ha), or GeoPackage with the intersections and what was carried" };
        var force = new Option<bool>("--force") { Description = "Replace --out if it exists" };
        var audience = RunSettings.Audiences();
        return CommandLine.Verb(
            "overlay", "Areas that two polygon layers share",
            ["geoharm overlay municipalities.gpkg parks.gpkg --id-a code --id-b pid --out shared.csv", "geoharm overlay municipalities.gpkg basins.gpkg --id-a code --id-b name --carry coca_ha --carry-rate forest_share"],
            [a, b, idA, idB, counts, rates, buffer, coverage, output, force, audience],
            (parse, terminal, cancel) =>
            {
                foreach (var path in new[] { parse.GetValue(a)!, parse.GetValue(b)! }) LayerArgument.RefuseFine(path, null, RunSettings.AudienceOf(parse, audience));
                var job = new Job(parse.GetValue(a)!, parse.GetValue(b)!, parse.GetValue(idA), parse.GetValue(idB), Names(parse.GetValue(counts)), Names(parse.GetValue(rates)),
                    parse.GetValue(buffer), parse.GetValue(coverage), parse.GetValue(output), parse.GetValue(force));
                if (job.BufferKm is <= 0 or > 200) throw Problem.Usage("--buffer-km takes kilometres above 0, at most 200.");
                if (job.BufferKm is not null && job.Counts.Length + job.Rates.Length > 0) throw Problem.Usage("--carry spreads a figure over the zone it was counted in: leave out --buffer-km.");
                return Run(job, terminal, cancel);
            });
    }

    private static int Run(Job job, Terminal terminal, CancellationToken cancel)
    {
        using var target = job.Out is null ? null : new OutputFile(job.Out, job.Force);
        var clock = Stopwatch.StartNew();
        var reference = GdalZones.Reference(job.A);
        var a = GdalZones.Read(job.A, job.IdA, reference);
        var b = GdalZones.Read(job.B, job.IdB, reference);
        if (job.BufferKm is { } km) a = MetricBuffer.Of(a, Length.FromKilometres(km), reference.MetresPerUnit, cancel);
        var read = clock.Elapsed.TotalSeconds;
        var result = IntersectionAreas.Compute(a, b, reference.MetresPerUnit, new Reporter(terminal), cancel);
        var computed = clock.Elapsed.TotalSeconds;
        var carried = job.Counts.Length + job.Rates.Length == 0 ? null : Carry(job, b, result);
        var undrawn = new List<Fault>();
        var layer = target switch
        {
            null => null,
            { IsGeoPackage: true } => IntersectionLayer.Of("overlay", a, b, result, undrawn, cancellation: cancel),
            _ => IntersectionLayer.Table("overlay", a, b, result),
        };
        if (job.Coverage)
        {
            // Unusable zones are in the result's faults already.
            foreach (var zones in new[] { a, b }) undrawn.AddRange(CoverageCheck.Check(zones, reference.MetresPerUnit, cancel).Faults.Except(zones.Faults));
        }
        foreach (var fault in result.Faults.Concat(undrawn)) terminal.Warn(fault with { Severity = FaultSeverity.Warning });
        if (layer is not null && (!terminal.Strict || terminal.Warnings.Count == 0))
        {
            target!.Write(carried is not null && target.IsGeoPackage ? [PublishedLayer.Open(layer), PublishedLayer.Open(carried)] : [PublishedLayer.Open(layer)]);
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
                carried = carried is null ? null : Enumerable.Range(0, carried.RowCount).Select(r => carried.Columns.ToDictionary(c => c.Name, c => c == carried.Columns[0] ? (object?)c.TextAt(r) : c.Number(r))),
                files = job.Out is null ? Array.Empty<string>() : [job.Out],
                faults = terminal.Warnings.Select(Terminal.FaultForm),
            },
            writer =>
            {
                foreach (var pair in result.Pairs) writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{a.Ids[pair.A]}  {b.Ids[pair.B]}  {pair.SquareMetres / 10_000:F2} ha"));
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Pairs.Count} pairs, {totalHa:F2} ha"));
                if (carried is null) return;
                for (var r = 0; r < carried.RowCount; r++) writer.WriteLine(string.Join("  ", carried.Columns.Select(c => c == carried.Columns[0] ? c.TextAt(r) : c.Number(r).ToString("G8", CultureInfo.InvariantCulture))));
            });
        return ExitCode.Ok;
    }

    private static string[] Names(string? list) => list?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>Figures of A by zone of B: amounts divided by shared area, rates averaged by it.</summary>
    private static Layer Carry(Job job, ZonePolygons b, OverlayResult overlay)
    {
        var areas = overlay.SquareMetresOfA.ToArray();
        return new Layer(
            "carried",
            [
                Column.Text("b", b.Ids),
                .. job.Counts.Select(f => Column.Real(f, ArealInterpolation.Counts(overlay, GdalZones.Numbers(job.A, f), areas, b.Count))),
                .. job.Rates.Select(f => Column.Real(f, ArealInterpolation.Rates(overlay, GdalZones.Numbers(job.A, f), b.Count))),
            ]);
    }

    private sealed record Job(string A, string B, string? IdA, string? IdB, string[] Counts, string[] Rates, double? BufferKm, bool Coverage, string? Out, bool Force);

    private sealed class Reporter(Terminal terminal) : IProgress<double>
    {
        public void Report(double value) => terminal.Progress("overlay", value);
    }
}
