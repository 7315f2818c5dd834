using GeoHarm.Spatial.Layers;

namespace GeoHarm.Stores.Importers;

/// <summary>Hectares of coca, a row a unit and year: municipalities (divipola or codmpio) or departments. Units absent in
/// a year had none where the table is made from the census.</summary>
internal sealed class CocaSeries : ITableImporter
{
    private static readonly string[] MunicipalCode = ["divipola", "codmpio", "cod_mpio", "municipality_code"];
    private static readonly string[] DepartmentCode = ["department_code", "coddepto", "cod_depto"];

    /// <inheritdoc/>
    public string Format => "coca-series";

    /// <inheritdoc/>
    public bool Recognises(TextTable table) =>
        table.IndexOf("coca_ha") >= 0 && table.IndexOf("year", "ano") >= 0 && (table.IndexOf(MunicipalCode) >= 0 || table.IndexOf(DepartmentCode) >= 0);

    /// <inheritdoc/>
    public ImportOutcome Read(TextTable table, Provenance origin)
    {
        var reading = new TableReading(table);
        var years = reading.Years("year", "ano");
        var values = reading.Numbers(table.IndexOf("coca_ha"));
        var municipal = table.IndexOf(MunicipalCode) >= 0;
        var join = JoinReport.None;
        var codes = municipal ? reading.Codes(out join, MunicipalCode) : reading.Texts(DepartmentCode).Select(c => c?.PadLeft(2, '0')).ToArray();
        if (!municipal) join = Departments(table, reading, codes);
        join = reading.RefuseRepeats(join, row => codes[row] is { } c && years[row] is { } y ? $"{c} in {y}" : null, "Unit");
        var sums = OutcomeBuilder.SumByYear(years, values);
        reading.Faults.AddRange(PublishedTotals.Misses(table.File, sums.OrderBy(s => s.Key)));
        return OutcomeBuilder.ByYear(Format, table, join, years.OfType<int>(), sums, () =>
        [
            new Layer(
                municipal ? "coca_municipal" : "coca_department",
                [
                    Column.Text(municipal ? "code" : "department_code", codes),
                    Column.Text("department", reading.Texts("department", "departamento")),
                    .. municipal ? [Column.Text("municipality", reading.Texts("municipality", "municipio"))] : Array.Empty<Column>(),
                    OutcomeBuilder.YearColumn(years),
                    Column.Real("coca_ha", values, "ha"),
                ],
                provenance: origin with { Source = "SIMCI / UNODC and Government of Colombia, coca surveys", Licence = "CC BY-SA 4.0" },
                title: municipal ? "Coca by municipality" : "Coca by department",
                caveats: ["Units that are absent in a year: none reported."]),
        ]);
    }

    private static JoinReport Departments(TextTable table, TableReading reading, string?[] codes)
    {
        var known = Municipalities.Register.Keys.Select(k => k[..2]).ToHashSet(StringComparer.Ordinal);
        var found = codes.OfType<string>().Distinct(StringComparer.Ordinal).ToArray();
        var unmatched = found.Where(c => !known.Contains(c)).Order(StringComparer.Ordinal).ToArray();
        reading.Faults.AddRange(unmatched.Select(c => new Fault(FaultSeverity.Warning, "GH4024", table.File, $"code {c}", $"'{c}' is no code of a department.", "Rows with this code stay out of every join by place.")));
        return new JoinReport(found.Length - unmatched.Length, unmatched, []);
    }
}
