using GeoHarm.Spatial.Layers;

namespace GeoHarm.Maps.Tiles;

/// <summary>Several layers in one set of vector tiles: a tile of many layers is the layers' tiles one after another
/// (Mapbox Vector Tile specification 2.1, section 4: the message is a list of layers).</summary>
public sealed class TileStack : ITilePyramid
{
    private readonly IReadOnlyList<TileSource> sources;

    /// <summary>Joins vector sources with names of their own. Throws <see cref="InvalidInputException"/> (GH6022) for pictures or equal names.</summary>
    public TileStack(string name, IReadOnlyList<TileSource> sources)
    {
        (Name, this.sources) = (name, sources);
        if (sources.Count == 0 || sources.Any(s => s.Format != TileFormat.Mvt) || sources.DistinctBy(s => s.Name).Count() < sources.Count)
            throw new InvalidInputException([new Fault(FaultSeverity.Error, "GH6022", name, "layers", "Layers of one archive are vectors, at least one, each with its own name.", "Name the layers apart; build pictures one by one.")]);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public TileFormat Format => TileFormat.Mvt;

    /// <inheritdoc/>
    public int MinZoom => sources.Min(s => s.MinZoom);

    /// <inheritdoc/>
    public int MaxZoom => sources.Max(s => s.MaxZoom);

    /// <inheritdoc/>
    public (double West, double South, double East, double North) Bounds =>
        (sources.Min(s => s.Bounds.West), sources.Min(s => s.Bounds.South), sources.Max(s => s.Bounds.East), sources.Max(s => s.Bounds.North));

    /// <inheritdoc/>
    public string Attribution => string.Join("; ", sources.Select(s => s.Attribution).Distinct(StringComparer.Ordinal));

    /// <inheritdoc/>
    public string Description => string.Join(" ", sources.SelectMany(s => s.Caveats).Distinct(StringComparer.Ordinal));

    /// <inheritdoc/>
    public IReadOnlyList<TileLayer> Layers => [.. sources.SelectMany(s => s.Layers)];

    /// <inheritdoc/>
    public IEnumerable<(TileAddress Address, byte[] Tile)> All(CancellationToken cancel = default)
    {
        var tiles = new SortedDictionary<ulong, List<byte[]>>();
        foreach (var source in sources)
        {
            foreach (var (address, tile) in source.All(cancel))
            {
                if (!tiles.TryGetValue(address.Id, out var layers)) tiles.Add(address.Id, layers = []);
                layers.Add(tile);
            }
        }
        foreach (var (id, layers) in tiles) yield return (TileAddress.OfId(id), layers.Count == 1 ? layers[0] : [.. layers.SelectMany(l => l)]);
    }
}
