using GeoHarm.Maps.Pictures;
using GeoHarm.Maps.Pictures.Projections;
using GeoHarm.Maps.Reports;
using GeoHarm.Maps.Styles;
using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using SkiaSharp;

namespace GeoHarm.Maps.Tests.Pictures;

/// <summary>Clusters, rasters and swipe pairs.</summary>
public sealed class ThemeTests
{
    private static SKBitmap Draw(MapLayer theme, MapExtent extent, out DrawnPicture drawn)
    {
        drawn = Picture.Draw(new MapSpec { Title = "Theme", Layers = [theme], Extent = extent, HasGraticule = false }, PictureFormat.Png, size: new PictureSize(420, 300, 72));
        return SKBitmap.Decode(drawn.Bytes);
    }

    private static int Count(SKBitmap bitmap, string colour) => bitmap.Pixels.Count(p => p == SKColor.Parse(colour));

    private static PublishedLayer Clusters(params string[] clusters) => PublishedLayer.Open(new Layer("units",
        [Column.Text("cluster", clusters)], [.. clusters.Select((_, i) => Zones.Square(-76 + 2 * i, 0, 2))], CoordinateSystem.Wgs84));

    [Fact]
    public void Clusters_have_their_colours_and_all_kinds_stand_in_the_legend()
    {
        using var bitmap = Draw(new ClusterMap(Clusters("HighHigh", "None", "HighLow"), "cluster", "Local Moran"), new MapExtent(-76, 0, -70, 2), out var drawn);
        Assert.Empty(drawn.Notes);
        Assert.True(Count(bitmap, "#AE4E0C") > 500 && Count(bitmap, "#FBD5A8") > 500 && Count(bitmap, "#FAFAF8") > 500);

        // No zone is low, yet the legend shows what it would look like.
        Assert.InRange(Count(bitmap, "#BBD8EC"), 20, 400);
    }

    [Fact]
    public void A_text_that_is_no_cluster_is_named()
    {
        using var bitmap = Draw(new ClusterMap(Clusters("HighHigh", "hottish"), "cluster", "Local Moran"), new MapExtent(-76, 0, -72, 2), out var drawn);
        Assert.Contains(drawn.Notes, n => n.StartsWith("GH6012 'hottish'", StringComparison.Ordinal));
    }

    private static RasterShade Raster(int epsg, double west, double north, double width, double height, params float[] values)
    {
        var side = (int)Math.Sqrt(values.Length);
        var footprint = Zones.Factory.CreatePolygon([new(west, north - side * height), new(west + side * width, north - side * height), new(west + side * width, north), new(west, north), new(west, north - side * height)]);
        var layer = PublishedLayer.Open(new Layer("raster", [Column.Real("cells", [values.Length])], [footprint], new CoordinateSystem(epsg)));
        return new RasterShade(layer, new RasterCells(values, side, west, north, width, height), "Raster, ha") { Classes = Classification.Fixed([5]) };
    }

    [Fact]
    public void Cells_keep_their_place_zero_is_clear_and_no_data_is_not_drawn()
    {
        var extent = new MapExtent(-76, -2, -72, 2);
        using var bitmap = Draw(Raster(4326, -76, 2, 2, 2, 1, 0, float.NaN, 9), extent, out var drawn);
        Assert.Empty(drawn.Notes);
        var colours = Palette.Ochre.Colours(2);
        var (low, high) = (Points(colours[0]), Points(colours[1]));
        Assert.True(low.Count > 1000 && high.Count > 1000);

        // North-west is low, south-east high; the few points of the legend do not move a median.
        double Median(IEnumerable<int> values) => values.Order().ElementAt(values.Count() / 2);
        Assert.True(Median(low.Select(p => p.X)) + 50 < Median(high.Select(p => p.X)));
        Assert.True(Median(low.Select(p => p.Y)) + 50 < Median(high.Select(p => p.Y)));
        Assert.InRange(low.Count / (double)high.Count, 0.9, 1.1);

        List<(int X, int Y)> Points(string colour)
        {
            var wanted = SKColor.Parse(colour);
            var found = new List<(int, int)>();
            for (var y = 0; y < bitmap.Height; y++)
                for (var x = 0; x < bitmap.Width; x++) if (bitmap.GetPixel(x, y) == wanted) found.Add((x, y));
            return found;
        }
    }

    [Fact]
    public void A_raster_in_the_equal_area_grid_lies_where_its_degrees_do()
    {
        // EPSG:6933: 10 degrees of longitude are 964,862.80 m; the sine of the authalic latitude gives y.
        var cylinder = new EqualAreaCylinder(Ellipsoid.Wgs84, 30);
        var (west, north) = cylinder.Forward(-76, 2);
        var (east, _) = cylinder.Forward(-72, 2);
        using var plane = Draw(Raster(6933, west, north, (east - west) / 2, north, 1, 1, 1, 9), new MapExtent(-76, -2, -72, 2), out _);
        using var degrees = Draw(Raster(4326, -76, 2, 2, 2, 1, 1, 1, 9), new MapExtent(-76, -2, -72, 2), out _);
        var colours = Palette.Ochre.Colours(2);
        foreach (var colour in colours) Assert.InRange(Count(plane, colour) / (double)Count(degrees, colour), 0.95, 1.05);
    }

    [Theory]
    [InlineData(6933, -7400000, 100000, -76.6948418029748, 0.783886949828152)]
    [InlineData(3857, -8348961.809495, 111325.142866, -75, 1)]
    public void The_window_of_a_plane_layer_is_in_degrees(int epsg, double x, double y, double west, double south)
    {
        // The corners in degrees are PROJ's (gdaltransform).
        var square = Zones.Factory.CreatePolygon([new(x, y), new(x + 400000, y), new(x + 400000, y + 400000), new(x, y + 400000), new(x, y)]);
        var window = MapExtent.Of(PublishedLayer.Open(new Layer("plane", [Column.Real("v", [1])], [square], new CoordinateSystem(epsg))))!;
        Assert.Equal((west, south), (Math.Round(window.West, 6), Math.Round(window.South, 6)), (a, b) => Math.Abs(a.Item1 - b.Item1) < 1e-5 && Math.Abs(a.Item2 - b.Item2) < 1e-5);
        Assert.InRange(window.East - window.West, 3, 5);
    }

    [Fact]
    public void A_raster_beside_the_map_says_so()
    {
        using var bitmap = Draw(Raster(4326, 10, 50, 1, 1, 1, 2, 3, 4), new MapExtent(-76, -2, -72, 2), out var drawn);
        Assert.Contains(drawn.Notes, n => n.StartsWith("GH6006 no cell", StringComparison.Ordinal));
    }

    [Fact]
    public void A_swipe_pair_holds_two_pictures_no_script_and_nothing_to_fetch()
    {
        MapSpec State(string title, double value) => new() { Title = title, Layers = [new Choropleth(Zones.Open([value, 2]), "v", "ha")] };
        var pair = new PictureSpec { Name = "pair", Title = "Two <states>", Panels = [State("Before", 1), State("After", 9)], Columns = 2 };
        var (html, notes) = SwipePage.Html(pair);
        Assert.Empty(notes);
        Assert.Equal(2, html.Split("data:image/png;base64,").Length - 1);
        Assert.DoesNotContain("<script", html);
        Assert.DoesNotContain("http", html.Replace("http-equiv", "", StringComparison.Ordinal));
        Assert.Contains("Two &lt;states&gt;", html);
        Assert.Equal("GH6025", Assert.Throws<InvalidInputException>(() => SwipePage.Html(pair with { Panels = [State("One", 1)] })).Faults[0].Code);
    }
}
