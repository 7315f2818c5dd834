using System.CommandLine;
using System.Diagnostics;
using GeoHarm.Maps.Tiles;

namespace GeoHarm.Cli;

/// <summary>A layer as vector tiles in one PMTiles archive.</summary>
internal static class TilesBuildCommand
{
    public static Command Build()
    {
        var layer = new Argument<string>("LAYER") { Description = "FILE.gpkg or FILE.gpkg:LAYER" };
        var output = new Option<string>("--out") { Description = "Archive to write, F.pmtiles", Required = true };
        var columns = new Option<string?>("--columns") { Description = "Attributes to keep, separated by commas (default: all)" };
        var where = new Option<string?>("--where") { Description = "COLUMN=VALUE: only these rows" };
        var least = new Option<int>("--min-zoom") { Description = "Shallowest zoom", DefaultValueFactory = _ => 0 };
        var most = new Option<int>("--max-zoom") { Description = "Deepest zoom, up to 14", DefaultValueFactory = _ => 10 };
        var force = new Option<bool>("--force") { Description = "Replace --out if it exists" };
        return CommandLine.Verb(
            "build", "A layer as vector tiles in one PMTiles archive",
            ["geoharm tiles build results.gpkg:overlay --where scenario=putumayo-2000 --columns zone,name,flow_t_change --out overlay.pmtiles"],
            [layer, output, columns, where, least, most, force],
            (parse, terminal, cancel) =>
            {
                var clock = Stopwatch.StartNew();
                var (min, max, path) = (parse.GetValue(least), parse.GetValue(most), parse.GetValue(output)!);
                if (min < 0 || max > 14 || min > max) throw Problem.Usage($"Zooms {min} to {max}: give 0 <= --min-zoom <= --max-zoom <= 14.");
                using var target = new OutputFile(path, parse.GetValue(force));
                var published = LayerArgument.Read(parse.GetValue(layer)!);
                var kept = parse.GetValue(columns)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
                if (kept?.FirstOrDefault(c => !published.Layer.Has(c)) is { } missing) throw Problem.Usage($"The layer has no column '{missing}'; it has {string.Join(", ", published.Layer.Columns.Select(c => c.Name))}.");
                var source = new TileSource(published, new TileOptions { MinZoom = min, MaxZoom = max, Columns = kept, Where = LayerArgument.Where(parse.GetValue(where)) });
                TileArchiveSummary summary;
                using (var stream = File.Create(target.Path)) summary = PmTilesWriter.Write(source, stream, cancel);
                target.Commit();
                terminal.Result(
                    new { files = new[] { path }, layer = published.Layer.Name, tiles = summary.Tiles, contents = summary.Contents, bytes = summary.Bytes, minZoom = min, maxZoom = max, seconds = clock.Elapsed.TotalSeconds },
                    writer => writer.WriteLine($"{path}: {summary.Tiles:N0} tiles, {summary.Bytes / 1e6:0.0} MB, {clock.Elapsed.TotalSeconds:0.0} s"));
                return ExitCode.Ok;
            });
    }
}
