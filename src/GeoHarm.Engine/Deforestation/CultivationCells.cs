using System.Runtime.InteropServices;
using GeoHarm.Spatial.Quantities;
using GeoHarm.Spatial.Rasters;
using GeoHarm.Spatial.Zonal;

namespace GeoHarm.Engine.Deforestation;

/// <summary>
/// Where coca was recorded, laid on the cells of a raster, with the years in which it was: a cell belongs to a polygon
/// that holds its centre. Kept as chains, one stretch of cells a row, where the stretches of neighbouring rows overlap:
/// the cells within a distance of a chain are then one stretch in every row, which is what makes the search fast.
/// Immutable, shared by threads. Memory: 8 bytes a stretch.
/// </summary>
public sealed class CultivationCells
{
    /// <summary>Last year that can be held: one bit a year from 2000.</summary>
    public const int LastYear = LossTiles.Epoch + 31;

    private readonly List<Chain> chains = [];
    private readonly List<int> starts = [];
    private readonly List<int> ends = [];

    /// <summary>Lays polygons on the grid.</summary>
    /// <param name="grid">Cells.</param>
    /// <param name="polygons">Polygons in the grid's system; unusable ones are left out.</param>
    /// <param name="years">For each polygon, bit y set where coca was recorded in 2000 + y.</param>
    public CultivationCells(Grid grid, ZonePolygons polygons, ReadOnlySpan<uint> years)
    {
        if (years.Length != polygons.Count) throw new ArgumentException("Every polygon has its years.", nameof(years));
        Grid = grid;
        var rows = new SortedDictionary<int, List<double>>();
        for (var p = 0; p < polygons.Count; p++)
        {
            if (years[p] == 0 || polygons.IsBad(p)) continue;
            rows.Clear();
            Cross(polygons, p, rows);
            Link(rows, years[p]);
        }
    }

    /// <summary>Cells.</summary>
    public Grid Grid { get; }

    internal ReadOnlySpan<Chain> Chains => CollectionsMarshal.AsSpan(chains);

    internal ReadOnlySpan<int> Starts => CollectionsMarshal.AsSpan(starts);

    internal ReadOnlySpan<int> Ends => CollectionsMarshal.AsSpan(ends);

    /// <summary>Where the rings cross the middle of each row, in cells from the west.</summary>
    private void Cross(ZonePolygons polygons, int polygon, SortedDictionary<int, List<double>> rows)
    {
        for (var ring = polygons.ZoneRings[polygon]; ring < polygons.ZoneRings[polygon + 1]; ring++)
        {
            for (var i = polygons.RingStarts[ring]; i + 1 < polygons.RingStarts[ring + 1]; i++)
            {
                var (x0, y0) = ((polygons.X[i] - Grid.West) / Grid.CellWidth, (Grid.North - polygons.Y[i]) / Grid.CellHeight - 0.5);
                var (x1, y1) = ((polygons.X[i + 1] - Grid.West) / Grid.CellWidth, (Grid.North - polygons.Y[i + 1]) / Grid.CellHeight - 0.5);
                if (y0 > y1) (x0, y0, x1, y1) = (x1, y1, x0, y0);
                var last = Math.Min(Grid.Height - 1, (int)Math.Ceiling(Math.Min(y1, Grid.Height)) - 1);
                for (var row = Math.Max(0, (int)Math.Ceiling(Math.Max(y0, 0))); row <= last; row++)
                {
                    if (row < y0) continue;
                    if (!rows.TryGetValue(row, out var crossings)) rows[row] = crossings = [];
                    crossings.Add(x0 + (row - y0) / (y1 - y0) * (x1 - x0));
                }
            }
        }
    }

    private void Link(SortedDictionary<int, List<double>> rows, uint years)
    {
        var growing = new List<(int Row, List<(int Start, int End)> Stretches)>();
        foreach (var (row, crossings) in rows)
        {
            crossings.Sort();
            for (var i = 0; i + 1 < crossings.Count; i += 2)
            {
                var start = Math.Max(0, (int)Math.Ceiling(Math.Max(crossings[i], 0) - 0.5));
                var end = Math.Min(Grid.Width, (int)Math.Ceiling(Math.Min(crossings[i + 1], Grid.Width) - 0.5));
                if (end <= start) continue;
                var chain = growing.FindIndex(g => g.Row + g.Stretches.Count == row && g.Stretches[^1].Start < end && g.Stretches[^1].End > start);
                if (chain >= 0) growing[chain].Stretches.Add((start, end));
                else growing.Add((row, [(start, end)]));
            }
        }
        foreach (var (row, stretches) in growing)
        {
            chains.Add(new Chain(row, stretches.Count, starts.Count, stretches.Min(s => s.Start), stretches.Max(s => s.End), years));
            starts.AddRange(stretches.Select(s => s.Start));
            ends.AddRange(stretches.Select(s => s.End));
        }
    }

    /// <summary>A chain: rows from Row on, its stretches from First on in the arrays; columns Left to Right overall.</summary>
    internal readonly record struct Chain(int Row, int Count, int First, int Left, int Right, uint Years);
}

/// <summary>
/// Metres of a cell's sides, row by row: the arcs of the WGS 84 ellipsoid at the middle of the row for longitude and
/// latitude (radii of curvature, Snyder 1987, USGS PP 1395, equations 4-18 to 4-20), the plane's own otherwise.
/// </summary>
/// <param name="Grid">Cells.</param>
/// <param name="IsGeographic">Whether the system is longitude and latitude in degrees.</param>
/// <param name="MetresPerUnit">Metres of one unit of a plane.</param>
public sealed record CellMetres(Grid Grid, bool IsGeographic, double MetresPerUnit = 1)
{
    private const double SemiMajorMetres = 6_378_137;
    private const double EccentricitySquared = (2 - 1 / 298.257223563) / 298.257223563;

    /// <summary>Width and height of a cell of the row, metres.</summary>
    public (double Width, double Height) Of(int row)
    {
        if (!IsGeographic) return (Grid.CellWidth * MetresPerUnit, Grid.CellHeight * MetresPerUnit);
        const double toRadians = Math.PI / 180;
        var latitude = Math.Clamp(Grid.North - (row + 0.5) * Grid.CellHeight, -90, 90) * toRadians;
        var sine = PortableMath.Sin(latitude);
        var w = 1 - EccentricitySquared * sine * sine;
        var normal = SemiMajorMetres / Math.Sqrt(w);
        return (Grid.CellWidth * toRadians * normal * PortableMath.Cos(latitude), Grid.CellHeight * toRadians * normal * (1 - EccentricitySquared) / w);
    }
}
