using GeoHarm.Routing.Sweeps;
using Google.OrTools.LinearSolver;

namespace GeoHarm.Routing.Tests.Sweeps;

public sealed class BudgetDescentTests
{
    private static double[] Limits(int count, double each = double.PositiveInfinity) => [.. Enumerable.Repeat(each, count)];

    private static double Dot(IReadOnlyList<double> a, IReadOnlyList<double> b) => a.Zip(b, (x, y) => x * y).Sum();

    [Fact]
    public void Projections_and_vertices_as_worked_by_hand()
    {
        double[] point = [0.9, 0.4, -1];
        new BudgetSet(Limits(3), 1, inFull: true).Project(point); // shift 0.15: (0.75, 0.25, 0)
        Assert.Equal([0.75, 0.25, 0], point.Select(x => Math.Round(x, 12)));
        point = [0.9, 0.3, -1];
        new BudgetSet([0.5, 1, 1], 1, inFull: false).Project(point); // clamped it holds 0.8: nothing to shift
        Assert.Equal([0.5, 0.3, 0], point);
        point = [-3, -3.2, -9];
        new BudgetSet(Limits(3), 1, inFull: true).Project(point); // shift -3.6
        Assert.Equal([0.6, 0.4, 0], point.Select(x => Math.Round(x, 12)));
        Assert.Equal([0.4, 0, 0.6], new BudgetSet([0.4, 1, 1], 1, inFull: true).Cheapest([-2, 3, 1]));
        Assert.Equal([0.4, 0, 0], new BudgetSet([0.4, 1, 1], 1, inFull: false).Cheapest([-2, 3, 1]));
        Assert.Throws<ArgumentException>(() => new BudgetSet([0.4, 0.4], 1, inFull: true));
    }

    [Fact]
    public void A_projection_is_the_nearest_point_and_spends_to_the_last_bit()
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            var count = 1 + random.Next(40);
            double[] limit = [.. Enumerable.Range(0, count).Select(_ => 0.2 + random.NextDouble())];
            var set = new BudgetSet(limit, limit.Sum() * (0.05 + 0.9 * random.NextDouble()), random.Next(2) == 0);
            double[] point = [.. Enumerable.Range(0, count).Select(_ => 4 * random.NextDouble() - 2)];
            double[] nearest = [.. point];
            set.Project(nearest);
            Assert.True(nearest.Select((x, i) => x >= 0 && x <= limit[i]).All(ok => ok), $"seed {seed}");
            Assert.True(set.InFull ? Math.Abs(nearest.Sum() - set.Budget) <= 1e-14 * count : nearest.Sum() <= set.Budget * (1 + 1e-12), $"seed {seed}: {nearest.Sum()} of {set.Budget}");
            for (var trial = 0; trial < 20; trial++)
            {
                var other = set.Cheapest([.. Enumerable.Range(0, count).Select(_ => random.NextDouble() - 0.5)]);
                Assert.True(Enumerable.Range(0, count).Sum(i => (point[i] - nearest[i]) * (other[i] - nearest[i])) <= 1e-9, $"seed {seed}");
            }
        }
    }

    [Fact]
    public void Least_squares_over_a_budget_is_the_projection_and_the_gap_bounds_what_is_left()
    {
        for (var seed = 1; seed <= 50; seed++)
        {
            var random = new Random(seed);
            var count = 2 + random.Next(30);
            double[] weight = [.. Enumerable.Range(0, count).Select(_ => 1 + 9 * random.NextDouble())], centre = [.. Enumerable.Range(0, count).Select(_ => 2 * random.NextDouble() - 1)];
            var at = new double[count];
            double Value(double[] x) { at = [.. x]; return x.Select((v, i) => weight[i] * (v - centre[i]) * (v - centre[i]) / 2).Sum(); }
            double[] Gradient() => [.. at.Select((v, i) => weight[i] * (v - centre[i]))];
            var found = BudgetDescent.Run(new BudgetSet(Limits(count), 1, inFull: true), [.. Enumerable.Repeat(1.0 / count, count)], Value, Gradient, new BudgetDescentOptions { Gap = 1e-7 }); // values to 1e-15 tell steps to their root
            // By hand: x_i = max(0, c_i - m / w_i), m by halving.
            double low = -100, high = 100;
            for (var i = 0; i < 200; i++)
            {
                var m = (low + high) / 2;
                if (centre.Select((c, j) => Math.Max(0, c - m / weight[j])).Sum() > 1) low = m;
                else high = m;
            }
            double[] exact = [.. centre.Select((c, j) => Math.Max(0, c - high / weight[j]))];
            Assert.True(found.Gap <= 1e-7 && found.Value - Value(exact) <= found.Gap + 1e-12, $"seed {seed}: {found.Gap}, {found.Value - Value(exact)}, {found.Steps} steps");
            for (var i = 0; i < count; i++) Assert.Equal(exact[i], found.Allocation[i], 1e-5);
        }
    }

    [Fact]
    public void A_descent_never_ends_above_its_start_on_functions_with_many_valleys()
    {
        for (var seed = 1; seed <= 60; seed++)
        {
            var random = new Random(seed);
            var count = 2 + random.Next(10);
            double[] wave = [.. Enumerable.Range(0, 4 * count).Select(_ => 6 * random.NextDouble())];
            double One(double[] x, int p) => x.Select((v, i) => Math.Sin(wave[p * count + i] * (1 + v) * 3)).Sum();
            double[] Slope(double[] x, int p) => [.. x.Select((v, i) => 3 * wave[p * count + i] * Math.Cos(wave[p * count + i] * (1 + v) * 3))];
            var at = new double[count];
            var set = new BudgetSet(Limits(count), 1, random.Next(2) == 0);
            double[] start = [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() - 0.5)];
            set.Project(start);
            set.Project(start); // to the last bit what the searches start from
            var smooth = BudgetDescent.Run(set, start, x => One(at = [.. x], 0), () => Slope(at, 0), new BudgetDescentOptions { Gap = 1e-7 });
            Assert.True(smooth.Value <= One(start, 0), $"seed {seed}");
            Assert.Equal(smooth.Value, One([.. smooth.Allocation], 0), 1e-15);
            Assert.Equal(smooth.Allocation, at);
            double[] All(double[] x) { at = [.. x]; return [.. Enumerable.Range(0, 4).Select(p => One(x, p))]; }
            var largest = MinimaxDescent.Run(set, start, All, p => Slope(at, p), new BudgetDescentOptions { Gap = 1e-7 });
            Assert.True(largest.Value <= All(start).Max(), $"seed {seed}");
            Assert.Equal(largest.Value, All([.. largest.Allocation]).Max(), 1e-15);
        }
    }

    [Fact]
    public void The_largest_of_affine_functions_is_as_small_as_a_linear_programme_makes_it()
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            int count = 2 + random.Next(40), pieces = 1 + random.Next(9);
            var inFull = random.Next(2) == 0;
            double[] level = [.. Enumerable.Range(0, pieces).Select(_ => 10 + 0.4 * random.NextDouble())];
            double[][] slope = [.. Enumerable.Range(0, pieces).Select(_ => (double[])[.. Enumerable.Range(0, count).Select(_ => 2 * random.NextDouble() - 1.2)])];
            var set = new BudgetSet(Limits(count, 0.5), 0.9, inFull);
            double[] All(double[] x) => [.. slope.Select((g, p) => level[p] + Dot(g, x))];
            var found = MinimaxDescent.Run(set, [.. Enumerable.Repeat(0.9 / count, count)], All, p => slope[p], new BudgetDescentOptions { Gap = 1e-5 });
            using var solver = Solver.CreateSolver("GLOP");
            var variables = Enumerable.Range(0, count).Select(i => solver.MakeNumVar(0, 0.5, $"x{i}")).ToArray();
            var top = solver.MakeNumVar(double.NegativeInfinity, double.PositiveInfinity, "t");
            var spent = solver.MakeConstraint(inFull ? 0.9 : 0, 0.9, "budget");
            foreach (var variable in variables) spent.SetCoefficient(variable, 1);
            for (var p = 0; p < pieces; p++)
            {
                var row = solver.MakeConstraint(level[p], double.PositiveInfinity, $"p{p}");
                row.SetCoefficient(top, 1);
                for (var i = 0; i < count; i++) row.SetCoefficient(variables[i], -slope[p][i]);
            }
            solver.Objective().SetCoefficient(top, 1);
            solver.Objective().SetMinimization();
            Assert.Equal(Solver.ResultStatus.OPTIMAL, solver.Solve());
            var exact = solver.Objective().Value();
            Assert.True(found.Value >= exact - 1e-7 && found.Value <= exact + found.Gap + 1e-7 && found.Gap <= 1e-5, $"seed {seed}: {found.Value} against {exact}, gap {found.Gap}, {found.Steps} steps of {pieces} pieces over {count}");
        }
    }
}
