using System.CommandLine;

namespace GeoHarm.Cli;

/// <summary>geoharm demo: the main job on the embedded study.</summary>
internal static class DemoCommand
{
    private static readonly string[] Scenarios = ["putumayo-2000.yaml", "antilles-2003.yaml", "do-nothing.yaml"];

    public static Command Build()
    {
        var settings = new RunSettings();
        return CommandLine.Verb("demo", "Run the embedded scenarios to maps, tables, a GeoPackage and a report",
            ["geoharm demo --out out/demo", "geoharm demo --json --out out/demo"], settings.ForRuns.Where(s => s != settings.Study),
            (parse, terminal, cancel) => RunCommand.Run(Scenarios.Select(s => ("data/scenarios/" + s, File.ReadAllText(Study.Embedded("scenarios/" + s)))), settings.Read(parse), terminal, cancel));
    }
}
