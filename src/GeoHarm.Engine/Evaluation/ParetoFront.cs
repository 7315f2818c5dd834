namespace GeoHarm.Engine.Evaluation;

/// <summary>
/// Options that no other option dominates: none is at least as good by every criterion and better by one (Pareto; Keeney and
/// Raiffa 1976, ch. 3). Needs order only, so ratings and burdens stand side by side without weights. Cost O(options^2 x criteria).
/// </summary>
public static class ParetoFront
{
    /// <summary>Whether each option is undominated.</summary>
    /// <param name="values">Values, options x criteria, row by row; less is better.</param>
    /// <param name="options">Number of options.</param>
    public static bool[] Of(ReadOnlySpan<double> values, int options)
    {
        var criteria = values.Length / options;
        var efficient = new bool[options];
        for (var o = 0; o < options; o++)
        {
            efficient[o] = true;
            for (var other = 0; other < options && efficient[o]; other++)
            {
                if (other != o && Dominates(values.Slice(other * criteria, criteria), values.Slice(o * criteria, criteria))) efficient[o] = false;
            }
        }
        return efficient;
    }

    /// <summary>Share of members in which each option is undominated, 0 to 1.</summary>
    public static double[] Probability(DecisionTable table)
    {
        var (options, criteria) = (table.Options.Count, table.Criteria.Count);
        var share = new double[options];
        var values = new double[options * criteria];
        for (var m = 0; m < table.Members; m++)
        {
            for (var o = 0; o < options; o++) for (var c = 0; c < criteria; c++) values[o * criteria + c] = table.Draws(o, c)[m];
            var efficient = Of(values, options);
            for (var o = 0; o < options; o++) if (efficient[o]) share[o]++;
        }
        for (var o = 0; o < options; o++) share[o] /= table.Members;
        return share;
    }

    /// <summary>Whether each option is undominated by the means of the cardinal criteria.</summary>
    public static bool[] OnAverage(DecisionTable table)
    {
        var cardinal = Enumerable.Range(0, table.Criteria.Count).Where(c => !table.Criteria[c].IsOrdinal).ToArray();
        var options = table.Options.Count;
        var values = new double[options * cardinal.Length];
        for (var o = 0; o < options; o++) for (var c = 0; c < cardinal.Length; c++) values[o * cardinal.Length + c] = table.At(o, cardinal[c]).Value;
        return Of(values, options);
    }

    private static bool Dominates(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var better = false;
        for (var c = 0; c < a.Length; c++)
        {
            if (a[c] > b[c]) return false;
            better |= a[c] < b[c];
        }
        return better;
    }
}
