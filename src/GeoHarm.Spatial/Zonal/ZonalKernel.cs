using GeoHarm.Spatial.Rasters;

namespace GeoHarm.Spatial.Zonal;

/// <summary>One kind of statistic on one thread: reads windows, makes tallies and the sinks that fill them.</summary>
internal interface IZonalKernel<TTally, TSink> : IDisposable
    where TTally : class
    where TSink : struct, ICoverageSink
{
    /// <summary>Starts a band: weights of its rows.</summary>
    void Begin(int firstRow, int rows);

    /// <summary>Reads a window, to which sinks then refer.</summary>
    void Read(RasterWindow window);

    /// <summary>A sink for a part of the window that starts at this offset, filling the tally.</summary>
    TSink Sink(int origin, TTally tally);

    /// <summary>An empty tally.</summary>
    TTally NewTally();

    /// <summary>Adds a band's tally to the zone's; the band's is spent.</summary>
    void Merge(TTally total, TTally band);

    /// <summary>What the tally says of the zone.</summary>
    ZoneSummary Summarize(string id, TTally? tally);
}

/// <summary>Statistics of byte rasters: everything follows from coverage and weight by value.</summary>
internal sealed class ByteKernel(IRasterSource source, CellAreas areas, int bandHeight) : IZonalKernel<ByteTally, ByteSink>
{
    private readonly IRasterReader reader = source.OpenReader();
    private readonly double[] rowWeights = new double[bandHeight];
    private readonly ByteScratch scratch = new();
    private readonly Stack<ByteTally> spent = new();
    private byte[] cells = [];
    private int stride;

    public void Begin(int firstRow, int rows) => areas.SquareMetres(firstRow, rowWeights.AsSpan(0, rows));

    public void Read(RasterWindow window)
    {
        var count = checked((int)window.CellCount);
        if (cells.Length < count + ByteSink.Padding) cells = new byte[count + ByteSink.Padding];
        reader.Read(window, cells.AsSpan(0, count));
        stride = window.Width;
    }

    public ByteSink Sink(int origin, ByteTally tally)
    {
        var sink = new ByteSink(cells, stride, origin, rowWeights, scratch);
        sink.Select(tally);
        return sink;
    }

    public ByteTally NewTally() => spent.TryPop(out var tally) ? tally : new ByteTally();

    public void Merge(ByteTally total, ByteTally band)
    {
        total.Add(band);
        band.Clear();
        spent.Push(band);
    }

    public ZoneSummary Summarize(string id, ByteTally? tally) => ZoneSummary.Of(id, tally, source.NoData);

    public void Dispose() => reader.Dispose();
}

/// <summary>Statistics of any raster, or of any raster weighted by another: values are read as double precision.</summary>
internal sealed class ValueKernel(IRasterSource source, IRasterSource? weights, CellAreas areas, int distinctValues, int bandHeight) : IZonalKernel<ValueTally, ValueSink>
{
    private readonly IRasterReader reader = source.OpenReader();
    private readonly IRasterReader? weightReader = weights?.OpenReader();
    private readonly double[] rowWeights = new double[bandHeight];
    private double[] cells = [];
    private double[]? weightCells;
    private int stride;

    public void Begin(int firstRow, int rows) => areas.SquareMetres(firstRow, rowWeights.AsSpan(0, rows));

    public void Read(RasterWindow window)
    {
        var count = checked((int)window.CellCount);
        if (cells.Length < count) cells = new double[count];
        reader.Read(window, cells.AsSpan(0, count));
        stride = window.Width;
        if (weightReader is null) return;
        if (weightCells is null || weightCells.Length < count) weightCells = new double[count];
        weightReader.Read(window, weightCells.AsSpan(0, count));
    }

    public ValueSink Sink(int origin, ValueTally tally)
    {
        var sink = new ValueSink(cells, weightCells, stride, origin, rowWeights, source.NoData, weights?.NoData);
        sink.Select(tally);
        return sink;
    }

    public ValueTally NewTally() => new(distinctValues);

    public void Merge(ValueTally total, ValueTally band) => total.Merge(band);

    public ZoneSummary Summarize(string id, ValueTally? tally) => ZoneSummary.Of(id, tally);

    public void Dispose()
    {
        reader.Dispose();
        weightReader?.Dispose();
    }
}
