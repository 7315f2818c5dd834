using System.CommandLine;
using System.Diagnostics;
using System.Text;
using GeoHarm.Maps.Pictures;
using GeoHarm.Maps.Styles;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Cli;

/// <summary>Pictures of a run or of one layer, with the data behind each beside it.</summary>
internal static class MapRenderCommand
{
    private static readonly string[] Formats = ["png", "svg", "pdf"];

    public static Command Build()
    {
        var source = new Argument<string>("RUN|LAYER") { Description = "Folder of a run, its run.json, FILE.gpkg or FILE.gpkg:LAYER" };
        var output = new Option<string>("--out") { Description = "A file .png, .svg or .pdf, or a folder for several", Required = true };
        var picture = new Option<string?>("--picture") { Description = "Of a run: pictures whose name holds this text" };
        var scenario = new Option<string?>("--scenario") { Description = "Of a run: one scenario" };
        var column = new Option<string?>("--column") { Description = "Of a layer: the number that is shaded" };
        var where = new Option<string?>("--where") { Description = "Of a layer: COLUMN=VALUE, only these rows" };
        var batch = new Option<string?>("--batch") { Description = "Of a layer: a column; one picture for each of its values, into the folder --out" };
        var title = new Option<string?>("--title") { Description = "Title" };
        var palette = new Option<string>("--palette") { Description = "Colours; blue-orange for change", DefaultValueFactory = _ => "green" };
        palette.AcceptOnlyFromAmong([.. Palette.All.Keys]);
        var method = new Option<string>("--method") { Description = "Classes", DefaultValueFactory = _ => "jenks" };
        method.AcceptOnlyFromAmong("jenks", "quantile", "equal");
        var style = new Option<string?>("--style") { Description = "Style file, as in tiles/styles" };
        var format = new Option<string>("--format") { Description = "Format of pictures in a folder", DefaultValueFactory = _ => "png" };
        format.AcceptOnlyFromAmong(Formats);
        var force = new Option<bool>("--force") { Description = "Replace --out if it exists" };
        var (audience, asOf) = (RunSettings.Audiences(), RunSettings.AsOfOption());
        return CommandLine.Verb(
            "render", "Pictures of a run or a layer, with their data beside them",
            ["geoharm map render out/demo --out maps --format svg", "geoharm map render data/study/study.gpkg:zones --column area_km2 --out area.png", "geoharm map render out/demo --picture four-layers --scenario putumayo-2000 --out four.pdf"],
            [source, output, picture, scenario, column, where, batch, title, palette, method, style, format, force, audience, asOf],
            (parse, terminal, cancel) =>
            {
                var clock = Stopwatch.StartNew();
                var look = parse.GetValue(style) is { } file ? PictureStyle.Parse(File.ReadAllText(file), file) : PictureStyle.Default;
                var given = parse.GetValue(source)!;
                var isRun = Directory.Exists(given) || given.EndsWith(".json", StringComparison.OrdinalIgnoreCase);
                var specs = isRun
                    ? OfRun(given, parse.GetValue(picture), parse.GetValue(scenario), terminal)
                    : OfLayer(LayerArgument.Read(given, RunSettings.AudienceOf(parse, audience), RunSettings.DateOf(parse, asOf)), parse.GetValue(column), LayerArgument.Where(parse.GetValue(where)), parse.GetValue(batch), parse.GetValue(title), Palette.All[parse.GetValue(palette)!],
                        Enum.Parse<ClassMethod>(parse.GetValue(method)!, true), terminal.Language);
                var drawing = new Drawing([.. specs.Select(s => s with { Style = look })], parse.GetValue(output)!, parse.GetValue(format)!, parse.GetValue(force));
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

    private static List<PictureSpec> OfLayer(PublishedLayer source, string? column, LayerQuery? where, string? batch, string? title, Palette palette, ClassMethod method, string language)
    {
        var layer = source.Layer;
        var numbers = layer.Columns.Where(c => c.Type is FieldType.Real or FieldType.Integer).Select(c => c.Name).ToArray();
        if (column is null || !numbers.Contains(column)) throw Problem.Usage($"Give --column with a number to shade: {string.Join(", ", numbers)}.");
        if (batch is not null && !layer.Has(batch)) throw Problem.Usage($"The layer has no column '{batch}'.");
        var parts = batch is null ? [(Name: layer.Name, Where: where)] : Enumerable.Range(0, layer.RowCount).Select(r => layer[batch].TextAt(r)).OfType<string>().Distinct().Order(StringComparer.Ordinal)
            .Select(v => (Name: Safe(v), Where: (LayerQuery?)new LayerQuery(Equal: new Dictionary<string, string>(where?.Equal ?? new Dictionary<string, string>()) { [batch] = v }))).ToArray();

        // One set of classes for the whole batch, or its pictures could not be compared.
        var shared = palette.IsDiverging ? Classification.Signed(Values(layer, column)) : Classification.Of(Values(layer, column), method, 5);
        var unit = layer[column].Unit is { } u ? $"{column}, {u}" : column;
        var named = new[] { "name", "NAME", "nombre" }.FirstOrDefault(layer.Has);
        return [.. parts.Select(part => new PictureSpec
        {
            Name = part.Name, Title = (title ?? layer.Title) + (batch is null ? "" : $": {part.Name}"), Language = language,
            Credits = new Credits { Source = layer.Provenance.Source, Licence = layer.Provenance.Licence, IsScenario = false, Caveats = layer.Caveats },
            Panels = [new MapSpec { Layers = Layers(source, column, unit, part.Where, shared, palette, named) }],
        })];
    }

    private static List<MapLayer> Layers(PublishedLayer source, string column, string unit, LayerQuery? where, Classes shared, Palette palette, string? named)
    {
        var layers = new List<MapLayer>
        {
            new Basemap(source) { OutlineWidth = 0.3f },
            new Choropleth(source, column, unit) { Where = where, Classes = shared, Palette = palette },
        };
        if (named is not null) layers.Add(new NameLabels(source, named) { Where = where, ImportanceColumn = column });
        return layers;
    }

    private static IEnumerable<double> Values(Layer layer, string column) => Enumerable.Range(0, layer.RowCount).Select(layer[column].Number);

    private static string Safe(string text) => string.Concat(text.Select(c => char.IsLetterOrDigit(c) || c is '-' or '_' ? c : '-'));

    private sealed record Drawing(IReadOnlyList<PictureSpec> Specs, string Out, string Format, bool Force)
    {
        public List<string> Write(Terminal terminal, CancellationToken cancel)
        {
            var extension = Path.GetExtension(Out).TrimStart('.').ToLowerInvariant();
            if (!Formats.Contains(extension)) return Folder(terminal, cancel);
            if (Specs.Count != 1) throw Problem.Usage($"There are {Specs.Count} pictures: give a folder with --out, or one picture with --picture and --scenario.");
            using var target = new OutputFile(Out, Force);
            File.WriteAllBytes(target.Path, Draw(Specs[0], extension, terminal));
            target.Commit();
            var (written, stem) = (new List<string> { Out }, Path.Combine(Path.GetDirectoryName(Path.GetFullPath(Out))!, Path.GetFileNameWithoutExtension(Out)));
            foreach (var data in PictureData.Files(Specs[0]))
            {
                var path = stem + data.Name[Specs[0].Name.Length..];
                File.WriteAllText(path, data.Text, new UTF8Encoding(false));
                written.Add(path);
            }
            return written;
        }

        private List<string> Folder(Terminal terminal, CancellationToken cancel)
        {
            using var target = new OutputFolder(Out, Force);
            var written = new List<string>();
            for (var i = 0; i < Specs.Count; i++)
            {
                cancel.ThrowIfCancellationRequested();
                File.WriteAllBytes(Path.Combine(target.Path, $"{Specs[i].Name}.{Format}"), Draw(Specs[i], Format, terminal));
                written.Add(Path.Combine(Out, $"{Specs[i].Name}.{Format}"));
                foreach (var data in PictureData.Files(Specs[i])) File.WriteAllText(Path.Combine(target.Path, data.Name), data.Text, new UTF8Encoding(false));
                terminal.Progress("pictures", (i + 1.0) / Specs.Count);
            }
            target.Commit();
            return written;
        }

        private static byte[] Draw(PictureSpec spec, string extension, Terminal terminal)
        {
            var drawn = Picture.Draw(spec, Enum.Parse<PictureFormat>(extension, true));
            foreach (var note in drawn.Notes)
            {
                if (note.StartsWith("GH", StringComparison.Ordinal)) terminal.Warn(new Fault(FaultSeverity.Warning, note[..6], spec.Name, "picture", note[7..], "See docs/faults.md."));
                else terminal.Detail($"{spec.Name}: {note}");
            }
            return drawn.Bytes;
        }
    }
}
