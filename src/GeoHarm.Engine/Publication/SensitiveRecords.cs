using System.Globalization;
using System.Text.RegularExpressions;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Engine.Publication;

/// <summary>
/// What of a sensitive layer may count: its columns of hectares, one for each calendar year that is old enough, or the number
/// of its records where it has no hectares. Everything else (names, ids, addresses, times) stays behind.
/// </summary>
internal sealed partial class SensitiveRecords
{
    private static readonly string[] YearColumns = ["year", "ano", "anio", "vigencia", "date", "fecha", "fecha_hecho"];

    private SensitiveRecords(IReadOnlyList<string> names, IReadOnlyList<string?> units, CellSum[][] values, IReadOnlyList<int> tooYoung) =>
        (Names, Units, Values, TooYoung) = (names, units, values, tooYoung);

    /// <summary>Column names.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Units; null for counts.</summary>
    public IReadOnlyList<string?> Units { get; }

    /// <summary>What each record adds, by column, then row.</summary>
    public CellSum[][] Values { get; }

    /// <summary>Years left out because they are not old enough.</summary>
    public IReadOnlyList<int> TooYoung { get; }

    /// <summary>Reads a layer; throws <see cref="NotPublishableException"/> when no year is known or none is old enough.</summary>
    public static SensitiveRecords Of(Layer layer, DateOnly asOf, DisclosureRules rules)
    {
        var rows = Enumerable.Range(0, layer.RowCount).ToArray();
        var hectares = layer.Columns.Where(IsHectares).ToList();
        var yearOfRow = layer.Columns.FirstOrDefault(c => YearColumns.Contains(c.Name.ToLowerInvariant())) is { } dated ? rows.Select(r => YearAt(dated, r)).ToArray() : null;
        var parts = new List<(string Name, string? Unit, int? Year, Column? Column)>();
        foreach (var column in hectares) parts.Add((column.Name, "ha", YearIn(column.Name), column));
        if (parts.Count == 0) parts.Add(("records", null, null, null));
        var dates = parts.Select(p => p.Year).Concat(yearOfRow ?? []).OfType<int>().Distinct().Order().ToList();
        if (parts.Exists(p => p.Year is null) && (yearOfRow is null || Array.Exists(yearOfRow, y => y is null)))
        {
            throw new NotPublishableException($"Layer '{layer.Name}' is sensitive and does not say of which year it is: give a column 'year', or the year in the column's name (coca_ha_2020), so that its age can be checked.");
        }
        var old = dates.Where(y => rules.IsOldEnough(y, asOf)).ToList();
        if (old.Count == 0) throw new NotPublishableException($"Layer '{layer.Name}' is sensitive and of {string.Join(", ", dates)}: a calendar year may leave {rules.LeastAgeMonths} months after its end; as of {asOf:yyyy-MM-dd} that is none of them.");
        var keys = rows.Select(r => KeyOf(layer, r)).ToArray();
        var (names, units, values) = (new List<string>(), new List<string?>(), new List<CellSum[]>());
        foreach (var (name, unit, year, column) in parts)
        {
            foreach (var y in year is { } own ? old.Where(o => o == own) : old)
            {
                names.Add(year is null ? string.Create(CultureInfo.InvariantCulture, $"{name}_{y}") : name);
                units.Add(unit);
                values.Add([.. rows.Select(r => year is null && yearOfRow![r] != y ? default : RecordAt(layer, column, r, keys[r]))]);
            }
        }
        return new SensitiveRecords(names, units, [.. values], [.. dates.Except(old)]);
    }

    /// <summary>A record's part: itself, or the records that an import merged into it, as far as it says.</summary>
    private static CellSum RecordAt(Layer layer, Column? column, int row, uint key)
    {
        var value = column is null ? 1 : column.Number(row);
        if (!layer.Has("contributors")) return CellSum.Record(value, key);
        double Side(string end) => column is not null && layer.Has(column.Name + end) ? layer[column.Name + end].Number(row) : double.NaN;
        var contributors = (long)layer["contributors"].Number(row);
        return column is null
            ? CellSum.Merged(contributors, contributors, 1, 1, key)
            : CellSum.Merged(contributors, value, Side("_largest"), Side("_second"), key);
    }

    private static uint KeyOf(Layer layer, int row)
    {
        if (layer.GeometryAt(row) is not { IsEmpty: false } geometry) return CellKeyRounding.KeyOf(string.Join('|', layer.Columns.Where(c => c.Type == FieldType.Text).Select(c => c.TextAt(row))));
        var centre = geometry.Centroid;
        return CellKeyRounding.KeyOf(centre.X, centre.Y);
    }

    private static bool IsHectares(Column column)
    {
        if (column.Type is not (FieldType.Real or FieldType.Integer)) return false;
        var name = column.Name.ToLowerInvariant();
        if (name.EndsWith("_largest", StringComparison.Ordinal) || name.EndsWith("_second", StringComparison.Ordinal)) return false;
        return column.Unit == "ha" || HectaresName().IsMatch(name);
    }

    private static int? YearIn(string name) => YearName().Match(name) is { Success: true } found ? int.Parse(found.Value, CultureInfo.InvariantCulture) : null;

    private static int? YearAt(Column column, int row) =>
        column.IsNull(row) ? null : column.Type == FieldType.Date ? column.DateAt(row)!.Value.Year : YearIn(column.TextAt(row)!);

    [GeneratedRegex("area|hect|(^|_)ha(_|$)")]
    private static partial Regex HectaresName();

    [GeneratedRegex("(?<![0-9])(19|20)[0-9]{2}(?![0-9])")]
    private static partial Regex YearName();
}
