using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.Files;
using GeoHarm.Stores.Importers;
using NetTopologySuite.Geometries;
using ParquetSharp.Arrow;

namespace GeoHarm.Stores.Tests.Files;

/// <summary>A folder of GeoParquet under the contract of every store, and the files as other programs write and read them.</summary>
public sealed class GeoParquetFileTests : LayerStoreContract, IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    protected override ILayerStore Open() => StoreAddress.Open(folder["study.parquet"]);

    [Fact]
    public void The_metadata_is_that_of_the_format()
    {
        using (var store = Open()) store.Write(SampleLayers.Everything(new(3116), shapes: ["POINT (1 2)", "POLYGON Z ((0 0 1, 4 0 1, 4 4 1, 0 0 1))", "MULTIPOINT EMPTY"]));
        using var reader = new FileReader(folder["study.parquet/everything.parquet"]);
        var geo = System.Text.Json.JsonDocument.Parse(reader.Schema.Metadata["geo"]).RootElement;
        Assert.Equal("1.1.0", geo.GetProperty("version").GetString());
        Assert.Equal("geometry", geo.GetProperty("primary_column").GetString());
        var column = geo.GetProperty("columns").GetProperty("geometry");
        Assert.Equal("WKB", column.GetProperty("encoding").GetString());
        Assert.Equal(["MultiPoint", "Point", "Polygon Z"], column.GetProperty("geometry_types").EnumerateArray().Select(t => t.GetString()));
        Assert.Equal([0, 0, 4, 4], column.GetProperty("bbox").EnumerateArray().Select(b => b.GetDouble()));
        Assert.Equal(["bbox", "ymax"], column.GetProperty("covering").GetProperty("bbox").GetProperty("ymax").EnumerateArray().Select(p => p.GetString()));
        Assert.Equal(("EPSG", 3116), (column.GetProperty("crs").GetProperty("id").GetProperty("authority").GetString(), column.GetProperty("crs").GetProperty("id").GetProperty("code").GetInt32()));
        Assert.Equal("ProjectedCRS", column.GetProperty("crs").GetProperty("type").GetString());
    }

    [Fact]
    public void The_same_layer_gives_the_same_bytes_and_a_sensitive_one_is_refused()
    {
        GeoParquetFile.Write(folder["a.parquet"], PublishedLayer.Open(SampleLayers.Table(rows: 40_000)));
        GeoParquetFile.Write(folder["b.parquet"], PublishedLayer.Open(SampleLayers.Table(rows: 40_000)));
        Assert.True(File.ReadAllBytes(folder["a.parquet"]).AsSpan().SequenceEqual(File.ReadAllBytes(folder["b.parquet"])));
        Assert.Throws<InvalidOperationException>(() => GeoParquetFile.Write(folder["c.parquet"], PublishedLayer.Open(SampleLayers.Everything())));
        Assert.Equal(["a.parquet", "b.parquet"], folder.Files());
    }

    [Fact]
    public void An_extent_finds_in_many_row_groups_what_a_scan_finds()
    {
        // 40,000 points make three row groups, each a band of longitude, so that most groups are passed over.
        var points = Enumerable.Range(0, 40_000).Select(i => (Geometry)new Point(i / 500.0, i % 500 / 10.0)).ToArray();
        using var store = Open();
        store.Write(new Layer("points", [Column.Integer("i", Enumerable.Range(0, points.Length).Select(i => (long?)i))], points, CoordinateSystem.Wgs84));
        foreach (var extent in new[] { new Envelope(3, 4, 10, 12), new Envelope(32, 33.5, 0, 50), new Envelope(79.9, 90, 49.9, 60), new Envelope(200, 300, 0, 1) })
        {
            var parts = store.Parts("points", new LayerQuery(extent), 100).ToArray();
            Assert.Equal(Enumerable.Range(0, points.Length).Where(i => extent.Intersects(points[i].Coordinate)).Select(i => (long?)i), parts.SelectMany(p => Enumerable.Range(0, p.RowCount).Select(r => p["i"].IntegerAt(r))));
        }
    }

    [Theory]
    [InlineData("{\"version\":\"1.1.0\",\"primary_column\":\"shape\",\"columns\":{\"shape\":{\"encoding\":\"WKB\",\"geometry_types\":[]}}}", 4326, null)]
    [InlineData("{\"version\":\"1.0.0\",\"primary_column\":\"shape\",\"columns\":{\"shape\":{\"encoding\":\"WKB\",\"geometry_types\":[\"Point\"],\"crs\":null}}}", 4326, "GH4061")]
    [InlineData("{\"version\":\"1.1.0\",\"primary_column\":\"shape\",\"columns\":{\"shape\":{\"encoding\":\"WKB\",\"geometry_types\":[],\"crs\":{\"type\":\"ProjectedCRS\",\"name\":\"x\",\"id\":{\"authority\":\"EPSG\",\"code\":9377}}}}}", 9377, null)]
    [InlineData("{\"version\":\"1.1.0\",\"primary_column\":\"shape\",\"columns\":{\"shape\":{\"encoding\":\"point\",\"geometry_types\":[]}}}", 0, "GH4044")]
    [InlineData("{\"version\":\"1.1.0\",\"primary_column\":\"nothing\",\"columns\":{\"nothing\":{\"encoding\":\"WKB\",\"geometry_types\":[]}}}", 0, "GH4044")]
    [InlineData("{broken", 0, "GH4044")]
    [InlineData(null, -1, "GH4047")]
    public void A_file_of_another_program_is_told_by_its_content(string? geo, int epsg, string? code)
    {
        var path = Foreign("towns.dat", geo);
        var check = Assert.Single(DataCheck.Check([path]));
        Assert.Equal(code is null ? [] : [code], check.Faults.Select(f => f.Code).Where(c => c != "GH4047" || code == "GH4047").Distinct());
        if (epsg == 0)
        {
            Assert.Throws<InvalidInputException>(() => DataImport.Read(path));
            return;
        }
        Assert.Equal(("geoparquet", 3), (check.Format, check.Rows));
        var layer = Assert.Single(DataImport.Read(path).Layers);
        Assert.Equal(epsg, layer.Crs?.Epsg ?? -1);
        Assert.Equal(["name", "people", "share", "open", "day"], layer.Columns.Select(c => c.Name));
        Assert.Equal([FieldType.Text, FieldType.Integer, FieldType.Real, FieldType.Integer, FieldType.Date], layer.Columns.Select(c => c.Type));
        Assert.Equal(("Nariño", null), (layer["name"].TextAt(0), layer["name"].TextAt(1)));
        Assert.Equal((7, null, -1), (layer["people"].IntegerAt(0), layer["people"].IntegerAt(1), layer["people"].IntegerAt(2)));
        Assert.Equal(0.5, layer["share"].Number(0));
        Assert.Equal(new DateOnly(2024, 2, 29), layer["day"].DateAt(2));
        if (geo is not null) SampleLayers.AssertSame(SampleLayers.Shape("POINT (2 3)"), layer.GeometryAt(2), "row 2");
        Assert.Null(layer.GeometryAt(1));
    }

    [Fact]
    public void Whatever_is_changed_in_a_file_it_is_read_or_refused_never_a_crash()
    {
        GeoParquetFile.Write(folder["seed.parquet"], PublishedLayer.Open(SampleLayers.Table()));
        var seed = File.ReadAllBytes(folder["seed.parquet"]);
        CsCheck.Check.Sample(CsCheck.Gen.Select(CsCheck.Gen.Int[4, seed.Length - 1], CsCheck.Gen.Byte, CsCheck.Gen.Int[0, seed.Length]), change =>
        {
            var bytes = seed.ToArray();
            bytes[change.Item1] = change.Item2;
            var check = Assert.Single(DataCheck.Check([folder.Put("f.parquet", change.Item3 % 3 == 0 ? bytes[..Math.Max(4, change.Item3)] : bytes)]));
            return check.Format.Length > 0;
        }, iter: 300, threads: 1);
    }

    /// <summary>A file with types that GeoHarm does not write itself, and its geometry first.</summary>
    private string Foreign(string name, string? geo)
    {
        var metadata = geo is null ? new Dictionary<string, string> { ["pandas"] = "{}" } : new Dictionary<string, string> { ["geo"] = geo };
        var schema = new Apache.Arrow.Schema(
            [
                new("shape", Apache.Arrow.Types.BinaryType.Default, true), new("name", Apache.Arrow.Types.StringType.Default, true), new("people", Apache.Arrow.Types.Int32Type.Default, true),
                new("share", Apache.Arrow.Types.FloatType.Default, true), new("open", Apache.Arrow.Types.BooleanType.Default, true), new("day", Apache.Arrow.Types.Date32Type.Default, true),
            ], metadata);
        var wkb = new NetTopologySuite.IO.WKBWriter();
        var shapes = new Apache.Arrow.BinaryArray.Builder().Append(wkb.Write(new Point(1, 2)).AsSpan()).AppendNull().Append(wkb.Write(new Point(2, 3)).AsSpan());
        using var batch = new Apache.Arrow.RecordBatch(
            schema,
            [
                shapes.Build(), new Apache.Arrow.StringArray.Builder().Append("Nariño").AppendNull().Append("x").Build(), new Apache.Arrow.Int32Array.Builder().Append(7).AppendNull().Append(-1).Build(),
                new Apache.Arrow.FloatArray.Builder().Append(0.5f).AppendNull().Append(1).Build(), new Apache.Arrow.BooleanArray.Builder().Append(true).AppendNull().Append(false).Build(),
                new Apache.Arrow.Date32Array.Builder().AppendNull().AppendNull().Append(new DateOnly(2024, 2, 29)).Build(),
            ], 3);
        using var arrow = new ArrowWriterPropertiesBuilder().StoreSchema().Build();
        using var writer = new FileWriter(folder[name], schema, null, arrow);
        writer.WriteRecordBatch(batch);
        writer.Close();
        return folder[name];
    }
}
