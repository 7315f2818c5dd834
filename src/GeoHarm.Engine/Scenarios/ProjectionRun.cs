using GeoHarm.Engine.Displacement;
using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Engine.Scenarios;

/// <summary>One unit of a projection, hectares with intervals over members.</summary>
/// <param name="Unit">Index of the unit.</param>
/// <param name="Start">Hectares in the baseline year.</param>
/// <param name="Before">Hectares in the last year without the policy: start and growth.</param>
/// <param name="After">Hectares with the policy.</param>
/// <param name="Change">After less before, member by member.</param>
/// <param name="Removed">Gross removal over the years.</param>
/// <param name="Replanted">Replanted in place.</param>
/// <param name="Reappeared">Reappeared here under the scenario's kappa.</param>
/// <param name="ReappearedByKappa">The same under each of <see cref="CultivationInputs.Kappas"/>: what-ifs side by side.</param>
/// <param name="Announced">Planted because a programme was announced.</param>
/// <param name="Growth">Autonomous growth, never called displacement.</param>
public sealed record ProjectedUnit(
    int Unit, double Start, Interval Before, Interval After, Interval Change, Interval Removed, Interval Replanted, Interval Reappeared,
    IReadOnlyList<Interval> ReappearedByKappa, Interval Announced, Interval Growth);

/// <summary>A projection's result.</summary>
/// <param name="Units">Every unit, in order.</param>
/// <param name="Balance">Totals over all units by part, ha: start, before, announced, removed, replanted, reappeared, ended, induced, growth, after.</param>
/// <param name="BalanceGap">Largest relative gap of both identities over members and units.</param>
/// <param name="TreatedHectares">Hectares treated over all measures and years.</param>
/// <param name="NetPerTreated">Net change over all units without growth per treated hectare, a check on the whole response against
/// published net effects and never a kill share; null when nothing is treated.</param>
public sealed record ProjectionResult(
    IReadOnlyList<ProjectedUnit> Units, IReadOnlyList<(string Part, Interval Hectares)> Balance, double BalanceGap, double TreatedHectares, Interval? NetPerTreated);

/// <summary>
/// The what-if ensemble of cultivation (models.md 1): every member draws its priors, projects the plan under each kernel with the same
/// draws, and keeps its accounts. Members write to their own places, so any number of threads gives the same bits.
/// Cost: 1,000 members of 1,122 units and 20 years with 250 units treated a year in a few CPU seconds (benchmarks/results/displacement.md).
/// Memory: members x units x 10 numbers.
/// </summary>
public static class ProjectionRun
{
    /// <summary>Runs the ensemble of the scenario's members.</summary>
    public static ProjectionResult Run(CultivationInputs inputs, RunOptions options, CancellationToken cancel)
    {
        var draws = new ProjectionDraws(inputs);
        Ensemble.Run(inputs.Scenario.Members, options.Threads, () => new CultivationMember(inputs), draws.Keep, options.Progress, cancel);
        var treated = inputs.Plan.Measures.SelectMany(m => m.Treated.Values).Sum(t => ScenarioInputs.Sum(t));
        return new ProjectionResult(
            [.. Enumerable.Range(0, inputs.Plan.Start.Length).Select(draws.Unit)], draws.Balance(), draws.Gap(), treated, treated > 0 ? draws.Net(treated) : null);
    }

    /// <summary>Draws of all members, member-major.</summary>
    private sealed class ProjectionDraws
    {
        private readonly CultivationInputs inputs;
        private readonly int members, units;
        private readonly double[] leakage, growth, removed, replanted, announced, stock;
        private readonly double[][] reappeared;

        public ProjectionDraws(CultivationInputs inputs)
        {
            (this.inputs, members, units) = (inputs, inputs.Scenario.Members, inputs.Plan.Start.Length);
            (leakage, growth) = (new double[members], new double[members]);
            double[] Room() => new double[members * units];
            (removed, replanted, announced, stock) = (Room(), Room(), Room(), Room());
            reappeared = [.. inputs.Kernels.Select(_ => Room())];
        }

        public void Keep(int member, CultivationMember own)
        {
            own.Draw(member);
            (leakage[member], growth[member]) = (own.Leakage, own.Growth);
            for (var k = 0; k < reappeared.Length; k++)
            {
                own.Project(k);
                own.Balance.Reappeared.CopyTo(reappeared[k], member * units);
                if (k != inputs.Headline) continue;
                own.Balance.Removed.CopyTo(removed, member * units);
                own.Balance.Replanted.CopyTo(replanted, member * units);
                own.Balance.Announced.CopyTo(announced, member * units);
                own.Stock.CopyTo(stock.AsSpan(member * units));
            }
        }

        public ProjectedUnit Unit(int u)
        {
            var start = inputs.Plan.Start[u];
            return new ProjectedUnit(
                u, start, Over(m => start * growth[m]), Over(m => stock[m * units + u] * growth[m]), Over(m => stock[m * units + u] * growth[m] - start * growth[m]),
                At(removed, u), At(replanted, u), At(reappeared[inputs.Headline], u), [.. Enumerable.Range(0, CultivationInputs.Kappas.Count).Select(k => At(reappeared[k], u))],
                At(announced, u), Over(m => stock[m * units + u] * (growth[m] - 1)));
        }

        public IReadOnlyList<(string, Interval)> Balance()
        {
            var start = ScenarioInputs.Sum(inputs.Plan.Start);
            double[] r = Totals(removed), p = Totals(replanted), back = Totals(reappeared[inputs.Headline]), planted = Totals(announced), left = Totals(stock);
            // What neither stands, replants nor reappears has ended; below zero lambda induces planting, and is said so.
            Interval Rest(double sign) => Over(m => Math.Max(0, sign * (1 - leakage[m]) * (r[m] - p[m])));
            return
            [
                ("start", Interval.Exactly(start)), ("before", Over(m => start * growth[m])), ("announced", Over(m => planted[m])), ("removed", Over(m => r[m])), ("replanted", Over(m => p[m])),
                ("reappeared", Over(m => back[m])), ("ended", Rest(1)), ("induced", Rest(-1)), ("growth", Over(m => left[m] * (growth[m] - 1))), ("after", Over(m => left[m] * growth[m])),
            ];
        }

        /// <summary>Net change of all units before growth, per treated hectare.</summary>
        public Interval Net(double treated)
        {
            var (left, start) = (Totals(stock), ScenarioInputs.Sum(inputs.Plan.Start));
            return Over(m => (left[m] - start) / treated);
        }

        /// <summary>Largest |after - (start + announced - removed + replanted + reappeared + growth)| of a unit, and
        /// |sum reappeared - lambda sum (removed - replanted)| of a member, relative to the hectares at the start.</summary>
        public double Gap()
        {
            var scale = Math.Max(1, ScenarioInputs.Sum(inputs.Plan.Start));
            var gap = 0.0;
            double[] r = Totals(removed), p = Totals(replanted);
            for (var m = 0; m < members; m++)
            {
                for (var u = 0; u < units; u++)
                {
                    var i = m * units + u;
                    var after = stock[i] * growth[m];
                    var expected = inputs.Plan.Start[u] + announced[i] - removed[i] + replanted[i] + reappeared[inputs.Headline][i] + stock[i] * (growth[m] - 1);
                    gap = Math.Max(gap, Math.Abs(after - expected) / scale);
                }
            }
            var back = Totals(reappeared[inputs.Headline]);
            for (var m = 0; m < members; m++) gap = Math.Max(gap, Math.Abs(back[m] - leakage[m] * (r[m] - p[m])) / scale);
            return gap;
        }

        private double[] Totals(double[] values)
        {
            var totals = new double[members];
            for (var m = 0; m < members; m++) totals[m] = ScenarioInputs.Sum(values.AsSpan(m * units, units));
            return totals;
        }

        private Interval At(double[] values, int u) => Over(m => values[m * units + u]);

        private Interval Over(Func<int, double> draw)
        {
            var values = new double[members];
            for (var m = 0; m < members; m++) values[m] = draw(m);
            return Interval.OfDraws(values);
        }
    }
}
