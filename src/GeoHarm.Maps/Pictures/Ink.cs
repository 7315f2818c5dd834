using System.Text;
using GeoHarm.Maps.Styles;
using SkiaSharp;

namespace GeoHarm.Maps.Pictures;

/// <summary>Where a text stands against its point.</summary>
internal enum Align
{
    Left,
    Centre,
    Right,
}

/// <summary>How a text looks.</summary>
internal readonly record struct TextStyle(float Size, string Colour, bool Bold = false, string? Halo = null)
{
    /// <summary>Distance from one line to the next.</summary>
    public float Leading => Size * 1.32f;
}

/// <summary>
/// Draws text and simple shapes on one canvas in points. Text comes from the embedded fonts without hinting, at
/// sub-pixel positions; for SVG it is drawn as paths. Characters that the fonts lack are replaced by a question mark and named
/// once in <see cref="Notes"/>: nothing disappears without a word.
/// </summary>
internal sealed class Ink(SKCanvas canvas, bool textAsPaths, float pixelsPerPoint) : IDisposable
{
    private const char Missing = '?';
    private readonly Dictionary<(float Size, bool Bold), SKFont> fonts = [];
    private readonly HashSet<string> notes = new(StringComparer.Ordinal);
    private readonly List<string> noteOrder = [];

    /// <summary>The canvas, one unit a point.</summary>
    public SKCanvas Canvas => canvas;

    /// <summary>Pixels to a point: 1 in vector output.</summary>
    public float PixelsPerPoint => pixelsPerPoint;

    /// <summary>What could not be drawn and why, in order, each once.</summary>
    public IReadOnlyList<string> Notes => noteOrder;

    /// <summary>A colour of the form #RRGGBB.</summary>
    public static SKColor Colour(string hex, byte alpha = 255) => SKColor.Parse(hex).WithAlpha(alpha);

    /// <summary>Adds a note unless it is there.</summary>
    public void Note(string note)
    {
        if (notes.Add(note)) noteOrder.Add(note);
    }

    /// <summary>Width of a text.</summary>
    public float Width(string text, TextStyle style) => Font(style).MeasureText(Legible(text));

    /// <summary>Whether the embedded fonts have every character of the text.</summary>
    public static bool CanWrite(string text) => text.EnumerateRunes().All(Has);

    /// <summary>Draws one line with its baseline at y.</summary>
    public void Text(string text, float x, float y, TextStyle style, Align align = Align.Left)
    {
        var written = Legible(text);
        if (written.Length == 0) return;
        var font = Font(style);
        if (align != Align.Left) x -= font.MeasureText(written) * (align == Align.Centre ? 0.5f : 1f);
        using var paint = new SKPaint { IsAntialias = true };
        if (textAsPaths)
        {
            using var path = font.GetTextPath(written, new SKPoint(x, y));
            if (style.Halo is not null) canvas.DrawPath(path, HaloPaint(paint, style));
            canvas.DrawPath(path, FillPaint(paint, style));
            return;
        }
        if (style.Halo is not null) canvas.DrawText(written, x, y, SKTextAlign.Left, font, HaloPaint(paint, style));
        canvas.DrawText(written, x, y, SKTextAlign.Left, font, FillPaint(paint, style));
    }

    /// <summary>Breaks a text into lines no wider than the width, at spaces (a longer word breaks where it must).</summary>
    public List<string> Wrap(string text, TextStyle style, float width)
    {
        var lines = new List<string>();
        var line = "";
        foreach (var word in Legible(text).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var tried = line.Length == 0 ? word : line + " " + word;
            if (Font(style).MeasureText(tried) <= width)
            {
                line = tried;
                continue;
            }
            if (line.Length > 0) lines.Add(line);
            line = word;
            while (Font(style).MeasureText(line) > width && line.Length > 1)
            {
                var keep = line.Length - 1;
                while (keep > 1 && Font(style).MeasureText(line[..keep]) > width) keep--;
                lines.Add(line[..keep]);
                line = line[keep..];
            }
        }
        if (line.Length > 0) lines.Add(line);
        return lines;
    }

    /// <summary>Draws a wrapped text from its top edge and returns its bottom edge.</summary>
    public float Paragraph(string text, float x, float top, float width, TextStyle style, Align align = Align.Left)
    {
        foreach (var line in Wrap(text, style, width))
        {
            Text(line, align == Align.Left ? x : align == Align.Centre ? x + width / 2 : x + width, top + style.Size, style, align);
            top += style.Leading;
        }
        return top;
    }

    /// <summary>Fills a rectangle.</summary>
    public void Box(SKRect box, string colour, byte alpha = 255)
    {
        using var paint = new SKPaint { Color = Colour(colour, alpha), IsAntialias = true };
        canvas.DrawRect(box, paint);
    }

    /// <summary>Outlines a rectangle.</summary>
    public void Frame(SKRect box, string colour, float width)
    {
        using var paint = Stroke(colour, width);
        canvas.DrawRect(box, paint);
    }

    /// <summary>Draws a line.</summary>
    public void Line(float x1, float y1, float x2, float y2, string colour, float width)
    {
        using var paint = Stroke(colour, width);
        canvas.DrawLine(x1, y1, x2, y2, paint);
    }

    /// <summary>Fills a path.</summary>
    public void Fill(SKPath path, string colour, byte alpha = 255)
    {
        using var paint = new SKPaint { Color = Colour(colour, alpha), IsAntialias = true };
        canvas.DrawPath(path, paint);
    }

    /// <summary>Strokes a path.</summary>
    public void Stroke(SKPath path, string colour, float width, byte alpha = 255)
    {
        using var paint = Stroke(colour, width, alpha);
        canvas.DrawPath(path, paint);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var font in fonts.Values) font.Dispose();
    }

    private static SKPaint Stroke(string colour, float width, byte alpha = 255) => new()
    {
        Color = Colour(colour, alpha), IsAntialias = true, Style = SKPaintStyle.Stroke, StrokeWidth = width,
        StrokeJoin = SKStrokeJoin.Round, StrokeCap = SKStrokeCap.Butt,
    };

    private static SKPaint HaloPaint(SKPaint paint, TextStyle style)
    {
        (paint.Style, paint.StrokeJoin) = (SKPaintStyle.Stroke, SKStrokeJoin.Round);
        (paint.StrokeWidth, paint.Color) = (style.Size * 0.3f, Colour(style.Halo!, 225));
        return paint;
    }

    private static SKPaint FillPaint(SKPaint paint, TextStyle style)
    {
        (paint.Style, paint.Color) = (SKPaintStyle.Fill, Colour(style.Colour));
        return paint;
    }

    private static bool Has(Rune rune) => rune.Value is ' ' or '\u2212' || Typefaces.Regular.ContainsGlyph(rune.Value);

    private SKFont Font(TextStyle style)
    {
        if (fonts.TryGetValue((style.Size, style.Bold), out var font)) return font;
        return fonts[(style.Size, style.Bold)] = new SKFont(style.Bold ? Typefaces.Bold : Typefaces.Regular, style.Size)
        {
            Subpixel = true, LinearMetrics = true, Hinting = SKFontHinting.None, Edging = SKFontEdging.Antialias,
        };
    }

    private string Legible(string text)
    {
        if (text.All(c => c is >= ' ' and <= '~')) return text;
        var result = new StringBuilder(text.Length);
        var missing = new List<string>();
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsControl(rune)) result.Append(' ');
            else if (rune.Value == '\u2212') result.Append('\u2013'); // Noto Sans has no minus sign: its en dash has the same form.
            else if (Has(rune)) result.Append(rune.ToString());
            else
            {
                missing.Add($"U+{rune.Value:X4}");
                result.Append(Missing);
            }
        }
        if (missing.Count > 0) Note($"GH6003 characters outside the embedded font are drawn as question marks: {string.Join(' ', missing.Distinct().Take(6))}");
        return result.ToString();
    }
}
