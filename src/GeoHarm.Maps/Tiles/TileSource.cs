using GeoHarm.Spatial.Layers;

namespace GeoHarm.Maps.Tiles;

/// <summary>How a layer becomes tiles.</summary>
public sealed record TileOptions
{
    /// <summary>Shallowest zoom; default 0, the world in one tile.</summary>
    public int MinZoom { get; init; }

    /// <summary>Deepest zoom; default 10, where a tile is 39 km at the equator: municipalities fill it.</summary>
    public int MaxZoom { get; init; } = 10;

    /// <summary>Grid of a tile; default 4096, the specification's recommendation.</summary>
    public int Extent { get; init; } = 4096;

    /// <summary>Grid units beyond the tile's edge that are kept, so that outlines do not show there; default 64.</summary>
    public int Buffer { get; init; } = 64;

    /// <summary>Vertices whose effective area is under the square of this many grid units are dropped, except at the
    /// deepest zoom, which keeps what the grid can show; default 4, half a pixel of a 512-pixel tile.</summary>
    public double Tolerance { get; init; } = 4;

    /// <summary>Rings smaller than this many squared grid units are dropped, except at the deepest zoom; default 64,
    /// one pixel of a 512-pixel tile.</summary>
    public double SmallestArea { get; init; } = 64;

    /// <summary>Columns that become attributes; null for all.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>Which rows; null for all.</summary>
    public LayerQuery? Where { get; init; }

    /// <summary>Layer name in the tiles; null for the layer's own.</summary>
    public string? LayerName { get; init; }

    /// <summary>Paints pictures instead of writing vectors; null for vectors.</summary>
    public TilePaint? Paint { get; init; }
}

/// <summary>
/// Serves tiles of one published layer, vectors or pictures: any tile on demand, or the whole pyramid in id order. The layer is read,
/// weighed and kept; each zoom keeps its thinned copy from the first use on. A steward's layer is refused: it never
/// leaves as tiles.
/// </summary>
public sealed class TileSource : ITilePyramid
{
    private readonly Layer layer;
    private readonly TileOptions options;
    private readonly List<TileShape> shapes;
    private readonly Lazy<List<TileShape>>[] thinned;
    private readonly Column[] columns;
    private readonly string name;
    private readonly TilePainter? painter;

    /// <summary>Reads a layer. Throws <see cref="InvalidInputException"/>: GH6020 for a steward's layer, GH6021 when no
    /// row has geometry, GH6002 for a coordinate system that must be reprojected first.</summary>
    public TileSource(PublishedLayer source, TileOptions options)
    {
        (layer, this.options) = (source.Layer, options);
        if (source.Audience == Audience.Steward) throw Refused("GH6020", "The layer was released to its steward only: it never leaves as tiles.", "Release it for the public or for analysts.");
        ArgumentOutOfRangeException.ThrowIfNegative(options.MinZoom);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxZoom, 18);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxZoom, options.MinZoom);
        name = options.LayerName ?? layer.Name;
        columns = (options.Columns ?? layer.Columns.Select(c => c.Name).ToArray()).Select(c => layer[c]).ToArray();
        var rows = Enumerable.Range(0, layer.RowCount).Where(r => options.Where?.Equal is not { } equal || equal.All(e => layer[e.Key].TextAt(r) == e.Value));
        shapes = ShapeReader.Read(layer, rows);
        if (shapes.Count == 0) throw Refused("GH6021", "No row of the layer has geometry: there is nothing to cut into tiles.", "Give a map layer, or other rows.");
        painter = options.Paint is { } paint ? new TilePainter(paint, layer[paint.Column]) : null;
        thinned = Enumerable.Range(0, options.MaxZoom + 1).Select(z => new Lazy<List<TileShape>>(() => Thin(z))).ToArray();
        Box = (shapes.Min(s => s.Box.MinX), shapes.Min(s => s.Box.MinY), shapes.Max(s => s.Box.MaxX), shapes.Max(s => s.Box.MaxY));
    }

    /// <summary>Zooms and grid.</summary>
    public TileOptions Options => options;

    /// <summary>Layer name in the tiles.</summary>
    public string Name => name;

    /// <inheritdoc/>
    public TileFormat Format => options.Paint?.Format ?? TileFormat.Mvt;

    /// <inheritdoc/>
    public int MinZoom => options.MinZoom;

    /// <inheritdoc/>
    public int MaxZoom => options.MaxZoom;

    /// <inheritdoc/>
    public string Attribution => $"{layer.Provenance.Source} ({layer.Provenance.Licence})";

    /// <summary>Sentences that travel with the layer.</summary>
    public IReadOnlyList<string> Caveats => layer.Caveats;

    /// <inheritdoc/>
    public string Description => string.Join(" ", Caveats);

    /// <inheritdoc/>
    public IReadOnlyList<TileLayer> Layers => painter is not null ? [] :
        [new TileLayer(name, MinZoom, MaxZoom, columns.ToDictionary(c => c.Name, c => c.Type is FieldType.Real or FieldType.Integer ? "Number" : "String"))];

    /// <summary>West, south, east and north of the shapes, degrees.</summary>
    public (double West, double South, double East, double North) Bounds =>
        (Box.MinX * 360 - 180, Latitude(Box.MaxY), Box.MaxX * 360 - 180, Latitude(Box.MinY));

    private (double MinX, double MinY, double MaxX, double MaxY) Box { get; }

    /// <summary>One tile, not compressed; empty where nothing lies.</summary>
    public byte[] Tile(TileAddress address)
    {
        if (address.Zoom < options.MinZoom || address.Zoom > options.MaxZoom) return [];
        var side = 1.0 / (1 << address.Zoom);
        var margin = side * options.Buffer / options.Extent;
        var strips = Strip(thinned[address.Zoom].Value, true, address.Column * side - margin, (address.Column + 1) * side + margin);
        return Encode(Strip(strips, false, address.Row * side - margin, (address.Row + 1) * side + margin), address);
    }

    /// <summary>Every tile that holds something, in the order of ids.</summary>
    public IEnumerable<(TileAddress Address, byte[] Tile)> All(CancellationToken cancel = default)
    {
        for (var zoom = options.MinZoom; zoom <= options.MaxZoom; zoom++)
        {
            var tiles = new List<(TileAddress Address, byte[] Tile)>();
            var side = 1.0 / (1 << zoom);
            var margin = side * options.Buffer / options.Extent;
            foreach (var column in Range(Box.MinX - margin, Box.MaxX + margin, zoom))
            {
                cancel.ThrowIfCancellationRequested();
                var strip = Strip(thinned[zoom].Value, true, column * side - margin, (column + 1) * side + margin);
                if (strip.Count == 0) continue;
                foreach (var row in Range(strip.Min(s => s.Box.MinY) - margin, strip.Max(s => s.Box.MaxY) + margin, zoom))
                {
                    var address = new TileAddress(zoom, column, row);
                    var tile = Encode(Strip(strip, false, row * side - margin, (row + 1) * side + margin), address);
                    if (tile.Length > 0) tiles.Add((address, tile));
                }
            }
            foreach (var tile in tiles.OrderBy(t => t.Address.Id)) yield return tile;
        }
    }

    private static double Latitude(double worldRow) => (2 * Spatial.Quantities.PortableMath.Atan(Spatial.Quantities.PortableMath.Exp((0.5 - worldRow) * 2 * Math.PI)) - Math.PI / 2) * 180 / Math.PI;

    private static IEnumerable<int> Range(double from, double to, int zoom)
    {
        var count = 1 << zoom;
        for (var i = Math.Max(0, (int)Math.Floor(from * count)); i <= Math.Min(count - 1, (int)Math.Floor(to * count)); i++) yield return i;
    }

    private List<TileShape> Thin(int zoom)
    {
        var unit = 1.0 / (1 << zoom) / options.Extent;
        var deepest = zoom == options.MaxZoom;
        var least = deepest ? unit * unit / 4 : unit * unit * options.Tolerance * options.Tolerance;
        var smallest = deepest ? unit * unit : unit * unit * options.SmallestArea;
        var kept = new List<TileShape>(shapes.Count);
        foreach (var shape in shapes)
        {
            var parts = new List<TilePart>(shape.Parts.Count);
            foreach (var part in shape.Parts)
            {
                var thin = shape.Kind == TileKind.Points ? part : part.Thinned(least, shape.Kind == TileKind.Polygons ? 3 : 2);
                if (thin is not null && (shape.Kind != TileKind.Polygons || Math.Abs(TilePart.Area(thin.X, thin.Y)) >= smallest)) parts.Add(thin);
            }
            if (parts.Count > 0) kept.Add(shape with { Parts = parts });
        }
        return kept;
    }

    private static List<TileShape> Strip(List<TileShape> from, bool onX, double low, double high)
    {
        var kept = new List<TileShape>();
        foreach (var shape in from)
        {
            var (least, most) = onX ? (shape.Box.MinX, shape.Box.MaxX) : (shape.Box.MinY, shape.Box.MaxY);
            if (least > high || most < low) continue;
            if (least >= low && most <= high)
            {
                kept.Add(shape);
                continue;
            }
            var parts = new List<TilePart>(shape.Parts.Count);
            foreach (var part in shape.Parts) TileCut.Between(part, shape.Kind, onX, low, high, parts);
            if (parts.Count > 0) kept.Add(new TileShape(shape.Row, shape.Kind, parts));
        }
        return kept;
    }

    private byte[] Encode(List<TileShape> inside, TileAddress address)
    {
        if (inside.Count == 0) return [];
        if (painter is not null) return painter.Paint(inside, address);
        var tile = new VectorTile(name, options.Extent);
        var grid = new TileGrid(address, options.Extent);
        foreach (var shape in inside)
        {
            var geometry = grid.Commands(shape);
            if (geometry.Count > 0) tile.Add((ulong)shape.Row + 1, shape.Kind, Tags(shape.Row), geometry);
        }
        return tile.ToArray();
    }

    private IEnumerable<(string Key, object Value)> Tags(int row)
    {
        foreach (var column in columns)
        {
            if (column.IsNull(row)) continue;
            object value = column.Type switch
            {
                FieldType.Real => column.Number(row),
                FieldType.Integer => column.IntegerAt(row)!.Value,
                _ => column.TextAt(row)!,
            };
            yield return (column.Name, value);
        }
    }

    private InvalidInputException Refused(string code, string message, string remedy) => new([new Fault(FaultSeverity.Error, code, layer.Name, "layer", message, remedy)]);
}
