using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

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
/// Adds the coverage of a zone over a window of bytes to its tally. Of a run inside a zone the bytes other than zero, few
/// in a loss raster, are first gathered side by side, 64 cells at a time and without a branch where the processor can.
/// Gathered bytes that fit one vector are then counted value by value, as a patch of loss has few; more are counted in four
/// tables in turn, so that equal neighbours do not wait for each other. How it gathers does not change a bit of the sums.
/// </summary>
internal struct ByteSink : ICoverageSink
{
    /// <summary>Bytes past the window that a run may read and ignore.</summary>
    internal const int Padding = 64;

    // Longer runs are gathered in pieces that stay in the first cache.
    private const int Piece = 4096;

    private readonly byte[] window;
    private readonly int stride;
    private readonly int origin;
    private readonly double[] rowWeights;
    private readonly ByteScratch scratch;
    private Vector128<double>[] table;

    internal ByteSink(byte[] window, int stride, int origin, double[] rowWeights, ByteScratch scratch)
    {
        (this.window, this.stride, this.origin, this.rowWeights, this.scratch) = (window, stride, origin, rowWeights, scratch);
        table = [];
    }

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
        ref var found = ref scratch.Found;
        var unit = Vector128.Create(coverage, coverage * rowWeights[row]);
        var zeros = length;
        for (var done = 0; done < length; done += Piece)
        {
            var piece = Math.Min(Piece, length - done);
            var count = Avx512Vbmi2.IsSupported ? GatherWide(ref Unsafe.Add(ref first, done), piece, ref found) : Gather(ref Unsafe.Add(ref first, done), piece, ref found);
            zeros -= count;
            if (count > 64) scratch.Count(count, unit, table);
            else if (count > 0) scratch.CountFew(count, unit, table);
        }
        MemoryMarshal.GetArrayDataReference(table) += unit * zeros;
    }

    /// <summary>Copies the bytes that are not zero; returns how many there are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int Gather(ref byte first, int length, ref byte found)
    {
        var count = 0;
        for (var at = 0; at < length; at += 64)
        {
            ref var here = ref Unsafe.Add(ref first, at);
            var low = Vector256.Equals(Vector256.LoadUnsafe(ref here), Vector256<byte>.Zero).ExtractMostSignificantBits();
            var high = Vector256.Equals(Vector256.LoadUnsafe(ref here, 32), Vector256<byte>.Zero).ExtractMostSignificantBits();
            var bits = ~(low | (ulong)high << 32);
            if (length - at < 64) bits &= (1UL << (length - at)) - 1;
            for (; bits != 0; bits &= bits - 1) Unsafe.Add(ref found, count++) = Unsafe.Add(ref here, BitOperations.TrailingZeroCount(bits));
        }
        return count;
    }

    /// <summary>The same by the instruction made for it, four times as fast where losses are speckled.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int GatherWide(ref byte first, int length, ref byte found)
    {
        var count = 0;
        var at = 0;
        for (; at + 64 < length; at += 64)
        {
            var cells = Vector512.LoadUnsafe(ref first, (nuint)at);
            var zeros = Vector512.Equals(cells, Vector512<byte>.Zero);
            Avx512Vbmi2.Compress(Vector512<byte>.Zero, ~zeros, cells).StoreUnsafe(ref found, (nuint)count);
            count += 64 - BitOperations.PopCount(zeros.ExtractMostSignificantBits());
        }
        // What lies behind the run counts as zero.
        var last = Vector512.LoadUnsafe(ref first, (nuint)at) & Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(Within), (nuint)(64 - (length - at)));
        var none = Vector512.Equals(last, Vector512<byte>.Zero);
        Avx512Vbmi2.Compress(Vector512<byte>.Zero, ~none, last).StoreUnsafe(ref found, (nuint)count);
        return count + 64 - BitOperations.PopCount(none.ExtractMostSignificantBits());
    }

    // 64 times all bits, 64 times none: from 64 - n on, the first n bytes of a vector.
    private static ReadOnlySpan<byte> Within =>
    [
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ];

    /// <summary>Room that the longest piece and a vector behind it take.</summary>
    internal const int Room = Piece + Padding;
}

/// <summary>What one thread's sinks share: gathered bytes, and counters that are zero between runs.</summary>
internal sealed class ByteScratch
{
    private const int Group = 8;

    // A vector with more values than this is no loss raster; adding one by one is then as fast.
    private const int MostKinds = 12;
    private readonly uint[] counters = new uint[4 * ByteTally.Values];
    private readonly byte[] found = new byte[ByteSink.Room];

    /// <summary>Room for the bytes gathered.</summary>
    internal ref byte Found => ref MemoryMarshal.GetArrayDataReference(found);

    /// <summary>Adds at most 64 gathered bytes, each times the unit: value by value while many are equal, then one by one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void CountFew(int count, Vector128<double> unit, Vector128<double>[] table)
    {
        ref var value = ref MemoryMarshal.GetArrayDataReference(found);
        ref var entries = ref MemoryMarshal.GetArrayDataReference(table);
        var left = ulong.MaxValue >> (64 - count);
        var bytes = Vector512.LoadUnsafe(ref value);
        for (var kinds = 0; left != 0; kinds++)
        {
            int v = Unsafe.Add(ref value, BitOperations.TrailingZeroCount(left));
            var same = kinds < MostKinds ? Vector512.Equals(bytes, Vector512.Create((byte)v)).ExtractMostSignificantBits() & left : left & (0 - left);
            Unsafe.Add(ref entries, v) += unit * BitOperations.PopCount(same);
            left &= ~same;
        }
    }

    /// <summary>Adds the gathered bytes, each times the unit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Count(int count, Vector128<double> unit, Vector128<double>[] table)
    {
        ref var value = ref MemoryMarshal.GetArrayDataReference(found);
        ref var counter = ref MemoryMarshal.GetArrayDataReference(counters);
        int i = 0, all = 0;
        for (; i + 4 <= count; i += 4)
        {
            var four = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref value, i));
            all |= (int)four;
            Unsafe.Add(ref counter, (int)(four & 255))++;
            Unsafe.Add(ref counter, 256 + (int)(four >> 8 & 255))++;
            Unsafe.Add(ref counter, 512 + (int)(four >> 16 & 255))++;
            Unsafe.Add(ref counter, 768 + (int)(four >> 24))++;
        }
        for (; i < count; i++)
        {
            all |= Unsafe.Add(ref value, i);
            Unsafe.Add(ref counter, Unsafe.Add(ref value, i))++;
        }
        // No value has a bit that the union of all has not: groups above it are empty.
        all = (all | all >> 8 | all >> 16 | all >> 24) & 255;
        for (nuint v = 0; v <= (nuint)all; v += Group)
        {
            var sums = Vector256.LoadUnsafe(ref counter, v) + Vector256.LoadUnsafe(ref counter, 256 + v)
                + Vector256.LoadUnsafe(ref counter, 512 + v) + Vector256.LoadUnsafe(ref counter, 768 + v);
            if (sums == Vector256<uint>.Zero) continue;
            for (var k = 0; k < Group; k++)
            {
                var n = sums[k];
                if (n != 0) table[(int)v + k] += unit * n;
            }
            Vector256<uint>.Zero.StoreUnsafe(ref counter, v);
            Vector256<uint>.Zero.StoreUnsafe(ref counter, 256 + v);
            Vector256<uint>.Zero.StoreUnsafe(ref counter, 512 + v);
            Vector256<uint>.Zero.StoreUnsafe(ref counter, 768 + v);
        }
    }
}
