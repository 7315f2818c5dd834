using CsCheck;
using GeoHarm.Engine.Displacement;

namespace GeoHarm.Engine.Tests.Displacement;

public class BalloonProjectionTests
{
    private static readonly Attraction Linear = new(1, 0, 0, 1);

    private static ReappearanceKernel Kernel(double kappa, double[] distances) => new(kappa, distances, Enumerable.Range(0, (int)Math.Sqrt(distances.Length)));

    private static readonly ReappearanceKernel Flat = Kernel(double.PositiveInfinity, new double[9]);

    [Fact]
    public void Eradicating_a_unit_moves_its_area_to_the_others_by_hand()
    {
        // 100 ha, all treated once with q = 0.5: 50 removed, 20 % of it replanted, half of the other 40 reappears, 3 : 1 by area.
        var stock = new[] { 100.0, 30, 10 };
        var balance = new BalloonBalance(3);
        new BalloonProjection(Linear, [true, true, true]).Step(stock, [100, 0, 0], [], [new EradicationDraw(0.5, 0.2)], 0.5, Flat, balance);
        Assert.Equal([60, 45, 15], stock.Select(v => Math.Round(v, 12)));
        Assert.Equal((50, 10, 15), (balance.Removed[0], balance.Replanted[0], balance.Reappeared[1]));
    }

    [Fact]
    public void A_finite_kappa_prefers_the_neighbour()
    {
        double[] distances = [0, 50, 500, 50, 0, 450, 500, 450, 0];
        var stock = new[] { 100.0, 50, 50 };
        new BalloonProjection(Linear, [true, true, true]).Step(stock, [1000, 0, 0], [], [new EradicationDraw(0.9, 0)], 1, Kernel(75, distances), new BalloonBalance(3));
        Assert.True(stock[1] - 50 > 100 * (stock[2] - 50), $"near {stock[1]}, far {stock[2]}");
    }

    [Fact]
    public void An_announcement_plants_before_the_programme_removes_by_hand()
    {
        // 100 ha; the announcement adds a fifth: 120, of which all are treated with q = 1 and nothing comes back.
        var stock = new[] { 100.0, 30, 10 };
        var balance = new BalloonBalance(3);
        new BalloonProjection(Linear, [true, true, true]).Step(stock, [120, 0, 0], [true, false, false], [new EradicationDraw(1, 0, 0.2)], 0, Flat, balance);
        Assert.Equal((0, 20, 120), (stock[0], balance.Announced[0], balance.Removed[0]));
        Assert.Equal([30.0, 10], stock[1..]);
    }

    [Fact]
    public void Hectares_balance_for_any_stock_treatment_and_assumption()
    {
        var unit = Gen.Select(Gen.Double[0, 50000], Gen.Double[0, 80000], Gen.Double[0, 80000]);
        Gen.Select(unit.Array[2, 21], Gen.Double[0, 1], Gen.Double[0, 1], Gen.Double[0, 1.1], Gen.Int[0, 2].Select(k => new[] { 30.0, 250, double.PositiveInfinity }[k])).Sample((units, q, rho, lambda, kappa) =>
        {
            var n = units.Length;
            var before = units.Select(u => u.Item1).ToArray();
            double[] stock = [.. before], treated = [.. units.Select(u => u.Item2), .. units.Select(u => u.Item3)];
            EradicationDraw[] kinds = [new(q, rho, 0.3), new(1 - q, 0.3)];
            var announced = Enumerable.Range(0, 2 * n).Select(a => a % 3 == 0 && a < n).ToArray();
            var distances = Enumerable.Range(0, n * n).Select(i => Math.Abs(i / n - i % n) * 40.0).ToArray();
            var (attraction, balance) = (new Attraction(0.7, 0.05, 0, 1), new BalloonBalance(n));
            new BalloonProjection(attraction, new bool[n]).Step(stock, treated, announced, kinds, lambda, Kernel(kappa, distances), balance);
            var scale = Math.Max(1, before.Sum());
            for (var i = 0; i < n; i++)
            {
                Assert.InRange(balance.Removed[i], 0, 1.3 * before[i] * (1 + 1e-12));
                Assert.Equal(before[i] + balance.Announced[i] - balance.Removed[i] + balance.Replanted[i] + balance.Reappeared[i], stock[i], 1e-9 * scale);
            }
            Assert.Equal(lambda * (balance.Removed.Sum() - balance.Replanted.Sum()), balance.Reappeared.Sum(), 1e-9 * scale);
            // The rival: every origin scattered pair by pair.
            var plain = Scattered(before, balance, lambda, kappa, distances, attraction);
            for (var i = 0; i < n; i++) Assert.Equal(plain[i], balance.Reappeared[i], 1e-9 * scale);
        }, iter: 300);
    }

    /// <summary>P(j|i) written out: units x units, no vectors, no shared sums.</summary>
    private static double[] Scattered(double[] before, BalloonBalance balance, double lambda, double kappa, double[] distances, Attraction attraction)
    {
        var n = before.Length;
        double[] weights = new double[n], arriving = new double[n], standing = [.. before.Select((b, i) => b + balance.Announced[i])];
        attraction.Weights(standing, new bool[n], weights);
        for (var i = 0; i < n; i++)
        {
            double Pull(int j) => j == i ? 0 : weights[j] * Math.Exp(-distances[i * n + j] / kappa);
            var sum = Enumerable.Range(0, n).Sum(Pull);
            for (var j = 0; j < n; j++) arriving[j] += lambda * (balance.Removed[i] - balance.Replanted[i]) * Pull(j) / sum;
        }
        return arriving;
    }

    [Fact]
    public void Attraction_of_many_units_is_that_of_each_alone() =>
        Gen.Select(Gen.Double[-300, 12].Array[1, 23], Gen.Double[0, 2]).Sample((exponents, power) =>
        {
            double[] areas = [0, .. exponents.Select(e => e < -12 ? 0 : Math.Pow(10, e))], weights = new double[areas.Length];
            new Attraction(power, 0, 0, 1).Weights(areas, new bool[areas.Length], weights);
            var sum = areas.Sum(a => a > 0 ? Math.Pow(a, power) : 0);
            for (var i = 0; i < areas.Length && sum > 0; i++) Assert.Equal(areas[i] > 0 ? Math.Pow(areas[i], power) / sum : 0, weights[i], 1e-13);
        }, iter: 2000);

    [Fact]
    public void A_lottery_deals_out_all_hectares_among_its_places_and_differs_from_member_to_member()
    {
        var plan = new BalloonPlan
        {
            BaselineYear = 2000, ToYear = 2001, Start = [100, 200, 300, 400, 0], Ever = [true, true, true, true, false], Attraction = new Attraction(0.7, 0.05, 0, 1),
            Measures = [new BalloonMeasure { Treated = new Dictionary<int, double[]> { [2001] = [250, 0, 0, 0, 0] }, Places = [0, 1, 2], IsRandomised = true }],
        };
        var kernel = new ReappearanceKernel(double.PositiveInfinity, new double[25], plan.Origins);
        var years = new BalloonYears(plan);
        var first = new double[4];
        for (var member = 0u; member < 200; member++)
        {
            years.Run([new EradicationDraw(1, 0)], 0, kernel, 3, member);
            // q = 1 removes all where every hectare is treated, or E < C leaves nothing either way: removed where treated.
            Assert.Equal(0, years.Balance.Removed[3] + years.Balance.Removed[4]);
            for (var u = 0; u < 4; u++) first[u] += years.Balance.Removed[u] > 0 ? 1 : 0;
        }
        // The largest is met most often, every place sometimes.
        Assert.True(first[0] > 10 && first[0] < first[2] && first[2] < 200, string.Join(' ', first));
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
