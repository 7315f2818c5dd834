using System.CommandLine;
using GeoHarm.Spatial.Layers;
using GeoHarm.Stores;
using GeoHarm.Stores.Importers;

namespace GeoHarm.Cli;

/// <summary>data import: a file into a store, wholly or not at all.</summary>
internal static class DataImportCommand
{
    public static Command Build()
    {
        var file = new Argument<string>("file") { Description = "File to import" };
        var into = new Option<string>("--into") { Description = "Store: study.gpkg, postgis://user@host/database, or a folder", Required = true };
        var kind = new Option<string?>("--as") { Description = "What the file holds: cultivation, laboratory, enforcement, ports, airports, places, forest-loss, boundaries, network" };
        var name = new Option<string?>("--layer") { Description = "Name of the layer; default: the format's own" };
        var sensitive = new Option<bool>("--sensitive") { Description = "Mark the layer sensitive" };
        var coarsen = new Option<bool>("--coarsen") { Description = "Merge what looks like plots into 5 km cells instead of refusing it" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Read and report; write nothing" };
        kind.AcceptOnlyFromAmong("cultivation", "laboratory", "enforcement", "ports", "airports", "places", "forest-loss", "boundaries", "network");
        return CommandLine.Verb(
            "import", "Import a file into a store; every fault is told and nothing is written when one is an error",
            ["geoharm data import coca.csv --into study.gpkg", "geoharm data import plots.geojson --into study.gpkg --as cultivation --coarsen"],
            [file, into, kind, name, sensitive, coarsen, dryRun],
            (parse, terminal, _) =>
            {
                var path = parse.GetValue(file)!;
                var request = new ImportRequest(parse.GetValue(kind), parse.GetValue(sensitive), parse.GetValue(coarsen), parse.GetValue(name), terminal.Strict);
                var written = !parse.GetValue(dryRun);
                var report = written ? Import(path, parse.GetValue(into)!, request) : DataImport.Report(DataImport.Read(path, request));
                foreach (var fault in report.Faults) terminal.Warn(fault);
                var layers = report.Layers.Select(l => new { name = l.Name, rows = l.RowCount, sensitivity = l.Sensitivity, hasGeometry = l.HasGeometry }).ToArray();
                terminal.Result(
                    new { layer = layers[0].name, rows = layers[0].rows, sourceRows = report.SourceRows, format = report.Format, matched = report.Join.Matched, unmatched = report.Join.Unmatched, layers, written, faults = report.Faults.Select(Terminal.FaultForm) },
                    writer =>
                    {
                        foreach (var layer in layers) writer.WriteLine($"{layer.name}: {layer.rows:#,0} rows{(layer.sensitivity == Sensitivity.Sensitive ? ", sensitive" : "")}{(written ? "" : " (not written: --dry-run)")}");
                    });
                return ExitCode.Ok;
            });
    }

    private static ImportReport Import(string path, string into, ImportRequest request)
    {
        var isNew = !File.Exists(into) && !Directory.Exists(into);
        ILayerStore? store = null;
        try
        {
            return DataImport.Import(path, () => store = StoreAddress.Open(into), request);
        }
        catch (InvalidInputException) when (isNew && store is not null)
        {
            // A store that was made for this file alone goes with it.
            store.Dispose();
            store = null;
            if (File.Exists(into)) File.Delete(into);
            throw;
        }
        finally
        {
            store?.Dispose();
        }
    }
}
