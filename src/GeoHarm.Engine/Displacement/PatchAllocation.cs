using GeoHarm.Spatial.Quantities;
using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Engine.Displacement;

/// <summary>How a unit's hectares are dealt out to its cells.</summary>
public sealed record PatchOptions
{
    /// <summary>Hectares a cell can hold, above 0; default 30, a dense square kilometre of the surveys.</summary>
    public double CellCapacity { get; init; } = 30;

    /// <summary>Hectares that one step adds to a cell, above 0; default 4: most cells of the surveys hold a few hectares.</summary>
    public double StepHectares { get; init; } = 4;

    /// <summary>Share of a gain that founds new patches instead of growing old ones, 0 to 1; default 0.2, an assumption: gains go where
    /// coca already is (findings.md A).</summary>
    public double NewPatchShare { get; init; } = 0.2;

    /// <summary>Cells of a new patch on average, 1 or more; default 3.</summary>
    public double PatchCells { get; init; } = 3;

    /// <summary>Reach of the coca nearby in cells, above 0; default 2. The window is three times as wide.</summary>
    public double Reach { get; init; } = 2;

    /// <summary>Potential of a cell with no coca nearby beside one at full capacity, above 0; default 0.001.</summary>
    public double Floor { get; init; } = 0.001;
}

/// <summary>
/// Deals the projected hectares of every unit out to its cells by patches (after the expander and the patcher of DINAMICA: Soares-Filho,
/// Cerqueira, Pennachin 2002, doi 10.1016/S0304-3800(02)00059-5). The transition potential of a cell is its suitability times the coca
/// nearby, exp(-d / reach)-weighted, plus a floor. A gain first grows cells that hold coca or touch one, then founds new patches where
/// none touches; both draw cells by lot without return, weighted by potential (Efraimidis, Spirakis 2006). A loss takes the cells of
/// least potential first. Each unit's total is met to rounding. Where a plot lies is not a result: cells are an assumption, sensitive,
/// and leave only coarsened through the publication gate.
/// Cost: cells x window + cells log cells. One stream of chance a unit, so units do not disturb each other.
/// </summary>
public static class PatchAllocation
{
    /// <summary>Allocates. Throws <see cref="ArgumentException"/> naming a unit whose target is negative or larger than its cells can hold.</summary>
    /// <param name="coca">Hectares by cell, row-major.</param>
    /// <param name="columns">Columns of the grid.</param>
    /// <param name="unitOfCell">Unit of each cell, -1 for none.</param>
    /// <param name="target">Hectares that each unit shall have.</param>
    /// <param name="suitability">Suitability by cell, 0 or more (0 forbids); empty for 1 everywhere.</param>
    /// <param name="options">Patches.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="member">Ensemble member.</param>
    /// <returns>Hectares by cell.</returns>
    public static double[] Allocate(
        ReadOnlySpan<double> coca, int columns, ReadOnlySpan<int> unitOfCell, ReadOnlySpan<double> target, ReadOnlySpan<double> suitability, PatchOptions options, ulong seed, uint member)
    {
        if (columns < 1 || coca.Length % columns != 0 || unitOfCell.Length != coca.Length) throw new ArgumentException("Cells fill whole rows, and every cell has a unit or -1.", nameof(columns));
        var cells = new List<int>[target.Length];
        for (var u = 0; u < cells.Length; u++) cells[u] = [];
        for (var c = 0; c < unitOfCell.Length; c++)
        {
            if (unitOfCell[c] >= 0) cells[unitOfCell[c]].Add(c);
        }
        var map = new CellMap(coca.ToArray(), columns, Potential(coca, columns, suitability, options), options);
        for (var u = 0; u < cells.Length; u++)
        {
            var held = 0.0;
            foreach (var c in cells[u]) held += coca[c];
            map.Meet(u, cells[u], held, target[u], unitOfCell, new CounterRandom(seed, member, (uint)u));
        }
        return map.Hectares;
    }

    /// <summary>Transition potential by cell: suitability x (floor + coca nearby over capacity, weighted by exp(-d / reach)).</summary>
    public static double[] Potential(ReadOnlySpan<double> coca, int columns, ReadOnlySpan<double> suitability, PatchOptions options)
    {
        var (rows, radius) = (coca.Length / columns, (int)Math.Ceiling(3 * options.Reach));
        var (side, weights, sum) = (2 * radius + 1, new double[(2 * radius + 1) * (2 * radius + 1)], 0.0);
        for (var k = 0; k < weights.Length; k++)
        {
            double dx = k % side - radius, dy = k / side - radius;
            sum += weights[k] = PortableMath.Exp(-Math.Sqrt(dx * dx + dy * dy) / options.Reach);
        }
        var potential = new double[coca.Length];
        // Coca is sparse: every cell that has some spreads to its window.
        for (var c = 0; c < coca.Length; c++)
        {
            if (!(coca[c] > 0)) continue;
            var (row, column, share) = (c / columns, c % columns, coca[c] / (options.CellCapacity * sum));
            for (var y = Math.Max(0, row - radius); y <= Math.Min(rows - 1, row + radius); y++)
            {
                for (var x = Math.Max(0, column - radius); x <= Math.Min(columns - 1, column + radius); x++) potential[y * columns + x] += share * weights[(y - row + radius) * side + x - column + radius];
            }
        }
        for (var c = 0; c < potential.Length; c++) potential[c] = (potential[c] + options.Floor) * (suitability.IsEmpty ? 1 : suitability[c]);
        return potential;
    }

    /// <summary>Sums of square blocks of cells, row-major: how cells are coarsened before they may leave, and compared at several resolutions.</summary>
    public static double[] Blocks(ReadOnlySpan<double> cells, int columns, int side)
    {
        var (across, rows) = ((columns + side - 1) / side, cells.Length / columns);
        var blocks = new double[across * ((rows + side - 1) / side)];
        for (var c = 0; c < cells.Length; c++) blocks[c / columns / side * across + c % columns / side] += cells[c];
        return blocks;
    }

    private sealed class CellMap(double[] hectares, int columns, double[] potential, PatchOptions options)
    {
        private readonly int rows = hectares.Length / columns;

        public double[] Hectares => hectares;

        public void Meet(int unit, List<int> cells, double held, double target, ReadOnlySpan<int> unitOfCell, CounterRandom random)
        {
            var room = 0.0;
            foreach (var c in cells) room += potential[c] > 0 ? Math.Max(options.CellCapacity, hectares[c]) : hectares[c];
            if (!(target >= 0) || target > room * (1 + 1e-12)) throw new ArgumentException(FormattableString.Invariant($"Unit {unit} shall have {target} ha; its {cells.Count} cells hold from 0 to {room} ha."));
            if (target < held)
            {
                Lose(cells, held - target);
            }
            else if (target > held)
            {
                var gain = target - held;
                var founded = Found(cells, gain * options.NewPatchShare, unitOfCell, ref random);
                var left = Grow(cells, gain * (1 - options.NewPatchShare) + founded, false, ref random);
                if (left > 0) Grow(cells, left, true, ref random); // no old patch has room: anywhere
            }
            Settle(cells, target);
        }

        /// <summary>Takes cells whole, those of least potential first, and a part of the last.</summary>
        private void Lose(List<int> cells, double loss)
        {
            foreach (var c in cells.Where(c => hectares[c] > 0).OrderBy(c => potential[c]).ThenBy(c => c))
            {
                var taken = Math.Min(loss, hectares[c]);
                hectares[c] -= taken;
                loss -= taken;
                if (loss <= 0) return;
            }
        }

        /// <summary>Grows cells with coca and their neighbours (or any cell) step by step; returns what found no room.</summary>
        private double Grow(List<int> cells, double gain, bool anywhere, ref CounterRandom random)
        {
            while (gain > 0)
            {
                var order = Lots([.. cells.Where(c => hectares[c] < options.CellCapacity && potential[c] > 0 && (anywhere || hectares[c] > 0 || Touches(c)))], ref random);
                if (order.Length == 0) return gain;
                foreach (var c in order)
                {
                    gain -= Add(c, Math.Min(gain, options.StepHectares));
                    if (gain <= 0) return 0;
                }
            }
            return 0;
        }

        /// <summary>Founds patches where no cell with coca touches; returns what found no place.</summary>
        private double Found(List<int> cells, double gain, ReadOnlySpan<int> unitOfCell, ref CounterRandom random)
        {
            if (!(gain > 0)) return 0;
            var seeds = Lots([.. cells.Where(c => hectares[c] <= 0 && potential[c] > 0 && !Touches(c))], ref random);
            foreach (var seed in seeds)
            {
                if (hectares[seed] > 0 || Touches(seed)) continue; // an earlier patch grew here
                // The size of a patch is exponential about its mean, at least one cell.
                var size = Math.Max(1, (int)Math.Round(-PortableMath.Log(1 - random.NextUniform()) * options.PatchCells));
                var patch = new List<int> { seed };
                for (var p = 0; p < patch.Count && patch.Count < size; p++)
                {
                    foreach (var near in Around(patch[p]))
                    {
                        if (patch.Count < size && unitOfCell[near] == unitOfCell[seed] && potential[near] > 0 && hectares[near] <= 0 && !patch.Contains(near)) patch.Add(near);
                    }
                }
                foreach (var c in patch)
                {
                    gain -= Add(c, Math.Min(gain, options.StepHectares));
                    if (gain <= 0) return 0;
                }
            }
            return gain;
        }

        private double Add(int cell, double step)
        {
            var added = Math.Max(0, Math.Min(step, options.CellCapacity - hectares[cell]));
            hectares[cell] += added;
            return added;
        }

        /// <summary>Cells in the order of a draw without return, weighted by potential.</summary>
        private int[] Lots(int[] cells, ref CounterRandom random)
        {
            var keys = new double[cells.Length];
            for (var i = 0; i < keys.Length; i++) keys[i] = -PortableMath.Log(1 - random.NextUniform()) / potential[cells[i]];
            Array.Sort(keys, cells);
            return cells;
        }

        /// <summary>Sums of many steps differ from the target by rounding: the fullest cell takes the difference.</summary>
        private void Settle(List<int> cells, double target)
        {
            if (cells.Count == 0) return;
            var (sum, fullest) = (0.0, cells[0]);
            foreach (var c in cells)
            {
                sum += hectares[c];
                if (hectares[c] > hectares[fullest]) fullest = c;
            }
            hectares[fullest] = Math.Max(0, hectares[fullest] + target - sum);
        }

        private bool Touches(int cell)
        {
            foreach (var near in Around(cell))
            {
                if (hectares[near] > 0) return true;
            }
            return false;
        }

        private IEnumerable<int> Around(int cell)
        {
            var (row, column) = (cell / columns, cell % columns);
            for (var y = Math.Max(0, row - 1); y <= Math.Min(rows - 1, row + 1); y++)
            {
                for (var x = Math.Max(0, column - 1); x <= Math.Min(columns - 1, column + 1); x++)
                {
                    if (y != row || x != column) yield return y * columns + x;
                }
            }
        }
    }
}
