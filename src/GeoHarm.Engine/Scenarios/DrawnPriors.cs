namespace GeoHarm.Engine.Scenarios;

/// <summary>Which priors the members of a scenario draw: found by running one member and listening.</summary>
internal static class DrawnPriors
{
    /// <summary>Name of the draw of autonomous growth, which is no prior of a study.</summary>
    public const string NationalShock = "national_shock";

    /// <summary>Every prior that a member draws and that has any spread, and the national shock, in order of their keys.</summary>
    public static IReadOnlyList<string> Of(ScenarioInputs inputs)
    {
        var asked = new SortedSet<string>(StringComparer.Ordinal);
        var listening = inputs.AtQuantiles((key, _) =>
        {
            lock (asked) asked.Add(key);
            return 0.5;
        });
        var routes = new RouteCase(listening);
        new MemberRun(routes, new EnsembleDraws(listening, routes.Network, 1)).Run(0);
        return [.. asked.Where(k => k == NationalShock || inputs.Priors[k].High > inputs.Priors[k].Low)];
    }
}
