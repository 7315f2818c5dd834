using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using GeoHarm.Routing.Graphs;
using GeoHarm.Routing.Grids;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Rasters;
using GeoHarm.Stores.Files;

namespace GeoHarm.Cli;

/// <summary>Accumulated least cost over a plain friction raster, as a raster. It gives costs, never a way.</summary>
internal static class RoutesSurfaceCommand
{
    private const int StripRows = 256; // read and written at once: a compromise of calls and memory

    public static Command Build()
    {
        var friction = new Argument<string>("FRICTION") { Description = "Raster of friction: cost for each CRS unit; no data is a barrier" };
        var from = new Option<string[]>("--from") { Description = "X,Y in the raster's CRS; may be given several times", Required = true };
        var neighbours = new Option<int>("--neighbours") { Description = "8 or 16", DefaultValueFactory = _ => 8 };
        var most = new Option<double>("--max-cost") { Description = "Cells dearer than this stay no data", DefaultValueFactory = _ => double.PositiveInfinity };
        var output = new Option<string>("--out") { Description = "GeoTIFF of costs (Float32, no data -1)", Required = true };
        var force = new Option<bool>("--force") { Description = "Replace --out if it exists" };
        return CommandLine.Verb(
            "surface", "Accumulated least cost over a friction raster",
            ["geoharm routes surface friction.tif --from 120500,88000 --out cost.tif"],
            [friction, from, neighbours, most, output, force],
            (parse, terminal, _) =>
            {
                if (parse.GetValue(neighbours) is not (8 or 16)) throw Problem.Usage("--neighbours is 8 or 16.");
                if (!(parse.GetValue(most) >= 0)) throw Problem.Usage("--max-cost is a number of 0 or more.");
                var job = new Job(parse.GetValue(friction)!, parse.GetValue(from)!, parse.GetValue(neighbours), parse.GetValue(most), parse.GetValue(output)!, parse.GetValue(force));
                return Run(job, terminal);
            });
    }

    private static int Run(Job job, Terminal terminal)
    {
        var points = job.From.Select(Point).ToArray();
        using var target = new OutputFile(job.Out, job.Force);
        var source = GdalRaster.Open(job.Friction);
        var grid = source.Grid;
        if (grid.CellCount > Array.MaxLength)
            throw new InvalidInputException([new Fault(FaultSeverity.Error, "GH7325", source.Name, "", $"{grid.CellCount} cells are more than fit in memory at once", "cut or coarsen the raster")]);
        var cells = new float[grid.CellCount];
        Read(source, cells);
        var sources = Sources(points, job, source, cells);
        var clock = Stopwatch.StartNew();
        var cost = new double[cells.Length];
        var options = new SurfaceOptions { CellWidth = grid.CellWidth, CellHeight = grid.CellHeight, Neighbours = job.Neighbours, NoData = (float?)source.NoData, MaxCost = job.MaxCost };
        try
        {
            CostSurface.Accumulate(cells, grid.Height, grid.Width, sources, options, cost);
        }
        catch (InvalidNetworkException e)
        {
            throw new InvalidInputException([.. e.Faults.Select(f => new Fault(FaultSeverity.Error, f.Code, source.Name, f.Place, f.Message, f.Remedy))]);
        }
        var seconds = clock.Elapsed.TotalSeconds;
        long reached = 0;
        double most = 0;
        for (var i = 0; i < cost.Length; i++)
        {
            var isReached = double.IsFinite(cost[i]);
            cells[i] = isReached ? (float)cost[i] : RasterOutput.NoData;
            if (!isReached) continue;
            reached++;
            most = Math.Max(most, cost[i]);
        }
        RasterOutput.Write(target.Path, source, cells);
        target.Commit();
        using var process = Process.GetCurrentProcess();
        terminal.Result(
            new
            {
                cells = grid.CellCount, reached, maxCost = most, seconds, cpuSeconds = process.TotalProcessorTime.TotalSeconds,
                peakMemoryMb = process.PeakWorkingSet64 / 1e6, files = new[] { job.Out }, faults = terminal.Warnings.Select(Terminal.FaultForm),
            },
            writer => writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{reached} of {grid.CellCount} cells reached in {seconds:F3} s, the dearest at {most:G9}")));
        return ExitCode.Ok;
    }

    private static (double X, double Y) Point(string text)
    {
        var parts = text.Split(',');
        if (parts.Length == 2 && double.TryParse(parts[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var x)
            && double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var y) && double.IsFinite(x) && double.IsFinite(y)) return (x, y);
        throw Problem.Usage($"--from '{text}' is not X,Y.");
    }

    private static void Read(GdalRaster source, float[] cells)
    {
        using var reader = source.OpenReader();
        var width = source.Grid.Width;
        var strip = new double[StripRows * width];
        for (var row = 0; row < source.Grid.Height; row += StripRows)
        {
            var rows = Math.Min(StripRows, source.Grid.Height - row);
            reader.Read(new RasterWindow(0, row, width, rows), strip.AsSpan(0, rows * width));
            for (var i = 0; i < rows * width; i++) cells[row * width + i] = (float)strip[i];
        }
    }

    private static int[] Sources((double X, double Y)[] points, Job job, GdalRaster source, float[] cells)
    {
        var faults = new List<Fault>();
        var found = new int[points.Length];
        var grid = source.Grid;
        for (var i = 0; i < points.Length; i++)
        {
            double column = Math.Floor((points[i].X - grid.West) / grid.CellWidth), row = Math.Floor((grid.North - points[i].Y) / grid.CellHeight);
            if (!(column >= 0 && column < grid.Width && row >= 0 && row < grid.Height))
            {
                faults.Add(new Fault(FaultSeverity.Error, "GH7322", source.Name, $"--from {job.From[i]}", "the point lies outside the raster", "give X,Y in the raster's coordinate system"));
                continue;
            }
            found[i] = (int)row * grid.Width + (int)column;
            if (!float.IsFinite(cells[found[i]]) || cells[found[i]] == (float?)source.NoData)
                faults.Add(new Fault(FaultSeverity.Error, "GH7324", source.Name, $"--from {job.From[i]}", "the point lies on a cell without friction", "give a point on an open cell"));
        }
        return faults.Count == 0 ? found : throw new InvalidInputException(faults);
    }

    private sealed record Job(string Friction, string[] From, int Neighbours, double MaxCost, string Out, bool Force);
}
