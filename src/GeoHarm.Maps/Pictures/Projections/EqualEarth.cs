using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Maps.Pictures.Projections;

/// <summary>
/// Equal Earth projection of authalic latitudes, for the world. Source: Savric, Patterson and Jenny (2019), The Equal
/// Earth map projection, Int. J. Geogr. Inf. Sci. 33(3), equations 1 to 3, https://doi.org/10.1080/13658816.2018.1504949.
/// </summary>
public sealed class EqualEarth(double centreLongitude) : IMapProjection
{
    private const double Degree = Math.PI / 180;
    private const double A1 = 1.340264, A2 = -0.081106, A3 = 0.000893, A4 = 0.003796;
    private static readonly double M = Math.Sqrt(3) / 2;

    /// <inheritdoc/>
    public string Name => "Equal Earth";

    /// <inheritdoc/>
    public double CentreLongitude { get; } = centreLongitude;

    /// <inheritdoc/>
    public (double X, double Y) Forward(double longitude, double latitude)
    {
        var theta = PortableMath.Asin(M * Authalic.SineOf(latitude * Degree));
        var t2 = theta * theta;
        var t6 = t2 * t2 * t2;
        var x = (longitude - CentreLongitude) * Degree * PortableMath.Cos(theta) / (M * Slope(t2, t6));
        return (Authalic.Radius * x, Authalic.Radius * theta * (A1 + A2 * t2 + t6 * (A3 + A4 * t2)));
    }

    /// <inheritdoc/>
    public bool TryInverse(double x, double y, out double longitude, out double latitude)
    {
        var target = y / Authalic.Radius;
        var theta = target;

        // Newton on the quintic-like polynomial: at most six steps to 1e-12 from any point of the plane.
        for (var step = 0; step < 12; step++)
        {
            var t = theta * theta;
            var t3 = t * t * t;
            var delta = (theta * (A1 + A2 * t + t3 * (A3 + A4 * t)) - target) / Slope(t, t3);
            theta -= delta;
            if (Math.Abs(delta) < 1e-12) break;
        }
        var t2 = theta * theta;
        var sine = PortableMath.Sin(theta) / M;
        latitude = Authalic.Geodetic(PortableMath.Asin(Math.Clamp(sine, -1, 1))) / Degree;
        var lambda = x / Authalic.Radius * M * Slope(t2, t2 * t2 * t2) / PortableMath.Cos(theta);
        longitude = CentreLongitude + lambda / Degree;
        return Math.Abs(sine) <= 1 && Math.Abs(lambda) <= Math.PI;
    }

    private static double Slope(double t2, double t6) => A1 + 3 * A2 * t2 + t6 * (7 * A3 + 9 * A4 * t2);
}
