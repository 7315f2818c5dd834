namespace GeoHarm.Engine.Publication;

/// <summary>
/// Which cells of a table with totals to leave blank, so that no unsafe cell can be worked out from the others
/// (Cox 1995, Network models for complementary cell suppression, doi 10.1080/01621459.1995.10476637; Castro 2007 for one
/// hierarchical dimension). Every cell stands in at most two equations with opposite signs, so the table is a network,
/// cells are arcs, and what a reader can still believe of a blank cell is bounded by a maximum flow through the other
/// blank ones: the same bounds as by linear programming. A cell is protected when both bounds lie at least p % of its
/// value away; else the cheapest cycle of cells that can carry that much is blanked too. What subtraction from a shown
/// total leaves over must be safe itself. Cost: one shortest path and two bounded flows per blank cell and round.
/// </summary>
public static class ComplementarySuppression
{
    /// <summary>Blank cells, rows x columns; empty cells are never unsafe.</summary>
    public static bool[,] Protect(TotalsTable table, DisclosureRules rules)
    {
        var network = new SuppressionNetwork(table);
        var blank = new bool[table.Rows, table.Columns];
        var cells = (from r in Enumerable.Range(0, table.Rows) from c in Enumerable.Range(0, table.Columns) select (Row: r, Column: c)).ToList();
        cells = [.. cells.OrderByDescending(c => table[c.Row, c.Column].Total).ThenBy(c => c)];
        foreach (var (row, column) in cells) blank[row, column] = table[row, column] is { IsEmpty: false } sum && !sum.IsSafe(rules);
        var equations = table.Equations().ToList();
        bool changed;
        do
        {
            changed = false;
            // Cells blanked for others are protected too, or they would be worked out first and the others after them.
            foreach (var (row, column) in cells.Where(c => blank[c.Row, c.Column]).ToList())
            {
                var least = rules.PriorShare * table[row, column].Total;
                if (network.Carries(blank, row, column, least)) continue;
                foreach (var (r, c) in network.CheapestCycle(blank, row, column, least)) blank[r, c] = true;
                changed = true;
            }
            foreach (var (total, parts) in equations) changed |= ProtectRemainder(table, blank, total, parts, rules);
        }
        while (changed);
        return blank;
    }

    /// <summary>What a reader who knows every shown cell can still believe of a blank one.</summary>
    public static (double Low, double High) Bounds(TotalsTable table, bool[,] blank, int row, int column)
    {
        var (up, down) = new SuppressionNetwork(table).Slack(blank, row, column, double.PositiveInfinity);
        var value = table[row, column].Total;
        return (value - down, value + up);
    }

    /// <summary>Makes what is left over of a shown total safe: blanks the smallest shown part, or the total when none is left.</summary>
    private static bool ProtectRemainder(TotalsTable table, bool[,] blank, (int Row, int Column) total, IReadOnlyList<(int Row, int Column)> parts, DisclosureRules rules)
    {
        var changed = false;
        while (!blank[total.Row, total.Column])
        {
            var hidden = parts.Where(p => blank[p.Row, p.Column]).Aggregate(default(CellSum), (sum, p) => sum + table[p.Row, p.Column]);
            if (hidden.IsEmpty || hidden.IsSafe(rules)) break;
            var shown = parts.Where(p => !blank[p.Row, p.Column] && !table[p.Row, p.Column].IsEmpty).OrderBy(p => table[p.Row, p.Column].Total).ThenBy(p => p).ToList();
            var next = shown.Count > 0 ? shown[0] : total;
            blank[next.Row, next.Column] = changed = true;
        }
        return changed;
    }
}
