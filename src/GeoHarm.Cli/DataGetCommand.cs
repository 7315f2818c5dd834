using System.CommandLine;
using GeoHarm.Stores.Files;
using GeoHarm.Stores.Importers;

namespace GeoHarm.Cli;

/// <summary>data get: fetches an official set by its name in the catalog, or says where to get it.</summary>
internal static class DataGetCommand
{
    public static Command Build()
    {
        var name = new Argument<string>("name") { Description = "Name in the catalog, such as coca_municipality" };
        var to = new Option<string?>("--out") { Description = "File to write; default: the name of the set, in this folder" };
        var sha = new Option<string?>("--sha256") { Description = "Hash that the file must have" };
        var most = new Option<int>("--max-mb") { Description = "Largest file taken, MB", DefaultValueFactory = _ => 2048 };
        var force = new Option<bool>("--force") { Description = "Replace the file if it exists" };
        return CommandLine.Verb(
            "get", "Fetch an official set over https with resume and hash, or say where to get it",
            ["geoharm data get coca_municipality --out coca.csv", "geoharm data get countries"], [name, to, sha, most, force],
            (parse, terminal, cancel) =>
            {
                var id = parse.GetValue(name)!;
                if (DataCatalog.Entries.All(e => e.Id != id)) throw Problem.Usage($"The catalog has no set '{id}'; it has {string.Join(", ", DataCatalog.Entries.Select(e => e.Id))}.");
                var entry = DataCatalog.Find(id);
                if (!entry.IsFetchable)
                {
                    terminal.Result(Document(entry, null), writer => writer.WriteLine($"{entry.Title}: {entry.HowToObtain} Licence: {entry.Licence}. {entry.Note}"));
                    return ExitCode.Ok;
                }
                var address = new Uri(entry.Address);
                var path = parse.GetValue(to) ?? entry.Id + Path.GetExtension(address.AbsolutePath);
                if (File.Exists(path) && !parse.GetValue(force)) throw Problem.Usage($"'{path}' exists; give another --out, or --force to replace it.");
                var report = Download.Fetch(address, path, parse.GetValue(sha) ?? entry.Sha256, new DownloadOptions((long)parse.GetValue(most) << 20), null, share => terminal.Progress(entry.Id, share), cancel).GetAwaiter().GetResult();
                terminal.Result(Document(entry, report), writer => writer.WriteLine($"{report.Path}: {report.Bytes:#,0} bytes, sha256 {report.Sha256}. Licence: {entry.Licence}. {entry.Note}"));
                return ExitCode.Ok;
            });
    }

    private static object Document(CatalogEntry entry, DownloadReport? report) => new
    {
        name = entry.Id, title = entry.Title, address = entry.Address, licence = entry.Licence, key = entry.Key, years = entry.Years, note = entry.Note,
        path = report?.Path, bytes = report?.Bytes, sha256 = report?.Sha256 ?? entry.Sha256, resumed = report?.Resumed, howToObtain = report is null ? entry.HowToObtain : null,
    };
}
