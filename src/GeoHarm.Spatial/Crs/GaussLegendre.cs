using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Spatial.Crs;

/// <summary>
/// Gauss-Legendre nodes and weights on [-1, 1], by Newton's method on the Legendre recurrence from Tricomi's guess
/// cos(pi (i - 1/4) / (n + 1/2)) (Abramowitz and Stegun 1964, 22.16.6, 25.4.29). Exact for polynomials of degree 2n - 1.
/// </summary>
internal sealed class GaussLegendre
{
    public GaussLegendre(int count)
    {
        Nodes = new double[count];
        Weights = new double[count];
        for (var i = 0; i < count; i++)
        {
            var x = PortableMath.Cos(Math.PI * (i + 0.75) / (count + 0.5));
            double slope = 0;
            for (var step = 0; step < 8; step++)
            {
                (var value, slope) = Legendre(count, x);
                x -= value / slope;
            }
            Nodes[i] = x;
            Weights[i] = 2 / ((1 - x * x) * slope * slope);
        }
    }

    public double[] Nodes { get; }

    public double[] Weights { get; }

    private static (double Value, double Slope) Legendre(int n, double x)
    {
        double previous = 1, value = x;
        for (var k = 2; k <= n; k++) (previous, value) = (value, ((2 * k - 1) * x * value - (k - 1) * previous) / k);
        return (value, n * (x * value - previous) / (x * x - 1));
    }
}
