using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GeoHarm.Routing.Grids;

/// <summary>
/// Monotone bucket queue of cells alone, four bytes each: a cell's label is read from the surface when it comes out, and one
/// whose label lies below the open bucket was settled before. Cells beyond the circle (dear sources) wait in a list.
/// </summary>
internal sealed class CellQueue
{
    private const int MostBuckets = 1 << 16;
    private readonly int[][] buckets;
    private readonly int[] counts;
    private readonly int mask;
    private readonly double inverseWidth;
    private readonly List<(long Bucket, int Cell)> waiting = [];
    private long current;

    /// <summary>Buckets of <paramref name="width"/>, or wider where <paramref name="longestStep"/> would need more than 65,536 of them.</summary>
    public CellQueue(double width, double longestStep)
    {
        width = Math.Max(width, longestStep / (MostBuckets - 4));
        if (!(width > 0) || !double.IsFinite(width)) width = 1;
        var count = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(longestStep / width + 3, 4, MostBuckets));
        buckets = new int[count][];
        Array.Fill(buckets, []);
        counts = new int[count];
        mask = count - 1;
        inverseWidth = 1 / width;
    }

    /// <summary>The bucket of a label.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long BucketOf(double label) => (long)(label * inverseWidth);

    /// <summary>Number of the open bucket.</summary>
    public long Current => current;

    /// <summary>Adds a cell at its label. Called for sources too, before the first is taken.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Push(double label, int cell)
    {
        var bucket = BucketOf(label);
        if (bucket - current > mask) { waiting.Add((bucket, cell)); return; }
        // Masked indices cannot leave the arrays, and the count is checked here.
        var at = (int)bucket & mask;
        var array = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(buckets), at);
        ref var count = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(counts), at);
        if (count >= array.Length) array = Grow(at);
        Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(array), count++) = cell;
    }

    /// <summary>Takes a cell from the lowest bucket that has one; -1 when there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Pop()
    {
        var at = (int)current & mask;
        if (Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(counts), at) == 0)
        {
            if (!Advance()) return -1;
            at = (int)current & mask;
        }
        var count = --Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(counts), at);
        return Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(buckets), at)), count);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Advance()
    {
        for (var step = 0; step <= mask; step++)
        {
            current++;
            if (waiting.Count > 0 && Admit()) step = -1; // what came in may lie a whole circle ahead
            if (counts[(int)current & mask] != 0) return true;
        }
        if (waiting.Count == 0) return false;
        current = waiting.Min(w => w.Bucket);
        Admit();
        return true;
    }

    private bool Admit()
    {
        var before = waiting.Count;
        for (var i = waiting.Count - 1; i >= 0; i--)
        {
            var (bucket, cell) = waiting[i];
            if (bucket - current > mask) continue;
            waiting.RemoveAt(i);
            var at = (int)bucket & mask;
            if (counts[at] == buckets[at].Length) Grow(at);
            buckets[at][counts[at]++] = cell;
        }
        return waiting.Count < before;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int[] Grow(int at)
    {
        Array.Resize(ref buckets[at], Math.Max(16, 2 * buckets[at].Length));
        return buckets[at];
    }
}
