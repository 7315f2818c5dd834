using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Engine.Displacement;

/// <summary>
/// Logistic regression with a ridge on the standardised coefficients, the intercept free: maximise the sum of log-likelihoods
/// less |b|^2 / (2 C) by Newton's method (Hoerl and Kennard's ridge; le Cessie, van Houwelingen 1992, doi 10.2307/2347628).
/// Cost: rows times columns squared a step; converges in under ten steps.
/// </summary>
internal sealed class LogisticRidge
{
    private readonly double[] means, scales, coefficients;

    private LogisticRidge(double[] means, double[] scales, double[] coefficients) => (this.means, this.scales, this.coefficients) = (means, scales, coefficients);

    /// <summary>Fits on rows of features (row-major, <paramref name="width"/> a row) and outcomes 0 or 1.</summary>
    public static LogisticRidge Fit(ReadOnlySpan<double> features, ReadOnlySpan<byte> outcomes, int width, double c = 1)
    {
        var rows = outcomes.Length;
        var (means, scales) = (new double[width], new double[width]);
        for (var j = 0; j < width; j++)
        {
            double sum = 0, squares = 0;
            for (var i = 0; i < rows; i++) sum += features[i * width + j];
            means[j] = sum / rows;
            for (var i = 0; i < rows; i++) squares += (features[i * width + j] - means[j]) * (features[i * width + j] - means[j]);
            scales[j] = squares > 0 ? Math.Sqrt(squares / rows) : 1;
        }
        var z = new double[rows * (width + 1)];
        for (var i = 0; i < rows; i++)
        {
            z[i * (width + 1)] = 1;
            for (var j = 0; j < width; j++) z[i * (width + 1) + j + 1] = (features[i * width + j] - means[j]) / scales[j];
        }
        var b = new double[width + 1];
        for (var step = 0; step < 50; step++)
        {
            var change = NewtonStep(z, outcomes, b, c);
            var largest = 0.0;
            for (var j = 0; j <= width; j++) { b[j] += change[j]; largest = Math.Max(largest, Math.Abs(change[j])); }
            if (largest < 1e-9) break;
        }
        return new LogisticRidge(means, scales, b);
    }

    /// <summary>Probability of 1 for one row of features.</summary>
    public double Probability(ReadOnlySpan<double> row)
    {
        var sum = coefficients[0];
        for (var j = 0; j < row.Length; j++) sum += coefficients[j + 1] * (row[j] - means[j]) / scales[j];
        return 1 / (1 + PortableMath.Exp(-sum));
    }

    private static double[] NewtonStep(double[] z, ReadOnlySpan<byte> outcomes, double[] b, double c)
    {
        var k = b.Length;
        var hessian = new double[k, k];
        var gradient = new double[k];
        for (var i = 0; i < outcomes.Length; i++)
        {
            var row = z.AsSpan(i * k, k);
            var sum = 0.0;
            for (var j = 0; j < k; j++) sum += b[j] * row[j];
            var p = 1 / (1 + PortableMath.Exp(-sum));
            var (residual, weight) = (outcomes[i] - p, p * (1 - p));
            for (var j = 0; j < k; j++)
            {
                gradient[j] += residual * row[j];
                var scaled = weight * row[j];
                for (var l = 0; l <= j; l++) hessian[j, l] += scaled * row[l];
            }
        }
        hessian[0, 0] += 1e-9; // where every outcome is the same the intercept runs off; this keeps the step finite
        for (var j = 1; j < k; j++) { gradient[j] -= b[j] / c; hessian[j, j] += 1 / c; }
        return SymmetricSystem.Solve(hessian, gradient);
    }
}

/// <summary>Small symmetric positive definite systems by Cholesky's method; reads the lower triangle.</summary>
internal static class SymmetricSystem
{
    /// <summary>Solves A x = b; throws <see cref="ArithmeticException"/> when A is not positive definite.</summary>
    public static double[] Solve(double[,] a, double[] b)
    {
        var n = b.Length;
        var l = new double[n, n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = a[i, j];
                for (var k = 0; k < j; k++) sum -= l[i, k] * l[j, k];
                if (i == j) l[i, i] = sum > 0 ? Math.Sqrt(sum) : throw new ArithmeticException("The system is not positive definite.");
                else l[i, j] = sum / l[j, j];
            }
        }
        var x = (double[])b.Clone();
        for (var i = 0; i < n; i++)
        {
            for (var k = 0; k < i; k++) x[i] -= l[i, k] * x[k];
            x[i] /= l[i, i];
        }
        for (var i = n - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < n; k++) x[i] -= l[k, i] * x[k];
            x[i] /= l[i, i];
        }
        return x;
    }
}
