using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace GeoHarm.Stores.Files;

/// <summary>
/// Decodes one strip of TIFF's LZW (Welch 1984, doi 10.1109/MC.1984.1659158, as in TIFF 6.0 section 13: codes of 9 to 12
/// bits, highest bit first, widened one code early). A string of the table is not kept: it always equals a piece of what
/// was decoded before, so that its place and length there are its entry, and writing it is a copy of whole vectors. On a
/// loss raster, whose strings are long, that takes a third of the time of following prefixes backwards.
/// </summary>
internal static class LzwStrip
{
    /// <summary>Bytes that must be readable after the coded ones.</summary>
    internal const int Slack = 8;

    private const int Clear = 256;
    private const int End = 257;
    private const int TableSize = 4096;
    private const int Vector = 32;

    /// <summary>Room for the table, to be used again and again. Single bytes are strings of length 1, whose place does not matter.</summary>
    internal static ulong[] NewTable()
    {
        var table = new ulong[TableSize];
        table.AsSpan(0, Clear).Fill(1UL << 32);
        return table;
    }

    /// <summary>Decodes so many bytes to the start of the target; what lies behind them there may be overwritten. False
    /// where the codes are not such a strip, or end early: then ask the library, which knows the rarer forms.</summary>
    /// <param name="buffer">Holds the coded bytes and <see cref="Slack"/> bytes more.</param>
    /// <param name="from">First coded byte.</param>
    /// <param name="count">Coded bytes.</param>
    /// <param name="target">At least <paramref name="length"/> bytes.</param>
    /// <param name="length">Bytes to decode.</param>
    /// <param name="table">From <see cref="NewTable"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static bool Decode(ReadOnlySpan<byte> buffer, int from, int count, Span<byte> target, int length, ulong[] table)
    {
        if ((uint)from > (uint)buffer.Length || count < 0 || buffer.Length - from - count < Slack || target.Length < length || table.Length < TableSize) return false;
        ref var codes = ref MemoryMarshal.GetReference(buffer);
        ref var cells = ref MemoryMarshal.GetReference(target);
        ref var entries = ref MemoryMarshal.GetArrayDataReference(table);
        var (bit, end) = (from * 8L, (from + count) * 8L);
        var (width, limit, next) = (9, 511, End + 1);
        var (at, before, lengthBefore) = (0, 0, 0);
        var roomy = target.Length - 2 * Vector;
        while (at < length)
        {
            if (bit + width > end) return false;
            var eight = BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref codes, (nint)(bit >> 3))));
            var code = (int)(eight << (int)(bit & 7) >> (64 - width));
            bit += width;
            if (code == Clear)
            {
                (width, limit, next, lengthBefore) = (9, 511, End + 1, 0);
                continue;
            }
            if (lengthBefore != 0)
            {
                // The string before and the first byte of this one, which will follow it at once.
                Unsafe.Add(ref entries, next) = (uint)before | (ulong)(lengthBefore + 1) << 32;
                if (++next == limit)
                {
                    if (width == 12) return false;
                    width++;
                    limit = (1 << width) - 1;
                }
            }
            before = at;
            if (code >= next || code == End) return false;
            var entry = Unsafe.Add(ref entries, code);
            ref var source = ref Unsafe.Add(ref cells, (int)(uint)entry);
            lengthBefore = (int)(entry >> 32);
            if (lengthBefore > length - at) return false;
            // A string may end with its own first byte, the one not yet written: it goes before the rest.
            var isByte = (code - Clear) >> 31;
            var head = (byte)((code & isByte) | (source & ~isByte));
            Unsafe.Add(ref cells, at) = head;
            if (at + lengthBefore <= roomy)
            {
                // Most strings are shorter than two vectors, a tenth are single bytes: no branch for them.
                ref var to = ref Unsafe.Add(ref cells, at);
                Vector256.LoadUnsafe(ref source).StoreUnsafe(ref to);
                Vector256.LoadUnsafe(ref source, Vector).StoreUnsafe(ref to, Vector);
                to = head;
                for (nuint done = 2 * Vector; done < (nuint)lengthBefore; done += 2 * Vector)
                {
                    Vector256.LoadUnsafe(ref source, done).StoreUnsafe(ref to, done);
                    Vector256.LoadUnsafe(ref source, done + Vector).StoreUnsafe(ref to, done + Vector);
                }
            }
            else
            {
                for (var i = 1; i < lengthBefore; i++) Unsafe.Add(ref cells, at + i) = Unsafe.Add(ref source, i);
            }
            at += lengthBefore;
        }
        return true;
    }
}
