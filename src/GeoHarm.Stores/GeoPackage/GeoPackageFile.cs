using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.Files;
using Microsoft.Data.Sqlite;

namespace GeoHarm.Stores.GeoPackage;

/// <summary>
/// Writes a whole GeoPackage at once, under a temporary name that is renamed at the end. The same layers give the same
/// bytes: one connection, fixed page size, a fixed date of change, rows in order. The file needs no log beside it.
/// </summary>
public static class GeoPackageFile
{
    /// <summary>Stands for "no date": the run that made a package is told apart by its run id, not by the clock.</summary>
    private const string FixedChange = "2000-01-01T00:00:00.000Z";

    /// <summary>Writes what may leave. Throws <see cref="StoreException"/> (folder, disk) or <see cref="InvalidInputException"/> (names).</summary>
    public static void Write(string path, IEnumerable<PublishedLayer> layers) => WriteOwn(path, layers.Select(l => (IEnumerable<Layer>)[l.Layer]));

    /// <summary>Writes an analyst's own layers, each in its parts, into the analyst's own store; nothing leaves by it.</summary>
    internal static void WriteOwn(string path, IEnumerable<IEnumerable<Layer>> layers, long before = 0)
    {
        var all = layers.ToArray();
        AtomicFile.Replace(path, temporary => SqliteFailure.Explained(path, () =>
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = temporary, Mode = SqliteOpenMode.ReadWriteCreate, Pooling = false, ForeignKeys = false }.ConnectionString);
            connection.Open();
            // The file is thrown away when anything fails, so it needs no journal; AtomicFile flushes it before the rename.
            GeoPackageSchema.Execute(connection, "PRAGMA page_size = 4096; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;");
            using var transaction = connection.BeginTransaction();
            GeoPackageSchema.Create(connection);
            foreach (var layer in all)
            {
                using var parts = new LayerParts(layer);
                LayerTable.Write(connection, parts, FixedChange, before);
            }
            transaction.Commit();
            return 0;
        }));
    }

    /// <summary>Writes open layers. Throws <see cref="InvalidOperationException"/> when one is sensitive: that one must
    /// pass the publication gate first.</summary>
    public static void WriteLayers(string path, IEnumerable<Layer> layers) => Write(path, layers.Select(PublishedLayer.Open).ToArray());
}
