using GeoHarm.Maps.Pictures;
using GeoHarm.Maps.Reports;
using GeoHarm.Maps.Styles;
using SkiaSharp;

namespace GeoHarm.Maps.Charts;

/// <summary>A level axis from left to right that holds zero, with ticks at 1, 2 or 5 times a power of ten.</summary>
internal sealed class Axis
{
    private readonly float left;
    private readonly float right;
    private readonly double low;
    private readonly double high;

    public Axis(double least, double most, float left, float right, bool withZero = true)
    {
        if (withZero) (least, most) = (Math.Min(0, least), Math.Max(0, most));
        if (!(most > least)) most = least + 1;
        (this.left, this.right) = (left, right);
        Step = StepOf(most - least, Math.Max(2, (int)(Math.Abs(right - left) / 52)));

        // An end that reaches less than a twentieth of a step beyond a tick is drawn beyond it; a whole step for it would waste the plot.
        (low, high) = (Math.Floor(least / Step + 0.05) * Step, Math.Ceiling(most / Step - 0.05) * Step);
    }

    /// <summary>Distance between ticks.</summary>
    public double Step { get; }

    /// <summary>Values of the ticks.</summary>
    public IEnumerable<double> Ticks()
    {
        var count = (int)Math.Round((high - low) / Step);
        for (var i = 0; i <= count; i++) yield return Math.Round(low / Step + i) * Step;
    }

    /// <summary>Place of a value.</summary>
    public float At(double value) => (float)(left + (right - left) * (value - low) / (high - low));

    /// <summary>Draws ticks, their numbers under the plot, and the zero line.</summary>
    public void Draw(Ink ink, SKRect plot, PictureStyle style, Wording words, string unit, bool signed)
    {
        var text = new TextStyle(style.LegendSize - 1, style.Faint);
        foreach (var tick in Ticks())
        {
            ink.Line(At(tick), plot.Top, At(tick), plot.Bottom, tick == 0 ? style.Ink : style.Graticule, tick == 0 ? 0.9f : 0.5f);
            ink.Text(words.Number(tick, signed), At(tick), plot.Bottom + text.Size + 3, text, Align.Centre);
        }
        if (unit.Length > 0) ink.Text(unit, (left + right) / 2, plot.Bottom + text.Size * 2 + 6, text with { Bold = true }, Align.Centre);
    }

    // The smallest 1, 2 or 5 times a power of ten that makes no more ticks than asked.
    private static double StepOf(double span, int most)
    {
        var step = Classification.NiceBelow(span / most);
        while (span / step > most) step = Classification.NiceBelow(step * 2.5) > step ? Classification.NiceBelow(step * 2.5) : step * 2;
        return step;
    }
}
