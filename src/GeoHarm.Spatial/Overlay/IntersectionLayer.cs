using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Zonal;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Prepared;
using NetTopologySuite.Operation.OverlayNG;

namespace GeoHarm.Spatial.Overlay;

/// <summary>
/// The intersections themselves as a layer: columns a, b and area_ha. Each polygon of the first layer is prepared once;
/// where it covers its partner, or the partner covers it, the covered polygon is the answer and no overlay is made; the
/// others go to OverlayNG with its snapping retries. Parts without area (touching lines, points) are left out. A pair whose
/// shape cannot be made (a ring that crosses itself) keeps its row and area without one: fault GH3302.
/// </summary>
public static class IntersectionLayer
{
    /// <summary>Makes the layer of the pairs found by <see cref="IntersectionAreas"/>.</summary>
    public static Layer Of(string name, ZonePolygons a, ZonePolygons b, OverlayResult overlay, ICollection<Fault>? faults = null, Sensitivity sensitivity = Sensitivity.Open, CancellationToken cancellation = default)
    {
        var shapes = new Geometry?[overlay.Pairs.Count];
        var geometriesB = new MultiPolygon?[b.Count];
        IPreparedGeometry? prepared = null;
        for (var i = 0; i < shapes.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var pair = overlay.Pairs[i];
            if (prepared is null || overlay.Pairs[i - 1].A != pair.A) prepared = PreparedGeometryFactory.Prepare(ZoneGeometry.Of(a, pair.A));
            var other = geometriesB[pair.B] ??= ZoneGeometry.Of(b, pair.B);
            try
            {
                shapes[i] = prepared.Covers(other) ? other : Common(prepared.Geometry, other);
            }
            catch (Exception failure) when (failure is TopologyException or ArgumentException)
            {
                faults?.Add(IntersectionAreas.NoOverlay(a, pair.A, b, pair.B, failure));
            }
        }
        return new Layer(name, Columns(a, b, overlay), shapes, a.Crs, sensitivity);
    }

    /// <summary>The same without the shapes, which need not be computed then.</summary>
    public static Layer Table(string name, ZonePolygons a, ZonePolygons b, OverlayResult overlay, Sensitivity sensitivity = Sensitivity.Open) =>
        new(name, Columns(a, b, overlay), sensitivity: sensitivity);

    private static Column[] Columns(ZonePolygons a, ZonePolygons b, OverlayResult overlay) =>
    [
        Column.Text("a", overlay.Pairs.Select(p => a.Ids[p.A])), Column.Text("b", overlay.Pairs.Select(p => b.Ids[p.B])),
        Column.Real("area_ha", overlay.Pairs.Select(p => p.SquareMetres / 10_000), "ha"),
    ];

    private static MultiPolygon Common(Geometry left, Geometry right)
    {
        var common = OverlayNGRobust.Overlay(left, right, NetTopologySuite.Operation.Overlay.SpatialFunction.Intersection);
        var parts = Enumerable.Range(0, common.NumGeometries).Select(common.GetGeometryN).OfType<Polygon>().Where(p => !p.IsEmpty);
        return left.Factory.CreateMultiPolygon([.. parts]);
    }
}
