using System.Buffers.Binary;
using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.GeoPackage;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;
using Npgsql;
using NpgsqlTypes;

namespace GeoHarm.Stores.PostGis;

/// <summary>
/// Rows in the binary form of PostgreSQL's COPY: no number is turned into text here and back into a number there, and
/// geometry goes as EWKB in half the bytes of its hex form. Committed only by <see cref="Complete"/>.
/// </summary>
internal sealed class CopyBinary(NpgsqlBinaryImporter importer) : IDisposable
{
    private const uint SridFlag = 0x2000_0000;

    /// <summary>Byte order and type stand before the SRID.</summary>
    private const int HeadBytes = 5;

    private readonly Dictionary<Ordinates, WKBWriter> writers = [];
    private byte[] shape = new byte[1024];
    private long number;

    /// <summary>Writes all rows of a part: number, geometry, columns.</summary>
    public void Rows(Layer part)
    {
        for (var row = 0; row < part.RowCount; row++)
        {
            importer.StartRow();
            importer.Write(++number, NpgsqlDbType.Bigint);
            if (part.HasGeometry)
            {
                if (part.GeometryAt(row) is { } geometry) importer.Write(Ewkb(geometry, part.Crs!.Epsg), NpgsqlDbType.Bytea);
                else importer.WriteNull();
            }
            foreach (var column in part.Columns) Cell(column, row);
        }
    }

    /// <summary>Ends the COPY; without it nothing is kept.</summary>
    public void Complete() => importer.Complete();

    /// <inheritdoc/>
    public void Dispose() => importer.Dispose();

    private void Cell(Column column, int row)
    {
        if (column.IsNull(row))
        {
            importer.WriteNull();
            return;
        }
        switch (column.Type)
        {
            case FieldType.Integer: importer.Write(column.IntegerAt(row)!.Value, NpgsqlDbType.Bigint); break;
            case FieldType.Real: importer.Write(column.Number(row), NpgsqlDbType.Double); break;
            case FieldType.Date: importer.Write(column.DateAt(row)!.Value, NpgsqlDbType.Date); break;
            default: importer.Write(column.TextAt(row)!, NpgsqlDbType.Text); break;
        }
    }

    /// <summary>The geometry as EWKB: its well-known binary with the SRID flagged in the type and set behind it. Valid until the next.</summary>
    private ReadOnlyMemory<byte> Ewkb(Geometry geometry, int srid)
    {
        var ordinates = GeometryBlob.OrdinatesOf(geometry);
        if (!writers.TryGetValue(ordinates, out var writer))
        {
            writers[ordinates] = writer = new WKBWriter(ByteOrder.LittleEndian, handleSRID: false, ordinates.HasFlag(Ordinates.Z), ordinates.HasFlag(Ordinates.M));
        }
        var bytes = writer.Write(geometry);
        if (srid <= 0) return bytes;
        if (shape.Length < bytes.Length + sizeof(int)) shape = new byte[2 * bytes.Length];
        shape[0] = bytes[0];
        BinaryPrimitives.WriteUInt32LittleEndian(shape.AsSpan(1), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(1)) | SridFlag);
        BinaryPrimitives.WriteInt32LittleEndian(shape.AsSpan(HeadBytes), srid);
        bytes.AsSpan(HeadBytes).CopyTo(shape.AsSpan(HeadBytes + sizeof(int)));
        return shape.AsMemory(0, bytes.Length + sizeof(int));
    }
}
