using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Spatial.Crs;

/// <summary>
/// Change of datum by a Helmert transformation of geocentric coordinates (EPSG methods 9603 and 9606, position vector):
/// X' = T + (1 + s) R X. Longitudes and latitudes in degrees, heights taken as 0 on the source ellipsoid, which costs up to
/// a centimetre there and back. The inverse turns the rotations about to first order.
/// </summary>
/// <param name="Source">Ellipsoid of the source datum.</param>
/// <param name="Dx">Translation along X, metres.</param>
/// <param name="Dy">Translation along Y, metres.</param>
/// <param name="Dz">Translation along Z, metres.</param>
/// <param name="Rx">Rotation about X, arc seconds, position vector convention.</param>
/// <param name="Ry">Rotation about Y, arc seconds.</param>
/// <param name="Rz">Rotation about Z, arc seconds.</param>
/// <param name="ScalePpm">Scale difference, parts per million.</param>
public sealed record DatumShift(Ellipsoid Source, double Dx, double Dy, double Dz, double Rx = 0, double Ry = 0, double Rz = 0, double ScalePpm = 0)
{
    private const double Degree = Math.PI / 180;
    private const double ArcSecond = Degree / 3600;

    /// <summary>Same ellipsoid and origin as WGS 84, to a metre.</summary>
    public static DatumShift None { get; } = new(Ellipsoid.Wgs84, 0, 0, 0);

    /// <summary>Bogota 1975 to WGS 84 (EPSG:1125): one shift for the whole country; published accuracy 6 m in x,
    /// 5 m in y, 6 m in z. PROJ's regional choices differ from it by up to 10 m.</summary>
    public static DatumShift Bogota1975 { get; } = new(Ellipsoid.International1924, 307, 304, -318);

    /// <summary>From the source datum to WGS 84.</summary>
    public (double Longitude, double Latitude) ToWgs84(double longitude, double latitude)
    {
        if (IsIdentity) return (longitude, latitude);
        var (x, y, z) = Geocentric(Source, longitude, latitude);
        double s = 1 + ScalePpm * 1e-6, rx = Rx * ArcSecond, ry = Ry * ArcSecond, rz = Rz * ArcSecond;
        return Geodetic(Ellipsoid.Wgs84, Dx + s * (x - rz * y + ry * z), Dy + s * (rz * x + y - rx * z), Dz + s * (-ry * x + rx * y + z));
    }

    /// <summary>From WGS 84 to the source datum.</summary>
    public (double Longitude, double Latitude) FromWgs84(double longitude, double latitude)
    {
        if (IsIdentity) return (longitude, latitude);
        var (x, y, z) = Geocentric(Ellipsoid.Wgs84, longitude, latitude);
        double s = 1 + ScalePpm * 1e-6, rx = Rx * ArcSecond, ry = Ry * ArcSecond, rz = Rz * ArcSecond;
        (x, y, z) = ((x - Dx) / s, (y - Dy) / s, (z - Dz) / s);
        return Geodetic(Source, x + rz * y - ry * z, -rz * x + y + rx * z, ry * x - rx * y + z);
    }

    private bool IsIdentity => Dx == 0 && Dy == 0 && Dz == 0 && Rx == 0 && Ry == 0 && Rz == 0 && ScalePpm == 0;

    private static (double X, double Y, double Z) Geocentric(Ellipsoid ellipsoid, double longitude, double latitude)
    {
        double sine = PortableMath.Sin(latitude * Degree), cosine = PortableMath.Cos(latitude * Degree);
        var normal = ellipsoid.RadiusMetres / Math.Sqrt(1 - ellipsoid.EccentricitySquared * sine * sine);
        return (normal * cosine * PortableMath.Cos(longitude * Degree), normal * cosine * PortableMath.Sin(longitude * Degree),
            normal * (1 - ellipsoid.EccentricitySquared) * sine);
    }

    /// <summary>Bowring's 1976 formula, iterated; two rounds reach rounding near the surface.</summary>
    private static (double Longitude, double Latitude) Geodetic(Ellipsoid ellipsoid, double x, double y, double z)
    {
        var p = Math.Sqrt(x * x + y * y);
        double a = ellipsoid.RadiusMetres, b = ellipsoid.PolarRadiusMetres;
        var reduced = PortableMath.Atan2(z * a, p * b);
        var latitude = 0.0;
        for (var step = 0; step < 3; step++)
        {
            double s = PortableMath.Sin(reduced), c = PortableMath.Cos(reduced);
            latitude = PortableMath.Atan2(z + ellipsoid.SecondEccentricitySquared * b * s * s * s, p - ellipsoid.EccentricitySquared * a * c * c * c);
            reduced = PortableMath.Atan2(b * PortableMath.Sin(latitude), a * PortableMath.Cos(latitude));
        }
        return (PortableMath.Atan2(y, x) / Degree, latitude / Degree);
    }
}
