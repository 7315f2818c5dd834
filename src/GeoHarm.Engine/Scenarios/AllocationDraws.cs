using GeoHarm.Engine.Routes;
using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Engine.Scenarios;

/// <summary>A figure over draws and structures.</summary>
/// <param name="Over">Mean, 5th and 95th percentile.</param>
/// <param name="ShareBelowZero">Share of the draws in which it is below 0: in which enforcement lowers the burden.</param>
public sealed record AllocationFigure(Interval Over, double ShareBelowZero)
{
    internal static AllocationFigure Of(IEnumerable<double> draws)
    {
        double[] all = [.. draws];
        return new AllocationFigure(Interval.OfDraws(all), all.Count(d => d < 0) / (double)all.Length);
    }
}

/// <summary>An option under other priors and structures, its plan kept.</summary>
/// <param name="Change">Change of the burden against doing nothing in the same draw.</param>
/// <param name="Price">Shadow price: change of the burden by one more unit of hazard in the plan's proportions; of nothing, in the place that is best in the draw.</param>
/// <param name="ShareBetterByStructure">Share of draws of each structure, in the order of <see cref="TransitStructure"/>, in which it is below doing nothing.</param>
public sealed record AllocationOptionDraws(AllocationFigure Change, AllocationFigure Price, IReadOnlyList<double> ShareBetterByStructure);

/// <summary>
/// What draws of the priors in all three structures make of a least-harm allocation: the plans stay as they were found at the central priors, as they
/// would for someone who cannot know the draw, and burden, shadow price and derivatives are computed anew. Draws that reached no equilibrium
/// are counted and left out. Cost: about a dozen equilibria and adjoints a draw.
/// </summary>
/// <param name="Draws">Draws that count, all structures together.</param>
/// <param name="NotConverged">Draws left out.</param>
/// <param name="ByHazard">Derivative of the total burden by hazard in each place, without the budget.</param>
/// <param name="Options">By answer, then option.</param>
public sealed record AllocationDraws(int Draws, int NotConverged, IReadOnlyList<AllocationFigure> ByHazard, IReadOnlyList<IReadOnlyList<AllocationOptionDraws>> Options)
{
    /// <summary>Runs the draws; null where none is asked for or none converged.</summary>
    /// <param name="routes">The case.</param>
    /// <param name="burden">The named burden.</param>
    /// <param name="found">The allocation at the central priors.</param>
    /// <param name="draws">Draws in each structure.</param>
    /// <param name="threads">Threads; results do not depend on it.</param>
    /// <param name="progress">Told the share done, 0 to 1.</param>
    /// <param name="cancel">Stops between draws.</param>
    public static AllocationDraws? Run(RouteCase routes, RouteBurden burden, LeastHarm found, int draws, int threads, Action<double>? progress, CancellationToken cancel)
    {
        var structures = Enum.GetValues<TransitStructure>();
        var all = new Draw?[structures.Length * draws];
        Ensemble.Run(all.Length, threads, () => routes, (i, own) => all[i] = One(own, burden, found, structures[i / draws], i % draws), progress, cancel);
        var kept = Enumerable.Range(0, all.Length).Where(i => all[i] is not null).Select(i => (Structure: structures[i / draws], Draw: all[i]!)).ToList();
        if (kept.Count == 0) return null;
        var options = found.Answers.Select((answer, a) => (IReadOnlyList<AllocationOptionDraws>)[.. answer.Options.Select((_, o) => new AllocationOptionDraws(
            AllocationFigure.Of(kept.Select(k => k.Draw.Change[a][o])), AllocationFigure.Of(kept.Select(k => k.Draw.Price[a][o])),
            [.. structures.Select(s => kept.Where(k => k.Structure == s).Select(k => k.Draw.Change[a][o] < 0 ? 1.0 : 0).DefaultIfEmpty(double.NaN).Average())]))]).ToList();
        return new AllocationDraws(kept.Count, all.Length - kept.Count, [.. Enumerable.Range(0, found.Units.Count).Select(u => AllocationFigure.Of(kept.Select(k => k.Draw.ByHazard[u])))], options);
    }

    private sealed record Draw(double[] ByHazard, double[][] Change, double[][] Price);

    private static Draw? One(RouteCase routes, RouteBurden burden, LeastHarm found, TransitStructure structure, int member)
    {
        var response = new RouteResponse(routes, found.Units, burden, structure, routes.Draw(member));
        var converged = response.Converged;
        double[] nothing = [.. found.Answers.Select(a => response.Value(a.Aim))];
        double[][] slope = [.. found.Answers.Select(a => response.ByHazard(response.Worst(a.Aim)))];
        var (change, price) = (found.Answers.Select(a => new double[a.Options.Count]).ToArray(), found.Answers.Select(a => new double[a.Options.Count]).ToArray());
        for (var a = 0; a < found.Answers.Count; a++)
        {
            for (var o = 0; o < found.Answers[a].Options.Count; o++)
            {
                var plan = found.Answers[a].Options[o].Plan;
                if (plan is null || !plan.Units.Any(x => x > 0))
                {
                    price[a][o] = plan?.Form == EnforcementForm.Reduced ? slope[a].Max() : slope[a].Min();
                    continue;
                }
                response.Solve(plan);
                change[a][o] = response.Value(found.Answers[a].Aim) - nothing[a];
                var byHazard = response.ByHazard(response.Worst(found.Answers[a].Aim), plan.Form == EnforcementForm.Reduced);
                for (var u = 0; u < byHazard.Length; u++) price[a][o] += byHazard[u] * plan.HazardByBudget(u);
                converged &= response.Converged;
            }
        }
        return converged ? new Draw(slope[0], change, price) : null;
    }
}
