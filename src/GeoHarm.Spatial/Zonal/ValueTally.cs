using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GeoHarm.Spatial.Zonal;

/// <summary>
/// Weighted moments, extremes and, where asked, the distribution of a zone's values. Moments are sums about the first
/// value met, joined pairwise by Chan, Golub and LeVeque (1983), equation 1.5 in its weighted form
/// (doi 10.1080/00031305.1983.10483115), so that a large mean does not swallow a small variance.
/// </summary>
internal sealed class ValueTally
{
    private readonly Dictionary<double, (double Coverage, double Weight)>? distribution;
    private readonly int distinctValues;
    private double shift = double.NaN;
    private double sumShifted, sumSquares;
    private double lastValue = double.NaN, lastCoverage, lastWeight;

    internal ValueTally(int distinctValues)
    {
        this.distinctValues = distinctValues;
        if (distinctValues > 0) distribution = [];
    }

    internal double Coverage { get; private set; }

    internal double Weight { get; private set; }

    internal double NoDataCoverage { get; private set; }

    internal double NoDataWeight { get; private set; }

    internal double Minimum { get; private set; } = double.PositiveInfinity;

    internal double Maximum { get; private set; } = double.NegativeInfinity;

    /// <summary>Whether there were too many distinct values, so that they are rounded.</summary>
    internal bool IsRounded { get; private set; }

    internal double Mean => shift + sumShifted / Weight;

    internal double Sum => shift * Weight + sumShifted;

    /// <summary>Population variance with weights as frequencies.</summary>
    internal double Variance => Weight > 0 ? Math.Max(0, (sumSquares - sumShifted * sumShifted / Weight) / Weight) : double.NaN;

    internal IReadOnlyDictionary<double, (double Coverage, double Weight)>? Distribution
    {
        get
        {
            FlushLast();
            return distribution;
        }
    }

    internal void AddNoData(double coverage, double weight)
    {
        NoDataCoverage += coverage;
        NoDataWeight += weight;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Add(double value, double coverage, double weight)
    {
        if (double.IsNaN(shift)) shift = value;
        var difference = value - shift;
        Coverage += coverage;
        Weight += weight;
        sumShifted += weight * difference;
        sumSquares += weight * difference * difference;
        if (value < Minimum) Minimum = value;
        if (value > Maximum) Maximum = value;
        if (distribution is null) return;
        // Neighbours are often equal: only a change of value reaches the table.
        if (value != lastValue)
        {
            FlushLast();
            lastValue = value;
        }
        lastCoverage += coverage;
        lastWeight += weight;
    }

    internal void Merge(ValueTally other)
    {
        AddNoData(other.NoDataCoverage, other.NoDataWeight);
        if (double.IsNaN(other.shift)) return;
        if (double.IsNaN(shift)) shift = other.shift;
        // Sums about the other's shift restated about this one's.
        var d = other.shift - shift;
        sumSquares += other.sumSquares + 2 * d * other.sumShifted + d * d * other.Weight;
        sumShifted += other.sumShifted + d * other.Weight;
        Coverage += other.Coverage;
        Weight += other.Weight;
        Minimum = Math.Min(Minimum, other.Minimum);
        Maximum = Math.Max(Maximum, other.Maximum);
        if (distribution is null) return;
        FlushLast();
        other.FlushLast();
        IsRounded |= other.IsRounded;
        foreach (var (value, entry) in other.distribution!) Enter(value, entry.Coverage, entry.Weight);
    }

    private void FlushLast()
    {
        if (lastCoverage != 0 || lastWeight != 0) Enter(lastValue, lastCoverage, lastWeight);
        (lastCoverage, lastWeight) = (0, 0);
    }

    private void Enter(double value, double coverage, double weight)
    {
        if (IsRounded) value = Rounded(value);
        ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(distribution!, value, out var known);
        entry = (entry.Coverage + coverage, entry.Weight + weight);
        if (known || distribution!.Count <= distinctValues || IsRounded) return;
        IsRounded = true;
        var before = distribution.ToArray();
        distribution.Clear();
        foreach (var (v, e) in before) Enter(v, e.Coverage, e.Weight);
    }

    /// <summary>The value to 12 bits of its fraction, to the nearest.</summary>
    private static double Rounded(double value)
    {
        const int dropped = 52 - 12;
        var bits = BitConverter.DoubleToInt64Bits(value);
        return BitConverter.Int64BitsToDouble((bits + (1L << (dropped - 1))) & ~((1L << dropped) - 1));
    }
}

/// <summary>Adds the coverage of a zone over a window of numbers, weighted by row or by a second window.</summary>
internal struct ValueSink : ICoverageSink
{
    private readonly double[] window;
    private readonly double[]? weights;
    private readonly int stride;
    private readonly int origin;
    private readonly double[] rowWeights;
    private readonly double noData;
    private readonly double weightNoData;
    private ValueTally tally;

    internal ValueSink(double[] window, double[]? weights, int stride, int origin, double[] rowWeights, double? noData, double? weightNoData)
    {
        (this.window, this.weights, this.stride, this.origin, this.rowWeights) = (window, weights, stride, origin, rowWeights);
        (this.noData, this.weightNoData) = (noData ?? double.NaN, weightNoData ?? double.NaN);
        tally = null!;
    }

    internal void Select(ValueTally chosen) => tally = chosen;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Cell(int row, int column, double coverage)
    {
        var at = origin + row * stride + column;
        var weight = rowWeights[row];
        if (weights is not null)
        {
            weight = weights[at];
            if (double.IsNaN(weight) || weight == weightNoData) weight = 0;
        }
        var value = window[at];
        if (double.IsNaN(value) || value == noData) tally.AddNoData(coverage, coverage * weight);
        else tally.Add(value, coverage, coverage * weight);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run(int row, int column, int length, double coverage)
    {
        for (var i = 0; i < length; i++) Cell(row, column + i, coverage);
    }
}
