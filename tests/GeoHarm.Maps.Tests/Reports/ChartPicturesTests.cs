using GeoHarm.Maps.Charts;
using GeoHarm.Maps.Pictures;
using GeoHarm.Maps.Reports;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Maps.Tests.Reports;

public sealed class ChartPicturesTests
{
    private static PublishedLayer Swings(params (string Input, double Low, double High)[] rows) => PublishedLayer.Open(new Layer("swings",
        [Column.Text("input", rows.Select(r => r.Input)), Column.Real("at_low", rows.Select(r => r.Low)), Column.Real("at_high", rows.Select(r => r.High))]));

    private static PublishedLayer Variants(params double[] values) => PublishedLayer.Open(new Layer("variants",
        [Column.Real("value", values), Column.Real("low", values.Select(v => v - 1)), Column.Real("high", values.Select(v => v + 1)), Column.Text("weights", values.Select((_, i) => i % 2 == 0 ? "queen" : "knn:4"))]));

    [Fact]
    public void A_tornado_leads_with_the_widest_swing_and_says_the_numbers()
    {
        var spec = ChartPictures.Tornado(Swings(("yield", 90, 110), ("leakage", 120, 60), ("idle", 100, 100)), 100, "cocaHa", true, Results.Context());
        Assert.Contains("leakage moves it most", spec.Title);
        Assert.Contains("leakage (120 to 60 ha); yield (90 to 110 ha)", spec.AltText);
        Assert.Equal([1, 0], Assert.IsType<TornadoChart>(spec.Panels[0]).Rows!);
        Assert.Contains("No assumption moves it", ChartPictures.Tornado(Swings(("idle", 1, 1)), 1, "cocaHa", true, Results.Context()).Title);
    }

    [Fact]
    public void A_specification_curve_says_how_many_agree()
    {
        var spec = ChartPictures.Specifications(Variants(-3, -2, -1, 4), "neighbour:asp_", ["weights"], Results.Context());
        Assert.Equal("neighbour:asp_: 75\u00A0% of 4 variants agree in sign", spec.Title);
        Assert.Contains("\u22123 to +4, median \u22121; 3 are below zero", spec.AltText);
    }

    [Fact]
    public void Every_chart_is_drawn_in_every_language_and_format()
    {
        foreach (var language in new[] { "en", "es", "pt" })
        {
            PictureSpec[] specs =
            [
                ChartPictures.Tornado(Swings(("yield", 90, 110)), 100, "forestLossHa", false, Results.Context(language)),
                ChartPictures.Specifications(Variants(-3, 4), "neighbour:asp_", ["weights"], Results.Context(language)),
            ];
            foreach (var spec in specs)
            {
                foreach (var format in Enum.GetValues<PictureFormat>()) Assert.Empty(Picture.Draw(spec, format).Notes);
                if (language != "en") Assert.DoesNotMatch("(?i)assumption|variants|agree|moves", spec.Title + spec.Subtitle + spec.AltText);
            }
        }
    }
}
