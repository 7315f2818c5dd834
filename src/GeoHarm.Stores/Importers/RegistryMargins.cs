using GeoHarm.Spatial.Layers;

namespace GeoHarm.Stores.Importers;

/// <summary>
/// Margins of the victims registry: people expelled, received and declared, by municipality, cumulative. The file is of
/// an old Macintosh (bare CR, Mac Roman). Rows "Sin Información" hold people whose municipality is not known: they
/// are kept, with the code as it stands, since both totals need them.
/// </summary>
internal sealed class RegistryMargins : ITableImporter
{
    /// <inheritdoc/>
    public string Format => "registry-margins";

    /// <inheritdoc/>
    public bool Recognises(TextTable table) => table.IndexOf("PERSONAS EXPULSADAS") >= 0 || table.HasAll("CODIGO DANE", "PERSONAS RECIBIDAS");

    /// <inheritdoc/>
    public ImportOutcome Read(TextTable table, Provenance origin)
    {
        var reading = new TableReading(table);
        reading.Require("CODIGO DANE", "DEPARTAMENTO", "MUNICIPIO", "PERSONAS EXPULSADAS", "PERSONAS RECIBIDAS");
        var codes = reading.Codes(out var join, "CODIGO DANE");
        var raw = reading.Texts("CODIGO DANE");
        join = reading.RefuseRepeats(join, row => codes[row], "Municipality");
        // Blank is "none recorded" here: the margins are sums over registered people.
        double[] Measure(string column) => reading.Numbers(table.IndexOf(column), blankIsZero: true);
        var (expelled, received, declared) = (Measure("PERSONAS EXPULSADAS"), Measure("PERSONAS RECIBIDAS"), Measure("PERSONAS DECLARADAS"));
        // Codes of departments and of places no longer in the register still say where; only rows without a code do not.
        var known = raw.Select(c => c is not null && c.All(char.IsAsciiDigit)).ToArray();
        var totals = new Dictionary<string, double>
        {
            ["expelled"] = expelled.Sum(),
            ["received"] = received.Sum(),
            ["declared"] = declared.Sum(),
            ["expelledUnknownOrigin"] = expelled.Where((_, r) => !known[r]).Sum(),
            ["receivedUnknownDestination"] = received.Where((_, r) => !known[r]).Sum(),
        };
        return OutcomeBuilder.Of(Format, table, join, [], totals, () =>
        [
            new Layer(
                "displaced_people_municipal",
                [
                    Column.Text("code", codes.Select((c, r) => c ?? (known[r] ? raw[r] : "unknown"))),
                    Column.Text("department", reading.Texts("DEPARTAMENTO")),
                    Column.Text("municipality", reading.Texts("MUNICIPIO")),
                    Column.Integer("municipality_known", known.Select(k => (long?)(k ? 1 : 0))),
                    Column.Real("people_expelled", expelled, "people"),
                    Column.Real("people_received", received, "people"),
                    Column.Real("people_declared", declared, "people"),
                ],
                provenance: origin with { Source = "Unidad para las Víctimas, Registro Único de Víctimas (RUV), margins by municipality", Licence = "see publisher" },
                title: "People expelled and received by municipality",
                caveats: ["Cumulative since 1985.", "People of unknown municipality stand in rows whose municipality_known is 0."]),
        ]);
    }
}
