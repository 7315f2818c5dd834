using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Rasters;
using GeoHarm.Spatial.Statistics;
using GeoHarm.Spatial.Zonal;
using NetTopologySuite.Geometries;

namespace GeoHarm.Spatial.Tests.Zonal;

/// <summary>Fractions of cells: by hand, and against exact clipping cell by cell on random polygons.</summary>
public sealed class CoverageTests
{
    private const double Tolerance = 1e-9;
    private static readonly CoordinateSystem Plane = new(6933);

    [Fact]
    public void A_square_takes_halves_and_quarters_of_the_cells_it_cuts()
    {
        var fractions = Fractions(Box(0.5, 0.5, 2.5, 2.5), Numbered(4, 4, 512));
        double[] expected =
        [
            0, 0, 0, 0,
            0.25, 0.5, 0.25, 0,
            0.5, 1, 0.5, 0,
            0.25, 0.5, 0.25, 0,
        ];
        Assert.Equal(expected, fractions);
    }

    [Fact]
    public void A_triangle_takes_half_of_the_cells_on_its_diagonal()
    {
        var triangle = new Polygon(new LinearRing([new(0, 0), new(4, 0), new(0, 4), new(0, 0)]));
        var fractions = Fractions(triangle, Numbered(4, 4, 512));
        for (var row = 0; row < 4; row++)
        {
            for (var column = 0; column < 4; column++) Assert.Equal(column < row ? 1 : column == row ? 0.5 : 0, fractions[row * 4 + column]);
        }
    }

    [Fact]
    public void A_zone_inside_one_cell_has_its_own_area()
    {
        var fractions = Fractions(Box(1.25, 2.25, 1.5, 2.5), Numbered(4, 4, 512));
        Assert.Equal(0.0625, fractions.Sum(), 12);
        Assert.Equal(0.0625, fractions[1 * 4 + 1], 12);
    }

    [Fact]
    public void A_zone_larger_than_the_raster_covers_every_cell_once()
    {
        Assert.All(Fractions(Box(-1e6, -1e6, 1e6, 1e6), Numbered(700, 600, 128)), f => Assert.Equal(1, f));
    }

    [Theory]
    [InlineData(512, 512)]
    [InlineData(1300, 1)]
    [InlineData(1300, 7)]
    [InlineData(64, 32)]
    [InlineData(1024, 1024)]
    public void Fractions_equal_exact_clipping_on_random_polygons(int blockWidth, int blockHeight)
    {
        const ulong seed = 20261123;
        var raster = new BlockedRaster(Numbered(1300, 1100, 512), blockWidth, blockHeight);
        var worst = 0.0;
        for (uint trial = 0; trial < 24; trial++)
        {
            var random = new CounterRandom(seed, trial, (uint)blockWidth);
            // Around tile corners, raster borders and outside; radii from a tenth of a cell to many.
            double[] corners = [0, 512, 1024, 1300];
            var x = corners[random.NextBelow(4)] + 20 * (random.NextUniform() - 0.5);
            var y = 1100 - corners[random.NextBelow(3)] + 20 * (random.NextUniform() - 0.5);
            var radius = PortableRadius(ref random);
            var polygon = RandomPolygons.Star(ref random, x, y, radius, 3 + random.NextBelow(40), trial % 3 == 0);
            var fractions = Fractions(polygon, raster);
            var bounds = polygon.EnvelopeInternal;
            var inside = 0.0;
            for (var row = Math.Max(0, (int)(1100 - bounds.MaxY) - 1); row < Math.Min(1100, 1100 - bounds.MinY + 1); row++)
            {
                for (var column = Math.Max(0, (int)bounds.MinX - 1); column < Math.Min(1300, bounds.MaxX + 1); column++)
                {
                    var exact = RandomPolygons.ClippedArea(polygon, column, 1099 - row, column + 1, 1100 - row);
                    inside += exact;
                    var error = Math.Abs(exact - fractions[row * 1300 + column]);
                    worst = Math.Max(worst, error);
                    Assert.True(error < Tolerance, $"seed {seed}, trial {trial}, block {blockWidth} x {blockHeight}: cell {column}, {row} has {fractions[row * 1300 + column]}, clipping {exact}");
                }
            }
            Assert.True(Math.Abs(fractions.Sum() - inside) < 1e-7, $"seed {seed}, trial {trial}: coverage outside the bounds");
        }
        TestContext.Current.SendDiagnosticMessage($"worst error of a fraction: {worst:G3}");
    }

    [Fact]
    public void Long_thin_edges_across_many_tiles_keep_interiors_whole()
    {
        // Sides of slope 1/1000 cross every tile; what lies between them must be exactly one.
        var polygon = new Polygon(new LinearRing([new(-50, 100.3), new(1350, 101.7), new(1350.5, 900.2), new(-50.5, 899.1), new(-50, 100.3)]));
        var fractions = Fractions(polygon, new BlockedRaster(Numbered(1300, 1100, 512), 512, 512));
        for (var row = 202; row < 998; row++)
        {
            for (var column = 0; column < 1300; column += 13) Assert.Equal(1, fractions[row * 1300 + column]);
        }
        Assert.Equal(RandomPolygons.ClippedArea(polygon, 0, 0, 1300, 1100), fractions.Sum(), 1e-6);
    }

    [Fact]
    public void Neighbours_that_share_a_border_share_its_cells_without_gap_or_overlap()
    {
        const ulong seed = 7;
        var random = new CounterRandom(seed, 0, 0);
        var border = Enumerable.Range(0, 200).Select(i => new Coordinate(600 + 30 * (random.NextUniform() - 0.5), 1100 - 5.5 * i)).ToArray();
        var left = new Polygon(new LinearRing([new(0, 1100), .. border, new(0, border[^1].Y), new(0, 1100)]));
        var right = new Polygon(new LinearRing([new(1300, 1100), .. border, new(1300, border[^1].Y), new(1300, 1100)]));
        var raster = Numbered(1300, 1100, 512);
        var (a, b) = (Fractions(left, raster), Fractions(right, raster));
        for (var i = 0; i < 1300 * 1000; i++) Assert.True(Math.Abs(a[i] + b[i] - 1) < 1e-12, $"seed {seed}: cell {i} has {a[i]} + {b[i]}");
    }

    private static double PortableRadius(ref CounterRandom random)
    {
        double[] radii = [0.1, 0.7, 3, 12, 25];
        return radii[random.NextBelow(radii.Length)];
    }

    private static Polygon Box(double minX, double minY, double maxX, double maxY) =>
        new(new LinearRing([new(minX, minY), new(maxX, minY), new(maxX, maxY), new(minX, maxY), new(minX, minY)]));

    /// <summary>Unit cells with the lower left corner at the origin; each cell's value is its own number.</summary>
    private static MemoryRaster Numbered(int width, int height, int block) =>
        new("numbered", new Grid(0, height, 1, 1, width, height, Plane), Enumerable.Range(0, width * height).Select(i => (double)i).ToArray(), null, block);

    private static double[] Fractions(Polygon polygon, IRasterSource raster)
    {
        var builder = new ZonePolygonBuilder(Plane, false, "test");
        builder.Add("zone", polygon);
        var result = ZonalStatistics.Compute(raster, builder.Build(), new ZonalOptions { DistinctValues = 4_000_000 });
        Assert.Empty(result.Faults);
        var fractions = new double[raster.Grid.CellCount];
        foreach (var share in result.Zones[0]!.Distribution) fractions[(int)share.Value] = share.Coverage;
        return fractions;
    }
}
