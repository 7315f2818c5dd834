using GeoHarm.Spatial.Crs;
using NetTopologySuite.Geometries;

namespace GeoHarm.Spatial.Layers;

/// <summary>Whether a layer may leave the machine as it is.</summary>
public enum Sensitivity
{
    /// <summary>Already public at its own level of detail.</summary>
    Open,

    /// <summary>Leaves only through the publication gate.</summary>
    Sensitive,
}

/// <summary>Where a layer came from.</summary>
/// <param name="Source">Publisher and title, as to be cited.</param>
/// <param name="Licence">Licence name or SPDX identifier.</param>
/// <param name="Sha256">Hash of the file it was read from, lower-case hex; empty for computed layers.</param>
/// <param name="Importer">Name and version of what read or computed it.</param>
public sealed record Provenance(string Source, string Licence, string Sha256 = "", string Importer = "")
{
    /// <summary>Nothing is known of the origin.</summary>
    public static Provenance Unknown { get; } = new("unknown", "unknown");
}

/// <summary>
/// A named table of columns, with one geometry a row where it is a map layer (<see cref="Crs"/> not null), without
/// where it is a plain table. Immutable; columns are equally long. Everything models hand to each other is one of these.
/// </summary>
public sealed class Layer
{
    private readonly Geometry?[]? geometries;
    private readonly Dictionary<string, Column> byName;

    /// <summary>Makes a layer; throws when columns differ in length, repeat a name, or geometry comes without a CRS.</summary>
    public Layer(
        string name,
        IReadOnlyList<Column> columns,
        IReadOnlyList<Geometry?>? geometries = null,
        CoordinateSystem? crs = null,
        Sensitivity sensitivity = Sensitivity.Open,
        Provenance? provenance = null,
        string title = "",
        IReadOnlyList<string>? caveats = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (geometries is not null && crs is null) throw new ArgumentException($"Layer '{name}' has geometry but no coordinate system.");
        RowCount = geometries?.Count ?? (columns.Count > 0 ? columns[0].Count : 0);
        foreach (var column in columns)
        {
            if (column.Count != RowCount) throw new ArgumentException($"Layer '{name}': column '{column.Name}' has {column.Count} rows, not {RowCount}.");
        }
        byName = columns.ToDictionary(c => c.Name, StringComparer.Ordinal);
        (Name, Columns, Crs, Sensitivity) = (name, columns, geometries is null ? null : crs, sensitivity);
        Provenance = provenance ?? Provenance.Unknown;
        Title = title.Length > 0 ? title : name;
        Caveats = caveats ?? [];
        this.geometries = geometries?.ToArray();
    }

    /// <summary>Table name: letters, digits, underscores.</summary>
    public string Name { get; }

    /// <summary>Title for people.</summary>
    public string Title { get; }

    /// <summary>Columns in order.</summary>
    public IReadOnlyList<Column> Columns { get; }

    /// <summary>Number of rows.</summary>
    public int RowCount { get; }

    /// <summary>Coordinate system of the geometry; null for a plain table.</summary>
    public CoordinateSystem? Crs { get; }

    /// <summary>Whether the layer may leave as it is; inherited by whatever is computed from it.</summary>
    public Sensitivity Sensitivity { get; }

    /// <summary>Origin.</summary>
    public Provenance Provenance { get; }

    /// <summary>Sentences that travel with the layer wherever it goes.</summary>
    public IReadOnlyList<string> Caveats { get; }

    /// <summary>Whether rows carry geometry.</summary>
    public bool HasGeometry => geometries is not null;

    /// <summary>The column of that name; throws with the names there are when it is missing.</summary>
    public Column this[string column] => byName.TryGetValue(column, out var found)
        ? found
        : throw new KeyNotFoundException($"Layer '{Name}' has no column '{column}'; it has {string.Join(", ", byName.Keys)}.");

    /// <summary>Whether a column of that name exists.</summary>
    public bool Has(string column) => byName.ContainsKey(column);

    /// <summary>Geometry of a row; null where the row has none or the layer is a plain table.</summary>
    public Geometry? GeometryAt(int row) => geometries?[row];

    /// <summary>The layer restricted to rows, in the order given.</summary>
    public Layer Take(IReadOnlyList<int> rows) => new(
        Name, Columns.Select(c => c.Take(rows)).ToArray(), geometries is null ? null : rows.Select(r => geometries[r]).ToArray(),
        Crs, Sensitivity, Provenance, Title, Caveats);

    /// <summary>The rows of several layers of one shape, one after the other, under a first text column that tells them apart;
    /// titles that differ become what they all end in after a colon, with the values of the first column.
    /// Throws when the layers differ in their columns.</summary>
    /// <param name="key">Name of the first column.</param>
    /// <param name="parts">Value of that column and layer; at least one.</param>
    public static Layer Stack(string key, IReadOnlyList<(string Key, Layer Layer)> parts)
    {
        var first = parts[0].Layer;
        var names = first.Columns.Select(c => c.Name).ToArray();
        if (parts.Any(p => !p.Layer.Columns.Select(c => c.Name).SequenceEqual(names))) throw new ArgumentException($"Layers named '{first.Name}' differ in their columns.");
        var columns = new List<Column> { Column.Text(key, parts.SelectMany(p => Enumerable.Repeat<string?>(p.Key, p.Layer.RowCount))) };
        columns.AddRange(names.Select(n => Column.Concatenate([.. parts.Select(p => p.Layer[n])])));
        return new Layer(first.Name, columns, first.HasGeometry ? [.. parts.SelectMany(p => Enumerable.Range(0, p.Layer.RowCount).Select(p.Layer.GeometryAt))] : null,
            first.Crs, parts.Any(p => p.Layer.Sensitivity == Sensitivity.Sensitive) ? Sensitivity.Sensitive : Sensitivity.Open,
            first.Provenance, TitleOf(parts), [.. parts.SelectMany(p => p.Layer.Caveats).Distinct()]);
    }

    private static string TitleOf(IReadOnlyList<(string Key, Layer Layer)> parts)
    {
        var titles = parts.Select(p => p.Layer.Title).Distinct().ToArray();
        if (titles.Length == 1) return titles[0];
        var ends = titles.Select(t => t.LastIndexOf(": ", StringComparison.Ordinal) is >= 0 and var at ? t[(at + 2)..] : t).Distinct().ToArray();
        return ends.Length == 1 ? $"{char.ToUpperInvariant(ends[0][0])}{ends[0][1..]} ({string.Join(", ", parts.Select(p => p.Key))})" : string.Join("; ", titles);
    }

    /// <summary>The layer in parts of at most <paramref name="rows"/> rows, at least one.</summary>
    public IEnumerable<Layer> Cut(int rows)
    {
        if (RowCount <= rows) return [this];
        return Enumerable.Range(0, (RowCount + rows - 1) / rows).Select(p => Take([.. Enumerable.Range(p * rows, Math.Min(rows, RowCount - p * rows))]));
    }

    /// <summary>The same layer under another sensitivity.</summary>
    public Layer WithSensitivity(Sensitivity sensitivity) => new(Name, Columns, geometries, Crs, sensitivity, Provenance, Title, Caveats);

    /// <summary>The same rows with other columns, keeping geometry, sensitivity and origin.</summary>
    public Layer WithColumns(IReadOnlyList<Column> columns, string? name = null, string? title = null) => new(
        name ?? Name, columns, geometries, Crs, Sensitivity, Provenance, title ?? Title, Caveats);
}
