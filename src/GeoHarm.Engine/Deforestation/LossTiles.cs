using System.Globalization;
using System.Text.RegularExpressions;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Rasters;

namespace GeoHarm.Engine.Deforestation;

/// <summary>
/// Tiles in the form of Hansen et al. 2013 (Global Forest Change, doi 10.1126/science.1244693): lossyear 0 where nothing
/// was lost and n where it was in 2000 + n; treecover2000 in per cent; datamask 0 no data, 1 land, 2 water. Each loss tile
/// is seen through the canopy and data tiles of its own place, then all are one raster; cells without enough canopy or
/// without data read as no data, so that value 0 is forest that stood and value n forest lost. Every tile that does not
/// fit is named.
/// </summary>
public static partial class LossTiles
{
    /// <summary>Year that a cell value counts from.</summary>
    public const int Epoch = 2000;

    /// <summary>Last year a cell value can name; larger values are not years.</summary>
    public const int LastYear = Epoch + 99;

    private const int ScanCells = 4 << 20; // cells read at once when years are sought

    /// <summary>Joins the tiles. Throws <see cref="InvalidInputException"/> with every tile that does not fit.</summary>
    /// <param name="loss">Loss tiles; at least one.</param>
    /// <param name="canopy">Canopy tiles of the same places, or none.</param>
    /// <param name="leastCanopy">Least per cent of canopy that is forest.</param>
    /// <param name="data">Data-mask tiles of the same places, or none.</param>
    public static IRasterSource Join(IReadOnlyList<IRasterSource> loss, IReadOnlyList<IRasterSource> canopy, byte leastCanopy, IReadOnlyList<IRasterSource> data)
    {
        var faults = new List<Fault>();
        foreach (var tile in loss.Where(t => t.CellType != CellType.UInt8)) faults.Add(new Fault(FaultSeverity.Error, "GH3104", tile.Name, "", $"its cells are {tile.CellType}; years of loss are bytes", "convert it: gdal_translate -ot Byte"));
        foreach (var tile in loss.Skip(1))
        {
            if (loss[0].Grid.Misalignment(tile.Grid, tile.Name) is { } fault) faults.Add(fault);
        }
        var canopyOf = Pair(loss, canopy, "treecover", faults);
        var dataOf = Pair(loss, data, "datamask", faults);
        if (faults.Count > 0) throw new InvalidInputException([.. faults.Distinct()]);
        var masked = loss.Select((tile, i) =>
        {
            if (canopy.Count > 0) tile = new MaskedRaster(tile, canopyOf[i]!, leastCanopy);
            return data.Count > 0 ? new MaskedRaster(tile, dataOf[i]!, 1) : tile;
        }).ToArray();
        return masked.Length == 1 ? masked[0] : new Mosaic(masked);
    }

    /// <summary>Faults of tiles that lack a year asked for. A tile that ends before the last year or begins after the first
    /// is an error (an older version, or not this data); a year without loss between others is a warning, and so is a tile
    /// without any loss. A tile is read only until all years have been seen.</summary>
    public static IReadOnlyList<Fault> MissingYears(IReadOnlyList<IRasterSource> loss, int firstYear, int lastYear, CancellationToken cancellation = default)
    {
        var faults = new List<Fault>();
        foreach (var tile in loss)
        {
            if (Version().Match(tile.Name) is { Success: true } version && int.Parse(version.Groups[1].Value, CultureInfo.InvariantCulture) is var upTo && upTo < lastYear)
            {
                faults.Add(Lacking(FaultSeverity.Error, tile, $"its name says that it ends in {upTo}; {lastYear} is asked for"));
                continue;
            }
            var seen = Seen(tile, firstYear - Epoch, lastYear - Epoch, cancellation);
            var missing = Enumerable.Range(firstYear, lastYear - firstYear + 1).Where(y => !seen[y - Epoch]).ToArray();
            if (missing.Length == 0) continue;
            if (!seen.Skip(1).Any(s => s)) faults.Add(Lacking(FaultSeverity.Warning, tile, "it holds no loss at all"));
            else if (missing.Contains(lastYear) || missing.Contains(firstYear)) faults.Add(Lacking(FaultSeverity.Error, tile, $"it holds no loss in {string.Join(", ", missing)}"));
            else faults.Add(Lacking(FaultSeverity.Warning, tile, $"it holds no loss in {string.Join(", ", missing)}"));
        }
        return faults;
    }

    /// <summary>Values seen in the tile, until all between first and last have been.</summary>
    private static bool[] Seen(IRasterSource tile, int first, int last, CancellationToken cancellation)
    {
        var seen = new bool[256];
        var grid = tile.Grid;
        var rows = (int)Math.Clamp(ScanCells / (long)grid.Width / tile.BlockHeight * tile.BlockHeight, Math.Min(tile.BlockHeight, grid.Height), grid.Height);
        var cells = new byte[checked(rows * grid.Width)];
        using var reader = tile.OpenReader();
        for (var row = 0; row < grid.Height; row += rows)
        {
            cancellation.ThrowIfCancellationRequested();
            var window = new RasterWindow(0, row, grid.Width, Math.Min(rows, grid.Height - row));
            var read = cells.AsSpan(0, (int)window.CellCount);
            reader.Read(window, read);
            for (var v = 1; v <= LastYear - Epoch; v++)
            {
                if (!seen[v] && v != tile.NoData) seen[v] = read.Contains((byte)v);
            }
            if (Enumerable.Range(first, last - first + 1).All(v => seen[v])) break;
        }
        return seen;
    }

    private static IRasterSource?[] Pair(IReadOnlyList<IRasterSource> loss, IReadOnlyList<IRasterSource> masks, string kind, List<Fault> faults)
    {
        var of = new IRasterSource?[loss.Count];
        if (masks.Count == 0) return of;
        var used = new bool[masks.Count];
        for (var i = 0; i < of.Length; i++)
        {
            for (var m = 0; m < masks.Count && of[i] is null; m++)
            {
                if (!loss[i].Grid.IsSameAs(masks[m].Grid)) continue;
                (of[i], used[m]) = (masks[m], true);
            }
            if (of[i] is not null && of[i]!.CellType != CellType.UInt8) faults.Add(new Fault(FaultSeverity.Error, "GH3104", of[i]!.Name, "", $"its cells are {of[i]!.CellType}; a mask is bytes", "convert it: gdal_translate -ot Byte"));
        }
        for (var m = 0; m < masks.Count; m++)
        {
            if (!used[m] && loss[0].Grid.Misalignment(masks[m].Grid, masks[m].Name) is { } fault) faults.Add(fault);
        }
        for (var i = 0; i < of.Length; i++)
        {
            if (of[i] is null) faults.Add(new Fault(FaultSeverity.Error, "GH5710", loss[i].Name, "", $"no {kind} tile lies on its cells ({loss[i].Grid.Width} x {loss[i].Grid.Height} from {loss[i].Grid.West.ToString("R", CultureInfo.InvariantCulture)}, {loss[i].Grid.North.ToString("R", CultureInfo.InvariantCulture)})", $"give the {kind} tile of the same name and version"));
        }
        return of;
    }

    private static Fault Lacking(FaultSeverity severity, IRasterSource tile, string message) =>
        new(severity, "GH5711", tile.Name, "", message, "take a version that reaches the years, or ask for fewer with --years");

    [GeneratedRegex(@"GFC-(\d{4})-v")]
    private static partial Regex Version();
}
