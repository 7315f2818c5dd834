using GeoHarm.Maps.Pictures.Projections;
using GeoHarm.Maps.Reports;
using GeoHarm.Maps.Styles;
using GeoHarm.Spatial.Layers;
using SkiaSharp;

namespace GeoHarm.Maps.Pictures;

/// <summary>A small map beside the main one: the same layers in another window.</summary>
/// <param name="Extent">Its window.</param>
/// <param name="Title">Words over it.</param>
public sealed record Inset(MapExtent Extent, string Title);

/// <summary>
/// A map: visual layers from the bottom up in an equal-area projection, with legend, scale bar and graticule. Draw it
/// with <see cref="Picture"/>. It takes published layers only.
/// </summary>
public sealed record MapSpec : Panel
{
    private const float LeftGutter = 24;
    private const float BottomGutter = 11;

    /// <summary>Windows up to this many degrees may show their neighbours at ease; beyond, the frame keeps close.</summary>
    private const double WidestRegion = 50;

    /// <summary>Visual layers, the lowest first.</summary>
    public required IReadOnlyList<MapLayer> Layers { get; init; }

    /// <summary>Window; null for the one around the theme's rows.</summary>
    public MapExtent? Extent { get; init; }

    /// <summary>Projection; azimuthal or, for the world, Equal Earth by default.</summary>
    public ProjectionKind Projection { get; init; } = ProjectionKind.Auto;

    /// <summary>Small maps in the legend's column.</summary>
    public IReadOnlyList<Inset> Insets { get; init; } = [];

    /// <summary>Whether meridians and parallels are drawn.</summary>
    public bool HasGraticule { get; init; } = true;

    /// <summary>Whether the legend is drawn; off where a neighbour panel shows the same.</summary>
    public bool HasLegend { get; init; } = true;

    /// <inheritdoc/>
    public override IEnumerable<(PublishedLayer, IReadOnlyList<int>, IReadOnlyList<string>)> Shown() =>
        Layers.Where(l => l.IsTheme).Select(l => (l.Source, l.Rows(), l.Columns));

    /// <summary>The window in force. Throws <see cref="InvalidInputException"/> (GH6008) when no layer has geometry there.</summary>
    public MapExtent ExtentInForce()
    {
        if (Extent is not null) return Extent;
        var themes = Layers.Where(l => l.IsTheme).ToArray();
        foreach (var layers in new[] { themes, Layers })
        {
            var boxes = layers.Where(l => l.Source.Layer.HasGeometry).Select(l => MapExtent.Of(l.Source, l.Rows())).OfType<MapExtent>().ToArray();
            if (boxes.Length > 0)
                return new MapExtent(boxes.Min(b => b.West), boxes.Min(b => b.South), Math.Min(boxes.Min(b => b.West) + 360, boxes.Max(b => b.East)), boxes.Max(b => b.North)).Grown(0.04);
        }
        throw new InvalidInputException([new Fault(FaultSeverity.Error, "GH6008", Layers.Count > 0 ? Layers[0].Source.Layer.Name : Title, "map",
            "No layer of the map has geometry in the rows drawn: there is nothing to show.", "Give a layer with geometry, or a window (Extent).")]);
    }

    internal override IEnumerable<PublishedLayer> Sources() => Layers.Select(l => l.Source);

    internal override void Body(Ink ink, SKRect area, PictureStyle style, Wording words)
    {
        var extent = ExtentInForce();
        var column = HasLegend ? Math.Clamp(area.Width * 0.245f, 104, 178) : 0;
        var left = area.Left + (HasGraticule ? LeftGutter : 0);
        var right = area.Right - column - (HasLegend ? 14 : 0);
        var frame = new SKRect(left, area.Top, right, area.Bottom - (HasGraticule ? BottomGutter : 0));
        using var scene = Scene(ink, extent, Fitted(extent, frame), style, words);
        DrawFrame(scene, HasGraticule, true);
        var beside = scene.Projector.Frame.Right + 14;
        if (HasLegend) Legend(scene, new SKRect(beside, area.Top, beside + column, frame.Bottom));
    }

    // A frame much taller or wider than the window would show what nobody asked for, at worst the far side of the
    // globe: it is cut, from below or from the right.
    private SKRect Fitted(MapExtent extent, SKRect frame)
    {
        var most = Math.Max(extent.East - extent.West, extent.North - extent.South) > WidestRegion ? 1.3f : 3f;
        var trial = new Projector(MapProjections.For(Projection, extent), extent, frame);
        var (width, height) = trial.SizeOf(extent);
        return new SKRect(frame.Left, frame.Top, Math.Min(frame.Right, frame.Left + width * most), Math.Min(frame.Bottom, frame.Top + height * most));
    }

    private MapScene Scene(Ink ink, MapExtent extent, SKRect frame, PictureStyle style, Wording words) =>
        new(ink, new Projector(MapProjections.For(Projection, extent), extent, frame), style, words);

    private void DrawFrame(MapScene scene, bool graticule, bool names)
    {
        var (ink, frame) = (scene.Ink, scene.Projector.Frame);
        var step = graticule ? Furniture.StepOf(scene.Projector) : 0;
        ink.Canvas.Save();
        ink.Canvas.ClipRect(frame);
        ink.Box(frame, scene.Style.Sea);
        if (graticule) Furniture.Graticule(scene, step);
        foreach (var layer in Layers) layer.Draw(scene);
        if (names)
        {
            Furniture.ScaleBar(scene);
            foreach (var layer in Layers) layer.Label(scene);
        }
        ink.Canvas.Restore();
        ink.Frame(frame, scene.Style.Faint, 0.7f);
        if (graticule) Furniture.GraticuleLabels(scene, step);
    }

    internal void LegendAlone(Ink ink, SKRect area, PictureStyle style, Wording words)
    {
        using var scene = Scene(ink, ExtentInForce(), area, style, words);
        Legend(scene, area);
    }

    private void Legend(MapScene scene, SKRect box)
    {
        var blocks = Layers.Reverse().SelectMany(l => l.Legend(scene)).ToArray();
        var style = scene.Style;
        var needed = blocks.Sum(b => b.Draw(scene.Ink, 0, 0, box.Width, style, true) + 8);

        // A legend that does not fit is set smaller, down to what print can carry.
        while (needed > box.Height && style.LegendSize > 5.6f)
        {
            style = style with { LegendSize = style.LegendSize - 0.4f };
            needed = blocks.Sum(b => b.Draw(scene.Ink, 0, 0, box.Width, style, true) + 8);
        }
        if (needed > box.Height) scene.Ink.Note("GH6009 the legend is taller than the map: draw a larger picture or fewer layers");
        var top = box.Top;
        foreach (var block in blocks) top = block.Draw(scene.Ink, box.Left, top, box.Width, style, false) + 8;
        DrawInsets(scene, new SKRect(box.Left, top + 4, box.Right, box.Bottom));
    }

    private void DrawInsets(MapScene scene, SKRect room)
    {
        if (Insets.Count == 0) return;
        const float Head = 11;
        var height = Math.Min(110, room.Height / Insets.Count - Head - 6);
        if (height < 36)
        {
            scene.Ink.Note($"GH6010 no room for {Insets.Count} insets beside the legend: draw a larger picture");
            return;
        }
        var top = room.Bottom - Insets.Count * (height + Head + 6) + 6;
        foreach (var inset in Insets)
        {
            var text = new TextStyle(scene.Style.CreditSize, scene.Style.Faint);
            var title = scene.Ink.Wrap(inset.Title, text, room.Width);
            scene.Ink.Text(title.Count > 1 ? title[0].TrimEnd(',') + "\u2026" : inset.Title, room.Left, top + text.Size + 1, text);
            var frame = new SKRect(room.Left, top + Head, room.Right, top + Head + height);
            using var small = Scene(scene.Ink, inset.Extent, frame, scene.Style, scene.Words);
            DrawFrame(small, false, false);
            top += height + Head + 6;
        }
    }
}

/// <summary>The legend of a map as a panel of its own, for maps side by side that share one: their frames are then the same
/// size, which a legend inside one of them would prevent.</summary>
/// <param name="Of">One of those maps.</param>
public sealed record LegendPanel(MapSpec Of) : Panel
{
    /// <inheritdoc/>
    public override IEnumerable<(PublishedLayer, IReadOnlyList<int>, IReadOnlyList<string>)> Shown() => [];

    internal override IEnumerable<PublishedLayer> Sources() => Of.Sources();

    internal override void Body(Ink ink, SKRect area, PictureStyle style, Wording words) => Of.LegendAlone(ink, area, style, words);
}
