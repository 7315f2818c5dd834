using System.Globalization;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Stores.Importers;

/// <summary>Turns the text cells of a table into codes, years, dates and quantities. Nothing is guessed row by row: a
/// column has one number style and one date order, found from all its cells, and cells that break it are faults.</summary>
internal sealed class TableReading
{
    private const int FirstYear = 1900;
    private const int LastYear = 2100;

    /// <summary>At most so many faults of one kind in one column are told singly; more would hide the others.</summary>
    private const int MostOfAKind = 200;

    private readonly TextTable table;

    /// <summary>Reads from a table; faults are added to the table's.</summary>
    public TableReading(TextTable table) => this.table = table;

    /// <summary>Rows.</summary>
    public int RowCount => table.RowCount;

    /// <summary>All faults so far.</summary>
    public List<Fault> Faults => table.Faults;

    /// <summary>Adds a fault for every column that is missing; true when none is. Alternatives are separated by a bar.</summary>
    public bool Require(params ReadOnlySpan<string> columns)
    {
        var all = true;
        foreach (var column in columns)
        {
            if (table.IndexOf(column.Split('|')) >= 0) continue;
            all = false;
            Faults.Add(Fault.AtLine("GH4020", table.File, 1, $"Column {column.Replace("|", " or ", StringComparison.Ordinal)} is missing; there are {string.Join(", ", table.Header.Take(30))}.", "Give the file as it was published, with all its columns."));
        }
        return all;
    }

    /// <summary>Text of a column, null where empty; all null where the column is missing.</summary>
    public string?[] Texts(params ReadOnlySpan<string> names)
    {
        var column = table.IndexOf(names);
        var texts = new string?[RowCount];
        for (var row = 0; column >= 0 && row < RowCount; row++) texts[row] = table.Cells[column][row] is { Length: > 0 } text ? text : null;
        return texts;
    }

    /// <summary>Numbers of a column in the one style that its cells agree on; NaN where empty or missing.</summary>
    /// <param name="column">Index of the column; below 0 gives NaN throughout.</param>
    /// <param name="blankIsZero">A census: blank and dash mean none. Otherwise they mean no value.</param>
    /// <param name="mayBeNegative">Whether negative numbers make sense.</param>
    public double[] Numbers(int column, bool blankIsZero = false, bool mayBeNegative = false)
    {
        var numbers = new double[RowCount];
        Array.Fill(numbers, blankIsZero ? 0 : double.NaN);
        if (column < 0) return numbers;
        var cells = table.Cells[column];
        var style = StyleOf(column);
        var told = 0;
        for (var row = 0; row < RowCount; row++)
        {
            var cell = cells[row];
            if (cell.Length == 0 || cell is "NA" or "N/A" or "NULL" or "null") continue;
            if (NumberForm.IsDash(cell))
            {
                numbers[row] = 0;
                continue;
            }
            if (NumberForm.Value(cell, style) is not { } value)
            {
                if (told++ < MostOfAKind) Faults.Add(NotANumber(column, row, cell, style));
            }
            else if (value < 0 && !mayBeNegative)
            {
                if (told++ < MostOfAKind) Faults.Add(AtCell("GH4022", column, row, $"{cell} is negative.", "A quantity cannot be below zero: correct the cell."));
            }
            else
            {
                numbers[row] = value;
            }
        }
        return numbers;
    }

    /// <summary>Years of a column; null where empty or no year.</summary>
    public int?[] Years(params ReadOnlySpan<string> names)
    {
        var column = table.IndexOf(names);
        var years = new int?[RowCount];
        for (var row = 0; column >= 0 && row < RowCount; row++)
        {
            var cell = table.Cells[column][row];
            if (cell.EndsWith(".0", StringComparison.Ordinal)) cell = cell[..^2];
            if (int.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year is >= FirstYear and <= LastYear) years[row] = year;
            else Faults.Add(AtCell("GH4027", column, row, $"'{TextTable.Shown(cell)}' is no year.", "Give a year of four digits."));
        }
        return years;
    }

    /// <summary>Dates of a column, in the one order of day and month that its cells allow.</summary>
    public DateOnly?[] Dates(params ReadOnlySpan<string> names)
    {
        var column = table.IndexOf(names);
        var dates = new DateOnly?[RowCount];
        if (column < 0) return dates;
        var monthFirst = table.Cells[column].Any(c => c.Split('/', ' ') is [var a, var b, ..] && c.Contains('/', StringComparison.Ordinal) && Small(a) is <= 12 && Small(b) is > 12 and <= 31);
        for (var row = 0; row < RowCount; row++)
        {
            var cell = table.Cells[column][row];
            if (cell.Length == 0) continue;
            dates[row] = Date(cell, monthFirst);
            if (dates[row] is null) Faults.Add(AtCell("GH4029", column, row, $"'{TextTable.Shown(cell)}' is no date.", "Write dates as 2024-12-31 or 31/12/2024, one order throughout."));
        }
        return dates;
    }

    /// <summary>Municipality codes in full form; null where the cell is empty or no code, which is a fault.</summary>
    public string?[] Codes(out JoinReport join, params ReadOnlySpan<string> names)
    {
        var column = table.IndexOf(names);
        var codes = new string?[RowCount];
        var matched = new HashSet<string>(StringComparer.Ordinal);
        var unmatched = new SortedSet<string>(StringComparer.Ordinal);
        for (var row = 0; column >= 0 && row < RowCount; row++)
        {
            var cell = table.Cells[column][row];
            codes[row] = Municipalities.Full(cell);
            if (codes[row] is not { } code)
            {
                if (cell.Length == 0) Faults.Add(AtCell("GH4034", column, row, "The code is empty.", "Give the five-digit code of the municipality."));
                unmatched.Add(cell);
            }
            else if (Municipalities.Has(code)) matched.Add(code);
            else unmatched.Add(cell);
        }
        foreach (var cell in unmatched.Where(c => c.Length > 0))
        {
            var first = table.Cells[column].IndexOf(cell);
            var remark = Municipalities.Full(cell) is { } code ? Municipalities.Remark(code) : null;
            Faults.Add(AtCell("GH4024", column, first, $"'{TextTable.Shown(cell)}' is no code of the register of municipalities{(remark is null ? "" : $": {remark}")}.", "Rows with this code stay out of every join by place; correct the code if it is a slip.") with { Severity = FaultSeverity.Warning });
        }
        foreach (var special in matched.Where(c => Municipalities.Remark(c) is not null))
        {
            Faults.Add(new Fault(FaultSeverity.Warning, "GH4041", table.File, $"code {special}", $"{special}: {Municipalities.Remark(special)}.", "Compare this unit with care across the change of its boundary."));
        }
        join = new JoinReport(matched.Count, [.. unmatched.Where(c => c.Length > 0)], []);
        return codes;
    }

    /// <summary>Faults for keys that stand for more than one row; the join report with them in it.</summary>
    public JoinReport RefuseRepeats(JoinReport join, Func<int, string?> keyOf, string what, FaultSeverity severity = FaultSeverity.Error)
    {
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        var repeated = new SortedSet<string>(StringComparer.Ordinal);
        for (var row = 0; row < RowCount; row++)
        {
            if (keyOf(row) is not { } key || first.TryAdd(key, row)) continue;
            repeated.Add(key);
            Faults.Add(Fault.AtLine("GH4023", table.File, table.Lines[row], $"{what} {key} stands here again; it was at line {table.Lines[first[key]]}.", "Keep one of the rows.") with { Severity = severity });
        }
        return join with { Duplicated = [.. repeated] };
    }

    /// <summary>Indexes of the columns whose name is a year after a prefix, with the year.</summary>
    public List<(int Column, int Year)> YearColumns(string prefix = "")
    {
        var found = new List<(int, int)>();
        for (var i = 0; i < table.Header.Length; i++)
        {
            var name = Folded.Of(table.Header[i]);
            if (!name.StartsWith(prefix, StringComparison.Ordinal)) continue;
            var rest = name[prefix.Length..].Trim('_');
            if (rest.Length == 4 && int.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year is >= FirstYear and <= LastYear && found.All(f => f.Item2 != year)) found.Add((i, year));
        }
        return found;
    }

    /// <summary>A fault at a cell.</summary>
    public Fault AtCell(string code, int column, int row, string message, string remedy) =>
        Fault.AtLine(code, table.File, table.Lines[row], $"Column '{table.Header[column]}': {message}", remedy);

    private NumberStyle StyleOf(int column)
    {
        var (onlyPoint, onlyComma, ambiguous) = (0, 0, -1);
        var cells = table.Cells[column];
        for (var row = 0; row < cells.Count; row++)
        {
            switch (NumberForm.Fits(cells[row]))
            {
                case (true, false): onlyPoint++; break;
                case (false, true): onlyComma++; break;
                case (true, true) when ambiguous < 0 && NumberForm.IsAmbiguous(cells[row]): ambiguous = row; break;
            }
        }
        if (onlyPoint == 0 && onlyComma == 0 && ambiguous >= 0)
        {
            Faults.Add(AtCell("GH4037", column, ambiguous, $"'{cells[ambiguous]}' can be read in two ways, and no cell of the column settles which; the point is taken as the decimal mark.", "Check the column, or write it without separators of thousands.") with { Severity = FaultSeverity.Warning });
        }
        return onlyComma > onlyPoint ? NumberStyle.Comma : NumberStyle.Point;
    }

    private Fault NotANumber(int column, int row, string cell, NumberStyle style) =>
        NumberForm.Fits(cell) is (true, false) or (false, true)
            ? AtCell("GH4033", column, row, $"'{cell}' uses a {(style == NumberStyle.Point ? "decimal comma, the rest of the column a decimal point" : "decimal point, the rest of the column a decimal comma")}.", "Write the column in one style.")
            : AtCell("GH4021", column, row, $"'{TextTable.Shown(cell)}' is no number.", "Give a number, or leave the cell empty.");

    private static int? Small(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static DateOnly? Date(string cell, bool monthFirst)
    {
        if (cell.Length >= 10 && cell[4] == '-' && DateOnly.TryParseExact(cell[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var iso)) return iso;
        var day = cell.Split(' ')[0];
        var forms = monthFirst ? new[] { "M/d/yyyy", "M-d-yyyy" } : ["d/M/yyyy", "d-M-yyyy", "yyyy/M/d"];
        return DateOnly.TryParseExact(day, forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null;
    }
}
