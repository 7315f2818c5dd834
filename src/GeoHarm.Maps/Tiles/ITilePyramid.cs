using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GeoHarm.Maps.Tiles;

/// <summary>What a tile holds; the numbers are those of the PMTiles specification.</summary>
public enum TileFormat
{
    /// <summary>Mapbox Vector Tile.</summary>
    Mvt = 1,

    /// <summary>A picture without loss.</summary>
    Png = 2,

    /// <summary>A picture, smaller.</summary>
    Webp = 4,
}

/// <summary>A layer in vector tiles, as TileJSON 3.0 names it.</summary>
/// <param name="Id">Layer name.</param>
/// <param name="MinZoom">Shallowest zoom.</param>
/// <param name="MaxZoom">Deepest zoom.</param>
/// <param name="Fields">Attributes with "String" or "Number".</param>
public sealed record TileLayer(string Id, int MinZoom, int MaxZoom, IReadOnlyDictionary<string, string> Fields);

/// <summary>A pyramid of tiles that an archive can hold: one layer or several, as vectors or pictures.</summary>
public interface ITilePyramid
{
    /// <summary>Name of the whole.</summary>
    string Name { get; }

    /// <summary>What the tiles hold.</summary>
    TileFormat Format { get; }

    /// <summary>Shallowest zoom.</summary>
    int MinZoom { get; }

    /// <summary>Deepest zoom.</summary>
    int MaxZoom { get; }

    /// <summary>West, south, east and north, degrees.</summary>
    (double West, double South, double East, double North) Bounds { get; }

    /// <summary>Source and licence.</summary>
    string Attribution { get; }

    /// <summary>Sentences that travel with the tiles.</summary>
    string Description { get; }

    /// <summary>Layers of vector tiles; empty for pictures.</summary>
    IReadOnlyList<TileLayer> Layers { get; }

    /// <summary>Every tile that holds something, not compressed, in the order of ids.</summary>
    IEnumerable<(TileAddress Address, byte[] Tile)> All(CancellationToken cancel = default);
}

/// <summary>What an archive says of itself: the keys that PMTiles, MBTiles 1.3 and TileJSON 3.0 share.</summary>
public static class TileMetadata
{
    private static readonly JsonSerializerOptions Form = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Name of the format in metadata and in addresses: pbf, png or webp.</summary>
    public static string Extension(TileFormat format) => format switch { TileFormat.Mvt => "pbf", TileFormat.Png => "png", _ => "webp" };

    /// <summary>The metadata document of a PMTiles archive.</summary>
    public static string Document(ITilePyramid pyramid)
    {
        var document = new JsonObject
        {
            ["name"] = pyramid.Name, ["format"] = Extension(pyramid.Format), ["type"] = "overlay", ["generator"] = "GeoHarm",
            ["attribution"] = pyramid.Attribution, ["description"] = pyramid.Description,
        };
        if (pyramid.Layers.Count > 0) document["vector_layers"] = VectorLayers(pyramid);
        return document.ToJsonString(Form);
    }

    /// <summary>The rows of an MBTiles metadata table, version 1.3.</summary>
    public static IEnumerable<(string Name, string Value)> Rows(ITilePyramid pyramid)
    {
        var (b, i) = (pyramid.Bounds, System.Globalization.CultureInfo.InvariantCulture);
        yield return ("name", pyramid.Name);
        yield return ("format", Extension(pyramid.Format));
        yield return ("bounds", string.Create(i, $"{b.West:0.######},{b.South:0.######},{b.East:0.######},{b.North:0.######}"));
        yield return ("center", string.Create(i, $"{(b.West + b.East) / 2:0.######},{(b.South + b.North) / 2:0.######},{pyramid.MinZoom}"));
        yield return ("minzoom", pyramid.MinZoom.ToString(i));
        yield return ("maxzoom", pyramid.MaxZoom.ToString(i));
        yield return ("attribution", pyramid.Attribution);
        yield return ("description", pyramid.Description);
        yield return ("type", "overlay");
        yield return ("version", "1");
        if (pyramid.Layers.Count > 0) yield return ("json", new JsonObject { ["vector_layers"] = VectorLayers(pyramid) }.ToJsonString(Form));
    }

    private static JsonArray VectorLayers(ITilePyramid pyramid) => [.. pyramid.Layers.Select(layer =>
    {
        var fields = new JsonObject();
        foreach (var (name, type) in layer.Fields) fields[name] = type;
        return new JsonObject { ["id"] = layer.Id, ["minzoom"] = layer.MinZoom, ["maxzoom"] = layer.MaxZoom, ["fields"] = fields };
    })];
}
