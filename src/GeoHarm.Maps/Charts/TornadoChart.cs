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

    /// <summary>Bars at most; default 15.</summary>
    public int AtMost { get; init; } = 15;

    /// <inheritdoc/>
    public override IEnumerable<(PublishedLayer, IReadOnlyList<int>, IReadOnlyList<string>)> Shown()
    {
        yield return (Source, Rows(), [LabelColumn, AtLowColumn, AtHighColumn]);
    }

    internal override IEnumerable<PublishedLayer> Sources() => [Source];

    internal override void Body(Ink ink, SKRect area, PictureStyle style, Wording words)
    {
        var rows = Rows();
        var text = new TextStyle(style.LegendSize, style.Ink);
        if (rows.Length == 0)
        {
            ink.Paragraph(words["chart.empty"], area.Left, area.Top + 8, area.Width, text);
            return;
        }
        var label = Math.Min(area.Width * 0.4f, rows.Max(r => ink.Width(Source.Layer[LabelColumn].TextAt(r) ?? "", text)));
        var plot = new SKRect(area.Left + label + 8, area.Top + 18, area.Right - 10, area.Bottom - 26);
        var axis = new Axis(rows.Min(r => Math.Min(Low(r), High(r))), rows.Max(r => Math.Max(Low(r), High(r))), plot.Left, plot.Right, false);
        var pitch = Math.Min(26, plot.Height / rows.Length);
        plot.Bottom = plot.Top + pitch * rows.Length;
        axis.Draw(ink, plot, style, words, Unit, false);
        for (var i = 0; i < rows.Length; i++)
        {
            var middle = plot.Top + pitch * (i + 0.5f);
            ink.Text(Source.Layer[LabelColumn].TextAt(rows[i]) ?? "", area.Left + label, middle + text.Size * 0.36f, text, Align.Right);
            Bar(ink, axis, Low(rows[i]), middle, pitch, style.Less, Pattern.Horizontal);
            Bar(ink, axis, High(rows[i]), middle, pitch, style.More, Pattern.None);
        }
        ink.Line(axis.At(Central), plot.Top - 3, axis.At(Central), plot.Bottom, style.Ink, 1);
        ink.Text(words.Number(Central), axis.At(Central), plot.Top - 6, text with { Bold = true }, Align.Centre);
        Key(ink, area, plot, style, words);
    }

    private void Bar(Ink ink, Axis axis, double value, float middle, float pitch, string colour, Pattern pattern)
    {
        var (from, to) = (axis.At(Central), axis.At(value));
        using var shape = new SKPath();
        shape.AddRect(new SKRect(Math.Min(from, to), middle - pitch * 0.3f, Math.Max(from, to), middle + pitch * 0.3f));
        ink.Fill(shape, colour);
        PatternFill.Draw(ink.Canvas, shape, pattern);
    }

    private static void Key(Ink ink, SKRect area, SKRect plot, PictureStyle style, Wording words)
    {
        var text = new TextStyle(style.LegendSize, style.Faint);
        var x = area.Left;
        foreach (var (colour, key) in new[] { (style.Less, "chart.atLow"), (style.More, "chart.atHigh") })
        {
            ink.Box(new SKRect(x, plot.Top - 14, x + 12, plot.Top - 6), colour);
            ink.Text(words[key], x + 16, plot.Top - 7, text);
            x += 24 + ink.Width(words[key], text);
        }
    }

    private int[] Rows() => Enumerable.Range(0, Source.Layer.RowCount).Where(r => double.IsFinite(Low(r) + High(r)))
        .OrderByDescending(r => Math.Abs(High(r) - Low(r))).ThenBy(r => r).Take(AtMost).ToArray();

    private double Low(int row) => Source.Layer[AtLowColumn].Number(row);

    private double High(int row) => Source.Layer[AtHighColumn].Number(row);
}
