using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.Importers;

namespace GeoHarm.Stores.Files;

/// <summary>A table that people filled in by hand, as spreadsheet programs of any language save it: CSV with comma, semicolon or tab in UTF-8,
/// UTF-16 or Windows-1252, or the first sheet of an XLSX or ODS workbook.</summary>
public static class SheetFile
{
    /// <summary>Name of the column that holds the line of each row.</summary>
    public const string Line = "line";

    /// <summary>Every column as text (trimmed, null where empty), named as the header has it in lower case, and the line of each row in column
    /// <see cref="Line"/>. Faults of form are given back, so that they can be told with those of the content.</summary>
    /// <exception cref="StoreException">The file cannot be opened.</exception>
    public static (Layer Sheet, IReadOnlyList<Fault> Faults) Read(string path)
    {
        TextTable table;
        try
        {
            table = Path.GetExtension(path).ToLowerInvariant() is ".xlsx" or ".ods"
                ? WorkbookFile.Sheets(path) is [var first, ..] ? first.Table : throw new InvalidInputException([new Fault(FaultSeverity.Error, "GH4010", path, "", "The file holds no table.", "Give a file with a header row and rows under it.")])
                : TextTable.Parse(path, File.ReadAllBytes(path));
        }
        catch (Exception failure) when (AtomicFile.Explain(path, failure) is { } explained)
        {
            throw new StoreException($"'{path}' cannot be read.", explained.Remedy, failure);
        }
        var columns = table.Header.Select((name, i) => (Name: name.Trim().ToLowerInvariant(), Cells: table.Cells[i])).Where(c => c.Name.Length > 0 && c.Name != Line).DistinctBy(c => c.Name)
            .Select(c => Column.Text(c.Name, c.Cells.Select(cell => cell.Length == 0 ? null : cell))).ToList();
        return (new Layer("sheet", [.. columns, Column.Integer(Line, table.Lines.Select(l => (long?)l))]), table.Faults);
    }
}
