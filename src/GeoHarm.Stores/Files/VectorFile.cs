using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.Importers;

namespace GeoHarm.Stores.Files;

/// <summary>
/// A vector file of any format that GDAL reads as a layer with geometry and attributes, for verbs that work on an analyst's own
/// files without a store. Faults: GH4044 unreadable, GH4061 coordinate system, GH4063 coordinates, GH4069 no such layer.
/// </summary>
public static class VectorFile
{
    /// <summary>Reads the named layer, or the first. Throws <see cref="InvalidInputException"/> with every error; warnings are
    /// added to <paramref name="warnings"/>.</summary>
    public static Layer Read(string path, string? layer, ICollection<Fault> warnings)
    {
        var faults = new List<Fault>();
        var layers = FeatureFile.Read(path, Provenance.Unknown, faults);
        if (faults.Any(f => f.Severity == FaultSeverity.Error)) throw new InvalidInputException(faults);
        foreach (var fault in faults) warnings.Add(fault);
        var found = layer is null ? layers.FirstOrDefault() : layers.FirstOrDefault(l => l.Title == layer || l.Name == layer);
        return found ?? throw new InvalidInputException([new Fault(
            FaultSeverity.Error, "GH4069", path, layer ?? "", $"There is no such layer; the file has {string.Join(", ", layers.Select(l => l.Title))}.", "Give the name of a layer of the file.")]);
    }
}
