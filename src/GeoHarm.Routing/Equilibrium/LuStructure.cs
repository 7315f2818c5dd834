using GeoHarm.Routing.Graphs;

namespace GeoHarm.Routing.Equilibrium;

/// <summary>
/// The pattern of the factors L U = I - W for every W that lives on the arcs of one graph: made once, shared without locks
/// by all destinations, iterations, draws and threads. No pivoting: I - W of a loading that exists is an M-matrix, whose
/// pivots are positive in any order (Berman and Plemmons 1994, chapter 6, doi 10.1137/1.9781611971262).
/// Symbolic row merge; cost as many steps as one numeric factorisation; memory 4 bytes for each entry of the factors.
/// </summary>
internal sealed class LuStructure
{
    internal readonly Graph graph;
    internal readonly int[] order; // position by rank
    internal readonly int[] rank; // rank by position
    internal readonly int[] lowerFirst, lowerColumn; // row i of L: ranks below i, rising
    internal readonly int[] upperFirst, upperColumn; // row i of U without its pivot: ranks above i, rising
    internal readonly bool[] leadsFour; // rows i .. i + 3 have one pattern, but for the columns i + 1 .. i + 3: updates go four at once
    internal readonly int[] runFirst, runColumn, runLength; // row i of U as runs of consecutive columns: vectors within a run, no index

    private LuStructure(Graph graph, int[] order)
    {
        this.graph = graph;
        this.order = order;
        var n = graph.NodeCount;
        rank = new int[n];
        for (var i = 0; i < n; i++) rank[order[i]] = i;
        lowerFirst = new int[n + 1];
        upperFirst = new int[n + 1];
        (lowerColumn, upperColumn) = Merge();
        runFirst = new int[n + 1];
        (runColumn, runLength) = Runs();
        leadsFour = new bool[n];
        var likeNext = new bool[n];
        for (var i = n - 2; i >= 0; i--)
        {
            likeNext[i] = upperFirst[i + 1] > upperFirst[i] && upperColumn[upperFirst[i]] == i + 1
                && upperColumn.AsSpan((upperFirst[i] + 1)..upperFirst[i + 1]).SequenceEqual(upperColumn.AsSpan(upperFirst[i + 1]..upperFirst[i + 2]));
            leadsFour[i] = i + 3 < n && likeNext[i] && likeNext[i + 1] && likeNext[i + 2];
        }
    }

    /// <summary>Order of the rows.</summary>
    public int Size => order.Length;

    /// <summary>Entries of L and U, pivots included.</summary>
    public int EntryCount => lowerColumn.Length + upperColumn.Length + Size;

    /// <summary>Structure in approximate minimum degree order.</summary>
    public static LuStructure Of(Graph graph) => new(graph, EliminationTree.Postorder(graph, MinimumDegree.Order(graph)));

    /// <summary>Structure in a given order of positions; a topological order of an acyclic graph gives no fill.</summary>
    public static LuStructure InOrder(Graph graph, int[] order) => new(graph, order);

    private (int[] Column, int[] Length) Runs()
    {
        var column = new List<int>();
        var length = new List<int>();
        for (var i = 0; i < Size; i++)
        {
            for (var p = upperFirst[i]; p < upperFirst[i + 1]; p++)
            {
                if (p > upperFirst[i] && upperColumn[p] == upperColumn[p - 1] + 1)
                {
                    length[^1]++;
                    continue;
                }
                column.Add(upperColumn[p]);
                length.Add(1);
            }
            runFirst[i + 1] = column.Count;
        }
        return ([.. column], [.. length]);
    }

    private (int[] Lower, int[] Upper) Merge()
    {
        var n = Size;
        var lower = new List<int>(2 * graph.ArcCount);
        var upper = new List<int>(2 * graph.ArcCount);
        var mark = new int[n];
        var queue = new PriorityQueue<int, int>();
        var later = new List<int>();
        Array.Fill(mark, -1);
        for (var i = 0; i < n; i++)
        {
            mark[i] = i;
            later.Clear();
            var v = order[i];
            for (var a = graph.outFirst[v]; a < graph.outFirst[v + 1]; a++) Visit(rank[graph.arcHead[a]], i);
            while (queue.TryDequeue(out var k, out _))
            {
                lower.Add(k);
                for (var p = upperFirst[k]; p < upperFirst[k + 1]; p++) Visit(upper[p], i);
            }
            later.Sort();
            upper.AddRange(later);
            lowerFirst[i + 1] = lower.Count;
            upperFirst[i + 1] = upper.Count;
        }
        return ([.. lower], [.. upper]);

        void Visit(int column, int row)
        {
            if (mark[column] == row) return;
            mark[column] = row;
            if (column < row) queue.Enqueue(column, column);
            else later.Add(column);
        }
    }
}
