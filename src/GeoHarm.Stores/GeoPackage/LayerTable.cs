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

    /// <summary>Writes the layer part by part, replacing one of the same name. Every fault of names is thrown at once.</summary>
    /// <param name="connection">Open connection with a transaction under way.</param>
    /// <param name="parts">What to write.</param>
    /// <param name="lastChange">ISO instant for gpkg_contents; fixed where files must be the same bit by bit.</param>
    /// <param name="before">Version that a file replaced whole had.</param>
    public static void Write(SqliteConnection connection, LayerParts parts, string lastChange, long before = 0)
    {
        var layer = parts.First;
        RefuseNames(layer);
        var version = 1 + Math.Max(before, Version(connection, layer.Name));
        Drop(connection, layer.Name);
        var key = FreeName(layer, "fid");
        var geometryColumn = FreeName(layer, "geom");
        var srsId = layer.HasGeometry ? GeoPackageSchema.RegisterSrs(connection, layer.Crs!) : 0;
        var declared = new ShapesWritten(layer).Type;
        GeoPackageSchema.Execute(connection, CreateTable(layer, key, geometryColumn, declared));
        var shapes = InsertRows(connection, parts, key, geometryColumn, srsId);
        if (shapes.Type != declared) Declare(connection, layer, key, geometryColumn, shapes.Type);
        Describe(connection, layer, lastChange, srsId, shapes.Extent);
        if (layer.HasGeometry)
        {
            GeoPackageSchema.Execute(
                connection,
                "INSERT INTO gpkg_geometry_columns VALUES ($table, $column, $type, $srs, $z, $m)",
                ("$table", layer.Name), ("$column", geometryColumn), ("$type", shapes.Type), ("$srs", srsId), ("$z", shapes.Z), ("$m", shapes.M));
            SpatialIndex.Build(connection, layer.Name, key, geometryColumn, shapes.Envelopes);
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

    private static string CreateTable(Layer layer, string key, string geometryColumn, string geometryType)
    {
        // No AUTOINCREMENT: the format does not ask for it, and it writes sqlite_sequence once a row.
        var columns = new List<string> { $"{GeoPackageSchema.Quote(key)} INTEGER PRIMARY KEY NOT NULL" };
        if (layer.HasGeometry) columns.Add($"{GeoPackageSchema.Quote(geometryColumn)} {geometryType}");
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

    private static ShapesWritten InsertRows(SqliteConnection connection, LayerParts parts, string key, string geometryColumn, int srsId)
    {
        var layer = parts.First;
        var names = new List<string> { key };
        if (layer.HasGeometry) names.Add(geometryColumn);
        names.AddRange(layer.Columns.Select(c => c.Name));
        var shapes = new ShapesWritten();
        var codec = new GeometryBlob();
        using var insert = new RowInsert(
            connection,
            $"INSERT INTO {GeoPackageSchema.Quote(layer.Name)} ({string.Join(", ", names.Select(GeoPackageSchema.Quote))}) VALUES ({string.Join(",", names.Select(_ => "?"))})");
        var number = 0L;
        foreach (var part in parts.All())
        {
            for (var row = 0; row < part.RowCount; row++)
            {
                insert.Bind(1, ++number);
                var place = 2;
                if (part.HasGeometry)
                {
                    var geometry = part.GeometryAt(row);
                    if (geometry is null) insert.BindNull(place);
                    else insert.Bind(place, codec.Encode(geometry, srsId));
                    shapes.Add(geometry);
                    place++;
                }
                foreach (var column in part.Columns) insert.Bind(place++, column, row);
                insert.Run();
            }
        }
        return shapes;
    }

    /// <summary>A later part brought another type of geometry than the first: the table is made anew with the type of all, which
    /// the format wants in its definition too.</summary>
    private static void Declare(SqliteConnection connection, Layer layer, string key, string geometryColumn, string geometryType)
    {
        var (table, old) = (GeoPackageSchema.Quote(layer.Name), GeoPackageSchema.Quote("geoharm_rows_of_" + layer.Name));
        GeoPackageSchema.Execute(connection, $"ALTER TABLE {table} RENAME TO {old}");
        GeoPackageSchema.Execute(connection, CreateTable(layer, key, geometryColumn, geometryType));
        GeoPackageSchema.Execute(connection, $"INSERT INTO {table} SELECT * FROM {old}; DROP TABLE {old};");
    }

    private static void Describe(SqliteConnection connection, Layer layer, string lastChange, int srsId, Envelope extent)
    {
        object? Bound(double value) => extent.IsNull ? null : value;
        GeoPackageSchema.Execute(
            connection,
            "INSERT INTO gpkg_contents VALUES ($table, $type, $table, $title, $changed, $minx, $miny, $maxx, $maxy, $srs)",
            ("$table", layer.Name), ("$type", layer.HasGeometry ? "features" : "attributes"), ("$title", layer.Title), ("$changed", lastChange),
            ("$minx", Bound(extent.MinX)), ("$miny", Bound(extent.MinY)), ("$maxx", Bound(extent.MaxX)), ("$maxy", Bound(extent.MaxY)),
            ("$srs", layer.HasGeometry ? srsId : null));
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

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_]*$")]
    private static partial Regex TableName();
}
