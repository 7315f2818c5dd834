using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace GeoHarm.Stores.Files;

/// <summary>
/// The numbers in a TIFF's first directory (TIFF 6.0 section 2, and BigTIFF), of either byte order. Nothing is believed:
/// a table that does not lie in the file is not there.
/// </summary>
internal sealed class TiffDirectory
{
    internal const ushort ImageWidth = 256;
    internal const ushort ImageLength = 257;
    internal const ushort BitsPerSample = 258;
    internal const ushort Compression = 259;
    internal const ushort Photometric = 262;
    internal const ushort FillOrder = 266;
    internal const ushort StripOffsets = 273;
    internal const ushort SamplesPerPixel = 277;
    internal const ushort RowsPerStrip = 278;
    internal const ushort StripByteCounts = 279;
    internal const ushort Predictor = 317;
    internal const ushort SampleFormat = 339;

    private const int MostEntries = 4096;

    private readonly SafeFileHandle file;
    private readonly bool little, big;
    private readonly Dictionary<ushort, byte[]> entries = [];

    private TiffDirectory(SafeFileHandle file, bool little, bool big) => (this.file, this.little, this.big) = (file, little, big);

    /// <summary>Reads the first directory; null where the file is not a TIFF.</summary>
    internal static TiffDirectory? Read(SafeFileHandle file)
    {
        if (Bytes(file, 0, 16) is not { } head || head[0] != head[1] || head[0] is not ((byte)'I' or (byte)'M')) return null;
        var little = head[0] == 'I';
        var version = head[little ? 2 : 3];
        if (head[little ? 3 : 2] != 0 || version is not (42 or 43)) return null;
        var directory = new TiffDirectory(file, little, version == 43);
        return directory.Load(directory.Number(version == 43 ? head.AsSpan(8, 8) : head.AsSpan(4, 4))) ? directory : null;
    }

    /// <summary>The one number of a tag; the default where the tag is absent; -1 where it has several.</summary>
    internal long One(ushort tag, long absent = -1) => entries.ContainsKey(tag) ? Numbers(tag, 1)?[0] ?? -1 : absent;

    /// <summary>The numbers of a tag; null unless there are exactly so many and all are in the file.</summary>
    internal long[]? Numbers(ushort tag, int expected)
    {
        if (!entries.TryGetValue(tag, out var entry)) return null;
        var size = Number(entry.AsSpan(0, 2)) switch { 3 => 2, 4 => 4, 16 => 8, _ => 0 };
        var inline = big ? 8 : 4;
        if (size == 0 || Number(entry.AsSpan(2, inline)) != expected || (long)size * expected > int.MaxValue) return null;
        var value = entry.AsSpan(2 + inline, inline);
        var bytes = size * expected <= inline ? value.ToArray() : Bytes(file, Number(value), size * expected);
        if (bytes is null) return null;
        var numbers = new long[expected];
        for (var i = 0; i < expected; i++) numbers[i] = Number(bytes.AsSpan(i * size, size));
        return numbers;
    }

    private bool Load(long start)
    {
        var (countSize, entrySize) = big ? (8, 20) : (2, 12);
        if (Bytes(file, start, countSize) is not { } head) return false;
        var count = Number(head);
        if (count is <= 0 or > MostEntries || Bytes(file, start + countSize, (int)count * entrySize) is not { } all) return false;
        for (var at = 0; at < all.Length; at += entrySize) entries[(ushort)Number(all.AsSpan(at, 2))] = all[(at + 2)..(at + entrySize)];
        return true;
    }

    private long Number(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        2 => little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes),
        4 => little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes),
        _ => little ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : BinaryPrimitives.ReadInt64BigEndian(bytes),
    };

    /// <summary>So many bytes of the file from there; null where it does not hold them.</summary>
    private static byte[]? Bytes(SafeFileHandle file, long start, int count)
    {
        var length = RandomAccess.GetLength(file);
        if (start < 0 || start > length - count) return null;
        var bytes = new byte[count];
        for (var done = 0; done < count;)
        {
            var read = RandomAccess.Read(file, bytes.AsSpan(done), start + done);
            if (read == 0) return null;
            done += read;
        }
        return bytes;
    }
}
