using GeoHarm.Maps.Pictures;
using GeoHarm.Maps.Styles;
using SkiaSharp;

namespace GeoHarm.Maps.Reports;

public static partial class Report
{
    /// <summary>
    /// The report as PDF: text pages in A4, each picture as vectors on a page of its own size with its caption, tables
    /// that repeat their heading, a line under every page that says it is a scenario. A brief is one page of A4 a scenario.
    /// The same spec gives the same bytes.
    /// </summary>
    public static byte[] Pdf(ReportSpec spec)
    {
        var words = spec.Words;
        using var stream = new MemoryStream();
        var metadata = new SKDocumentPdfMetadata { Title = ReportOutline.TitleOf(spec, words), Subject = words["map.scenarioNotForecast"], Creator = "GeoHarm", Producer = "GeoHarm", RasterDpi = 72, EncodingQuality = 101 };
        using (var document = SKDocument.CreatePdf(stream, metadata))
        {
            if (spec.IsBrief) Briefs(document, spec, words);
            else
            {
                using var pages = new ReportPages(document, spec, words);
                foreach (var block in ReportOutline.Of(spec)) pages.Write(block);
                pages.Close();
            }
            document.Close();
        }
        return stream.ToArray();
    }

    private static void Briefs(SKDocument document, ReportSpec spec, Wording words)
    {
        foreach (var chapter in spec.Chapters)
        {
            using var ink = new Ink(document.BeginPage(PictureSize.A4Portrait.Width, PictureSize.A4Portrait.Height), false, 1);
            BriefPage.Draw(ink, spec, chapter, words);
            document.EndPage();
        }
    }
}

/// <summary>Flows the blocks of a report over pages.</summary>
internal sealed class ReportPages(SKDocument document, ReportSpec spec, Wording words) : IDisposable
{
    private const float Margin = 56;
    private const float Foot = 46;
    private static readonly PictureStyle Look = PictureStyle.Default;
    private static readonly TextStyle Body = new(9.6f, Look.Ink);
    private static readonly TextStyle Small = new(7.6f, Look.Faint);
    private static readonly TextStyle Cell = new(7.4f, Look.Ink);
    private Ink? ink;
    private float y;
    private int page;

    private static float Width => PictureSize.A4Portrait.Width - 2 * Margin;

    private static float Bottom => PictureSize.A4Portrait.Height - Foot - 14;

    /// <summary>Writes one block.</summary>
    public void Write(ReportBlock block)
    {
        switch (block)
        {
            case Heading heading: Write(heading); break;
            case Prose prose: Text(prose.Text, prose.IsLead ? Body with { Size = 12.5f } : Body, Margin, Width, 6); break;
            case Points points:
                foreach (var text in points.Texts) Point(text);
                y += 5;
                break;
            case KeyFigures key: Write(key); break;
            case DataTable table: Write(table); break;
            case Figure figure: Write(figure); break;
        }
    }

    /// <summary>Ends the last page.</summary>
    public void Close()
    {
        if (ink is null) return;
        Footer(PictureSize.A4Portrait.Width, PictureSize.A4Portrait.Height);
        ink.Dispose();
        ink = null;
        document.EndPage();
    }

    public void Dispose() => ink?.Dispose();

    private Ink Page(float needed)
    {
        if (ink is not null && y + needed <= Bottom) return ink;
        Close();
        ink = new Ink(document.BeginPage(PictureSize.A4Portrait.Width, PictureSize.A4Portrait.Height), false, 1);
        (y, page) = (Margin, page + 1);
        return ink;
    }

    private void Write(Heading heading)
    {
        var size = heading.Level switch { 1 => 22f, 2 => 15.5f, 3 => 11.5f, _ => 9.6f };
        var style = new TextStyle(size, Look.Ink, true);
        if (heading.Level == 2 && y > Margin + 200) Close();

        // A heading stays with what follows: at least six lines of room, or the next page.
        Page(size * 1.4f + 80);
        y += y > Margin ? size * 0.8f : 0;
        Text(heading.Text, style, Margin, Width, 5);
    }

    private void Text(string text, TextStyle style, float x, float width, float after)
    {
        foreach (var line in Page(style.Leading).Wrap(text, style, width))
        {
            Page(style.Leading).Text(line, x, y + style.Size, style);
            y += style.Leading * 1.06f;
        }
        y += after;
    }

    private void Point(string text)
    {
        Page(Body.Leading * 2).Text("\u2022", Margin + 2, y + Body.Size, Body);
        Text(text, Body, Margin + 13, Width - 13, 2);
    }

    private void Write(KeyFigures key)
    {
        const int Across = 3;
        const float Height = 66;
        var width = Width / Across;
        foreach (var row in key.Figures.Chunk(Across))
        {
            var pen = Page(Height + 4);
            for (var i = 0; i < row.Length; i++)
            {
                var (figure, x) = (row[i], Margin + i * width);
                var box = new SKRect(x, y, x + width - 6, y + Height);
                pen.Box(box, figure.IsUnsure ? "#F3F1EC" : Look.Paper);
                pen.Frame(box, Look.LandOutline, 0.6f);
                var top = pen.Paragraph($"{figure.Label}, {figure.Unit}", x + 7, y + 5, width - 20, Small);
                pen.Text(figure.Change, x + 7, top + 14, new TextStyle(14, Look.Ink, true));
                pen.Text(figure.Interval + (figure.IsUnsure ? " \u00B7 " + words["report.unsure"] : ""), x + 7, top + 25, Small);
                pen.Text($"{figure.Before} \u203A {figure.After}", x + 7, top + 35, Small);
            }
            y += Height + 6;
        }
        y += 6;
    }

    // A table wider than the page is set in parts, each with the columns that name its rows.
    private void Write(DataTable table)
    {
        var parts = Parts(Page(60), table);
        for (var p = 0; p < parts.Count; p++) Part(p == parts.Count - 1 ? parts[p] : parts[p] with { Note = "" });
    }

    private static List<DataTable> Parts(Ink pen, DataTable table)
    {
        const int MostKeys = 2;
        var least = Least(pen, table);
        var keys = Enumerable.Range(0, least.Length).TakeWhile(c => c < MostKeys && !table.Numeric[c]).ToArray();
        if (least.Sum() <= Width || keys.Length == 0 || table.Numeric.Count(n => n) < 2) return [table];
        var (parts, columns, used) = (new List<DataTable>(), new List<int>(keys), keys.Sum(c => least[c]));
        for (var c = keys.Length; c < least.Length; c++)
        {
            if (columns.Count > keys.Length && used + least[c] > Width)
            {
                parts.Add(Taken(columns));
                (columns, used) = ([.. keys], keys.Sum(k => least[k]));
            }
            columns.Add(c);
            used += least[c];
        }
        parts.Add(Taken(columns));
        return parts;

        DataTable Taken(List<int> kept) => new([.. kept.Select(c => table.Headings[c])], [.. kept.Select(c => table.Numeric[c])], [.. table.Rows.Select(r => (IReadOnlyList<string>)[.. kept.Select(c => r[c])])], table.Note);
    }

    private void Part(DataTable table)
    {
        var pen = Page(60);
        var widths = ColumnWidths(pen, table);
        Row(table.Headings, table, widths, Cell with { Bold = true }, true);
        foreach (var row in table.Rows)
        {
            if (y + RowHeight(row, widths, Cell) > Bottom)
            {
                Close();
                Page(40);
                Row(table.Headings, table, widths, Cell with { Bold = true }, true);
            }
            Row(row, table, widths, Cell, false);
        }
        y += 5;
        if (table.Note.Length > 0) Text(table.Note, Small, Margin, Width, 4);
        y += 6;
    }

    private void Row(IReadOnlyList<string> cells, DataTable table, float[] widths, TextStyle style, bool isHead)
    {
        var pen = Page(20);
        var (x, height) = (Margin, RowHeight(cells, widths, style));
        for (var c = 0; c < cells.Count; c++)
        {
            pen.Paragraph(cells[c], x, y + 2, widths[c] - 7, style, table.Numeric[c] ? Align.Right : Align.Left);
            x += widths[c];
        }
        y += height;
        pen.Line(Margin, y, Margin + Width, y, isHead ? Look.Ink : Look.LandOutline, isHead ? 0.8f : 0.3f);
    }

    private float RowHeight(IReadOnlyList<string> cells, float[] widths, TextStyle style) =>
        Math.Max(1, cells.Select((c, i) => ink!.Wrap(c, style, widths[i] - 7).Count).DefaultIfEmpty(1).Max()) * style.Leading + 4.5f;

    // Each column gets its longest word, numbers whole; what room is left goes to those that would like more.
    private static float[] ColumnWidths(Ink pen, DataTable table)
    {
        var least = Least(pen, table);
        var wish = least.Select((w, c) => Math.Max(w, 8 + table.Rows.Select(r => r[c]).Append("").Max(t => pen.Width(t, Cell)))).ToArray();
        var (sum, more) = (least.Sum(), wish.Sum() - least.Sum());
        if (sum >= Width || more <= 0) return least.Select(w => w * Width / sum).ToArray();
        var share = (Width - sum) / more;
        if (share <= 1) return least.Select((w, c) => w + (wish[c] - w) * share).ToArray();
        return wish.Select(w => w * Width / wish.Sum()).ToArray();
    }

    // The width below which a column would break words or numbers.
    private static float[] Least(Ink pen, DataTable table)
    {
        var least = new float[table.Headings.Count];
        for (var c = 0; c < least.Length; c++)
        {
            var head = Words(table.Headings[c]).Max(w => pen.Width(w, Cell with { Bold = true }));
            var cells = table.Rows.Select(r => r[c]).Append("").ToArray();
            least[c] = 8 + Math.Max(head, table.Numeric[c] ? cells.Max(t => pen.Width(t, Cell)) : cells.SelectMany(Words).Append("").Max(w => pen.Width(w, Cell)));
        }
        return least;

        static string[] Words(string text) => text.Split(' ');
    }

    private void Write(Figure figure)
    {
        Close();
        var size = figure.Picture.Size;
        var caption = Body with { Size = 8.4f, Colour = Look.Faint };
        using var measure = new SKBitmap(1, 1);
        using var nowhere = new SKCanvas(measure);
        using var ruler = new Ink(nowhere, false, 1);
        var lines = ruler.Wrap(figure.Caption + " " + words.Format("report.method", figure.Method.File), caption, size.Width - 2 * Look.Margin);
        var height = size.Height + lines.Count * caption.Leading + 26;
        page++;
        ink = new Ink(document.BeginPage(size.Width, height), false, 1);
        Picture.Page(ink, figure.Picture);
        var top = size.Height - 4;
        foreach (var line in lines)
        {
            ink.Text(line, Look.Margin, top + caption.Size, caption);
            top += caption.Leading;
        }
        Footer(size.Width, height);
        ink.Dispose();
        ink = null;
        document.EndPage();
    }

    private void Footer(float width, float height)
    {
        var run = spec.Credits.RunId.Length > 0 ? $" \u00B7 {words["map.run"]} {spec.Credits.RunId[..Math.Min(12, spec.Credits.RunId.Length)]}" : "";
        ink!.Text(words["map.scenarioNotForecast"] + run, width < 600 ? Margin : Look.Margin, height - 12, Small with { Size = 6.6f });
        ink.Text(page.ToString(System.Globalization.CultureInfo.InvariantCulture), width - (width < 600 ? Margin : Look.Margin), height - 12, Small with { Size = 6.6f }, Align.Right);
    }
}
