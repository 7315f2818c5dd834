using GeoHarm.Engine.Displacement;
using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Engine.Tests.Displacement;

public class ShiftMetricsTests
{
    [Fact]
    public void Gain_loss_net_and_swap_by_hand()
    {
        var change = ShiftMetrics.Change(1, 2, [10, 5, 0, 7], [4, 9, 3, 7]);
        Assert.Equal(new ShiftChange(1, 2, 7, 6, 1, 12), change);
    }

    [Fact]
    public void Centre_spread_and_effective_number_by_hand()
    {
        var shift = ShiftMetrics.OfYear(2001, [1, 3], [0, 8], [0, 4], null);
        Assert.Equal(4, shift.Total);
        Assert.Equal(6, shift.CentreX);
        Assert.Equal(3, shift.CentreY);
        // Squared distances 45 and 5: (45 + 15) / 4 = 15.
        Assert.Equal(Math.Sqrt(15), shift.StandardDistance, 1e-12);
        Assert.Equal(1.6, shift.EffectiveNumber, 1e-12);
    }

    [Fact]
    public void The_centre_of_coca_moved_as_published()
    {
        var panel = StudyPanel.Enforcement();
        var (x, y) = StudyPanel.Centroids();
        var queen = StudyPanel.QueenWeights().RowStandardised();
        var first = ShiftMetrics.OfYear(2001, panel.Year("coca_", 2001), x, y, queen);
        var last = ShiftMetrics.OfYear(2017, panel.Year("coca_", 2017), x, y, queen);
        Assert.Equal(969.1, first.CentreX / 1000, 0.05);
        Assert.Equal(758.4, first.CentreY / 1000, 0.05);
        Assert.Equal(395.7, first.StandardDistance / 1000, 0.05);
        Assert.Equal(0.4625, first.Moran, 5e-5);
        Assert.Equal(796.0, last.CentreX / 1000, 0.05);
        Assert.Equal(891.0, last.CentreY / 1000, 0.05);
        Assert.Equal(0.3203, last.Moran, 5e-5);
    }

    [Fact]
    public void Gain_and_loss_of_2002_are_as_published()
    {
        var panel = StudyPanel.Tidy();
        var change = ShiftMetrics.Change(2001, 2002, panel.Year("coca", 2001), panel.Year("coca", 2002));
        Assert.Equal(16_901, change.Gain, 1.0);
        Assert.Equal(51_749, change.Loss, 1.0);
        Assert.Equal(33_803, change.Swap, 2.0); // the workbook's figure; the tidy file differs by tenths
        Assert.Equal(change.Net, panel.Year("coca", 2002).Sum() - panel.Year("coca", 2001).Sum(), 1e-6);
    }

    [Fact]
    public void Swap_is_twice_the_lesser_of_gain_and_loss_and_net_is_what_the_totals_say()
    {
        const ulong seed = 4;
        var random = new CounterRandom(seed, 0, 0);
        for (var round = 0; round < 200; round++)
        {
            var before = new double[30];
            var after = new double[30];
            for (var i = 0; i < 30; i++) { before[i] = random.NextUniform() * 100; after[i] = random.NextUniform() * 100; }
            var change = ShiftMetrics.Change(0, 1, before, after);
            Assert.True(Math.Abs(change.Gain + change.Loss - Math.Abs(change.Net) - change.Swap) < 1e-9, $"seed {seed}, round {round}");
            Assert.True(Math.Abs(after.Sum() - before.Sum() - change.Net) < 1e-9, $"seed {seed}, round {round}");
        }
    }

    [Fact]
    public void A_shift_planted_to_neighbours_is_found_and_a_random_one_is_not()
    {
        const int side = 15, n = side * side;
        var (x, y) = (new double[n], new double[n]);
        for (var i = 0; i < n; i++) (x[i], y[i]) = (i % side, i / side);
        var weights = DistanceWeights.Within(x, y, 1.5);
        double[] before = new double[n], beside = new double[n], apart = new double[n];
        var random = new CounterRandom(9, 0, 0);
        for (var i = 0; i < n; i++) before[i] = 100;
        before.CopyTo(beside, 0);
        before.CopyTo(apart, 0);
        for (var k = 0; k < 12; k++)
        {
            var source = (2 + random.NextBelow(11)) * side + 2 + random.NextBelow(6) * 2;
            if (beside[source] != 100 || beside[source + 1] != 100) continue;
            beside[source] -= 50;
            beside[source + 1] += 50;
        }
        for (var k = 0; k < 12; k++) { apart[random.NextBelow(n)] -= 50; apart[random.NextBelow(n)] += 50; }
        var found = ShiftMetrics.Test(before, beside, x, y, weights);
        Assert.True(found.GainNearLoss > 1.5 && found.GainNearLossP < 0.02, found.ToString());
        var none = ShiftMetrics.Test(before, apart, x, y, weights);
        Assert.True(none.GainNearLossP > 0.05, none.ToString());
        Assert.Equal(found, ShiftMetrics.Test(before, beside, x, y, weights));
    }
}
