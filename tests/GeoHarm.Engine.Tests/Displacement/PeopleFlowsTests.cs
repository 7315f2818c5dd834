using System.Globalization;
using System.Text;
using GeoHarm.Engine.Displacement;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Statistics;
using GeoHarm.Tests;

namespace GeoHarm.Engine.Tests.Displacement;

public class PeopleFlowsTests
{
    [Fact]
    public void Without_distance_flows_are_the_product_of_the_margins()
    {
        var flows = PeopleFlows.Fit(new PeopleMargins([30, 10], [20, 20], [0, 1000], [0, 0], 0, 0), new PeopleFlowOptions { DistancePower = 0 });
        Assert.Equal(15, flows[0, 0], 1e-9);
        Assert.Equal(5, flows[1, 1], 1e-9);
        Assert.Equal(0, flows[2, 0]);
        Assert.True(flows.Converged);
    }

    [Fact]
    public void The_smaller_total_is_made_up_in_the_unknown_row_or_column()
    {
        var abroad = new PeopleMargins([30, 10], [20, 15], [0, 1000], [0, 0], 4, 2);
        Assert.Equal((4.0, 9.0, 44.0), (abroad.UnknownOrigin, abroad.UnknownDestination, abroad.Total));
        var unknown = new PeopleMargins([3, 1], [20, 15], [0, 1000], [0, 0], 4, 2);
        Assert.Equal((33.0, 2.0, 37.0), (unknown.UnknownOrigin, unknown.UnknownDestination, unknown.Total));
        Assert.Throws<ArgumentException>(() => new PeopleMargins([-1], [1], [0], [0], 0, 0));
    }

    [Theory]
    [InlineData(FlowModel.Gravity)]
    [InlineData(FlowModel.Radiation)]
    public void Balancing_equals_brute_force_and_keeps_the_odds_of_the_kernel(FlowModel model)
    {
        const ulong seed = 31;
        for (uint round = 0; round < 6; round++)
        {
            var random = new CounterRandom(seed, round, 0);
            int n = 4 + random.NextBelow(12), size = n + 1;
            double[] Draw(double scale) => Enumerable.Range(0, n).Select(_ => scale * (1 - random.NextUniform())).ToArray();
            double[] e = Draw(1000), r = Draw(900), x = Draw(400_000), y = Draw(400_000), stock = [.. Enumerable.Range(0, n * n).Select(_ => 50 * random.NextUniform())];
            var margins = new PeopleMargins(e, r, x, y, 40, 70);
            var flows = PeopleFlows.Fit(margins, new PeopleFlowOptions { Model = model, DistancePower = 1.4 }, stock);
            Assert.True(flows.Converged, $"seed {seed}, round {round}: {flows.LargestMarginError}");
            // Rival: the kernel by the definitions, then rows and columns of the whole matrix scaled in turn.
            double Km(int i, int j) => Math.Sqrt((x[i] - x[j]) * (x[i] - x[j]) + (y[i] - y[j]) * (y[i] - y[j])) / 1000;
            var plain = new double[size, size];
            for (var i = 0; i < n; i++)
            {
                for (var j = 0; j < n; j++)
                {
                    if (model == FlowModel.Gravity)
                    {
                        plain[i, j] = Math.Pow(i == j ? Enumerable.Range(0, n).Where(k => k != i).Min(k => Km(i, k)) / 2 : Km(i, j), -1.4);
                    }
                    else if (i != j)
                    {
                        var s = Enumerable.Range(0, n).Where(k => k != i && k != j && Km(i, k) <= Km(i, j)).Sum(k => r[k]);
                        plain[i, j] = r[j] / ((r[i] + s) * (r[i] + r[j] + s));
                    }
                    plain[i, j] *= Math.Sqrt(1 + stock[i * n + j]);
                }
                plain[i, n] = Enumerable.Range(0, n).Sum(j => plain[i, j] * r[j]) / r.Sum();
            }
            for (var j = 0; j < size; j++) plain[n, j] = 1;
            double[] rows = [.. e, margins.UnknownOrigin], columns = [.. r, margins.UnknownDestination];
            for (var step = 0; step < 5000; step++)
            {
                for (var i = 0; i < size; i++) { var sum = Enumerable.Range(0, size).Sum(j => plain[i, j]); for (var j = 0; j < size; j++) plain[i, j] *= rows[i] / sum; }
                for (var j = 0; j < size; j++) { var sum = Enumerable.Range(0, size).Sum(i => plain[i, j]); for (var i = 0; i < size; i++) plain[i, j] *= columns[j] / sum; }
            }
            for (var i = 0; i < size; i++)
            {
                for (var j = 0; j < size; j++) Assert.True(Math.Abs(plain[i, j] - flows[i, j]) < 1e-6, $"seed {seed}, round {round}: {i} to {j}: {flows[i, j]} against {plain[i, j]}");
                Assert.Equal(rows[i], Enumerable.Range(0, size).Sum(j => flows[i, j]), 1e-6);
                Assert.Equal(columns[i], Enumerable.Range(0, size).Sum(j => flows[j, i]), 1e-6);
            }
        }
    }

    [Fact]
    public void The_radiation_kernel_by_hand()
    {
        // On a line at 0, 1 and 3 km with 10, 20, 30 opportunities: from the first, 20 / (10 * 30) and 30 / (30 * 60) before balancing.
        var margins = new PeopleMargins([10, 20, 30], [10, 20, 30], [0, 1000, 3000], [0, 0, 0], 0, 0);
        var flows = PeopleFlows.Fit(margins, new PeopleFlowOptions { Model = FlowModel.Radiation });
        // Nobody stays; three units: T12 + T13 = 10, T21 + T23 = 20, T31 + T32 = 30, T21 + T31 = 10, T12 + T32 = 20, T13 + T23 = 30: one solution,
        // for T12 = t: T13 = 10 - t, T23 = 20 + t, T21 = -t: so t = 0.
        Assert.Equal(0, flows[0, 1], 1e-2);
        Assert.Equal(10, flows[0, 2], 1e-2);
        Assert.Equal(20, flows[1, 2], 1e-2);
    }

    [Fact]
    public void A_diaspora_draws_more_people_and_a_larger_power_of_distance_shortens_the_way()
    {
        var random = new CounterRandom(8, 0, 0);
        double[] Draw(double scale) => Enumerable.Range(0, 20).Select(_ => scale * (1 - random.NextUniform())).ToArray();
        var margins = new PeopleMargins(Draw(1000), Draw(1000), Draw(500_000), Draw(500_000), 10, 10);
        var stock = new double[400];
        stock[3 * 20 + 7] = 500;
        Assert.True(PeopleFlows.Fit(margins, null, stock)[3, 7] > 2 * PeopleFlows.Fit(margins)[3, 7]);
        Assert.True(PeopleFlows.Fit(margins, new PeopleFlowOptions { DistancePower = 2 }).MeanKilometres < PeopleFlows.Fit(margins, new PeopleFlowOptions { DistancePower = 0.5 }).MeanKilometres);
    }

    [Fact]
    public void The_registry_margins_are_honoured_and_both_totals_are_the_published()
    {
        var lines = File.ReadAllText(SharedData.Path("displacement/ruv_margins_municipality.csv"), Encoding.Latin1).Split('\r', '\n').Where(l => l.Length > 0).Skip(1).Select(l => l.Split(',')).ToArray();
        double Number(string text) => text.Length == 0 ? 0 : double.Parse(text, CultureInfo.InvariantCulture);
        var known = lines.Where(l => l[0].All(char.IsAsciiDigit)).ToArray();
        var unknown = lines.Except(known).ToArray();
        Assert.Equal([2904.0, 96_179], unknown.Select(l => Number(l[^3])).Where(v => v > 0).Order());
        Assert.Equal(119_581, unknown.Sum(l => Number(l[^2])));
        double[] expelled = [.. known.Select(l => Number(l[^3]))], received = [.. known.Select(l => Number(l[^2]))];
        Assert.Equal(7_561_803, expelled.Sum() + 96_179 + 2904);
        Assert.Equal(7_552_472, received.Sum() + 119_581);
        var (x, y) = StudyPanel.Centroids();
        var place = StudyPanel.Codes.Select((c, i) => (Code: UnitPanel.Code(c), i)).ToDictionary(c => c.Code, c => c.i);
        double At(double[] v, string code) => place.TryGetValue(UnitPanel.Code(code), out var i) ? v[i] : double.NaN;
        var margins = new PeopleMargins(expelled, received, [.. known.Select(l => At(x, l[0]))], [.. known.Select(l => At(y, l[0]))], 96_179 + 2904, 119_581);
        Assert.Equal(7_561_803, margins.Total);
        Assert.Equal(119_581 + 9_331, margins.UnknownDestination);
        Assert.Equal(96_179 + 2_904, margins.UnknownOrigin);
        foreach (var model in new[] { FlowModel.Gravity, FlowModel.Radiation })
        {
            var flows = PeopleFlows.Fit(margins, new PeopleFlowOptions { Model = model });
            Assert.True(flows.Converged && flows.LargestMarginError < 1e-6, $"{model}: {flows.LargestMarginError} after {flows.Rounds}");
            var from = Enumerable.Range(0, margins.Units + 1).Sum(j => flows[margins.Units, j]);
            Assert.Equal(99_083, from, 1e-6);
        }
    }
}
