using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GeoHarm.Routing.Grids;

/// <summary>
/// Monotone bucket queue of cells alone, four bytes each: a cell's label is read from the surface when it comes out, and one
/// whose label lies below the open bucket was settled before. Buckets are chains of small blocks from one store, so memory is that of
/// the cells that wait at once. Cells beyond the circle (dear sources) wait in a list.
/// </summary>
internal sealed class CellQueue
{
    private const int MostBuckets = 1 << 16;

    // Cells of a block, and one more place for the block below it in the chain: a power of two, so that the low bits of a bucket's end
    // tell when its block is empty or full.
    private const int BlockSize = 64;

    private readonly int[] ends; // by bucket: place after its last cell; 0 for none
    private readonly int mask;
    private readonly double inverseWidth;
    private readonly List<(long Bucket, int Cell)> waiting = [];
    private int[] store = new int[64 * BlockSize];
    private int used = BlockSize, free; // first block never used (block 0 stands for none); chain of returned ones
    private long current;

    /// <summary>Buckets of <paramref name="width"/>, or wider where <paramref name="longestStep"/> would need more than 65,536 of them.</summary>
    public CellQueue(double width, double longestStep)
    {
        width = Math.Max(width, longestStep / (MostBuckets - 4));
        if (!(width > 0) || !double.IsFinite(width)) width = 1;
        var count = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(longestStep / width + 3, 4, MostBuckets));
        ends = new int[count];
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
        if (bucket - current > mask) waiting.Add((bucket, cell));
        else Put((int)bucket & mask, cell);
    }

    /// <summary>Takes a cell from the lowest bucket that has one; -1 when there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Pop()
    {
        // Masked indices and ends of chains cannot leave the arrays: the runtime's own checks are left out.
        ref var end = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(ends), (int)current & mask);
        if (end == 0)
        {
            if (!Advance()) return -1;
            end = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(ends), (int)current & mask);
        }
        var cell = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(store), --end);
        if ((end & (BlockSize - 1)) == 1) Release(ref end);
        return cell;
    }

    /// <summary>The cell that comes out about <paramref name="ahead"/> cells later if nothing is pushed, or any other: what is worth reading in advance.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Ahead(int ahead)
    {
        var end = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(ends), (int)current & mask);
        var at = (end & (BlockSize - 1)) > ahead + 1 ? end - ahead - 1 : 0;
        return Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(store), at);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Put(int bucket, int cell)
    {
        ref var end = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(ends), bucket);
        if ((end & (BlockSize - 1)) == 0) Chain(ref end);
        Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(store), end++) = cell;
    }

    /// <summary>Puts a new block on top of a chain whose top block is full (or that has none): its first place holds the chain below.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Chain(ref int end)
    {
        int block;
        if (free != 0) (block, free) = (free, store[free]);
        else
        {
            if (used == store.Length) Array.Resize(ref store, checked(store.Length + store.Length / 2 / BlockSize * BlockSize));
            block = used;
            used += BlockSize;
        }
        store[block] = end;
        end = block + 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Release(ref int end)
    {
        var block = end - 1;
        (end, store[block], free) = (store[block], free, block);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Advance()
    {
        for (var step = 0; step <= mask; step++)
        {
            current++;
            if (waiting.Count > 0 && Admit()) step = -1; // what came in may lie a whole circle ahead
            if (ends[(int)current & mask] != 0) return true;
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
            Put((int)bucket & mask, cell);
        }
        return waiting.Count < before;
    }
}
