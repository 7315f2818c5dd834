using System.Buffers.Binary;
using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Rasters;
using GeoHarm.Spatial.Statistics;
using GeoHarm.Spatial.Zonal;
using NetTopologySuite.Geometries;

namespace GeoHarm.Spatial.Tests.Zonal;

public sealed class ZonalStatisticsTests
{
    private const ulong Seed = 42;
    private static readonly Grid Degrees = new(-77, 4, 0.001, 0.001, 1100, 900, CoordinateSystem.Wgs84);

    [Fact]
    public void Areas_by_value_equal_a_double_double_reference()
    {
        var (raster, cells) = Loss(Degrees, 25, dense: false);
        var zones = Stars(30, Degrees, 0.25);
        var result = ZonalStatistics.Compute(raster, zones.Polygons, new ZonalOptions());
        var areas = CellAreas.OfDegrees(Degrees);
        for (var z = 0; z < zones.Shapes.Length; z++)
        {
            var reference = Reference(zones.Shapes[z], cells, areas);
            foreach (var share in result.Zones[z]!.Distribution)
            {
                var exact = (double)reference[(int)share.Value];
                Assert.True(Math.Abs(share.Weight - exact) <= 1e-9 * exact + 1e-6, $"seed {Seed}, zone {z}, value {share.Value}: {share.Weight} m2, reference {exact}");
            }
            Assert.Equal(reference.Count(r => r > 1e-9m), result.Zones[z]!.Distribution.Count(s => s.Weight > 1e-9));
        }
    }

    [Fact]
    public void Bytes_and_numbers_give_the_same_statistics()
    {
        var (bytes, cells) = Loss(Degrees, 101, dense: true);
        var numbers = new MemoryRaster("numbers", Degrees, cells.Select(c => (double)c).ToArray(), 7);
        var zones = Stars(12, Degrees, 0.3).Polygons;
        var fast = ZonalStatistics.Compute(new MemoryRaster("bytes", Degrees, cells, 7), zones, new ZonalOptions());
        var plain = ZonalStatistics.Compute(numbers, zones, new ZonalOptions());
        for (var z = 0; z < zones.Count; z++)
        {
            var (a, b) = (fast.Zones[z]!, plain.Zones[z]!);
            Assert.Equal(b.Distribution.Select(s => s.Value), a.Distribution.Select(s => s.Value));
            foreach (var (left, right) in a.Distribution.Zip(b.Distribution)) Assert.True(Math.Abs(left.Weight / right.Weight - 1) < 1e-10, $"zone {z}: {left} {right}");
            Near(b.Coverage, a.Coverage);
            Near(b.NoDataWeight, a.NoDataWeight);
            Near(b.Sum, a.Sum);
            Near(b.Mean, a.Mean);
            Near(b.Variance, a.Variance);
            Assert.Equal((b.Minimum, b.Maximum, b.Majority, b.Quantile(0.5), b.Quantile(0.05)), (a.Minimum, a.Maximum, a.Majority, a.Quantile(0.5), a.Quantile(0.05)));
        }
        Assert.NotEqual(bytes.NoData, numbers.NoData);
    }

    [Fact]
    public void Statistics_of_a_hand_made_zone()
    {
        var grid = new Grid(0, 2, 1, 1, 3, 2, new CoordinateSystem(6933));
        var raster = new MemoryRaster("hand", grid, [1.0, 2, 3, double.NaN, 5, -9], -9);
        var zones = Zones(grid.Crs, ("z", Box(0.5, 0, 3, 2)));
        var summary = ZonalStatistics.Compute(raster, zones, new ZonalOptions()).Zones[0]!;
        // Weights: 1 half, 2 one, 3 one, NaN half and -9 one (no data), 5 one.
        Assert.Equal(3.5, summary.Coverage, 12);
        Assert.Equal(1.5, summary.NoDataCoverage, 12);
        Assert.Equal(10.5, summary.Sum, 12);
        Assert.Equal(3, summary.Mean, 12);
        Assert.Equal((0.5 * 4 + 1 + 0 + 4) / 3.5, summary.Variance, 12);
        Assert.Equal((1, 5, 2, 3), (summary.Minimum, summary.Maximum, summary.Majority, summary.Quantile(0.5)));
    }

    [Fact]
    public void Another_raster_weighs_cells_in_place_of_area()
    {
        var grid = new Grid(0, 1, 1, 1, 4, 1, new CoordinateSystem(6933));
        var values = new MemoryRaster("values", grid, new byte[] { 1, 1, 2, 2 });
        var weights = new MemoryRaster("people", grid, [10.0, 20, 30, double.NaN]);
        var summary = ZonalStatistics.Compute(values, Zones(grid.Crs, ("z", Box(0.5, 0, 4, 1))), new ZonalOptions { Weights = weights }).Zones[0]!;
        Assert.Equal([(1, 25.0), (2, 30.0)], summary.Distribution.Select(s => ((int)s.Value, s.Weight)));
        Assert.Equal(85.0 / 55, summary.Mean, 12);
    }

    [Fact]
    public void Overlapping_nested_holed_and_distant_zones_do_not_disturb_each_other()
    {
        var (raster, _) = Loss(Degrees, 25, dense: false);
        var hole = new Polygon((LinearRing)Box(-76.9, 3.2, -76.1, 3.9).ExteriorRing, [(LinearRing)Box(-76.5, 3.4, -76.3, 3.6).ExteriorRing]);
        (string, Geometry)[] all =
        [
            ("hole", hole), ("in the hole", Box(-76.5, 3.4, -76.3, 3.6)), ("whole", Box(-76.9, 3.2, -76.1, 3.9)),
            ("parts", new MultiPolygon([Box(-76.9, 3.2, -76.6, 3.5), Box(-76.4, 3.5, -76.2, 3.7)])),
            ("outside", Box(10, 10, 11, 11)), ("half out", Box(-78, 3.5, -76.5, 5)),
        ];
        var together = ZonalStatistics.Compute(raster, Zones(Degrees.Crs, all), new ZonalOptions()).Zones;
        for (var i = 0; i < all.Length; i++)
        {
            var alone = ZonalStatistics.Compute(raster, Zones(Degrees.Crs, all[i]), new ZonalOptions()).Zones[0]!;
            Assert.Equal(alone.Distribution, together[i]!.Distribution);
        }
        Near(together[2]!.Weight, together[0]!.Weight + together[1]!.Weight);
        Assert.Equal(0, together[4]!.Coverage);
        Assert.True(double.IsNaN(together[4]!.Mean));
        Near(CellAreas.QuadrangleSquareMetres(3.5, 4, 0.5), together[5]!.Weight);
    }

    [Fact]
    public void A_zone_is_found_on_either_side_of_the_antimeridian()
    {
        var east = new Grid(170, 5, 0.1, 0.1, 200, 100, CoordinateSystem.Wgs84);
        var west = new Grid(-190, 5, 0.1, 0.1, 200, 100, CoordinateSystem.Wgs84);
        var jumping = new Polygon(new LinearRing([new(178, -2), new(-178, -2), new(-178, 2), new(178, 2), new(178, -2)]));
        var split = new MultiPolygon([Box(178, -2, 180, 2), Box(-180, -2, -178, 2)]);
        foreach (var grid in new[] { east, west })
        {
            var raster = new MemoryRaster("ones", grid, Enumerable.Repeat((byte)1, 20_000).ToArray());
            var result = ZonalStatistics.Compute(raster, Zones(grid.Crs, ("beyond", Box(178, -2, 182, 2)), ("split", split), ("jumping", jumping)), new ZonalOptions());
            foreach (var zone in result.Zones) Near(CellAreas.QuadrangleSquareMetres(-2, 2, 4), zone!.Weight);
            Assert.Equal(["GH3207"], result.Faults.Select(f => f.Code));
            Assert.Equal(FaultSeverity.Warning, result.Faults[0].Severity);
        }
    }

    [Fact]
    public void Bad_polygons_are_named_and_the_others_computed()
    {
        var (raster, _) = Loss(Degrees, 25, dense: false);
        var good = Stars(997, Degrees, 0.02);
        var zones = good.Shapes.Select((s, i) => ($"good {i}", (Geometry)s)).ToList();
        zones.Insert(100, ("bow tie", new Polygon(new LinearRing([new(-76.5, 3.5), new(-76.3, 3.7), new(-76.3, 3.5), new(-76.5, 3.8), new(-76.5, 3.5)]))));
        zones.Insert(200, ("nan", new Polygon(new LinearRing([new(-76.5, 3.5), new(double.NaN, 3.7), new(-76.3, 3.5), new(-76.5, 3.5)]))));
        zones.Insert(300, ("empty", Polygon.Empty));
        var result = ZonalStatistics.Compute(raster, Zones(Degrees.Crs, [.. zones]), new ZonalOptions());
        Assert.Equal(1000, result.Zones.Count);
        Assert.Equal(["bow tie", "empty", "nan"], result.Faults.Select(f => f.Place[(f.Place.IndexOf('(', StringComparison.Ordinal) + 1)..^1]).Order());
        Assert.All(result.Faults, f => Assert.True(f.Remedy.Length > 10 && f.Severity == FaultSeverity.Error));
        Assert.Equal(["GH3202", "GH3203", "GH3208"], result.Faults.Select(f => f.Code).Order());
        var alone = ZonalStatistics.Compute(raster, good.Polygons, new ZonalOptions());
        var kept = result.Zones.OfType<ZoneSummary>().ToArray();
        Assert.Equal(997, kept.Length);
        for (var i = 0; i < kept.Length; i++) Assert.Equal(alone.Zones[i]!.Distribution, kept[i].Distribution);
    }

    [Fact]
    public void A_bow_tie_within_one_cell_is_named_too()
    {
        var grid = new Grid(0, 10, 1, 1, 10, 10, new CoordinateSystem(6933));
        var raster = new MemoryRaster("ones", grid, Enumerable.Repeat((byte)1, 100).ToArray());
        var bow = new Polygon(new LinearRing([new(3.1, 3.1), new(3.6, 3.6), new(3.6, 3.1), new(3.1, 3.4), new(3.1, 3.1)]));
        var result = ZonalStatistics.Compute(raster, Zones(grid.Crs, ("bow", bow), ("box", Box(3.1, 3.1, 3.6, 3.6))), new ZonalOptions());
        Assert.Equal("GH3208", Assert.Single(result.Faults).Code);
        Assert.Null(result.Zones[0]);
        Assert.Equal(0.25, result.Zones[1]!.Weight, 12);
    }

    [Fact]
    public void Sums_have_the_same_bits_on_any_number_of_threads()
    {
        var (raster, _) = Loss(new Grid(-77, 4, 0.0005, 0.0005, 1500, 2600, CoordinateSystem.Wgs84), 25, dense: false);
        var zones = Stars(40, raster.Grid, 0.3).Polygons;
        var one = ZonalStatistics.Compute(raster, zones, new ZonalOptions { Threads = 1 });
        foreach (var threads in new[] { 2, 3, 8 })
        {
            var many = ZonalStatistics.Compute(raster, zones, new ZonalOptions { Threads = threads });
            for (var z = 0; z < zones.Count; z++) Assert.Equal(one.Zones[z]!.Distribution, many.Zones[z]!.Distribution);
        }
    }

    [Fact]
    public void Blocks_that_no_zone_meets_are_not_read()
    {
        var (inner, _) = Loss(Degrees, 25, dense: false);
        var raster = new BlockedRaster(inner, 256, 256);
        var result = ZonalStatistics.Compute(raster, Zones(Degrees.Crs, ("corner", Box(-76.99, 3.95, -76.9, 3.99))), new ZonalOptions());
        Assert.Equal(result.CellsRead, raster.CellsRead);
        Assert.InRange(result.CellsRead, 1, 512 * 512);
    }

    [Theory]
    [InlineData(-76.8, 3000)]
    [InlineData(-76.0, 6000)]
    public void Of_one_row_strips_only_what_lies_west_of_the_last_zone_is_read(double east, int columns)
    {
        // Wide enough for several tiles; the second zone leaves the raster in the east, so that its rows are read whole.
        var grid = new Grid(-77, 4, 0.0001, 0.0001, 6000, 90, CoordinateSystem.Wgs84);
        var (inner, _) = Loss(grid, 25, dense: false);
        var zones = Zones(grid.Crs, ("zone", Box(-76.99, 3.9, east, 4.1)));
        var strips = new BlockedRaster(inner, 6000, 1);
        var result = ZonalStatistics.Compute(strips, zones, new ZonalOptions());
        var whole = ZonalStatistics.Compute(new BlockedRaster(inner, 256, 256), zones, new ZonalOptions());
        Assert.Equal(result.CellsRead, strips.CellsRead);
        Assert.InRange(result.CellsRead, columns == 6000 ? 6000 * 90 : 2000 * 90, columns * 90);
        Assert.Equal(whole.Zones[0]!.Distribution.Select(d => (d.Value, Math.Round(d.Coverage, 6))), result.Zones[0]!.Distribution.Select(d => (d.Value, Math.Round(d.Coverage, 6))));
    }

    [Fact]
    public void A_raster_of_few_rows_and_many_columns_is_swept_in_wide_tiles()
    {
        var grid = new Grid(0, 6, 1, 1, 20_000, 6, new CoordinateSystem(6933));
        var raster = new BlockedRaster(Loss(grid, 25, dense: true).Raster, 20_000, 1);
        var result = ZonalStatistics.Compute(raster, Zones(grid.Crs, ("teeth", Box(0.5, 0.5, 19_999.5, 5.5)), ("far", Box(19_000.25, 1, 19_001, 2))), new ZonalOptions());
        Near(19_999 * 5, result.Zones[0]!.Coverage);
        Near(0.75, result.Zones[1]!.Coverage);
    }

    [Fact]
    public void Runs_of_any_length_and_any_number_of_values_are_counted_cell_by_cell()
    {
        // One row a zone: lengths around one, two and many vectors, from a single value to all of them, speckled and full.
        var random = new CounterRandom(Seed, 7, 7);
        var grid = new Grid(0, 240, 1, 1, 9000, 240, new CoordinateSystem(6933));
        var cells = new byte[grid.CellCount];
        var zones = new (string Id, Geometry Shape)[grid.Height];
        var ends = new (int From, int To)[grid.Height];
        for (var row = 0; row < grid.Height; row++)
        {
            var (kinds, share) = (1 + random.NextBelow(row % 3 == 0 ? 255 : 14), 1 + random.NextBelow(row % 2 == 0 ? 3 : 40));
            for (var i = 0; i < grid.Width; i++) cells[row * grid.Width + i] = random.NextBelow(share) == 0 ? (byte)(1 + random.NextBelow(kinds)) : (byte)0;
            var from = random.NextBelow(300);
            ends[row] = (from, from + 1 + random.NextBelow(row % 5 == 0 ? 8600 : 200));
            zones[row] = ($"{row}", Box(ends[row].From, 239 - row, ends[row].To, 240 - row));
        }
        var result = ZonalStatistics.Compute(new MemoryRaster("rows", grid, cells), Zones(grid.Crs, zones), new ZonalOptions());
        for (var row = 0; row < grid.Height; row++)
        {
            var expected = cells[(row * grid.Width + ends[row].From)..(row * grid.Width + ends[row].To)].GroupBy(c => c).OrderBy(g => g.Key).Select(g => new ValueShare(g.Key, g.Count(), g.Count()));
            Assert.True(expected.SequenceEqual(result.Zones[row]!.Distribution), $"seed {Seed}, row {row}: columns {ends[row]}");
        }
    }

    [Fact]
    public void Too_many_distinct_values_are_rounded_and_said_so()
    {
        var grid = new Grid(0, 100, 1, 1, 100, 100, new CoordinateSystem(6933));
        var random = new CounterRandom(Seed, 1, 1);
        var cells = Enumerable.Range(0, 10_000).Select(_ => 1000 * random.NextUniform()).ToArray();
        var zone = Zones(grid.Crs, ("all", Box(0, 0, 100, 100)));
        var rounded = ZonalStatistics.Compute(new MemoryRaster("r", grid, cells), zone, new ZonalOptions { DistinctValues = 100 }).Zones[0]!;
        var exact = ZonalStatistics.Compute(new MemoryRaster("r", grid, cells), zone, new ZonalOptions()).Zones[0]!;
        Assert.True(rounded.IsRounded && !exact.IsRounded);
        Assert.Equal(exact.Mean, rounded.Mean);
        Assert.InRange(rounded.Quantile(0.5) / exact.Quantile(0.5), 1 - 0.00025, 1 + 0.00025);
        Array.Sort(cells);
        Assert.Equal(cells[4999], exact.Quantile(0.5));
        Near(10_000, exact.Weight);
    }

    [Fact]
    public void Well_known_binary_of_any_dialect_gives_the_same_zone()
    {
        var polygon = Box(-76.5, 3.4, -76.3, 3.6);
        byte[][] forms = [Wkb(polygon, true, 3, 0), Wkb(polygon, false, 3, 0), Wkb(polygon, true, 1003, 1), Wkb(polygon, true, 3003, 2), Wkb(polygon, true, 0x80000003, 1)];
        var (raster, _) = Loss(Degrees, 25, dense: false);
        var expected = ZonalStatistics.Compute(raster, Zones(Degrees.Crs, ("z", polygon)), new ZonalOptions()).Zones[0]!;
        foreach (var form in forms)
        {
            var builder = new ZonePolygonBuilder(Degrees.Crs, true, "wkb");
            builder.AddWkb("z", form);
            builder.AddWkb("cut", form.AsSpan(0, form.Length - 3));
            var zones = builder.Build();
            Assert.Equal("GH3206", Assert.Single(zones.Faults).Code);
            Assert.Equal(expected.Distribution, ZonalStatistics.Compute(raster, zones, new ZonalOptions()).Zones[0]!.Distribution);
        }
    }

    [Fact]
    public void Zones_in_another_system_than_the_raster_are_refused()
    {
        var (raster, _) = Loss(Degrees, 25, dense: false);
        var thrown = Assert.Throws<InvalidInputException>(() => ZonalStatistics.Compute(raster, Zones(new CoordinateSystem(3116), ("z", Box(0, 0, 1, 1))), new ZonalOptions()));
        Assert.Equal("GH3209", Assert.Single(thrown.Faults).Code);
    }

    private static (MemoryRaster Raster, byte[] Cells) Loss(Grid grid, int values, bool dense)
    {
        var random = new CounterRandom(Seed, 9, dense ? 1u : 0u);
        var cells = new byte[grid.CellCount];
        for (var i = 0; i < cells.Length; i++) cells[i] = dense || random.NextBelow(20) == 0 ? (byte)random.NextBelow(values) : (byte)0;
        return (new MemoryRaster("loss", grid, cells), cells);
    }

    private static (Polygon[] Shapes, ZonePolygons Polygons) Stars(int count, Grid grid, double radius)
    {
        var random = new CounterRandom(Seed, 3, (uint)count);
        var shapes = new Polygon[count];
        for (var i = 0; i < count; i++)
        {
            var (x, y) = (grid.West + random.NextUniform() * (grid.East - grid.West), grid.South + random.NextUniform() * (grid.North - grid.South));
            shapes[i] = RandomPolygons.Star(ref random, x, y, radius * (0.2 + random.NextUniform()), 5 + random.NextBelow(60), i % 4 == 0);
        }
        shapes = [.. shapes.Where(s => s.IsValid)];
        while (shapes.Length < count) shapes = [.. shapes, Box(grid.West + 0.01, grid.South + 0.01, grid.West + 0.02, grid.South + 0.02)];
        return (shapes, Zones(grid.Crs, [.. shapes.Select((s, i) => ($"{i}", (Geometry)s))]));
    }

    /// <summary>Area by value summed in decimal over exactly clipped cells.</summary>
    private static decimal[] Reference(Polygon shape, byte[] cells, CellAreas areas)
    {
        var sums = new decimal[256];
        var bounds = shape.EnvelopeInternal;
        var (firstRow, lastRow) = (Math.Max(0, (int)((Degrees.North - bounds.MaxY) / Degrees.CellHeight) - 1), Math.Min(Degrees.Height - 1, (int)((Degrees.North - bounds.MinY) / Degrees.CellHeight) + 1));
        var (firstColumn, lastColumn) = (Math.Max(0, (int)((bounds.MinX - Degrees.West) / Degrees.CellWidth) - 1), Math.Min(Degrees.Width - 1, (int)((bounds.MaxX - Degrees.West) / Degrees.CellWidth) + 1));
        for (var row = firstRow; row <= lastRow; row++)
        {
            var area = areas.SquareMetres(row);
            var (north, south) = (Degrees.North - row * Degrees.CellHeight, Degrees.North - (row + 1) * Degrees.CellHeight);
            // Whole rows inside the polygon are rare in a star: clip the row first, then its cells.
            for (var column = firstColumn; column <= lastColumn; column++)
            {
                var (west, east) = (Degrees.West + column * Degrees.CellWidth, Degrees.West + (column + 1) * Degrees.CellWidth);
                var fraction = RandomPolygons.ClippedArea(shape, west, south, east, north) / (Degrees.CellWidth * Degrees.CellHeight);
                if (fraction > 0) sums[cells[row * Degrees.Width + column]] += (decimal)(fraction * area);
            }
        }
        return sums;
    }

    private static byte[] Wkb(Polygon polygon, bool little, uint type, int extra)
    {
        var points = polygon.Shell.Coordinates;
        var bytes = new List<byte> { little ? (byte)1 : (byte)0 };
        void Whole(uint value)
        {
            var four = new byte[4];
            if (little) BinaryPrimitives.WriteUInt32LittleEndian(four, value);
            else BinaryPrimitives.WriteUInt32BigEndian(four, value);
            bytes.AddRange(four);
        }

        void Real(double value)
        {
            var eight = new byte[8];
            if (little) BinaryPrimitives.WriteDoubleLittleEndian(eight, value);
            else BinaryPrimitives.WriteDoubleBigEndian(eight, value);
            bytes.AddRange(eight);
        }

        Whole(type);
        Whole(1);
        Whole((uint)points.Length);
        foreach (var point in points)
        {
            Real(point.X);
            Real(point.Y);
            for (var i = 0; i < extra; i++) Real(99);
        }
        return [.. bytes];
    }

    private static void Near(double expected, double actual) => Assert.True(Math.Abs(actual / expected - 1) < 1e-10, $"{actual} is not {expected}");

    private static Polygon Box(double minX, double minY, double maxX, double maxY) =>
        new(new LinearRing([new(minX, minY), new(maxX, minY), new(maxX, maxY), new(minX, maxY), new(minX, minY)]));

    private static ZonePolygons Zones(CoordinateSystem crs, params (string Id, Geometry Shape)[] zones)
    {
        var builder = new ZonePolygonBuilder(crs, crs.Epsg == 4326, "zones");
        foreach (var (id, shape) in zones) builder.Add(id, shape);
        return builder.Build();
    }
}
