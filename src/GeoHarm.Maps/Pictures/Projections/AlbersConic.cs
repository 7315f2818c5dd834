using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Maps.Pictures.Projections;

/// <summary>
/// Albers equal-area conic projection of authalic latitudes. Source: Snyder (1987), USGS Professional Paper 1395,
/// equations 14-1 to 14-6 and 14-8 to 14-11, https://doi.org/10.3133/pp1395. Throws when the parallels are symmetric
/// about the equator, where the cone becomes a cylinder.
/// </summary>
public sealed class AlbersConic : IMapProjection
{
    private const double Degree = Math.PI / 180;
    private readonly double n;
    private readonly double c;
    private readonly double rhoOrigin;

    /// <summary>A projection with that centre and standard parallels, degrees.</summary>
    public AlbersConic(double centreLongitude, double centreLatitude, double firstParallel, double secondParallel)
    {
        CentreLongitude = centreLongitude;
        var (first, second) = (Authalic.SineOf(firstParallel * Degree), Authalic.SineOf(secondParallel * Degree));
        n = (first + second) / 2;
        if (Math.Abs(n) < 1e-6) throw new ArgumentException($"Parallels {firstParallel} and {secondParallel} are symmetric about the equator: there is no cone.");
        c = 1 - first * first + 2 * n * first;
        rhoOrigin = Rho(Authalic.SineOf(centreLatitude * Degree));
    }

    /// <inheritdoc/>
    public string Name => "Albers equal-area conic";

    /// <inheritdoc/>
    public double CentreLongitude { get; }

    /// <inheritdoc/>
    public (double X, double Y) Forward(double longitude, double latitude)
    {
        var rho = Rho(Authalic.SineOf(latitude * Degree));
        var theta = n * (longitude - CentreLongitude) * Degree;
        return (rho * PortableMath.Sin(theta), rhoOrigin - rho * PortableMath.Cos(theta));
    }

    /// <inheritdoc/>
    public bool TryInverse(double x, double y, out double longitude, out double latitude)
    {
        var sign = n < 0 ? -1 : 1;
        var (dx, dy) = (sign * x, sign * (rhoOrigin - y));
        var rho = sign * Math.Sqrt(dx * dx + dy * dy) / Authalic.Radius;
        var sine = (c - rho * rho * n * n) / (2 * n);
        var theta = PortableMath.Atan2(dx, dy);
        longitude = CentreLongitude + theta / n / Degree;
        latitude = Authalic.Geodetic(PortableMath.Asin(Math.Clamp(sine, -1, 1))) / Degree;
        return Math.Abs(sine) <= 1 && Math.Abs(theta / n) <= Math.PI;
    }

    private double Rho(double sine) => Authalic.Radius * Math.Sqrt(Math.Max(0, c - 2 * n * sine)) / n;
}
