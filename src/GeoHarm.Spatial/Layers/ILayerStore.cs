using NetTopologySuite.Geometries;

namespace GeoHarm.Spatial.Layers;

/// <summary>What a store says of a layer without reading its rows.</summary>
/// <param name="Name">Layer name.</param>
/// <param name="Title">Title for people.</param>
/// <param name="RowCount">Rows.</param>
/// <param name="HasGeometry">Whether rows carry geometry.</param>
/// <param name="Sensitivity">Open or sensitive.</param>
/// <param name="Provenance">Origin.</param>
public sealed record LayerInfo(string Name, string Title, long RowCount, bool HasGeometry, Sensitivity Sensitivity, Provenance Provenance);

/// <summary>Which rows to read: all conditions hold together; null conditions are not applied.</summary>
/// <param name="Extent">Rows whose envelope meets this one, in the layer's own coordinates.</param>
/// <param name="Equal">Field values that rows must equal, in invariant text.</param>
/// <param name="Limit">At most so many rows.</param>
public sealed record LayerQuery(Envelope? Extent = null, IReadOnlyDictionary<string, string>? Equal = null, int? Limit = null);

/// <summary>Where layers lie: a GeoPackage, a PostGIS schema, a folder of files. One contract-test suite runs on all.</summary>
public interface ILayerStore : IDisposable
{
    /// <summary>The layers there are, by name.</summary>
    IReadOnlyList<LayerInfo> Layers();

    /// <summary>Reads a layer, or the rows that match the query. Throws <see cref="KeyNotFoundException"/> when absent.</summary>
    Layer Read(string name, LayerQuery? query = null);

    /// <summary>Writes a layer whole or not at all; replaces one of the same name.</summary>
    void Write(Layer layer);
}
