using System.Diagnostics;
using System.Globalization;
using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.GeoPackage;
using Microsoft.Data.Sqlite;

namespace GeoHarm.Stores.Tests.GeoPackage;

/// <summary>A writer is killed in the middle, again and again; the store opens each time and holds a layer wholly or not at all.</summary>
public sealed class KilledWriterTests : IDisposable
{
    private const string ChildStore = "GEOHARM_TEST_KILLED_STORE";
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_writer_that_is_killed()
    {
        var path = Environment.GetEnvironmentVariable(ChildStore);
        Assert.SkipWhen(path is null, "runs only as the child of the test beside it");
        using var store = GeoPackageStore.Open(path!);
        var generation = (int)store.VersionOf("grid");
        File.WriteAllText(path + ".started", "");
        while (true) store.Write(Generation(++generation));
    }

    [Fact]
    public void A_killed_writer_leaves_a_layer_whole_or_absent()
    {
        var campaign = Environment.GetEnvironmentVariable("GEOHARM_CAMPAIGN") == "1";
        var seed = campaign ? Environment.TickCount : 20260101;
        var random = new Random(seed);
        var path = folder["s.gpkg"];
        var program = Environment.ProcessPath!;
        for (var kill = 0; kill < (campaign ? 100 : 6); kill++)
        {
            if (kill % 10 == 0) foreach (var file in Directory.EnumerateFiles(folder.Root)) File.Delete(file);
            File.Delete(path + ".started");
            var start = new ProcessStartInfo(program, ["-method", "*The_writer_that_is_killed"]) { RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment[ChildStore] = path;
            using var child = Process.Start(start)!;
            for (var wait = 0; !File.Exists(path + ".started") && wait < 6000 && !child.HasExited; wait++) Thread.Sleep(5);
            Assert.True(File.Exists(path + ".started"), $"seed {seed}, kill {kill}: the child did not start");
            Thread.Sleep(random.Next(0, 250));
            child.Kill();
            child.WaitForExit();
            AssertWhole(path, $"seed {seed}, kill {kill}");
        }
    }

    private static void AssertWhole(string path, string where)
    {
        using (var connection = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            connection.Open();
            using var check = connection.CreateCommand();
            check.CommandText = "PRAGMA integrity_check";
            Assert.True(check.ExecuteScalar() is "ok", where);
        }
        using var store = GeoPackageStore.Open(path);
        if (store.Layers().Count == 0) return;
        var layer = store.Read("grid");
        var generation = store.VersionOf("grid");
        Assert.True(layer.RowCount == Rows(generation), $"{where}: generation {generation} has {layer.RowCount} rows");
        for (var row = 0; row < layer.RowCount; row++) Assert.True(layer["generation"].IntegerAt(row) == generation, $"{where}: row {row}");
        Assert.Equal(layer.RowCount, store.Read("grid", new LayerQuery(new NetTopologySuite.Geometries.Envelope(-1, 1e9, -1, 1e9))).RowCount);
    }

    private static int Rows(long generation) => 3000 + (int)(generation % 7) * 500;

    private static Layer Generation(int generation)
    {
        var rows = Enumerable.Range(0, Rows(generation)).ToArray();
        return new Layer(
            "grid", [Column.Integer("generation", rows.Select(_ => (long?)generation)), Column.Text("code", rows.Select(r => r.ToString("D7", CultureInfo.InvariantCulture)))],
            rows.Select(r => (NetTopologySuite.Geometries.Geometry?)new NetTopologySuite.Geometries.Point(r, generation)).ToArray(), Spatial.Crs.CoordinateSystem.EqualArea);
    }
}
