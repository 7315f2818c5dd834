using BenchmarkDotNet.Attributes;
using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Overlay;
using GeoHarm.Spatial.Rasters;
using GeoHarm.Spatial.Statistics;
using GeoHarm.Spatial.Zonal;
using NetTopologySuite.Geometries;

namespace GeoHarm.Benchmarks.Spatial;

/// <summary>Zonal statistics and overlay in memory, without files: the kernels alone. Rivals: a point-in-polygon test of
/// every cell centre (the centre rule), and the general overlay of NTS for areas.</summary>
[MemoryDiagnoser]
public class ZonalBenchmarks
{
    private const int Side = 2000;
    private readonly Polygon[] shapes = new Polygon[64];
    private readonly Polygon[] blobs = new Polygon[16];
    private MemoryRaster raster = null!;
    private ZonePolygons zones = null!;
    private ZonePolygons others = null!;

    [GlobalSetup]
    public void SetUp()
    {
        var random = new CounterRandom(1, 0, 0);
        var cells = new byte[Side * Side];
        for (var i = 0; i < cells.Length; i++) cells[i] = random.NextBelow(20) == 0 ? (byte)random.NextBelow(24) : (byte)0;
        raster = new MemoryRaster("loss", new Grid(-77, 4, 0.00025, 0.00025, Side, Side, CoordinateSystem.Wgs84), cells);
        for (var i = 0; i < shapes.Length; i++) shapes[i] = Star(ref random, -77 + 0.0625 * (i % 8 + 0.5), 4 - 0.0625 * (i / 8 + 0.5), 0.03, 800);
        for (var i = 0; i < blobs.Length; i++) blobs[i] = Star(ref random, -77 + 0.125 * (i % 4 + 0.5), 4 - 0.125 * (i / 4 + 0.5), 0.06, 5000);
        (zones, others) = (Zones(shapes), Zones(blobs));
    }

    [Benchmark]
    public ZonalResult Exact_fractions() => ZonalStatistics.Compute(raster, zones, new ZonalOptions());

    [Benchmark]
    public long Centre_rule_by_point_tests()
    {
        var finder = new PointsInPolygons(zones);
        long inside = 0;
        for (var row = 0; row < Side; row++)
        {
            for (var column = 0; column < Side; column++)
            {
                if (finder.Find(-77 + (column + 0.5) * 0.00025, 4 - (row + 0.5) * 0.00025) >= 0) inside++;
            }
        }
        return inside;
    }

    [Benchmark]
    public OverlayResult Areas_by_crossings() => IntersectionAreas.Compute(zones, others);

    [Benchmark]
    public double Areas_by_general_overlay()
    {
        var sum = 0.0;
        foreach (var shape in shapes)
        {
            foreach (var blob in blobs)
            {
                if (shape.EnvelopeInternal.Intersects(blob.EnvelopeInternal)) sum += shape.Intersection(blob).Area;
            }
        }
        return sum;
    }

    private static Polygon Star(ref CounterRandom random, double x, double y, double radius, int vertices)
    {
        var points = new Coordinate[vertices + 1];
        for (var i = 0; i < vertices; i++)
        {
            var angle = 2 * Math.PI * i / vertices;
            var r = radius * (0.9 + 0.1 * random.NextUniform());
            points[i] = new Coordinate(x + r * Math.Cos(angle), y + r * Math.Sin(angle));
        }
        points[vertices] = points[0].Copy();
        return new Polygon(new LinearRing(points));
    }

    private static ZonePolygons Zones(Polygon[] polygons)
    {
        var builder = new ZonePolygonBuilder(CoordinateSystem.Wgs84, true, "bench");
        for (var i = 0; i < polygons.Length; i++) builder.Add($"{i}", polygons[i]);
        return builder.Build();
    }
}
