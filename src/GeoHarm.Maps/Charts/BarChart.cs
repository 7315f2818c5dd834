using GeoHarm.Maps.Pictures;
using GeoHarm.Maps.Reports;
using GeoHarm.Maps.Styles;
using GeoHarm.Spatial.Layers;
using SkiaSharp;

namespace GeoHarm.Maps.Charts;

/// <summary>A text column beside the bars.</summary>
/// <param name="Heading">Words over it.</param>
/// <param name="Column">Column of the layer.</param>
public sealed record ChartColumn(string Heading, string Column);

/// <summary>
/// Level bars with their intervals as whiskers, one row of a table each, in the table's order: orange for more, blue
/// with level lines for less, dark diagonals where the interval holds both signs. The numbers stand beside the bars.
/// </summary>
/// <param name="Source">Table.</param>
/// <param name="LabelColumn">Text column that names the bars.</param>
/// <param name="ValueColumn">Number.</param>
public sealed record BarChart(PublishedLayer Source, string LabelColumn, string ValueColumn) : Panel
{
    private const float Gap = 7;

    /// <summary>Low end of the interval; null for none.</summary>
    public string? LowColumn { get; init; }

    /// <summary>High end of the interval; null for none.</summary>
    public string? HighColumn { get; init; }

    /// <summary>Second line under a label, such as the country; null for none.</summary>
    public string? SubLabelColumn { get; init; }

    /// <summary>Rows drawn, in order; null for all.</summary>
    public IReadOnlyList<int>? Rows { get; init; }

    /// <summary>Text columns right of the bars.</summary>
    public IReadOnlyList<ChartColumn> Beside { get; init; } = [];

    /// <summary>Unit under the axis.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Whether the numbers are changes (printed with their sign).</summary>
    public bool Signed { get; init; } = true;

    /// <inheritdoc/>
    public override IEnumerable<(PublishedLayer, IReadOnlyList<int>, IReadOnlyList<string>)> Shown()
    {
        string?[] columns = [LabelColumn, SubLabelColumn, ValueColumn, LowColumn, HighColumn, .. Beside.Select(b => b.Column)];
        yield return (Source, RowsInForce(), columns.OfType<string>().Distinct().ToArray());
    }

    internal override IEnumerable<PublishedLayer> Sources() => [Source];

    internal override void Body(Ink ink, SKRect area, PictureStyle style, Wording words)
    {
        var rows = RowsInForce();
        var text = new TextStyle(style.LegendSize, style.Ink);
        if (rows.Length == 0)
        {
            ink.Paragraph(words["chart.empty"], area.Left, area.Top + 8, area.Width, text);
            ink.Note($"GH6011 the table '{Source.Layer.Name}' has no row with a number in '{ValueColumn}'");
            return;
        }
        var columns = Columns(rows, words);
        var besideWidth = columns.Sum(c => WidthOf(ink, c.Heading, c.Cells, text) + Gap);
        var labelWidth = Math.Min(area.Width * 0.34f, rows.Max(r => LabelWidth(ink, r, text, words)));
        var plot = new SKRect(area.Left + labelWidth + Gap, area.Top + 24, area.Right - besideWidth, area.Bottom - 26);
        if (plot.Width < 40) plot.Right = plot.Left + 40;
        var axis = new Axis(rows.Min(r => Ends(r).Low), rows.Max(r => Ends(r).High), plot.Left, plot.Right);
        var pitch = Math.Min(34, plot.Height / rows.Length);
        plot.Bottom = plot.Top + pitch * rows.Length;
        axis.Draw(ink, plot, style, words, Unit, Signed);
        for (var i = 0; i < rows.Length; i++) Row(ink, rows[i], area.Left, labelWidth, plot, plot.Top + pitch * i, pitch, axis, style, words);
        DrawBeside(ink, columns, plot, pitch, text, style);
    }

    private void Row(Ink ink, int row, float left, float labelWidth, SKRect plot, float top, float pitch, Axis axis, PictureStyle style, Wording words)
    {
        var (layer, text) = (Source.Layer, new TextStyle(style.LegendSize, style.Ink));
        var label = ink.Wrap(words.Phrase(layer[LabelColumn].TextAt(row) ?? ""), text, labelWidth).Take(2).ToList();
        var sub = SubLabelColumn is null || label.Count > 1 ? null : layer[SubLabelColumn].TextAt(row);
        var lines = label.Count + (sub is null ? 0 : 1);
        var y = top + pitch / 2 - lines * text.Leading / 2;
        foreach (var line in label)
        {
            ink.Text(line, left + labelWidth, y + text.Size, text, Align.Right);
            y += text.Leading;
        }
        if (sub is not null) ink.Text(sub, left + labelWidth, y + text.Size - 0.5f, text with { Size = text.Size - 1, Colour = style.Faint }, Align.Right);

        var value = layer[ValueColumn].Number(row);
        var (low, high) = Ends(row);
        var (bar, middle) = (Math.Min(15, pitch * 0.56f), top + pitch / 2);
        var box = new SKRect(Math.Min(axis.At(0), axis.At(value)), middle - bar / 2, Math.Max(axis.At(0), axis.At(value)), middle + bar / 2);
        using var shape = new SKPath();
        shape.AddRect(box);
        ink.Fill(shape, value < 0 ? style.Less : style.More);
        if (value < 0) PatternFill.Draw(ink.Canvas, shape, Pattern.Horizontal);
        if (Wording.Clean(low, value, high) < 0 && Wording.Clean(high, value, low) > 0) PatternFill.Draw(ink.Canvas, shape, Pattern.Uncertain);
        if (LowColumn is null || high <= low) return;
        ink.Line(axis.At(low), middle, axis.At(high), middle, style.Ink, 0.9f);
        foreach (var end in new[] { low, high }) ink.Line(axis.At(end), middle - 2.6f, axis.At(end), middle + 2.6f, style.Ink, 0.9f);
    }

    private List<(string Heading, string[] Cells)> Columns(int[] rows, Wording words)
    {
        var layer = Source.Layer;
        var columns = new List<(string, string[])>
        {
            (words["chart.valueSpan"], rows.Select(r => LowColumn is null || HighColumn is null
                ? words.Number(layer[ValueColumn].Number(r), Signed)
                : words.Span(layer[ValueColumn].Number(r), layer[LowColumn].Number(r), layer[HighColumn].Number(r), Signed)).ToArray()),
        };
        foreach (var beside in Beside)
        {
            var column = layer[beside.Column];
            columns.Add((beside.Heading, rows.Select(r => column.IsNull(r) ? words["report.none"] : column.Type == FieldType.Text ? column.TextAt(r)! : words.Number(column.Number(r))).ToArray()));
        }
        return columns;
    }

    private static void DrawBeside(Ink ink, List<(string Heading, string[] Cells)> columns, SKRect plot, float pitch, TextStyle text, PictureStyle style)
    {
        var x = plot.Right + Gap;
        foreach (var (heading, cells) in columns)
        {
            var width = WidthOf(ink, heading, cells, text);
            var lines = ink.Wrap(heading, text with { Bold = true }, width + 1);
            var y = plot.Top - 4 - lines.Count * text.Leading;
            foreach (var line in lines)
            {
                ink.Text(line, x + width, y + text.Size, text with { Bold = true, Colour = style.Faint }, Align.Right);
                y += text.Leading;
            }
            for (var i = 0; i < cells.Length; i++) ink.Text(cells[i], x + width, plot.Top + pitch * (i + 0.5f) + text.Size * 0.36f, text, Align.Right);
            x += width + Gap;
        }
    }

    private int[] RowsInForce() => (Rows ?? Enumerable.Range(0, Source.Layer.RowCount)).Where(r => double.IsFinite(Source.Layer[ValueColumn].Number(r))).ToArray();

    private (double Low, double High) Ends(int row)
    {
        var value = Source.Layer[ValueColumn].Number(row);
        var low = LowColumn is null ? value : Source.Layer[LowColumn].Number(row);
        var high = HighColumn is null ? value : Source.Layer[HighColumn].Number(row);
        return (double.IsNaN(low) ? value : Math.Min(low, value), double.IsNaN(high) ? value : Math.Max(high, value));
    }

    private float LabelWidth(Ink ink, int row, TextStyle text, Wording words) => Math.Max(
        ink.Width(words.Phrase(Source.Layer[LabelColumn].TextAt(row) ?? ""), text),
        SubLabelColumn is null ? 0 : ink.Width(Source.Layer[SubLabelColumn].TextAt(row) ?? "", text with { Size = text.Size - 1 }));

    // A heading may break into two lines; its longest word and the cells set the width.
    private static float WidthOf(Ink ink, string heading, string[] cells, TextStyle text) => Math.Max(
        cells.Max(c => ink.Width(c, text)), Math.Max(heading.Split(' ').Max(w => ink.Width(w, text with { Bold = true })), ink.Width(heading, text with { Bold = true }) * 0.56f));
}
