using System.Text;

namespace GeoHarm.Maps.Tiles;

/// <summary>
/// Writes one Mapbox Vector Tile, version 2.1 (https://github.com/mapbox/vector-tile-spec): one layer, features with
/// tags and quantised geometry. Field numbers are those of the specification's vector_tile.proto. Written by hand since
/// a tile is a few length-delimited fields and the writer is the hot path of a pyramid.
/// </summary>
internal sealed class VectorTile(string layer, int extent)
{
    private readonly WireBuffer features = new();
    private readonly Dictionary<string, int> keys = new(StringComparer.Ordinal);
    private readonly List<string> keyOrder = [];
    private readonly Dictionary<object, int> values = [];
    private readonly List<object> valueOrder = [];
    private readonly WireBuffer feature = new();
    private readonly WireBuffer scratch = new();

    /// <summary>Features written.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a feature: its id, its tags (text, long or double) and its geometry as commands.</summary>
    public void Add(ulong id, TileKind kind, IEnumerable<(string Key, object Value)> tags, List<uint> geometry)
    {
        feature.Clear();
        feature.Varint(1, id);
        scratch.Clear();
        foreach (var (key, value) in tags)
        {
            scratch.Raw((ulong)IndexOf(keys, keyOrder, key));
            scratch.Raw((ulong)IndexOf(values, valueOrder, value));
        }
        feature.Bytes(2, scratch.Written);
        feature.Varint(3, (ulong)kind);
        scratch.Clear();
        foreach (var command in geometry) scratch.Raw(command);
        feature.Bytes(4, scratch.Written);
        features.Bytes(2, feature.Written);
        Count++;
    }

    /// <summary>The tile's bytes; empty without features.</summary>
    public byte[] ToArray()
    {
        if (Count == 0) return [];
        var body = new WireBuffer();
        body.Varint(15, 2);
        body.Bytes(1, Encoding.UTF8.GetBytes(layer));
        body.Append(features.Written);
        foreach (var key in keyOrder) body.Bytes(3, Encoding.UTF8.GetBytes(key));
        foreach (var value in valueOrder)
        {
            scratch.Clear();
            switch (value)
            {
                case string text: scratch.Bytes(1, Encoding.UTF8.GetBytes(text)); break;
                case double number: scratch.Double(3, number); break;
                case long whole: scratch.Varint(6, WireBuffer.ZigZag(whole)); break;
            }
            body.Bytes(4, scratch.Written);
        }
        body.Varint(5, (ulong)extent);
        var tile = new WireBuffer();
        tile.Bytes(3, body.Written);
        return tile.Written.ToArray();
    }

    private static int IndexOf<T>(Dictionary<T, int> known, List<T> order, T item) where T : notnull
    {
        if (known.TryGetValue(item, out var index)) return index;
        known.Add(item, order.Count);
        order.Add(item);
        return order.Count - 1;
    }
}

/// <summary>A growing buffer in the Protocol Buffers wire format.</summary>
internal sealed class WireBuffer
{
    private byte[] bytes = new byte[256];
    private int count;

    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, count);

    public static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    public void Clear() => count = 0;

    public void Varint(int field, ulong value)
    {
        Raw((ulong)field << 3);
        Raw(value);
    }

    public void Double(int field, double value)
    {
        Raw(((ulong)field << 3) | 1);
        Room(8);
        System.Buffers.Binary.BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(count), value);
        count += 8;
    }

    public void Bytes(int field, ReadOnlySpan<byte> content)
    {
        Raw(((ulong)field << 3) | 2);
        Raw((ulong)content.Length);
        Append(content);
    }

    public void Append(ReadOnlySpan<byte> content)
    {
        Room(content.Length);
        content.CopyTo(bytes.AsSpan(count));
        count += content.Length;
    }

    public void Raw(ulong value)
    {
        Room(10);
        while (value >= 0x80)
        {
            bytes[count++] = (byte)(value | 0x80);
            value >>= 7;
        }
        bytes[count++] = (byte)value;
    }

    private void Room(int more)
    {
        if (count + more > bytes.Length) Array.Resize(ref bytes, Math.Max(bytes.Length * 2, count + more));
    }
}
