using GeoHarm.Maps.Pictures;
using GeoHarm.Maps.Styles;
using SkiaSharp;

namespace GeoHarm.Maps.Reports;

/// <summary>
/// A scenario on one page of A4: the finding with its intervals, the totals, who receives most, the four layers, what not to
/// conclude, how to cite. What is written takes the room it needs; the maps get the rest.
/// </summary>
internal static class BriefPage
{
    private const float Margin = 40;

    /// <summary>Maps are set as for a larger page and drawn smaller: their smallest text is then 5.4 points.</summary>
    private const float Scale = 0.8f;

    private static readonly PictureStyle Look = PictureStyle.Default;
    private static readonly TextStyle Small = new(7.4f, Look.Faint);
    private static readonly TextStyle Body = new(8.8f, Look.Ink);

    private static float Width => PictureSize.A4Portrait.Width - 2 * Margin;

    /// <summary>Draws the page.</summary>
    public static void Draw(Ink ink, ReportSpec spec, ReportChapter chapter, Wording words)
    {
        var y = ink.Paragraph(spec.Title.Length > 0 ? spec.Title : words.Format("report.title", chapter.Scenario), Margin, Margin - 8, Width, new TextStyle(18, Look.Ink, true)) + 2;
        y = ink.Paragraph($"{words["map.scenarioNotForecast"]} {words["report.howToRead"]} {words["report.wordedFor"]}", Margin, y, Width, Small) + 8;
        y = ink.Paragraph(Findings.Sentence(chapter, words), Margin, y, Width, new TextStyle(11, Look.Ink)) + 8;
        y = Key(ink, Findings.Key(chapter, words), y, words);
        foreach (var sentence in Findings.Receivers(chapter, words).DefaultIfEmpty(words["picture.noRecipients"] + ".").Append(Findings.PolicyHarms(chapter, words)).OfType<string>())
        {
            ink.Text("\u2022", Margin + 1, y + Body.Size, Body);
            y = ink.Paragraph(sentence, Margin + 10, y, Width - 10, Body) + 1.5f;
        }
        var bottom = Foot(ink, spec, chapter, words);
        var chosen = new[] { "four-layers", "recipients", "" }.Select(n => chapter.Pictures.Pictures.FirstOrDefault(p => p.Name.Contains(n, StringComparison.Ordinal))).FirstOrDefault(p => p is not null);
        if (chosen is not null) Maps(ink, chosen, new SKRect(Margin, y + 8, Margin + Width, bottom - 8), words);
    }

    private static float Key(Ink ink, IReadOnlyList<KeyFigure> figures, float top, Wording words)
    {
        if (figures.Count == 0) return top;
        const float Gap = 6;
        var across = Math.Min(4, figures.Count);
        var width = (Width - Gap * (across - 1)) / across;
        foreach (var row in figures.Chunk(across))
        {
            var heads = row.Max(f => ink.Wrap($"{f.Label}, {f.Unit}", Small, width - 12).Count) * Small.Leading;
            var height = heads + 42;
            for (var i = 0; i < row.Length; i++)
            {
                var (figure, x) = (row[i], Margin + i * (width + Gap));
                var box = new SKRect(x, top, x + width, top + height);
                ink.Box(box, figure.IsUnsure ? "#F3F1EC" : Look.Paper);
                ink.Frame(box, Look.LandOutline, 0.6f);
                ink.Paragraph($"{figure.Label}, {figure.Unit}", x + 6, top + 4, width - 12, Small);
                ink.Text(figure.Change, x + 6, top + heads + 17, new TextStyle(13, Look.Ink, true));
                ink.Text(figure.Interval + (figure.IsUnsure ? " \u00B7 " + words["report.unsure"] : ""), x + 6, top + heads + 27, Small);
                ink.Text($"{figure.Before} \u203A {figure.After}", x + 6, top + heads + 36, Small);
            }
            top += height + Gap;
        }
        return top + 2;
    }

    private static void Maps(Ink ink, PictureSpec picture, SKRect area, Wording words)
    {
        var top = ink.Paragraph(picture.Title, area.Left, area.Top, area.Width, new TextStyle(10, Look.Ink, true)) + 4;
        ink.Canvas.Save();
        ink.Canvas.Translate(area.Left, top);
        ink.Canvas.Scale(Scale);
        Picture.Panels(ink, picture, new SKRect(0, 0, area.Width / Scale, (area.Bottom - top) / Scale), words);
        ink.Canvas.Restore();
    }

    // From the bottom up; returns the top edge.
    private static float Foot(Ink ink, ReportSpec spec, ReportChapter chapter, Wording words)
    {
        var caveats = chapter.Pictures.Pictures.SelectMany(p => p.Credits.Caveats).Concat(spec.Credits.Caveats.Where(_ => chapter.Pictures.Pictures.Count == 0)).Distinct().Select(words.Phrase).Append(words["report.misuse"]);
        string[] facts =
        [
            spec.CiteAs.Length > 0 ? spec.CiteAs : words.Format("report.citeLine", words.Format("report.title", chapter.Scenario), spec.Credits.Date, spec.Credits.RunId),
            .. new[] { ("map.source", spec.Credits.Source), ("map.licence", spec.Credits.Licence) }.Where(f => f.Item2.Length > 0).Select(f => $"{words[f.Item1]}: {words.Phrase(f.Item2)}"),
        ];
        var (head, cite) = (new TextStyle(9, Look.Ink, true), Small with { Size = 6.6f });
        var warn = Small with { Colour = Look.Ink };
        var height = head.Leading * 1.2f + ink.Wrap(string.Join(" ", caveats), warn, Width).Count * warn.Leading + 5 + ink.Wrap(string.Join(" \u00B7 ", facts), cite, Width).Count * cite.Leading;
        var top = PictureSize.A4Portrait.Height - Margin + 12 - height;
        ink.Line(Margin, top - 3, Margin + Width, top - 3, Look.LandOutline, 0.5f);
        var y = ink.Paragraph(words["report.caveats"], Margin, top, Width, head) + head.Leading * 0.2f;
        y = ink.Paragraph(string.Join(" ", caveats), Margin, y, Width, warn) + 5;
        ink.Paragraph(string.Join(" \u00B7 ", facts), Margin, y, Width, cite);
        return top - 3;
    }
}
