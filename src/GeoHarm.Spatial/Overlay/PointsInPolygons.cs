using GeoHarm.Spatial.Zonal;
using NetTopologySuite.Geometries;
using NetTopologySuite.Index.Strtree;

namespace GeoHarm.Spatial.Overlay;

/// <summary>Which polygon holds each of many points: boxes by STRtree, then crossings of a ray on an edge grid made for
/// each polygon met, with exact orientation. A point on a border belongs to the first polygon in order.</summary>
public sealed class PointsInPolygons
{
    private readonly ZonePolygons zones;
    private readonly EdgeIndex?[] indices;
    private readonly STRtree<int> tree = new();

    /// <summary>Prepares the polygons; unusable ones hold no point.</summary>
    public PointsInPolygons(ZonePolygons zones)
    {
        this.zones = zones;
        indices = new EdgeIndex?[zones.Count];
        for (var zone = 0; zone < zones.Count; zone++)
        {
            if (zones.Bounds(zone) is { } bounds) tree.Insert(bounds, zone);
        }
        tree.Build();
    }

    /// <summary>Index of the first polygon that holds the point, -1 for none. Not to be shared by threads.</summary>
    public int Find(double x, double y)
    {
        if (!double.IsFinite(x) || !double.IsFinite(y)) return -1;
        var found = -1;
        foreach (var zone in tree.Query(new Envelope(x, x, y, y)))
        {
            if (found >= 0 && zone > found) continue;
            if ((indices[zone] ??= new EdgeIndex(zones, zone)).Locate(x, y) >= 0) found = zone;
        }
        return found;
    }
}
