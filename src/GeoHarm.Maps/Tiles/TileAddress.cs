namespace GeoHarm.Maps.Tiles;

/// <summary>A tile of the web pyramid: zoom, column from the west, row from the north. Valid from birth.</summary>
public readonly record struct TileAddress
{
    /// <summary>Deepest zoom that the 64-bit ids of PMTiles allow here.</summary>
    public const int DeepestZoom = 26;

    /// <summary>Makes an address; throws when the column or row lies outside the zoom.</summary>
    public TileAddress(int zoom, int column, int row)
    {
        if (zoom is < 0 or > DeepestZoom || (uint)column >= 1u << zoom || (uint)row >= 1u << zoom)
            throw new ArgumentOutOfRangeException(nameof(zoom), $"There is no tile {zoom}/{column}/{row}.");
        (Zoom, Column, Row) = (zoom, column, row);
    }

    /// <summary>Zoom: the world is 2^zoom tiles across.</summary>
    public int Zoom { get; }

    /// <summary>Column, 0 at 180 degrees west.</summary>
    public int Column { get; }

    /// <summary>Row, 0 in the north.</summary>
    public int Row { get; }

    /// <summary>Place on the Hilbert curve through all zooms: the tile id of PMTiles version 3.</summary>
    public ulong Id
    {
        get
        {
            var (x, y, d) = ((uint)Column, (uint)Row, 0ul);
            for (var s = (1u << Zoom) >> 1; s > 0; s >>= 1)
            {
                var (rx, ry) = ((x & s) > 0 ? 1u : 0, (y & s) > 0 ? 1u : 0);
                d += (ulong)s * s * ((3 * rx) ^ ry);
                (x, y) = Turned(s, x, y, rx, ry);
            }
            return Before(Zoom) + d;
        }
    }

    /// <summary>The tile of an id; throws beyond the deepest zoom.</summary>
    public static TileAddress OfId(ulong id)
    {
        for (var zoom = 0; zoom <= DeepestZoom; zoom++)
        {
            var count = 1ul << (2 * zoom);
            if (id - Before(zoom) >= count) continue;
            var (t, x, y) = (id - Before(zoom), 0u, 0u);
            for (var s = 1u; s < 1u << zoom; s <<= 1)
            {
                var rx = 1 & (uint)(t / 2);
                var ry = 1 & ((uint)t ^ rx);
                (x, y) = Turned(s, x, y, rx, ry);
                x += s * rx;
                y += s * ry;
                t /= 4;
            }
            return new TileAddress(zoom, (int)x, (int)y);
        }
        throw new ArgumentOutOfRangeException(nameof(id), $"Tile id {id} lies beyond zoom {DeepestZoom}.");
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Zoom}/{Column}/{Row}";

    // Tiles of all shallower zooms: (4^zoom - 1) / 3.
    private static ulong Before(int zoom) => ((1ul << (2 * zoom)) - 1) / 3;

    private static (uint X, uint Y) Turned(uint s, uint x, uint y, uint rx, uint ry)
    {
        if (ry != 0) return (x, y);
        if (rx == 1) (x, y) = (s - 1 - x, s - 1 - y);
        return (y, x);
    }
}
