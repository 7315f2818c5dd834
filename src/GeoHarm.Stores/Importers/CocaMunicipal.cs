using GeoHarm.Spatial.Layers;

namespace GeoHarm.Stores.Importers;

/// <summary>
/// Hectares of coca by municipality, SIMCI / UNODC (datos.gov.co acs4-3wgp): a column a year. Two forms are in
/// circulation, and both write only 2020 with a decimal comma: the older has "- 0" for none and "1,002.0", the one of
/// 2026 blanks and "1088.88". Blank is zero: the survey is a census. 2001 and 2009 sum below the published totals;
/// that is flagged, not mended.
/// </summary>
internal sealed class CocaMunicipal : ITableImporter
{
    private const string Source = "SIMCI / UNODC and Government of Colombia, coca survey by municipality (datos.gov.co acs4-3wgp)";
    private static readonly string[] Caveats =
    [
        "Hectares at 31 December. Fields too small to see are corrected for since 2010 only.",
        "2001 and 2009 sum to 5.4 % and 7.0 % below the published national totals.",
        "Boundaries of municipalities changed in 2011.",
    ];

    /// <inheritdoc/>
    public string Format => "coca-municipal";

    /// <inheritdoc/>
    public bool Recognises(TextTable table) =>
        table.IndexOf("CODMPIO", "MUNICIPIO") >= 0 && table.IndexOf("CODDEPTO", "DEPARTAMENTO") >= 0 && new TableReading(table).YearColumns().Count >= 3;

    /// <inheritdoc/>
    public ImportOutcome Read(TextTable table, Provenance origin)
    {
        var reading = new TableReading(table);
        reading.Require("CODDEPTO", "DEPARTAMENTO", "CODMPIO", "MUNICIPIO");
        var codes = reading.Codes(out var join, "CODMPIO");
        join = reading.RefuseRepeats(join, row => codes[row], "Municipality");
        RefuseOtherDepartments(table, reading, codes);
        var columns = reading.YearColumns();
        RefuseGaps(table, columns);
        var values = columns.Select(c => reading.Numbers(c.Column, blankIsZero: true)).ToArray();
        var sums = columns.Select((c, i) => (c.Year, Sum: values[i].Sum())).ToDictionary(s => s.Year, s => s.Sum);
        reading.Faults.AddRange(PublishedTotals.Misses(table.File, sums.OrderBy(s => s.Key)));
        return OutcomeBuilder.ByYear(Format, table, join, columns.Select(c => c.Year), sums, () => [ToLayer(reading, codes, columns, values, origin)]);
    }

    private static Layer ToLayer(TableReading reading, string?[] codes, List<(int Column, int Year)> columns, double[][] values, Provenance origin)
    {
        var (departments, names) = (reading.Texts("DEPARTAMENTO"), reading.Texts("MUNICIPIO"));
        var cells = Enumerable.Range(0, reading.RowCount).SelectMany(row => Enumerable.Range(0, columns.Count).Select(c => (Row: row, Column: c))).ToArray();
        return new Layer(
            "coca_municipal",
            [
                Column.Text("code", cells.Select(c => codes[c.Row])),
                Column.Text("department_code", cells.Select(c => codes[c.Row]?[..2])),
                Column.Text("department", cells.Select(c => departments[c.Row])),
                Column.Text("municipality", cells.Select(c => names[c.Row])),
                OutcomeBuilder.YearColumn(cells.Select(c => (int?)columns[c.Column].Year)),
                Column.Real("coca_ha", cells.Select(c => values[c.Column][c.Row]), "ha"),
            ],
            provenance: origin with { Source = Source, Licence = "CC BY-SA 4.0" },
            title: "Coca by municipality",
            caveats: Caveats);
    }

    private static void RefuseOtherDepartments(TextTable table, TableReading reading, string?[] codes)
    {
        var column = table.IndexOf("CODDEPTO");
        for (var row = 0; column >= 0 && row < codes.Length; row++)
        {
            var department = table.Cells[column][row].PadLeft(2, '0');
            if (codes[row] is not { } code || department == code[..2]) continue;
            reading.Faults.Add(reading.AtCell("GH4032", column, row, $"Department {department} does not hold municipality {code}.", "Correct one of the two codes."));
        }
    }

    private static void RefuseGaps(TextTable table, List<(int Column, int Year)> columns)
    {
        var years = columns.Select(c => c.Year).Order().ToArray();
        for (var i = 1; i < years.Length; i++)
        {
            for (var missing = years[i - 1] + 1; missing < years[i]; missing++)
            {
                table.Faults.Add(Fault.AtLine("GH4035", table.File, 1, $"Year {missing} is missing between {years[i - 1]} and {years[i]}.", "Give the file with all its years; a gap would read as no coca."));
            }
        }
    }
}
