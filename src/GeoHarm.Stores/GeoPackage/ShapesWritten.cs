using GeoHarm.Spatial.Layers;
using NetTopologySuite.Geometries;

namespace GeoHarm.Stores.GeoPackage;

/// <summary>What the registers of a package say of the geometry of a table, gathered while its rows are written.</summary>
internal sealed class ShapesWritten
{
    private readonly List<Envelope?> envelopes = [];
    private readonly SortedSet<string> parquetTypes = new(StringComparer.Ordinal);
    private string? type;

    /// <summary>Nothing yet.</summary>
    public ShapesWritten()
    {
    }

    /// <summary>What a layer holds.</summary>
    public ShapesWritten(Layer layer)
    {
        for (var row = 0; row < layer.RowCount && layer.HasGeometry; row++) Add(layer.GeometryAt(row));
    }

    /// <summary>Bounds by row, for the index; null for rows without.</summary>
    public IReadOnlyList<Envelope?> Envelopes => envelopes;

    /// <summary>Bounds of all.</summary>
    public Envelope Extent { get; } = new();

    /// <summary>The one type of all rows, else GEOMETRY.</summary>
    public string Type => type ?? "GEOMETRY";

    /// <summary>All types by the names of GeoParquet, such as "Point Z"; it knows none for measures.</summary>
    public IReadOnlyCollection<string> ParquetTypes => parquetTypes;

    /// <summary>0 no row has heights, 2 some have.</summary>
    public int Z { get; private set; }

    /// <summary>0 no row has measures, 2 some have.</summary>
    public int M { get; private set; }

    /// <summary>Takes the next row.</summary>
    public void Add(Geometry? geometry)
    {
        var envelope = geometry is { IsEmpty: false } ? geometry.EnvelopeInternal : null;
        envelopes.Add(envelope);
        if (envelope is not null) Extent.ExpandToInclude(envelope);
        if (geometry is null) return;
        var own = geometry is LinearRing ? "LINESTRING" : geometry.GeometryType.ToUpperInvariant();
        type = type is null || type == own ? own : "GEOMETRY";
        var ordinates = GeometryBlob.OrdinatesOf(geometry);
        parquetTypes.Add((geometry is LinearRing ? "LineString" : geometry.GeometryType) + (ordinates.HasFlag(Ordinates.Z) ? " Z" : ""));
        if (ordinates.HasFlag(Ordinates.Z)) Z = 2;
        if (ordinates.HasFlag(Ordinates.M)) M = 2;
    }
}
