namespace GeoHarm.Spatial.Crs;

/// <summary>A map projection of one ellipsoid: longitude and latitude in degrees to easting and northing in metres.</summary>
public interface IMapProjection
{
    /// <summary>Easting and northing of a point.</summary>
    (double X, double Y) Forward(double longitude, double latitude);

    /// <summary>Longitude and latitude of a point of the map.</summary>
    (double Longitude, double Latitude) Inverse(double x, double y);
}

/// <summary>No projection: x is longitude, y is latitude, in degrees.</summary>
public sealed class Geographic : IMapProjection
{
    /// <inheritdoc/>
    public (double X, double Y) Forward(double longitude, double latitude) => (longitude, latitude);

    /// <inheritdoc/>
    public (double Longitude, double Latitude) Inverse(double x, double y) => (x, y);
}
