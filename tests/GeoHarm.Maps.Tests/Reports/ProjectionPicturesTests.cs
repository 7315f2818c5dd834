using GeoHarm.Maps.Pictures;
using GeoHarm.Maps.Reports;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Maps.Tests.Reports;

public sealed class ProjectionPicturesTests
{
    private static IReadOnlyList<PictureSpec> Pictures(double effect = 1, string language = "en")
    {
        var layers = Results.Layers(effect);
        var overlay = layers.Overlay.Layer;
        var change = overlay["cultivation_ha_change"];
        var units = PublishedLayer.Open(overlay.WithColumns([.. overlay.Columns, Column.Real("removed_ha", Enumerable.Range(0, overlay.RowCount).Select(r => Math.Max(0, -change.Number(r))), "ha")], "units"));
        string[] kappas = ["infinite", "250", "75"];
        var rows = (from k in kappas from r in Enumerable.Range(0, overlay.RowCount) select (k, r)).ToArray();
        var range = PublishedLayer.Open(new Layer("kappa_range",
        [
            Column.Text("kappa_km", rows.Select(r => r.k)), Column.Text("zone", rows.Select(r => overlay["zone"].TextAt(r.r))),
            Column.Real("reappeared_ha", rows.Select(r => effect * (r.k == "75" ? 5000 - 600 * r.r : 1000 + 0.3 * r.r)), "ha"),
        ]));
        return ProjectionPictures.All(units, layers.Land, range, Results.Context(language));
    }

    [Theory]
    [InlineData("en")]
    [InlineData("es")]
    [InlineData("pt")]
    public void Four_pictures_draw_without_a_fault(string language)
    {
        var pictures = Pictures(language: language);
        Assert.Equal(["01-cultivation", "02-cultivation-change", "03-near-the-policy", "04-length-scales"], pictures.Select(p => p.Name));
        Assert.All(pictures, p => Assert.DoesNotContain(Picture.Draw(p, PictureFormat.Png).Notes, n => n.StartsWith("GH", StringComparison.Ordinal)));
    }

    [Fact]
    public void Length_scales_share_their_classes_and_change_is_hatched_where_its_sign_is_uncertain()
    {
        var pictures = Pictures();
        var scales = pictures[3].Panels.OfType<MapSpec>().Select(m => m.Layers.OfType<Choropleth>().Single()).ToArray();
        Assert.Equal(3, scales.Length);
        Assert.All(scales, s => Assert.Equal(scales[0].ClassesInForce().Breaks, s.ClassesInForce().Breaks));
        Assert.Contains("none identified by the data", pictures[3].Title, StringComparison.Ordinal);
        var change = pictures[1].Panels.OfType<MapSpec>().Single().Layers.OfType<Choropleth>().Single();
        Assert.Equal(("cultivation_ha_change_low", "cultivation_ha_change_high"), (change.LowColumn, change.HighColumn));
        // By powers of ten: a loss of 38,293 ha leaves the gain of 301 ha its class.
        Assert.Equal([-5000, -500, -50, -5, 5, 50, 500, 5000], change.ClassesInForce().Breaks);
    }

    [Fact]
    public void Hectares_are_drawn_whole_and_nothing_removed_leaves_two_pictures()
    {
        var drawn = Pictures()[3].Panels.OfType<MapSpec>().First().Layers.OfType<Choropleth>().Single();
        Assert.Equal(1000, drawn.Source.Layer[drawn.Column].Number(1));
        Assert.Equal(2, Pictures(0).Count);
    }
}
