using GeoHarm.Spatial.Zonal;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Implementation;

namespace GeoHarm.Spatial.Overlay;

/// <summary>Turns zones kept as arrays into geometries: each shell takes the holes that follow it.</summary>
public static class ZoneGeometry
{
    private static readonly GeometryFactory Factory = new(new PrecisionModel(), 0, PackedCoordinateSequenceFactory.DoubleFactory);

    /// <summary>The zone as a multipolygon; empty for an unusable zone.</summary>
    public static MultiPolygon Of(ZonePolygons zones, int zone)
    {
        var polygons = new List<Polygon>();
        LinearRing? shell = null;
        var holes = new List<LinearRing>();
        for (var ring = zones.ZoneRings[zone]; ring < zones.ZoneRings[zone + 1]; ring++)
        {
            var (start, end) = (zones.RingStarts[ring], zones.RingStarts[ring + 1]);
            var packed = new double[2 * (end - start)];
            var twice = 0.0;
            for (var i = start; i < end; i++)
            {
                (packed[2 * (i - start)], packed[2 * (i - start) + 1]) = (zones.X[i], zones.Y[i]);
                if (i + 1 < end) twice += (zones.X[i] - zones.X[start]) * (zones.Y[i + 1] - zones.Y[start]) - (zones.X[i + 1] - zones.X[start]) * (zones.Y[i] - zones.Y[start]);
            }
            var linear = Factory.CreateLinearRing(PackedCoordinateSequenceFactory.DoubleFactory.Create(packed, 2, 0));
            if (twice < 0)
            {
                holes.Add(linear);
                continue;
            }
            if (shell is not null) polygons.Add(Factory.CreatePolygon(shell, [.. holes]));
            (shell, holes) = (linear, []);
        }
        if (shell is not null) polygons.Add(Factory.CreatePolygon(shell, [.. holes]));
        return Factory.CreateMultiPolygon([.. polygons]);
    }
}
