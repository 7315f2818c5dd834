using GeoHarm.Spatial.Layers;

namespace GeoHarm.Stores;

/// <summary>A store that can write several layers in one transaction.</summary>
public interface IWritesTogether
{
    /// <summary>Writes the layers, all of them or none.</summary>
    void WriteAll(IEnumerable<Layer> layers);
}
