namespace GeoHarm.Spatial.Crs;

/// <summary>A coordinate reference system: an EPSG number, or 0 with its WKT. Axis order is always x = easting or
/// longitude, y = northing or latitude, whatever the authority says.</summary>
/// <param name="Epsg">EPSG number, 0 when only WKT is known.</param>
/// <param name="Wkt">Well-known text, empty when the EPSG number suffices.</param>
public sealed record CoordinateSystem(int Epsg, string Wkt = "")
{
    /// <summary>Longitude and latitude on WGS 84.</summary>
    public static CoordinateSystem Wgs84 { get; } = new(4326);

    /// <summary>EASE-Grid 2.0 global, the study's cylindrical equal-area system, metres.</summary>
    public static CoordinateSystem EqualArea { get; } = new(6933);
}
