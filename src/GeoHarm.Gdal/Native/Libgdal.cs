using System.Runtime.InteropServices;

namespace GeoHarm.Gdal.Native;

/// <summary>GDAL's C entry points that concern the library as a whole: version, drivers, configuration, errors, memory.
/// Signatures follow gdal.h, cpl_conv.h, cpl_error.h and cpl_vsi.h of GDAL 3.5 and later; handles are <c>nint</c>.</summary>
internal static unsafe partial class Libgdal
{
    internal const string Name = "gdal";

    [LibraryImport(Name, EntryPoint = "GDALVersionInfo", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial byte* VersionInfo(string request);

    [LibraryImport(Name, EntryPoint = "OSRGetPROJVersion")]
    internal static partial void ProjVersion(out int major, out int minor, out int patch);

    [LibraryImport(Name, EntryPoint = "GDALGetDriverByName", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint GetDriverByName(string name);

    [LibraryImport(Name, EntryPoint = "GDALGetDriverShortName")]
    internal static partial byte* GetDriverShortName(nint driver);

    [LibraryImport(Name, EntryPoint = "GDALSetCacheMax64")]
    internal static partial void SetCacheMax(long bytes);

    [LibraryImport(Name, EntryPoint = "CPLSetConfigOption", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void SetConfigOption(string key, string? value);

    [LibraryImport(Name, EntryPoint = "CPLSetThreadLocalConfigOption", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void SetThreadConfigOption(string key, string? value);

    [LibraryImport(Name, EntryPoint = "CPLSetErrorHandlerEx")]
    internal static partial nint SetErrorHandler(delegate* unmanaged[Cdecl]<int, int, byte*, void> handler, nint data);

    [LibraryImport(Name, EntryPoint = "CPLErrorReset")]
    internal static partial void ErrorReset();

    [LibraryImport(Name, EntryPoint = "CPLGetLastErrorNo")]
    internal static partial int LastErrorNumber();

    [LibraryImport(Name, EntryPoint = "CPLGetLastErrorMsg")]
    internal static partial byte* LastErrorMessage();

    [LibraryImport(Name, EntryPoint = "CPLError", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void RaiseError(int errorClass, int number, string format, string text);

    [LibraryImport(Name, EntryPoint = "VSIFree")]
    internal static partial void Free(nint memory);

    [LibraryImport(Name, EntryPoint = "VSIUnlink", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Unlink(string path);

    [LibraryImport(Name, EntryPoint = "GDALOpenEx", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint OpenEx(string path, uint flags, nint* allowedDrivers, nint* openOptions, nint* siblingFiles);

    [LibraryImport(Name, EntryPoint = "GDALClose")]
    internal static partial int Close(nint dataset);

    [LibraryImport(Name, EntryPoint = "GDALFlushCache")]
    internal static partial int FlushCache(nint dataset);

    [LibraryImport(Name, EntryPoint = "GDALGetDatasetDriver")]
    internal static partial nint GetDatasetDriver(nint dataset);

    [LibraryImport(Name, EntryPoint = "GDALGetMetadataItem", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial byte* GetMetadataItem(nint majorObject, string name, string? domain);

    [LibraryImport(Name, EntryPoint = "GDALSetMetadataItem", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SetMetadataItem(nint majorObject, string name, string? value, string? domain);

    [LibraryImport(Name, EntryPoint = "GDALSetDescription", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void SetDescription(nint majorObject, string text);

    [LibraryImport(Name, EntryPoint = "GDALGetDescription")]
    internal static partial byte* GetDescription(nint majorObject);

    /// <summary>Managed text of a C string; empty where the pointer is null.</summary>
    internal static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";
}
