using System.Text.Json;
using System.Text.RegularExpressions;
using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using Microsoft.Data.Sqlite;
using NetTopologySuite.Geometries;

namespace GeoHarm.Stores.GeoPackage;

/// <summary>Writes one layer into a package: its table, its rows, its index, what is said of it. The caller holds the
/// transaction, so that all of it appears or none.</summary>
internal static partial class LayerTable
{
    private static readonly string[] ReservedPrefixes = ["gpkg_", "rtree_", "sqlite_", "geoharm_"];

    /// <summary>Writes the layer, replacing one of the same name. Every fault of names is thrown at once.</summary>
    /// <param name="connection">Open connection with a transaction under way.</param>
    /// <param name="layer">What to write.</param>
    /// <param name="lastChange">ISO instant for gpkg_contents; fixed where files must be the same bit by bit.</param>
    public static void Write(SqliteConnection connection, Layer layer, string lastChange)
    {
        RefuseNames(layer);
        var version = 1 + Version(connection, layer.Name);
        Drop(connection, layer.Name);
        var key = FreeName(layer, "fid");
        var geometryColumn = FreeName(layer, "geom");
        var crs = layer.Crs ?? CoordinateSystem.Wgs84;
        var srsId = layer.HasGeometry ? GeoPackageSchema.RegisterSrs(connection, crs) : 0;
        GeoPackageSchema.Execute(connection, CreateTable(layer, key, geometryColumn));
        var envelopes = InsertRows(connection, layer, key, geometryColumn, srsId);
        Describe(connection, layer, lastChange, srsId, envelopes);
        if (layer.HasGeometry)
        {
            DescribeGeometry(connection, layer, geometryColumn, srsId);
            SpatialIndex.Build(connection, layer.Name, key, geometryColumn, envelopes);
        }
        DescribeOwn(connection, layer, version);
    }

    /// <summary>Removes a layer's table and all that is said of it; nothing happens when it is absent.</summary>
    public static void Drop(SqliteConnection connection, string table)
    {
        if (GeoPackageSchema.Scalar(connection, "SELECT column_name FROM gpkg_geometry_columns WHERE table_name = $t", ("$t", table)) is string geometryColumn)
        {
            SpatialIndex.Drop(connection, table, geometryColumn);
        }
        foreach (var register in new[] { "gpkg_extensions", "gpkg_geometry_columns", "gpkg_contents", "geoharm_layers", "geoharm_columns" })
        {
            GeoPackageSchema.Execute(connection, $"DELETE FROM {register} WHERE table_name = $t", ("$t", table));
        }
        GeoPackageSchema.Execute(connection, $"DROP TABLE IF EXISTS {GeoPackageSchema.Quote(table)}");
    }

    private static long Version(SqliteConnection connection, string table) =>
        GeoPackageSchema.Scalar(connection, "SELECT version FROM geoharm_layers WHERE table_name = $t", ("$t", table)) is long version ? version : 0;

    /// <summary>Throws every fault of the names of a layer and its columns.</summary>
    public static void RefuseNames(Layer layer)
    {
        var faults = new List<Fault>();
        if (!TableName().IsMatch(layer.Name) || ReservedPrefixes.Any(p => layer.Name.StartsWith(p, StringComparison.OrdinalIgnoreCase)))
        {
            faults.Add(new Fault(FaultSeverity.Error, "GH4001", "", $"layer {layer.Name}", $"'{layer.Name}' cannot name a table.", "Use letters, digits and underscores, beginning with a letter; not gpkg_, rtree_, sqlite_ or geoharm_."));
        }
        foreach (var same in layer.Columns.GroupBy(c => c.Name, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
        {
            faults.Add(new Fault(FaultSeverity.Error, "GH4002", "", $"layer {layer.Name}", $"Columns {string.Join(", ", same.Select(c => c.Name))} differ only in case; a table cannot hold both.", "Rename one of them."));
        }
        if (faults.Count > 0) throw new InvalidInputException(faults);
    }

    private static string FreeName(Layer layer, string wanted)
    {
        while (layer.Columns.Any(c => c.Name.Equals(wanted, StringComparison.OrdinalIgnoreCase))) wanted += "_";
        return wanted;
    }

    private static string CreateTable(Layer layer, string key, string geometryColumn)
    {
        // No AUTOINCREMENT: the format does not ask for it, and it writes sqlite_sequence once a row.
        var columns = new List<string> { $"{GeoPackageSchema.Quote(key)} INTEGER PRIMARY KEY NOT NULL" };
        if (layer.HasGeometry) columns.Add($"{GeoPackageSchema.Quote(geometryColumn)} {GeometryType(layer)}");
        columns.AddRange(layer.Columns.Select(c => $"{GeoPackageSchema.Quote(c.Name)} {SqlType(c.Type)}"));
        return $"CREATE TABLE {GeoPackageSchema.Quote(layer.Name)} ({string.Join(", ", columns)})";
    }

    private static string SqlType(FieldType type) => type switch
    {
        FieldType.Text => "TEXT",
        FieldType.Integer => "INTEGER",
        FieldType.Real => "REAL",
        _ => "DATE",
    };

    private static Envelope?[] InsertRows(SqliteConnection connection, Layer layer, string key, string geometryColumn, int srsId)
    {
        var names = new List<string> { key };
        if (layer.HasGeometry) names.Add(geometryColumn);
        names.AddRange(layer.Columns.Select(c => c.Name));
        var envelopes = new Envelope?[layer.HasGeometry ? layer.RowCount : 0];
        var codec = new GeometryBlob();
        using var insert = new RowInsert(
            connection,
            $"INSERT INTO {GeoPackageSchema.Quote(layer.Name)} ({string.Join(", ", names.Select(GeoPackageSchema.Quote))}) VALUES ({string.Join(",", names.Select(_ => "?"))})");
        for (var row = 0; row < layer.RowCount; row++)
        {
            insert.Bind(1, row + 1L);
            var place = 2;
            if (layer.HasGeometry)
            {
                var geometry = layer.GeometryAt(row);
                if (geometry is null) insert.BindNull(place);
                else insert.Bind(place, codec.Encode(geometry, srsId));
                if (geometry is { IsEmpty: false }) envelopes[row] = geometry.EnvelopeInternal;
                place++;
            }
            foreach (var column in layer.Columns) insert.Bind(place++, column, row);
            insert.Run();
        }
        return envelopes;
    }

    private static void Describe(SqliteConnection connection, Layer layer, string lastChange, int srsId, Envelope?[] envelopes)
    {
        var extent = new Envelope();
        foreach (var envelope in envelopes)
        {
            if (envelope is not null) extent.ExpandToInclude(envelope);
        }
        object? Bound(double value) => extent.IsNull ? null : value;
        GeoPackageSchema.Execute(
            connection,
            "INSERT INTO gpkg_contents VALUES ($table, $type, $table, $title, $changed, $minx, $miny, $maxx, $maxy, $srs)",
            ("$table", layer.Name), ("$type", layer.HasGeometry ? "features" : "attributes"), ("$title", layer.Title), ("$changed", lastChange),
            ("$minx", Bound(extent.MinX)), ("$miny", Bound(extent.MinY)), ("$maxx", Bound(extent.MaxX)), ("$maxy", Bound(extent.MaxY)),
            ("$srs", layer.HasGeometry ? srsId : null));
    }

    private static void DescribeGeometry(SqliteConnection connection, Layer layer, string geometryColumn, int srsId)
    {
        var (z, m) = Dimensions(layer);
        GeoPackageSchema.Execute(
            connection,
            "INSERT INTO gpkg_geometry_columns VALUES ($table, $column, $type, $srs, $z, $m)",
            ("$table", layer.Name), ("$column", geometryColumn), ("$type", GeometryType(layer)), ("$srs", srsId), ("$z", z), ("$m", m));
    }

    private static void DescribeOwn(SqliteConnection connection, Layer layer, long version)
    {
        var origin = layer.Provenance;
        GeoPackageSchema.Execute(
            connection,
            "INSERT INTO geoharm_layers (table_name, version, title, sensitivity, source, licence, sha256, importer, caveats, crs_epsg, crs_wkt) VALUES ($table, $version, $title, $sensitivity, $source, $licence, $sha, $importer, $caveats, $epsg, $wkt)",
            ("$table", layer.Name), ("$version", version), ("$title", layer.Title), ("$sensitivity", layer.Sensitivity == Sensitivity.Open ? "open" : "sensitive"),
            ("$source", origin.Source), ("$licence", origin.Licence), ("$sha", origin.Sha256), ("$importer", origin.Importer),
            ("$caveats", JsonSerializer.Serialize(layer.Caveats)), ("$epsg", layer.Crs?.Epsg), ("$wkt", layer.Crs?.Wkt));
        for (var i = 0; i < layer.Columns.Count; i++)
        {
            var column = layer.Columns[i];
            GeoPackageSchema.Execute(
                connection,
                "INSERT INTO geoharm_columns VALUES ($table, $ordinal, $name, $type, $unit)",
                ("$table", layer.Name), ("$ordinal", i), ("$name", column.Name), ("$type", column.Type.ToString()), ("$unit", column.Unit));
        }
    }

    /// <summary>The one type of all rows, else GEOMETRY.</summary>
    private static string GeometryType(Layer layer)
    {
        string? only = null;
        for (var row = 0; row < layer.RowCount; row++)
        {
            if (layer.GeometryAt(row) is not { } geometry) continue;
            var type = geometry is LinearRing ? "LINESTRING" : geometry.GeometryType.ToUpperInvariant();
            if (only is not null && only != type) return "GEOMETRY";
            only = type;
        }
        return only ?? "GEOMETRY";
    }

    /// <summary>0 no row has the ordinate, 2 some have.</summary>
    private static (int Z, int M) Dimensions(Layer layer)
    {
        var (z, m) = (0, 0);
        for (var row = 0; row < layer.RowCount && (z == 0 || m == 0); row++)
        {
            var ordinates = GeometryBlob.OrdinatesOf(layer.GeometryAt(row));
            if (ordinates.HasFlag(Ordinates.Z)) z = 2;
            if (ordinates.HasFlag(Ordinates.M)) m = 2;
        }
        return (z, m);
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_]*$")]
    private static partial Regex TableName();
}
