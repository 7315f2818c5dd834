using GeoHarm.Maps.Pictures;
using GeoHarm.Maps.Reports;
using GeoHarm.Maps.Styles;
using GeoHarm.Spatial.Layers;
using SkiaSharp;

namespace GeoHarm.Maps.Charts;

/// <summary>
/// Which assumption moves the result most: for each, the result at its low and at its high end, as bars about the
/// central result, the widest first. The low end is blue with level lines, the high end orange.
/// </summary>
/// <param name="Source">Table with one row an assumption.</param>
/// <param name="LabelColumn">Name of the assumption.</param>
/// <param name="AtLowColumn">Result with the assumption at its low end.</param>
/// <param name="AtHighColumn">Result with the assumption at its high end.</param>
/// <param name="Central">Result with all assumptions central.</param>
public sealed record TornadoChart(PublishedLayer Source, string LabelColumn, string AtLowColumn, string AtHighColumn, double Central) : Panel
{
    /// <summary>Unit under the axis.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Rows drawn, the widest first; null for all.</summary>
    public IReadOnlyList<int>? Rows { get; init; }

    /// <summary>Bars at most; default 15.</summary>
    public int AtMost { get; init; } = 15;

    /// <inheritdoc/>
    public override IEnumerable<(PublishedLayer, IReadOnlyList<int>, IReadOnlyList<string>)> Shown()
    {
        yield return (Source, RowsInForce(), [LabelColumn, AtLowColumn, AtHighColumn]);
    }

    internal override IEnumerable<PublishedLayer> Sources() => [Source];

    internal override void Body(Ink ink, SKRect area, PictureStyle style, Wording words)
    {
        var rows = RowsInForce();
        var text = new TextStyle(style.LegendSize, style.Ink);
        if (rows.Length == 0)
        {
            ink.Paragraph(words["chart.empty"], area.Left, area.Top + 8, area.Width, text);
            return;
        }
        var label = Math.Min(area.Width * 0.4f, rows.Max(r => ink.Width(Source.Layer[LabelColumn].TextAt(r) ?? "", text)));
        var plot = new SKRect(area.Left + label + 8, area.Top + 32, area.Right - 10, area.Bottom - 26);
        var axis = new Axis(rows.Min(r => Math.Min(Low(r), High(r))), rows.Max(r => Math.Max(Low(r), High(r))), plot.Left, plot.Right, false);
        var pitch = Math.Min(26, plot.Height / rows.Length);
        plot.Bottom = plot.Top + pitch * rows.Length;
        axis.Draw(ink, plot, style, words, Unit, false);
        for (var i = 0; i < rows.Length; i++)
        {
            var middle = plot.Top + pitch * (i + 0.5f);
            ink.Text(Source.Layer[LabelColumn].TextAt(rows[i]) ?? "", area.Left + label, middle + text.Size * 0.36f, text, Align.Right);

            // Where both ends lie on one side, the nearer stands over the farther.
            foreach (var isHigh in Math.Abs(Low(rows[i]) - Central) < Math.Abs(High(rows[i]) - Central) ? new[] { true, false } : [false, true])
                Bar(ink, axis, isHigh ? High(rows[i]) : Low(rows[i]), middle, pitch, isHigh ? style.More : style.Less, isHigh ? Pattern.None : Pattern.Horizontal);
        }
        ink.Line(axis.At(Central), plot.Top - 3, axis.At(Central), plot.Bottom, style.Ink, 1);
        ink.Text(words.Number(Central), axis.At(Central), plot.Top - 6, text with { Bold = true }, Align.Centre);
        Key(ink, area, style, words);
    }

    private void Bar(Ink ink, Axis axis, double value, float middle, float pitch, string colour, Pattern pattern)
    {
        var (from, to) = (axis.At(Central), axis.At(value));
        using var shape = new SKPath();
        shape.AddRect(new SKRect(Math.Min(from, to), middle - pitch * 0.3f, Math.Max(from, to), middle + pitch * 0.3f));
        ink.Fill(shape, colour);
        PatternFill.Draw(ink.Canvas, shape, pattern);
    }

    private static void Key(Ink ink, SKRect area, PictureStyle style, Wording words)
    {
        var text = new TextStyle(style.LegendSize, style.Faint);
        var x = area.Left;
        foreach (var (colour, key, pattern) in new[] { (style.Less, "chart.atLow", Pattern.Horizontal), (style.More, "chart.atHigh", Pattern.None) })
        {
            using var box = new SKPath();
            box.AddRect(new SKRect(x, area.Top + 1, x + 14, area.Top + 9));
            ink.Fill(box, colour);
            PatternFill.Draw(ink.Canvas, box, pattern);
            ink.Text(words[key], x + 18, area.Top + 8, text);
            x += 30 + ink.Width(words[key], text);
        }
    }

    private int[] RowsInForce() => (Rows ?? Enumerable.Range(0, Source.Layer.RowCount)).Where(r => double.IsFinite(Low(r) + High(r)))
        .OrderByDescending(r => Math.Abs(High(r) - Low(r))).ThenBy(r => r).Take(AtMost).ToArray();

    private double Low(int row) => Source.Layer[AtLowColumn].Number(row);

    private double High(int row) => Source.Layer[AtHighColumn].Number(row);
}
