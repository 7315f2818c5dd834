using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Engine.Evaluation;

/// <summary>An option at its worst by one criterion.</summary>
/// <param name="Option">Index of the option.</param>
/// <param name="MostHarm">Largest harm over the members.</param>
/// <param name="HarmInTwenty">Harm exceeded in one member of twenty (95th percentile).</param>
/// <param name="MostRegret">Largest regret over the members.</param>
/// <param name="RegretInTwenty">Regret exceeded in one member of twenty.</param>
/// <param name="MeanRegret">Mean regret.</param>
public sealed record OptionAtWorst(int Option, double MostHarm, double HarmInTwenty, double MostRegret, double RegretInTwenty, double MeanRegret);

/// <summary>
/// Minimise the maximum harm (Wald 1945, doi 10.2307/1969022) and minimise the maximum regret (Savage 1951,
/// doi 10.1080/01621459.1951.10500768), members of the ensemble being the states of the world and regret the harm above that of the
/// option that does best in the same member. Cardinal criteria only. A largest draw grows with the number of members: the 95th
/// percentile beside it does not.
/// </summary>
public static class WorstCase
{
    /// <summary>Every option at its worst, in the order of the table.</summary>
    public static IReadOnlyList<OptionAtWorst> Of(DecisionTable table, int criterion)
    {
        var best = new double[table.Members];
        Array.Fill(best, double.PositiveInfinity);
        for (var o = 0; o < table.Options.Count; o++)
        {
            var harm = table.Cardinal(o, criterion);
            for (var m = 0; m < best.Length; m++) best[m] = Math.Min(best[m], harm[m]);
        }
        return [.. Enumerable.Range(0, table.Options.Count).Select(o => AtWorst(table.Cardinal(o, criterion), best, o))];
    }

    /// <summary>The option of least worst, by a measure of it; the first of those that tie.</summary>
    public static int Least(IReadOnlyList<OptionAtWorst> options, Func<OptionAtWorst, double> worst) => options.MinBy(worst)!.Option;

    private static OptionAtWorst AtWorst(ReadOnlySpan<double> harm, double[] best, int option)
    {
        var sorted = harm.ToArray();
        var regret = new double[best.Length];
        var sum = 0.0;
        for (var m = 0; m < best.Length; m++) sum += regret[m] = harm[m] - best[m];
        Array.Sort(sorted);
        Array.Sort(regret);
        return new OptionAtWorst(option, sorted[^1], Interval.Quantile(sorted, OneInTwenty), regret[^1], Interval.Quantile(regret, OneInTwenty), sum / best.Length);
    }

    private const double OneInTwenty = 0.95;
}
