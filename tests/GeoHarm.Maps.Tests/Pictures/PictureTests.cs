using System.Text;
using GeoHarm.Maps.Pictures;
using GeoHarm.Maps.Pictures.Projections;
using GeoHarm.Maps.Styles;
using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using NetTopologySuite.Geometries;
using SkiaSharp;

namespace GeoHarm.Maps.Tests.Pictures;

public sealed class PictureTests
{
    private static PictureSpec Of(MapLayer theme, MapExtent? extent = null) => new()
    {
        Name = "test", Title = "A title with accents: Nariño, São", Subtitle = "ha", AltText = "Three zones & more",
        Panels = [new MapSpec { Layers = [new Basemap(Zones.Land()), theme, new NameLabels(theme.Source, "name")], Extent = extent }],
        Credits = new Credits { Source = "made up for the test", RunId = "0123456789abcdef", Caveats = ["Association, not causation."] },
        Size = new PictureSize(420, 300, 72),
    };

    private static Choropleth Change(params double[] values) => new(Zones.Open(values), "v", "Change, ha") { Palette = Palette.BlueOrange };

    [Fact]
    public void The_same_picture_has_the_same_bytes()
    {
        foreach (var format in new[] { PictureFormat.Png, PictureFormat.Svg, PictureFormat.Pdf })
            Assert.Equal(Picture.Draw(Of(Change(-5, 0, 7)), format).Bytes, Picture.Draw(Of(Change(-5, 0, 7)), format).Bytes);
    }

    [Fact]
    public void A_zone_has_the_colour_of_its_class()
    {
        var map = Change(-5, 0.01, 7) with { Classes = Classification.Fixed([-1, 1]) };
        var drawn = Picture.Draw(Of(map, new MapExtent(-76, -1, -70, 3)), PictureFormat.Png);
        using var bitmap = SKBitmap.Decode(drawn.Bytes);
        Assert.Empty(drawn.Notes);
        var colours = Palette.BlueOrange.Colours(3);
        Assert.True(Has(bitmap, colours[2]) && Has(bitmap, colours[1]));
        Assert.True(Has(bitmap, colours[0]));
    }

    private static bool Has(SKBitmap bitmap, string colour)
    {
        var wanted = SKColor.Parse(colour);
        return bitmap.Pixels.Count(p => p == wanted) > 200;
    }

    [Fact]
    public void Svg_holds_paths_and_no_text_or_pixels()
    {
        var svg = Encoding.UTF8.GetString(Picture.Draw(Of(Change(-5, 0, 7)), PictureFormat.Svg).Bytes);
        Assert.DoesNotContain("<text", svg);
        Assert.DoesNotContain("<image", svg);
        Assert.Contains("<desc>Three zones &amp; more</desc>", svg);
        var document = System.Xml.Linq.XDocument.Parse(svg);
        Assert.True(document.Descendants().Count(e => e.Name.LocalName == "path") > 30);
    }

    [Fact]
    public void Pdf_has_vectors_the_page_size_and_embedded_fonts_only()
    {
        var pdf = Encoding.Latin1.GetString(Picture.Draw(Of(Change(-5, 0, 7)), PictureFormat.Pdf).Bytes);
        Assert.Contains("/MediaBox [0 0 420 300]", pdf);
        Assert.Contains("/FontFile2", pdf);
        Assert.Contains("NotoSans", pdf);
        Assert.DoesNotContain("/Subtype /Image", pdf);
    }

    [Fact]
    public void An_empty_map_is_refused_with_a_reason()
    {
        var empty = PublishedLayer.Open(Zones.Row([1]).Take([]));
        var spec = Of(new Choropleth(empty, "v", "ha"));
        spec = spec with { Panels = [new MapSpec { Layers = [new Choropleth(empty, "v", "ha")] }] };
        Assert.Equal("GH6008", Assert.Throws<InvalidInputException>(() => Picture.Draw(spec, PictureFormat.Png)).Faults[0].Code);
    }

    [Fact]
    public void A_map_without_its_theme_in_the_window_says_so() =>
        Assert.Contains(Picture.Draw(Of(Change(1, 2), new MapExtent(10, 40, 20, 50)), PictureFormat.Png).Notes, n => n.StartsWith("GH6006", StringComparison.Ordinal));

    [Fact]
    public void One_zone_alone_is_drawn() => Assert.Empty(Picture.Draw(Of(Change(3)), PictureFormat.Png).Notes);

    [Fact]
    public void Zones_without_any_value_are_drawn_as_such()
    {
        var drawn = Picture.Draw(Of(new Choropleth(Zones.Open([double.NaN, double.NaN]), "v", "ha")), PictureFormat.Png);
        using var bitmap = SKBitmap.Decode(drawn.Bytes);
        Assert.True(Has(bitmap, PictureStyle.Default.NoValue));
    }

    [Fact]
    public void A_name_the_font_cannot_write_is_refused_by_name()
    {
        var layer = new Layer("places", [Column.Text("name", ["القاهرة", "😀 town", "Bogotá"]), Column.Real("v", [1, 2, 3])],
            [Zones.Square(-76, 0, 2), Zones.Square(-74, 0, 2), Zones.Square(-72, 0, 2)], CoordinateSystem.Wgs84);
        var notes = Picture.Draw(Of(new Choropleth(PublishedLayer.Open(layer), "v", "ha")), PictureFormat.Png).Notes;
        Assert.Equal(2, notes.Count(n => n.StartsWith("GH6004", StringComparison.Ordinal)));
        Assert.Contains(notes, n => n.Contains("القاهرة", StringComparison.Ordinal));
    }

    [Fact]
    public void Zones_smaller_than_their_outline_still_show_their_colour()
    {
        const int Side = 120;
        var squares = Enumerable.Range(0, Side * Side).Select(i => (Geometry)Zones.Square(-76 + i % Side * 0.05, -3 + i / Side * 0.05, 0.05)).ToArray();
        var layer = new Layer("cells", [Column.Text("name", squares.Select((_, i) => $"{i}")), Column.Real("v", squares.Select((_, i) => i % Side < Side / 2 ? 1.0 : 9))], squares, CoordinateSystem.Wgs84);
        var map = new MapSpec { Layers = [new Choropleth(PublishedLayer.Open(layer), "v", "ha") { Classes = Classification.Fixed([5]) }] };
        using var bitmap = SKBitmap.Decode(Picture.Draw(map with { Title = "Cells" }, PictureFormat.Png, size: new PictureSize(420, 300, 72)).Bytes);
        Assert.All(Palette.Green.Colours(2), c => Assert.True(Has(bitmap, c), c));
        Assert.False(Has(bitmap, PictureStyle.Default.ZoneOutline));
    }

    [Fact]
    public void A_zone_across_the_antimeridian_is_one_shape()
    {
        var ring = Zones.Factory.CreatePolygon([new(178, -2), new(-178, -2), new(-178, 2), new(178, 2), new(178, -2)]);
        var layer = PublishedLayer.Open(new Layer("fiji", [Column.Text("name", ["F"]), Column.Real("v", [1])], [ring], CoordinateSystem.Wgs84));
        var projector = new Projector(new LambertAzimuthal(180, 0), new MapExtent(176, -4, 184, 4), new SKRect(0, 0, 200, 200));
        using var path = new GeometryPaths(projector).Of(layer.Layer.GeometryAt(0)!, null);
        Assert.InRange(path.Bounds.Width, 95, 105);
        Assert.InRange(path.Bounds.MidX, 98, 102);
    }

    [Fact]
    public void Layers_in_the_study_grid_are_drawn_and_unknown_systems_refused()
    {
        var square = Zones.Factory.CreatePolygon([new(-7400000, 100000), new(-7200000, 100000), new(-7200000, 300000), new(-7400000, 300000), new(-7400000, 100000)]);
        Layer In(int epsg) => new("grid", [Column.Text("name", ["g"]), Column.Real("v", [1])], [square], new CoordinateSystem(epsg));
        var reader = GeographicReader.For(In(6933))!;
        var (longitude, latitude) = reader(-7400000, 100000);
        
        // PROJ (gdaltransform, EPSG:6933 to EPSG:4326) gives -76.6948418029748 0.783886949828152.
        Assert.Equal(-76.6948418029748, longitude, 1e-9);
        Assert.Equal(0.783886949828152, latitude, 1e-9);
        Assert.Equal("GH6002", Assert.Throws<InvalidInputException>(() => GeographicReader.For(In(3116))).Faults[0].Code);
    }

    [Fact]
    public void Names_never_overlap()
    {
        var board = new LabelBoard(new SKRect(0, 0, 100, 100));
        var boxes = new List<SKRect>();
        for (var i = 0; i < 60; i++)
        {
            if (board.Place(new SKPoint(10 + i * 7 % 80, 10 + i * 13 % 80), 30, 9, 2) is { } box) boxes.Add(box);
        }
        Assert.InRange(boxes.Count, 5, 33);
        for (var i = 0; i < boxes.Count; i++)
            for (var j = i + 1; j < boxes.Count; j++) Assert.False(boxes[i].IntersectsWith(boxes[j]), $"{boxes[i]} meets {boxes[j]}");
    }

    [Fact]
    public void Flows_nearer_than_25_km_are_not_drawn()
    {
        var table = PublishedLayer.Open(new Layer("corridors",
            [Column.Real("t", [5.0, 3.0]), Column.Real("lon1", [-75.0, -75.0]), Column.Real("lat1", [0.0, 0.0]), Column.Real("lon2", [-74.9, -70.0]), Column.Real("lat2", [0.0, 5.0])]));
        var spec = Of(Change(1)) with { Panels = [new MapSpec { Layers = [new Basemap(Zones.Land()), new FlowArrows(table, "t", "t")], Extent = new MapExtent(-78, -3, -67, 8) }] };
        Assert.Contains(Picture.Draw(spec, PictureFormat.Png).Notes, n => n.StartsWith("GH6007 1 flows", StringComparison.Ordinal));
    }

    [Fact]
    public void A_sensitive_layer_cannot_reach_a_map()
    {
        var sensitive = new Layer("plots", [Column.Text("name", ["p"])], [Zones.Square(0, 0, 1)], CoordinateSystem.Wgs84, Sensitivity.Sensitive);
        Assert.Throws<InvalidOperationException>(() => PublishedLayer.Open(sensitive));
        Assert.DoesNotContain(typeof(Picture).Assembly.GetExportedTypes().SelectMany(t => t.GetConstructors()).SelectMany(c => c.GetParameters()), p => p.ParameterType == typeof(Layer));
    }

    [Fact]
    public void The_data_beside_a_picture_has_its_rows_and_tames_formulas()
    {
        var layer = new Layer("z", [Column.Text("name", ["=cmd()", "a \"b\", c"]), Column.Real("v", [1.5, double.NaN], "ha")], [Zones.Square(-76, 0, 2), Zones.Square(-74, 0, 2)], CoordinateSystem.Wgs84);
        var files = PictureData.Files(Of(new Choropleth(PublishedLayer.Open(layer), "v", "ha")));
        Assert.Equal(["test.csv", "test.metadata.json"], files.Select(f => f.Name));
        Assert.Equal("name,v\n'=cmd(),1.5\n\"a \"\"b\"\", c\",\n", files[0].Text);
        using var metadata = System.Text.Json.JsonDocument.Parse(files[1].Text);
        Assert.Equal("ha", metadata.RootElement.GetProperty("tables")[0].GetProperty("columns")[1].GetProperty("unit").GetString());
    }
}
