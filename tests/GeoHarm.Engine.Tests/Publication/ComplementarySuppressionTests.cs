using GeoHarm.Engine.Publication;
using GeoHarm.Spatial.Statistics;
using Google.OrTools.LinearSolver;

namespace GeoHarm.Engine.Tests.Publication;

public class ComplementarySuppressionTests(ITestOutputHelper output)
{
    private static readonly DisclosureRules Rules = DisclosureRules.Default;

    private static CellSum Even(int records, double total) => Enumerable.Range(0, records).Aggregate(default(CellSum), (s, i) => s + CellSum.Record(total / records, (uint)i));

    [Fact]
    public void By_hand_a_single_thin_municipality_takes_a_second_with_it()
    {
        // Three municipalities of one department: 3, 20 and 40 records. Blanking the first alone leaves it to subtraction.
        var leaves = new CellSum[4, 1];
        (leaves[1, 0], leaves[2, 0], leaves[3, 0]) = (Even(3, 6), Even(20, 30), Even(40, 90));
        var table = new TotalsTable([-1, 0, 0, 0], leaves, hasTotalColumn: false);
        var blank = ComplementarySuppression.Protect(table, Rules);
        Assert.Equal([false, true, true, false], Enumerable.Range(0, 4).Select(r => blank[r, 0]));
        Assert.Equal((0, 36), ComplementarySuppression.Bounds(table, blank, 1, 0));
    }

    [Fact]
    public void By_hand_two_rows_and_two_columns_need_a_rectangle()
    {
        // The textbook case (Hundepool et al. 2012, 4.5): one unsafe cell of a table with both margins needs three more.
        var leaves = new CellSum[4, 3];
        for (var r = 1; r < 4; r++) for (var c = 0; c < 3; c++) leaves[r, c] = Even(20, 20 * r + 30 * c + 10);
        leaves[1, 0] = Even(4, 25);
        var table = new TotalsTable([-1, 0, 0, 0], leaves, hasTotalColumn: true);
        var blank = ComplementarySuppression.Protect(table, Rules);
        var hidden = (from r in Enumerable.Range(0, 4) from c in Enumerable.Range(0, 4) where blank[r, c] select (r, c)).ToList();
        Assert.Equal([(1, 0), (1, 1), (2, 0), (2, 1)], hidden);
    }

    [Fact]
    public void A_table_of_safe_cells_loses_nothing()
    {
        var leaves = new CellSum[3, 2];
        for (var r = 1; r < 3; r++) for (var c = 0; c < 2; c++) leaves[r, c] = Even(15, 50);
        Assert.DoesNotContain(true, ComplementarySuppression.Protect(new TotalsTable([-1, 0, 0], leaves, true), Rules).Cast<bool>());
    }

    [Fact]
    public void A_linear_programming_attack_on_random_tables_recovers_no_suppressed_cell()
    {
        var tables = Environment.GetEnvironmentVariable("GEOHARM_CAMPAIGN") == "1" ? 2_000u : 120u;
        const ulong seed = 31;
        int attacked = 0, recovered = 0, primaryOnly = 0, shown = 0, cells = 0;
        for (uint number = 0; number < tables; number++)
        {
            var table = RandomTable(new CounterRandom(seed, number, 3));
            var blank = ComplementarySuppression.Protect(table, Rules);
            var first = new bool[table.Rows, table.Columns];
            for (var r = 0; r < table.Rows; r++) for (var c = 0; c < table.Columns; c++) first[r, c] = table[r, c] is { IsEmpty: false } sum && !sum.IsSafe(Rules);
            using var attack = new Attack(table, blank);
            using var naive = new Attack(table, first);
            for (var r = 0; r < table.Rows; r++)
            {
                for (var c = 0; c < table.Columns; c++)
                {
                    cells++;
                    if (!blank[r, c]) { shown++; continue; }
                    attacked++;
                    var (low, high) = attack.Bounds(r, c);
                    var (flowLow, flowHigh) = ComplementarySuppression.Bounds(table, blank, r, c);
                    var value = table[r, c].Total;
                    Assert.True(Close(low, flowLow, value) && Close(high, flowHigh, value), $"table {number} (seed {seed}), cell {r},{c}: programme [{low}, {high}], network [{flowLow}, {flowHigh}]");
                    if (high < value * (1 + Rules.PriorShare) - 1e-6 || low > value * (1 - Rules.PriorShare) + 1e-6) recovered++;
                    if (first[r, c] && naive.Bounds(r, c) is var (l, h) && h - l < 1e-6 * value) primaryOnly++;
                }
            }
        }
        output.WriteLine($"{tables} tables (seed {seed}): {cells} cells, {shown} shown, {attacked} suppressed and attacked, {recovered} recovered; {primaryOnly} would be with primary suppression alone");
        Assert.Equal(0, recovered);
        Assert.True(primaryOnly > 10);
    }

    private static bool Close(double a, double b, double scale) => a == b || Math.Abs(a - b) <= 1e-5 * Math.Max(1, scale) || (a > 1e15 && b > 1e15);

    /// <summary>Two or three levels of rows, one to four columns with or without their total, many thin cells and some empty ones.</summary>
    private static TotalsTable RandomTable(CounterRandom random)
    {
        var parents = new List<int> { -1 };
        for (var d = 1 + random.NextBelow(3); d > 0; d--)
        {
            var department = parents.Count;
            parents.Add(0);
            for (var m = random.NextBelow(5); m > 0; m--) parents.Add(department);
        }
        var columns = 1 + random.NextBelow(4);
        var leaves = new CellSum[parents.Count, columns];
        for (var r = 0; r < parents.Count; r++)
        {
            for (var c = 0; c < columns; c++)
            {
                for (var n = random.NextBelow(3) == 0 ? random.NextBelow(14) : random.NextBelow(8) == 0 ? 0 : 10 + random.NextBelow(20); n > 0; n--) leaves[r, c] += CellSum.Record(random.NextTriangular(0.1, 1, 8), 1);
            }
        }
        return new TotalsTable(parents, leaves, columns > 1 && random.NextBelow(2) == 0);
    }

    /// <summary>What a reader can work out: least and greatest value of a blank cell under every equation, no cell below 0.</summary>
    private sealed class Attack : IDisposable
    {
        private readonly Solver solver = Solver.CreateSolver("GLOP");
        private readonly Variable?[,] unknown;

        public Attack(TotalsTable table, bool[,] blank)
        {
            unknown = new Variable?[table.Rows, table.Columns];
            for (var r = 0; r < table.Rows; r++) for (var c = 0; c < table.Columns; c++) if (blank[r, c]) unknown[r, c] = solver.MakeNumVar(0, double.PositiveInfinity, $"x{r}_{c}");
            foreach (var (total, parts) in table.Equations())
            {
                var known = parts.Where(p => !blank[p.Row, p.Column]).Sum(p => table[p.Row, p.Column].Total) - (blank[total.Row, total.Column] ? 0 : table[total.Row, total.Column].Total);
                var equation = solver.MakeConstraint(-known, -known);
                if (unknown[total.Row, total.Column] is { } sum) equation.SetCoefficient(sum, -1);
                foreach (var part in parts) if (unknown[part.Row, part.Column] is { } x) equation.SetCoefficient(x, 1);
            }
        }

        public (double Low, double High) Bounds(int row, int column)
        {
            double Optimum(bool most)
            {
                var objective = solver.Objective();
                objective.Clear();
                objective.SetCoefficient(unknown[row, column], 1);
                objective.SetOptimizationDirection(most);
                return solver.Solve() switch
                {
                    Solver.ResultStatus.OPTIMAL => objective.Value(),
                    Solver.ResultStatus.UNBOUNDED or Solver.ResultStatus.INFEASIBLE when most => double.PositiveInfinity, // GLOP says either of an open end
                    var status => throw new InvalidOperationException($"GLOP: {status}"),
                };
            }
            return (Optimum(false), Optimum(true));
        }

        public void Dispose() => solver.Dispose();
    }
}
