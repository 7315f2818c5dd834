using GeoHarm.Maps.Pictures;
using GeoHarm.Maps.Reports;
using GeoHarm.Maps.Styles;
using GeoHarm.Spatial.Layers;
using SkiaSharp;

namespace GeoHarm.Maps.Charts;

/// <summary>A band of a fan: the columns of its lower and upper edge, and its words, such as "90 %".</summary>
/// <param name="LowColumn">Lower edge.</param>
/// <param name="HighColumn">Upper edge.</param>
/// <param name="Words">Legend words.</param>
public sealed record FanBand(string LowColumn, string HighColumn, string Words);

/// <summary>
/// A series over years with its bands of probability, the widest lightest, the central line over them and what was
/// observed as dots. Values are read level by level from the axis on the left, which holds zero.
/// </summary>
/// <param name="Source">Table with one row a year.</param>
/// <param name="TimeColumn">Year, or another number that rises.</param>
/// <param name="CentralColumn">Central line.</param>
public sealed record FanChart(PublishedLayer Source, string TimeColumn, string CentralColumn) : Panel
{
    /// <summary>Bands, the widest first.</summary>
    public IReadOnlyList<FanBand> Bands { get; init; } = [];

    /// <summary>Observed values; null for none.</summary>
    public string? ObservedColumn { get; init; }

    /// <summary>Unit over the axis.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Colours of the bands.</summary>
    public Palette Palette { get; init; } = Palette.Blue;

    /// <inheritdoc/>
    public override IEnumerable<(PublishedLayer, IReadOnlyList<int>, IReadOnlyList<string>)> Shown()
    {
        string?[] columns = [TimeColumn, CentralColumn, .. Bands.SelectMany(b => new[] { b.LowColumn, b.HighColumn }), ObservedColumn];
        yield return (Source, Rows(), columns.OfType<string>().ToArray());
    }

    internal override IEnumerable<PublishedLayer> Sources() => [Source];

    internal override void Body(Ink ink, SKRect area, PictureStyle style, Wording words)
    {
        var rows = Rows();
        if (rows.Length == 0)
        {
            ink.Paragraph(words["chart.empty"], area.Left, area.Top + 8, area.Width, new TextStyle(style.LegendSize, style.Ink));
            ink.Note($"GH6011 the table '{Source.Layer.Name}' has no row with a number in '{CentralColumn}'");
            return;
        }
        var plot = new SKRect(area.Left + 46, area.Top + 16, area.Right - 96, area.Bottom - 20);
        var all = Columns().SelectMany(c => rows.Select(r => Source.Layer[c].Number(r))).Where(double.IsFinite).ToArray();
        var (first, last) = (At(TimeColumn, rows[0]), At(TimeColumn, rows[^1]));
        var up = new Axis(all.Min(), all.Max(), plot.Bottom, plot.Top);
        var along = new Axis(first, last, plot.Left, plot.Right, false);
        Grid(ink, plot, up, along, style, words);
        for (var b = 0; b < Bands.Count; b++)
        {
            using var band = Band(rows, Bands[b], up, along);
            ink.Fill(band, Palette.At(0.16 + 0.5 * b / Math.Max(1, Bands.Count)));
        }
        using var line = Line(rows, up, along);
        ink.Stroke(line, Palette.At(1), 1.6f);
        Observed(ink, rows, up, along, style);
        Legend(ink, plot, style, words);
    }

    private void Grid(Ink ink, SKRect plot, Axis up, Axis along, PictureStyle style, Wording words)
    {
        var text = new TextStyle(style.LegendSize - 0.6f, style.Faint);
        foreach (var tick in up.Ticks())
        {
            ink.Line(plot.Left, up.At(tick), plot.Right, up.At(tick), tick == 0 ? style.Ink : style.Graticule, tick == 0 ? 0.8f : 0.5f);
            ink.Text(words.Number(tick), plot.Left - 4, up.At(tick) + text.Size * 0.36f, text, Align.Right);
        }
        // Years and other whole numbers are named whole, or a short axis would name one year twice.
        var whole = Rows().All(r => At(TimeColumn, r) % 1 == 0);
        foreach (var tick in along.Ticks().Where(t => along.At(t) >= plot.Left - 0.5f && along.At(t) <= plot.Right + 0.5f && (!whole || Math.Abs(t - Math.Round(t)) < 1e-9)))
            ink.Text(Math.Round(tick, 3).ToString(System.Globalization.CultureInfo.InvariantCulture), along.At(tick), plot.Bottom + text.Size + 4, text, Align.Centre);
        if (Unit.Length > 0) ink.Text(Unit, plot.Left, plot.Top - 6, text with { Bold = true });
    }

    private SKPath Band(int[] rows, FanBand band, Axis up, Axis along)
    {
        var kept = rows.Where(r => double.IsFinite(At(band.LowColumn, r) + At(band.HighColumn, r))).ToArray();
        var edge = kept.Select(r => new SKPoint(along.At(At(TimeColumn, r)), up.At(At(band.HighColumn, r))))
            .Concat(kept.Reverse().Select(r => new SKPoint(along.At(At(TimeColumn, r)), up.At(At(band.LowColumn, r))))).ToArray();
        var path = new SKPath();
        if (edge.Length > 3) path.AddPoly(edge, true);
        return path;
    }

    private SKPath Line(int[] rows, Axis up, Axis along)
    {
        var path = new SKPath();
        path.AddPoly(rows.Select(r => new SKPoint(along.At(At(TimeColumn, r)), up.At(At(CentralColumn, r)))).ToArray(), false);
        return path;
    }

    private void Observed(Ink ink, int[] rows, Axis up, Axis along, PictureStyle style)
    {
        if (ObservedColumn is null) return;
        foreach (var row in rows.Where(r => double.IsFinite(At(ObservedColumn, r))))
            Symbols.Circle(ink, along.At(At(TimeColumn, row)), up.At(At(ObservedColumn, row)), 2.6f, style.Ink, style);
    }

    private void Legend(Ink ink, SKRect plot, PictureStyle style, Wording words)
    {
        var text = new TextStyle(style.LegendSize, style.Ink);
        var (x, y) = (plot.Right + 10, plot.Top + 2);
        for (var b = 0; b < Bands.Count; b++)
        {
            ink.Box(new SKRect(x, y, x + 16, y + 9), Palette.At(0.16 + 0.5 * b / Math.Max(1, Bands.Count)));
            ink.Text(words.Phrase(Bands[b].Words), x + 21, y + 8, text);
            y += 14;
        }
        ink.Line(x, y + 4.5f, x + 16, y + 4.5f, Palette.At(1), 1.6f);
        ink.Text(words["chart.central"], x + 21, y + 8, text);
        if (ObservedColumn is null) return;
        Symbols.Circle(ink, x + 8, y + 18.5f, 2.6f, style.Ink, style);
        ink.Text(words["chart.observed"], x + 21, y + 22, text);
    }

    private int[] Rows() => Enumerable.Range(0, Source.Layer.RowCount).Where(r => double.IsFinite(At(CentralColumn, r) + At(TimeColumn, r))).OrderBy(r => At(TimeColumn, r)).ToArray();

    private IEnumerable<string> Columns() => new[] { CentralColumn, ObservedColumn }.OfType<string>().Concat(Bands.SelectMany(b => new[] { b.LowColumn, b.HighColumn }));

    private double At(string column, int row) => Source.Layer[column].Number(row);
}
