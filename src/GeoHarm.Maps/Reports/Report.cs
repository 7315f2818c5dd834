using System.Text;
using GeoHarm.Maps.Pictures;
using SkiaSharp;

namespace GeoHarm.Maps.Reports;

/// <summary>Writes a report.</summary>
public static partial class Report
{
    /// <summary>
    /// One self-contained HTML file: pictures inside as data, styles inside, no script, nothing fetched; every text
    /// escaped; alt texts made from the numbers; prints on A4. The same spec gives the same bytes.
    /// </summary>
    public static string Html(ReportSpec spec)
    {
        var words = spec.Words;
        var title = ReportOutline.TitleOf(spec, words);
        var page = new StringBuilder();
        page.Append("<!DOCTYPE html>\n<html lang=\"").Append(spec.Language).Append("\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
            .Append("<meta name=\"generator\" content=\"GeoHarm\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'\">\n")
            .Append("<title>").Append(Escape(title)).Append("</title>\n<style>\n").Append(FontFaces()).Append(StyleSheet()).Append("</style>\n</head>\n<body>\n<main>\n");
        var blocks = ReportOutline.Of(spec);
        var drawn = new Dictionary<PictureSpec, (string Data, IReadOnlyList<string> Notes)>(ReferenceEqualityComparer.Instance); // a picture that stands twice is drawn once
        foreach (var block in blocks) Write(page, block, words, drawn);
        foreach (var method in MethodsOf(blocks)) Write(page, method);
        var run = spec.Credits.RunId.Length > 0 ? $" \u00B7 {words["map.run"]} {spec.Credits.RunId}" : "";
        return page.Append("</main>\n<footer>").Append(Escape($"{words["map.scenarioNotForecast"]} {spec.Credits.Date}{run} \u00B7 GeoHarm")).Append("</footer>\n</body>\n</html>\n").ToString();
    }

    /// <summary>The pages of methods that stand in a report, by name, with the SHA-256 of their text.</summary>
    public static IReadOnlyDictionary<string, string> Methods(ReportSpec spec) => MethodsOf(ReportOutline.Of(spec)).ToDictionary(m => m.Name, m => m.Sha256(), StringComparer.Ordinal);

    private static IEnumerable<MethodPage> MethodsOf(IEnumerable<ReportBlock> blocks) => blocks.OfType<IByMethod>().Select(b => b.Method).Distinct().OrderBy(m => m.Name, StringComparer.Ordinal);

    /// <summary>Pixels to an inch of the report's pictures: sharp at the width of a page of text, half the bytes of the
    /// pictures that lie beside the report.</summary>
    private const int ScreenDpi = 108;

    // Without loss, like PNG, a fifth smaller (13.6 to 10.9 MB of the demo); the report is mailed about.
    private static byte[] Webp(byte[] png)
    {
        using var bitmap = SKBitmap.Decode(png);
        using var pixels = bitmap.PeekPixels();
        using var data = pixels.Encode(new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossless, 20)) ?? throw new InvalidOperationException("The WebP encoder gave nothing.");
        return data.ToArray();
    }

    private static void Write(StringBuilder page, ReportBlock block, Wording words, Dictionary<PictureSpec, (string Data, IReadOnlyList<string> Notes)> drawn)
    {
        switch (block)
        {
            case Heading heading:
                page.Append($"<h{heading.Level}>").Append(Escape(heading.Text)).Append($"</h{heading.Level}>\n");
                break;
            case Prose prose:
                page.Append(prose.IsLead ? "<p class=\"lead\">" : "<p>").Append(Escape(prose.Text)).Append("</p>\n");
                break;
            case Points points:
                page.Append("<ul>\n");
                foreach (var text in points.Texts) page.Append("<li>").Append(Escape(text)).Append("</li>\n");
                page.Append("</ul>\n");
                break;
            case KeyFigures key:
                Write(page, key, words);
                page.Append("<p class=\"note\">");
                Link(page, key, words);
                page.Append("</p>\n");
                break;
            case Figure figure:
                if (!drawn.TryGetValue(figure.Picture, out var picture))
                {
                    var made = Picture.Draw(figure.Picture with { Size = figure.Picture.Size with { Dpi = ScreenDpi } }, PictureFormat.Png);
                    drawn[figure.Picture] = picture = (Convert.ToBase64String(Webp(made.Bytes)), made.Notes);
                }
                page.Append("<figure>\n<img alt=\"").Append(Escape($"{figure.Picture.Title}. {figure.Picture.AltText}")).Append("\" width=\"")
                    .Append((int)figure.Picture.Size.Width).Append("\" height=\"").Append((int)figure.Picture.Size.Height).Append("\" src=\"data:image/webp;base64,")
                    .Append(picture.Data).Append("\">\n<figcaption>").Append(Escape(figure.Caption));
                foreach (var note in picture.Notes) page.Append(' ').Append(Escape(note)).Append('.');
                page.Append(' ');
                Link(page, figure, words);
                page.Append("</figcaption>\n</figure>\n");
                break;
            case DataTable table:
                Write(page, table);
                page.Append("<p class=\"note\">");
                Link(page, table, words);
                page.Append("</p>\n");
                break;
        }
    }

    private static void Write(StringBuilder page, KeyFigures key, Wording words)
    {
        page.Append("<dl class=\"key\">\n");
        foreach (var figure in key.Figures)
        {
            page.Append("<div").Append(figure.IsUnsure ? " class=\"unsure\"" : "").Append("><dt>").Append(Escape($"{figure.Label}, {figure.Unit}")).Append("</dt><dd class=\"change\">").Append(Escape(figure.Change))
                .Append("</dd><dd class=\"span\">").Append(Escape(figure.Interval)).Append("</dd><dd class=\"states\">").Append(Escape($"{figure.Before} \u2192 {figure.After}")).Append("</dd>");
            if (figure.IsUnsure) page.Append("<dd class=\"states\">").Append(Escape(words["report.unsure"])).Append("</dd>");
            page.Append("</div>\n");
        }
        page.Append("</dl>\n");
    }

    private static void Link(StringBuilder page, IByMethod block, Wording words) =>
        page.Append("<a href=\"#").Append(block.Method.Anchor).Append("\">").Append(Escape(words.Format("report.method", block.Method.File))).Append("</a>");

    // The page of each model stands in the report, so that the link works where the report goes.
    private static void Write(StringBuilder page, MethodPage method)
    {
        page.Append("<details lang=\"en\" id=\"").Append(method.Anchor).Append("\"><summary>").Append(Escape(method.File)).Append("</summary>\n<pre>");
        foreach (var line in method.Text().ReplaceLineEndings("\n").Split('\n')) page.Append(Escape(line)).Append('\n');
        page.Append("</pre>\n</details>\n");
    }

    private static void Write(StringBuilder page, DataTable table)
    {
        page.Append("<div class=\"table\"><table>\n<thead><tr>");
        for (var c = 0; c < table.Headings.Count; c++) page.Append(table.Numeric[c] ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">").Append(Escape(table.Headings[c])).Append("</th>");
        page.Append("</tr></thead>\n<tbody>\n");
        foreach (var row in table.Rows)
        {
            page.Append("<tr>");
            for (var c = 0; c < row.Count; c++) page.Append(table.Numeric[c] ? "<td class=\"n\">" : "<td>").Append(Escape(row[c])).Append("</td>");
            page.Append("</tr>\n");
        }
        page.Append("</tbody>\n</table></div>\n");
        if (table.Note.Length > 0) page.Append("<p class=\"note\">").Append(Escape(table.Note)).Append("</p>\n");
    }

    /// <summary>Text that is safe between tags and in quoted attributes; control characters are dropped.</summary>
    internal static string Escape(string text)
    {
        var safe = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            _ = c switch
            {
                '<' => safe.Append("&lt;"),
                '>' => safe.Append("&gt;"),
                '&' => safe.Append("&amp;"),
                '"' => safe.Append("&quot;"),
                '\'' => safe.Append("&#39;"),
                _ when char.IsControl(c) => safe.Append(' '),
                _ => safe.Append(c),
            };
        }
        return safe.ToString();
    }

    // Both weights travel with the report, so that it reads the same on every machine and offline.
    private static string FontFaces() => string.Concat(new[] { (Bold: false, Weight: 400), (Bold: true, Weight: 700) }.Select(f =>
        $"@font-face {{ font-family: \"Noto Sans\"; font-weight: {f.Weight}; src: url(data:font/ttf;base64,{Convert.ToBase64String(GeoHarm.Maps.Styles.Typefaces.Bytes(f.Bold))}) format(\"truetype\"); }}\n"));

    private static string StyleSheet()
    {
        using var stream = typeof(Report).Assembly.GetManifestResourceStream("Reports.report.css") ?? throw new InvalidOperationException("The report's styles are not embedded in this build.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
