using System.Globalization;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Utilities;
using ProjNet.CoordinateSystems;

namespace GeoHarm.Spatial.Crs;

/// <summary>
/// What a coordinate system means: its projection, its ellipsoid and its shift to WGS 84. The systems of the study are
/// built in by EPSG number: 4326, 4258, 4674, 4686 (degrees), 4218 and 21896-21899 (Bogota 1975), 3114-3118 and 9377
/// (MAGNA-SIRGAS), 326xx and 327xx (UTM), 6933 (equal area). From WKT a transverse Mercator is read with ProjNET.
/// SIRGAS and ETRS89 are taken as WGS 84, which holds to a metre.
/// </summary>
/// <param name="Projection">Projection on the datum's own ellipsoid.</param>
/// <param name="Ellipsoid">The ellipsoid.</param>
/// <param name="Shift">Shift of the datum to WGS 84.</param>
public sealed record ProjectedDatum(IMapProjection Projection, Ellipsoid Ellipsoid, DatumShift Shift)
{
    /// <summary>Whether coordinates are metres rather than degrees.</summary>
    public bool IsProjected => Projection is not Geographic;

    /// <summary>The meaning of a coordinate system; null when it is none of those known here.</summary>
    public static ProjectedDatum? Find(CoordinateSystem crs) => crs.Epsg switch
    {
        4326 or 4258 or 4674 or 4686 => new(new Geographic(), crs.Epsg == 4326 ? Ellipsoid.Wgs84 : Ellipsoid.Grs80, DatumShift.None),
        4218 => new(new Geographic(), Ellipsoid.International1924, DatumShift.Bogota1975),
        6933 => new(new EqualAreaCylinder(Ellipsoid.Wgs84, 30), Ellipsoid.Wgs84, DatumShift.None),
        >= 21896 and <= 21899 => Bogota(-74.08091666666667 + 3 * (crs.Epsg - 21897)),
        >= 3114 and <= 3118 => Magna(4.596200416666666, -74.07750791666666 + 3 * (crs.Epsg - 3116), 1, 1_000_000, 1_000_000),
        9377 => Magna(4, -73, 0.9992, 5_000_000, 2_000_000),
        > 32600 and <= 32660 => new(TransverseMercator.Utm(crs.Epsg - 32600, true), Ellipsoid.Wgs84, DatumShift.None),
        > 32700 and <= 32760 => new(TransverseMercator.Utm(crs.Epsg - 32700, false), Ellipsoid.Wgs84, DatumShift.None),
        _ => crs.Wkt.Length > 0 ? FromWkt(crs.Wkt) : null,
    };

    private static ProjectedDatum Bogota(double meridian) => new(
        new TransverseMercator(Ellipsoid.International1924, 4.599047222222222, meridian, 1, 1_000_000, 1_000_000), Ellipsoid.International1924, DatumShift.Bogota1975);

    private static ProjectedDatum Magna(double latitude, double meridian, double scale, double easting, double northing) => new(
        new TransverseMercator(Ellipsoid.Grs80, latitude, meridian, scale, easting, northing), Ellipsoid.Grs80, DatumShift.None);

    private static ProjectedDatum? FromWkt(string wkt)
    {
        ProjNet.CoordinateSystems.CoordinateSystem parsed;
        try { parsed = new CoordinateSystemFactory().CreateFromWkt(wkt); }
        catch (ArgumentException) { return null; }
        var geographic = parsed as GeographicCoordinateSystem ?? (parsed as ProjectedCoordinateSystem)?.GeographicCoordinateSystem;
        if (geographic is null) return null;
        var source = geographic.HorizontalDatum.Ellipsoid;
        var ellipsoid = new Ellipsoid(source.SemiMajorAxis, 1 / source.InverseFlattening);
        var shift = ShiftOf(geographic.HorizontalDatum, ellipsoid);
        if (shift is null) return null;
        if (parsed is not ProjectedCoordinateSystem projected) return new(new Geographic(), ellipsoid, shift);
        if (!projected.Projection.ClassName.Equals("Transverse_Mercator", StringComparison.OrdinalIgnoreCase)) return null;
        double Parameter(string name, double missing) => projected.Projection.GetParameter(name)?.Value ?? missing;
        if (projected.LinearUnit.MetersPerUnit != 1) return null;
        return new(
            new TransverseMercator(
                ellipsoid, Parameter("latitude_of_origin", 0), Parameter("central_meridian", 0), Parameter("scale_factor", 1),
                Parameter("false_easting", 0), Parameter("false_northing", 0)),
            ellipsoid, shift);
    }

    private static DatumShift? ShiftOf(HorizontalDatum datum, Ellipsoid ellipsoid)
    {
        var to = datum.Wgs84Parameters;
        if (to is not null) return new DatumShift(ellipsoid, to.Dx, to.Dy, to.Dz, to.Ex, to.Ey, to.Ez, to.Ppm);
        if (datum.Name.Contains("Bogota", StringComparison.OrdinalIgnoreCase)) return DatumShift.Bogota1975;
        string[] modern = ["WGS_1984", "WGS 84", "World Geodetic System 1984", "SIRGAS", "MAGNA", "ETRS", "GRS"];
        return modern.Any(m => datum.Name.Contains(m, StringComparison.OrdinalIgnoreCase)) ? DatumShift.None : null;
    }
}

/// <summary>Carries coordinates from one system to another, through WGS 84. Where a system is unknown here it says so and
/// the edges fall back on GDAL.</summary>
public sealed class Reprojection
{
    private readonly ProjectedDatum source, target;

    /// <summary>From one system to another; throws <see cref="NotSupportedException"/> naming the one that is not known.</summary>
    public Reprojection(CoordinateSystem from, CoordinateSystem to)
    {
        source = ProjectedDatum.Find(from) ?? throw Unknown(from);
        target = ProjectedDatum.Find(to) ?? throw Unknown(to);
    }

    /// <summary>The point in the target system.</summary>
    public (double X, double Y) Transform(double x, double y)
    {
        var (longitude, latitude) = source.Projection.Inverse(x, y);
        if (source.Shift != target.Shift)
        {
            (longitude, latitude) = source.Shift.ToWgs84(longitude, latitude);
            (longitude, latitude) = target.Shift.FromWgs84(longitude, latitude);
        }
        return target.Projection.Forward(longitude, latitude);
    }

    /// <summary>A copy of the geometry in the target system, vertex by vertex.</summary>
    public Geometry Transform(Geometry geometry)
    {
        var editor = new GeometryEditor(geometry.Factory);
        return editor.Edit(geometry, new Vertices(this));
    }

    private static NotSupportedException Unknown(CoordinateSystem crs) => new(string.Create(
        CultureInfo.InvariantCulture, $"The coordinate system EPSG:{crs.Epsg} is not built in; reproject the layer with GDAL (ogr2ogr -t_srs EPSG:4326) first."));

    private sealed class Vertices(Reprojection reprojection) : GeometryEditor.CoordinateSequenceOperation((sequence, geometry) =>
    {
        var copy = geometry.Factory.CoordinateSequenceFactory.Create(sequence.Count, 2, 0);
        for (var i = 0; i < sequence.Count; i++)
        {
            var (x, y) = reprojection.Transform(sequence.GetX(i), sequence.GetY(i));
            copy.SetX(i, x);
            copy.SetY(i, y);
        }
        return copy;
    });
}
