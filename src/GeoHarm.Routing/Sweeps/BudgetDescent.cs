namespace GeoHarm.Routing.Sweeps;

/// <summary>Settings of a descent over a budget.</summary>
public sealed record BudgetDescentOptions
{
    /// <summary>Gap at which it stops, in the unit of the objective; 0 or above.</summary>
    public double Gap { get; init; }

    /// <summary>Most steps; default 200, ten times what one country-level budget takes.</summary>
    public int StepLimit { get; init; } = 200;

    /// <summary>Halvings of a step before it is taken that nothing lower lies ahead; default 30, a step of 1e-9.</summary>
    public int HalvingLimit { get; init; } = 30;
}

/// <summary>Where a descent ended. Not converging is a number here, not an error.</summary>
/// <param name="Value">Objective there, never above that of the start.</param>
/// <param name="Gap">Linear gap g.x - min g.s over the set: what first-order moves could still gain; 0 where the conditions of Karush, Kuhn and Tucker hold.</param>
/// <param name="Steps">Steps taken.</param>
public sealed record BudgetDescentResult(double Value, double Gap, int Steps)
{
    /// <summary>The allocation.</summary>
    public required IReadOnlyList<double> Allocation { get; init; }

    /// <summary>Gradient of the objective there.</summary>
    public required IReadOnlyList<double> Gradient { get; init; }
}

/// <summary>
/// Descent of a smooth objective over a <see cref="BudgetSet"/> by projected gradients with spectral steps (Birgin, Martinez and Raydan 2000, doi
/// 10.1137/S1052623497330963) under a monotone line search, so that the end is never worse than the start. It stops on the gap of Frank and Wolfe
/// (1956), which bounds what is left where the objective is convex and is the first-order residual elsewhere: a local answer, to be started from
/// several places. Cost: one objective for each trial and one gradient for each step. Deterministic.
/// </summary>
public static class BudgetDescent
{
    private const double Armijo = 1e-4;

    /// <summary>Descends.</summary>
    /// <param name="set">Allocations allowed.</param>
    /// <param name="start">Start; projected onto the set.</param>
    /// <param name="value">Objective of an allocation; positive infinity where there is none.</param>
    /// <param name="gradient">Gradient at the allocation that <paramref name="value"/> saw last.</param>
    /// <param name="options">Settings.</param>
    public static BudgetDescentResult Run(BudgetSet set, ReadOnlySpan<double> start, Func<double[], double> value, Func<double[]> gradient, BudgetDescentOptions options)
    {
        ArgumentNullException.ThrowIfNull(set);
        var x = start.ToArray();
        set.Project(x);
        var f = value(x);
        var g = gradient();
        var length = set.Budget / Math.Max(g.Max(Math.Abs), double.Epsilon);
        for (var step = 0; ; step++)
        {
            var gap = Dot(g, x) - Dot(g, set.Cheapest(g));
            var direction = Towards(set, x, g, length);
            var slope = Dot(g, direction);
            if (gap <= options.Gap || step >= options.StepLimit || !(slope < 0)) return Result(gap, step);
            var share = 1.0;
            var (trial, reached) = (x, double.PositiveInfinity);
            for (var halving = 0; halving <= options.HalvingLimit; halving++)
            {
                trial = [.. x.Zip(direction, (a, d) => a + share * d)];
                reached = value(trial);
                if (reached <= f + Armijo * share * slope) break;
                // The lowest point of the parabola through what is known, within a tenth and a half of the step.
                var lowest = double.IsFinite(reached) ? -slope * share * share / (2 * (reached - f - share * slope)) : share / 2;
                share = Math.Clamp(lowest, share / 10, share / 2);
                if (halving == options.HalvingLimit) reached = double.PositiveInfinity;
            }
            if (!(reached <= f))
            {
                value(x); // leaves the caller's state where the answer is
                return Result(gap, step);
            }
            var before = g;
            g = gradient();
            double moved = 0, curved = 0;
            for (var i = 0; i < x.Length; i++)
            {
                moved += (trial[i] - x[i]) * (trial[i] - x[i]);
                curved += (trial[i] - x[i]) * (g[i] - before[i]);
            }
            (x, f) = (trial, reached);
            var longest = set.Budget / Math.Max(g.Max(Math.Abs), double.Epsilon);
            length = curved > 0 ? Math.Clamp(moved / curved, longest * 1e-6, longest * 1e3) : longest;
        }

        BudgetDescentResult Result(double gap, int steps) => new(f, Math.Max(0, gap), steps) { Allocation = x, Gradient = g };
    }

    private static double[] Towards(BudgetSet set, double[] x, double[] g, double length)
    {
        double[] direction = [.. x.Zip(g, (a, b) => a - length * b)];
        set.Project(direction);
        for (var i = 0; i < x.Length; i++) direction[i] -= x[i];
        return direction;
    }

    private static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }
}
