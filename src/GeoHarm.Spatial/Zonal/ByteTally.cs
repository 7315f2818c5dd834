using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace GeoHarm.Spatial.Zonal;

/// <summary>Coverage (in cells) and weight of every byte value in one zone, side by side so that one addition serves both.</summary>
internal sealed class ByteTally
{
    internal const int Values = 256;

    /// <summary>(coverage, weight) by value.</summary>
    internal Vector128<double>[] Table { get; } = new Vector128<double>[Values];

    internal void Clear() => Array.Clear(Table);

    internal void Add(ByteTally other)
    {
        for (var v = 0; v < Values; v++) Table[v] += other.Table[v];
    }
}

/// <summary>
/// Adds the coverage of a zone over a window of bytes to its tally. A run inside a zone is read 64 cells at a time:
/// zeros, the bulk of a loss raster, cost one comparison and a population count; other values of a long run
/// are counted in four tables in turn, so that equal neighbours do not wait for each other; short runs add them directly.
/// </summary>
internal struct ByteSink : ICoverageSink
{
    /// <summary>Bytes past the window that a run may read and ignore.</summary>
    internal const int Padding = 64;

    // A run of a quarter of a tile or more holds enough values to pay for emptying the counters (about 40 ns).
    private const int LongRun = 128;
    private const int DenseOf64 = 16;

    private readonly byte[] window;
    private readonly int stride;
    private readonly int origin;
    private readonly double[] rowWeights;
    private readonly uint[] counters;
    private Vector128<double>[] table;

    internal ByteSink(byte[] window, int stride, int origin, double[] rowWeights, uint[] counters)
    {
        (this.window, this.stride, this.origin, this.rowWeights, this.counters) = (window, stride, origin, rowWeights, counters);
        table = [];
    }

    internal static uint[] NewCounters() => new uint[4 * ByteTally.Values];

    internal void Select(ByteTally tally) => table = tally.Table;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Cell(int row, int column, double coverage)
    {
        var value = window[origin + row * stride + column];
        table[value] += Vector128.Create(coverage, coverage * rowWeights[row]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run(int row, int column, int length, double coverage)
    {
        ref var first = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(window), origin + row * stride + column);
        ref var entries = ref MemoryMarshal.GetArrayDataReference(table);
        var unit = Vector128.Create(coverage, coverage * rowWeights[row]);
        ref var counter = ref MemoryMarshal.GetArrayDataReference(counters);
        var nonZero = 0;
        var turn = 0;
        var counted = false;
        for (var at = 0; at < length; at += 64)
        {
            ref var here = ref Unsafe.Add(ref first, at);
            var low = Vector256.Equals(Vector256.LoadUnsafe(ref here), Vector256<byte>.Zero).ExtractMostSignificantBits();
            var high = Vector256.Equals(Vector256.LoadUnsafe(ref here, 32), Vector256<byte>.Zero).ExtractMostSignificantBits();
            var bits = ~(low | (ulong)high << 32);
            if (length - at < 64) bits &= (1UL << (length - at)) - 1;
            if (bits == 0) continue;
            var many = BitOperations.PopCount(bits);
            nonZero += many;
            if (length >= LongRun)
            {
                counted = true;
                if (many > DenseOf64)
                {
                    Count(ref here, Math.Min(64, length - at));
                    continue;
                }
                do
                {
                    var value = Unsafe.Add(ref here, BitOperations.TrailingZeroCount(bits));
                    Unsafe.Add(ref counter, (turn & 3) << 8 | value)++;
                    turn++;
                    bits &= bits - 1;
                }
                while (bits != 0);
                continue;
            }
            do
            {
                Unsafe.Add(ref entries, Unsafe.Add(ref here, BitOperations.TrailingZeroCount(bits))) += unit;
                bits &= bits - 1;
            }
            while (bits != 0);
        }
        entries += unit * (length - nonZero);
        if (counted) Flush(unit);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Count(ref byte here, int length)
    {
        ref var counter = ref MemoryMarshal.GetArrayDataReference(counters);
        var i = 0;
        for (; i + 4 <= length; i += 4)
        {
            Unsafe.Add(ref counter, Unsafe.Add(ref here, i))++;
            Unsafe.Add(ref counter, 256 + Unsafe.Add(ref here, i + 1))++;
            Unsafe.Add(ref counter, 512 + Unsafe.Add(ref here, i + 2))++;
            Unsafe.Add(ref counter, 768 + Unsafe.Add(ref here, i + 3))++;
        }
        for (; i < length; i++) Unsafe.Add(ref counter, Unsafe.Add(ref here, i))++;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Flush(Vector128<double> unit)
    {
        ref var counter = ref MemoryMarshal.GetArrayDataReference(counters);
        // Zeros were counted with the rest of the run.
        counter = 0;
        Unsafe.Add(ref counter, 256) = 0;
        Unsafe.Add(ref counter, 512) = 0;
        Unsafe.Add(ref counter, 768) = 0;
        for (nuint v = 0; v < ByteTally.Values; v += 8)
        {
            var sums = Vector256.LoadUnsafe(ref counter, v) + Vector256.LoadUnsafe(ref counter, 256 + v)
                + Vector256.LoadUnsafe(ref counter, 512 + v) + Vector256.LoadUnsafe(ref counter, 768 + v);
            // Most groups of eight values do not occur.
            if (sums == Vector256<uint>.Zero) continue;
            for (var i = 0; i < 8; i++)
            {
                var n = sums[i];
                if (n != 0) table[(int)v + i] += unit * n;
            }
            Vector256<uint>.Zero.StoreUnsafe(ref counter, v);
            Vector256<uint>.Zero.StoreUnsafe(ref counter, 256 + v);
            Vector256<uint>.Zero.StoreUnsafe(ref counter, 512 + v);
            Vector256<uint>.Zero.StoreUnsafe(ref counter, 768 + v);
        }
    }
}
