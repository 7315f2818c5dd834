using GeoHarm.Maps.Styles;
using SkiaSharp;

namespace GeoHarm.Maps.Pictures;

/// <summary>What helps to read a map: graticule, scale bar, and north where it means one direction.</summary>
internal static class Furniture
{
    /// <summary>Degrees that north may turn between the map's sides for an arrow to be honest.</summary>
    private const double LargestTurn = 8;

    private static readonly double[] Steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30];

    /// <summary>Step between graticule lines, degrees: about five across.</summary>
    public static double StepOf(Projector projector)
    {
        var span = Math.Min(projector.Window.East - projector.Window.West, projector.Window.North - projector.Window.South);
        return Steps.FirstOrDefault(s => span / s <= 6, 30);
    }

    /// <summary>Draws meridians and parallels, clipped to the frame.</summary>
    public static void Graticule(MapScene scene, double step)
    {
        var window = scene.Projector.Window;
        using var lines = new SKPath();
        for (var longitude = Math.Ceiling(window.West / step) * step; longitude <= window.East; longitude += step)
            Curve(lines, scene.Projector, t => (longitude, window.South + (window.North - window.South) * t));
        for (var latitude = Math.Ceiling(window.South / step) * step; latitude <= window.North; latitude += step)
            Curve(lines, scene.Projector, t => (window.West + (window.East - window.West) * t, latitude));
        scene.Ink.Stroke(lines, scene.Style.Graticule, 0.4f);
    }

    /// <summary>Writes longitudes under the frame and latitudes left of it, where lines meet the frame.</summary>
    public static void GraticuleLabels(MapScene scene, double step)
    {
        var frame = scene.Projector.Frame;
        var text = new TextStyle(scene.Style.CreditSize - 0.4f, scene.Style.Faint);
        var lastEnd = float.MinValue;
        foreach (var (place, degrees) in Crossings(scene.Projector, step, true))
        {
            var words = scene.Words.Longitude(degrees);
            var half = scene.Ink.Width(words, text) / 2;
            if (place - half < frame.Left || place + half > frame.Right || place - half < lastEnd + 4) continue;
            scene.Ink.Text(words, place, frame.Bottom + text.Size + 2, text, Align.Centre);
            lastEnd = place + half;
        }
        foreach (var (place, degrees) in Crossings(scene.Projector, step, false))
        {
            if (place < frame.Top + 5 || place > frame.Bottom - 3) continue;
            scene.Ink.Text(scene.Words.Latitude(degrees), frame.Left - 3, place + text.Size * 0.36f, text, Align.Right);
        }
    }

    /// <summary>Draws a scale bar and a north arrow in the lower left corner and keeps names away from them.</summary>
    public static void ScaleBar(MapScene scene)
    {
        var (frame, style) = (scene.Projector.Frame, scene.Style);
        var most = Math.Min(110, frame.Width * 0.28f);
        var kilometres = Classification.NiceBelow(most / scene.Projector.PointsPerMetre / 1000);
        var length = (float)(kilometres * 1000 * scene.Projector.PointsPerMetre);
        var text = new TextStyle(style.CreditSize, style.Ink, false, "#FFFFFF");
        var words = scene.Words.Number(kilometres) + " km";
        var (x, y) = (frame.Left + 9, frame.Bottom - 9);
        var width = Math.Max(length, scene.Ink.Width(words, text));
        scene.Labels.Reserve(new SKRect(x - 3, y - 15, x + width + 6, y + 5));
        scene.Ink.Box(new SKRect(x - 0.8f, y - 3.8f, x + length + 0.8f, y + 0.8f), "#FFFFFF", 220);
        for (var part = 0; part < 4; part++)
        {
            var box = new SKRect(x + length * part / 4, y - 3, x + length * (part + 1) / 4, y);
            scene.Ink.Box(box, part % 2 == 0 ? style.Ink : "#FFFFFF");
        }
        scene.Ink.Frame(new SKRect(x, y - 3, x + length, y), style.Ink, 0.5f);
        scene.Ink.Text(words, x, y - 6, text);
        North(scene, x + width + 15, y);
    }

    // An arrow only where up is north all over the map; elsewhere the graticule shows it.
    private static void North(MapScene scene, float x, float y)
    {
        var frame = scene.Projector.Frame;
        var turns = new[]
        {
            scene.Projector.Convergence(frame.Left, frame.Top), scene.Projector.Convergence(frame.Right, frame.Top),
            scene.Projector.Convergence(frame.Left, frame.Bottom), scene.Projector.Convergence(frame.Right, frame.Bottom),
        };
        if (!turns.All(t => Math.Abs(t) <= LargestTurn)) return;
        using var arrow = new SKPath();
        arrow.AddPoly([new SKPoint(x, y - 17), new SKPoint(x + 3.4f, y - 7), new SKPoint(x, y - 9.2f), new SKPoint(x - 3.4f, y - 7)], true);
        scene.Ink.Stroke(arrow, "#FFFFFF", 1.6f);
        scene.Ink.Fill(arrow, scene.Style.Ink);
        scene.Ink.Text(scene.Words["map.north"], x, y, new TextStyle(scene.Style.CreditSize, scene.Style.Ink, true, "#FFFFFF"), Align.Centre);
        scene.Labels.Reserve(new SKRect(x - 7, y - 20, x + 7, y + 4));
    }

    private static void Curve(SKPath path, Projector projector, Func<double, (double Longitude, double Latitude)> at)
    {
        const int Pieces = 64;
        for (var i = 0; i <= Pieces; i++)
        {
            var (longitude, latitude) = at((double)i / Pieces);
            var point = projector.At(longitude, latitude);
            if (i == 0) path.MoveTo(point);
            else path.LineTo(point);
        }
    }

    // Walks along the bottom (longitudes) or the left side (latitudes) and reports where a multiple of the step is crossed.
    private static IEnumerable<(float Place, double Degrees)> Crossings(Projector projector, double step, bool bottom)
    {
        const int Samples = 400;
        var frame = projector.Frame;
        double? last = null;
        for (var i = 0; i <= Samples; i++)
        {
            var place = bottom ? frame.Left + frame.Width * i / Samples : frame.Top + frame.Height * i / Samples;
            var ok = projector.TryInverse(bottom ? place : frame.Left, bottom ? frame.Bottom : place, out var longitude, out var latitude);
            var value = bottom ? longitude : latitude;
            if (ok && last is { } before && Math.Floor(before / step) != Math.Floor(value / step))
            {
                var degrees = Math.Round(Math.Max(Math.Floor(before / step), Math.Floor(value / step))) * step;
                yield return (place, degrees);
            }
            last = ok ? value : null;
        }
    }
}
