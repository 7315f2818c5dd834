using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.GeoPackage;
using Microsoft.Data.Sqlite;
using NetTopologySuite.Geometries;

namespace GeoHarm.Stores.Tests.GeoPackage;

public sealed class GeoPackageFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_same_layers_give_the_same_bytes()
    {
        var layers = new[] { OpenEverything(), SampleLayers.Table(rows: 5000), Grid() };
        GeoPackageFile.WriteLayers(folder["a.gpkg"], layers);
        GeoPackageFile.WriteLayers(folder["b.gpkg"], layers);
        GeoPackageFile.WriteLayers(folder["b.gpkg"], layers);
        Assert.True(File.ReadAllBytes(folder["a.gpkg"]).AsSpan().SequenceEqual(File.ReadAllBytes(folder["b.gpkg"])), "two writes of the same layers differ");
        Assert.Equal(["a.gpkg", "b.gpkg"], folder.Files());
    }

    [Fact]
    public void What_was_written_is_read_back()
    {
        GeoPackageFile.WriteLayers(folder["a.gpkg"], [OpenEverything(), SampleLayers.Table()]);
        using var store = GeoPackageStore.OpenReadOnly(folder["a.gpkg"]);
        SampleLayers.AssertSame(OpenEverything(), store.Read("everything"));
        SampleLayers.AssertSame(SampleLayers.Table(), store.Read("table"));
    }

    [Fact]
    public void A_sensitive_layer_is_refused_and_the_old_file_stays()
    {
        GeoPackageFile.WriteLayers(folder["a.gpkg"], [SampleLayers.Table()]);
        var before = File.ReadAllBytes(folder["a.gpkg"]);
        Assert.Throws<InvalidOperationException>(() => GeoPackageFile.WriteLayers(folder["a.gpkg"], [SampleLayers.Table(), SampleLayers.Everything()]));
        Assert.Throws<InvalidInputException>(() => GeoPackageFile.WriteLayers(folder["a.gpkg"], [SampleLayers.Table(), SampleLayers.Table("rtree_x")]));
        Assert.Equal(before, File.ReadAllBytes(folder["a.gpkg"]));
        Assert.Equal(["a.gpkg"], folder.Files());
    }

    [Fact]
    public void The_required_tables_and_marks_of_the_format_are_there()
    {
        GeoPackageFile.WriteLayers(folder["a.gpkg"], [OpenEverything(), SampleLayers.Table()]);
        using var connection = new SqliteConnection($"Data Source={folder["a.gpkg"]};Mode=ReadOnly;Pooling=False");
        connection.Open();
        object? Ask(string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            return command.ExecuteScalar();
        }
        Assert.Equal(0x47504B47L, Ask("PRAGMA application_id"));
        Assert.Equal(10300L, Ask("PRAGMA user_version"));
        Assert.Equal("ok", Ask("PRAGMA integrity_check"));
        Assert.Null(Ask("PRAGMA foreign_key_check"));
        Assert.Equal(3L, Ask("SELECT count(*) FROM gpkg_spatial_ref_sys WHERE srs_id IN (-1, 0, 4326)"));
        Assert.Equal("features", Ask("SELECT data_type FROM gpkg_contents WHERE table_name = 'everything'"));
        Assert.Equal("attributes", Ask("SELECT data_type FROM gpkg_contents WHERE table_name = 'table'"));
        Assert.Equal("GEOMETRY", Ask("SELECT geometry_type_name FROM gpkg_geometry_columns WHERE table_name = 'everything' AND z = 2 AND m = 2"));
        Assert.Equal(1L, Ask("SELECT count(*) FROM gpkg_extensions WHERE table_name = 'everything' AND extension_name = 'gpkg_rtree_index'"));
        Assert.Equal((long)SampleLayers.Shapes.Count(s => !s.Contains("EMPTY", StringComparison.Ordinal)), Ask("SELECT count(*) FROM rtree_everything_geom"));
        Assert.Equal(6L, Ask("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'everything'"));
        Assert.Equal("text", Ask("SELECT typeof(code) FROM \"table\" LIMIT 1"));
    }

    [Fact]
    public void A_folder_without_write_permission_is_said_so_and_nothing_is_left()
    {
        Assert.SkipWhen(Environment.UserName == "root", "root writes everywhere");
        File.SetUnixFileMode(folder.Root, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            var failure = Assert.Throws<StoreException>(() => GeoPackageFile.WriteLayers(folder["a.gpkg"], [SampleLayers.Table()]));
            Assert.NotEmpty(failure.Remedy);
            Assert.Empty(folder.Files());
        }
        finally
        {
            File.SetUnixFileMode(folder.Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public void A_full_disk_is_said_so()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "no /dev/full here");
        var failure = Assert.Throws<StoreException>(() => Files.FullDisk.Write());
        Assert.Contains("full", failure.Message, StringComparison.Ordinal);
        Assert.NotEmpty(failure.Remedy);
    }

    private static Layer OpenEverything()
    {
        var layer = SampleLayers.Everything();
        return new Layer(layer.Name, layer.Columns, Enumerable.Range(0, layer.RowCount).Select(layer.GeometryAt).ToArray(), layer.Crs, Sensitivity.Open, layer.Provenance, layer.Title, layer.Caveats);
    }

    private static Layer Grid()
    {
        var cells = Enumerable.Range(0, 3000).Select(i => (Geometry)new GeometryFactory().ToGeometry(new Envelope(i % 60, i % 60 + 1, i / 60, i / 60 + 1))).ToArray();
        return new Layer("grid", [Column.Real("v", Enumerable.Range(0, cells.Length).Select(i => (double)i))], cells, CoordinateSystem.EqualArea);
    }
}
