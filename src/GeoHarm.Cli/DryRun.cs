using GeoHarm.Engine.Scenarios;

namespace GeoHarm.Cli;

/// <summary>What a run would read, match, compute and write; writes nothing.</summary>
internal static class DryRun
{
    // CPU seconds on the embedded study, 2-core x86-64 machine, 2026-11-26: a member of both sides takes 0.063 with a policy on crops (0.046 with
    // interdiction alone, 0.038 with none); reading the study and starting 0.6; the pictures and files of one scenario 2.2.
    private const double SecondsPerMember = 0.063, StartSeconds = 0.6, PictureSeconds = 2.2;

    public static int Say(IReadOnlyList<ScenarioText> texts, Study study, RunChoices choices, Terminal terminal)
    {
        var plans = texts.Select(text =>
        {
            var inputs = ScenarioInputs.Open(text.Scenario, study.Read, text.File);
            var links = inputs.Links.RowCount;
            // Both sides of eight outcomes a zone, five a direction of a link (all modes and each), eleven a unit.
            var numbers = (long)text.Scenario.Members * 2 * (8L * inputs.Zones.Count + 10L * links + 11L * inputs.Units.Count);
            return new
            {
                scenario = text.Scenario.Name, zones = inputs.Zones.Count, crs = $"EPSG:{inputs.Zones.Layer.Crs?.Epsg}", units = inputs.Units.Count, links,
                unmatchedZones = inputs.Zones.Countries.Where((_, z) => double.IsNaN(inputs.RuleOfLaw[z]) && double.IsNaN(inputs.HomicideRate[z])).Distinct().Order(StringComparer.Ordinal),
                members = text.Scenario.Members, memoryMb = numbers * 8 / 1_000_000, secondsEstimate = StartSeconds + text.Scenario.Members * SecondsPerMember / choices.Threads + (choices.Out is null ? 0 : PictureSeconds),
            };
        }).ToList();
        var files = choices.Out is null ? [] : RunFolder.Names.ToArray();
        terminal.Result(new { dryRun = true, inputs = study.Inputs.Select(i => new { name = i.Key, sha256 = i.Value }), scenarios = plans, files }, output =>
        {
            foreach (var plan in plans)
            {
                output.WriteLine(FormattableString.Invariant($"{plan.scenario}: {plan.zones} zones ({plan.crs}), {plan.units} units, {plan.links} links; {plan.members} members; about {plan.memoryMb} MB, {plan.secondsEstimate:0} s"));
                output.WriteLine($"  without governance or homicide figures: {string.Join(", ", plan.unmatchedZones)}");
            }
            foreach (var file in files) output.WriteLine($"  would write {file}");
        });
        return ExitCode.Ok;
    }
}
