using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Quantities;
using GeoHarm.Spatial.Statistics;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;

namespace GeoHarm.Spatial.Tests.Crs;

public class GeodesicTests
{
    /// <summary>latitude 1, longitude 1, latitude 2, longitude 2, length (m), area under the line (m2): GeographicLib 2.0, WGS 84.</summary>
    public static TheoryData<double, double, double, double, double, double> Tabulated => new()
    {
        { 40.6, -73.8, 51.6, -0.5, 5551759.4003186785, 40041368848742.53 },
        { -30.12345, 0.0, -30.12344, 5e-05, 4.944208283968597, -17717125.104384318 },
        { 0.0, 0.0, 0.0, 90.0, 10018754.171394622, 0.0 },
        { 10.0, 20.0, 10.0, 20.001, 109.63936406824558, 122483229.40096293 },
        { 1.15, -76.65, 1.6, -78.75, 238941.9137443465, -35543406748.016106 },
        { 89.9, 0.0, 89.95, 170.0, 16697.438222576533, 120432155268961.38 },
        { -41.32, 174.81, 40.96, -5.5, 19959679.26735382, -100704891846320.48 },
        { -30.0, 0.0, 29.9, 179.8, 19989832.82760953, -101790744713220.52 },
        { 0.0, 0.0, 0.5, 179.5, 19936288.578965314, 91000874089108.36 },
        { 21.876502, 87.043316, 52.544455, 159.282102, 6913969.296992197, 34773581239437.805 },
        { 42.701946, 152.036999, -83.837069, -12.375844, 15391781.109129546, 113438572062630.75 },
        { 78.917496, 53.630839, 71.360288, -139.245853, 3298917.873652008, 118099176062250.52 },
        { -5.505709, -91.23378, 7.789433, 26.618828, 13165788.671227183, 2701878061863.1704 },
        { -86.665674, -101.977272, -39.252139, 149.884334, 5779253.773588722, 75531447442421.2 },
        { 47.29913, -122.542484, 52.892164, -130.043729, 820770.7991646413, -4076291668748.251 },
        { 20.906549, -134.388276, -88.684075, 133.705708, 12318950.982183369, 63753724549954.13 },
        { -51.716764, -102.426779, 85.870957, 134.066796, 15972932.63019448, -80068989095678.67 },
        { -37.50368, 166.132076, 6.981777, 64.018972, 11550600.59282979, 27436095557412.367 },
        { -52.549246, 158.75136, 33.934266, 167.963152, 9622645.190333623, -1449815388493.6055 },
    };

    [Theory]
    [MemberData(nameof(Tabulated))]
    public void Length_and_area_under_a_geodesic_equal_the_tabulated(double lat1, double lon1, double lat2, double lon2, double metres, double squareMetres)
    {
        var line = Geodesic.Inverse(Ellipsoid.Wgs84, lon1, lat1, lon2, lat2);
        Assert.Equal(metres, line.LengthMetres, 2e-8 + 1e-15 * metres);
        // Near the antipode the azimuth, and with it the area, is ill-conditioned: 1e-13 of a hemisphere is 25 m2.
        Assert.Equal(squareMetres, line.AreaUnderSquareMetres, (metres > 1.9e7 ? 200 : 1) + 3e-15 * Math.Abs(squareMetres));
    }

    [Fact]
    public void Lengths_along_equator_and_meridian_follow_their_closed_forms()
    {
        Assert.Equal(Ellipsoid.Wgs84.RadiusMetres * Math.PI / 180, Geodesic.Distance(Ellipsoid.Wgs84, 0, 0, 1, 0).Metres, 1e-8);
        Assert.Equal(20003931.458625447, Geodesic.Distance(Ellipsoid.Wgs84, 0, 90, 0, -90).Metres, 1e-7); // GeographicLib 2.0
        Assert.Equal(19980861.908890963, Geodesic.Distance(Ellipsoid.Wgs84, 10, 0, -170.5, 0).Metres, 1e-7); // leaves the equator
        Assert.Equal(0, Geodesic.Distance(Ellipsoid.Wgs84, -74.08, 4.6, -74.08, 4.6).Metres);
    }

    [Fact]
    public void A_line_is_as_long_backwards_and_its_area_changes_sign()
    {
        const ulong seed = 91;
        var random = new CounterRandom(seed, 0, 0);
        for (var i = 0; i < 2000; i++)
        {
            double lat1 = random.NextUniform() * 178 - 89, lat2 = random.NextUniform() * 178 - 89;
            double lon1 = random.NextUniform() * 360 - 180, lon2 = random.NextUniform() * 360 - 180;
            var there = Geodesic.Inverse(Ellipsoid.Wgs84, lon1, lat1, lon2, lat2);
            var back = Geodesic.Inverse(Ellipsoid.Wgs84, lon2, lat2, lon1, lat1);
            Assert.True(Math.Abs(there.LengthMetres - back.LengthMetres) < 5e-8, $"seed {seed}, case {i}: {there} {back}");
            if (there.LengthMetres < 1.9e7) Assert.True(Math.Abs(there.AreaUnderSquareMetres + back.AreaUnderSquareMetres) < 1, $"seed {seed}, case {i}: {there} {back}");
        }
    }

    [Theory]
    [InlineData(double.NaN, 0)]
    [InlineData(0, 90.5)]
    [InlineData(double.PositiveInfinity, 0)]
    public void Impossible_coordinates_are_refused(double longitude, double latitude) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Geodesic.Distance(Ellipsoid.Wgs84, longitude, latitude, 0, 0));

    /// <summary>Polygon areas of GeographicLib 2.0 (planimeter), WGS 84.</summary>
    [Theory]
    [InlineData("POLYGON((0 0,1 0,1 1,0 1,0 0))", 12308778361.469452, 1e-4)]
    [InlineData("POLYGON((170 -10,-170 -10,-170 10,170 10,170 -10))", 4948480469169.516, 0.1)]
    [InlineData("POLYGON((-76.65 1.15,-76.649 1.15,-76.649 1.151,-76.65 1.151,-76.65 1.15))", 12306.657039092854, 1e-6)]
    [InlineData("POLYGON((-76.65 1.15,-76.6499 1.15,-76.6499 1.1501,-76.65 1.1501,-76.65 1.15))", 123.06658928049728, 1e-6)]
    [InlineData("POLYGON((0 0,90 0,0 90,0 0))", 63758202715511.055, 0.2)]
    [InlineData("POLYGON((-58 -63.1,-74 -72.9,-102 -71.9,-102 -74.9,-131 -74.3,-163 -77.5,163 -77.4,172 -71.7,140 -65.9,113 -65.7,88 -66.6,59 -66.9,25 -69.8,-4 -70,-14 -71,-33 -77.3,-46 -77.9,-61 -74.7,-58 -63.1))", 13662703680020.094, 0.5)]
    public void Geodesic_polygon_areas_equal_the_tabulated(string wkt, double squareMetres, double tolerance)
    {
        var polygon = new WKTReader().Read(wkt);
        Assert.Equal(squareMetres, GeodesicArea.OfPolygon(Ellipsoid.Wgs84, polygon).SquareMetres, tolerance);
        Assert.Equal(squareMetres, GeodesicArea.OfPolygon(Ellipsoid.Wgs84, polygon.Reverse()).SquareMetres, tolerance);
    }

    [Fact]
    public void Parts_add_up_and_holes_subtract()
    {
        static Polygon Square(double x, double y, double side) => Geometry.DefaultFactory.CreatePolygon(
            [new(x, y), new(x + side, y), new(x + side, y + side), new(x, y + side), new(x, y)]);
        var outer = Square(-75, 3, 2);
        var inner = Square(-74.5, 3.5, 0.5);
        var holed = Geometry.DefaultFactory.CreatePolygon(outer.Shell, [inner.Shell]);
        double Area(Geometry g) => GeodesicArea.OfPolygon(Ellipsoid.Wgs84, g).SquareMetres;
        Assert.Equal(Area(outer) - Area(inner), Area(holed), 1e-3);
        Assert.Equal(Area(outer) + Area(inner), Area(Geometry.DefaultFactory.CreateMultiPolygon([outer, inner])), 1e-3);
    }

    [Fact]
    public void Cutting_edges_along_their_geodesic_parts_leaves_small_polygons_area_alike()
    {
        // Rival: on a plot of 100 m the geodesic, the equal-area cylinder and a plane through it agree.
        var plot = new WKTReader().Read("POLYGON((-76.65 1.15,-76.649 1.15,-76.649 1.151,-76.65 1.151,-76.65 1.15))");
        var geodesic = GeodesicArea.OfPolygon(Ellipsoid.Wgs84, plot).SquareMetres;
        Assert.Equal(geodesic, AuthalicArea.OfPolygon(Ellipsoid.Wgs84, plot).SquareMetres, 1e-6 * geodesic);
    }
}

public class AuthalicAreaTests
{
    [Fact]
    public void Bands_from_pole_to_pole_cover_the_ellipsoid()
    {
        var sum = 0.0;
        for (var south = -90; south < 90; south += 3) sum += AuthalicArea.CellSquareMetres(Ellipsoid.Wgs84, south, south + 3, 360);
        Assert.Equal(510065621724088.44, Ellipsoid.Wgs84.TotalArea.SquareMetres, 1); // GeographicLib's ellipsoid area
        Assert.Equal(510065621724088.44, sum, 1);
    }

    [Fact]
    public void A_hansen_cell_at_the_equator_covers_what_its_sides_say()
    {
        // Meridian radius a (1 - e^2), prime vertical a: the cell of 0.00025 degrees is 27.83 m by 27.64 m.
        var e = Ellipsoid.Wgs84;
        var side = 0.00025 * Math.PI / 180;
        var expected = e.RadiusMetres * side * e.RadiusMetres * (1 - e.EccentricitySquared) * side;
        Assert.Equal(expected, AuthalicArea.CellSquareMetres(e, -0.000125, 0.000125, 0.00025), 1e-8 * expected);
    }

    [Fact]
    public void Narrow_bands_keep_their_digits()
    {
        const ulong seed = 17;
        var random = new CounterRandom(seed, 0, 0);
        for (var i = 0; i < 500; i++)
        {
            // Rival: the mean of the local radii product over the band by Simpson's rule.
            var south = random.NextUniform() * 170 - 85;
            const double height = 0.00025;
            double Density(double latitude)
            {
                var s = PortableMath.Sin(latitude * Math.PI / 180);
                var e2 = Ellipsoid.Wgs84.EccentricitySquared;
                var w = 1 - e2 * s * s;
                return PortableMath.Cos(latitude * Math.PI / 180) * (1 - e2) / (w * w);
            }
            var mean = (Density(south) + 4 * Density(south + height / 2) + Density(south + height)) / 6;
            var step = height * Math.PI / 180;
            var expected = mean * step * step * Ellipsoid.Wgs84.RadiusMetres * Ellipsoid.Wgs84.RadiusMetres;
            var actual = AuthalicArea.CellSquareMetres(Ellipsoid.Wgs84, south, south + height, height);
            Assert.True(Math.Abs(actual / expected - 1) < 1e-10, $"seed {seed}: latitude {south}: {actual} against {expected}");
        }
    }

    [Fact]
    public void Antimeridian_rings_are_taken_the_short_way_and_polar_rings_refused()
    {
        var across = new WKTReader().Read("POLYGON((179 0,-179 0,-179 2,179 2,179 0))");
        Assert.Equal(AuthalicArea.CellSquareMetres(Ellipsoid.Wgs84, 0, 2, 2), AuthalicArea.OfPolygon(Ellipsoid.Wgs84, across).SquareMetres, 1);
        var polar = new WKTReader().Read("POLYGON((0 80,120 80,-120 80,0 80))");
        Assert.Throws<ArgumentException>(() => AuthalicArea.OfPolygon(Ellipsoid.Wgs84, polar));
    }
}
