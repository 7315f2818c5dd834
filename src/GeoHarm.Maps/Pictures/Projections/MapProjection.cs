namespace GeoHarm.Maps.Pictures.Projections;

/// <summary>A projection of the WGS 84 ellipsoid onto a plane in metres that keeps areas.</summary>
public interface IMapProjection
{
    /// <summary>Name for the credits line.</summary>
    string Name { get; }

    /// <summary>Longitude of the centre, degrees.</summary>
    double CentreLongitude { get; }

    /// <summary>Plane coordinates in metres of a longitude and latitude in degrees.</summary>
    (double X, double Y) Forward(double longitude, double latitude);

    /// <summary>Longitude and latitude in degrees of a point of the plane; false where the plane lies off the globe.</summary>
    bool TryInverse(double x, double y, out double longitude, out double latitude);
}

/// <summary>Which equal-area projection a map is drawn in.</summary>
public enum ProjectionKind
{
    /// <summary>Lambert azimuthal up to 140 degrees of width, Equal Earth beyond.</summary>
    Auto,

    /// <summary>Lambert azimuthal equal-area, centred on the extent.</summary>
    LambertAzimuthal,

    /// <summary>Albers equal-area conic, standard parallels a sixth inside the extent.</summary>
    Albers,

    /// <summary>Equal Earth, for the world.</summary>
    EqualEarth,
}

/// <summary>Picks the projection of a map from its extent.</summary>
public static class MapProjections
{
    /// <summary>Widest extent, in degrees, that the azimuthal projection is chosen for: beyond it shapes at the rim are
    /// sheared past recognition.</summary>
    private const double WidestAzimuthal = 140;

    /// <summary>The projection of that kind centred on the extent.</summary>
    public static IMapProjection For(ProjectionKind kind, MapExtent extent)
    {
        var (longitude, latitude) = ((extent.West + extent.East) / 2, (extent.South + extent.North) / 2);
        return kind switch
        {
            ProjectionKind.Albers => AlbersOf(extent, longitude, latitude),
            ProjectionKind.EqualEarth => new EqualEarth(longitude),
            ProjectionKind.LambertAzimuthal => new LambertAzimuthal(longitude, latitude),
            _ => extent.East - extent.West > WidestAzimuthal ? new EqualEarth(longitude) : new LambertAzimuthal(longitude, latitude),
        };
    }

    private static AlbersConic AlbersOf(MapExtent extent, double longitude, double latitude)
    {
        var sixth = (extent.North - extent.South) / 6;
        var (south, north) = (extent.South + sixth, extent.North - sixth);

        // Parallels symmetric about the equator make the cone a cylinder (n = 0): move one a little.
        if (Math.Abs(south + north) < 2) north += 4;
        return new AlbersConic(longitude, latitude, south, north);
    }
}
