using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Rasters;
using GeoHarm.Spatial.Zonal;
using GeoHarm.Stores.Files;

namespace GeoHarm.Cli;

/// <summary>What a raster holds inside each polygon: exact coverage, hectares on the ellipsoid.</summary>
internal static class ZonalCommand
{
    private static readonly double[] Quantiles = [0.05, 0.25, 0.5, 0.75, 0.95];

    public static Command Build()
    {
        var rasters = new Argument<string[]>("RASTER ZONES") { Description = "One raster or several tiles of one mosaic, then the polygons", Arity = new ArgumentArity(2, 1000) };
        var id = new Option<string?>("--id") { Description = "Field of zone identifiers, several joined by '+' (default: feature number)" };
        var weight = new Option<string>("--weight") { Description = "area, or a raster on the same grid", DefaultValueFactory = _ => "area" };
        var by = new Option<string?>("--by") { Description = "value: areas by cell value" };
        by.AcceptOnlyFromAmong("value");
        var mask = new Option<string?>("--mask") { Description = "Byte raster on the same grid; cells below --mask-at-least count as no data" };
        var least = new Option<byte>("--mask-at-least") { Description = "Least mask value that counts, such as 30 % canopy", DefaultValueFactory = _ => 1 };
        var layer = new Option<string?>("--layer") { Description = "Layer of the polygon file (default: the first)" };
        var threads = new Option<int>("--threads") { Description = "Threads; results have the same bits on any number", DefaultValueFactory = _ => 1 };
        var output = new Option<string?>("--out") { Description = "CSV file (id,value,area_ha,coverage_px), or GeoPackage with the zones, their statistics and that table" };
        var force = new Option<bool>("--force") { Description = "Replace --out if it exists" };
        var audience = RunSettings.Audiences();
        return CommandLine.Verb(
            "zonal", "What a raster holds inside each polygon, with exact cell fractions",
            ["geoharm zonal lossyear.tif municipalities.gpkg --id code --by value --out loss.csv", "geoharm zonal lossyear.tif zones.gpkg --by value --mask treecover.tif --mask-at-least 30"],
            [rasters, id, weight, by, mask, least, layer, threads, output, force, audience],
            (parse, terminal, cancel) =>
            {
                var job = new Job(
                    parse.GetValue(rasters)!, parse.GetValue(id), parse.GetValue(weight)!, parse.GetValue(by) is not null, parse.GetValue(mask), parse.GetValue(least),
                    parse.GetValue(layer), Math.Clamp(parse.GetValue(threads), 1, 256), parse.GetValue(output), parse.GetValue(force));
                LayerArgument.RefuseFine(job.Inputs[^1], job.Layer, RunSettings.AudienceOf(parse, audience));
                return Run(job, terminal, cancel);
            });
    }

    private static int Run(Job job, Terminal terminal, CancellationToken cancel)
    {
        using var target = job.Out is null ? null : new OutputFile(job.Out, job.Force);
        var clock = Stopwatch.StartNew();
        var opened = job.Inputs[..^1].Select(path => GdalRaster.Open(path)).ToArray();
        var first = opened[0];
        IRasterSource source = opened.Length == 1 ? first : new Mosaic(opened);
        var areas = first.Reference.IsGeographic ? CellAreas.OfDegrees(source.Grid) : CellAreas.OfPlane(source.Grid, first.Reference.MetresPerUnit);
        if (job.Mask is not null) source = new MaskedRaster(source, GdalRaster.Open(job.Mask), job.Least);
        var weights = job.Weight == "area" ? null : GdalRaster.Open(job.Weight);
        var zones = GdalZones.Read(job.Inputs[^1], job.Id, first.Reference, job.Layer);
        var read = clock.Elapsed.TotalSeconds;
        var options = new ZonalOptions { Areas = areas, Weights = weights, Threads = job.Threads };
        var result = ZonalStatistics.Compute(source, zones, options, new Reporter(terminal), cancel);
        var computed = clock.Elapsed.TotalSeconds;
        if (!areas.OnEllipsoid)
        {
            terminal.Detail($"{source.Name} is projected: areas are those of its plane.");
        }
        foreach (var fault in result.Faults) terminal.Warn(fault with { Severity = FaultSeverity.Warning });
        if (target is not null && (!terminal.Strict || terminal.Warnings.Count == 0))
        {
            var values = PublishedLayer.Open(ZonalLayer.Values("zonal_values", result, weights is not null));
            if (target.IsGeoPackage) target.Write(PublishedLayer.Open(ZonalLayer.Summaries("zonal", zones, result, weights is not null)), values);
            else target.Write(values);
            target.Commit();
        }
        var seconds = new { read, compute = computed - read, total = clock.Elapsed.TotalSeconds };
        terminal.Result(
            new
            {
                zones = result.Zones.OfType<ZoneSummary>().Select(z => Form(z, job)),
                pixels = result.CellsRead,
                onEllipsoid = result.OnEllipsoid,
                seconds,
                files = job.Out is null ? Array.Empty<string>() : [job.Out],
                faults = terminal.Warnings.Select(Terminal.FaultForm),
            },
            writer => Print(writer, result, job));
        return ExitCode.Ok;
    }

    private static Dictionary<string, object> Form(ZoneSummary zone, Job job)
    {
        var area = job.Weight == "area";
        var form = new Dictionary<string, object> { ["id"] = zone.Id };
        if (area) form["areaHa"] = (zone.Weight + zone.NoDataWeight) / 10_000;
        else form["weight"] = zone.Weight;
        form["coveragePx"] = zone.Coverage + zone.NoDataCoverage;
        if (job.ByValue)
        {
            var scale = area ? 1e-4 : 1;
            var byValue = new Dictionary<string, double>();
            foreach (var share in zone.Distribution) byValue[Invariant(share.Value)] = share.Weight * scale;
            form["byValue"] = byValue;
            if (zone.NoDataCoverage > 0) form["noData"] = zone.NoDataWeight * scale;
            return form;
        }
        form["sum"] = area ? zone.Sum / 10_000 : zone.Sum;
        form["mean"] = zone.Mean;
        form["variance"] = zone.Variance;
        form["min"] = zone.Minimum;
        form["max"] = zone.Maximum;
        form["majority"] = zone.Majority;
        var quantiles = new Dictionary<string, double>();
        foreach (var p in Quantiles) quantiles[Invariant(p)] = zone.Quantile(p);
        form["quantiles"] = quantiles;
        return form;
    }

    private static void Print(TextWriter writer, ZonalResult result, Job job)
    {
        var unit = job.Weight == "area" ? "ha" : "weight";
        foreach (var zone in result.Zones.OfType<ZoneSummary>())
        {
            var total = job.Weight == "area" ? zone.Weight / 10_000 : zone.Weight;
            if (!job.ByValue)
            {
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{zone.Id}  {total:F2} {unit}  mean {zone.Mean:G6}  min {zone.Minimum:G6}  max {zone.Maximum:G6}  majority {zone.Majority:G6}"));
                continue;
            }
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{zone.Id}  {total:F2} {unit} in {zone.Distribution.Count} values"));
            if (job.Out is not null) continue;
            foreach (var share in zone.Distribution) writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {share.Value:G6}  {(job.Weight == "area" ? share.Weight / 10_000 : share.Weight):F2}"));
        }
    }

    private static string Invariant(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    // Text that a spreadsheet would run as a formula gets an apostrophe.
    internal static string Quoted(string text)
    {
        if (text.Length > 0 && "=+-@\t\r".Contains(text[0], StringComparison.Ordinal)) text = "'" + text;
        return text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private sealed record Job(string[] Inputs, string? Id, string Weight, bool ByValue, string? Mask, byte Least, string? Layer, int Threads, string? Out, bool Force);

    private sealed class Reporter(Terminal terminal) : IProgress<double>
    {
        public void Report(double value) => terminal.Progress("zonal", value);
    }
}
