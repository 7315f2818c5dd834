using System.Globalization;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Stores.Importers;

/// <summary>
/// Hectares of coca by municipality, the workbook 1999-2019 of SIMCI: under each department a row "Total NAME", at the end
/// "Total", then footnotes. The stated totals are checked against the sums and left out of the table.
/// </summary>
internal static class CocaWorkbook
{
    /// <summary>Largest difference between a stated total and its sum taken for rounding, hectares.</summary>
    private const double RoundingHectares = 0.5;

    /// <summary>The table without its total rows and footnotes; null when the sheet has none, so is no such workbook.</summary>
    public static TextTable? WithoutTotals(TextTable sheet)
    {
        var (department, code) = (sheet.IndexOf("CODDEPTO"), sheet.IndexOf("CODMPIO"));
        if (department < 0 || code < 0 || !sheet.Cells[department].Any(IsTotal)) return null;
        var reading = new TableReading(sheet);
        var years = reading.YearColumns();
        var values = years.Select(y => reading.Numbers(y.Column, blankIsZero: true)).ToArray();
        // Footnotes stand in the year columns too: only faults of rows that are data or totals count.
        var data = Enumerable.Range(0, sheet.RowCount).Where(r => sheet.Cells[code][r].Length > 0 && sheet.Cells[code][r].All(char.IsAsciiDigit)).ToArray();
        sheet.Faults.Clear();
        var kept = TextTable.FromRows(
            sheet.File, sheet.Header, data.Select(r => (sheet.Lines[r], (IReadOnlyList<string>)[.. sheet.Cells.Select(c => c[r])])),
            $"{sheet.Form}, {sheet.RowCount - data.Length} rows of totals and footnotes");
        kept.Faults.AddRange(Disagreements(sheet, department, years, values, data));
        return kept;
    }

    private static bool IsTotal(string cell) => cell.StartsWith("Total", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<Fault> Disagreements(TextTable sheet, int department, List<(int Column, int Year)> years, double[][] values, int[] data)
    {
        var (open, all) = (new double[years.Count], new double[years.Count]);
        var isData = data.ToHashSet();
        for (var row = 0; row < sheet.RowCount; row++)
        {
            var cell = sheet.Cells[department][row];
            if (isData.Contains(row))
            {
                for (var y = 0; y < years.Count; y++)
                {
                    open[y] += values[y][row];
                    all[y] += values[y][row];
                }
            }
            else if (IsTotal(cell))
            {
                var grand = cell.Trim().Equals("Total", StringComparison.OrdinalIgnoreCase);
                for (var y = 0; y < years.Count; y++)
                {
                    var sum = grand ? all[y] : open[y];
                    if (Math.Abs(values[y][row] - sum) <= RoundingHectares) continue;
                    yield return Fault.AtLine(
                        "GH4030", sheet.File, sheet.Lines[row],
                        string.Create(CultureInfo.InvariantCulture, $"'{cell}' of {years[y].Year} states {values[y][row]:0.##} ha; its municipalities sum to {sum:0.##} ha."),
                        "Check the workbook; the sum of municipalities is used.") with { Severity = FaultSeverity.Warning };
                }
                Array.Clear(open);
            }
        }
    }
}
