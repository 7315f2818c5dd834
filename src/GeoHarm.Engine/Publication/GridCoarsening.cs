namespace GeoHarm.Engine.Publication;

/// <summary>A cell of the published grid.</summary>
/// <param name="Column">Column of the fixed grid at the cell's own side, counted from easting 0.</param>
/// <param name="Row">Row, counted from northing 0.</param>
/// <param name="SideMetres">Side, metres.</param>
/// <param name="Sums">What the cell holds, one entry per value column.</param>
/// <param name="Withheld">Which value columns may not be shown.</param>
public sealed record GridCell(long Column, long Row, double SideMetres, IReadOnlyList<CellSum> Sums, IReadOnlyList<bool> Withheld);

/// <summary>
/// Records to the cells of a fixed equal-area grid. Four cells are kept apart only when each of them is safe or empty in
/// every column; otherwise they are merged, from 5 to 10 and 20 km. A column of a 20 km block that is still unsafe is
/// withheld there. Whoever knows a column's total can subtract what is shown, so what is withheld of a column is itself
/// made safe, and no block may hold so much of it that the rest hides it by less than p %: the smallest shown cells are
/// withheld with it until that holds. Cells do not overlap and no coarser total is shown.
/// </summary>
public static class GridCoarsening
{
    /// <summary>The published cells, ordered by row and column.</summary>
    /// <param name="x">Eastings in the equal-area system, metres.</param>
    /// <param name="y">Northings, metres.</param>
    /// <param name="records">What each record adds, by value column, then record.</param>
    /// <param name="rules">The rules.</param>
    public static IReadOnlyList<GridCell> Cells(IReadOnlyList<double> x, IReadOnlyList<double> y, IReadOnlyList<CellSum[]> records, DisclosureRules rules)
    {
        var levels = Levels(x, y, records, rules);
        var cells = new List<(int Level, (long, long) Cell, CellSum[] Sums, bool[] Withheld)>();
        foreach (var top in levels[^1].Keys) Emit(rules.Merges, top);
        for (var column = 0; column < records.Count; column++) ProtectRemainder(cells, column, rules);
        return
        [
            .. cells.Select(c => new GridCell(c.Cell.Item1, c.Cell.Item2, rules.CellMetres * (1 << c.Level), c.Sums, c.Withheld))
                .OrderBy(c => c.Row * c.SideMetres).ThenBy(c => c.Column * c.SideMetres).ThenBy(c => c.SideMetres),
        ];

        void Emit(int level, (long Column, long Row) cell)
        {
            var children = level == 0 ? [] : Children(cell).Where(levels[level - 1].ContainsKey).ToList();
            if (children.Count > 0 && children.TrueForAll(c => levels[level - 1][c].All(s => s.IsEmpty || s.IsSafe(rules))))
            {
                foreach (var child in children) Emit(level - 1, child);
                return;
            }
            var sums = levels[level][cell];
            cells.Add((level, cell, sums, [.. sums.Select(s => !s.IsEmpty && !s.IsSafe(rules))]));
        }
    }

    private static List<Dictionary<(long, long), CellSum[]>> Levels(IReadOnlyList<double> x, IReadOnlyList<double> y, IReadOnlyList<CellSum[]> records, DisclosureRules rules)
    {
        var finest = new Dictionary<(long, long), CellSum[]>();
        for (var r = 0; r < x.Count; r++)
        {
            var any = false;
            for (var c = 0; c < records.Count; c++) any |= !records[c][r].IsEmpty;
            if (any) Add(finest, ((long)Math.Floor(x[r] / rules.CellMetres), (long)Math.Floor(y[r] / rules.CellMetres)), c => records[c][r]);
        }
        var levels = new List<Dictionary<(long, long), CellSum[]>> { finest };
        for (var m = 0; m < rules.Merges; m++)
        {
            var coarser = new Dictionary<(long, long), CellSum[]>();
            foreach (var ((column, row), sums) in levels[^1].OrderBy(c => c.Key)) Add(coarser, (column >> 1, row >> 1), c => sums[c]);
            levels.Add(coarser);
        }
        return levels;

        void Add(Dictionary<(long, long), CellSum[]> into, (long, long) key, Func<int, CellSum> part)
        {
            if (!into.TryGetValue(key, out var sums)) into[key] = sums = new CellSum[records.Count];
            for (var c = 0; c < sums.Length; c++) sums[c] += part(c);
        }
    }

    private static IEnumerable<(long, long)> Children((long Column, long Row) cell) =>
        [(2 * cell.Column, 2 * cell.Row), (2 * cell.Column + 1, 2 * cell.Row), (2 * cell.Column, 2 * cell.Row + 1), (2 * cell.Column + 1, 2 * cell.Row + 1)];

    private static void ProtectRemainder(List<(int Level, (long, long) Cell, CellSum[] Sums, bool[] Withheld)> cells, int column, DisclosureRules rules)
    {
        var rest = default(CellSum);
        var largestBlock = 0.0;
        foreach (var cell in cells.Where(c => c.Withheld[column])) Take(cell.Sums[column]);
        if (rest.IsEmpty) return;
        foreach (var cell in cells.Where(c => !c.Withheld[column] && !c.Sums[column].IsEmpty).OrderBy(c => c.Sums[column].Total).ThenBy(c => c.Cell))
        {
            if (rest.IsSafe(rules) && rest.Total - largestBlock >= rules.PriorShare * largestBlock) return;
            cell.Withheld[column] = true;
            Take(cell.Sums[column]);
        }

        void Take(CellSum sum)
        {
            rest += sum;
            largestBlock = Math.Max(largestBlock, sum.Total);
        }
    }
}
