using GeoHarm.Spatial.Crs;
using NetTopologySuite.Geometries;

namespace GeoHarm.Recipes;

/// <summary>Lengths and areas on the Earth from longitudes and latitudes.</summary>
internal static class Earth
{
    /// <summary>Mean radius of WGS 84, km.</summary>
    public const double RadiusKm = 6371.0088;

    /// <summary>Great-circle distance, km (haversine).</summary>
    public static double DistanceKm(Coordinate a, Coordinate b)
    {
        var (p, q) = (double.DegreesToRadians(a.Y), double.DegreesToRadians(b.Y));
        var (dp, dl) = (Math.Sin((q - p) / 2), Math.Sin(double.DegreesToRadians(b.X - a.X) / 2));
        return 2 * RadiusKm * Math.Asin(Math.Sqrt(Math.Min(1, dp * dp + Math.Cos(p) * Math.Cos(q) * dl * dl)));
    }

    /// <summary>Length of a line, km, vertex by vertex.</summary>
    public static double LengthKm(IReadOnlyList<Coordinate> line)
    {
        var sum = 0.0;
        for (var i = 1; i < line.Count; i++) sum += DistanceKm(line[i - 1], line[i]);
        return sum;
    }

    /// <summary>Area on the ellipsoid, km2.</summary>
    public static double AreaKm2(Geometry shape) => AuthalicArea.OfPolygon(Ellipsoid.Wgs84, shape).SquareKilometres;
}
