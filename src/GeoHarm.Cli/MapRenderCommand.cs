using System.CommandLine;
using System.Diagnostics;
using System.Text;
using GeoHarm.Maps.Pictures;
using GeoHarm.Maps.Pictures.Projections;
using GeoHarm.Maps.Reports;
using GeoHarm.Maps.Styles;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Cli;

/// <summary>Pictures of a run or of one layer, with the data behind each beside it.</summary>
internal static class MapRenderCommand
{
    private static readonly Dictionary<string, ProjectionKind> Projections = new(StringComparer.Ordinal)
    {
        ["auto"] = ProjectionKind.Auto, ["azimuthal"] = ProjectionKind.LambertAzimuthal, ["albers"] = ProjectionKind.Albers, ["equal-earth"] = ProjectionKind.EqualEarth,
    };

    public static Command Build()
    {
        var source = new Argument<string>("RUN|LAYER") { Description = "Folder of a run, its run.json, FILE.gpkg, FILE.gpkg:LAYER, or a raster .tif" };
        var output = new Option<string>("--out") { Description = "A file .png, .svg or .pdf, a folder for several, or .html for a swipe pair of before and after", Required = true };
        var picture = new Option<string?>("--picture") { Description = "Of a run: pictures whose name holds this text" };
        var scenario = new Option<string?>("--scenario") { Description = "Of a run: one scenario" };
        var column = new Option<string?>("--column") { Description = "Of a layer: the number that is shaded" };
        var where = new Option<string?>("--where") { Description = "Of a layer: COLUMN=VALUE, only these rows" };
        var batch = new Option<string?>("--batch") { Description = "Of a layer: a column; one picture for each of its values, into the folder --out" };
        var title = new Option<string?>("--title") { Description = "Title" };
        var palette = new Option<string>("--palette") { Description = "Colours; blue-orange for change", DefaultValueFactory = _ => "green" };
        palette.AcceptOnlyFromAmong([.. Palette.All.Keys]);
        var method = new Option<string>("--method") { Description = "Classes", DefaultValueFactory = _ => "jenks" };
        method.AcceptOnlyFromAmong("jenks", "quantile", "equal", "fixed");
        var breaks = new Option<string?>("--breaks") { Description = "Breaks of --method fixed, rising, separated by commas" };
        var kind = new Option<string>("--as") { Description = "Of a layer: shaded zones, circles, or clusters of 'stats'", DefaultValueFactory = _ => "zones" };
        kind.AcceptOnlyFromAmong("zones", "symbols", "clusters");
        var multiples = new Option<string?>("--multiples") { Description = "Of a layer: a column; one small map for each of its values, in one picture" };
        var animate = new Option<int?>("--animate") { Description = "With --batch: one animated PNG, each picture for so many milliseconds" };
        var projection = new Option<string>("--projection") { Description = "Of a layer or raster: equal-area projection; auto is azimuthal, and Equal Earth for the world", DefaultValueFactory = _ => "auto" };
        projection.AcceptOnlyFromAmong([.. Projections.Keys]);
        var style = new Option<string?>("--style") { Description = "Style file, as in tiles/styles" };
        var format = new Option<string>("--format") { Description = "Format of pictures in a folder", DefaultValueFactory = _ => "png" };
        format.AcceptOnlyFromAmong([.. PictureFile.Formats]);
        var force = new Option<bool>("--force") { Description = "Replace --out if it exists" };
        var (audience, asOf) = (RunSettings.Audiences(), RunSettings.AsOfOption());
        return CommandLine.Verb(
            "render", "Pictures of a run or a layer, with their data beside them",
            ["geoharm map render out/demo --out maps --format svg", "geoharm map render data/study/study.gpkg:zones --column area_km2 --out area.png", "geoharm map render out/demo --picture four-layers --scenario putumayo-2000 --out four.pdf",
             "geoharm map render out/demo --picture 05-flows --scenario putumayo-2000 --out swipe.html", "geoharm map render lossyear.tif --palette ochre --out loss.png"],
            [source, output, picture, scenario, column, where, batch, multiples, animate, title, kind, palette, method, breaks, projection, style, format, force, audience, asOf],
            (parse, terminal, cancel) =>
            {
                var clock = Stopwatch.StartNew();
                var look = parse.GetValue(style) is { } file ? PictureStyle.Parse(File.ReadAllText(file), file) : PictureStyle.Default;
                var given = parse.GetValue(source)!;
                var isRun = Directory.Exists(given) || given.EndsWith(".json", StringComparison.OrdinalIgnoreCase);
                if ((parse.GetValue(method) == "fixed") != (parse.GetValue(breaks) is not null)) throw Problem.Usage("--method fixed goes with --breaks, and --breaks with it.");
                if (parse.GetValue(animate) is { } each && (each is < 1 or > 60_000 || parse.GetValue(batch) is null)) throw Problem.Usage("--animate takes 1 to 60000 milliseconds and goes with --batch.");
                var asked = new LayerPictures
                {
                    Column = parse.GetValue(column), Where = LayerArgument.Where(parse.GetValue(where)), Batch = parse.GetValue(batch), Multiples = parse.GetValue(multiples), Title = parse.GetValue(title),
                    Palette = Palette.All[parse.GetValue(palette)!], Method = Enum.Parse<ClassMethod>(parse.GetValue(method)!, true), Breaks = Breaks(parse.GetValue(breaks)), Kind = parse.GetValue(kind)!, IsAnimated = parse.GetValue(animate) is not null, Projection = Projections[parse.GetValue(projection)!], Language = terminal.Language,
                };
                var specs = isRun ? OfRun(given, parse.GetValue(picture), parse.GetValue(scenario), terminal) : IsRaster(given) ? [OfRaster(asked, given)] : asked.Of(LayerArgument.Read(given, RunSettings.AudienceOf(parse, audience), RunSettings.DateOf(parse, asOf)));
                var drawing = new Drawing([.. specs.Select(s => s with { Style = look })], parse.GetValue(output)!, parse.GetValue(format)!, parse.GetValue(force), parse.GetValue(animate));
                var files = drawing.Write(terminal, cancel);
                terminal.Result(new { files, pictures = specs.Count, seconds = clock.Elapsed.TotalSeconds, faults = terminal.Warnings.Select(Terminal.FaultForm) }, writer =>
                {
                    foreach (var path in files) writer.WriteLine(path);
                });
                return ExitCode.Ok;
            });
    }

    private static List<PictureSpec> OfRun(string path, string? picture, string? scenario, Terminal terminal)
    {
        using var layers = new RunLayers(StoredRun.Open(path));
        if (scenario is not null && !layers.Scenarios.Contains(scenario)) throw Problem.Usage($"The run has no scenario '{scenario}'; it has {string.Join(", ", layers.Scenarios)}.");
        var chosen = scenario is null ? layers.Scenarios : [scenario];
        var chapters = chosen.Select(s => (Name: s, layers.Chapter(s, terminal.Language).Pictures)).ToArray();
        foreach (var refused in chapters.SelectMany(c => c.Pictures.Refused)) terminal.Detail(refused);
        var specs = chapters.SelectMany(c => c.Pictures.Pictures.Select(p => p with { Name = chosen.Count > 1 ? $"{c.Name}-{p.Name}" : p.Name }))
            .Where(p => picture is null || p.Name.Contains(picture, StringComparison.OrdinalIgnoreCase)).ToList();
        return specs.Count > 0 ? specs : throw Problem.Usage($"No picture's name holds '{picture}'.");
    }

    private static PictureSpec OfRaster(LayerPictures asked, string path)
    {
        using var study = new Study(null);
        return asked.OfRaster(path, PublishedLayer.Open(study.Read("land")));
    }

    private static List<double> Breaks(string? text)
    {
        if (text is null) return [];
        var breaks = new List<double>();
        foreach (var part in text.Split(','))
        {
            if (!double.TryParse(part, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var value) || (breaks.Count > 0 && value <= breaks[^1]))
                throw Problem.Usage($"--breaks '{text}': give rising numbers separated by commas.");
            breaks.Add(value);
        }
        return breaks;
    }

    private static bool IsRaster(string path) => new[] { ".tif", ".tiff", ".vrt" }.Any(e => path.EndsWith(e, StringComparison.OrdinalIgnoreCase));

    private sealed record Drawing(IReadOnlyList<PictureSpec> Specs, string Out, string Format, bool Force, int? Milliseconds)
    {
        public List<string> Write(Terminal terminal, CancellationToken cancel)
        {
            var extension = Path.GetExtension(Out).TrimStart('.').ToLowerInvariant();
            if (extension == "html" && Specs.Count == 1) return PictureFile.Write(Specs[0], Out, Force, () => Swiped(terminal));
            if (Milliseconds is { } each) return extension == "png" ? PictureFile.Write(Specs[0], Out, Force, () => Animated(each, terminal)) : throw Problem.Usage("An animation is a PNG: give --out F.png.");
            if (!PictureFile.Formats.Contains(extension) && extension != "html") return Folder(terminal, cancel);
            if (Specs.Count != 1) throw Problem.Usage($"There are {Specs.Count} pictures: give a folder with --out, or one picture with --picture and --scenario.");
            return PictureFile.Write(Specs[0], Out, Force, terminal);
        }

        private byte[] Swiped(Terminal terminal)
        {
            var (html, notes) = SwipePage.Html(Specs[0]);
            return PictureFile.Noted(notes, Encoding.UTF8.GetBytes(html), Specs[0], terminal);
        }

        private byte[] Animated(int each, Terminal terminal)
        {
            var drawn = Animation.Apng(Specs, each);
            return PictureFile.Noted(drawn.Notes, drawn.Bytes, Specs[0], terminal);
        }

        private List<string> Folder(Terminal terminal, CancellationToken cancel)
        {
            using var target = new OutputFolder(Out, Force);
            var (written, format) = (new List<string>(), Enum.Parse<PictureFormat>(Format, true));
            for (var i = 0; i < Specs.Count; i++)
            {
                cancel.ThrowIfCancellationRequested();
                File.WriteAllBytes(Path.Combine(target.Path, $"{Specs[i].Name}.{Format}"), PictureFile.Draw(Specs[i], format, terminal));
                written.Add(Path.Combine(Out, $"{Specs[i].Name}.{Format}"));
                foreach (var data in PictureData.Files(Specs[i])) File.WriteAllText(Path.Combine(target.Path, data.Name), data.Text, new UTF8Encoding(false));
                terminal.Progress("pictures", (i + 1.0) / Specs.Count);
            }
            target.Commit();
            return written;
        }
    }
}
