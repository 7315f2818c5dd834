using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using NetTopologySuite.Geometries;

namespace GeoHarm.Spatial.Zonal;

/// <summary>
/// Polygons of zones as plain arrays of closed rings, shells counter-clockwise and holes clockwise, ready to be laid
/// over a raster. A zone that cannot be used keeps its place, holds no ring and has a fault. Made by
/// <see cref="ZonePolygonBuilder"/>; immutable, shared by threads.
/// </summary>
public sealed class ZonePolygons
{
    private Envelope?[]? bounds;

    internal ZonePolygons(
        CoordinateSystem crs, bool geographic, string[] ids, double[] x, double[] y, int[] ringStarts, int[] zoneRings, bool[] bad, IReadOnlyList<Fault> faults, string source)
    {
        (Crs, IsGeographic, Ids, X, Y, RingStarts, ZoneRings, Bad, Faults, Source) = (crs, geographic, ids, x, y, ringStarts, zoneRings, bad, faults, source);
    }

    /// <summary>Coordinate system of the vertices.</summary>
    public CoordinateSystem Crs { get; }

    /// <summary>Whether x is longitude in degrees, so that 360 degrees lead to the same place.</summary>
    public bool IsGeographic { get; }

    /// <summary>Identifiers, one a zone, in the order given.</summary>
    public IReadOnlyList<string> Ids { get; }

    /// <summary>Number of zones, the unusable ones included.</summary>
    public int Count => Ids.Count;

    /// <summary>Number of vertices, closing vertices included.</summary>
    public int VertexCount => RingStarts[^1];

    /// <summary>What is wrong with zones, one fault a zone.</summary>
    public IReadOnlyList<Fault> Faults { get; }

    /// <summary>Name of the file or layer the zones came from, for faults.</summary>
    public string Source { get; }

    /// <summary>x of all vertices; there may be room behind them.</summary>
    internal double[] X { get; }

    /// <summary>y of all vertices; there may be room behind them.</summary>
    internal double[] Y { get; }

    /// <summary>First vertex of each ring, and the number of vertices at the end.</summary>
    internal int[] RingStarts { get; }

    /// <summary>First ring of each zone, and the number of rings at the end.</summary>
    internal int[] ZoneRings { get; }

    internal bool[] Bad { get; }

    /// <summary>Whether the zone cannot be used.</summary>
    public bool IsBad(int zone) => Bad[zone];

    /// <summary>Zones of a layer; ids are the texts of the column.</summary>
    public static ZonePolygons Of(Layer layer, string idColumn, bool geographic)
    {
        if (!layer.HasGeometry) throw new InvalidInputException([new Fault(FaultSeverity.Error, "GH3201", layer.Name, "", "the layer has no geometry", "take a polygon layer as zones")]);
        var ids = layer[idColumn];
        var builder = new ZonePolygonBuilder(layer.Crs!, geographic, layer.Name);
        for (var row = 0; row < layer.RowCount; row++) builder.Add(ids.TextAt(row) ?? $"row {row + 1}", layer.GeometryAt(row));
        return builder.Build();
    }

    /// <summary>The same zones in another coordinate system. The transformation changes x and y in place and leaves NaN where
    /// a point has no image; zones with such a point become unusable. Edges stay straight between their moved ends.</summary>
    public ZonePolygons InSystem(CoordinateSystem crs, bool geographic, Action<double[], double[]> transform)
    {
        var (x, y) = (X[..VertexCount], Y[..VertexCount]);
        transform(x, y);
        var bad = (bool[])Bad.Clone();
        var faults = Faults.ToList();
        for (var zone = 0; zone < Count; zone++)
        {
            var (from, to) = (RingStarts[ZoneRings[zone]], RingStarts[ZoneRings[zone + 1]]);
            if (bad[zone] || Array.FindIndex(x, from, to - from, v => !double.IsFinite(v)) < 0) continue;
            bad[zone] = true;
            faults.Add(new Fault(FaultSeverity.Error, "GH3210", Source, $"feature {zone + 1} ({Ids[zone]})", "it lies outside what the raster's projection can show", "take a raster in longitude and latitude"));
        }
        return new ZonePolygons(crs, geographic, [.. Ids], x, y, RingStarts, ZoneRings, bad, faults, Source);
    }

    /// <summary>Bounds of a zone, in CRS units; null where it holds no ring.</summary>
    internal Envelope? Bounds(int zone) => (bounds ??= Measure())[zone];

    private Envelope?[] Measure()
    {
        var all = new Envelope?[Count];
        for (var zone = 0; zone < all.Length; zone++)
        {
            var (from, to) = (RingStarts[ZoneRings[zone]], RingStarts[ZoneRings[zone + 1]]);
            if (from == to || Bad[zone]) continue;
            double minX = X[from], maxX = minX, minY = Y[from], maxY = minY;
            for (var i = from + 1; i < to; i++)
            {
                var (x, y) = (X[i], Y[i]);
                if (x < minX) minX = x;
                if (x > maxX) maxX = x;
                if (y < minY) minY = y;
                if (y > maxY) maxY = y;
            }
            all[zone] = new Envelope(minX, maxX, minY, maxY);
        }
        return all;
    }
}
