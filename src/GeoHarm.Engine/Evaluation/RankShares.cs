namespace GeoHarm.Engine.Evaluation;

/// <summary>
/// How often each option takes each rank over the members, by one criterion (rank acceptability indices of SMAA-2, Lahdelma and
/// Salminen 2001, doi 10.1287/opre.49.3.444.11220, with members in the place of weights). Options that tie share their ranks
/// evenly, so that the shares of an option and the shares of a rank both sum to 1. Needs order only.
/// </summary>
public static class RankShares
{
    /// <summary>Shares, options x ranks, row by row; rank 0 is the least harm.</summary>
    public static double[] Of(DecisionTable table, int criterion)
    {
        var options = table.Options.Count;
        var shares = new double[options * options];
        var values = new double[options];
        for (var m = 0; m < table.Members; m++)
        {
            for (var o = 0; o < options; o++) values[o] = table.Draws(o, criterion)[m];
            for (var o = 0; o < options; o++)
            {
                var (less, same) = (0, 0);
                foreach (var value in values)
                {
                    if (value < values[o]) less++;
                    else if (value == values[o]) same++;
                }
                for (var rank = less; rank < less + same; rank++) shares[o * options + rank] += 1.0 / same;
            }
        }
        for (var i = 0; i < shares.Length; i++) shares[i] /= table.Members;
        return shares;
    }
}
