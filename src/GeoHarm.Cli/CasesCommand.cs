using System.CommandLine;
using GeoHarm.Engine.Scenarios;

namespace GeoHarm.Cli;

/// <summary>geoharm cases: what happened where such a policy was tried.</summary>
internal static class CasesCommand
{
    public static Command Build()
    {
        var like = new Option<string?>("--like") { Description = "A scenario file: the cases most like it, most alike first" };
        return CommandLine.Verb("cases", "The case library: what happened where a policy was tried", ["geoharm cases", "geoharm cases --like data/scenarios/putumayo-2000.yaml --json"], [like],
            (parse, terminal, _) =>
            {
                var cases = CaseLibrary.Read(Directory.EnumerateFiles(Study.Embedded("cases"), "*.yaml").Order(StringComparer.Ordinal).Select(f => (Path.GetFileName(f), File.ReadAllText(f))));
                if (parse.GetValue(like) is { } file)
                {
                    var (name, text) = ScenarioText.Open(file);
                    cases = CaseLibrary.Like(cases, ScenarioReader.Read(text, name));
                }
                terminal.Result(
                    new
                    {
                        cases = cases.Select(c => new
                        {
                            id = c.Id, title = c.Title, place = c.Place, years = new[] { c.FromYear, c.ToYear }, instrument = c.Instrument, market = c.Market, outcome = c.Outcome,
                            harms = c.Harms, displacement = c.Displacement, strengthOfEvidence = c.Strength, source = string.Join("; ", c.Sources), sources = c.Sources,
                        }),
                    },
                    output =>
                    {
                        foreach (var c in cases) output.WriteLine($"{c.Id} ({c.Place}, {c.FromYear}-{c.ToYear}; {c.Instrument}; evidence: {c.Strength})\n  {c.Outcome}");
                    });
                return ExitCode.Ok;
            });
    }
}
