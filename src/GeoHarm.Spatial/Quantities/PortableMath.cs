using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

#if GEOHARM_ROUTING
namespace GeoHarm.Routing;
#else
namespace GeoHarm.Spatial.Quantities;
#endif

/// <summary>
/// Elementary functions in managed code, so that the same scenario gives the same bits on every machine.
/// Only IEEE 754 operations that are correctly rounded everywhere are used (+ - * / sqrt, fused multiply-add
/// where written). Method: argument reduction, then the function's own Taylor series, summed by Horner's rule
/// from the smallest term (Muller, Elementary Functions, 3rd ed., 2016, chapters 3 and 11).
/// Error: at most 2 units in the last place over the tested ranges (PortableMathTests compares with System.Math).
/// Angles are in radians; special values follow System.Math. Cost: 5 to 20 ns a call.
/// </summary>
#if GEOHARM_ROUTING
internal static class PortableMath
#else
public static class PortableMath
#endif
{
    private const double Ln2High = 6.93147180369123816490e-01; // upper 32 bits of ln 2, so k * Ln2High is exact
    private const double Ln2Low = 1.90821492927058770002e-10;
    private const double HalfPiHigh = 1.5707963267341256; // upper 33 bits of pi / 2
    private const double HalfPiMiddle = 6.077100506303966e-11;
    private const double HalfPiLow = 2.0222662487959506e-21;

    /// <summary>e to the power x. Overflows to infinity above 709.78 and underflows to 0 below -745.13.</summary>
    public static double Exp(double x)
    {
        if (double.IsNaN(x)) return x;
        if (x > 709.782712893384) return double.PositiveInfinity;
        if (x < -745.1332191019412) return 0;
        var k = Math.Floor(x * 1.4426950408889634 + 0.5);
        var high = x - k * Ln2High;
        var low = k * Ln2Low;
        var r = high - low;
        return Scale(ExpReduced(r, (high - r) - low), (int)k);
    }

    /// <summary>e to the power of each x, the same bits as one by one, eight at a time.</summary>
    /// <param name="x">Powers.</param>
    /// <param name="result">Filled; length of <paramref name="x"/>, may be the same span.</param>
    public static void Exp(ReadOnlySpan<double> x, Span<double> result)
    {
        ref var from = ref MemoryMarshal.GetReference(x);
        ref var to = ref MemoryMarshal.GetReference(result[..x.Length]);
        var i = 0;
        for (; i + 8 <= x.Length; i += 8)
        {
            var given = Vector512.LoadUnsafe(ref from, (nuint)i);
            var vanishes = Vector512.LessThan(given, Vector512.Create(-745.1332191019412));
            var lanes = Vector512.ConditionalSelect(vanishes, Vector512<double>.Zero, given);
            // Subnormal results, overflow and NaN go one by one.
            if (Vector512.LessThanOrEqualAll(Vector512.Abs(lanes), Vector512.Create(708.0))) Vector512.ConditionalSelect(vanishes, Vector512<double>.Zero, ExpLanes(lanes)).StoreUnsafe(ref to, (nuint)i);
            else for (var lane = i; lane < i + 8; lane++) result[lane] = Exp(x[lane]);
        }
        for (; i < x.Length; i++) result[i] = Exp(x[i]);
    }

    /// <summary>Natural logarithm of x; NaN below 0, negative infinity at 0.</summary>
    public static double Log(double x)
    {
        if (double.IsNaN(x) || x < 0) return double.NaN;
        if (x == 0) return double.NegativeInfinity;
        if (double.IsPositiveInfinity(x)) return x;
        var (high, low) = LogPair(x);
        return high + low;
    }

    /// <summary>Logarithm of x to base 10.</summary>
    public static double Log10(double x)
    {
        if (!(x > 0) || double.IsPositiveInfinity(x)) return Log(x);
        const double scale = 0.4342944819032518, scaleLow = 1.098319650216765e-17; // 1 / ln 10 as a pair
        var (high, low) = LogPair(x);
        var product = high * scale;
        return product + (Math.FusedMultiplyAdd(high, scale, -product) + (low * scale + high * scaleLow));
    }

    /// <summary>x to the power y. Whole powers up to 32 are products of pairs of doubles; others exp(y log x) with log x as a pair of doubles.</summary>
    public static double Pow(double x, double y)
    {
        if (y == 0 || x == 1) return 1;
        if (double.IsNaN(x) || double.IsNaN(y)) return double.NaN;
        if (double.IsInfinity(y)) return Math.Abs(x) == 1 ? 1 : (Math.Abs(x) > 1) == (y > 0) ? double.PositiveInfinity : 0;
        if (y == Math.Floor(y) && Math.Abs(y) <= 32 && PowWhole(x, (int)y, out var whole)) return whole;
        if (x < 0)
        {
            if (double.IsInfinity(x) && y != Math.Floor(y)) return y > 0 ? double.PositiveInfinity : 0;
            if (y != Math.Floor(y)) return double.NaN;
            var magnitude = Pow(-x, y);
            return Math.Abs(y % 2) == 1 ? -magnitude : magnitude;
        }
        if (x == 0) return y > 0 ? 0 : double.PositiveInfinity;
        if (double.IsPositiveInfinity(x)) return y > 0 ? x : 0;
        var (high, low) = LogPair(x);
        var product = y * high;
        var error = Math.FusedMultiplyAdd(y, high, -product) + y * low;
        if (product > 709.8) return double.PositiveInfinity;
        if (product < -745.2) return 0;
        var k = Math.Floor(product * 1.4426950408889634 + 0.5);
        var r = Math.FusedMultiplyAdd(-k, Ln2High, product);
        // The low part is made small against r again: where r nearly cancels it may be as large as r itself.
        var lowPart = error - k * Ln2Low;
        var sum = r + lowPart;
        return Scale(ExpReduced(sum, (r - sum) + lowPart), (int)k);
    }

    /// <summary>Sine of an angle in radians; |x| up to 1e8.</summary>
    public static double Sin(double x) => ReduceHalfPi(x, out var r, out var low) switch
    {
        0 => SinReduced(r, low),
        1 => CosReduced(r, low),
        2 => -SinReduced(r, low),
        _ => -CosReduced(r, low),
    };

    /// <summary>Cosine of an angle in radians; |x| up to 1e8.</summary>
    public static double Cos(double x) => ReduceHalfPi(x, out var r, out var low) switch
    {
        0 => CosReduced(r, low),
        1 => -SinReduced(r, low),
        2 => -CosReduced(r, low),
        _ => SinReduced(r, low),
    };

    /// <summary>Tangent of an angle in radians.</summary>
    public static double Tan(double x) => Sin(x) / Cos(x);

    /// <summary>Arc tangent, in -pi/2 to pi/2.</summary>
    public static double Atan(double x)
    {
        if (double.IsNaN(x)) return x;
        var t = Math.Abs(x);
        double result;
        if (t > 1) result = 1.5707963267948966 - AtanUnit(1 / t, 0) + 6.123233995736766e-17;
        else result = AtanUnit(t, 0);
        return x < 0 ? -result : result;
    }

    /// <summary>Angle of the point (x, y), in -pi to pi.</summary>
    public static double Atan2(double y, double x)
    {
        if (double.IsNaN(x) || double.IsNaN(y)) return double.NaN;
        if (x == 0 && y == 0) return x == 0 && double.IsNegative(x) ? (double.IsNegative(y) ? -Math.PI : Math.PI) : y;
        if (x == 0) return y > 0 ? Math.PI / 2 : -Math.PI / 2;
        if (double.IsInfinity(x) && double.IsInfinity(y)) return Math.CopySign(x > 0 ? Math.PI / 4 : 3 * Math.PI / 4, y);
        if (Math.Abs(y) > Math.Abs(x)) return (y > 0 ? Math.PI / 2 : -Math.PI / 2) - Atan(x / y);
        var angle = Atan(y / x);
        if (x > 0) return angle;
        return double.IsNegative(y) ? angle - Math.PI : angle + Math.PI;
    }

    /// <summary>Arc sine; NaN outside -1 to 1.</summary>
    public static double Asin(double x)
    {
        if (!(Math.Abs(x) <= 1)) return double.NaN;
        var (c, cLow) = Complement(x);
        if (Math.Abs(x) <= c) return AtanQuotient(x, 0, c, cLow);
        return x > 0 ? Math.PI / 2 - AtanQuotient(c, cLow, x, 0) : -Math.PI / 2 - AtanQuotient(c, cLow, x, 0);
    }

    /// <summary>Arc cosine; NaN outside -1 to 1.</summary>
    public static double Acos(double x)
    {
        if (!(Math.Abs(x) <= 1)) return double.NaN;
        var (c, cLow) = Complement(x);
        if (Math.Abs(x) <= c) return Math.PI / 2 - AtanQuotient(x, 0, c, cLow);
        var angle = AtanQuotient(c, cLow, x, 0);
        return x > 0 ? angle : Math.PI + angle;
    }

    /// <summary>sqrt(1 - x^2) as a pair.</summary>
    private static (double High, double Low) Complement(double x)
    {
        var square = (1 - x) * (1 + x);
        // 1 - x^2 once more, exactly: what the product above lost.
        double a = x * x, aLow = Math.FusedMultiplyAdd(x, x, -a);
        var whole = 1 - a;
        var lost = (whole - square) + (((1 - whole) - a) - aLow);
        var root = Math.Sqrt(square);
        return root == 0 ? (0, 0) : (root, (Math.FusedMultiplyAdd(-root, root, square) + lost) / (2 * root));
    }

    /// <summary>atan(y / x) of two pairs, |y| at most |x|.</summary>
    private static double AtanQuotient(double y, double yLow, double x, double xLow)
    {
        var t = y / x;
        var low = (Math.FusedMultiplyAdd(-t, x, y) + yLow - t * xLow) / x;
        return t < 0 ? -AtanUnit(-t, -low) : AtanUnit(t, low);
    }

    /// <summary>Inverse hyperbolic tangent; NaN outside -1 to 1.</summary>
    public static double Atanh(double x)
    {
        if (Math.Abs(x) < 0.05)
        {
            var s = x * x;
            var sum = 1.0 / 15;
            for (var k = 13; k >= 1; k -= 2) sum = sum * s + 1.0 / k;
            return sum * x;
        }
        if (!(Math.Abs(x) < 1)) return Math.Abs(x) == 1 ? x * double.PositiveInfinity : double.NaN;
        // log(1 + x) - log(1 - x) in pairs, with what 1 + x and 1 - x lost to rounding put back.
        double up = 1 + x, down = 1 - x;
        var (upHigh, upLow) = LogPair(up);
        var (downHigh, downLow) = LogPair(down);
        var upLost = x - (up - 1);
        var downLost = -x - (down - 1);
        return 0.5 * ((upHigh - downHigh) + ((upLow - downLow) + (upLost / up - downLost / down)));
    }

    /// <summary>Hyperbolic sine.</summary>
    public static double Sinh(double x)
    {
        if (Math.Abs(x) < 1.2)
        {
            var s = x * x;
            var sum = 0.0;
            for (var k = 21; k >= 3; k -= 2) sum = (1 + sum) * s / (k * (k - 1));
            return x + x * sum;
        }
        var e = Exp(x);
        return (e - 1 / e) / 2;
    }

    private static double ExpReduced(double r, double low)
    {
        // |r| <= 0.3466: the first term left out, r^14 / 14!, is below 5e-18.
        var sum = 1.0 / 6227020800;
        sum = sum * r + 1.0 / 479001600;
        sum = sum * r + 1.0 / 39916800;
        sum = sum * r + 1.0 / 3628800;
        sum = sum * r + 1.0 / 362880;
        sum = sum * r + 1.0 / 40320;
        sum = sum * r + 1.0 / 5040;
        sum = sum * r + 1.0 / 720;
        sum = sum * r + 1.0 / 120;
        sum = sum * r + 1.0 / 24;
        sum = sum * r + 1.0 / 6;
        sum = sum * r + 0.5;
        return 1 + (r + (sum * r * r + low * (1 + r)));
    }

    // The steps of Exp and ExpReduced, operation by operation.
    private static Vector512<double> ExpLanes(Vector512<double> x)
    {
        var k = Vector512.Floor(x * 1.4426950408889634 + Vector512.Create(0.5));
        var high = x - k * Ln2High;
        var lowPart = k * Ln2Low;
        var r = high - lowPart;
        var low = (high - r) - lowPart;
        var sum = Vector512.Create(1.0 / 6227020800);
        sum = sum * r + Vector512.Create(1.0 / 479001600);
        sum = sum * r + Vector512.Create(1.0 / 39916800);
        sum = sum * r + Vector512.Create(1.0 / 3628800);
        sum = sum * r + Vector512.Create(1.0 / 362880);
        sum = sum * r + Vector512.Create(1.0 / 40320);
        sum = sum * r + Vector512.Create(1.0 / 5040);
        sum = sum * r + Vector512.Create(1.0 / 720);
        sum = sum * r + Vector512.Create(1.0 / 120);
        sum = sum * r + Vector512.Create(1.0 / 24);
        sum = sum * r + Vector512.Create(1.0 / 6);
        sum = sum * r + Vector512.Create(0.5);
        var value = Vector512<double>.One + (r + (sum * r * r + low * (Vector512<double>.One + r)));
        // 2^k from the bits of k: adding 1.5 x 2^52 leaves the whole number in the last bits.
        var exponent = Vector512.ShiftLeft((k + Vector512.Create(6755399441055744.0)).AsInt64() + Vector512.Create(1023L), 52);
        return value * exponent.AsDouble();
    }

    private static double Scale(double value, int exponent)
    {
        if (exponent > 1023) return value * 2 * PowerOfTwo(exponent - 1);
        return exponent < -1021 ? value * PowerOfTwo(exponent + 100) * PowerOfTwo(-100) : value * PowerOfTwo(exponent);
    }

    private static double PowerOfTwo(int exponent) => BitConverter.Int64BitsToDouble((long)(exponent + 1023) << 52);

    private static (double High, double Low) LogPair(double x)
    {
        var exponent = 0;
        if (x < 2.2250738585072014e-308) { x *= 18014398509481984; exponent = -54; }
        var bits = BitConverter.DoubleToInt64Bits(x);
        exponent += (int)(bits >> 52) - 1023;
        var m = BitConverter.Int64BitsToDouble((bits & 0xFFFFFFFFFFFFFL) | 0x3FF0000000000000L);
        if (m > 1.4142135623730951) { m /= 2; exponent++; }
        // log m = 2 atanh s with s = (m - 1) / (m + 1), |s| <= 0.1716; s is carried as a pair.
        var f = m - 1;
        var denominator = 2 + f;
        var s = f / denominator;
        var sLow = Math.FusedMultiplyAdd(-s, denominator, f) / denominator - s * ((2 - denominator) + f) / denominator;
        var z = s * s;
        var sum = 1.0 / 23;
        for (var k = 21; k >= 3; k -= 2) sum = sum * z + 1.0 / k;
        var tail = 2 * sLow + 2 * s * z * sum;
        var head = exponent * Ln2High;
        var high = head + 2 * s;
        var low = (head - high) + 2 * s + (tail + exponent * Ln2Low);
        var total = high + low;
        return (total, (high - total) + low);
    }

    /// <summary>x to a whole power by products carried as pairs, so that exact powers are exact; false where the
    /// product leaves the range in which the pairs are safe.</summary>
    private static bool PowWhole(double x, int n, out double result)
    {
        var negative = n < 0;
        if (negative) n = -n;
        double high = 1, low = 0, factor = x, factorLow = 0;
        for (; n > 0; n >>= 1)
        {
            if ((n & 1) != 0) (high, low) = Product(high, low, factor, factorLow);
            if (n > 1) (factor, factorLow) = Product(factor, factorLow, factor, factorLow);
        }
        result = high + low;
        if (!(Math.Abs(result) > 1e-280 && Math.Abs(result) < 1e280)) return false;
        if (!negative) return true;
        var inverse = 1 / high;
        result = inverse + inverse * (Math.FusedMultiplyAdd(-inverse, high, 1.0) - inverse * low);
        return true;
    }

    private static (double High, double Low) Product(double a, double aLow, double b, double bLow)
    {
        var high = a * b;
        return (high, Math.FusedMultiplyAdd(a, b, -high) + (a * bLow + b * aLow));
    }

    private static int ReduceHalfPi(double x, out double r, out double low)
    {
        if (!double.IsFinite(x)) { r = double.NaN; low = 0; return 0; }
        var k = Math.Floor(x * 0.6366197723675814 + 0.5);
        var a = Math.FusedMultiplyAdd(-k, HalfPiHigh, x);
        var middle = k * HalfPiMiddle;
        r = a - middle;
        low = (a - r) - middle - Math.FusedMultiplyAdd(k, HalfPiMiddle, -middle) - k * HalfPiLow;
        var sum = r + low;
        low = (r - sum) + low;
        r = sum;
        return (int)((long)k & 3);
    }

    private static double SinReduced(double r, double low)
    {
        var s = r * r;
        var sum = 0.0;
        for (var k = 19; k >= 3; k -= 2) sum = (1 - sum) * s / (k * (k - 1));
        // sin r = r (1 - s/6 (1 - s/20 (...))): the nested form keeps each coefficient exact.
        return r + (low * (1 - s / 2) - r * sum);
    }

    private static double CosReduced(double r, double low)
    {
        var s = r * r;
        var sum = 0.0;
        for (var k = 20; k >= 4; k -= 2) sum = (1 - sum) * s / (k * (k - 1));
        // cos r = 1 - s/2 + s/2 * sum, written so that 1 - s/2 loses nothing.
        var half = 0.5 * s;
        var w = 1 - half;
        return w + (((1 - w) - half) + (half * sum - r * low));
    }

    private static double AtanUnit(double t, double low)
    {
        // atan t = atan c + atan((t - c) / (1 + t c)) with c the nearest multiple of 1/8, so |u| <= 1/16.
        var i = (int)(t * 8 + 0.5);
        var c = i / 8.0;
        var u = (t - c) / (1 + t * c);
        low /= 1 + t * t;
        var s = u * u;
        var sum = 1.0 / 17;
        for (var k = 15; k >= 3; k -= 2) sum = 1.0 / k - s * sum;
        return i == 0 ? u + (low - u * s * sum) : AtanEighths[i] + (u + (low - u * s * sum));
    }

    // atan(i / 8), i = 0..8, rounded to nearest.
    private static readonly double[] AtanEighths =
    [
        0, 0.12435499454676144, 0.24497866312686414, 0.3587706702705722, 0.4636476090008061,
        0.5585993153435624, 0.6435011087932844, 0.7188299996216245, 0.7853981633974483,
    ];
}
