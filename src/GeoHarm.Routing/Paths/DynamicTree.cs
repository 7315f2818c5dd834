using GeoHarm.Routing.Graphs;

namespace GeoHarm.Routing.Paths;

/// <summary>
/// A shortest-path tree that is kept up to date while costs change, arcs close and open: the batch method of Ramalingam and
/// Reps 1996 (doi 10.1006/jagm.1996.0046) in its tree form (Buriol, Resende and Thorup 2008, doi 10.1287/ijoc.1070.0231).
/// Nodes below a tree arc that grew dearer lose their distance and take it anew from nodes that kept theirs; then one search
/// settles what changed. A tree knows its own ancestors, so cycles of cost 0 cannot support themselves.
/// Cost: the part of the tree that changes and its arcs, not the graph. Distances equal those of a fresh search.
/// </summary>
public sealed class DynamicTree
{
    private readonly Graph graph;
    private readonly IndexedHeap heap;
    private readonly double[] length, distance;
    private readonly int[] arcInto;
    private readonly bool[] lost;
    private readonly List<int> affected = [];

    /// <summary>The tree from a source node at given costs (not negative, infinite closes an arc).</summary>
    public DynamicTree(Graph graph, int source, ReadOnlySpan<double> costByArc)
    {
        this.graph = graph;
        PathChecks.Costs(graph, costByArc);
        Source = source;
        heap = new IndexedHeap(graph.NodeCount);
        length = new double[graph.ArcCount];
        distance = new double[graph.NodeCount];
        arcInto = new int[graph.NodeCount];
        lost = new bool[graph.NodeCount];
        graph.ToSlots(costByArc, length);
        Array.Fill(distance, double.PositiveInfinity);
        Array.Fill(arcInto, -1);
        var root = graph.PositionOf(source);
        distance[root] = 0;
        heap.Lift(root, distance);
        Settle();
    }

    /// <summary>Source node.</summary>
    public int Source { get; }

    /// <summary>Nodes whose distance or arc was looked at anew by the last update: the work it took.</summary>
    public int Touched { get; private set; }

    /// <summary>Distance from the source; infinite where it cannot be reached.</summary>
    public double DistanceTo(int node) => distance[graph.PositionOf(node)];

    /// <summary>Arc by which the tree enters a node; -1 at the source and where it cannot be reached.</summary>
    public int ArcInto(int node)
    {
        var slot = arcInto[graph.PositionOf(node)];
        return slot < 0 ? -1 : graph.ArcAt(slot);
    }

    /// <summary>Takes in a batch of new costs; an arc named twice takes the last.</summary>
    public void Change(params ReadOnlySpan<(int Arc, double Cost)> changes)
    {
        var faults = new FaultList();
        foreach (var (arc, cost) in changes)
        {
            if (arc < 0 || arc >= graph.ArcCount) faults.Add("GH7302", $"arc {arc}", "no such arc", $"give an arc from 0 to {graph.ArcCount - 1}");
            if (!(cost >= 0)) faults.Add("GH7301", $"arc {arc}", $"cost {cost}", "give a cost that is not negative; infinite closes the arc");
        }
        faults.ThrowIfAny();
        affected.Clear();
        foreach (var (arc, cost) in changes)
        {
            var slot = graph.SlotOf(arc);
            if (cost > length[slot] && arcInto[graph.arcHead[slot]] == slot) Lose(graph.arcHead[slot]);
            length[slot] = cost;
        }
        for (var i = 0; i < affected.Count; i++) LoseBelow(affected[i]);
        foreach (var v in affected) TakeAnew(v);
        foreach (var (arc, _) in changes)
        {
            var slot = graph.SlotOf(arc);
            Relax(graph.arcTail[slot], slot);
        }
        foreach (var v in affected) lost[v] = false;
        Touched = affected.Count;
        Settle();
    }

    private void Lose(int v)
    {
        if (lost[v]) return;
        lost[v] = true;
        affected.Add(v);
    }

    private void LoseBelow(int v)
    {
        for (var a = graph.outFirst[v]; a < graph.outFirst[v + 1]; a++)
        {
            if (arcInto[graph.arcHead[a]] == a) Lose(graph.arcHead[a]);
        }
        distance[v] = double.PositiveInfinity;
    }

    private void TakeAnew(int v)
    {
        arcInto[v] = -1;
        for (var i = graph.inFirst[v]; i < graph.inFirst[v + 1]; i++)
        {
            if (!lost[graph.inTail[i]]) Relax(graph.inTail[i], graph.inArc[i]);
        }
    }

    private void Relax(int tail, int slot)
    {
        if (tail < graph.FirstThrough && tail != graph.PositionOf(Source)) return;
        var head = graph.arcHead[slot];
        var through = distance[tail] + length[slot];
        if (!(through < distance[head])) return;
        distance[head] = through;
        arcInto[head] = slot;
        heap.Lift(head, distance);
    }

    private void Settle()
    {
        while (heap.Count > 0)
        {
            var v = heap.Take(distance);
            Touched++;
            for (var a = graph.outFirst[v]; a < graph.outFirst[v + 1]; a++) Relax(v, a);
        }
    }
}
