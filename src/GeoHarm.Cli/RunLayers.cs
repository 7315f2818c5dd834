using System.Text.Json;
using GeoHarm.Engine.Publication;
using GeoHarm.Maps.Pictures;
using GeoHarm.Maps.Reports;
using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.GeoPackage;

namespace GeoHarm.Cli;

/// <summary>Reads the result layers of a run back from its results.gpkg, scenario by scenario, for pictures and reports
/// drawn later. A steward's run is refused: its layers were released to one person and carry no mark in the file.</summary>
internal sealed class RunLayers : IDisposable
{
    private readonly StoredRun run;
    private readonly GeoPackageStore results;
    private readonly Study study;
    private readonly HashSet<string> names;

    public RunLayers(StoredRun run)
    {
        this.run = run;
        if (Text(run.Document, "audience") == "steward") throw Problem.UseNotSupported("The run was made for its steward alone: draw its pictures with 'geoharm run --audience steward', which marks them.");
        var package = Path.Combine(run.Folder, "results.gpkg");
        if (!File.Exists(package)) throw Problem.Store($"The run has no results.gpkg in '{run.Folder}'.");
        results = GeoPackageStore.OpenReadOnly(package);
        study = new Study(null);
        names = results.Layers().Select(l => l.Name).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Run id.</summary>
    public string Id => Text(run.Document, "runId");

    /// <summary>Scenario names, in the order of the run.</summary>
    public IReadOnlyList<string> Scenarios => [.. run.Document.GetProperty("scenarios").EnumerateArray().Select(s => Text(s, "name"))];

    /// <summary>Credits of the run; the year dates it, so that the same run gives the same bytes.</summary>
    public Credits Credits => new()
    {
        Source = "GeoHarm on the figures of SIMCI / UNODC, Dávalos et al., RUV, World Bank and Natural Earth", Licence = RunFolder.InputsLicence,
        RunId = Id, Caveats = CaveatsOf(run.Document),
    };

    /// <summary>A chapter: layers and pictures of one scenario.</summary>
    public ReportChapter Chapter(string scenario, string language)
    {
        var of = run.Document.GetProperty("scenarios").EnumerateArray().First(s => Text(s, "name") == scenario);
        var layers = new ResultLayers
        {
            Overlay = Read("overlay", scenario) ?? throw Problem.Store($"The run has no overlay of '{scenario}'."), Land = PublishedLayer.Open(study.Read("land")),
            Corridors = Read("corridors", scenario), Recipients = Read("recipients", scenario), Totals = Read("totals", scenario), Harm = Read("harm", scenario),
            Balance = Read("balance", scenario), Backcast = Read("backcast", scenario), Priors = Read("priors", scenario), Burdens = Read("burdens", scenario), Cases = Read("cases", scenario),
        };
        var year = layers.Overlay.Layer["year"];
        var date = Enumerable.Range(0, layers.Overlay.Layer.RowCount).Max(r => year.IntegerAt(r) ?? 0).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var pictures = ScenarioPictures.All(layers, new PictureContext(scenario, Credits with { Caveats = CaveatsOf(of), Date = date }, language) { FlowCaveats = ["Flows: structure not validated."] });
        return new ReportChapter { Scenario = scenario, Layers = layers, Pictures = pictures };
    }

    /// <summary>Totals of all scenarios in one table, with the column "scenario".</summary>
    public PublishedLayer? Totals => names.Contains("totals") ? PublishedLayer.Open(results.Read("totals")) : null;

    public void Dispose()
    {
        results.Dispose();
        study.Dispose();
    }

    private PublishedLayer? Read(string name, string scenario)
    {
        if (!names.Contains(name)) return null;
        var layer = results.Read(name, new LayerQuery(Equal: new Dictionary<string, string> { ["scenario"] = scenario }));
        return layer.RowCount == 0 ? null : PublishedLayer.Open(layer.WithColumns([.. layer.Columns.Where(c => c.Name != "scenario")]));
    }

    // What every picture says in bold need not be said again under it.
    private static string[] CaveatsOf(JsonElement element) => element.TryGetProperty("caveats", out var caveats)
        ? [.. caveats.EnumerateArray().Select(c => c.GetString() ?? "").Except(PublicationGate.ModelCaveats)]
        : [];

    private static string Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
}
