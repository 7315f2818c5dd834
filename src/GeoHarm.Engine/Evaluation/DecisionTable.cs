using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Engine.Evaluation;

/// <summary>One thing by which options are compared; less is better.</summary>
/// <param name="Key">Stable key, such as "forestLossHa".</param>
/// <param name="Unit">Unit of a cardinal criterion; "order" of an ordinal one.</param>
/// <param name="IsOrdinal">Whether its numbers only order the options within a member: they are compared, never added, averaged or
/// subtracted.</param>
public sealed record Criterion(string Key, string Unit, bool IsOrdinal = false);

/// <summary>
/// Options x criteria x members of an ensemble, less is better throughout. Member m of every option has the same draws (common
/// random numbers), so that comparing options member by member is exact. One owner of the numbers; it lends spans.
/// </summary>
public sealed class DecisionTable
{
    private readonly double[] values;

    /// <summary>Room for a table; all entries 0.</summary>
    /// <param name="options">Names of the options, each once.</param>
    /// <param name="criteria">Criteria, each key once.</param>
    /// <param name="members">Number of members, at least 1.</param>
    public DecisionTable(IReadOnlyList<string> options, IReadOnlyList<Criterion> criteria, int members)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(members, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Count, 1);
        (Options, Criteria, Members) = (options, criteria, members);
        values = new double[options.Count * criteria.Count * members];
    }

    /// <summary>Names of the options.</summary>
    public IReadOnlyList<string> Options { get; }

    /// <summary>Criteria.</summary>
    public IReadOnlyList<Criterion> Criteria { get; }

    /// <summary>Number of members.</summary>
    public int Members { get; }

    /// <summary>All members of an option under a criterion, in member order; may be written.</summary>
    public Span<double> Draws(int option, int criterion) => values.AsSpan((option * Criteria.Count + criterion) * Members, Members);

    /// <summary>Mean, 5th and 95th percentile of a cardinal criterion; throws for an ordinal one, which has no mean.</summary>
    public Interval At(int option, int criterion) => Interval.OfDraws(Cardinal(option, criterion));

    /// <summary>What an option has more (above 0) or less than another, member by member.</summary>
    public double[] Difference(int option, int other, int criterion)
    {
        var a = Cardinal(option, criterion);
        var b = Cardinal(other, criterion);
        var difference = new double[Members];
        for (var m = 0; m < difference.Length; m++) difference[m] = a[m] - b[m];
        return difference;
    }

    /// <summary>The same options by some of the criteria, in the order given.</summary>
    public DecisionTable By(IReadOnlyList<int> criteria)
    {
        var part = new DecisionTable(Options, [.. criteria.Select(c => Criteria[c])], Members);
        for (var o = 0; o < Options.Count; o++) for (var c = 0; c < criteria.Count; c++) Draws(o, criteria[c]).CopyTo(part.Draws(o, c));
        return part;
    }

    /// <summary>The same with one criterion more: the sum of cardinal criteria, each times a weight that the user gives. Without weights nothing is
    /// summed: unlike burdens have no common unit.</summary>
    /// <param name="name">Key of the sum.</param>
    /// <param name="weights">Weight per unit of a criterion, by index.</param>
    public DecisionTable WithSum(string name, IReadOnlyList<(int Criterion, double Weight)> weights)
    {
        var with = new DecisionTable(Options, [.. Criteria, new Criterion(name, "sum as weighted")], Members);
        for (var o = 0; o < Options.Count; o++)
        {
            for (var c = 0; c < Criteria.Count; c++) Draws(o, c).CopyTo(with.Draws(o, c));
            var sum = with.Draws(o, Criteria.Count);
            foreach (var (criterion, weight) in weights)
            {
                var part = Cardinal(o, criterion);
                for (var m = 0; m < Members; m++) sum[m] += weight * part[m];
            }
        }
        return with;
    }

    /// <summary>The option whose mean is least; the first of those that tie.</summary>
    public int LeastOnAverage(int criterion)
    {
        var best = 0;
        for (var o = 1; o < Options.Count; o++) if (At(o, criterion).Value < At(best, criterion).Value) best = o;
        return best;
    }

    /// <summary>The draws of a criterion that may be added and subtracted; throws for an ordinal one.</summary>
    internal ReadOnlySpan<double> Cardinal(int option, int criterion) => Criteria[criterion].IsOrdinal
        ? throw new InvalidOperationException($"'{Criteria[criterion].Key}' is ordinal: it is compared, never added or averaged.")
        : Draws(option, criterion);
}
