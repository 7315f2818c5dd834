using GeoHarm.Maps.Pictures;
using GeoHarm.Maps.Reports;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Maps.Tests.Reports;

public sealed class ScenarioPicturesTests
{
    [Fact]
    public void A_run_makes_nine_pictures_that_draw_without_a_fault()
    {
        var set = ScenarioPictures.All(Results.Layers(), Results.Context());
        Assert.Empty(set.Refused);
        Assert.Equal(
            ["01-cultivation", "02-cultivation-change", "03-forest-change", "04-people-change", "05-flows", "06-flow-change", "07-recipients", "08-flow-and-forest", "09-four-layers"],
            set.Pictures.Select(p => p.Name));
        Assert.All(set.Pictures, p =>
        {
            var drawn = Picture.Draw(p, PictureFormat.Png);
            Assert.DoesNotContain(drawn.Notes, n => n.StartsWith("GH", StringComparison.Ordinal));
            Assert.True(drawn.Bytes.Length > 20_000, p.Name);
        });
    }

    [Fact]
    public void Titles_and_alt_texts_say_the_numbers()
    {
        var map = ScenarioPictures.All(Results.Layers(), Results.Context()).Pictures[1];
        Assert.Equal("Coca cultivation: Alta \u221238,293 ha, Baja +9,500 ha", map.Title);
        Assert.Contains("122,087 ha before", map.AltText);
        Assert.Contains("Baja +9,500 (+6,333 to +12,667)", map.AltText);
        Assert.Contains("The sign is uncertain in 1 of 6 zones", map.AltText);
    }

    [Fact]
    public void A_policy_that_does_nothing_says_so()
    {
        var map = ScenarioPictures.All(Results.Layers(0), Results.Context()).Pictures[1];
        Assert.Equal("Coca cultivation: no change anywhere", map.Title);
        Assert.Empty(Picture.Draw(map, PictureFormat.Png).Notes);
    }

    [Fact]
    public void A_measure_without_values_is_refused_by_name()
    {
        var overlay = Results.Layers().Overlay.Layer;
        var emptied = overlay.WithColumns(overlay.Columns.Select(c => c.Name.StartsWith("cultivation", StringComparison.Ordinal) ? Column.Real(c.Name, Enumerable.Repeat(double.NaN, overlay.RowCount)) : c).ToArray());
        var set = ScenarioPictures.All(Results.Layers() with { Overlay = PublishedLayer.Open(emptied), Corridors = null }, Results.Context());
        Assert.Contains("01-cultivation: no zone has a value of Coca cultivation in 2004", set.Refused);
        Assert.Contains(set.Refused, r => r.StartsWith("05-flows", StringComparison.Ordinal));
        Assert.All(set.Pictures, p => Assert.NotEmpty(Picture.Draw(p, PictureFormat.Png).Bytes));
    }

    [Fact]
    public void Before_and_after_share_their_classes()
    {
        var maps = ScenarioPictures.All(Results.Layers(), Results.Context()).Pictures[0].Panels.OfType<MapSpec>().SelectMany(m => m.Layers.OfType<Choropleth>()).ToArray();
        Assert.Equal(maps[0].ClassesInForce().Breaks, maps[1].ClassesInForce().Breaks);
    }

    [Fact]
    public void Each_picture_has_its_data_beside_it()
    {
        foreach (var picture in ScenarioPictures.All(Results.Layers(), Results.Context()).Pictures)
        {
            var files = PictureData.Files(picture);
            Assert.Equal($"{picture.Name}.csv", files[0].Name);
            Assert.Equal($"{picture.Name}.metadata.json", files[^1].Name);
            Assert.True(files[0].Text.Count(c => c == '\n') > 1, picture.Name);
        }
        Assert.Contains("00,Alta,COL,2004,66022", PictureData.Files(ScenarioPictures.All(Results.Layers(), Results.Context()).Pictures[0])[0].Text);
    }
}
