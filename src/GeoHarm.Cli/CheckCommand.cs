using System.CommandLine;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using GeoHarm.Maps.Styles;
using GeoHarm.Spatial.Crs;
using GeoHarm.Stores.GeoPackage;

namespace GeoHarm.Cli;

/// <summary>geoharm check: whether this machine can do the work.</summary>
internal static partial class CheckCommand
{
    public static Command Build() => CommandLine.Verb("check", "Check this machine: GDAL, projections, fonts, store, embedded data", ["geoharm check", "geoharm check --json"], [],
        (_, terminal, _) =>
        {
            var checks = All().ToList();
            var ok = checks.TrueForAll(c => c.Ok);
            terminal.Result(new { ok, checks }, output =>
            {
                foreach (var check in checks) output.WriteLine($"{(check.Ok ? "ok  " : "FAIL")} {check.Name}: {check.Detail}");
            });
            return ok ? ExitCode.Ok : ExitCode.Difference;
        });

    private static IEnumerable<Check> All()
    {
        yield return Try("runtime", () => $"{System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription}, {Environment.ProcessorCount} processors");
        yield return Try("gdal", () => $"GDAL {GeoHarm.Gdal.Datasets.GdalRuntime.Versions.Gdal}, PROJ {GeoHarm.Gdal.Datasets.GdalRuntime.Versions.Proj}");
        yield return Try("projections", () =>
        {
            // Geodesic from Wellington to Salamanca, 19,959,679.267 m (Karney 2013, table of examples).
            var metres = Geodesic.Distance(Ellipsoid.Wgs84, 174.81, -41.32, -5.50, 40.96).Metres;
            return Math.Abs(metres - 19959679.267353821) < 1e-3 ? "geodesics agree with Karney (2013)" : throw new InvalidOperationException($"geodesic is {metres:R} m");
        });
        yield return Try("fonts", () => Typefaces.Check() is { Ok: true } fonts ? fonts.Detail : throw new InvalidOperationException(Typefaces.Check().Detail));
        yield return Try("store", () =>
        {
            using var store = GeoPackageStore.OpenReadOnly(Study.Embedded("study/study.gpkg"));
            return $"embedded study, {store.Layers().Count} layers, SQLite read-only";
        });
        yield return Try("data", DataHashes);
    }

    /// <summary>Files of the embedded data against the hashes of data/README.md.</summary>
    private static string DataHashes()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "data");
        var said = HashRow().Matches(File.ReadAllText(Path.Combine(folder, "README.md"))).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value, StringComparer.Ordinal);
        var present = said.Where(s => File.Exists(Path.Combine(folder, s.Key))).ToList();
        var broken = present.Where(s => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, s.Key)))) != s.Value).Select(s => s.Key).ToList();
        return broken.Count == 0 ? $"{present.Count} files as published" : throw new InvalidOperationException($"changed: {string.Join(", ", broken)}; install again or run 'make data'");
    }

    private static Check Try(string name, Func<string> work)
    {
        try
        {
            return new Check(name, true, work());
        }
#pragma warning disable CA1031 // whatever fails is what the check reports
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return new Check(name, false, exception.Message);
        }
    }

    [GeneratedRegex(@"(?m)^\| (\S+\.\w+) \|.*\| ([0-9a-f]{64}) \|$")]
    private static partial Regex HashRow();

    private sealed record Check(string Name, bool Ok, string Detail);
}
