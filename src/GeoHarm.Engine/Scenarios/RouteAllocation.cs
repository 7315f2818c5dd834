using GeoHarm.Engine.Routes;
using GeoHarm.Routing.Sweeps;

namespace GeoHarm.Engine.Scenarios;

/// <summary>Settings of a least-harm allocation.</summary>
public sealed record RouteAllocationOptions
{
    /// <summary>Budget for the year, above 0 to 5, as hazard on all that comes into one place; default 0.7, which stops half of what comes into one country, or a tenth
    /// in each of seven.</summary>
    public double Budget { get; init; } = 0.7;

    /// <summary>Whether places are countries (default) or admin-1 zones.</summary>
    public bool Countries { get; init; } = true;

    /// <summary>Only in these zones, countries or regions; empty for every one of the study.</summary>
    public IReadOnlyList<string> Places { get; init; } = [];

    /// <summary>Origin region: only what comes in from these places; empty for all.</summary>
    public IReadOnlyList<string> From { get; init; } = [];

    /// <summary>Modes met; empty for all.</summary>
    public IReadOnlyList<string> Modes { get; init; } = [];

    /// <summary>Draws of the priors in each structure for the intervals, 0 or above; default 8, 24 in all.</summary>
    public int Draws { get; init; } = 8;

    /// <summary>Share of the hazard in place that a reduction may take from a place, above 0 to 1; default 0.5, so that what hazards of a factor of two mean stays in sight.</summary>
    public double MostReduced { get; init; } = 0.5;

    /// <summary>Gap at which a search stops, as a share of the budget times the largest |derivative by hazard| without it; default 1e-4.</summary>
    public double RelativeGap { get; init; } = 1e-4;

    /// <summary>A fall of the burden by less than this share of it is no reason to do anything, 0 or above; default 1e-4, far below what the model can tell.</summary>
    public double Indifferent { get; init; } = 1e-4;

    /// <summary>Most steps of one search; default 200.</summary>
    public int StepLimit { get; init; } = 200;

    /// <summary>Threads; results do not depend on it.</summary>
    public int Threads { get; init; } = 1;
}

/// <summary>One way to use a budget.</summary>
/// <param name="Name">"nothing", "pure" (all in the one best place), "spread" (all of it, divided), "part" (divided, what does harm left unspent), "mixed" (one place at a time, by
/// probability), "reduced" (taken away instead, at most as much).</param>
/// <param name="Plan">What is done where; null for nothing.</param>
/// <param name="Value">The burden under it, at the central priors.</param>
/// <param name="Largest">The zone that bears most; -1 where zones bear nothing.</param>
/// <param name="Price">Shadow price: change of the burden by one more unit of hazard used in the same proportions; above 0 where more enforcement does harm. For nothing: of
/// the first unit, in the best place.</param>
/// <param name="Gap">What first-order moves within the form could still gain, in the unit of the burden.</param>
/// <param name="RelativeGap">The gap over the budget times the largest |derivative| without it.</param>
/// <param name="Converged">Whether every equilibrium was reached and the gap is within its bound.</param>
public sealed record AllocationOption(string Name, EnforcementPlan? Plan, double Value, int Largest, double Price, double Gap, double RelativeGap, bool Converged);

/// <summary>The answers of one aim.</summary>
/// <param name="Aim">Aim.</param>
/// <param name="Options">Every option; nothing comes first.</param>
/// <param name="Choice">Index of the least burden among those that add enforcement or do nothing; nothing where the rest gains less than <see cref="RouteAllocationOptions.Indifferent"/>; of others within their gap the first.</param>
public sealed record AllocationAnswer(AllocationAim Aim, IReadOnlyList<AllocationOption> Options, int Choice);

/// <summary>A least-harm allocation at the central priors.</summary>
/// <param name="Units">Places.</param>
/// <param name="ByHazard">Derivative of the total burden by hazard on what comes into each place, without the budget.</param>
/// <param name="Alone">Change of the total burden where the whole budget stands in one place.</param>
/// <param name="Answers">The total, and the largest burden of any zone where zones bear it.</param>
/// <param name="MaxRelativeError">Difference between the shadow price of the total's spread and re-solved central differences of its budget, over the largest |derivative by hazard|.</param>
public sealed record LeastHarm(EnforcementUnits Units, IReadOnlyList<double> ByHazard, IReadOnlyList<double> Alone, IReadOnlyList<AllocationAnswer> Answers, double MaxRelativeError);

/// <summary>
/// Least-harm allocation of an enforcement budget over countries or admin-1 zones for a year: the budget is spread so that one named burden is least, in total and
/// in the zone that bears most of it; doing nothing is always an option. Every place alone and an even spread are re-solved first; from the best of them and
/// from the even spread a projected gradient (adjoint, <see cref="BudgetDescent"/>) with re-solves descends. The burden is not convex in enforcement: the gap is one of
/// first order, and a better allocation far from all starts is not excluded. A unit of hazard costs the same in every place.
/// Cost: one equilibrium a place, then one equilibrium and one adjoint a step (about 40 ms). Fails: not converged is a figure.
/// </summary>
public static class RouteAllocation
{
    /// <summary>Step of the differences that check a price, in units of hazard: of fourth order, as in <see cref="RoutePush"/>.</summary>
    private const double PriceStep = 2e-3;

    private const string Spread = "spread";


    /// <summary>Finds the allocations.</summary>
    /// <param name="routes">The case; its own interdiction is in force throughout.</param>
    /// <param name="burden">The named burden.</param>
    /// <param name="options">Settings.</param>
    /// <param name="progress">Told the share done, 0 to 1.</param>
    /// <param name="cancel">Stops between equilibria.</param>
    public static LeastHarm Of(RouteCase routes, RouteBurden burden, RouteAllocationOptions options, Action<double>? progress = null, CancellationToken cancel = default)
    {
        var units = EnforcementUnits.Of(routes, options.Countries, options.Places, options.From, options.Modes);
        if (units.Count == 0) throw new ArgumentException("Nothing comes into the places asked for.", nameof(options));
        var response = new RouteResponse(routes, units, burden, routes.Inputs.Scenario.Structure, routes.Central);
        var before = response.Value(AllocationAim.Total);
        var byHazard = response.ByHazard([]);
        var alone = Alone(routes, units, burden, options, share => progress?.Invoke(share / 2), cancel);
        var aims = burden.IsBorneByZones ? new[] { AllocationAim.Total, AllocationAim.Largest } : [AllocationAim.Total];
        var answers = new List<AllocationAnswer>();
        foreach (var aim in aims)
        {
            answers.Add(new Search(response, aim, options, [.. alone.Select(a => aim == AllocationAim.Total ? a.Total : a.Largest)], cancel).Answer());
            progress?.Invoke(0.5 + 0.5 * answers.Count / aims.Length);
        }
        var spread = answers[0].Options.Single(o => o.Name == Spread);
        var error = Math.Abs(Difference(response, spread.Plan!) - spread.Price) / Math.Max(byHazard.Max(Math.Abs), double.Epsilon);
        return new LeastHarm(units, byHazard, [.. alone.Select(a => a.Total - before)], answers, error);
    }

    // The price of a spread by five-point central differences of its budget.
    private static double Difference(RouteResponse response, EnforcementPlan plan)
    {
        double At(double step)
        {
            response.Solve(plan with { Units = [.. plan.Units.Select(x => x * (1 + step / plan.Budget))] });
            return response.Value(AllocationAim.Total);
        }
        return (8 * (At(PriceStep) - At(-PriceStep)) - (At(2 * PriceStep) - At(-2 * PriceStep))) / (12 * PriceStep);
    }

    // The burden, total and largest, with the whole budget in each place in turn.
    private static (double Total, double Largest)[] Alone(RouteCase routes, EnforcementUnits units, RouteBurden burden, RouteAllocationOptions options, Action<double> progress, CancellationToken cancel)
    {
        var policies = units.Ids.Select((id, u) =>
        {
            var policy = routes.Policy.Copy();
            foreach (var arc in units.ArcsInto[u]) policy.Raise(arc, options.Budget);
            return (id, policy);
        }).ToList();
        var found = new (double, double)[units.Count];
        foreach (var outcome in routes.BaselineModel(routes.Inputs.Scenario.Structure, routes.Central).Sweep(routes.Policy, policies, options.Threads, out _, cancel))
        {
            var flows = outcome.Result is { Converged: true } result ? result.Flows : null;
            found[outcome.Index] = flows is null ? (double.PositiveInfinity, double.PositiveInfinity) : (burden.Of(routes, flows), burden.IsBorneByZones ? burden.ByZone(routes, flows).Max() : 0);
            progress((outcome.Index + 1.0) / units.Count);
        }
        return found;
    }

    private sealed class Search(RouteResponse response, AllocationAim aim, RouteAllocationOptions options, double[] alone, CancellationToken cancel)
    {
        private double scale; // largest |derivative by hazard| without the budget

        public AllocationAnswer Answer()
        {
            var count = alone.Length;
            response.Solve(null);
            var nothing = response.Value(aim);
            var slope = response.ByHazard(response.Worst(aim));
            scale = Math.Max(slope.Max(Math.Abs), double.Epsilon);
            var (unlimited, even) = (Enumerable.Repeat(double.PositiveInfinity, count).ToArray(), Enumerable.Repeat(1.0 / count, count).ToArray());
            var best = new double[count];
            best[Array.IndexOf(alone, alone.Min())] = 1;
            double[] Times(double[] shares, double factor) => [.. shares.Select(s => s * factor)];
            var budget = options.Budget;
            List<AllocationOption> found = [new("nothing", null, nothing, Largest(), slope.Min(), 0, 0, response.Converged)];
            found.Add(At("pure", new EnforcementPlan(EnforcementForm.Spread, budget, Times(best, budget))));
            var spread = Best(Spread, EnforcementForm.Spread, new BudgetSet(unlimited, budget, inFull: true), Times(best, budget), Times(even, budget));
            found.Add(spread);
            found.Add(Best("part", EnforcementForm.Spread, new BudgetSet(unlimited, budget, inFull: false), new double[count], [.. spread.Plan!.Units], Times(best, budget / 10)));
            found.Add(Best("mixed", EnforcementForm.Mixed, new BudgetSet(Enumerable.Repeat(1.0, count).ToArray(), 1, inFull: true), best, Times([.. spread.Plan.Units], 1 / budget)));
            double[] most = [.. response.InPlace.ToArray().Select(h => h * options.MostReduced)];
            found.Add(Best("reduced", EnforcementForm.Reduced, new BudgetSet(most, budget, inFull: false), new double[count]));
            var choice = 0;
            for (var o = 1; o < found.Count - 1; o++)
            {
                var doubt = new[] { choice == 0 ? options.Indifferent * Math.Abs(nothing) : 0, found[o].Gap, found[choice].Gap }.Where(g => !double.IsNaN(g)).Max();
                if (found[o].Value < found[choice].Value - doubt) choice = o;
            }
            return new AllocationAnswer(aim, found, choice);
        }

        private int Largest() => response.ByZone.Length == 0 ? -1 : Array.IndexOf(response.ByZone, response.ByZone.Max());

        // A plan as it is, without search: no gap is claimed.
        private AllocationOption At(string name, EnforcementPlan plan)
        {
            response.Solve(plan);
            var (value, largest, byHazard) = (response.Value(aim), Largest(), response.ByHazard(response.Worst(aim)));
            return new AllocationOption(name, plan, value, largest, Sum(byHazard.Length, u => byHazard[u] * plan.HazardByBudget(u)), double.NaN, double.NaN, response.Converged);
        }

        private AllocationOption Best(string name, EnforcementForm form, BudgetSet set, params double[][] starts) =>
            starts.Select(start => Descend(name, form, set, start)).MinBy(o => o.Value)!;

        private AllocationOption Descend(string name, EnforcementForm form, BudgetSet set, double[] start)
        {
            var settings = new BudgetDescentOptions { Gap = options.RelativeGap * scale * options.Budget, StepLimit = options.StepLimit };
            var (plan, converged) = (new EnforcementPlan(form, options.Budget, start), true);
            double Total(double[] x) => Solved(x).Value(aim);
            double[] ByZone(double[] x) => Solved(x).ByZone;
            double[] Of(int zone) => Gradient(response.Only(zone));
            double[] Gradient(double[] weights) => [.. response.ByHazard(weights, form == EnforcementForm.Reduced).Select((d, u) => d * plan.HazardByVariable(u))];
            RouteResponse Solved(double[] x)
            {
                cancel.ThrowIfCancellationRequested();
                plan = new EnforcementPlan(form, options.Budget, [.. x]);
                response.Solve(plan);
                converged &= response.Converged;
                return response;
            }
            var end = aim == AllocationAim.Total ? BudgetDescent.Run(set, start, Total, () => Gradient([]), settings) : MinimaxDescent.Run(set, start, ByZone, Of, settings);
            var price = Sum(end.Gradient.Count, u => end.Gradient[u] / plan.HazardByVariable(u) * plan.HazardByBudget(u));
            return new AllocationOption(name, plan, end.Value, Largest(), plan.Units.Any(x => x > 0) ? price : Unused(end.Gradient, plan), end.Gap, end.Gap / (scale * options.Budget), converged && end.Gap <= settings.Gap);
        }

        // The first unit of a budget of which nothing is used: where it does most good, or for a reduction where it does most harm.
        private static double Unused(IReadOnlyList<double> gradient, EnforcementPlan plan) => plan.Form == EnforcementForm.Reduced ? -gradient.Min() : gradient.Min();

        private static double Sum(int count, Func<int, double> term)
        {
            var sum = 0.0;
            for (var u = 0; u < count; u++) sum += term(u);
            return sum;
        }
    }
}
