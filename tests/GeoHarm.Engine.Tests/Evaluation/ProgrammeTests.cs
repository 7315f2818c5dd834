using GeoHarm.Engine.Displacement;
using GeoHarm.Engine.Evaluation;
using GeoHarm.Engine.Tests.Displacement;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Engine.Tests.Evaluation;

public class ProgrammeTests
{
    private static readonly string[] Macarena = ["50370", "50330", "50683", "50711", "50590", "50350"];

    private static UnitPanel Panel(double[][] rows, int firstYear = 2001) => UnitPanel.FromArrays(
        Enumerable.Range(0, rows.Length).Select(i => $"u{i}").ToArray(), firstYear, rows[0].Length, new Dictionary<string, double[]> { ["y"] = rows.SelectMany(r => r).ToArray() });

    [Fact]
    public void Macarena_fell_by_the_published_amount_and_its_spraying_is_flagged()
    {
        var panel = StudyPanel.Enforcement();
        var programme = Programme.Of(panel, "coca_", Macarena, 2006, 2009, log: true);
        var result = DifferenceInDifferences.Run(panel, programme, new EvaluationOptions { Sum = true });
        Assert.Equal(-1.182, result.Effect.Value, 5e-4);
        Assert.True(result.Effect.Low < -1.182 && result.Effect.High > -1.182);
        double Total(string variable, int year) => programme.Treated.Sum(u => panel.Year(variable, year)[u]);
        Assert.Equal(6498, Total("coca_", 2006), 0.5);
        Assert.Equal(7248, Total("coca_", 2007), 0.5);
        Assert.Equal(1848, Total("coca_", 2009), 0.5);
        Assert.Equal(15_109, Total("asp_", 2006), 0.5);
        Assert.Contains(Confounders.Find(panel, programme, ["asp_"]), f => f is { Column: "asp_", Window: "before" });
        Assert.Contains(Confounders.Find(panel, programme, ["asp_"]), f => f is { Column: "asp_", Window: "during" });
    }

    [Fact]
    public void A_difference_in_differences_by_hand()
    {
        // Treated 10 -> 6 and 20 -> 14: mean -5. Controls 10 -> 9, 30 -> 30, 5 -> 3: mean -1. Effect -4.
        var panel = Panel([[10, 6], [20, 14], [10, 9], [30, 30], [5, 3]]);
        var programme = Programme.Of(panel, "y", ["u0", "u1"], 2001, 2002);
        var result = DifferenceInDifferences.Run(panel, programme);
        Assert.Equal(-4, result.Effect.Value, 1e-12);
        // Variances of changes: treated (1 + 1) / 4 = 0.5; controls (0 + 1 + 1) / 9: error sqrt(0.5 + 2/9).
        Assert.Equal(-4 + 1.959964 * Math.Sqrt(0.5 + 2.0 / 9), result.Effect.High, 1e-6);
        var sums = DifferenceInDifferences.Run(panel, programme, new EvaluationOptions { Sum = true });
        Assert.Equal(-10 - -3, sums.Effect.Value, 1e-12);
    }

    [Fact]
    public void Neighbours_that_may_receive_are_no_donors_and_unknown_codes_are_faults()
    {
        var panel = Panel([[1, 1], [2, 2], [3, 3], [4, 4]]);
        var chain = SpatialWeights.FromLinks(4, [(0, 1, 1), (1, 0, 1), (1, 2, 1), (2, 1, 1)]);
        Assert.Equal([2, 3], Programme.Of(panel, "y", ["u0"], 2001, 2002, excludeNeighbours: chain).Controls);
        var faults = Assert.Throws<InvalidInputException>(() => Programme.Of(panel, "y", ["u9", "u8"], 2002, 2050)).Faults;
        Assert.Equal(3, faults.Count);
    }

    [Fact]
    public void Matching_keeps_the_controls_that_look_alike()
    {
        var panel = Panel([[10, 11, 5], [1, 1, 1], [10, 12, 12], [100, 90, 80], [9, 11, 10]]);
        var programme = Programme.Of(panel, "y", ["u0"], 2002, 2003);
        Assert.Equal([2, 4], Matching.Select(panel, programme, ["y"], 2).Controls);
    }

    [Fact]
    public void Staggered_effects_that_grow_are_found_without_the_bias_of_the_two_way_regression()
    {
        // Cohorts 2004 and 2007; the effect grows by one a year, so treated units make bad controls for each other.
        const ulong seed = 6;
        var random = new CounterRandom(seed, 0, 0);
        var first = new int?[90];
        var rows = new double[90][];
        for (var u = 0; u < 90; u++)
        {
            first[u] = u < 30 ? 2004 : u < 60 ? 2007 : null;
            rows[u] = new double[10];
            var level = random.NextNormal() * 5;
            for (var t = 0; t < 10; t++) rows[u][t] = level + 0.7 * t + (first[u] is { } g && 2001 + t >= g ? 2001 + t - g + 1 : 0) + 0.1 * random.NextNormal();
        }
        var result = StaggeredAdoption.Run(Panel(rows), "y", first, new EvaluationOptions { Draws = 199 });
        foreach (var (since, effect) in result.ByEvent)
        {
            var truth = Math.Max(0, since + 1);
            Assert.True(Math.Abs(effect.Value - truth) < 0.15, $"seed {seed}: {since} years since: {effect}");
        }
        // Cohort 2004 has seven years (1..7), cohort 2007 four (1..4): mean (28 + 10) / 11.
        Assert.Equal(38.0 / 11, result.Overall.Value, 0.1);
        Assert.True(result.Overall.Low < 38.0 / 11 && result.Overall.High > 38.0 / 11);
    }

    [Fact]
    public void Synthetic_weights_equal_an_independent_quadratic_programme()
    {
        // Rival: accelerated projection onto the simplex (sorting method), run until it no longer moves.
        const ulong seed = 12;
        for (uint round = 0; round < 8; round++)
        {
            var random = new CounterRandom(seed, round, 0);
            int donors = 3 + random.NextBelow(25), years = 4 + random.NextBelow(8);
            var columns = Enumerable.Range(0, donors).Select(_ => Enumerable.Range(0, years).Select(_ => random.NextNormal()).ToArray()).ToList();
            var target = Enumerable.Range(0, years).Select(_ => 0.5 * random.NextNormal()).ToArray();
            const double ridge = 0.05;
            var ours = SimplexLeastSquares.Solve(columns, target, ridge);
            var theirs = Projected(columns, target, ridge);
            Assert.Equal(1, ours.Sum(), 1e-10);
            Assert.All(ours, w => Assert.True(w >= 0));
            for (var j = 0; j < donors; j++) Assert.True(Math.Abs(ours[j] - theirs[j]) < 1e-5, $"seed {seed}, round {round}: weight {j}: {ours[j]} against {theirs[j]}");
        }
    }

    private static double[] Projected(List<double[]> columns, double[] target, double ridge)
    {
        var n = columns.Count;
        var w = Enumerable.Repeat(1.0 / n, n).ToArray();
        var y = (double[])w.Clone();
        var lipschitz = columns.Sum(c => c.Sum(v => v * v)) + ridge;
        var momentum = 1.0;
        for (var step = 0; step < 60_000; step++)
        {
            var residual = target.Select((t, k) => columns.Select((c, j) => c[k] * y[j]).Sum() - t).ToArray();
            var moved = y.Select((v, j) => v - (columns[j].Zip(residual, (a, b) => a * b).Sum() + ridge * v) / lipschitz).ToArray();
            var sorted = moved.OrderDescending().ToArray();
            double sum = 0, shift = 0;
            for (var k = 0; k < n; k++)
            {
                sum += sorted[k];
                if (sorted[k] - (sum - 1) / (k + 1) > 0) shift = (sum - 1) / (k + 1);
            }
            var next = moved.Select(v => Math.Max(0, v - shift)).ToArray();
            var change = next.Zip(w, (a, b) => Math.Abs(a - b)).Max();
            var nextMomentum = (1 + Math.Sqrt(1 + 4 * momentum * momentum)) / 2;
            y = next.Zip(w, (a, b) => a + (momentum - 1) / nextMomentum * (a - b)).ToArray();
            (w, momentum) = (next, nextMomentum);
            if (change < 1e-13 && step > 100) break;
        }
        return w;
    }

    [Fact]
    public void A_mixture_of_donors_is_recognised_and_its_drop_measured()
    {
        var random = new CounterRandom(3, 0, 0);
        var rows = new double[21][];
        for (var d = 1; d <= 20; d++)
        {
            rows[d] = new double[14];
            var value = 50 + 20 * random.NextNormal();
            for (var t = 0; t < 14; t++) rows[d][t] = value += 4 * random.NextNormal();
        }
        rows[0] = Enumerable.Range(0, 14).Select(t => 0.6 * rows[3][t] + 0.4 * rows[8][t] - (t >= 10 ? 12 : 0)).ToArray();
        var panel = Panel(rows);
        var programme = Programme.Of(panel, "y", ["u0"], 2010, 2014);
        var result = SyntheticControl.Run(panel, programme, new SyntheticOptions { Ridge = 1e-10 });
        Assert.Equal(-12, result.Effect.Value, 0.05);
        Assert.Equal(1, result.Rank);
        Assert.Equal(1.0 / 21, result.P, 1e-12);
        Assert.Equal(0.6, result.Weights.Single(w => w.Unit == 3).Weight, 0.01);
        Assert.Equal(0.4, result.Weights.Single(w => w.Unit == 8).Weight, 0.01);
        var difference = SyntheticControl.RunDifference(panel, programme);
        Assert.InRange(difference.Effect.Value, -20, -5);
    }

    [Fact]
    public void Synthetic_difference_with_parallel_paths_is_the_plain_difference()
    {
        // All paths parallel: any weights give the same answer.
        var rows = Enumerable.Range(0, 12).Select(u => Enumerable.Range(0, 8).Select(t => 10.0 * u + t * t + (u == 0 && t >= 5 ? -7 : 0)).ToArray()).ToArray();
        var panel = Panel(rows);
        var result = SyntheticControl.RunDifference(panel, Programme.Of(panel, "y", ["u0"], 2005, 2008));
        Assert.Equal(-7, result.Effect.Value, 1e-8);
    }
}
