using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Maps.Pictures.Projections;

/// <summary>
/// Lambert azimuthal equal-area projection of authalic latitudes. Source: Snyder (1987), USGS Professional Paper 1395,
/// equations 22-4, 24-2 and 20-14, 20-15, 24-16, https://doi.org/10.3133/pp1395. True scale at the centre; equal-area
/// everywhere. The antipode of the centre has no image (its neighbourhood is drawn at the rim).
/// </summary>
public sealed class LambertAzimuthal : IMapProjection
{
    private const double Degree = Math.PI / 180;
    private readonly double sineCentre;
    private readonly double cosineCentre;

    /// <summary>A projection centred there, degrees.</summary>
    public LambertAzimuthal(double centreLongitude, double centreLatitude)
    {
        CentreLongitude = centreLongitude;
        sineCentre = Authalic.SineOf(centreLatitude * Degree);
        cosineCentre = Math.Sqrt(1 - sineCentre * sineCentre);
    }

    /// <inheritdoc/>
    public string Name => "Lambert azimuthal equal-area";

    /// <inheritdoc/>
    public double CentreLongitude { get; }

    /// <inheritdoc/>
    public (double X, double Y) Forward(double longitude, double latitude)
    {
        var lambda = (longitude - CentreLongitude) * Degree;
        var sine = Authalic.SineOf(latitude * Degree);
        var cosine = Math.Sqrt(1 - sine * sine);
        var east = cosine * PortableMath.Cos(lambda);
        var k = Authalic.Radius * Math.Sqrt(2 / Math.Max(1e-9, 1 + sineCentre * sine + cosineCentre * east));
        return (k * cosine * PortableMath.Sin(lambda), k * (cosineCentre * sine - sineCentre * east));
    }

    /// <inheritdoc/>
    public bool TryInverse(double x, double y, out double longitude, out double latitude)
    {
        var rho = Math.Sqrt(x * x + y * y) / Authalic.Radius;
        (longitude, latitude) = (CentreLongitude, 0);
        if (rho > 1.9) return false;
        var half = rho / 2;
        var (sineC, cosineC) = (2 * half * Math.Sqrt(1 - half * half), 1 - 2 * half * half);
        var unit = rho == 0 ? 0 : 1 / (rho * Authalic.Radius);
        var sine = Math.Clamp(cosineC * sineCentre + y * unit * sineC * cosineCentre, -1, 1);
        latitude = Authalic.Geodetic(PortableMath.Asin(sine)) / Degree;
        longitude = CentreLongitude + PortableMath.Atan2(x * unit * sineC, cosineCentre * cosineC - y * unit * sineCentre * sineC) / Degree;
        return true;
    }
}
