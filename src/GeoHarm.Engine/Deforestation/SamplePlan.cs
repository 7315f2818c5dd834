namespace GeoHarm.Engine.Deforestation;

/// <summary>What a sample is planned for.</summary>
/// <param name="TargetStandardError">Standard error wanted for the overall accuracy; default 0.01, as in the source's
/// example; between 0 and 0.5.</param>
/// <param name="LeastPerStratum">Units that a rare stratum gets at least; default 50, the lower end of the 50 to 100 of
/// the source; 2 or more.</param>
public sealed record SamplePlanOptions(double TargetStandardError = 0.01, int LeastPerStratum = 50);

/// <summary>Units of one stratum under three allocations.</summary>
/// <param name="Stratum">Stratum.</param>
/// <param name="Share">Share of the map's pixels.</param>
/// <param name="Equal">The same number everywhere: best for user's accuracies.</param>
/// <param name="Proportional">By share: best for overall accuracy and producer's accuracies.</param>
/// <param name="Recommended">Rare strata lifted to the least number, the rest by share: the source's compromise.</param>
public sealed record StratumPlan(string Stratum, double Share, int Equal, int Proportional, int Recommended);

/// <summary>
/// How many reference units to look at, and where. Source: Olofsson et al. 2014 (doi 10.1016/j.rse.2014.02.015), equation
/// 13 after Cochran 1977, equation 5.25: n = (sum W_i S_i / S(O))^2 with S_i = sqrt(U_i (1 - U_i)), for many more pixels
/// than units; allocation as in section 5.1.2. The accuracies are guesses made before the sample. Counts round to the
/// total by largest remainder; n itself rounds up.
/// </summary>
public static class SamplePlan
{
    /// <summary>Plans the sample: total and strata.</summary>
    /// <param name="strata">Names.</param>
    /// <param name="pixels">Pixels mapped in each, above 0.</param>
    /// <param name="users">User's accuracy expected in each, 0 to 1.</param>
    /// <param name="options">Aim.</param>
    public static (int Units, IReadOnlyList<StratumPlan> Strata) Of(IReadOnlyList<string> strata, ReadOnlySpan<double> pixels, ReadOnlySpan<double> users, SamplePlanOptions options)
    {
        if (!(options.TargetStandardError > 0 && options.TargetStandardError < 0.5)) throw new ArgumentOutOfRangeException(nameof(options), options.TargetStandardError, "The standard error wanted lies between 0 and 0.5.");
        ArgumentOutOfRangeException.ThrowIfLessThan(options.LeastPerStratum, 2, nameof(options));
        var total = 0.0;
        foreach (var p in pixels) total += p;
        var (share, spread) = (new double[pixels.Length], 0.0);
        for (var i = 0; i < share.Length; i++)
        {
            if (!(pixels[i] > 0) || !(users[i] >= 0 && users[i] <= 1)) throw new ArgumentOutOfRangeException(nameof(pixels), strata[i], "A stratum has pixels above 0 and an accuracy from 0 to 1.");
            share[i] = pixels[i] / total;
            spread += share[i] * Math.Sqrt(users[i] * (1 - users[i]));
        }
        var units = (int)Math.Ceiling(spread / options.TargetStandardError * (spread / options.TargetStandardError) - 1e-9);
        var equal = Shared(units, [.. share.Select(_ => 1.0)]);
        var proportional = Shared(units, share);
        var rare = share.Select(w => w * units < options.LeastPerStratum).ToArray();
        var rest = Math.Max(0, units - options.LeastPerStratum * rare.Count(r => r));
        var lifted = Shared(rest, [.. share.Select((w, i) => rare[i] ? 0 : w)]);
        return (units, [.. strata.Select((name, i) => new StratumPlan(name, share[i], equal[i], proportional[i], rare[i] ? options.LeastPerStratum : Math.Max(lifted[i], options.LeastPerStratum)))]);
    }

    private static int[] Shared(int units, double[] weights)
    {
        var sum = weights.Sum();
        if (sum == 0) return new int[weights.Length];
        var exact = weights.Select(w => w / sum * units).ToArray();
        var counts = exact.Select(e => (int)e).ToArray();
        foreach (var i in Enumerable.Range(0, counts.Length).OrderByDescending(i => exact[i] - counts[i]).ThenBy(i => i).Take(units - counts.Sum())) counts[i]++;
        return counts;
    }
}
