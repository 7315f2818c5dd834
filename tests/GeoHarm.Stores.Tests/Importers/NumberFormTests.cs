using System.Globalization;
using CsCheck;
using GeoHarm.Stores.Importers;

namespace GeoHarm.Stores.Tests.Importers;

public class NumberFormTests
{
    [Theory]
    [InlineData("1,002.0", true, false)]
    [InlineData("1088.88", true, false)]
    [InlineData("1.088,88", false, true)]
    [InlineData("38,7", false, true)]
    [InlineData("953", true, true)]
    [InlineData("1.088", true, true)]
    [InlineData("0.123", true, false)]
    [InlineData("1,234,567", true, false)]
    [InlineData("1.234.567", false, true)]
    [InlineData(".24063455", true, false)]
    [InlineData("-12.5", true, false)]
    [InlineData("1e-5", true, false)]
    [InlineData("12,34,5", false, false)]
    [InlineData("1,23.4", false, false)]
    [InlineData("", false, false)]
    [InlineData("- 0", false, false)]
    [InlineData("abc", false, false)]
    [InlineData(".", false, false)]
    public void A_cell_fits_the_styles_it_can_be_read_in(string cell, bool point, bool comma) => Assert.Equal((point, comma), NumberForm.Fits(cell));

    [Fact]
    public void A_number_written_in_a_style_is_read_back_in_it() =>
        Gen.Double[-1e9, 1e9].Sample(value =>
        {
            var rounded = Math.Round(value, 2);
            var point = rounded.ToString("#,0.00", CultureInfo.InvariantCulture);
            var comma = point.Replace(',', '#').Replace('.', ',').Replace('#', '.');
            return NumberForm.Value(point, NumberStyle.Point) == rounded && NumberForm.Value(comma, NumberStyle.Comma) == rounded;
        }, iter: 2000);

    [Fact]
    public void Zero_of_an_accounting_format_is_a_dash()
    {
        Assert.True(NumberForm.IsDash("- 0"));
        Assert.True(NumberForm.IsDash(" - "));
        Assert.False(NumberForm.IsDash("-1"));
        Assert.Null(NumberForm.Value("NaN", NumberStyle.Point));
        Assert.Null(NumberForm.Value("Infinity", NumberStyle.Point));
        Assert.Null(NumberForm.Value("1e999", NumberStyle.Point));
    }
}
