using System.Security.Cryptography;
using System.Text;

namespace GeoHarm.Maps.Tiles;

/// <summary>What was written.</summary>
/// <param name="Tiles">Tiles addressed.</param>
/// <param name="Contents">Different contents.</param>
/// <param name="Bytes">Bytes of the archive.</param>
public sealed record TileArchiveSummary(long Tiles, long Contents, long Bytes);

/// <summary>
/// Writes a PMTiles archive, version 3 (https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md): tiles in Hilbert
/// order, clustered, equal contents stored once, runs joined, gzip, a root directory that fits the first 16 KiB and leaf
/// directories beyond. The same layer gives the same bytes.
/// </summary>
public static class PmTilesWriter
{
    private const int FirstBlock = 16384;
    private const int FirstLeaf = 4096;

    /// <summary>Writes all tiles of a source.</summary>
    public static TileArchiveSummary Write(ITilePyramid source, Stream output, CancellationToken cancel = default)
    {
        var (entries, data, tiles) = (new List<PmTilesEntry>(), new MemoryStream(), 0L);
        var known = new Dictionary<string, (ulong Offset, uint Length)>(StringComparer.Ordinal);
        foreach (var (address, tile) in source.All(cancel))
        {
            tiles++;
            var hash = Convert.ToHexString(SHA256.HashData(tile));
            if (!known.TryGetValue(hash, out var place))
            {
                var packed = source.Format == TileFormat.Mvt ? Gzip.Pack(tile) : tile;
                known.Add(hash, place = ((ulong)data.Length, (uint)packed.Length));
                data.Write(packed);
            }
            Append(entries, address.Id, place);
        }
        var (root, leaves) = Directories(entries);
        var metadata = Gzip.Pack(Encoding.UTF8.GetBytes(TileMetadata.Document(source)));
        var header = HeaderOf(source, entries, known.Count, tiles, root.Length, metadata.Length, leaves.Length, data.Length);
        foreach (var part in new[] { header.Write(), root, metadata, leaves }) output.Write(part);
        data.WriteTo(output);
        return new TileArchiveSummary(tiles, known.Count, PmTilesHeader.Size + root.Length + metadata.Length + leaves.Length + data.Length);
    }

    private static void Append(List<PmTilesEntry> entries, ulong id, (ulong Offset, uint Length) place)
    {
        if (entries.Count > 0 && entries[^1] is var last && last.Id + last.Run == id && last.Offset == place.Offset) entries[^1] = last with { Run = last.Run + 1 };
        else entries.Add(new PmTilesEntry(id, 1, place.Offset, place.Length));
    }

    /// <summary>One root when it fits; otherwise leaves of equal size, doubled until the root of pointers fits.</summary>
    internal static (byte[] Root, byte[] Leaves) Directories(List<PmTilesEntry> entries, int firstLeaf = FirstLeaf)
    {
        var root = PmTilesDirectory.Write(entries);
        if (root.Length <= FirstBlock - PmTilesHeader.Size) return (root, []);
        for (var size = firstLeaf; ; size *= 2)
        {
            var (pointers, leaves) = (new List<PmTilesEntry>(), new MemoryStream());
            foreach (var chunk in entries.Chunk(size))
            {
                var leaf = PmTilesDirectory.Write(chunk);
                pointers.Add(new PmTilesEntry(chunk[0].Id, 0, (ulong)leaves.Length, (uint)leaf.Length));
                leaves.Write(leaf);
            }
            root = PmTilesDirectory.Write(pointers);
            if (root.Length <= FirstBlock - PmTilesHeader.Size) return (root, leaves.ToArray());
        }
    }

    private static PmTilesHeader HeaderOf(ITilePyramid source, List<PmTilesEntry> entries, int contents, long tiles, int root, int metadata, int leaves, long data)
    {
        var after = (ulong)(PmTilesHeader.Size + root);
        return new PmTilesHeader
        {
            RootOffset = PmTilesHeader.Size, RootLength = (ulong)root, MetadataOffset = after, MetadataLength = (ulong)metadata,
            LeavesOffset = after + (ulong)metadata, LeavesLength = (ulong)leaves, TilesOffset = after + (ulong)(metadata + leaves), TilesLength = (ulong)data,
            AddressedTiles = (ulong)tiles, Entries = (ulong)entries.Count, Contents = (ulong)contents, IsClustered = true,
            MinZoom = (byte)source.MinZoom, MaxZoom = (byte)source.MaxZoom, Bounds = source.Bounds,
            TileType = (byte)source.Format, TileCompression = (byte)(source.Format == TileFormat.Mvt ? 2 : 1),
        };
    }
}
