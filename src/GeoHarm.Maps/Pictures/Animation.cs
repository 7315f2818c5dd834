using System.Buffers.Binary;

namespace GeoHarm.Maps.Pictures;

/// <summary>
/// Pictures one after another as one animated PNG (APNG; PNG specification, third edition, W3C 2025, sections 11.3.6.1
/// to 11.3.6.3). Programs that know only PNG show the first picture. Frames are whole pictures, so none depends on another.
/// </summary>
public static class Animation
{
    private static readonly byte[] Signature = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];
    private static readonly uint[] Table = MakeTable();

    /// <summary>Draws the pictures, all of one size, and joins them.</summary>
    /// <param name="pictures">Frames in order.</param>
    /// <param name="milliseconds">How long each stands; 1 to 65,535.</param>
    public static DrawnPicture Apng(IReadOnlyList<PictureSpec> pictures, int milliseconds)
    {
        ArgumentOutOfRangeException.ThrowIfZero(pictures.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(milliseconds, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(milliseconds, ushort.MaxValue);
        if (pictures.Select(p => p.Size).Distinct().Count() > 1) throw new ArgumentException("The pictures of an animation must have one size.", nameof(pictures));
        var drawn = pictures.Select(p => Picture.Draw(p, PictureFormat.Png)).ToArray();
        using var output = new MemoryStream();
        output.Write(Signature);
        var sequence = 0u;
        for (var frame = 0; frame < drawn.Length; frame++)
        {
            var isFirst = frame == 0;
            foreach (var (type, data) in Chunks(drawn[frame].Bytes))
            {
                if (type == "IHDR" && isFirst)
                {
                    Write(output, type, data);
                    Write(output, "acTL", [.. Big((uint)drawn.Length), .. Big(0)]);
                }
                if (type == "IHDR") Write(output, "fcTL", Control(ref sequence, data.AsSpan(0, 8), milliseconds));
                if (type == "IDAT" && isFirst) Write(output, type, data);
                else if (type == "IDAT") Write(output, "fdAT", [.. Big(sequence++), .. data]);
            }
        }
        Write(output, "IEND", []);
        return new DrawnPicture(output.ToArray(), drawn.SelectMany(d => d.Notes).Distinct().ToArray());
    }

    /// <summary>The chunks of a PNG file.</summary>
    internal static IEnumerable<(string Type, byte[] Data)> Chunks(byte[] png)
    {
        for (var at = Signature.Length; at + 12 <= png.Length;)
        {
            var length = (int)BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(at));
            yield return (System.Text.Encoding.ASCII.GetString(png, at + 4, 4), png[(at + 8)..(at + 8 + length)]);
            at += 12 + length;
        }
    }

    // Sequence, size, offset 0, delay as a fraction of 1000, no disposal, no blending.
    private static byte[] Control(ref uint sequence, ReadOnlySpan<byte> size, int milliseconds)
    {
        var data = new byte[26];
        BinaryPrimitives.WriteUInt32BigEndian(data, sequence++);
        size.CopyTo(data.AsSpan(4));
        BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(20), (ushort)milliseconds);
        BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(22), 1000);
        return data;
    }

    private static void Write(Stream output, string type, byte[] data)
    {
        byte[] body = [.. System.Text.Encoding.ASCII.GetBytes(type), .. data];
        output.Write(Big((uint)data.Length));
        output.Write(body);
        output.Write(Big(Checksum(body)));
    }

    private static byte[] Big(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    // CRC-32 as PNG's annex D gives it.
    private static uint Checksum(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes) crc = Table[(crc ^ b) & 0xFF] ^ (crc >> 8);
        return ~crc;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (var n = 0u; n < 256; n++)
        {
            var c = n;
            for (var k = 0; k < 8; k++) c = (c & 1) == 1 ? 0xEDB88320 ^ (c >> 1) : c >> 1;
            table[n] = c;
        }
        return table;
    }
}
