using System.Text.Json;
using System.Text.Json.Nodes;
using GeoHarm.Gdal.Datasets;
using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.GeoPackage;

namespace GeoHarm.Stores.Files;

/// <summary>
/// What a Parquet file says of itself beyond its columns: under "geo" the geometry as GeoParquet 1.1 has it (WKB, coordinate
/// system as PROJJSON, bounds, the covering column of boxes), under "geoharm" what a layer carries beyond its rows.
/// </summary>
internal sealed record GeoParquetMetadata
{
    /// <summary>Keys of the file's metadata.</summary>
    public const string GeoKey = "geo", OwnKey = "geoharm";

    private static readonly string[] BoxSides = ["xmin", "ymin", "xmax", "ymax"];

    /// <summary>Column of geometry; null for a plain table.</summary>
    public string? GeometryColumn { get; private init; }

    /// <summary>Encoding of that column; only WKB is read.</summary>
    public string Encoding { get; private init; } = "WKB";

    /// <summary>Column of boxes that covers it; null where there is none.</summary>
    public string? BoxColumn { get; private init; }

    /// <summary>All columns of geometry.</summary>
    public IReadOnlyList<string> GeometryColumns { get; private init; } = [];

    /// <summary>Coordinate system; null where the file says that it is unknown.</summary>
    public CoordinateSystem? Crs { get; private init; }

    /// <summary>What GeoHarm wrote of the layer, without rows; null in files of other programs.</summary>
    public Layer? Own { get; private init; }

    /// <summary>How often GeoHarm wrote the layer.</summary>
    public long Version { get; private init; }

    /// <summary>The metadata of a layer that is written.</summary>
    /// <param name="layer">The layer, or its first part.</param>
    /// <param name="geometryColumn">Column of geometry.</param>
    /// <param name="boxColumn">Column of boxes.</param>
    /// <param name="shapes">Geometry of all rows; null where it is not known yet, which the format allows.</param>
    /// <param name="version">How often the layer was written.</param>
    public static Dictionary<string, string> Of(Layer layer, string geometryColumn, string boxColumn, ShapesWritten? shapes, long version)
    {
        var metadata = new Dictionary<string, string>();
        if (layer.HasGeometry)
        {
            var column = new JsonObject
            {
                ["encoding"] = "WKB",
                ["geometry_types"] = new JsonArray([.. shapes?.ParquetTypes.Select(t => JsonValue.Create(t)) ?? []]),
                ["crs"] = ProjJson(layer.Crs!),
                ["covering"] = new JsonObject { ["bbox"] = new JsonObject(BoxSides.Select(s => KeyValuePair.Create(s, (JsonNode?)new JsonArray(boxColumn, s)))) },
            };
            if (shapes is { Extent.IsNull: false }) column["bbox"] = new JsonArray(shapes.Extent.MinX, shapes.Extent.MinY, shapes.Extent.MaxX, shapes.Extent.MaxY);
            metadata[GeoKey] = new JsonObject { ["version"] = "1.1.0", ["primary_column"] = geometryColumn, ["columns"] = new JsonObject { [geometryColumn] = column } }.ToJsonString();
        }
        var origin = layer.Provenance;
        metadata[OwnKey] = new JsonObject
        {
            ["name"] = layer.Name, ["title"] = layer.Title, ["version"] = version, ["sensitivity"] = layer.Sensitivity == Sensitivity.Open ? "open" : "sensitive",
            ["source"] = origin.Source, ["licence"] = origin.Licence, ["sha256"] = origin.Sha256, ["importer"] = origin.Importer,
            ["caveats"] = new JsonArray([.. layer.Caveats.Select(c => JsonValue.Create(c))]), ["epsg"] = layer.Crs?.Epsg, ["wkt"] = layer.Crs?.Wkt,
            ["columns"] = new JsonArray([.. layer.Columns.Select(c => new JsonObject { ["name"] = c.Name, ["type"] = c.Type.ToString(), ["unit"] = c.Unit })]),
        }.ToJsonString();
        return metadata;
    }

    /// <summary>Reads the metadata. Throws <see cref="JsonException"/>, <see cref="InvalidOperationException"/> or
    /// <see cref="KeyNotFoundException"/> when it is damaged, <see cref="GdalException"/> when PROJ does not know the system.</summary>
    public static GeoParquetMetadata Read(IReadOnlyDictionary<string, string>? metadata)
    {
        var own = metadata?.GetValueOrDefault(OwnKey) is { } said ? OwnLayer(JsonDocument.Parse(said).RootElement) : default;
        if (metadata?.GetValueOrDefault(GeoKey) is not { } text) return new GeoParquetMetadata { Own = own.Layer, Version = own.Version };
        var geo = JsonDocument.Parse(text).RootElement;
        var primary = geo.GetProperty("primary_column").GetString()!;
        var columns = geo.GetProperty("columns");
        var column = columns.GetProperty(primary);
        return new GeoParquetMetadata
        {
            GeometryColumn = primary,
            Encoding = column.GetProperty("encoding").GetString() ?? "",
            GeometryColumns = [.. columns.EnumerateObject().Select(c => c.Name)],
            BoxColumn = column.TryGetProperty("covering", out var covering) && covering.TryGetProperty("bbox", out var box) ? box.GetProperty("xmin")[0].GetString() : null,
            Crs = own.Layer?.Crs ?? CrsOf(column),
            Own = own.Layer,
            Version = own.Version,
        };
    }

    /// <summary>Absent means longitude and latitude (OGC:CRS84), null means unknown.</summary>
    private static CoordinateSystem? CrsOf(JsonElement column)
    {
        if (!column.TryGetProperty("crs", out var crs)) return CoordinateSystem.Wgs84;
        if (crs.ValueKind == JsonValueKind.Null) return null;
        if (crs.TryGetProperty("id", out var id) && id.TryGetProperty("authority", out var authority) && id.TryGetProperty("code", out var code))
        {
            var number = code.ValueKind == JsonValueKind.Number ? code.GetRawText() : code.GetString();
            if (authority.GetString() == "OGC" && number == "CRS84") return CoordinateSystem.Wgs84;
            if (authority.GetString() == "EPSG" && int.TryParse(number, out var epsg)) return new CoordinateSystem(epsg);
        }
        var reference = SpatialReference.FromProjJson(crs.GetRawText());
        return reference.Epsg > 0 ? new CoordinateSystem(reference.Epsg) : new CoordinateSystem(0, reference.Wkt);
    }

    private static JsonNode? ProjJson(CoordinateSystem crs)
    {
        if (crs.Epsg <= 0 && crs.Wkt.Length == 0) return null;
        var reference = crs.Epsg > 0 ? SpatialReference.FromEpsg(crs.Epsg) : SpatialReference.FromWkt(crs.Wkt);
        return JsonNode.Parse(reference.ToProjJson());
    }

    private static (Layer? Layer, long Version) OwnLayer(JsonElement own)
    {
        string Text(string key) => own.GetProperty(key).GetString() ?? "";
        var columns = own.GetProperty("columns").EnumerateArray().Select(c => ArrowColumns.Empty(c.GetProperty("name").GetString()!, Enum.Parse<FieldType>(c.GetProperty("type").GetString()!), c.GetProperty("unit").GetString())).ToArray();
        var crs = own.GetProperty("epsg") is { ValueKind: JsonValueKind.Number } epsg ? new CoordinateSystem(epsg.GetInt32(), Text("wkt")) : null;
        var layer = new Layer(
            Text("name"), columns, crs is null ? null : [], crs, Text("sensitivity") == "open" ? Sensitivity.Open : Sensitivity.Sensitive,
            new Provenance(Text("source"), Text("licence"), Text("sha256"), Text("importer")), Text("title"), [.. own.GetProperty("caveats").EnumerateArray().Select(c => c.GetString()!)]);
        return (layer, own.GetProperty("version").GetInt64());
    }
}
