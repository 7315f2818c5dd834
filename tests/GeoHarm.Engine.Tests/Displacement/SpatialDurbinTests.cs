using GeoHarm.Spatial.Layers;
using GeoHarm.Engine.Displacement;
using GeoHarm.Spatial.Statistics;
using MathNet.Numerics.LinearAlgebra;

namespace GeoHarm.Engine.Tests.Displacement;

public class SpatialDurbinTests
{
    [Fact]
    public void The_log_determinant_equals_a_dense_one()
    {
        const ulong seed = 14;
        for (uint round = 0; round < 15; round++)
        {
            var random = new CounterRandom(seed, round, 0);
            var n = 5 + random.NextBelow(60);
            double[] x = new double[n], y = new double[n];
            for (var i = 0; i < n; i++) (x[i], y[i]) = (random.NextUniform(), random.NextUniform());
            var weights = DistanceWeights.KNearest(x, y, 4).RowStandardised(); // not symmetric
            var determinant = new LogDeterminant(weights);
            foreach (var rho in new[] { -0.9, -0.3, 0, 0.5, 0.95 })
            {
                var dense = Matrix<double>.Build.DenseIdentity(n);
                for (var i = 0; i < n; i++)
                {
                    for (var k = 0; k < weights.Neighbours(i).Length; k++) dense[i, weights.Neighbours(i)[k]] -= rho * weights.Weights(i)[k];
                }
                var expected = Math.Log(dense.Determinant());
                Assert.True(Math.Abs(expected - determinant.Of(rho)) < 1e-9 * n, $"seed {seed}, round {round}, rho {rho}: {determinant.Of(rho)} against {expected}");
            }
        }
    }

    private static UnitPanel Simulated(ulong seed, int side, int years, double rho, out SpatialWeights weights)
    {
        var n = side * side;
        double[] x = new double[n], y = new double[n];
        for (var i = 0; i < n; i++) (x[i], y[i]) = (i % side, i / side);
        weights = DistanceWeights.Within(x, y, 1.1).RowStandardised();
        var system = Matrix<double>.Build.DenseIdentity(n);
        for (var i = 0; i < n; i++)
        {
            for (var k = 0; k < weights.Neighbours(i).Length; k++) system[i, weights.Neighbours(i)[k]] -= rho * weights.Weights(i)[k];
        }
        var solver = system.LU();
        var random = new CounterRandom(seed, 0, 0);
        double[] c = new double[n * years], e = new double[n * years];
        for (var i = 0; i < e.Length; i++) e[i] = random.NextNormal();
        for (var t = 1; t < years; t++)
        {
            var before = Enumerable.Range(0, n).Select(u => e[u * years + t - 1]).ToArray();
            var lag = weights.Lag(before);
            var right = Vector<double>.Build.Dense(n, u => 0.8 * before[u] - 0.3 * lag[u] + 0.5 * random.NextNormal());
            var change = solver.Solve(right);
            for (var u = 0; u < n; u++) c[u * years + t] = c[u * years + t - 1] + change[u];
        }
        return UnitPanel.FromArrays(Enumerable.Range(0, n).Select(i => $"u{i}").ToArray(), 2000, years, new Dictionary<string, double[]> { ["c"] = c, ["e"] = e });
    }

    private static EstimateOptions Options(SpatialWeights weights) => new() { Outcome = "c", Treatments = ["e"], Neighbours = [new NeighbourTerm("neighbour", weights)] };

    [Fact]
    public void Known_dependence_is_recovered()
    {
        var panel = Simulated(5, 12, 15, 0.45, out var weights);
        var result = SpatialDurbin.Run(panel, Options(weights));
        Assert.InRange(result.Rho.Value, 0.45 - 4 * result.Rho.StandardError, 0.45 + 4 * result.Rho.StandardError);
        Assert.InRange(result.Rho.StandardError, 0.005, 0.05);
        Assert.Equal(0.8, result.Coefficients[0].Value, 0.05);
        Assert.Equal(-0.3, result.Coefficients[1].Value, 0.1);
        Assert.Equal(0.5 / 0.55, result.TotalEffects[0].Value, 0.15);
        Assert.Contains("exact", result.Method, StringComparison.Ordinal);
    }

    [Fact]
    public void The_likelihood_equals_a_dense_reference_at_its_maximum()
    {
        // Rival: the Gaussian likelihood of the transformed data with a dense determinant, over a grid of rho.
        var panel = Simulated(8, 6, 8, 0.3, out var weights);
        var result = SpatialDurbin.Run(panel, Options(weights));
        int n = 36, years = 7;
        double[] Within(Func<int, int, double> value)
        {
            var v = new double[n * years];
            for (var u = 0; u < n; u++)
            {
                for (var t = 0; t < years; t++) v[u * years + t] = value(u, t + 2001);
            }
            var m = Matrix<double>.Build.Dense(years, n, v);
            var all = m.RowSums().Sum() / (n * years);
            return Matrix<double>.Build.Dense(years, n, (t, u) => m[t, u] - m.Column(u).Average() - m.Row(t).Average() + all).ToColumnMajorArray();
        }
        double Change(int u, int year) => panel.Year("c", year)[u] - panel.Year("c", year - 1)[u];
        double Mean(int u, Func<int, double> f) { var s = 0.0; for (var k = 0; k < weights.Neighbours(u).Length; k++) s += weights.Weights(u)[k] * f(weights.Neighbours(u)[k]); return s; }
        var y = Vector<double>.Build.Dense(Within(Change));
        var wy = Vector<double>.Build.Dense(Within((u, t) => Mean(u, v => Change(v, t))));
        var x = Matrix<double>.Build.DenseOfColumnArrays(Within((u, t) => panel.Year("e", t - 1)[u]), Within((u, t) => Mean(u, v => panel.Year("e", t - 1)[v])));
        var best = double.NegativeInfinity;
        for (var rho = -0.95; rho < 0.95; rho += 0.005)
        {
            var dense = Matrix<double>.Build.Dense(n, n, (i, j) => (i == j ? 1 : 0) - rho * Mean(i, v => v == j ? 1 : 0));
            var target = y - rho * wy;
            var residual = target - x * x.QR().Solve(target);
            var variance = residual * residual / (n * years);
            best = Math.Max(best, years * Math.Log(dense.Determinant()) - n * years / 2.0 * (Math.Log(2 * Math.PI * variance) + 1));
        }
        Assert.InRange(result.LogLikelihood, best - 1e-9, best + 0.02); // the grid lies up to 0.0025 beside the maximum
    }

    [Fact]
    public void Above_the_exact_limit_the_series_says_so_and_comes_near()
    {
        var side = 150;
        var links = new List<(int, int, double)>();
        for (var i = 0; i < side * side; i++)
        {
            if (i % side < side - 1) { links.Add((i, i + 1, 1)); links.Add((i + 1, i, 1)); }
            if (i < side * (side - 1)) { links.Add((i, i + side, 1)); links.Add((i + side, i, 1)); }
        }
        var series = new LogDeterminant(SpatialWeights.FromLinks(side * side, links).RowStandardised());
        Assert.Contains("Monte Carlo", series.Method, StringComparison.Ordinal);
        // Rival: a smaller lattice exactly; the log-determinant a unit is nearly the same.
        var small = new List<(int, int, double)>();
        for (var i = 0; i < 100 * 100; i++)
        {
            if (i % 100 < 99) { small.Add((i, i + 1, 1)); small.Add((i + 1, i, 1)); }
            if (i < 9900) { small.Add((i, i + 100, 1)); small.Add((i + 100, i, 1)); }
        }
        var exact = new LogDeterminant(SpatialWeights.FromLinks(10_000, small).RowStandardised());
        Assert.Equal(exact.Of(0.6) / 10_000, series.Of(0.6) / (side * side), 1e-3);
    }

    [Fact]
    public void The_curve_of_the_study_has_at_least_a_hundred_variants_and_counts_signs()
    {
        var panel = StudyPanel.Enforcement();
        var (x, y) = StudyPanel.Centroids();
        var queen = StudyPanel.QueenWeights().RowStandardised();
        var sets = new List<(string, IReadOnlyList<NeighbourTerm>)> { ("queen", [new NeighbourTerm("neighbour", queen)]) };
        foreach (var k in new[] { 4, 8 }) sets.Add(($"knn:{k}", [new NeighbourTerm("neighbour", DistanceWeights.KNearest(x, y, k).RowStandardised())]));
        sets.Add(("rings:50,100", [new NeighbourTerm("ring0-50", DistanceWeights.Ring(x, y, 0, 50_000)), new NeighbourTerm("ring50-100", DistanceWeights.Ring(x, y, 50_000, 100_000))]));
        var curve = SpecificationCurve.Run(panel, "coca_", ["asp_", "er_"], [], sets, queen, 2002, 2015);
        Assert.Equal(4 * 5 * 2 * 3, curve.Variants.Count);
        var published = curve.Variants.Single(v => v is { Weights: "queen", FirstYear: 2002, LastYear: 2015, Lagged: false } && v.Treatments.Count == 2);
        Assert.Equal(-0.0649, published.Result.Coefficients.Single(c => c.Name == "neighbour:asp_").Value, 1e-4);
        Assert.Equal(["own:asp_", "neighbour:asp_", "own:er_", "neighbour:er_"], curve.Signs.Select(s => s.Name));
        Assert.All(curve.Signs, s => Assert.InRange(s.Agreement, 0.5, 1));
        Assert.Equal(80, curve.Signs[0].Variants);
    }
}
