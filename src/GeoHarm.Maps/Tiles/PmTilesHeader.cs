using System.Buffers.Binary;

namespace GeoHarm.Maps.Tiles;

/// <summary>The 127 bytes that begin a PMTiles archive, version 3 (specification, section 3).</summary>
internal sealed record PmTilesHeader
{
    /// <summary>Length of the header.</summary>
    public const int Size = 127;

    public ulong RootOffset { get; init; }

    public ulong RootLength { get; init; }

    public ulong MetadataOffset { get; init; }

    public ulong MetadataLength { get; init; }

    public ulong LeavesOffset { get; init; }

    public ulong LeavesLength { get; init; }

    public ulong TilesOffset { get; init; }

    public ulong TilesLength { get; init; }

    public ulong AddressedTiles { get; init; }

    public ulong Entries { get; init; }

    public ulong Contents { get; init; }

    public bool IsClustered { get; init; }

    /// <summary>2 is gzip.</summary>
    public byte InternalCompression { get; init; } = 2;

    public byte TileCompression { get; init; } = 2;

    /// <summary>1 is MVT, 2 PNG, 4 WebP.</summary>
    public byte TileType { get; init; } = 1;

    public byte MinZoom { get; init; }

    public byte MaxZoom { get; init; }

    public (double West, double South, double East, double North) Bounds { get; init; }

    public byte[] Write()
    {
        var bytes = new byte[Size];
        "PMTiles"u8.CopyTo(bytes);
        bytes[7] = 3;
        ulong[] numbers = [RootOffset, RootLength, MetadataOffset, MetadataLength, LeavesOffset, LeavesLength, TilesOffset, TilesLength, AddressedTiles, Entries, Contents];
        for (var i = 0; i < numbers.Length; i++) BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8 + 8 * i), numbers[i]);
        (bytes[96], bytes[97], bytes[98], bytes[99], bytes[100], bytes[101]) = ((byte)(IsClustered ? 1 : 0), InternalCompression, TileCompression, TileType, MinZoom, MaxZoom);
        double[] degrees = [Bounds.West, Bounds.South, Bounds.East, Bounds.North];
        for (var i = 0; i < 4; i++) BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(102 + 4 * i), E7(degrees[i]));
        bytes[118] = MinZoom;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(119), E7((Bounds.West + Bounds.East) / 2));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(123), E7((Bounds.South + Bounds.North) / 2));
        return bytes;
    }

    public static PmTilesHeader Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Size || !bytes[..7].SequenceEqual("PMTiles"u8)) throw new InvalidDataException("The file does not begin as a PMTiles archive does.");
        if (bytes[7] != 3) throw new InvalidDataException($"The archive is PMTiles version {bytes[7]}; version 3 is read.");
        var n = new ulong[11];
        for (var i = 0; i < n.Length; i++) n[i] = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(8 + 8 * i)..]);
        var d = new double[4];
        for (var i = 0; i < 4; i++) d[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(102 + 4 * i)..]) / 1e7;
        return new PmTilesHeader
        {
            RootOffset = n[0], RootLength = n[1], MetadataOffset = n[2], MetadataLength = n[3], LeavesOffset = n[4], LeavesLength = n[5], TilesOffset = n[6], TilesLength = n[7],
            AddressedTiles = n[8], Entries = n[9], Contents = n[10], IsClustered = bytes[96] == 1, InternalCompression = bytes[97], TileCompression = bytes[98], TileType = bytes[99],
            MinZoom = bytes[100], MaxZoom = bytes[101], Bounds = (d[0], d[1], d[2], d[3]),
        };
    }

    private static int E7(double degrees) => (int)Math.Round(degrees * 1e7);
}
