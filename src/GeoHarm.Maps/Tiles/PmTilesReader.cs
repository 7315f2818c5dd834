using System.Text;

namespace GeoHarm.Maps.Tiles;

/// <summary>
/// Reads a PMTiles archive, version 3, from a seekable stream. Hostile files are refused with
/// <see cref="InvalidDataException"/>: every length is checked against the file, directories nest four deep at most, and
/// nothing unpacks beyond <see cref="MostUnpacked"/>.
/// </summary>
public sealed class PmTilesReader
{
    /// <summary>Largest directory or tile that is unpacked, bytes.</summary>
    public const int MostUnpacked = 64 << 20;

    private const int DeepestLeaf = 4;
    private readonly Stream stream;
    private readonly PmTilesHeader header;
    private readonly PmTilesEntry[] root;

    /// <summary>Reads header and root directory.</summary>
    public PmTilesReader(Stream stream)
    {
        this.stream = stream;
        header = PmTilesHeader.Read(Block(0, (ulong)Math.Min(PmTilesHeader.Size, stream.Length)));
        root = Directory(header.RootOffset, header.RootLength);
    }

    /// <summary>Shallowest zoom.</summary>
    public int MinZoom => header.MinZoom;

    /// <summary>Deepest zoom.</summary>
    public int MaxZoom => header.MaxZoom;

    /// <summary>What the tiles hold. Throws <see cref="InvalidDataException"/> for a format other than MVT, PNG and WebP.</summary>
    public TileFormat Format => Enum.IsDefined((TileFormat)header.TileType) ? (TileFormat)header.TileType : throw new InvalidDataException($"Tile type {header.TileType} is not read; 1 (MVT), 2 (PNG) and 4 (WebP) are.");

    /// <summary>Tiles that can be asked for.</summary>
    public long AddressedTiles => (long)header.AddressedTiles;

    /// <summary>Whether tile contents lie in the order of their ids.</summary>
    public bool IsClustered => header.IsClustered;

    /// <summary>West, south, east and north, degrees.</summary>
    public (double West, double South, double East, double North) Bounds => header.Bounds;

    /// <summary>The metadata document, JSON.</summary>
    public string Metadata() => Encoding.UTF8.GetString(Unpacked(Block(header.MetadataOffset, header.MetadataLength), header.InternalCompression));

    /// <summary>A tile, unpacked; null when the archive has none there.</summary>
    public byte[]? Tile(TileAddress address)
    {
        var (entries, id) = (root, address.Id);
        for (var depth = 0; depth < DeepestLeaf; depth++)
        {
            var at = Array.BinarySearch(entries, new PmTilesEntry(id, 0, 0, 0), ById.Order);
            if (at < 0) at = ~at - 1;
            if (at < 0) return null;
            var entry = entries[at];
            if (entry.Run > 0)
                return id - entry.Id < entry.Run ? Unpacked(Block(header.TilesOffset + entry.Offset, entry.Length), header.TileCompression) : null;
            entries = Directory(header.LeavesOffset + entry.Offset, entry.Length);
        }
        throw new InvalidDataException("Directories nest too deep.");
    }

    /// <summary>Every tile, in the order of ids.</summary>
    public IEnumerable<(TileAddress Address, byte[] Tile)> All() => All(root, 0);

    private IEnumerable<(TileAddress, byte[])> All(PmTilesEntry[] entries, int depth)
    {
        if (depth >= DeepestLeaf) throw new InvalidDataException("Directories nest too deep.");
        foreach (var entry in entries)
        {
            if (entry.Run == 0)
            {
                foreach (var tile in All(Directory(header.LeavesOffset + entry.Offset, entry.Length), depth + 1)) yield return tile;
                continue;
            }
            var content = Unpacked(Block(header.TilesOffset + entry.Offset, entry.Length), header.TileCompression);
            for (var n = 0u; n < entry.Run; n++) yield return (TileAddress.OfId(entry.Id + n), content);
        }
    }

    private PmTilesEntry[] Directory(ulong offset, ulong length)
    {
        var bytes = Unpacked(Block(offset, length), header.InternalCompression);
        var at = 0;
        return PmTilesDirectory.Read(bytes, ref at);
    }

    private byte[] Block(ulong offset, ulong length)
    {
        var size = (ulong)stream.Length;
        if (offset > size || length > size - offset || length > MostUnpacked) throw new InvalidDataException($"A block of {length} bytes at {offset} lies outside the file of {size}.");
        stream.Seek((long)offset, SeekOrigin.Begin);
        var bytes = new byte[length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static byte[] Unpacked(byte[] bytes, byte compression) => compression switch
    {
        1 => bytes,
        2 => Gzip.Unpack(bytes, MostUnpacked),
        _ => throw new InvalidDataException($"Compression {compression} is not read; 1 (none) and 2 (gzip) are."),
    };

    private sealed class ById : IComparer<PmTilesEntry>
    {
        public static ById Order { get; } = new();

        public int Compare(PmTilesEntry x, PmTilesEntry y) => x.Id.CompareTo(y.Id);
    }
}
