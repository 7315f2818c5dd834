namespace GeoHarm.Routing.Paths;

/// <summary>
/// A 4-ary min-heap of items 0..capacity-1 whose keys lie in an array of the caller's, with decrease-key. Ties keep the order
/// of the operations, so searches are deterministic. Allocates nothing after construction.
/// </summary>
internal sealed class IndexedHeap
{
    private const int Arity = 4; // half the depth of a binary heap and four keys in one cache line
    private readonly int[] heap, place;

    public IndexedHeap(int capacity)
    {
        heap = new int[capacity];
        place = new int[capacity];
        Array.Fill(place, -1);
    }

    /// <summary>Items in the heap.</summary>
    public int Count { get; private set; }

    /// <summary>Empties the heap; cost its size.</summary>
    public void Clear()
    {
        for (var i = 0; i < Count; i++) place[heap[i]] = -1;
        Count = 0;
    }

    /// <summary>Adds an item, or moves it up after its key was lowered.</summary>
    public void Lift(int item, double[] key)
    {
        var i = place[item] >= 0 ? place[item] : Count++;
        while (i > 0)
        {
            var parent = (i - 1) / Arity;
            if (key[heap[parent]] <= key[item]) break;
            place[heap[i] = heap[parent]] = i;
            i = parent;
        }
        place[heap[i] = item] = i;
    }

    /// <summary>Removes and returns the item of lowest key.</summary>
    public int Take(double[] key)
    {
        var top = heap[0];
        var last = heap[--Count];
        place[top] = -1;
        if (Count == 0) return top;
        var i = 0;
        while (true)
        {
            var child = Arity * i + 1;
            if (child >= Count) break;
            var end = Math.Min(child + Arity, Count);
            for (var c = child + 1; c < end; c++)
            {
                if (key[heap[c]] < key[heap[child]]) child = c;
            }
            if (key[heap[child]] >= key[last]) break;
            place[heap[i] = heap[child]] = i;
            i = child;
        }
        place[heap[i] = last] = i;
        return top;
    }
}
