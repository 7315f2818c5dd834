namespace GeoHarm.Engine.Publication;

/// <summary>What a cell of a table rests on: how many records, their sum, the two largest (or upper bounds of them), and the
/// key of the set of records, which is the same wherever the same records meet.</summary>
/// <param name="Contributors">Number of records with a value above 0.</param>
/// <param name="Total">Their sum, 0 or more.</param>
/// <param name="Largest">The largest, or an upper bound.</param>
/// <param name="Second">The second largest, or such that Largest + Second bounds the two.</param>
/// <param name="Key">Sum of the records' keys, modulo 2^32.</param>
public readonly record struct CellSum(long Contributors, double Total, double Largest, double Second, uint Key)
{
    /// <summary>One record; nothing when its value is not above 0.</summary>
    public static CellSum Record(double value, uint key) => value > 0 ? new(1, value, value, 0, key) : default;

    /// <summary>Several records known by their number and sum, perhaps their largest; unknown parts are bounded by the sum.</summary>
    public static CellSum Merged(long contributors, double total, double largest, double second, uint key)
    {
        if (!(total > 0)) return default;
        var top = largest > 0 ? Math.Min(largest, total) : total;
        return new(Math.Max(1, contributors), total, top, second >= 0 && largest > 0 ? Math.Min(second, total - top) : total - top, key);
    }

    /// <summary>Whether nothing is there.</summary>
    public bool IsEmpty => Contributors == 0;

    /// <summary>The records of both.</summary>
    public static CellSum operator +(CellSum a, CellSum b)
    {
        var (top, other) = a.Largest >= b.Largest ? (a, b) : (b, a);
        return new(a.Contributors + b.Contributors, a.Total + b.Total, top.Largest, Math.Max(other.Largest, top.Second), unchecked(a.Key + b.Key));
    }

    /// <summary>Whether the sum may be shown: enough records, none dominant, and the p % rule
    /// (total - largest - second >= p x largest). A union of safe cells is safe.</summary>
    public bool IsSafe(DisclosureRules rules) =>
        Contributors >= rules.LeastContributors && Largest <= rules.MostDominance * Total && Total - Largest - Second >= rules.PriorShare * Largest;
}
