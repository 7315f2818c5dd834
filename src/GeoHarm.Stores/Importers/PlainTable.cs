using GeoHarm.Spatial.Layers;

namespace GeoHarm.Stores.Importers;

/// <summary>
/// A table of no official format. Codes stay text; a column is numbers when every cell is one. A column that speaks of
/// crops, laboratories or enforcement makes the table sensitive.
/// </summary>
internal sealed class PlainTable : ITableImporter
{
    private static readonly string[] CodeNames = ["divipola", "codmpio", "cod_mpio", "cod_muni", "idmun", "mpios", "municipality_code", "mpio_ccnct", "mpio_cdpmp", "codigo_dane", "adm2_pcode"];

    /// <inheritdoc/>
    public string Format => "table";

    /// <inheritdoc/>
    public bool Recognises(TextTable table) => true;

    /// <inheritdoc/>
    public ImportOutcome Read(TextTable table, Provenance origin)
    {
        var reading = new TableReading(table);
        var join = JoinReport.None;
        var code = Array.Find(CodeNames, n => table.IndexOf(n) >= 0);
        var codes = code is null ? null : reading.Codes(out join, code);
        var yearName = new[] { "year", "ano", "anio", "vigencia" }.FirstOrDefault(n => table.IndexOf(n) >= 0);
        var years = yearName is null ? [] : table.Cells[table.IndexOf(yearName)].Select(c => int.TryParse(c, out var y) && y is > 1900 and < 2100 ? (int?)y : null).ToArray();
        return OutcomeBuilder.Of(Format, table, join, years.OfType<int>(), new Dictionary<string, double>(), () =>
        {
            var names = Names(table.Header);
            var columns = table.Header.Select((_, i) => codes is not null && i == table.IndexOf(code!) ? Column.Text(names[i], codes.Select((c, r) => c ?? table.Cells[i][r])) : Typed(names[i], table.Cells[i])).ToArray();
            var sensitive = table.Header.Any(SensitiveFields.IsSensitive);
            return [new Layer(TableNames.Of(table.File), columns, sensitivity: sensitive ? Sensitivity.Sensitive : Sensitivity.Open, provenance: origin with { Source = Path.GetFileName(table.File), Licence = "unknown" })];
        });
    }

    /// <summary>The table with its columns named as they stand; numbers in the style each column is written in.</summary>
    internal static IReadOnlyList<Layer> AsItStands(TextTable table, Provenance origin, List<Fault> faults)
    {
        faults.AddRange(table.Faults);
        if (table.Header.Length == 0) return [];
        var names = Names(table.Header);
        var columns = new Column[names.Length];
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = Typed(names[i], table.Cells[i]);
            if (columns[i].Type == FieldType.Text) columns[i] = CommaNumbers(names[i], table.Cells[i]) ?? columns[i];
        }
        return [new Layer(TableNames.Of(table.File), columns, provenance: origin, title: Path.GetFileName(table.File))];
    }

    /// <summary>A column of numbers in another style than the plain one: thousands separated, decimal comma, dashes for zero.</summary>
    private static Column? CommaNumbers(string name, List<string> cells)
    {
        foreach (var style in new[] { NumberStyle.Point, NumberStyle.Comma })
        {
            if (!cells.All(c => c.Length == 0 || NumberForm.IsDash(c) || (!HasLeadingZero(c) && NumberForm.Value(c, style) is not null))) continue;
            if (cells.All(c => c.Length == 0)) return null;
            return Column.Real(name, cells.Select(c => c.Length == 0 ? double.NaN : NumberForm.IsDash(c) ? 0 : NumberForm.Value(c, style)!.Value));
        }
        return null;
    }

    /// <summary>A column of the narrowest type that holds every cell.</summary>
    private static Column Typed(string name, List<string> cells)
    {
        var (whole, real, date, any) = (true, true, true, false);
        foreach (var cell in cells)
        {
            if (cell.Length == 0) continue;
            any = true;
            if (whole && !(IsWhole(cell) && long.TryParse(cell, out _))) whole = false;
            if (real && (HasLeadingZero(cell) || NumberForm.Value(cell, NumberStyle.Point) is null)) real = false;
            if (date && !DateOnly.TryParseExact(cell, "yyyy-MM-dd", out _)) date = false;
            if (!whole && !real && !date) break;
        }
        if (any && whole && cells.TrueForAll(c => c.Length < 19)) return Column.Integer(name, cells.Select(Whole));
        if (any && whole) return Column.Integer(name, cells.Select(c => c.Length == 0 ? (long?)null : long.Parse(c, System.Globalization.CultureInfo.InvariantCulture)));
        if (any && real) return Column.Real(name, cells.Select(c => c.Length == 0 ? double.NaN : NumberForm.Value(c, NumberStyle.Point)!.Value));
        if (any && date) return Column.Date(name, cells.Select(c => c.Length == 0 ? (DateOnly?)null : DateOnly.ParseExact(c, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)));
        return Column.Text(name, cells.Select(c => c.Length == 0 ? null : c));
    }

    private static long? Whole(string cell)
    {
        if (cell.Length == 0) return null;
        long value = 0;
        for (var i = cell[0] == '-' ? 1 : 0; i < cell.Length; i++) value = value * 10 + (cell[i] - '0');
        return cell[0] == '-' ? -value : value;
    }

    private static bool HasLeadingZero(string cell) => cell.Length > 1 && cell[0] == '0' && char.IsAsciiDigit(cell[1]);

    private static bool IsWhole(string cell) => !HasLeadingZero(cell) && (char.IsAsciiDigit(cell[0]) || (cell[0] == '-' && cell.Length > 1 && cell[1] is >= '1' and <= '9'));

    /// <summary>Column names as given, made different where only case or blanks tell them apart.</summary>
    internal static string[] Names(IReadOnlyList<string> header)
    {
        var used = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var names = new string[header.Count];
        for (var i = 0; i < names.Length; i++)
        {
            var name = string.IsNullOrWhiteSpace(header[i]) ? $"column_{i + 1}" : header[i].Trim();
            while (!used.Add(name)) name += "_";
            names[i] = name;
        }
        return names;
    }
}

/// <summary>Words in a field's name that make a layer without an importer sensitive: cultivation, laboratories, enforcement.</summary>
internal static class SensitiveFields
{
    private static readonly string[] Words =
    [
        "coca", "cultivo", "cultivation", "crop_ha", "amapola", "poppy", "laborator", "lab_", "cristalizadero", "erradic", "eradic", "asper", "spray", "incaut", "seiz", "interdic", "patrol", "patrulla", "plot", "lote",
    ];

    /// <summary>Whether a field of this name carries such content.</summary>
    public static bool IsSensitive(string field)
    {
        var folded = Folded.Of(field);
        return Array.Exists(Words, w => folded.Contains(w, StringComparison.Ordinal));
    }
}

/// <summary>Layer names from file names.</summary>
internal static class TableNames
{
    /// <summary>Letters, digits and underscores, beginning with a letter.</summary>
    public static string Of(string file)
    {
        var name = Folded.Of(Path.GetFileNameWithoutExtension(file));
        name = new string([.. name.Where(c => char.IsAsciiLetterOrDigit(c) || c == '_')]).Trim('_');
        if (name.Length == 0) name = "layer";
        return char.IsAsciiLetter(name[0]) && !new[] { "gpkg_", "rtree_", "sqlite_", "geoharm_" }.Any(p => name.StartsWith(p, StringComparison.Ordinal)) ? name : "t_" + name;
    }
}
