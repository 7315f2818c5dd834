using GeoHarm.Spatial.Layers;

namespace GeoHarm.Stores.Importers;

/// <summary>
/// Eradication events of the Ministry of Defence (datos.gov.co p72f-qcvk). Hectares are the sum of cantidad where unidad
/// is HECTAREA; rows are never counted. Events are summed by municipality, year and crop on the way in: days are not kept.
/// </summary>
internal sealed class EradicationEvents : ITableImporter
{
    /// <inheritdoc/>
    public string Format => "eradication-events";

    /// <inheritdoc/>
    public bool Recognises(TextTable table) => table.HasAll("tipo_de_cultivo", "cantidad") || table.HasAll("tipo_de_cultivo", "unidad");

    /// <inheritdoc/>
    public ImportOutcome Read(TextTable table, Provenance origin)
    {
        var reading = new TableReading(table);
        reading.Require("fecha_hecho", "cod_depto", "cod_muni", "tipo_de_cultivo", "unidad", "cantidad");
        var codes = reading.Codes(out var join, "cod_muni");
        var years = reading.Dates("fecha_hecho").Select(d => d?.Year).ToArray();
        var crops = reading.Texts("tipo_de_cultivo");
        var quantities = reading.Numbers(table.IndexOf("cantidad"));
        var hectares = UnitIs(table, reading, "HECTAREA");
        var sums = OutcomeBuilder.SumByYear(years, quantities, row => hectares[row]);
        return OutcomeBuilder.ByYear(Format, table, join, years.OfType<int>(), sums, () =>
        {
            var groups = Enumerable.Range(0, reading.RowCount).Where(r => hectares[r] && years[r] is not null && double.IsFinite(quantities[r]))
                .GroupBy(r => (Code: codes[r] ?? "unknown", Year: years[r]!.Value, Crop: crops[r] ?? "unknown")).OrderBy(g => g.Key).ToArray();
            return
            [
                new Layer(
                    "eradication_municipal",
                    [
                        Column.Text("code", groups.Select(g => g.Key.Code)), OutcomeBuilder.YearColumn(groups.Select(g => (int?)g.Key.Year)), Column.Text("crop", groups.Select(g => g.Key.Crop)),
                        Column.Real("eradicated_ha", groups.Select(g => g.Sum(r => quantities[r])), "ha"),
                    ],
                    provenance: origin with { Source = "Ministry of Defence of Colombia, eradication (datos.gov.co p72f-qcvk)", Licence = "CC BY-SA 4.0" },
                    title: "Eradication by municipality and year",
                    caveats: ["Hectares eradicated, not net change.", "Events summed by municipality and year; days are not kept."]),
            ];
        });
    }

    /// <summary>Which rows are in the unit wanted; other units are told with their number of rows and left out of sums.</summary>
    private static bool[] UnitIs(TextTable table, TableReading reading, string unit)
    {
        var units = reading.Texts("unidad").Select(u => Folded.Of(u ?? "")).ToArray();
        var wanted = Folded.Of(unit);
        foreach (var other in units.Select((u, r) => (Unit: u, Row: r)).Where(u => u.Unit.TrimEnd('s') != wanted).GroupBy(u => u.Unit))
        {
            var name = other.Key.Length == 0 ? "no unit" : $"unit '{other.Key}'";
            table.Faults.Add(new Fault(
                FaultSeverity.Warning, "GH4028", table.File, $"line {table.Lines[other.First().Row]}", $"{other.Count()} rows have {name}, not {unit}; they are in no sum of hectares.", "Check that these rows are not hectares.", table.Lines[other.First().Row]));
        }
        return [.. units.Select(u => u.TrimEnd('s') == wanted)];
    }
}
