using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Engine.Displacement;

/// <summary>Sums over long vectors in 8 fixed lanes and a fixed final order, so that vector width and threads cannot change a bit.</summary>
internal static class FixedLanes
{
    /// <summary>Sum of a[i] b[i].</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        ref var x = ref MemoryMarshal.GetReference(a);
        ref var y = ref MemoryMarshal.GetReference(b);
        var lanes = Vector512<double>.Zero;
        var i = 0;
        for (; i + 8 <= a.Length; i += 8) lanes = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref x, (nuint)i), Vector512.LoadUnsafe(ref y, (nuint)i), lanes);
        var total = ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
        for (; i < a.Length; i++) total = Math.FusedMultiplyAdd(a[i], b[i], total);
        return total;
    }

    /// <summary>y += factor x.</summary>
    public static void AddScaled(double factor, ReadOnlySpan<double> x, Span<double> y)
    {
        ref var from = ref MemoryMarshal.GetReference(x);
        ref var to = ref MemoryMarshal.GetReference(y);
        var lanes = Vector512.Create(factor);
        var i = 0;
        for (; i + 8 <= x.Length; i += 8) Vector512.FusedMultiplyAdd(lanes, Vector512.LoadUnsafe(ref from, (nuint)i), Vector512.LoadUnsafe(ref to, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
        for (; i < x.Length; i++) y[i] = Math.FusedMultiplyAdd(factor, x[i], y[i]);
    }
}

/// <summary>exp(-d / kappa) between units, made once for every kappa.</summary>
/// <param name="distancesKilometres">Units x units, km.</param>
/// <param name="units">Number of units.</param>
public sealed class DistanceKernels(double[] distancesKilometres, int units)
{
    private readonly Dictionary<double, double[]> byKappa = [];

    /// <summary>Number of units.</summary>
    public int Units => units;

    /// <summary>The row of a unit: its kernel to every unit, 1 to itself.</summary>
    public ReadOnlySpan<double> Row(double kappaKilometres, int unit)
    {
        if (!byKappa.TryGetValue(kappaKilometres, out var kernel))
        {
            // Half the exponentials: distances are the same both ways.
            byKappa[kappaKilometres] = kernel = new double[units * units];
            for (var i = 0; i < units; i++)
            {
                for (var j = 0; j <= i; j++) kernel[i * units + j] = kernel[j * units + i] = PortableMath.Exp(-distancesKilometres[i * units + j] / kappaKilometres);
            }
        }
        return kernel.AsSpan(unit * units, units);
    }
}
