using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Statistics;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;
using CoordinateSystem = GeoHarm.Spatial.Crs.CoordinateSystem;

namespace GeoHarm.Spatial.Tests.Crs;

public class ReprojectionTests
{
    /// <summary>Eastings and northings by PROJ (gdaltransform of GDAL 3.6.2) from longitude and latitude on WGS 84;
    /// 21897 with the one shift EPSG:1125 for the whole country (PROJ's regional choice differs by up to 10 m).</summary>
    [Theory]
    [InlineData(21897, -74.05, 4.6, 1003052.01651972, 1000420.27890297)]
    [InlineData(21897, -77.5, 1.2, 618864.155783429, 624694.016797349)]
    [InlineData(21897, -70.3, -4.1, 1419749.40101048, 37407.4881496992)]
    [InlineData(21897, -72.4, 11.9, 1182768.43718791, 1808343.76320219)]
    [InlineData(9377, -74.05, 4.6, 4883575.26137056, 2066380.80157253)]
    [InlineData(9377, -77.5, 1.2, 4499053.78019449, 1691045.3340079)]
    [InlineData(9377, -70.3, -4.1, 5299669.247799, 1104544.81549876)]
    [InlineData(3116, -74.05, 4.6, 1003052.36949387, 1000420.22205345)]
    [InlineData(3116, -72.4, 11.9, 1182776.17576323, 1808341.66393833)]
    [InlineData(6933, -74.05, 4.6, -7144809.05257889, 586223.728718149)]
    [InlineData(6933, -70.3, -4.1, -6782985.50163803, -522616.130324513)]
    [InlineData(6933, -72.4, 11.9, -6985606.69016491, 1507517.23616549)]
    [InlineData(32718, -74.05, 4.6, 605377.773222255, 10508519.2357258)]
    [InlineData(32718, -70.3, -4.1, 1022246.74326269, 9545284.95692055)]
    public void Coordinates_equal_those_of_proj(int epsg, double longitude, double latitude, double x, double y)
    {
        var there = new Reprojection(CoordinateSystem.Wgs84, new CoordinateSystem(epsg)).Transform(longitude, latitude);
        Assert.Equal(x, there.X, 2e-3);
        Assert.Equal(y, there.Y, 2e-3);
    }

    [Theory]
    [InlineData(21897)]
    [InlineData(9377)]
    [InlineData(3116)]
    [InlineData(6933)]
    [InlineData(32618)]
    [InlineData(4218)]
    public void There_and_back_returns_the_point(int epsg)
    {
        const ulong seed = 5;
        var random = new CounterRandom(seed, 0, 0);
        var there = new Reprojection(CoordinateSystem.Wgs84, new CoordinateSystem(epsg));
        var back = new Reprojection(new CoordinateSystem(epsg), CoordinateSystem.Wgs84);
        for (var i = 0; i < 500; i++)
        {
            double longitude = -80 + 14 * random.NextUniform(), latitude = -5 + 18 * random.NextUniform();
            var (x, y) = there.Transform(longitude, latitude);
            var (lon, lat) = back.Transform(x, y);
            // Heights are dropped by the datum shift: up to a centimetre.
            Assert.True(Math.Abs(lon - longitude) < 1e-7 && Math.Abs(lat - latitude) < 1e-7, $"seed {seed}: {longitude} {latitude} came back as {lon} {lat}");
        }
    }

    [Fact]
    public void The_equal_area_cylinder_keeps_areas()
    {
        var cell = new WKTReader().Read("POLYGON((-76 1,-75 1,-75 2,-76 2,-76 1))");
        var flat = new Reprojection(CoordinateSystem.Wgs84, CoordinateSystem.EqualArea).Transform(cell);
        Assert.Equal(AuthalicArea.CellSquareMetres(Ellipsoid.Wgs84, 1, 2, 1), flat.Area, 1);
        Assert.Equal(AuthalicArea.OfPolygon(Ellipsoid.Wgs84, cell).SquareMetres, flat.Area, 1);
    }

    [Fact]
    public void Esri_text_of_the_bogota_zone_means_epsg_21897()
    {
        const string wkt = "PROJCS[\"Colombia_Bogota_Zone\",GEOGCS[\"GCS_Bogota\",DATUM[\"D_Bogota\",SPHEROID[\"International_1924\",6378388.0,297.0]],PRIMEM[\"Greenwich\",0.0],UNIT[\"Degree\",0.0174532925199433]],PROJECTION[\"Transverse_Mercator\"],PARAMETER[\"False_Easting\",1000000.0],PARAMETER[\"False_Northing\",1000000.0],PARAMETER[\"Central_Meridian\",-74.08091666666667],PARAMETER[\"Scale_Factor\",1.0],PARAMETER[\"Latitude_Of_Origin\",4.599047222222222],UNIT[\"Meter\",1.0]]";
        var byText = new Reprojection(new CoordinateSystem(0, wkt), CoordinateSystem.Wgs84).Transform(618864.155783429, 624694.016797349);
        Assert.Equal(-77.5, byText.X, 1e-8);
        Assert.Equal(1.2, byText.Y, 1e-8);
    }

    [Fact]
    public void Geometries_keep_their_shape_and_holes()
    {
        var holed = new WKTReader().Read("MULTIPOLYGON(((-76 1,-75 1,-75 2,-76 2,-76 1),(-75.6 1.4,-75.6 1.6,-75.4 1.6,-75.4 1.4,-75.6 1.4)))");
        var there = new Reprojection(CoordinateSystem.Wgs84, new CoordinateSystem(9377)).Transform(holed);
        Assert.Equal(holed.NumPoints, there.NumPoints);
        Assert.Equal(1, ((Polygon)there.GetGeometryN(0)).NumInteriorRings);
        Assert.Equal(holed.NumPoints, new Reprojection(new CoordinateSystem(9377), CoordinateSystem.Wgs84).Transform(there).NumPoints);
    }

    [Fact]
    public void An_unknown_system_is_named() =>
        Assert.Contains("EPSG:2154", Assert.Throws<NotSupportedException>(() => new Reprojection(new CoordinateSystem(2154), CoordinateSystem.Wgs84)).Message);
}
