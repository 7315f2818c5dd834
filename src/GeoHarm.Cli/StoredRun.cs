using System.Text.Json;

namespace GeoHarm.Cli;

/// <summary>A run on disk: its folder or its run.json.</summary>
internal sealed class StoredRun
{
    private StoredRun(string folder, JsonElement document) => (Folder, Document) = (folder, document);

    public string Folder { get; }

    /// <summary>The content of run.json.</summary>
    public JsonElement Document { get; }

    /// <summary>The study it was made on: "embedded", or a path as it was given.</summary>
    public string Study => Document.GetProperty("study").GetString()!;

    /// <summary>Whether a path is a run: a folder with a run.json, or such a file.</summary>
    public static bool Is(string path) => File.Exists(Path.Combine(path, "run.json")) || (File.Exists(path) && Path.GetExtension(path) == ".json");

    /// <summary>The scenarios as they ran: their text, with the seed and members then in force.</summary>
    public IEnumerable<ScenarioText> Texts() => Document.GetProperty("scenarios").EnumerateArray().Select(s =>
        ScenarioText.ReadAll([(s.GetProperty("file").GetString()!, s.GetProperty("text").GetString()!)], s.GetProperty("seed").GetInt64(), s.GetProperty("members").GetInt32())[0]);

    public static StoredRun Open(string path)
    {
        var file = Directory.Exists(path) ? Path.Combine(path, "run.json") : path;
        if (!File.Exists(file)) throw Problem.Store($"There is no run at '{path}': give the folder of a run, or its run.json.");
        try
        {
            var document = JsonDocument.Parse(File.ReadAllText(file)).RootElement;
            _ = document.GetProperty("runId").GetString() ?? throw new JsonException("runId is null");
            return new StoredRun(Path.GetDirectoryName(Path.GetFullPath(file))!, document);
        }
        catch (Exception broken) when (broken is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new Spatial.Layers.InvalidInputException([new Spatial.Layers.Fault(Spatial.Layers.FaultSeverity.Error, "GH1030", file, "", $"Not a run.json: {broken.Message}", "Give the run.json that 'geoharm run --out' wrote.")]);
        }
    }
}
