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
            var length = Math.Sqrt(FixedLanes.Dot(column, column));
            for (var pass = 0; pass < 2; pass++)
            {
                for (var i = 0; i < q.Count; i++)
                {
                    var s = FixedLanes.Dot(q[i], column);
                    r[kept[i], j] += s;
                    FixedLanes.AddScaled(-s, q[i], column);
                }
            }
            var rest = Math.Sqrt(FixedLanes.Dot(column, column));
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
            b[j] = FixedLanes.Dot(q[j], residuals);
            FixedLanes.AddScaled(-b[j], q[j], residuals);
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
}
