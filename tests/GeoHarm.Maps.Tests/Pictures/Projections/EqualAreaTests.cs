using CsCheck;
using GeoHarm.Maps.Pictures.Projections;

namespace GeoHarm.Maps.Tests.Pictures.Projections;

public sealed class EqualAreaTests
{
    public static TheoryData<string> Kinds => ["lambert", "albers", "equal-earth"];

    private static IMapProjection Make(string kind) => kind switch
    {
        "lambert" => new LambertAzimuthal(-74, 4),
        "albers" => new AlbersConic(-74, 4, -2, 10),
        _ => new EqualEarth(-40),
    };

    // Area on the ellipsoid of the box west-east, south-north in closed form: R2 (sin beta north - sin beta south) d lambda.
    private static double BoxArea(double west, double south, double east, double north)
    {
        const double A = 6378137, F = 1 / 298.257223563, E2 = F * (2 - F);
        var e = Math.Sqrt(E2);
        double Q(double d)
        {
            var s = Math.Sin(d * Math.PI / 180);
            return (1 - E2) * (s / (1 - E2 * s * s) - Math.Log((1 - e * s) / (1 + e * s)) / (2 * e));
        }
        return A * A / 2 * (Q(north) - Q(south)) * (east - west) * Math.PI / 180;
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_box_keeps_its_ellipsoidal_area(string kind)
    {
        var projection = Make(kind);
        foreach (var (west, south, east, north) in new[] { (-79.0, -4.0, -67.0, 12.0), (-80.0, 8.0, -60.0, 40.0), (-70.0, -30.0, -69.0, -29.0) })
        {
            const int Pieces = 2000;
            var ring = new List<(double X, double Y)>();
            for (var i = 0; i < Pieces; i++) ring.Add(projection.Forward(west + (east - west) * i / Pieces, south));
            for (var i = 0; i < Pieces; i++) ring.Add(projection.Forward(east, south + (north - south) * i / Pieces));
            for (var i = 0; i < Pieces; i++) ring.Add(projection.Forward(east - (east - west) * i / Pieces, north));
            for (var i = 0; i < Pieces; i++) ring.Add(projection.Forward(west, north - (north - south) * i / Pieces));
            var area = 0.0;
            for (var i = 0; i < ring.Count; i++)
            {
                var (a, b) = (ring[i], ring[(i + 1) % ring.Count]);
                area += (a.X * b.Y - b.X * a.Y) / 2;
            }
            Assert.Equal(1, area / BoxArea(west, south, east, north), 5e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_inverse_undoes_the_projection(string kind)
    {
        var projection = Make(kind);
        Gen.Select(Gen.Double[-130, 20], Gen.Double[-55, 70]).Sample((longitude, latitude) =>
        {
            var (x, y) = projection.Forward(longitude, latitude);
            return projection.TryInverse(x, y, out var back, out var lat) && Math.Abs(back - longitude) < 1e-7 && Math.Abs(lat - latitude) < 1e-7;
        }, iter: 2000);
    }

    [Fact]
    public void Lambert_matches_a_published_point()
    {
        // Snyder (1987), p. 332: sphere of radius 3, centre 40 N 100 W, point 20 S 100 E: x = -4.2339303, y = 4.0257775.
        // Ours projects the ellipsoid; on the sphere of authalic latitudes the same formula must hold, so the point is
        // given by geodetic latitudes whose authalic latitudes are 40 and -20 degrees.
        var centre = Geodetic(40);
        var projection = new LambertAzimuthal(-100, centre);
        var (x, y) = projection.Forward(100, Geodetic(-20));
        var radius = 6371007.1809;
        Assert.Equal(-4.2339303, 3 * x / radius, 2e-7);
        Assert.Equal(4.0257775, 3 * y / radius, 2e-7);

        static double Geodetic(double authalic) => Authalic.Geodetic(authalic * Math.PI / 180) * 180 / Math.PI;
    }

    [Fact]
    public void Albers_refuses_parallels_symmetric_about_the_equator() =>
        Assert.Throws<ArgumentException>(() => new AlbersConic(0, 0, -10, 10));

    [Fact]
    public void A_window_opens_across_the_antimeridian_where_that_is_shorter()
    {
        var extent = MapExtent.Around([new(178, 180, -18, -16), new(-180, -179, -19, -17)]);
        Assert.Equal((178.0, 181.0), (extent!.West, extent.East));
    }
}
