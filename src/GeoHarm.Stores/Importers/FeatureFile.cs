using GeoHarm.Gdal.Datasets;
using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using NetTopologySuite;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Implementation;
using NetTopologySuite.IO;

namespace GeoHarm.Stores.Importers;

/// <summary>Features of any format that GDAL reads (Shapefile, GeoJSON, TopoJSON, FlatGeobuf, KML, GeoPackage) as layers.</summary>
internal static class FeatureFile
{
    /// <summary>Coordinates in one array a ring instead of an object a vertex: a third of the memory of a grid.</summary>
    private static readonly NtsGeometryServices Packed = new(PackedCoordinateSequenceFactory.DoubleFactory, NtsGeometryServices.Instance.DefaultPrecisionModel, 0);

    /// <summary>All layers of the file, attributes as they stand. Faults of geometry are added to the list.</summary>
    public static List<Layer> Read(string path, Provenance origin, List<Fault> faults) => Guarded(path, faults, () =>
    {
        using var dataset = Open(path);
        var layers = new List<Layer>();
        for (var i = 0; i < dataset.LayerCount; i++) layers.AddRange(Parts(path, dataset.Layer(i), dataset.Driver, dataset.LayerCount == 1, origin, faults, int.MaxValue));
        return layers;
    });

    /// <summary>The only layer of the file in parts, at least one; nothing when the file has several or none.</summary>
    public static IEnumerable<Layer> Parts(string path, Provenance origin, List<Fault> faults, int rows)
    {
        using var dataset = Guarded(path, faults, () => Open(path));
        if (dataset.LayerCount != 1) yield break;
        using var parts = Parts(path, dataset.Layer(0), dataset.Driver, only: true, origin, faults, rows).GetEnumerator();
        while (Guarded(path, faults, parts.MoveNext)) yield return parts.Current;
    }

    private static T Guarded<T>(string path, List<Fault> faults, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (GdalException failure)
        {
            throw new InvalidInputException([.. faults, new Fault(FaultSeverity.Error, "GH4044", path, "", $"The file cannot be read: {failure.Message}", "Download it again, with all its parts (.shp, .shx, .dbf, .prj).")]);
        }
    }

    // A zip is opened through GDAL's archive reader, so that a Shapefile need not be unpacked.
    private static VectorDataset Open(string path) =>
        VectorDataset.Open(path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) ? "/vsizip/" + Path.GetFullPath(path) : path, DriverProfile.OwnFiles);

    private static IEnumerable<Layer> Parts(string path, VectorLayer source, string driver, bool only, Provenance origin, List<Fault> faults, int rows)
    {
        var crs = CrsOf(path, source, driver, faults);
        var wkb = new WKBReader(Packed);
        var before = 0;
        for (var more = true; more;)
        {
            var columns = source.Attributes.Select(a => new AttributeColumn(a)).ToArray();
            var geometries = new List<Geometry?>();
            more = Gather(path, source, before, rows, columns, geometries, wkb, faults);
            if (geometries.Count == 0 && before > 0) yield break;
            before += geometries.Count;
            var names = PlainTable.Names([.. columns.Select(c => c.Name)]);
            var hasGeometry = source.HasGeometry || geometries.Any(g => g is not null);
            yield return new Layer(
                TableNames.Of(only ? path : source.Name), columns.Select((c, i) => c.ToColumn(names[i])).ToArray(), hasGeometry ? geometries : null, hasGeometry ? crs : null,
                provenance: origin with { Source = Path.GetFileName(path), Licence = "unknown" }, title: source.Name);
        }
    }

    /// <summary>Reads the next features; false at the end.</summary>
    private static bool Gather(string path, VectorLayer source, int before, int rows, AttributeColumn[] columns, List<Geometry?> geometries, WKBReader wkb, List<Fault> faults)
    {
        using var reader = before == 0 ? source.Read() : source.ReadOn();
        while (geometries.Count < rows)
        {
            if (!reader.Next()) return false;
            for (var i = 0; i < columns.Length; i++) columns[i].Add(in reader, i);
            geometries.Add(reader.HasGeometry ? Geometry(path, wkb, reader.Wkb().ToArray(), before + geometries.Count + 1, faults) : null);
        }
        return true;
    }

    private static CoordinateSystem CrsOf(string path, VectorLayer source, string driver, List<Fault> faults)
    {
        if (source.Reference is { } reference) return reference.Epsg > 0 ? new CoordinateSystem(reference.Epsg) : new CoordinateSystem(0, reference.Wkt);
        if (source.Extent is { } e && (e.MinX < -360 || e.MaxX > 360 || e.MinY < -90.001 || e.MaxY > 90.001))
        {
            faults.Add(new Fault(FaultSeverity.Error, "GH4061", path, $"layer {source.Name}", "The coordinate system is not given, and the coordinates are no degrees.", "Give the .prj file, or convert with ogr2ogr -a_srs EPSG:n."));
        }
        else if (source.HasGeometry && driver is not ("TopoJSON" or "GeoJSON" or "KML"))
        {
            faults.Add(new Fault(FaultSeverity.Warning, "GH4061", path, $"layer {source.Name}", "The coordinate system is not given; longitude and latitude on WGS 84 are taken.", "Give the .prj file if it is another."));
        }
        return CoordinateSystem.Wgs84;
    }

    private static Geometry? Geometry(string path, WKBReader reader, byte[] bytes, int feature, List<Fault> faults)
    {
        var geometry = reader.Read(bytes);
        var envelope = geometry.EnvelopeInternal;
        if (geometry.IsEmpty || (double.IsFinite(envelope.MinX) && double.IsFinite(envelope.MaxX) && double.IsFinite(envelope.MinY) && double.IsFinite(envelope.MaxY))) return geometry;
        faults.Add(new Fault(FaultSeverity.Error, "GH4063", path, $"feature {feature}", "A coordinate is not finite.", "Correct or remove the feature."));
        return null;
    }

    /// <summary>Gathers one attribute.</summary>
    private sealed class AttributeColumn(Gdal.Datasets.Attribute attribute)
    {
        private readonly List<string?> texts = [];
        private readonly List<long?> integers = [];
        private readonly List<double> reals = [];
        private readonly List<DateOnly?> dates = [];

        public string Name { get; } = attribute.Name;

        public void Add(in FeatureReader reader, int index)
        {
            switch (attribute.Type)
            {
                case AttributeType.Integer or AttributeType.Integer64: integers.Add(reader.IsNull(index) ? null : reader.Integer(index)); break;
                case AttributeType.Real: reals.Add(reader.Real(index)); break;
                case AttributeType.Date: dates.Add(reader.Date(index) is { } date ? DateOnly.FromDateTime(date) : null); break;
                default: texts.Add(reader.Text(index)); break;
            }
        }

        public Column ToColumn(string name) => attribute.Type switch
        {
            AttributeType.Integer or AttributeType.Integer64 => Column.Integer(name, integers),
            AttributeType.Real => Column.Real(name, reals),
            AttributeType.Date => Column.Date(name, dates),
            _ => Column.Text(name, texts),
        };
    }
}
