using System.CommandLine;
using System.Globalization;
using GeoHarm.Engine.Publication;
using GeoHarm.Engine.Routes;
using GeoHarm.Engine.Scenarios;
using GeoHarm.Maps.Reports;
using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.Files;
using GeoHarm.Stores.GeoPackage;

namespace GeoHarm.Cli;

/// <summary>Options and outputs shared by the verbs on a scenario's transit network: zones, corridors and countries only.</summary>
internal sealed class RouteSettings
{
    public Option<string> Scenario { get; } = new("--scenario") { Description = "Scenario file (YAML); - for stdin", Required = true };

    public Option<string?> Study { get; } = new("--study") { Description = "Your own study: a .gpkg or a folder (default: the embedded one)" };

    public Option<string> Burden { get; } = Of("--burden", "Named burden acted on", RouteBurden.Names);

    public Option<string[]> Bearer { get; } = new("--bearer") { Description = "Count the burden only in these zones, countries or regions (weightedTonnes, tonnes)", AllowMultipleArgumentsPerToken = true };

    public Option<string?> Structure { get; } = new("--structure") { Description = "reference, layered or wardrop (overrides the scenario's)" };

    public Option<string?> Out { get; } = new("--out") { Description = "Folder for a GeoPackage and CSV; refuses to overwrite without --force" };

    public Option<bool> Force { get; } = new("--force") { Description = "Replace what stands at --out" };

    public Option<int?> Threads { get; } = new("--threads") { Description = "Threads (default: all cores); changes no bit of the result" };

    public IEnumerable<Symbol> All => [Scenario, Study, Burden, Bearer, Structure, Out, Force, Threads];

    /// <summary>Mark of every figure finer than a country.</summary>
    public const string Mark = "structure not validated";

    /// <summary>Opens the case that the options name.</summary>
    public RouteCase Open(ParseResult parse, Study study, ulong? seed = null)
    {
        var (file, text) = ScenarioText.Open(parse.GetValue(Scenario)!);
        var scenario = ScenarioText.ReadAll([(file, text)], null, null)[0].Scenario;
        if (parse.GetValue(Structure) is { } name)
        {
            if (!Enum.TryParse<TransitStructure>(name, ignoreCase: true, out var structure) || int.TryParse(name, out _)) throw Problem.Usage("--structure is reference, layered or wardrop.");
            scenario = scenario with { Structure = structure };
        }
        if (seed is { } number) scenario = scenario with { Seed = number };
        return new RouteCase(ScenarioInputs.Open(scenario, Read, file));

        Layer Read(string layer)
        {
            var read = study.Read(layer);
            if (read.Sensitivity == Sensitivity.Sensitive) sensitivity = Sensitivity.Sensitive;
            return read;
        }
    }

    /// <summary>The named burden, with its bearers.</summary>
    public RouteBurden BurdenOf(ParseResult parse, RouteCase routes)
    {
        var bearers = parse.GetValue(Bearer) ?? [];
        var unknown = bearers.Where(b => routes.Inputs.Zones.Resolve(b).Count == 0).ToList();
        if (unknown.Count > 0) throw Problem.Usage($"There is no place '{string.Join("', '", unknown)}': use a zone id, an ISO3 country or a region name of data/study/zones.csv.");
        var name = parse.GetValue(Burden)!;
        if (bearers.Length > 0 && name is not ("weightedTonnes" or "tonnes")) throw Problem.Usage("--bearer goes with the burdens weightedTonnes and tonnes.");
        return RouteBurden.Named(name, routes.Resolve(bearers));
    }

    // Whatever rests on a sensitive layer is sensitive, and the gate keeps it.
    private Sensitivity sensitivity = Sensitivity.Open;

    public int ThreadsOf(ParseResult parse)
    {
        var threads = parse.GetValue(Threads);
        if (threads is < 1 or > 1024) throw Problem.Usage("--threads takes a whole number from 1 to 1024.");
        return threads ?? Environment.ProcessorCount;
    }

    /// <summary>Sentences that stand on every output of these verbs.</summary>
    /// <param name="routes">The case.</param>
    /// <param name="figures">What the figures are taken at.</param>
    public static IReadOnlyList<string> Caveats(RouteCase routes, string figures = "Central priors, one structure: run the scenario for intervals.") =>
    [
        .. PublicationGate.ModelCaveats, figures, "Admin-1 levels of flow: structure not validated.",
        .. routes.Inputs.Scenario.Caveats, .. routes.Inputs.Notes, .. routes.Notes,
    ];

    /// <summary>What the pictures of a route analysis share.</summary>
    public static PictureContext Context(RouteCase routes, IReadOnlyList<string> caveats, Terminal terminal) => PictureFile.Context(
        routes.Inputs.Scenario.Name, "GeoHarm on the figures of UNODC, World Bank and Natural Earth", caveats, true, terminal, "Flows: structure not validated.");

    /// <summary>Layers as they may leave; the gate refuses those of a sensitive study.</summary>
    public PublishedLayer[] Release(IEnumerable<Layer> layers, IReadOnlyList<string> caveats) =>
        [.. layers.Select(l => PublicationGate.Release(sensitivity == Sensitivity.Sensitive ? l.WithSensitivity(sensitivity) : l, Audience.Public, caveats))];

    /// <summary>Writes layers as one GeoPackage and a CSV each; returns their names.</summary>
    public string[] Write(ParseResult parse, string package, PublishedLayer[] layers)
    {
        if (parse.GetValue(Out) is not { } target) return [];
        using var folder = new OutputFolder(target, parse.GetValue(Force));
        GeoPackageFile.Write(Path.Combine(folder.Path, package), layers);
        foreach (var layer in layers) CsvLayer.Write(Path.Combine(folder.Path, layer.Layer.Name + ".csv"), layer);
        folder.Commit();
        return [package, .. layers.Select(l => l.Layer.Name + ".csv")];
    }

    public static string Number(double x) => x.ToString(Math.Abs(x) >= 100 ? "N0" : "G3", CultureInfo.InvariantCulture);

    private static Option<string> Of(string name, string description, IReadOnlyList<string> values)
    {
        var option = new Option<string>(name) { Description = $"{description}: {string.Join(", ", values)}", DefaultValueFactory = _ => values[0] };
        option.AcceptOnlyFromAmong([.. values]);
        return option;
    }
}
