using System.Globalization;

namespace GeoHarm.Recipes;

/// <summary>CSV as this repository writes it: UTF-8, a header; rows keep their text.</summary>
internal static class StudyTable
{
    /// <summary>Rows of a CSV file as dictionaries by header. Cells hold no line breaks.</summary>
    public static List<Dictionary<string, string>> Rows(string path)
    {
        var lines = File.ReadLines(path).Where(l => l.Length > 0).Select(Cells).ToList();
        var header = lines[0];
        if (lines.FirstOrDefault(l => l.Count != header.Count) is { } bad) throw new InvalidDataException($"{path}: a row has {bad.Count} cells, not {header.Count}: {string.Join(" | ", bad)}");
        return [.. lines.Skip(1).Select(cells => header.Zip(cells).ToDictionary(p => p.First, p => p.Second, StringComparer.Ordinal))];
    }

    /// <summary>A number, NaN when empty.</summary>
    public static double Number(string text) => text.Length == 0 ? double.NaN : double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>Text, null when empty.</summary>
    public static string? Text(string text) => text.Length == 0 ? null : text;

    private static List<string> Cells(string line)
    {
        var cells = new List<string>();
        var cell = new System.Text.StringBuilder();
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"') cell.Append(line[++i]);
            else if (line[i] == '"') quoted = !quoted;
            else if (line[i] == ',' && !quoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else cell.Append(line[i]);
        }
        cells.Add(cell.ToString());
        return cells;
    }
}
