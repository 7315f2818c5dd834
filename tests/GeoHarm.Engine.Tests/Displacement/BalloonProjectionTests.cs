using CsCheck;
using GeoHarm.Engine.Displacement;

namespace GeoHarm.Engine.Tests.Displacement;

public class BalloonProjectionTests
{
    private static readonly Attraction Linear = new(1, 0, 0, 1);

    [Fact]
    public void Eradicating_a_unit_moves_its_area_to_the_others_by_hand()
    {
        // 100 ha, all treated once with q = 0.5: 50 removed, 20 % of it replanted, half of the other 40 reappears, 3 : 1 by area.
        var stock = new[] { 100.0, 30, 10 };
        var balance = new BalloonBalance(3);
        new BalloonProjection(Linear, [true, true, true], new double[9]).Step(stock, [100, 0, 0], [new EradicationDraw(0.5, 0.2)], new BalloonAssumptions(0.5, double.PositiveInfinity), balance);
        Assert.Equal([60, 45, 15], stock.Select(v => Math.Round(v, 12)));
        Assert.Equal((50, 10, 15), (balance.Removed[0], balance.Replanted[0], balance.Reappeared[1]));
    }

    [Fact]
    public void A_finite_kappa_prefers_the_neighbour()
    {
        double[] distances = [0, 50, 500, 50, 0, 450, 500, 450, 0];
        var stock = new[] { 100.0, 50, 50 };
        new BalloonProjection(Linear, [true, true, true], distances).Step(stock, [1000, 0, 0], [new EradicationDraw(0.9, 0)], new BalloonAssumptions(1, 75), new BalloonBalance(3));
        Assert.True(stock[1] - 50 > 100 * (stock[2] - 50), $"near {stock[1]}, far {stock[2]}");
    }

    [Fact]
    public void Hectares_balance_for_any_stock_treatment_and_assumption()
    {
        var unit = Gen.Select(Gen.Double[0, 50000], Gen.Double[0, 80000], Gen.Double[0, 80000]);
        Gen.Select(unit.Array[2, 12], Gen.Double[0, 1], Gen.Double[0, 1], Gen.Double[0, 1.1], Gen.Int[0, 2].Select(k => new[] { 30.0, 250, double.PositiveInfinity }[k])).Sample((units, q, rho, lambda, kappa) =>
        {
            var n = units.Length;
            var before = units.Select(u => u.Item1).ToArray();
            var stock = (double[])before.Clone();
            var distances = Enumerable.Range(0, n * n).Select(i => Math.Abs(i / n - i % n) * 40.0).ToArray();
            var balance = new BalloonBalance(n);
            new BalloonProjection(new Attraction(0.7, 0.05, 0, 1), new bool[n], distances).Step(
                stock, [.. units.Select(u => u.Item2), .. units.Select(u => u.Item3)], [new EradicationDraw(q, rho), new EradicationDraw(1 - q, 0.3)], new BalloonAssumptions(lambda, kappa), balance);
            var scale = Math.Max(1, before.Sum());
            for (var i = 0; i < n; i++)
            {
                Assert.InRange(balance.Removed[i], 0, before[i] * (1 + 1e-12));
                Assert.Equal(before[i] - balance.Removed[i] + balance.Replanted[i] + balance.Reappeared[i], stock[i], 1e-9 * scale);
            }
            Assert.Equal(lambda * (balance.Removed.Sum() - balance.Replanted.Sum()), balance.Reappeared.Sum(), 1e-9 * scale);
        }, iter: 300);
    }

    [Fact]
    public void Attraction_is_found_again_in_gains_made_with_it()
    {
        var years = new Dictionary<int, double[]> { [2000] = [10, 100, 400, 1600, 6400] };
        for (var year = 2001; year <= 2006; year++)
        {
            var before = years[year - 1];
            var weights = new double[5];
            new Attraction(0.6, 0.05, 0, 1).Weights(before, [true, true, true, true, true], weights);
            years[year] = [.. before.Select((v, i) => v + 500 * weights[i])];
        }
        var fit = Attraction.Fit(years, _ => true);
        Assert.Equal((0.6, 0.05, 6), (fit.Power, fit.Floor, fit.Years));
    }

    [Fact]
    public void People_leave_in_proportion_to_spraying_and_all_arrive_somewhere_else()
    {
        double[] people = new double[3], arrivals = new double[3], distances = [0, 100, 200, 100, 0, 100, 200, 100, 0];
        HumanDisplacement.Departures([1000, 0, 500], 0.1, people);
        HumanDisplacement.Arrivals(people, [10, 20, 5], distances, 1, arrivals);
        Assert.Equal([100, 0, 50], people);
        // From unit 0: 20/100 against 5/200, so 8/9 and 1/9; from unit 2: 10/200 against 20/100, so 1/5 and 4/5.
        Assert.Equal([10, 100 * 8 / 9.0 + 40, 100 / 9.0], arrivals.Select(a => a), (x, y) => Math.Abs(x - y) < 1e-9);
    }
}
