using GeoHarm.Spatial.Layers;

namespace GeoHarm.Engine.Displacement;

/// <summary>
/// Ordinary least squares by modified Gram-Schmidt with one reorthogonalisation (Björck 1996, Numerical Methods for Least
/// Squares Problems, section 2.4.4): X = QR, b = R^-1 Q'y. A column whose part orthogonal to the earlier ones is below 1e-9
/// of its length is collinear; all such columns are refused by name, each with those it depends on.
/// Cost: n k^2.
/// </summary>
internal sealed class LeastSquares
{
    private const double Collinear = 1e-9; // relative to the column; data in hectares have 7 digits, so 1e-9 is no rounding effect
    private readonly double[][] q;
    private readonly double[,] r;

    private LeastSquares(double[][] q, double[,] r) => (this.q, this.r) = (q, r);

    /// <summary>Factors the columns; throws <see cref="InvalidInputException"/> naming collinear columns.</summary>
    public static LeastSquares Factor(IReadOnlyList<string> names, IReadOnlyList<double[]> columns)
    {
        var k = columns.Count;
        var q = new List<double[]>();
        var kept = new List<int>();
        var r = new double[k, k];
        var faults = new List<Fault>();
        for (var j = 0; j < k; j++)
        {
            var column = (double[])columns[j].Clone();
            var length = Math.Sqrt(Dot(column, column));
            for (var pass = 0; pass < 2; pass++)
            {
                for (var i = 0; i < q.Count; i++)
                {
                    var s = Dot(q[i], column);
                    r[kept[i], j] += s;
                    Subtract(column, q[i], s);
                }
            }
            var rest = Math.Sqrt(Dot(column, column));
            if (!(rest > Collinear * length))
            {
                var with = length == 0 ? [] : kept.Where(i => Math.Abs(r[i, j]) > 1e-6 * length).Select(i => names[i]).ToArray();
                faults.Add(new Fault(
                    FaultSeverity.Error, "GH5510", "panel", $"column {names[j]}",
                    with.Length == 0 ? "The column does not vary within units and years, so the fixed effects absorb it." : $"The column is a combination of {string.Join(", ", with)}.",
                    "Leave the column out, or leave out those it repeats."));
                continue;
            }
            r[j, j] = rest;
            for (var n = 0; n < column.Length; n++) column[n] /= rest;
            q.Add(column);
            kept.Add(j);
        }
        return faults.Count > 0 ? throw new InvalidInputException(faults) : new LeastSquares([.. q], r);
    }

    /// <summary>Coefficients for a right-hand side; the residuals replace it in <paramref name="residuals"/>.</summary>
    public double[] Solve(ReadOnlySpan<double> y, double[] residuals)
    {
        y.CopyTo(residuals);
        var k = q.Length;
        var b = new double[k];
        for (var j = 0; j < k; j++)
        {
            b[j] = Dot(q[j], residuals);
            Subtract(residuals, q[j], b[j]);
        }
        for (var j = k - 1; j >= 0; j--)
        {
            for (var l = j + 1; l < k; l++) b[j] -= r[j, l] * b[l];
            b[j] /= r[j, j];
        }
        return b;
    }

    /// <summary>(X'X)^-1 = R^-1 R^-T.</summary>
    public double[,] InverseCross()
    {
        var k = q.Length;
        var inverse = new double[k, k];
        for (var c = 0; c < k; c++)
        {
            for (var j = c; j >= 0; j--)
            {
                var sum = j == c ? 1.0 : 0;
                for (var l = j + 1; l <= c; l++) sum -= r[j, l] * inverse[l, c];
                inverse[j, c] = sum / r[j, j];
            }
        }
        var result = new double[k, k];
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < k; j++)
            {
                for (var l = Math.Max(i, j); l < k; l++) result[i, j] += inverse[i, l] * inverse[j, l];
            }
        }
        return result;
    }

    /// <summary>bread * meat * bread.</summary>
    public static double[,] Sandwich(double[,] bread, double[,] meat)
    {
        var k = bread.GetLength(0);
        var half = new double[k, k];
        var result = new double[k, k];
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < k; j++)
            {
                for (var l = 0; l < k; l++) half[i, j] += bread[i, l] * meat[l, j];
            }
        }
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < k; j++)
            {
                for (var l = 0; l < k; l++) result[i, j] += half[i, l] * bread[l, j];
            }
        }
        return result;
    }

    private static double Dot(double[] a, double[] b)
    {
        // Eight fixed lanes, whatever the width of the machine's vectors.
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
        var i = 0;
        for (; i + 8 <= a.Length; i += 8)
        {
            s0 += a[i] * b[i]; s1 += a[i + 1] * b[i + 1]; s2 += a[i + 2] * b[i + 2]; s3 += a[i + 3] * b[i + 3];
            s4 += a[i + 4] * b[i + 4]; s5 += a[i + 5] * b[i + 5]; s6 += a[i + 6] * b[i + 6]; s7 += a[i + 7] * b[i + 7];
        }
        for (; i < a.Length; i++) s0 += a[i] * b[i];
        return ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7));
    }

    private static void Subtract(double[] target, double[] direction, double factor)
    {
        for (var i = 0; i < target.Length; i++) target[i] -= factor * direction[i];
    }
}
