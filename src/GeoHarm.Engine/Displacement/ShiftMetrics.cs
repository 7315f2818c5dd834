using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Engine.Displacement;

/// <summary>Where the hectares of one year lie.</summary>
/// <param name="Year">Year.</param>
/// <param name="Total">Sum over units, in the unit of the values (hectares).</param>
/// <param name="CentreX">Easting of the centre of mass, in the unit of the centroids; NaN when the total is 0.</param>
/// <param name="CentreY">Northing of the centre of mass.</param>
/// <param name="StandardDistance">Root mean square distance from the centre, weighted by the values.</param>
/// <param name="Moran">Moran's I; NaN without weights or variance.</param>
/// <param name="EffectiveNumber">Effective number of units, 1 / sum of squared shares.</param>
public sealed record YearShift(int Year, double Total, double CentreX, double CentreY, double StandardDistance, double Moran, double EffectiveNumber);

/// <summary>What moved between two years: net = gain - loss, quantity |net|, swap = 2 min(gain, loss) (Pontius, Shusas, McEachern
/// 2004, doi 10.1016/j.agee.2003.09.008).</summary>
/// <param name="From">First year.</param>
/// <param name="To">Second year.</param>
/// <param name="Gain">Sum of increases.</param>
/// <param name="Loss">Sum of decreases, positive.</param>
/// <param name="Net">Gain less loss.</param>
/// <param name="Swap">Change that cancels: loss in one place made up by gain in another.</param>
public sealed record ShiftChange(int From, int To, double Gain, double Loss, double Net, double Swap);

/// <summary>Permutation tests of a shift between two years.</summary>
/// <param name="CentreShift">Distance between the centres, in the unit of the centroids.</param>
/// <param name="CentreShiftP">Share of permutations, changes dealt out anew among the units, whose centre moves as far.</param>
/// <param name="ChangeMoran">Moran's I of the changes: whether neighbours rise and fall together.</param>
/// <param name="ChangeMoranP">Its pseudo p-value.</param>
/// <param name="GainNearLoss">Mean loss in the neighbourhood of gained hectares over the mean loss anywhere: above 1, gains lie
/// beside losses, as displacement to neighbours would have it; below 1, they keep apart.</param>
/// <param name="GainNearLossP">Two-sided p-value, gains dealt out anew among the units that did not lose.</param>
public sealed record ShiftTest(double CentreShift, double CentreShiftP, double ChangeMoran, double ChangeMoranP, double GainNearLoss, double GainNearLossP);

/// <summary>
/// Shift metrics of a panel of hectares by unit and year (models.md 1): totals, centre of mass, standard distance, Moran's I,
/// effective number of units; gain, loss, net and swap between years; permutation tests. Descriptions, not causes.
/// </summary>
public static class ShiftMetrics
{
    /// <summary>Metrics of one year. <paramref name="x"/> and <paramref name="y"/> are centroids; weights may be null.</summary>
    public static YearShift OfYear(int year, ReadOnlySpan<double> values, ReadOnlySpan<double> x, ReadOnlySpan<double> y, SpatialWeights? weights)
    {
        double total = 0, mx = 0, my = 0, squares = 0;
        for (var i = 0; i < values.Length; i++)
        {
            total += values[i];
            mx += values[i] * x[i];
            my += values[i] * y[i];
            squares += values[i] * values[i];
        }
        var (centreX, centreY) = (mx / total, my / total);
        var spread = 0.0;
        for (var i = 0; i < values.Length; i++) spread += values[i] * ((x[i] - centreX) * (x[i] - centreX) + (y[i] - centreY) * (y[i] - centreY));
        return new YearShift(
            year, total, centreX, centreY, Math.Sqrt(spread / total), weights is null ? double.NaN : Moran.Coefficient(values, weights), total * total / squares);
    }

    /// <summary>Gain, loss, net and swap from one map to the next.</summary>
    public static ShiftChange Change(int from, int to, ReadOnlySpan<double> before, ReadOnlySpan<double> after)
    {
        if (before.Length != after.Length) throw new ArgumentException("Both years must have the same units.", nameof(after));
        double gain = 0, loss = 0;
        for (var i = 0; i < before.Length; i++)
        {
            var change = after[i] - before[i];
            if (change > 0) gain += change;
            else loss -= change;
        }
        return new ShiftChange(from, to, gain, loss, gain - loss, 2 * Math.Min(gain, loss));
    }

    /// <summary>Permutation tests of the change from one map to the next.</summary>
    public static ShiftTest Test(
        double[] before, double[] after, double[] x, double[] y, SpatialWeights weights, PermutationOptions? options = null)
    {
        options ??= new PermutationOptions();
        var change = new double[before.Length];
        for (var i = 0; i < change.Length; i++) change[i] = after[i] - before[i];
        var observed = CentreShift(before, change, x, y);
        var gains = Array.ConvertAll(change, c => Math.Max(0, c));
        var losses = Array.ConvertAll(change, c => Math.Max(0, -c));
        var near = weights.RowStandardised().Lag(losses);
        var open = Enumerable.Range(0, change.Length).Where(i => losses[i] == 0).ToArray();
        var meanLoss = losses.Average();
        var totalGain = gains.Sum();
        var ratio = Beside(gains, near, meanLoss, totalGain);
        int farther = 0, above = 0, below = 0;
        var dealt = new double[change.Length];
        for (var p = 0; p < options.Permutations; p++)
        {
            change.CopyTo(dealt, 0);
            Shuffle(dealt, null, new CounterRandom(options.Seed, 0, (uint)p));
            if (CentreShift(before, dealt, x, y) >= observed * (1 - 1e-12)) farther++;
            gains.CopyTo(dealt, 0);
            Shuffle(dealt, open, new CounterRandom(options.Seed, 1, (uint)p));
            var other = Beside(dealt, near, meanLoss, totalGain);
            if (other >= ratio - 1e-12) above++;
            if (other <= ratio + 1e-12) below++;
        }
        var moran = Moran.Test(change, weights, options);
        return new ShiftTest(
            observed, (1.0 + farther) / (1 + options.Permutations), moran.I, moran.P, ratio,
            Math.Min(1, 2 * (1.0 + Math.Min(above, below)) / (1 + options.Permutations)));
    }

    private static double Beside(double[] gains, double[] near, double meanLoss, double totalGain)
    {
        var sum = 0.0;
        for (var i = 0; i < gains.Length; i++) sum += gains[i] * near[i];
        return sum / (totalGain * meanLoss);
    }

    private static double CentreShift(double[] before, double[] change, double[] x, double[] y)
    {
        double total = 0, mx = 0, my = 0, totalAfter = 0, ax = 0, ay = 0;
        for (var i = 0; i < before.Length; i++)
        {
            total += before[i]; mx += before[i] * x[i]; my += before[i] * y[i];
            var after = before[i] + change[i];
            totalAfter += after; ax += after * x[i]; ay += after * y[i];
        }
        double dx = ax / totalAfter - mx / total, dy = ay / totalAfter - my / total;
        return Math.Sqrt(dx * dx + dy * dy);
    }

    private static void Shuffle(double[] values, int[]? among, CounterRandom random)
    {
        var count = among?.Length ?? values.Length;
        for (var k = count - 1; k > 0; k--)
        {
            var other = random.NextBelow(k + 1);
            var (a, b) = among is null ? (k, other) : (among[k], among[other]);
            (values[a], values[b]) = (values[b], values[a]);
        }
    }
}
