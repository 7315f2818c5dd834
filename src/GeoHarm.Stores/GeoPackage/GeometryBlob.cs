using System.Buffers.Binary;
using NetTopologySuite;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Implementation;
using NetTopologySuite.IO;

namespace GeoHarm.Stores.GeoPackage;

/// <summary>
/// Geometry as GeoPackage binary (OGC 12-128r17, clause 2.1.3): "GP", version, flags, srs id, envelope, then ISO
/// well-known binary. NetTopologySuite.IO.GeoPackage does the work; the srs id is set afterwards so that geometries
/// shared with a layer are not touched. Not for use by several threads at once.
/// </summary>
internal sealed class GeometryBlob
{
    private const int FlagsAt = 3;
    private const int SrsAt = 4;
    private readonly GeoPackageGeoWriter writer = new();
    private readonly GeoPackageGeoReader reader = new(CoordinateArraySequenceFactory.Instance, NtsGeometryServices.Instance.DefaultPrecisionModel);

    /// <summary>The blob of a geometry under the package's srs id.</summary>
    public byte[] Encode(Geometry geometry, int srsId)
    {
        writer.HandleOrdinates = OrdinatesOf(geometry);
        var blob = writer.Write(geometry);
        var place = blob.AsSpan(SrsAt, sizeof(int));
        if ((blob[FlagsAt] & 1) == 1) BinaryPrimitives.WriteInt32LittleEndian(place, srsId);
        else BinaryPrimitives.WriteInt32BigEndian(place, srsId);
        return blob;
    }

    /// <summary>The ordinates that a geometry really has; an empty one has x and y.</summary>
    public static Ordinates OrdinatesOf(Geometry? geometry)
    {
        var sequence = FirstSequence(geometry);
        return Ordinates.XY | (sequence is { HasZ: true } ? Ordinates.Z : 0) | (sequence is { HasM: true } ? Ordinates.M : 0);
    }

    private static CoordinateSequence? FirstSequence(Geometry? geometry) => geometry switch
    {
        null or { IsEmpty: true } => null,
        Point point => point.CoordinateSequence,
        LineString line => line.CoordinateSequence,
        Polygon polygon => polygon.ExteriorRing.CoordinateSequence,
        _ => Enumerable.Range(0, geometry.NumGeometries).Select(i => FirstSequence(geometry.GetGeometryN(i))).FirstOrDefault(s => s is not null),
    };

    /// <summary>The geometry of a blob. Throws <see cref="StoreException"/> when it is not GeoPackage binary.</summary>
    public Geometry Decode(byte[] blob, string table, long row)
    {
        try
        {
            return reader.Read(blob);
        }
        catch (Exception failure) when (failure is ParseException or IOException or ArgumentException or InvalidOperationException or IndexOutOfRangeException or OverflowException)
        {
            throw new StoreException($"Table '{table}', row {row}: the geometry cannot be read ({failure.Message}).", "The file is damaged, or holds curves: repair it, or convert it with ogr2ogr -nlt CONVERT_TO_LINEAR.", failure);
        }
    }
}
