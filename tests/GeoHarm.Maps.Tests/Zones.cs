using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using NetTopologySuite.Geometries;

namespace GeoHarm.Maps.Tests;

/// <summary>Small made-up zones for the tests: a row of squares, named and numbered.</summary>
internal static class Zones
{
    public static readonly GeometryFactory Factory = new();

    public static Polygon Square(double west, double south, double side) => Factory.CreatePolygon(
        [new(west, south), new(west + side, south), new(west + side, south + side), new(west, south + side), new(west, south)]);

    public static Layer Row(double[] values, string column = "v", double west = -76, double south = 0, double side = 2) => new(
        "zones",
        [
            Column.Text("zone", values.Select((_, i) => $"{i:00}")),
            Column.Text("name", values.Select((_, i) => $"Zone {(char)('A' + i % 26)}")),
            Column.Real(column, values, "ha"),
        ],
        values.Select((_, i) => (Geometry)Square(west + i * side, south, side)).ToArray(), CoordinateSystem.Wgs84);

    public static PublishedLayer Open(double[] values, string column = "v", double west = -76, double south = 0, double side = 2) =>
        PublishedLayer.Open(Row(values, column, west, south, side));

    public static PublishedLayer Land() => PublishedLayer.Open(new Layer("land", [Column.Text("name", ["Land"])], [Square(-90, -20, 50)], CoordinateSystem.Wgs84));
}
