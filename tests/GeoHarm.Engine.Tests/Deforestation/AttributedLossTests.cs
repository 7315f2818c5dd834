using GeoHarm.Engine.Deforestation;
using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Rasters;
using GeoHarm.Spatial.Zonal;
using NetTopologySuite.Geometries;

namespace GeoHarm.Engine.Tests.Deforestation;

public class AttributedLossTests
{
    private static readonly GeometryFactory Geometries = new();

    [Fact]
    public void Rules_and_years_by_hand_on_a_plane_of_thirty_metres()
    {
        var grid = new Grid(0, 300, 30, 30, 10, 10, new CoordinateSystem(32618));
        var years = new byte[100];
        years[5 * 10 + 5] = 10; // in the coca cell, the year before coca is seen
        years[5 * 10 + 7] = 10; // 60 m east
        years[4 * 10 + 7] = 10; // 67 m
        years[5 * 10 + 3] = 9; // 60 m west, two years before
        years[9 * 10 + 9] = 12; // 170 m, a year after
        var coca = Cells(grid, [(Box(grid, 5, 5, 1, 1), 1u << 11)]);
        var one = new AttributedLoss(new MemoryRaster("loss", grid, years), coca, new CellMetres(grid, false), [60, 68], new YearWindow(0, 1), 2001, 2020);
        Assert.Equal([(2010, 0), (2010, 1), (2010, 2), (2009, 3), (2012, 3)], new[] { 55, 57, 47, 53, 99 }.Select(i => one.Decode(Read(one)[i])));
        var wide = new AttributedLoss(new MemoryRaster("loss", grid, years), coca, new CellMetres(grid, false), [60, 170], new YearWindow(-1, 2), 2001, 2020);
        Assert.Equal([(2010, 0), (2010, 1), (2010, 2), (2009, 1), (2012, 2)], new[] { 55, 57, 47, 53, 99 }.Select(i => wide.Decode(Read(wide)[i])));
        var accounts = AttributionAccounts.Of(one, Whole(grid), 2001, 2020, new ZonalOptions { Areas = CellAreas.OfPlane(grid) });
        Assert.Equal([0.09, 0.18, 0.27, 0.45], Enumerable.Range(0, 4).Select(k => Math.Round(accounts.Total(k), 9)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(23)]
    [InlineData(456)]
    [InlineData(7890)]
    public void The_sweep_equals_every_pair_of_cells(int seed)
    {
        var random = new Random(seed);
        for (var trial = 0; trial < 6; trial++)
        {
            var grid = PatternRaster.Degrees(random.Next(20, 110), random.Next(20, 110), -76, random.Next(-60, 75));
            var years = new byte[grid.Width * grid.Height];
            for (var i = 0; i < years.Length; i++) years[i] = random.Next(5) == 0 ? (byte)random.Next(1, 26) : (byte)0;
            var polygons = Enumerable.Range(0, random.Next(0, 9)).Select(_ => (Shape(grid, random), (uint)random.Next(1, 1 << 26))).ToArray();
            double[] distances = [random.Next(20, 200), random.Next(200, 500), random.Next(500, 1500)];
            var window = new YearWindow(random.Next(-3, 1), random.Next(0, 4));
            var raster = new AttributedLoss(new MemoryRaster("loss", grid, years), Cells(grid, polygons), new CellMetres(grid, true), distances, window, 2001, 2025);
            var (bits, metres) = (Bits(grid, polygons), new CellMetres(grid, true));
            var found = Read(raster);
            for (var i = 0; i < years.Length; i++)
            {
                if (years[i] == 0) { Assert.Equal(0, found[i]); continue; }
                var (w, h) = metres.Of(i / grid.Width);
                var nearest = double.PositiveInfinity;
                for (var j = 0; j < years.Length; j++)
                {
                    if ((bits[j] & window.BitsOf(2000 + years[i])) == 0) continue;
                    double dx = (i % grid.Width - j % grid.Width) * w, dy = (i / grid.Width - j / grid.Width) * h;
                    nearest = Math.Min(nearest, dx * dx + dy * dy);
                }
                var expected = nearest == 0 ? 0 : 1 + distances.Count(d => nearest > d * d);
                Assert.True((2000 + years[i], expected) == raster.Decode(found[i]), $"seed {seed}, trial {trial}, cell {i}");
            }
            AssertSameInPieces(raster, found, random);
        }
    }

    [Fact]
    public void Attribution_equals_brute_force_on_a_window_of_two_thousand()
    {
        const int side = 2000;
        var random = new Random(8);
        var grid = PatternRaster.Degrees(side, side, -76, 2);
        var years = new byte[side * side];
        for (var i = 0; i < years.Length; i++) years[i] = random.Next(200) == 0 ? (byte)random.Next(1, 24) : (byte)0;
        var polygons = Enumerable.Range(0, 250).Select(_ => (Box(grid, random.Next(side), random.Next(side), 36, 36), (uint)random.Next(1, 1 << 24))).ToArray();
        double[] distances = [250, 500];
        var window = new YearWindow(0, 1);
        var raster = new AttributedLoss(new MemoryRaster("loss", grid, years), Cells(grid, polygons), new CellMetres(grid, true), distances, window, 2001, 2023);
        var (bits, metres, areas) = (Bits(grid, polygons), new CellMetres(grid, true), CellAreas.OfDegrees(grid));
        var truth = new double[23 * 4];
        for (var row = 0; row < side; row++)
        {
            var (w, h) = metres.Of(row);
            var (dr, dc) = ((int)(500 / h) + 1, (int)(500 / w) + 1);
            for (var column = 0; column < side; column++)
            {
                var year = years[row * side + column];
                if (year == 0) continue;
                var (wanted, nearest) = (window.BitsOf(2000 + year), double.PositiveInfinity);
                for (var r = Math.Max(0, row - dr); r <= Math.Min(side - 1, row + dr); r++)
                {
                    for (var c = Math.Max(0, column - dc); c <= Math.Min(side - 1, column + dc); c++)
                    {
                        if ((bits[r * side + c] & wanted) != 0) nearest = Math.Min(nearest, (c - column) * w * ((c - column) * w) + (r - row) * h * ((r - row) * h));
                    }
                }
                truth[(year - 1) * 4 + (nearest == 0 ? 0 : nearest <= 250 * 250 ? 1 : nearest <= 500 * 500 ? 2 : 3)] += areas.SquareMetres(row) / 10_000;
            }
        }
        var accounts = AttributionAccounts.Of(raster, LossAccountsTests.Quarters(grid), 2001, 2023, new ZonalOptions());
        for (var k = 0; k < 4; k++)
        {
            var sum = Enumerable.Range(0, 23 * 4).Where(i => i % 4 <= k).Sum(i => truth[i]);
            Assert.True(sum > 0);
            Assert.Equal(sum, accounts.Total(k), 1e-9 * sum);
        }
        for (var i = 0; i < truth.Length; i++) Assert.Equal(truth[i], accounts.Zones.Sum(z => z.LossHa[i]), 1e-8 * (truth[i] + 1));
    }

    private static void AssertSameInPieces(AttributedLoss raster, byte[] whole, Random random)
    {
        using var reader = raster.OpenReader();
        for (var piece = 0; piece < 5; piece++)
        {
            var (column, row) = (random.Next(raster.Grid.Width), random.Next(raster.Grid.Height));
            var window = new RasterWindow(column, row, random.Next(1, raster.Grid.Width - column + 1), random.Next(1, raster.Grid.Height - row + 1));
            var part = new byte[window.CellCount];
            reader.Read(window, part);
            for (var i = 0; i < part.Length; i++) Assert.Equal(whole[(row + i / window.Width) * raster.Grid.Width + column + i % window.Width], part[i]);
        }
    }

    private static byte[] Read(AttributedLoss raster)
    {
        var cells = new byte[raster.Grid.CellCount];
        using var reader = raster.OpenReader();
        reader.Read(raster.Grid.Whole, cells);
        return cells;
    }

    /// <summary>Years of coca of every cell by asking each polygon for each cell's centre.</summary>
    private static uint[] Bits(Grid grid, (Geometry Shape, uint Years)[] polygons)
    {
        var bits = new uint[grid.CellCount];
        foreach (var (shape, years) in polygons)
        {
            var (box, locator) = (shape.EnvelopeInternal, new NetTopologySuite.Algorithm.Locate.IndexedPointInAreaLocator(shape));
            for (var row = Math.Max(0, (int)((grid.North - box.MaxY) / grid.CellHeight) - 1); row < Math.Min(grid.Height, (grid.North - box.MinY) / grid.CellHeight + 1); row++)
            {
                for (var column = Math.Max(0, (int)((box.MinX - grid.West) / grid.CellWidth) - 1); column < Math.Min(grid.Width, (box.MaxX - grid.West) / grid.CellWidth + 1); column++)
                {
                    var centre = new Coordinate(grid.West + (column + 0.5) * grid.CellWidth, grid.North - (row + 0.5) * grid.CellHeight);
                    if (locator.Locate(centre) == Location.Interior) bits[row * grid.Width + column] |= years;
                }
            }
        }
        return bits;
    }

    private static CultivationCells Cells(Grid grid, (Geometry Shape, uint Years)[] polygons)
    {
        var builder = new ZonePolygonBuilder(grid.Crs, grid.Crs.Epsg == 4326, "coca");
        for (var i = 0; i < polygons.Length; i++) builder.Add($"c{i}", polygons[i].Shape);
        return new CultivationCells(grid, builder.Build(), [.. polygons.Select(p => p.Years)]);
    }

    private static Geometry Box(Grid grid, int column, int row, int width, int height) => Geometries.ToGeometry(new Envelope(
        grid.West + column * grid.CellWidth, grid.West + (column + width) * grid.CellWidth, grid.North - (row + height) * grid.CellHeight, grid.North - row * grid.CellHeight));

    /// <summary>A star with a hole, or several parts: rows of it break into several stretches.</summary>
    private static Geometry Shape(Grid grid, Random random)
    {
        var (x, y, size) = (grid.West + random.NextDouble() * grid.Width * grid.CellWidth, grid.North - random.NextDouble() * grid.Height * grid.CellHeight, (2 + random.NextDouble() * 14) * grid.CellWidth);
        Coordinate At(int i, double scale) => new(x + scale * size * Math.Cos(i * Math.PI / 7), y + scale * size * Math.Sin(i * Math.PI / 7));
        Coordinate[] star = [.. Enumerable.Range(0, 14).Select(i => At(i, 0.35 + random.NextDouble())), new()];
        star[14] = star[0].Copy();
        Coordinate[] hole = [.. Enumerable.Range(0, 14).Select(i => At(i, 0.2)), At(0, 0.2)];
        var shape = Geometries.CreatePolygon(Geometries.CreateLinearRing(star), random.Next(2) == 0 ? [Geometries.CreateLinearRing(hole)] : []);
        return random.Next(3) > 0 ? shape : shape.Union(Geometries.ToGeometry(new Envelope(x + 2 * size, x + 3 * size, y, y + size)));
    }

    private static ZonePolygons Whole(Grid grid)
    {
        var builder = new ZonePolygonBuilder(grid.Crs, false, "whole");
        builder.Add("all", Box(grid, 0, 0, grid.Width, grid.Height));
        return builder.Build();
    }
}
