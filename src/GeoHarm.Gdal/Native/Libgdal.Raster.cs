using System.Runtime.InteropServices;

namespace GeoHarm.Gdal.Native;

/// <summary>GDAL's C entry points for rasters: gdal.h and gdal_utils.h.</summary>
internal static unsafe partial class Libgdal
{
    [LibraryImport(Name, EntryPoint = "GDALGetRasterXSize")]
    internal static partial int RasterWidth(nint dataset);

    [LibraryImport(Name, EntryPoint = "GDALGetRasterYSize")]
    internal static partial int RasterHeight(nint dataset);

    [LibraryImport(Name, EntryPoint = "GDALGetRasterCount")]
    internal static partial int RasterCount(nint dataset);

    [LibraryImport(Name, EntryPoint = "GDALGetRasterBand")]
    internal static partial nint GetRasterBand(nint dataset, int band);

    [LibraryImport(Name, EntryPoint = "GDALGetGeoTransform")]
    internal static partial int GetGeoTransform(nint dataset, double* six);

    [LibraryImport(Name, EntryPoint = "GDALSetGeoTransform")]
    internal static partial int SetGeoTransform(nint dataset, double* six);

    [LibraryImport(Name, EntryPoint = "GDALGetSpatialRef")]
    internal static partial nint GetSpatialRef(nint dataset);

    [LibraryImport(Name, EntryPoint = "GDALSetSpatialRef")]
    internal static partial int SetSpatialRef(nint dataset, nint reference);

    [LibraryImport(Name, EntryPoint = "GDALGetRasterDataType")]
    internal static partial int RasterDataType(nint band);

    [LibraryImport(Name, EntryPoint = "GDALGetRasterBandXSize")]
    internal static partial int BandWidth(nint band);

    [LibraryImport(Name, EntryPoint = "GDALGetRasterBandYSize")]
    internal static partial int BandHeight(nint band);

    [LibraryImport(Name, EntryPoint = "GDALGetBlockSize")]
    internal static partial void GetBlockSize(nint band, out int width, out int height);

    [LibraryImport(Name, EntryPoint = "GDALGetOverviewCount")]
    internal static partial int GetOverviewCount(nint band);

    [LibraryImport(Name, EntryPoint = "GDALGetOverview")]
    internal static partial nint GetOverview(nint band, int index);

    [LibraryImport(Name, EntryPoint = "GDALGetMaskFlags")]
    internal static partial int GetMaskFlags(nint band);

    [LibraryImport(Name, EntryPoint = "GDALGetMaskBand")]
    internal static partial nint GetMaskBand(nint band);

    [LibraryImport(Name, EntryPoint = "GDALGetRasterScale")]
    internal static partial double GetScale(nint band, out int present);

    [LibraryImport(Name, EntryPoint = "GDALGetRasterOffset")]
    internal static partial double GetOffset(nint band, out int present);

    [LibraryImport(Name, EntryPoint = "GDALGetRasterNoDataValue")]
    internal static partial double GetNoData(nint band, out int present);

    [LibraryImport(Name, EntryPoint = "GDALGetRasterNoDataValueAsInt64")]
    internal static partial long GetNoDataInt64(nint band, out int present);

    [LibraryImport(Name, EntryPoint = "GDALGetRasterNoDataValueAsUInt64")]
    internal static partial ulong GetNoDataUInt64(nint band, out int present);

    [LibraryImport(Name, EntryPoint = "GDALSetRasterNoDataValue")]
    internal static partial int SetNoData(nint band, double value);

    [LibraryImport(Name, EntryPoint = "GDALRasterIO")]
    internal static partial int RasterIO(
        nint band, int write, int x, int y, int width, int height, void* buffer, int bufferWidth, int bufferHeight, int bufferType, int pixelSpace, int lineSpace);

    [LibraryImport(Name, EntryPoint = "GDALReadBlock")]
    internal static partial int ReadBlock(nint band, int column, int row, void* buffer);

    [LibraryImport(Name, EntryPoint = "GDALCreate", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint Create(nint driver, string path, int width, int height, int bands, int type, nint* options);

    [LibraryImport(Name, EntryPoint = "GDALCreateCopy", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint CreateCopy(
        nint driver, string path, nint source, int strict, nint* options, delegate* unmanaged[Cdecl]<double, byte*, nint, int> progress, nint data);

    [LibraryImport(Name, EntryPoint = "GDALWarpAppOptionsNew")]
    internal static partial nint WarpOptionsNew(nint* arguments, nint binaryOptions);

    [LibraryImport(Name, EntryPoint = "GDALWarpAppOptionsFree")]
    internal static partial void WarpOptionsFree(nint options);

    [LibraryImport(Name, EntryPoint = "GDALWarpAppOptionsSetProgress")]
    internal static partial void WarpOptionsSetProgress(nint options, delegate* unmanaged[Cdecl]<double, byte*, nint, int> progress, nint data);

    [LibraryImport(Name, EntryPoint = "GDALWarp", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint Warp(string path, nint destination, int sourceCount, nint* sources, nint options, out int usageError);
}
