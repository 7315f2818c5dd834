using GeoHarm.Gdal.Datasets;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Stores.Importers;

/// <summary>Sheets of a workbook as tables of text, through GDAL's XLSX and ODS drivers.</summary>
internal static class WorkbookFile
{
    /// <summary>Rows looked through for the header under titles and blank lines.</summary>
    private const int HeaderWithin = 40;

    /// <summary>Every sheet with a table in it.</summary>
    public static List<(string Sheet, TextTable Table)> Sheets(string path)
    {
        try
        {
            using var workbook = VectorDataset.Open(path, DriverProfile.OwnFiles);
            var sheets = new List<(string, TextTable)>();
            for (var i = 0; i < workbook.LayerCount; i++)
            {
                var sheet = workbook.Layer(i);
                if (Read(path, sheet) is { } table) sheets.Add((sheet.Name, table));
            }
            return sheets;
        }
        catch (GdalException failure)
        {
            throw new InvalidInputException([new Fault(FaultSeverity.Error, "GH4044", path, "", $"The workbook cannot be read: {failure.Message}", "Open it in a spreadsheet program and save it again, or save the sheet as CSV.")]);
        }
    }

    private static TextTable? Read(string path, VectorLayer sheet)
    {
        var rows = new List<(int Line, IReadOnlyList<string> Cells)>();
        // GDAL takes the first row as names where it looks like a header; else it names columns Field1, Field2.
        var named = sheet.Attributes.Any(a => !a.Name.StartsWith("Field", StringComparison.Ordinal));
        if (named) rows.Add((1, [.. sheet.Attributes.Select(a => a.Name)]));
        using (var reader = sheet.Read())
        {
            while (reader.Next())
            {
                var cells = new string[sheet.Attributes.Count];
                for (var i = 0; i < cells.Length; i++) cells[i] = reader.Text(i) ?? "";
                rows.Add(((int)reader.Fid, cells));
            }
        }
        var header = named ? 0 : HeaderRow(rows);
        if (header < 0) return null;
        return TextTable.FromRows(path, rows[header].Cells, rows.Skip(header + 1).Where(r => r.Cells.Any(c => c.Length > 0)), $"sheet '{sheet.Name}', header in row {rows[header].Line}");
    }

    /// <summary>The first row whose cells are as many, and as different, as any of the next rows fill.</summary>
    private static int HeaderRow(List<(int Line, IReadOnlyList<string> Cells)> rows)
    {
        var best = -1;
        var most = 1;
        for (var i = 0; i < Math.Min(HeaderWithin, rows.Count); i++)
        {
            var different = rows[i].Cells.Where(c => c.Length > 0).Distinct(StringComparer.Ordinal).Count();
            if (different <= most) continue;
            (best, most) = (i, different);
        }
        // A row of data can be fuller by one or two than its header only where headers are blank; titles repeat one text.
        for (var i = 0; best > 0 && i < best; i++)
        {
            if (rows[i].Cells.Where(c => c.Length > 0).Distinct(StringComparer.Ordinal).Count() >= most * 0.8) return i;
        }
        return best;
    }
}
