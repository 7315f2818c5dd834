using GeoHarm.Engine.Routes;
using GeoHarm.Routing.Equilibrium;
using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Engine.Scenarios;

/// <summary>How one structure answers one observed outcome of a scenario of the past.</summary>
/// <param name="Structure">Structure.</param>
/// <param name="Place">Region, country or zone that was observed to receive.</param>
/// <param name="Rises">Whether its share was observed to rise.</param>
/// <param name="Draws">Draws of the priors that reached an equilibrium.</param>
/// <param name="SignShare">Share of them with the observed sign.</param>
/// <param name="MedianRank">Median rank of the place by gain among places of its kind, 1 for the largest gain.</param>
/// <param name="Gain">Gain of its share of all tonnes, as a share.</param>
/// <param name="Before">Its share before.</param>
/// <param name="NotConverged">Draws without an equilibrium.</param>
public sealed record BackcastOutcome(TransitStructure Structure, string Place, bool Rises, int Draws, double SignShare, double MedianRank, Interval Gain, Interval Before, int NotConverged);

/// <summary>
/// Backcast of a scenario with observed outcomes, in every structure and draw: does the place that is said to have received gain share
/// (tonnes that come in from outside it over all tonnes sent)? A check of signs, not of skill: other things changed in those years, and some
/// outcomes were known when the model was made (findings B5).
/// </summary>
public static class RouteBackcast
{
    /// <summary>Runs the backcast.</summary>
    /// <param name="routes">Case of a scenario with observed outcomes.</param>
    /// <param name="structures">Structures.</param>
    /// <param name="draws">Draws of the priors in each.</param>
    /// <param name="threads">Threads; results do not depend on it.</param>
    /// <param name="cancel">Stops between draws.</param>
    public static IReadOnlyList<BackcastOutcome> Run(RouteCase routes, IReadOnlyList<TransitStructure> structures, int draws, int threads, CancellationToken cancel)
    {
        var outcomes = new List<BackcastOutcome>();
        foreach (var structure in structures)
        {
            var found = new (double Before, double Gain, double Rank)?[routes.Inputs.Scenario.Observed.Count][];
            for (var o = 0; o < found.Length; o++) found[o] = new (double, double, double)?[draws];
            Ensemble.Run(draws, threads, () => routes, (member, own) => Member(own, structure, member, found), null, cancel);
            for (var o = 0; o < found.Length; o++)
            {
                var observed = routes.Inputs.Scenario.Observed[o];
                var kept = found[o].Where(f => f is not null).Select(f => f!.Value).ToList();
                double[] gain = [.. kept.Select(f => f.Gain)], before = [.. kept.Select(f => f.Before)], rank = [.. kept.Select(f => f.Rank).Order()];
                outcomes.Add(new BackcastOutcome(
                    structure, observed.Place, observed.Rises, kept.Count, kept.Count == 0 ? double.NaN : gain.Count(g => observed.Rises ? g > 0 : g < 0) / (double)kept.Count,
                    kept.Count == 0 ? double.NaN : (rank[(rank.Length - 1) / 2] + rank[rank.Length / 2]) / 2, Interval.OfDraws(gain), Interval.OfDraws(before), draws - kept.Count));
            }
        }
        return outcomes;
    }

    private static void Member(RouteCase routes, TransitStructure structure, int member, (double, double, double)?[][] found)
    {
        var model = routes.BaselineModel(structure, routes.Draw(member));
        var before = model.Solve(routes.NoPolicy);
        var after = model.Solve(routes.Policy, before.ZoneInflow);
        if (!before.Converged || !after.Converged) return;
        for (var o = 0; o < found.Length; o++)
        {
            var groups = Groups(routes.Inputs.Zones, routes.Inputs.Scenario.Observed[o].Place, out var own);
            var (was, now) = (Shares(routes.Network, before.Flows, groups), Shares(routes.Network, after.Flows, groups));
            var gain = now[own] - was[own];
            found[o][member] = (was[own], gain, 1 + was.Keys.Count(g => now[g] - was[g] > gain));
        }
    }

    // Groups of zones of the kind that a place is: regions, countries or zones.
    private static string[] Groups(Zones zones, string place, out string own)
    {
        own = place;
        if (zones.IndexOf(place) >= 0 && zones.Levels[zones.IndexOf(place)] != "country") return zones.Ids;
        return zones.Countries.Contains(place) ? zones.Countries : zones.Regions;
    }

    /// <summary>Tonnes that come into each group of zones from outside it, over all tonnes sent.</summary>
    public static SortedDictionary<string, double> Shares(TransitNetwork network, MarkovianFlows flows, string[] groupOfZone)
    {
        var sums = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var group in groupOfZone) sums[group] = 0;
        for (var arc = 0; arc < network.ArcCount; arc++)
        {
            if (network.To[arc] >= network.ZoneCount) continue;
            var (from, to) = (groupOfZone[network.From[arc]], groupOfZone[network.To[arc]]);
            if (from != to) sums[to] += flows.ArcFlow[arc] / flows.TotalSource;
        }
        return sums;
    }
}
