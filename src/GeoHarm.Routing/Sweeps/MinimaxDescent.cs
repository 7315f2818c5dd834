namespace GeoHarm.Routing.Sweeps;

/// <summary>
/// Descent of the largest of many smooth functions over a <see cref="BudgetSet"/>: the functions near the top are replaced by their tangents, the largest tangent plus
/// |d|^2 / (2 length) is minimised, and the step is taken if the largest function falls as foretold (prox-linear method: Burke 1985, doi
/// 10.1007/BF01584377; Lewis and Wright 2016, doi 10.1007/s10107-015-0943-9). The inner problem is solved through its dual over the weights of the tangents, a
/// <see cref="BudgetDescent"/> over shares that sum to 1. Its weights give the gap: the largest function less the least that the weighted
/// tangents allow, a bound on what is left where all functions are convex and the first-order residual elsewhere. Never ends above its start.
/// Cost: all functions once a trial, one gradient for each function near the top a step. Deterministic.
/// </summary>
public static class MinimaxDescent
{
    /// <summary>Functions within this share of the largest are near the top: they come into play within a few steps. At most so many.</summary>
    private const double Near = 0.05;
    private const int Most = 10;

    /// <summary>A step is taken where the fall is this share of what was foretold, and lengthened where it is most of it.</summary>
    private const double Enough = 0.1, Good = 0.7, Factor = 4;

    /// <summary>Most lengthening: a step then spans the set a hundred times over and the proximal term is all but gone; beyond, the dual is too flat to solve.</summary>
    private const double Longest = 100;

    /// <summary>Steps of the inner problem; four and sixteen times as many where its weights did not do.</summary>
    private const int InnerSteps = 1000;

    /// <summary>Descends.</summary>
    /// <param name="set">Allocations allowed.</param>
    /// <param name="start">Start; projected onto the set.</param>
    /// <param name="values">All functions of an allocation.</param>
    /// <param name="gradient">Gradient of one function at the allocation that <paramref name="values"/> saw last.</param>
    /// <param name="options">Settings.</param>
    public static BudgetDescentResult Run(BudgetSet set, ReadOnlySpan<double> start, Func<double[], double[]> values, Func<int, double[]> gradient, BudgetDescentOptions options)
    {
        ArgumentNullException.ThrowIfNull(set);
        var x = start.ToArray();
        set.Project(x);
        var at = values(x);
        var top = Tangents(at, gradient);
        var length = set.Budget / Math.Max(top.Values.Max(g => g.Max(Math.Abs)), double.Epsilon);
        var last = new Dictionary<int, double>(); // weights to start the next inner problem from
        var longest = length * Longest;
        var (steps, shrinks, unsolved) = (0, 0, 0);
        var (least, meant) = (double.PositiveInfinity, Array.Empty<double>()); // the best weights seen at x: any weights give a bound
        while (true)
        {
            var pieces = top.Keys.Order().ToArray();
            var largest = at.Max();
            var (weights, direction) = Tangential(set, x, at, top, pieces, length, options.Gap, InnerSteps << (2 * Math.Min(unsolved, 2)), [.. pieces.Select(p => last.GetValueOrDefault(p))]);
            last = pieces.Select((p, i) => (p, weights[i])).ToDictionary();
            double[] mean = [.. Enumerable.Range(0, x.Length).Select(i => Sum(pieces.Length, p => weights[p] * top[pieces[p]][i]))];
            var vertex = set.Cheapest(mean);
            var gap = largest - Sum(pieces.Length, p => weights[p] * at[pieces[p]]) + Sum(x.Length, i => mean[i] * (x[i] - vertex[i]));
            var foretold = largest - pieces.Max(p => at[p] + Sum(x.Length, i => top[p][i] * direction[i]));
            if (gap < least) (least, meant) = (gap, mean);
            if (gap <= options.Gap || steps >= options.StepLimit || shrinks > options.HalvingLimit) return Result();
            if (!(foretold > 0))
            {
                // The weights were not found well enough for so long a step: look longer, then step shorter.
                if (unsolved++ >= 2) length /= Factor;
                shrinks++;
                continue;
            }
            double[] trial = [.. x.Zip(direction, (a, d) => a + d)];
            var reached = values(trial);
            var fall = largest - reached.Max();
            if (fall >= Enough * foretold)
            {
                (x, at) = (trial, reached);
                top = Tangents(at, gradient);
                if (fall >= Good * foretold && shrinks == 0) length = Math.Min(longest, length * Factor);
                (steps, shrinks, least) = (steps + 1, 0, double.PositiveInfinity);
                continue;
            }
            values(x);
            var surprise = Array.IndexOf(reached, reached.Max());
            if (!top.TryAdd(surprise, gradient(surprise))) length /= Factor;
            shrinks++;
        }

        BudgetDescentResult Result()
        {
            values(x); // leaves the caller's state where the answer is
            return new BudgetDescentResult(at.Max(), Math.Max(0, least), steps) { Allocation = x, Gradient = meant };
        }
    }

    private static Dictionary<int, double[]> Tangents(double[] at, Func<int, double[]> gradient)
    {
        var largest = at.Max();
        return Enumerable.Range(0, at.Length).Where(p => at[p] >= largest - Near * Math.Abs(largest)).OrderByDescending(p => at[p]).ThenBy(p => p).Take(Most).ToDictionary(p => p, gradient);
    }

    // Weights of the tangents and the step that least raises the largest of them, with |d|^2 / (2 length).
    private static (double[] Weights, double[] Direction) Tangential(BudgetSet set, double[] x, double[] at, Dictionary<int, double[]> top, int[] pieces, double length, double gap, int steps, double[] start)
    {
        double[] direction = [];
        var shares = new BudgetSet(Enumerable.Repeat(1.0, pieces.Length).ToArray(), 1, inFull: true);
        double Dual(double[] weights)
        {
            direction = [.. x.Select((a, i) => a - length * Sum(pieces.Length, p => weights[p] * top[pieces[p]][i]))];
            set.Project(direction);
            for (var i = 0; i < x.Length; i++) direction[i] -= x[i];
            return -Sum(pieces.Length, p => weights[p] * Tangent(p)) - Sum(x.Length, i => direction[i] * direction[i]) / (2 * length);
        }
        double Tangent(int p) => at[pieces[p]] + Sum(x.Length, i => top[pieces[p]][i] * direction[i]);
        var found = BudgetDescent.Run(shares, start, Dual, () => [.. Enumerable.Range(0, pieces.Length).Select(p => -Tangent(p))], new BudgetDescentOptions { Gap = gap / 100, StepLimit = steps });
        double[] best = [.. found.Allocation];
        Dual(best);
        return (best, direction);
    }

    private static double Sum(int count, Func<int, double> term)
    {
        var sum = 0.0;
        for (var i = 0; i < count; i++) sum += term(i);
        return sum;
    }
}
