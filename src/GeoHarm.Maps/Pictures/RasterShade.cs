using GeoHarm.Maps.Styles;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Quantities;
using SkiaSharp;

namespace GeoHarm.Maps.Pictures;

/// <summary>Cells of a raster in memory, north-up, for a picture: few enough to draw (a picture has a few million pixels).</summary>
/// <param name="Values">Values row by row from the north-west, NaN for no data; columns x rows of them.</param>
/// <param name="Columns">Cells across.</param>
/// <param name="West">Western edge, units of the coordinate system.</param>
/// <param name="North">Northern edge.</param>
/// <param name="CellWidth">Width of a cell.</param>
/// <param name="CellHeight">Height of a cell, positive.</param>
public sealed record RasterCells(IReadOnlyList<float> Values, int Columns, double West, double North, double CellWidth, double CellHeight)
{
    /// <summary>Cells down.</summary>
    public int Rows => Values.Count / Columns;
}

/// <summary>
/// A raster shaded by classes. The published layer is its footprint, one row with what the data file beside the picture
/// should say (least, mean, most, cells); every pixel of the map takes the cell it falls in, so cells keep their place in
/// any projection. Vector formats hold it as an image, which a raster is.
/// </summary>
/// <param name="Source">Footprint, in the raster's coordinate system: EPSG:4326, 3857 or 6933.</param>
/// <param name="Cells">The cells.</param>
/// <param name="Title">Legend title with the unit.</param>
public sealed record RasterShade(PublishedLayer Source, RasterCells Cells, string Title) : MapLayer(Source)
{
    private const float VectorPixelsPerPoint = 3;

    /// <summary>Classes.</summary>
    public required Classes Classes { get; init; }

    /// <summary>Colours.</summary>
    public Palette Palette { get; init; } = Palette.Ochre;

    /// <summary>Whether cells of exactly 0 are left clear: no loss is no news.</summary>
    public bool ZeroIsClear { get; init; } = true;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns => [.. Source.Layer.Columns.Select(c => c.Name)];

    internal override void Draw(MapScene scene)
    {
        var (frame, resolution) = (scene.Projector.Frame, Math.Max(scene.Ink.PixelsPerPoint, VectorPixelsPerPoint / 2));
        var (width, height) = ((int)Math.Ceiling(frame.Width * resolution), (int)Math.Ceiling(frame.Height * resolution));
        var colours = Palette.Colours(Classes.Count).Select(c => Ink.Colour(c)).ToArray();
        var forward = FromGeographic(Source.Layer);
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Premul));
        var pixels = new SKColor[width * height];
        var drawn = 0;
        for (var row = 0; row < height; row++)
        {
            for (var column = 0; column < width; column++)
            {
                if (!scene.Projector.TryInverse(frame.Left + (column + 0.5f) / resolution, frame.Top + (row + 0.5f) / resolution, out var longitude, out var latitude)) continue;
                if (ColourAt(forward, colours, longitude, latitude) is not { } colour) continue;
                pixels[row * width + column] = colour;
                drawn++;
            }
        }
        if (drawn == 0) scene.Ink.Note($"GH6006 no cell of '{Source.Layer.Name}' lies in the map");
        bitmap.Pixels = pixels;
        using var image = SKImage.FromBitmap(bitmap);
        scene.Ink.Canvas.DrawImage(image, new SKRect(frame.Left, frame.Top, frame.Left + width / resolution, frame.Top + height / resolution));
    }

    private SKColor? ColourAt(Func<double, double, (double X, double Y)>? forward, SKColor[] colours, double longitude, double latitude)
    {
        var (x, y) = forward is null ? (longitude, latitude) : forward(longitude, latitude);
        var column = (int)Math.Floor((x - Cells.West) / Cells.CellWidth);
        var row = (int)Math.Floor((Cells.North - y) / Cells.CellHeight);
        if ((uint)column >= (uint)Cells.Columns || (uint)row >= (uint)Cells.Rows) return null;
        var value = Cells.Values[row * Cells.Columns + column];
        if (float.IsNaN(value) || (ZeroIsClear && value == 0)) return null;
        return colours[Math.Max(0, Classes.Of(value))];
    }

    internal override IEnumerable<LegendBlock> Legend(MapScene scene)
    {
        var (breaks, words) = (Classes.Breaks, scene.Words);
        var colours = Palette.Colours(Classes.Count);
        string Range(int k) => breaks.Count == 0 ? words["map.anyValue"]
            : k == 0 ? words.Format("map.upTo", words.Number(breaks[0]))
            : k == breaks.Count ? words.Format("map.over", words.Number(breaks[^1]))
            : $"{words.Number(breaks[k - 1])} {words["map.to"]} {words.Number(breaks[k])}";
        yield return new SwatchLegend(Title, [.. Enumerable.Range(0, Classes.Count).Select(k => new Swatch(colours[k], Pattern.None, Range(k)))]);
    }

    private static Func<double, double, (double X, double Y)>? FromGeographic(Layer layer)
    {
        // The reader refuses systems without a closed form (GH6002); its inverse has the same three.
        if (GeographicReader.For(layer) is null) return null;
        if (layer.Crs!.Epsg == 6933) return new Spatial.Crs.EqualAreaCylinder(Spatial.Crs.Ellipsoid.Wgs84, 30).Forward;
        const double Degree = Math.PI / 180;
        return static (longitude, latitude) => (longitude * Degree * Projections.Authalic.SemiMajor,
            Projections.Authalic.SemiMajor * PortableMath.Log(PortableMath.Tan(Math.PI / 4 + latitude * Degree / 2)));
    }
}
