using System.Runtime.InteropServices;

namespace GeoHarm.Gdal.Native;

/// <summary>GDAL's C entry points for coordinate reference systems: ogr_srs_api.h.</summary>
internal static unsafe partial class Libgdal
{
    /// <summary>OAMS_TRADITIONAL_GIS_ORDER: x is easting or longitude whatever the authority says.</summary>
    internal const int TraditionalGisOrder = 0;

    [LibraryImport(Name, EntryPoint = "OSRNewSpatialReference", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint NewReference(string? wkt);

    [LibraryImport(Name, EntryPoint = "OSRClone")]
    internal static partial nint CloneReference(nint reference);

    [LibraryImport(Name, EntryPoint = "OSRRelease")]
    internal static partial void ReleaseReference(nint reference);

    [LibraryImport(Name, EntryPoint = "OSRImportFromEPSG")]
    internal static partial int ImportFromEpsg(nint reference, int code);

    [LibraryImport(Name, EntryPoint = "OSRImportFromWkt")]
    internal static partial int ImportFromWkt(nint reference, byte** text);

    [LibraryImport(Name, EntryPoint = "OSRSetAxisMappingStrategy")]
    internal static partial void SetAxisMapping(nint reference, int strategy);

    [LibraryImport(Name, EntryPoint = "OSRExportToWktEx")]
    internal static partial int ExportToWkt(nint reference, byte** text, nint* options);

    [LibraryImport(Name, EntryPoint = "OSRExportToPROJJSON")]
    internal static partial int ExportToProjJson(nint reference, byte** text, nint* options);

    [LibraryImport(Name, EntryPoint = "OSRSetFromUserInputEx", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SetFromUserInput(nint reference, string text, nint* options);

    [LibraryImport(Name, EntryPoint = "OSRGetAuthorityCode", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial byte* AuthorityCode(nint reference, string? key);

    [LibraryImport(Name, EntryPoint = "OSRGetAuthorityName", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial byte* AuthorityName(nint reference, string? key);

    [LibraryImport(Name, EntryPoint = "OSRAutoIdentifyEPSG")]
    internal static partial int AutoIdentifyEpsg(nint reference);

    [LibraryImport(Name, EntryPoint = "OSRIsGeographic")]
    internal static partial int IsGeographic(nint reference);

    [LibraryImport(Name, EntryPoint = "OSRIsProjected")]
    internal static partial int IsProjected(nint reference);

    [LibraryImport(Name, EntryPoint = "OSRIsSame")]
    internal static partial int IsSame(nint left, nint right);

    [LibraryImport(Name, EntryPoint = "OSRGetName")]
    internal static partial byte* ReferenceName(nint reference);

    [LibraryImport(Name, EntryPoint = "OSRGetLinearUnits")]
    internal static partial double LinearUnits(nint reference, byte** name);

    [LibraryImport(Name, EntryPoint = "OCTNewCoordinateTransformation")]
    internal static partial nint NewTransformation(nint source, nint target);

    [LibraryImport(Name, EntryPoint = "OCTDestroyCoordinateTransformation")]
    internal static partial void DestroyTransformation(nint transformation);

    [LibraryImport(Name, EntryPoint = "OCTTransformEx")]
    internal static partial int Transform(nint transformation, int count, double* x, double* y, double* z, int* success);
}
