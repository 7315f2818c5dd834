using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Overlay;
using GeoHarm.Spatial.Rasters;
using GeoHarm.Spatial.Statistics;
using GeoHarm.Spatial.Tests.Zonal;
using GeoHarm.Spatial.Zonal;
using NetTopologySuite.Geometries;

namespace GeoHarm.Spatial.Tests.Overlay;

public sealed class OverlayTests
{
    private const ulong Seed = 31;
    private static readonly CoordinateSystem Plane = new(6933);

    [Fact]
    public void Two_squares_share_what_they_share()
    {
        var pair = Assert.Single(Areas([Box(0, 0, 2, 2)], [Box(1.5, 1.25, 5, 5)]).Pairs);
        Assert.Equal(0.5 * 0.75, pair.Plane, 1e-14);
        Assert.Equal(pair.Plane, pair.SquareMetres, 1e-14);
    }

    [Fact]
    public void A_polygon_inside_another_needs_no_crossing_and_a_hole_takes_its_part()
    {
        var holed = new Polygon((LinearRing)Box(0, 0, 10, 10).ExteriorRing, [(LinearRing)Box(4, 4, 6, 6).ExteriorRing]);
        Assert.Equal(4, Assert.Single(Areas([holed], [Box(1, 1, 3, 3)]).Pairs).Plane, 1e-13);
        Assert.Empty(Areas([holed], [Box(4.5, 4.5, 5.5, 5.5)]).Pairs);
        Assert.Equal(9 - 4, Assert.Single(Areas([holed], [Box(3.5, 3.5, 6.5, 6.5)]).Pairs).Plane, 1e-13);
        Assert.Equal(96, Assert.Single(Areas([holed], [Box(-5, -5, 15, 15)]).Pairs).Plane, 1e-13);
    }

    [Fact]
    public void Touching_and_equal_polygons_go_the_robust_way_and_come_out_right()
    {
        var result = Areas([Box(0, 0, 2, 2), Box(2, 0, 4, 2)], [Box(0, 0, 2, 2), Box(0, 1, 4, 3)]);
        Assert.True(result.RobustPairs > 0);
        Assert.Equal([(0, 0, 4.0), (0, 1, 2.0), (1, 1, 2.0)], result.Pairs.Select(p => (p.A, p.B, Math.Round(p.Plane, 12))));
    }

    [Fact]
    public void Areas_equal_the_general_overlay_on_random_polygons()
    {
        var (fast, compared) = (0, 0);
        for (uint trial = 0; trial < 40; trial++)
        {
            var random = new CounterRandom(Seed, trial, 0);
            var (a, b) = (Stars(ref random, 12), Stars(ref random, 12));
            var result = Areas(a, b);
            fast += result.Pairs.Count - result.RobustPairs;
            for (var i = 0; i < a.Length; i++)
            {
                for (var j = 0; j < b.Length; j++)
                {
                    var expected = a[i].Intersection(b[j]).Area;
                    var found = result.Pairs.Where(p => p.A == i && p.B == j).Sum(p => p.Plane);
                    Assert.True(Math.Abs(expected - found) < 1e-9, $"seed {Seed}, trial {trial}, pair {i}, {j}: {found}, general overlay {expected}");
                    compared++;
                }
            }
        }
        Assert.True(fast > 500 && compared == 40 * 144, $"{fast} fast pairs");
    }

    [Fact]
    public void The_order_of_layers_does_not_matter_and_cells_of_a_grid_add_up_to_the_polygon()
    {
        var random = new CounterRandom(Seed, 99, 0);
        var star = RandomPolygons.Star(ref random, 50.3, 50.7, 30, 60, true);
        var cells = Enumerable.Range(0, 100).Select(i => Box(10 * (i % 10) - 0.03, 10 * (i / 10) - 0.01, 10 * (i % 10) + 9.97, 10 * (i / 10) + 9.99)).ToArray();
        var (forward, backward) = (Areas([star], cells), Areas(cells, [star]));
        Assert.Equal(star.Area, forward.Pairs.Sum(p => p.Plane), 1e-9);
        Assert.Equal(forward.Pairs.Count, backward.Pairs.Count);
        foreach (var pair in forward.Pairs) Assert.Equal(pair.Plane, backward.Pairs.Single(p => p.A == pair.B).Plane, 1e-9);
    }

    [Fact]
    public void Areas_in_degrees_are_those_of_the_ellipsoid()
    {
        var result = IntersectionAreas.Compute(Zones(CoordinateSystem.Wgs84, Box(-77, 3, -75, 5)), Zones(CoordinateSystem.Wgs84, Box(-76, 4.5, -70, 9)));
        var pair = Assert.Single(result.Pairs);
        Assert.Equal(0.5, pair.Plane, 1e-13);
        Assert.Equal(1, pair.SquareMetres / CellAreas.QuadrangleSquareMetres(4.5, 5, 1), 1e-12);
        // Slanted edges against geodesics so short that they follow the straight lines of the coordinates.
        foreach (var size in new[] { 1.0, 0.001 })
        {
            Coordinate[] corners = [new(-77, 3), new(-77 + size, 3 + size / 10), new(-77 + size / 2, 3 + size), new(-77, 3)];
            var dense = new List<Coordinate>();
            for (var i = 0; i < 3; i++)
            {
                for (var k = 0; k < 2000; k++) dense.Add(new(corners[i].X + (corners[i + 1].X - corners[i].X) * k / 2000, corners[i].Y + (corners[i + 1].Y - corners[i].Y) * k / 2000));
            }
            dense.Add(dense[0].Copy());
            var slanted = Assert.Single(IntersectionAreas.Compute(Zones(CoordinateSystem.Wgs84, new Polygon(new LinearRing(corners))), Zones(CoordinateSystem.Wgs84, Box(-80, 0, -70, 9))).Pairs);
            Assert.Equal(1, slanted.SquareMetres / GeodesicArea.OfPolygon(Ellipsoid.Wgs84, new Polygon(new LinearRing([.. dense]))).SquareMetres, 1e-8);
        }
    }

    [Fact]
    public void The_layer_of_intersections_has_the_areas_found()
    {
        var random = new CounterRandom(Seed, 5, 0);
        var (a, b) = (Zones(Plane, Stars(ref random, 8)), Zones(Plane, Stars(ref random, 8)));
        var result = IntersectionAreas.Compute(a, b);
        var layer = IntersectionLayer.Of("common", a, b, result);
        Assert.Equal(result.Pairs.Count, layer.RowCount);
        for (var i = 0; i < layer.RowCount; i++) Assert.Equal(result.Pairs[i].Plane, layer.GeometryAt(i)!.Area, 1e-9);
    }

    [Fact]
    public void Counts_are_conserved_and_rates_averaged_between_zonings()
    {
        var overlay = Areas([Box(0, 0, 10, 10), Box(10, 0, 20, 10)], [Box(0, 0, 5, 10), Box(5, 0, 15, 10), Box(15, 0, 20, 10)]);
        var counts = ArealInterpolation.Counts(overlay, [100, 40], [100, 100], 3);
        Assert.Equal([50, 70, 20], counts.Select(c => Math.Round(c, 9)));
        var rates = ArealInterpolation.Rates(overlay, [2, double.NaN], 4);
        Assert.Equal([2, 2, double.NaN, double.NaN], rates);
    }

    [Fact]
    public void Points_are_found_in_their_polygons_as_by_the_plain_test()
    {
        var random = new CounterRandom(Seed, 6, 0);
        var stars = Stars(ref random, 20);
        var finder = new PointsInPolygons(Zones(Plane, stars));
        for (var i = 0; i < 3000; i++)
        {
            var (x, y) = (100 * random.NextUniform(), 100 * random.NextUniform());
            var expected = Array.FindIndex(stars, s => s.Covers(new Point(x, y)));
            Assert.True(expected == finder.Find(x, y), $"seed {Seed}: point {i} ({x:R}, {y:R}) is in {finder.Find(x, y)}, plainly {expected}");
        }
        Assert.Equal(0, new PointsInPolygons(Zones(Plane, Box(0, 0, 1, 1))).Find(0, 0.5));
        Assert.Equal(-1, finder.Find(double.NaN, 0));
    }

    [Fact]
    public void A_coverage_reports_overlaps_and_mends_nothing_in_silence()
    {
        var bow = new Polygon(new LinearRing([new(30, 0), new(40, 10), new(40, 0), new(30, 9), new(30, 0)]));
        var report = CoverageCheck.Check(Zones(Plane, Box(0, 0, 1000, 1000), Box(900, 0, 2000, 1000), bow));
        Assert.Contains(report.Overlaps, p => (p.A, p.B, Math.Round(p.Plane)) == (0, 1, 100_000));
        Assert.Contains(report.Faults, f => f.Code == "GH3303" && f.Place.Contains("feature 3", StringComparison.Ordinal));
        Assert.Contains(report.Faults, f => f.Code == "GH3304");
        var (mended, change) = CoverageCheck.Mend(bow, "zones", "3");
        Assert.True(mended.IsValid);
        Assert.Equal("GH3305", change!.Code);
        Assert.Null(CoverageCheck.Mend(Box(0, 0, 1, 1), "zones", "1").Change);
    }

    [Fact]
    public void Layers_in_different_systems_are_refused()
    {
        var thrown = Assert.Throws<InvalidInputException>(() => IntersectionAreas.Compute(Zones(Plane, Box(0, 0, 1, 1)), Zones(CoordinateSystem.Wgs84, Box(0, 0, 1, 1))));
        Assert.Equal("GH3301", Assert.Single(thrown.Faults).Code);
    }

    private static OverlayResult Areas(Polygon[] a, Polygon[] b) => IntersectionAreas.Compute(Zones(Plane, a), Zones(Plane, b));

    private static Polygon[] Stars(ref CounterRandom random, int count)
    {
        var result = new Polygon[count];
        for (var i = 0; i < count; i++)
        {
            Polygon star;
            do star = RandomPolygons.Star(ref random, 100 * random.NextUniform(), 100 * random.NextUniform(), 3 + 25 * random.NextUniform(), 4 + random.NextBelow(60), i % 3 == 0);
            while (!star.IsValid);
            result[i] = star;
        }
        return result;
    }

    private static Polygon Box(double minX, double minY, double maxX, double maxY) =>
        new(new LinearRing([new(minX, minY), new(maxX, minY), new(maxX, maxY), new(minX, maxY), new(minX, minY)]));

    private static ZonePolygons Zones(CoordinateSystem crs, params Polygon[] shapes)
    {
        var builder = new ZonePolygonBuilder(crs, crs.Epsg == 4326, "zones");
        for (var i = 0; i < shapes.Length; i++) builder.Add($"{i}", shapes[i]);
        return builder.Build();
    }
}
