using GeoHarm.Engine.Deforestation;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Rasters;
using GeoHarm.Spatial.Zonal;
using NetTopologySuite.Geometries;

namespace GeoHarm.Engine.Tests.Deforestation;

public class LossAccountsTests
{
    // Blocks of 50 x 40 cells; a corner of 5 x 8 is lost, in a year that turns with the block; canopy falls with the column in the corner.
    private static byte Year(int c, int r) => c % 50 < 5 && r % 40 < 8 ? (byte)(1 + (c / 50 + r / 40) % 23) : (byte)0;

    private static byte Canopy(int c, int r) => (byte)(20 * (c % 50 % 5));

    [Fact]
    public void Totals_of_a_tile_with_known_truth_are_exact()
    {
        // A whole Hansen tile under GEOHARM_CAMPAIGN=1; a tenth of its side otherwise.
        var side = Environment.GetEnvironmentVariable("GEOHARM_CAMPAIGN") == "1" ? 40_000 : 4_000;
        var grid = PatternRaster.Degrees(side, side);
        var loss = LossTiles.Join([new PatternRaster(grid, Year)], [new PatternRaster(grid, Canopy)], 30, []);
        var accounts = LossAccounts.Of(loss, Quarters(grid), null, new ZonalOptions { Threads = 2 });
        Assert.Equal((2001, 2023), (accounts.FirstYear, accounts.LastYear));
        var truth = new decimal[24];
        var forest = 0m;
        var areas = CellAreas.OfDegrees(grid);
        for (var r = 0; r < side; r++)
        {
            var hectares = (decimal)areas.SquareMetres(r) / 10_000;
            // Canopy is 40, 60, 80 in three of every five columns, so three fifths are forest and three of five lost columns count.
            forest += hectares * side * 3 / 5;
            if (r % 40 >= 8) continue;
            for (var block = 0; block < side / 50; block++) truth[1 + (block + r / 40) % 23] += hectares * 3;
        }
        for (var y = 0; y < 23; y++) Assert.Equal((double)truth[y + 1], accounts.TotalHa(y), 1e-9 * (double)truth[y + 1]);
        Assert.Equal((double)forest, accounts.Zones.Sum(z => z.ForestHa), 1e-9 * (double)forest);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(4711)]
    public void Tiles_of_a_mosaic_say_what_the_whole_says(int seed)
    {
        var random = new Random(seed);
        const int side = 120;
        var (years, canopy) = (new byte[side * side], new byte[side * side]);
        for (var i = 0; i < years.Length; i++) (years[i], canopy[i]) = (random.Next(4) == 0 ? (byte)random.Next(1, 24) : (byte)0, (byte)random.Next(101));
        var grid = PatternRaster.Degrees(side, side);
        var whole = LossTiles.Join([new MemoryRaster("loss", grid, years)], [new MemoryRaster("canopy", grid, canopy)], 30, []);
        int[] cuts = [0, random.Next(10, 100), side];
        List<IRasterSource> lossTiles = [], canopyTiles = [];
        for (var a = 0; a < 2; a++)
        {
            for (var b = 0; b < 2; b++)
            {
                var window = new RasterWindow(cuts[a], cuts[b], cuts[a + 1] - cuts[a], cuts[b + 1] - cuts[b]);
                lossTiles.Add(new MemoryRaster($"loss{a}{b}", grid.Cut(window), Part(years, window)));
                canopyTiles.Insert(0, new MemoryRaster($"canopy{a}{b}", grid.Cut(window), Part(canopy, window)));
            }
        }
        var zones = Quarters(grid);
        var one = LossAccounts.Of(whole, zones, (2001, 2023), new ZonalOptions());
        var many = LossAccounts.Of(LossTiles.Join(lossTiles, canopyTiles, 30, []), zones, (2001, 2023), new ZonalOptions());
        var areas = CellAreas.OfDegrees(grid);
        for (var y = 0; y < 23; y++)
        {
            var brute = Enumerable.Range(0, years.Length).Where(i => years[i] == y + 1 && canopy[i] >= 30).Sum(i => areas.SquareMetres(i / side)) / 10_000;
            Assert.Equal(brute, one.TotalHa(y), 1e-9 * (brute + 1));
            Assert.Equal(brute, many.TotalHa(y), 1e-9 * (brute + 1));
        }
        Assert.Equal(one.Zones.Select(z => Math.Round(z.ForestHa, 9)), many.Zones.Select(z => Math.Round(z.ForestHa, 9)));

        static byte[] Part(byte[] cells, RasterWindow w) => [.. Enumerable.Range(0, w.Width * w.Height).Select(i => cells[(w.Row + i / w.Width) * side + w.Column + i % w.Width])];
    }

    [Theory]
    [InlineData(40)]
    [InlineData(7)]
    [InlineData(2.5)]
    [InlineData(1)]
    [InlineData(333)]
    public void Density_keeps_every_hectare_at_any_size(double factor)
    {
        var grid = PatternRaster.Degrees(400, 320);
        var raster = new PatternRaster(grid, Year);
        var areas = CellAreas.OfDegrees(grid);
        var density = LossDensity.Of(raster, areas, factor * grid.CellWidth, 2001, 2023);
        var truth = Enumerable.Range(0, 320).Sum(r => areas.SquareMetres(r) / 10_000 * Enumerable.Range(0, 400).Count(c => Year(c, r) > 0));
        Assert.Equal(truth, density.LossHa.Sum(), 1e-9 * truth);
        var all = Enumerable.Range(0, 320).Sum(r => areas.SquareMetres(r) / 10_000 * 400);
        Assert.Equal(all, density.CellHa.Sum(), 1e-9 * all);
        Assert.All(density.Percent(), p => Assert.InRange(p, 0, 100 + 1e-4f));
        if (factor != 40) return;
        var brute = Enumerable.Range(80, 40).Sum(r => areas.SquareMetres(r) / 10_000 * Enumerable.Range(120, 40).Count(c => Year(c, r) > 0));
        Assert.Equal(brute, density.LossHa[2 * density.Grid.Width + 3], 1e-9 * (brute + 1));
    }

    [Fact]
    public void Every_tile_that_does_not_fit_is_named()
    {
        var grid = PatternRaster.Degrees(10, 10);
        IRasterSource Tile(string name, Grid g) => new MemoryRaster(name, g, new byte[g.Width * g.Height]);
        var shifted = PatternRaster.Degrees(10, 10, -80.00013);
        var elsewhere = PatternRaster.Degrees(10, 10, -79.9);
        var other = new Grid(500_000, 100_000, 30, 30, 10, 10, new(32618));
        var faults = Assert.Throws<InvalidInputException>(() => LossTiles.Join(
            [Tile("a", grid), Tile("shifted", shifted), Tile("plane", other)], [Tile("canopy-elsewhere", elsewhere)], 30, [])).Faults;
        Assert.Contains(faults, f => f is { Code: "GH3103", File: "shifted" });
        Assert.Contains(faults, f => f is { Code: "GH3101", File: "plane" });
        Assert.Contains(faults, f => f is { Code: "GH5710", File: "a" });
        var sizes = Assert.Throws<InvalidInputException>(() => LossTiles.Join([Tile("a", grid)], [Tile("coarse", new Grid(-80, 10, 0.0005, 0.0005, 5, 5, grid.Crs))], 30, [])).Faults;
        Assert.Contains(sizes, f => f is { Code: "GH3102", File: "coarse" });
    }

    [Fact]
    public void A_tile_that_lacks_a_year_is_named()
    {
        var grid = PatternRaster.Degrees(10, 10);
        IRasterSource Tile(string name, params byte[] years) => new MemoryRaster(name, grid, [.. Enumerable.Range(0, 100).Select(i => i < years.Length ? years[i] : (byte)0)]);
        Assert.Empty(LossTiles.MissingYears([Tile("whole", 1, 2, 3)], 2001, 2003));
        var old = Assert.Single(LossTiles.MissingYears([Tile("whole", 1, 2, 3), Tile("old", 1, 2)], 2001, 2003));
        Assert.Equal(("old", "GH5711", FaultSeverity.Error), (old.File, old.Code, old.Severity));
        Assert.Contains("2003", old.Message, StringComparison.Ordinal);
        Assert.Equal(FaultSeverity.Warning, Assert.Single(LossTiles.MissingYears([Tile("gap", 1, 3)], 2001, 2003)).Severity);
        Assert.Contains("2020", Assert.Single(LossTiles.MissingYears([Tile("Hansen_GFC-2020-v1.8_lossyear_10N_080W.tif", 1, 2, 3)], 2001, 2021)).Message, StringComparison.Ordinal);
        var odd = Assert.Throws<InvalidInputException>(() => LossAccounts.Of(Tile("odd", 1, 200), Quarters(grid), null, new ZonalOptions()));
        Assert.Equal("GH5712", Assert.Single(odd.Faults).Code);
    }

    /// <summary>Four zones that meet inside cells, so that fractions count.</summary>
    internal static ZonePolygons Quarters(Grid grid)
    {
        var builder = new ZonePolygonBuilder(grid.Crs, true, "quarters");
        var (x, y) = (grid.West + (grid.Width / 2 + 0.3) * grid.CellWidth, grid.North - (grid.Height / 2 + 0.7) * grid.CellHeight);
        Envelope[] parts = [new(grid.West, x, y, grid.North), new(x, grid.East, y, grid.North), new(grid.West, x, grid.South, y), new(x, grid.East, grid.South, y)];
        for (var i = 0; i < 4; i++) builder.Add($"q{i}", new GeometryFactory().ToGeometry(parts[i]));
        return builder.Build();
    }
}
