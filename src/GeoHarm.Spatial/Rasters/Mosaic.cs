using GeoHarm.Spatial.Layers;

namespace GeoHarm.Spatial.Rasters;

/// <summary>
/// Tiles on one lattice read as one raster. Where tiles overlap the first in the list wins; where none lies, cells read
/// as no data. Tiles that differ in coordinate system, cell size, lattice or cell type are refused, each by name.
/// </summary>
public sealed class Mosaic : IRasterSource
{
    private readonly (IRasterSource Source, RasterWindow Place)[] tiles;

    /// <summary>Joins tiles; the no-data value of gaps is the first tile's, or 255 for bytes and NaN for numbers.</summary>
    public Mosaic(IReadOnlyList<IRasterSource> sources)
    {
        if (sources.Count == 0) throw new ArgumentException("A mosaic needs at least one tile.", nameof(sources));
        var first = sources[0];
        var faults = new List<Fault>();
        foreach (var source in sources)
        {
            if (first.Grid.Misalignment(source.Grid, source.Name) is { } fault) faults.Add(fault);
            if (source.CellType != first.CellType)
            {
                faults.Add(new Fault(FaultSeverity.Error, "GH3106", source.Name, "", $"its cells are {source.CellType}, those of {first.Name} {first.CellType}", "convert it to the same type (gdal_translate -ot)"));
            }
            if (!Nullable.Equals(source.NoData, first.NoData))
            {
                faults.Add(new Fault(FaultSeverity.Error, "GH3107", source.Name, "", $"its no-data value is {source.NoData?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}, that of {first.Name} {first.NoData?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}", "set the same no-data value on all tiles (gdal_edit.py -a_nodata)"));
            }
        }
        if (faults.Count > 0) throw new InvalidInputException(faults);
        var offsets = sources.Select(s => { first.Grid.TryOffset(s.Grid, out var column, out var row); return (Column: column, Row: row); }).ToArray();
        var (left, top) = (offsets.Min(o => o.Column), offsets.Min(o => o.Row));
        var width = checked((int)(sources.Select((s, i) => offsets[i].Column + s.Grid.Width).Max() - left));
        var height = checked((int)(sources.Select((s, i) => offsets[i].Row + s.Grid.Height).Max() - top));
        tiles = sources.Select((s, i) => (s, new RasterWindow((int)(offsets[i].Column - left), (int)(offsets[i].Row - top), s.Grid.Width, s.Grid.Height))).ToArray();
        Grid = new Grid(first.Grid.West + left * first.Grid.CellWidth, first.Grid.North - top * first.Grid.CellHeight, first.Grid.CellWidth, first.Grid.CellHeight, width, height, first.Grid.Crs);
        Name = sources.Count == 1 ? first.Name : $"{first.Name} and {sources.Count - 1} more";
        CellType = first.CellType;
        NoData = first.NoData ?? (CellType == CellType.UInt8 ? 255 : double.NaN);
        (BlockWidth, BlockHeight) = (sources.Max(s => s.BlockWidth), sources.Max(s => s.BlockHeight));
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public Grid Grid { get; }

    /// <inheritdoc/>
    public CellType CellType { get; }

    /// <inheritdoc/>
    public double? NoData { get; }

    /// <inheritdoc/>
    public int BlockWidth { get; }

    /// <inheritdoc/>
    public int BlockHeight { get; }

    /// <inheritdoc/>
    public IRasterReader OpenReader() => new Reader(this);

    private sealed class Reader(Mosaic mosaic) : IRasterReader
    {
        private readonly IRasterReader?[] readers = new IRasterReader?[mosaic.tiles.Length];
        private byte[] bytes = [];
        private double[] numbers = [];

        public void Read(RasterWindow window, Span<byte> cells)
        {
            cells[..checked((int)window.CellCount)].Fill((byte)mosaic.NoData!.Value);
            for (var i = mosaic.tiles.Length - 1; i >= 0; i--)
            {
                if (!Part(i, window, out var common, out var inTile)) continue;
                if (bytes.Length < common.CellCount) bytes = new byte[common.CellCount];
                Open(i).Read(inTile, bytes);
                Paste<byte>(bytes, common, window, cells);
            }
        }

        public void Read(RasterWindow window, Span<double> cells)
        {
            cells[..checked((int)window.CellCount)].Fill(mosaic.NoData!.Value);
            for (var i = mosaic.tiles.Length - 1; i >= 0; i--)
            {
                if (!Part(i, window, out var common, out var inTile)) continue;
                if (numbers.Length < common.CellCount) numbers = new double[common.CellCount];
                Open(i).Read(inTile, numbers);
                Paste<double>(numbers, common, window, cells);
            }
        }

        public void Dispose()
        {
            foreach (var reader in readers) reader?.Dispose();
        }

        private static void Paste<T>(ReadOnlySpan<T> part, RasterWindow common, RasterWindow window, Span<T> cells)
        {
            for (var row = 0; row < common.Height; row++)
            {
                var to = (common.Row - window.Row + row) * window.Width + common.Column - window.Column;
                part.Slice(row * common.Width, common.Width).CopyTo(cells[to..]);
            }
        }

        private bool Part(int tile, RasterWindow window, out RasterWindow common, out RasterWindow inTile)
        {
            var place = mosaic.tiles[tile].Place;
            common = window.Intersect(place);
            inTile = common with { Column = common.Column - place.Column, Row = common.Row - place.Row };
            return common.CellCount > 0;
        }

        private IRasterReader Open(int tile) => readers[tile] ??= mosaic.tiles[tile].Source.OpenReader();
    }
}
