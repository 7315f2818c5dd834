using GeoHarm.Spatial.Layers;

namespace GeoHarm.Stores.Importers;

/// <summary>Puts an outcome together: layers only when no fault is an error, years and sums by year, notes on the form.</summary>
internal static class OutcomeBuilder
{
    /// <summary>Sums are told to the micro-unit, so that binary fractions do not show.</summary>
    private const int SumDecimals = 6;

    /// <summary>The outcome of a table with sums by year.</summary>
    public static ImportOutcome ByYear(string format, TextTable table, JoinReport join, IEnumerable<int> years, IReadOnlyDictionary<int, double> sums, Func<Layer[]> layers)
    {
        var totals = sums.OrderBy(s => s.Key).ToDictionary(s => s.Key.ToString(System.Globalization.CultureInfo.InvariantCulture), s => Math.Round(s.Value, SumDecimals));
        return Of(format, table, join, years, totals, layers);
    }

    /// <summary>The outcome of a table with sums by measure.</summary>
    public static ImportOutcome Of(string format, TextTable table, JoinReport join, IEnumerable<int> years, IReadOnlyDictionary<string, double> totals, Func<Layer[]> layers)
    {
        var faults = table.Faults.OrderBy(f => f.Line ?? 0).ToArray();
        var usable = faults.All(f => f.Severity != FaultSeverity.Error);
        return new ImportOutcome(format, usable ? layers() : [], table.RowCount, [.. years.Distinct().Order()], totals, join, faults, [table.Form]);
    }

    /// <summary>Sums of a measure by year; rows without a value or a year add nothing.</summary>
    public static Dictionary<int, double> SumByYear(IReadOnlyList<int?> years, IReadOnlyList<double> values, Func<int, bool>? counts = null)
    {
        var sums = new Dictionary<int, double>();
        for (var row = 0; row < values.Count; row++)
        {
            if (years[row] is not { } year || !double.IsFinite(values[row]) || counts?.Invoke(row) == false) continue;
            sums[year] = sums.GetValueOrDefault(year) + values[row];
        }
        return sums;
    }

    /// <summary>A column of years.</summary>
    public static Column YearColumn(IEnumerable<int?> years, string name = "year") => Column.Integer(name, years.Select(y => (long?)y));
}
