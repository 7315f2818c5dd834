using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace GeoHarm.Routing.Equilibrium;

/// <summary>Sums over long vectors in 8 fixed lanes and a fixed final order, so that vector width and threads cannot change a bit.</summary>
internal static class FixedLanes
{
    /// <summary>Sum of a[i] b[i].</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = Vector512<double>.Zero;
        var i = 0;
        ref var x = ref MemoryMarshal.GetReference(a);
        ref var y = ref MemoryMarshal.GetReference(b);
        for (; i + 8 <= a.Length; i += 8)
        {
            sum = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref x, (nuint)i), Vector512.LoadUnsafe(ref y, (nuint)i), sum);
        }
        var total = ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
        for (; i < a.Length; i++) total = Math.FusedMultiplyAdd(a[i], b[i], total);
        return total;
    }

    /// <summary>y += factor x.</summary>
    public static void AddScaled(double factor, ReadOnlySpan<double> x, Span<double> y)
    {
        var lanes = Vector512.Create(factor);
        var i = 0;
        ref var from = ref MemoryMarshal.GetReference(x);
        ref var to = ref MemoryMarshal.GetReference(y);
        for (; i + 8 <= x.Length; i += 8)
        {
            Vector512.FusedMultiplyAdd(lanes, Vector512.LoadUnsafe(ref from, (nuint)i), Vector512.LoadUnsafe(ref to, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
        }
        for (; i < x.Length; i++) y[i] = Math.FusedMultiplyAdd(factor, x[i], y[i]);
    }

    /// <summary>Euclidean length.</summary>
    public static double Norm(ReadOnlySpan<double> x) => Math.Sqrt(Dot(x, x));

    /// <summary>Largest absolute value; NaN if any entry is NaN.</summary>
    public static double LargestAbsolute(ReadOnlySpan<double> x)
    {
        var largest = 0.0;
        foreach (var value in x)
        {
            if (double.IsNaN(value)) return value;
            largest = Math.Max(largest, Math.Abs(value));
        }
        return largest;
    }
}
