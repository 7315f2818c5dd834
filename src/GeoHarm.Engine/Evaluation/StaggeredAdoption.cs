using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Quantities;
using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Engine.Evaluation;

/// <summary>Effect of units first treated in one year, in one year.</summary>
/// <param name="Cohort">Year of first treatment.</param>
/// <param name="Year">Year of the effect; before the cohort it is a test of parallel trends.</param>
/// <param name="Att">Average effect on the treated.</param>
/// <param name="Units">Units of the cohort.</param>
public sealed record CohortEffect(int Cohort, int Year, double Att, int Units);

/// <summary>Effects of a programme that reached units in different years.</summary>
/// <param name="Cohorts">Effects by cohort and year.</param>
/// <param name="ByEvent">Effects by years since first treatment, weighted by units.</param>
/// <param name="Overall">Mean over all treated unit-years.</param>
public sealed record StaggeredResult(IReadOnlyList<CohortEffect> Cohorts, IReadOnlyList<(int Since, Effect Effect)> ByEvent, Effect Overall);

/// <summary>
/// Difference in differences with staggered adoption (Callaway, Sant'Anna 2021, equation 2.2 without covariates and section 3,
/// doi 10.1016/j.jeconom.2020.12.001): ATT(g, t) = mean change from g - 1 to t of cohort g less that of units never treated, so
/// that no treated unit ever serves as a control for another. Intervals by a bootstrap of units.
/// </summary>
public static class StaggeredAdoption
{
    /// <summary>Runs on an outcome with each unit's first year of treatment, null for never.</summary>
    public static StaggeredResult Run(UnitPanel panel, string outcome, IReadOnlyList<int?> firstTreated, EvaluationOptions? options = null)
    {
        options ??= new EvaluationOptions();
        if (firstTreated.Count != panel.Units.Count) throw new ArgumentException("Every unit has a first year of treatment or none.", nameof(firstTreated));
        if (!firstTreated.Contains(null)) throw new ArgumentException("No unit was never treated, so there is no control.", nameof(firstTreated));
        var all = Enumerable.Range(0, panel.Units.Count).ToArray();
        var cohorts = Cohorts(panel, outcome, firstTreated, all);
        var events = ByEvent(cohorts);
        var overall = Overall(cohorts);
        var eventDraws = events.ToDictionary(e => e.Key, _ => new List<double>());
        var overallDraws = new List<double>();
        for (var d = 0; d < options.Draws; d++)
        {
            var random = new CounterRandom(options.Seed, (uint)d, 1);
            var sample = Array.ConvertAll(all, _ => random.NextBelow(all.Length));
            if (!sample.Any(u => firstTreated[u] is null) || !sample.Any(u => firstTreated[u] is not null)) continue;
            var drawn = Cohorts(panel, outcome, firstTreated, sample);
            foreach (var (since, value) in ByEvent(drawn)) if (eventDraws.TryGetValue(since, out var list)) list.Add(value);
            var total = Overall(drawn);
            if (double.IsFinite(total)) overallDraws.Add(total);
        }
        return new StaggeredResult(cohorts, [.. events.Select(e => (e.Key, Spread(e.Value, eventDraws[e.Key])))], Spread(overall, overallDraws));
    }

    private static List<CohortEffect> Cohorts(UnitPanel panel, string outcome, IReadOnlyList<int?> firstTreated, int[] sample)
    {
        var values = panel.Values(outcome).ToArray();
        var effects = new List<CohortEffect>();
        var never = sample.Where(u => firstTreated[u] is null).ToArray();
        foreach (var group in sample.Where(u => firstTreated[u] is not null).GroupBy(u => firstTreated[u]!.Value).OrderBy(g => g.Key))
        {
            var cohort = group.Key;
            if (cohort <= panel.FirstYear || cohort > panel.LastYear) continue;
            var members = group.ToArray();
            for (var year = panel.FirstYear; year <= panel.LastYear; year++)
            {
                if (year == cohort - 1) continue;
                effects.Add(new CohortEffect(cohort, year, Change(members, year) - Change(never, year), members.Length));
            }

            double Change(int[] units, int year)
            {
                var sum = 0.0;
                foreach (var u in units) sum += values[u * panel.YearCount + year - panel.FirstYear] - values[u * panel.YearCount + cohort - 1 - panel.FirstYear];
                return sum / units.Length;
            }
        }
        return effects;
    }

    private static SortedDictionary<int, double> ByEvent(List<CohortEffect> cohorts)
    {
        var result = new SortedDictionary<int, double>();
        foreach (var group in cohorts.GroupBy(c => c.Year - c.Cohort)) result[group.Key] = group.Sum(c => c.Att * c.Units) / group.Sum(c => c.Units);
        return result;
    }

    private static double Overall(List<CohortEffect> cohorts)
    {
        var after = cohorts.Where(c => c.Year >= c.Cohort).ToArray();
        return after.Sum(c => c.Att * c.Units) / after.Sum(c => c.Units);
    }

    private static Effect Spread(double value, List<double> draws)
    {
        if (draws.Count < 20) return new Effect(value, double.NaN, double.NaN);
        var sorted = draws.Order().ToArray();
        return new Effect(value, Math.Min(value, Interval.Quantile(sorted, 0.025)), Math.Max(value, Interval.Quantile(sorted, 0.975)));
    }
}
