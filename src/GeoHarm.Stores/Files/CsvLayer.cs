using System.Globalization;
using CsvHelper;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Stores.Files;

/// <summary>
/// Plain tables as CSV: UTF-8, comma, a header row, invariant numbers, ISO dates, empty for no value. On export a text
/// cell that a spreadsheet would run as a formula gets an apostrophe before it; reading takes it off again.
/// </summary>
public static class CsvLayer
{
    private const string FormulaStarts = "=+-@\t\r";
    private static readonly CsvWriterOptions Written = new() { NewLine = "\n" };
    private static readonly CsvReaderOptions Taken = new() { Separator = ',', TrackLineNumbers = true, PoolStrings = true };

    /// <summary>Writes a table that may leave; geometry, if any, is not written. Throws <see cref="StoreException"/>.</summary>
    public static void Write(string path, PublishedLayer published) =>
        AtomicFile.Write(path, stream => Write(stream, published));

    /// <summary>Writes a table that may leave to a stream.</summary>
    public static void Write(Stream stream, PublishedLayer published)
    {
        var layer = published.Layer;
        using var csv = CsvWriter.Create(stream, Written, leaveOpen: true);
        foreach (var column in layer.Columns) csv.WriteField(Harmless(column.Name));
        csv.EndRecord();
        for (var row = 0; row < layer.RowCount; row++)
        {
            foreach (var column in layer.Columns)
            {
                var text = column.TextAt(row);
                csv.WriteField(column.Type == FieldType.Text ? Harmless(text) : text);
            }
            csv.EndRecord();
        }
    }

    /// <summary>
    /// Reads a table. A column is Integer, Real or Date when every value is one, else Text; a column of numbers with
    /// leading zeros is Text, since those are codes. Types given by name overrule. Throws
    /// <see cref="InvalidInputException"/> with every fault, <see cref="StoreException"/> when the file cannot be opened.
    /// </summary>
    public static Layer Read(string path, string? name = null, IReadOnlyDictionary<string, FieldType>? types = null)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
            return Read(stream, path, name, types);
        }
        catch (Exception failure) when (AtomicFile.Explain(path, failure) is { } explained)
        {
            throw new StoreException($"'{path}' cannot be read.", explained.Remedy, failure);
        }
    }

    /// <summary>Reads a table from a stream; <paramref name="path"/> names it in faults.</summary>
    public static Layer Read(Stream stream, string path, string? name = null, IReadOnlyDictionary<string, FieldType>? types = null)
    {
        var faults = new List<Fault>();
        using var csv = CsvReader.Create(stream, Taken, leaveOpen: true);
        csv.ReadHeader();
        var header = csv.Headers.Select(h => Plain(h.Trim())).ToArray();
        if (header.Length == 0) throw new InvalidInputException([new Fault(FaultSeverity.Error, "GH4010", path, "", "The file is empty.", "Give a CSV file with a header row.")]);
        foreach (var same in header.GroupBy(h => h, StringComparer.Ordinal).Where(g => g.Count() > 1))
        {
            faults.Add(Fault.AtLine("GH4011", path, 1, $"Column '{same.Key}' appears {same.Count()} times.", "Rename or remove the repeated column."));
        }
        var cells = header.Select(_ => new List<string?>()).ToArray();
        var lines = new List<int>();
        while (csv.Read())
        {
            var line = (int)csv.LineNumber;
            if (csv.FieldCount != header.Length)
            {
                faults.Add(Fault.AtLine("GH4012", path, line, $"The row has {csv.FieldCount} fields, the header {header.Length}.", "Complete the row; a truncated download shows itself so."));
                continue;
            }
            lines.Add(line);
            for (var i = 0; i < header.Length; i++) cells[i].Add(csv.IsEmpty(i) ? null : Plain(csv.GetString(i)));
        }
        var columns = new List<Column>();
        for (var i = 0; i < header.Length && faults.Count == 0; i++)
        {
            var type = types is not null && types.TryGetValue(header[i], out var given) ? given : Infer(cells[i]);
            columns.Add(Typed(header[i], type, cells[i], lines, path, faults));
        }
        if (faults.Count > 0) throw new InvalidInputException(faults);
        return new Layer(name ?? Path.GetFileNameWithoutExtension(path), columns);
    }

    private static string? Harmless(string? text) =>
        text is { Length: > 0 } && (FormulaStarts.Contains(text[0], StringComparison.Ordinal) || IsMarked(text)) ? "'" + text : text;

    private static string Plain(string text) => IsMarked(text) ? text[1..] : text;

    /// <summary>An apostrophe, perhaps several, before what would be a formula: one of them is ours.</summary>
    private static bool IsMarked(string text)
    {
        var body = text.AsSpan().TrimStart('\'');
        return text.Length > 0 && text[0] == '\'' && body.Length > 0 && FormulaStarts.Contains(body[0], StringComparison.Ordinal);
    }

    private static FieldType Infer(List<string?> cells)
    {
        var present = cells.OfType<string>().ToArray();
        if (present.Length == 0 || present.Any(HasLeadingZero)) return FieldType.Text;
        if (present.All(c => Whole(c) is not null)) return FieldType.Integer;
        if (present.All(c => Number(c) is not null)) return FieldType.Real;
        return present.All(c => Date(c) is not null) ? FieldType.Date : FieldType.Text;
    }

    private static bool HasLeadingZero(string cell) => cell.Length > 1 && cell[0] == '0' && char.IsAsciiDigit(cell[1]);

    private static Column Typed(string name, FieldType type, List<string?> cells, List<int> lines, string path, List<Fault> faults)
    {
        T? Parse<T>(string? cell, int row, Func<string, T?> parse) where T : struct
        {
            if (cell is null) return null;
            var value = parse(cell);
            if (value is null) faults.Add(Fault.AtLine("GH4013", path, lines[row], $"Column '{name}': '{cell}' is not {type}.", "Correct the cell, or declare the column as text."));
            return value;
        }
        return type switch
        {
            FieldType.Integer => Column.Integer(name, cells.Select((c, r) => Parse(c, r, Whole)).ToArray()),
            FieldType.Real => Column.Real(name, cells.Select((c, r) => Parse(c, r, Number) ?? double.NaN).ToArray()),
            FieldType.Date => Column.Date(name, cells.Select((c, r) => Parse(c, r, Date)).ToArray()),
            _ => Column.Text(name, cells),
        };
    }

    private static long? Whole(string cell) =>
        long.TryParse(cell, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static double? Number(string cell) =>
        double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && !double.IsNaN(value) ? value : null;

    private static DateOnly? Date(string cell) =>
        DateOnly.TryParseExact(cell, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var value) ? value : null;
}
