namespace GeoHarm.Engine.Publication;

/// <summary>
/// The network behind a table with totals: a node for every equation and one for the outside, an arc for every cell from
/// the equation it leaves to the one it enters. A change of blank cells that keeps every equation is a circulation.
/// </summary>
internal sealed class SuppressionNetwork
{
    private readonly TotalsTable table;
    private readonly (int From, int To)[] arcs;
    private readonly int nodes;
    private readonly List<(int Arc, bool Forward)>[] leaving;

    public SuppressionNetwork(TotalsTable table)
    {
        this.table = table;
        // Node 0 is the outside; then the equation of each inner row and column; then, with a total column, that of each leaf row.
        var (rows, columns) = (table.Rows, table.Columns);
        int Hierarchy(int row, int column) => row < 0 ? 0 : 1 + row * columns + column;
        int LeafRow(int row) => table.HasTotalColumn ? 1 + rows * columns + row : 0;
        nodes = 1 + rows * columns + rows;
        arcs = new (int, int)[rows * columns];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var own = table.IsLeaf[row] ? LeafRow(row) : Hierarchy(row, column);
                var above = Hierarchy(table.Parents[row], column);
                // The equations of the total column are taken with the other sign, so that each cell has one of either.
                arcs[row * columns + column] = table.HasTotalColumn && column == columns - 1 ? (above, own) : (own, above);
            }
        }
        leaving = [.. Enumerable.Range(0, nodes).Select(_ => new List<(int, bool)>())];
        for (var arc = 0; arc < arcs.Length; arc++)
        {
            leaving[arcs[arc].From].Add((arc, true));
            leaving[arcs[arc].To].Add((arc, false));
        }
    }

    /// <summary>Whether a blank cell can be both larger and smaller by so much without breaking an equation or going below 0.</summary>
    public bool Carries(bool[,] blank, int row, int column, double least)
    {
        var arc = row * table.Columns + column;
        var (from, to) = arcs[arc];
        return Flow(blank, arc, to, from, least) >= least * (1 - 1e-12) && Value(arc) >= least && Flow(blank, arc, from, to, least) >= least * (1 - 1e-12);
    }

    /// <summary>How far a blank cell can rise and fall, each up to <paramref name="most"/>.</summary>
    public (double Up, double Down) Slack(bool[,] blank, int row, int column, double most)
    {
        var arc = row * table.Columns + column;
        var (from, to) = arcs[arc];
        return (Flow(blank, arc, to, from, most), Math.Min(Value(arc), Flow(blank, arc, from, to, most)));
    }

    /// <summary>The cells of the cheapest cycle through a cell that can carry so much either way; blank cells cost next to
    /// nothing, others their value. The outside closes every cycle, so there is always one.</summary>
    public IEnumerable<(int Row, int Column)> CheapestCycle(bool[,] blank, int row, int column, double least)
    {
        var start = row * table.Columns + column;
        var (target, source) = arcs[start];
        var cost = Enumerable.Repeat(double.PositiveInfinity, nodes).ToArray();
        var by = Enumerable.Repeat(-1, nodes).ToArray();
        var queue = new PriorityQueue<int, (double, int)>();
        cost[source] = 0;
        queue.Enqueue(source, (0, source));
        while (queue.TryDequeue(out var node, out var key))
        {
            if (key.Item1 > cost[node]) continue;
            if (node == target) break;
            foreach (var (arc, forward) in leaving[node])
            {
                if (arc == start || Value(arc) < least) continue;
                var next = forward ? arcs[arc].To : arcs[arc].From;
                var further = cost[node] + (Blank(blank, arc) ? 1e-9 * least : Value(arc));
                if (further >= cost[next]) continue;
                (cost[next], by[next]) = (further, arc);
                queue.Enqueue(next, (further, next));
            }
        }
        if (source != target && by[target] < 0) throw new InvalidOperationException("A table without a cycle: its outside is cut off.");
        for (var node = target; node != source;)
        {
            var arc = by[node];
            yield return (arc / table.Columns, arc % table.Columns);
            node = arcs[arc].From == node ? arcs[arc].To : arcs[arc].From;
        }
    }

    private double Value(int arc) => table[arc / table.Columns, arc % table.Columns].Total;

    private bool Blank(bool[,] blank, int arc) => blank[arc / table.Columns, arc % table.Columns];

    /// <summary>Flow from one node to another through blank cells other than one, up to a limit (Edmonds and Karp 1972):
    /// any amount with an arc, no more than its value against it.</summary>
    private double Flow(bool[,] blank, int without, int source, int target, double limit)
    {
        if (source == target) return limit;
        var pushed = new double[arcs.Length];
        var sent = 0.0;
        var by = new (int Arc, bool Forward)[nodes];
        var queue = new Queue<int>();
        while (sent < limit)
        {
            Array.Fill(by, (-1, false));
            queue.Clear();
            queue.Enqueue(source);
            var found = false;
            while (!found && queue.TryDequeue(out var node))
            {
                foreach (var (arc, forward) in leaving[node])
                {
                    if (arc == without || !Blank(blank, arc)) continue;
                    var next = forward ? arcs[arc].To : arcs[arc].From;
                    if (next == source || by[next].Arc >= 0 || Room(arc, forward) <= 0) continue;
                    by[next] = (arc, forward);
                    found |= next == target;
                    queue.Enqueue(next);
                }
            }
            if (!found) return sent;
            var amount = limit - sent;
            for (var node = target; node != source; node = Tail(by[node])) amount = Math.Min(amount, Room(by[node].Arc, by[node].Forward));
            for (var node = target; node != source; node = Tail(by[node])) pushed[by[node].Arc] += by[node].Forward ? amount : -amount;
            sent += amount;
        }
        return sent;

        double Room(int arc, bool forward) => forward ? double.PositiveInfinity : Value(arc) + pushed[arc];
        int Tail((int Arc, bool Forward) step) => step.Forward ? arcs[step.Arc].From : arcs[step.Arc].To;
    }
}
