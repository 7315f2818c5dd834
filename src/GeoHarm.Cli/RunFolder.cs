using System.Text;
using GeoHarm.Engine.Publication;
using GeoHarm.Maps.Pictures;
using GeoHarm.Maps.Reports;
using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.Files;
using GeoHarm.Stores.GeoPackage;

namespace GeoHarm.Cli;

/// <summary>What a run leaves: results.gpkg, tables in CSV, maps with the data behind them, one report, run.json. Only
/// released layers are written.</summary>
internal static class RunFolder
{
    internal const string InputsLicence = "inputs: data/README.md; results: CC BY-SA 4.0 where they rest on the municipal coca series";

    /// <summary>Files a run writes, for --dry-run.</summary>
    public static IEnumerable<string> Names =>
        ["run.json", RunCrate.Name, "results.gpkg", "report.html", "tables/{overlay,corridors,shares,recipients,totals,burdens,balance,kappa_range,backcast,harm,priors,cases}.csv", "maps/SCENARIO/*.{png,csv,metadata.json}"];

    /// <summary>Writes into <paramref name="folder"/> and returns the run with its files.</summary>
    public static RunRecord Write(RunRecord run, Study study, RunChoices choices, string folder, Terminal terminal, CancellationToken cancel)
    {
        var released = run.Results.Select(r => (r.Scenario.Name, Layers: RunCommand.Release(r, choices))).ToList();
        var totals = WriteTables(run, choices, folder).Single(l => l.Layer.Name == "totals");
        cancel.ThrowIfCancellationRequested();
        var land = PublishedLayer.Open(study.Read("land"));
        var chapters = new List<ReportChapter>();
        for (var i = 0; i < run.Results.Count; i++)
        {
            chapters.Add(Chapter(run, i, released[i].Layers, land));
            WritePictures(chapters[i], Path.Combine(folder, "maps", released[i].Name), cancel);
            terminal.Progress("maps", (i + 1.0) / run.Results.Count);
        }
        var report = new ReportSpec { Chapters = chapters, Credits = CreditsOf(run, run.Results.SelectMany(r => r.Caveats).Distinct().ToList()), Language = run.Language, Framing = run.Framing, Compared = totals };
        WriteText(Path.Combine(folder, "report.html"), Report.Html(report));
        cancel.ThrowIfCancellationRequested();
        var written = run with { Files = Listed(folder), Methods = Report.Methods(report) };
        WriteText(Path.Combine(folder, RunCrate.Name), Terminal.ToJson(RunCrate.Of(written)) + "\n");
        WriteText(Path.Combine(folder, "run.json"), Terminal.ToJson(RunDocument.Of(written)) + "\n");
        return written;
    }

    /// <summary>Every file of a run's folder, with hash and size, in name order; not run.json and the crate, which hold the list and a date.</summary>
    public static IReadOnlyList<RunFile> Listed(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(f => (Path: f, Name: Path.GetRelativePath(folder, f).Replace('\\', '/')))
            .Where(f => f.Name != "run.json" && f.Name != RunCrate.Name).OrderBy(f => f.Name, StringComparer.Ordinal)
            .Select(f => new RunFile(f.Name, Study.HashOf(f.Path), new FileInfo(f.Path).Length)),
    ];

    private static List<PublishedLayer> WriteTables(RunRecord run, RunChoices choices, string folder)
    {
        var names = run.Results.SelectMany(r => r.Layers).Select(l => l.Name).Distinct();
        var stacked = names.Select(n => PublicationGate.Release(Layer.Stack("scenario", [.. run.Results.SelectMany(r => r.Layers.Where(l => l.Name == n).Select(l => (r.Scenario.Name, l)))]), choices.Audience, [.. run.Results.SelectMany(r => r.Caveats).Distinct()])).ToList();
        GeoPackageFile.Write(Path.Combine(folder, "results.gpkg"), stacked);
        Directory.CreateDirectory(Path.Combine(folder, "tables"));
        foreach (var layer in stacked) CsvLayer.Write(Path.Combine(folder, "tables", layer.Layer.Name + ".csv"), layer);
        return stacked;
    }

    private static ReportChapter Chapter(RunRecord run, int index, IReadOnlyDictionary<string, PublishedLayer> layers, PublishedLayer land)
    {
        var result = run.Results[index];
        var shown = new ResultLayers
        {
            Overlay = layers["overlay"], Land = land, Corridors = layers["corridors"], Recipients = layers["recipients"], Totals = layers["totals"], Harm = layers["harm"],
            Balance = layers["balance"], Backcast = layers.GetValueOrDefault("backcast"), Priors = layers["priors"], Burdens = layers["burdens"], Cases = layers.GetValueOrDefault("cases"),
        };
        var context = new PictureContext(result.Scenario.Name, CreditsOf(run, result.Caveats), run.Language) { Year = result.Scenario.ToYear, FlowCaveats = ["Flows: structure not validated."] };
        return new ReportChapter { Scenario = result.Scenario.Name, Question = result.Scenario.Title.TrimEnd('.') + ". " + result.Scenario.Description, Layers = shown, Pictures = ScenarioPictures.All(shown, context) };
    }

    private static Credits CreditsOf(RunRecord run, IReadOnlyList<string> caveats) => new()
    {
        Source = "GeoHarm on the figures of SIMCI / UNODC, Dávalos et al., RUV, World Bank and Natural Earth", Licence = InputsLicence,
        // The year of the scenario dates a picture; the day it was drawn would change its bytes.
        Date = string.Join(", ", run.Results.Select(r => r.Scenario.ToYear).Distinct()), RunId = run.Id, Caveats = [.. caveats.Except(PublicationGate.ModelCaveats)],
    };

    private static void WritePictures(ReportChapter chapter, string folder, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder);
        foreach (var picture in chapter.Pictures.Pictures)
        {
            cancel.ThrowIfCancellationRequested();
            File.WriteAllBytes(Path.Combine(folder, picture.Name + ".png"), Picture.Draw(picture, PictureFormat.Png).Bytes);
            foreach (var data in PictureData.Files(picture)) WriteText(Path.Combine(folder, data.Name), data.Text);
        }
    }

    private static void WriteText(string path, string text) => File.WriteAllText(path, text, new UTF8Encoding(false));
}
