using System.Runtime.InteropServices;

namespace GeoHarm.Gdal.Native;

/// <summary>GDAL's C entry points for vector layers and features: ogr_api.h.</summary>
internal static unsafe partial class Libgdal
{
    [LibraryImport(Name, EntryPoint = "GDALDatasetGetLayerCount")]
    internal static partial int LayerCount(nint dataset);

    [LibraryImport(Name, EntryPoint = "GDALDatasetGetLayer")]
    internal static partial nint GetLayer(nint dataset, int index);

    [LibraryImport(Name, EntryPoint = "GDALDatasetGetLayerByName", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint GetLayerByName(nint dataset, string name);

    [LibraryImport(Name, EntryPoint = "OGR_L_GetName")]
    internal static partial byte* LayerName(nint layer);

    [LibraryImport(Name, EntryPoint = "OGR_L_GetGeomType")]
    internal static partial uint LayerGeometryType(nint layer);

    [LibraryImport(Name, EntryPoint = "OGR_L_GetGeometryColumn")]
    internal static partial byte* LayerGeometryColumn(nint layer);

    [LibraryImport(Name, EntryPoint = "OGR_L_GetFIDColumn")]
    internal static partial byte* LayerFidColumn(nint layer);

    [LibraryImport(Name, EntryPoint = "OGR_L_GetFeatureCount")]
    internal static partial long LayerFeatureCount(nint layer, int force);

    [LibraryImport(Name, EntryPoint = "OGR_L_GetExtent")]
    internal static partial int LayerExtent(nint layer, double* minXmaxXminYmaxY, int force);

    [LibraryImport(Name, EntryPoint = "OGR_L_GetSpatialRef")]
    internal static partial nint LayerSpatialRef(nint layer);

    [LibraryImport(Name, EntryPoint = "OGR_L_GetLayerDefn")]
    internal static partial nint LayerDefinition(nint layer);

    [LibraryImport(Name, EntryPoint = "OGR_L_ResetReading")]
    internal static partial void ResetReading(nint layer);

    [LibraryImport(Name, EntryPoint = "OGR_L_GetNextFeature")]
    internal static partial nint NextFeature(nint layer);

    [LibraryImport(Name, EntryPoint = "OGR_L_SetSpatialFilterRect")]
    internal static partial void SetSpatialFilter(nint layer, double minX, double minY, double maxX, double maxY);

    [LibraryImport(Name, EntryPoint = "OGR_L_SetSpatialFilter")]
    internal static partial void SetSpatialFilterGeometry(nint layer, nint geometry);

    [LibraryImport(Name, EntryPoint = "OGR_L_SetAttributeFilter", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SetAttributeFilter(nint layer, string? query);

    [LibraryImport(Name, EntryPoint = "OGR_FD_GetFieldCount")]
    internal static partial int FieldCount(nint definition);

    [LibraryImport(Name, EntryPoint = "OGR_FD_GetFieldDefn")]
    internal static partial nint GetFieldDefinition(nint definition, int index);

    [LibraryImport(Name, EntryPoint = "OGR_Fld_GetNameRef")]
    internal static partial byte* FieldName(nint field);

    [LibraryImport(Name, EntryPoint = "OGR_Fld_GetType")]
    internal static partial int FieldKind(nint field);

    [LibraryImport(Name, EntryPoint = "OGR_Fld_GetSubType")]
    internal static partial int FieldSubtype(nint field);

    [LibraryImport(Name, EntryPoint = "OGR_Fld_GetWidth")]
    internal static partial int FieldWidth(nint field);

    [LibraryImport(Name, EntryPoint = "OGR_F_Destroy")]
    internal static partial void DestroyFeature(nint feature);

    [LibraryImport(Name, EntryPoint = "OGR_F_GetFID")]
    internal static partial long FeatureFid(nint feature);

    [LibraryImport(Name, EntryPoint = "OGR_F_IsFieldSetAndNotNull")]
    internal static partial int FieldHasValue(nint feature, int field);

    [LibraryImport(Name, EntryPoint = "OGR_F_GetFieldAsInteger64")]
    internal static partial long FieldInteger(nint feature, int field);

    [LibraryImport(Name, EntryPoint = "OGR_F_GetFieldAsDouble")]
    internal static partial double FieldReal(nint feature, int field);

    [LibraryImport(Name, EntryPoint = "OGR_F_GetFieldAsString")]
    internal static partial byte* FieldText(nint feature, int field);

    [LibraryImport(Name, EntryPoint = "OGR_F_GetFieldAsBinary")]
    internal static partial byte* FieldBinary(nint feature, int field, out int length);

    [LibraryImport(Name, EntryPoint = "OGR_F_GetFieldAsDateTimeEx")]
    internal static partial int FieldDateTime(
        nint feature, int field, out int year, out int month, out int day, out int hour, out int minute, out float second, out int zone);

    [LibraryImport(Name, EntryPoint = "OGR_F_GetGeometryRef")]
    internal static partial nint FeatureGeometry(nint feature);

    [LibraryImport(Name, EntryPoint = "OGR_G_WkbSize")]
    internal static partial int WkbSize(nint geometry);

    [LibraryImport(Name, EntryPoint = "OGR_G_ExportToIsoWkb")]
    internal static partial int ExportToIsoWkb(nint geometry, int byteOrder, byte* buffer);
}
