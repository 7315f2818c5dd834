using GeoHarm.Engine.Evaluation;

namespace GeoHarm.Engine.Tests.Evaluation;

public class SensitivityTests(ITestOutputHelper output)
{
    private static readonly string[] Three = ["x1", "x2", "x3"];

    /// <summary>Ishigami and Homma 1990, a = 7, b = 0.1, inputs uniform on (-pi, pi).</summary>
    private static double Ishigami(double[] u)
    {
        var x = u.Select(v => Math.PI * (2 * v - 1)).ToArray();
        return Math.Sin(x[0]) + 7 * Math.Sin(x[1]) * Math.Sin(x[1]) + 0.1 * x[2] * x[2] * x[2] * x[2] * Math.Sin(x[0]);
    }

    // In closed form: V = a^2/8 + b pi^4/5 + b^2 pi^8/18 + 1/2.
    private static readonly double[] First = [0.313905, 0.442411, 0], Total = [0.557589, 0.442411, 0.243684];

    [Fact]
    public void Sobol_indices_of_the_Ishigami_function_lie_within_their_intervals()
    {
        // Six intervals of 90 % all hold under about half of all seeds; the next test counts over forty.
        var options = new SobolOptions(Sample: 8192, Seed: 2);
        var found = SobolIndices.Of(Three, Runs(Three.Length, options, Ishigami), options);
        foreach (var (index, i) in found.Select((f, i) => (f, i)))
        {
            output.WriteLine($"{index.Input}: first {index.First.Value:0.0000} [{index.First.Low:0.0000}, {index.First.High:0.0000}] ({First[i]}), total {index.Total.Value:0.0000} [{index.Total.Low:0.0000}, {index.Total.High:0.0000}] ({Total[i]})");
            Assert.InRange(First[i], index.First.Low, index.First.High);
            Assert.InRange(Total[i], index.Total.Low, index.Total.High);
            Assert.True(index.Total.High - index.Total.Low < 0.06);
        }
    }

    [Fact]
    public void Intervals_hold_the_truth_about_as_often_as_they_say()
    {
        // 90 % intervals of six indices under 40 seeds: between 75 and 99 % inside.
        int inside = 0, asked = 0;
        for (ulong seed = 1; seed <= 40; seed++)
        {
            var options = new SobolOptions(Sample: 512, Resamples: 200, Seed: seed);
            var found = SobolIndices.Of(Three, Runs(3, options, Ishigami), options);
            for (var i = 0; i < 3; i++)
            {
                asked += 2;
                if (First[i] >= found[i].First.Low && First[i] <= found[i].First.High) inside++;
                if (Total[i] >= found[i].Total.Low && Total[i] <= found[i].Total.High) inside++;
            }
        }
        output.WriteLine($"{inside} of {asked} inside");
        Assert.InRange(inside / (double)asked, 0.75, 0.99);
    }

    [Fact]
    public void By_hand_one_at_a_time_swings_by_weight_times_range()
    {
        // 10 + 4 u1 - 2 u2 at 0.05, 0.5 and 0.95: centre 11, swings 4 x 0.9 up and 2 x 0.9 down.
        double Model(double[] u) => 10 + 4 * u[0] - 2 * u[1];
        var options = new OneAtATimeOptions();
        var (central, swings) = OneAtATime.Of(["x1", "x2"], Outcomes(2, options, Model));
        Assert.Equal(11, central, 12);
        Assert.Equal(["x1", "x2"], swings.Select(s => s.Input));
        Assert.Equal((9.2, 12.8), (Math.Round(swings[0].AtLow, 9), Math.Round(swings[0].AtHigh, 9)));
        Assert.Equal((11.9, 10.1), (Math.Round(swings[1].AtLow, 9), Math.Round(swings[1].AtHigh, 9)));
    }

    [Fact]
    public void One_at_a_time_moves_one_input_and_agrees_with_the_function_itself()
    {
        // Rival: the Ishigami function asked directly; property: each point differs from the centre in one entry at most.
        var options = new OneAtATimeOptions(0.1, 0.8);
        var (central, swings) = OneAtATime.Of(Three, Outcomes(3, options, Ishigami));
        Assert.Equal(Ishigami([0.5, 0.5, 0.5]), central);
        foreach (var swing in swings)
        {
            double At(double q) => Ishigami([.. Three.Select(n => n == swing.Input ? q : 0.5)]);
            Assert.Equal((At(0.1), At(0.8)), (swing.AtLow, swing.AtHigh));
        }
        for (var run = 0; run < OneAtATime.Runs(3); run++) Assert.Equal(run == 0 ? 0 : 1, OneAtATime.Point(run, 3, options).Count(p => p != 0.5));

        // The third input acts only with the first, which is 0 at its median: one at a time does not see it.
        var third = swings.Single(s => s.Input == "x3");
        Assert.Equal(third.AtLow, third.AtHigh, 12);
    }

    private static double[] Outcomes(int inputs, OneAtATimeOptions options, Func<double[], double> model) =>
        [.. Enumerable.Range(0, OneAtATime.Runs(inputs)).Select(run => model(OneAtATime.Point(run, inputs, options)))];

    [Fact]
    public void By_hand_a_sum_divides_its_variance_by_the_squares_of_its_weights()
    {
        // 3 u1 + 4 u2: shares 9/25 and 16/25, no interaction.
        var options = new SobolOptions(Sample: 20_000, Resamples: 100, Seed: 9);
        var found = SobolIndices.Of(["a", "b"], Runs(2, options, u => 3 * u[0] + 4 * u[1]), options);
        Assert.Equal(0.36, found[0].First.Value, 0.02);
        Assert.Equal(0.64, found[1].Total.Value, 0.02);
        Assert.All(SobolIndices.Of(["a"], Runs(1, options with { Sample = 50 }, _ => 7), options with { Sample = 50 }), i => Assert.Equal((0, 0), (i.First.Value, i.Total.Value)));
    }

    [Fact]
    public void Morris_by_hand_on_a_line_gives_its_slopes_and_no_spread()
    {
        var options = new MorrisOptions(Trajectories: 6, Seed: 2);
        var outcomes = new double[MorrisScreening.Runs(3, options)];
        for (var run = 0; run < outcomes.Length; run++) outcomes[run] = MorrisScreening.Point(run, 3, options) is var u ? 5 * u[0] - 2 * u[1] : 0;
        var effects = MorrisScreening.Of(Three, outcomes, options);
        Assert.Equal([5, -2, 0], effects.Select(e => Math.Round(e.Mean, 9)));
        Assert.All(effects, e => Assert.Equal(0, e.Spread, 9));
        // Each step of a trajectory moves one input by half its range.
        for (var run = 0; run < outcomes.Length; run++)
        {
            if (run % 4 == 0) continue;
            var (a, b) = (MorrisScreening.Point(run - 1, 3, options), MorrisScreening.Point(run, 3, options));
            Assert.Equal(0.5, Math.Abs(Assert.Single(a.Zip(b, (p, q) => q - p), d => d != 0)), 12);
        }
    }

    [Fact]
    public void Morris_ranks_the_inputs_of_the_G_function_as_Sobol_does()
    {
        // Saltelli and Sobol 1995: g_i = (|4 u - 2| + a) / (1 + a); the smaller a, the more it matters.
        double[] a = [0, 1, 4.5, 99];
        double G(double[] u) => u.Select((v, i) => (Math.Abs(4 * v - 2) + a[i]) / (1 + a[i])).Aggregate(1.0, (p, q) => p * q);
        string[] names = ["a", "b", "c", "d"];
        var morris = new MorrisOptions(Trajectories: 200, Levels: 8, Seed: 4);
        var outcomes = new double[MorrisScreening.Runs(4, morris)];
        for (var run = 0; run < outcomes.Length; run++) outcomes[run] = G(MorrisScreening.Point(run, 4, morris));
        var sobol = new SobolOptions(Sample: 4096, Resamples: 50, Seed: 4);
        var indices = SobolIndices.Of(names, Runs(4, sobol, G), sobol);
        Assert.Equal(names, MorrisScreening.Of(names, outcomes, morris).OrderByDescending(e => e.MeanAbsolute).Select(e => e.Input));
        Assert.Equal(names, indices.OrderByDescending(i => i.Total.Value).Select(i => i.Input));
        // Closed form: V_i = 1 / (3 (1 + a)^2); S_1 = V_1 / (prod (1 + V_i) - 1) = 0.7240.
        Assert.InRange(0.7240, indices[0].First.Low - 0.01, indices[0].First.High + 0.01);
    }

    private static double[] Runs(int inputs, SobolOptions options, Func<double[], double> model)
    {
        var outcomes = new double[SobolIndices.Runs(inputs, options)];
        for (var run = 0; run < outcomes.Length; run++) outcomes[run] = model(SobolIndices.Point(run, inputs, options));
        return outcomes;
    }
}
