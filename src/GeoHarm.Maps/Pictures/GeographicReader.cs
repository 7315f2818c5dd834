using GeoHarm.Maps.Pictures.Projections;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Maps.Pictures;

/// <summary>Turns a layer's own coordinates into longitude and latitude where the way is a closed form.</summary>
internal static class GeographicReader
{
    private const double Degree = Math.PI / 180;

    // Geographic systems within a metre of WGS 84: WGS 84, MAGNA-SIRGAS, SIRGAS 2000, ETRS89, NAD83.
    private static readonly int[] Geographic = [4326, 4686, 4674, 4258, 4269];

    // Scale of EASE-Grid 2.0 at its standard parallel of 30 degrees (EPSG:6933): cos 30 / sqrt(1 - e2 sin2 30).
    private static readonly double EaseScale = Math.Sqrt(0.75 / (1 - Authalic.E2 / 4));

    /// <summary>The function for a layer; null when its coordinates are longitude and latitude already. Throws
    /// <see cref="InvalidInputException"/> (GH6002) for systems that must be reprojected first.</summary>
    public static Func<double, double, (double Longitude, double Latitude)>? For(Layer layer)
    {
        if (layer.Crs is null || Geographic.Contains(layer.Crs.Epsg)) return null;
        return layer.Crs.Epsg switch
        {
            3857 => static (x, y) => (x / Authalic.SemiMajor / Degree, (2 * PortableMath.Atan(PortableMath.Exp(y / Authalic.SemiMajor)) - Math.PI / 2) / Degree),
            6933 => static (x, y) => (x / Authalic.SemiMajor / EaseScale / Degree, EaseLatitude(y)),
            _ => throw new InvalidInputException([new Fault(FaultSeverity.Error, "GH6002", layer.Name, "coordinate system",
                $"Layer '{layer.Name}' is in EPSG:{layer.Crs.Epsg}; maps are drawn from longitude and latitude (EPSG:4326), EPSG:6933 or EPSG:3857.",
                "Reproject the layer to EPSG:4326 first.")]),
        };
    }

    private static double EaseLatitude(double y)
    {
        // y = a q / (2 k0), and the authalic sine is q / q(pole), with q(pole) = 2 (R / a)^2.
        var ratio = Authalic.Radius / Authalic.SemiMajor;
        var sine = y * EaseScale / (Authalic.SemiMajor * ratio * ratio);
        return Authalic.Geodetic(PortableMath.Asin(Math.Clamp(sine, -1, 1))) / Degree;
    }
}
