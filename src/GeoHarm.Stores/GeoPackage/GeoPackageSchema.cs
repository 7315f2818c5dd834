using GeoHarm.Spatial.Crs;
using Microsoft.Data.Sqlite;

namespace GeoHarm.Stores.GeoPackage;

/// <summary>
/// The tables every GeoPackage 1.3 must have (OGC 12-128r17) and the two of GeoHarm, registered as an extension:
/// <c>geoharm_layers</c> keeps what a layer carries beyond its rows (sensitivity, origin, caveats, version) and
/// <c>geoharm_columns</c> the order, type and unit of its columns. The first is listed as a plain table, so that origin and
/// licence are seen in other programs too (and so that GDAL does not list the second: it lists every table of a package
/// that registers no plain one).
/// </summary>
internal static class GeoPackageSchema
{
    /// <summary>"GPKG" in the header of the file.</summary>
    public const int ApplicationId = 0x47504B47;

    /// <summary>Version 1.3.0.</summary>
    public const int UserVersion = 10300;

    /// <summary>Table that keeps what a layer carries beyond its rows.</summary>
    public const string Register = "geoharm_layers";

    /// <summary>Srs ids from here on are systems known only by their text.</summary>
    private const int FirstOwnSrs = 200_000;

    private const string Tables = """
        CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
        CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER, CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
        CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL, CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name), CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name), CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
        INSERT INTO gpkg_spatial_ref_sys VALUES ('Undefined cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined cartesian coordinate reference system');
        INSERT INTO gpkg_spatial_ref_sys VALUES ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system');
        """;

    private const string OwnTables = """
        CREATE TABLE IF NOT EXISTS gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
        CREATE TABLE IF NOT EXISTS geoharm_layers (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, table_name TEXT NOT NULL UNIQUE, version INTEGER NOT NULL, title TEXT NOT NULL, sensitivity TEXT NOT NULL, source TEXT NOT NULL, licence TEXT NOT NULL, sha256 TEXT NOT NULL, importer TEXT NOT NULL, caveats TEXT NOT NULL, crs_epsg INTEGER, crs_wkt TEXT);
        CREATE TABLE IF NOT EXISTS geoharm_columns (table_name TEXT NOT NULL, ordinal INTEGER NOT NULL, column_name TEXT NOT NULL, field_type TEXT NOT NULL, unit TEXT, PRIMARY KEY (table_name, ordinal));
        INSERT OR IGNORE INTO gpkg_extensions SELECT 'geoharm_layers', 'table_name', 'geoharm_layers', 'What a layer carries beyond its rows: sensitivity, origin, caveats, version. See docs/guide/stores.md of GeoHarm.', 'write-only';
        INSERT OR IGNORE INTO gpkg_extensions SELECT 'geoharm_columns', 'table_name', 'geoharm_layers', 'Order, type and unit of a layer''s columns. See docs/guide/stores.md of GeoHarm.', 'write-only';
        INSERT OR IGNORE INTO gpkg_contents (table_name, data_type, identifier, description, last_change) SELECT 'geoharm_layers', 'attributes', 'geoharm_layers', 'What is known of each layer: origin, licence, sensitivity, caveats', '2000-01-01T00:00:00.000Z';
        """;

    /// <summary>Makes an empty package in an empty file.</summary>
    public static void Create(SqliteConnection connection)
    {
        Execute(connection, $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {UserVersion};");
        Execute(connection, Tables);
        RegisterSrs(connection, CoordinateSystem.Wgs84);
        Execute(connection, OwnTables);
    }

    /// <summary>Adds GeoHarm's own tables to a package that another program made.</summary>
    public static void EnsureOwnTables(SqliteConnection connection) => Execute(connection, OwnTables);

    /// <summary>Whether the file has the tables of a GeoPackage; application ids of versions 1.0 and 1.1 are taken too.</summary>
    public static bool IsGeoPackage(SqliteConnection connection) =>
        Scalar(connection, "SELECT count(*) FROM sqlite_master WHERE type IN ('table','view') AND name IN ('gpkg_contents','gpkg_spatial_ref_sys')") is 2L;

    /// <summary>Whether GeoHarm's own tables are there.</summary>
    public static bool HasOwnTables(SqliteConnection connection) =>
        Scalar(connection, "SELECT count(*) FROM sqlite_master WHERE name IN ('geoharm_layers','geoharm_columns')") is 2L;

    /// <summary>The srs id of a system, registering it first where it is new.</summary>
    public static int RegisterSrs(SqliteConnection connection, CoordinateSystem crs)
    {
        var (name, definition) = ReferenceSystems.Describe(crs);
        var byNumber = crs.Epsg > 0;
        var found = byNumber
            ? Scalar(connection, "SELECT srs_id FROM gpkg_spatial_ref_sys WHERE organization_coordsys_id = $id AND upper(organization) = 'EPSG'", ("$id", crs.Epsg))
            : Scalar(connection, "SELECT srs_id FROM gpkg_spatial_ref_sys WHERE definition = $wkt", ("$wkt", definition));
        if (found is long known) return (int)known;
        if (!byNumber && crs.Wkt.Length == 0) return -1;
        var id = byNumber && Scalar(connection, "SELECT 1 FROM gpkg_spatial_ref_sys WHERE srs_id = $id", ("$id", crs.Epsg)) is null
            ? crs.Epsg
            : (int)Math.Max(FirstOwnSrs, 1 + (long)Scalar(connection, "SELECT max(srs_id) FROM gpkg_spatial_ref_sys")!);
        Execute(
            connection,
            "INSERT INTO gpkg_spatial_ref_sys VALUES ($name, $id, $organization, $number, $definition, NULL)",
            ("$name", name), ("$id", id), ("$organization", byNumber ? "EPSG" : "NONE"), ("$number", byNumber ? crs.Epsg : id), ("$definition", definition));
        return id;
    }

    /// <summary>A name as an SQL identifier.</summary>
    public static string Quote(string identifier) => "\"" + identifier.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    /// <summary>Runs statements.</summary>
    public static void Execute(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = Command(connection, sql, parameters);
        command.ExecuteNonQuery();
    }

    /// <summary>The first value of the first row; null where there is no row.</summary>
    public static object? Scalar(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = Command(connection, sql, parameters);
        return command.ExecuteScalar() is var value and not DBNull ? value : null;
    }

    /// <summary>A command; its text is made of constants and quoted identifiers, values go in as parameters.</summary>
    public static SqliteCommand Command(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Identifiers are quoted, values are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }
}
