using System.Text;
using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.GeoPackage;
using NetTopologySuite.Geometries;
using SkiaSharp;

namespace GeoHarm.Cli.Tests;

/// <summary>Layers at the edge: each is drawn, or refused with a reason; never a blank picture without a word.</summary>
public sealed class EdgeCaseTests : IDisposable
{
    private static readonly GeometryFactory Shapes = new();
    private readonly string folder = Directory.CreateTempSubdirectory("geoharm-edges-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static Polygon Box(double west, double south, double east, double north) => (Polygon)Shapes.ToGeometry(new Envelope(west, east, south, north));

    private (int Code, string Said, string Picture) Render(string name, string[] names, double[] values, Geometry[] shapes, params string[] options)
    {
        var (file, picture) = (Path.Combine(folder, name + ".gpkg"), Path.Combine(folder, name + ".png"));
        GeoPackageFile.WriteLayers(file, [new Layer(name, [Column.Text("name", names), Column.Real("v", values, "ha")], shapes, CoordinateSystem.Wgs84, title: name)]);
        var (code, output, error) = CommandLineTests.Run(["map", "render", file, "--column", "v", "--out", picture, .. options]);
        return (code, output + error, picture);
    }

    // Pixels of a colour as the default palette gives it to the darkest class, or of the grey of no value.
    private static int Count(string picture, Func<SKColor, bool> wanted)
    {
        using var bitmap = SKBitmap.Decode(picture);
        return bitmap.Pixels.Count(wanted);
    }

    private static bool IsGreen(SKColor c) => c.Green > c.Red + 12 && c.Green > c.Blue + 12;

    [Fact]
    public void An_empty_layer_is_refused_with_the_reason()
    {
        var (code, said, picture) = Render("empty", [], [], []);
        Assert.Equal(ExitCode.Input, code);
        Assert.Contains("GH6008", said, StringComparison.Ordinal);
        Assert.False(File.Exists(picture));
    }

    [Fact]
    public void Rows_that_a_condition_leaves_out_to_the_last_are_refused_too()
    {
        var (code, said, picture) = Render("none", ["A"], [1], [Box(-76, 0, -74, 2)], "--where", "name=B");
        Assert.True(code == ExitCode.Input && said.Contains("GH6026", StringComparison.Ordinal), $"{code} {said}");
        Assert.False(File.Exists(picture));
    }

    [Fact]
    public void A_table_that_no_picture_made_is_not_replaced_by_a_picture_s_data()
    {
        var own = Path.Combine(folder, "own.csv");
        File.WriteAllText(own, "mine");
        var (code, said, picture) = Render("own", ["A"], [1], [Box(-76, 0, -74, 2)]);
        Assert.True(code == ExitCode.Usage && said.Contains("own.csv", StringComparison.Ordinal), $"{code} {said}");
        Assert.False(File.Exists(picture));
        Assert.Equal("mine", File.ReadAllText(own));
        Assert.Equal(ExitCode.Ok, Render("own", ["A"], [1], [Box(-76, 0, -74, 2)], "--force").Code);
        // The control: the same picture in another format takes the place of its own data.
        Assert.Equal(ExitCode.Ok, CommandLineTests.Run("map", "render", Path.Combine(folder, "own.gpkg"), "--column", "v", "--out", Path.Combine(folder, "own.svg")).Code);
    }

    [Fact]
    public void One_feature_is_drawn_with_its_value()
    {
        var (code, said, picture) = Render("one", ["Alone"], [7], [Box(-76, 0, -74, 2)]);
        Assert.True(code == ExitCode.Ok, said);
        Assert.True(Count(picture, IsGreen) > 10_000);
    }

    [Fact]
    public void A_point_alone_is_drawn_as_a_symbol_and_named_when_it_is_asked_for_as_a_zone()
    {
        var point = Shapes.CreatePoint(new Coordinate(-75, 1));
        var (code, said, _) = Render("zone", ["P"], [7], [point]);
        Assert.True(code == ExitCode.Ok && said.Contains("GH6005", StringComparison.Ordinal), said);
        var (drawn, _, picture) = Render("symbol", ["P"], [7], [point], "--as", "symbols");
        Assert.Equal(ExitCode.Ok, drawn);
        Assert.True(Count(picture, c => c.Blue > c.Red + 60) > 500);
    }

    [Fact]
    public void Zones_on_both_sides_of_the_antimeridian_lie_side_by_side()
    {
        var (code, said, picture) = Render("fiji", ["West", "East"], [1, 9], [Box(177, -19, 180, -16), Box(-180, -19, -178, -16)]);
        Assert.True(code == ExitCode.Ok, said);

        // Were the window the whole world, five degrees would be a few pixels across.
        Assert.True(Count(picture, IsGreen) > 50_000);
    }

    [Fact]
    public void Names_in_Arabic_and_emoji_are_named_as_not_drawn_and_kept_in_the_data()
    {
        var (code, said, picture) = Render("names", ["القاهرة", "\U0001F600 town", "Bogotá"], [1, 5, 9], [Box(-76, 0, -74, 2), Box(-74, 0, -72, 2), Box(-72, 0, -70, 2)]);
        Assert.True(code == ExitCode.Ok, said);
        Assert.Equal(2, said.Split("GH6004").Length - 1);
        var data = File.ReadAllText(Path.ChangeExtension(picture, ".csv"), Encoding.UTF8);
        Assert.Contains("القاهرة", data, StringComparison.Ordinal);
        Assert.Contains("\U0001F600 town", data, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_that_are_not_there_are_hatched_and_said_in_the_legend()
    {
        var (code, said, picture) = Render("nan", ["A", "B"], [double.NaN, double.NaN], [Box(-76, 0, -74, 2), Box(-74, 0, -72, 2)]);
        Assert.True(code == ExitCode.Ok, said);
        Assert.True(Count(picture, c => c == new SKColor(0xDD, 0xDC, 0xD8)) > 100_000);
        var (mixed, text, some) = Render("mixed", ["A", "B"], [double.NaN, 4], [Box(-76, 0, -74, 2), Box(-74, 0, -72, 2)]);
        Assert.True(mixed == ExitCode.Ok, text);
        Assert.True(Count(some, IsGreen) > 10_000 && Count(some, c => c == new SKColor(0xDD, 0xDC, 0xD8)) > 100_000);
    }

    [Fact]
    public void Rows_without_a_shape_are_counted_and_stay_in_the_data()
    {
        var (code, said, picture) = Render("shapeless", ["A", "B"], [3, 4], [Box(-76, 0, -74, 2), null!]);
        Assert.True(code == ExitCode.Ok && said.Contains("GH6013", StringComparison.Ordinal) && said.Contains("1 rows", StringComparison.Ordinal), said);
        Assert.Contains("B,4", File.ReadAllText(Path.ChangeExtension(picture, ".csv")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("empty.pmtiles")]
    [InlineData("empty.mbtiles")]
    public void An_empty_layer_makes_no_tiles_but_a_reason(string name)
    {
        var file = Path.Combine(folder, "empty.gpkg");
        GeoPackageFile.WriteLayers(file, [new Layer("empty", [Column.Text("name", [])], [], CoordinateSystem.Wgs84)]);
        var (code, _, said) = CommandLineTests.Run("tiles", "build", file, "--out", Path.Combine(folder, name));
        Assert.True(code == ExitCode.Input && said.Contains("GH6021", StringComparison.Ordinal), $"{code} {said}");
        Assert.False(File.Exists(Path.Combine(folder, name)));
    }
}
