using GeoHarm.Maps.Pictures;
using GeoHarm.Maps.Reports;
using GeoHarm.Maps.Styles;
using GeoHarm.Spatial.Layers;
using SkiaSharp;

namespace GeoHarm.Maps.Charts;

/// <summary>How often each option takes each rank over the draws: one level bar an option, cut into shares, the first
/// rank darkest. Shares wide enough carry their percentage.</summary>
/// <param name="Source">Table with one row an option.</param>
/// <param name="LabelColumn">Name of the option.</param>
/// <param name="ShareColumns">Share (0 to 1) of draws in rank 1, 2, ...</param>
public sealed record RankChart(PublishedLayer Source, string LabelColumn, IReadOnlyList<string> ShareColumns) : Panel
{
    /// <summary>Words before the key of ranks.</summary>
    public string KeyTitle { get; init; } = "";

    /// <summary>Share that the whole width stands for, 0 to 1; default 1. Give less where no option has all its draws in the ranks shown.</summary>
    public double FullShare { get; init; } = 1;

    /// <summary>Options drawn at most, the first of the table; default 20.</summary>
    public int AtMost { get; init; } = 20;

    /// <inheritdoc/>
    public override IEnumerable<(PublishedLayer, IReadOnlyList<int>, IReadOnlyList<string>)> Shown()
    {
        yield return (Source, Enumerable.Range(0, Count).ToArray(), [LabelColumn, .. ShareColumns]);
    }

    internal override IEnumerable<PublishedLayer> Sources() => [Source];

    internal override void Body(Ink ink, SKRect area, PictureStyle style, Wording words)
    {
        var (layer, text) = (Source.Layer, new TextStyle(style.LegendSize, style.Ink));
        if (layer.RowCount == 0)
        {
            ink.Paragraph(words["chart.empty"], area.Left, area.Top + 8, area.Width, text);
            return;
        }
        var label = Math.Min(area.Width * 0.4f, Enumerable.Range(0, Count).Max(r => ink.Width(words.Phrase(layer[LabelColumn].TextAt(r) ?? ""), text)));
        var (left, right) = (area.Left + label + 8, area.Right - 4);
        var pitch = Math.Min(28, (area.Height - 22) / Count);
        for (var row = 0; row < Count; row++)
        {
            var middle = area.Top + 18 + pitch * (row + 0.5f);
            ink.Text(words.Phrase(layer[LabelColumn].TextAt(row) ?? ""), left - 8, middle + text.Size * 0.36f, text, Align.Right);
            var x = left;
            for (var rank = 0; rank < ShareColumns.Count; rank++)
            {
                var share = layer[ShareColumns[rank]].Number(row);
                if (!(share > 0)) continue;
                var width = (right - left) * (float)Math.Min(1, share / FullShare);
                var colour = Colour(rank);
                ink.Box(new SKRect(x, middle - pitch * 0.36f, x + width, middle + pitch * 0.36f), colour);
                if (width > 26) ink.Text(words.Percent(share), x + width / 2, middle + text.Size * 0.36f, text with { Colour = Palette.Luminance(colour) < 0.35 ? "#FFFFFF" : style.Ink }, Align.Centre);
                x += width;
            }
        }
        var keyX = left;
        if (KeyTitle.Length > 0)
        {
            ink.Text(KeyTitle, left, area.Top + 8, text);
            keyX += ink.Width(KeyTitle, text) + 8;
        }
        for (var rank = 0; rank < ShareColumns.Count; rank++)
        {
            ink.Box(new SKRect(keyX, area.Top, keyX + 12, area.Top + 9), Colour(rank));
            ink.Text((rank + 1).ToString(System.Globalization.CultureInfo.InvariantCulture), keyX + 16, area.Top + 8, text);
            keyX += 34;
        }
    }

    private int Count => Math.Min(AtMost, Source.Layer.RowCount);

    private string Colour(int rank) => Palette.Violet.At(0.95 - 0.85 * rank / Math.Max(1, ShareColumns.Count - 1));
}
