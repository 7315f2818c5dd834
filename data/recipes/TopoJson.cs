using System.Text.Json;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Utilities;
using NetTopologySuite.Precision;

namespace GeoHarm.Recipes;

/// <summary>One feature of a TopoJSON object: its place in the file from 1, id, name and repaired polygons (null when nothing is left).</summary>
internal sealed record TopoFeature(int Ordinal, string Id, string Name, MultiPolygon? Shape);

/// <summary>Decodes TopoJSON polygons: quantised arcs, deltas, reversed arcs (~i). Coordinates are rounded to 1e-4 degree arc by arc,
/// so that neighbours keep equal borders; invalid polygons are repaired (GeometryFixer) and lines left over are dropped.</summary>
internal static class TopoJson
{
    /// <summary>Ten metres or so: finer than the sources, and the grid all shapes of the study lie on.</summary>
    public static readonly PrecisionModel Grid = new(10_000);

    /// <summary>The factory of every shape of the study.</summary>
    public static readonly GeometryFactory Factory = new(Grid, 4326);

    /// <summary>Features of the object of that name, or of the only one.</summary>
    public static List<TopoFeature> Read(string text, string? objectName = null)
    {
        using var document = JsonDocument.Parse(text);
        var root = document.RootElement;
        var arcs = Arcs(root);
        var objects = root.GetProperty("objects");
        var found = objectName is null ? objects.EnumerateObject().First().Value : objects.GetProperty(objectName);
        return [.. found.GetProperty("geometries").EnumerateArray().Select((g, i) => Feature(g, i + 1, arcs))];
    }

    /// <summary>The polygons of a geometry on the grid; null when there are none.</summary>
    public static MultiPolygon? Polygons(Geometry geometry)
    {
        var onGrid = GeometryPrecisionReducer.Reduce(geometry, Grid);
        var fixedUp = onGrid.IsValid ? onGrid : GeometryFixer.Fix(onGrid);
        var parts = PolygonExtracter.GetPolygons(fixedUp).Cast<Polygon>().Where(p => !p.IsEmpty).ToArray();
        return parts.Length == 0 ? null : (MultiPolygon)Factory.CreateMultiPolygon(parts).Normalized();
    }

    private static TopoFeature Feature(JsonElement g, int ordinal, Coordinate[][] arcs)
    {
        var id = g.TryGetProperty("id", out var i) ? i.ToString() : "";
        var name = g.TryGetProperty("properties", out var p) && p.TryGetProperty("name", out var n) ? n.GetString() ?? "" : "";
        var polygons = g.GetProperty("type").GetString() switch
        {
            "Polygon" => [Polygon(g.GetProperty("arcs"), arcs)],
            "MultiPolygon" => g.GetProperty("arcs").EnumerateArray().Select(a => Polygon(a, arcs)).ToArray(),
            _ => [],
        };
        var kept = polygons.OfType<Polygon>().Select(q => q.IsValid ? q : GeometryFixer.Fix(q)).SelectMany(q => PolygonExtracter.GetPolygons(q).Cast<Polygon>()).ToArray();
        return new(ordinal, id, name, kept.Length == 0 ? null : Polygons(GeometryFixer.Fix(Factory.CreateMultiPolygon(kept))));
    }

    private static Polygon? Polygon(JsonElement rings, Coordinate[][] arcs)
    {
        var closed = rings.EnumerateArray().Select(r => Ring(r, arcs)).ToList();
        return closed.Count == 0 || closed[0] is null ? null : Factory.CreatePolygon(closed[0], [.. closed.Skip(1).OfType<LinearRing>()]);
    }

    private static LinearRing? Ring(JsonElement indices, Coordinate[][] arcs)
    {
        var points = new CoordinateList();
        foreach (var index in indices.EnumerateArray().Select(e => e.GetInt32()))
        {
            var arc = index >= 0 ? arcs[index] : arcs[~index].Reverse();
            foreach (var point in arc) points.Add(point.Copy(), allowRepeated: false);
        }
        points.CloseRing();
        return points.Count < 4 ? null : Factory.CreateLinearRing(points.ToCoordinateArray());
    }

    private static Coordinate[][] Arcs(JsonElement root)
    {
        var transform = root.GetProperty("transform");
        double[] Pair(string name) => [.. transform.GetProperty(name).EnumerateArray().Select(e => e.GetDouble())];
        var (scale, translate) = (Pair("scale"), Pair("translate"));
        return [.. root.GetProperty("arcs").EnumerateArray().Select(arc =>
        {
            var (x, y) = (0.0, 0.0);
            return arc.EnumerateArray().Select(step =>
            {
                x += step[0].GetDouble();
                y += step[1].GetDouble();
                return new Coordinate(Grid.MakePrecise(x * scale[0] + translate[0]), Grid.MakePrecise(y * scale[1] + translate[1]));
            }).ToArray();
        })];
    }
}
