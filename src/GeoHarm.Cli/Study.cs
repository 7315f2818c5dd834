using System.Security.Cryptography;
using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.Files;
using GeoHarm.Stores.GeoPackage;

namespace GeoHarm.Cli;

/// <summary>A study opened for a run: the embedded default or an analyst's own. Read-only; remembers what was read and its hash.</summary>
internal sealed class Study : IDisposable
{
    private readonly GeoPackageStore store;
    private readonly Dictionary<string, Layer> layers = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> inputs = new(StringComparer.Ordinal);

    public Study(string? path)
    {
        Given = path ?? "embedded";
        var package = path is null ? Embedded("study/study.gpkg") : Directory.Exists(path) ? System.IO.Path.Combine(path, "study.gpkg") : path;
        if (!File.Exists(package)) throw Problem.Store(path is null ? "The embedded study is missing from this installation; run 'geoharm check'." : $"There is no study at '{path}': give a .gpkg file or a folder with study.gpkg.");
        store = GeoPackageStore.OpenReadOnly(package);
        inputs[System.IO.Path.GetFileName(package)] = HashOf(package);
    }

    /// <summary>The study as the user named it; "embedded" for the default.</summary>
    public string Given { get; }

    /// <summary>Files read and their SHA-256.</summary>
    public IReadOnlyDictionary<string, string> Inputs => inputs;

    /// <summary>Path of a file of the embedded data.</summary>
    public static string Embedded(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "data", name);

    /// <summary>A layer by name; harm_rules and harm_matrix come from the embedded data/harm when the study has none of its own.</summary>
    public Layer Read(string name)
    {
        if (layers.TryGetValue(name, out var known)) return known;
        Layer layer;
        try
        {
            layer = store.Read(name);
        }
        catch (KeyNotFoundException) when (name is "harm_rules" or "harm_matrix")
        {
            var file = Embedded(name == "harm_rules" ? "harm/rules.csv" : "harm/matrix_gp.csv");
            inputs["data/harm/" + System.IO.Path.GetFileName(file)] = HashOf(file);
            layer = CsvLayer.Read(file, name);
        }
        return layers[name] = layer;
    }

    /// <summary>The case library of the embedded data; its files enter the inputs under one hash.</summary>
    public IReadOnlyList<Engine.Scenarios.PastCase> Cases()
    {
        var files = Directory.EnumerateFiles(Embedded("cases"), "*.yaml").Order(StringComparer.Ordinal).Select(f => (Name: System.IO.Path.GetFileName(f), Text: File.ReadAllText(f))).ToList();
        inputs["data/cases"] = Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Concat(files.Select(f => $"{f.Name}\n{f.Text}\n")))));
        return Engine.Scenarios.CaseLibrary.Read(files);
    }

    public void Dispose() => store.Dispose();

    /// <summary>SHA-256 of a file, lower-case hex.</summary>
    public static string HashOf(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
