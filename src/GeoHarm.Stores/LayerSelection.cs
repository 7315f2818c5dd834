using GeoHarm.Spatial.Layers;

namespace GeoHarm.Stores;

/// <summary>Applies a query to layers in memory, for stores that cannot search their files.</summary>
internal static class LayerSelection
{
    /// <summary>The rows that match. Throws <see cref="KeyNotFoundException"/> for an unknown column.</summary>
    public static Layer Of(Layer layer, LayerQuery query)
    {
        if (query is { Extent: null, Equal: null, Limit: null, Time: null }) return layer;
        var conditions = (query.Equal ?? new Dictionary<string, string>()).Select(e => (Column: layer[e.Key], Value: e.Value)).ToArray();
        var time = query.Time is { } t ? Timed(layer[t.Field].Type, t) : null;
        var rows = new List<int>();
        for (var row = 0; row < layer.RowCount && rows.Count < (query.Limit ?? int.MaxValue); row++)
        {
            if (query.Extent is { } extent && layer.HasGeometry && !(layer.GeometryAt(row) is { } geometry && extent.Intersects(geometry.EnvelopeInternal))) continue;
            if (time is not null && !Holds(layer[time.Field], row, time)) continue;
            if (Array.TrueForAll(conditions, c => c.Column.TextAt(row) == c.Value)) rows.Add(row);
        }
        return layer.Take(rows);
    }

    /// <summary>The rows that match, part by part; parts without a match are left out, except that there is at least one part.</summary>
    public static IEnumerable<Layer> Of(IEnumerable<Layer> parts, LayerQuery query)
    {
        Layer? none = null;
        var (left, any) = (query.Limit ?? int.MaxValue, false);
        foreach (var part in parts)
        {
            var found = Of(part, query with { Limit = query.Limit is null ? null : left });
            left -= found.RowCount;
            none ??= found.RowCount == 0 ? found : null;
            if (found.RowCount > 0) yield return found;
            any |= found.RowCount > 0;
            if (left <= 0) break;
        }
        if (!any && none is not null) yield return none;
    }

    /// <summary>The range, when the column can hold time.</summary>
    public static TimeRange Timed(FieldType type, TimeRange time) => type is FieldType.Date or FieldType.Integer
        ? time
        : throw new ArgumentException($"Column '{time.Field}' holds {type}; a time range needs dates or whole years.");

    private static bool Holds(Column column, int row, TimeRange time) => column.Type == FieldType.Date
        ? column.DateAt(row) is { } date && date >= time.From && date <= time.To
        : column.IntegerAt(row) is { } year && year >= time.From.Year && year <= time.To.Year;
}
