using GeoHarm.Spatial.Layers;
using NetTopologySuite.Geometries;

namespace GeoHarm.Maps.Pictures.Projections;

/// <summary>
/// A window of longitudes and latitudes, degrees. East may exceed 180 where the window crosses the antimeridian
/// (West 170, East 190).
/// </summary>
public sealed record MapExtent
{
    /// <summary>Makes a window; throws when it is empty, upside down, wider than the world or not finite.</summary>
    public MapExtent(double west, double south, double east, double north)
    {
        if (!(west < east && south < north && east - west <= 360 && south >= -90 && north <= 90))
            throw new ArgumentException($"Not a window of longitudes and latitudes: west {west}, south {south}, east {east}, north {north}.");
        (West, South, East, North) = (west, south, east, north);
    }

    /// <summary>Western edge.</summary>
    public double West { get; }

    /// <summary>Southern edge.</summary>
    public double South { get; }

    /// <summary>Eastern edge.</summary>
    public double East { get; }

    /// <summary>Northern edge.</summary>
    public double North { get; }

    /// <summary>The window grown by a share of its width and height on each side, within the globe.</summary>
    public MapExtent Grown(double share)
    {
        var (dx, dy) = ((East - West) * share, (North - South) * share);
        var spare = Math.Min(dx, (360 - (East - West)) / 2);
        return new MapExtent(West - spare, Math.Max(-89.9, South - dy), East + spare, Math.Min(89.9, North + dy));
    }

    /// <summary>
    /// The smallest window that holds the points, through the antimeridian where that is shorter; null without points.
    /// A window narrower than a tenth of a degree (one point) is widened to it.
    /// </summary>
    public static MapExtent? Around(IEnumerable<Envelope> boxes)
    {
        var list = boxes.Where(b => !b.IsNull).OrderBy(b => b.MinX).ToArray();
        if (list.Length == 0) return null;
        var (south, north) = (list.Min(b => b.MinY), list.Max(b => b.MaxY));

        // The widest gap in longitude is where the window opens.
        var (west, east) = (list[0].MinX, list.Max(b => b.MaxX));
        var (reach, widest) = (list[0].MaxX, west + 360 - east);
        foreach (var box in list)
        {
            if (box.MinX - reach > widest) (widest, west, east) = (box.MinX - reach, box.MinX, reach + 360);
            reach = Math.Max(reach, box.MaxX);
        }
        const double Least = 0.1;
        if (east - west < Least) (west, east) = (west - Least / 2, east + Least / 2);
        if (north - south < Least) (south, north) = (Math.Max(-90, south - Least / 2), Math.Min(90, north + Least / 2));
        return new MapExtent(west, Math.Max(-90, south), Math.Min(west + 360, east), Math.Min(90, north));
    }

    /// <summary>The window around the geometry of a layer's rows; null when none has geometry.</summary>
    public static MapExtent? Of(PublishedLayer source, IEnumerable<int>? rows = null)
    {
        var reader = GeographicReader.For(source.Layer);
        return Around((rows ?? Enumerable.Range(0, source.Layer.RowCount)).Select(r => source.Layer.GeometryAt(r))
            .Where(g => g is not null && !g.IsEmpty).SelectMany(Parts).Select(box => reader is null ? box : InDegrees(box, reader)));
    }

    // The plane systems that maps read are cylinders: two corners bound a box.
    private static Envelope InDegrees(Envelope box, Func<double, double, (double Longitude, double Latitude)> reader)
    {
        var (low, high) = (reader(box.MinX, box.MinY), reader(box.MaxX, box.MaxY));
        return new Envelope(low.Longitude, high.Longitude, low.Latitude, high.Latitude);
    }

    private static IEnumerable<Envelope> Parts(Geometry? geometry) =>
        Enumerable.Range(0, geometry!.NumGeometries).Select(n => geometry.GetGeometryN(n).EnvelopeInternal);
}
