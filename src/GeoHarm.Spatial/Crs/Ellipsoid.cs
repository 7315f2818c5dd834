using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Spatial.Crs;

/// <summary>An ellipsoid of revolution. The algorithms here assume a terrestrial one, 0 &lt; f &lt; 1/100.</summary>
public sealed record Ellipsoid
{
    /// <summary>An ellipsoid from its equatorial radius in metres and its flattening (no unit).</summary>
    public Ellipsoid(double radiusMetres, double flattening)
    {
        if (!(radiusMetres > 0 && double.IsFinite(radiusMetres))) throw new ArgumentOutOfRangeException(nameof(radiusMetres), radiusMetres, "The equatorial radius is a positive length in metres.");
        if (!(flattening > 0 && flattening < 0.01)) throw new ArgumentOutOfRangeException(nameof(flattening), flattening, "The flattening of a terrestrial ellipsoid lies between 0 and 1/100.");
        RadiusMetres = radiusMetres;
        Flattening = flattening;
        EccentricitySquared = flattening * (2 - flattening);
        Eccentricity = Math.Sqrt(EccentricitySquared);
        AuthalicScale = 0.5 * (1 + (1 - EccentricitySquared) * PortableMath.Atanh(Eccentricity) / Eccentricity);
    }

    /// <summary>World Geodetic System 1984.</summary>
    public static Ellipsoid Wgs84 { get; } = new(6378137, 1 / 298.257223563);

    /// <summary>GRS 1980, of MAGNA-SIRGAS.</summary>
    public static Ellipsoid Grs80 { get; } = new(6378137, 1 / 298.257222101);

    /// <summary>International 1924 (Hayford), of the Bogota 1975 datum.</summary>
    public static Ellipsoid International1924 { get; } = new(6378388, 1 / 297.0);

    /// <summary>Equatorial radius a, metres.</summary>
    public double RadiusMetres { get; }

    /// <summary>Flattening f.</summary>
    public double Flattening { get; }

    /// <summary>First eccentricity e.</summary>
    public double Eccentricity { get; }

    /// <summary>e squared, f (2 - f).</summary>
    public double EccentricitySquared { get; }

    /// <summary>Polar radius b, metres.</summary>
    public double PolarRadiusMetres => RadiusMetres * (1 - Flattening);

    /// <summary>Third flattening n = f / (2 - f).</summary>
    public double ThirdFlattening => Flattening / (2 - Flattening);

    /// <summary>Second eccentricity squared, e^2 / (1 - e^2).</summary>
    public double SecondEccentricitySquared => EccentricitySquared / (1 - EccentricitySquared);

    /// <summary>Square of the authalic radius over a^2: the ellipsoid's area is 4 pi a^2 times this.</summary>
    public double AuthalicScale { get; }

    /// <summary>Square of the radius of the sphere of equal area, square metres.</summary>
    public double AuthalicRadiusSquared => RadiusMetres * RadiusMetres * AuthalicScale;

    /// <summary>Area of the whole ellipsoid.</summary>
    public Area TotalArea => Area.FromSquareMetres(4 * Math.PI * AuthalicRadiusSquared);
}
