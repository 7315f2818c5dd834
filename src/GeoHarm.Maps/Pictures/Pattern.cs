using SkiaSharp;

namespace GeoHarm.Maps.Pictures;

/// <summary>A line pattern over a fill: what tells classes apart without colour.</summary>
public enum Pattern
{
    /// <summary>No lines.</summary>
    None,

    /// <summary>Level lines: less.</summary>
    Horizontal,

    /// <summary>Upright lines: more, in bivariate maps.</summary>
    Vertical,

    /// <summary>Rising diagonals, dark: the sign of the change is uncertain.</summary>
    Uncertain,

    /// <summary>Falling diagonals, faint: no value, or suppressed.</summary>
    NoValue,
}

/// <summary>Draws patterns as lines clipped to a shape, anchored to the page so that they run on from zone to zone.</summary>
internal static class PatternFill
{
    /// <summary>Draws the pattern inside the shape.</summary>
    public static void Draw(SKCanvas canvas, SKPath shape, Pattern pattern)
    {
        if (pattern == Pattern.None || shape.IsEmpty) return;
        var box = shape.Bounds;
        if (canvas.GetLocalClipBounds(out var clip)) box.Intersect(clip);
        if (box.Width <= 0 || box.Height <= 0) return;
        using var lines = Lines(box, pattern);
        using var paint = PaintOf(pattern);
        canvas.Save();
        canvas.ClipPath(shape, SKClipOperation.Intersect, true);
        canvas.DrawPath(lines, paint);
        canvas.Restore();
    }

    private static SKPaint PaintOf(Pattern pattern) => new()
    {
        IsAntialias = true,
        Style = SKPaintStyle.Stroke,
        StrokeWidth = pattern switch { Pattern.Uncertain => 0.55f, Pattern.NoValue => 0.45f, _ => 0.4f },
        Color = pattern switch
        {
            Pattern.Uncertain => new SKColor(0x22, 0x22, 0x22, 165),
            Pattern.NoValue => new SKColor(0x8C, 0x8A, 0x85, 170),
            _ => new SKColor(0x10, 0x24, 0x38, 115),
        },
    };

    private static SKPath Lines(SKRect box, Pattern pattern)
    {
        var lines = new SKPath();
        var gap = pattern switch { Pattern.Uncertain => 4.2f, Pattern.NoValue => 3.4f, _ => 2.6f };
        switch (pattern)
        {
            case Pattern.Horizontal:
                for (var y = First(box.Top, gap); y <= box.Bottom; y += gap) Segment(lines, box.Left, y, box.Right, y);
                break;
            case Pattern.Vertical:
                for (var x = First(box.Left, gap); x <= box.Right; x += gap) Segment(lines, x, box.Top, x, box.Bottom);
                break;
            case Pattern.Uncertain:
                for (var s = First(box.Left + box.Top, gap); s <= box.Right + box.Bottom; s += gap) Segment(lines, s - box.Top, box.Top, s - box.Bottom, box.Bottom);
                break;
            default:
                for (var d = First(box.Left - box.Bottom, gap); d <= box.Right - box.Top; d += gap) Segment(lines, d + box.Top, box.Top, d + box.Bottom, box.Bottom);
                break;
        }
        return lines;
    }

    private static float First(float from, float gap) => MathF.Ceiling(from / gap) * gap;

    private static void Segment(SKPath path, float x1, float y1, float x2, float y2)
    {
        path.MoveTo(x1, y1);
        path.LineTo(x2, y2);
    }
}
