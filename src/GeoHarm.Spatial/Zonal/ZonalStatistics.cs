using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Rasters;

namespace GeoHarm.Spatial.Zonal;

/// <summary>
/// Statistics of a raster inside each of many polygons, with the exact fraction of every cell, in one pass over the
/// raster. What makes it fast: every block is decoded once for all zones; the coverage of a zone is found by signed-area
/// accumulation (<see cref="CoverageTile"/>), so an interior cell costs a byte of a vector and a border cell one
/// addition; blocks that no zone meets are not read.
/// <para>Source of the idea of exact fractions: D. Baston, exactextract. Assumptions: polygon edges are straight in the
/// raster's CRS; within a cell, area is spread evenly. Zones may overlap, have holes and parts, lie partly or wholly
/// outside, and, on longitudes, lie 360 degrees away.</para>
/// <para>Cost: O(cells of the blocks met + cells crossed by edges). Memory: the zones, four bytes an edge, one window and
/// one tile a thread. Fails with <see cref="InvalidInputException"/> when the grids or systems do not match or a read
/// fails; bad zones do not stop the others and are named in the result.</para>
/// </summary>
public static class ZonalStatistics
{
    /// <summary>Computes all zones.</summary>
    public static ZonalResult Compute(IRasterSource source, ZonePolygons zones, ZonalOptions options, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Threads, 256, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.DistinctValues, 2, nameof(options));
        RequireSameSystem(source, zones, options.Weights);
        var areas = options.Areas ?? (zones.IsGeographic ? CellAreas.OfDegrees(source.Grid) : CellAreas.OfPlane(source.Grid));
        if (source.CellType == CellType.UInt8 && options.Weights is null)
        {
            var plan = ZonalPlan.Of(source);
            return new Pass<ByteTally, ByteSink>(source, zones, plan, () => new ByteKernel(source, areas, plan.BandHeight)).Run(options.Threads, areas, progress, cancellation);
        }
        else
        {
            var plan = ZonalPlan.Of(source);
            var distinct = options.KeepsDistribution ? options.DistinctValues : 0;
            return new Pass<ValueTally, ValueSink>(source, zones, plan, () => new ValueKernel(source, options.Weights, areas, distinct, plan.BandHeight))
                .Run(options.Threads, areas, progress, cancellation);
        }
    }

    private static void RequireSameSystem(IRasterSource source, ZonePolygons zones, IRasterSource? weights)
    {
        var faults = new List<Fault>();
        var (raster, polygon) = (source.Grid.Crs, zones.Crs);
        if (raster.Epsg != polygon.Epsg || (raster.Epsg == 0 && raster.Wkt != polygon.Wkt))
        {
            faults.Add(new Fault(FaultSeverity.Error, "GH3209", zones.Source, "", $"zones are in EPSG:{polygon.Epsg}, the raster {source.Name} in EPSG:{raster.Epsg}", "read the zones into the raster's system first"));
        }
        if (weights is not null && !weights.Grid.IsSameAs(source.Grid))
        {
            faults.Add(source.Grid.Misalignment(weights.Grid, weights.Name)
                ?? new Fault(FaultSeverity.Error, "GH3105", weights.Name, "", $"it has {weights.Grid.Width} x {weights.Grid.Height} cells, {source.Name} {source.Grid.Width} x {source.Grid.Height}", "read it through ResampledRaster, or cut both to the same extent"));
        }
        if (faults.Count > 0) throw new InvalidInputException(faults);
    }

    private sealed class Pass<TTally, TSink>(IRasterSource source, ZonePolygons zones, ZonalPlan plan, Func<IZonalKernel<TTally, TSink>> kernels)
        where TTally : class
        where TSink : struct, ICoverageSink
    {
        private readonly BandEdges edges = BandEdges.Build(zones, source.Grid, plan.BandHeight);
        private readonly int bands = (source.Grid.Height + plan.BandHeight - 1) / plan.BandHeight;
        private readonly TTally?[] totals = new TTally?[zones.Count];
        private readonly WindingFault?[] winding = new WindingFault?[zones.Count];
        private readonly BandResult<TTally>?[] waiting = new BandResult<TTally>?[(source.Grid.Height + plan.BandHeight - 1) / plan.BandHeight];
        private readonly Lock gate = new();
        private int nextBand = -1;
        private int merged;
        private long cellsRead;
        private Exception? failure;

        internal ZonalResult Run(int threads, CellAreas areas, IProgress<double>? progress, CancellationToken cancellation)
        {
            TestNarrowZones();
            if (threads == 1) Work(progress, cancellation);
            else
            {
                var workers = Enumerable.Range(0, Math.Min(threads, bands)).Select(_ => new Thread(() => Guard(progress, cancellation))).ToArray();
                foreach (var worker in workers) worker.Start();
                foreach (var worker in workers) worker.Join();
                if (failure is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
            }
            using var kernel = kernels();
            var summaries = new ZoneSummary?[zones.Count];
            for (var zone = 0; zone < zones.Count; zone++)
            {
                if (!zones.IsBad(zone) && winding[zone] is null) summaries[zone] = kernel.Summarize(zones.Ids[zone], totals[zone]);
            }
            return new ZonalResult(summaries, [.. zones.Faults, .. winding.OfType<WindingFault>().Select(Describe)], cellsRead, areas.OnEllipsoid);
        }

        /// <summary>Coverage betrays rings that cross only where it can leave [0, 1], which it cannot inside a single cell:
        /// zones a few cells wide or high are tested as geometries.</summary>
        private void TestNarrowZones()
        {
            const double fewCells = 4;
            var grid = source.Grid;
            for (var zone = 0; zone < zones.Count; zone++)
            {
                if (zones.Bounds(zone) is not { } bounds || (bounds.Width > fewCells * grid.CellWidth && bounds.Height > fewCells * grid.CellHeight)) continue;
                if (Overlay.ZoneGeometry.Of(zones, zone).IsValid) continue;
                var column = (int)Math.Clamp((bounds.Centre.X - grid.West) / grid.CellWidth, int.MinValue, int.MaxValue);
                var row = (int)Math.Clamp((grid.North - bounds.Centre.Y) / grid.CellHeight, int.MinValue, int.MaxValue);
                winding[zone] = new WindingFault(zone, column, row);
            }
        }

        private void Guard(IProgress<double>? progress, CancellationToken cancellation)
        {
            try
            {
                Work(progress, cancellation);
            }
#pragma warning disable CA1031 // Carried to the calling thread, which throws it.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Interlocked.CompareExchange(ref failure, exception, null);
            }
        }

        private void Work(IProgress<double>? progress, CancellationToken cancellation)
        {
            using var kernel = kernels();
            var sweep = new BandSweep<TTally, TSink>(source, zones, edges, plan, kernel);
            for (var band = Interlocked.Increment(ref nextBand); band < bands && failure is null; band = Interlocked.Increment(ref nextBand))
            {
                cancellation.ThrowIfCancellationRequested();
                var result = sweep.Run(band);
                lock (gate)
                {
                    waiting[band] = result;
                    for (; merged < bands && waiting[merged] is { } next; merged++)
                    {
                        Merge(kernel, next);
                        waiting[merged] = null;
                    }
                    progress?.Report((double)merged / bands);
                }
            }
        }

        // Always in the order of bands, so that sums have the same bits on any number of threads.
        private void Merge(IZonalKernel<TTally, TSink> kernel, BandResult<TTally> band)
        {
            foreach (var (zone, tally) in band.Tallies)
            {
                if (totals[zone] is { } total) kernel.Merge(total, tally);
                else totals[zone] = tally;
            }
            foreach (var fault in band.Faults) winding[fault.Zone] ??= fault;
            cellsRead += band.CellsRead;
        }

        private Fault Describe(WindingFault fault)
        {
            var grid = source.Grid;
            var (x, y) = (grid.West + (fault.Column + 0.5) * grid.CellWidth, grid.North - (fault.Row + 0.5) * grid.CellHeight);
            return new Fault(
                FaultSeverity.Error, "GH3208", zones.Source, $"feature {fault.Zone + 1} ({zones.Ids[fault.Zone]})",
                FormattableString.Invariant($"its rings cross themselves or each other near {x:F5}, {y:F5}"), "mend the geometry (QGIS: Vector geometry > Fix geometries) and run again");
        }
    }
}
