using System.Globalization;
using System.Runtime.InteropServices;
using GeoHarm.Gdal.Native;

namespace GeoHarm.Gdal.Datasets;

/// <summary>Versions of the native libraries in use.</summary>
/// <param name="Gdal">Such as "3.6.2".</param>
/// <param name="Proj">Such as "9.1.1".</param>
public sealed record GdalVersions(string Gdal, string Proj);

/// <summary>
/// The one libgdal of the process: loaded on first use, with only the drivers of the two profiles registered (start-up
/// is faster than registering all, and a VRT cannot reach a network driver that does not exist).
/// </summary>
public static unsafe class GdalRuntime
{
    /// <summary>GDAL's block cache, bytes: default 32 MiB. The readers hold one window themselves; the cache only serves
    /// windows that do not match native blocks, and GDAL's own default (5 % of memory) would break the memory bounds.</summary>
    public const long DefaultBlockCacheBytes = 32L << 20;

    private const int OldestVersion = 3_050_000;

    // C entry points that register one driver each; a libgdal built without one simply lacks it.
    private static readonly string[] Registrations =
    [
        "GDALRegister_GTiff", "GDALRegister_COG", "GDALRegister_VRT", "GDALRegister_MEM", "GDALRegister_HFA", "GDALRegister_AAIGrid",
        "GDALRegister_EHdr", "GDALRegister_ENVI", "GDALRegister_SRTMHGT", "GDALRegister_netCDF", "GDALRegister_PNG", "GDALRegister_JPEG",
        "RegisterOGRGeoPackage", "RegisterOGRShape", "RegisterOGRGeoJSON", "RegisterOGRCSV", "RegisterOGRFlatGeobuf", "RegisterOGRKML",
        "RegisterOGRXLSX", "RegisterOGRODS", "RegisterOGRSQLite", "RegisterOGROpenFileGDB", "RegisterOGRGML", "RegisterOGRTAB",
        "RegisterOGRDXF", "RegisterOGRGPX", "RegisterOGRTopoJSON",
    ];

    private static readonly Lock Gate = new();
    private static volatile bool started;
    private static nint library;

    [ThreadStatic]
    private static DriverProfile? current;

    /// <summary>Versions of GDAL and PROJ. Throws <see cref="DllNotFoundException"/> when libgdal is missing.</summary>
    public static GdalVersions Versions
    {
        get
        {
            Start();
            Libgdal.ProjVersion(out var major, out var minor, out var patch);
            return new GdalVersions(Libgdal.Text(Libgdal.VersionInfo("RELEASE_NAME")), string.Create(CultureInfo.InvariantCulture, $"{major}.{minor}.{patch}"));
        }
    }

    /// <summary>Sets the size of GDAL's block cache for the process, bytes.</summary>
    public static void SetBlockCache(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        Start();
        Libgdal.SetCacheMax(bytes);
    }

    /// <summary>Whether this libgdal has the driver.</summary>
    public static bool HasDriver(string shortName)
    {
        Start();
        return Libgdal.GetDriverByName(shortName) != 0;
    }

    /// <summary>Loads and prepares libgdal once.</summary>
    internal static void Start()
    {
        if (started) return;
        lock (Gate)
        {
            if (started) return;
            if (library == 0)
            {
                library = GdalLibrary.Load();
                NativeLibrary.SetDllImportResolver(typeof(GdalRuntime).Assembly, static (name, _, _) => name == Libgdal.Name ? library : 0);
            }
            RequireVersion();
            ErrorTrap.Install();
            // Process-wide floor under both profiles, for threads of GDAL's own.
            Libgdal.SetConfigOption("GDAL_DRIVER_PATH", "disable");
            Libgdal.SetConfigOption("CPL_VSIL_CURL_ALLOWED_EXTENSIONS", ".none");
            Libgdal.SetConfigOption("GDAL_VRT_ENABLE_PYTHON", "NO");
            Libgdal.SetConfigOption("PROJ_NETWORK", "OFF");
            Libgdal.SetCacheMax(DefaultBlockCacheBytes);
            foreach (var registration in Registrations)
            {
                if (NativeLibrary.TryGetExport(library, registration, out var entry)) ((delegate* unmanaged[Cdecl]<void>)entry)();
            }
            started = true;
        }
    }

    /// <summary>Puts the options of a profile in force on this thread.</summary>
    internal static void Use(DriverProfile profile)
    {
        Start();
        if (ReferenceEquals(current, profile)) return;
        foreach (var (key, value) in profile.Options) Libgdal.SetThreadConfigOption(key, value);
        current = profile;
    }

    private static void RequireVersion()
    {
        var number = Libgdal.Text(Libgdal.VersionInfo("VERSION_NUM"));
        if (int.TryParse(number, NumberStyles.Integer, CultureInfo.InvariantCulture, out var version) && version >= OldestVersion) return;
        throw new DllNotFoundException($"libgdal {Libgdal.Text(Libgdal.VersionInfo("RELEASE_NAME"))} is older than 3.5. Install a newer one, or name its file in {GdalLibrary.Override}.");
    }
}
