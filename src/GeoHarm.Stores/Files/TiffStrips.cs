using Microsoft.Win32.SafeHandles;

namespace GeoHarm.Stores.Files;

/// <summary>
/// Reads the strips of the one kind of TIFF that Hansen's tiles are (one band of bytes, LZW, no predictor, strips across
/// the full width) past the library: half of the time of a pass over such a tile went into decoding it. Any other file, and
/// any strip that does not decode, is left to GDAL, which also finds the words for what is wrong. Serves one thread.
/// </summary>
internal sealed class TiffStrips : IDisposable
{
    private const int ReadAhead = 256 << 10;
    private const int Lzw = 5;

    private readonly SafeFileHandle file;
    private readonly int width, height, rowsPerStrip;
    private readonly long[] offsets;
    private readonly long[] sizes;
    private readonly ulong[] table = LzwStrip.NewTable();
    private byte[] buffer = [];
    private long bufferStart;
    private int bufferCount;

    private TiffStrips(SafeFileHandle file, int width, int height, int rowsPerStrip, long[] offsets, long[] sizes) =>
        (this.file, this.width, this.height, this.rowsPerStrip, this.offsets, this.sizes) = (file, width, height, rowsPerStrip, offsets, sizes);

    /// <summary>Opens the file if it is of this kind and cut as GDAL says; null otherwise.</summary>
    internal static TiffStrips? Open(string path, int width, int height, int blockWidth, int blockHeight)
    {
        if (blockWidth != width || !File.Exists(path)) return null;
        SafeFileHandle? file = null;
        try
        {
            file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (TiffDirectory.Read(file) is { } tags && Fits(tags, width, height, blockHeight))
            {
                var strips = (height + blockHeight - 1) / blockHeight;
                if (tags.Numbers(TiffDirectory.StripOffsets, strips) is { } offsets && tags.Numbers(TiffDirectory.StripByteCounts, strips) is { } sizes)
                {
                    return new TiffStrips(file, width, height, blockHeight, offsets, sizes);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // GDAL has opened it and will say what is wrong when it reads.
        }
        file?.Dispose();
        return null;
    }

    /// <summary>Decodes a strip, or so many of its first cells, to the start of the cells, which must hold them; what lies
    /// behind them there may be overwritten. False where it cannot.</summary>
    internal bool TryRead(int strip, Span<byte> cells, int wanted = int.MaxValue)
    {
        var length = Math.Min(rowsPerStrip, height - strip * rowsPerStrip) * width;
        var (offset, size) = (offsets[strip], sizes[strip]);
        if (offset <= 0 || size <= 0 || size > length * 2L + 64) return false;
        if ((offset < bufferStart || offset + size > bufferStart + bufferCount) && !Fill(strip, (int)size)) return false;
        return LzwStrip.Decode(buffer, (int)(offset - bufferStart), (int)size, cells, length, Math.Min(length, wanted), table);
    }

    public void Dispose() => file.Dispose();

    private static bool Fits(TiffDirectory tags, int width, int height, int rowsPerStrip) =>
        tags.One(TiffDirectory.ImageWidth) == width && tags.One(TiffDirectory.ImageLength) == height && tags.One(TiffDirectory.Compression) == Lzw
        && tags.One(TiffDirectory.BitsPerSample) == 8 && tags.One(TiffDirectory.SamplesPerPixel, 1) == 1 && tags.One(TiffDirectory.SampleFormat, 1) == 1
        && tags.One(TiffDirectory.Predictor, 1) == 1 && tags.One(TiffDirectory.FillOrder, 1) == 1 && tags.One(TiffDirectory.Photometric) is 1 or 3
        && Math.Min(tags.One(TiffDirectory.RowsPerStrip, height), height) == rowsPerStrip;

    /// <summary>Reads the strip and those that follow it in the file without a gap.</summary>
    private bool Fill(int strip, int size)
    {
        var wanted = size;
        for (var next = strip + 1; next < offsets.Length && offsets[next] == offsets[strip] + wanted && sizes[next] is > 0 and < ReadAhead && wanted + sizes[next] <= ReadAhead; next++) wanted += (int)sizes[next];
        if (buffer.Length < wanted + LzwStrip.Slack) buffer = new byte[wanted + LzwStrip.Slack];
        (bufferStart, bufferCount) = (offsets[strip], 0);
        try
        {
            while (bufferCount < wanted)
            {
                var read = RandomAccess.Read(file, buffer.AsSpan(bufferCount, wanted - bufferCount), bufferStart + bufferCount);
                if (read == 0) break;
                bufferCount += read;
            }
        }
        catch (IOException)
        {
            return false;
        }
        return bufferCount >= size;
    }
}
