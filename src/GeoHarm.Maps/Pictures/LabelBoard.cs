using SkiaSharp;

namespace GeoHarm.Maps.Pictures;

/// <summary>
/// Places names so that none overlaps another, the furniture or the frame: each name tries its positions in turn and is
/// left out when none is free (Christensen, Marks and Shieber 1995, greedy rule, https://doi.org/10.1145/212332.212334).
/// Names come in order of importance.
/// </summary>
internal sealed class LabelBoard(SKRect frame)
{
    private const float Air = 1.2f;
    private readonly List<SKRect> taken = [];

    /// <summary>Names placed.</summary>
    public int Placed { get; private set; }

    /// <summary>Keeps a rectangle free of names.</summary>
    public void Reserve(SKRect box) => taken.Add(box);

    /// <summary>Finds room for a text block of that size about a point; null when there is none.</summary>
    public SKRect? Place(SKPoint about, float width, float height, float offset)
    {
        foreach (var (dx, dy) in Positions)
        {
            var centre = new SKPoint(about.X + dx * (width / 2 + offset), about.Y + dy * (height / 2 + offset));
            var box = new SKRect(centre.X - width / 2 - Air, centre.Y - height / 2 - Air, centre.X + width / 2 + Air, centre.Y + height / 2 + Air);
            if (!frame.Contains(box) || taken.Exists(t => t.IntersectsWith(box))) continue;
            taken.Add(box);
            Placed++;
            return box;
        }
        return null;
    }

    private static readonly (float X, float Y)[] Positions =
        [(0, 0), (0, -1), (0, 1), (1, 0), (-1, 0), (1, -1), (-1, -1), (1, 1), (-1, 1)];
}
