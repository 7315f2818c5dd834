using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Spatial.Statistics;

/// <summary>
/// Counter-based random numbers, Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011, doi 10.1145/2063384.2063405):
/// draw n of stream (seed, member, step) is a pure function of those numbers, so results do not depend on the order
/// or the number of threads. Passes by value: a copy continues from the same place.
/// </summary>
public struct CounterRandom
{
    private readonly ulong seed;
    private readonly uint member, step;
    private ulong counter;
    private ulong spare;
    private bool hasSpare;

    /// <summary>The stream of ensemble member <paramref name="member"/> at <paramref name="step"/> under <paramref name="seed"/>.</summary>
    public CounterRandom(ulong seed, uint member, uint step)
    {
        this.seed = seed;
        this.member = member;
        this.step = step;
    }

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        if (hasSpare) { hasSpare = false; return spare; }
        var (a, b) = Block(seed, counter++, member, step);
        spare = b;
        hasSpare = true;
        return a;
    }

    /// <summary>Uniform in [0, 1) with 53 bits.</summary>
    public double NextUniform() => (NextBits() >> 11) * (1.0 / 9007199254740992);

    /// <summary>Uniform whole number in [0, bound), bound at least 1; multiply-shift with rejection (Lemire 2019).</summary>
    public int NextBelow(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        while (true)
        {
            var product = (NextBits() & 0xFFFFFFFF) * (ulong)(uint)bound;
            if ((uint)product >= (uint)(-(uint)bound) % (uint)bound) return (int)(product >> 32);
        }
    }

    /// <summary>Standard normal (Box and Muller 1958; one value per pair of uniforms).</summary>
    public double NextNormal()
    {
        var u = 1 - NextUniform();
        return Math.Sqrt(-2 * PortableMath.Log(u)) * PortableMath.Cos(2 * Math.PI * NextUniform());
    }

    /// <summary>Triangular on [low, high] with the given mode, by inversion.</summary>
    public double NextTriangular(double low, double mode, double high) => Triangular(NextUniform(), low, mode, high);

    /// <summary>Quantile u of the triangular distribution.</summary>
    public static double Triangular(double u, double low, double mode, double high)
    {
        if (high <= low) return low;
        var split = (mode - low) / (high - low);
        return u < split
            ? low + Math.Sqrt(u * (high - low) * (mode - low))
            : high - Math.Sqrt((1 - u) * (high - low) * (high - mode));
    }

    /// <summary>The stream of a name: FNV-1a over its UTF-8 bytes, 32 bits.</summary>
    public static uint StreamOf(string name)
    {
        var hash = 2166136261u;
        foreach (var b in System.Text.Encoding.UTF8.GetBytes(name)) hash = (hash ^ b) * 16777619u;
        return hash;
    }

    /// <summary>One Philox4x32-10 block: 128 bits from the key and the counter.</summary>
    public static (ulong First, ulong Second) Block(ulong key, ulong counterLow, uint counterThird, uint counterFourth)
    {
        uint c0 = (uint)counterLow, c1 = (uint)(counterLow >> 32), c2 = counterThird, c3 = counterFourth;
        uint k0 = (uint)key, k1 = (uint)(key >> 32);
        for (var round = 0; round < 10; round++)
        {
            var p0 = 0xD2511F53UL * c0;
            var p1 = 0xCD9E8D57UL * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }
        return (c0 | (ulong)c1 << 32, c2 | (ulong)c3 << 32);
    }
}
