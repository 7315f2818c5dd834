using System.CommandLine;
using System.Globalization;
using GeoHarm.Gdal.Datasets;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Rasters;
using GeoHarm.Spatial.Statistics;
using GeoHarm.Stores.Files;

namespace GeoHarm.Cli;

/// <summary>Statistics whose result is a raster: the kernel density of a column of zones, the distance from cells.</summary>
internal static class StatsSurfaces
{
    private const int StripRows = 256;
    private const double LeastCellKm = 1; // a finer surface would only draw the kernel finer
    private const long MostCells = 1L << 28; // 1 GB of single precision

    /// <summary>stats density: amounts of zones, spread from their centres.</summary>
    public static Command Density()
    {
        var zones = new Option<string>("--zones") { Description = "Polygons, any vector file", Required = true };
        var value = new Option<string>("--value") { Description = "Numeric field, an amount", Required = true };
        var layer = new Option<string?>("--layer") { Description = "Layer of the file (default: the first)" };
        var crs = new Option<string?>("--crs") { Description = "EPSG:N of the raster (default: the zones' own if projected, else EPSG:6933)" };
        var radius = new Option<double>("--radius-km") { Description = "Radius beyond which a zone's centre adds nothing", DefaultValueFactory = _ => new KernelDensityOptions().Radius / 1000 };
        var cell = new Option<double>("--cell-km") { Description = "Side of a cell, 1 or more", DefaultValueFactory = _ => 5 };
        var threads = new Option<int>("--threads") { Description = "Threads; results have the same bits on any number", DefaultValueFactory = _ => 1 };
        var output = new Option<string>("--out") { Description = "Cloud-optimized GeoTIFF of the amount a square kilometre", Required = true };
        var force = new Option<bool>("--force") { Description = "Replace --out if it exists" };
        var audience = RunSettings.Audiences();
        return CommandLine.Verb(
            "density", "How dense an amount is: a quartic kernel over the centres of zones",
            ["geoharm stats density --zones municipalities.gpkg --value coca_2004 --radius-km 50 --out density.tif"],
            [zones, value, layer, crs, radius, cell, threads, output, force, audience],
            (parse, terminal, _) =>
            {
                var (path, radiusKm, cellKm) = (parse.GetValue(zones)!, parse.GetValue(radius), parse.GetValue(cell));
                if (!(radiusKm > 0)) throw Problem.Usage("--radius-km takes kilometres above 0.");
                if (!(cellKm >= LeastCellKm)) throw Problem.Usage("--cell-km takes kilometres of 1 or more.");
                LayerArgument.RefuseFine(path, parse.GetValue(layer), RunSettings.AudienceOf(parse, audience));
                using var target = new OutputFile(parse.GetValue(output)!, parse.GetValue(force));
                var set = PanelInputs.ReadZones(path, null, parse.GetValue(layer), parse.GetValue(crs), terminal, out var table);
                var values = StatsCommand.Values(table, parse.GetValue(value)!, path, set);
                var reference = set.Plane.Epsg > 0 ? SpatialReference.FromEpsg(set.Plane.Epsg) : SpatialReference.FromWkt(set.Plane.Wkt);
                var (reach, side) = (radiusKm * 1000 / reference.MetresPerUnit, cellKm * 1000 / reference.MetresPerUnit);
                var grid = GridAround(set, reach, side);
                var density = new double[grid.CellCount];
                KernelDensity.Run(set.X, set.Y, values, grid.West, grid.North, side, grid.Width, grid.Height, density, new KernelDensityOptions { Radius = reach, Threads = Math.Clamp(parse.GetValue(threads), 1, 256) });
                // From the plane's unit to square kilometres.
                var perSquareKm = 1e6 / (reference.MetresPerUnit * reference.MetresPerUnit);
                RasterOutput.WriteCog(target.Path, grid, reference, Array.ConvertAll(density, d => (float)(d * perSquareKm)));
                target.Commit();
                terminal.Result(
                    new { width = grid.Width, height = grid.Height, cellKm, radiusKm, total = values.Sum(), spread = density.Sum() * side * side, highest = density.Max() * perSquareKm, crs = set.System, files = new[] { parse.GetValue(output)! }, faults = terminal.Warnings.Select(Terminal.FaultForm) },
                    writer => writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{grid.Width} x {grid.Height} cells, highest {density.Max() * perSquareKm:G4} a square kilometre: {parse.GetValue(output)}")));
                return ExitCode.Ok;
            });
    }

    /// <summary>stats distance: from every cell to the nearest source, exact.</summary>
    public static Command Distance()
    {
        var raster = new Argument<string>("RASTER") { Description = "Raster of bytes in a projected system" };
        var least = new Option<byte>("--at-least") { Description = "Cells of this value or more are sources", DefaultValueFactory = _ => 1 };
        var output = new Option<string>("--out") { Description = "Cloud-optimized GeoTIFF of metres", Required = true };
        var force = new Option<bool>("--force") { Description = "Replace --out if it exists" };
        return CommandLine.Verb(
            "distance", "How far every cell lies from the nearest source cell: exact Euclidean distance",
            ["geoharm stats distance roads.tif --out metres.tif"], [raster, least, output, force],
            (parse, terminal, _) =>
            {
                using var target = new OutputFile(parse.GetValue(output)!, parse.GetValue(force));
                var source = GdalRaster.Open(parse.GetValue(raster)!);
                var (grid, scale) = (source.Grid, source.Reference.MetresPerUnit);
                if (source.Reference.IsGeographic) throw new InvalidInputException([new Fault(FaultSeverity.Error, "GH3117", source.Name, "", "its cells are in degrees, which are no distances", "warp it to a projected system first (gdalwarp -t_srs EPSG:9377)")]);
                if (grid.CellCount > MostCells) throw new InvalidInputException([new Fault(FaultSeverity.Error, "GH7325", source.Name, "", $"{grid.CellCount} cells are more than fit in memory at once", "cut or coarsen the raster")]);
                if (source.CellType != CellType.UInt8) throw new InvalidInputException([new Fault(FaultSeverity.Error, "GH3104", source.Name, "", $"its cells are {source.CellType}; sources are bytes", "convert it: gdal_translate -ot Byte")]);
                var cells = new byte[grid.CellCount];
                using (var reader = source.OpenReader())
                {
                    for (var row = 0; row < grid.Height; row += StripRows)
                    {
                        var rows = Math.Min(StripRows, grid.Height - row);
                        reader.Read(new RasterWindow(0, row, grid.Width, rows), cells.AsSpan(row * grid.Width, rows * grid.Width));
                    }
                }
                var (from, none) = (parse.GetValue(least), source.NoData);
                var sources = 0L;
                for (var i = 0; i < cells.Length; i++)
                {
                    cells[i] = cells[i] >= from && cells[i] != none ? (byte)1 : (byte)0;
                    sources += cells[i];
                }
                var metres = new float[cells.Length];
                DistanceTransform.Run(cells, grid.Width, grid.Height, grid.CellWidth * scale, grid.CellHeight * scale, metres);
                var farthest = sources == 0 ? double.NaN : metres.Max();
                if (sources == 0) Array.Fill(metres, float.NaN);
                RasterOutput.WriteCog(target.Path, grid, source.Reference, metres);
                target.Commit();
                terminal.Result(
                    new { cells = grid.CellCount, sources, farthestM = farthest, files = new[] { parse.GetValue(output)! } },
                    writer => writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{sources} sources, the farthest cell lies {farthest:F0} m away: {parse.GetValue(output)}")));
                return ExitCode.Ok;
            });
    }

    /// <summary>Cells on whole multiples of their side around all centres and their reach.</summary>
    private static Grid GridAround(ZoneSet set, double reach, double side)
    {
        var (west, north) = (Math.Floor((set.X.Min() - reach) / side) * side, Math.Ceiling((set.Y.Max() + reach) / side) * side);
        var (width, height) = (Math.Ceiling((set.X.Max() + reach - west) / side), Math.Ceiling((north - set.Y.Min() + reach) / side));
        if (width * height > MostCells) throw Problem.Usage($"{width * height:F0} cells are too many: take a larger --cell-km.");
        return new Grid(west, north, side, side, Math.Max(1, (int)width), Math.Max(1, (int)height), set.Plane);
    }
}
