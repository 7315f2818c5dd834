using System.Globalization;

namespace GeoHarm.Spatial.Layers;

/// <summary>How a table becomes a panel.</summary>
public sealed record PanelOptions
{
    /// <summary>File name for faults.</summary>
    public string File { get; init; } = "panel";

    /// <summary>Whether a unit-year without a row, or an empty cell, counts as zero. True for censuses that list only what they
    /// found (SIMCI); false by default, so that a gap in other data is a fault and not a zero.</summary>
    public bool MissingIsZero { get; init; }

    /// <summary>First year used; default all.</summary>
    public int FirstYear { get; init; } = int.MinValue;

    /// <summary>Last year used; default all.</summary>
    public int LastYear { get; init; } = int.MaxValue;

    /// <summary>Units the panel must have, in this order; rows of other units are reported as unmatched. Null takes the units
    /// of the table in order of appearance.</summary>
    public IReadOnlyList<string>? Units { get; init; }
}

/// <summary>
/// A balanced panel: every unit has every year of every variable. Values are unit-major: unit * years + year.
/// </summary>
public sealed class UnitPanel
{
    private readonly Dictionary<string, double[]> variables;

    private UnitPanel(IReadOnlyList<string> units, int firstYear, int yearCount, Dictionary<string, double[]> variables, IReadOnlyList<string> unmatched) =>
        (Units, FirstYear, YearCount, this.variables, Unmatched) = (units, firstYear, yearCount, variables, unmatched);

    /// <summary>Unit codes.</summary>
    public IReadOnlyList<string> Units { get; }

    /// <summary>First year.</summary>
    public int FirstYear { get; }

    /// <summary>Number of years, consecutive.</summary>
    public int YearCount { get; }

    /// <summary>Last year.</summary>
    public int LastYear => FirstYear + YearCount - 1;

    /// <summary>Units of the table that the asked-for list does not have.</summary>
    public IReadOnlyList<string> Unmatched { get; }

    /// <summary>Names of the variables.</summary>
    public IReadOnlyCollection<string> Variables => variables.Keys;

    /// <summary>All values of a variable, unit-major.</summary>
    public ReadOnlySpan<double> Values(string variable) => variables[variable];

    /// <summary>The values of one year, in the order of the units.</summary>
    public double[] Year(string variable, int year)
    {
        if (year < FirstYear || year > LastYear) throw new ArgumentOutOfRangeException(nameof(year), year, $"The panel runs from {FirstYear} to {LastYear}.");
        var values = variables[variable];
        var slice = new double[Units.Count];
        for (var u = 0; u < slice.Length; u++) slice[u] = values[u * YearCount + year - FirstYear];
        return slice;
    }

    /// <summary>A panel from arrays: variable to values, unit-major.</summary>
    public static UnitPanel FromArrays(IReadOnlyList<string> units, int firstYear, int yearCount, IReadOnlyDictionary<string, double[]> variables)
    {
        foreach (var (name, values) in variables)
        {
            if (values.Length != units.Count * yearCount) throw new ArgumentException($"Variable '{name}' has {values.Length} values, not {units.Count} x {yearCount}.", nameof(variables));
        }
        return new UnitPanel(units, firstYear, yearCount, variables.ToDictionary(v => v.Key, v => v.Value), []);
    }

    /// <summary>Code of a unit in comparable form: trimmed, leading zeros of whole numbers dropped, so that 5001 is 05001.</summary>
    public static string Code(string text)
    {
        var code = text.Trim();
        return code.Length > 0 && code.All(char.IsAsciiDigit) ? code.TrimStart('0').PadLeft(1, '0') : code;
    }

    /// <summary>Builds the panel from a table in long form. Throws <see cref="InvalidInputException"/> with every fault: columns
    /// missing, years that are none, cells that are no number, repeated unit-years, gaps.</summary>
    public static UnitPanel FromLayer(Layer table, string unitColumn, string timeColumn, IReadOnlyList<string> columns, PanelOptions? options = null) =>
        new PanelBuilder(table, unitColumn, timeColumn, columns, options ?? new PanelOptions()).Build();

    private sealed class PanelBuilder(Layer table, string unitColumn, string timeColumn, IReadOnlyList<string> columns, PanelOptions options)
    {
        private const int MostOfOneKind = 100; // faults of one kind listed; the rest are counted, so that a wrong file stays readable
        private readonly List<Fault> faults = [];
        private readonly Dictionary<string, int> unitIndex = new(StringComparer.Ordinal);
        private readonly List<string> units = [];
        private readonly SortedSet<string> unmatched = new(StringComparer.Ordinal);

        public UnitPanel Build()
        {
            foreach (var name in columns.Prepend(timeColumn).Prepend(unitColumn).Distinct())
            {
                if (!table.Has(name)) Report("GH5501", $"column {name}", $"There is no column '{name}'; there are {string.Join(", ", table.Columns.Select(c => c.Name))}.", "Name a column of the file.", null);
            }
            if (faults.Count > 0) throw new InvalidInputException(faults);
            if (options.Units is not null)
            {
                foreach (var unit in options.Units) Add(Code(unit));
            }
            var rows = Rows();
            if (rows.Count == 0)
            {
                Report("GH5502", "", "No row has a unit and a year in the window.", "Check the columns of unit and time, and the years asked for.", null);
                throw new InvalidInputException(Listed());
            }
            int first = rows.Min(r => r.Year), last = rows.Max(r => r.Year), count = last - first + 1;
            var values = columns.Distinct().ToDictionary(c => c, _ => Enumerable.Repeat(double.NaN, units.Count * count).ToArray());
            var seen = new int[units.Count * count];
            foreach (var (row, unit, year) in rows)
            {
                var cell = unit * count + year - first;
                if (seen[cell] > 0)
                {
                    Report("GH5503", $"unit {units[unit]}, {year}", $"The unit-year appears again; it was first on line {seen[cell]}.", "Keep one row for each unit and year, or add them up first.", row);
                    continue;
                }
                seen[cell] = row + 2;
                foreach (var (name, target) in values) target[cell] = Number(name, row);
            }
            for (var cell = 0; cell < seen.Length; cell++) Complete(cell, first, count, seen[cell] > 0, values);
            if (faults.Count > 0) throw new InvalidInputException(Listed());
            return new UnitPanel(units, first, count, values, [.. unmatched]);
        }

        private List<(int Row, int Unit, int Year)> Rows()
        {
            var rows = new List<(int, int, int)>();
            for (var row = 0; row < table.RowCount; row++)
            {
                var text = table[timeColumn].TextAt(row);
                if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var time) || time != Math.Floor(time) || Math.Abs(time) > 9999)
                {
                    Report("GH5504", $"column {timeColumn}", $"'{text}' is not a year.", "Give whole years such as 2004.", row);
                    continue;
                }
                if (time < options.FirstYear || time > options.LastYear) continue;
                var unit = table[unitColumn].TextAt(row);
                if (string.IsNullOrWhiteSpace(unit))
                {
                    Report("GH5505", $"column {unitColumn}", "The row has no unit.", "Give the code of the unit.", row);
                    continue;
                }
                var code = Code(unit);
                if (!unitIndex.TryGetValue(code, out var index))
                {
                    if (options.Units is not null) { unmatched.Add(code); continue; }
                    index = Add(code);
                }
                rows.Add((row, index, (int)time));
            }
            return rows;
        }

        private int Add(string code)
        {
            if (!unitIndex.TryAdd(code, units.Count)) { Report("GH5506", $"unit {code}", "Two zones have this code.", "Give every zone its own code.", null); return unitIndex[code]; }
            units.Add(code);
            return units.Count - 1;
        }

        private double Number(string name, int row)
        {
            var column = table[name];
            if (column.IsNull(row)) return double.NaN;
            var text = column.TextAt(row)!;
            if (text.Trim().Length == 0) return double.NaN;
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)) return number;
            Report("GH5507", $"column {name}", $"'{text}' is not a number.", "Write numbers with a decimal point and without separators, or import the official file with 'data import'.", row);
            return 0;
        }

        private void Complete(int cell, int first, int count, bool present, Dictionary<string, double[]> values)
        {
            var (unit, year) = (units[cell / count], first + cell % count);
            if (!present && !options.MissingIsZero)
            {
                Report("GH5508", $"unit {unit}, {year}", "The panel has no row for this unit and year.", "Complete the panel, shorten the window, or say that missing rows are zero.", null);
                return;
            }
            foreach (var (name, target) in values)
            {
                if (!double.IsNaN(target[cell])) continue;
                if (options.MissingIsZero) target[cell] = 0;
                else Report("GH5509", $"unit {unit}, {year}", $"Column '{name}' has no value here.", "Complete the value, leave out the column, or say that missing values are zero.", null);
            }
        }

        private void Report(string code, string place, string message, string remedy, int? row) =>
            faults.Add(new Fault(FaultSeverity.Error, code, options.File, row is { } r ? $"line {r + 2}, {place}" : place, message, remedy, row + 2));

        private List<Fault> Listed()
        {
            var listed = new List<Fault>();
            foreach (var kind in faults.GroupBy(f => f.Code))
            {
                listed.AddRange(kind.Take(MostOfOneKind));
                var rest = kind.Count() - MostOfOneKind;
                if (rest > 0) listed.Add(kind.First() with { Place = "", Line = null, Message = $"{rest} more faults of this kind." });
            }
            return listed;
        }
    }
}
