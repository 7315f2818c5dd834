using GeoHarm.Spatial.Layers;

namespace GeoHarm.Stores.Importers;

/// <summary>
/// Opens a table or a layer of features with its columns named as they stand in the file, for verbs that take a file and
/// the names of its columns (--panel, --zones). Encoding, separator and number style are found as for an import.
/// </summary>
public static class DataFile
{
    /// <summary>
    /// Reads a file. Throws <see cref="InvalidInputException"/> with every fault, <see cref="StoreException"/> when it cannot
    /// be opened. A file of several layers gives the one named, or its only one.
    /// </summary>
    public static Layer Read(string path, string? layer = null)
    {
        var source = SourceFile.Open(path);
        var origin = new Provenance(Path.GetFileName(path), "unknown", source.Kind is SourceKind.Raster or SourceKind.Unknown ? "" : source.Sha256());
        var faults = new List<Fault>();
        IReadOnlyList<Layer> layers = source.Kind switch
        {
            SourceKind.Table => PlainTable.AsItStands(TextTable.Parse(path, source.Bytes()), origin, faults),
            SourceKind.JsonTable => PlainTable.AsItStands(JsonTable.Records(path, source.Bytes()), origin, faults),
            SourceKind.Workbook => [.. WorkbookFile.Sheets(path).SelectMany(s => PlainTable.AsItStands(s.Table, origin, faults))],
            SourceKind.Features => FeatureFile.Read(path, origin, faults),
            SourceKind.GeoPackage => Package(path),
            _ => [.. Recognition.Read(path, new ImportRequest()).Layers],
        };
        if (faults.Any(f => f.Severity == FaultSeverity.Error)) throw new InvalidInputException(faults);
        var chosen = layer is null ? layers.Count == 1 ? layers[0] : null : layers.FirstOrDefault(l => l.Name == layer || l.Title == layer);
        return chosen ?? throw new InvalidInputException(
        [
            new Fault(FaultSeverity.Error, "GH4048", path, layer is null ? "" : $"layer {layer}", layers.Count == 0 ? "The file holds no table and no features." : $"The file holds the layers {string.Join(", ", layers.Select(l => l.Name))}.", "Name one of its layers, or give a file with one."),
        ]);
    }

    private static List<Layer> Package(string path)
    {
        using var store = GeoPackage.GeoPackageStore.OpenReadOnly(path);
        return [.. store.Layers().Select(l => store.Read(l.Name))];
    }
}
