using System.Buffers;
using GeoHarm.Gdal.Native;

namespace GeoHarm.Gdal.Datasets;

/// <summary>
/// Reads a layer's features one after the other. A ref struct: it cannot leave its thread. Spans it lends are valid
/// until the next <see cref="Next"/>. Throws <see cref="GdalException"/> when GDAL reports an error while reading.
/// </summary>
public unsafe ref struct FeatureReader
{
    private readonly VectorLayer layer;
    private nint feature;
    private byte[]? wkb;

    internal FeatureReader(VectorLayer layer, bool fromStart)
    {
        this.layer = layer;
        layer.Dataset.Enter();
        if (fromStart) Libgdal.ResetReading(layer.Native);
    }

    /// <summary>The feature's number in its source.</summary>
    public readonly long Fid => Libgdal.FeatureFid(Feature);

    /// <summary>Whether the feature has a geometry.</summary>
    public readonly bool HasGeometry => Libgdal.FeatureGeometry(Feature) != 0;

    private readonly nint Feature => feature != 0 ? feature : throw new InvalidOperationException("There is no feature: call Next first.");

    /// <summary>Moves to the next feature; false at the end.</summary>
    public bool Next()
    {
        layer.Dataset.Enter();
        if (feature != 0) Libgdal.DestroyFeature(feature);
        using var trap = ErrorTrap.Enter();
        feature = Libgdal.NextFeature(layer.Native);
        trap.Check(true, $"read layer '{layer.Name}' of {layer.Dataset.FileName}");
        return feature != 0;
    }

    /// <summary>The geometry as ISO WKB, little-endian; empty where the feature has none.</summary>
    public ReadOnlySpan<byte> Wkb()
    {
        var geometry = Libgdal.FeatureGeometry(Feature);
        if (geometry == 0) return default;
        var size = Libgdal.WkbSize(geometry);
        if (wkb is null || wkb.Length < size)
        {
            if (wkb is not null) ArrayPool<byte>.Shared.Return(wkb);
            wkb = ArrayPool<byte>.Shared.Rent(size);
        }
        using var trap = ErrorTrap.Enter();
        int failed;
        fixed (byte* first = wkb) failed = Libgdal.ExportToIsoWkb(geometry, 1, first);
        trap.Check(failed == 0, $"read a geometry of {layer.Dataset.FileName}");
        return wkb.AsSpan(0, size);
    }

    /// <summary>Whether the attribute is absent or null.</summary>
    public readonly bool IsNull(int attribute) => Libgdal.FieldHasValue(Feature, Checked(attribute)) == 0;

    /// <summary>Attribute as a whole number; 0 where null.</summary>
    public readonly long Integer(int attribute) => Libgdal.FieldInteger(Feature, Checked(attribute));

    /// <summary>Attribute as a number; NaN where null.</summary>
    public readonly double Real(int attribute) => IsNull(attribute) ? double.NaN : Libgdal.FieldReal(Feature, attribute);

    /// <summary>Attribute as text in UTF-8, lists and dates in GDAL's notation; empty where null.</summary>
    public readonly ReadOnlySpan<byte> Utf8(int attribute)
    {
        if (IsNull(attribute)) return default;
        return System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpanFromNullTerminated(Libgdal.FieldText(Feature, attribute));
    }

    /// <summary>Attribute as text; null where null.</summary>
    public readonly string? Text(int attribute) => IsNull(attribute) ? null : System.Text.Encoding.UTF8.GetString(Utf8(attribute));

    /// <summary>Attribute as bytes; empty where null.</summary>
    public readonly ReadOnlySpan<byte> Binary(int attribute)
    {
        if (IsNull(attribute)) return default;
        var first = Libgdal.FieldBinary(Feature, attribute, out var length);
        return new ReadOnlySpan<byte>(first, length);
    }

    /// <summary>Attribute as a date and time (local to whatever zone the source means); null where null or not a date.</summary>
    public readonly DateTime? Date(int attribute)
    {
        if (IsNull(attribute)) return null;
        var found = Libgdal.FieldDateTime(Feature, attribute, out var year, out var month, out var day, out var hour, out var minute, out var second, out _);
        if (found == 0 || year is < 1 or > 9999 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return null;
        return new DateTime(year, month, day, hour, minute, 0, DateTimeKind.Unspecified).AddSeconds(second);
    }

    /// <summary>Frees the current feature and the buffer.</summary>
    public void Dispose()
    {
        if (feature != 0) Libgdal.DestroyFeature(feature);
        feature = 0;
        if (wkb is not null) ArrayPool<byte>.Shared.Return(wkb);
        wkb = null;
    }

    private readonly int Checked(int attribute) => (uint)attribute < (uint)layer.Attributes.Count
        ? attribute
        : throw new ArgumentOutOfRangeException(nameof(attribute), $"Layer '{layer.Name}' has {layer.Attributes.Count} attributes.");
}
