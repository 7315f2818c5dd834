using GeoHarm.Spatial.Layers;

namespace GeoHarm.Stores;

/// <summary>Applies a query to a layer in memory, for stores that cannot search their files.</summary>
internal static class LayerSelection
{
    /// <summary>The rows that match. Throws <see cref="KeyNotFoundException"/> for an unknown column.</summary>
    public static Layer Of(Layer layer, LayerQuery query)
    {
        if (query is { Extent: null, Equal: null, Limit: null }) return layer;
        var conditions = (query.Equal ?? new Dictionary<string, string>()).Select(e => (Column: layer[e.Key], Value: e.Value)).ToArray();
        var rows = new List<int>();
        for (var row = 0; row < layer.RowCount && rows.Count < (query.Limit ?? int.MaxValue); row++)
        {
            if (query.Extent is { } extent && layer.HasGeometry && !(layer.GeometryAt(row) is { } geometry && extent.Intersects(geometry.EnvelopeInternal))) continue;
            if (Array.TrueForAll(conditions, c => c.Column.TextAt(row) == c.Value)) rows.Add(row);
        }
        return layer.Take(rows);
    }
}
