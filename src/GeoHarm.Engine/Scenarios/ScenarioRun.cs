using GeoHarm.Engine.Harm;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Engine.Scenarios;

/// <summary>How a run is executed; nothing here changes a bit of the result.</summary>
/// <param name="Threads">Threads, at least 1.</param>
/// <param name="Progress">Told the share done, 0 to 1.</param>
public sealed record RunOptions(int Threads = 1, Action<double>? Progress = null)
{
    /// <summary>Members run together between two keepings; a few seconds' work.</summary>
    public const int KeptTogether = 50;

    /// <summary>Share of every total's and burden's interval that Monte Carlo error may reach, such as 0.05: the ensemble doubles
    /// until it does not, up to <see cref="MostMembers"/>. Null for the members asked for.</summary>
    public double? MonteCarloError { get; init; }

    /// <summary>Most members that an ensemble grows to; default 6,400: a run of the embedded study peaks at about 3 MB a member, 19 GB then.</summary>
    public int MostMembers { get; init; } = 6_400;

    /// <summary>Keeps finished members of a range (from, to) outside, so that an interrupted run can go on; null for not.</summary>
    public Action<EnsembleDraws, int, int>? Keep { get; init; }

    /// <summary>Puts kept members into the draws and says how many there are from 0 on; null for none.</summary>
    public Func<EnsembleDraws, int>? Restore { get; init; }
}

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
        var draws = new EnsembleDraws(inputs, routes.Network, scenario.Members);
        MemberRun Workspace() => new(routes, draws);
        var done = 0;
        while (true)
        {
            done = Math.Max(done, Math.Min(draws.Members, options.Restore?.Invoke(draws) ?? 0));
            while (done < draws.Members)
            {
                var (from, count) = (done, options.Keep is null ? draws.Members - done : Math.Min(RunOptions.KeptTogether, draws.Members - done));
                var all = (double)draws.Members;
                Ensemble.Run(from, count, options.Threads, Workspace, (member, own) => own.Run(member), options.Progress is { } tell ? share => tell((from + share * count) / all) : null, cancel);
                options.Keep?.Invoke(draws, from, from + count);
                done += count;
            }
            if (options.MonteCarloError is not { } most || draws.Members >= options.MostMembers || MonteCarloError.Worst(draws, inputs) <= most) break;
            draws = draws.Grown(inputs, routes.Network, Math.Min(2 * draws.Members, options.MostMembers));
            // The smaller ensemble is garbage of gigabytes, and members allocate too little to have it collected.
            GC.Collect();
        }
        var (treated, sprayed) = Workspace().TreatedOnAverage(draws.Members);
        var harms = HarmAssessment.Assess(rules, matrix, Evidence.OfZones(inputs, draws, treated, sprayed));
        var result = ScenarioTables.Build(routes, draws, matrix, harms);
        // Whatever rests on a sensitive layer is sensitive.
        return isSensitive ? result with { Layers = [.. result.Layers.Select(l => l.WithSensitivity(Sensitivity.Sensitive))] } : result;
    }
}
