using GeoHarm.Engine.Displacement;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Engine.Tests.Displacement;

public class KernelEstimateTests
{
    private static EstimateOptions Study(bool lagged) => new()
    {
        Outcome = "coca_",
        Treatments = ["asp_", "er_"],
        Neighbours = [new NeighbourTerm("neighbour", StudyPanel.QueenWeights().RowStandardised())],
        Lagged = lagged,
        FirstYear = 2002,
        LastYear = 2015,
    };

    private static void Close(EstimateResult result, string name, double value, double standardError)
    {
        var c = result.Coefficients.Single(c => c.Name == name);
        Assert.Equal(value, c.Value, 1e-4);
        Assert.Equal(standardError, c.StandardError, 1e-4);
    }

    [Fact]
    public void The_minimal_model_gives_the_published_coefficients()
    {
        var result = KernelEstimate.Run(StudyPanel.Enforcement(), Study(false));
        Assert.Equal(15_624, result.N);
        Close(result, "own:asp_", -0.0878, 0.0316);
        Close(result, "neighbour:asp_", -0.0649, 0.0290);
    }

    [Fact]
    public void The_lagged_model_gives_the_published_coefficients()
    {
        var result = KernelEstimate.Run(StudyPanel.Enforcement(), Study(true));
        Close(result, "own:asp_", -0.0458, 0.0148);
        Close(result, "neighbour:asp_", -0.0239, 0.0153);
        Close(result, "own:er_", -0.0827, 0.0285);
        Close(result, "own:lag", -0.5049, 0.0558);
    }

    /// <summary>A panel with a known answer: outcome changes = 0.5 own - 0.25 neighbours' treatment + effects + noise.</summary>
    internal static UnitPanel Simulated(ulong seed, int side, int years, double own, double neighbour, double noise, out SpatialWeights weights)
    {
        var n = side * side;
        var (x, y) = (new double[n], new double[n]);
        for (var i = 0; i < n; i++) (x[i], y[i]) = (i % side, i / side);
        weights = DistanceWeights.Within(x, y, 1.5).RowStandardised();
        double[] c = new double[n * years], e = new double[n * years], control = new double[n * years];
        var random = new CounterRandom(seed, 0, 0);
        var unitEffects = Enumerable.Range(0, n).Select(_ => 0.0).ToArray();
        for (var u = 0; u < n; u++) unitEffects[u] = random.NextNormal();
        for (var t = 0; t < years; t++)
        {
            var yearEffect = random.NextNormal();
            for (var u = 0; u < n; u++) { e[u * years + t] = random.NextUniform() * 10; control[u * years + t] = random.NextNormal(); }
            if (t == 0) continue;
            for (var u = 0; u < n; u++)
            {
                double lag = 0;
                var neighbours = weights.Neighbours(u);
                for (var k = 0; k < neighbours.Length; k++) lag += weights.Weights(u)[k] * e[neighbours[k] * years + t - 1];
                c[u * years + t] = c[u * years + t - 1] + own * e[u * years + t - 1] + neighbour * lag + unitEffects[u] + yearEffect + noise * random.NextNormal();
            }
        }
        return UnitPanel.FromArrays(
            Enumerable.Range(0, n).Select(i => $"u{i}").ToArray(), 2000, years, new Dictionary<string, double[]> { ["c"] = c, ["e"] = e, ["z"] = control });
    }

    [Fact]
    public void A_known_answer_without_noise_is_found_to_rounding()
    {
        var panel = Simulated(1, 8, 10, 0.5, -0.25, 0, out var weights);
        var result = KernelEstimate.Run(panel, new EstimateOptions { Outcome = "c", Treatments = ["e"], Neighbours = [new NeighbourTerm("neighbour", weights)] });
        Assert.Equal(0.5, result.Coefficients[0].Value, 1e-10);
        Assert.Equal(-0.25, result.Coefficients[1].Value, 1e-10);
    }

    [Fact]
    public void Absorbed_effects_equal_dummies()
    {
        // Rival: dense least squares with a dummy for every unit and year, by normal equations.
        var panel = Simulated(5, 5, 6, 0.5, -0.25, 2, out var weights);
        var result = KernelEstimate.Run(panel, new EstimateOptions { Outcome = "c", Treatments = ["e"], Neighbours = [new NeighbourTerm("neighbour", weights)], Controls = ["z"] });
        int n = 25, years = 5, k = 3 + n + years - 1;
        var design = new double[n * years, k];
        var outcome = new double[n * years];
        for (var u = 0; u < n; u++)
        {
            for (var t = 0; t < years; t++)
            {
                var row = u * years + t;
                outcome[row] = panel.Values("c")[u * 6 + t + 1] - panel.Values("c")[u * 6 + t];
                design[row, 0] = panel.Values("e")[u * 6 + t];
                for (var j = 0; j < weights.Neighbours(u).Length; j++) design[row, 1] += weights.Weights(u)[j] * panel.Values("e")[weights.Neighbours(u)[j] * 6 + t];
                design[row, 2] = panel.Values("z")[u * 6 + t];
                design[row, 3 + u] = 1;
                if (t > 0) design[row, 3 + n + t - 1] = 1;
            }
        }
        var b = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseOfArray(design).QR().Solve(MathNet.Numerics.LinearAlgebra.Vector<double>.Build.DenseOfArray(outcome));
        for (var j = 0; j < 3; j++) Assert.Equal(b[j], result.Coefficients[j].Value, 1e-9);
    }

    [Fact]
    public void Clustered_errors_cover_the_truth_nineteen_times_in_twenty()
    {
        var inside = 0;
        for (ulong seed = 0; seed < 200; seed++)
        {
            var panel = Simulated(seed, 7, 8, 0.5, -0.25, 3, out var weights);
            var own = KernelEstimate.Run(panel, new EstimateOptions { Outcome = "c", Treatments = ["e"], Neighbours = [new NeighbourTerm("neighbour", weights)] }).Coefficients[0];
            if (Math.Abs(own.Value - 0.5) < 1.96 * own.StandardError) inside++;
        }
        Assert.InRange(inside, 176, 198); // 190 expected; without small-sample factor a little fewer
    }

    [Fact]
    public void Conley_errors_without_neighbours_and_full_serial_weight_come_near_the_clustered()
    {
        var panel = Simulated(3, 9, 10, 0.5, -0.25, 3, out var weights);
        var options = new EstimateOptions { Outcome = "c", Treatments = ["e"], Neighbours = [new NeighbourTerm("neighbour", weights)] };
        var clustered = KernelEstimate.Run(panel, options);
        var alone = SpatialWeights.FromLinks(81, []);
        var conley = KernelEstimate.Run(panel, options with { Conley = new ConleyOptions(alone, 0) });
        Assert.Equal(clustered.Coefficients[0].Value, conley.Coefficients[0].Value, 1e-12);
        Assert.InRange(conley.Coefficients[0].StandardError / clustered.Coefficients[0].StandardError, 0.75, 1.35);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 2)]
    [InlineData(true, 3)]
    public void Conley_errors_equal_a_plain_double_loop(bool bartlett, int lags)
    {
        const double cutoff = 2.3;
        var panel = Simulated(17, 6, 7, 0.5, -0.25, 3, out var weights);
        var (x, y) = (Enumerable.Range(0, 36).Select(i => (double)(i % 6)).ToArray(), Enumerable.Range(0, 36).Select(i => (double)(i / 6)).ToArray());
        var within = bartlett ? DistanceWeights.Bartlett(x, y, cutoff) : DistanceWeights.Within(x, y, cutoff);
        var options = new EstimateOptions { Outcome = "c", Treatments = ["e"], Neighbours = [new NeighbourTerm("neighbour", weights)], Conley = new ConleyOptions(within, lags) };
        var result = KernelEstimate.Run(panel, options);
        // Rival: every pair of unit-years, Conley 1999 equation 10 in space and Newey-West in time, on the demeaned columns.
        var columns = KernelEstimate.Design(panel, options, out var outcome, out var years).Select(d => d.Values).ToArray();
        var design = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseOfColumnArrays(columns);
        var cross = design.TransposeThisAndMultiply(design).Inverse();
        var target = MathNet.Numerics.LinearAlgebra.Vector<double>.Build.DenseOfArray(outcome);
        var e = target - design * (cross * design.TransposeThisAndMultiply(target));
        var meat = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(2, 2);
        for (var a = 0; a < outcome.Length; a++)
        {
            for (var b = 0; b < outcome.Length; b++)
            {
                int u = a / years, t = a % years, v = b / years, s = b % years;
                var apart = Math.Sqrt((x[u] - x[v]) * (x[u] - x[v]) + (y[u] - y[v]) * (y[u] - y[v]));
                var weight = u == v ? (Math.Abs(t - s) <= lags ? 1 - Math.Abs(t - s) / (lags + 1.0) : 0) : t == s && apart < cutoff ? (bartlett ? 1 - apart / cutoff : 1) : 0;
                if (weight > 0) meat += weight * e[a] * e[b] * design.Row(a).OuterProduct(design.Row(b));
            }
        }
        var variance = cross * meat * cross;
        for (var j = 0; j < 2; j++) Assert.Equal(Math.Sqrt(variance[j, j]), result.Coefficients[j].StandardError, 1e-10);
    }

    [Fact]
    public void Collinear_and_constant_columns_are_refused_by_name()
    {
        var simulated = Simulated(2, 5, 6, 0.5, 0, 1, out var weights);
        var twice = simulated.Values("e").ToArray().Select(v => 2 * v).ToArray();
        var constant = Enumerable.Range(0, 25 * 6).Select(i => (double)(i / 6)).ToArray();
        var panel = UnitPanel.FromArrays(
            simulated.Units, 2000, 6, new Dictionary<string, double[]> { ["c"] = simulated.Values("c").ToArray(), ["e"] = simulated.Values("e").ToArray(), ["twice"] = twice, ["height"] = constant });
        var faults = Assert.Throws<InvalidInputException>(() => KernelEstimate.Run(panel, new EstimateOptions
        {
            Outcome = "c", Treatments = ["e", "twice"], Neighbours = [new NeighbourTerm("neighbour", weights)], Controls = ["height"],
        })).Faults;
        Assert.Equal(3, faults.Count);
        Assert.Contains("own:e", faults[0].Message, StringComparison.Ordinal);
        Assert.Equal("column own:twice", faults[0].Place);
        Assert.Equal("column neighbour:twice", faults[1].Place);
        Assert.Equal("column height", faults[2].Place);
        Assert.Contains("fixed effects absorb", faults[2].Message, StringComparison.Ordinal);
    }
}
