namespace GeoHarm.Engine.Publication;

/// <summary>
/// What makes a figure of a sensitive layer safe to show. Defaults are models.md 9; the terms are those of Hundepool et al.
/// (2012, Statistical Disclosure Control, doi 10.1002/9781118348239), chapter 4.
/// </summary>
public sealed record DisclosureRules
{
    /// <summary>The rules in force.</summary>
    public static DisclosureRules Default { get; } = new();

    /// <summary>Side of the finest cell, metres, at least 5,000: a walk of an hour holds many farms.</summary>
    public double CellMetres { get; init; } = 5000;

    /// <summary>How often four cells may be merged into one: 2, from 5 to 10 and 20 km.</summary>
    public int Merges { get; init; } = 2;

    /// <summary>Fewest source records (plots, polygons, grid cells) behind a shown figure, at least 10.</summary>
    public int LeastContributors { get; init; } = 10;

    /// <summary>Largest share one record may hold of a shown figure, 0 to 1: one half.</summary>
    public double MostDominance { get; init; } = 0.5;

    /// <summary>p % rule: nobody may learn a record to within this share of its value, even the second largest who knows their
    /// own; also the distance that bounds derived from totals keep from a suppressed value.</summary>
    public double PriorShare { get; init; } = 0.1;

    /// <summary>Areas shown to the public are multiples of this, ha.</summary>
    public double RoundHectares { get; init; } = 10;

    /// <summary>Counts from 1 to this less one are shown as "below this".</summary>
    public int LeastCount { get; init; } = 8;

    /// <summary>Counts shown to the public are multiples of this.</summary>
    public int RoundCount { get; init; } = 5;

    /// <summary>Least age of the end of a calendar year, months.</summary>
    public int LeastAgeMonths { get; init; } = 12;

    /// <summary>Whether the calendar year has been closed long enough at a date.</summary>
    public bool IsOldEnough(int year, DateOnly asOf) => new DateOnly(year, 12, 31).AddMonths(LeastAgeMonths) <= asOf;
}
