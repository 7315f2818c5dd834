using GeoHarm.Routing.Graphs;

namespace GeoHarm.Routing.Equilibrium;

/// <summary>
/// Fill-reducing elimination order of I - W for a graph: approximate minimum degree on the pattern of W + W^T
/// (Amestoy, Davis and Duff 1996, doi 10.1137/S0895479894278952), as a quotient graph with element absorption, mass
/// elimination and approximate external degrees. Deterministic. Cost about the size of the factors; memory O(arcs).
/// </summary>
internal sealed class MinimumDegree
{
    private readonly int n;
    private readonly int[][] variables; // neighbours of a live variable that no element covers
    private readonly int[][] elements; // elements that a live variable belongs to
    private readonly int[][] members; // variables of a live element
    private readonly int[] variableCount, elementCount, degree, next, previous, first, mark, outside, outsideStamp;
    private readonly bool[] eliminated, absorbed;
    private int stamp, lowest;

    private MinimumDegree(Graph graph)
    {
        n = graph.NodeCount;
        variables = new int[n][];
        elements = new int[n][];
        members = new int[n][];
        variableCount = new int[n];
        elementCount = new int[n];
        degree = new int[n];
        next = new int[n];
        previous = new int[n];
        first = new int[n];
        mark = new int[n];
        outside = new int[n];
        outsideStamp = new int[n];
        eliminated = new bool[n];
        absorbed = new bool[n];
        Array.Fill(first, -1);
        for (var v = n - 1; v >= 0; v--)
        {
            variables[v] = Neighbours(graph, v);
            variableCount[v] = variables[v].Length;
            elements[v] = [];
            Enlist(v, variables[v].Length);
        }
    }

    /// <summary>Positions of the graph in elimination order, a permutation.</summary>
    public static int[] Order(Graph graph)
    {
        var quotient = new MinimumDegree(graph);
        var order = new int[graph.NodeCount];
        var count = 0;
        while (count < order.Length)
        {
            var pivot = quotient.TakeLowest();
            order[count++] = pivot;
            count = quotient.Eliminate(pivot, order, count);
        }
        return order;
    }

    private int[] Neighbours(Graph graph, int v)
    {
        stamp++;
        mark[v] = stamp;
        var found = new List<int>();
        for (var a = graph.outFirst[v]; a < graph.outFirst[v + 1]; a++) Visit(graph.arcHead[a]);
        for (var a = graph.inFirst[v]; a < graph.inFirst[v + 1]; a++) Visit(graph.inTail[a]);
        return [.. found];

        void Visit(int u)
        {
            if (mark[u] == stamp) return;
            mark[u] = stamp;
            found.Add(u);
        }
    }

    private int Eliminate(int pivot, int[] order, int count)
    {
        eliminated[pivot] = true;
        var element = Members(pivot);
        foreach (var v in element)
        {
            Unlist(v);
            Prune(v, pivot);
        }
        CountOutside(element, pivot);
        var live = 0;
        foreach (var v in element)
        {
            if (variableCount[v] == 0 && CompactElements(v) == 0)
            {
                // Its only neighbours are the pivot's: eliminating it next adds no fill (mass elimination).
                eliminated[v] = true;
                order[count++] = v;
                continue;
            }
            element[live++] = v;
        }
        Array.Resize(ref element, live);
        members[pivot] = element;
        foreach (var v in element)
        {
            var bound = variableCount[v] + live - 1;
            for (var i = 0; i < elementCount[v]; i++) bound += outside[elements[v][i]];
            AddElement(v, pivot);
            Enlist(v, Math.Min(Math.Min(bound, degree[v] + live - 1), n - count - 1));
        }
        return count;
    }

    private int[] Members(int pivot)
    {
        stamp++;
        mark[pivot] = stamp;
        var found = new List<int>();
        for (var i = 0; i < variableCount[pivot]; i++) Visit(variables[pivot][i]);
        for (var i = 0; i < elementCount[pivot]; i++)
        {
            var e = elements[pivot][i];
            if (absorbed[e]) continue;
            foreach (var v in members[e]) Visit(v);
            absorbed[e] = true;
            members[e] = [];
        }
        variables[pivot] = elements[pivot] = [];
        return [.. found];

        void Visit(int v)
        {
            if (eliminated[v] || mark[v] == stamp) return;
            mark[v] = stamp;
            found.Add(v);
        }
    }

    // Neighbours inside the new element are reached through it from now on.
    private void Prune(int v, int pivot)
    {
        var kept = 0;
        var list = variables[v];
        for (var i = 0; i < variableCount[v]; i++)
        {
            var u = list[i];
            if (u != pivot && mark[u] != stamp && !eliminated[u]) list[kept++] = u;
        }
        variableCount[v] = kept;
        kept = 0;
        var own = elements[v];
        for (var i = 0; i < elementCount[v]; i++)
        {
            if (!absorbed[own[i]]) own[kept++] = own[i];
        }
        elementCount[v] = kept;
    }

    // outside[e] = members of e that the new element does not hold.
    private void CountOutside(int[] element, int pivot)
    {
        foreach (var v in element)
        {
            for (var i = 0; i < elementCount[v]; i++)
            {
                var e = elements[v][i];
                if (outsideStamp[e] != pivot + 1)
                {
                    outsideStamp[e] = pivot + 1;
                    outside[e] = LiveMembers(e);
                }
                outside[e]--;
            }
        }
    }

    private int LiveMembers(int e)
    {
        var kept = 0;
        foreach (var v in members[e])
        {
            if (!eliminated[v]) members[e][kept++] = v;
        }
        Array.Resize(ref members[e], kept);
        return kept;
    }

    // An element wholly inside the new one is absorbed too (aggressive absorption).
    private int CompactElements(int v)
    {
        var kept = 0;
        for (var i = 0; i < elementCount[v]; i++)
        {
            var e = elements[v][i];
            if (outside[e] > 0) elements[v][kept++] = e;
            else absorbed[e] = true;
        }
        return elementCount[v] = kept;
    }

    private void AddElement(int v, int e)
    {
        if (elementCount[v] == elements[v].Length) Array.Resize(ref elements[v], Math.Max(4, 2 * elements[v].Length));
        elements[v][elementCount[v]++] = e;
    }

    private void Enlist(int v, int d)
    {
        d = Math.Max(0, d);
        degree[v] = d;
        previous[v] = -1;
        next[v] = first[d];
        if (next[v] >= 0) previous[next[v]] = v;
        first[d] = v;
        lowest = Math.Min(lowest, d);
    }

    private void Unlist(int v)
    {
        if (previous[v] >= 0) next[previous[v]] = next[v];
        else first[degree[v]] = next[v];
        if (next[v] >= 0) previous[next[v]] = previous[v];
    }

    private int TakeLowest()
    {
        while (first[lowest] < 0) lowest++;
        var v = first[lowest];
        Unlist(v);
        return v;
    }
}
