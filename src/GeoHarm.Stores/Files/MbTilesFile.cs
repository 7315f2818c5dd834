using System.Globalization;
using System.IO.Compression;
using Microsoft.Data.Sqlite;

namespace GeoHarm.Stores.Files;

/// <summary>
/// Tiles in one SQLite file: MBTiles 1.3 (https://github.com/mapbox/mbtiles-spec/blob/master/1.3/spec.md). Rows count
/// from the south there; addresses here count from the north, as on the web. Vector tiles lie gzipped. The same tiles
/// give the same bytes, and the file appears whole or not at all.
/// </summary>
public sealed class MbTilesFile : IDisposable
{
    private const int MostUnpacked = 64 << 20;
    private readonly SqliteConnection connection;

    /// <summary>Opens a file for reading. Throws <see cref="StoreException"/> when it is no MBTiles file.</summary>
    public MbTilesFile(string path)
    {
        if (!File.Exists(path)) throw new StoreException($"There is no file '{path}'.", "Check the spelling of the path.");
        connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString);
        try
        {
            connection.Open();
            Metadata = Rows("SELECT name, value FROM metadata").ToDictionary(r => (string)r[0], r => (string)r[1], StringComparer.Ordinal);
            _ = Rows("SELECT zoom_level, tile_column, tile_row, tile_data FROM tiles LIMIT 1").Count();
        }
        catch (Exception e) when (e is SqliteException or InvalidCastException or ArgumentException)
        {
            connection.Dispose();
            throw new StoreException($"'{path}' is no MBTiles file: {e.Message}", "Build one with 'geoharm tiles build'.", e);
        }
    }

    /// <summary>Rows of the metadata table.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>A tile, unpacked; null where there is none.</summary>
    public byte[]? Tile(int zoom, int column, int row)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT tile_data FROM tiles WHERE zoom_level = $z AND tile_column = $x AND tile_row = $y";
        command.Parameters.AddWithValue("$z", zoom);
        command.Parameters.AddWithValue("$x", column);
        command.Parameters.AddWithValue("$y", (1 << zoom) - 1 - row);
        return command.ExecuteScalar() is byte[] tile ? Unpacked(tile) : null;
    }

    /// <summary>All tiles, unpacked, by zoom, column and row.</summary>
    public IEnumerable<(int Zoom, int Column, int Row, byte[] Tile)> All()
    {
        foreach (var row in Rows("SELECT zoom_level, tile_column, tile_row, tile_data FROM tiles ORDER BY zoom_level, tile_column, tile_row DESC"))
        {
            var zoom = Convert.ToInt32(row[0], CultureInfo.InvariantCulture);
            if (zoom is < 0 or > 30) throw new StoreException($"The file holds zoom {zoom}; 0 to 30 are read.", "Build the file anew.");
            yield return (zoom, Convert.ToInt32(row[1], CultureInfo.InvariantCulture), (1 << zoom) - 1 - Convert.ToInt32(row[2], CultureInfo.InvariantCulture), Unpacked((byte[])row[3]));
        }
    }

    /// <summary>Writes a whole file. Throws <see cref="StoreException"/> when the folder cannot be written or the disk is full.</summary>
    /// <param name="path">Where.</param>
    /// <param name="metadata">Rows of the metadata table.</param>
    /// <param name="tiles">Tiles by zoom, column and row from the north, not compressed.</param>
    /// <param name="gzip">Whether tiles are packed: vector tiles are, pictures are not.</param>
    /// <returns>Number of tiles.</returns>
    public static long Write(string path, IEnumerable<(string Name, string Value)> metadata, IEnumerable<(int Zoom, int Column, int Row, byte[] Tile)> tiles, bool gzip)
    {
        var count = 0L;
        AtomicFile.Replace(path, temporary =>
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = temporary, Mode = SqliteOpenMode.ReadWriteCreate, Pooling = false }.ConnectionString);
            connection.Open();
            Execute(connection, "PRAGMA page_size = 4096; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA application_id = 1297105496;");
            using var transaction = connection.BeginTransaction();
            Execute(connection, "CREATE TABLE metadata (name TEXT, value TEXT); CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB);");
            using (var insert = Prepared(connection, "INSERT INTO metadata VALUES ($a, $b)", "$a", "$b"))
            {
                foreach (var (name, value) in metadata)
                {
                    (insert.Parameters[0].Value, insert.Parameters[1].Value) = (name, value);
                    insert.ExecuteNonQuery();
                }
            }
            using (var insert = Prepared(connection, "INSERT INTO tiles VALUES ($z, $x, $y, $t)", "$z", "$x", "$y", "$t"))
            {
                foreach (var (zoom, column, row, tile) in tiles)
                {
                    (insert.Parameters[0].Value, insert.Parameters[1].Value, insert.Parameters[2].Value) = (zoom, column, (1 << zoom) - 1 - row);
                    insert.Parameters[3].Value = gzip ? Packed(tile) : tile;
                    insert.ExecuteNonQuery();
                    count++;
                }
            }
            Execute(connection, "CREATE UNIQUE INDEX tile_index ON tiles (zoom_level, tile_column, tile_row); CREATE UNIQUE INDEX name ON metadata (name);");
            transaction.Commit();
        });
        return count;
    }

    /// <inheritdoc/>
    public void Dispose() => connection.Dispose();

    private static byte[] Packed(byte[] tile)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal)) gzip.Write(tile);
        return packed.ToArray();
    }

    private static byte[] Unpacked(byte[] tile)
    {
        if (tile.Length < 2 || tile[0] != 0x1F || tile[1] != 0x8B) return tile;
        using var gzip = new GZipStream(new MemoryStream(tile), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (int read; (read = gzip.Read(buffer)) > 0;)
        {
            plain.Write(buffer, 0, read);
            if (plain.Length > MostUnpacked) throw new InvalidDataException($"A tile unpacks to more than {MostUnpacked} bytes.");
        }
        return plain.ToArray();
    }

    private IEnumerable<object[]> Rows(string query)
    {
        using var command = connection.CreateCommand();
        command.CommandText = query;
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            yield return row;
        }
    }

    private static void Execute(SqliteConnection connection, string text)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }

    private static SqliteCommand Prepared(SqliteConnection connection, string text, params string[] names)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        foreach (var name in names) command.Parameters.Add(new SqliteParameter { ParameterName = name });
        return command;
    }
}
