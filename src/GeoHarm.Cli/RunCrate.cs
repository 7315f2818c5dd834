namespace GeoHarm.Cli;

/// <summary>A run as a research object: RO-Crate 1.1 metadata (https://w3id.org/ro/crate/1.1) beside its files, made of what run.json
/// says. The date is that of --as-of.</summary>
internal static class RunCrate
{
    /// <summary>Name of the file, as the specification has it.</summary>
    public const string Name = "ro-crate-metadata.json";

    /// <summary>The document.</summary>
    public static Dictionary<string, object> Of(RunRecord run)
    {
        var names = string.Join(", ", run.Results.Select(r => r.Scenario.Name));
        var graph = new List<Dictionary<string, object>>
        {
            new() { ["@id"] = Name, ["@type"] = "CreativeWork", ["conformsTo"] = Reference("https://w3id.org/ro/crate/1.1"), ["about"] = Reference("./") },
            new()
            {
                ["@id"] = "./", ["@type"] = "Dataset", ["name"] = $"GeoHarm run {run.Id[..12]}: {names}", ["datePublished"] = run.AsOf, ["identifier"] = run.Id,
                ["description"] = string.Join(" ", run.Results.SelectMany(r => r.Caveats).Distinct()), ["license"] = Reference("#licence"),
                ["hasPart"] = run.Files.Select(f => f.Name).Prepend("run.json").Select(Reference), ["mentions"] = Reference("#run"),
            },
            new() { ["@id"] = "#licence", ["@type"] = "CreativeWork", ["name"] = RunFolder.InputsLicence },
            new() { ["@id"] = "run.json", ["@type"] = "File", ["name"] = "The run: id, inputs, parameters, results, files", ["encodingFormat"] = "application/json" },
            new()
            {
                ["@id"] = "#run", ["@type"] = "CreateAction", ["name"] = $"geoharm run ({names})", ["instrument"] = Reference("#geoharm"),
                ["object"] = run.Inputs.Select(i => Reference("#input-" + i.Key)).Concat(run.Texts.Select(t => Reference("#scenario-" + t.Scenario.Name))),
                ["result"] = run.Files.Select(f => Reference(f.Name)).Prepend(Reference("run.json")),
            },
            new() { ["@id"] = "#geoharm", ["@type"] = "SoftwareApplication", ["name"] = "GeoHarm", ["version"] = CommandLine.Version, ["softwareRequirements"] = RunIdentity.Native },
        };
        graph.AddRange(run.Inputs.Select(i => new Dictionary<string, object> { ["@id"] = "#input-" + i.Key, ["@type"] = "CreativeWork", ["name"] = i.Key, ["identifier"] = "sha256:" + i.Value }));
        graph.AddRange(run.Texts.Select(t => new Dictionary<string, object>
        {
            ["@id"] = "#scenario-" + t.Scenario.Name, ["@type"] = "CreativeWork", ["name"] = t.Scenario.Title, ["text"] = t.Text,
            ["description"] = $"seed {t.Scenario.Seed}, {t.Scenario.Members} members",
        }));
        graph.AddRange(run.Files.Select(f => new Dictionary<string, object>
        {
            ["@id"] = f.Name, ["@type"] = "File", ["name"] = f.Name, ["contentSize"] = f.Bytes.ToString(System.Globalization.CultureInfo.InvariantCulture), ["encodingFormat"] = Format(f.Name),
            ["identifier"] = "sha256:" + f.Sha256,
        }));
        return new() { ["@context"] = "https://w3id.org/ro/crate/1.1/context", ["@graph"] = graph };
    }

    private static Dictionary<string, object> Reference(string id) => new() { ["@id"] = id };

    private static string Format(string name) => Path.GetExtension(name) switch
    {
        ".csv" => "text/csv", ".json" => "application/json", ".html" => "text/html", ".png" => "image/png", ".gpkg" => "application/geopackage+sqlite3", _ => "application/octet-stream",
    };
}
