using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Spatial.Crs;

/// <summary>The shortest line between two points of an ellipsoid.</summary>
/// <param name="LengthMetres">Length in metres.</param>
/// <param name="AreaUnderSquareMetres">Signed area between the line and the equator, positive north of it when the line
/// runs east.</param>
/// <param name="AzimuthAtStart">Azimuth at the first point, degrees clockwise from north.</param>
public readonly record struct GeodesicLine(double LengthMetres, double AreaUnderSquareMetres, double AzimuthAtStart);

/// <summary>
/// The inverse geodesic problem: length, azimuth and area under the line from two points.
/// Source: Karney 2013, Algorithms for geodesics, J. Geodesy 87, 43-55, doi 10.1007/s00190-012-0578-z: equations 7
/// (length), 8 (longitude), 58-59 (area) and section 4. Unlike the paper, the three integrals are taken by
/// Gauss-Legendre quadrature of their integrands, not by Fourier series; 3, 6 or 16 nodes (arcs up to 0.01, 0.3, pi) leave
/// less than rounding for a terrestrial flattening. Lines that are not nearly antipodal are found by the fixed
/// point omega = lambda + f sin(alpha0) I3 (Vincenty 1975); the others by bisection on the azimuth, which section 4 of
/// the paper shows to have a single root.
/// Accuracy: relative 1e-14 for short lines, 20 nm for long ones. Cost: about 1 microsecond for an edge of a polygon.
/// Longitudes and latitudes in degrees.
/// </summary>
public static class Geodesic
{
    private const double Degree = Math.PI / 180;
    private const int FixedPointSteps = 24; // contraction is about f, so 7 reach rounding away from the antipode
    private static readonly GaussLegendre[] Rules = [new(3), new(6), new(16)];
    private static readonly double[] AreaSeries = AreaCoefficients(9);

    /// <summary>Shortest line from point 1 to point 2. Throws <see cref="ArgumentOutOfRangeException"/> when a latitude lies
    /// outside [-90, 90] or a coordinate is not finite.</summary>
    public static GeodesicLine Inverse(Ellipsoid ellipsoid, double longitude1, double latitude1, double longitude2, double latitude2)
    {
        RequireCoordinates(longitude1, latitude1);
        RequireCoordinates(longitude2, latitude2);
        return Inverse(
            ellipsoid, new Parallel(ellipsoid, latitude1), new Parallel(ellipsoid, latitude2),
            AuthalicArea.LongitudeDifference(longitude1, longitude2) * Degree);
    }

    /// <summary>Length of the shortest line.</summary>
    public static Length Distance(Ellipsoid ellipsoid, double longitude1, double latitude1, double longitude2, double latitude2) =>
        Length.FromMetres(Inverse(ellipsoid, longitude1, latitude1, longitude2, latitude2).LengthMetres);

    internal static GeodesicLine Inverse(Ellipsoid ellipsoid, in Parallel p1, in Parallel p2, double lambda)
    {
        if (lambda == 0 && p1.Latitude == p2.Latitude) return default;
        var omega = lambda;
        for (var step = 0; step < FixedPointSteps; step++)
        {
            var arc = new Arc(ellipsoid, p1, p2, omega);
            if (arc.Sigma > 3.1) break; // nearly antipodal: the fixed point may not contract
            var next = lambda + ellipsoid.Flattening * arc.SinAlpha0 * LongitudeIntegral(ellipsoid, arc);
            var change = Math.Abs(next - omega);
            omega = next;
            if (change <= 1e-15 * Math.Abs(omega)) return Finish(ellipsoid, new Arc(ellipsoid, p1, p2, omega), ShortExcess(p1, p2, omega));
        }
        return NearlyAntipodal(ellipsoid, p1, p2, lambda);
    }

    private static GeodesicLine Finish(Ellipsoid ellipsoid, in Arc arc, double excess) => new(
        LengthIntegral(ellipsoid, arc),
        ellipsoid.AuthalicRadiusSquared * excess
            + ellipsoid.EccentricitySquared * ellipsoid.RadiusMetres * ellipsoid.RadiusMetres * arc.CosAlpha0 * arc.SinAlpha0 * AreaIntegral(ellipsoid, arc),
        arc.Alpha1 / Degree);

    /// <summary>Spherical excess alpha2 - alpha1 of the quadrilateral under the arc, without cancellation on short arcs:
    /// tan(E/2) = tan(omega/2) (tan(beta1/2) + tan(beta2/2)) / (1 + tan(beta1/2) tan(beta2/2)).</summary>
    private static double ShortExcess(in Parallel p1, in Parallel p2, double omega)
    {
        var up = PortableMath.Sin(omega / 2) * (p1.SinBeta * (1 + p2.CosBeta) + p2.SinBeta * (1 + p1.CosBeta));
        var down = PortableMath.Cos(omega / 2) * ((1 + p1.CosBeta) * (1 + p2.CosBeta) + p1.SinBeta * p2.SinBeta);
        return 2 * PortableMath.Atan2(up, down);
    }

    /// <summary>Section 4 of the paper: with latitude 1 the more southern in size and lambda in [0, pi], the longitude
    /// reached grows with the azimuth from 0 at alpha1 = 0 to pi at alpha1 = pi (crossing each value once).</summary>
    private static GeodesicLine NearlyAntipodal(Ellipsoid ellipsoid, Parallel p1, Parallel p2, double lambda)
    {
        var sign = 1.0;
        var reverse = Math.Abs(p1.Latitude) < Math.Abs(p2.Latitude);
        if (reverse) { (p1, p2) = (p2, p1); sign = -sign; lambda = -lambda; }
        if (lambda < 0) { lambda = -lambda; sign = -sign; }
        var mirror = p1.Latitude > 0;
        if (mirror) { (p1, p2) = (p1.Mirrored(), p2.Mirrored()); sign = -sign; }
        double low = 0, high = Math.PI;
        for (var step = 0; step < 64 && high - low > 0; step++)
        {
            var middle = 0.5 * (low + high);
            if (middle == low || middle == high) break;
            var trial = Arc.FromAzimuth(p1, p2, middle, out var omega, out _);
            if (omega - ellipsoid.Flattening * trial.SinAlpha0 * LongitudeIntegral(ellipsoid, trial) < lambda) low = middle;
            else high = middle;
        }
        var arc = Arc.FromAzimuth(p1, p2, 0.5 * (low + high), out _, out var alpha2);
        var line = Finish(ellipsoid, arc, alpha2 - arc.Alpha1);
        return new GeodesicLine(line.LengthMetres, sign * line.AreaUnderSquareMetres, line.AzimuthAtStart);
    }

    private static GaussLegendre Rule(double sigma) => sigma < 0.01 ? Rules[0] : sigma < 0.3 ? Rules[1] : Rules[2];

    /// <summary>Equation 8: integral of (2 - f) / (1 + (1 - f) sqrt(1 + k^2 sin^2 sigma)).</summary>
    private static double LongitudeIntegral(Ellipsoid ellipsoid, in Arc arc)
    {
        var rule = Rule(arc.Sigma);
        var k2 = ellipsoid.SecondEccentricitySquared * arc.CosAlpha0 * arc.CosAlpha0;
        double f = ellipsoid.Flattening, half = arc.Sigma / 2, middle = arc.Sigma1 + half, sum = 0;
        for (var i = 0; i < rule.Nodes.Length; i++)
        {
            var s = PortableMath.Sin(middle + half * rule.Nodes[i]);
            sum += rule.Weights[i] * (2 - f) / (1 + (1 - f) * Math.Sqrt(1 + k2 * s * s));
        }
        return half * sum;
    }

    /// <summary>Equation 7: b times the integral of sqrt(1 + k^2 sin^2 sigma).</summary>
    private static double LengthIntegral(Ellipsoid ellipsoid, in Arc arc)
    {
        var rule = Rule(arc.Sigma);
        var k2 = ellipsoid.SecondEccentricitySquared * arc.CosAlpha0 * arc.CosAlpha0;
        double half = arc.Sigma / 2, middle = arc.Sigma1 + half, sum = 0;
        for (var i = 0; i < rule.Nodes.Length; i++)
        {
            var s = PortableMath.Sin(middle + half * rule.Nodes[i]);
            sum += rule.Weights[i] * Math.Sqrt(1 + k2 * s * s);
        }
        return ellipsoid.PolarRadiusMetres * half * sum;
    }

    /// <summary>Equation 59: minus the integral of [t(e'^2) - t(k^2 sin^2)] / (e'^2 - k^2 sin^2) sin / 2.</summary>
    private static double AreaIntegral(Ellipsoid ellipsoid, in Arc arc)
    {
        var rule = Rule(arc.Sigma);
        var y = ellipsoid.SecondEccentricitySquared;
        var k2 = y * arc.CosAlpha0 * arc.CosAlpha0;
        double half = arc.Sigma / 2, middle = arc.Sigma1 + half, sum = 0;
        for (var i = 0; i < rule.Nodes.Length; i++)
        {
            var s = PortableMath.Sin(middle + half * rule.Nodes[i]);
            sum += rule.Weights[i] * DividedDifference(y, k2 * s * s) * s;
        }
        return -0.5 * half * sum;
    }

    /// <summary>(t(y) - t(x)) / (y - x) with t(x) = x + sqrt(1 + 1/x) asinh(sqrt x), by the power series of t, so that
    /// x = y needs no case of its own. Terms y^j x^(m-1-j) are built by the recurrence h(m+1) = x h(m) + y^m.</summary>
    private static double DividedDifference(double y, double x)
    {
        double sum = 1, homogeneous = 1, power = 1;
        for (var m = 1; m < AreaSeries.Length; m++)
        {
            sum += AreaSeries[m] * homogeneous;
            power *= y;
            homogeneous = x * homogeneous + power;
        }
        return sum;
    }

    /// <summary>Coefficients of sqrt(1 + 1/x) asinh(sqrt x) = (1 + x) sum a_n x^n, a_n = a_(n-1) (-2n) / (2n + 1).</summary>
    private static double[] AreaCoefficients(int count)
    {
        var coefficients = new double[count];
        var a = coefficients[0] = 1;
        for (var n = 1; n < count; n++)
        {
            var next = a * (-2.0 * n) / (2 * n + 1);
            coefficients[n] = next + a;
            a = next;
        }
        return coefficients;
    }

    private static void RequireCoordinates(double longitude, double latitude)
    {
        if (!double.IsFinite(longitude)) throw new ArgumentOutOfRangeException(nameof(longitude), longitude, "A longitude is a finite number of degrees.");
        if (!(Math.Abs(latitude) <= 90)) throw new ArgumentOutOfRangeException(nameof(latitude), latitude, "A latitude lies between -90 and 90 degrees.");
    }

    /// <summary>A latitude with its reduced latitude beta, tan beta = (1 - f) tan phi (equation 6).</summary>
    internal readonly struct Parallel
    {
        public Parallel(Ellipsoid ellipsoid, double latitude)
        {
            Latitude = latitude;
            SinPhi = PortableMath.Sin(latitude * Degree);
            // At a pole the cosine is exactly 0, as the angle in degrees says.
            CosPhi = Math.Abs(latitude) == 90 ? 0 : PortableMath.Cos(latitude * Degree);
            var up = (1 - ellipsoid.Flattening) * SinPhi;
            Norm = Math.Sqrt(up * up + CosPhi * CosPhi);
            SinBeta = up / Norm;
            CosBeta = CosPhi / Norm;
            Scale = (1 - ellipsoid.Flattening) / Norm;
        }

        private Parallel(in Parallel p)
        {
            (Latitude, SinPhi, CosPhi, Norm, SinBeta, CosBeta, Scale) = (-p.Latitude, -p.SinPhi, p.CosPhi, p.Norm, -p.SinBeta, p.CosBeta, p.Scale);
        }

        public double Latitude { get; }

        public double SinPhi { get; }

        public double CosPhi { get; }

        public double SinBeta { get; }

        public double CosBeta { get; }

        private double Norm { get; }

        private double Scale { get; }

        public Parallel Mirrored() => new(this);

        /// <summary>sin(beta2 - beta1), from the difference of the latitudes themselves: exact on short edges.</summary>
        public static double SinDifference(in Parallel p1, in Parallel p2) =>
            p1.Scale / p2.Norm * PortableMath.Sin((p2.Latitude - p1.Latitude) * Degree);
    }

    /// <summary>A great-circle arc of the auxiliary sphere (figure 1 of the paper).</summary>
    internal readonly struct Arc
    {
        public Arc(Ellipsoid ellipsoid, in Parallel p1, in Parallel p2, double omega)
        {
            _ = ellipsoid;
            var halfSine = PortableMath.Sin(omega / 2);
            var east = p2.CosBeta * PortableMath.Sin(omega);
            var versine = 2 * halfSine * halfSine;
            var north = Parallel.SinDifference(p1, p2) + p1.SinBeta * p2.CosBeta * versine;
            var sine = Math.Sqrt(east * east + north * north);
            var cosine = p1.SinBeta * p2.SinBeta + p1.CosBeta * p2.CosBeta * (1 - versine);
            Sigma = PortableMath.Atan2(sine, cosine);
            var (sin1, cos1) = sine > 0 ? (east / sine, north / sine) : (0.0, 1.0);
            Alpha1 = PortableMath.Atan2(sin1, cos1);
            SinAlpha0 = sin1 * p1.CosBeta;
            CosAlpha0 = Math.Sqrt(cos1 * cos1 + sin1 * sin1 * p1.SinBeta * p1.SinBeta);
            Sigma1 = PortableMath.Atan2(p1.SinBeta, cos1 * p1.CosBeta);
        }

        private Arc(double alpha1, double sinAlpha0, double cosAlpha0, double sigma1, double sigma) =>
            (Alpha1, SinAlpha0, CosAlpha0, Sigma1, Sigma) = (alpha1, sinAlpha0, cosAlpha0, sigma1, sigma);

        public double Alpha1 { get; }

        public double SinAlpha0 { get; }

        public double CosAlpha0 { get; }

        public double Sigma1 { get; }

        public double Sigma { get; }

        /// <summary>The arc that leaves p1 at an azimuth and meets the parallel of p2 going north (equation 5, 11, 12, 45).</summary>
        public static Arc FromAzimuth(in Parallel p1, in Parallel p2, double alpha1, out double omega, out double alpha2)
        {
            double sin1 = PortableMath.Sin(alpha1), cos1 = PortableMath.Cos(alpha1);
            var sin0 = sin1 * p1.CosBeta;
            var cos0 = Math.Sqrt(cos1 * cos1 + sin1 * sin1 * p1.SinBeta * p1.SinBeta);
            var rest = (p1.CosBeta - p2.CosBeta) * (p1.CosBeta + p2.CosBeta);
            var cos2Beta = Math.Sqrt(Math.Max(0, cos1 * cos1 * p1.CosBeta * p1.CosBeta - rest));
            var sigma1 = PortableMath.Atan2(p1.SinBeta, cos1 * p1.CosBeta);
            var sigma2 = PortableMath.Atan2(p2.SinBeta, cos2Beta);
            omega = PortableMath.Atan2(sin0 * p2.SinBeta, cos2Beta) - PortableMath.Atan2(sin0 * p1.SinBeta, cos1 * p1.CosBeta);
            if (omega < 0) omega += 2 * Math.PI;
            var sigma = sigma2 - sigma1;
            if (sigma < 0) sigma += 2 * Math.PI;
            alpha2 = PortableMath.Atan2(sin0, cos2Beta);
            return new Arc(alpha1, sin0, cos0, sigma1, sigma);
        }
    }
}
