using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Spatial.Rasters;

/// <summary>
/// Area of a raster's cells, one number a row. On longitude and latitude: the closed form for the area between two
/// parallels and two meridians of the WGS 84 ellipsoid (Snyder 1987, Map Projections, USGS PP 1395, equation 3-12):
/// A = a^2 (1 - e^2) dlon / 2 [ sin p / (1 - e^2 sin^2 p) + atanh(e sin p) / e ] between p1 and p2, with the difference
/// taken term by term so that small cells lose nothing. In a plane: width times height, which is the true area only
/// where the projection keeps areas.
/// </summary>
public sealed class CellAreas
{
    private const double SemiMajorMetres = 6_378_137;
    private const double Flattening = 1 / 298.257223563;
    private const double EccentricitySquared = Flattening * (2 - Flattening);

    private readonly Grid grid;
    private readonly double metresPerUnit;

    private CellAreas(Grid grid, bool onEllipsoid, double metresPerUnit)
    {
        (this.grid, OnEllipsoid, this.metresPerUnit) = (grid, onEllipsoid, metresPerUnit);
    }

    /// <summary>Whether areas are those of the ellipsoid, not of the plane.</summary>
    public bool OnEllipsoid { get; }

    /// <summary>Cells of longitude and latitude, degrees, on WGS 84. Other datums of today differ by less than 1e-6.</summary>
    public static CellAreas OfDegrees(Grid grid) => new(grid, true, 1);

    /// <summary>Cells of a plane.</summary>
    /// <param name="grid">The grid.</param>
    /// <param name="metresPerUnit">Metres of one CRS unit.</param>
    public static CellAreas OfPlane(Grid grid, double metresPerUnit = 1) => new(grid, false, metresPerUnit);

    /// <summary>Area of one cell of the row, square metres.</summary>
    public double SquareMetres(int row)
    {
        if (!OnEllipsoid) return grid.CellWidth * grid.CellHeight * metresPerUnit * metresPerUnit;
        var north = Math.Clamp(grid.North - row * grid.CellHeight, -90, 90);
        var south = Math.Clamp(grid.North - (row + 1) * grid.CellHeight, -90, 90);
        return QuadrangleSquareMetres(south, north, grid.CellWidth);
    }

    /// <summary>Areas of rows, square metres a cell.</summary>
    public void SquareMetres(int firstRow, Span<double> rows)
    {
        for (var i = 0; i < rows.Length; i++) rows[i] = SquareMetres(firstRow + i);
    }

    /// <summary>Area of the ellipsoid at a latitude per square degree: both radii of curvature and the parallel's shrinking.</summary>
    public static double SquareMetresPerSquareDegree(double latitudeDegrees)
    {
        const double toRadians = Math.PI / 180;
        var s = PortableMath.Sin(latitudeDegrees * toRadians);
        var w = 1 - EccentricitySquared * s * s;
        return SemiMajorMetres * SemiMajorMetres * (1 - EccentricitySquared) / (w * w) * PortableMath.Cos(latitudeDegrees * toRadians) * toRadians * toRadians;
    }

    /// <summary>Area of the ellipsoid between two parallels over a span of longitude, square metres; degrees in.</summary>
    public static double QuadrangleSquareMetres(double southDegrees, double northDegrees, double widthDegrees)
    {
        const double toRadians = Math.PI / 180;
        var middle = (southDegrees + northDegrees) / 2 * toRadians;
        var half = (northDegrees - southDegrees) / 2 * toRadians;
        var s1 = PortableMath.Sin(southDegrees * toRadians);
        var s2 = PortableMath.Sin(northDegrees * toRadians);
        var difference = 2 * PortableMath.Cos(middle) * PortableMath.Sin(half);
        var e = Math.Sqrt(EccentricitySquared);
        var rational = difference * (1 + EccentricitySquared * s1 * s2) / ((1 - EccentricitySquared * s1 * s1) * (1 - EccentricitySquared * s2 * s2));
        var hyperbolic = PortableMath.Atanh(e * difference / (1 - EccentricitySquared * s1 * s2)) / e;
        return SemiMajorMetres * SemiMajorMetres * (1 - EccentricitySquared) / 2 * widthDegrees * toRadians * (rational + hyperbolic);
    }
}
