using GeoHarm.Spatial.Quantities;
using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Spatial.Tests.Quantities;

/// <summary>Rival: System.Math, itself within 1 unit in the last place on the machines we test.</summary>
public class PortableMathTests
{
    private const ulong Seed = 20251124;
    private const int Draws = 200_000;

    private static long UlpDistance(double a, double b)
    {
        if (a.Equals(b) || (a == 0 && b == 0)) return 0;
        if (!double.IsFinite(a) || !double.IsFinite(b)) return long.MaxValue;
        static long Ordered(double v)
        {
            var bits = BitConverter.DoubleToInt64Bits(v);
            return bits < 0 ? long.MinValue - bits : bits;
        }
        return Math.Abs(Ordered(a) - Ordered(b));
    }

    private static void Agree(string name, Func<double, double> ours, Func<double, double> theirs, Func<double, double> draw, long ulps = 2)
    {
        var random = new CounterRandom(Seed, 0, 0);
        long worst = 0;
        var worstAt = 0.0;
        for (var i = 0; i < Draws; i++)
        {
            var x = draw(random.NextUniform());
            var distance = UlpDistance(ours(x), theirs(x));
            if (distance > worst) { worst = distance; worstAt = x; }
        }
        Assert.True(worst <= ulps, $"seed {Seed}: {name}({worstAt:R}) is {worst} ulp away: {ours(worstAt):R} against {theirs(worstAt):R}");
    }

    private static Func<double, double> Between(double low, double high) => u => low + u * (high - low);

    private static Func<double, double> Decades(double low, double high) => u => Math.Pow(10, low + u * (high - low));

    [Fact]
    public void Exp_agrees_over_its_whole_range()
    {
        Agree("exp", PortableMath.Exp, Math.Exp, Between(-700, 700));
        Agree("exp", PortableMath.Exp, Math.Exp, Between(-1, 1));
        Agree("exp", PortableMath.Exp, Math.Exp, u => (u - 0.5) * 1e-6);
    }

    [Fact]
    public void Exp_of_many_has_the_bits_of_each_alone()
    {
        var random = new CounterRandom(Seed, 1, 0);
        double[] edges = [0, -0.0, 1, -1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 709.7, 709.79, -708.1, -745.1, -745.2, 1e-300, -1e300, double.Epsilon, 708, -708];
        for (var round = 0; round < 2000; round++)
        {
            var x = new double[round % 40];
            for (var i = 0; i < x.Length; i++)
            {
                var u = random.NextUniform();
                x[i] = u < 0.05 ? edges[(int)(u * 20 * edges.Length)] : u < 0.5 ? (random.NextUniform() - 0.5) * 40 : (random.NextUniform() - 0.5) * 1500;
            }
            var all = new double[x.Length];
            PortableMath.Exp(x, all);
            for (var i = 0; i < x.Length; i++) Assert.True(BitConverter.DoubleToInt64Bits(PortableMath.Exp(x[i])) == BitConverter.DoubleToInt64Bits(all[i]), $"seed {Seed}: exp({x[i]:R})");
            PortableMath.Exp(x, x);
            Assert.Equal(all, x);
        }
    }

    [Fact]
    public void Log_agrees_far_from_and_near_one()
    {
        Agree("log", PortableMath.Log, Math.Log, Decades(-300, 300));
        Agree("log", PortableMath.Log, Math.Log, Between(0.5, 2));
        Agree("log", PortableMath.Log, Math.Log, u => 1 + (u - 0.5) * 1e-7);
        Agree("log10", PortableMath.Log10, Math.Log10, Decades(-300, 300));
    }

    [Fact]
    public void Sine_cosine_tangent_agree()
    {
        foreach (var span in new[] { 1e-3, 1.0, 10, 1e4, 1e7 })
        {
            Agree("sin", PortableMath.Sin, Math.Sin, Between(-span, span));
            Agree("cos", PortableMath.Cos, Math.Cos, Between(-span, span));
            Agree("tan", PortableMath.Tan, Math.Tan, Between(-span, span));
        }
    }

    [Fact]
    public void Arc_functions_agree()
    {
        Agree("atan", PortableMath.Atan, Math.Atan, Between(-5, 5));
        Agree("atan", PortableMath.Atan, Math.Atan, Decades(-10, 10));
        Agree("asin", PortableMath.Asin, Math.Asin, Between(-1, 1));
        Agree("acos", PortableMath.Acos, Math.Acos, Between(-1, 1));
        Agree("asin", PortableMath.Asin, Math.Asin, u => 1 - u * 1e-6);
    }

    [Fact]
    public void Arc_tangent_of_a_point_agrees_in_all_quadrants()
    {
        var random = new CounterRandom(Seed, 1, 0);
        for (var i = 0; i < Draws; i++)
        {
            var y = (random.NextUniform() - 0.5) * Math.Pow(10, random.NextBelow(8) - 4);
            var x = (random.NextUniform() - 0.5) * Math.Pow(10, random.NextBelow(8) - 4);
            var distance = UlpDistance(PortableMath.Atan2(y, x), Math.Atan2(y, x));
            Assert.True(distance <= 2, $"seed {Seed}: atan2({y:R}, {x:R}) is {distance} ulp away");
        }
    }

    [Fact]
    public void Hyperbolic_functions_agree()
    {
        Agree("sinh", PortableMath.Sinh, Math.Sinh, Between(-3, 3));
        Agree("sinh", PortableMath.Sinh, Math.Sinh, Between(-300, 300));
        Agree("atanh", PortableMath.Atanh, Math.Atanh, Between(-1, 1));
        Agree("atanh", PortableMath.Atanh, Math.Atanh, u => (u - 0.5) * 1e-3);
    }

    [Fact]
    public void Powers_agree()
    {
        var random = new CounterRandom(Seed, 2, 0);
        for (var i = 0; i < Draws; i++)
        {
            var x = Math.Pow(10, random.NextUniform() * 12 - 6);
            var y = random.NextBelow(2) == 0 ? random.NextUniform() * 40 - 20 : random.NextBelow(81) - 40;
            var distance = UlpDistance(PortableMath.Pow(x, y), Math.Pow(x, y));
            Assert.True(distance <= 2, $"seed {Seed}: pow({x:R}, {y:R}) is {distance} ulp away");
        }
    }

    [Fact]
    public void Whole_powers_of_small_whole_numbers_are_exact()
    {
        Assert.Equal(1000, PortableMath.Pow(10, 3));
        Assert.Equal(1e22, PortableMath.Pow(10, 22));
        Assert.Equal(-27, PortableMath.Pow(-3, 3));
        Assert.Equal(0.25, PortableMath.Pow(2, -2));
        Assert.Equal(0.25, PortableMath.Pow(-2, -2));
        Assert.Equal(0.01, PortableMath.Pow(10, -2));
        Assert.Equal(double.PositiveInfinity, PortableMath.Pow(1e300, 2));
        Assert.Equal(0, PortableMath.Pow(1e300, -3));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(-1.0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(710.0)]
    [InlineData(-746.0)]
    [InlineData(5e-324)]
    public void Special_values_follow_the_platform(double x)
    {
        Assert.InRange(UlpDistance(Math.Exp(x), PortableMath.Exp(x)), 0, 2);
        Assert.InRange(UlpDistance(Math.Log(x), PortableMath.Log(x)), 0, 2);
        Assert.InRange(UlpDistance(Math.Atan(x), PortableMath.Atan(x)), 0, 2);
        Assert.InRange(UlpDistance(Math.Asin(x), PortableMath.Asin(x)), 0, 2);
        Assert.InRange(UlpDistance(Math.Acos(x), PortableMath.Acos(x)), 0, 2);
        Assert.InRange(UlpDistance(Math.Atanh(x), PortableMath.Atanh(x)), 0, 2);
        foreach (var y in new[] { 0.0, 1, -1, 2, -2, 0.5, -0.5, double.NaN, double.PositiveInfinity, double.NegativeInfinity })
        {
            Assert.InRange(UlpDistance(Math.Pow(x, y), PortableMath.Pow(x, y)), 0, 2);
            Assert.InRange(UlpDistance(Math.Atan2(x, y), PortableMath.Atan2(x, y)), 0, 2);
        }
    }
}
