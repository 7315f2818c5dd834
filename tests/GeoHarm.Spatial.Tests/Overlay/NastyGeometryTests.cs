using System.Xml;
using System.Xml.Linq;
using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Overlay;
using GeoHarm.Spatial.Rasters;
using GeoHarm.Spatial.Zonal;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;
using NetTopologySuite.Operation.OverlayNG;

namespace GeoHarm.Spatial.Tests.Overlay;

/// <summary>Geometries made to break overlays: none may end in an exception, valid ones have the area of the general
/// overlay. A few are our own; the robustness cases of JTS are read from where GEOHARM_JTS_CASES says (the folder
/// modules/tests/src/test/resources/testxml of the public repository), and are no part of this one.</summary>
public sealed class NastyGeometryTests
{
    private static readonly CoordinateSystem Plane = new(6933);

    public static TheoryData<string, string, string> Own() => new()
    {
        { "edges that all but coincide", "POLYGON((0 0,1 0,1 1,0 1,0 0))", "POLYGON((1 0,2 0,2 1,0.9999999999999999 1,1 0))" },
        { "a needle across", "POLYGON((0 0,10 0,10 10,0 10,0 0))", "POLYGON((-5 5,15 5.0000000000000009,15 5,-5 5))" },
        { "collinear edges of other lengths", "POLYGON((0 0,4 0,4 4,0 4,0 0))", "POLYGON((1 4,3 4,3 2,1 2,1 4))" },
        { "a corner on an edge", "POLYGON((0 0,4 0,4 4,0 4,0 0))", "POLYGON((4 2,6 0,6 4,4 2))" },
        { "corner on corner from inside", "POLYGON((0 0,4 0,4 4,0 4,0 0))", "POLYGON((0 0,2 1,1 2,0 0))" },
        { "a hole that touches its shell", "POLYGON((0 0,4 0,4 4,0 4,0 0),(0 0,2 1,1 2,0 0))", "POLYGON((0 0,2 1,1 2,0 0))" },
        { "the hole filled exactly", "POLYGON((0 0,9 0,9 9,0 9,0 0),(3 3,6 3,6 6,3 6,3 3))", "POLYGON((3 3,6 3,6 6,3 6,3 3))" },
        { "parts that meet at a point", "MULTIPOLYGON(((0 0,2 0,2 2,0 2,0 0)),((2 2,4 2,4 4,2 4,2 2)))", "POLYGON((1 1,3 1,3 3,1 3,1 1))" },
        { "points said twice", "POLYGON((0 0,0 0,4 0,4 0,4 4,4 4,0 4,0 0,0 0))", "POLYGON((1 1,1 1,1 5,5 5,5 1,1 1,1 1))" },
        { "far from the origin", "POLYGON((1e9 1e9,1000000001 1e9,1000000001 1000000001,1e9 1000000001,1e9 1e9))", "POLYGON((1000000000.3 1e9,1000000000.7 1e9,1000000000.5 1000000001.5,1000000000.3 1e9))" },
        { "a corner through the tip of a needle", "POLYGON((0 0,0 -35,-39 -35,-39 0,0 0),(-3.4374000132 -4,-10.25 -16.40620001405,-19.35940000042 -32.09400001913,-10.25 -16.4062000178,-3.4374000132 -4))", "POLYGON((-15.4789547316 -12.7599282968,-3.4373999983 -4,-8.40202144225 -12.7599282968,-15.4789547316 -12.7599282968))" },
        { "almost no size", "POLYGON((0 0,1e-150 0,1e-150 1e-150,0 1e-150,0 0))", "POLYGON((0 0,1 0,1 1,0 1,0 0))" },
        { "a comb in a comb", Comb(0, 0), Comb(0.5, 0.25) },
        { "equal twice", Comb(0, 0), Comb(0, 0) },
        { "bow tie", "POLYGON((0 0,4 4,4 0,0 4,0 0))", "POLYGON((1 0,3 0,3 4,1 4,1 0))" },
        { "a spike out and back", "POLYGON((0 0,4 0,4 2,9 2,4 2,4 4,0 4,0 0))", "POLYGON((3 1,8 1,8 3,3 3,3 1))" },
        { "a hole outside", "POLYGON((0 0,4 0,4 4,0 4,0 0),(6 6,8 6,8 8,6 8,6 6))", "POLYGON((3 3,9 3,9 9,3 9,3 3))" },
        { "wound twice", "POLYGON((0 0,4 0,4 4,0 4,0 0,4 0,4 4,0 4,0 0))", "POLYGON((1 1,5 1,5 5,1 5,1 1))" },
        { "nested shells", "MULTIPOLYGON(((0 0,9 0,9 9,0 9,0 0)),((2 2,3 2,3 3,2 3,2 2)))", "POLYGON((1 1,5 1,5 5,1 5,1 1))" },
        { "an empty part", "MULTIPOLYGON(((0 0,4 0,4 4,0 4,0 0)),EMPTY)", "POLYGON((1 1,5 1,5 5,1 5,1 1))" },
        { "nothing at all", "POLYGON EMPTY", "POLYGON((1 1,5 1,5 5,1 5,1 1))" },
        { "a line given as polygon", "POLYGON((0 0,4 4,0 0,0 0))", "POLYGON((1 1,5 1,5 5,1 5,1 1))" },
        { "lines and points among polygons", "GEOMETRYCOLLECTION(POINT(1 1),POLYGON((0 0,4 0,4 4,0 4,0 0)))", "LINESTRING(0 0,1 1)" },
    };

    [Theory]
    [MemberData(nameof(Own))]
    public void Hand_made_cases_do_not_break_and_have_their_area(string what, string a, string b)
    {
        var reader = new WKTReader();
        Check(what, reader.Read(a), reader.Read(b));
        Check(what, reader.Read(b), reader.Read(a));
    }

    [Fact]
    public void The_robustness_cases_of_jts_do_not_break()
    {
        var folder = Environment.GetEnvironmentVariable("GEOHARM_JTS_CASES");
        Assert.SkipUnless(Directory.Exists(folder), "GEOHARM_JTS_CASES names no folder of JTS's XML cases.");
        var (cases, valid) = (0, 0);
        foreach (var path in Directory.EnumerateFiles(folder!, "*.xml", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            foreach (var (number, element) in Cases(path))
            {
                var (a, b) = (Read(element.Element("a")), Read(element.Element("b")));
                if (a is null) continue;
                cases++;
                // JTS keeps a folder of cases that it gets wrong itself: no rival there.
                if (Check($"{Path.GetFileName(path)} case {number}", a, b ?? a, compares: !path.Contains("failure", StringComparison.OrdinalIgnoreCase))) valid++;
            }
        }
        Assert.True(cases >= 300 && valid >= 100, $"{cases} cases, {valid} compared");
        TestContext.Current.SendDiagnosticMessage($"{cases} cases of JTS, {valid} of them valid polygons whose area was compared");
    }

    /// <summary>Runs overlay, its layer and zonal statistics; whether the pair was valid and its area compared.</summary>
    private static bool Check(string what, Geometry a, Geometry b, bool compares = true)
    {
        var (left, right) = (Zones(a), Zones(b));
        var result = IntersectionAreas.Compute(left, right);
        var layer = IntersectionLayer.Of("common", left, right, result);
        Assert.Equal(result.Pairs.Count, layer.RowCount);
        foreach (var zones in new[] { left, right })
        {
            if (zones.IsBad(0)) continue;
            var bounds = ZoneGeometry.Of(zones, 0).EnvelopeInternal;
            var cell = Math.Max(Math.Max(bounds.Width, bounds.Height) / 40, double.Epsilon);
            if (!double.IsFinite(1 / cell)) continue;
            var grid = new Grid(bounds.MinX - cell, bounds.MaxY + cell, cell, cell, 44, 44, Plane);
            ZonalStatistics.Compute(new MemoryRaster("cells", grid, new byte[44 * 44]), zones, new ZonalOptions());
        }
        if (!compares || a is not (Polygon or MultiPolygon) || b is not (Polygon or MultiPolygon) || !a.IsValid || !b.IsValid) return false;
        var expected = OverlayNGRobust.Overlay(a, b, NetTopologySuite.Operation.Overlay.SpatialFunction.Intersection).Area;
        var found = result.Pairs.Sum(p => p.Plane);
        var scale = Math.Max(Math.Min(a.Area, b.Area), expected);
        var furthest = a.Coordinates.Concat(b.Coordinates).Select(c => Math.Max(Math.Abs(c.X), Math.Abs(c.Y))).DefaultIfEmpty(0).Max();
        Assert.True(Math.Abs(found - expected) <= 1e-6 * scale + 1e-15 * furthest * furthest, $"{what}: area {found:R}, general overlay {expected:R}");
        return true;
    }

    private static ZonePolygons Zones(Geometry geometry)
    {
        var builder = new ZonePolygonBuilder(Plane, false, "case");
        builder.Add("it", geometry);
        return builder.Build();
    }

    private static IEnumerable<(int Number, XElement Case)> Cases(string path)
    {
        XDocument document;
        try { document = XDocument.Load(path); }
        catch (XmlException) { yield break; }
        var number = 0;
        foreach (var element in document.Descendants("case")) yield return (++number, element);
    }

    private static Geometry? Read(XElement? element)
    {
        var text = element?.Value.Trim();
        if (string.IsNullOrEmpty(text)) return null;
        try
        {
            return char.IsAsciiHexDigit(text[0]) && text[0] is '0' ? new WKBReader().Read(WKBReader.HexToBytes(text)) : new WKTReader().Read(text);
        }
        catch (Exception failure) when (failure is ParseException or ArgumentException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string Comb(double dx, double dy)
    {
        var points = new List<(double X, double Y)> { (0, 0) };
        for (var tooth = 0; tooth < 12; tooth++) points.AddRange([(tooth, 8), (tooth + 0.5, 1)]);
        points.AddRange([(12, 0), (0, 0)]);
        return FormattableString.Invariant($"POLYGON(({string.Join(',', points.Select(p => FormattableString.Invariant($"{p.X + dx:R} {p.Y + dy:R}")))}))");
    }
}
