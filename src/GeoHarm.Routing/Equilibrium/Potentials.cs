using GeoHarm.Routing.Graphs;
using GeoHarm.Routing.Paths;

namespace GeoHarm.Routing.Equilibrium;

/// <summary>
/// Shortest distances from every position to one destination over arcs with real lengths that are not negative: Dijkstra 1959,
/// doi 10.1007/BF01386390, backwards, with an indexed 4-ary heap. Infinite where the destination cannot be reached.
/// One per thread; allocates nothing after construction.
/// </summary>
internal sealed class Potentials(Graph graph)
{
    private readonly IndexedHeap heap = new(graph.NodeCount);
    private readonly int[] settled = new int[graph.NodeCount];
    private int settledCount;

    /// <summary>Positions in the order in which the last search settled them: each has a shortest way on over an earlier one.</summary>
    public ReadOnlySpan<int> Settled => settled.AsSpan(0, settledCount);

    /// <summary>Fills <paramref name="distance"/>, by position.</summary>
    /// <param name="destinations">Positions of the destinations; the distance is to the nearest.</param>
    /// <param name="length">By slot; infinite where closed.</param>
    /// <param name="distance">Result.</param>
    public void Find(ReadOnlySpan<int> destinations, double[] length, double[] distance)
    {
        Array.Fill(distance, double.PositiveInfinity);
        settledCount = 0;
        foreach (var destination in destinations)
        {
            distance[destination] = 0;
            heap.Lift(destination, distance);
        }
        while (heap.Count > 0)
        {
            var v = heap.Take(distance);
            settled[settledCount++] = v;
            for (var i = graph.inFirst[v]; i < graph.inFirst[v + 1]; i++)
            {
                var u = graph.inTail[i];
                var through = distance[v] + length[graph.inArc[i]];
                if (!(through < distance[u])) continue;
                distance[u] = through;
                heap.Lift(u, distance);
            }
        }
    }
}
