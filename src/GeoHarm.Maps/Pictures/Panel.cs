using GeoHarm.Maps.Reports;
using GeoHarm.Maps.Styles;
using GeoHarm.Spatial.Layers;
using SkiaSharp;

namespace GeoHarm.Maps.Pictures;

/// <summary>One part of a picture: a map or a chart with its own title and legend.</summary>
public abstract record Panel
{
    /// <summary>Title; on a picture of one panel, left empty (the picture has its own).</summary>
    public string Title { get; init; } = "";

    /// <summary>Line under the title.</summary>
    public string Subtitle { get; init; } = "";

    /// <summary>Share of the row's width against its neighbours; default 1.</summary>
    public float Weight { get; init; } = 1;

    /// <summary>What the panel shows, for the data beside the picture: layer, rows, columns.</summary>
    public abstract IEnumerable<(PublishedLayer Source, IReadOnlyList<int> Rows, IReadOnlyList<string> Columns)> Shown();

    internal abstract void Body(Ink ink, SKRect area, PictureStyle style, Wording words);

    /// <summary>Every layer of the panel, for the audience.</summary>
    internal abstract IEnumerable<PublishedLayer> Sources();

    /// <summary>Draws title, subtitle and body; the body begins under the tallest head of the row, so that frames and legends stand level.</summary>
    internal void Draw(Ink ink, SKRect area, float head, PictureStyle style, Wording words)
    {
        var (title, subtitle) = Heads(style);
        var top = area.Top;
        if (Title.Length > 0) top = ink.Paragraph(Title, area.Left, top, area.Width, title);
        if (Subtitle.Length > 0) ink.Paragraph(Subtitle, area.Left, top, area.Width, subtitle);
        Body(ink, new SKRect(area.Left, area.Top + head, area.Right, area.Bottom), style, words);
    }

    /// <summary>Height of title and subtitle with the space under them; 0 without.</summary>
    internal float HeadHeight(Ink ink, float width, PictureStyle style)
    {
        var (title, subtitle) = Heads(style);
        var height = Title.Length > 0 ? ink.Wrap(Title, title, width).Count * title.Leading : 0;
        if (Subtitle.Length > 0) height += ink.Wrap(Subtitle, subtitle, width).Count * subtitle.Leading + 1;
        return height > 0 ? height + 4 : 0;
    }

    private static (TextStyle Title, TextStyle Subtitle) Heads(PictureStyle style) =>
        (new TextStyle(style.PanelTitleSize, style.Ink, true), new TextStyle(style.LegendSize, style.Faint));
}
