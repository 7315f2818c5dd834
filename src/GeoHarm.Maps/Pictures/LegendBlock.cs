using GeoHarm.Maps.Styles;
using SkiaSharp;

namespace GeoHarm.Maps.Pictures;

/// <summary>One part of a legend: a title and what it explains. Measured and drawn by the same code.</summary>
internal abstract class LegendBlock(string title)
{
    /// <summary>Space between the key and its words.</summary>
    protected const float Gap = 5;

    /// <summary>What the block explains, with the unit.</summary>
    public string Title { get; } = title;

    /// <summary>Draws the block from its top edge; returns the bottom edge. With <paramref name="measure"/>, only measures.</summary>
    public float Draw(Ink ink, float x, float top, float width, PictureStyle style, bool measure)
    {
        var head = new TextStyle(style.LegendSize, style.Ink, true);
        foreach (var line in ink.Wrap(Title, head, width))
        {
            if (!measure) ink.Text(line, x, top + head.Size, head);
            top += head.Leading;
        }
        return Body(ink, x, top + 2, width, style, measure);
    }

    /// <summary>Draws what follows the title.</summary>
    protected abstract float Body(Ink ink, float x, float top, float width, PictureStyle style, bool measure);

    /// <summary>Words beside a key, wrapped; returns the bottom edge.</summary>
    protected static float Words(Ink ink, string words, float x, float top, float width, float keyHeight, PictureStyle style, bool measure)
    {
        var text = new TextStyle(style.LegendSize, style.Ink);
        var lines = ink.Wrap(words, text, width);
        var y = top + (lines.Count == 1 ? (keyHeight - text.Size) / 2 - 0.6f : -1f);
        foreach (var line in lines)
        {
            if (!measure) ink.Text(line, x, y + text.Size, text);
            y += text.Leading;
        }
        return Math.Max(top + keyHeight, y);
    }
}

/// <summary>A filled box with its words.</summary>
internal readonly record struct Swatch(string Colour, Pattern Pattern, string Words, Pattern Over = Pattern.None);

/// <summary>Boxes of colour and pattern, one under the other.</summary>
internal sealed class SwatchLegend(string title, IReadOnlyList<Swatch> swatches) : LegendBlock(title)
{
    private const float KeyWidth = 20;
    private const float KeyHeight = 11;

    protected override float Body(Ink ink, float x, float top, float width, PictureStyle style, bool measure)
    {
        foreach (var swatch in swatches)
        {
            if (!measure)
            {
                var box = new SKRect(x, top, x + KeyWidth, top + KeyHeight);
                using var path = new SKPath();
                path.AddRect(box);
                ink.Fill(path, swatch.Colour);
                PatternFill.Draw(ink.Canvas, path, swatch.Pattern);
                PatternFill.Draw(ink.Canvas, path, swatch.Over);
                ink.Frame(box, style.ZoneOutline, 0.4f);
            }
            top = Words(ink, swatch.Words, x + KeyWidth + Gap, top, width - KeyWidth - Gap, KeyHeight, style, measure) + 2.5f;
        }
        return top;
    }
}

/// <summary>A line of a legend with its words; of no width, the words alone.</summary>
internal readonly record struct WidthKey(float Width, string Colour, string Words, bool IsBroken = false);

/// <summary>Lines of several widths with their values.</summary>
internal sealed class WidthLegend(string title, IReadOnlyList<WidthKey> lines) : LegendBlock(title)
{
    private const float KeyWidth = 26;

    protected override float Body(Ink ink, float x, float top, float width, PictureStyle style, bool measure)
    {
        foreach (var (stroke, colour, words, isBroken) in lines)
        {
            var height = Math.Max(11, stroke + 3);
            if (!measure && stroke > 0)
            {
                using var line = new SKPath();
                line.MoveTo(x, top + height / 2);
                line.LineTo(x + KeyWidth, top + height / 2);
                FlowArrows.Body(ink, line, colour, stroke, isBroken);
            }
            top = Words(ink, words, x + KeyWidth + Gap, top, width - KeyWidth - Gap, height, style, measure) + 2;
        }
        return top;
    }
}

/// <summary>Circles of several sizes with their values, and colours of sign.</summary>
internal sealed class CircleLegend(string title, IReadOnlyList<(float Radius, string Colour, string Words, Pattern Pattern)> circles) : LegendBlock(title)
{
    protected override float Body(Ink ink, float x, float top, float width, PictureStyle style, bool measure)
    {
        var column = circles.Count == 0 ? 0 : circles.Max(c => c.Radius) * 2;
        foreach (var (radius, colour, words, pattern) in circles)
        {
            var height = Math.Max(11, radius * 2 + 2);
            if (!measure) Symbols.Circle(ink, x + column / 2, top + height / 2, radius, colour, style, pattern);
            top = Words(ink, words, x + column + Gap, top, width - column - Gap, height, style, measure) + 1.5f;
        }
        return top;
    }
}

/// <summary>The nine colours of a bivariate map as a square with its two axes.</summary>
internal sealed class GridLegend(string title, string acrossTitle, string upTitle, IReadOnlyList<string> steps) : LegendBlock(title)
{
    private const float Cell = 24;

    protected override float Body(Ink ink, float x, float top, float width, PictureStyle style, bool measure)
    {
        var text = new TextStyle(style.LegendSize * 0.94f, style.Ink);
        var head = text with { Bold = true };
        top = Lines(ink, upTitle, x, top, width, head, measure) + 2;
        for (var row = 2; row >= 0; row--)
        {
            var y = top + (2 - row) * Cell;
            for (var column = 0; column < 3; column++)
            {
                if (measure) continue;
                var box = new SKRect(x + column * Cell, y, x + (column + 1) * Cell, y + Cell);
                using var path = new SKPath();
                path.AddRect(box);
                ink.Fill(path, BivariatePalette.At(column, row));
                PatternFill.Draw(ink.Canvas, path, Bivariate.PatternOf(row));
                ink.Frame(box, style.Paper, 0.8f);
            }
            if (!measure) ink.Text(steps[row], x + 3 * Cell + Gap, y + Cell / 2 + text.Size * 0.35f, text);
        }
        top += 3 * Cell + 3;
        if (!measure)
        {
            for (var column = 0; column < 3; column++) ink.Text("\u2212=+"[column].ToString(), x + (column + 0.5f) * Cell, top + text.Size, head, Align.Centre);
        }
        top += text.Leading;
        return Lines(ink, acrossTitle, x, top, width, head, measure) + 3;
    }

    private static float Lines(Ink ink, string words, float x, float top, float width, TextStyle text, bool measure)
    {
        foreach (var line in ink.Wrap(words, text, width))
        {
            if (!measure) ink.Text(line, x, top + text.Size, text);
            top += text.Leading;
        }
        return top;
    }
}
