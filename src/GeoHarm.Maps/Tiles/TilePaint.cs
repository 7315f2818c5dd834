using GeoHarm.Maps.Pictures;
using GeoHarm.Maps.Styles;
using GeoHarm.Spatial.Layers;
using SkiaSharp;

namespace GeoHarm.Maps.Tiles;

/// <summary>How a layer's rows are painted into picture tiles: classes of one number, as a choropleth has them.</summary>
public sealed record TilePaint
{
    /// <summary>Number that is shaded.</summary>
    public required string Column { get; init; }

    /// <summary>Classes.</summary>
    public required Classes Classes { get; init; }

    /// <summary>Colours.</summary>
    public Palette Palette { get; init; } = Palette.Green;

    /// <summary>Look of outlines and of zones without a value.</summary>
    public PictureStyle Style { get; init; } = PictureStyle.Default;

    /// <summary>PNG by default; WebP is smaller.</summary>
    public TileFormat Format { get; init; } = TileFormat.Png;

    /// <summary>Pixels across a tile; default 512, two to a CSS pixel of the usual 256.</summary>
    public int Pixels { get; init; } = 512;

    /// <summary>Radius of points, in CSS pixels; default 3.</summary>
    public float PointRadius { get; init; } = 3;
}

/// <summary>Paints the shapes of one tile on a transparent ground, with the same colours and patterns as a map picture.</summary>
internal sealed class TilePainter(TilePaint paint, Column column)
{
    private readonly IReadOnlyList<string> colours = paint.Palette.Colours(paint.Classes.Count);

    /// <summary>The tile as a picture; empty when nothing is in it.</summary>
    public byte[] Paint(List<TileShape> shapes, TileAddress address)
    {
        if (shapes.Count == 0) return [];
        using var bitmap = new SKBitmap(new SKImageInfo(paint.Pixels, paint.Pixels, SKColorType.Rgba8888, SKAlphaType.Premul));
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.Transparent);

        // One unit is a CSS pixel of a 256-pixel tile, so that widths are those of the style on every screen.
        canvas.Scale(paint.Pixels / 256f);
        using var ink = new Ink(canvas, false, paint.Pixels / 256f);
        var paths = shapes.Select(shape => (Shape: shape, Path: PathOf(shape, address))).ToArray();
        foreach (var (shape, path) in paths) Fill(ink, shape, path);
        foreach (var (shape, path) in paths)
        {
            if (shape.Kind != TileKind.Lines) ink.Stroke(path, paint.Style.ZoneOutline, paint.Style.ZoneOutlineWidth);
            path.Dispose();
        }
        using var pixels = bitmap.PeekPixels();
        using var data = paint.Format == TileFormat.Webp
            ? pixels.Encode(new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossless, 40))
            : pixels.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.Sub, 3));
        return data?.ToArray() ?? throw new InvalidOperationException("The picture encoder gave nothing.");
    }

    private void Fill(Ink ink, TileShape shape, SKPath path)
    {
        var place = paint.Classes.Of(column.Number(shape.Row));
        var colour = place == -2 ? paint.Style.NoValue : place == -1 ? "#FFFFFF" : colours[place];
        if (shape.Kind == TileKind.Lines)
        {
            ink.Stroke(path, colour, 1.5f);
            return;
        }
        ink.Fill(path, colour);
        var breaks = paint.Classes.Breaks;
        var pattern = place == -2 ? Pattern.NoValue : paint.Palette.IsDiverging && place >= 0 && place < breaks.Count && breaks[place] < 0 ? Pattern.Horizontal : Pattern.None;
        PatternFill.Draw(ink.Canvas, path, pattern);
    }

    private SKPath PathOf(TileShape shape, TileAddress address)
    {
        var side = 256.0 * (1 << address.Zoom);
        var (left, top) = (address.Column * 256.0, address.Row * 256.0);
        var path = new SKPath { FillType = SKPathFillType.EvenOdd };
        foreach (var part in shape.Parts)
        {
            SKPoint At(int i) => new((float)(part.X[i] * side - left), (float)(part.Y[i] * side - top));
            if (shape.Kind == TileKind.Points)
            {
                path.AddCircle(At(0).X, At(0).Y, paint.PointRadius);
                continue;
            }
            path.MoveTo(At(0));
            for (var i = 1; i < part.X.Length; i++) path.LineTo(At(i));
            if (shape.Kind == TileKind.Polygons) path.Close();
        }
        return path;
    }
}
