using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Engine.Displacement;

/// <summary>Student's t for whole degrees of freedom: the distribution in finite sums (Abramowitz and Stegun 1964, equations 26.7.3
/// and 26.7.4), its quantiles by bisection to 1e-12.</summary>
internal static class StudentT
{
    /// <summary>P(T at most t) with <paramref name="degrees"/> degrees of freedom.</summary>
    public static double Cumulative(double t, int degrees)
    {
        var theta = PortableMath.Atan(t / Math.Sqrt(degrees));
        double sine = PortableMath.Sin(theta), cosine = PortableMath.Cos(theta), term = degrees % 2 == 0 ? 1 : cosine, sum = 0;
        // Even: 1 + c^2/2 + 3c^4/8 ...; odd: c + 2c^3/3 + ...
        for (var k = degrees % 2 == 0 ? 2 : 3; k <= degrees; k += 2)
        {
            sum += term;
            term *= cosine * cosine * (k - 1) / k;
        }
        var central = degrees % 2 == 0 ? sine * sum : 2 / Math.PI * (theta + sine * sum);
        return 0.5 * (1 + central);
    }

    /// <summary>The value that T does not exceed with probability p, 0 to 1 exclusive.</summary>
    public static double Quantile(double p, int degrees)
    {
        if (!(p > 0 && p < 1)) throw new ArgumentOutOfRangeException(nameof(p), p, "A probability strictly between 0 and 1.");
        double low = -1, high = 1;
        while (Cumulative(low, degrees) > p) low *= 2;
        while (Cumulative(high, degrees) < p) high *= 2;
        while (high - low > 1e-12 * Math.Max(1, Math.Abs(high)))
        {
            var middle = 0.5 * (low + high);
            if (Cumulative(middle, degrees) < p) low = middle;
            else high = middle;
        }
        return 0.5 * (low + high);
    }
}
