using GeoHarm.Engine.Harm;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Engine.Scenarios;

/// <summary>How a run is executed; nothing here changes a bit of the result.</summary>
/// <param name="Threads">Threads, at least 1.</param>
/// <param name="Progress">Told the share done, 0 to 1.</param>
public sealed record RunOptions(int Threads = 1, Action<double>? Progress = null);

/// <summary>The chain: cultivation, forest, people, supply, flows, burdens, harm; then the tables that join them. Models
/// meet only here and hand each other figures per zone.</summary>
public static class ScenarioRun
{
    /// <summary>Runs a scenario on a study.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="study">Reads a layer of the study by name; also harm_rules and harm_matrix.</param>
    /// <param name="file">Scenario file name for messages.</param>
    /// <param name="options">Threads and progress.</param>
    /// <param name="cancel">Stops between members.</param>
    public static ScenarioResult Run(Scenario scenario, Func<string, Layer> study, string file, RunOptions options, CancellationToken cancel)
    {
        var isSensitive = false;
        Layer Read(string name)
        {
            var layer = study(name);
            isSensitive |= layer.Sensitivity == Sensitivity.Sensitive;
            return layer;
        }
        var inputs = ScenarioInputs.Open(scenario, Read, file);
        var matrix = HarmMatrix.Read(study("harm_matrix"), "data/harm/matrix_gp.csv");
        var rules = HarmAssessment.ReadRules(study("harm_rules"), matrix, "data/harm/rules.csv");
        var routes = new RouteCase(inputs);
        var draws = new EnsembleDraws(inputs, routes.Network);
        MemberRun Workspace() => new(routes, draws);
        Ensemble.Run(scenario.Members, options.Threads, Workspace, (member, own) => own.Run(member), options.Progress, cancel);
        var treated = Workspace();
        var harms = HarmAssessment.Assess(rules, matrix, Evidence.OfZones(inputs, draws, treated.TreatedAllYears.ToArray(), treated.Sprayed.ToArray()));
        var result = ScenarioTables.Build(routes, draws, matrix, harms);
        // Whatever rests on a sensitive layer is sensitive.
        return isSensitive ? result with { Layers = [.. result.Layers.Select(l => l.WithSensitivity(Sensitivity.Sensitive))] } : result;
    }
}
