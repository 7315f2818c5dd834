using GeoHarm.Maps.Reports;
using GeoHarm.Maps.Styles;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Quantities;
using SkiaSharp;

namespace GeoHarm.Maps.Pictures;

/// <summary>
/// Bands between zone centres whose width is proportional to a number, with a head at the receiving end. Bands bend to
/// their right, so that both directions are seen. They show shares between zones, never a way: each is one curve between
/// two centres, and pairs nearer than <see cref="LeastDistance"/> are refused.
/// </summary>
/// <param name="Source">Table with the columns lon1, lat1, lon2, lat2 (degrees) and the number.</param>
/// <param name="Column">Number that the width follows.</param>
/// <param name="Title">Legend title with the unit.</param>
public sealed record FlowArrows(PublishedLayer Source, string Column, string Title) : MapLayer(Source)
{
    /// <summary>Least distance between the centres of a band, kilometres: flows are shown along corridors of at least
    /// 25 km (models.md 6 and 9).</summary>
    public static Length LeastDistance { get; } = Length.FromKilometres(25);

    /// <summary>Width of the widest band, points; default 9.</summary>
    public float WidestBand { get; init; } = 9;

    /// <summary>Number that the widest band stands for; null for the largest of the rows. Give the same to maps that
    /// are compared.</summary>
    public double? WidestValue { get; init; }

    /// <summary>Whether the number is a change: orange for more, blue and broken for less, so that they differ in grey too.</summary>
    public bool Signed { get; init; }

    /// <summary>So many bands at most, the largest; default 60, beyond which none can be followed. A note says what
    /// share of the total is drawn.</summary>
    public int AtMost { get; init; } = 60;

    /// <summary>Columns whose largest size decides which bands are drawn; empty for the number itself. Maps that are
    /// compared name both their columns, or a band would seem to end where it only lost its rank.</summary>
    public IReadOnlyList<string> RankedBy { get; init; } = [];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns => [Column];

    internal override void Draw(MapScene scene)
    {
        var (layer, column) = (Source.Layer, Source.Layer[Column]);
        var widest = Widest();
        if (widest == 0) return;
        var near = Rows().Count(r => Math.Abs(column.Number(r)) > 0 && Kilometres(layer, r) < LeastDistance.Kilometres);
        if (near > 0) scene.Ink.Note($"GH6007 {near} flows between centres nearer than {LeastDistance.Kilometres:0} km are not drawn");
        if (Kept(scene.Words) is { } words) scene.Ink.Note(words);
        foreach (var row in RowsDrawn()) Band(scene, row, Math.Max(0.5f, WidestBand * (float)(Math.Abs(column.Number(row)) / widest)));
    }

    // Names keep off the heads, or where a band ends could not be seen.
    internal override void Label(MapScene scene)
    {
        const float Room = 3.4f;
        foreach (var row in RowsDrawn())
        {
            var (_, _, longitude, latitude) = Ends(Source.Layer, row);
            if (double.IsNaN(longitude + latitude)) continue;
            var head = scene.Projector.At(scene.Projector.Near(longitude), latitude);
            scene.Labels.Reserve(new SKRect(head.X - Room, head.Y - Room, head.X + Room, head.Y + Room));
        }
    }

    /// <summary>Rows drawn, the largest first.</summary>
    internal IReadOnlyList<int> RowsDrawn()
    {
        var layer = Source.Layer;
        return Rows().Where(r => Math.Abs(layer[Column].Number(r)) > 0 && Kilometres(layer, r) >= LeastDistance.Kilometres).OrderByDescending(Rank).ThenBy(r => r).Take(AtMost).ToArray();

        double Rank(int row) => (RankedBy.Count == 0 ? [Column] : RankedBy).Max(c => Math.Abs(layer[c].Number(row)));
    }

    /// <summary>Draws the line of a band, whole or broken.</summary>
    internal static void Body(Ink ink, SKPath line, string colour, float width, bool isBroken, byte alpha = 255)
    {
        if (!isBroken)
        {
            ink.Stroke(line, colour, width, alpha);
            return;
        }
        var (dash, gap) = (Math.Max(4.5f, width * 0.9f), Math.Max(1.8f, width * 0.35f));
        using var measure = new SKPathMeasure(line);
        using var dashes = new SKPath();
        for (var at = 0f; at < measure.Length; at += dash + gap) measure.GetSegment(at, Math.Min(measure.Length, at + dash), dashes, true);
        ink.Stroke(dashes, colour, width, alpha);
    }

    internal override IEnumerable<LegendBlock> Legend(MapScene scene)
    {
        var widest = Widest();
        if (widest == 0)
        {
            yield return new SwatchLegend(Title, [new Swatch(scene.Style.Land, Pattern.None, scene.Words["map.noChange"])]);
            yield break;
        }
        var lines = new List<WidthKey>();
        var neutral = Signed ? scene.Style.Faint : scene.Style.Flow;
        for (var value = Classification.NiceBelow(widest); lines.Count < 3; value = Classification.NiceBelow(value / 4))
            lines.Add(new WidthKey(Math.Max(0.5f, WidestBand * (float)(value / widest)), neutral, scene.Words.Number(value)));
        if (Signed)
        {
            lines.Add(new WidthKey(4, scene.Style.More, scene.Words["map.more"]));
            lines.Add(new WidthKey(4, scene.Style.Less, scene.Words["map.less"], true));
        }

        // What is left out is said on the picture itself: a line of no width with its words.
        if (Kept(scene.Words) is { } kept) lines.Add(new WidthKey(0, scene.Style.Paper, kept));
        yield return new WidthLegend(Title, lines);
    }

    // How many of the bands are drawn and what share of the total they carry; null when all are.
    private string? Kept(Wording words)
    {
        var column = Source.Layer[Column];
        var sizes = Rows().Where(r => Kilometres(Source.Layer, r) >= LeastDistance.Kilometres).Select(r => Math.Abs(column.Number(r))).Where(v => v > 0).OrderDescending().ToArray();
        return sizes.Length <= AtMost ? null : words.Format("map.largestBands", AtMost, words.Number(sizes.Length), words.Percent(RowsDrawn().Sum(r => Math.Abs(column.Number(r))) / sizes.Sum()));
    }

    /// <summary>Distance between the centres of a row, kilometres, on the sphere of mean radius 6,371 km.</summary>
    internal static double Kilometres(Layer layer, int row)
    {
        const double Degree = Math.PI / 180;
        var (lon1, lat1, lon2, lat2) = Ends(layer, row);
        var (a, b) = (PortableMath.Sin((lat2 - lat1) * Degree / 2), PortableMath.Sin((lon2 - lon1) * Degree / 2));
        var h = a * a + PortableMath.Cos(lat1 * Degree) * PortableMath.Cos(lat2 * Degree) * b * b;
        return 2 * 6371 * PortableMath.Asin(Math.Sqrt(Math.Min(1, h)));
    }

    private static (double Lon1, double Lat1, double Lon2, double Lat2) Ends(Layer layer, int row) =>
        (layer["lon1"].Number(row), layer["lat1"].Number(row), layer["lon2"].Number(row), layer["lat2"].Number(row));

    private double Widest()
    {
        if (WidestValue is { } given) return given;
        var column = Source.Layer[Column];
        return Rows().Select(r => Math.Abs(column.Number(r))).Where(double.IsFinite).DefaultIfEmpty(0).Max();
    }

    private void Band(MapScene scene, int row, float width)
    {
        var (lon1, lat1, lon2, lat2) = Ends(Source.Layer, row);
        if (double.IsNaN(lon1 + lat1 + lon2 + lat2)) return;
        var (from, to) = (scene.Projector.At(scene.Projector.Near(lon1), lat1), scene.Projector.At(scene.Projector.Near(lon2), lat2));
        var (dx, dy) = (to.X - from.X, to.Y - from.Y);
        var length = MathF.Sqrt(dx * dx + dy * dy);
        if (length < 2) return;
        const float Bend = 0.16f;
        var bend = new SKPoint((from.X + to.X) / 2 - dy * Bend, (from.Y + to.Y) / 2 + dx * Bend);
        var (hx, hy) = (to.X - bend.X, to.Y - bend.Y);
        var run = MathF.Sqrt(hx * hx + hy * hy);
        (hx, hy) = (hx / run, hy / run);
        var head = Math.Min(Math.Max(3.4f, width * 1.15f), length * 0.45f);
        var neck = new SKPoint(to.X - hx * head, to.Y - hy * head);
        var half = Math.Max(1.9f, width * 0.95f);
        using var body = new SKPath();
        body.MoveTo(from);
        body.QuadTo(bend, neck);
        using var tip = new SKPath();
        tip.AddPoly([new SKPoint(neck.X - hy * half, neck.Y + hx * half), to, new SKPoint(neck.X + hy * half, neck.Y - hx * half)], true);
        var value = Source.Layer[Column].Number(row);
        var colour = !Signed ? scene.Style.Flow : value < 0 ? scene.Style.Less : scene.Style.More;
        scene.Ink.Stroke(body, scene.Style.Paper, width + 1.3f, 210);
        scene.Ink.Stroke(tip, scene.Style.Paper, 1.3f, 210);
        Body(scene.Ink, body, colour, width, Signed && value < 0, 225);
        scene.Ink.Fill(tip, colour);
    }
}
