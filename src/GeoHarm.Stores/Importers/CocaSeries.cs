using GeoHarm.Spatial.Layers;

namespace GeoHarm.Stores.Importers;

/// <summary>Hectares of coca, a row a unit and year: municipalities (divipola or codmpio), departments or countries (iso3). Units
/// absent in a year had none where the table is made from the census. Sums are those of Colombia.</summary>
internal sealed class CocaSeries : ITableImporter
{
    private const string Colombia = "COL";
    private static readonly string[] MunicipalCode = ["divipola", "codmpio", "cod_mpio", "municipality_code"];
    private static readonly string[] DepartmentCode = ["department_code", "coddepto", "cod_depto"];
    private static readonly string[] CountryCode = ["iso3", "country_code"];

    /// <inheritdoc/>
    public string Format => "coca-series";

    /// <inheritdoc/>
    public bool Recognises(TextTable table) =>
        table.IndexOf("coca_ha") >= 0 && table.IndexOf("year", "ano") >= 0 && (table.IndexOf(MunicipalCode) >= 0 || table.IndexOf(DepartmentCode) >= 0 || table.IndexOf(CountryCode) >= 0);

    /// <inheritdoc/>
    public ImportOutcome Read(TextTable table, Provenance origin)
    {
        var reading = new TableReading(table);
        var years = reading.Years("year", "ano");
        var values = reading.Numbers(table.IndexOf("coca_ha"));
        return table.IndexOf(MunicipalCode) >= 0 ? OfMunicipalities(table, reading, years, values, origin)
            : table.IndexOf(DepartmentCode) >= 0 ? OfDepartments(table, reading, years, values, origin)
            : OfCountries(table, reading, years, values, origin);
    }

    private ImportOutcome OfMunicipalities(TextTable table, TableReading reading, int?[] years, double[] values, Provenance origin)
    {
        var codes = reading.Codes(out var join, MunicipalCode);
        return Outcome(table, reading, join, codes, years, values, _ => true, () => ("coca_municipal", "Coca by municipality",
            [Column.Text("code", codes), Column.Text("department", reading.Texts("department", "departamento")), Column.Text("municipality", reading.Texts("municipality", "municipio"))]), origin);
    }

    private ImportOutcome OfDepartments(TextTable table, TableReading reading, int?[] years, double[] values, Provenance origin)
    {
        var codes = reading.Texts(DepartmentCode).Select(c => c?.PadLeft(2, '0')).ToArray();
        return Outcome(table, reading, Departments(table, reading, codes), codes, years, values, _ => true, () => ("coca_department", "Coca by department",
            [Column.Text("department_code", codes), Column.Text("department", reading.Texts("department", "departamento"))]), origin);
    }

    private ImportOutcome OfCountries(TextTable table, TableReading reading, int?[] years, double[] values, Provenance origin)
    {
        // Two series of one country (a survey and an estimate from abroad) stand side by side and are never added.
        var (codes, series) = (reading.Texts(CountryCode), reading.Texts("series"));
        var units = codes.Select((c, r) => c is null ? null : $"{c} {series[r]}".TrimEnd()).ToArray();
        return Outcome(table, reading, JoinReport.None, units, years, values, r => codes[r] == Colombia, () => ("coca_country_series", "Coca by country", [Column.Text("iso3", codes), Column.Text("series", series)]), origin);
    }

    private ImportOutcome Outcome(
        TextTable table, TableReading reading, JoinReport join, string?[] units, int?[] years, double[] values, Func<int, bool> counts, Func<(string Name, string Title, Column[] Columns)> layer, Provenance origin)
    {
        join = reading.RefuseRepeats(join, row => units[row] is { } c && years[row] is { } y ? $"{c} in {y}" : null, "Unit");
        var sums = OutcomeBuilder.SumByYear(years, values, counts);
        reading.Faults.AddRange(PublishedTotals.Misses(table.File, sums.OrderBy(s => s.Key)));
        return OutcomeBuilder.ByYear(Format, table, join, years.OfType<int>(), sums, () =>
        {
            var (name, title, columns) = layer();
            return
            [
                new Layer(
                    name, [.. columns, OutcomeBuilder.YearColumn(years), Column.Real("coca_ha", values, "ha")],
                    provenance: origin with { Source = name == "coca_country_series" ? "UNODC and governments, coca surveys as the file cites them" : "SIMCI / UNODC and Government of Colombia, coca surveys", Licence = name == "coca_country_series" ? "see the file" : "CC BY-SA 4.0" },
                    title: title, caveats: ["Units that are absent in a year: none reported."]),
            ];
        });
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
