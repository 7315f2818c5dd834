using GeoHarm.Maps.Pictures;
using GeoHarm.Maps.Reports;
using GeoHarm.Maps.Styles;
using GeoHarm.Spatial.Layers;
using SkiaSharp;

namespace GeoHarm.Maps.Charts;

/// <summary>
/// Every variant of an estimate, sorted, with its interval, over a grid that shows the choices behind it; the share of
/// variants on each side of zero is printed. Source: Simonsohn, Simmons and Nelson (2020), Specification curve analysis,
/// Nature Human Behaviour 4, https://doi.org/10.1038/s41562-020-0912-z.
/// </summary>
/// <param name="Source">Table with one row a variant.</param>
/// <param name="ValueColumn">Estimate.</param>
/// <param name="LowColumn">Low end of its interval.</param>
/// <param name="HighColumn">High end of its interval.</param>
/// <param name="ChoiceColumns">Text columns with the choices.</param>
public sealed record SpecificationCurve(PublishedLayer Source, string ValueColumn, string LowColumn, string HighColumn, IReadOnlyList<string> ChoiceColumns) : Panel
{
    /// <summary>Name of the estimate, over the axis.</summary>
    public string Unit { get; init; } = "";

    /// <inheritdoc/>
    public override IEnumerable<(PublishedLayer, IReadOnlyList<int>, IReadOnlyList<string>)> Shown()
    {
        yield return (Source, Rows(), [ValueColumn, LowColumn, HighColumn, .. ChoiceColumns]);
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
        var choices = ChoiceColumns.SelectMany(c => rows.Select(r => Source.Layer[c].TextAt(r) ?? "").Distinct().Order(StringComparer.Ordinal).Select(v => (Column: c, Value: v))).ToArray();
        var label = Math.Min(area.Width * 0.3f, choices.Select(c => ink.Width(c.Value, text)).DefaultIfEmpty(40).Max() + 6);
        var pitch = Math.Min(12, area.Height * 0.45f / Math.Max(1, choices.Length));
        var plot = new SKRect(area.Left + label + 8, area.Top + 30, area.Right - 8, area.Bottom - choices.Length * pitch - 12);
        Curve(ink, rows, area, plot, style, words);
        var step = plot.Width / rows.Length;
        for (var c = 0; c < choices.Length; c++)
        {
            var y = plot.Bottom + 10 + pitch * (c + 0.5f);
            ink.Text(choices[c].Value, plot.Left - 6, y + text.Size * 0.36f, text with { Size = Math.Min(text.Size, pitch * 0.85f) }, Align.Right);
            for (var i = 0; i < rows.Length; i++)
            {
                if (Source.Layer[choices[c].Column].TextAt(rows[i]) != choices[c].Value) continue;
                var x = plot.Left + step * (i + 0.5f);
                ink.Box(new SKRect(x - Math.Min(step * 0.32f, 2.5f), y - pitch * 0.32f, x + Math.Min(step * 0.32f, 2.5f), y + pitch * 0.32f), Colour(rows[i], style));
            }
        }
    }

    private void Curve(Ink ink, int[] rows, SKRect area, SKRect plot, PictureStyle style, Wording words)
    {
        var text = new TextStyle(style.LegendSize, style.Faint);
        var up = new Axis(rows.Min(Low), rows.Max(High), plot.Bottom, plot.Top);
        foreach (var tick in up.Ticks())
        {
            ink.Line(plot.Left, up.At(tick), plot.Right, up.At(tick), tick == 0 ? style.Ink : style.Graticule, tick == 0 ? 0.9f : 0.5f);
            ink.Text(words.Number(tick, true), plot.Left - 6, up.At(tick) + text.Size * 0.36f, text, Align.Right);
        }
        var step = plot.Width / rows.Length;
        for (var i = 0; i < rows.Length; i++)
        {
            var x = plot.Left + step * (i + 0.5f);
            ink.Line(x, up.At(Low(rows[i])), x, up.At(High(rows[i])), style.LandOutline, Math.Min(1.2f, step * 0.4f));
            Symbols.Circle(ink, x, up.At(Value(rows[i])), Math.Clamp(step * 0.4f, 1.2f, 2.6f), Colour(rows[i], style), style);
        }
        var (less, more) = (rows.Count(r => High(r) < 0), rows.Count(r => Low(r) > 0));
        ink.Text(Unit, area.Left, area.Top + text.Size, text with { Bold = true });
        ink.Text(words.Format("chart.agreement", rows.Length, rows.Count(r => Value(r) < 0), less, rows.Count(r => Value(r) > 0), more), area.Left, area.Top + text.Size * 2.4f, text);
    }

    private string Colour(int row, PictureStyle style) => High(row) < 0 ? style.Less : Low(row) > 0 ? style.More : style.Faint;

    private int[] Rows() => Enumerable.Range(0, Source.Layer.RowCount).Where(r => double.IsFinite(Value(r) + Low(r) + High(r))).OrderBy(Value).ThenBy(r => r).ToArray();

    private double Value(int row) => Source.Layer[ValueColumn].Number(row);

    private double Low(int row) => Source.Layer[LowColumn].Number(row);

    private double High(int row) => Source.Layer[HighColumn].Number(row);
}
