using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Spatial.Tests.Statistics;

public class MoranTests
{
    private static SpatialWeights Chain(int n) => SpatialWeights.FromLinks(n, Enumerable.Range(0, n - 1).SelectMany(i => new[] { (i, i + 1, 1.0), (i + 1, i, 1.0) }));

    private static double[] Normals(int n, ulong seed)
    {
        var random = new CounterRandom(seed, 0, 0);
        var values = new double[n];
        for (var i = 0; i < n; i++) values[i] = random.NextNormal();
        return values;
    }

    [Fact]
    public void A_chain_worked_by_hand()
    {
        // Values 1 2 3 4: z = -1.5 -0.5 0.5 1.5, sum z^2 = 5; cross products 2 (0.75 - 0.25 + 0.75) = 2.5; S0 = 6: I = 4/6 * 2.5/5 = 1/3.
        Assert.Equal(1.0 / 3, Moran.Coefficient([1, 2, 3, 4], Chain(4)), 1e-15);
        // Alternating values: every neighbour is the opposite, I = 4/6 * (-6/4) = -1.
        Assert.Equal(-1, Moran.Coefficient([1, -1, 1, -1], Chain(4)), 1e-15);
        Assert.True(double.IsNaN(Moran.Coefficient([2, 2, 2, 2], Chain(4))));
    }

    [Fact]
    public void The_permuted_mean_and_spread_follow_the_randomisation_formula()
    {
        // Cliff and Ord 1981, equation 1.44: E = -1/(n-1); the variance under randomisation in closed form.
        const ulong seed = 3;
        var n = 64;
        var weights = ContiguityWeights.Rook(SpatialWeightsTests.Grid(8, 8));
        var values = Normals(n, seed);
        var result = Moran.Test(values, weights, new PermutationOptions { Permutations = 20_000, Seed = seed });
        double s0 = weights.Sum, s1 = 0, s2 = 0, m2 = 0, m4 = 0, mean = values.Average();
        for (var i = 0; i < n; i++)
        {
            s1 += 0.5 * 4 * weights.Neighbours(i).Length;
            s2 += Math.Pow(2 * weights.Neighbours(i).Length, 2);
            m2 += Math.Pow(values[i] - mean, 2) / n;
            m4 += Math.Pow(values[i] - mean, 4) / n;
        }
        var b = m4 / (m2 * m2);
        var second = (n * ((n * n - 3 * n + 3) * s1 - n * s2 + 3 * s0 * s0) - b * ((n * n - n) * s1 - 2 * n * s2 + 6 * s0 * s0)) / ((n - 1.0) * (n - 2) * (n - 3) * s0 * s0);
        var spread = Math.Sqrt(second - result.Expected * result.Expected);
        Assert.True(Math.Abs(result.StandardError / spread - 1) < 0.02, $"seed {seed}: {result.StandardError} against {spread}");
    }

    [Fact]
    public void P_values_are_even_without_a_pattern_and_small_with_one()
    {
        var weights = ContiguityWeights.Queen(SpatialWeightsTests.Grid(10, 10)).RowStandardised();
        var small = 0;
        for (ulong seed = 0; seed < 200; seed++)
        {
            if (Moran.Test(Normals(100, seed), weights, new PermutationOptions { Permutations = 199, Seed = seed }).P <= 0.05) small++;
        }
        Assert.InRange(small, 8, 34); // folded p: twice 5 % of 200 expected, 99.9 % bounds
        var gradient = Enumerable.Range(0, 100).Select(i => (double)(i % 10)).ToArray();
        Assert.Equal(0.001, Moran.Test(gradient, weights).P, 1e-12);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_on_any_number_of_threads()
    {
        var weights = ContiguityWeights.Queen(SpatialWeightsTests.Grid(30, 30)).RowStandardised();
        var values = Normals(900, 8);
        var one = Moran.Test(values, weights, new PermutationOptions { Threads = 1 });
        Assert.Equal(one, Moran.Test(values, weights, new PermutationOptions { Threads = 4 }));
        var local = LocalMoran.Test(values, weights, new LocalOptions { Draws = new PermutationOptions { Threads = 1 } });
        var threaded = LocalMoran.Test(values, weights, new LocalOptions { Draws = new PermutationOptions { Threads = 4 } });
        Assert.Equal(local.P, threaded.P);
        Assert.Equal(local.Statistic, threaded.Statistic);
    }

    [Fact]
    public void Local_coefficients_add_up_to_the_global_one()
    {
        var weights = ContiguityWeights.Queen(SpatialWeightsTests.Grid(12, 9));
        var values = Normals(108, 21);
        var local = LocalMoran.Test(values, weights);
        Assert.Equal(Moran.Coefficient(values, weights) * weights.Sum, local.Statistic.Sum(), 1e-10);
    }

    /// <summary>Rival: plain conditional permutation, drawing each unit's neighbours anew.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Local_p_values_equal_plain_conditional_permutation(bool even)
    {
        const ulong seed = 31;
        const int plainDraws = 40_000;
        var grid = ContiguityWeights.Queen(SpatialWeightsTests.Grid(7, 7));
        var weights = even ? grid.RowStandardised() : SpatialWeights.FromLinks(49, Enumerable.Range(0, 49).SelectMany(i => grid.Neighbours(i).ToArray().Select(j => (i, j, 1.0 / (1 + Math.Abs(i - j))))));
        var values = Normals(49, seed);
        for (var i = 0; i < 20; i++) values[i] = 0; // many ties, as in coca
        var result = LocalMoran.Test(values, weights, new LocalOptions { Draws = new PermutationOptions { Permutations = 39_999, Seed = seed, UnitsPerDraw = 10 } });
        var z = values.Select(v => v - values.Average()).ToArray();
        var lag = weights.Lag(z);
        for (var i = 0; i < 49; i++)
        {
            var random = new CounterRandom(seed + 1, (uint)i, 0);
            var others = Enumerable.Range(0, 49).Where(j => j != i).ToArray();
            int ge = 0, le = 0;
            for (var p = 0; p < plainDraws; p++)
            {
                var sum = 0.0;
                var row = weights.Weights(i);
                for (var k = 0; k < row.Length; k++)
                {
                    var other = k + random.NextBelow(others.Length - k);
                    (others[k], others[other]) = (others[other], others[k]);
                    sum += row[k] * z[others[k]];
                }
                if (sum >= lag[i] - 1e-12) ge++;
                if (sum <= lag[i] + 1e-12) le++;
            }
            var expected = (1.0 + Math.Min(ge, le)) / (1 + plainDraws);
            Assert.True(Math.Abs(result.P[i] - expected) < 0.014, $"seed {seed}: unit {i}: {result.P[i]} against {expected}"); // 4 standard errors
        }
    }

    [Fact]
    public void Getis_ord_by_hand_and_its_hot_spot()
    {
        // Chain 0 0 1 with n = 3, unit 2: sum over {1, 2} = 1, mean 1/3, s = sqrt(2)/3, size 2:
        // (1 - 2/3) / (s sqrt((3*2 - 4) / 2)) = (1/3) / (sqrt(2)/3) = 0.70711.
        var result = GetisOrd.Test([0, 0, 1], Chain(3));
        Assert.Equal(Math.Sqrt(0.5), result.Statistic[2], 1e-12);
        var values = Normals(400, 77);
        foreach (var i in new[] { 189, 190, 209, 210, 211, 191, 229, 230, 231 }) values[i] += 8;
        var spots = GetisOrd.Test(values, ContiguityWeights.Queen(SpatialWeightsTests.Grid(20, 20)), new LocalOptions { Draws = new PermutationOptions { Permutations = 9999 } });
        Assert.Equal(SpatialCluster.HighHigh, spots.Clusters[210]);
        Assert.InRange(spots.Clusters.Count(c => c == SpatialCluster.LowLow), 0, 5);
    }

    [Fact]
    public void Clusters_tell_high_among_high_from_outliers_and_islands()
    {
        var cells = SpatialWeightsTests.Grid(20, 20).Append(null).ToArray();
        var values = new double[401];
        for (var i = 0; i < 400; i++) values[i] = i % 20 >= 15 ? 10 + i % 3 : i % 2;
        values[187] = -30; // a hole in the high region
        for (var row = 8; row <= 9; row++) values[row * 20 + 17] = row == 9 ? -30 : values[row * 20 + 17];
        var result = LocalMoran.Test(values, ContiguityWeights.Queen(cells).RowStandardised());
        Assert.Equal(SpatialCluster.Island, result.Clusters[400]);
        Assert.Equal(SpatialCluster.HighHigh, result.Clusters[57]);
        Assert.Equal(SpatialCluster.LowHigh, result.Clusters[197]);
    }

    [Fact]
    public void False_discovery_control_by_hand()
    {
        // p 0.01 0.02 0.03 0.5: q = min(.04, .04, .04), .04, .04, .5.
        var q = FalseDiscovery.Adjust([0.02, 0.5, 0.01, 0.03]);
        Assert.Equal(0.04, q[0], 1e-15);
        Assert.Equal(0.5, q[1], 1e-15);
        Assert.Equal(0.04, q[2], 1e-15);
        Assert.Equal(0.04, q[3], 1e-15);
    }
}
