using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Rasters;

namespace GeoHarm.Engine.Deforestation;

/// <summary>Loss on a coarser grid.</summary>
/// <param name="Grid">The coarse cells, from the raster's north-western corner.</param>
/// <param name="LossHa">Hectares lost in each, row by row.</param>
/// <param name="CellHa">Hectares of each that the raster covers.</param>
public sealed record LossDensity(Grid Grid, IReadOnlyList<double> LossHa, IReadOnlyList<double> CellHa)
{
    /// <summary>Per cent of each coarse cell lost, in single precision as it is written.</summary>
    public float[] Percent() => [.. LossHa.Select((ha, i) => CellHa[i] > 0 ? (float)(100 * ha / CellHa[i]) : float.NaN)];

    /// <summary>
    /// Adds loss up on square cells of any size not below the raster's: a cell that a coarse border cuts is shared by the
    /// lengths on either side, so hectares are kept whatever the size. One pass of rows; memory: a window and the grid.
    /// </summary>
    /// <param name="loss">Loss raster (0 none, n = 2000 + n).</param>
    /// <param name="areas">Areas of its cells.</param>
    /// <param name="cellSize">Side of a coarse cell, CRS units.</param>
    /// <param name="firstYear">First year that counts.</param>
    /// <param name="lastYear">Last year.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static LossDensity Of(IRasterSource loss, CellAreas areas, double cellSize, int firstYear, int lastYear, CancellationToken cancellation = default)
    {
        var fine = loss.Grid;
        if (!(cellSize >= fine.CellWidth * (1 - 1e-9)) || !(cellSize >= fine.CellHeight * (1 - 1e-9))) throw new ArgumentOutOfRangeException(nameof(cellSize), cellSize, $"Coarse cells are not smaller than the raster's {fine.CellWidth} x {fine.CellHeight}.");
        var (width, height) = (Count(fine.Width * fine.CellWidth / cellSize), Count(fine.Height * fine.CellHeight / cellSize));
        var grid = new Grid(fine.West, fine.North, cellSize, cellSize, width, height, fine.Crs);
        var columns = Places(fine.Width, fine.CellWidth / cellSize, width);
        var rows = Places(fine.Height, fine.CellHeight / cellSize, height);
        var covered = new double[width + 1];
        foreach (var (cell, share) in columns) { covered[cell] += share; covered[cell + 1] += 1 - share; }
        var (lost, all) = (new double[width * height], new double[width * height]);
        var line = new double[width + 1];
        var band = (int)Math.Clamp((4 << 20) / (long)fine.Width / loss.BlockHeight * loss.BlockHeight, Math.Min(loss.BlockHeight, fine.Height), fine.Height);
        var cells = new byte[checked(band * fine.Width)];
        var (least, most) = (Math.Max(1, firstYear - LossTiles.Epoch), lastYear - LossTiles.Epoch);
        using var reader = loss.OpenReader();
        for (var row = 0; row < fine.Height; row++)
        {
            if (row % band == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                var count = Math.Min(band, fine.Height - row);
                reader.Read(new RasterWindow(0, row, fine.Width, count), cells.AsSpan(0, count * fine.Width));
            }
            Array.Clear(line);
            Sum(cells.AsSpan(row % band * fine.Width, fine.Width), loss.NoData, least, most, columns, line);
            var (into, share) = rows[row];
            var hectares = areas.SquareMetres(row) / 10_000;
            Spread(line, lost, into, hectares * share);
            Spread(covered, all, into, hectares * share);
            if (share >= 1 || into + 1 >= height) continue;
            Spread(line, lost, into + 1, hectares * (1 - share));
            Spread(covered, all, into + 1, hectares * (1 - share));
        }
        return new LossDensity(grid, lost, all);

        void Spread(double[] from, double[] to, int coarseRow, double weight)
        {
            for (var c = 0; c < width; c++) to[coarseRow * width + c] += weight * from[c];
        }
    }

    private static void Sum(ReadOnlySpan<byte> row, double? noData, int least, int most, (int Cell, double Share)[] columns, double[] line)
    {
        for (var at = 0; at < row.Length; at++)
        {
            var skip = row[at..].IndexOfAnyExcept((byte)0);
            if (skip < 0) return;
            at += skip;
            if (row[at] < least || row[at] > most || row[at] == noData) continue;
            var (cell, share) = columns[at];
            line[cell] += share;
            line[cell + 1] += 1 - share;
        }
    }

    /// <summary>For each fine cell its coarse cell and the share of it that lies there; the rest lies in the next.</summary>
    private static (int Cell, double Share)[] Places(int count, double ratio, int cells)
    {
        var places = new (int, double)[count];
        for (var i = 0; i < count; i++)
        {
            var (from, to) = (Snap(i * ratio), Snap((i + 1) * ratio));
            var cell = Math.Min((int)from, cells - 1);
            places[i] = (cell, to <= cell + 1 || cell == cells - 1 ? 1 : (cell + 1 - from) / (to - from));
        }
        return places;
    }

    private static int Count(double cells) => Math.Max(1, (int)Math.Ceiling(cells - 1e-6));

    // Sizes such as 0.05 / 0.00025 are whole but for the last bits.
    private static double Snap(double cells) => Math.Abs(cells - Math.Round(cells)) < 1e-6 ? Math.Round(cells) : cells;
}
