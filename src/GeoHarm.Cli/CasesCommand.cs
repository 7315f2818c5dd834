using System.CommandLine;
using GeoHarm.Engine.Scenarios;

namespace GeoHarm.Cli;

/// <summary>geoharm cases: what happened where such a policy was tried.</summary>
internal static class CasesCommand
{
    public static Command Build()
    {
        var to = new Option<string?>("--like") { Description = "A scenario file: the cases most like it, most alike first" };
        return CommandLine.Verb("cases", "The case library: what happened where a policy was tried", ["geoharm cases", "geoharm cases --like data/scenarios/putumayo-2000.yaml --json"], [to],
            (parse, terminal, _) =>
            {
                using var study = new Study(null);
                var cases = study.Cases();
                var like = new Dictionary<string, LikeCase>(StringComparer.Ordinal);
                if (parse.GetValue(to) is { } file)
                {
                    var (name, text) = ScenarioText.Open(file);
                    like = CaseLibrary.Like(cases, ScenarioReader.Read(text, name), new Zones(study.Read("zones"))).ToDictionary(l => l.Case.Id, StringComparer.Ordinal);
                    cases = [.. like.Values.Select(l => l.Case)];
                }
                terminal.Result(
                    new
                    {
                        cases = cases.Select(c => new
                        {
                            id = c.Id, title = c.Title, place = c.Place, years = new[] { c.FromYear, c.ToYear }, instrument = c.Instrument, market = c.Market, outcome = c.Outcome,
                            alike = RunDocument.Alike(like.GetValueOrDefault(c.Id)), harms = c.Harms, displacement = c.Displacement, strengthOfEvidence = c.Strength, source = string.Join("; ", c.Sources), sources = c.Sources,
                        }),
                    },
                    output =>
                    {
                        foreach (var c in cases) output.WriteLine($"{c.Id} ({c.Place}, {c.FromYear}-{c.ToYear}; {c.Instrument}; evidence: {c.Strength}){(like.TryGetValue(c.Id, out var l) ? $" {l.Matches} of 4 alike" : "")}\n  {c.Outcome}");
                    });
                return ExitCode.Ok;
            });
    }
}
