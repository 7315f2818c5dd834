using Microsoft.Data.Sqlite;
using NetTopologySuite.Geometries;

namespace GeoHarm.Stores.GeoPackage;

/// <summary>
/// The R-tree of a feature table (GeoPackage 1.3, annex F.3, "gpkg_rtree_index") with the triggers that let other
/// programs keep it. Rows without geometry, or with an empty one, have no entry. SQLite rounds bounds outward to 32
/// bits, so a hit is checked against the geometry's own envelope.
/// </summary>
internal static class SpatialIndex
{
    private const string Definition = "http://www.geopackage.org/spec120/#extension_rtree";

    /// <summary>Name of the index table.</summary>
    public static string NameOf(string table, string geometryColumn) => $"rtree_{table}_{geometryColumn}";

    /// <summary>Whether the table has its index.</summary>
    public static bool Exists(SqliteConnection connection, string table, string geometryColumn) =>
        GeoPackageSchema.Scalar(connection, "SELECT 1 FROM sqlite_master WHERE name = $name", ("$name", NameOf(table, geometryColumn))) is not null;

    /// <summary>Makes the index from envelopes, entry k for row id k + 1; null envelopes have no entry.</summary>
    public static void Build(SqliteConnection connection, string table, string key, string geometryColumn, IReadOnlyList<Envelope?> envelopes)
    {
        var index = GeoPackageSchema.Quote(NameOf(table, geometryColumn));
        GeoPackageSchema.Execute(connection, $"CREATE VIRTUAL TABLE {index} USING rtree(id, minx, maxx, miny, maxy)");
        using (var insert = new RowInsert(connection, $"INSERT INTO {index} VALUES (?,?,?,?,?)"))
        {
            for (var row = 0; row < envelopes.Count; row++)
            {
                if (envelopes[row] is not { } envelope) continue;
                insert.Bind(1, row + 1L);
                insert.Bind(2, envelope.MinX);
                insert.Bind(3, envelope.MaxX);
                insert.Bind(4, envelope.MinY);
                insert.Bind(5, envelope.MaxY);
                insert.Run();
            }
        }
        GeoPackageSchema.Execute(connection, Triggers(table, key, geometryColumn));
        GeoPackageSchema.Execute(
            connection,
            "INSERT INTO gpkg_extensions VALUES ($table, $column, 'gpkg_rtree_index', $definition, 'write-only')",
            ("$table", table), ("$column", geometryColumn), ("$definition", Definition));
    }

    /// <summary>Removes the index, before its table goes.</summary>
    public static void Drop(SqliteConnection connection, string table, string geometryColumn) =>
        GeoPackageSchema.Execute(connection, $"DROP TABLE IF EXISTS {GeoPackageSchema.Quote(NameOf(table, geometryColumn))}");

    private static string Triggers(string table, string key, string geometryColumn)
    {
        var name = NameOf(table, geometryColumn);
        var (t, k, g, r) = (GeoPackageSchema.Quote(table), GeoPackageSchema.Quote(key), GeoPackageSchema.Quote(geometryColumn), GeoPackageSchema.Quote(name));
        string Trigger(string suffix) => GeoPackageSchema.Quote($"{name}_{suffix}");
        var has = $"NEW.{g} NOTNULL AND NOT ST_IsEmpty(NEW.{g})";
        var hasNot = $"(NEW.{g} ISNULL OR ST_IsEmpty(NEW.{g}))";
        var put = $"INSERT OR REPLACE INTO {r} VALUES (NEW.{k}, ST_MinX(NEW.{g}), ST_MaxX(NEW.{g}), ST_MinY(NEW.{g}), ST_MaxY(NEW.{g}));";
        return $"""
            CREATE TRIGGER {Trigger("insert")} AFTER INSERT ON {t} WHEN ({has}) BEGIN {put} END;
            CREATE TRIGGER {Trigger("update1")} AFTER UPDATE OF {g} ON {t} WHEN OLD.{k} = NEW.{k} AND ({has}) BEGIN {put} END;
            CREATE TRIGGER {Trigger("update2")} AFTER UPDATE OF {g} ON {t} WHEN OLD.{k} = NEW.{k} AND {hasNot} BEGIN DELETE FROM {r} WHERE id = OLD.{k}; END;
            CREATE TRIGGER {Trigger("update3")} AFTER UPDATE ON {t} WHEN OLD.{k} != NEW.{k} AND ({has}) BEGIN DELETE FROM {r} WHERE id = OLD.{k}; {put} END;
            CREATE TRIGGER {Trigger("update4")} AFTER UPDATE ON {t} WHEN OLD.{k} != NEW.{k} AND {hasNot} BEGIN DELETE FROM {r} WHERE id IN (OLD.{k}, NEW.{k}); END;
            CREATE TRIGGER {Trigger("delete")} AFTER DELETE ON {t} WHEN OLD.{g} NOT NULL BEGIN DELETE FROM {r} WHERE id = OLD.{k}; END;
            """;
    }
}
