using System.Globalization;
using System.Text.Json;
using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.GeoPackage;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;
using Npgsql;

namespace GeoHarm.Stores.PostGis;

/// <summary>
/// Layers in a PostGIS database, a table each in one schema, with what is said of them in its tables geoharm_layers and
/// geoharm_columns. A layer is loaded by COPY in one transaction, so that readers see the old one or the new one. The
/// address is postgis://user:password@host:port/database?schema=NAME; a folder given as ?host=/path is a Unix socket.
/// </summary>
public sealed class PostGisStore : ILayerStore, IWritesTogether
{
    private const string DefaultSchema = "geoharm";

    /// <summary>A table that is being read cannot be replaced: a writer waits so long for those who read it to end.</summary>
    private const int SecondsForReaders = 60;

    private readonly NpgsqlDataSource source;
    private readonly string schema;
    private readonly string shown;

    private PostGisStore(NpgsqlDataSource source, string schema, string shown) => (this.source, this.schema, this.shown) = (source, schema, shown);

    /// <summary>Connects and makes the schema where it is absent. Throws <see cref="StoreException"/>.</summary>
    public static PostGisStore Open(string address)
    {
        var uri = new Uri(address);
        var query = uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=', 2)).Where(p => p.Length == 2).ToDictionary(p => p[0], p => Uri.UnescapeDataString(p[1]), StringComparer.Ordinal);
        var user = uri.UserInfo.Split(':', 2);
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = query.GetValueOrDefault("host", uri.Host), Port = uri.Port > 0 ? uri.Port : 5432, Database = Uri.UnescapeDataString(uri.AbsolutePath.Trim('/')),
            Username = user[0].Length > 0 ? Uri.UnescapeDataString(user[0]) : Environment.UserName, Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : Environment.GetEnvironmentVariable("PGPASSWORD"),
            Timeout = 15, CommandTimeout = 0, ApplicationName = "GeoHarm",
        };
        var shown = $"postgis://{settings.Host}/{settings.Database}";
        var store = new PostGisStore(NpgsqlDataSource.Create(settings), query.GetValueOrDefault("schema", DefaultSchema), shown);
        try
        {
            store.Explained(() => store.Prepare());
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<LayerInfo> Layers() => Explained(() =>
    {
        using var connection = source.OpenConnection();
        var names = new List<string>();
        using (var command = Command(connection, $"SELECT table_name FROM {Table("geoharm_layers")} ORDER BY table_name COLLATE \"C\""))
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read()) names.Add(reader.GetString(0));
        }
        return names.Select(n => Said(connection, n).Info).ToArray();
    });

    /// <inheritdoc/>
    public Layer Read(string name, LayerQuery? query = null) => Explained(() => Stream(name, query ?? new LayerQuery(), int.MaxValue).First());

    /// <inheritdoc/>
    public IEnumerable<Layer> Parts(string name, LayerQuery? query = null, int rows = ILayerStore.RowsOfPart)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        return Each(Stream(name, query ?? new LayerQuery(), rows));
    }

    /// <inheritdoc/>
    public void Write(Layer layer) => WriteAll([layer]);

    /// <inheritdoc/>
    public void WriteParts(IEnumerable<Layer> parts) => WriteEach([parts]);

    /// <inheritdoc/>
    public void WriteAll(IEnumerable<Layer> layers) => WriteEach(layers.Select(l => (IEnumerable<Layer>)[l]));

    /// <inheritdoc/>
    public void Dispose() => source.Dispose();

    private int Prepare()
    {
        using var connection = source.OpenConnection();
        // Two programs that open a new database at once would both make the schema.
        Command(connection, "SELECT pg_advisory_lock(4711)").ExecuteNonQuery();
        Command(connection, $"""
            CREATE EXTENSION IF NOT EXISTS postgis;
            CREATE SCHEMA IF NOT EXISTS {Quote(schema)};
            CREATE TABLE IF NOT EXISTS {Table("geoharm_layers")} (table_name text PRIMARY KEY, version bigint NOT NULL, title text NOT NULL, sensitivity text NOT NULL, source text NOT NULL, licence text NOT NULL, sha256 text NOT NULL, importer text NOT NULL, caveats text NOT NULL, crs_epsg integer, crs_wkt text);
            CREATE TABLE IF NOT EXISTS {Table("geoharm_columns")} (table_name text NOT NULL, ordinal integer NOT NULL, column_name text NOT NULL, field_type text NOT NULL, unit text, PRIMARY KEY (table_name, ordinal));
            SELECT pg_advisory_unlock(4711);
            """).ExecuteNonQuery();
        return 0;
    }

    private void WriteEach(IEnumerable<IEnumerable<Layer>> layers)
    {
        Explained(() =>
        {
            using var connection = source.OpenConnection();
            using var transaction = connection.BeginTransaction();
            Command(connection, $"SET LOCAL lock_timeout = '{SecondsForReaders}s'").ExecuteNonQuery();
            foreach (var layer in layers)
            {
                using var parts = new LayerParts(layer);
                WriteOne(connection, parts);
            }
            transaction.Commit();
            return 0;
        });
    }

    private void WriteOne(NpgsqlConnection connection, LayerParts parts)
    {
        var layer = parts.First;
        LayerTable.RefuseNames(layer);
        var table = Table(layer.Name);
        var version = 1 + (Command(connection, $"SELECT version FROM {Table("geoharm_layers")} WHERE table_name = $1", layer.Name).ExecuteScalar() as long? ?? 0);
        foreach (var register in new[] { "geoharm_layers", "geoharm_columns" }) Command(connection, $"DELETE FROM {Table(register)} WHERE table_name = $1", layer.Name).ExecuteNonQuery();
        var columns = layer.Columns.Select((c, i) => $"{Quote(ColumnName(c.Name, i))} {SqlType(c.Type)}");
        Command(connection, $"DROP TABLE IF EXISTS {table}; CREATE TABLE {table} ({string.Join(", ", new[] { "geoharm_row bigint NOT NULL" }.Concat(layer.HasGeometry ? ["geoharm_shape geometry"] : Array.Empty<string>()).Concat(columns))})").ExecuteNonQuery();
        using (var copy = new CopyBinary(connection.BeginBinaryImport($"COPY {table} FROM STDIN (FORMAT BINARY, FREEZE)")))
        {
            foreach (var part in parts.All()) copy.Rows(part);
            copy.Complete();
        }
        // Keys and index after the rows: made at once they cost a third of what they cost row by row.
        Command(connection, $"ALTER TABLE {table} ADD PRIMARY KEY (geoharm_row)").ExecuteNonQuery();
        if (layer.HasGeometry) Command(connection, $"CREATE INDEX ON {table} USING gist (geoharm_shape)").ExecuteNonQuery();
        var origin = layer.Provenance;
        Command(
            connection, $"INSERT INTO {Table("geoharm_layers")} VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)", layer.Name, version, layer.Title, layer.Sensitivity == Sensitivity.Open ? "open" : "sensitive",
            origin.Source, origin.Licence, origin.Sha256, origin.Importer, JsonSerializer.Serialize(layer.Caveats), layer.Crs?.Epsg, layer.Crs?.Wkt).ExecuteNonQuery();
        for (var i = 0; i < layer.Columns.Count; i++)
        {
            Command(connection, $"INSERT INTO {Table("geoharm_columns")} VALUES ($1,$2,$3,$4,$5)", layer.Name, i, layer.Columns[i].Name, layer.Columns[i].Type.ToString(), layer.Columns[i].Unit).ExecuteNonQuery();
        }
    }

    private IEnumerable<Layer> Stream(string name, LayerQuery query, int rows)
    {
        using var connection = source.OpenConnection();
        // One snapshot for what is said of the layer and for its rows.
        using var transaction = connection.BeginTransaction(System.Data.IsolationLevel.RepeatableRead);
        if (Command(connection, $"SELECT 1 FROM {Table("geoharm_layers")} WHERE table_name = $1", name).ExecuteScalar() is null)
        {
            throw new KeyNotFoundException($"'{shown}' has no layer '{name}'.{Names(connection)}");
        }
        var (info, caveats, crs) = Said(connection, name);
        var columns = new List<(string Name, FieldType Type, string? Unit)>();
        using (var said = Command(connection, $"SELECT column_name, field_type, unit FROM {Table("geoharm_columns")} WHERE table_name = $1 ORDER BY ordinal", name).ExecuteReader())
        {
            while (said.Read()) columns.Add((said.GetString(0), Enum.Parse<FieldType>(said.GetString(1)), said.IsDBNull(2) ? null : said.GetString(2)));
        }
        var (sql, values) = Select(name, columns, query, info.HasGeometry, crs);
        var wkb = new WKBReader();
        using var reader = Command(connection, sql, values).ExecuteReader();
        var left = query.Limit ?? int.MaxValue;
        for (var (more, none) = (true, true); more; none = false)
        {
            var builders = columns.Select(c => new ColumnBuilder(c.Name, c.Type, c.Unit)).ToArray();
            var geometries = info.HasGeometry ? new List<Geometry?>() : null;
            var held = 0;
            while (held < rows && (more = left > 0 && reader.Read()))
            {
                if (geometries is not null)
                {
                    var geometry = reader.IsDBNull(0) ? null : wkb.Read(reader.GetFieldValue<byte[]>(0));
                    // The index holds boxes of 32 bits, rounded outward.
                    if (query.Extent is { } extent && !(geometry is not null && extent.Intersects(geometry.EnvelopeInternal))) continue;
                    geometries.Add(geometry);
                }
                for (var i = 0; i < builders.Length; i++) builders[i].Add(reader, i + 1);
                held++;
                left--;
            }
            if (held == 0 && !none) yield break;
            yield return new Layer(name, builders.Select(b => b.ToColumn()).ToArray(), geometries, crs, info.Sensitivity, info.Provenance, info.Title, caveats);
        }
    }

    private (string Sql, object?[] Values) Select(string name, List<(string Name, FieldType Type, string? Unit)> columns, LayerQuery query, bool hasGeometry, CoordinateSystem? crs)
    {
        var (conditions, values) = (new List<string>(), new List<object?>());
        if (hasGeometry && query.Extent is { } e)
        {
            conditions.Add($"geoharm_shape && ST_MakeEnvelope($1,$2,$3,$4,{Math.Max(0, crs?.Epsg ?? 0).ToString(CultureInfo.InvariantCulture)})");
            values.AddRange([e.MinX, e.MinY, e.MaxX, e.MaxY]);
        }
        foreach (var (field, text) in query.Equal ?? new Dictionary<string, string>())
        {
            var index = IndexOf(columns, name, field);
            var value = Comparable(columns[index].Type, text);
            values.Add(value ?? "");
            conditions.Add(value is null ? $"${values.Count}::text IS NULL" : $"{Quote(ColumnName(field, index))}{(columns[index].Type == FieldType.Date ? "::text" : "")} = ${values.Count}");
        }
        if (query.Time is { } time)
        {
            var index = IndexOf(columns, name, time.Field);
            var range = LayerSelection.Timed(columns[index].Type, time);
            values.AddRange(columns[index].Type == FieldType.Date ? [range.From, range.To] : [(long)range.From.Year, (long)range.To.Year]);
            conditions.Add($"{Quote(ColumnName(time.Field, index))} BETWEEN ${values.Count - 1} AND ${values.Count}");
        }
        var selected = columns.Select((c, i) => Quote(ColumnName(c.Name, i)) + (c.Type == FieldType.Date ? "::text" : ""));
        var where = conditions.Count == 0 ? "" : " WHERE " + string.Join(" AND ", conditions);
        return ($"SELECT {(hasGeometry ? "ST_AsEWKB(geoharm_shape)" : "NULL")}{string.Concat(selected.Select(s => ", " + s))} FROM {Table(name)}{where} ORDER BY geoharm_row", [.. values]);
    }

    private static int IndexOf(List<(string Name, FieldType Type, string? Unit)> columns, string layer, string name)
    {
        var index = columns.FindIndex(c => c.Name == name);
        return index >= 0 ? index : throw new KeyNotFoundException($"Layer '{layer}' has no column '{name}'; it has {string.Join(", ", columns.Select(c => c.Name))}.");
    }

    private (LayerInfo Info, IReadOnlyList<string> Caveats, CoordinateSystem? Crs) Said(NpgsqlConnection connection, string name)
    {
        var rows = (long)Command(connection, $"SELECT count(*) FROM {Table(name)}").ExecuteScalar()!;
        using var reader = Command(connection, $"SELECT title, sensitivity, source, licence, sha256, importer, caveats, crs_epsg, crs_wkt, version FROM {Table("geoharm_layers")} WHERE table_name = $1", name).ExecuteReader();
        reader.Read();
        var crs = reader.IsDBNull(7) ? null : new CoordinateSystem(reader.GetInt32(7), reader.GetString(8));
        var info = new LayerInfo(
            name, reader.GetString(0), rows, crs is not null, reader.GetString(1) == "open" ? Sensitivity.Open : Sensitivity.Sensitive,
            new Provenance(reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetString(5)), reader.GetInt64(9));
        return (info, JsonSerializer.Deserialize<string[]>(reader.GetString(6)) ?? [], crs);
    }

    private string Names(NpgsqlConnection connection) =>
        Command(connection, $"SELECT string_agg(table_name, ', ' ORDER BY table_name) FROM {Table("geoharm_layers")}").ExecuteScalar() is string names ? $" It has {names}." : " It has none.";

    private string Table(string name) => $"{Quote(schema)}.{Quote(name)}";

    /// <summary>PostgreSQL cuts names after 63 bytes and forbids some; such columns are numbered.</summary>
    private static string ColumnName(string name, int index) =>
        System.Text.Encoding.UTF8.GetByteCount(name) > 63 || name.StartsWith("geoharm_", StringComparison.Ordinal) || name is "ctid" or "xmin" or "xmax" or "cmin" or "cmax" or "tableoid" ? string.Create(CultureInfo.InvariantCulture, $"column_{index}_of_geoharm") : name;

    private static string Quote(string identifier) => GeoPackageSchema.Quote(identifier);

    private static string SqlType(FieldType type) => type switch { FieldType.Text => "text", FieldType.Integer => "bigint", FieldType.Real => "double precision", _ => "date" };

    private static object? Comparable(FieldType type, string text) => type switch
    {
        FieldType.Integer => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : null,
        FieldType.Real => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null,
        _ => text,
    };

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params ReadOnlySpan<object?> values)
    {
#pragma warning disable CA2100 // Identifiers are quoted, values are parameters.
        var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        foreach (var value in values) command.Parameters.Add(value is null ? new NpgsqlParameter { Value = DBNull.Value } : new NpgsqlParameter { Value = value });
        return command;
    }

    /// <summary>The elements as they come; failures of the server come out as <see cref="StoreException"/>.</summary>
    private IEnumerable<T> Each<T>(IEnumerable<T> elements)
    {
        using var each = elements.GetEnumerator();
        while (Explained(each.MoveNext)) yield return each.Current;
    }

    private T Explained<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new StoreException($"'{shown}': the layer is being read or written by others.", "Wait for them to end, then try again; nothing was changed.", failure);
        }
        catch (PostgresException failure)
        {
            throw new StoreException($"'{shown}' refused: {failure.MessageText}.", failure.SqlState == "42501" ? "Ask for the right to create in this database." : "Check the database, the user and their rights.", failure);
        }
        catch (NpgsqlException failure)
        {
            throw new StoreException($"'{shown}' cannot be reached: {failure.Message}", "Check that the server runs and that host, port, user and password are right.", failure);
        }
    }
}
