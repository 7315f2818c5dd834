using System.Globalization;
using GeoHarm.Gdal.Native;

namespace GeoHarm.Gdal.Datasets;

/// <summary>One band, or one overview of it, of an open raster. Valid while the dataset is open, on its thread.</summary>
public sealed unsafe class RasterBand
{
    private readonly DatasetHandle dataset;
    private readonly nint native;
    private readonly string doing;

    internal RasterBand(DatasetHandle dataset, nint native, string label)
    {
        (this.dataset, this.native) = (dataset, native);
        doing = $"read {label}";
        Width = Libgdal.BandWidth(native);
        Height = Libgdal.BandHeight(native);
        Libgdal.GetBlockSize(native, out var blockWidth, out var blockHeight);
        (BlockWidth, BlockHeight) = (blockWidth, blockHeight);
        Type = PixelTypes.FromGdal(Libgdal.RasterDataType(native));
        if (Type == PixelType.UInt8 && Libgdal.Text(Libgdal.GetMetadataItem(native, "PIXELTYPE", "IMAGE_STRUCTURE")) == "SIGNEDBYTE") Type = PixelType.Int8;
    }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Columns of a native block: what GDAL decodes at once.</summary>
    public int BlockWidth { get; }

    /// <summary>Rows of a native block; 1 for Hansen's strips.</summary>
    public int BlockHeight { get; }

    /// <summary>Cell type.</summary>
    public PixelType Type { get; }

    /// <summary>Number of overviews.</summary>
    public int OverviewCount
    {
        get
        {
            dataset.Enter();
            return Libgdal.GetOverviewCount(native);
        }
    }

    /// <summary>Scale and offset by which cell values become quantities; 1 and 0 where the file names none.</summary>
    public (double Scale, double Offset) Scaling
    {
        get
        {
            dataset.Enter();
            var scale = Libgdal.GetScale(native, out var hasScale);
            var offset = Libgdal.GetOffset(native, out var hasOffset);
            return (hasScale != 0 ? scale : 1, hasOffset != 0 ? offset : 0);
        }
    }

    /// <summary>The value that means no data; null where the file names none. 64-bit values beyond 2^53 are rounded.</summary>
    public double? NoData
    {
        get
        {
            dataset.Enter();
            int present;
            double value;
            if (Type == PixelType.Int64) value = Libgdal.GetNoDataInt64(native, out present);
            else if (Type == PixelType.UInt64) value = Libgdal.GetNoDataUInt64(native, out present);
            else value = Libgdal.GetNoData(native, out present);
            return present != 0 ? value : null;
        }

        set
        {
            if (value is not { } number) return;
            dataset.Enter();
            using var trap = ErrorTrap.Enter();
            trap.Check(Libgdal.SetNoData(native, number) == 0, $"set the no-data value of {dataset.FileName}");
        }
    }

    /// <summary>Overview by index, 0 the finest.</summary>
    public RasterBand Overview(int index)
    {
        dataset.Enter();
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)OverviewCount, nameof(index));
        return new RasterBand(dataset, Libgdal.GetOverview(native, index), string.Create(CultureInfo.InvariantCulture, $"overview {index} of {dataset.FileName}"));
    }

    /// <summary>Reads a window, converting to T (GDAL clamps and rounds) and, where the buffer is smaller or larger than
    /// the window, taking the nearest cell. The buffer is filled row by row.</summary>
    /// <param name="column">First column.</param>
    /// <param name="row">First row.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="buffer">At least bufferWidth x bufferHeight values.</param>
    /// <param name="bufferWidth">Columns of the buffer; 0 for those of the window.</param>
    /// <param name="bufferHeight">Rows of the buffer; 0 for those of the window.</param>
    public void Read<T>(int column, int row, int width, int height, Span<T> buffer, int bufferWidth = 0, int bufferHeight = 0) where T : unmanaged
    {
        if (bufferWidth == 0) bufferWidth = width;
        if (bufferHeight == 0) bufferHeight = height;
        Transfer(0, column, row, width, height, buffer, bufferWidth, bufferHeight, doing);
    }

    /// <summary>Writes a window.</summary>
    public void Write<T>(int column, int row, int width, int height, ReadOnlySpan<T> buffer) where T : unmanaged
    {
        // GDAL's one entry point reads and writes; the buffer is only read when writing.
        fixed (T* first = buffer) Transfer(1, column, row, width, height, new Span<T>(first, buffer.Length), width, height, $"write {dataset.FileName}");
    }

    /// <summary>Decodes one native block past GDAL's cache, in the band's own cell type. Blocks at the right and lower
    /// edge are padded to full size; the padding is undefined.</summary>
    public void ReadBlock<T>(int blockColumn, int blockRow, Span<T> buffer) where T : unmanaged
    {
        dataset.Enter();
        if (PixelTypes.Of<T>() != Type) throw new ArgumentException($"Blocks of {dataset.FileName} hold {Type}, not {typeof(T).Name}.");
        if (buffer.Length < (long)BlockWidth * BlockHeight) throw new ArgumentException("The buffer is smaller than a block.", nameof(buffer));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)blockColumn, (uint)((Width + BlockWidth - 1) / BlockWidth), nameof(blockColumn));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)blockRow, (uint)((Height + BlockHeight - 1) / BlockHeight), nameof(blockRow));
        using var trap = ErrorTrap.Enter();
        int failed;
        fixed (T* first = buffer) failed = Libgdal.ReadBlock(native, blockColumn, blockRow, first);
        trap.Check(failed == 0, doing);
    }

    /// <summary>Offset and length in the file of a TIFF block; null for other formats and for blocks left out as empty.</summary>
    public (long Offset, long Length)? BlockBytes(int blockColumn, int blockRow)
    {
        dataset.Enter();
        var place = string.Create(CultureInfo.InvariantCulture, $"{blockColumn}_{blockRow}");
        var offset = Libgdal.Text(Libgdal.GetMetadataItem(native, "BLOCK_OFFSET_" + place, "TIFF"));
        var length = Libgdal.Text(Libgdal.GetMetadataItem(native, "BLOCK_SIZE_" + place, "TIFF"));
        return long.TryParse(offset, NumberStyles.Integer, CultureInfo.InvariantCulture, out var start) && start > 0
            && long.TryParse(length, NumberStyles.Integer, CultureInfo.InvariantCulture, out var size) ? (start, size) : null;
    }

    private void Transfer<T>(int write, int column, int row, int width, int height, Span<T> buffer, int bufferWidth, int bufferHeight, string what) where T : unmanaged
    {
        dataset.Enter();
        if (column < 0 || row < 0 || width <= 0 || height <= 0 || (long)column + width > Width || (long)row + height > Height)
        {
            throw new ArgumentOutOfRangeException(nameof(column), $"Window {column}, {row}, {width} x {height} is not inside the band's {Width} x {Height}.");
        }
        if (bufferWidth <= 0 || bufferHeight <= 0 || buffer.Length < (long)bufferWidth * bufferHeight) throw new ArgumentException("The buffer is smaller than the window.", nameof(buffer));
        var type = PixelTypes.Of<T>();
        // A signed byte asked of a signed-byte band has the right bits; of another band GDAL 3.6 could not convert to it.
        if (type == PixelType.Int8 && Type != PixelType.Int8) throw new NotSupportedException("Only bands of signed bytes can be read as such.");
        using var trap = ErrorTrap.Enter();
        int failed;
        fixed (T* first = buffer) failed = Libgdal.RasterIO(native, write, column, row, width, height, first, bufferWidth, bufferHeight, type.ToGdal(), 0, 0);
        trap.Check(failed == 0, what);
    }
}
