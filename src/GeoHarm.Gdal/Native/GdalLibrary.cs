using System.Runtime.InteropServices;

namespace GeoHarm.Gdal.Native;

/// <summary>
/// Finds the libgdal of the system. Order: the file named by GEOHARM_GDAL; then on Linux the sonames of GDAL 3.12 down
/// to 3.5, on Windows gdal*.dll in GDAL_HOME, its bin folder (QGIS, OSGeo4W) and the search path, on macOS
/// libgdal.dylib of Homebrew. Linux with 3.6.2 is what the tests run on; the others are untested.
/// </summary>
internal static class GdalLibrary
{
    internal const string Override = "GEOHARM_GDAL";
    internal const string Home = "GDAL_HOME";
    private const int NewestSoname = 38;
    private const int OldestSoname = 31;

    /// <summary>Loads the library or throws, naming what was tried and the remedy.</summary>
    internal static nint Load()
    {
        var tried = new List<string>();
        foreach (var candidate in Candidates())
        {
            tried.Add(candidate);
            if (NativeLibrary.TryLoad(candidate, out var handle)) return handle;
        }
        throw new DllNotFoundException(
            $"libgdal was not found (tried {string.Join(", ", tried)}). Install GDAL 3.5 or later (Debian: apt-get install libgdal32), or name its file in {Override}.");
    }

    private static IEnumerable<string> Candidates()
    {
        var named = Environment.GetEnvironmentVariable(Override);
        // An override that does not load is an error, not a hint: falling back would hide it.
        if (!string.IsNullOrEmpty(named)) return [named];
        if (OperatingSystem.IsWindows()) return Windows();
        return OperatingSystem.IsMacOS() ? Mac() : Linux();
    }

    private static IEnumerable<string> Linux()
    {
        for (var soname = NewestSoname; soname >= OldestSoname; soname--) yield return $"libgdal.so.{soname}";
        yield return "libgdal.so";
    }

    private static IEnumerable<string> Mac() =>
        ["libgdal.dylib", "/opt/homebrew/lib/libgdal.dylib", "/usr/local/lib/libgdal.dylib"];

    private static IEnumerable<string> Windows()
    {
        var home = Environment.GetEnvironmentVariable(Home);
        if (!string.IsNullOrEmpty(home))
        {
            foreach (var folder in new[] { home, Path.Combine(home, "bin") })
            {
                if (!Directory.Exists(folder)) continue;
                foreach (var file in Directory.EnumerateFiles(folder, "gdal*.dll").OrderDescending(StringComparer.OrdinalIgnoreCase)) yield return file;
            }
        }
        yield return "gdal.dll";
    }
}
