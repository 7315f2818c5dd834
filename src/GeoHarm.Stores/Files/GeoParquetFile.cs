using Apache.Arrow;
using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.GeoPackage;
using GeoHarm.Stores.Importers;
using NetTopologySuite;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Implementation;
using NetTopologySuite.IO;
using ParquetSharp;
using ParquetSharp.Arrow;

namespace GeoHarm.Stores.Files;

/// <summary>
/// GeoParquet 1.1 (geoparquet.org/releases/v1.1.0): geometry as WKB, a covering column of boxes whose statistics let a reader
/// pass over groups of rows, the coordinate system as PROJJSON. Files of other programs are read too; plain Parquet is a table.
/// </summary>
public static class GeoParquetFile
{
    /// <summary>Rows of one row group: few enough that an extent passes over most of a file, enough to compress well.</summary>
    private const int GroupRows = 16_384;

    private static readonly NtsGeometryServices Packed = new(PackedCoordinateSequenceFactory.DoubleFactory, NtsGeometryServices.Instance.DefaultPrecisionModel, 0);

    /// <summary>Writes what may leave. The same layer gives the same bytes. Throws <see cref="StoreException"/>.</summary>
    public static void Write(string path, PublishedLayer published)
    {
        using var parts = new LayerParts([published.Layer]);
        WriteOwn(path, parts, 0);
    }

    /// <summary>Writes an analyst's own layer, part by part, into the analyst's own store; nothing leaves by it.</summary>
    internal static void WriteOwn(string path, LayerParts parts, long before)
    {
        var first = parts.First;
        LayerTable.RefuseNames(first);
        var (geometryColumn, boxColumn) = (FreeName(first, "geometry"), FreeName(first, "bbox"));
        using var rest = parts.All().GetEnumerator();
        rest.MoveNext();
        // The head of the file is written first: types and bounds are told only where the first part is the whole.
        Layer? next = rest.MoveNext() ? rest.Current : null;
        var schema = new Apache.Arrow.Schema(ArrowColumns.Fields(first, geometryColumn, boxColumn), GeoParquetMetadata.Of(first, geometryColumn, boxColumn, next is null && first.HasGeometry ? new ShapesWritten(first) : null, before + 1));
        AtomicFile.Replace(path, temporary =>
        {
            using var form = new WriterPropertiesBuilder().Compression(Compression.Zstd).MaxRowGroupLength(GroupRows).CreatedBy("GeoHarm").Build();
            using var arrow = new ArrowWriterPropertiesBuilder().UseThreads(false).StoreSchema().Build();
            using var writer = new FileWriter(temporary, schema, form, arrow);
            for (var part = first; part is not null; part = next, next = part is not null && rest.MoveNext() ? rest.Current : null)
            {
                foreach (var piece in part.Cut(GroupRows))
                {
                    using var batch = new RecordBatch(schema, ArrowColumns.Arrays(piece), piece.RowCount);
                    writer.WriteBufferedRecordBatch(batch);
                }
            }
            writer.Close();
        });
    }

    /// <summary>What is said of the file, without reading its rows.</summary>
    internal static LayerInfo Said(string path) => Guarded(path, () =>
    {
        using var reader = new FileReader(path);
        var metadata = GeoParquetMetadata.Read(reader.ParquetReader.FileMetaData.KeyValueMetadata);
        var rows = reader.ParquetReader.FileMetaData.NumRows;
        return metadata.Own is { } own
            ? new LayerInfo(own.Name, own.Title, rows, own.HasGeometry, own.Sensitivity, own.Provenance, metadata.Version)
            : new LayerInfo(TableNames.Of(path), TableNames.Of(path), rows, metadata.GeometryColumn is not null, Sensitivity.Open, Provenance.Unknown with { Source = Path.GetFileName(path) });
    });

    /// <summary>The rows that match, in parts. Throws <see cref="InvalidInputException"/> (GH4044, GH4061) when the file cannot be read.</summary>
    internal static IEnumerable<Layer> Parts(string path, LayerQuery query, int rows, List<Fault>? faults = null)
    {
        // A column that is not there is the asker's fault, whatever fails later the file's.
        if (query is not { Equal: null, Time: null }) LayerSelection.Of(Guarded(path, () => Like(path)), query);
        using var each = Stream(path, query, rows, faults ?? []).GetEnumerator();
        while (Guarded(path, each.MoveNext)) yield return each.Current;
    }

    /// <summary>Whether GeoHarm wrote the file.</summary>
    internal static bool IsOwn(string path) => Guarded(path, () =>
    {
        using var reader = new FileReader(path);
        return reader.ParquetReader.FileMetaData.KeyValueMetadata.ContainsKey(GeoParquetMetadata.OwnKey);
    });

    /// <summary>The file's layer without rows.</summary>
    private static Layer Like(string path)
    {
        using var reader = new FileReader(path);
        return new Shape(path, reader, GeoParquetMetadata.Read(reader.ParquetReader.FileMetaData.KeyValueMetadata), []).Empty();
    }

    private static IEnumerable<Layer> Stream(string path, LayerQuery query, int rows, List<Fault> faults)
    {
        using var form = ReaderProperties.GetDefaultReaderProperties();
        using var arrow = ArrowReaderProperties.GetDefault();
        arrow.UseThreads = false;
        arrow.BatchSize = Math.Min(rows, GroupRows);
        using var reader = new FileReader(path, form, arrow);
        var metadata = GeoParquetMetadata.Read(reader.ParquetReader.FileMetaData.KeyValueMetadata);
        var shape = new Shape(path, reader, metadata, faults);
        var groups = Groups(reader, metadata, query).ToArray();
        var yielded = false;
        if (groups.Length > 0)
        {
            using var batches = reader.GetRecordBatchReader(groups, null);
            foreach (var part in LayerSelection.Of(Gathered(batches, shape, rows), query))
            {
                yielded = true;
                yield return part;
            }
        }
        if (!yielded) yield return LayerSelection.Of(shape.Empty(), query);
    }

    /// <summary>Batches end where row groups end; they are joined to parts of the size asked for.</summary>
    private static IEnumerable<Layer> Gathered(Apache.Arrow.Ipc.IArrowArrayStream batches, Shape shape, int rows)
    {
        var held = new List<Layer>();
        var count = 0;
        while (batches.ReadNextRecordBatchAsync().AsTask().GetAwaiter().GetResult() is { } batch)
        {
            using (batch)
            {
                var part = shape.ToLayer(batch);
                if (count > 0 && count + part.RowCount > rows)
                {
                    yield return shape.Join(held);
                    held.Clear();
                    count = 0;
                }
                held.Add(part);
                count += part.RowCount;
            }
        }
        if (count > 0) yield return shape.Join(held);
    }

    /// <summary>The row groups whose boxes meet the extent, by the statistics of the covering column; all where there are none.</summary>
    private static IEnumerable<int> Groups(FileReader reader, GeoParquetMetadata metadata, LayerQuery query)
    {
        var (parquet, all) = (reader.ParquetReader, Enumerable.Range(0, reader.NumRowGroups));
        if (query.Extent is not { } extent || metadata.BoxColumn is not { } box) return all;
        var schema = parquet.FileMetaData.Schema;
        var sides = new[] { "xmin", "ymin", "xmax", "ymax" }.Select(s => Enumerable.Range(0, schema.NumColumns).FirstOrDefault(c => schema.Column(c).Path.ToDotString() == $"{box}.{s}", -1)).ToArray();
        return sides.Contains(-1) ? all : all.Where(Meets);

        bool Meets(int group)
        {
            using var rows = parquet.RowGroup(group);
            double? Bound(int side, bool least) => rows.MetaData.GetColumnChunkMetaData(sides[side]).Statistics switch
            {
                Statistics<double> { HasMinMax: true } s => least ? s.Min : s.Max,
                Statistics<float> { HasMinMax: true } s => least ? s.Min : s.Max,
                _ => null,
            };
            // A group of nothing but empty geometries has no bounds, and no row to find: it is read all the same.
            return !(Bound(0, true) > extent.MaxX || Bound(1, true) > extent.MaxY || Bound(2, false) < extent.MinX || Bound(3, false) < extent.MinY);
        }
    }

    private static string FreeName(Layer layer, string wanted)
    {
        while (layer.Columns.Any(c => c.Name.Equals(wanted, StringComparison.OrdinalIgnoreCase))) wanted += "_";
        return wanted;
    }

    private static T Guarded<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        // The native reader throws the plain Exception for much of what can be wrong with a page.
        catch (Exception failure) when (failure is not (InvalidInputException or OutOfMemoryException or OperationCanceledException))
        {
            throw new InvalidInputException([new Fault(FaultSeverity.Error, "GH4044", path, "", $"The file cannot be read: {failure.Message}", "Download it again, or convert it with ogr2ogr -f GPKG.")]);
        }
    }

    /// <summary>How the columns of a file become those of a layer.</summary>
    private sealed class Shape
    {
        private readonly WKBReader wkb = new(Packed);
        private readonly int geometry = -1;
        private readonly List<(int Index, string Name, FieldType Type, string? Unit)> columns = [];
        private readonly Layer like;

        public Shape(string path, FileReader reader, GeoParquetMetadata metadata, List<Fault> faults)
        {
            if (metadata.Encoding != "WKB") throw new InvalidDataException($"its geometry is encoded as '{metadata.Encoding}', not as WKB");
            var fields = reader.Schema.FieldsList;
            var names = PlainTable.Names([.. fields.Select(f => f.Name)]);
            for (var i = 0; i < fields.Count; i++)
            {
                var name = fields[i].Name;
                if (name == metadata.GeometryColumn) geometry = i;
                else if (name == metadata.BoxColumn || metadata.GeometryColumns.Contains(name)) continue;
                else if (ArrowColumns.FieldTypeOf(fields[i].DataType) is { } type) columns.Add((i, metadata.Own is null ? names[i] : name, type, metadata.Own is { } own && own.Has(name) ? own[name].Unit : null));
                else faults.Add(new Fault(FaultSeverity.Warning, "GH4047", path, $"column {name}", $"The column holds {fields[i].DataType.Name}, which no layer takes; it is left out.", "Nothing to do, unless you need it: unfold it into plain columns first."));
            }
            if (metadata.GeometryColumn is { } wanted && geometry < 0) throw new InvalidDataException($"the geometry column '{wanted}' that its metadata names is not there");
            if (geometry >= 0 && metadata.Crs is null) faults.Add(new Fault(FaultSeverity.Warning, "GH4061", path, "", "The coordinate system is not given; longitude and latitude on WGS 84 are taken.", "Set it in the file's metadata if it is another."));
            var title = TableNames.Of(path);
            like = metadata.Own ?? new Layer(title, [], geometry < 0 ? null : [], metadata.Crs ?? CoordinateSystem.Wgs84, provenance: Provenance.Unknown with { Source = Path.GetFileName(path) }, title: title);
        }

        public Layer Empty() => Of([.. columns.Select(c => ArrowColumns.Empty(c.Name, c.Type, c.Unit))], []);

        public Layer ToLayer(RecordBatch batch) =>
            Of([.. columns.Select(c => ArrowColumns.ToColumn(c.Name, c.Unit, batch.Column(c.Index)))], geometry < 0 ? [] : ArrowColumns.ToGeometries(batch.Column(geometry), wkb));

        public Layer Join(List<Layer> parts) => parts.Count == 1 ? parts[0] : Of(
            [.. columns.Select((_, i) => Spatial.Layers.Column.Concatenate([.. parts.Select(p => p.Columns[i])]))], geometry < 0 ? [] : [.. parts.SelectMany(p => Enumerable.Range(0, p.RowCount).Select(p.GeometryAt))]);

        private Layer Of(Spatial.Layers.Column[] cells, Geometry?[] shapes) =>
            new(like.Name, cells, geometry < 0 ? null : shapes, like.Crs, like.Sensitivity, like.Provenance, like.Title, like.Caveats);
    }
}
