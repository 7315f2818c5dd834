using GeoHarm.Routing.Graphs;
using GeoHarm.Routing.Grids;

namespace GeoHarm.Routing.Tests.Grids;

public class CostSurfaceTests
{
    private static float[] Draw(Random random, int rows, int columns)
    {
        var wild = random.Next(3);
        return [.. Enumerable.Range(0, rows * columns).Select(_ => random.Next(6) == 0 ? (random.Next(2) == 0 ? float.NaN : -9999)
            : wild == 0 ? random.Next(3) : wild == 1 ? 1 + random.NextSingle() : MathF.Pow(10, 6 * random.NextSingle() - 3))];
    }

    /// <summary>Bellman-Ford over explicitly listed steps.</summary>
    private static double[] Rival(float[] friction, int rows, int columns, int source, SurfaceOptions options, Func<int, int, double>? factor = null)
    {
        bool IsOpen(int c) => !float.IsNaN(friction[c]) && friction[c] != options.NoData;
        var arcs = new List<(int From, int To, double Half)>();
        for (var r = 0; r < rows; r++)
        {
            for (var c = 0; c < columns; c++)
            {
                for (var dr = -2; dr <= 2; dr++)
                {
                    for (var dc = -2; dc <= 2; dc++)
                    {
                        var isKnight = Math.Abs(dr * dc) == 2;
                        if ((dr, dc) == (0, 0) || (Math.Max(Math.Abs(dr), Math.Abs(dc)) == 2 && !(isKnight && options.Neighbours == 16))) continue;
                        int r2 = r + dr, c2 = c + dc;
                        if (r2 < 0 || r2 >= rows || c2 < 0 || c2 >= columns) continue;
                        if (!IsOpen(r * columns + c) || !IsOpen(r2 * columns + c2)) continue;
                        if (isKnight && !IsOpen((r + dr / 2) * columns + c + dc / 2) && !IsOpen((r + Math.Sign(dr)) * columns + c + Math.Sign(dc))) continue;
                        arcs.Add((r * columns + c, r2 * columns + c2, Math.Sqrt(dr * options.CellHeight * dr * options.CellHeight + dc * options.CellWidth * dc * options.CellWidth) / 2));
                    }
                }
            }
        }
        var cost = Enumerable.Range(0, rows * columns).Select(c => IsOpen(c) ? double.PositiveInfinity : double.NaN).ToArray();
        if (IsOpen(source)) cost[source] = 0;
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var (from, to, half) in arcs)
            {
                var there = cost[from] + (friction[from] * half + friction[to] * half) * (factor?.Invoke(from, to) ?? 1);
                if (there < cost[to] - 1e-12 * there) { cost[to] = there; changed = true; }
            }
        }
        return cost;
    }

    private static void Same(double[] expected, double[] actual, string what)
    {
        for (var i = 0; i < expected.Length; i++)
            Assert.True(double.IsNaN(expected[i]) ? double.IsNaN(actual[i]) : expected[i] == actual[i] || Math.Abs(expected[i] - actual[i]) <= 1e-9 * expected[i], $"{what} cell {i}: {actual[i]}, not {expected[i]}");
    }

    [Fact]
    public void A_three_by_three_raster_as_worked_by_hand()
    {
        float[] friction = [1, 1, 1, 1, 9, 1, 1, 1, 1];
        var cost = new double[9];
        CostSurface.Accumulate(friction, 3, 3, [0], new SurfaceOptions { CellWidth = 10, CellHeight = 10 }, cost);
        Assert.Equal([0, 10, 20, 10, 60, 10 + 10 * Math.Sqrt(2), 20, 10 + 10 * Math.Sqrt(2), 20 + 10 * Math.Sqrt(2)], cost.Select(c => c), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void Surfaces_are_those_of_an_explicit_graph()
    {
        for (var seed = 1; seed <= 120; seed++)
        {
            var random = new Random(seed);
            int rows = random.Next(1, 24), columns = random.Next(1, 24), source = random.Next(rows * columns);
            var friction = Draw(random, rows, columns);
            var options = new SurfaceOptions { NoData = -9999, CellWidth = 1 + random.Next(3), CellHeight = 1 + random.Next(2), Neighbours = random.Next(2) == 0 ? 8 : 16 };
            var cost = new double[rows * columns];
            var link = new byte[rows * columns];
            CostSurface.Accumulate(friction, rows, columns, [source], options, cost, link);
            var expected = Rival(friction, rows, columns, source, options);
            Same(expected, cost, $"seed {seed}");
            for (var c = 0; c < cost.Length; c++)
            {
                var way = CostSurface.WayTo(c, columns, cost, link);
                Assert.Equal(double.IsFinite(cost[c]), way.Count > 0);
                if (way.Count > 0) Assert.True(way[0] == source && way[^1] == c, $"seed {seed} cell {c}");
            }
        }
    }

    private readonly struct Downhill : ISurfaceDirection
    {
        public static bool IsNeutral => false;

        public double Factor(int fromCell, int toCell) => toCell > fromCell ? 1 : 2.5;
    }

    [Fact]
    public void A_direction_makes_the_way_back_dearer()
    {
        for (var seed = 1; seed <= 40; seed++)
        {
            var random = new Random(seed);
            int rows = random.Next(2, 15), columns = random.Next(2, 15), source = random.Next(rows * columns);
            var friction = Draw(random, rows, columns);
            var options = new SurfaceOptions { NoData = -9999 };
            var cost = new double[rows * columns];
            CostSurface.Accumulate(friction, rows, columns, [source], options, new Downhill(), cost);
            Same(Rival(friction, rows, columns, source, options, new Downhill().Factor), cost, $"seed {seed}");
        }
    }

    [Fact]
    public void Several_sources_give_the_least_of_each_and_a_bound_cuts_off()
    {
        for (var seed = 1; seed <= 40; seed++)
        {
            var random = new Random(seed);
            int rows = random.Next(3, 20), columns = random.Next(3, 20);
            var friction = Draw(random, rows, columns);
            int[] sources = [random.Next(rows * columns), random.Next(rows * columns)];
            double[] starts = [random.Next(3), 1000 * random.NextDouble()];
            var options = new SurfaceOptions { NoData = -9999 };
            var cost = new double[rows * columns];
            CostSurface.Accumulate(friction, rows, columns, sources, options, cost, startCosts: starts);
            double[] a = Rival(friction, rows, columns, sources[0], options), b = Rival(friction, rows, columns, sources[1], options);
            Same([.. a.Zip(b, (p, q) => Math.Min(p + starts[0], q + starts[1]))], cost, $"seed {seed}");
            var bounded = new double[rows * columns];
            CostSurface.Accumulate(friction, rows, columns, sources, options with { MaxCost = 1001 }, bounded, startCosts: starts);
            Same([.. cost.Select(c => c > 1001 ? double.PositiveInfinity : c)], bounded, $"seed {seed} bounded");
        }
    }

    [Fact]
    public void The_corridor_is_least_along_the_best_way()
    {
        var random = new Random(3);
        const int Rows = 30, Columns = 40;
        float[] friction = [.. Enumerable.Range(0, Rows * Columns).Select(_ => 1 + random.NextSingle())];
        double[] there = new double[Rows * Columns], back = new double[Rows * Columns], sum = new double[Rows * Columns];
        var link = new byte[Rows * Columns];
        CostSurface.Accumulate(friction, Rows, Columns, [5], new SurfaceOptions(), there, link);
        CostSurface.Accumulate(friction, Rows, Columns, [Rows * Columns - 7], new SurfaceOptions(), back);
        CostSurface.Corridor(there, back, sum);
        foreach (var c in CostSurface.WayTo(Rows * Columns - 7, Columns, there, link)) Assert.Equal(sum.Min(), sum[c], 1e-9);
    }

    private readonly struct Tiles(float[] friction, double[] cost, byte[] link, int rows, int columns, int tileRows, int tileColumns) : ITileLender
    {
        // Each tile has its own rows, as a file of blocks has; cost and link are gathered at the end.
        private readonly Dictionary<(int, int), (float[] F, double[] C, byte[] L)> blocks = [];

        public (int Rows, int Columns) Size => (rows, columns);

        public (int Rows, int Columns) TileSize => (tileRows, tileColumns);

        public void Lend(int tileRow, int tileColumn, out SurfaceTile tile)
        {
            if (!blocks.TryGetValue((tileRow, tileColumn), out var block))
            {
                var cells = Cells(tileRow, tileColumn).ToArray();
                var all = friction;
                blocks[(tileRow, tileColumn)] = block = ([.. cells.Select(c => all[c])], new double[cells.Length], new byte[cells.Length]);
            }
            tile = new SurfaceTile { Friction = block.F, Cost = block.C, BackLink = block.L };
        }

        public void TakeBack(int tileRow, int tileColumn)
        {
            var (_, c, l) = blocks[(tileRow, tileColumn)];
            var i = 0;
            foreach (var cell in Cells(tileRow, tileColumn)) { cost[cell] = c[i]; link[cell] = l[i++]; }
        }

        private List<int> Cells(int tileRow, int tileColumn)
        {
            var cells = new List<int>();
            for (var r = tileRow * tileRows; r < Math.Min(rows, (tileRow + 1) * tileRows); r++)
                for (var c = tileColumn * tileColumns; c < Math.Min(columns, (tileColumn + 1) * tileColumns); c++) cells.Add(r * columns + c);
            return cells;
        }
    }

    [Fact]
    public void Tiles_give_the_bits_of_the_whole_raster()
    {
        for (var seed = 1; seed <= 80; seed++)
        {
            var random = new Random(seed);
            int rows = random.Next(1, 40), columns = random.Next(1, 40), source = random.Next(rows * columns);
            var friction = Draw(random, rows, columns);
            var options = new SurfaceOptions { NoData = -9999, CellWidth = 3 };
            double[] whole = new double[rows * columns], tiled = new double[rows * columns];
            CostSurface.Accumulate(friction, rows, columns, [source], options, whole);
            var lender = new Tiles(friction, tiled, new byte[rows * columns], rows, columns, random.Next(1, 12), random.Next(1, 12));
            TiledSurface.Accumulate(ref lender, [(source / columns, source % columns)], options, 1);
            Assert.Equal(whole.Select(BitConverter.DoubleToInt64Bits), tiled.Select(BitConverter.DoubleToInt64Bits));
        }
    }

    [Fact]
    public void Bad_rasters_are_refused_with_every_fault()
    {
        var thrown = Assert.Throws<InvalidNetworkException>(() => CostSurface.Accumulate([1, -1, -2, 1], 2, 2, [7], new SurfaceOptions(), new double[4]));
        Assert.Equal(["GH7321", "GH7321", "GH7322"], thrown.Faults.Select(f => f.Code));
        Assert.Throws<ArgumentException>(() => CostSurface.Accumulate([1], 1, 1, [0], new SurfaceOptions { Neighbours = 6 }, new double[1]));
        Assert.Throws<ArgumentException>(() => CostSurface.Accumulate([1], 1, 2, [0], new SurfaceOptions(), new double[2]));
    }
}
