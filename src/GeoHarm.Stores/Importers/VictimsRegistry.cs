using GeoHarm.Spatial.Layers;

namespace GeoHarm.Stores.Importers;

/// <summary>
/// Victims registry by municipality, year, month and event (Unidad para las Víctimas, HDX, Windows-1252). Codes lost
/// their leading zero and get it back. Sums by year count forced displacement only, which is what the models take.
/// </summary>
internal sealed class VictimsRegistry : ITableImporter
{
    /// <inheritdoc/>
    public string Format => "victims-registry";

    /// <inheritdoc/>
    public bool Recognises(TextTable table) => table.HasAll("DANE_OCURRENCIA", "HECHO") || table.HasAll("DANE_OCURRENCIA", "ano");

    /// <inheritdoc/>
    public ImportOutcome Read(TextTable table, Provenance origin)
    {
        var reading = new TableReading(table);
        reading.Require("DANE_OCURRENCIA", "Ano", "HECHO", "total|PER_OCU|personas");
        var codes = reading.Codes(out var join, "DANE_OCURRENCIA");
        var years = reading.Years("Ano");
        var events = reading.Texts("HECHO");
        var people = reading.Numbers(table.IndexOf("total", "PER_OCU", "personas"));
        var displacement = events.Select(e => Folded.Of(e ?? "").StartsWith("desplazamiento", StringComparison.Ordinal)).ToArray();
        var sums = OutcomeBuilder.SumByYear(years, people, r => displacement[r]);
        return OutcomeBuilder.ByYear(Format, table, join, years.OfType<int>(), sums, () =>
        {
            var groups = Enumerable.Range(0, reading.RowCount).Where(r => years[r] is not null && double.IsFinite(people[r]))
                .GroupBy(r => (Code: codes[r] ?? "unknown", Year: years[r]!.Value, Event: events[r] ?? "unknown")).OrderBy(g => g.Key).ToArray();
            return
            [
                new Layer(
                    "victims_municipal",
                    [
                        Column.Text("code", groups.Select(g => g.Key.Code)), OutcomeBuilder.YearColumn(groups.Select(g => (int?)g.Key.Year)), Column.Text("event", groups.Select(g => g.Key.Event)),
                        Column.Real("people", groups.Select(g => g.Sum(r => people[r])), "people"),
                    ],
                    provenance: origin with { Source = "Unidad para las Víctimas, Registro Único de Víctimas (RUV)", Licence = "see publisher" },
                    title: "Victims registered, by municipality, year and event",
                    caveats: ["Registered events, by place and year of the event; months are summed.", "Recent years are incomplete."]),
            ];
        });
    }
}
