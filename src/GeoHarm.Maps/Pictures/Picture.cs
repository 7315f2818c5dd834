using System.Text;
using GeoHarm.Maps.Reports;
using GeoHarm.Spatial.Layers;
using SkiaSharp;

namespace GeoHarm.Maps.Pictures;

/// <summary>File format of a picture.</summary>
public enum PictureFormat
{
    /// <summary>Pixels.</summary>
    Png,

    /// <summary>Vectors, text as paths.</summary>
    Svg,

    /// <summary>Vectors, text with the embedded fonts.</summary>
    Pdf,
}

/// <summary>A drawn picture.</summary>
/// <param name="Bytes">The file.</param>
/// <param name="Notes">What could not be drawn and why, each with its GH code where it is a fault; empty when all is drawn.</param>
public sealed record DrawnPicture(byte[] Bytes, IReadOnlyList<string> Notes);

/// <summary>
/// Draws a picture: title, panels in rows, credits. All formats run the same code on another canvas. Pixels depend on
/// nothing but the spec and this assembly (own fonts, CPU raster): the same bytes again on one machine.
/// </summary>
public static partial class Picture
{
    /// <summary>Draws one panel as a picture of its own.</summary>
    public static DrawnPicture Draw(Panel panel, PictureFormat format, Credits? credits = null, PictureSize? size = null, string language = "en") =>
        Draw(new PictureSpec
        {
            Name = "picture", Title = panel.Title, Subtitle = panel.Subtitle, Panels = [panel with { Title = "", Subtitle = "" }],
            Credits = credits ?? new Credits(), Size = size ?? PictureSize.A4Landscape, Language = language,
        }, format);

    /// <summary>Draws a picture. Throws <see cref="InvalidInputException"/> for layers that cannot be drawn at all.</summary>
    public static DrawnPicture Draw(PictureSpec spec, PictureFormat format)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(spec.Columns, 1);
        return format switch
        {
            PictureFormat.Png => Png(spec),
            PictureFormat.Svg => Svg(spec),
            _ => Pdf(spec),
        };
    }

    private static DrawnPicture Png(PictureSpec spec)
    {
        var size = spec.Size;
        using var bitmap = new SKBitmap(new SKImageInfo(size.PixelWidth, size.PixelHeight, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(bitmap);
        var scale = size.Dpi / 72f;
        canvas.Scale(scale);
        using var ink = new Ink(canvas, false, scale);
        Page(ink, spec);
        using var pixels = bitmap.PeekPixels();

        // Sub filter, level 3: measured at a quarter of the time of the defaults for files a tenth larger.
        using var data = pixels.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.Sub, 3)) ?? throw new InvalidOperationException("The PNG encoder gave nothing.");
        return new DrawnPicture(data.ToArray(), ink.Notes);
    }

    private static DrawnPicture Svg(PictureSpec spec)
    {
        using var stream = new MemoryStream();
        IReadOnlyList<string> notes;
        using (var canvas = SKSvgCanvas.Create(new SKRect(0, 0, spec.Size.Width, spec.Size.Height), stream))
        {
            using var ink = new Ink(canvas, true, 1);
            Page(ink, spec);
            notes = ink.Notes;
        }
        var text = Renumbered(Encoding.UTF8.GetString(stream.ToArray()));
        var open = text.IndexOf("<svg", StringComparison.Ordinal);
        var end = text.IndexOf('>', open) + 1;
        var head = $"{text[open..(end - 1)]} viewBox=\"0 0 {Plain(spec.Size.Width)} {Plain(spec.Size.Height)}\" role=\"img\">";
        var described = $"<title>{Escape(spec.TitleInWords)}</title><desc>{Escape(spec.AltText)}</desc>";
        return new DrawnPicture(Encoding.UTF8.GetBytes(text[..open] + head + described + text[end..]), notes);
    }

    private static DrawnPicture Pdf(PictureSpec spec)
    {
        using var stream = new MemoryStream();
        var metadata = new SKDocumentPdfMetadata { Title = spec.TitleInWords, Subject = spec.AltText, Creator = "GeoHarm", Producer = "GeoHarm", RasterDpi = 72, EncodingQuality = 101 };
        IReadOnlyList<string> notes;
        using (var document = SKDocument.CreatePdf(stream, metadata))
        {
            var canvas = document.BeginPage(spec.Size.Width, spec.Size.Height);
            using var ink = new Ink(canvas, false, 1);
            Page(ink, spec);
            notes = ink.Notes;
            document.EndPage();
            document.Close();
        }
        return new DrawnPicture(stream.ToArray(), notes);
    }

    /// <summary>Draws the whole page in points.</summary>
    internal static void Page(Ink ink, PictureSpec spec)
    {
        var (style, words) = (spec.Style, Wording.In(spec.Language));
        var page = new SKRect(0, 0, spec.Size.Width, spec.Size.Height);
        ink.Box(page, style.Paper);
        var (left, width) = (style.Margin, page.Width - 2 * style.Margin);
        var top = ink.Paragraph(spec.TitleInWords, left, style.Margin - 4, width, new TextStyle(style.TitleSize, style.Ink, true));
        if (spec.Subtitle.Length > 0) top = ink.Paragraph(spec.SubtitleInWords, left, top + 1, width, new TextStyle(style.SubtitleSize, style.Faint));
        var bottom = CreditLines(ink, spec, words, left, width, page.Bottom - style.Margin + 6);
        Panels(ink, spec, new SKRect(left, top + 8, left + width, bottom - 8), words);
        if (spec.Panels.SelectMany(p => p.Sources()).Any(s => s.Audience == Audience.Steward)) Watermark(ink, page, words["map.steward"]);
    }

    /// <summary>Draws the panels of a picture into an area, without its title and credits.</summary>
    internal static void Panels(Ink ink, PictureSpec spec, SKRect area, Wording words)
    {
        const float Gap = 16;
        var rows = spec.Panels.Chunk(spec.Columns).ToArray();
        var height = (area.Height - Gap * 0.7f * (rows.Length - 1)) / Math.Max(1, rows.Length);
        var top = area.Top;
        foreach (var row in rows)
        {
            var total = row.Sum(p => p.Weight) + (row.Length < spec.Columns ? spec.Columns - row.Length : 0);
            float WidthOf(Panel panel) => (area.Width - Gap * (spec.Columns - 1)) * panel.Weight / total;
            var head = row.Max(p => p.HeadHeight(ink, WidthOf(p), spec.Style));
            var x = area.Left;
            foreach (var panel in row)
            {
                var width = WidthOf(panel);
                panel.Draw(ink, new SKRect(x, top, x + width, top + height), head, spec.Style, words);
                x += width + Gap;
            }
            top += height + Gap * 0.7f;
        }
    }

    // From the bottom up, so that the panels get what is left. Returns the top edge.
    private static float CreditLines(Ink ink, PictureSpec spec, Wording words, float left, float width, float bottom)
    {
        var (credits, style) = (spec.Credits, spec.Style);
        var text = new TextStyle(style.CreditSize, style.Faint);
        var bold = new TextStyle(style.CreditSize + 0.6f, style.Ink, true);
        var badge = credits.IsScenario ? words["map.scenarioNotForecast"] : "";
        var caveats = ink.Wrap(string.Join(" ", credits.Caveats.Select(words.Phrase)), text, width);
        var parts = new[]
        {
            credits.Source.Length > 0 ? $"{words["map.source"]}: {words.Phrase(credits.Source)}" : "",
            credits.Licence.Length > 0 ? $"{words["map.licence"]}: {words.Phrase(credits.Licence)}" : "",
            ProjectionOf(spec) is { Length: > 0 } p ? $"{words["map.projection"]}: {words.Projection(p)}" : "",
            credits.Date,
            credits.RunId.Length > 0 ? $"{words["map.run"]} {credits.RunId[..Math.Min(12, credits.RunId.Length)]}" : "",
            "GeoHarm",
        };
        var lines = ink.Wrap(string.Join(" \u00B7 ", parts.Where(s => s.Length > 0)), text, width);
        var top = bottom - text.Leading * (lines.Count + caveats.Count) - (badge.Length > 0 ? bold.Leading : 0);
        var y = top;
        ink.Line(left, y - 3, left + width, y - 3, style.LandOutline, 0.5f);
        if (badge.Length > 0) y = ink.Paragraph(badge, left, y, width, bold);
        foreach (var line in caveats.Concat(lines))
        {
            ink.Text(line, left, y + text.Size, text);
            y += text.Leading;
        }
        return top - 3;
    }

    private static string ProjectionOf(PictureSpec spec) => string.Join(", ", spec.Panels.OfType<MapSpec>()
        .Select(m => Projections.MapProjections.For(m.Projection, m.ExtentInForce()).Name).Distinct());

    private static void Watermark(Ink ink, SKRect page, string words)
    {
        ink.Canvas.Save();
        ink.Canvas.RotateDegrees(-28, page.MidX, page.MidY);
        ink.Text(words, page.MidX, page.MidY, new TextStyle(34, "#C9C9C9", true), Align.Centre);
        ink.Canvas.Restore();
    }

    // Skia numbers clip paths through the life of the process; a file must not depend on what was drawn before it.
    private static string Renumbered(string svg)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        return ClipIds().Replace(svg, match =>
        {
            if (!numbers.TryGetValue(match.Value, out var number)) numbers.Add(match.Value, number = numbers.Count);
            return "clip" + Plain(number);
        });
    }

    [System.Text.RegularExpressions.GeneratedRegex("\\bcl_[0-9a-f]+\\b")]
    private static partial System.Text.RegularExpressions.Regex ClipIds();

    private static string Plain(float value) => value.ToString("0.##", System.Globalization.CultureInfo.InvariantCulture);

    private static string Escape(string text) => System.Security.SecurityElement.Escape(text) ?? "";
}
