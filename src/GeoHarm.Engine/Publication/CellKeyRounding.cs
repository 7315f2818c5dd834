using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Engine.Publication;

/// <summary>
/// Rounding by cell keys (after Fraser and Wooton 2005, the TableBuilder of the Australian Bureau of Statistics): up or down
/// is drawn, with the mean kept, from a number that depends only on the set of records in the cell. The same records give
/// the same answer in every query and every edition, so asking again averages nothing away, and two answers that differ
/// by one record differ by a multiple of the step, not by the record.
/// </summary>
public static class CellKeyRounding
{
    /// <summary>Key of a record at a place; independent of its value and of the order of records.</summary>
    public static uint KeyOf(double x, double y) =>
        (uint)CounterRandom.Block((ulong)BitConverter.DoubleToInt64Bits(x), (ulong)BitConverter.DoubleToInt64Bits(y), 0x47656F48, 0).First;

    /// <summary>Key of a record with a name.</summary>
    public static uint KeyOf(string name) => CounterRandom.StreamOf(name);

    /// <summary>The value as a multiple of the step, no further than one step away.</summary>
    /// <param name="value">0 or more; NaN stays.</param>
    /// <param name="step">Above 0.</param>
    /// <param name="key">Key of the cell.</param>
    /// <param name="column">Name of the column, so that columns of one cell are rounded apart.</param>
    public static double Round(double value, double step, uint key, string column)
    {
        if (double.IsNaN(value)) return value;
        var down = Math.Floor(value / step);
        var random = new CounterRandom(key, 0, CounterRandom.StreamOf(column));
        return (random.NextUniform() < value / step - down ? down + 1 : down) * step;
    }

    /// <summary>A count for the public: "&lt;8" from 1 to 7, else a multiple of 5.</summary>
    public static string Count(long count, uint key, DisclosureRules rules) => count == 0 ? "0"
        : count < rules.LeastCount ? FormattableString.Invariant($"<{rules.LeastCount}")
        : FormattableString.Invariant($"{Math.Max(rules.LeastCount, Round(count, rules.RoundCount, key, "count"))}");
}
