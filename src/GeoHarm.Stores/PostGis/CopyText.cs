using System.Buffers.Binary;
using System.Globalization;
using GeoHarm.Spatial.Layers;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;

namespace GeoHarm.Stores.PostGis;

/// <summary>Rows in the text form of PostgreSQL's COPY: tabs between, \N for nothing, geometry as EWKB in hex.</summary>
internal sealed class CopyText(TextWriter writer) : IDisposable
{
    private const uint SridFlag = 0x2000_0000;

    /// <summary>Writes all rows of a layer: number, geometry, columns.</summary>
    public void Rows(Layer layer)
    {
        for (var row = 0; row < layer.RowCount; row++)
        {
            writer.Write((row + 1).ToString(CultureInfo.InvariantCulture));
            if (layer.HasGeometry)
            {
                writer.Write('\t');
                writer.Write(layer.GeometryAt(row) is { } geometry ? Hex(geometry, layer.Crs!.Epsg) : "\\N");
            }
            foreach (var column in layer.Columns)
            {
                writer.Write('\t');
                Cell(column, row);
            }
            writer.Write('\n');
        }
    }

    /// <summary>Ends the COPY.</summary>
    public void Dispose() => writer.Dispose();

    private void Cell(Column column, int row)
    {
        var text = column.TextAt(row);
        if (text is null)
        {
            writer.Write("\\N");
            return;
        }
        if (column.Type == FieldType.Text && text.AsSpan().ContainsAny("\\\t\n\r"))
        {
            text = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal);
        }
        writer.Write(text);
    }

    private static string Hex(Geometry geometry, int srid)
    {
        var ordinates = GeoPackage.GeometryBlob.OrdinatesOf(geometry);
        var bytes = new WKBWriter(ByteOrder.LittleEndian, handleSRID: false, ordinates.HasFlag(Ordinates.Z), ordinates.HasFlag(Ordinates.M)).Write(geometry);
        if (srid <= 0) return Convert.ToHexString(bytes);
        // EWKB: the flag in the type, then the number, then the rest.
        var tagged = new byte[bytes.Length + sizeof(int)];
        tagged[0] = bytes[0];
        BinaryPrimitives.WriteUInt32LittleEndian(tagged.AsSpan(1), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(1)) | SridFlag);
        BinaryPrimitives.WriteInt32LittleEndian(tagged.AsSpan(5), srid);
        bytes.AsSpan(5).CopyTo(tagged.AsSpan(9));
        return Convert.ToHexString(tagged);
    }
}
