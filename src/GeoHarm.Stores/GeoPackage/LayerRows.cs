using System.Globalization;
using System.Text.Json;
using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using Microsoft.Data.Sqlite;
using NetTopologySuite.Geometries;

namespace GeoHarm.Stores.GeoPackage;

/// <summary>Reads a layer's rows. Packages of other programs are read too: types by their declared names, row ids named
/// fid, ogc_fid or objectid left out as GDAL does, blobs skipped.</summary>
internal static class LayerRows
{
    private static readonly string[] HiddenKeys = ["fid", "ogc_fid", "objectid", "gid"];

    /// <summary>Reads the rows that match in parts, at least one. Throws <see cref="KeyNotFoundException"/> for an unknown column in
    /// the query.</summary>
    public static IEnumerable<Layer> Parts(SqliteConnection connection, string table, bool ownTables, LayerQuery query, int rows)
    {
        var key = GeoPackageSchema.Scalar(connection, "SELECT name FROM pragma_table_info($t) WHERE pk = 1", ("$t", table)) as string ?? "rowid";
        var geometryColumn = GeoPackageSchema.Scalar(connection, "SELECT column_name FROM gpkg_geometry_columns WHERE table_name = $t", ("$t", table)) as string;
        var columns = Columns(connection, table, key, geometryColumn, ownTables);
        var (info, caveats, crs) = Said(connection, table, ownTables);
        using var command = Select(connection, table, key, geometryColumn, columns, query, out var checkEnvelope);
        var codec = new GeometryBlob();
        using var reader = command.ExecuteReader();
        var left = query.Limit ?? int.MaxValue;
        for (var (more, none) = (true, true); more; none = false)
        {
            var builders = columns.Select(c => new ColumnBuilder(c.Name, c.Type, c.Unit)).ToArray();
            var geometries = geometryColumn is null ? null : new List<Geometry?>();
            var held = 0;
            while (held < rows && (more = left > 0 && reader.Read()))
            {
                if (geometries is not null)
                {
                    var geometry = reader.IsDBNull(0) ? null : codec.Decode(reader.GetFieldValue<byte[]>(0), table, geometries.Count + 1);
                    if (checkEnvelope && (geometry is null || !query.Extent!.Intersects(geometry.EnvelopeInternal))) continue;
                    geometries.Add(geometry);
                }
                for (var i = 0; i < builders.Length; i++) builders[i].Add(reader, i + 1);
                held++;
                left--;
            }
            if (held == 0 && !none) yield break;
            yield return new Layer(table, builders.Select(b => b.ToColumn()).ToArray(), geometries, geometries is null ? null : crs, info.Sensitivity, info.Provenance, info.Title, caveats);
        }
    }

    /// <summary>What the package says of a layer.</summary>
    public static (LayerInfo Info, IReadOnlyList<string> Caveats, CoordinateSystem Crs) Said(SqliteConnection connection, string table, bool ownTables)
    {
        var rows = (long)GeoPackageSchema.Scalar(connection, $"SELECT count(*) FROM {GeoPackageSchema.Quote(table)}")!;
        var hasGeometry = GeoPackageSchema.Scalar(connection, "SELECT 1 FROM gpkg_geometry_columns WHERE table_name = $t", ("$t", table)) is not null;
        if (ownTables)
        {
            using var command = GeoPackageSchema.Command(connection, "SELECT title, sensitivity, source, licence, sha256, importer, caveats, crs_epsg, crs_wkt, version FROM geoharm_layers WHERE table_name = $t", ("$t", table));
            using var reader = command.ExecuteReader();
            if (reader.Read())
            {
                var sensitivity = reader.GetString(1) == "open" ? Sensitivity.Open : Sensitivity.Sensitive;
                var origin = new Provenance(reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetString(5));
                var caveats = JsonSerializer.Deserialize<string[]>(reader.GetString(6)) ?? [];
                var crs = reader.IsDBNull(7) ? CoordinateSystem.Wgs84 : new CoordinateSystem(reader.GetInt32(7), reader.GetString(8));
                return (new LayerInfo(table, reader.GetString(0), rows, hasGeometry, sensitivity, origin, reader.GetInt64(9)), caveats, crs);
            }
        }
        var title = GeoPackageSchema.Scalar(connection, "SELECT coalesce(nullif(description, ''), identifier, table_name) FROM gpkg_contents WHERE table_name = $t", ("$t", table)) as string ?? table;
        return (new LayerInfo(table, title, rows, hasGeometry, Sensitivity.Open, Provenance.Unknown), [], RegisteredCrs(connection, table));
    }

    private static CoordinateSystem RegisteredCrs(SqliteConnection connection, string table)
    {
        using var command = GeoPackageSchema.Command(
            connection,
            "SELECT organization, organization_coordsys_id, definition FROM gpkg_geometry_columns JOIN gpkg_spatial_ref_sys USING (srs_id) WHERE table_name = $t",
            ("$t", table));
        using var reader = command.ExecuteReader();
        if (!reader.Read()) return CoordinateSystem.Wgs84;
        if (reader.GetString(0).Equals("EPSG", StringComparison.OrdinalIgnoreCase)) return new CoordinateSystem(reader.GetInt32(1));
        return new CoordinateSystem(0, reader.GetString(2));
    }

    private static List<(string Name, FieldType Type, string? Unit)> Columns(SqliteConnection connection, string table, string key, string? geometryColumn, bool ownTables)
    {
        var columns = new List<(string, FieldType, string?)>();
        if (ownTables)
        {
            using var own = GeoPackageSchema.Command(connection, "SELECT column_name, field_type, unit FROM geoharm_columns WHERE table_name = $t ORDER BY ordinal", ("$t", table));
            using var reader = own.ExecuteReader();
            while (reader.Read()) columns.Add((reader.GetString(0), Enum.Parse<FieldType>(reader.GetString(1)), reader.IsDBNull(2) ? null : reader.GetString(2)));
            if (columns.Count > 0 || GeoPackageSchema.Scalar(connection, "SELECT 1 FROM geoharm_layers WHERE table_name = $t", ("$t", table)) is not null) return columns;
        }
        using var declared = GeoPackageSchema.Command(connection, "SELECT name, type FROM pragma_table_info($t) ORDER BY cid", ("$t", table));
        using var rows = declared.ExecuteReader();
        while (rows.Read())
        {
            var (name, type) = (rows.GetString(0), rows.GetString(1).ToUpperInvariant());
            var hidden = name == geometryColumn || (name == key && HiddenKeys.Contains(name, StringComparer.OrdinalIgnoreCase)) || type.StartsWith("BLOB", StringComparison.Ordinal);
            if (!hidden) columns.Add((name, DeclaredType(type), null));
        }
        return columns;
    }

    private static FieldType DeclaredType(string type) => type switch
    {
        "BOOLEAN" or "TINYINT" or "SMALLINT" or "MEDIUMINT" or "INT" or "INTEGER" or "BIGINT" => FieldType.Integer,
        "FLOAT" or "DOUBLE" or "REAL" => FieldType.Real,
        "DATE" => FieldType.Date,
        _ => FieldType.Text,
    };

    private static SqliteCommand Select(
        SqliteConnection connection, string table, string key, string? geometryColumn, List<(string Name, FieldType Type, string? Unit)> columns, LayerQuery query, out bool checkEnvelope)
    {
        checkEnvelope = query.Extent is not null && geometryColumn is not null;
        var parameters = new List<(string, object?)>();
        var conditions = new List<string>();
        if (checkEnvelope && SpatialIndex.Exists(connection, table, geometryColumn!))
        {
            conditions.Add($"{GeoPackageSchema.Quote(key)} IN (SELECT id FROM {GeoPackageSchema.Quote(SpatialIndex.NameOf(table, geometryColumn!))} WHERE minx <= $maxx AND maxx >= $minx AND miny <= $maxy AND maxy >= $miny)");
            parameters.AddRange([("$minx", query.Extent!.MinX), ("$maxx", query.Extent.MaxX), ("$miny", query.Extent.MinY), ("$maxy", query.Extent.MaxY)]);
        }
        foreach (var (name, text) in query.Equal ?? new Dictionary<string, string>())
        {
            var index = IndexOf(columns, table, name);
            var value = Comparable(columns[index].Type, text);
            conditions.Add(value is null ? "0" : $"{GeoPackageSchema.Quote(name)} = $e{parameters.Count}");
            parameters.Add(($"$e{parameters.Count}", value));
        }
        if (query.Time is { } time)
        {
            var index = IndexOf(columns, table, time.Field);
            var range = LayerSelection.Timed(columns[index].Type, time);
            var days = columns[index].Type == FieldType.Date;
            conditions.Add($"{GeoPackageSchema.Quote(time.Field)} BETWEEN $from AND $to");
            parameters.Add(("$from", days ? range.From.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : range.From.Year));
            parameters.Add(("$to", days ? range.To.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : range.To.Year));
        }
        var selected = new[] { geometryColumn is null ? "NULL" : GeoPackageSchema.Quote(geometryColumn) }.Concat(columns.Select(c => GeoPackageSchema.Quote(c.Name)));
        var where = conditions.Count == 0 ? "" : " WHERE " + string.Join(" AND ", conditions);
        var limit = query.Limit is { } most && !checkEnvelope ? $" LIMIT {most.ToString(CultureInfo.InvariantCulture)}" : "";
        return GeoPackageSchema.Command(connection, $"SELECT {string.Join(", ", selected)} FROM {GeoPackageSchema.Quote(table)}{where} ORDER BY {GeoPackageSchema.Quote(key)}{limit}", [.. parameters]);
    }

    private static int IndexOf(List<(string Name, FieldType Type, string? Unit)> columns, string table, string name)
    {
        var index = columns.FindIndex(c => c.Name == name);
        return index >= 0 ? index : throw new KeyNotFoundException($"Layer '{table}' has no column '{name}'; it has {string.Join(", ", columns.Select(c => c.Name))}.");
    }

    /// <summary>The value to compare with; null when the text is no value of the type, so that no row can match.</summary>
    private static object? Comparable(FieldType type, string text) => type switch
    {
        FieldType.Integer => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : null,
        FieldType.Real => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null,
        _ => text,
    };
}
