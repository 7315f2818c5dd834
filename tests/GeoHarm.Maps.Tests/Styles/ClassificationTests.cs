using CsCheck;
using GeoHarm.Maps.Styles;

namespace GeoHarm.Maps.Tests.Styles;

public sealed class ClassificationTests
{
    [Fact]
    public void Natural_breaks_match_brute_force()
    {
        Gen.Select(Gen.Int[-20, 20].Array[1, 12], Gen.Int[1, 5]).Sample((raw, classes) =>
        {
            var sorted = raw.Select(v => (double)v).Order().ToArray();
            var cuts = NaturalBreaks.Cuts(sorted, classes);
            return Math.Abs(Cost(sorted, cuts) - Best(sorted, Math.Min(classes, sorted.Distinct().Count()))) < 1e-9
                && cuts.All(c => sorted[c] != sorted[c - 1]);
        }, iter: 2000);
    }

    private static double Cost(double[] sorted, IReadOnlyList<int> cuts)
    {
        var (total, begin) = (0.0, 0);
        foreach (var end in cuts.Append(sorted.Length))
        {
            var part = sorted[begin..end];
            total += part.Sum(v => (v - part.Average()) * (v - part.Average()));
            begin = end;
        }
        return total;
    }

    private static double Best(double[] sorted, int classes)
    {
        if (classes == 1) return Cost(sorted, []);
        var best = double.MaxValue;
        for (var last = 1; last < sorted.Length; last++)
            best = Math.Min(best, (sorted[..last].Distinct().Count() >= classes - 1 ? Best(sorted[..last], classes - 1) : double.MaxValue) + Cost(sorted[last..], []));
        return best;
    }

    [Theory]
    [InlineData(12.3, 47.8, 20)]
    [InlineData(0.0, 5.0, 0)]
    [InlineData(1234, 1299, 1250)]
    [InlineData(-47.8, -12.3, -40)]
    [InlineData(-3, 4, 0)]
    [InlineData(0.0021, 0.0048, 0.003)]
    [InlineData(99999, 100001, 100000)]
    public void A_break_is_the_roundest_number_between_its_neighbours(double low, double high, double expected) =>
        Assert.Equal(expected, Classification.Roundest(low, high));

    [Fact]
    public void Rounding_a_break_never_moves_a_value_to_another_class() =>
        Gen.Select(Gen.Double[-1e6, 1e6], Gen.Double[1e-9, 1e5]).Sample((low, gap) =>
        {
            var found = Classification.Roundest(low, low + gap);
            return found >= low && found < low + gap;
        }, iter: 5000);

    [Theory]
    [InlineData(ClassMethod.Quantile)]
    [InlineData(ClassMethod.Jenks)]
    [InlineData(ClassMethod.Equal)]
    public void Every_value_falls_in_one_class_and_breaks_rise(ClassMethod method) =>
        Gen.Double[-1000, 1000].Array[1, 60].Sample(values =>
        {
            var classes = Classification.Of(values, method, 5);
            return classes.Count <= 5 && values.All(v => classes.Of(v) is >= 0 and < 5 || (classes.ZeroApart && v == 0 && classes.Of(v) == -1))
                && classes.Breaks.Zip(classes.Breaks.Skip(1)).All(p => p.First < p.Second);
        }, iter: 1000);

    [Fact]
    public void Quantiles_hold_as_many_values_each()
    {
        var classes = Classification.Of(Enumerable.Range(1, 100).Select(v => (double)v), ClassMethod.Quantile, 4);
        Assert.Equal([25, 25, 25, 25], Enumerable.Range(1, 100).GroupBy(v => classes.Of(v)).OrderBy(g => g.Key).Select(g => g.Count()));
    }

    [Fact]
    public void Zeros_are_a_class_of_their_own_and_NaN_is_none()
    {
        var classes = Classification.Of([0, 0, 5, 9, double.NaN], ClassMethod.Jenks, 2);
        Assert.Equal((-1, 0, 1, -2), (classes.Of(0), classes.Of(5), classes.Of(9), classes.Of(double.NaN)));
    }

    [Fact]
    public void Classes_of_change_mirror_each_other()
    {
        var classes = Classification.Signed([-38293, 9500, 3712, 1044, 20, -3, 0]);
        Assert.Equal(classes.Breaks.Select(b => -b).Reverse(), classes.Breaks);
        Assert.Equal(classes.Count / 2, classes.Of(0));
        Assert.Equal(0, classes.Of(-38293));
    }

    [Fact]
    public void Sequential_palettes_darken_at_every_step_so_that_grey_print_reads() =>
        Assert.All(Palette.All.Values.Where(p => !p.IsDiverging), p =>
        {
            var light = p.Colours(5).Select(Palette.Luminance).ToArray();
            Assert.All(light.Zip(light.Skip(1)), s => Assert.True(s.First > s.Second * 1.25, $"{p.Name}: {s.First:0.000} then {s.Second:0.000}"));
        });

    [Fact]
    public void The_nine_colours_of_two_changes_differ_in_grey_within_each_row()
    {
        // Rows carry patterns; within a row lightness alone must tell less, about the same and more apart.
        for (var row = 0; row < 3; row++)
        {
            var grey = Enumerable.Range(0, 3).Select(c => Lightness(Palette.Luminance(BivariatePalette.At(c, row)))).Order().ToArray();
            Assert.True(grey[1] - grey[0] > 10 && grey[2] - grey[1] > 10, $"row {row}: {string.Join(", ", grey)}");
        }

        // CIE L*.
        static double Lightness(double y) => 116 * Math.Cbrt(y) - 16;
    }

    [Fact]
    public void A_style_file_with_an_unknown_key_is_refused_with_its_line()
    {
        var error = Assert.Throws<GeoHarm.Spatial.Layers.InvalidInputException>(() => PictureStyle.Parse("{\n \"inc\": \"#000000\"\n}", "s.json"));
        Assert.Equal(("GH6001", 2), (error.Faults[0].Code, error.Faults[0].Line));
    }

    [Fact]
    public void A_style_survives_its_own_JSON() =>
        Assert.Equal(PictureStyle.Default with { TitleSize = 20 }, PictureStyle.Parse((PictureStyle.Default with { TitleSize = 20 }).ToJson(), "s.json"));
}
