namespace GeoHarm.Engine.Harm;

/// <summary>
/// How many harms there are at each priority, most urgent first, and the order that this gives: fewer at the most urgent priority is
/// better; at a tie the next one decides (the leximax order; it minimises the maximum harm first). Counts at one
/// priority are compared with counts at the same priority only, so ranks are never added or averaged.
/// </summary>
public sealed class HarmCounts
{
    private readonly int[] counts;

    private HarmCounts(int[] counts) => this.counts = counts;

    /// <summary>Number of harms at each priority of the matrix, most urgent first.</summary>
    public IReadOnlyList<int> ByPriority => counts;

    /// <summary>Counts the rows of a table by their priority after the policy.</summary>
    /// <param name="rows">Rows; those without a priority after are left out.</param>
    /// <param name="matrix">The matrix whose priorities they bear.</param>
    public static HarmCounts After(IEnumerable<HarmRow> rows, HarmMatrix matrix)
    {
        var counts = new int[matrix.Priorities.Count];
        foreach (var row in rows)
        {
            for (var p = 0; p < counts.Length; p++) if (matrix.Priorities[p] == row.PriorityAfter) counts[p]++;
        }
        return new HarmCounts(counts);
    }

    /// <summary>Below 0 where the first is better, 0 where both have the same counts.</summary>
    public static int Compare(HarmCounts a, HarmCounts b)
    {
        for (var p = 0; p < a.counts.Length; p++) if (a.counts[p] != b.counts[p]) return a.counts[p].CompareTo(b.counts[p]);
        return 0;
    }

    /// <summary>Place of each in their order, 0 for the best; equal ones have the same place.</summary>
    public static int[] Places(IReadOnlyList<HarmCounts> options) =>
        [.. options.Select(o => options.Where(other => Compare(other, o) < 0).DistinctBy(other => string.Join(',', other.counts)).Count())];
}
