using GeoHarm.Spatial.Layers;

namespace GeoHarm.Maps.Pictures;

/// <summary>
/// Clusters of local Moran or hot and cold spots of Gi*, as <c>geoharm stats</c> names them: HighHigh, LowLow, HighLow,
/// LowHigh, None, Island (Anselin 1995, doi 10.1111/j.1538-4632.1995.tb00338.x). Warm colours are high, dark ones lie
/// among their like; low ones carry level lines, so that the map reads in grey.
/// </summary>
/// <param name="Source">Zones.</param>
/// <param name="Column">Text column with the cluster.</param>
/// <param name="Title">Legend title.</param>
public sealed record ClusterMap(PublishedLayer Source, string Column, string Title) : MapLayer(Source)
{
    private static readonly (string Cluster, string Colour, Pattern Pattern, string Words)[] Kinds =
    [
        ("HighHigh", "#AE4E0C", Pattern.None, "cluster.highHigh"),
        ("HighLow", "#FBD5A8", Pattern.None, "cluster.highLow"),
        ("LowHigh", "#BBD8EC", Pattern.Horizontal, "cluster.lowHigh"),
        ("LowLow", "#0B4A85", Pattern.Horizontal, "cluster.lowLow"),
        ("None", "#FAFAF8", Pattern.None, "cluster.none"),
        ("Island", "#DDDCD8", Pattern.NoValue, "cluster.island"),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns => [Column];

    internal override void Draw(MapScene scene)
    {
        var column = Source.Layer[Column];
        var drawn = 0;
        foreach (var row in Rows())
        {
            if (scene.PathAt(Source.Layer, row) is not { } path) continue;
            var kind = KindOf(column.TextAt(row));
            if (kind < 0) scene.Ink.Note($"GH6012 '{column.TextAt(row)}' is no cluster; HighHigh, HighLow, LowHigh, LowLow, None and Island are");
            var (_, colour, pattern, _) = Kinds[kind < 0 ? Kinds.Length - 1 : kind];
            Zone(scene, path, colour, pattern);
            drawn++;
        }
        foreach (var row in Rows())
        {
            if (scene.PathAt(Source.Layer, row) is { } path) Outline(scene, path);
        }
        if (drawn == 0) scene.Ink.Note($"GH6006 no zone of '{Source.Layer.Name}' lies in the map");
    }

    // Every kind stands in the legend with its number of zones: an absent one is a finding too.
    internal override IEnumerable<LegendBlock> Legend(MapScene scene)
    {
        var counts = new int[Kinds.Length];
        var column = Source.Layer[Column];
        foreach (var row in Rows())
        {
            if (KindOf(column.TextAt(row)) is >= 0 and var kind) counts[kind]++;
        }
        yield return new SwatchLegend(Title, [.. Kinds.Select((k, i) => (k, i)).Where(x => x.i < Kinds.Length - 1 || counts[x.i] > 0)
            .Select(x => new Swatch(x.k.Colour, x.k.Pattern, $"{scene.Words[x.k.Words]} ({scene.Words.Number(counts[x.i])})"))]);
    }

    private static int KindOf(string? cluster) => Array.FindIndex(Kinds, k => k.Cluster.Equals(cluster, StringComparison.OrdinalIgnoreCase));
}
