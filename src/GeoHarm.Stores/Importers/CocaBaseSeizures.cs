using GeoHarm.Spatial.Layers;

namespace GeoHarm.Stores.Importers;

/// <summary>Coca-base seizures of the Ministry of Defence (datos.gov.co nxbk-nikm). Its cod_muni holds the department's
/// name, so rows are placed by department and by nothing finer.</summary>
internal sealed class CocaBaseSeizures : ITableImporter
{
    /// <inheritdoc/>
    public string Format => "coca-base-seizures";

    /// <summary>Whether the column of municipality codes holds names instead.</summary>
    public static bool HoldsNames(TextTable table)
    {
        var column = table.IndexOf("cod_muni");
        if (column < 0 || table.RowCount == 0) return false;
        return table.Cells[column].Count(c => c.Any(char.IsLetter)) * 2 > table.RowCount;
    }

    /// <inheritdoc/>
    public bool Recognises(TextTable table) => table.HasAll("fecha_hecho", "cantidad") && HoldsNames(table);

    /// <inheritdoc/>
    public ImportOutcome Read(TextTable table, Provenance origin)
    {
        var reading = new TableReading(table);
        reading.Require("fecha_hecho", "cod_depto", "cantidad");
        var years = reading.Dates("fecha_hecho").Select(d => d?.Year).ToArray();
        var kilograms = reading.Numbers(table.IndexOf("cantidad"));
        var departments = reading.Texts("cod_depto").Select(d => d?.PadLeft(2, '0')).ToArray();
        var names = reading.Texts("cod_muni");
        reading.Faults.Add(new Fault(FaultSeverity.Warning, "GH4039", table.File, "column cod_muni", "The column of municipality codes holds names of departments, as this set is known to; rows are placed by department.", "Nothing to do."));
        var abroad = departments.Select(d => d is { Length: > 2 }).ToArray();
        var sums = OutcomeBuilder.SumByYear(years, kilograms, r => !abroad[r]);
        return OutcomeBuilder.ByYear(Format, table, JoinReport.None, years.OfType<int>(), sums, () =>
        {
            var groups = Enumerable.Range(0, reading.RowCount).Where(r => years[r] is not null && double.IsFinite(kilograms[r])).GroupBy(r => (Place: departments[r] ?? "unknown", Year: years[r]!.Value)).OrderBy(g => g.Key).ToArray();
            return
            [
                new Layer(
                    "coca_base_seizures",
                    [
                        Column.Text("department_code", groups.Select(g => g.Key.Place)), Column.Text("department", groups.Select(g => names[g.First()])), OutcomeBuilder.YearColumn(groups.Select(g => (int?)g.Key.Year)),
                        Column.Real("seized_kg", groups.Select(g => g.Sum(r => kilograms[r])), "kg"),
                    ],
                    provenance: origin with { Source = "Ministry of Defence of Colombia, coca-base seizures (datos.gov.co nxbk-nikm)", Licence = "CC BY-SA 4.0" },
                    title: "Coca base seized by department and year",
                    caveats: ["Seizures measure enforcement as much as flow.", "Events summed by department and year."]),
            ];
        });
    }
}
