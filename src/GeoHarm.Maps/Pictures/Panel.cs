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

    /// <summary>Draws title, subtitle and body.</summary>
    internal void Draw(Ink ink, SKRect area, PictureStyle style, Wording words)
    {
        var top = area.Top;
        if (Title.Length > 0) top = ink.Paragraph(Title, area.Left, top, area.Width, new TextStyle(style.PanelTitleSize, style.Ink, true));
        if (Subtitle.Length > 0) top = ink.Paragraph(Subtitle, area.Left, top, area.Width, new TextStyle(style.LegendSize, style.Faint)) + 1;
        if (top > area.Top) top += 4;
        Body(ink, new SKRect(area.Left, top, area.Right, area.Bottom), style, words);
    }
}
