using GeoHarm.Engine.Scenarios;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Cli;

/// <summary>A scenario with the text it was read from.</summary>
/// <param name="File">Name as the user gave it.</param>
/// <param name="Text">YAML text.</param>
/// <param name="Scenario">The scenario, with the command line's overrides.</param>
internal sealed record ScenarioText(string File, string Text, Scenario Scenario)
{
    /// <summary>Reads scenario files; all faults of all files at once.</summary>
    public static IReadOnlyList<ScenarioText> ReadAll(IEnumerable<(string File, string Text)> files, long? seed, int? members)
    {
        var read = new List<ScenarioText>();
        var faults = new List<Fault>();
        foreach (var (file, text) in files)
        {
            try
            {
                var scenario = ScenarioReader.Read(text, file);
                read.Add(new ScenarioText(file, text, scenario with { Seed = (ulong?)seed ?? scenario.Seed, Members = members ?? scenario.Members }));
            }
            catch (InvalidInputException invalid)
            {
                faults.AddRange(invalid.Faults);
            }
        }
        foreach (var twice in read.GroupBy(r => r.Scenario.Name, StringComparer.Ordinal).Where(g => g.Count() > 1))
        {
            faults.Add(new Fault(FaultSeverity.Error, "GH1012", twice.Last().File, "name", $"Two scenarios are named '{twice.Key}'.", "Give each its own name."));
        }
        return faults.Count == 0 ? read : throw new InvalidInputException(faults);
    }

    /// <summary>The text of a scenario file; "-" is standard input; a name without a folder is also looked for in the embedded data.</summary>
    public static (string File, string Text) Open(string path)
    {
        if (path == "-") return ("stdin", Console.In.ReadToEnd());
        if (System.IO.File.Exists(path)) return (path, System.IO.File.ReadAllText(path));
        var embedded = Study.Embedded(System.IO.Path.Combine("scenarios", System.IO.Path.GetFileName(path)));
        if (System.IO.File.Exists(embedded) && path.Replace('\\', '/') is var p && (p == System.IO.Path.GetFileName(p) || p.StartsWith("data/scenarios/", StringComparison.Ordinal)))
        {
            return (path, System.IO.File.ReadAllText(embedded));
        }
        throw new InvalidInputException([new Fault(FaultSeverity.Error, "GH1000", path, "", "There is no such scenario file.", "Check the path; data/scenarios has examples.")]);
    }
}
