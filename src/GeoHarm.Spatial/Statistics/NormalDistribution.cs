using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Spatial.Statistics;

/// <summary>The standard normal distribution with portable bits.</summary>
public static class NormalDistribution
{
    private const double Furthest = 8.2; // beyond this 1 - Phi is below a double's grain

    /// <summary>P(Z at most z): 1/2 + density x (z + z^3/3 + z^5/15 + ...) (Marsaglia 2004, doi 10.18637/jss.v011.i04); absolute error
    /// under 1e-15.</summary>
    public static double Cumulative(double z)
    {
        if (z <= -Furthest) return 0;
        if (z >= Furthest) return 1;
        double term = z, sum = z;
        for (var k = 3; Math.Abs(term) > 1e-18 * Math.Abs(sum); k += 2)
        {
            term *= z * z / k;
            sum += term;
        }
        return 0.5 + sum * PortableMath.Exp(-0.5 * z * z) / Math.Sqrt(2 * Math.PI);
    }

    /// <summary>The z that Z does not exceed with probability p, by bisection to 1e-12; p is moved into [1e-12, 1 - 1e-12].</summary>
    public static double Quantile(double p)
    {
        var inside = Math.Clamp(p, 1e-12, 1 - 1e-12);
        double low = -Furthest, high = Furthest;
        while (high - low > 1e-12)
        {
            var middle = 0.5 * (low + high);
            if (Cumulative(middle) < inside) low = middle;
            else high = middle;
        }
        return 0.5 * (low + high);
    }
}
