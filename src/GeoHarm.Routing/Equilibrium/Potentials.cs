using GeoHarm.Routing.Graphs;

namespace GeoHarm.Routing.Equilibrium;

/// <summary>
/// Shortest distances from every position to one destination over arcs with real lengths that are not negative: Dijkstra 1959,
/// doi 10.1007/BF01386390, backwards, with an indexed 4-ary heap. Infinite where the destination cannot be reached.
/// One per thread; allocates nothing after construction.
/// </summary>
internal sealed class Potentials(Graph graph)
{
    private const int Arity = 4;
    private readonly int[] heap = new int[graph.NodeCount];
    private readonly int[] place = new int[graph.NodeCount];
    private readonly int[] settled = new int[graph.NodeCount];
    private int count;

    /// <summary>Positions in the order in which the last search settled them: each has a shortest way on over an earlier one.</summary>
    public ReadOnlySpan<int> Settled => settled.AsSpan(0, SettledCount);

    private int SettledCount { get; set; }

    /// <summary>Fills <paramref name="distance"/>, by position.</summary>
    /// <param name="destination">Position of the destination.</param>
    /// <param name="length">By slot; infinite where closed.</param>
    /// <param name="distance">Result.</param>
    public void Find(int destination, double[] length, double[] distance)
    {
        Array.Fill(distance, double.PositiveInfinity);
        Array.Fill(place, -1);
        distance[destination] = 0;
        count = SettledCount = 0;
        Lift(destination, distance);
        while (count > 0)
        {
            var v = Take(distance);
            settled[SettledCount++] = v;
            for (var i = graph.inFirst[v]; i < graph.inFirst[v + 1]; i++)
            {
                var u = graph.inTail[i];
                var through = distance[v] + length[graph.inArc[i]];
                if (!(through < distance[u])) continue;
                distance[u] = through;
                Lift(u, distance);
            }
        }
    }

    private void Lift(int v, double[] key)
    {
        var i = place[v] >= 0 ? place[v] : count++;
        while (i > 0)
        {
            var parent = (i - 1) / Arity;
            if (key[heap[parent]] <= key[v]) break;
            place[heap[i] = heap[parent]] = i;
            i = parent;
        }
        place[heap[i] = v] = i;
    }

    private int Take(double[] key)
    {
        var top = heap[0];
        var last = heap[--count];
        place[top] = -1;
        if (count == 0) return top;
        var i = 0;
        while (true)
        {
            var child = Arity * i + 1;
            if (child >= count) break;
            var end = Math.Min(child + Arity, count);
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
