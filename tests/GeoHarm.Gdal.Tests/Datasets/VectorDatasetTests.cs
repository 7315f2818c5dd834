using System.Buffers.Binary;
using GeoHarm.Gdal.Datasets;

namespace GeoHarm.Gdal.Tests.Datasets;

public sealed class VectorDatasetTests : IDisposable
{
    private const string Points = """
        {"type":"FeatureCollection","features":[
        {"type":"Feature","properties":{"code":"05001","area":12.5,"n":3,"day":"2017-02-03","gone":null},"geometry":{"type":"Point","coordinates":[-75.5,6.25]}},
        {"type":"Feature","properties":{"code":"Nariño","area":null,"n":9007199254740993,"day":null,"gone":null},"geometry":{"type":"Point","coordinates":[-77,1]}},
        {"type":"Feature","properties":{"code":"x","area":-1,"n":0,"day":"2000-02-29","gone":null},"geometry":null}]}
        """;

    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void Attributes_and_geometry_come_as_they_are_written()
    {
        using var source = VectorDataset.Open(scratch.Write("points.geojson", Points), DriverProfile.Upload);
        var layer = source.Layer();
        Assert.Equal(("GeoJSON", 1, 3L, 4326), (source.Driver, source.LayerCount, layer.FeatureCount, layer.Reference!.Epsg));
        Assert.Equal((-77, 1, -75.5, 6.25), layer.Extent);
        var (code, area, n, day) = (layer.IndexOf("code"), layer.IndexOf("area"), layer.IndexOf("n"), layer.IndexOf("day"));
        Assert.Equal([AttributeType.Text, AttributeType.Real, AttributeType.Integer64, AttributeType.Date], new[] { code, area, n, day }.Select(i => layer.Attributes[i].Type));
        Assert.Equal(-1, layer.IndexOf("CODE"));
        using var reader = layer.Read();
        Assert.True(reader.Next());
        Assert.Equal(("05001", 12.5, 3L, new DateTime(2017, 2, 3)), (reader.Text(code), reader.Real(area), reader.Integer(n), reader.Date(day)));
        var wkb = reader.Wkb();
        Assert.Equal(21, wkb.Length);
        Assert.Equal((1, 1u, -75.5, 6.25), (wkb[0], BinaryPrimitives.ReadUInt32LittleEndian(wkb[1..]), BinaryPrimitives.ReadDoubleLittleEndian(wkb[5..]), BinaryPrimitives.ReadDoubleLittleEndian(wkb[13..])));
        Assert.True(reader.Next());
        Assert.Equal("Nariño", reader.Text(code));
        Assert.Equal("Nariño"u8, reader.Utf8(code));
        Assert.True(reader.IsNull(area) && double.IsNaN(reader.Real(area)) && reader.Date(day) is null);
        Assert.Equal(9007199254740993, reader.Integer(n));
        Assert.True(reader.Next());
        Assert.False(reader.HasGeometry);
        Assert.True(reader.Wkb().IsEmpty);
        Assert.False(reader.Next());
    }

    [Fact]
    public void Filters_restrict_and_can_be_lifted()
    {
        using var source = VectorDataset.Open(scratch.Write("points.geojson", Points), DriverProfile.OwnFiles);
        var layer = source.Layer();
        layer.FilterExtent((-78, 0, -76, 2));
        Assert.Equal(1, layer.FeatureCount);
        layer.FilterExtent(null);
        layer.FilterAttributes("n = 3");
        Assert.Equal(1, layer.FeatureCount);
        layer.FilterAttributes(null);
        Assert.Equal(3, layer.FeatureCount);
        Assert.Throws<GdalException>(() => layer.FilterAttributes("no such = ((("));
    }

    [Fact]
    public void A_missing_layer_is_named_with_those_there_are()
    {
        using var source = VectorDataset.Open(scratch.Write("points.geojson", Points), DriverProfile.OwnFiles);
        Assert.Contains("points", Assert.Throws<KeyNotFoundException>(() => source.Layer("zones")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_csv_is_a_layer_without_geometry()
    {
        var path = scratch.Write("table.csv", "code,ha\n05001,1.5\n08001,\n");
        using var source = VectorDataset.Open(path, DriverProfile.Upload, ["AUTODETECT_TYPE=NO"]);
        var layer = source.Layer();
        Assert.False(layer.HasGeometry);
        Assert.Null(layer.Extent);
        using var reader = layer.Read();
        Assert.True(reader.Next());
        Assert.Equal("05001", reader.Text(0));
    }

    [Fact]
    public void Axes_are_easting_first_whatever_the_authority_says()
    {
        // EPSG:21897 has northing first; its origin 4.599 N, 77.081 W is at easting and northing 1,000,000 (Bogota 1975).
        var bogota = SpatialReference.FromEpsg(21896);
        Assert.True(bogota.IsProjected);
        using var shift = new CoordinateShift(SpatialReference.FromEpsg(4326), bogota);
        double[] x = [-77.0775, -76.0775];
        double[] y = [4.596, 4.596];
        Assert.Equal(0, shift.Transform(x, y));
        Assert.InRange(x[1] - x[0], 110_000, 112_000);
        Assert.InRange(Math.Abs(y[1] - y[0]), 0, 200);
        Assert.InRange(x[0], 990_000, 1_010_000);
    }

    [Fact]
    public void Points_that_no_projection_reaches_are_counted()
    {
        using var shift = new CoordinateShift(SpatialReference.FromEpsg(4326), SpatialReference.FromEpsg(3857));
        double[] x = [-75, double.PositiveInfinity];
        double[] y = [4, 4];
        Assert.Equal(1, shift.Transform(x, y));
        Assert.True(double.IsFinite(x[0]) && double.IsNaN(x[1]));
    }

    [Fact]
    public void Systems_are_told_apart_and_bad_ones_refused()
    {
        var wgs84 = SpatialReference.FromEpsg(4326);
        Assert.True(wgs84.IsSameAs(SpatialReference.FromWkt(wgs84.Wkt)));
        Assert.False(wgs84.IsSameAs(SpatialReference.FromEpsg(3116)));
        Assert.Throws<GdalException>(() => SpatialReference.FromEpsg(1));
        Assert.Throws<GdalException>(() => SpatialReference.FromWkt("http://example.org/crs"));
    }

    [Fact]
    public void The_bench_zones_are_read_whole()
    {
        var path = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../../../shared/data/bench/zones_win.gpkg"));
        Assert.SkipUnless(File.Exists(path), "../shared/data/bench/zones_win.gpkg is not beside the checkout.");
        using var source = VectorDataset.Open(path, DriverProfile.Upload);
        var layer = source.Layer("zones");
        var (count, bytes) = (0, 0L);
        using var reader = layer.Read();
        while (reader.Next())
        {
            count++;
            bytes += reader.Wkb().Length;
        }
        Assert.Equal(731, count);
        Assert.True(bytes > 8_000_000, $"{bytes} bytes");
    }
}
