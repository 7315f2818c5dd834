using GeoHarm.Gdal.Datasets;
using GeoHarm.Spatial.Overlay;
using GeoHarm.Spatial.Zonal;
using GeoHarm.Stores.Files;
using NetTopologySuite.Geometries;
using NetTopologySuite.Index.Strtree;
using NetTopologySuite.Operation.Union;

namespace GeoHarm.Stores.Tests.Files;

/// <summary>
/// The outline of a country on the Bogota datum, brought to WGS 84, lies on another publisher's where both draw the same
/// line. Both files are generalised by hundreds of metres and the older one lies kilometres off in places, so that few
/// stretches agree: those of 3 km and more along which the lines stay within 250 m. The control takes the file without the
/// datum shift, which is 379 m east and 300 m south (EPSG:1125) in the middle of the country.
/// </summary>
public sealed class OutlineTests
{
    private const double Metres = 111_320; // a degree of latitude; of longitude less, by the cosine
    private const double Spacing = 100; // metres between the points compared
    private const double SameLine = 250;
    private const int Stretch = 30; // points

    [Fact]
    public void The_national_outline_lies_within_100_m_of_another_publishers_where_the_lines_agree()
    {
        var lines = Segments(Outline(GdalZones.Read(Shared.Data("boundaries/co_MGN2023_munis_shapes_mapcolombia.geojson"), "c", SpatialReference.FromEpsg(4326))));
        var path = Shared.Data("panel/mpio/mpio.shp");
        var shifted = Agreeing(Outline(GdalZones.Read(path, "MPIOS", SpatialReference.FromEpsg(4326))), lines);
        // Longitudes and latitudes of the Bogota datum itself, as if they were those of WGS 84.
        var raw = Agreeing(Outline(GdalZones.Read(path, "MPIOS", SpatialReference.FromEpsg(4218))), lines);
        var median = shifted.Order().ElementAt(shifted.Count / 2);
        TestContext.Current.SendDiagnosticMessage($"{shifted.Count * Spacing / 1000:F0} km agree, median {median:F0} m, {shifted.Count(d => d <= 100)} within 100 m; without the shift {raw.Count * Spacing / 1000:F0} km, {raw.Count(d => d <= 100)}");
        Assert.True(median <= 100, $"median {median:F0} m over {shifted.Count * Spacing / 1000:F0} km");
        Assert.True(shifted.Count(d => d <= 100) > 2 * raw.Count(d => d <= 100), $"{shifted.Count(d => d <= 100)} points within 100 m, {raw.Count(d => d <= 100)} without the shift");
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
                var point = piece.PointAlong((i + 0.5) / steps);
                var cosine = Math.Cos(point.Y * Math.PI / 180);
                var around = new Envelope(point);
                around.ExpandBy(SameLine / Metres / cosine, SameLine / Metres);
                var distance = lines.Query(around).Select(l => l.ClosestPoint(point)).Select(at => double.Hypot((at.X - point.X) * cosine, at.Y - point.Y) * Metres).DefaultIfEmpty(double.PositiveInfinity).Min();
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
}
