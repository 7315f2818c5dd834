using GeoHarm.Spatial.Layers;

namespace GeoHarm.Engine.Harm;

/// <summary>One harm that an activity or a policy can do, and how model outcomes move its incidence.</summary>
/// <param name="Id">Stable id.</param>
/// <param name="Activity">What does it: cultivation, eradication, trafficking, interdiction.</param>
/// <param name="Harm">The harm.</param>
/// <param name="Kind">Functional integrity, material interests, reputation or privacy.</param>
/// <param name="Bearer">Who bears it.</param>
/// <param name="Threat">Which of the six threats of the workshop it belongs to.</param>
/// <param name="Severity">Severity on the matrix's scale.</param>
/// <param name="Measure">Outcome that moves its incidence.</param>
/// <param name="Thresholds">Least value of the outcome for each incidence, in the matrix's order (most frequent first); empty when unquantified.</param>
/// <param name="FixedIncidence">Incidence of an unquantified harm where its outcome is present; "" when quantified.</param>
/// <param name="Cause">Arises from the activity, the policy, or both.</param>
/// <param name="Proximity">Proximate or remote.</param>
/// <param name="Reason">Why these thresholds or this rating.</param>
/// <param name="Source">Citation.</param>
public sealed record HarmRule(
    string Id, string Activity, string Harm, string Kind, string Bearer, string Threat, string Severity, string Measure,
    IReadOnlyList<double> Thresholds, string FixedIncidence, string Cause, string Proximity, string Reason, string Source);

/// <summary>Outcomes of one zone before and after a policy, by measure.</summary>
/// <param name="Zone">Zone id.</param>
/// <param name="Name">Zone name.</param>
/// <param name="Before">Outcomes of the baseline.</param>
/// <param name="After">Outcomes of the scenario.</param>
public sealed record HarmEvidence(string Zone, string Name, IReadOnlyDictionary<string, double> Before, IReadOnlyDictionary<string, double> After);

/// <summary>One line of the harm table; "" where a harm does not occur.</summary>
public sealed record HarmRow(
    string Zone, string Name, string Activity, string Harm, string Kind, string Bearer, string Threat, string Severity, string IncidenceBefore, string IncidenceAfter,
    string PriorityBefore, string PriorityAfter, string Change, string Cause, string Proximity, bool Quantified, string Reason, string Source)
{
    // A change below a billionth of the outcome is rounding, not a trend.
    private const double Rounding = 1e-9;

    /// <summary>Outcome that moves the incidence.</summary>
    public string Measure { get; init; } = "";

    /// <summary>That outcome before.</summary>
    public double OutcomeBefore { get; init; }

    /// <summary>That outcome after.</summary>
    public double OutcomeAfter { get; init; }

    /// <summary>rising, falling or level: where the outcome goes within a rating that may stay the same, so that a push too small to move a level still shows.</summary>
    public string Trend => Math.Abs(OutcomeAfter - OutcomeBefore) <= Rounding * Math.Max(Math.Abs(OutcomeBefore), Math.Abs(OutcomeAfter)) ? "level" : OutcomeAfter > OutcomeBefore ? "rising" : "falling";
}

/// <summary>
/// The harm table per zone (Greenfield and Paoli 2012, doi 10.1016/j.drugpo.2011.04.007; 2013): severity is the harm's own,
/// incidence follows the outcome by stated thresholds, priority by the matrix. Ratings are ordinal. Harms without a
/// figure keep their rating and its reason. Harms removed stand beside harms added.
/// </summary>
public static class HarmAssessment
{
    /// <summary>Reads the rules; reports every unknown severity, incidence or threshold out of order.</summary>
    public static IReadOnlyList<HarmRule> ReadRules(Layer table, HarmMatrix matrix, string file)
    {
        var faults = new List<Fault>();
        var rules = new List<HarmRule>();
        for (var row = 0; row < table.RowCount; row++)
        {
            string Text(string column) => table[column].TextAt(row) ?? "";
            var thresholds = matrix.Incidences.Select(i => double.TryParse(Text(i), System.Globalization.CultureInfo.InvariantCulture, out var v) ? v : double.NaN).ToList();
            var quantified = thresholds.TrueForAll(double.IsFinite);
            if (!matrix.Severities.Contains(Text("severity"))) faults.Add(Fault.AtLine("GH5004", file, row + 2, $"Unknown severity '{Text("severity")}'.", $"Use one of: {string.Join(", ", matrix.Severities)}."));
            if (!quantified && !matrix.Incidences.Contains(Text("incidence"))) faults.Add(Fault.AtLine("GH5004", file, row + 2, "A harm needs a threshold for every incidence, or one fixed incidence.", $"Use one of: {string.Join(", ", matrix.Incidences)}."));
            if (quantified && thresholds.Zip(thresholds.Skip(1)).Any(p => p.First < p.Second)) faults.Add(Fault.AtLine("GH5005", file, row + 2, "Thresholds must fall from the most frequent to the rarest incidence.", "Order them."));
            rules.Add(new HarmRule(Text("id"), Text("activity"), Text("harm"), Text("kind"), Text("bearer"), Text("threat"), Text("severity"), Text("measure"),
                quantified ? thresholds : [], quantified ? "" : Text("incidence"), Text("cause"), Text("proximity"), Text("reason"), Text("source")));
        }
        return faults.Count == 0 ? rules : throw new InvalidInputException(faults);
    }

    /// <summary>Assesses zones; only harms that occur before or after are listed, worst severity first within a zone.</summary>
    public static IReadOnlyList<HarmRow> Assess(IReadOnlyList<HarmRule> rules, HarmMatrix matrix, IEnumerable<HarmEvidence> zones)
    {
        var rows = new List<HarmRow>();
        foreach (var zone in zones)
        {
            foreach (var rule in rules.OrderBy(r => IndexOf(matrix.Severities, r.Severity)))
            {
                var (before, after) = (Incidence(rule, matrix, zone.Before), Incidence(rule, matrix, zone.After));
                if (before.Length == 0 && after.Length == 0) continue;
                rows.Add(new HarmRow(zone.Zone, zone.Name, rule.Activity, rule.Harm, rule.Kind, rule.Bearer, rule.Threat, rule.Severity, before, after,
                    before.Length == 0 ? "" : matrix[rule.Severity, before], after.Length == 0 ? "" : matrix[rule.Severity, after],
                    Change(matrix, before, after), rule.Cause, rule.Proximity, rule.Thresholds.Count > 0, rule.Reason, rule.Source)
                {
                    Measure = rule.Measure, OutcomeBefore = zone.Before.GetValueOrDefault(rule.Measure), OutcomeAfter = zone.After.GetValueOrDefault(rule.Measure),
                });
            }
        }
        return rows;
    }

    /// <summary>The rules with the ratings of a workshop: its severity for every harm it rated, its incidence where no outcome moves the incidence. Thresholds stay.</summary>
    public static IReadOnlyList<HarmRule> Rated(IReadOnlyList<HarmRule> rules, IReadOnlyList<Rating> ratings)
    {
        var byHarm = ratings.ToDictionary(r => r.Harm, StringComparer.Ordinal);
        return [.. rules.Select(rule => !byHarm.TryGetValue(rule.Id, out var rating) ? rule : rule with { Severity = rating.Severity, FixedIncidence = rule.Thresholds.Count > 0 ? "" : rating.Incidence })];
    }

    private static string Incidence(HarmRule rule, HarmMatrix matrix, IReadOnlyDictionary<string, double> outcomes)
    {
        if (!outcomes.TryGetValue(rule.Measure, out var value) || !(value > 0)) return "";
        if (rule.Thresholds.Count == 0) return rule.FixedIncidence;
        for (var i = 0; i < rule.Thresholds.Count; i++) if (value >= rule.Thresholds[i]) return matrix.Incidences[i];
        return "";
    }

    private static string Change(HarmMatrix matrix, string before, string after)
    {
        if (before == after) return "same";
        if (before.Length == 0) return "added";
        if (after.Length == 0) return "removed";
        return IndexOf(matrix.Incidences, after) < IndexOf(matrix.Incidences, before) ? "more often" : "less often";
    }

    private static int IndexOf(IReadOnlyList<string> scale, string word)
    {
        for (var i = 0; i < scale.Count; i++) if (scale[i] == word) return i;
        return scale.Count;
    }
}
