namespace GeoHarm.Routing.Equilibrium;

/// <summary>Change of the weight of one transition, without and with survival.</summary>
internal readonly record struct WeightChange(int Tail, int Head, double Walk, double Lossy);

/// <summary>A sum of outer products L_k R_k^T, each vector sparse.</summary>
internal sealed class LowRank
{
    internal readonly List<List<(int State, double Value)>> left = [], right = [];

    /// <summary>
    /// Splits changes of W (and of (W S)^T) by head or by tail, whichever needs fewer ranks. False if more than <paramref name="limit"/>.
    /// </summary>
    public static bool TryMake(List<WeightChange> changes, int limit, out LowRank walk, out LowRank lossyTransposed)
    {
        walk = new LowRank();
        lossyTransposed = new LowRank();
        var tails = changes.Select(c => c.Tail).Distinct().Count();
        var heads = changes.Select(c => c.Head).Distinct().Count();
        if (Math.Min(tails, heads) > limit) return false;
        var byHead = heads <= tails;
        foreach (var group in changes.GroupBy(c => byHead ? c.Head : c.Tail))
        {
            List<(int, double)> unit = [(group.Key, 1)];
            var weights = group.Select(c => (byHead ? c.Tail : c.Head, c.Walk)).ToList();
            var lossyWeights = group.Select(c => (byHead ? c.Tail : c.Head, c.Lossy)).ToList();
            walk.left.Add(byHead ? weights : unit);
            walk.right.Add(byHead ? unit : weights);
            lossyTransposed.left.Add(byHead ? unit : lossyWeights);
            lossyTransposed.right.Add(byHead ? lossyWeights : unit);
        }
        return true;
    }
}

/// <summary>Solves B x = b in place.</summary>
internal delegate void InPlaceSolve(Span<double> x);

/// <summary>Applies the Woodbury identity to a solution of the unchanged system.</summary>
internal sealed class Woodbury(int size, int rankLimit)
{
    private readonly double[] columns = new double[size * rankLimit];
    private readonly double[,] capacitance = new double[rankLimit, rankLimit];
    private readonly double[] share = new double[rankLimit];

    /// <summary>Turns x = B^-1 b into (B - L R^T)^-1 b. False if the changed system is singular to 1e-12.</summary>
    public bool Apply(LowRank change, InPlaceSolve solve, Span<double> x)
    {
        var rank = change.left.Count;
        for (var k = 0; k < rank; k++)
        {
            var column = columns.AsSpan(k * size, x.Length);
            column.Clear();
            foreach (var (state, value) in change.left[k]) column[state] += value;
            solve(column);
        }
        for (var i = 0; i < rank; i++)
        {
            share[i] = Product(change.right[i], x);
            for (var k = 0; k < rank; k++) capacitance[i, k] = (i == k ? 1 : 0) - Product(change.right[i], columns.AsSpan(k * size, x.Length));
        }
        if (!Eliminate(rank)) return false;
        for (var k = 0; k < rank; k++) FixedLanes.AddScaled(share[k], columns.AsSpan(k * size, x.Length), x);
        return true;
    }

    private static double Product(List<(int State, double Value)> sparse, ReadOnlySpan<double> x)
    {
        var sum = 0.0;
        foreach (var (state, value) in sparse) sum += value * x[state];
        return sum;
    }

    // Gauss with partial pivoting on the small system; the solution replaces share.
    private bool Eliminate(int rank)
    {
        const double Singular = 1e-12;
        for (var k = 0; k < rank; k++)
        {
            var best = k;
            for (var i = k + 1; i < rank; i++)
            {
                if (Math.Abs(capacitance[i, k]) > Math.Abs(capacitance[best, k])) best = i;
            }
            if (!(Math.Abs(capacitance[best, k]) > Singular)) return false;
            for (var j = k; j < rank; j++) (capacitance[k, j], capacitance[best, j]) = (capacitance[best, j], capacitance[k, j]);
            (share[k], share[best]) = (share[best], share[k]);
            for (var i = k + 1; i < rank; i++)
            {
                var multiple = capacitance[i, k] / capacitance[k, k];
                for (var j = k; j < rank; j++) capacitance[i, j] -= multiple * capacitance[k, j];
                share[i] -= multiple * share[k];
            }
        }
        for (var i = rank - 1; i >= 0; i--)
        {
            for (var j = i + 1; j < rank; j++) share[i] -= capacitance[i, j] * share[j];
            share[i] /= capacitance[i, i];
        }
        return true;
    }
}
