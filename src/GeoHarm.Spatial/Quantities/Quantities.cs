namespace GeoHarm.Spatial.Quantities;

/// <summary>An area. Stored in square metres; 1 ha = 10,000 m2. Finite; may be negative where it is a change.</summary>
public readonly record struct Area
{
    private Area(double squareMetres) => SquareMetres = Finite.Require(squareMetres);

    /// <summary>Square metres.</summary>
    public double SquareMetres { get; }

    /// <summary>Hectares.</summary>
    public double Hectares => SquareMetres / 10_000;

    /// <summary>Square kilometres.</summary>
    public double SquareKilometres => SquareMetres / 1e6;

    /// <summary>An area of so many hectares.</summary>
    public static Area FromHectares(double hectares) => new(hectares * 10_000);

    /// <summary>An area of so many square metres.</summary>
    public static Area FromSquareMetres(double squareMetres) => new(squareMetres);
}

/// <summary>A length. Stored in metres; finite.</summary>
public readonly record struct Length
{
    private Length(double metres) => Metres = Finite.Require(metres);

    /// <summary>Metres.</summary>
    public double Metres { get; }

    /// <summary>Kilometres.</summary>
    public double Kilometres => Metres / 1000;

    /// <summary>A length of so many metres.</summary>
    public static Length FromMetres(double metres) => new(metres);

    /// <summary>A length of so many kilometres.</summary>
    public static Length FromKilometres(double kilometres) => new(kilometres * 1000);
}

/// <summary>A value with its interval: <c>Value</c> is the mean over draws, <c>Low</c> and <c>High</c> the 5th and
/// 95th percentiles, widened to hold the mean. Valid from birth: Low &lt;= Value &lt;= High, all finite.</summary>
public readonly record struct Interval
{
    /// <summary>Makes an interval; throws when the order Low &lt;= Value &lt;= High does not hold or a part is not finite.</summary>
    public Interval(double value, double low, double high)
    {
        if (!(low <= value && value <= high)) throw new ArgumentException($"Not an interval: {low} <= {value} <= {high} does not hold.");
        Value = Finite.Require(value);
        Low = Finite.Require(low);
        High = Finite.Require(high);
    }

    /// <summary>Mean over draws.</summary>
    public double Value { get; }

    /// <summary>5th percentile.</summary>
    public double Low { get; }

    /// <summary>95th percentile.</summary>
    public double High { get; }

    /// <summary>A number known without spread.</summary>
    public static Interval Exactly(double value) => new(value, value, value);

    /// <summary>Mean, 5th and 95th percentile of draws (linear interpolation between order statistics, Hyndman and
    /// Fan 1996, type 7), widened to hold the mean. The sum runs in draw order, so members keep their bits.</summary>
    public static Interval OfDraws(ReadOnlySpan<double> draws)
    {
        if (draws.IsEmpty) throw new ArgumentException("An interval needs at least one draw.", nameof(draws));
        var sum = 0.0;
        foreach (var draw in draws) sum += draw;
        var mean = sum / draws.Length;
        var sorted = draws.ToArray();
        Array.Sort(sorted);
        return new Interval(mean, Math.Min(mean, Quantile(sorted, 0.05)), Math.Max(mean, Quantile(sorted, 0.95)));
    }

    /// <summary>Quantile p (0 to 1) of values sorted upward, type 7 of Hyndman and Fan (1996).</summary>
    public static double Quantile(ReadOnlySpan<double> sorted, double p)
    {
        var position = p * (sorted.Length - 1);
        var index = (int)position;
        return index + 1 >= sorted.Length ? sorted[^1] : sorted[index] + (position - index) * (sorted[index + 1] - sorted[index]);
    }
}

internal static class Finite
{
    public static double Require(double value) =>
        double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A quantity is a finite number.");
}
