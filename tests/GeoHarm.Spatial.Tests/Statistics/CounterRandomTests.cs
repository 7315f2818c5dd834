using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Spatial.Tests.Statistics;

public class CounterRandomTests
{
    /// <summary>Known-answer vectors of Philox4x32-10 from Random123's kat_vectors (Salmon et al. 2011).</summary>
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Philox_gives_the_published_answers(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint r0, uint r1, uint r2, uint r3)
    {
        var (first, second) = CounterRandom.Block(k0 | (ulong)k1 << 32, c0 | (ulong)c1 << 32, c2, c3);
        Assert.Equal(r0 | (ulong)r1 << 32, first);
        Assert.Equal(r2 | (ulong)r3 << 32, second);
    }

    [Fact]
    public void A_stream_is_its_blocks_in_order()
    {
        var random = new CounterRandom(7, 3, 11);
        for (ulong counter = 0; counter < 100; counter++)
        {
            var (first, second) = CounterRandom.Block(7, counter, 3, 11);
            Assert.Equal(first, random.NextBits());
            Assert.Equal(second, random.NextBits());
        }
    }

    [Fact]
    public void Streams_of_members_and_steps_differ()
    {
        var seen = new HashSet<ulong>();
        for (uint member = 0; member < 50; member++)
        {
            for (uint step = 0; step < 50; step++) Assert.True(seen.Add(new CounterRandom(1, member, step).NextBits()));
        }
    }

    [Fact]
    public void Uniforms_fill_the_unit_interval_evenly()
    {
        const int n = 200_000, bins = 100;
        var counts = new int[bins];
        var random = new CounterRandom(42, 0, 0);
        for (var i = 0; i < n; i++)
        {
            var u = random.NextUniform();
            Assert.InRange(u, 0, 1 - 1e-17);
            counts[(int)(u * bins)]++;
        }
        var chiSquare = counts.Sum(c => (c - (double)n / bins) * (c - (double)n / bins) / ((double)n / bins));
        Assert.InRange(chiSquare, 60, 150); // 99 degrees of freedom: 1e-4 tails are 54 and 161
    }

    [Fact]
    public void Whole_numbers_below_a_bound_are_even()
    {
        const int n = 70_000;
        var counts = new int[7];
        var random = new CounterRandom(43, 0, 0);
        for (var i = 0; i < n; i++) counts[random.NextBelow(7)]++;
        foreach (var count in counts) Assert.InRange(count, 10_000 - 400, 10_000 + 400); // 4.3 standard errors
    }

    [Fact]
    public void Normals_have_their_first_four_moments()
    {
        const int n = 200_000;
        var random = new CounterRandom(44, 0, 0);
        double m1 = 0, m2 = 0, m3 = 0, m4 = 0;
        for (var i = 0; i < n; i++)
        {
            var z = random.NextNormal();
            m1 += z; m2 += z * z; m3 += z * z * z; m4 += z * z * z * z;
        }
        Assert.Equal(0, m1 / n, 0.01);
        Assert.Equal(1, m2 / n, 0.02);
        Assert.Equal(0, m3 / n, 0.04);
        Assert.Equal(3, m4 / n, 0.12);
    }

    [Fact]
    public void Triangular_draws_have_the_mean_and_the_ends()
    {
        const int n = 100_000;
        var random = new CounterRandom(45, 0, 0);
        double sum = 0;
        for (var i = 0; i < n; i++)
        {
            var x = random.NextTriangular(0.1, 0.4, 0.9);
            Assert.InRange(x, 0.1, 0.9);
            sum += x;
        }
        Assert.Equal((0.1 + 0.4 + 0.9) / 3, sum / n, 0.003);
        Assert.Equal(2.0, random.NextTriangular(2, 2, 2));
    }
}
