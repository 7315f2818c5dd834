using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using GeoHarm.Maps.Styles;
using GeoHarm.Maps.Tiles;
using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.Files;

namespace GeoHarm.Cli;

/// <summary>A layer, or the layers of a recipe, as tiles in one PMTiles or MBTiles archive: vectors or pictures.</summary>
internal static class TilesBuildCommand
{
    private static readonly JsonSerializerOptions RecipeForm = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow };

    public static Command Build()
    {
        var layer = new Argument<string>("LAYER|RECIPE") { Description = "FILE.gpkg, FILE.gpkg:LAYER, or a recipe of several layers as in tiles/recipes, R.json" };
        var output = new Option<string>("--out") { Description = "Archive to write, F.pmtiles or F.mbtiles", Required = true };
        var columns = new Option<string?>("--columns") { Description = "Attributes to keep, separated by commas (default: all)" };
        var where = new Option<string?>("--where") { Description = "COLUMN=VALUE: only these rows" };
        var least = new Option<int>("--min-zoom") { Description = "Shallowest zoom", DefaultValueFactory = _ => 0 };
        var most = new Option<int>("--max-zoom") { Description = "Deepest zoom, up to 14", DefaultValueFactory = _ => 10 };
        var format = new Option<string>("--format") { Description = "What tiles hold: vectors, or pictures of --column", DefaultValueFactory = _ => "mvt" };
        format.AcceptOnlyFromAmong("mvt", "png", "webp");
        var column = new Option<string?>("--column") { Description = "Of picture tiles: the number that is shaded" };
        var palette = new Option<string>("--palette") { Description = "Of picture tiles: colours; blue-orange for change", DefaultValueFactory = _ => "green" };
        palette.AcceptOnlyFromAmong([.. Palette.All.Keys]);
        var force = new Option<bool>("--force") { Description = "Replace --out if it exists" };
        var (audience, asOf) = (RunSettings.Audiences(), RunSettings.AsOfOption());
        return CommandLine.Verb(
            "build", "A layer as vector or picture tiles in one PMTiles or MBTiles archive",
            ["geoharm tiles build results.gpkg:overlay --where scenario=putumayo-2000 --columns zone,name,flow_t_change --out overlay.pmtiles",
             "geoharm tiles build results.gpkg:overlay --where scenario=putumayo-2000 --format png --column flow_t_change --palette blue-orange --max-zoom 6 --out overlay.mbtiles",
             "geoharm tiles build tiles/recipes/basemap.json --out basemap.pmtiles"],
            [layer, output, columns, where, least, most, format, column, palette, force, audience, asOf],
            (parse, terminal, cancel) =>
            {
                var clock = Stopwatch.StartNew();
                var (min, max, path, given) = (parse.GetValue(least), parse.GetValue(most), parse.GetValue(output)!, parse.GetValue(layer)!);
                if (min < 0 || max > 14 || min > max) throw Problem.Usage($"Zooms {min} to {max}: give 0 <= --min-zoom <= --max-zoom <= 14.");
                if (!TileArchive.IsMbTiles(path) && !path.EndsWith(".pmtiles", StringComparison.OrdinalIgnoreCase)) throw Problem.Usage($"'{path}' ends neither in .pmtiles nor in .mbtiles.");
                PublishedLayer Read(string source) => Shared(LayerArgument.Read(source, RunSettings.AudienceOf(parse, audience), RunSettings.DateOf(parse, asOf)));
                using var target = new OutputFile(path, parse.GetValue(force));
                ITilePyramid pyramid = given.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
                    ? OfRecipe(given, Read)
                    : OfLayer(Read(given), parse.GetValue(columns), LayerArgument.Where(parse.GetValue(where)), new TileOptions { MinZoom = min, MaxZoom = max },
                        parse.GetValue(format) == "mvt" ? null : (Enum.Parse<TileFormat>(parse.GetValue(format)!, true), parse.GetValue(column), Palette.All[parse.GetValue(palette)!]));
                var tiles = Write(pyramid, target.Path, cancel);
                var bytes = new FileInfo(target.Path).Length;
                target.Commit();
                terminal.Result(
                    new { files = new[] { path }, layers = pyramid.Layers.Select(l => l.Id), format = TileMetadata.Extension(pyramid.Format), tiles, bytes, minZoom = pyramid.MinZoom, maxZoom = pyramid.MaxZoom, seconds = clock.Elapsed.TotalSeconds },
                    writer => writer.WriteLine($"{path}: {tiles:N0} tiles, {bytes / 1e6:0.0} MB, {clock.Elapsed.TotalSeconds:0.0} s"));
                return ExitCode.Ok;
            });
    }

    // Tiles are made to be handed on; a steward's layer is not.
    private static PublishedLayer Shared(PublishedLayer layer) => layer.Audience != Audience.Steward ? layer
        : throw Problem.UseNotSupported($"'{layer.Layer.Name}' is released to its steward alone, and tiles carry no mark that says so: build them for --audience analyst or public.");

    private static long Write(ITilePyramid pyramid, string path, CancellationToken cancel)
    {
        if (TileArchive.IsMbTiles(path))
        {
            return MbTilesFile.Write(path, TileMetadata.Rows(pyramid), pyramid.All(cancel).Select(t => (t.Address.Zoom, t.Address.Column, t.Address.Row, t.Tile)), pyramid.Format == TileFormat.Mvt);
        }
        using var stream = File.Create(path);
        return PmTilesWriter.Write(pyramid, stream, cancel).Tiles;
    }

    private static TileSource OfLayer(PublishedLayer published, string? columns, LayerQuery? where, TileOptions options, (TileFormat Format, string? Column, Palette Palette)? picture)
    {
        var kept = columns?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (kept?.FirstOrDefault(c => !published.Layer.Has(c)) is { } missing) throw Problem.Usage($"The layer has no column '{missing}'; it has {string.Join(", ", published.Layer.Columns.Select(c => c.Name))}.");
        TilePaint? paint = null;
        if (picture is { } p)
        {
            var numbers = published.Layer.Columns.Where(c => c.Type is FieldType.Real or FieldType.Integer).Select(c => c.Name).ToArray();
            if (p.Column is null || !numbers.Contains(p.Column)) throw Problem.Usage($"Give --column with a number to shade: {string.Join(", ", numbers)}.");
            var values = Enumerable.Range(0, published.Layer.RowCount).Where(r => where?.Equal is not { } equal || equal.All(e => published.Layer[e.Key].TextAt(r) == e.Value)).Select(published.Layer[p.Column].Number);
            paint = new TilePaint { Column = p.Column, Format = p.Format, Palette = p.Palette, Classes = p.Palette.IsDiverging ? Classification.Signed(values) : Classification.Of(values, ClassMethod.Jenks, 5) };
        }
        return new TileSource(published, options with { Columns = kept, Where = where, Paint = paint });
    }

    private static TileStack OfRecipe(string file, Func<string, PublishedLayer> read)
    {
        if (!File.Exists(file)) throw Problem.Store($"There is no file '{file}'.");
        Recipe recipe;
        try
        {
            recipe = JsonSerializer.Deserialize<Recipe>(File.ReadAllText(file), RecipeForm) ?? throw new JsonException("the text is null");
        }
        catch (JsonException e)
        {
            throw new InvalidInputException([Fault.AtLine("GH6023", file, (int)(e.LineNumber ?? 0) + 1, $"Not a recipe of tiles: {e.Message}", "Follow tiles/recipes/basemap.json.")]);
        }
        return new TileStack(recipe.Name, [.. recipe.Layers.Select(l => OfLayer(read(Beside(file, l.Source)), l.Columns, LayerArgument.Where(l.Where), new TileOptions { MinZoom = l.MinZoom, MaxZoom = l.MaxZoom, LayerName = l.Name }, null))]);
    }

    // A recipe names its files from its own folder, wherever the verb is called.
    private static string Beside(string recipe, string source) => Path.IsPathRooted(source) ? source : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(recipe))!, source));

    private sealed record Recipe(string Name, IReadOnlyList<RecipeLayer> Layers);

    private sealed record RecipeLayer(string Name, string Source, string? Columns = null, string? Where = null, int MinZoom = 0, int MaxZoom = 6);
}
