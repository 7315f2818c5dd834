using System.IO.Compression;

namespace GeoHarm.Maps.Tiles;

/// <summary>One entry of a directory: tiles Id .. Id + Run - 1 share one content at Offset; a run of 0 points to a leaf
/// directory.</summary>
internal readonly record struct PmTilesEntry(ulong Id, uint Run, ulong Offset, uint Length);

/// <summary>
/// Directories of the PMTiles archive, version 3 (https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md,
/// section 4): columns of variable-length integers, ids as differences, an offset of 0 meaning "right after the last".
/// </summary>
internal static class PmTilesDirectory
{
    /// <summary>Most entries of one directory that is read: a defence against hostile files.</summary>
    private const ulong MostEntries = 10_000_000;

    /// <summary>The directory as gzip.</summary>
    public static byte[] Write(IReadOnlyList<PmTilesEntry> entries)
    {
        var buffer = new WireBuffer();
        buffer.Raw((ulong)entries.Count);
        var last = 0ul;
        foreach (var entry in entries)
        {
            buffer.Raw(entry.Id - last);
            last = entry.Id;
        }
        foreach (var entry in entries) buffer.Raw(entry.Run);
        foreach (var entry in entries) buffer.Raw(entry.Length);
        for (var i = 0; i < entries.Count; i++)
        {
            var follows = i > 0 && entries[i].Offset == entries[i - 1].Offset + entries[i - 1].Length;
            buffer.Raw(follows ? 0 : entries[i].Offset + 1);
        }
        return Gzip.Pack(buffer.Written);
    }

    /// <summary>Reads a directory; throws <see cref="InvalidDataException"/> when it is broken.</summary>
    public static PmTilesEntry[] Read(ReadOnlySpan<byte> bytes, ref int at)
    {
        var count = Varint(bytes, ref at);
        if (count > MostEntries || count > (ulong)bytes.Length) throw new InvalidDataException($"A directory claims {count} entries.");
        var entries = new PmTilesEntry[count];
        var id = 0ul;
        for (var i = 0; i < entries.Length; i++) entries[i] = new PmTilesEntry(id += Varint(bytes, ref at), 0, 0, 0);
        for (var i = 0; i < entries.Length; i++) entries[i] = entries[i] with { Run = checked((uint)Varint(bytes, ref at)) };
        for (var i = 0; i < entries.Length; i++) entries[i] = entries[i] with { Length = checked((uint)Varint(bytes, ref at)) };
        for (var i = 0; i < entries.Length; i++)
        {
            var offset = Varint(bytes, ref at);
            if (offset == 0 && i == 0) throw new InvalidDataException("The first entry of a directory has no offset.");
            entries[i] = entries[i] with { Offset = offset == 0 ? entries[i - 1].Offset + entries[i - 1].Length : offset - 1 };
        }
        return entries;
    }

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        var value = 0ul;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (at >= bytes.Length) throw new InvalidDataException("A directory ends too soon.");
            var part = bytes[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return value;
        }
        throw new InvalidDataException("A number of a directory is too long.");
    }
}

/// <summary>Gzip of small blocks, the same bytes for the same content.</summary>
internal static class Gzip
{
    public static byte[] Pack(ReadOnlySpan<byte> content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, true)) gzip.Write(content);
        return packed.ToArray();
    }

    /// <summary>Unpacks up to a size; throws <see cref="InvalidDataException"/> beyond it or when broken.</summary>
    public static byte[] Unpack(byte[] packed, int most)
    {
        using var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var content = new MemoryStream();
        var block = new byte[81920];
        for (int read; (read = gzip.Read(block)) > 0;)
        {
            if (content.Length + read > most) throw new InvalidDataException($"A compressed block unpacks to more than {most} bytes.");
            content.Write(block, 0, read);
        }
        return content.ToArray();
    }
}
