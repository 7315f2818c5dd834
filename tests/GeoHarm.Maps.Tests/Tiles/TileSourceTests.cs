using GeoHarm.Maps.Tiles;
using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO.VectorTiles.Mapbox;

namespace GeoHarm.Maps.Tests.Tiles;

public sealed class TileSourceTests
{
    // Two zones with one wavy border between them, and a hole in the second that the third fills.
    private static PublishedLayer Neighbours()
    {
        var border = Enumerable.Range(0, 400).Select(i => new Coordinate(-74 + 0.02 * Math.Sin(i * 0.9) + 0.1 * Math.Sin(i * 0.05), -2 + i * 0.01)).ToArray();
        var west = Zones.Factory.CreatePolygon([new(-76, -2), .. border, new(-76, border[^1].Y), new(-76, -2)]);
        var hole = Zones.Factory.CreateLinearRing([new(-72.5, 0), new(-72.5, 0.5), new(-72, 0.5), new(-72, 0), new(-72.5, 0)]);
        var east = Zones.Factory.CreatePolygon(Zones.Factory.CreateLinearRing([new(-71, -2), new(-71, border[^1].Y), .. border.Reverse(), new(-71, -2)]), [hole]);
        return PublishedLayer.Open(new Layer("zones",
            [Column.Text("name", ["West", "East", "Inside"]), Column.Real("v", [1.5, double.NaN, 3]), Column.Integer("n", [1L, -2L, null])],
            [west, east, Zones.Factory.CreatePolygon(hole)], CoordinateSystem.Wgs84));
    }

    [Fact]
    public void Another_reader_finds_the_features_and_their_attributes()
    {
        var source = new TileSource(Neighbours(), new TileOptions { MaxZoom = 6 });
        var address = AddressOf(-73.9, 0.2, 5);
        var tile = new MapboxTileReader().Read(new MemoryStream(source.Tile(address)), new NetTopologySuite.IO.VectorTiles.Tiles.Tile(address.Column, address.Row, 5));
        var layer = Assert.Single(tile.Layers);
        Assert.Equal("zones", layer.Name);
        var features = layer.Features.ToDictionary(f => (string)f.Attributes["name"]);
        Assert.Equal(1.5, features["West"].Attributes["v"]);
        Assert.False(features["East"].Attributes.Exists("v"));
        Assert.Equal(-2L, Convert.ToInt64(features["East"].Attributes["n"]));
        Assert.All(features.Values, f => Assert.True(f.Geometry.IsValid));
        Assert.Equal(0.25, features["Inside"].Geometry.Area, 0.002);
    }

    [Fact]
    public void Neighbours_stay_together_at_every_zoom()
    {
        var shapes = ShapeReader.Read(Neighbours().Layer, [0, 1, 2]);
        foreach (var least in new[] { 1e-12, 1e-10, 1e-9, 1e-8, 1e-7 })
        {
            var (west, east) = (Keys(shapes[0].Parts[0].Thinned(least, 3)), Keys(shapes[1].Parts[0].Thinned(least, 3)));
            var (westBorder, eastBorder) = (west.Where(k => k.X > 0.2906 - 0.001 && IsBorder(k)).ToHashSet(), east.Where(IsBorder).ToHashSet());
            Assert.Equal(westBorder, eastBorder);
            Assert.True(westBorder.Count >= 2);
        }

        static IEnumerable<(double X, double Y)> Keys(TilePart? part) => part is null ? [] : part.X.Zip(part.Y);
        static bool IsBorder((double X, double Y) p) => Math.Abs(p.X * 360 - 180 + 74) < 0.5;
    }

    [Fact]
    public void A_hole_and_what_fills_it_are_thinned_alike()
    {
        var shapes = ShapeReader.Read(Neighbours().Layer, [0, 1, 2]);
        Assert.Equal(shapes[1].Parts[1].Weight.Order(), shapes[2].Parts[0].Weight.Order());
    }

    [Fact]
    public void The_pyramid_holds_the_tiles_that_are_served_on_demand()
    {
        var source = new TileSource(Neighbours(), new TileOptions { MaxZoom = 7 });
        var all = source.All().ToArray();
        Assert.Equal(all.OrderBy(t => t.Address.Id).Select(t => t.Address), all.Select(t => t.Address));
        Assert.All(all, t => Assert.Equal(source.Tile(t.Address), t.Tile));
        Assert.Empty(source.Tile(new TileAddress(7, 0, 0)));
    }

    [Fact]
    public void Tiles_side_by_side_cover_the_zones_area()
    {
        var source = new TileSource(Neighbours(), new TileOptions { MaxZoom = 8, Buffer = 0 });
        var area = source.All().Where(t => t.Address.Zoom == 8).Sum(t => new MapboxTileReader()
            .Read(new MemoryStream(t.Tile), new NetTopologySuite.IO.VectorTiles.Tiles.Tile(t.Address.Column, t.Address.Row, 8)).Layers.Sum(l => l.Features.Sum(f => f.Geometry.Area)));
        Assert.Equal(Enumerable.Range(0, 3).Sum(r => Neighbours().Layer.GeometryAt(r)!.Area), area, 0.01);
    }

    [Fact]
    public void Lines_and_points_are_cut_into_tiles_too()
    {
        var line = Zones.Factory.CreateLineString([new(-80, 0.1), new(-60, 0.1)]);
        var layer = PublishedLayer.Open(new Layer("mixed", [Column.Text("name", ["line", "points"])],
            [line, Zones.Factory.CreateMultiPointFromCoords([new(-74, 0.2), new(-70, 0.2)])], CoordinateSystem.Wgs84));
        var source = new TileSource(layer, new TileOptions { MaxZoom = 5, Buffer = 0 });
        var tiles = source.All().Where(t => t.Address.Zoom == 5).Select(t => new MapboxTileReader().Read(new MemoryStream(t.Tile), new NetTopologySuite.IO.VectorTiles.Tiles.Tile(t.Address.Column, t.Address.Row, 5))).ToArray();
        Assert.Equal(20, tiles.SelectMany(t => t.Layers).SelectMany(l => l.Features).Where(f => (string)f.Attributes["name"] == "line").Sum(f => f.Geometry.Length), 0.02);
        Assert.Contains(tiles.SelectMany(t => t.Layers).SelectMany(l => l.Features), f => f.Geometry is Point or MultiPoint);
    }

    [Fact]
    public void Attributes_and_rows_can_be_left_out()
    {
        var source = new TileSource(Neighbours(), new TileOptions { MaxZoom = 2, Columns = ["name"], Where = new LayerQuery(Equal: new Dictionary<string, string> { ["name"] = "West" }) });
        var address = AddressOf(-75, 0.2, 2);
        var feature = Assert.Single(new MapboxTileReader().Read(new MemoryStream(source.Tile(address)), new NetTopologySuite.IO.VectorTiles.Tiles.Tile(address.Column, address.Row, 2)).Layers[0].Features);
        Assert.False(feature.Attributes.Exists("v"));
    }

    [Fact]
    public void A_layer_without_geometry_is_refused() =>
        Assert.Equal("GH6021", Assert.Throws<InvalidInputException>(() => new TileSource(PublishedLayer.Open(new Layer("t", [Column.Text("a", ["b"])])), new TileOptions())).Faults[0].Code);

    internal static TileAddress AddressOf(double longitude, double latitude, int zoom) =>
        new(zoom, (int)((longitude / 360 + 0.5) * (1 << zoom)), (int)(ShapeReader.WorldRow(latitude) * (1 << zoom)));
}
