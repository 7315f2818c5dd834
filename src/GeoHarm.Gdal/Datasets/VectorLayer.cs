using GeoHarm.Gdal.Native;

namespace GeoHarm.Gdal.Datasets;

/// <summary>Type of an attribute, by GDAL's numbers.</summary>
public enum AttributeType
{
    /// <summary>32-bit whole numbers.</summary>
    Integer = 0,

    /// <summary>A list of 32-bit numbers; read it as text.</summary>
    IntegerList = 1,

    /// <summary>Double-precision numbers.</summary>
    Real = 2,

    /// <summary>A list of numbers; read it as text.</summary>
    RealList = 3,

    /// <summary>Text.</summary>
    Text = 4,

    /// <summary>A list of texts; read it as text.</summary>
    TextList = 5,

    /// <summary>Bytes.</summary>
    Binary = 8,

    /// <summary>Calendar date.</summary>
    Date = 9,

    /// <summary>Time of day.</summary>
    Time = 10,

    /// <summary>Date and time.</summary>
    DateTime = 11,

    /// <summary>64-bit whole numbers.</summary>
    Integer64 = 12,

    /// <summary>A list of 64-bit numbers; read it as text.</summary>
    Integer64List = 13,
}

/// <summary>One attribute of a layer.</summary>
/// <param name="Name">Field name.</param>
/// <param name="Type">Type.</param>
/// <param name="IsBoolean">Whether the whole numbers are 0 and 1.</param>
/// <param name="Width">Declared width in characters, 0 where there is none.</param>
public sealed record Attribute(string Name, AttributeType Type, bool IsBoolean, int Width);

/// <summary>One layer of an open vector source. Valid while the source is open, on its thread.</summary>
public sealed unsafe class VectorLayer
{
    private const int BooleanSubtype = 1;
    private const uint GeometryNone = 100;

    internal VectorLayer(DatasetHandle dataset, nint native)
    {
        (Dataset, Native) = (dataset, native);
        Name = Libgdal.Text(Libgdal.LayerName(native));
        HasGeometry = Libgdal.LayerGeometryType(native) != GeometryNone;
        GeometryColumn = Libgdal.Text(Libgdal.LayerGeometryColumn(native));
        FidColumn = Libgdal.Text(Libgdal.LayerFidColumn(native));
        var definition = Libgdal.LayerDefinition(native);
        var attributes = new Attribute[Libgdal.FieldCount(definition)];
        for (var i = 0; i < attributes.Length; i++)
        {
            var field = Libgdal.GetFieldDefinition(definition, i);
            attributes[i] = new Attribute(
                Libgdal.Text(Libgdal.FieldName(field)), (AttributeType)Libgdal.FieldKind(field), Libgdal.FieldSubtype(field) == BooleanSubtype, Libgdal.FieldWidth(field));
        }
        Attributes = attributes;
    }

    /// <summary>Layer name.</summary>
    public string Name { get; }

    /// <summary>Whether features carry geometry.</summary>
    public bool HasGeometry { get; }

    /// <summary>Name of the geometry column, empty where the format has none.</summary>
    public string GeometryColumn { get; }

    /// <summary>Name of the column of feature numbers, empty where the format has none.</summary>
    public string FidColumn { get; }

    /// <summary>Attributes in order; their index is what the reader takes.</summary>
    public IReadOnlyList<Attribute> Attributes { get; }

    /// <summary>Features that pass the filters; counts them when the format does not know.</summary>
    public long FeatureCount
    {
        get
        {
            Dataset.Enter();
            return Libgdal.LayerFeatureCount(Native, 1);
        }
    }

    /// <summary>Coordinate system; null where the source does not say.</summary>
    public SpatialReference? Reference
    {
        get
        {
            Dataset.Enter();
            return SpatialReference.FromBorrowed(Libgdal.LayerSpatialRef(Native));
        }
    }

    /// <summary>Bounds of all geometry; null when there is none.</summary>
    public (double MinX, double MinY, double MaxX, double MaxY)? Extent
    {
        get
        {
            Dataset.Enter();
            var four = stackalloc double[4];
            using var trap = ErrorTrap.Enter();
            return HasGeometry && Libgdal.LayerExtent(Native, four, 1) == 0 ? (four[0], four[2], four[1], four[3]) : null;
        }
    }

    internal DatasetHandle Dataset { get; }

    internal nint Native { get; }

    /// <summary>Index of an attribute; -1 where there is none of that name.</summary>
    public int IndexOf(string attribute)
    {
        for (var i = 0; i < Attributes.Count; i++)
        {
            if (Attributes[i].Name == attribute) return i;
        }
        return -1;
    }

    /// <summary>Restricts reading to features whose geometry meets the rectangle; null lifts the restriction.</summary>
    public void FilterExtent((double MinX, double MinY, double MaxX, double MaxY)? extent)
    {
        Dataset.Enter();
        if (extent is { } e) Libgdal.SetSpatialFilter(Native, e.MinX, e.MinY, e.MaxX, e.MaxY);
        else Libgdal.SetSpatialFilterGeometry(Native, 0);
    }

    /// <summary>Restricts reading to features that meet an SQL condition; null lifts the restriction. The condition is
    /// the program's own: text of a user's must not be joined into it.</summary>
    public void FilterAttributes(string? condition)
    {
        Dataset.Enter();
        using var trap = ErrorTrap.Enter();
        trap.Check(Libgdal.SetAttributeFilter(Native, condition) == 0, $"filter {Dataset.FileName}");
    }

    /// <summary>Starts reading from the first feature that passes the filters. One reader at a time.</summary>
    public FeatureReader Read() => new(this, fromStart: true);

    /// <summary>Goes on behind the last feature that the reader before took; that one must be disposed.</summary>
    public FeatureReader ReadOn() => new(this, fromStart: false);
}
