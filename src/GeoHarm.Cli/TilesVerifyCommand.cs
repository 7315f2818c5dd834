using System.CommandLine;

namespace GeoHarm.Cli;

/// <summary>Reads a tile archive whole and says what is wrong with it.</summary>
internal static class TilesVerifyCommand
{
    public static Command Build()
    {
        var file = new Argument<string>("FILE") { Description = "Archive, F.pmtiles or F.mbtiles" };
        return CommandLine.Verb(
            "verify", "Read an archive whole: order, counts, and every tile's form", ["geoharm tiles verify overlay.pmtiles"], [file],
            (parse, terminal, _) =>
            {
                var path = parse.GetValue(file)!;
                using var archive = new TileArchive(path);
                var verdict = archive.Verify();
                terminal.Result(
                    new { ok = verdict.Faults.Count == 0, tiles = verdict.Tiles, features = verdict.Features, problems = verdict.Faults },
                    writer =>
                    {
                        foreach (var fault in verdict.Faults) writer.WriteLine(fault);
                        writer.WriteLine($"{path}: {verdict.Tiles:N0} tiles, {verdict.Features:N0} features, {(verdict.Faults.Count == 0 ? "ok" : $"{verdict.Faults.Count} faults")}");
                    });
                return verdict.Faults.Count == 0 ? ExitCode.Ok : ExitCode.Difference;
            });
    }
}
