namespace GeoHarm.Routing.Sweeps;

/// <summary>
/// Ways to spread a budget over places: 0 to a limit in each, in sum the budget or at most the budget. Projection (a clamped shift whose
/// sum is the budget, found by halving; Held, Wolfe and Crowder 1974, doi 10.1007/BF01580223) and the least linear cost (fill the cheapest first).
/// Cost: 60 passes over the places for a projection, a sort for a vertex. Fails with ArgumentException where the limits hold less than a budget
/// that is to be spent in full.
/// </summary>
public sealed class BudgetSet
{
    private const int Halvings = 200; // of the shift: ends earlier, where no number lies between
    private readonly double[] limit;

    /// <summary>A set of allocations.</summary>
    /// <param name="limitByPlace">Most in each place, 0 or above; infinite for none.</param>
    /// <param name="budget">Budget, above 0, in the unit of the limits.</param>
    /// <param name="inFull">Whether all of it must be spent.</param>
    public BudgetSet(ReadOnlySpan<double> limitByPlace, double budget, bool inFull)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(budget);
        (limit, Budget, InFull) = (limitByPlace.ToArray(), budget, inFull);
        foreach (var l in limit) ArgumentOutOfRangeException.ThrowIfNegative(l, nameof(limitByPlace));
        if (inFull && limit.Sum() < budget) throw new ArgumentException("The limits hold less than the budget.", nameof(limitByPlace));
    }

    /// <summary>Budget.</summary>
    public double Budget { get; }

    /// <summary>Whether all of it must be spent.</summary>
    public bool InFull { get; }

    /// <summary>Places.</summary>
    public int Count => limit.Length;

    /// <summary>The nearest allocation to a point, in place.</summary>
    public void Project(Span<double> point)
    {
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        var clamped = 0.0;
        for (var i = 0; i < point.Length; i++)
        {
            clamped += Math.Clamp(point[i], 0, limit[i]);
            low = Math.Min(low, point[i] - Math.Min(limit[i], Budget));
            high = Math.Max(high, point[i]);
        }
        if (clamped <= Budget && !InFull) low = high = 0;
        for (var step = 0; step < Halvings && low < high; step++)
        {
            var middle = low + (high - low) / 2;
            if (middle <= low || middle >= high) break;
            var sum = 0.0;
            for (var i = 0; i < point.Length; i++) sum += Math.Clamp(point[i] - middle, 0, limit[i]);
            if (sum > Budget) low = middle;
            else high = middle;
        }
        for (var i = 0; i < point.Length; i++) point[i] = Math.Clamp(point[i] - high, 0, limit[i]);
        if (InFull) Fill(point);
    }

    /// <summary>The allocation of least linear cost, a vertex of the set.</summary>
    /// <param name="costByPlace">Cost of a unit in each place; of equal ones the first is filled first.</param>
    public double[] Cheapest(ReadOnlySpan<double> costByPlace)
    {
        var (cost, vertex, left) = (costByPlace.ToArray(), new double[limit.Length], Budget);
        foreach (var place in Enumerable.Range(0, cost.Length).OrderBy(i => cost[i]).ThenBy(i => i))
        {
            if (left <= 0 || (cost[place] >= 0 && !InFull)) break;
            vertex[place] = Math.Min(limit[place], left);
            left -= vertex[place];
        }
        return vertex;
    }

    // What the halving left to rounding goes to the places that have room, in order.
    private void Fill(Span<double> point)
    {
        var left = Budget;
        foreach (var x in point) left -= x;
        for (var i = 0; i < point.Length && left != 0; i++)
        {
            if (!(point[i] > 0)) continue;
            var moved = Math.Clamp(point[i] + left, 0, limit[i]) - point[i];
            point[i] += moved;
            left -= moved;
        }
    }
}
