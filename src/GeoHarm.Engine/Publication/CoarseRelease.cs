using System.Globalization;
using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using NetTopologySuite.Geometries;

namespace GeoHarm.Engine.Publication;

/// <summary>A sensitive layer in the form that may leave: cells of the fixed grid, or zones with their totals.</summary>
internal static class CoarseRelease
{
    private static readonly string[] ZoneColumns = ["municipality", "mpio", "cod_mpio", "codmpio", "mpio_cdpmp", "divipola", "dane", "code", "adm2_pcode", "zone"];

    private static readonly GeometryFactory Factory = new();

    /// <summary>The zone column of a layer whose rows name municipalities or larger units and are no map of plots; null when
    /// it must go to the grid.</summary>
    public static Column? ZoneColumn(Layer layer)
    {
        var column = layer.Columns.FirstOrDefault(c => c.Type == FieldType.Text && ZoneColumns.Contains(c.Name.ToLowerInvariant()));
        if (column is null) return null;
        var codes = Enumerable.Range(0, layer.RowCount).Select(column.TextAt).OfType<string>().ToList();
        var isWhole = codes.Count == layer.RowCount && codes.TrueForAll(c => c.Length is 2 or 5 && c.All(char.IsAsciiDigit));
        return isWhole && (!layer.HasGeometry || codes.Distinct().Count() == codes.Count) ? column : null;
    }

    /// <summary>Cells of 5, 10 and 20 km of the grid of EPSG:6933, in longitude and latitude.</summary>
    public static Layer Grid(Layer layer, SensitiveRecords records, Audience audience, DisclosureRules rules)
    {
        var (x, y, kept) = Centres(layer);
        var cells = GridCoarsening.Cells(x, y, [.. records.Values.Select(v => kept.Select(r => v[r]).ToArray())], rules);
        var ids = cells.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.SideMetres / 1000:0}km:{c.Column}:{c.Row}"));
        var columns = new List<Column> { Column.Text("cell", ids), Column.Real("side_km", cells.Select(c => c.SideMetres / 1000), "km") };
        columns.AddRange(Columns(records, [.. cells.Select(c => (c.Sums, c.Withheld))], audience, rules));
        // The projection is a cylinder: a square of the grid is a rectangle of longitudes and latitudes.
        var toDegrees = new Reprojection(CoordinateSystem.EqualArea, CoordinateSystem.Wgs84);
        var squares = cells.Select(c => toDegrees.Transform(Factory.ToGeometry(new Envelope(c.Column * c.SideMetres, (c.Column + 1) * c.SideMetres, c.Row * c.SideMetres, (c.Row + 1) * c.SideMetres))));
        return Made(layer, columns, [.. squares], records, cells.Select(c => (c.Sums, c.Withheld)), audience, rules,
            string.Create(CultureInfo.InvariantCulture, $"Coarsened to cells of {rules.CellMetres / 1000:0} to {rules.CellMetres / 1000 * (1 << rules.Merges):0} km"));
    }

    /// <summary>Municipalities, departments and the whole, with complementary suppression.</summary>
    public static Layer Zones(Layer layer, Column zones, SensitiveRecords records, Audience audience, DisclosureRules rules)
    {
        var codes = Enumerable.Range(0, layer.RowCount).Select(r => zones.TextAt(r)!).ToArray();
        var names = codes.Concat(codes.Select(c => c[..2])).Distinct().Order(StringComparer.Ordinal).Append("total").ToList();
        var index = names.Select((n, i) => (n, i)).ToDictionary(p => p.n, p => p.i, StringComparer.Ordinal);
        // A row that names a department while others name its municipalities stands beside them, not above.
        var leafOf = codes.Select(c => c.Length == 2 && codes.Any(o => o.Length == 5 && o.StartsWith(c, StringComparison.Ordinal)) ? c + "000" : c).ToArray();
        foreach (var extra in leafOf.Where(l => !index.ContainsKey(l)).Distinct().Order(StringComparer.Ordinal).ToList()) { index[extra] = names.Count; names.Add(extra); }
        var whole = index["total"];
        int[] parents = [.. names.Select((n, i) => i == whole ? -1 : n.Length == 5 ? index[n[..2]] : whole)];
        var leaves = new CellSum[names.Count, records.Names.Count];
        for (var column = 0; column < records.Names.Count; column++)
        {
            for (var row = 0; row < codes.Length; row++) leaves[index[leafOf[row]], column] += records.Values[column][row];
        }
        var table = new TotalsTable(parents, leaves, hasTotalColumn: false);
        var blank = ComplementarySuppression.Protect(table, rules);
        var lines = names.Select((_, r) => ((IReadOnlyList<CellSum>)[.. Enumerable.Range(0, table.Columns).Select(c => table[r, c])], (IReadOnlyList<bool>)[.. Enumerable.Range(0, table.Columns).Select(c => blank[r, c])])).ToList();
        var columns = new List<Column> { Column.Text(zones.Name, names), Column.Text("level", names.Select(n => n == "total" ? "total" : n.Length == 2 ? "department" : "municipality")) };
        columns.AddRange(Columns(records, lines, audience, rules));
        return Made(layer, columns, null, records, lines.Where((_, r) => table.IsLeaf[r]), audience, rules, "By municipality and above");
    }

    private static (List<double> X, List<double> Y, List<int> Rows) Centres(Layer layer)
    {
        var toGrid = layer.Crs!.Epsg == CoordinateSystem.EqualArea.Epsg ? null : new Reprojection(layer.Crs, CoordinateSystem.EqualArea);
        var (x, y, rows) = (new List<double>(), new List<double>(), new List<int>());
        for (var row = 0; row < layer.RowCount; row++)
        {
            if (layer.GeometryAt(row) is not { IsEmpty: false } geometry) continue;
            var centre = geometry.Centroid;
            var at = toGrid is null ? (centre.X, centre.Y) : toGrid.Transform(centre.X, centre.Y);
            if (!double.IsFinite(at.Item1) || !double.IsFinite(at.Item2)) continue;
            x.Add(at.Item1);
            y.Add(at.Item2);
            rows.Add(row);
        }
        return (x, y, rows);
    }

    private static IEnumerable<Column> Columns(SensitiveRecords records, IReadOnlyList<(IReadOnlyList<CellSum> Sums, IReadOnlyList<bool> Withheld)> lines, Audience audience, DisclosureRules rules)
    {
        for (var c = 0; c < records.Names.Count; c++)
        {
            var (column, name) = (c, records.Names[c]);
            var step = records.Units[c] is null ? rules.RoundCount : rules.RoundHectares;
            yield return Column.Real(name, lines.Select(l => l.Withheld[column] ? double.NaN
                : audience == Audience.Public ? CellKeyRounding.Round(l.Sums[column].Total, step, l.Sums[column].Key, name) : l.Sums[column].Total), records.Units[c]);
            if (records.Units[c] is not null) yield return Column.Text(name + "_records", lines.Select(l => CellKeyRounding.Count(l.Sums[column].Contributors, l.Sums[column].Key, rules)));
        }
        yield return Column.Text("withheld", lines.Select(l => string.Join("; ", records.Names.Where((_, c) => l.Withheld[c]))));
    }

    private static Layer Made(
        Layer layer, List<Column> columns, IReadOnlyList<Geometry?>? squares, SensitiveRecords records, IEnumerable<(IReadOnlyList<CellSum> Sums, IReadOnlyList<bool> Withheld)> lines,
        Audience audience, DisclosureRules rules, string how)
    {
        var cells = lines.SelectMany(l => l.Sums.Zip(l.Withheld)).Where(c => !c.First.IsEmpty).ToList();
        var (all, shown) = (cells.Sum(c => c.First.Total), cells.Where(c => !c.Second).Sum(c => c.First.Total));
        var words = new List<string>
        {
            $"{how}; no figure rests on fewer than {rules.LeastContributors} records or is held by one for more than {rules.MostDominance * 100:0} %.",
            string.Create(CultureInfo.InvariantCulture, $"{cells.Count(c => c.Second)} of {cells.Count} figures are withheld; {(all > 0 ? Math.Floor(100 * shown / all) : 100):0} % of the sum is shown. Withheld is not zero."),
        };
        if (audience == Audience.Public) words.Add(string.Create(CultureInfo.InvariantCulture, $"Areas are rounded to {rules.RoundHectares:0} ha, counts to {rules.RoundCount}; parts need not add up."));
        if (records.TooYoung.Count > 0) words.Add($"Too young to be shown: {string.Join(", ", records.TooYoung)}.");
        // What anyone may see is open from here on; an analyst's copy stays bound.
        return new Layer(layer.Name, columns, squares, squares is null ? null : CoordinateSystem.Wgs84, audience == Audience.Public ? Sensitivity.Open : Sensitivity.Sensitive,
            layer.Provenance, layer.Title, words);
    }
}
