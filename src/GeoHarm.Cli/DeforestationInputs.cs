using System.CommandLine;
using System.Diagnostics;
using GeoHarm.Engine.Deforestation;
using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Rasters;
using GeoHarm.Spatial.Zonal;
using GeoHarm.Stores.Files;

namespace GeoHarm.Cli;

/// <summary>Loss rasters as the deforestation verbs use them.</summary>
/// <param name="Raster">Tiles joined and masked.</param>
/// <param name="Tiles">The loss tiles, for messages.</param>
/// <param name="First">The first loss tile: system and areas.</param>
/// <param name="HasCanopy">Whether canopy says what is forest; without it every cell with data counts.</param>
internal sealed record LossRaster(IRasterSource Raster, IReadOnlyList<GdalRaster> Tiles, GdalRaster First, bool HasCanopy)
{
    /// <summary>Areas of the joined raster's cells.</summary>
    public CellAreas Areas => First.Reference.IsGeographic ? CellAreas.OfDegrees(Raster.Grid) : CellAreas.OfPlane(Raster.Grid, First.Reference.MetresPerUnit);
}

/// <summary>The options that the deforestation verbs share, and how their files are opened.</summary>
internal sealed class DeforestationInputs
{
    public Option<string[]> Loss { get; } = new("--lossyear") { Description = "Loss tiles (Hansen: 0 none, n = 2000 + n)", Required = true, AllowMultipleArgumentsPerToken = true };

    public Option<string[]> Canopy { get; } = new("--treecover") { Description = "Canopy tiles of the same places, per cent in 2000", AllowMultipleArgumentsPerToken = true };

    public Option<byte> Least { get; } = new("--canopy") { Description = "With --treecover: least per cent of canopy that is forest", DefaultValueFactory = _ => 30 };

    public Option<string[]> Data { get; } = new("--datamask") { Description = "Data-mask tiles of the same places (0 no data)", AllowMultipleArgumentsPerToken = true };

    public Option<string?> Zones { get; } = new("--zones") { Description = "Polygons (default: the whole raster as one zone)" };

    public Option<string?> Id { get; } = new("--id") { Description = "Field of zone identifiers, several joined by '+' (default: feature number)" };

    public Option<string?> Years { get; } = new("--years") { Description = "Years, 2001-2023 (default: 2001 to the last found)" };

    public Option<int> Threads { get; } = new("--threads") { Description = "Threads; results have the same bits on any number", DefaultValueFactory = _ => 1 };

    public Option<string[]> Out { get; } = new("--out") { Description = "Files to write, their kind by extension", AllowMultipleArgumentsPerToken = true };

    public Option<bool> Force { get; } = new("--force") { Description = "Replace files that exist" };

    /// <summary>Polygons that the verbs about coca divide their hectares by.</summary>
    public static Option<string[]> Within() => new("--within") { Description = "Second key: NAME=FILE[:FIELD], such as protected=runap.gpkg:name territories=ant.gpkg", AllowMultipleArgumentsPerToken = true };

    public static Option<string> Biome() => new("--biome") { Description = "Biome of the carbon factor", DefaultValueFactory = _ => "amazon" };

    public IEnumerable<Symbol> All => [Loss, Canopy, Least, Data, Zones, Id, Years, Threads, Out, Force];

    /// <summary>The files to write. Refuses one of a kind that the verb does not write.</summary>
    public string[] Files(ParseResult parse, params string[] kinds)
    {
        var files = parse.GetValue(Out) ?? [];
        foreach (var file in files.Where(f => !kinds.Contains(Path.GetExtension(f).ToLowerInvariant()))) throw Problem.Usage($"'{file}' is of no kind written here: {string.Join(", ", kinds)}.");
        return files;
    }

    /// <summary>Opens and joins the tiles.</summary>
    public LossRaster Open(ParseResult parse)
    {
        var faults = new List<Fault>();
        GdalRaster[] Tiles(Option<string[]> option) => [.. (parse.GetValue(option) ?? []).Select(path => Tile(path, faults)).OfType<GdalRaster>()];
        var (loss, canopy, data) = (Tiles(Loss), Tiles(Canopy), Tiles(Data));
        if (faults.Count > 0) throw new InvalidInputException(faults);
        if (loss.Length == 0) throw Problem.Usage("Give loss tiles with --lossyear.");
        return new LossRaster(LossTiles.Join(loss, canopy, parse.GetValue(Least), data), loss, loss[0], canopy.Length > 0);
    }

    /// <summary>Stops at tiles that lack a year; warns of years without loss.</summary>
    public static void RequireYears(LossRaster loss, int first, int last, Terminal terminal, CancellationToken cancel)
    {
        var missing = LossTiles.MissingYears(loss.Tiles, first, last, cancel);
        if (missing.Any(f => f.Severity == FaultSeverity.Error)) throw new InvalidInputException([.. missing.Where(f => f.Severity == FaultSeverity.Error)]);
        foreach (var fault in missing) terminal.Warn(fault);
    }

    /// <summary>The zones in the raster's system, or the raster's own rectangle as one.</summary>
    public ZonePolygons ReadZones(ParseResult parse, LossRaster loss)
    {
        if (parse.GetValue(Zones) is { } path) return GdalZones.Read(path, parse.GetValue(Id), loss.First.Reference);
        var grid = loss.Raster.Grid;
        var builder = new ZonePolygonBuilder(grid.Crs, loss.First.Reference.IsGeographic, "raster");
        builder.Add("all", new NetTopologySuite.Geometries.GeometryFactory().ToGeometry(new NetTopologySuite.Geometries.Envelope(grid.West, grid.East, grid.South, grid.North)));
        return builder.Build();
    }

    /// <summary>The years asked for; null for all.</summary>
    public (int First, int Last)? AskedYears(ParseResult parse)
    {
        var years = PanelInputs.Years(parse.GetValue(Years));
        if (years is { } y && (y.From <= LossTiles.Epoch || y.To > LossTiles.LastYear)) throw Problem.Usage($"Years of loss run from {LossTiles.Epoch + 1} to {LossTiles.LastYear}.");
        return years;
    }

    /// <summary>Peak memory of the process, megabytes.</summary>
    public static double PeakMemoryMb()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / 1e6;
    }

    private static GdalRaster? Tile(string path, List<Fault> faults)
    {
        try
        {
            return GdalRaster.Open(path);
        }
        catch (InvalidInputException exception)
        {
            faults.AddRange(exception.Faults);
            return null;
        }
    }
}

/// <summary>Progress of one pass.</summary>
internal sealed class PassProgress(string what, Terminal terminal) : IProgress<double>
{
    public void Report(double value) => terminal.Progress(what, value);
}
