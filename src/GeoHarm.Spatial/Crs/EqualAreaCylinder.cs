using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Spatial.Crs;

/// <summary>
/// Lambert's cylindrical equal-area projection of the ellipsoid, normal aspect (Snyder 1987, USGS Professional Paper
/// 1395, equations 10-15 to 10-19 and 3-16, doi 10.3133/pp1395). EPSG:6933 (EASE-Grid 2.0) has the standard parallel
/// at 30 degrees on WGS 84. Areas on the map are areas on the ellipsoid; shapes are not kept. The inverse finds the
/// latitude by Newton's method on q, to 1e-15 in the sine.
/// </summary>
public sealed class EqualAreaCylinder : IMapProjection
{
    private const double Degree = Math.PI / 180;
    private readonly Ellipsoid ellipsoid;
    private readonly double centralMeridian, scaleX, scaleY;

    /// <summary>The projection of an ellipsoid with a standard parallel and a central meridian in degrees.</summary>
    public EqualAreaCylinder(Ellipsoid ellipsoid, double standardParallel, double centralMeridian = 0)
    {
        if (!(Math.Abs(standardParallel) < 90)) throw new ArgumentOutOfRangeException(nameof(standardParallel), standardParallel, "The standard parallel lies between the poles.");
        this.ellipsoid = ellipsoid;
        this.centralMeridian = centralMeridian;
        var sine = PortableMath.Sin(standardParallel * Degree);
        var k0 = PortableMath.Cos(standardParallel * Degree) / Math.Sqrt(1 - ellipsoid.EccentricitySquared * sine * sine);
        scaleX = ellipsoid.RadiusMetres * k0 * Degree;
        scaleY = ellipsoid.RadiusMetres / (2 * k0);
    }

    /// <inheritdoc/>
    public (double X, double Y) Forward(double longitude, double latitude) => (
        scaleX * AuthalicArea.LongitudeDifference(centralMeridian, longitude),
        scaleY * AuthalicArea.Q(ellipsoid, PortableMath.Sin(latitude * Degree)));

    /// <inheritdoc/>
    public (double Longitude, double Latitude) Inverse(double x, double y)
    {
        var q = y / scaleY;
        var pole = 2 * ellipsoid.AuthalicScale;
        if (Math.Abs(q) >= pole) return (centralMeridian + x / scaleX, Math.CopySign(90, q));
        var s = q / pole;
        for (var step = 0; step < 20; step++)
        {
            // dq/ds = 2 (1 - e^2) / (1 - e^2 s^2)^2.
            var w = 1 - ellipsoid.EccentricitySquared * s * s;
            var change = (q - AuthalicArea.Q(ellipsoid, s)) * w * w / (2 * (1 - ellipsoid.EccentricitySquared));
            s = Math.Clamp(s + change, -1, 1);
            if (Math.Abs(change) < 1e-15) break;
        }
        return (centralMeridian + x / scaleX, PortableMath.Asin(s) / Degree);
    }
}
