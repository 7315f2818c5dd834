namespace GeoHarm.Routing.Equilibrium;

/// <summary>A linear map by its action: fills <paramref name="image"/> from <paramref name="x"/>, both of the size of the system.</summary>
internal delegate void LinearMap(double[] x, double[] image);

/// <summary>
/// Generalised minimal residuals without restart (Saad and Schultz 1986, doi 10.1137/0907058), modified Gram-Schmidt with one
/// repetition, Givens rotations. Keeps its vectors between calls. Cost per step: one image and O(size x steps).
/// </summary>
internal sealed class Gmres(int size, int stepLimit)
{
    private readonly List<double[]> basis = [];
    private readonly double[,] hessenberg = new double[stepLimit + 1, stepLimit];
    private readonly double[] cosine = new double[stepLimit], sine = new double[stepLimit];
    private readonly double[] right = new double[stepLimit + 1], coefficient = new double[stepLimit];

    /// <summary>Steps of the last call.</summary>
    public int Steps { get; private set; }

    /// <summary>Solves map(x) = b from x = 0.</summary>
    /// <returns>Residual reached, relative to the length of b.</returns>
    public double Solve(LinearMap map, double[] b, double[] x, double tolerance)
    {
        Array.Clear(x);
        Steps = 0;
        var length = FixedLanes.Norm(b);
        if (length == 0) return 0;
        SetScaled(Vector(0), b, 1 / length);
        Array.Clear(right);
        right[0] = length;
        var residual = 1.0;
        while (Steps < stepLimit && residual > tolerance)
        {
            var k = Steps++;
            map(Vector(k), Vector(k + 1));
            Orthogonalise(k);
            Rotate(k);
            residual = Math.Abs(right[k + 1]) / length;
        }
        for (var i = Steps - 1; i >= 0; i--)
        {
            var sum = right[i];
            for (var j = i + 1; j < Steps; j++) sum -= hessenberg[i, j] * coefficient[j];
            coefficient[i] = sum / hessenberg[i, i];
        }
        for (var i = 0; i < Steps; i++) FixedLanes.AddScaled(coefficient[i], basis[i], x);
        return residual;
    }

    private void Orthogonalise(int k)
    {
        var next = basis[k + 1];
        for (var i = 0; i <= k; i++) hessenberg[i, k] = 0;
        for (var pass = 0; pass < 2; pass++)
        {
            for (var i = 0; i <= k; i++)
            {
                var share = FixedLanes.Dot(next, basis[i]);
                hessenberg[i, k] += share;
                FixedLanes.AddScaled(-share, basis[i], next);
            }
        }
        var length = FixedLanes.Norm(next);
        hessenberg[k + 1, k] = length;
        SetScaled(next, next, length > 0 ? 1 / length : 0);
    }

    private void Rotate(int k)
    {
        for (var i = 0; i < k; i++)
        {
            var (a, b) = (hessenberg[i, k], hessenberg[i + 1, k]);
            hessenberg[i, k] = cosine[i] * a + sine[i] * b;
            hessenberg[i + 1, k] = cosine[i] * b - sine[i] * a;
        }
        var (p, q) = (hessenberg[k, k], hessenberg[k + 1, k]);
        var r = Math.Sqrt(p * p + q * q);
        (cosine[k], sine[k]) = r > 0 ? (p / r, q / r) : (1, 0);
        hessenberg[k, k] = r;
        right[k + 1] = -sine[k] * right[k];
        right[k] *= cosine[k];
    }

    private double[] Vector(int i)
    {
        while (basis.Count <= i) basis.Add(new double[size]);
        return basis[i];
    }

    private static void SetScaled(double[] to, double[] from, double factor)
    {
        for (var i = 0; i < to.Length; i++) to[i] = factor * from[i];
    }
}
