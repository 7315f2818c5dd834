using System.Globalization;
using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Overlay;
using GeoHarm.Spatial.Rasters;
using GeoHarm.Spatial.Statistics;
using GeoHarm.Spatial.Zonal;
using NetTopologySuite.Geometries;

namespace GeoHarm.Cli;

/// <summary>Places that patches are reported by: zones, or square cells of 5 km or more of the world's equal-area grid.</summary>
/// <param name="Of">Index of the place of a point in the raster's system; negative for none.</param>
/// <param name="Ids">Identifiers.</param>
/// <param name="Shapes">Polygons.</param>
/// <param name="Crs">Their system.</param>
/// <param name="Weights">Which places are neighbours.</param>
internal sealed record PatchPlaces(Func<double, double, int> Of, IReadOnlyList<string> Ids, IReadOnlyList<Geometry> Shapes, CoordinateSystem Crs, Func<SpatialWeights> Weights)
{
    /// <summary>The zones of a file.</summary>
    public static PatchPlaces Zones(ZonePolygons zones)
    {
        var find = new PointsInPolygons(zones);
        Geometry[] shapes = [.. Enumerable.Range(0, zones.Count).Select(z => ZoneGeometry.Of(zones, z))];
        return new PatchPlaces(find.Find, zones.Ids, shapes, zones.Crs, () => ContiguityWeights.Queen(shapes));
    }

    /// <summary>Cells of EPSG:6933 that the raster touches; of its own plane where its system is not built in.</summary>
    public static PatchPlaces Cells(Grid grid, bool isGeographic, double metresPerUnit, double kilometres)
    {
        var shift = isGeographic ? new Reprojection(CoordinateSystem.Wgs84, CoordinateSystem.EqualArea) : null;
        var side = kilometres * 1000 / (isGeographic ? 1 : metresPerUnit);
        (double X, double Y) At(double x, double y) => shift?.Transform(x, y) ?? (x, y);
        var (west, south) = At(grid.West, grid.South);
        var (east, north) = At(grid.East, grid.North);
        int Step(double metres) => (int)Math.Floor(metres / side);
        var (left, bottom) = (Step(west), Step(south));
        var (width, height) = (Step(east) - left + 1, Step(north) - bottom + 1);
        if ((long)width * height > 4_000_000) throw Problem.Usage("The raster has more than 4 million such cells; give larger ones with --cell-km.");
        var back = isGeographic ? new Reprojection(CoordinateSystem.EqualArea, CoordinateSystem.Wgs84) : null;
        var factory = new GeometryFactory();
        Geometry Shape(int column, int row)
        {
            var cell = factory.ToGeometry(new Envelope(column * side, (column + 1) * side, row * side, (row + 1) * side));
            return back?.Transform(cell) ?? cell; // sides of the cylinder's cells are meridians and parallels: still straight
        }

        return new PatchPlaces(
            (x, y) =>
            {
                var (a, b) = At(x, y);
                var (column, row) = (Step(a) - left, Step(b) - bottom);
                return column >= 0 && column < width && row >= 0 && row < height ? row * width + column : -1;
            },
            [.. Enumerable.Range(0, width * height).Select(i => string.Create(CultureInfo.InvariantCulture, $"{left + i % width}_{bottom + i / width}"))],
            [.. Enumerable.Range(0, width * height).Select(i => Shape(left + i % width, bottom + i / width))],
            isGeographic ? CoordinateSystem.Wgs84 : grid.Crs, () => SpatialWeights.FromLinks(width * height, Links(width, height)));
    }

    private static IEnumerable<(int From, int To, double Weight)> Links(int width, int height)
    {
        for (var i = 0; i < width * height; i++)
        {
            for (var dy = -1; dy <= 1; dy++)
            {
                for (var dx = -1; dx <= 1; dx++)
                {
                    var (column, row) = (i % width + dx, i / width + dy);
                    if ((dx != 0 || dy != 0) && column >= 0 && column < width && row >= 0 && row < height) yield return (i, row * width + column, 1);
                }
            }
        }
    }
}
