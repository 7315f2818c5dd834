namespace GeoHarm.Engine.Displacement;

/// <summary>
/// The margins of one period: what was gained and lost where, and how attractive every unit was at its start. Which hectare went
/// where is not observed, only these margins.
/// </summary>
/// <param name="gained">Hectares gained by unit, 0 where none.</param>
/// <param name="origins">Hectares by unit that may have been pushed out: lost, or treated.</param>
/// <param name="attraction">Attraction of every unit, summing to 1.</param>
/// <param name="open">Whether a unit can show a gain: one that lost over the same period cannot.</param>
public sealed class GainMargins(double[] gained, double[] origins, double[] attraction, bool[] open)
{
    /// <summary>Hectares gained.</summary>
    public ReadOnlySpan<double> Gained => gained;

    /// <summary>Hectares that may have been pushed out.</summary>
    public ReadOnlySpan<double> Origins => origins;

    /// <summary>Attraction.</summary>
    public ReadOnlySpan<double> Attraction => attraction;

    /// <summary>Whether a unit can show a gain.</summary>
    public ReadOnlySpan<bool> Open => open;

    /// <summary>The same margins with other origins.</summary>
    public GainMargins WithOrigins(double[] other) => new(gained, other, attraction, open);

    /// <summary>The same margins with another attraction.</summary>
    public GainMargins WithAttraction(double[] other) => new(gained, origins, other, open);

    /// <summary>Share of the gains from an origin to <paramref name="horizon"/> years later by unit; all 0 if nothing was gained.</summary>
    internal static double[] Gains(CocaHistory history, int origin, int horizon) => Shares(Change(history, origin, horizon, 1));

    /// <summary>Share of the losses by unit.</summary>
    internal static double[] Losses(CocaHistory history, int origin, int horizon) => Shares(Change(history, origin, horizon, -1));

    /// <summary>Hectares gained (sign 1) or lost (sign -1) by unit.</summary>
    internal static double[] Change(CocaHistory history, int origin, int horizon, int sign)
    {
        ReadOnlySpan<double> before = history.Year(origin), after = history.Year(origin + horizon);
        var change = new double[before.Length];
        for (var i = 0; i < change.Length; i++) change[i] = Math.Max(0, sign * (after[i] - before[i]));
        return change;
    }

    private static double[] Shares(double[] values)
    {
        var sum = values.Sum();
        return sum > 0 ? Array.ConvertAll(values, v => v / sum) : values;
    }
}
