using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Quantities;
using GeoHarm.Spatial.Zonal;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Utilities;
using NetTopologySuite.Operation.Buffer;

namespace GeoHarm.Spatial.Overlay;

/// <summary>How a buffer's round corners are drawn.</summary>
/// <param name="QuadrantSegments">Straight pieces of a quarter circle, default 16 (NTS's own is 8): the polygon then lies
/// within 0.12 % of the distance of the true circle. From 1.</param>
public sealed record MetricBufferOptions(int QuadrantSegments = 16);

/// <summary>
/// Buffers in metres of geometries in longitude and latitude. Each geometry is laid out in a transverse Mercator plane of
/// its own (Karney 2011), central meridian and scale 1 through its middle, buffered there and brought back. Distances are
/// true to half the square of the geometry's east-west half-width over the Earth's radius: 3e-5 at 50 km, 5e-4 at 200 km.
/// Fails with <see cref="ArgumentException"/> on geometries wider than <see cref="MostDegrees"/>: buffer their parts.
/// </summary>
public static class MetricBuffer
{
    /// <summary>Greatest width and height of a geometry, degrees; distances are then true to 0.4 %.</summary>
    public const double MostDegrees = 10;

    /// <summary>The region within a distance of the geometry; a negative distance shrinks polygons.</summary>
    public static Geometry Of(Geometry geometry, Length distance, MetricBufferOptions? options = null)
    {
        options ??= new MetricBufferOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.QuadrantSegments, 1, nameof(options));
        if (geometry.IsEmpty) return geometry.Factory.CreatePolygon();
        var bounds = geometry.EnvelopeInternal;
        if (bounds.Width > MostDegrees || bounds.Height > MostDegrees)
        {
            throw new ArgumentException($"A geometry of {bounds.Width:F1} x {bounds.Height:F1} degrees is too large for a buffer in metres: buffer its parts.", nameof(geometry));
        }
        var plane = new TransverseMercator(Ellipsoid.Wgs84, bounds.Centre.Y, bounds.Centre.X, 1, 0, 0);
        var laid = Edited(geometry, plane.Forward);
        var grown = laid.Buffer(distance.Metres, new BufferParameters(options.QuadrantSegments));
        return Edited(grown, plane.Inverse);
    }

    /// <summary>All zones, each enlarged by a distance above zero: in metres on the ground where they are in longitude and latitude,
    /// in their plane otherwise. Unusable zones keep their place and fault.</summary>
    /// <param name="zones">Zones.</param>
    /// <param name="distance">Distance.</param>
    /// <param name="metresPerUnit">Metres of one unit of a projected system.</param>
    /// <param name="cancellation">Stops between zones.</param>
    public static ZonePolygons Of(ZonePolygons zones, Length distance, double metresPerUnit = 1, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(distance.Metres, nameof(distance));
        var builder = new ZonePolygonBuilder(zones.Crs, zones.IsGeographic, zones.Source);
        for (var zone = 0; zone < zones.Count; zone++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (zones.IsBad(zone)) builder.Add(zones.Ids[zone], null);
            else if (zones.IsGeographic) builder.Add(zones.Ids[zone], Of(ZoneGeometry.Of(zones, zone), distance));
            else builder.Add(zones.Ids[zone], ZoneGeometry.Of(zones, zone).Buffer(distance.Metres / metresPerUnit, new BufferParameters(new MetricBufferOptions().QuadrantSegments)));
        }
        var made = builder.Build();
        return new ZonePolygons(made.Crs, made.IsGeographic, [.. made.Ids], made.X, made.Y, made.RingStarts, made.ZoneRings, made.Bad, zones.Faults, made.Source);
    }

    private static Geometry Edited(Geometry geometry, Func<double, double, (double X, double Y)> move) =>
        new GeometryEditor(geometry.Factory).Edit(geometry, new Move(move));

    private sealed class Move(Func<double, double, (double X, double Y)> move) : GeometryEditor.CoordinateOperation
    {
        public override Coordinate[] Edit(Coordinate[] coordinates, Geometry geometry) =>
            Array.ConvertAll(coordinates, c =>
            {
                var (x, y) = move(c.X, c.Y);
                return new Coordinate(x, y);
            });
    }
}
