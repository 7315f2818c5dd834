using NetTopologySuite.Geometries;

namespace GeoHarm.Spatial.Layers;

/// <summary>What a store says of a layer without reading its rows.</summary>
/// <param name="Name">Layer name.</param>
/// <param name="Title">Title for people.</param>
/// <param name="RowCount">Rows.</param>
/// <param name="HasGeometry">Whether rows carry geometry.</param>
/// <param name="Sensitivity">Open or sensitive.</param>
/// <param name="Provenance">Origin.</param>
/// <param name="Version">How often it was written, from 1; 0 where another program wrote it.</param>
public sealed record LayerInfo(string Name, string Title, long RowCount, bool HasGeometry, Sensitivity Sensitivity, Provenance Provenance, long Version = 0);

/// <summary>Rows of a span of time, both ends included.</summary>
/// <param name="Field">A column of dates, or of whole years.</param>
/// <param name="From">First day; of a column of years its year counts.</param>
/// <param name="To">Last day; of a column of years its year counts.</param>
public sealed record TimeRange(string Field, DateOnly From, DateOnly To)
{
    /// <summary>All days of the years.</summary>
    public static TimeRange Years(string field, int from, int to) => new(field, new DateOnly(from, 1, 1), new DateOnly(to, 12, 31));
}

/// <summary>Which rows to read: all conditions hold together; null conditions are not applied.</summary>
/// <param name="Extent">Rows whose envelope meets this one, in the layer's own coordinates.</param>
/// <param name="Equal">Field values that rows must equal, in invariant text.</param>
/// <param name="Limit">At most so many rows.</param>
/// <param name="Time">Rows of a span of time; rows without a date are not of it.</param>
public sealed record LayerQuery(Envelope? Extent = null, IReadOnlyDictionary<string, string>? Equal = null, int? Limit = null, TimeRange? Time = null);

/// <summary>Where layers lie: a GeoPackage, a PostGIS schema, a folder of files. One contract-test suite runs on all.</summary>
public interface ILayerStore : IDisposable
{
    /// <summary>Rows of one part, unless said otherwise: a few megabytes of polygons.</summary>
    const int RowsOfPart = 4096;

    /// <summary>The layers there are, by name.</summary>
    IReadOnlyList<LayerInfo> Layers();

    /// <summary>Reads a layer, or the rows that match the query. Throws <see cref="KeyNotFoundException"/> when the layer or a
    /// column of the query is absent, <see cref="ArgumentException"/> when the time range names a column that holds none.</summary>
    Layer Read(string name, LayerQuery? query = null);

    /// <summary>
    /// The rows of <see cref="Read"/> as layers of at most <paramref name="rows"/> rows each, one after the other as they are asked
    /// for, so that no more than one part need be held. All parts show the layer as it was when the first was asked for. There
    /// is at least one part, without rows where none match.
    /// </summary>
    IEnumerable<Layer> Parts(string name, LayerQuery? query = null, int rows = RowsOfPart);

    /// <summary>Writes a layer whole or not at all; replaces one of the same name.</summary>
    void Write(Layer layer);

    /// <summary>
    /// Writes the rows of all parts as one layer, whole or not at all: an exception of the enumeration leaves the store as it was.
    /// The first part says what the layer is; the others have its columns. Throws <see cref="ArgumentException"/> without parts
    /// or when their columns differ.
    /// </summary>
    void WriteParts(IEnumerable<Layer> parts);
}
