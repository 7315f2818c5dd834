using GeoHarm.Spatial.Layers;

namespace GeoHarm.Stores.Importers;

/// <summary>
/// Cocaine seizures of the Ministry of Defence (datos.gov.co 26zg-9p9r). The unit column is broken: quantities are
/// kilograms. Rows whose department code is longer than two digits lie abroad or at sea (67 % of the weight of 2025): they
/// are kept apart as transit and are in no national total. Summed by place and year on the way in.
/// </summary>
internal sealed class SeizureEvents : ITableImporter
{
    /// <inheritdoc/>
    public string Format => "cocaine-seizures";

    /// <inheritdoc/>
    public bool Recognises(TextTable table) =>
        table.HasAll("fecha_hecho", "cantidad", "cod_muni") && table.IndexOf("tipo_de_cultivo") < 0 && !CocaBaseSeizures.HoldsNames(table);

    /// <inheritdoc/>
    public ImportOutcome Read(TextTable table, Provenance origin)
    {
        var reading = new TableReading(table);
        reading.Require("fecha_hecho", "cod_depto", "departamento", "cod_muni", "cantidad");
        var years = reading.Dates("fecha_hecho").Select(d => d?.Year).ToArray();
        var kilograms = reading.Numbers(table.IndexOf("cantidad"));
        var departments = reading.Texts("cod_depto");
        var places = reading.Texts("departamento");
        var abroad = departments.Select(d => d is { Length: > 2 }).ToArray();
        var municipal = reading.Texts("cod_muni").Select(c => c is null ? null : Municipalities.Full(c)).ToArray();
        var join = Join(table, municipal, abroad);
        var foreign = Enumerable.Range(0, reading.RowCount).Where(r => abroad[r]).ToArray();
        if (foreign.Length > 0)
        {
            var share = foreign.Sum(r => Finite(kilograms[r])) / Math.Max(1e-9, kilograms.Sum(Finite));
            reading.Faults.Add(new Fault(FaultSeverity.Warning, "GH4038", table.File, "", $"{foreign.Length} rows lie abroad or at sea, {share * 100:0.#} % of the weight; they are kept apart as transit and are in no national total.", "Nothing to do; compare national totals with national rows only."));
        }
        reading.Faults.Add(new Fault(FaultSeverity.Warning, "GH4028", table.File, "column unidad", "The unit column of this set is broken; quantities are taken as kilograms.", "Nothing to do."));
        var sums = OutcomeBuilder.SumByYear(years, kilograms, r => !abroad[r]);
        return OutcomeBuilder.ByYear(Format, table, join, years.OfType<int>(), sums, () =>
        [
            Sum("cocaine_seizures", "Cocaine seized by municipality and year", r => !abroad[r], r => municipal[r] ?? departments[r] ?? "unknown"),
            Sum("cocaine_seizures_abroad", "Colombian cocaine seized abroad and at sea, by place and year", r => abroad[r], r => departments[r]!),
        ]);

        Layer Sum(string name, string title, Func<int, bool> belongs, Func<int, string> place)
        {
            var groups = Enumerable.Range(0, reading.RowCount).Where(r => belongs(r) && years[r] is not null && double.IsFinite(kilograms[r])).GroupBy(r => (Place: place(r), Year: years[r]!.Value)).OrderBy(g => g.Key).ToArray();
            return new Layer(
                name,
                [
                    Column.Text("code", groups.Select(g => g.Key.Place)), Column.Text("place", groups.Select(g => places[g.First()])), OutcomeBuilder.YearColumn(groups.Select(g => (int?)g.Key.Year)),
                    Column.Real("seized_kg", groups.Select(g => g.Sum(r => kilograms[r])), "kg"),
                ],
                provenance: origin with { Source = "Ministry of Defence of Colombia, cocaine seizures (datos.gov.co 26zg-9p9r)", Licence = "CC BY-SA 4.0" },
                title: title,
                caveats: ["Seizures measure enforcement as much as flow.", "Events summed by place and year; days are not kept."]);
        }
    }

    private static double Finite(double value) => double.IsFinite(value) ? value : 0;

    private static JoinReport Join(TextTable table, string?[] codes, bool[] abroad)
    {
        var column = table.IndexOf("cod_muni");
        if (column < 0) return JoinReport.None;
        var matched = new HashSet<string>(StringComparer.Ordinal);
        var unmatched = new SortedSet<string>(StringComparer.Ordinal);
        for (var row = 0; row < codes.Length; row++)
        {
            if (abroad[row]) continue;
            if (codes[row] is { } code && Municipalities.Has(code)) matched.Add(code);
            else if (unmatched.Add(table.Cells[column][row]) && table.Cells[column][row].Length > 0)
            {
                table.Faults.Add(Fault.AtLine("GH4024", table.File, table.Lines[row], $"'{TextTable.Shown(table.Cells[column][row])}' is no code of the register of municipalities.", "The row counts for its department only.") with { Severity = FaultSeverity.Warning });
            }
        }
        return new JoinReport(matched.Count, [.. unmatched], []);
    }
}
