using GeoHarm.Routing.Graphs;

namespace GeoHarm.Routing.Equilibrium;

/// <summary>
/// The layered expansion of a graph towards one destination. State v: at position v, no backward step taken; state n + v: at v,
/// taken. Forward transitions stay in their layer, backward ones lead from the first to the second; the destination is one
/// state. A transition is forward if its head was settled earlier than its tail by Dijkstra's search from the destination, so
/// every state that can reach it has a forward transition even where costs are 0.
/// In topological order I - W is upper triangular: the factors are W itself, and solves are one sweep.
/// </summary>
internal static class LayeredStructure
{
    public static ChainStructure Towards(Graph graph, double[] costBySlot, int destination)
    {
        var n = graph.NodeCount;
        var length = new double[graph.ArcCount];
        for (var a = 0; a < length.Length; a++)
        {
            var passable = graph.arcHead[a] >= graph.FirstThrough || graph.arcHead[a] == destination;
            length[a] = passable && graph.arcTail[a] != destination ? costBySlot[a] : double.PositiveInfinity;
        }
        var search = new Potentials(graph);
        search.Find([destination], length, new double[n]);
        var turn = new int[n];
        Array.Fill(turn, -1);
        for (var i = 0; i < search.Settled.Length; i++) turn[search.Settled[i]] = i;

        var builder = new GraphBuilder(2L * n, new GraphOptions { Order = NodeOrder.AsGiven, ParallelArcs = true, UnconnectedNodeLimit = int.MaxValue });
        var slots = new List<int>(3 * graph.ArcCount);
        for (var a = 0; a < length.Length; a++)
        {
            int tail = graph.arcTail[a], head = graph.arcHead[a];
            if (double.IsPositiveInfinity(length[a]) || turn[tail] < 0 || turn[head] < 0) continue;
            if (turn[head] > turn[tail])
            {
                Add(tail, n + head, a);
                continue;
            }
            Add(tail, head, a);
            Add(n + tail, head == destination ? head : n + head, a);
        }
        var states = builder.Build();
        var slotOfTransition = new int[slots.Count];
        states.ToSlots<int>(slots.ToArray(), slotOfTransition);
        var positionOfState = new int[2 * n];
        for (var state = 0; state < 2 * n; state++) positionOfState[state] = state % n;
        return new ChainStructure(states, LuStructure.InOrder(states, Order(n, search.Settled, turn, destination)), slotOfTransition, positionOfState);

        void Add(int from, int to, int slot)
        {
            builder.AddArc(from, to);
            slots.Add(slot);
        }
    }

    // First layer from the farthest, second layer from the farthest, the destination; states that lead nowhere anywhere.
    private static int[] Order(int n, ReadOnlySpan<int> settled, int[] turn, int destination)
    {
        var order = new List<int>(2 * n);
        for (var v = 0; v < n; v++)
        {
            if (turn[v] < 0) order.AddRange([v, n + v]);
        }
        order.Add(n + destination);
        for (var layer = 0; layer <= n; layer += n)
        {
            for (var i = settled.Length - 1; i > 0; i--) order.Add(layer + settled[i]);
        }
        order.Add(destination);
        return [.. order];
    }
}
