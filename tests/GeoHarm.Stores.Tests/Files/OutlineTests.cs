using GeoHarm.Gdal.Datasets;
using GeoHarm.Spatial.Overlay;
using GeoHarm.Spatial.Zonal;
using GeoHarm.Stores.Files;
using NetTopologySuite.Geometries;
using NetTopologySuite.Index.Strtree;
using NetTopologySuite.Operation.Union;

namespace GeoHarm.Stores.Tests.Files;

/// <summary>
/// The municipal map on the Bogota datum, brought to WGS 84, beside another publisher's. The older map is drawn at a small
/// scale: three municipalities meet 1.8 km east and 1.8 km north of where the newer one has them, by department from
/// 1 km west to 5 km east, which no change of datum explains. What can be said of the datum shift is said where both draw
/// the same thing: a straight border that a treaty lays down, a department where the junctions agree, and those stretches
/// of 3 km and more along which the outlines stay within 250 m. The control takes the file without the datum shift, which
/// is 375 m east and 310 m south (EPSG:1125) in the middle of the country.
/// </summary>
public sealed class OutlineTests
{
    private const double Metres = 111_320; // a degree of latitude; of longitude less, by the cosine
    private const double Spacing = 100; // metres between the points compared
    private const double SameLine = 250;
    private const int Stretch = 30; // points
    private const string LaGuajira = "44";

    private static readonly Lazy<ZonePolygons> Newer = new(() => GdalZones.Read(Shared.Data("boundaries/co_MGN2023_munis_shapes_mapcolombia.geojson"), "c", SpatialReference.FromEpsg(4326)));
    private static readonly Lazy<ZonePolygons> Shifted = new(() => GdalZones.Read(Shared.Data("panel/mpio/mpio.shp"), "MPIOS", SpatialReference.FromEpsg(4326)));

    // Longitudes and latitudes of the Bogota datum itself, as if they were those of WGS 84.
    private static readonly Lazy<ZonePolygons> Raw = new(() => GdalZones.Read(Shared.Data("panel/mpio/mpio.shp"), "MPIOS", SpatialReference.FromEpsg(4218)));

    [Fact]
    public void The_national_outline_lies_within_100_m_of_another_publishers_where_the_lines_agree()
    {
        var lines = Segments(Outline(Newer.Value));
        var shifted = Agreeing(Outline(Shifted.Value), lines);
        var raw = Agreeing(Outline(Raw.Value), lines);
        var median = shifted.Order().ElementAt(shifted.Count / 2);
        TestContext.Current.SendDiagnosticMessage($"{shifted.Count * Spacing / 1000:F0} km agree, median {median:F0} m, {shifted.Count(d => d <= 100)} within 100 m; without the shift {raw.Count * Spacing / 1000:F0} km, {raw.Count(d => d <= 100)}");
        Assert.True(median <= 100, $"median {median:F0} m over {shifted.Count * Spacing / 1000:F0} km");
        Assert.True(shifted.Count(d => d <= 100) > 2 * raw.Count(d => d <= 100), $"{shifted.Count(d => d <= 100)} points within 100 m, {raw.Count(d => d <= 100)} without the shift");
    }

    [Fact]
    public void The_straight_border_of_La_Guajira_lies_within_100_m_and_half_a_kilometre_off_without_the_shift()
    {
        // The border with Venezuela there is one straight line in both maps, the only edge of such length in the department.
        var lines = Segments(Outline(Newer.Value));
        var with = Border(Outline(Shifted.Value), lines);
        var without = Border(Outline(Raw.Value), lines);
        TestContext.Current.SendDiagnosticMessage($"{with.Length * Spacing / 1000:F0} km: median {with[with.Length / 2]:F0} m, nine in ten within {with[with.Length * 9 / 10]:F0} m; without the shift {without[without.Length / 2]:F0} m");
        Assert.InRange(with.Length * Spacing, 50_000, 70_000);
        Assert.True(with[with.Length / 2] <= 100, $"median {with[with.Length / 2]:F0} m");
        Assert.True(without[without.Length / 2] > 400, $"median without the shift {without[without.Length / 2]:F0} m");
    }

    [Fact]
    public void Junctions_of_municipalities_in_La_Guajira_agree_to_100_m_in_the_median_only_with_the_shift()
    {
        // All junctions of three of its municipalities, none chosen by how well they agree.
        var (newer, shifted, raw) = (Junctions(Newer.Value), Junctions(Shifted.Value), Junctions(Raw.Value));
        var (east, north) = Offsets(shifted, newer);
        var (rawEast, rawNorth) = Offsets(raw, newer);
        TestContext.Current.SendDiagnosticMessage($"{east.Length} junctions: median {east[east.Length / 2]:F0} m east, {north[north.Length / 2]:F0} m north; without the shift {rawEast[rawEast.Length / 2]:F0} and {rawNorth[rawNorth.Length / 2]:F0}");
        Assert.InRange(east.Length, 8, 12);
        Assert.InRange(double.Hypot(east[east.Length / 2], north[north.Length / 2]), 0, 100);
        Assert.InRange(double.Hypot(rawEast[rawEast.Length / 2], rawNorth[rawNorth.Length / 2]), 300, 600);
    }

    private static double[] Border(Geometry outline, STRtree<LineSegment> lines)
    {
        var around = new Envelope(-72.5, -71.5, 10.8, 12);
        var edge = Pieces(outline).Where(p => around.Contains(p.P0) && around.Contains(p.P1)).MaxBy(p => p.Length)!;
        var steps = (int)(edge.Length * Metres / Spacing);
        return [.. Enumerable.Range(0, steps).Select(i => Distance(edge.PointAlong((i + 0.5) / steps), lines, 5_000)).Order()];
    }

    /// <summary>Where exactly three municipalities share a vertex, by their codes; those that meet more than once are left out.</summary>
    private static Dictionary<string, Coordinate> Junctions(ZonePolygons zones)
    {
        var at = new Dictionary<Coordinate, SortedSet<string>>();
        for (var z = 0; z < zones.Count; z++)
        {
            if (zones.IsBad(z)) continue;
            foreach (var point in ((Geometry)ZoneGeometry.Of(zones, z)).Coordinates)
            {
                if (!at.TryGetValue(point, out var codes)) at.Add(point, codes = new SortedSet<string>(StringComparer.Ordinal));
                codes.Add(zones.Ids[z].PadLeft(5, '0'));
            }
        }
        return at.Where(p => p.Value.Count == 3).GroupBy(p => string.Join(' ', p.Value)).Where(g => g.Count() == 1).ToDictionary(g => g.Key, g => g.Single().Key);
    }

    private static (double[] East, double[] North) Offsets(Dictionary<string, Coordinate> from, Dictionary<string, Coordinate> to)
    {
        var pairs = from.Where(j => j.Key.Split(' ').All(c => c.StartsWith(LaGuajira, StringComparison.Ordinal)) && to.ContainsKey(j.Key)).Select(j => (From: j.Value, To: to[j.Key])).ToArray();
        return ([.. pairs.Select(p => (p.To.X - p.From.X) * Math.Cos(p.To.Y * Math.PI / 180) * Metres).Order()], [.. pairs.Select(p => (p.To.Y - p.From.Y) * Metres).Order()]);
    }

    private static Geometry Outline(ZonePolygons zones) =>
        UnaryUnionOp.Union(Enumerable.Range(0, zones.Count).Where(z => !zones.IsBad(z)).Select(z => (Geometry)ZoneGeometry.Of(zones, z)).ToArray()).Boundary;

    private static IEnumerable<LineSegment> Pieces(Geometry outline) =>
        Enumerable.Range(0, outline.NumGeometries).Select(i => outline.GetGeometryN(i).Coordinates).SelectMany(points => Enumerable.Range(1, points.Length - 1).Select(i => new LineSegment(points[i - 1], points[i])));

    private static STRtree<LineSegment> Segments(Geometry outline)
    {
        var tree = new STRtree<LineSegment>();
        foreach (var piece in Pieces(outline)) tree.Insert(new Envelope(piece.P0, piece.P1), piece);
        return tree;
    }

    /// <summary>Distances, metres, of the points of those stretches of the outline along which it stays near the lines.</summary>
    private static List<double> Agreeing(Geometry outline, STRtree<LineSegment> lines)
    {
        var (all, run) = (new List<double>(), new List<double>());
        foreach (var piece in Pieces(outline))
        {
            var steps = Math.Max(1, (int)(piece.Length * Metres / Spacing));
            for (var i = 0; i < steps; i++)
            {
                var distance = Distance(piece.PointAlong((i + 0.5) / steps), lines, SameLine);
                if (distance <= SameLine)
                {
                    run.Add(distance);
                    continue;
                }
                if (run.Count >= Stretch) all.AddRange(run);
                run.Clear();
            }
        }
        if (run.Count >= Stretch) all.AddRange(run);
        return all;
    }

    /// <summary>Metres to the nearest line; infinite where there is none that near.</summary>
    private static double Distance(Coordinate point, STRtree<LineSegment> lines, double within)
    {
        var cosine = Math.Cos(point.Y * Math.PI / 180);
        var around = new Envelope(point);
        around.ExpandBy(within / Metres / cosine, within / Metres);
        return lines.Query(around).Select(l => l.ClosestPoint(point)).Select(at => double.Hypot((at.X - point.X) * cosine, at.Y - point.Y) * Metres).DefaultIfEmpty(double.PositiveInfinity).Min();
    }
}
