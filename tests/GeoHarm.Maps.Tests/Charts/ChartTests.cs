using GeoHarm.Maps.Charts;
using GeoHarm.Maps.Pictures;
using GeoHarm.Spatial.Layers;
using SkiaSharp;

namespace GeoHarm.Maps.Tests.Charts;

public sealed class ChartTests
{
    private static readonly PictureSize Small = new(500, 320, 72);

    private static PublishedLayer Table(params Column[] columns) => PublishedLayer.Open(new Layer("table", columns));

    private static FanChart Fan() => new(Table(
        Column.Integer("year", Enumerable.Range(2001, 10).Select(y => (long?)y)), Column.Real("mid", Enumerable.Range(0, 10).Select(i => 100.0 + 5 * i)),
        Column.Real("l90", Enumerable.Range(0, 10).Select(i => 100.0 - 6 * i)), Column.Real("h90", Enumerable.Range(0, 10).Select(i => 100.0 + 20 * i)),
        Column.Real("seen", Enumerable.Range(0, 10).Select(i => i < 5 ? 101.0 + 4 * i : double.NaN))), "year", "mid")
    { Bands = [new FanBand("l90", "h90", "90 %")], ObservedColumn = "seen", Unit = "ha" };

    [Fact]
    public void Every_chart_draws_in_every_format()
    {
        Panel[] charts =
        [
            Fan(),
            new TornadoChart(Table(Column.Text("k", ["leakage", "kill share"]), Column.Real("a", [10.0, 18]), Column.Real("b", [40.0, 22])), "k", "a", "b", 20) { Unit = "t" },
            new SpecificationCurve(Table(Column.Real("v", [-2.0, 1, 3]), Column.Real("l", [-3.0, -1, 2]), Column.Real("h", [-1.0, 2, 4]), Column.Text("w", ["queen", "knn", "queen"])), "v", "l", "h", ["w"]),
            new RankChart(Table(Column.Text("o", ["do nothing", "spray"]), Column.Real("r1", [0.7, 0.3]), Column.Real("r2", [0.3, 0.7])), "o", ["r1", "r2"]),
            new BarChart(Table(Column.Text("n", ["a", "b"]), Column.Real("v", [5.0, -2]), Column.Real("l", [3.0, -4]), Column.Real("h", [8.0, 1])), "n", "v") { LowColumn = "l", HighColumn = "h" },
        ];
        foreach (var chart in charts)
        {
            foreach (var format in Enum.GetValues<PictureFormat>())
            {
                var drawn = Picture.Draw(chart with { Title = "A chart" }, format, size: Small);
                Assert.Empty(drawn.Notes);
                Assert.True(drawn.Bytes.Length > 3000, $"{chart.GetType().Name} {format}");
            }
        }
    }

    [Fact]
    public void An_empty_chart_says_so_in_words_and_in_its_notes()
    {
        var empty = new BarChart(Table(Column.Text("n", ["a"]), Column.Real("v", [double.NaN])), "n", "v");
        Assert.Contains(Picture.Draw(empty, PictureFormat.Png, size: Small).Notes, n => n.StartsWith("GH6011", StringComparison.Ordinal));
    }

    [Fact]
    public void A_longer_bar_stands_for_a_larger_number()
    {
        var chart = new BarChart(Table(Column.Text("n", ["a", "b"]), Column.Real("v", [10.0, 5])), "n", "v") { Title = "t" };
        using var bitmap = SKBitmap.Decode(Picture.Draw(chart, PictureFormat.Png, size: Small).Bytes);
        var orange = SKColor.Parse(GeoHarm.Maps.Styles.PictureStyle.Default.More);
        var runs = Enumerable.Range(0, bitmap.Height).Select(y => Enumerable.Range(0, bitmap.Width).Count(x => bitmap.GetPixel(x, y) == orange)).Where(n => n > 0).ToArray();
        Assert.Equal(2.0, (double)runs.Max() / runs.Min(), 0.05);
    }

    [Fact]
    public void An_animation_holds_every_picture_and_still_is_a_picture()
    {
        var frames = new[] { 1.0, 2, 3 }.Select(v => new PictureSpec { Name = "f", Title = $"Year {v}", Panels = [new BarChart(Table(Column.Text("n", ["a"]), Column.Real("v", [v])), "n", "v")], Size = Small }).ToArray();
        var apng = Animation.Apng(frames, 800);
        var chunks = Animation.Chunks(apng.Bytes).ToArray();
        Assert.Equal(["IHDR", "acTL", "fcTL"], chunks.Take(3).Select(c => c.Type));
        Assert.Equal(3, chunks.Count(c => c.Type == "fcTL"));
        using var first = SKBitmap.Decode(apng.Bytes);
        using var alone = SKBitmap.Decode(Picture.Draw(frames[0], PictureFormat.Png).Bytes);
        Assert.Equal(alone.Pixels, first.Pixels);
        Assert.Throws<ArgumentException>(() => Animation.Apng([frames[0], frames[1] with { Size = PictureSize.A4Portrait }], 800));
    }
}
