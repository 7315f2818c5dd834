namespace GeoHarm.Maps.Styles;

/// <summary>
/// Natural breaks: the partition of sorted values into k classes with the least sum of squared deviations from class
/// means, exactly. Source: Fisher (1958), On grouping for maximum homogeneity, J. Am. Stat. Assoc. 53(284), section 3,
/// https://doi.org/10.1080/01621459.1958.10501479, known to mapmakers as Jenks (1977). The dynamic programme fills row
/// by row; since the best last cut moves right with the end of the range (the cost has the quadrangle inequality), each
/// row is filled by divide and conquer in n log n. Cost O(k n log n) time, O(k n) memory. Equal values stay together.
/// </summary>
public static class NaturalBreaks
{
    /// <summary>Positions in the sorted values where classes 2, 3, ... begin; fewer when there are fewer distinct values.</summary>
    public static IReadOnlyList<int> Cuts(ReadOnlySpan<double> sorted, int classes)
    {
        if (sorted.IsEmpty) return [];
        var (values, weights, starts) = Distinct(sorted);
        var k = Math.Min(classes, values.Length);
        if (k < 2) return [];
        var cost = new RunningCost(values, weights);
        var n = values.Length;
        var from = new int[k, n];
        var previous = new double[n];
        for (var end = 0; end < n; end++) previous[end] = cost.Of(0, end);
        for (var row = 1; row < k; row++)
        {
            var current = new double[n];
            Array.Fill(current, double.PositiveInfinity);
            Fill(cost, previous, current, from, row, row, n - 1, row, n - 1);
            previous = current;
        }
        var cuts = new int[k - 1];
        for (int row = k - 1, end = n - 1; row > 0; row--)
        {
            var begin = from[row, end];
            cuts[row - 1] = starts[begin];
            end = begin - 1;
        }
        return cuts;
    }

    private static void Fill(RunningCost cost, double[] previous, double[] current, int[,] from, int row, int low, int high, int first, int last)
    {
        if (low > high) return;
        var middle = (low + high) / 2;
        for (var begin = Math.Max(first, row); begin <= Math.Min(last, middle); begin++)
        {
            var total = previous[begin - 1] + cost.Of(begin, middle);
            if (total < current[middle]) (current[middle], from[row, middle]) = (total, begin);
        }
        Fill(cost, previous, current, from, row, low, middle - 1, first, from[row, middle]);
        Fill(cost, previous, current, from, row, middle + 1, high, from[row, middle], last);
    }

    private static (double[] Values, double[] Weights, int[] Starts) Distinct(ReadOnlySpan<double> sorted)
    {
        var (values, weights, starts) = (new List<double>(), new List<double>(), new List<int>());
        for (var i = 0; i < sorted.Length; i++)
        {
            if (i == 0 || sorted[i] != sorted[i - 1])
            {
                values.Add(sorted[i]);
                weights.Add(0);
                starts.Add(i);
            }
            weights[^1]++;
        }
        return (values.ToArray(), weights.ToArray(), starts.ToArray());
    }

    /// <summary>Squared deviations of any range from its mean, in constant time, by running sums about the grand mean
    /// (plain sums of squares would lose the digits of small ranges).</summary>
    private sealed class RunningCost
    {
        private readonly double[] weight;
        private readonly double[] sum;
        private readonly double[] square;

        public RunningCost(double[] values, double[] weights)
        {
            var centre = values.Zip(weights, (v, w) => v * w).Sum() / weights.Sum();
            (weight, sum, square) = (new double[values.Length + 1], new double[values.Length + 1], new double[values.Length + 1]);
            for (var i = 0; i < values.Length; i++)
            {
                var v = values[i] - centre;
                weight[i + 1] = weight[i] + weights[i];
                sum[i + 1] = sum[i] + v * weights[i];
                square[i + 1] = square[i] + v * v * weights[i];
            }
        }

        public double Of(int begin, int end)
        {
            var s = sum[end + 1] - sum[begin];
            return Math.Max(0, square[end + 1] - square[begin] - s * s / (weight[end + 1] - weight[begin]));
        }
    }
}
