namespace GeoHarm.Gdal.Datasets;

/// <summary>How large a raster may be before a byte of it is read. Checked from the header, so nothing is allocated.</summary>
/// <param name="MaxPixels">Cells of one band.</param>
/// <param name="MaxBlockBytes">Bytes of one native block, which GDAL must decode whole.</param>
/// <param name="MaxBands">Bands.</param>
public sealed record RasterLimits(double MaxPixels, long MaxBlockBytes, int MaxBands);

/// <summary>
/// Which drivers may open a file and under which GDAL options. The two profiles are the only ones: what strangers send
/// is opened with <see cref="Upload"/> (in a process of its own), what the analyst points at with <see cref="OwnFiles"/>.
/// No profile reaches the network: no network driver is ever registered and curl's file systems are closed.
/// </summary>
public sealed class DriverProfile
{
    private DriverProfile(string name, string[] drivers, (string Key, string Value)[] options, bool siblings, string[] allowedVirtual, RasterLimits limits) =>
        (Name, Drivers, Options, SeesSiblings, VirtualPaths, Limits) = (name, drivers, options, siblings, allowedVirtual, limits);

    /// <summary>Untrusted files: nine drivers, no sibling files, no sidecar metadata, small limits.</summary>
    public static DriverProfile Upload { get; } = new(
        "upload",
        ["GTiff", "COG", "GPKG", "ESRI Shapefile", "GeoJSON", "CSV", "FlatGeobuf", "KML", "XLSX"],
        [
            ("GDAL_DISABLE_READDIR_ON_OPEN", "EMPTY_DIR"),
            ("CPL_VSIL_CURL_ALLOWED_EXTENSIONS", ".none"),
            ("GDAL_VRT_ENABLE_PYTHON", "NO"),
            ("GDAL_PAM_ENABLED", "NO"),
            // Views in a GeoPackage can be made to loop for ever.
            ("OGR_GPKG_LIST_ALL_TABLES", "NO"),
        ],
        siblings: false,
        allowedVirtual: [],
        // 1.6e9 is one Hansen tile; four of them. 64 MiB is a 8192 x 8192 byte block. 64 bands hold any index stack.
        new RasterLimits(6.4e9, 64L << 20, 64));

    /// <summary>The analyst's own files: adds VRT and the grid and vector formats field offices use; sidecars are read.</summary>
    public static DriverProfile OwnFiles { get; } = new(
        "own files",
        [
            "GTiff", "COG", "VRT", "MEM", "HFA", "AAIGrid", "EHdr", "ENVI", "SRTMHGT", "netCDF", "PNG", "JPEG",
            "GPKG", "ESRI Shapefile", "GeoJSON", "CSV", "FlatGeobuf", "KML", "XLSX", "ODS", "SQLite", "OpenFileGDB", "GML", "MapInfo File", "DXF", "GPX", "TopoJSON",
        ],
        [
            ("GDAL_DISABLE_READDIR_ON_OPEN", "FALSE"),
            ("CPL_VSIL_CURL_ALLOWED_EXTENSIONS", ".none"),
            ("GDAL_VRT_ENABLE_PYTHON", "NO"),
            ("GDAL_PAM_ENABLED", "YES"),
            ("OGR_GPKG_LIST_ALL_TABLES", "YES"),
        ],
        siblings: true,
        allowedVirtual: ["/vsizip/", "/vsigzip/", "/vsitar/", "/vsimem/"],
        // 2e13 is the whole globe at 10 m with room; a whole-image strip of a Hansen tile would be 1.6 GB, far too much.
        new RasterLimits(2e13, 256L << 20, 4096));

    /// <summary>Profile name.</summary>
    public string Name { get; }

    /// <summary>GDAL short names of the drivers that may open a file.</summary>
    public IReadOnlyList<string> Drivers { get; }

    /// <summary>Limits on rasters.</summary>
    public RasterLimits Limits { get; }

    /// <summary>Whether files beside the one named are looked at.</summary>
    public bool SeesSiblings { get; }

    /// <summary>GDAL options that hold on a thread while it works under this profile.</summary>
    internal IReadOnlyList<(string Key, string Value)> Options { get; }

    internal IReadOnlyList<string> VirtualPaths { get; }

    /// <summary>Throws <see cref="ArgumentException"/> when the name is not that of a plain local file under this profile:
    /// connection strings, network paths and GDAL's virtual file systems are refused before GDAL sees them.</summary>
    public void RequirePlainName(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (path.Contains('\0', StringComparison.Ordinal)) throw new ArgumentException("A file name holds a NUL character.");
        if (path.StartsWith("/vsi", StringComparison.OrdinalIgnoreCase))
        {
            var allowed = VirtualPaths.Any(p => path.StartsWith(p, StringComparison.Ordinal))
                && path.IndexOf("/vsi", 4, StringComparison.OrdinalIgnoreCase) < 0;
            if (!allowed) throw new ArgumentException($"'{path}' names a virtual file system; profile '{Name}' opens plain files only. Copy the file here first.");
            return;
        }
        if (path.TrimStart().StartsWith('<') || path.TrimStart().StartsWith('{')) throw new ArgumentException("A file name is expected, not the text of a document.");
        var colon = path.IndexOf(':', StringComparison.Ordinal);
        var drive = OperatingSystem.IsWindows() && colon == 1 && char.IsAsciiLetter(path[0]);
        if (colon >= 0 && !drive && !File.Exists(path))
        {
            throw new ArgumentException($"'{path}' looks like a connection string or address, not a file of this machine. Give the path of a file.");
        }
    }
}
