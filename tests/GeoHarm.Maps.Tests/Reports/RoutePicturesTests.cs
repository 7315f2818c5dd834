using GeoHarm.Maps.Charts;
using GeoHarm.Maps.Pictures;
using GeoHarm.Maps.Reports;
using GeoHarm.Maps.Styles;
using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using SkiaSharp;

namespace GeoHarm.Maps.Tests.Reports;

/// <summary>Flow maps, the push map and the sweep: what would be lost if bands or legends vanished is counted in pixels.</summary>
public sealed class RoutePicturesTests
{
    private static readonly string[] Languages = ["en", "es", "pt"];

    private static PublishedLayer Zones4() => PublishedLayer.Open(new Layer("push_zones",
        [Column.Text("name", ["Alta", "Baja", "Costa", "Delta"]), Column.Real("d_burden_per_cent", [-5.0, -0.01, 0.02, 3]), Column.Real("top_ten_percent", [40.0, 10, 0, 30])],
        [Zones.Square(-76, -4, 4), Zones.Square(-72, -4, 4), Zones.Square(-76, 0, 4), Zones.Square(-72, 0, 4)], CoordinateSystem.Wgs84));

    private static PublishedLayer Corridors(params double[] values) => PublishedLayer.Open(new Layer("push_corridors",
    [
        Column.Text("from_zone", values.Select(_ => "a")), Column.Text("to_zone", values.Select(_ => "b")), Column.Real("d_burden_per_cent", values),
        Column.Real("lon1", values.Select(_ => -74.0)), Column.Real("lat1", values.Select((_, i) => -2.0 + i)), Column.Real("lon2", values.Select(_ => -70.0)), Column.Real("lat2", values.Select((_, i) => 2.0 - i)),
    ]));

    private static PictureSpec Push(string language = "en", params double[] corridors) =>
        RoutePictures.Push(Zones4(), Corridors(corridors.Length > 0 ? corridors : [4, -4]), Zones.Land(), "weightedTonnes", Results.Context(language));

    private static PictureSpec Sweep(string language = "en") => RoutePictures.Sweep(Zones4(), PublishedLayer.Open(new Layer("sweep_ranks",
        [Column.Text("name", ["Spain", "Panama"]), Column.Real("rank1", [0.6, 0.1]), Column.Real("rank2", [0.1, 0.4]), Column.Real("rank3", [0, 0.2])])), Zones.Land(), 10, 0.5, Results.Context(language));

    private static SKBitmap Draw(PictureSpec spec) => SKBitmap.Decode(Picture.Draw(spec with { Size = spec.Size with { Dpi = 72 } }, PictureFormat.Png).Bytes);

    private static int Count(SKBitmap bitmap, string colour, double left, double right)
    {
        var (wanted, count) = (SKColor.Parse(colour), 0);
        for (var y = 0; y < bitmap.Height; y++)
            for (var x = (int)(bitmap.Width * left); x < (int)(bitmap.Width * right); x++) count += bitmap.GetPixel(x, y) == wanted ? 1 : 0;
        return count;
    }

    [Fact]
    public void Flow_maps_show_their_bands_and_the_key_to_their_widths()
    {
        var flows = ScenarioPictures.All(Results.Layers(), Results.Context()).Pictures.Single(p => p.Name == "05-flows");
        using var drawn = Draw(flows);
        var bare = flows with { Panels = [.. flows.Panels.Select(p => p is MapSpec m ? m with { Layers = [.. m.Layers.Where(l => l is not FlowArrows)] } : p)] };
        using var without = Draw(bare);
        var colour = PictureStyle.Default.Flow;
        Assert.True(Count(drawn, colour, 0, 0.42) > 30, "bands before");
        Assert.True(Count(drawn, colour, 0.42, 0.84) > 30, "bands after");
        Assert.Equal(0, Count(without, colour, 0, 0.84));

        // Three widths in the legend: 26 points across, of about 9, 2 and half a point.
        Assert.InRange(Count(drawn, colour, 0.85, 1), 150, 600);
    }

    [Fact]
    public void Less_is_broken_and_more_is_whole_in_the_map_and_in_its_key()
    {
        using var more = Draw(Push("en", 4));
        using var less = Draw(Push("en", -4));
        var (orange, blue) = (PictureStyle.Default.More, PictureStyle.Default.Less);
        Assert.Equal(0, Count(more, blue, 0.45, 0.82));
        Assert.Equal(0, Count(less, orange, 0.45, 0.82));
        foreach (var (bitmap, colour) in new[] { (more, orange), (less, blue) }) Assert.True(Count(bitmap, colour, 0.45, 0.82) > 20);

        // The key holds both, whole and broken: the broken line has less colour of the same width.
        Assert.InRange(Count(more, blue, 0.83, 1) / (double)Count(more, orange, 0.83, 1), 0.4, 0.9);
    }

    [Fact]
    public void The_bands_of_a_push_map_lie_between_zones_and_are_counted()
    {
        var spec = Push("en", 4, -4);
        Assert.Contains("2 corridors between zones", spec.AltText);
        Assert.Contains("Alta \u22125", spec.Title);
        Assert.Contains("Delta +3", spec.Title);
        Assert.All(spec.Panels.OfType<MapSpec>().SelectMany(m => m.Layers.OfType<FlowArrows>()), f => Assert.Equal(2, f.RowsDrawn().Count));
        Assert.Contains("no enforcement changes it", RoutePictures.Push(
            PublishedLayer.Open(Zones4().Layer.WithColumns([Column.Text("name", ["a", "b", "c", "d"]), Column.Real("d_burden_per_cent", [0.0, 0, 0, 0])])), Corridors(0), Zones.Land(), "tonnes", Results.Context()).Title);
    }

    [Fact]
    public void A_sweep_says_who_receives_most_with_its_share()
    {
        var spec = Sweep();
        Assert.Equal("Spain receives most in 60\u00A0% of 10 policies", spec.Title);
        Assert.Contains("Panama 10\u00A0%", spec.AltText);
        using var bitmap = Draw(spec);
        var first = Palette.Violet.At(0.95);
        Assert.True(Count(bitmap, first, 0, 0.45) > 500, "bars of the first rank");
    }

    [Fact]
    public void Both_are_drawn_without_a_fault_in_every_language_and_none_leaks()
    {
        foreach (var language in Languages)
        {
            foreach (var spec in new[] { Push(language), Sweep(language) })
            {
                Assert.DoesNotContain(Picture.Draw(spec, PictureFormat.Svg).Notes, n => n.StartsWith("GH", StringComparison.Ordinal));
                var texts = string.Join(" ", [spec.Title, spec.Subtitle, spec.AltText, .. spec.Panels.Select(p => p.Title)]);
                if (language != "en") Assert.DoesNotMatch("(?i)enforcement|receives|policies|stopped|burden", texts);
            }
        }
    }

    [Fact]
    public void Countries_are_named_only_where_a_band_ends()
    {
        var land = PublishedLayer.Open(new Layer("land", [Column.Text("name", ["Here", "There"])], [Zones.Square(-78, -6, 12), Zones.Square(0, 0, 10)], CoordinateSystem.Wgs84));
        Assert.Equal([0], RoutePictures.CountryNames(land, Corridors(1, 2), [0, 1]).Only!);
    }
}
