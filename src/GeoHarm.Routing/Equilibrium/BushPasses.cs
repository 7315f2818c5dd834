namespace GeoHarm.Routing.Equilibrium;

/// <summary>The passes of one round: shifts bush by bush, each pass carried on by a conjugate step while passes alone are slow. Scratch of one thread.</summary>
internal sealed class BushPasses<TCost>(int ranks, int links, EquilibriumOptions options) where TCost : struct, ILinkCost<TCost>
{
    // Of the pass before: while a pass leaves less excess than this, shifts alone do well and a conjugate step only costs (measured 2026-11).
    private const double Slow = 0.3;

    // Of the mean excess of a node with two ways in: below it a pass leaves the node alone (measured: a third fewer shifts, no more passes).
    private const double Worthwhile = 0.1;

    private readonly BushShift<TCost> shift = new(ranks);
    private readonly ConjugateStep<TCost> conjugate = new(links);

    /// <summary>Runs passes over the bushes until one finds little left of what the first found; returns their number.</summary>
    public int Run(Bush[] bushes, in TCost costs, LinkState links)
    {
        var merges = 0;
        foreach (var bush in bushes)
        {
            bush.Excess = double.PositiveInfinity;
            merges += bush.MergeCount;
        }
        conjugate.Begin(bushes);
        double firstExcess = 0, last = 0;
        var pass = 0;
        while (pass < options.MaxPasses)
        {
            double excess = 0, skipped = options.SkipShare * last / bushes.Length, floor = Worthwhile * last / merges;
            conjugate.OpenPass(links);
            for (var i = 0; i < bushes.Length; i++)
            {
                var bush = bushes[i];
                if (bush.MergeCount == 0) continue;
                if (bush.Excess > skipped)
                {
                    conjugate.Note(bushes, i);
                    bush.Excess = shift.Pass(bush, costs, links, floor);
                }
                excess += bush.Excess;
            }
            conjugate.ClosePass(bushes, costs, links, excess > Slow * last);
            last = excess;
            pass++;
            if (pass == 1) firstExcess = excess;
            if (excess <= options.PassShare * firstExcess) break;
        }
        return pass;
    }
}
