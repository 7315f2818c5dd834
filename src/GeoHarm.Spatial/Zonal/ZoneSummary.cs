using GeoHarm.Spatial.Layers;

namespace GeoHarm.Spatial.Zonal;

/// <summary>One value and how much of a zone has it.</summary>
/// <param name="Value">The cell value.</param>
/// <param name="Coverage">Cells, fractions included.</param>
/// <param name="Weight">Square metres, or the sum of weights where a raster of weights was given.</param>
public readonly record struct ValueShare(double Value, double Coverage, double Weight);

/// <summary>
/// What a raster holds inside one zone. Weights are areas in square metres unless a raster of weights was given. Cells
/// on the border count with the exact fraction inside. A zone that meets no cell with data has zero coverage and NaN for
/// what cannot be said.
/// </summary>
public sealed class ZoneSummary
{
    internal ZoneSummary(
        string id, IReadOnlyList<ValueShare> distribution, bool hasDistribution, bool isRounded, double coverage, double weight, double noDataCoverage, double noDataWeight,
        double sum, double mean, double variance, double minimum, double maximum)
    {
        (Id, Distribution, HasDistribution, IsRounded) = (id, distribution, hasDistribution, isRounded);
        (Coverage, Weight, NoDataCoverage, NoDataWeight) = (coverage, weight, noDataCoverage, noDataWeight);
        (Sum, Mean, Variance, Minimum, Maximum) = (sum, mean, variance, minimum, maximum);
    }

    /// <summary>Zone.</summary>
    public string Id { get; }

    /// <summary>Values that occur, upward; empty when the distribution was not kept.</summary>
    public IReadOnlyList<ValueShare> Distribution { get; }

    /// <summary>Whether the distribution was kept.</summary>
    public bool HasDistribution { get; }

    /// <summary>Whether values of the distribution were rounded because there were too many.</summary>
    public bool IsRounded { get; }

    /// <summary>Cells with data, fractions included.</summary>
    public double Coverage { get; }

    /// <summary>Square metres with data, or the sum of weights.</summary>
    public double Weight { get; }

    /// <summary>Cells without data.</summary>
    public double NoDataCoverage { get; }

    /// <summary>Square metres without data, or the sum of weights there.</summary>
    public double NoDataWeight { get; }

    /// <summary>Sum of value times weight.</summary>
    public double Sum { get; }

    /// <summary>Sum over weight.</summary>
    public double Mean { get; }

    /// <summary>Weighted population variance.</summary>
    public double Variance { get; }

    /// <summary>Least value with any coverage.</summary>
    public double Minimum { get; }

    /// <summary>Greatest value with any coverage.</summary>
    public double Maximum { get; }

    /// <summary>The value with the greatest weight, the least of equals; NaN where there is none.</summary>
    public double Majority
    {
        get
        {
            RequireDistribution();
            var best = new ValueShare(double.NaN, 0, double.NegativeInfinity);
            foreach (var share in Distribution)
            {
                if (share.Weight > best.Weight) best = share;
            }
            return best.Value;
        }
    }

    /// <summary>Least value at or below which lies at least the share p of the weight (inverse of the weighted
    /// distribution function; Hyndman and Fan 1996, type 1). NaN where there is none.</summary>
    public double Quantile(double p)
    {
        RequireDistribution();
        if (p is < 0 or > 1) throw new ArgumentOutOfRangeException(nameof(p), p, "A quantile's share is from 0 to 1.");
        var (goal, running) = (p * Distribution.Sum(s => s.Weight), 0.0);
        foreach (var share in Distribution)
        {
            running += share.Weight;
            if (running >= goal && share.Weight > 0) return share.Value;
        }
        return Distribution.Count > 0 ? Distribution[^1].Value : double.NaN;
    }

    private void RequireDistribution()
    {
        if (!HasDistribution) throw new InvalidOperationException("The distribution was not kept: see ZonalOptions.KeepsDistribution.");
    }

    internal static ZoneSummary Of(string id, ByteTally? tally, double? noData)
    {
        var shares = new ValueShare[ByteTally.Values];
        var kept = 0;
        double coverage = 0, weight = 0, noCoverage = 0, noWeight = 0, sum = 0;
        for (var v = 0; v < ByteTally.Values && tally is not null; v++)
        {
            var (c, w) = (tally.Table[v][0], tally.Table[v][1]);
            if (c <= 0) continue;
            if (v == noData)
            {
                (noCoverage, noWeight) = (c, w);
                continue;
            }
            shares[kept++] = new ValueShare(v, c, w);
            coverage += c;
            weight += w;
            sum += v * w;
        }
        Array.Resize(ref shares, kept);
        var mean = sum / weight;
        var squares = 0.0;
        foreach (var share in shares) squares += share.Weight * (share.Value - mean) * (share.Value - mean);
        return new ZoneSummary(
            id, shares, true, false, coverage, weight, noCoverage, noWeight, sum, mean, squares / weight,
            kept > 0 ? shares[0].Value : double.NaN, kept > 0 ? shares[^1].Value : double.NaN);
    }

    internal static ZoneSummary Of(string id, ValueTally? tally)
    {
        tally ??= new ValueTally(0);
        var any = tally.Coverage > 0;
        ValueShare[] shares = tally.Distribution is { } d ? [.. d.OrderBy(e => e.Key).Select(e => new ValueShare(e.Key, e.Value.Coverage, e.Value.Weight))] : [];
        return new ZoneSummary(
            id, shares, tally.Distribution is not null, tally.IsRounded, tally.Coverage, tally.Weight, tally.NoDataCoverage, tally.NoDataWeight,
            any ? tally.Sum : 0, any ? tally.Mean : double.NaN, any ? tally.Variance : double.NaN, any ? tally.Minimum : double.NaN, any ? tally.Maximum : double.NaN);
    }
}

/// <summary>Zonal statistics of all zones, in the order of the zones; unusable zones are null and named in the faults.</summary>
/// <param name="Zones">Summaries.</param>
/// <param name="Faults">Zones that could not be computed, and warnings.</param>
/// <param name="CellsRead">Cells of the raster that were read.</param>
/// <param name="OnEllipsoid">Whether areas are those of the ellipsoid.</param>
public sealed record ZonalResult(IReadOnlyList<ZoneSummary?> Zones, IReadOnlyList<Fault> Faults, long CellsRead, bool OnEllipsoid);
