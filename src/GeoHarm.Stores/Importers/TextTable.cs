using CsvHelper;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Stores.Importers;

/// <summary>
/// A table of text cells as they stand in a file, by column, with the line of each row and every fault of its form:
/// rows cut short, mixed separators, broken quoting, bytes that are no text, formulas, fields of absurd length. The same
/// shape holds a CSV file, a sheet of a workbook or a JSON answer of an open-data portal.
/// </summary>
internal sealed class TextTable
{
    /// <summary>Longest field taken, characters. Official names and notes stay under 4,000; more is an unclosed quote.</summary>
    public const int LongestField = 16_384;

    private const string Separators = ",;\t|";
    private readonly Dictionary<string, int> byName = new(StringComparer.Ordinal);

    private TextTable(string file, string[] header, List<string>[] cells, List<int> lines, List<Fault> faults)
    {
        (File, Header, Cells, Lines, Faults) = (file, header, cells, lines, faults);
        for (var i = 0; i < header.Length; i++) byName.TryAdd(Folded.Of(header[i]), i);
    }

    /// <summary>File name as given.</summary>
    public string File { get; }

    /// <summary>Column names as they stand.</summary>
    public string[] Header { get; }

    /// <summary>Cells by column, trimmed; empty where there is nothing.</summary>
    public List<string>[] Cells { get; }

    /// <summary>Line of each row, from 1; sheet row or record number where there are no lines.</summary>
    public List<int> Lines { get; }

    /// <summary>Faults of form found so far.</summary>
    public List<Fault> Faults { get; }

    /// <summary>Rows.</summary>
    public int RowCount => Lines.Count;

    /// <summary>What was found out about the text: encoding, separator, line ends.</summary>
    public string Form { get; private init; } = "";

    /// <summary>Index of the first of these columns that exists; -1 when none does. Accents and case do not matter.</summary>
    public int IndexOf(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (byName.TryGetValue(Folded.Of(name), out var index)) return index;
        }
        return -1;
    }

    /// <summary>Whether all these columns exist.</summary>
    public bool HasAll(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (IndexOf(name) < 0) return false;
        }
        return true;
    }

    /// <summary>A table from rows already split, the first being the header.</summary>
    public static TextTable FromRows(string file, IReadOnlyList<string> header, IEnumerable<(int Line, IReadOnlyList<string> Cells)> rows, string form)
    {
        var cells = header.Select(_ => new List<string>()).ToArray();
        var lines = new List<int>();
        foreach (var (line, row) in rows)
        {
            lines.Add(line);
            for (var i = 0; i < cells.Length; i++) cells[i].Add(i < row.Count ? row[i].Trim() : "");
        }
        return new TextTable(file, [.. header], cells, lines, []) { Form = form };
    }

    /// <summary>Reads a delimited text. Never throws for what the file holds: faults say what is wrong.</summary>
    public static TextTable Parse(string file, byte[] bytes)
    {
        var text = TextDecoding.Of(bytes);
        var faults = new List<Fault>();
        if (text.IsMixed) faults.Add(new Fault(FaultSeverity.Warning, "GH4015", file, "", $"Lines differ in their encoding: {text.Name}.", "Compare the names with the source; save the file as UTF-8 to be sure."));
        faults.AddRange(text.UncertainLines.Select(l => Fault.AtLine("GH4016", file, l, "The bytes of this line are no letters in UTF-8, Windows-1252 or Mac Roman.", "Compare the names on this line; export the file again as UTF-8.") with { Severity = FaultSeverity.Warning }));
        var separator = SeparatorOf(text.Utf8);
        var options = new CsvReaderOptions
        {
            Separator = separator,
            TrackLineNumbers = true,
            PoolStrings = true,
            TrimWhitespace = true,
            MaxRecordSize = 1 << 24,
            OnMalformedRecord = r => faults.Add(Fault.AtLine("GH4019", file, (int)r.LineNumber, $"Quotes do not match ({r.Reason}).", "Double a quote inside a field, or remove it.")),
        };
        using var csv = CsvReader.Create(text.Utf8, options);
        var form = $"{text.Name}, separator {Name(separator)}, {LineEnds(text.Utf8)} line ends";
        try
        {
            return Read(file, csv, separator, faults, form);
        }
        catch (CsvFormatException failure)
        {
            faults.Add(Fault.AtLine("GH4019", file, (int)Math.Max(1, failure.LineNumber), failure.Message, "Look for an unclosed quote before this line."));
            return new TextTable(file, [], [], [], faults) { Form = form };
        }
    }

    private static TextTable Read(string file, CsvReader csv, char separator, List<Fault> faults, string form)
    {
        csv.ReadHeader();
        var header = csv.Headers.ToArray();
        if (header.Length == 0 || header.All(string.IsNullOrWhiteSpace))
        {
            faults.Add(new Fault(FaultSeverity.Error, "GH4010", file, "", "The file holds no table.", "Give a file with a header row and rows under it."));
            return new TextTable(file, [], [], [], faults) { Form = form };
        }
        foreach (var same in header.GroupBy(Folded.Of, StringComparer.Ordinal).Where(g => g.Key.Length > 0 && g.Count() > 1))
        {
            faults.Add(Fault.AtLine("GH4011", file, 1, $"Column '{same.First()}' appears {same.Count()} times.", "Remove the repeated column; the first one would be read."));
        }
        var cells = header.Select(_ => new List<string>()).ToArray();
        var lines = new List<int>();
        while (csv.Read())
        {
            var line = (int)csv.LineNumber;
            if (csv.FieldCount != header.Length)
            {
                faults.Add(WrongCount(file, line, csv, header.Length, separator));
                continue;
            }
            if (csv.RawRecord.ContainsAnyInRange((byte)0, (byte)8))
            {
                faults.Add(Fault.AtLine("GH4017", file, line, "The line holds bytes that are no text.", "The file is damaged or is no table: download it again."));
                continue;
            }
            lines.Add(line);
            for (var i = 0; i < header.Length; i++) cells[i].Add(Cell(csv, i, file, line, header[i], faults));
        }
        return new TextTable(file, header, cells, lines, faults) { Form = form };
    }

    private static string Cell(CsvReader csv, int column, string file, int line, string name, List<Fault> faults)
    {
        var raw = csv.GetSpan(column);
        if (raw.IsEmpty) return "";
        if (raw.Length > LongestField)
        {
            faults.Add(Fault.AtLine("GH4018", file, line, $"Column '{name}' holds a field of {raw.Length} characters.", "Look for an unclosed quote, or shorten the field."));
            return "";
        }
        if (raw[0] is (byte)'=' or (byte)'@' || (raw[0] is (byte)'+' or (byte)'-' && raw.Length > 1 && raw[1] is (>= (byte)'A' and <= (byte)'Z') or (>= (byte)'a' and <= (byte)'z') or (byte)'('))
        {
            faults.Add(Fault.AtLine("GH4014", file, line, $"Column '{name}' holds a formula: '{Shown(csv.GetString(column))}'.", "Save the values, not the formulas."));
            return "";
        }
        return csv.GetString(column);
    }

    private static Fault WrongCount(string file, int line, CsvReader csv, int wanted, char separator)
    {
        foreach (var other in Separators)
        {
            if (other != separator && csv.RawRecord.Count((byte)other) == wanted - 1)
            {
                return Fault.AtLine("GH4013", file, line, $"The row is separated by {Name(other)}, the header by {Name(separator)}.", $"Use {Name(separator)} throughout.");
            }
        }
        return csv.FieldCount < wanted
            ? Fault.AtLine("GH4012", file, line, $"The row is cut short: {csv.FieldCount} fields, the header has {wanted}.", "Complete the row, or download the file again.")
            : Fault.AtLine("GH4012", file, line, $"The row has {csv.FieldCount} fields, the header {wanted}.", "Quote fields that hold the separator.");
    }

    internal static string Shown(string cell) => cell.Length <= 40 ? cell : cell[..37] + "...";

    private static char SeparatorOf(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAny((byte)'\n', (byte)'\r');
        var first = end < 0 ? text : text[..end];
        var counts = new int[Separators.Length];
        var quoted = false;
        foreach (var letter in first)
        {
            if (letter == '"') quoted = !quoted;
            var index = quoted ? -1 : Separators.IndexOf((char)letter, StringComparison.Ordinal);
            if (index >= 0) counts[index]++;
        }
        var best = Array.IndexOf(counts, counts.Max());
        return counts[best] == 0 ? ',' : Separators[best];
    }

    private static string LineEnds(ReadOnlySpan<byte> text)
    {
        var at = text.IndexOfAny((byte)'\n', (byte)'\r');
        if (at < 0) return "no";
        return text[at] == '\n' ? "LF" : at + 1 < text.Length && text[at + 1] == '\n' ? "CRLF" : "CR";
    }

    private static string Name(char separator) => separator switch { ',' => "comma", ';' => "semicolon", '\t' => "tab", _ => "bar" };
}
