using System.CommandLine;
using GeoHarm.Spatial.Layers;
using GeoHarm.Stores;

namespace GeoHarm.Cli;

/// <summary>data ls: what is in a store, and from where.</summary>
internal static class DataLsCommand
{
    public static Command Build()
    {
        var address = new Argument<string>("store") { Description = "Store: study.gpkg, postgis://user@host/database, or a folder" };
        return CommandLine.Verb(
            "ls", "List the layers of a store with their origin", ["geoharm data ls study.gpkg", "geoharm data ls study.gpkg --json"], [address],
            (parse, terminal, _) =>
            {
                using var store = StoreAddress.Open(parse.GetValue(address)!, readOnly: true);
                var layers = store.Layers();
                terminal.Result(
                    new
                    {
                        layers = layers.Select(l => new
                        {
                            name = l.Name, title = l.Title, rows = l.RowCount, hasGeometry = l.HasGeometry, sensitivity = l.Sensitivity, version = l.Version,
                            source = l.Provenance.Source, licence = l.Provenance.Licence, sha256 = l.Provenance.Sha256, importer = l.Provenance.Importer,
                        }),
                    },
                    writer =>
                    {
                        foreach (var l in layers) writer.WriteLine($"{l.Name}: {l.Title}, {l.RowCount:#,0} rows{(l.HasGeometry ? ", map" : "")}{(l.Sensitivity == Sensitivity.Sensitive ? ", sensitive" : "")} ({l.Provenance.Source}; {l.Provenance.Licence})");
                    });
                return ExitCode.Ok;
            });
    }
}
