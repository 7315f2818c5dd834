using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GeoHarm.Routing.Paths;

/// <summary>
/// Monotone queue of (label, item) pairs in buckets of one width on a circle (Dial 1969, doi 10.1145/363269.363610; coarse
/// buckets after Denardo and Fox 1979, doi 10.1287/opre.27.1.161). Pairs within a bucket come out in no order, so a search must take
/// an item again when its label falls while its bucket is open; with a width of at most the least cost that never happens.
/// Labels beyond the circle wait in a list until the circle comes near. Labels must not lie below the open bucket.
/// </summary>
internal sealed class BucketQueue<T> where T : unmanaged, INumber<T>
{
    private readonly Entry[][] buckets;
    private readonly int[] counts;
    private readonly int mask;
    private readonly int shift; // whole numbers: width 2^shift
    private readonly double inverseWidth; // others
    private readonly List<Entry> waiting = [];
    private long current, firstWaiting = long.MaxValue;

    /// <summary>A queue whose buckets are about <paramref name="width"/> wide (whole types: the power of two at or below it) and reach at least <paramref name="reach"/> ahead, up to 2^14 buckets.</summary>
    public BucketQueue(double width, double reach)
    {
        shift = Math.Clamp(BitOperations.Log2((ulong)Math.Clamp(width, 1, 1 << 30)), 0, 30);
        if (IsWhole) width = 1 << shift;
        Width = width;
        inverseWidth = 1 / width;
        var count = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(reach / width + 2, 4, 1 << 14));
        buckets = new Entry[count][];
        for (var i = 0; i < count; i++) buckets[i] = [];
        counts = new int[count];
        mask = count - 1;
    }

    /// <summary>Width of a bucket.</summary>
    public double Width { get; }

    private static bool IsWhole => typeof(T) == typeof(int) || typeof(T) == typeof(uint);

    /// <summary>A label and what it belongs to: 8 bytes in whole numbers and float, 16 in double.</summary>
    public readonly record struct Entry(T Label, int Item);

    /// <summary>Empties the queue and opens the bucket of <paramref name="least"/>.</summary>
    public void Reset(T least)
    {
        Array.Clear(counts);
        waiting.Clear();
        (current, firstWaiting) = (Bucket(least), long.MaxValue);
    }

    /// <summary>Adds a pair.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Push(T label, int item)
    {
        var bucket = Bucket(label);
        if (bucket - current > mask) { Wait(bucket, label, item); return; }
        // Masked indices cannot leave the arrays, and the count is checked here: the runtime's own checks cost a tenth of a search.
        var at = (int)bucket & mask;
        var array = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(buckets), at);
        ref var count = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(counts), at);
        if (count >= array.Length) array = Grow(at);
        Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(array), count++) = new Entry(label, item);
    }

    /// <summary>Takes a pair from the lowest bucket that has one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPop(out Entry entry)
    {
        var at = (int)current & mask;
        if (Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(counts), at) == 0)
        {
            if (!Advance()) { entry = default; return false; }
            at = (int)current & mask;
        }
        var count = --Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(counts), at);
        entry = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(buckets), at)), count);
        return true;
    }

    /// <summary>The item that comes out about <paramref name="ahead"/> items later if nothing is pushed, or any other: what is worth reading in advance. Valid after a pop.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Ahead(int ahead)
    {
        var at = (int)current & mask;
        var count = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(counts), at);
        return Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(buckets), at)), Math.Max(0, count - ahead)).Item;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private long Bucket(T label) => IsWhole ? (long)(uint.CreateTruncating(label) >> shift) : (long)(double.CreateTruncating(label) * inverseWidth);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Advance()
    {
        for (var step = 0; step <= mask; step++)
        {
            current++;
            // Before the circle reaches what waits, and while there is still room to place it.
            if (firstWaiting - current <= mask)
            {
                Admit();
                step = -1; // what came in may lie a whole circle ahead
            }
            if (counts[(int)current & mask] != 0) return true;
        }
        if (waiting.Count == 0) return false;
        current = firstWaiting;
        Admit();
        return true;
    }

    private void Admit()
    {
        if (firstWaiting == long.MaxValue) return;
        var list = waiting.ToArray();
        waiting.Clear();
        firstWaiting = long.MaxValue;
        foreach (var entry in list) Push(entry.Label, entry.Item);
    }

    private void Wait(long bucket, T label, int item)
    {
        waiting.Add(new Entry(label, item));
        firstWaiting = Math.Min(firstWaiting, bucket);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Entry[] Grow(int at)
    {
        Array.Resize(ref buckets[at], Math.Max(16, 2 * buckets[at].Length));
        return buckets[at];
    }
}
