using GeoHarm.Maps.Styles;
using GeoHarm.Spatial.Layers;
using SkiaSharp;

namespace GeoHarm.Maps.Pictures;

/// <summary>Circles whose area is proportional to a number, at a point inside each zone; blue with level lines for less,
/// orange for more where the number is signed. Drawn largest first, so that none hides another.</summary>
/// <param name="Source">Zones or points.</param>
/// <param name="Column">Number.</param>
/// <param name="Title">Legend title with the unit.</param>
public sealed record Symbols(PublishedLayer Source, string Column, string Title) : MapLayer(Source)
{
    /// <summary>Radius of the largest circle, points; default 15.</summary>
    public float LargestRadius { get; init; } = 15;

    /// <summary>Whether the number is a change: colours by sign.</summary>
    public bool Signed { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns => [Column];

    private const float LeastRadius = 0.6f;

    internal static void Circle(Ink ink, float x, float y, float radius, string colour, PictureStyle style, Pattern pattern = Pattern.None)
    {
        using var path = new SKPath();
        path.AddCircle(x, y, radius);
        ink.Fill(path, colour, 205);
        PatternFill.Draw(ink.Canvas, path, pattern);
        ink.Stroke(path, style.Paper, 0.8f);
    }

    internal override void Draw(MapScene scene)
    {
        var column = Source.Layer[Column];
        var largest = Largest();
        if (largest == 0) return;
        foreach (var row in Rows().Where(r => Math.Abs(column.Number(r)) > 0).OrderByDescending(r => Math.Abs(column.Number(r))).ThenBy(r => r))
        {
            if (scene.PointAt(Source.Layer, row) is not { } point) continue;
            var radius = RadiusAt(row, largest);
            if (radius < LeastRadius) continue;
            Circle(scene.Ink, point.X, point.Y, radius, ColourOf(scene, column.Number(row)), scene.Style, Signed && column.Number(row) < 0 ? Pattern.Horizontal : Pattern.None);
        }
    }

    // Names keep off the circles.
    internal override void Label(MapScene scene)
    {
        var largest = Largest();
        foreach (var row in Rows())
        {
            if (RadiusAt(row, largest) is not (>= LeastRadius and var radius) || scene.PointAt(Source.Layer, row) is not { } point) continue;
            scene.Labels.Reserve(new SKRect(point.X - radius, point.Y - radius, point.X + radius, point.Y + radius));
        }
    }

    /// <summary>Radius of a row's circle, points; 0 without a number.</summary>
    internal float RadiusAt(int row) => RadiusAt(row, Largest());

    internal override IEnumerable<LegendBlock> Legend(MapScene scene)
    {
        var largest = Largest();
        if (largest == 0)
        {
            yield return new SwatchLegend(Title, [new Swatch(scene.Style.Land, Pattern.None, scene.Words["map.noChange"])]);
            yield break;
        }
        var circles = new List<(float, string, string, Pattern)>();
        var neutral = Signed ? scene.Style.Faint : scene.Style.Flow;
        for (var value = Classification.NiceBelow(largest); circles.Count < 3; value = Classification.NiceBelow(value / 4))
            circles.Add((LargestRadius * (float)Math.Sqrt(value / largest), neutral, scene.Words.Number(value), Pattern.None));
        if (Signed)
        {
            circles.Add((5, scene.Style.More, scene.Words["map.more"], Pattern.None));
            circles.Add((5, scene.Style.Less, scene.Words["map.less"], Pattern.Horizontal));
        }
        yield return new CircleLegend(Title, circles);
    }

    private string ColourOf(MapScene scene, double value) => !Signed ? scene.Style.Flow : value < 0 ? scene.Style.Less : scene.Style.More;

    private float RadiusAt(int row, double largest) => largest > 0 && Math.Abs(Source.Layer[Column].Number(row)) is > 0 and var size ? LargestRadius * (float)Math.Sqrt(size / largest) : 0;

    private double Largest()
    {
        var column = Source.Layer[Column];
        return Rows().Select(r => Math.Abs(column.Number(r))).Where(double.IsFinite).DefaultIfEmpty(0).Max();
    }
}
