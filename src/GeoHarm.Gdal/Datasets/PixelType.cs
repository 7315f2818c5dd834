using System.Numerics;

namespace GeoHarm.Gdal.Datasets;

/// <summary>Type of a band's cells.</summary>
public enum PixelType
{
    /// <summary>Not one this binding knows.</summary>
    Unknown,

    /// <summary>8 bits, 0 to 255.</summary>
    UInt8,

    /// <summary>8 bits, -128 to 127.</summary>
    Int8,

    /// <summary>16 bits, unsigned.</summary>
    UInt16,

    /// <summary>16 bits, signed.</summary>
    Int16,

    /// <summary>32 bits, unsigned.</summary>
    UInt32,

    /// <summary>32 bits, signed.</summary>
    Int32,

    /// <summary>64 bits, unsigned.</summary>
    UInt64,

    /// <summary>64 bits, signed.</summary>
    Int64,

    /// <summary>Single precision.</summary>
    Float32,

    /// <summary>Double precision.</summary>
    Float64,

    /// <summary>Complex numbers of any width; read as <see cref="Complex"/>.</summary>
    Complex,
}

/// <summary>Joins GDAL's numbers for cell types to this binding's and to .NET's.</summary>
public static class PixelTypes
{
    private const int GdalInt8 = 14;

    /// <summary>Bytes of one cell.</summary>
    public static int Bytes(this PixelType type) => type switch
    {
        PixelType.UInt8 or PixelType.Int8 => 1,
        PixelType.UInt16 or PixelType.Int16 => 2,
        PixelType.UInt32 or PixelType.Int32 or PixelType.Float32 => 4,
        PixelType.Complex => 16,
        _ => 8,
    };

    internal static PixelType FromGdal(int number) => number switch
    {
        1 => PixelType.UInt8,
        2 => PixelType.UInt16,
        3 => PixelType.Int16,
        4 => PixelType.UInt32,
        5 => PixelType.Int32,
        6 => PixelType.Float32,
        7 => PixelType.Float64,
        8 or 9 or 10 or 11 => PixelType.Complex,
        12 => PixelType.UInt64,
        13 => PixelType.Int64,
        GdalInt8 => PixelType.Int8,
        _ => PixelType.Unknown,
    };

    internal static int ToGdal(this PixelType type) => type switch
    {
        PixelType.UInt8 => 1,
        // Until GDAL 3.7 signed bytes are bytes with a mark; their bits are the same.
        PixelType.Int8 => 1,
        PixelType.UInt16 => 2,
        PixelType.Int16 => 3,
        PixelType.UInt32 => 4,
        PixelType.Int32 => 5,
        PixelType.Float32 => 6,
        PixelType.Float64 => 7,
        PixelType.Complex => 11,
        PixelType.UInt64 => 12,
        PixelType.Int64 => 13,
        _ => throw new NotSupportedException($"Cells of type {type} cannot be handled."),
    };

    internal static PixelType Of<T>() where T : unmanaged
    {
        if (typeof(T) == typeof(byte)) return PixelType.UInt8;
        if (typeof(T) == typeof(sbyte)) return PixelType.Int8;
        if (typeof(T) == typeof(ushort)) return PixelType.UInt16;
        if (typeof(T) == typeof(short)) return PixelType.Int16;
        if (typeof(T) == typeof(uint)) return PixelType.UInt32;
        if (typeof(T) == typeof(int)) return PixelType.Int32;
        if (typeof(T) == typeof(ulong)) return PixelType.UInt64;
        if (typeof(T) == typeof(long)) return PixelType.Int64;
        if (typeof(T) == typeof(float)) return PixelType.Float32;
        if (typeof(T) == typeof(double)) return PixelType.Float64;
        if (typeof(T) == typeof(Complex)) return PixelType.Complex;
        throw new NotSupportedException($"Cells cannot be read as {typeof(T).Name}.");
    }
}
