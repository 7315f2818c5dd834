using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Engine.Scenarios;

/// <summary>All draws of one outcome at many places, before (baseline) and after (scenario); the same member has the same
/// priors on both sides, so the change of a member is a difference of its own two numbers.</summary>
/// <param name="key">Stable key, such as "flow_t".</param>
/// <param name="unit">Unit.</param>
/// <param name="members">Number of members held.</param>
/// <param name="places">Number of places.</param>
/// <param name="first">First member held.</param>
public sealed class MeasureDraws(string key, string unit, int members, int places, int first = 0)
{
    private readonly double[] before = new double[members * places];
    private readonly double[] after = new double[members * places];

    /// <summary>Stable key.</summary>
    public string Key { get; } = key;

    /// <summary>Unit.</summary>
    public string Unit { get; } = unit;

    /// <summary>Number of places.</summary>
    public int Places { get; } = places;

    /// <summary>Baseline of one member, one entry per place.</summary>
    public Span<double> Before(int member) => before.AsSpan((member - first) * Places, Places);

    /// <summary>Scenario of one member, one entry per place.</summary>
    public Span<double> After(int member) => after.AsSpan((member - first) * Places, Places);

    /// <summary>Baseline of one member, to be kept or restored.</summary>
    public Memory<double> MemoryBefore(int member) => before.AsMemory((member - first) * Places, Places);

    /// <summary>Scenario of one member, to be kept or restored.</summary>
    public Memory<double> MemoryAfter(int member) => after.AsMemory((member - first) * Places, Places);

    /// <summary>Intervals of one place.</summary>
    public OutcomeChange At(int place)
    {
        Span<double> b = new double[members], a = new double[members], c = new double[members];
        for (var m = 0; m < members; m++)
        {
            b[m] = before[m * Places + place];
            a[m] = after[m * Places + place];
            c[m] = a[m] - b[m];
        }
        return new OutcomeChange(Interval.OfDraws(b), Interval.OfDraws(a), Interval.OfDraws(c));
    }

    /// <summary>Intervals of the sum over places.</summary>
    public OutcomeChange Total() => Total(Enumerable.Range(0, Places));

    /// <summary>Intervals of the sum over some places, in their order.</summary>
    public OutcomeChange Total(IEnumerable<int> places)
    {
        var (b, a, c) = Sums(places);
        return new OutcomeChange(Interval.OfDraws(b), Interval.OfDraws(a), Interval.OfDraws(c));
    }

    /// <summary>Sum over some places, in their order, of each member held: before, after and change.</summary>
    public (double[] Before, double[] After, double[] Change) Sums(IEnumerable<int> places)
    {
        var chosen = places.ToArray();
        double[] b = new double[members], a = new double[members], c = new double[members];
        for (var m = 0; m < members; m++)
        {
            foreach (var place in chosen)
            {
                b[m] += before[m * Places + place];
                a[m] += after[m * Places + place];
            }
            c[m] = a[m] - b[m];
        }
        return (b, a, c);
    }

    /// <summary>Takes over all members of other draws of the same measure.</summary>
    internal void CopyFrom(MeasureDraws other)
    {
        other.before.CopyTo(before, 0);
        other.after.CopyTo(after, 0);
    }

    /// <summary>Largest of all members of one place, scenario.</summary>
    public double LargestAfter(int place)
    {
        var largest = double.NegativeInfinity;
        for (var m = 0; m < members; m++) largest = Math.Max(largest, after[m * Places + place]);
        return largest;
    }

    /// <summary>Mean over members of one place, before and after.</summary>
    public (double Before, double After) Mean(int place)
    {
        double b = 0, a = 0;
        for (var m = 0; m < members; m++)
        {
            b += before[m * Places + place];
            a += after[m * Places + place];
        }
        return (b / members, a / members);
    }
}

/// <summary>An outcome before, after, and its change, each with its interval.</summary>
/// <param name="Before">Baseline.</param>
/// <param name="After">Scenario.</param>
/// <param name="Change">After less before, member by member.</param>
public readonly record struct OutcomeChange(Interval Before, Interval After, Interval Change);
