using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Rasters;
using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Spatial.Tests.Rasters;

public sealed class PatchScanTests
{
    [Fact]
    public void Shapes_that_join_late_are_one_patch()
    {
        byte[] cells =
        [
            1, 0, 0, 0, 1, 0, 2,
            1, 0, 3, 0, 1, 0, 2,
            1, 1, 1, 1, 1, 0, 0,
            0, 0, 0, 0, 0, 1, 9,
        ];
        var grid = new Grid(0, 4, 1, 1, 7, 4, new CoordinateSystem(6933));
        List<Patch> Patches(bool diagonals)
        {
            var found = new List<Patch>();
            PatchScan.Run(new MemoryRaster("hand", grid, cells, 9), CellAreas.OfPlane(grid), new PatchOptions(diagonals), found.Add);
            return found;
        }

        Assert.Equal([(1, 10), (2, 2), (3, 1)], Patches(true).Select(p => ((int)p.Value, (int)p.Cells)).Order());
        Assert.Equal([(1, 1), (1, 9), (2, 2), (3, 1)], Patches(false).Select(p => ((int)p.Value, (int)p.Cells)).Order());
        var single = Patches(false).Single(p => p.Value == 3);
        Assert.Equal((2.5, 1.5, 1.0), (single.Column, single.Row, single.SquareMetres));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Patches_equal_flood_fill_on_random_rasters(bool diagonals)
    {
        const ulong seed = 8;
        for (uint trial = 0; trial < 40; trial++)
        {
            var random = new CounterRandom(seed, trial, 0);
            var (width, height) = (1 + random.NextBelow(90), 1 + random.NextBelow(90));
            var (values, share) = (1 + random.NextBelow(3), random.NextUniform());
            var cells = new byte[width * height];
            for (var i = 0; i < cells.Length; i++) cells[i] = random.NextUniform() < share ? (byte)(1 + random.NextBelow(values)) : (byte)0;
            var grid = new Grid(-77, 4, 0.01, 0.01, width, height, CoordinateSystem.Wgs84);
            var areas = CellAreas.OfDegrees(grid);
            var found = new List<Patch>();
            PatchScan.Run(new MemoryRaster("random", grid, cells, null, 1 + random.NextBelow(40)), areas, new PatchOptions(diagonals), found.Add);
            var expected = Flood(cells, width, height, diagonals, areas);
            var actual = found.Select(p => (p.Value, p.Cells, Math.Round(p.SquareMetres, 3), Math.Round(p.Column, 6), Math.Round(p.Row, 6), p.UprightSides, p.LevelSides, p.EarlierSides)).Order().ToList();
            Assert.True(expected.Select(p => (p.Value, p.Cells, Math.Round(p.SquareMetres, 3), Math.Round(p.Column, 6), Math.Round(p.Row, 6), p.UprightSides, p.LevelSides, p.EarlierSides)).Order().SequenceEqual(actual), $"seed {seed}, trial {trial}: {width} x {height}, {expected.Count} patches by flood fill, {found.Count} found");
        }
    }

    private static List<Patch> Flood(byte[] cells, int width, int height, bool diagonals, CellAreas areas)
    {
        var seen = new bool[cells.Length];
        var patches = new List<Patch>();
        for (var first = 0; first < cells.Length; first++)
        {
            if (seen[first] || cells[first] == 0) continue;
            var stack = new Stack<int>([first]);
            seen[first] = true;
            double area = 0, columns = 0, rows = 0;
            long count = 0, upright = 0, level = 0, earlier = 0;
            while (stack.TryPop(out var at))
            {
                var (column, row) = (at % width, at / width);
                foreach (var (dx, dy) in new[] { (-1, 0), (1, 0), (0, -1), (0, 1) })
                {
                    var beside = column + dx < 0 || column + dx >= width || row + dy < 0 || row + dy >= height ? 0 : cells[(row + dy) * width + column + dx];
                    if (beside == cells[first]) continue;
                    if (dx != 0) upright++; else level++;
                    if (beside != 0 && beside < cells[first]) earlier++;
                }
                count++;
                area += areas.SquareMetres(row);
                columns += column + 0.5;
                rows += row + 0.5;
                for (var dy = -1; dy <= 1; dy++)
                {
                    for (var dx = -1; dx <= 1; dx++)
                    {
                        if ((!diagonals && dx * dy != 0) || column + dx < 0 || column + dx >= width || row + dy < 0 || row + dy >= height) continue;
                        var next = (row + dy) * width + column + dx;
                        if (seen[next] || cells[next] != cells[first]) continue;
                        seen[next] = true;
                        stack.Push(next);
                    }
                }
            }
            patches.Add(new Patch(cells[first], count, area, columns / count, rows / count, upright, level, earlier));
        }
        return patches;
    }
}
