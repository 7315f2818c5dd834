using GeoHarm.Maps.Pictures;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Quantities;
using NetTopologySuite.Geometries;

namespace GeoHarm.Maps.Tiles;

/// <summary>Reads the geometry of a layer into tile shapes: web Mercator world coordinates, shells clockwise on the map
/// and holes counter-clockwise, each vertex with its weight, weighed alike on both sides of a shared border.</summary>
internal static class ShapeReader
{
    // Web Mercator ends at 85.0511 degrees, where the world is a square.
    private const double LastLatitude = 85.05112877980659;

    /// <summary>Shapes of the rows that have geometry.</summary>
    public static List<TileShape> Read(Layer layer, IEnumerable<int> rows)
    {
        var reader = GeographicReader.For(layer);
        var shapes = new List<TileShape>();
        foreach (var row in rows)
        {
            if (layer.GeometryAt(row) is not { IsEmpty: false } geometry) continue;
            foreach (var kind in new[] { TileKind.Points, TileKind.Lines, TileKind.Polygons })
            {
                var parts = new List<TilePart>();
                Collect(geometry, kind, reader, parts);
                if (parts.Count > 0) shapes.Add(new TileShape(row, kind, parts));
            }
        }
        Weigh(shapes);
        return shapes;
    }

    private static void Collect(Geometry geometry, TileKind kind, Func<double, double, (double, double)>? reader, List<TilePart> parts)
    {
        for (var n = 0; n < geometry.NumGeometries; n++)
        {
            switch (geometry.GetGeometryN(n))
            {
                case Polygon polygon when kind == TileKind.Polygons && !polygon.IsEmpty:
                    Ring(polygon.ExteriorRing.CoordinateSequence, reader, true, parts);
                    for (var h = 0; h < polygon.NumInteriorRings; h++) Ring(polygon.GetInteriorRingN(h).CoordinateSequence, reader, false, parts);
                    break;
                case LineString line when kind == TileKind.Lines && line.NumPoints > 1:
                    parts.Add(World(line.CoordinateSequence, reader, line.NumPoints));
                    break;
                case Point point when kind == TileKind.Points && !point.IsEmpty:
                    parts.Add(World(point.CoordinateSequence, reader, 1));
                    break;
                case GeometryCollection collection:
                    Collect(collection, kind, reader, parts);
                    break;
            }
        }
    }

    private static void Ring(CoordinateSequence sequence, Func<double, double, (double, double)>? reader, bool isShell, List<TilePart> parts)
    {
        if (sequence.Count < 4) return;
        var part = World(sequence, reader, sequence.Count - 1);
        if (TilePart.Area(part.X, part.Y) > 0 != isShell)
        {
            Array.Reverse(part.X);
            Array.Reverse(part.Y);
        }
        parts.Add(part);
    }

    private static TilePart World(CoordinateSequence sequence, Func<double, double, (double Longitude, double Latitude)>? reader, int count)
    {
        var (x, y) = (new double[count], new double[count]);
        for (var i = 0; i < count; i++)
        {
            var (longitude, latitude) = reader is null ? (sequence.GetX(i), sequence.GetY(i)) : reader(sequence.GetX(i), sequence.GetY(i));
            (x[i], y[i]) = (longitude / 360 + 0.5, WorldRow(latitude));
        }
        return new TilePart(x, y, new double[count]);
    }

    /// <summary>World coordinate of a latitude, 0 in the north.</summary>
    internal static double WorldRow(double latitude)
    {
        var sine = PortableMath.Sin(Math.Clamp(latitude, -LastLatitude, LastLatitude) * Math.PI / 180);
        return 0.5 - PortableMath.Atanh(sine) / (2 * Math.PI);
    }

    private static void Weigh(List<TileShape> shapes)
    {
        var corners = new SharedCorners();
        var keys = new Dictionary<TilePart, ulong[]>(ReferenceEqualityComparer.Instance);
        foreach (var part in shapes.Where(s => s.Kind == TileKind.Polygons).SelectMany(s => s.Parts))
        {
            var ring = new ulong[part.X.Length];
            for (var i = 0; i < ring.Length; i++) ring[i] = SharedCorners.KeyOf(part.X[i], part.Y[i]);
            keys.Add(part, ring);
            corners.Add(ring);
        }
        foreach (var shape in shapes)
        {
            foreach (var part in shape.Parts)
            {
                if (shape.Kind == TileKind.Polygons) WeighRing(part, keys[part], corners);
                else EffectiveArea.Weigh(part.X, part.Y, part.Weight);
            }
        }
    }

    // Cuts the ring at its corners, or at its least vertex when it has none, and weighs each piece in the direction that
    // starts at the lesser end, as the neighbour on the other side does.
    private static void WeighRing(TilePart part, ulong[] keys, SharedCorners corners)
    {
        var n = keys.Length;
        var cuts = Enumerable.Range(0, n).Where(i => corners.IsCorner(keys[i])).ToList();
        if (cuts.Count == 0) cuts.Add(Array.IndexOf(keys, keys.Min()));
        for (var c = 0; c < cuts.Count; c++)
        {
            var from = cuts[c];
            var length = (cuts[(c + 1) % cuts.Count] - from + n - 1) % n + 1;
            var (first, last) = (keys[from], keys[(from + length) % n]);
            var (second, beforeLast) = (keys[(from + 1) % n], keys[(from + length - 1) % n]);
            var backward = first > last || (first == last && second > beforeLast);
            var (x, y, weight) = (new double[length + 1], new double[length + 1], new double[length + 1]);
            for (var k = 0; k <= length; k++)
            {
                var i = (from + (backward ? length - k : k)) % n;
                (x[k], y[k]) = (part.X[i], part.Y[i]);
            }
            EffectiveArea.Weigh(x, y, weight);
            for (var k = 0; k <= length; k++) part.Weight[(from + (backward ? length - k : k)) % n] = weight[k];
        }
    }
}
