using GeoHarm.Spatial.Layers;

namespace GeoHarm.Stores.Importers;

/// <summary>
/// Tree cover loss by municipality from Hansen / Global Forest Watch: a column a year (tc_loss_ha_2001..., P-codes
/// CO05001, a row a canopy threshold) or a row a municipality and year (divipola, tree_cover_loss_ha).
/// </summary>
internal sealed class ForestLossTable : ITableImporter
{
    private const string YearPrefix = "tc_loss_ha";

    /// <inheritdoc/>
    public string Format => "forest-loss-table";

    /// <inheritdoc/>
    public bool Recognises(TextTable table) =>
        table.IndexOf("tree_cover_loss_ha") >= 0 || (table.IndexOf("ADM2_PCODE", "subnational2") >= 0 && new TableReading(table).YearColumns(YearPrefix).Count > 0);

    /// <inheritdoc/>
    public ImportOutcome Read(TextTable table, Provenance origin) => table.IndexOf("tree_cover_loss_ha") >= 0 ? Long(table, origin) : Wide(table, origin);

    private static ImportOutcome Long(TextTable table, Provenance origin)
    {
        var reading = new TableReading(table);
        reading.Require("divipola|codmpio|code", "year", "tree_cover_loss_ha");
        var codes = reading.Codes(out var join, "divipola", "codmpio", "code");
        var years = reading.Years("year");
        join = reading.RefuseRepeats(join, row => codes[row] is { } c && years[row] is { } y ? $"{c} in {y}" : null, "Municipality");
        var loss = reading.Numbers(table.IndexOf("tree_cover_loss_ha"));
        return OutcomeBuilder.ByYear("forest-loss-table", table, join, years.OfType<int>(), OutcomeBuilder.SumByYear(years, loss), () => [ToLayer(codes, years, null, loss, origin)]);
    }

    private static ImportOutcome Wide(TextTable table, Provenance origin)
    {
        var reading = new TableReading(table);
        reading.Require("ADM2_PCODE", "threshold");
        var codes = reading.Codes(out var join, "ADM2_PCODE");
        var thresholds = reading.Texts("threshold");
        // The published table has one code twice (CO70523, two places): told, since both rows stand in its national sums.
        join = reading.RefuseRepeats(join, row => codes[row] is { } c ? $"{c} at {thresholds[row]} %" : null, "Municipality", FaultSeverity.Warning);
        var columns = reading.YearColumns(YearPrefix);
        var values = columns.Select(c => reading.Numbers(c.Column)).ToArray();
        // Thresholds are nested, so only the first one counts in a sum.
        var first = thresholds.FirstOrDefault(t => t is not null);
        var sums = columns.Select((c, i) => (c.Year, Sum: values[i].Where((v, r) => thresholds[r] == first && double.IsFinite(v)).Sum())).ToDictionary(s => s.Year, s => s.Sum);
        var cells = Enumerable.Range(0, reading.RowCount).SelectMany(r => Enumerable.Range(0, columns.Count).Select(c => (Row: r, Column: c))).ToArray();
        return OutcomeBuilder.ByYear("forest-loss-table", table, join, columns.Select(c => c.Year), sums, () =>
        [
            ToLayer([.. cells.Select(c => codes[c.Row])], [.. cells.Select(c => (int?)columns[c.Column].Year)], [.. cells.Select(c => thresholds[c.Row])], [.. cells.Select(c => values[c.Column][c.Row])], origin),
        ]);
    }

    private static Layer ToLayer(string?[] codes, int?[] years, string?[]? thresholds, double[] loss, Provenance origin) => new(
        "tree_cover_loss_municipal",
        [
            Column.Text("code", codes), OutcomeBuilder.YearColumn(years),
            .. thresholds is null ? Array.Empty<Column>() : [Column.Text("canopy_threshold", thresholds)],
            Column.Real("loss_ha", loss, "ha"),
        ],
        provenance: origin with { Source = "Hansen/UMD/Google/USGS/NASA through Global Forest Watch", Licence = "CC BY 4.0" },
        title: "Tree cover loss by municipality and year",
        caveats: ["Tree cover loss from all causes, not deforestation for coca."]);
}
