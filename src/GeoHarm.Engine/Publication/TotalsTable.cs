namespace GeoHarm.Engine.Publication;

/// <summary>
/// A table whose rows form a hierarchy (municipality, department, country) and whose columns may add up to a last column.
/// Cells of inner rows and of the last column are sums, computed here, and all of them are shown unless suppressed.
/// </summary>
public sealed class TotalsTable
{
    private readonly CellSum[,] cells;

    /// <summary>Makes a table from its leaves; throws when a row is its own ancestor.</summary>
    /// <param name="parents">Parent of each row, -1 for the topmost.</param>
    /// <param name="leaves">Rows x columns; entries of rows with children are ignored.</param>
    /// <param name="hasTotalColumn">Whether a last column with the sum over columns is shown.</param>
    public TotalsTable(IReadOnlyList<int> parents, CellSum[,] leaves, bool hasTotalColumn)
    {
        (Parents, HasTotalColumn, Rows, Columns) = (parents, hasTotalColumn, parents.Count, leaves.GetLength(1) + (hasTotalColumn ? 1 : 0));
        IsLeaf = [.. Enumerable.Range(0, Rows).Select(r => !parents.Contains(r))];
        cells = new CellSum[Rows, Columns];
        for (var row = 0; row < Rows; row++)
        {
            if (!IsLeaf[row]) continue;
            for (var column = 0; column < leaves.GetLength(1); column++)
            {
                var steps = 0;
                for (var r = row; r >= 0; r = parents[r])
                {
                    if (steps++ > Rows) throw new ArgumentException("A row is its own ancestor.", nameof(parents));
                    cells[r, column] += leaves[row, column];
                    if (hasTotalColumn) cells[r, Columns - 1] += leaves[row, column];
                }
            }
        }
    }

    /// <summary>Parent of each row; -1 for the topmost.</summary>
    public IReadOnlyList<int> Parents { get; }

    /// <summary>Whether the last column is the sum of the others.</summary>
    public bool HasTotalColumn { get; }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Number of columns, the total included.</summary>
    public int Columns { get; }

    /// <summary>Whether a row has no children.</summary>
    public IReadOnlyList<bool> IsLeaf { get; }

    /// <summary>A cell.</summary>
    public CellSum this[int row, int column] => cells[row, column];

    /// <summary>Every equation that a reader knows: a sum cell and its parts.</summary>
    public IEnumerable<((int Row, int Column) Total, IReadOnlyList<(int Row, int Column)> Parts)> Equations()
    {
        for (var row = 0; row < Rows; row++)
        {
            var children = Enumerable.Range(0, Rows).Where(r => Parents[r] == row).ToArray();
            for (var column = 0; column < Columns && children.Length > 0; column++) yield return ((row, column), [.. children.Select(c => (c, column))]);
            if (HasTotalColumn) yield return ((row, Columns - 1), [.. Enumerable.Range(0, Columns - 1).Select(c => (row, c))]);
        }
    }
}
