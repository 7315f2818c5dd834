using GeoHarm.Engine.Displacement;
using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Engine.Tests.Displacement;

/// <summary>Findings A3 and A4: what the margins say about where lost hectares reappear, and simulated panels in which it is known.</summary>
public class IdentificationTests
{
    private static readonly bool Campaign = Environment.GetEnvironmentVariable("GEOHARM_CAMPAIGN") == "1";

    private static int[] Departments() => [.. StudyPanel.Codes.Select(c => int.Parse(c, System.Globalization.CultureInfo.InvariantCulture) / 1000)];

    [Theory]
    [InlineData(double.PositiveInfinity, true, -4.7564)]
    [InlineData(double.PositiveInfinity, false, -4.7411)]
    [InlineData(800, false, -4.7411 - 0.059)]
    [InlineData(75, true, -4.7564 - 0.549)]
    public void The_joint_likelihood_prefers_no_distance_by_as_much_as_found(double kappa, bool lagged, double penalised) =>
        Assert.Equal(penalised, KernelLogit.Fit(BacktestTests.History(), kappa, 1, lagged, 2002, 2023).Penalised, 0.005);

    [Fact]
    public void Losses_repel_gains_by_as_much_as_found()
    {
        var history = BacktestTests.History();
        int[] origins = [.. Enumerable.Range(2002, 22)];
        var same = IdentificationTest.Rings(history, origins, new IdentificationOptions(), Departments());
        Assert.Equal([-0.194, -0.129, -0.081], same.Take(3).Select(c => c.Value), (a, b) => Math.Abs(a - b) < 0.005);
        Assert.Equal(-10, same[0].Value / same[0].StandardError, 0.5);
        var lagged = IdentificationTest.Rings(history, origins, new IdentificationOptions { Lagged = true }, Departments());
        Assert.Equal([-0.034, -0.039, -0.041, -0.029], lagged.Select(c => c.Value), (a, b) => Math.Abs(a - b) < 0.005);
    }

    [Theory]
    [InlineData(1, 2023, -4.8553)]
    [InlineData(3, 2021, -5.0576)]
    public void Current_shares_explain_gains_by_as_much_as_found(int horizon, int last, double likelihood)
    {
        var history = BacktestTests.History();
        int[] units = [.. Enumerable.Range(0, history.Units)];
        var strata = Enumerable.Range(2002, last - 2001).Select(t => new GainStratum(
            units, [], GainMargins.Gains(history, t, horizon), Array.ConvertAll(units, i => Math.Log(0.95 * history.Year(t)[i] / history.Total(t) + 0.05 / units.Length)))).ToArray();
        Assert.Equal(likelihood, GainLogit.Fit([], strata, strata.Length, 0, units).LogLikelihood, 1e-3);
    }

    [Theory]
    [InlineData(1, 0.7, -4.7272)]
    [InlineData(3, 0.6, -4.8817)]
    public void The_power_law_of_attraction_is_as_found(int horizon, double power, double likelihood)
    {
        var history = BacktestTests.History();
        var fit = Attraction.Fit(Enumerable.Range(2001, 24).ToDictionary(y => y, y => history.Year(y).ToArray()), y => y - horizon >= 2002, horizon);
        Assert.Equal((power, 0.05), (fit.Power, fit.Floor));
        Assert.Equal(likelihood, fit.LogLikelihood, 1e-3);
    }

    [Fact]
    public void The_municipal_data_do_not_identify_displacement()
    {
        var history = BacktestTests.History();
        foreach (var lagged in new[] { false, true })
        {
            var result = IdentificationTest.Run(history, new IdentificationOptions { Lagged = lagged, Regions = Departments(), Draws = 19, JointKappasKilometres = [], KappasKilometres = [75, 800] });
            Assert.False(result.Identified);
            Assert.All(result.Estimate.ByKappa, k => Assert.True(k.Share < 0, k.ToString())); // so pi is 0 where it must not be negative
            Assert.True(result.Leakage[0].Leakage < 0.05, result.Leakage[0].ToString());
            Assert.False(result.Checks.Single(c => c.Name == "likelihood").Passed);
            Assert.False(result.Checks.Single(c => c.Name == "outOfSample").Passed);
            Assert.False(result.Checks.Single(c => c.Name == "coMovement").Passed);
            Assert.InRange(result.CoMovement[0], 0.2, 0.4);
        }
    }

    /// <summary>A board of 15 x 15 units 30 km apart; coca in patches.</summary>
    private static CocaHistory Board(SimulationOptions options, int years = 18)
    {
        const int side = 15, n = side * side;
        double[] x = new double[n], y = new double[n], start = new double[n], d = new double[n * n];
        var random = new CounterRandom(41, 0, 0);
        for (var i = 0; i < n; i++)
        {
            (x[i], y[i]) = (30_000 * (i % side), 30_000 * (i / side));
            start[i] = random.NextUniform() < 0.6 ? 100 * Math.Exp(1.5 * random.NextNormal()) : 0;
        }
        for (var i = 0; i < n; i++) { for (var j = 0; j < n; j++) d[i * n + j] = Math.Sqrt((x[i] - x[j]) * (x[i] - x[j]) + (y[i] - y[j]) * (y[i] - y[j])) / 1000; }
        return new CocaHistory(SimulatedPanel.Run(start, d, years, options), SimulatedPanel.Variable, DistanceWeights.Within(x, y, 31_000), x, y);
    }

    private static (double Share, double Leakage)[] Recovered(double leakage, double regional, int runs) => [.. Enumerable.Range(1, runs).Select(seed =>
    {
        var history = Board(new SimulationOptions { Leakage = leakage, RegionalShare = regional, Seed = (ulong)seed });
        int[] origins = [.. Enumerable.Range(2002, 16)];
        var estimate = IdentificationTest.Fitted(history, origins, new IdentificationOptions { KappasKilometres = [75] }, new DistanceKernels(history.DistancesKilometres, history.Units));
        return (estimate.Shares([75]).Best.Share, estimate.Leakages([75])[0].Leakage);
    })];

    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    [InlineData(0.6)]
    public void Without_regional_shocks_share_and_leakage_are_recovered_without_bias(double truth)
    {
        var runs = Recovered(truth, 0, Campaign ? 100 : 6);
        var (mean, spread) = Spread(runs.Select(r => r.Share));
        Assert.True(Math.Abs(mean - truth) < 3 * spread / Math.Sqrt(runs.Length) + 0.01, $"seeds 1-{runs.Length}: share {mean:F3}, standard deviation {spread:F3}, truth {truth}");
        if (truth == 0) return; // leakage is kept from falling below 0, so its mean cannot be 0
        (mean, spread) = Spread(runs.Select(r => r.Leakage));
        Assert.True(Math.Abs(mean - truth) < 3 * spread / Math.Sqrt(runs.Length) + 0.01, $"seeds 1-{runs.Length}: leakage {mean:F3}, standard deviation {spread:F3}, truth {truth}");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    [InlineData(0.6)]
    public void Regional_shocks_bias_the_share_downward(double truth)
    {
        var (mean, spread) = Spread(Recovered(truth, 0.4, Campaign ? 100 : 6).Select(r => r.Share));
        Assert.True(mean < truth - 0.04, $"share {mean:F3} ({spread:F3}), truth {truth}");
    }

    private static (double Mean, double Spread) Spread(IEnumerable<double> values)
    {
        var all = values.ToArray();
        return (all.Average(), Math.Sqrt(all.Sum(v => (v - all.Average()) * (v - all.Average())) / (all.Length - 1)));
    }

    [Fact]
    public void The_verdict_is_right_where_the_truth_is_known()
    {
        // Leakage 0.7 and 0 without regional shocks; 0.6 with them, where the share is significant and wrong.
        var runs = Campaign ? 20 : 3;
        var verdicts = Enumerable.Range(1, runs).Select(seed => (Known: Verdict(0.7, 0, seed), None: Verdict(0, 0, seed), Hidden: Verdict(0.6, 0.4, seed))).ToArray();
        string Because(Func<(IdentificationResult Known, IdentificationResult None, IdentificationResult Hidden), IdentificationResult> which) =>
            string.Join("; ", verdicts.Select((v, k) => $"seed {k + 1}: {string.Join(", ", which(v).Checks.Where(c => !c.Passed).Select(c => c.Reason))}"));
        Assert.True(verdicts.Count(v => v.Known.Identified) >= (Campaign ? 14 : 2), Because(v => v.Known));
        Assert.True(verdicts.Count(v => v.None.Identified) <= (Campaign ? 1 : 0), Because(v => v.None));
        Assert.All(verdicts, v => Assert.False(v.Hidden.Identified));
        Assert.All(verdicts, v => Assert.False(v.Hidden.Checks.Single(c => c.Name == "coMovement").Passed));

        static IdentificationResult Verdict(double leakage, double regional, int seed)
        {
            var history = Board(new SimulationOptions { Leakage = leakage, RegionalShare = regional, Seed = (ulong)seed }, 24);
            return IdentificationTest.Run(history, new IdentificationOptions { Draws = 39, KappasKilometres = [30, 75, 150, 400], JointKappasKilometres = [] });
        }
    }

    [Fact]
    public void Simulated_hectares_are_conserved_and_the_same_seed_gives_the_same_panel()
    {
        foreach (var regional in new[] { 0, 0.5 })
        {
            var options = new SimulationOptions { RegionalShare = regional, Seed = 3 };
            CocaHistory a = Board(options, 6), b = Board(options, 6);
            for (var year = 2001; year <= 2006; year++)
            {
                Assert.Equal(a.Total(2001), a.Total(year), 1e-9 * a.Total(2001));
                Assert.True(a.Year(year).SequenceEqual(b.Year(year)));
            }
        }
    }

    [Fact]
    public void The_share_equals_a_search_over_a_fine_grid_and_a_plain_double_loop()
    {
        const ulong seed = 21;
        for (uint round = 0; round < 4; round++)
        {
            var random = new CounterRandom(seed, round, 0);
            const int n = 12, years = 4;
            var d = new double[n * n];
            for (var i = 0; i < n; i++) { for (var j = 0; j < i; j++) d[i * n + j] = d[j * n + i] = 10 + 200 * random.NextUniform(); }
            var margins = Enumerable.Range(0, years).Select(_ =>
            {
                double[] gained = new double[n], lost = new double[n], a = new double[n];
                for (var i = 0; i < n; i++)
                {
                    a[i] = random.NextUniform() + 0.01;
                    if (random.NextUniform() < 0.4) lost[i] = 50 * random.NextUniform();
                    else gained[i] = 50 * random.NextUniform();
                }
                return (gained, lost, a: a.Select(v => v / a.Sum()).ToArray());
            }).ToArray();
            var estimate = new MarginEstimate(margins.Select(m => new GainMargins(m.gained, m.lost, m.a, Array.ConvertAll(m.lost, l => l == 0))).ToArray(), new DistanceKernels(d, n));
            var ours = estimate.Shares([60]).Best;
            double Plain(double pi) => margins.Average(m =>
            {
                double sum = 0, opened = 0, landed = 0, gains = m.gained.Sum();
                var landing = new double[n];
                for (var i = 0; i < n; i++)
                {
                    var s = 0.0;
                    for (var k = 0; k < n; k++) if (k != i) s += m.a[k] * Math.Exp(-d[i * n + k] / 60);
                    for (var j = 0; j < n; j++) if (j != i) landing[j] += m.lost[i] / m.lost.Sum() * m.a[j] * Math.Exp(-d[i * n + j] / 60) / s;
                }
                for (var j = 0; j < n; j++) if (m.lost[j] == 0) { opened += m.a[j]; landed += landing[j]; }
                for (var j = 0; j < n; j++) if (m.gained[j] > 0) sum += m.gained[j] / gains * Math.Log((1 - pi) * m.a[j] / opened + pi * landing[j] / landed);
                return sum;
            });
            Assert.Equal(Plain(ours.Share) - Plain(0), ours.Gain, 1e-10);
            var best = Enumerable.Range(-1000, 2001).Select(k => k / 1000.0).Where(pi => double.IsFinite(Plain(pi))).MaxBy(Plain);
            Assert.True(Math.Abs(best - ours.Share) <= 1e-3, $"seed {seed}, round {round}: {ours.Share} against {best}");
            var leak = estimate.Leakages([60])[0];
            double Poisson(double lambda) => margins.Sum(m => Growth(m, lambda));
            double Growth((double[] gained, double[] lost, double[] a) m, double lambda)
            {
                var landing = estimate.Landing(60)[Array.FindIndex(margins, o => ReferenceEquals(o.gained, m.gained))];
                var open = m.a.Where((_, j) => m.lost[j] == 0).Sum();
                double At(double g) => m.gained.Select((x, j) => x > 0 ? x * Math.Log(g * m.a[j] / open + lambda * m.lost.Sum() * landing[j]) : 0).Sum() - g - lambda * m.lost.Sum();
                double low = 0, high = m.gained.Sum();
                for (var step = 0; step < 100; step++) { double p = low + (high - low) / 3, q = high - (high - low) / 3; if (At(p) < At(q)) low = p; else high = q; }
                return At(0.5 * (low + high));
            }
            var peak = Enumerable.Range(0, 301).Select(k => k / 100.0).MaxBy(Poisson);
            Assert.True(Math.Abs(peak - leak.Leakage) <= 0.011, $"seed {seed}, round {round}: leakage {leak.Leakage} against {peak}");
        }
    }

    [Fact]
    public void Shares_of_two_units_give_the_logit_by_hand_and_a_ridge_draws_it_to_zero()
    {
        // x = 1 and 0, shares 0.8 and 0.2: b = log 4.
        GainStratum[] strata = [new([0, 1], [1.0, 0], [0.8, 0.2])];
        var fit = GainLogit.Fit(["x"], strata, 1, 0, [0, 1]);
        Assert.Equal(Math.Log(4), fit.Coefficients[0].Value, 1e-9);
        Assert.Equal(0.8 * Math.Log(0.8) + 0.2 * Math.Log(0.2), fit.LogLikelihood, 1e-9);
        var ridged = GainLogit.Fit(["x"], strata, 1, 1, [0, 1]);
        Assert.InRange(ridged.Coefficients[0].Value, 0.1, Math.Log(4) - 0.1);
        Assert.True(ridged.Penalised < ridged.LogLikelihood);
    }

    [Fact]
    public void The_joint_likelihood_equals_a_plain_double_loop_and_no_coefficient_can_be_moved_to_better_it()
    {
        var history = Board(new SimulationOptions { Seed = 9 }, 6);
        foreach (var kappa in new[] { 60, double.PositiveInfinity })
        {
            var fit = KernelLogit.Fit(history, kappa, 1, false, 2002, 2005);
            double[] b = [.. fit.Coefficients];
            Assert.Equal(Plain(b), fit.Penalised, 1e-9);
            for (var j = 0; j < b.Length; j++)
            {
                foreach (var step in new[] { -0.01, 0.01 })
                {
                    var moved = (double[])b.Clone();
                    moved[j] += step;
                    Assert.True(Plain(moved) < fit.Penalised + 1e-9, $"kappa {kappa}, coefficient {j}");
                }
            }

            double Plain(double[] at)
            {
                int n = history.Units, k = at.Length;
                var rows = Enumerable.Range(2002, 4).SelectMany(t => Enumerable.Range(0, n).Select(i => history.Terms(t).Slice(i * k, k).ToArray())).ToArray();
                var mean = Enumerable.Range(0, k).Select(j => rows.Average(r => r[j])).ToArray();
                var scale = Enumerable.Range(0, k).Select(j => Math.Sqrt(rows.Average(r => (r[j] - mean[j]) * (r[j] - mean[j])))).Select(s => s > 0 ? s : 1).ToArray();
                var sum = -0.5 * at.Sum(v => v * v);
                for (var t = 2002; t <= 2005; t++)
                {
                    double[] gains = GainMargins.Gains(history, t, 1), losses = GainMargins.Losses(history, t, 1);
                    var a = Enumerable.Range(0, n).Select(i => (0.95 * history.Year(t)[i] / history.Total(t) + 0.05 / n) * Math.Exp(Enumerable.Range(0, k).Sum(j => at[j] * (history.Terms(t)[i * k + j] - mean[j]) / scale[j]))).ToArray();
                    var p = new double[n];
                    for (var i = 0; i < n; i++)
                    {
                        double Pull(int j) => j == i ? 0 : a[j] * (double.IsInfinity(kappa) ? 1 : Math.Exp(-history.DistancesKilometres[i * n + j] / kappa));
                        var s = Enumerable.Range(0, n).Sum(Pull);
                        if (losses[i] > 0) for (var j = 0; j < n; j++) p[j] += losses[i] * Pull(j) / s;
                    }
                    for (var j = 0; j < n; j++) if (gains[j] > 0) sum += gains[j] * Math.Log(p[j]);
                }
                return sum / 4;
            }
        }
    }
}
