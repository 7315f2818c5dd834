using GeoHarm.Spatial.Rasters;

namespace GeoHarm.Engine.Deforestation;

/// <summary>How patches are counted.</summary>
/// <param name="LeastHa">Smallest patch that counts towards shape, growth and distance, hectares; default 1: below it a patch
/// is a dozen pixels and its outline is noise. Every patch counts in numbers, hectares and size classes. 0 or more.</param>
/// <param name="FirstYear">First year of loss.</param>
/// <param name="LastYear">Last year of loss.</param>
public sealed record PatchReportOptions(int FirstYear, int LastYear, double LeastHa = 1);

/// <summary>Patches of one place (a zone or a cell of 5 km or more).</summary>
/// <param name="Place">Index of the place.</param>
/// <param name="Patches">Number of patches.</param>
/// <param name="Hectares">Their hectares.</param>
/// <param name="LargestHa">The largest patch.</param>
/// <param name="SizeClasses">Number of patches in each of <see cref="PatchReport.SizeLimitsHa"/> and above the last.</param>
/// <param name="MeanCompactness">Mean of 4 pi area / perimeter^2 (Polsby and Popper 1991): 1 a disc, 0.79 a square; NaN for none.</param>
/// <param name="GrownShare">Share of the hectares in patches that adjoin loss of earlier years; the others are new openings.</param>
/// <param name="NearestKm">Mean distance between centres to the nearest patch of the same year; NaN for none.</param>
/// <param name="WithinShare">Share of the hectares whose patch has its centre in the second key (protected areas); NaN without one.</param>
public sealed record PlacePatches(
    int Place, long Patches, double Hectares, double LargestHa, IReadOnlyList<long> SizeClasses, double MeanCompactness, double GrownShare, double NearestKm, double WithinShare);

/// <summary>
/// Patches of loss by year (connected cells lost in the same year), reported by place only: number, hectares, sizes, shape,
/// growth and spacing, after the metrics by which Sesnie et al. 2017 (Environmental Research Letters 12, 054015,
/// doi 10.1088/1748-9326/aa6fff) told anomalous clearings from others. No patch is given a class or a score and none
/// leaves: what is anomalous is said of places, by the clusters that spatial statistics find. Memory: 20 bytes for each
/// patch of <see cref="PatchReportOptions.LeastHa"/> or more, and the places.
/// </summary>
public sealed class PatchReport
{
    private readonly PatchReportOptions options;
    private readonly CellMetres metres;
    private readonly Func<double, double, int> placeOf;
    private readonly Func<double, double, bool>? isWithin;
    private readonly Dictionary<int, Tally> tallies = [];
    private readonly List<Kept>[] kept;
    private readonly double[] yearHectares;
    private readonly long[] yearPatches;

    private PatchReport(PatchReportOptions options, CellMetres metres, Func<double, double, int> placeOf, Func<double, double, bool>? isWithin)
    {
        (this.options, this.metres, this.placeOf, this.isWithin) = (options, metres, placeOf, isWithin);
        var years = options.LastYear - options.FirstYear + 1;
        kept = [.. Enumerable.Range(0, years).Select(_ => new List<Kept>())];
        (yearHectares, yearPatches) = (new double[years], new long[years]);
    }

    /// <summary>Upper limits of the size classes, hectares; one class more lies above the last.</summary>
    public static IReadOnlyList<double> SizeLimitsHa { get; } = [1, 5, 20, 100];

    /// <summary>Places with patches, in their order.</summary>
    public IReadOnlyList<PlacePatches> Places { get; private set; } = [];

    /// <summary>Number of patches by year.</summary>
    public IReadOnlyList<long> YearPatches => yearPatches;

    /// <summary>Hectares of patches by year.</summary>
    public IReadOnlyList<double> YearHectares => yearHectares;

    /// <summary>Scans the raster and adds its patches up by place.</summary>
    /// <param name="loss">Years of loss (0 none, n = 2000 + n).</param>
    /// <param name="areas">Areas of its cells.</param>
    /// <param name="metres">Sides of its cells.</param>
    /// <param name="options">What counts.</param>
    /// <param name="placeOf">Place of a point in the raster's system; negative for none.</param>
    /// <param name="isWithin">Whether a point lies in the second key; null without one.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static PatchReport Of(
        IRasterSource loss, CellAreas areas, CellMetres metres, PatchReportOptions options, Func<double, double, int> placeOf, Func<double, double, bool>? isWithin, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(options.LeastHa, nameof(options));
        var report = new PatchReport(options, metres, placeOf, isWithin);
        PatchScan.Run(loss, areas, new PatchOptions(), report.Add, cancellation);
        foreach (var year in report.kept) report.Space(year);
        report.Places = [.. report.tallies.OrderBy(t => t.Key).Select(t => t.Value.Summary(t.Key, isWithin is not null))];
        return report;
    }

    private void Add(Patch patch)
    {
        var year = LossTiles.Epoch + patch.Value - options.FirstYear;
        if (year < 0 || year >= kept.Length) return;
        var hectares = patch.SquareMetres / 10_000;
        yearHectares[year] += hectares;
        yearPatches[year]++;
        var (x, y) = (metres.Grid.West + patch.Column * metres.Grid.CellWidth, metres.Grid.North - patch.Row * metres.Grid.CellHeight);
        var place = placeOf(x, y);
        if (place < 0) return;
        if (!tallies.TryGetValue(place, out var tally)) tallies[place] = tally = new Tally();
        tally.Patches++;
        tally.Hectares += hectares;
        tally.LargestHa = Math.Max(tally.LargestHa, hectares);
        var size = 0;
        while (size < SizeLimitsHa.Count && hectares >= SizeLimitsHa[size]) size++;
        tally.Sizes[size]++;
        if (patch.EarlierSides > 0) tally.GrownHa += hectares;
        if (isWithin is not null && isWithin(x, y)) tally.WithinHa += hectares;
        if (hectares < options.LeastHa) return;
        var (w, h) = metres.Of((int)Math.Clamp(patch.Row, 0, metres.Grid.Height - 1));
        var perimeter = patch.UprightSides * h + patch.LevelSides * w;
        tally.Compactness += 4 * Math.PI * patch.SquareMetres / (perimeter * perimeter);
        tally.Shaped++;
        kept[year].Add(new Kept((float)patch.Column, (float)patch.Row, place));
    }

    /// <summary>Distance of each patch to the nearest of the same year, by buckets of about one patch each, ring by ring.</summary>
    private void Space(List<Kept> patches)
    {
        if (patches.Count < 2) return;
        var grid = metres.Grid;
        var side = Math.Max(1, Math.Sqrt((double)grid.Width * grid.Height / patches.Count));
        var (columns, rows) = ((int)(grid.Width / side) + 1, (int)(grid.Height / side) + 1);
        var starts = new int[columns * rows + 1];
        int Bucket(Kept p) => (int)(p.Row / side) * columns + (int)(p.Column / side);
        foreach (var p in patches) starts[Bucket(p) + 1]++;
        for (var b = 1; b < starts.Length; b++) starts[b] += starts[b - 1];
        var (order, next) = (new int[patches.Count], starts[..^1]);
        for (var i = 0; i < patches.Count; i++) order[next[Bucket(patches[i])]++] = i;
        for (var i = 0; i < patches.Count; i++)
        {
            var tally = tallies[patches[i].Place];
            tally.NearestKm += Nearest(i, patches, side, columns, rows, starts, order) / 1000;
            tally.Spaced++;
        }
    }

    private double Nearest(int i, List<Kept> patches, double side, int columns, int rows, int[] starts, int[] order)
    {
        var p = patches[i];
        var (w, h) = metres.Of((int)Math.Clamp(p.Row, 0, metres.Grid.Height - 1));
        var (c, r) = ((int)(p.Column / side), (int)(p.Row / side));
        var best = double.PositiveInfinity;
        // Beyond ring n nothing is nearer than n buckets.
        for (var ring = 0; ring <= Math.Max(columns, rows) && best > Math.Max(0, ring - 1) * side * Math.Min(w, h); ring++)
        {
            for (var row = Math.Max(0, r - ring); row <= Math.Min(rows - 1, r + ring); row++)
            {
                var step = row == r - ring || row == r + ring || ring == 0 ? 1 : 2 * ring;
                for (var column = c - ring; column <= c + ring; column += step)
                {
                    if (column < 0 || column >= columns) continue;
                    for (var k = starts[row * columns + column]; k < starts[row * columns + column + 1]; k++)
                    {
                        if (order[k] == i) continue;
                        double dx = (patches[order[k]].Column - p.Column) * w, dy = (patches[order[k]].Row - p.Row) * h;
                        best = Math.Min(best, Math.Sqrt(dx * dx + dy * dy));
                    }
                }
            }
        }
        return best;
    }

    private readonly record struct Kept(float Column, float Row, int Place);

    private sealed class Tally
    {
        internal readonly long[] Sizes = new long[SizeLimitsHa.Count + 1];
        internal long Patches, Shaped, Spaced;
        internal double Hectares, LargestHa, Compactness, GrownHa, WithinHa, NearestKm;

        internal PlacePatches Summary(int place, bool hasSecond) => new(
            place, Patches, Hectares, LargestHa, Sizes, Shaped > 0 ? Compactness / Shaped : double.NaN, Hectares > 0 ? GrownHa / Hectares : double.NaN,
            Spaced > 0 ? NearestKm / Spaced : double.NaN, hasSecond && Hectares > 0 ? WithinHa / Hectares : double.NaN);
    }
}
