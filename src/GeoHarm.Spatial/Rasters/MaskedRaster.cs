using System.Numerics;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Spatial.Rasters;

/// <summary>
/// A raster of bytes seen through a mask: cells whose mask value is below a threshold read as no data. Loss where canopy
/// was at least 30 %, or where the data mask says land. Both rasters must share the grid; the value that stands for no
/// data is the source's own or 255, which the source must not use.
/// </summary>
public sealed class MaskedRaster : IRasterSource
{
    private const byte Substitute = 255;
    private readonly IRasterSource values;
    private readonly IRasterSource mask;
    private readonly byte threshold;
    private readonly byte hidden;

    /// <summary>Shows cells of <paramref name="values"/> where <paramref name="mask"/> is at least the threshold.</summary>
    public MaskedRaster(IRasterSource values, IRasterSource mask, byte threshold)
    {
        var faults = new List<Fault>();
        foreach (var raster in new[] { values, mask })
        {
            if (raster.CellType == CellType.UInt8) continue;
            faults.Add(new Fault(FaultSeverity.Error, "GH3104", raster.Name, "", $"its cells are {raster.CellType}; a masked raster and its mask are bytes", "convert it: gdal_translate -ot Byte"));
        }
        if (!values.Grid.IsSameAs(mask.Grid))
        {
            faults.Add(values.Grid.Misalignment(mask.Grid, mask.Name)
                ?? new Fault(FaultSeverity.Error, "GH3105", mask.Name, "", $"it has {mask.Grid.Width} x {mask.Grid.Height} cells, {values.Name} {values.Grid.Width} x {values.Grid.Height}", "take tiles of the same extent"));
        }
        if (faults.Count > 0) throw new InvalidInputException(faults);
        (this.values, this.mask, this.threshold) = (values, mask, threshold);
        hidden = values.NoData is { } noData and >= 0 and <= 255 ? (byte)noData : Substitute;
    }

    /// <inheritdoc/>
    public string Name => values.Name;

    /// <inheritdoc/>
    public Grid Grid => values.Grid;

    /// <inheritdoc/>
    public CellType CellType => CellType.UInt8;

    /// <inheritdoc/>
    public double? NoData => hidden;

    /// <inheritdoc/>
    public int BlockWidth => Math.Max(values.BlockWidth, mask.BlockWidth);

    /// <inheritdoc/>
    public int BlockHeight => Math.Max(values.BlockHeight, mask.BlockHeight);

    /// <inheritdoc/>
    public IRasterReader OpenReader() => new Reader(this);

    private sealed class Reader(MaskedRaster raster) : IRasterReader
    {
        private readonly IRasterReader values = raster.values.OpenReader();
        private readonly IRasterReader mask = raster.mask.OpenReader();
        private byte[] masks = [];

        public void Read(RasterWindow window, Span<byte> cells)
        {
            var count = checked((int)window.CellCount);
            if (masks.Length < count) masks = new byte[count];
            values.Read(window, cells);
            mask.Read(window, masks);
            Hide(cells[..count], masks.AsSpan(0, count), raster.threshold, raster.hidden);
        }

        public void Read(RasterWindow window, Span<double> cells)
        {
            var bytes = new byte[window.CellCount];
            Read(window, bytes);
            for (var i = 0; i < bytes.Length; i++) cells[i] = bytes[i];
        }

        public void Dispose()
        {
            values.Dispose();
            mask.Dispose();
        }

        private static void Hide(Span<byte> cells, ReadOnlySpan<byte> masks, byte threshold, byte hidden)
        {
            var (atLeast, substitute) = (new Vector<byte>(threshold), new Vector<byte>(hidden));
            var i = 0;
            for (; i + Vector<byte>.Count <= cells.Length; i += Vector<byte>.Count)
            {
                var shown = Vector.GreaterThanOrEqual(new Vector<byte>(masks[i..]), atLeast);
                Vector.ConditionalSelect(shown, new Vector<byte>(cells[i..]), substitute).CopyTo(cells[i..]);
            }
            for (; i < cells.Length; i++)
            {
                if (masks[i] < threshold) cells[i] = hidden;
            }
        }
    }
}
