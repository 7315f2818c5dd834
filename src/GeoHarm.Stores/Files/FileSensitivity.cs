using GeoHarm.Gdal.Datasets;
using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.GeoPackage;
using GeoHarm.Stores.Importers;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;

namespace GeoHarm.Stores.Files;

/// <summary>
/// Whether a file that no importer has read leads to people: it carries a field of cultivation, laboratories or enforcement
/// and its shapes are mostly finer than a cell of 5 km. Maps of municipalities with such a field are not.
/// </summary>
public static class FileSensitivity
{
    private const double CellSquareMetres = PlotLike.CellMetres * PlotLike.CellMetres;

    /// <summary>The layer with the sensitivity that its content asks for; one whose origin is known keeps its own.</summary>
    public static Layer Of(Layer layer)
    {
        if (layer.Sensitivity == Sensitivity.Sensitive || layer.Provenance != Provenance.Unknown || !layer.HasGeometry || !layer.Columns.Any(c => SensitiveFields.IsSensitive(c.Name))) return layer;
        var shapes = Enumerable.Range(0, layer.RowCount).Select(layer.GeometryAt).ToArray();
        return AreFine(shapes, layer.Crs!.Epsg == 4326) ? layer.WithSensitivity(Sensitivity.Sensitive) : layer;
    }

    /// <summary>Whether a layer of a vector file is sensitive: as its store says, or as its content asks.</summary>
    public static bool IsSensitive(string path, string? layerName = null) => GdalRaster.Guarded(path, () =>
    {
        using var source = VectorDataset.Open(path, DriverProfile.OwnFiles);
        if (source.LayerCount == 0) return false;
        var layer = layerName is null ? source.Layer() : source.Layer(layerName);
        // Only where a store of GeoHarm wrote its register does another library need to open the file, which takes 0.03 s.
        if (path.EndsWith(".gpkg", StringComparison.OrdinalIgnoreCase) && source.Has(GeoPackageSchema.Register))
        {
            using var store = GeoPackageStore.OpenReadOnly(path);
            if (store.Layers().FirstOrDefault(l => l.Name == layer.Name) is { } said && (said.Sensitivity == Sensitivity.Sensitive || said.Provenance != Provenance.Unknown)) return said.Sensitivity == Sensitivity.Sensitive;
        }
        if (!layer.Attributes.Any(a => SensitiveFields.IsSensitive(a.Name))) return false;
        var (reader, shapes) = (new WKBReader(), new List<Geometry?>());
        using var rows = layer.Read();
        while (rows.Next()) shapes.Add(rows.Wkb() is { Length: > 0 } wkb ? reader.Read(wkb.ToArray()) : null);
        return AreFine(shapes, layer.Reference?.IsGeographic ?? true);
    });

    private static bool AreFine(IReadOnlyList<Geometry?> shapes, bool degrees)
    {
        double SquareMetres(Geometry shape)
        {
            if (!degrees) return shape.Area;
            const double metresPerDegree = 111_320;
            return shape.Area * metresPerDegree * metresPerDegree * Math.Cos(shape.EnvelopeInternal.Centre.Y * Math.PI / 180);
        }
        var areas = shapes.Where(s => s is { IsEmpty: false }).Select(s => SquareMetres(s!)).Order().ToArray();
        return areas.Length > 0 && areas[areas.Length / 2] < CellSquareMetres;
    }
}
