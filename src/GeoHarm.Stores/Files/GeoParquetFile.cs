using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.Importers;

namespace GeoHarm.Stores.Files;

/// <summary>GeoParquet files.</summary>
internal static class GeoParquetFile
{
    /// <summary>What an import of the file makes.</summary>
    public static ImportOutcome Outcome(string path, Provenance origin, ImportRequest request) =>
        throw new InvalidInputException([new Fault(FaultSeverity.Error, "GH4047", path, "", "GeoParquet is not read yet.", "Convert it with ogr2ogr -f GPKG.")]);
}
