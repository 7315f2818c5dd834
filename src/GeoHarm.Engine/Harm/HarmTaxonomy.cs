using GeoHarm.Spatial.Layers;

namespace GeoHarm.Engine.Harm;

/// <summary>One harm of the taxonomy.</summary>
/// <param name="Id">Stable id.</param>
/// <param name="Activity">What does it.</param>
/// <param name="Harm">The harm in words.</param>
/// <param name="Kind">Harm type: functional integrity, material interests, reputation or privacy.</param>
/// <param name="Bearer">Who bears it.</param>
/// <param name="Cause">Arises from the activity, the policy, or both.</param>
/// <param name="IsQuantified">Whether an outcome of the models moves its incidence.</param>
/// <param name="Reason">Why it has no figure, or why its rule is as it is.</param>
public sealed record HarmType(string Id, string Activity, string Harm, string Kind, string Bearer, string Cause, bool IsQuantified, string Reason);

/// <summary>The taxonomy of harms (Greenfield and Paoli 2013, doi 10.1016/j.drugpo.2012.09.005): data/harm/taxonomy.csv with what
/// data/harm/rules.csv says of the quantified ones.</summary>
public static class HarmTaxonomy
{
    /// <summary>The four harm types.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["functional integrity", "material interests", "reputation", "privacy"];

    /// <summary>The four bearers.</summary>
    public static IReadOnlyList<string> Bearers { get; } = ["individuals", "private-sector entities", "government entities", "physical and social environment"];

    /// <summary>Reads the harms in the order of the table.</summary>
    /// <param name="table">Columns id, activity, harm, kind, bearer, cause, note.</param>
    /// <param name="rules">The rules in force.</param>
    public static IReadOnlyList<HarmType> Read(Layer table, IReadOnlyList<HarmRule> rules)
    {
        var byId = rules.ToDictionary(r => r.Id, StringComparer.Ordinal);
        return [.. Enumerable.Range(0, table.RowCount).Select(row =>
        {
            string Text(string column) => table[column].TextAt(row) ?? "";
            var rule = byId.GetValueOrDefault(Text("id"));
            return new HarmType(Text("id"), Text("activity"), Text("harm"), Text("kind"), Text("bearer"), Text("cause"), rule is { Thresholds.Count: > 0 }, rule?.Reason ?? Text("note"));
        })];
    }
}
