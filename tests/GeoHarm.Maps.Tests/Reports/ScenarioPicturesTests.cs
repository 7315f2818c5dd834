using GeoHarm.Maps.Charts;
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
    public void Where_nothing_is_pushed_no_empty_chart_is_drawn_but_words()
    {
        foreach (var (language, said) in new[] { ("en", "Nobody receives more"), ("es", "Nadie recibe más"), ("pt", "Ninguém recebe mais") })
        {
            var recipients = ScenarioPictures.All(Results.Layers(0), Results.Context(language)).Pictures.Single(p => p.Name == "07-recipients");
            Assert.StartsWith(said, recipients.Title);
            Assert.Contains(said, recipients.Subtitle);
            Assert.DoesNotContain(recipients.Panels, p => p is BarChart);
            Assert.Empty(Picture.Draw(recipients, PictureFormat.Png).Notes);
        }
        var some = ScenarioPictures.All(Results.Layers(), Results.Context()).Pictures.Single(p => p.Name == "07-recipients");
        Assert.Equal(2, some.Panels.Count(p => p is BarChart));
        Assert.DoesNotContain("Nobody", some.Subtitle);
    }

    [Fact]
    public void Maps_that_are_compared_have_one_size_and_share_a_legend()
    {
        foreach (var name in new[] { "01-cultivation", "05-flows" })
        {
            var spec = ScenarioPictures.All(Results.Layers(), Results.Context()).Pictures.Single(p => p.Name == name);
            var maps = spec.Panels.OfType<MapSpec>().ToArray();
            Assert.Single(maps.Select(m => (m.Weight, m.Extent, m.HasLegend)).Distinct());
            Assert.False(maps[0].HasLegend);
            Assert.Contains(spec.Panels, p => p is LegendPanel);
        }
    }

    [Fact]
    public void The_title_of_two_changes_counts_the_zones_that_have_both()
    {
        string Title(double effect) => ScenarioPictures.All(Results.Layers(effect), Results.Context()).Pictures.Single(p => p.Name == "08-flow-and-forest").Title;
        Assert.Equal("In 2 zones more cocaine passes and more forest falls", Title(1));
        Assert.StartsWith("No zone has both", Title(0));
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
