using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Types;
using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.GeoPackage;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;
using Column = GeoHarm.Spatial.Layers.Column;

namespace GeoHarm.Stores.Files;

/// <summary>Columns and geometries of layers as Arrow arrays and back.</summary>
internal static class ArrowColumns
{
    private static readonly StructType BoxType = new([.. new[] { "xmin", "ymin", "xmax", "ymax" }.Select(s => new Field(s, DoubleType.Default, nullable: false))]);

    /// <summary>A column without rows.</summary>
    public static Column Empty(string name, FieldType type, string? unit) => type switch
    {
        FieldType.Integer => Column.Integer(name, [], unit),
        FieldType.Real => Column.Real(name, [], unit),
        FieldType.Date => Column.Date(name, []),
        _ => Column.Text(name, []),
    };

    /// <summary>The Arrow fields of a layer: columns, then geometry and its boxes.</summary>
    public static IEnumerable<Field> Fields(Layer layer, string geometryColumn, string boxColumn)
    {
        foreach (var column in layer.Columns) yield return new Field(column.Name, TypeOf(column.Type), nullable: true);
        if (!layer.HasGeometry) yield break;
        yield return new Field(geometryColumn, BinaryType.Default, nullable: true);
        yield return new Field(boxColumn, BoxType, nullable: true);
    }

    /// <summary>The arrays of a part, in the order of the fields.</summary>
    public static IEnumerable<IArrowArray> Arrays(Layer part)
    {
        foreach (var column in part.Columns) yield return Array(column);
        if (!part.HasGeometry) yield break;
        yield return Shapes(part);
        yield return Boxes(part);
    }

    /// <summary>What an Arrow type becomes; null for lists, structs and bytes, which no column holds.</summary>
    public static FieldType? FieldTypeOf(IArrowType type) => type switch
    {
        Int8Type or Int16Type or Int32Type or Int64Type or UInt8Type or UInt16Type or UInt32Type or BooleanType => FieldType.Integer,
        UInt64Type or FloatType or DoubleType or Decimal128Type => FieldType.Real,
        Date32Type or Date64Type => FieldType.Date,
        StringType or LargeStringType or StringViewType or TimestampType => FieldType.Text,
        DictionaryType { ValueType: StringType or LargeStringType or StringViewType } => FieldType.Text,
        _ => null,
    };

    /// <summary>An array as a column.</summary>
    public static Column ToColumn(string name, string? unit, IArrowArray array)
    {
        var rows = Enumerable.Range(0, array.Length);
        return FieldTypeOf(array.Data.DataType) switch
        {
            FieldType.Integer => Column.Integer(name, rows.Select(r => Whole(array, r)), unit),
            FieldType.Real => Column.Real(name, rows.Select(r => Number(array, r)), unit),
            FieldType.Date => Column.Date(name, rows.Select(r => array switch { Date32Array d => d.GetDateOnly(r), Date64Array d => d.GetDateOnly(r), _ => (DateOnly?)null })),
            _ => Column.Text(name, rows.Select(r => Text(array, r))),
        };
    }

    /// <summary>An array of WKB as geometries. Throws <see cref="ParseException"/> where it is none.</summary>
    public static Geometry?[] ToGeometries(IArrowArray array, WKBReader reader)
    {
        var geometries = new Geometry?[array.Length];
        for (var row = 0; row < geometries.Length; row++)
        {
            if (array.IsNull(row)) continue;
            geometries[row] = reader.Read((array switch
            {
                BinaryArray a => a.GetBytes(row),
                LargeBinaryArray a => a.GetBytes(row),
                BinaryViewArray a => a.GetBytes(row),
                _ => throw new ParseException($"a column of {array.Data.DataType.Name} holds no WKB"),
            }).ToArray());
        }
        return geometries;
    }

    private static ArrowType TypeOf(FieldType type) => type switch
    {
        FieldType.Integer => Int64Type.Default,
        FieldType.Real => DoubleType.Default,
        FieldType.Date => Date32Type.Default,
        _ => StringType.Default,
    };

    private static IArrowArray Array(Column column)
    {
        switch (column.Type)
        {
            case FieldType.Integer:
                var integers = new Int64Array.Builder().Reserve(column.Count);
                for (var row = 0; row < column.Count; row++) integers.Append(column.IntegerAt(row));
                return integers.Build();
            case FieldType.Real:
                var reals = new DoubleArray.Builder().Reserve(column.Count);
                for (var row = 0; row < column.Count; row++) reals.Append(column.IsNull(row) ? null : column.Number(row));
                return reals.Build();
            case FieldType.Date:
                var dates = new Date32Array.Builder().Reserve(column.Count);
                for (var row = 0; row < column.Count; row++)
                {
                    if (column.DateAt(row) is { } date) dates.Append(date);
                    else dates.AppendNull();
                }
                return dates.Build();
            default:
                var texts = new StringArray.Builder();
                for (var row = 0; row < column.Count; row++) texts.Append(column.TextAt(row));
                return texts.Build();
        }
    }

    private static BinaryArray Shapes(Layer part)
    {
        var shapes = new BinaryArray.Builder();
        var writers = new Dictionary<Ordinates, WKBWriter>();
        for (var row = 0; row < part.RowCount; row++)
        {
            if (part.GeometryAt(row) is not { } geometry)
            {
                shapes.AppendNull();
                continue;
            }
            var ordinates = GeometryBlob.OrdinatesOf(geometry);
            if (!writers.TryGetValue(ordinates, out var writer)) writers[ordinates] = writer = new WKBWriter(ByteOrder.LittleEndian, handleSRID: false, ordinates.HasFlag(Ordinates.Z), ordinates.HasFlag(Ordinates.M));
            shapes.Append(writer.Write(geometry).AsSpan());
        }
        return shapes.Build();
    }

    private static StructArray Boxes(Layer part)
    {
        var sides = new[] { new DoubleArray.Builder(), new DoubleArray.Builder(), new DoubleArray.Builder(), new DoubleArray.Builder() };
        var present = new ArrowBuffer.BitmapBuilder();
        for (var row = 0; row < part.RowCount; row++)
        {
            var box = part.GeometryAt(row) is { IsEmpty: false } geometry ? geometry.EnvelopeInternal : null;
            present.Append(box is not null);
            sides[0].Append(box?.MinX ?? 0);
            sides[1].Append(box?.MinY ?? 0);
            sides[2].Append(box?.MaxX ?? 0);
            sides[3].Append(box?.MaxY ?? 0);
        }
        var absent = present.UnsetBitCount;
        return new StructArray(BoxType, part.RowCount, sides.Select(s => s.Build()), present.Build(), absent);
    }

    private static long? Whole(IArrowArray array, int row) => array switch
    {
        _ when array.IsNull(row) => null,
        Int64Array a => a.GetValue(row),
        Int32Array a => a.GetValue(row),
        Int16Array a => a.GetValue(row),
        Int8Array a => a.GetValue(row),
        UInt32Array a => a.GetValue(row),
        UInt16Array a => a.GetValue(row),
        UInt8Array a => a.GetValue(row),
        BooleanArray a => a.GetValue(row) is true ? 1 : 0,
        _ => null,
    };

    private static double Number(IArrowArray array, int row) => array switch
    {
        _ when array.IsNull(row) => double.NaN,
        DoubleArray a => a.GetValue(row) ?? double.NaN,
        FloatArray a => a.GetValue(row) ?? double.NaN,
        UInt64Array a => a.GetValue(row) ?? double.NaN,
        Decimal128Array a => double.Parse(a.GetString(row), CultureInfo.InvariantCulture),
        _ => double.NaN,
    };

    private static string? Text(IArrowArray array, int row) => array switch
    {
        _ when array.IsNull(row) => null,
        StringArray a => a.GetString(row),
        LargeStringArray a => a.GetString(row),
        StringViewArray a => a.GetString(row),
        TimestampArray a => a.GetTimestamp(row)?.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFzzz", CultureInfo.InvariantCulture),
        DictionaryArray a => Whole(a.Indices, row) is { } index ? Text(a.Dictionary, (int)index) : null,
        _ => null,
    };
}
