namespace GeoHarm.Engine.Evaluation;

/// <summary>Which ends of the inputs are tried.</summary>
/// <param name="Low">Quantile of the low end, in (0, 0.5). Default 0.05, the low end of every interval shown.</param>
/// <param name="High">Quantile of the high end, in (0.5, 1). Default 0.95.</param>
public sealed record OneAtATimeOptions(double Low = 0.05, double High = 0.95);

/// <summary>An outcome with one input at its ends and all others at their medians.</summary>
/// <param name="Input">Name of the input.</param>
/// <param name="AtLow">Outcome with the input at its low end.</param>
/// <param name="AtHigh">Outcome with the input at its high end.</param>
public sealed record Swing(string Input, double AtLow, double AtHigh);

/// <summary>
/// One input at a time from the medians of all: what a tornado chart shows (Howard 1988, doi 10.1287/mnsc.34.6.679). Two runs an
/// input and one at the centre; blind to interactions, which <see cref="MorrisScreening"/> and <see cref="SobolIndices"/> see.
/// </summary>
public static class OneAtATime
{
    /// <summary>Runs of the model for so many inputs.</summary>
    public static int Runs(int inputs) => 2 * inputs + 1;

    /// <summary>The point of one run, each entry in (0, 1): first the centre, then low and high of each input in turn.</summary>
    public static double[] Point(int run, int inputs, OneAtATimeOptions options)
    {
        var point = Enumerable.Repeat(0.5, inputs).ToArray();
        if (run > 0) point[(run - 1) / 2] = run % 2 == 1 ? options.Low : options.High;
        return point;
    }

    /// <summary>The outcome at the centre and the swings, the widest first, from the outcomes of all runs in the order of <see cref="Point"/>.</summary>
    public static (double Central, IReadOnlyList<Swing> Swings) Of(IReadOnlyList<string> inputs, ReadOnlySpan<double> outcomes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(outcomes.Length, Runs(inputs.Count));
        var swings = new Swing[inputs.Count];
        for (var i = 0; i < swings.Length; i++) swings[i] = new Swing(inputs[i], outcomes[2 * i + 1], outcomes[2 * i + 2]);
        return (outcomes[0], [.. swings.OrderByDescending(s => Math.Abs(s.AtHigh - s.AtLow)).ThenBy(s => s.Input, StringComparer.Ordinal)]);
    }
}
