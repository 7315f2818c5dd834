using GeoHarm.Maps.Styles;
using GeoHarm.Maps.Tiles;
using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using SkiaSharp;

namespace GeoHarm.Maps.Tests.Tiles;

public sealed class PictureTileTests
{
    private static TileSource Painted(TileFormat format, double[] values, int maxZoom = 5) => new(Zones.Open(values), new TileOptions
    {
        MaxZoom = maxZoom, Paint = new TilePaint { Column = "v", Classes = Classification.Fixed([2.5]), Format = format },
    });

    [Theory]
    [InlineData(TileFormat.Png)]
    [InlineData(TileFormat.Webp)]
    public void A_zone_has_the_colour_of_its_class_and_the_sea_is_clear(TileFormat format)
    {
        var source = Painted(format, [1, 2, 3, 4]);
        var (address, tile) = source.All().OrderByDescending(t => t.Tile.Length).First(t => t.Address.Zoom == 5);
        using var bitmap = SKBitmap.Decode(tile);
        Assert.Equal((512, 512), (bitmap.Width, bitmap.Height));
        var colours = Palette.Green.Colours(2).Select(SKColor.Parse).ToArray();
        Assert.All(source.All().Where(t => t.Address.Zoom == 3), t => Assert.NotEmpty(t.Tile));
        Assert.Contains(bitmap.Pixels, p => p == colours[0] || p == colours[1]);
        Assert.Contains(bitmap.Pixels, p => p.Alpha == 0);
        Assert.Equal(5, address.Zoom);
    }

    [Fact]
    public void Neighbouring_tiles_meet_without_an_outline_between_them()
    {
        // One zone over a tile's edge: the last column of one tile and the first of the next hold the fill alone.
        var layer = PublishedLayer.Open(new Layer("one", [Column.Text("name", ["a"]), Column.Real("v", [1])], [Zones.Square(-10, -10, 20)], CoordinateSystem.Wgs84));
        var source = new TileSource(layer, new TileOptions { MaxZoom = 1, Paint = new TilePaint { Column = "v", Classes = new Classes([]) } });
        using var west = SKBitmap.Decode(source.Tile(new TileAddress(1, 0, 0)));
        using var east = SKBitmap.Decode(source.Tile(new TileAddress(1, 1, 0)));
        var fill = SKColor.Parse(Palette.Green.Colours(1)[0]);
        Assert.Equal((fill, fill), (west.GetPixel(511, 500), east.GetPixel(0, 500)));
    }

    [Fact]
    public void An_archive_of_pictures_is_read_back_and_verified()
    {
        var source = Painted(TileFormat.Png, [1, 4]);
        using var stream = new MemoryStream();
        PmTilesWriter.Write(source, stream);
        var reader = new PmTilesReader(stream);
        Assert.Equal(TileFormat.Png, reader.Format);
        Assert.All(source.All(), t => Assert.Equal(t.Tile, reader.Tile(t.Address)));
        Assert.Empty(TileVerification.Check(stream).Faults);
    }

    [Fact]
    public void A_picture_that_is_none_is_found_out()
    {
        var verdict = TileVerification.Check([(new TileAddress(0, 0, 0), new byte[] { 1, 2, 3 })], TileFormat.Png, 0, 0, true);
        Assert.Contains("no Png picture", Assert.Single(verdict.Faults));
    }

    [Fact]
    public void A_stack_holds_every_layer_of_a_tile_and_needs_names_apart()
    {
        TileSource Named(string name, int max) => new(Zones.Open([1, 2]), new TileOptions { MaxZoom = max, LayerName = name });
        var stack = new TileStack("both", [Named("first", 3), Named("second", 5)]);
        Assert.Equal(["first", "second"], stack.Layers.Select(l => l.Id));
        Assert.Equal((0, 5), (stack.MinZoom, stack.MaxZoom));
        var world = stack.All().First();
        Assert.Equal(4, TileVerification.Features(world.Tile));
        Assert.Equal(2, TileVerification.Features(stack.All().First(t => t.Address.Zoom == 5).Tile));
        Assert.True(stack.All().Select(t => t.Address.Id).SequenceEqual(stack.All().Select(t => t.Address.Id).Order()));
        Assert.Equal("GH6022", Assert.Throws<InvalidInputException>(() => new TileStack("twice", [Named("a", 1), Named("a", 1)])).Faults[0].Code);
    }
}
