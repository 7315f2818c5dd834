using System.Text;
using SkiaSharp;

namespace GeoHarm.Maps.Tiles;

/// <summary>What a check of an archive found.</summary>
/// <param name="Tiles">Tiles read.</param>
/// <param name="Features">Features in them; pictures count one.</param>
/// <param name="Faults">What is wrong, each with the tile; empty when all is well.</param>
public sealed record TileVerdict(long Tiles, long Features, IReadOnlyList<string> Faults);

/// <summary>Reads a whole archive and checks it: order and number of tiles, zooms; in each vector tile the wire format,
/// names, tags within their tables and well-formed commands; each picture decodes.</summary>
public static class TileVerification
{
    private const int MostFaults = 50;

    /// <summary>Checks an archive; a broken header or directory is a fault, not an exception.</summary>
    public static TileVerdict Check(Stream archive)
    {
        try
        {
            var reader = new PmTilesReader(archive);
            var verdict = Check(reader.All(), reader.Format, reader.MinZoom, reader.MaxZoom, true);
            return verdict.Tiles == reader.AddressedTiles || verdict.Faults.Count >= MostFaults ? verdict
                : verdict with { Faults = [.. verdict.Faults, $"The header counts {reader.AddressedTiles} tiles; there are {verdict.Tiles}."] };
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or OverflowException or ArgumentOutOfRangeException)
        {
            return new TileVerdict(0, 0, [e.Message]);
        }
    }

    /// <summary>Checks tiles as they come; <paramref name="inOrder"/> asks that their ids rise.</summary>
    public static TileVerdict Check(IEnumerable<(TileAddress Address, byte[] Tile)> all, TileFormat format, int minZoom, int maxZoom, bool inOrder)
    {
        var (faults, tiles, features) = (new List<string>(), 0L, 0L);
        ulong? last = null;
        try
        {
            foreach (var (address, tile) in all)
            {
                tiles++;
                if (inOrder && last is { } before && address.Id <= before) faults.Add($"{address}: ids do not rise");
                last = address.Id;
                if (address.Zoom < minZoom || address.Zoom > maxZoom) faults.Add($"{address}: outside zooms {minZoom} to {maxZoom}");
                try
                {
                    features += format == TileFormat.Mvt ? Features(tile) : Picture(tile, format);
                }
                catch (InvalidDataException e)
                {
                    faults.Add($"{address}: {e.Message}");
                }
                if (faults.Count >= MostFaults) break;
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or OverflowException or ArgumentOutOfRangeException)
        {
            faults.Add(e.Message);
        }
        return new TileVerdict(tiles, features, faults);
    }

    private static int Picture(byte[] tile, TileFormat format)
    {
        using var stream = new MemoryStream(tile);
        using var codec = SKCodec.Create(stream);
        var wanted = format == TileFormat.Png ? SKEncodedImageFormat.Png : SKEncodedImageFormat.Webp;
        if (codec is null || codec.EncodedFormat != wanted) throw new InvalidDataException($"The tile is no {wanted} picture.");
        if (codec.Info.Width != codec.Info.Height || codec.Info.Width > 4096) throw new InvalidDataException($"The picture is {codec.Info.Width} x {codec.Info.Height}; tiles are square.");
        using var bitmap = new SKBitmap(codec.Info);
        if (codec.GetPixels(codec.Info, bitmap.GetPixels()) != SKCodecResult.Success) throw new InvalidDataException("The picture cannot be decoded whole.");
        return 1;
    }

    /// <summary>Number of features of a vector tile; throws <see cref="InvalidDataException"/> when it is malformed.</summary>
    internal static int Features(ReadOnlySpan<byte> tile)
    {
        var count = 0;
        var fields = new WireReader(tile);
        while (fields.Next(out var field, out var content, out _))
        {
            if (field == 3) count += OfLayer(content);
        }
        return count;
    }

    private static int OfLayer(ReadOnlySpan<byte> layer)
    {
        var (keys, values, features, name, version) = (0, 0, 0, "", 0ul);
        var fields = new WireReader(layer);
        while (fields.Next(out var field, out var content, out var number))
        {
            switch (field)
            {
                case 1: name = Encoding.UTF8.GetString(content); break;
                case 2: features++; break;
                case 3: keys++; break;
                case 4: values++; break;
                case 15: version = number; break;
            }
        }
        if (name.Length == 0 || version != 2) throw new InvalidDataException("A layer lacks its name or is not of version 2.");
        fields = new WireReader(layer);
        while (fields.Next(out var field, out var content, out _))
        {
            if (field == 2) Feature(content, keys, values);
        }
        return features;
    }

    private static void Feature(ReadOnlySpan<byte> feature, int keys, int values)
    {
        var fields = new WireReader(feature);
        var kind = 0ul;
        ReadOnlySpan<byte> geometry = default;
        while (fields.Next(out var field, out var content, out var number))
        {
            if (field == 3) kind = number;
            if (field == 4) geometry = content;
            if (field != 2) continue;
            var tags = new WireReader(content);
            while (!tags.IsAtEnd)
            {
                if (tags.Varint() >= (ulong)keys || tags.Varint() >= (ulong)values) throw new InvalidDataException("A tag points outside its table.");
            }
        }
        if (kind is < 1 or > 3) throw new InvalidDataException($"Geometry type {kind} is unknown.");
        Commands(geometry);
    }

    private static void Commands(ReadOnlySpan<byte> geometry)
    {
        var commands = new WireReader(geometry);
        if (commands.IsAtEnd) throw new InvalidDataException("A feature has no geometry.");
        while (!commands.IsAtEnd)
        {
            var head = commands.Varint();
            var (command, count) = (head & 7, head >> 3);
            if (command is not (1 or 2 or 7) || count == 0 || (command == 7 && count != 1)) throw new InvalidDataException($"Command {head} is unknown.");
            for (var n = 0ul; command != 7 && n < 2 * count; n++) commands.Varint();
        }
    }

    private ref struct WireReader(ReadOnlySpan<byte> bytes)
    {
        private readonly ReadOnlySpan<byte> bytes = bytes;
        private int at;

        public readonly bool IsAtEnd => at >= bytes.Length;

        public bool Next(out int field, out ReadOnlySpan<byte> content, out ulong number)
        {
            (field, number) = (0, 0);
            content = default;
            if (IsAtEnd) return false;
            var tag = Varint();
            field = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0: number = Varint(); break;
                case 1: content = Take(8); break;
                case 2: content = Take(Varint()); break;
                case 5: content = Take(4); break;
                default: throw new InvalidDataException($"Wire type {tag & 7} is unknown.");
            }
            return true;
        }

        public ulong Varint()
        {
            var value = 0ul;
            for (var shift = 0; shift < 64; shift += 7)
            {
                if (IsAtEnd) throw new InvalidDataException("A number ends too soon.");
                var part = bytes[at++];
                value |= (ulong)(part & 0x7F) << shift;
                if (part < 0x80) return value;
            }
            throw new InvalidDataException("A number is too long.");
        }

        private ReadOnlySpan<byte> Take(ulong length)
        {
            if (length > (ulong)(bytes.Length - at)) throw new InvalidDataException("A field reaches beyond the tile.");
            var content = bytes.Slice(at, (int)length);
            at += (int)length;
            return content;
        }
    }
}
