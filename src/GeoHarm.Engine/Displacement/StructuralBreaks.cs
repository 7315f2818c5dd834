using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Engine.Displacement;

/// <summary>A break in the level and trend of a series.</summary>
/// <param name="Year">First year of the new regime.</param>
/// <param name="F">Largest Chow F over the admissible years.</param>
/// <param name="P">Share of simulated series without a break whose largest F is as large, (k + 1) / (draws + 1).</param>
public sealed record SeriesBreak(int Year, double F, double P);

/// <summary>Settings of the search for breaks.</summary>
public sealed record BreakOptions
{
    /// <summary>Fewest years on each side of a break, 3 or more; default 4, two more than a line has parameters.</summary>
    public int FewestYears { get; init; } = 4;

    /// <summary>Most breaks looked for; default 3.</summary>
    public int Most { get; init; } = 3;

    /// <summary>p below which a break is kept and its two sides are searched; default 0.05.</summary>
    public double Level { get; init; } = 0.05;

    /// <summary>Simulated series; default 999.</summary>
    public int Draws { get; init; } = 999;

    /// <summary>Seed.</summary>
    public ulong Seed { get; init; } = 1;
}

/// <summary>
/// Breaks in the trend of a series of logs, one after the other (Bai 1997, doi 10.1017/S0266466600005831; Andrews 1993 for the supremum of
/// F): y = a + b t on each side of a year, F against one line over the whole; the year of the largest F; its p-value from series simulated
/// under one line with first-order autocorrelated noise as fitted about the broken line, since years follow each other and tables of
/// critical values take them as independent and long. Each side of a kept break is searched again. On simulated lines of 14 to 40 years
/// a break is wrongly found in 2 to 5 % with independent noise, in 11 to 21 % with autocorrelation 0.5: read p with that in mind.
/// Cost: draws x years squared. Short series find only large breaks; two opposite breaks can hide each
/// other; a change of survey method is a break like any other.
/// </summary>
public static class StructuralBreaks
{
    /// <summary>Breaks by year. Empty when the series is too short or none is significant.</summary>
    /// <param name="firstYear">Year of the first value.</param>
    /// <param name="logs">Values, one a year, in logs or any scale in which a line makes sense.</param>
    /// <param name="options">Settings.</param>
    public static IReadOnlyList<SeriesBreak> Find(int firstYear, ReadOnlySpan<double> logs, BreakOptions? options = null)
    {
        options ??= new BreakOptions();
        var (found, open) = (new List<SeriesBreak>(), new Queue<(int From, int To)>());
        open.Enqueue((0, logs.Length));
        while (open.Count > 0 && found.Count < options.Most)
        {
            var (from, to) = open.Dequeue();
            var part = logs[from..to];
            if (part.Length < 2 * options.FewestYears) continue;
            var (at, f) = Largest(part, options.FewestYears);
            var p = Significance(part, at, f, options, (uint)(from * 4096 + to));
            if (p > options.Level) continue;
            found.Add(new SeriesBreak(firstYear + from + at, f, p));
            open.Enqueue((from, from + at));
            open.Enqueue((from + at, to));
        }
        return [.. found.OrderBy(b => b.Year)];
    }

    /// <summary>The largest Chow F of a broken line and the index of the first value after the break.</summary>
    public static (int At, double F) Largest(ReadOnlySpan<double> y, int fewest)
    {
        var n = y.Length;
        var whole = SumOfSquares(y, 0, n);
        var (best, at) = (double.NegativeInfinity, fewest);
        for (var k = fewest; k <= n - fewest; k++)
        {
            var broken = SumOfSquares(y, 0, k) + SumOfSquares(y, k, n);
            var f = broken > 0 ? (whole - broken) / 2 / (broken / (n - 4)) : double.PositiveInfinity;
            if (f > best) (best, at) = (f, k);
        }
        return (at, best);
    }

    private static double SumOfSquares(ReadOnlySpan<double> y, int from, int to)
    {
        var sum = 0.0;
        foreach (var r in Residuals(y, from, to)) sum += r * r;
        return sum;
    }

    private static double Significance(ReadOnlySpan<double> y, int at, double f, BreakOptions options, uint stream)
    {
        var n = y.Length;
        double[] residuals = [.. Residuals(y, 0, at), .. Residuals(y, at, n)];
        double lag = 0, squares = 0;
        for (var t = 0; t < n; t++)
        {
            squares += residuals[t] * residuals[t];
            if (t > 0) lag += residuals[t] * residuals[t - 1];
        }
        if (!(squares > 0)) return 1.0 / (options.Draws + 1);
        // Two fitted lines take autocorrelation out of a short series; the estimate is raised by about as much (measured on simulated series).
        var raw = lag / squares;
        var phi = Math.Clamp(raw + 6 * (1 + Math.Max(0, raw)) / n, 0, 0.9);
        var (series, larger) = (new double[n], 0);
        for (var d = 0; d < options.Draws; d++)
        {
            var random = new CounterRandom(options.Seed, (uint)d, stream);
            var state = random.NextNormal() / Math.Sqrt(1 - phi * phi);
            for (var t = 0; t < n; t++)
            {
                series[t] = state;
                state = phi * state + random.NextNormal();
            }
            if (Largest(series, options.FewestYears).F >= f) larger++;
        }
        return (larger + 1.0) / (options.Draws + 1);
    }

    /// <summary>Residuals about the least-squares line of values [from, to).</summary>
    private static double[] Residuals(ReadOnlySpan<double> y, int from, int to)
    {
        var (n, mean, centre) = (to - from, 0.0, (from + to - 1) / 2.0);
        for (var t = from; t < to; t++) mean += y[t];
        mean /= n;
        double cross = 0, squares = 0;
        for (var t = from; t < to; t++)
        {
            cross += (t - centre) * (y[t] - mean);
            squares += (t - centre) * (t - centre);
        }
        var left = new double[n];
        for (var t = from; t < to; t++) left[t - from] = y[t] - mean - (squares > 0 ? cross / squares * (t - centre) : 0);
        return left;
    }
}
