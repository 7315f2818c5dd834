using System.Globalization;
using System.Text.Json.Nodes;
using GeoHarm.Maps.Tiles;
using GeoHarm.Stores.Files;

namespace GeoHarm.Cli;

/// <summary>A tile archive as verbs see it, PMTiles or MBTiles by its ending.</summary>
internal sealed class TileArchive : IDisposable
{
    private readonly PmTilesReader? pmTiles;
    private readonly MbTilesFile? mbTiles;
    private readonly FileStream? stream;
    private readonly Lock gate = new();

    public TileArchive(string path)
    {
        if (!File.Exists(path)) throw Problem.Store($"There is no file '{path}'.");
        if (IsMbTiles(path))
        {
            mbTiles = new MbTilesFile(path);
            Format = mbTiles.Metadata.GetValueOrDefault("format") switch { "png" => TileFormat.Png, "webp" => TileFormat.Webp, "pbf" => TileFormat.Mvt, var other => throw Problem.Store($"'{path}' holds tiles of format '{other}'; pbf, png and webp are read.") };
            (MinZoom, MaxZoom) = (Zoom("minzoom", 0), Zoom("maxzoom", 22));
            return;
        }
        stream = File.OpenRead(path);
        try
        {
            pmTiles = new PmTilesReader(stream);
            (Format, MinZoom, MaxZoom) = (pmTiles.Format, pmTiles.MinZoom, pmTiles.MaxZoom);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            stream.Dispose();
            throw Problem.Store($"'{path}' cannot be read: {e.Message}");
        }

        int Zoom(string key, int otherwise) => int.TryParse(mbTiles.Metadata.GetValueOrDefault(key), NumberStyles.None, CultureInfo.InvariantCulture, out var zoom) ? zoom : otherwise;
    }

    public TileFormat Format { get; }

    public int MinZoom { get; }

    public int MaxZoom { get; }

    /// <summary>Whether a path names an MBTiles file; PMTiles otherwise.</summary>
    public static bool IsMbTiles(string path) => path.EndsWith(".mbtiles", StringComparison.OrdinalIgnoreCase);

    /// <summary>A tile, unpacked; null where there is none.</summary>
    public byte[]? Tile(TileAddress address)
    {
        lock (gate) return pmTiles is not null ? pmTiles.Tile(address) : mbTiles!.Tile(address.Zoom, address.Column, address.Row);
    }

    /// <summary>TileJSON 3.0 of the archive with tiles under an address.</summary>
    public string TileJson(string address)
    {
        JsonObject said;
        if (pmTiles is not null) said = JsonNode.Parse(pmTiles.Metadata())!.AsObject();
        else
        {
            said = [];
            foreach (var key in new[] { "name", "attribution", "description" }) said[key] = mbTiles!.Metadata.GetValueOrDefault(key);
            if (mbTiles!.Metadata.GetValueOrDefault("json") is { } json) said["vector_layers"] = JsonNode.Parse(json)!["vector_layers"]!.DeepClone();
        }
        var document = new JsonObject { ["tilejson"] = "3.0.0", ["tiles"] = new JsonArray($"{address}{{z}}/{{x}}/{{y}}.{TileMetadata.Extension(Format)}"), ["minzoom"] = MinZoom, ["maxzoom"] = MaxZoom };
        foreach (var key in new[] { "name", "attribution", "description", "vector_layers" })
        {
            if (said[key] is { } value) document[key] = value.DeepClone();
        }
        document["bounds"] = Bounds();
        return document.ToJsonString();
    }

    /// <summary>Reads the whole archive and says what is wrong with it.</summary>
    public TileVerdict Verify()
    {
        if (stream is not null) return TileVerification.Check(stream);
        return TileVerification.Check(mbTiles!.All().Select(t => (new TileAddress(t.Zoom, t.Column, t.Row), t.Tile)), Format, MinZoom, MaxZoom, false);
    }

    public void Dispose()
    {
        stream?.Dispose();
        mbTiles?.Dispose();
    }

    private JsonArray Bounds()
    {
        if (pmTiles is not null) return [pmTiles.Bounds.West, pmTiles.Bounds.South, pmTiles.Bounds.East, pmTiles.Bounds.North];
        var parts = (mbTiles!.Metadata.GetValueOrDefault("bounds") ?? "-180,-85.05,180,85.05").Split(',');
        return [.. parts.Select(p => (JsonNode)double.Parse(p, CultureInfo.InvariantCulture))];
    }
}
