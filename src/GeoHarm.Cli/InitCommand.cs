using System.CommandLine;
using GeoHarm.Stores.GeoPackage;

namespace GeoHarm.Cli;

/// <summary>init: an analyst's own study, begun as a copy of the embedded one.</summary>
internal static class InitCommand
{
    public static Command Build()
    {
        var folder = new Argument<string>("dir") { Description = "Folder of the new study" };
        var force = new Option<bool>("--force") { Description = "Replace what is in the folder" };
        return CommandLine.Verb(
            "init", "Start a study of your own from the embedded one", ["geoharm init my-study", "geoharm data import coca.csv --into my-study/study.gpkg"], [folder, force],
            (parse, terminal, _) =>
            {
                var path = parse.GetValue(folder)!;
                var embedded = Study.Embedded("study/study.gpkg");
                if (!File.Exists(embedded)) throw Problem.Store("The embedded study is missing from this installation; run 'geoharm check'.");
                using (var output = new OutputFolder(path, parse.GetValue(force)))
                {
                    File.Copy(embedded, Path.Combine(output.Path, "study.gpkg"));
                    foreach (var scenario in Directory.Exists(Study.Embedded("scenarios")) ? Directory.EnumerateFiles(Study.Embedded("scenarios"), "*.yaml") : [])
                    {
                        Directory.CreateDirectory(Path.Combine(output.Path, "scenarios"));
                        File.Copy(scenario, Path.Combine(output.Path, "scenarios", Path.GetFileName(scenario)));
                    }
                    output.Commit();
                }
                using var store = GeoPackageStore.OpenReadOnly(Path.Combine(path, "study.gpkg"));
                var layers = store.Layers();
                terminal.Result(
                    new { study = path, layers = layers.Select(l => new { name = l.Name, title = l.Title, rows = l.RowCount, source = l.Provenance.Source, licence = l.Provenance.Licence }) },
                    writer => writer.WriteLine($"{path}: {layers.Count} layers. Import your own with 'geoharm data import FILE --into {Path.Combine(path, "study.gpkg")}', run with 'geoharm run SCENARIO.yaml --study {path}'."));
                return ExitCode.Ok;
            });
    }
}
