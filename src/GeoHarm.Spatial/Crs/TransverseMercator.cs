using System.Numerics;
using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Spatial.Crs;

/// <summary>
/// Transverse Mercator of the ellipsoid by Krüger's series to sixth order in the third flattening (Karney 2011,
/// Transverse Mercator with an accuracy of a few nanometers, J. Geodesy 85, 475-485, equations 7-36,
/// doi 10.1007/s00190-011-0445-3). Error below 5 nm within 3,900 km of the central meridian; refuse nothing, but do not
/// use it a quarter of the globe away.
/// </summary>
public sealed class TransverseMercator : IMapProjection
{
    private const double Degree = Math.PI / 180;
    private readonly Ellipsoid ellipsoid;
    private readonly double centralMeridian, falseEasting, falseNorthing, radius, origin;
    private readonly double[] alpha, beta;

    /// <summary>The projection with its origin in degrees, scale on the central meridian (no unit) and false origin in metres.</summary>
    public TransverseMercator(Ellipsoid ellipsoid, double originLatitude, double centralMeridian, double scale, double falseEasting, double falseNorthing)
    {
        this.ellipsoid = ellipsoid;
        (this.centralMeridian, this.falseEasting, this.falseNorthing) = (centralMeridian, falseEasting, falseNorthing);
        var n = ellipsoid.ThirdFlattening;
        var n2 = n * n;
        radius = scale * ellipsoid.RadiusMetres / (1 + n) * (1 + n2 * (1.0 / 4 + n2 * (1.0 / 64 + n2 / 256)));
        alpha = Series(n,
            [1.0 / 2, -2.0 / 3, 5.0 / 16, 41.0 / 180, -127.0 / 288, 7891.0 / 37800],
            [13.0 / 48, -3.0 / 5, 557.0 / 1440, 281.0 / 630, -1983433.0 / 1935360],
            [61.0 / 240, -103.0 / 140, 15061.0 / 26880, 167603.0 / 181440],
            [49561.0 / 161280, -179.0 / 168, 6601661.0 / 7257600],
            [34729.0 / 80640, -3418889.0 / 1995840],
            [212378941.0 / 319334400]);
        beta = Series(n,
            [1.0 / 2, -2.0 / 3, 37.0 / 96, -1.0 / 360, -81.0 / 512, 96199.0 / 604800],
            [1.0 / 48, 1.0 / 15, -437.0 / 1440, 46.0 / 105, -1118711.0 / 3870720],
            [17.0 / 480, -37.0 / 840, -209.0 / 4480, 5569.0 / 90720],
            [4397.0 / 161280, -11.0 / 504, -830251.0 / 7257600],
            [4583.0 / 161280, -108847.0 / 3991680],
            [20648693.0 / 638668800]);
        origin = 0;
        origin = Forward(centralMeridian, originLatitude).Y - falseNorthing;
    }

    /// <summary>Zone 1 to 60 of the Universal Transverse Mercator on WGS 84.</summary>
    public static TransverseMercator Utm(int zone, bool north)
    {
        if (zone is < 1 or > 60) throw new ArgumentOutOfRangeException(nameof(zone), zone, "UTM zones run from 1 to 60.");
        return new(Ellipsoid.Wgs84, 0, 6 * zone - 183, 0.9996, 500_000, north ? 0 : 10_000_000);
    }

    /// <inheritdoc/>
    public (double X, double Y) Forward(double longitude, double latitude)
    {
        var lambda = AuthalicArea.LongitudeDifference(centralMeridian, longitude) * Degree;
        var tau = ConformalTangent(PortableMath.Tan(latitude * Degree));
        double sine = PortableMath.Sin(lambda), cosine = PortableMath.Cos(lambda);
        var xi = PortableMath.Atan2(tau, cosine);
        var ratio = sine / Math.Sqrt(tau * tau + cosine * cosine);
        var eta = PortableMath.Atanh(ratio / Math.Sqrt(1 + ratio * ratio));
        var zeta = new Complex(xi, eta) + Sum(alpha, xi, eta);
        return (falseEasting + radius * zeta.Imaginary, falseNorthing + radius * zeta.Real - origin);
    }

    /// <inheritdoc/>
    public (double Longitude, double Latitude) Inverse(double x, double y)
    {
        double xi = (y - falseNorthing + origin) / radius, eta = (x - falseEasting) / radius;
        var zeta = new Complex(xi, eta) - Sum(beta, xi, eta);
        double sinh = PortableMath.Sinh(zeta.Imaginary), cosine = PortableMath.Cos(zeta.Real);
        var conformal = PortableMath.Sin(zeta.Real) / Math.Sqrt(sinh * sinh + cosine * cosine);
        var tau = conformal / Math.Sqrt(1 - ellipsoid.EccentricitySquared);
        for (var step = 0; step < 8; step++)
        {
            // Newton's method on the conformal tangent (equations 19 to 21).
            var trial = ConformalTangent(tau);
            var e2 = ellipsoid.EccentricitySquared;
            var change = (conformal - trial) / Math.Sqrt(1 + trial * trial) * (1 + (1 - e2) * tau * tau) / ((1 - e2) * Math.Sqrt(1 + tau * tau));
            tau += change;
            if (Math.Abs(change) <= 1e-15 * Math.Max(1, Math.Abs(tau))) break;
        }
        return (centralMeridian + PortableMath.Atan2(sinh, cosine) / Degree, PortableMath.Atan(tau) / Degree);
    }

    /// <summary>Tangent of the conformal latitude from that of the geodetic (equations 7 to 9).</summary>
    private double ConformalTangent(double tau)
    {
        var root = Math.Sqrt(1 + tau * tau);
        var sigma = PortableMath.Sinh(ellipsoid.Eccentricity * PortableMath.Atanh(ellipsoid.Eccentricity * tau / root));
        return tau * Math.Sqrt(1 + sigma * sigma) - sigma * root;
    }

    /// <summary>Sum of c_j sin(2 j zeta) by Clenshaw's recurrence in complex numbers.</summary>
    private static Complex Sum(double[] c, double xi, double eta)
    {
        var sinh = PortableMath.Sinh(2 * eta);
        var cosh = Math.Sqrt(1 + sinh * sinh);
        double sine = PortableMath.Sin(2 * xi), cosine = PortableMath.Cos(2 * xi);
        var step = new Complex(2 * cosine * cosh, -2 * sine * sinh);
        Complex b1 = 0, b2 = 0;
        for (var j = c.Length - 1; j >= 0; j--) (b1, b2) = (step * b1 - b2 + c[j], b1);
        return b1 * new Complex(sine * cosh, cosine * sinh);
    }

    private static double[] Series(double n, params double[][] rows)
    {
        var result = new double[rows.Length];
        for (var j = 0; j < rows.Length; j++)
        {
            var sum = 0.0;
            for (var k = rows[j].Length - 1; k >= 0; k--) sum = sum * n + rows[j][k];
            result[j] = sum * PortableMath.Pow(n, j + 1);
        }
        return result;
    }
}
