namespace GeoHarm.Spatial.Statistics;

/// <summary>
/// Who is whose neighbour, and with what weight: a sparse matrix by rows, neighbours in ascending order, no unit its own
/// neighbour. Immutable and shared between threads.
/// </summary>
public sealed class SpatialWeights
{
    private readonly int[] offsets, neighbours;
    private readonly double[] weights;

    private SpatialWeights(int[] offsets, int[] neighbours, double[] weights) => (this.offsets, this.neighbours, this.weights) = (offsets, neighbours, weights);

    /// <summary>Number of units.</summary>
    public int Count => offsets.Length - 1;

    /// <summary>Directed links.</summary>
    public int LinkCount => neighbours.Length;

    /// <summary>Mean number of neighbours.</summary>
    public double MeanNeighbours => Count == 0 ? 0 : (double)LinkCount / Count;

    /// <summary>Units without neighbours.</summary>
    public IReadOnlyList<int> Islands => Enumerable.Range(0, Count).Where(i => offsets[i] == offsets[i + 1]).ToArray();

    /// <summary>Sum of all weights, S0.</summary>
    public double Sum
    {
        get
        {
            var sum = 0.0;
            foreach (var w in weights) sum += w;
            return sum;
        }
    }

    /// <summary>Neighbours of a unit, ascending.</summary>
    public ReadOnlySpan<int> Neighbours(int unit) => neighbours.AsSpan(offsets[unit], offsets[unit + 1] - offsets[unit]);

    /// <summary>Weights of a unit's links, in the order of <see cref="Neighbours"/>.</summary>
    public ReadOnlySpan<double> Weights(int unit) => weights.AsSpan(offsets[unit], offsets[unit + 1] - offsets[unit]);

    /// <summary>Weights from links (from, to, weight); repeated links add up, links of a unit to itself are refused.</summary>
    public static SpatialWeights FromLinks(int count, IEnumerable<(int From, int To, double Weight)> links)
    {
        var rows = new SortedDictionary<int, double>[count];
        for (var i = 0; i < count; i++) rows[i] = [];
        foreach (var (from, to, weight) in links)
        {
            if (from == to) throw new ArgumentException($"Unit {from} cannot be its own neighbour.", nameof(links));
            if (!double.IsFinite(weight)) throw new ArgumentException($"The weight of {from} to {to} is not a finite number.", nameof(links));
            rows[from][to] = rows[from].GetValueOrDefault(to) + weight;
        }
        return FromRows(rows.Select(r => r.Keys.ToArray()).ToArray(), rows.Select(r => r.Values.ToArray()).ToArray());
    }

    /// <summary>The same links with each row divided by its sum; rows without neighbours stay empty.</summary>
    public SpatialWeights RowStandardised()
    {
        var scaled = new double[weights.Length];
        for (var i = 0; i < Count; i++)
        {
            var sum = 0.0;
            for (var k = offsets[i]; k < offsets[i + 1]; k++) sum += weights[k];
            for (var k = offsets[i]; k < offsets[i + 1]; k++) scaled[k] = sum == 0 ? 0 : weights[k] / sum;
        }
        return new SpatialWeights(offsets, neighbours, scaled);
    }

    /// <summary>lag_i = sum over neighbours j of w_ij x_j.</summary>
    public void Lag(ReadOnlySpan<double> values, Span<double> lag)
    {
        for (var i = 0; i < Count; i++)
        {
            var sum = 0.0;
            for (var k = offsets[i]; k < offsets[i + 1]; k++) sum += weights[k] * values[neighbours[k]];
            lag[i] = sum;
        }
    }

    /// <summary>The spatial lag as a new array.</summary>
    public double[] Lag(ReadOnlySpan<double> values)
    {
        if (values.Length != Count) throw new ArgumentException($"There are {values.Length} values for {Count} units.", nameof(values));
        var lag = new double[Count];
        Lag(values, lag);
        return lag;
    }

    /// <summary>Rows of neighbours, each sorted or not, all with weight 1 unless weights are given.</summary>
    internal static SpatialWeights FromRows(IReadOnlyList<int[]> rows, IReadOnlyList<double[]>? rowWeights = null)
    {
        var offsets = new int[rows.Count + 1];
        for (var i = 0; i < rows.Count; i++) offsets[i + 1] = offsets[i] + rows[i].Length;
        var neighbours = new int[offsets[^1]];
        var weights = new double[offsets[^1]];
        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows[i].AsSpan();
            row.CopyTo(neighbours.AsSpan(offsets[i]));
            if (rowWeights is null) weights.AsSpan(offsets[i], row.Length).Fill(1);
            else rowWeights[i].CopyTo(weights.AsSpan(offsets[i]));
            neighbours.AsSpan(offsets[i], row.Length).Sort(weights.AsSpan(offsets[i], row.Length));
        }
        return new SpatialWeights(offsets, neighbours, weights);
    }
}
