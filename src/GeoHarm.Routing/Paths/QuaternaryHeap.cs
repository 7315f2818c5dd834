using System.Numerics;

namespace GeoHarm.Routing.Paths;

/// <summary>
/// A 4-ary heap of (label, item) pairs (Johnson 1975, doi 10.1016/0020-0190(75)90001-0): the fallback where costs spread too far for
/// buckets. Old pairs are not removed: a search drops those whose label is no longer the item's.
/// </summary>
internal sealed class QuaternaryHeap<T> where T : unmanaged, INumber<T>
{
    private (T Label, int Item)[] entries = new (T, int)[64];
    private int count;

    public void Clear() => count = 0;

    public void Push(T label, int item)
    {
        if (count == entries.Length) Array.Resize(ref entries, 2 * count);
        var at = count++;
        while (at > 0)
        {
            var above = (at - 1) >> 2;
            if (entries[above].Label <= label) break;
            entries[at] = entries[above];
            at = above;
        }
        entries[at] = (label, item);
    }

    public bool TryPop(out T label, out int item)
    {
        if (count == 0) { label = T.Zero; item = -1; return false; }
        (label, item) = entries[0];
        var last = entries[--count];
        var at = 0;
        while (true)
        {
            var first = 4 * at + 1;
            if (first >= count) break;
            var least = first;
            for (int child = first + 1, end = Math.Min(first + 4, count); child < end; child++)
                if (entries[child].Label < entries[least].Label) least = child;
            if (last.Label <= entries[least].Label) break;
            entries[at] = entries[least];
            at = least;
        }
        entries[at] = last;
        return true;
    }
}
