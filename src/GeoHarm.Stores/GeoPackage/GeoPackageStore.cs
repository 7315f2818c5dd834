using System.Globalization;
using GeoHarm.Spatial.Layers;
using Microsoft.Data.Sqlite;

namespace GeoHarm.Stores.GeoPackage;

/// <summary>
/// Layers in one GeoPackage 1.3 file (OGC 12-128r17). Opened for writing it keeps a write-ahead log with
/// synchronous FULL, so that a layer survives a killed process or a power cut wholly or not at all. Opened read-only it
/// is taken as immutable: no side file is ever made, and a read-only folder will do. Calls may come from several
/// threads; they run one after the other.
/// </summary>
public sealed class GeoPackageStore : ILayerStore, IWritesTogether
{
    private readonly SqliteConnection connection;
    private readonly Lock gate = new();
    private readonly bool readOnly;
    private bool ownTables;

    private GeoPackageStore(string path, SqliteConnection connection, bool readOnly)
    {
        (Path, this.connection, this.readOnly) = (path, connection, readOnly);
        ownTables = GeoPackageSchema.HasOwnTables(connection);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Opens a store for reading and writing, making it where it is absent. Throws <see cref="StoreException"/>.</summary>
    public static GeoPackageStore Open(string path)
    {
        var isNew = !File.Exists(path) || new FileInfo(path).Length == 0;
        return SqliteFailure.Explained(path, () =>
        {
            var connection = Connect(new SqliteConnectionStringBuilder { DataSource = System.IO.Path.GetFullPath(path), Mode = SqliteOpenMode.ReadWriteCreate, Pooling = false, DefaultTimeout = 30, ForeignKeys = false });
            try
            {
                if (!isNew) RequireGeoPackage(path, connection);
                GeoPackageSchema.Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -4096;");
                if (isNew)
                {
                    using var transaction = connection.BeginTransaction();
                    GeoPackageSchema.Create(connection);
                    transaction.Commit();
                }
                return new GeoPackageStore(path, connection, readOnly: false);
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        });
    }

    /// <summary>Opens a store for reading; makes no file beside it. Throws <see cref="StoreException"/> when it is absent,
    /// no GeoPackage, or holds changes that its writer has not yet folded in.</summary>
    public static GeoPackageStore OpenReadOnly(string path)
    {
        if (!File.Exists(path)) throw new StoreException($"'{path}' was not found.", "Check the path of the store.");
        if (new FileInfo(path + "-wal") is { Exists: true, Length: > 0 })
        {
            throw new StoreException($"'{path}' is being written by another program, or was left so.", "Close the other program; 'geoharm data ls' then folds the changes in.");
        }
        return SqliteFailure.Explained(path, () =>
        {
            var uri = "file:" + string.Join('/', System.IO.Path.GetFullPath(path).Split('/').Select(Uri.EscapeDataString)) + "?immutable=1";
            var connection = Connect(new SqliteConnectionStringBuilder { DataSource = uri, Mode = SqliteOpenMode.ReadOnly, Pooling = false });
            try
            {
                RequireGeoPackage(path, connection);
                return new GeoPackageStore(path, connection, readOnly: true);
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        });
    }

    /// <inheritdoc/>
    public IReadOnlyList<LayerInfo> Layers()
    {
        lock (gate)
        {
            return SqliteFailure.Explained(Path, () => TableNames(connection).Select(t => LayerRows.Said(connection, t, ownTables).Info).ToArray());
        }
    }

    /// <inheritdoc/>
    public Layer Read(string name, LayerQuery? query = null)
    {
        lock (gate)
        {
            return SqliteFailure.Explained(Path, () => Rows(connection, name, query, int.MaxValue).First());
        }
    }

    /// <inheritdoc/>
    public IEnumerable<Layer> Parts(string name, LayerQuery? query = null, int rows = ILayerStore.RowsOfPart)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        return SqliteFailure.Explained(Path, Stream(name, query, rows));
    }

    /// <inheritdoc/>
    public void Write(Layer layer) => WriteAll([layer]);

    /// <inheritdoc/>
    public void WriteParts(IEnumerable<Layer> parts) => Change(() =>
    {
        using var all = new LayerParts(parts);
        LayerTable.Write(connection, all, Now());
    });

    /// <summary>Writes several layers, all of them or none.</summary>
    public void WriteAll(IEnumerable<Layer> layers) => Change(() =>
    {
        foreach (var layer in layers)
        {
            using var whole = new LayerParts([layer]);
            LayerTable.Write(connection, whole, Now());
        }
    });

    /// <summary>Removes a layer; nothing happens when it is absent.</summary>
    public void Remove(string name) => Change(() => LayerTable.Drop(connection, name));

    /// <summary>How often a layer was written, counted from 1; 0 when it is absent or another program wrote it.</summary>
    public long VersionOf(string name)
    {
        lock (gate)
        {
            return ownTables && GeoPackageSchema.Scalar(connection, "SELECT version FROM geoharm_layers WHERE table_name = $t", ("$t", name)) is long version ? version : 0;
        }
    }

    /// <summary>Folds the log into the file and closes it.</summary>
    public void Dispose() => connection.Dispose();

    internal static void RequireGeoPackage(string path, SqliteConnection connection)
    {
        if (!GeoPackageSchema.IsGeoPackage(connection)) throw new StoreException($"'{path}' is a database, but not a GeoPackage.", "Name a .gpkg file, or a new one to be made.");
    }

    private static SqliteConnection Connect(SqliteConnectionStringBuilder address)
    {
        var connection = new SqliteConnection(address.ConnectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static string Now() => DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private void Change(Action work)
    {
        if (readOnly) throw new StoreException($"'{Path}' was opened for reading only.", "Name a store of your own: 'geoharm init DIR' makes one.");
        lock (gate)
        {
            SqliteFailure.Explained(Path, () =>
            {
                using var transaction = connection.BeginTransaction();
                GeoPackageSchema.EnsureOwnTables(connection);
                work();
                transaction.Commit();
                ownTables = true;
                return 0;
            });
        }
    }

    private IEnumerable<Layer> Stream(string name, LayerQuery? query, int rows)
    {
        // A connection of its own: the rows stay those of one moment, whatever is written or read meanwhile.
        using var own = Connect(new SqliteConnectionStringBuilder(connection.ConnectionString));
        using var moment = own.BeginTransaction(deferred: true);
        foreach (var part in Rows(own, name, query, rows)) yield return part;
    }

    private IEnumerable<Layer> Rows(SqliteConnection from, string name, LayerQuery? query, int rows)
    {
        var tables = TableNames(from);
        if (!tables.Contains(name, StringComparer.Ordinal)) throw new KeyNotFoundException($"'{Path}' has no layer '{name}'; it has {(tables.Count == 0 ? "none" : string.Join(", ", tables))}.");
        return LayerRows.Parts(from, name, GeoPackageSchema.HasOwnTables(from), query ?? new LayerQuery(), rows);
    }

    private static List<string> TableNames(SqliteConnection connection)
    {
        using var command = GeoPackageSchema.Command(connection, "SELECT table_name FROM gpkg_contents WHERE data_type IN ('features', 'attributes', 'aspatial') AND table_name <> 'geoharm_layers' ORDER BY table_name");
        using var reader = command.ExecuteReader();
        var names = new List<string>();
        while (reader.Read()) names.Add(reader.GetString(0));
        return names;
    }
}
