using System.Diagnostics;
using System.Globalization;
using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.PostGis;
using NetTopologySuite.Geometries;
using Npgsql;

namespace GeoHarm.Benchmarks.Stores;

/// <summary>
/// Bulk load into PostGIS beside COPY of the same rows, prepared beforehand in memory in binary and in text form: both in one
/// transaction into a new table of the same columns, with the primary key and, for features, the spatial index made afterwards.
/// Wall seconds, since most of the work is the server's; the runs alternate, medians are given.
/// </summary>
internal static class PostGisCopy
{
    private const int Rounds = 7;
    private const int Cells = 119_154;
    private const int TableRows = 1_000_000;

    /// <summary>Runs against a database at postgis://..., in its schema geoharm_copy.</summary>
    public static void Run(string address)
    {
        using var store = PostGisStore.Open(address + (address.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "schema=geoharm_copy");
        var uri = new Uri(address);
        var host = uri.Query.TrimStart('?').Split('&').FirstOrDefault(p => p.StartsWith("host=", StringComparison.Ordinal)) is { } p ? p[5..] : uri.Host;
        using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder { Host = host, Port = uri.Port > 0 ? uri.Port : 5432, Database = uri.AbsolutePath.Trim('/'), Username = uri.UserInfo, Pooling = false, CommandTimeout = 0 }.ConnectionString);
        connection.Open();
        Compare(store, connection, Grid());
        Compare(store, connection, Table());
    }

    private static void Compare(PostGisStore store, NpgsqlConnection connection, Layer layer)
    {
        store.Write(layer);
        var table = $"geoharm_copy.{layer.Name}";
        var (binary, text) = (PreparedBinary(connection, table), PreparedText(connection, table));
        void Binary()
        {
            using var copy = connection.BeginRawBinaryCopy("COPY rival FROM STDIN (FORMAT BINARY)");
            copy.Write(binary);
        }
        void Text()
        {
            using var copy = connection.BeginTextImport("COPY rival FROM STDIN");
            copy.Write(text);
        }
        var times = new List<double>[] { [], [], [], [] };
        for (var round = 0; round < Rounds; round++)
        {
            times[0].Add(Seconds(() => store.Write(layer)));
            times[1].Add(Seconds(() => Copy(connection, table, Binary, layer.HasGeometry, keys: true)));
            times[2].Add(Seconds(() => Copy(connection, table, Text, layer.HasGeometry, keys: true)));
            times[3].Add(Seconds(() => Copy(connection, table, Binary, layer.HasGeometry, keys: false)));
        }
        var medians = times.Select(t => t.Order().ElementAt(t.Count / 2)).ToArray();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{layer.Name}, {layer.RowCount:#,0} rows, {binary.Length / 1048576.0:0} MiB binary: store {medians[0]:0.00} s; COPY binary with keys {medians[1]:0.00} s (ratio {medians[0] / medians[1]:0.00}); COPY text with keys {medians[2]:0.00} s (ratio {medians[0] / medians[2]:0.00}); COPY binary alone {medians[3]:0.00} s (ratio {medians[0] / medians[3]:0.00})"));
    }

    private static byte[] PreparedBinary(NpgsqlConnection connection, string table)
    {
        using var source = connection.BeginRawBinaryCopy($"COPY (SELECT * FROM {table} ORDER BY geoharm_row) TO STDOUT (FORMAT BINARY)");
        using var memory = new MemoryStream();
        source.CopyTo(memory);
        return memory.ToArray();
    }

    private static string PreparedText(NpgsqlConnection connection, string table)
    {
        using var source = connection.BeginTextExport($"COPY (SELECT * FROM {table} ORDER BY geoharm_row) TO STDOUT");
        return source.ReadToEnd();
    }

    private static void Copy(NpgsqlConnection connection, string like, Action rows, bool hasGeometry, bool keys)
    {
        using var transaction = connection.BeginTransaction();
        Execute(connection, $"DROP TABLE IF EXISTS rival; CREATE TABLE rival (LIKE {like})");
        rows();
        if (keys) Execute(connection, "ALTER TABLE rival ADD PRIMARY KEY (geoharm_row)" + (hasGeometry ? "; CREATE INDEX ON rival USING gist (geoharm_shape)" : ""));
        transaction.Commit();
    }

    private static void Execute(NpgsqlConnection connection, string sql)
    {
#pragma warning disable CA2100 // Constants and names of this file.
        using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static double Seconds(Action work)
    {
        var watch = Stopwatch.StartNew();
        work();
        return watch.Elapsed.TotalSeconds;
    }

    private static Layer Grid()
    {
        var factory = new GeometryFactory();
        var cells = Enumerable.Range(0, Cells).Select(i => (Geometry?)factory.CreateMultiPolygon([(Polygon)factory.ToGeometry(new Envelope(-79 + i % 400 * 0.009, -78.991 + i % 400 * 0.009, -4 + i / 400 * 0.009, -3.991 + i / 400 * 0.009))])).ToArray();
        var columns = new List<Column> { Column.Text("cell", Enumerable.Range(0, Cells).Select(i => $"G{i:D7}")) };
        columns.AddRange(Enumerable.Range(2016, 9).Select(y => Column.Real($"coca_ha_{y}", Enumerable.Range(0, Cells).Select(i => (i * 31 + y) % 997 / 50.0), "ha")));
        return new Layer("grid", columns, cells, CoordinateSystem.Wgs84);
    }

    private static Layer Table() => new(
        "events",
        [
            Column.Text("code", Enumerable.Range(0, TableRows).Select(i => (5000 + i % 1122).ToString("D5", CultureInfo.InvariantCulture))), Column.Integer("year", Enumerable.Range(0, TableRows).Select(i => (long?)(2001 + i % 24))),
            Column.Text("name", Enumerable.Range(0, TableRows).Select(i => $"place {i % 5000}")), Column.Real("value", Enumerable.Range(0, TableRows).Select(i => i * 7919 % 100_003 / 100.0)), Column.Integer("count", Enumerable.Range(0, TableRows).Select(i => (long?)(i % 977))),
        ]);
}
