using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Overlay;
using GeoHarm.Spatial.Quantities;
using NetTopologySuite.Geometries;

namespace GeoHarm.Spatial.Tests.Overlay;

public sealed class MetricBufferTests
{
    [Theory]
    [InlineData(-75, 0.5)]
    [InlineData(-72.3, 11.9)]
    [InlineData(20, 69)]
    public void A_point_grows_to_the_area_of_a_circle_on_the_ellipsoid(double longitude, double latitude)
    {
        const double radius = 5000;
        var circle = MetricBuffer.Of(new Point(longitude, latitude), Length.FromMetres(radius), new MetricBufferOptions(64));
        Assert.Equal(1, GeodesicArea.OfPolygon(Ellipsoid.Wgs84, circle).SquareMetres / (Math.PI * radius * radius), 2e-4);
    }

    [Fact]
    public void A_meridian_of_known_length_grows_to_a_known_area()
    {
        // From the equator to 0.4 degrees north: 44,229.8 m of meridian (Helmert's series on WGS 84).
        var line = new LineString([new(-75, 0), new(-75, 0.4)]);
        var buffer = MetricBuffer.Of(line, Length.FromKilometres(1), new MetricBufferOptions(64));
        var meridian = 110_574.2758 * 0.4;
        Assert.Equal(1, GeodesicArea.OfPolygon(Ellipsoid.Wgs84, buffer).SquareMetres / (2 * meridian * 1000 + Math.PI * 1e6), 1e-4);
    }

    [Fact]
    public void Growing_and_shrinking_a_box_gives_it_back()
    {
        var box = new Polygon(new LinearRing([new(-75, 3), new(-74.9, 3), new(-74.9, 3.1), new(-75, 3.1), new(-75, 3)]));
        var back = MetricBuffer.Of(MetricBuffer.Of(box, Length.FromMetres(500)), Length.FromMetres(-500));
        Assert.Equal(1, back.Area / box.Area, 1e-3);
        Assert.True(MetricBuffer.Of(box, Length.FromMetres(-10_000)).IsEmpty);
    }

    [Fact]
    public void A_geometry_too_wide_for_one_plane_is_refused()
    {
        Assert.Throws<ArgumentException>(() => MetricBuffer.Of(new LineString([new(-75, 0), new(-60, 1)]), Length.FromMetres(1)));
    }
}
