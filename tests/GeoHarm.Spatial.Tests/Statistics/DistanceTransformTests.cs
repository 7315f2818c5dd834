using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Spatial.Tests.Statistics;

public class DistanceTransformTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1.5, 0.7)]
    [InlineData(30, 30)]
    public void Distances_equal_brute_force(double cellWidth, double cellHeight)
    {
        const ulong seed = 55;
        for (uint round = 0; round < 40; round++)
        {
            var random = new CounterRandom(seed, round, 0);
            int width = 1 + random.NextBelow(70), height = 1 + random.NextBelow(70);
            var sources = new byte[width * height];
            var density = random.NextUniform() * random.NextUniform();
            for (var i = 0; i < sources.Length; i++) sources[i] = random.NextUniform() < density ? (byte)(1 + random.NextBelow(255)) : (byte)0;
            var distance = new float[sources.Length];
            DistanceTransform.Run(sources, width, height, cellWidth, cellHeight, distance);
            for (var i = 0; i < sources.Length; i++)
            {
                var best = double.PositiveInfinity;
                for (var j = 0; j < sources.Length; j++)
                {
                    if (sources[j] == 0) continue;
                    double dx = (i % width - j % width) * cellWidth, dy = (i / width - j / width) * cellHeight;
                    best = Math.Min(best, dx * dx + dy * dy);
                }
                var expected = (float)Math.Sqrt(best);
                Assert.True(Math.Abs(distance[i] - expected) <= 2e-7 * expected || distance[i] == expected, $"seed {seed}, round {round}: cell {i}: {distance[i]} against {expected}");
            }
        }
    }

    [Fact]
    public void A_3_4_5_triangle()
    {
        var sources = new byte[20];
        sources[0] = 1;
        var distance = new float[20];
        DistanceTransform.Run(sources, 5, 4, 1, 1, distance);
        Assert.Equal(5, distance[3 * 5 + 4]);
        Assert.Equal(0, distance[0]);
    }

    [Fact]
    public void Without_a_source_every_cell_is_infinitely_far()
    {
        var distance = new float[12];
        DistanceTransform.Run(new byte[12], 4, 3, 1, 1, distance);
        Assert.All(distance, d => Assert.Equal(float.PositiveInfinity, d));
    }

    [Fact]
    public void Long_thin_grids_are_exact_at_their_far_end()
    {
        var sources = new byte[60_000];
        sources[0] = 1;
        var distance = new float[60_000];
        DistanceTransform.Run(sources, 60_000, 1, 1, 1, distance);
        Assert.Equal(59_999, distance[^1]);
        DistanceTransform.Run(sources, 1, 60_000, 1, 1, distance);
        Assert.Equal(59_999, distance[^1]);
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => DistanceTransform.Run(new byte[3], 2, 2, 1, 1, new float[4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => DistanceTransform.Run(new byte[4], 2, 2, 0, 1, new float[4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => DistanceTransform.Run([], 70_000, 1, 1, 1, []));
    }
}

public class KernelDensityTests
{
    [Fact]
    public void The_density_of_a_point_adds_up_to_its_weight()
    {
        var density = new double[200 * 200];
        KernelDensity.Run([10_050, 9_000], [10_020, 11_000], [3, 4], 0, 20_000, 100, 200, 200, density, new KernelDensityOptions { Radius = 4_000 });
        Assert.Equal(7, density.Sum() * 100 * 100, 0.002);
        Assert.Equal(density, Threaded());

        static double[] Threaded()
        {
            var again = new double[200 * 200];
            KernelDensity.Run([10_050, 9_000], [10_020, 11_000], [3, 4], 0, 20_000, 100, 200, 200, again, new KernelDensityOptions { Radius = 4_000, Threads = 3 });
            return again;
        }
    }

    [Fact]
    public void The_peak_is_three_over_pi_r_squared()
    {
        var density = new double[9];
        KernelDensity.Run([1.5], [1.5], [2], 0, 3, 1, 3, 3, density, new KernelDensityOptions { Radius = 1.2 });
        Assert.Equal(2 * 3 / (Math.PI * 1.44), density[4], 1e-12);
        Assert.Equal(0, density[0]); // the corner lies sqrt(2) away
    }
}
