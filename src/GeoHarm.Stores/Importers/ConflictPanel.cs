using GeoHarm.Spatial.Layers;

namespace GeoHarm.Stores.Importers;

/// <summary>Municipal panel of conflict and violence of CEDE (doi 10.57924/BN57KJ): people expelled and received, coca, a row a
/// municipality and year.</summary>
internal sealed class ConflictPanel : ITableImporter
{
    /// <inheritdoc/>
    public string Format => "conflict-panel";

    /// <inheritdoc/>
    public bool Recognises(TextTable table) => table.IndexOf("codmpio") >= 0 && (table.IndexOf("desplazados_expulsion") >= 0 || table.IndexOf("desplazados_recepcion") >= 0);

    /// <inheritdoc/>
    public ImportOutcome Read(TextTable table, Provenance origin)
    {
        var reading = new TableReading(table);
        reading.Require("codmpio", "ano", "desplazados_expulsion", "desplazados_recepcion");
        var codes = reading.Codes(out var join, "codmpio");
        var years = reading.Years("ano");
        join = reading.RefuseRepeats(join, row => codes[row] is { } c && years[row] is { } y ? $"{c} in {y}" : null, "Municipality");
        var expelled = reading.Numbers(table.IndexOf("desplazados_expulsion"));
        var received = reading.Numbers(table.IndexOf("desplazados_recepcion"));
        var coca = reading.Numbers(table.IndexOf("H_coca"));
        return OutcomeBuilder.ByYear(Format, table, join, years.OfType<int>(), OutcomeBuilder.SumByYear(years, expelled), () =>
        [
            new Layer(
                "conflict_panel",
                [
                    Column.Text("code", codes), OutcomeBuilder.YearColumn(years), Column.Real("people_expelled", expelled, "people"), Column.Real("people_received", received, "people"), Column.Real("coca_ha", coca, "ha"),
                ],
                provenance: origin with { Source = "CEDE, Universidad de los Andes, municipal panel, doi 10.57924/BN57KJ", Licence = "see publisher" },
                title: "Conflict panel by municipality and year"),
        ]);
    }
}
