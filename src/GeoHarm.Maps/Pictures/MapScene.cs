using GeoHarm.Maps.Reports;
using GeoHarm.Maps.Styles;
using GeoHarm.Spatial.Layers;
using NetTopologySuite.Geometries;
using SkiaSharp;

namespace GeoHarm.Maps.Pictures;

/// <summary>What the layers of one map share while it is drawn: ink, projection, style, words, cached paths, labels.</summary>
internal sealed class MapScene(Ink ink, Projector projector, PictureStyle style, Wording words) : IDisposable
{
    private readonly GeometryPaths paths = new(projector);
    private readonly Dictionary<Geometry, SKPath> cache = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Layer, Func<double, double, (double, double)>?> readers = new(ReferenceEqualityComparer.Instance);

    public Ink Ink => ink;

    public Projector Projector => projector;

    public PictureStyle Style => style;

    public Wording Words => words;

    /// <summary>Names on the map and the room they take.</summary>
    public LabelBoard Labels { get; } = new(projector.Frame);

    /// <summary>The row's shape on the page; null when it has no area or line.</summary>
    public SKPath? PathAt(Layer layer, int row)
    {
        if (layer.GeometryAt(row) is not { IsEmpty: false } geometry) return null;
        if (cache.TryGetValue(geometry, out var path)) return path.IsEmpty ? null : path;
        path = paths.Of(geometry, ReaderOf(layer));
        cache.Add(geometry, path);
        return path.IsEmpty ? null : path;
    }

    /// <summary>A point inside the row's shape, on the page; null without geometry or outside the map.</summary>
    public SKPoint? PointAt(Layer layer, int row)
    {
        if (layer.GeometryAt(row) is not { IsEmpty: false } geometry) return null;
        if (InteriorOf(geometry) is not { } inside) return null;
        var (x, y) = ReaderOf(layer) is { } reader ? reader(inside.X, inside.Y) : (inside.X, inside.Y);
        var point = projector.At(projector.Near(x), y);
        return projector.Frame.Contains(point) ? point : null;
    }

    public void Dispose()
    {
        foreach (var path in cache.Values) path.Dispose();
    }

    // The largest part carries the name; its centroid when it lies inside, so that names sit in the middle.
    private static Coordinate? InteriorOf(Geometry geometry)
    {
        var largest = geometry;
        for (var n = 0; n < geometry.NumGeometries; n++)
        {
            var part = geometry.GetGeometryN(n);
            if (n == 0 || part.EnvelopeInternal.Area > largest.EnvelopeInternal.Area) largest = part;
        }
        if (largest is Point point) return point.Coordinate;
        var centroid = largest.Centroid;
        if (centroid.IsEmpty) return null;
        return largest is Polygon polygon && !NetTopologySuite.Algorithm.Locate.SimplePointInAreaLocator.ContainsPointInPolygon(centroid.Coordinate, polygon)
            ? polygon.InteriorPoint.Coordinate
            : centroid.Coordinate;
    }

    private Func<double, double, (double, double)>? ReaderOf(Layer layer)
    {
        if (!readers.TryGetValue(layer, out var reader)) readers.Add(layer, reader = GeographicReader.For(layer));
        return reader;
    }
}
