using GeoHarm.Maps.Styles;
using GeoHarm.Spatial.Layers;
using SkiaSharp;

namespace GeoHarm.Maps.Pictures;

/// <summary>
/// One visual layer of a map, drawn in the order of <see cref="MapSpec.Layers"/>. It takes a <see cref="PublishedLayer"/>
/// and nothing else: what has not passed the publication gate cannot be drawn.
/// </summary>
/// <param name="Source">What is drawn.</param>
public abstract record MapLayer(PublishedLayer Source)
{
    /// <summary>Which rows are drawn; null for all. Extent is not used here (the map has its own).</summary>
    public LayerQuery? Where { get; init; }

    /// <summary>Columns whose numbers the layer shows, for the data beside the picture.</summary>
    public abstract IReadOnlyList<string> Columns { get; }

    /// <summary>Whether the layer carries the map's message (its rows go into the data file) or is a backdrop.</summary>
    public virtual bool IsTheme => true;

    internal abstract void Draw(MapScene scene);

    internal virtual void Label(MapScene scene)
    {
    }

    internal virtual IEnumerable<LegendBlock> Legend(MapScene scene) => [];

    /// <summary>Row numbers that <see cref="Where"/> keeps.</summary>
    internal IReadOnlyList<int> Rows()
    {
        var layer = Source.Layer;
        var rows = Enumerable.Range(0, layer.RowCount);
        foreach (var (name, value) in Where?.Equal ?? new Dictionary<string, string>())
        {
            var column = layer[name];
            rows = rows.Where(r => column.TextAt(r) == value);
        }
        if (Where?.Limit is { } limit) rows = rows.Take(limit);
        return rows.ToArray();
    }

    /// <summary>Zones smaller than this many points would be all outline and no colour: they are drawn without.</summary>
    private const float SmallestOutlined = 3;

    /// <summary>Fills one shape of a theme and its pattern. A shape too small for an outline covers the seam to its
    /// neighbour with its own colour, and carries no pattern, which could not be read.</summary>
    private protected static void Zone(MapScene scene, SKPath path, string colour, Pattern pattern)
    {
        scene.Ink.Fill(path, colour);
        if (IsSmall(path)) scene.Ink.Stroke(path, colour, 0.3f);
        else PatternFill.Draw(scene.Ink.Canvas, path, pattern);
    }

    /// <summary>Outlines one shape of a theme, where it is large enough.</summary>
    private protected static void Outline(MapScene scene, SKPath path)
    {
        if (!IsSmall(path)) scene.Ink.Stroke(path, scene.Style.ZoneOutline, scene.Style.ZoneOutlineWidth);
    }

    private static bool IsSmall(SKPath path) => Math.Max(path.Bounds.Width, path.Bounds.Height) < SmallestOutlined;
}

/// <summary>Land, coasts and borders under the theme, or outlines over it.</summary>
/// <param name="Source">Polygons.</param>
/// <param name="Fill">Whether land is filled; outlines alone otherwise.</param>
public sealed record Basemap(PublishedLayer Source, bool Fill = true) : MapLayer(Source)
{
    /// <summary>Width of the outlines, points; null for the style's, 0 for none.</summary>
    public float? OutlineWidth { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns => [];

    /// <inheritdoc/>
    public override bool IsTheme => false;

    internal override void Draw(MapScene scene)
    {
        var width = OutlineWidth ?? (Fill ? scene.Style.LandOutlineWidth : scene.Style.ZoneOutlineWidth);
        foreach (var row in Rows())
        {
            if (scene.PathAt(Source.Layer, row) is not { } path) continue;
            if (Fill) scene.Ink.Fill(path, scene.Style.Land);
            if (width > 0) scene.Ink.Stroke(path, Fill ? scene.Style.LandOutline : scene.Style.ZoneOutline, width);
        }
    }
}

/// <summary>Names, placed without overlap, the most important first; those without room are left out.</summary>
/// <param name="Source">Zones or points.</param>
/// <param name="NameColumn">Text column with the names.</param>
public sealed record NameLabels(PublishedLayer Source, string NameColumn) : MapLayer(Source)
{
    /// <summary>Names wider than this share of their zone are only drawn among the first <see cref="Always"/>.</summary>
    private const float WidestShare = 1.25f;

    /// <summary>Numeric column whose size orders the names; null for the size of the zone.</summary>
    public string? ImportanceColumn { get; init; }

    /// <summary>Numeric column printed under the name; null for none.</summary>
    public string? ValueColumn { get; init; }

    /// <summary>Whether the printed numbers carry their sign; those of columns named _change do anyway.</summary>
    public bool HasSignedValues { get; init; }

    /// <summary>Most names; default 40, what a page-wide map can carry.</summary>
    public int AtMost { get; init; } = 40;

    /// <summary>Zones whose number is below this share of the largest are not named; default 0, all are.</summary>
    public double LeastShare { get; init; }

    /// <summary>Only these rows are named; null for all that <see cref="MapLayer.Where"/> keeps.</summary>
    public IReadOnlySet<int>? Only { get; init; }

    /// <summary>Circles that the names stand beside, of the same source; null where names stand inside their zones.</summary>
    public Symbols? Beside { get; init; }

    /// <summary>Space between a name and its point where it does not stand on it, points; default 3.</summary>
    public float Clearance { get; init; } = 3;

    /// <summary>So many names are drawn even when wider than their zone; default 8.</summary>
    public int Always { get; init; } = 8;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns => [];

    /// <inheritdoc/>
    public override bool IsTheme => false;

    internal override void Draw(MapScene scene)
    {
    }

    internal override void Label(MapScene scene)
    {
        var layer = Source.Layer;
        var name = layer[NameColumn];
        var rank = 0;
        foreach (var row in InOrder(scene).Take(AtMost))
        {
            if (name.TextAt(row) is not { Length: > 0 } own || scene.PointAt(layer, row) is not { } point) continue;
            var text = scene.Words.Phrase(own);
            if (!Ink.CanWrite(text))
            {
                scene.Ink.Note($"GH6004 the name '{text}' is not drawn: the embedded font has no such characters");
                continue;
            }
            var room = scene.PathAt(layer, row)?.Bounds.Width ?? float.MaxValue;
            Put(scene, row, text, point, rank++ < Always ? float.MaxValue : room * WidestShare);
        }
    }

    private IEnumerable<int> InOrder(MapScene scene) => ImportanceColumn is null
        ? Rows().Where(r => Only?.Contains(r) != false).OrderByDescending(r => scene.PathAt(Source.Layer, r) is { } p ? p.Bounds.Width * p.Bounds.Height : 0).ThenBy(r => r)
        : Rows().Where(r => Only?.Contains(r) != false && Math.Abs(Source.Layer[ImportanceColumn].Number(r)) >= LeastShare * Largest() && Source.Layer[ImportanceColumn].Number(r) != 0)
            .OrderByDescending(r => Math.Abs(Source.Layer[ImportanceColumn].Number(r))).ThenBy(r => r);

    private double Largest()
    {
        var column = Source.Layer[ImportanceColumn!];
        return Rows().Select(r => Math.Abs(column.Number(r))).Where(double.IsFinite).DefaultIfEmpty(0).Max();
    }

    private void Put(MapScene scene, int row, string text, SKPoint point, float widest)
    {
        var style = new TextStyle(scene.Style.LabelSize, scene.Style.Ink, false, "#FFFFFF");
        var lines = new List<(string Text, TextStyle Style)> { (text, style) };
        if (scene.Ink.Width(text, style) > Math.Min(widest, 62) && text.Contains(' '))
        {
            lines = scene.Ink.Wrap(text, style, Math.Max(scene.Ink.Width(text, style) * 0.62f, 30)).Select(l => (l, style)).ToList();
        }
        if (ValueColumn is not null && !double.IsNaN(Source.Layer[ValueColumn].Number(row)))
        {
            var signed = HasSignedValues || ValueColumn.EndsWith("_change", StringComparison.Ordinal);
            lines.Add((scene.Words.Number(Source.Layer[ValueColumn].Number(row), signed), style with { Bold = true }));
        }
        var width = lines.Max(l => scene.Ink.Width(l.Text, l.Style));
        if (width > widest) return;
        if (scene.Labels.Place(point, width, lines.Count * style.Leading, Math.Max(Clearance, Beside is null ? 0 : Beside.RadiusAt(row) + 2)) is not { } box) return;
        var y = box.MidY - lines.Count * style.Leading / 2;
        foreach (var (line, look) in lines)
        {
            scene.Ink.Text(line, box.MidX, y + look.Size, look, Align.Centre);
            y += look.Leading;
        }
    }
}
