using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Engine.Displacement;

/// <summary>The origin-to-destination likelihood at one length scale.</summary>
/// <param name="KappaKilometres">kappa; infinity for attraction alone.</param>
/// <param name="Penalised">Nats per year, less the ridge.</param>
/// <param name="LogLikelihood">Nats per year.</param>
/// <param name="Coefficients">Coefficients of the standardised attraction terms.</param>
public sealed record KernelLogitResult(double KappaKilometres, double Penalised, double LogLikelihood, IReadOnlyList<double> Coefficients);

/// <summary>
/// The likelihood of models.md 1 for gains given losses: p_j = sum_i (l_i / L) A_j K_ij / sum_(k not i) A_k K_ik, K_ij = exp(-d_ij / kappa),
/// log A_j = log(0.95 share_j + 0.05 / n) + z_j b, with z the seven standardised terms of <see cref="CocaHistory"/>, the origin left out of
/// its own destinations and a ridge of |b|^2 / 2 (findings A3, A4). b is fitted anew at every kappa by the method of Broyden, Fletcher,
/// Goldfarb, Shanno (Nocedal, Wright 2006, algorithm 6.1). A finite kappa that beats infinity would speak for displacement by distance.
/// Cost: years x losing units x units a step when kappa is finite, years x units when it is not.
/// </summary>
public static class KernelLogit
{
    private const double Ridge = 1; // findings A4

    private sealed record Year(double[] Gains, double[] Losses, double[] Offsets, double[] Terms);

    /// <summary>Fits b at one kappa over origins in [first, last]; <paramref name="lagged"/> takes the losses of the period before the gains.</summary>
    public static KernelLogitResult Fit(CocaHistory history, double kappaKilometres, int horizon, bool lagged, int firstOrigin, int lastOrigin, DistanceKernels? kernels = null)
    {
        const int k = CocaHistory.TermCount;
        var origins = Enumerable.Range(firstOrigin, lastOrigin - firstOrigin + 1).ToArray();
        var all = Enumerable.Range(0, history.Units).ToArray();
        var (means, scales) = GainLogit.Standard(origins.Select(t => new GainStratum(all, history.Terms(t).ToArray(), [])).ToArray(), k);
        var years = Array.ConvertAll(origins, t => Prepare(history, t, horizon, lagged, means, scales));
        var infinite = double.IsPositiveInfinity(kappaKilometres);
        kernels ??= new DistanceKernels(history.DistancesKilometres, history.Units);
        var b = Maximise(point => years.Select(y => Likelihood(y, point, infinite ? null : kernels, kappaKilometres)).Aggregate(
            (Value: -Ridge / 2 * point.Sum(v => v * v), Gradient: point.Select(v => -Ridge * v).ToArray()),
            (sum, one) => (sum.Value + one.Value, sum.Gradient.Zip(one.Gradient, (u, v) => u + v).ToArray())), new double[k], out var value);
        return new KernelLogitResult(kappaKilometres, value / years.Length, (value + Ridge / 2 * b.Sum(v => v * v)) / years.Length, b);
    }

    private static Year Prepare(CocaHistory history, int origin, int horizon, bool lagged, double[] means, double[] scales)
    {
        var terms = history.Terms(origin).ToArray();
        for (var i = 0; i < terms.Length; i++) terms[i] = (terms[i] - means[i % means.Length]) / scales[i % means.Length];
        var total = history.Total(origin);
        var offsets = new double[history.Units];
        for (var i = 0; i < offsets.Length; i++) offsets[i] = PortableMath.Log(0.95 * history.Year(origin)[i] / total + 0.05 / offsets.Length);
        return new Year(GainMargins.Gains(history, origin, horizon), GainMargins.Losses(history, lagged ? origin - horizon : origin, horizon), offsets, terms);
    }

    private static (double Value, double[] Gradient) Likelihood(Year year, double[] b, DistanceKernels? kernels, double kappa)
    {
        int n = year.Gains.Length, k = b.Length;
        double[] attraction = new double[n], reach = new double[n];
        for (var i = 0; i < n; i++)
        {
            var sum = year.Offsets[i];
            for (var j = 0; j < k; j++) sum += b[j] * year.Terms[i * k + j];
            attraction[i] = PortableMath.Exp(sum);
        }
        double[] shares = new double[n], down = new double[n];
        if (kernels is null) Everywhere(year, attraction, reach, down);
        else ByDistance(year, attraction, kernels, kappa, reach, down);
        double value = 0;
        var gradient = new double[k];
        for (var j = 0; j < n; j++)
        {
            if (year.Gains[j] > 0) value += year.Gains[j] * PortableMath.Log(Math.Max(1e-300, attraction[j] * reach[j]));
            shares[j] = year.Gains[j] - attraction[j] * down[j]; // d value / d log A_j
            for (var l = 0; l < k; l++) gradient[l] += shares[j] * year.Terms[j * k + l];
        }
        return (value, gradient);
    }

    /// <summary>K = 1: p_j = A_j (Q - q_j) with q_i = l_i / (S - A_i), in one pass.</summary>
    private static void Everywhere(Year year, double[] attraction, double[] reach, double[] down)
    {
        var n = attraction.Length;
        double total = 0, sum = 0, pull = 0, back = 0;
        foreach (var a in attraction) total += a;
        var q = new double[n];
        for (var i = 0; i < n; i++) { q[i] = year.Losses[i] / (total - attraction[i]); sum += q[i]; }
        for (var j = 0; j < n; j++)
        {
            reach[j] = sum - q[j];
            if (year.Gains[j] > 0) pull += year.Gains[j] / reach[j];
        }
        var u = new double[n];
        for (var i = 0; i < n; i++)
        {
            var own = year.Gains[i] > 0 ? year.Gains[i] / reach[i] : 0;
            u[i] = q[i] / (total - attraction[i]) * (pull - own);
            back += u[i];
        }
        for (var j = 0; j < n; j++) down[j] = back - u[j];
    }

    private static void ByDistance(Year year, double[] attraction, DistanceKernels kernels, double kappa, double[] reach, double[] down)
    {
        var n = attraction.Length;
        var sums = new double[n];
        for (var i = 0; i < n; i++)
        {
            if (year.Losses[i] <= 0) continue;
            var row = kernels.Row(kappa, i);
            sums[i] = FixedLanes.Dot(attraction, row) - attraction[i] * row[i];
            var q = year.Losses[i] / sums[i];
            FixedLanes.AddScaled(q, row, reach);
            reach[i] -= q * row[i];
        }
        var ratio = new double[n];
        for (var j = 0; j < n; j++) ratio[j] = year.Gains[j] > 0 && reach[j] > 0 ? year.Gains[j] / reach[j] : 0;
        for (var i = 0; i < n; i++)
        {
            if (year.Losses[i] <= 0) continue;
            var row = kernels.Row(kappa, i);
            var u = year.Losses[i] / (sums[i] * sums[i]) * (FixedLanes.Dot(row, ratio) - row[i] * ratio[i]);
            FixedLanes.AddScaled(u, row, down);
            down[i] -= u * row[i];
        }
    }

    /// <summary>Quasi-Newton with a backtracking line search; stops when a step gains less than 1e-9 nats.</summary>
    private static double[] Maximise(Func<double[], (double Value, double[] Gradient)> f, double[] start, out double value)
    {
        var n = start.Length;
        var inverse = new double[n, n];
        for (var i = 0; i < n; i++) inverse[i, i] = 1;
        var x = start;
        (value, var gradient) = f(x);
        for (var step = 0; step < 200; step++)
        {
            var direction = new double[n];
            for (var i = 0; i < n; i++) { for (var j = 0; j < n; j++) direction[i] += inverse[i, j] * gradient[j]; }
            var slope = direction.Zip(gradient, (d, g) => d * g).Sum();
            if (!(slope > 1e-12)) break;
            double length = step == 0 ? Math.Min(1, 1 / Math.Sqrt(slope)) : 1;
            double[] next;
            (double Value, double[] Gradient) there;
            do
            {
                next = x.Zip(direction, (v, d) => v + length * d).ToArray();
                there = f(next);
                length /= 2;
            }
            while (!(there.Value >= value + 1e-4 * 2 * length * slope) && length > 1e-10);
            double[] s = next.Zip(x, (a, c) => a - c).ToArray(), y = gradient.Zip(there.Gradient, (a, c) => a - c).ToArray();
            var gained = there.Value - value;
            if (gained < 0) break;
            (x, value, gradient) = (next, there.Value, there.Gradient);
            Update(inverse, s, y);
            if (gained < 1e-9) break;
        }
        return x;
    }

    private static void Update(double[,] inverse, double[] s, double[] y)
    {
        var n = s.Length;
        var sy = s.Zip(y, (a, c) => a * c).Sum();
        if (sy <= 1e-14) return;
        var hy = new double[n];
        for (var i = 0; i < n; i++) { for (var j = 0; j < n; j++) hy[i] += inverse[i, j] * y[j]; }
        var yhy = hy.Zip(y, (a, c) => a * c).Sum();
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++) inverse[i, j] += (1 + yhy / sy) * s[i] * s[j] / sy - (hy[i] * s[j] + s[i] * hy[j]) / sy;
        }
    }
}
