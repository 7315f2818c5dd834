using System.Runtime.CompilerServices;

namespace GeoHarm.Stores.Tests;

/// <summary>Real files for validation, beside the checkout; tests that need one skip when it is absent.</summary>
internal static class Shared
{
    public static string Root { get; } = Find();

    /// <summary>The path of a file of shared/data, or a skip with its reason.</summary>
    public static string Data(string relative)
    {
        var path = Path.Combine(Root, "data", relative);
        Assert.SkipUnless(File.Exists(path) || Directory.Exists(path), $"real file {relative} is not beside this checkout");
        return path;
    }

    private static string Find([CallerFilePath] string here = "")
    {
        var folder = Path.GetDirectoryName(here);
        while (folder is not null && !File.Exists(Path.Combine(folder, "GeoHarm.sln"))) folder = Path.GetDirectoryName(folder);
        return Path.Combine(folder ?? "", "..", "shared");
    }
}
