using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Maps.Pictures.Projections;

/// <summary>
/// The authalic sphere of the WGS 84 ellipsoid: the sphere of the same area, with latitudes moved so that every zone
/// keeps its area. A spherical equal-area projection of authalic latitudes is equal-area on the ellipsoid.
/// Source: Snyder (1987), Map Projections: A Working Manual, USGS Professional Paper 1395, equations 3-11 to 3-13 and
/// 3-18, https://doi.org/10.3133/pp1395. The inverse is Snyder's series, good to 1e-9 degrees.
/// </summary>
internal static class Authalic
{
    /// <summary>Equatorial radius of WGS 84, metres.</summary>
    public const double SemiMajor = 6_378_137.0;

    private const double Flattening = 1 / 298.257223563;

    /// <summary>Squared eccentricity of WGS 84.</summary>
    public const double E2 = Flattening * (2 - Flattening);

    private static readonly double E = Math.Sqrt(E2);
    private static readonly double PoleQ = Q(1);
    private static readonly double Sine2 = E2 / 3 + 31 * E2 * E2 / 180 + 517 * E2 * E2 * E2 / 5040;
    private static readonly double Sine4 = 23 * E2 * E2 / 360 + 251 * E2 * E2 * E2 / 3780;
    private static readonly double Sine6 = 761 * E2 * E2 * E2 / 45360;

    /// <summary>Radius of the sphere of the ellipsoid's area, metres.</summary>
    public static double Radius { get; } = SemiMajor * Math.Sqrt(PoleQ / 2);

    /// <summary>Sine of the authalic latitude of a geodetic latitude in radians.</summary>
    public static double SineOf(double latitude) => Math.Clamp(Q(PortableMath.Sin(latitude)) / PoleQ, -1, 1);

    /// <summary>Geodetic latitude in radians of an authalic latitude in radians.</summary>
    public static double Geodetic(double authalic) => authalic
        + Sine2 * PortableMath.Sin(2 * authalic) + Sine4 * PortableMath.Sin(4 * authalic) + Sine6 * PortableMath.Sin(6 * authalic);

    private static double Q(double sine) => (1 - E2) * (sine / (1 - E2 * sine * sine) + PortableMath.Atanh(E * sine) / E);
}
