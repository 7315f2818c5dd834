using GeoHarm.Spatial.Layers;

namespace GeoHarm.Stores.Importers;

/// <summary>
/// Municipal panel of Dávalos and others (doi 10.31389/jied.87): coca, aerial spraying, manual and voluntary eradication
/// in hectares, victims and covariates, a row a municipality and year. Names mix three encodings; codes are sound.
/// </summary>
internal sealed class MunicipalPanel : ITableImporter
{
    private static readonly (string Column, string Name, string? Unit)[] Measures =
    [
        ("coca_", "coca_ha", "ha"), ("asp_", "sprayed_ha", "ha"), ("er_", "manual_ha", "ha"), ("ver", "voluntary_ha", "ha"), ("victim", "victims", "people"),
        ("pop_", "population", "people"), ("elevation_", "elevation_m", "m"), ("precipitat_", "precipitation_mm", "mm"), ("resguardo", "reserve_share", null), ("npark", "parks", null),
    ];

    /// <inheritdoc/>
    public string Format => "municipal-panel";

    /// <inheritdoc/>
    public bool Recognises(TextTable table) => table.HasAll("idmun", "coca_", "asp_") || table.HasAll("idmun", "year", "er_");

    /// <inheritdoc/>
    public ImportOutcome Read(TextTable table, Provenance origin)
    {
        var reading = new TableReading(table);
        reading.Require("idmun", "year", "coca_", "asp_", "er_");
        var codes = reading.Codes(out var join, "idmun");
        var years = reading.Years("year");
        join = reading.RefuseRepeats(join, row => codes[row] is { } c && years[row] is { } y ? $"{c} in {y}" : null, "Municipality");
        var present = Measures.Where(m => table.IndexOf(m.Column) >= 0).ToArray();
        var values = present.Select(m => reading.Numbers(table.IndexOf(m.Column))).ToArray();
        var coca = Array.FindIndex(present, m => m.Column == "coca_");
        var sums = coca < 0 ? [] : OutcomeBuilder.SumByYear(years, values[coca]);
        reading.Faults.AddRange(PublishedTotals.Misses(table.File, sums.OrderBy(s => s.Key)));
        return OutcomeBuilder.ByYear(Format, table, join, years.OfType<int>(), sums, () =>
        [
            new Layer(
                "municipal_panel",
                [
                    Column.Text("code", codes), Column.Text("department", reading.Texts("state")), Column.Text("municipality", reading.Texts("municipality")),
                    OutcomeBuilder.YearColumn(years),
                    .. present.Select((m, i) => Column.Real(m.Name, values[i], m.Unit)),
                ],
                provenance: origin with { Source = "Dávalos et al., municipal panel, doi 10.31389/jied.87", Licence = "see publisher" },
                title: "Coca and eradication by municipality and year",
                caveats: ["Association, not causation.", "1,116 municipalities on boundaries before 2011."]),
        ]);
    }
}
