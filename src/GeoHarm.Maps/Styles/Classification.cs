using System.Globalization;

namespace GeoHarm.Maps.Styles;

/// <summary>How values are put into classes.</summary>
public enum ClassMethod
{
    /// <summary>As many zones in each class.</summary>
    Quantile,

    /// <summary>Natural breaks: least squared deviation within classes (Fisher 1958, Jenks 1977).</summary>
    Jenks,

    /// <summary>Classes of equal width.</summary>
    Equal,

    /// <summary>Breaks that the caller gives.</summary>
    Fixed,
}

/// <summary>
/// Classes of a map: class k holds the values above break k-1 up to and including break k. Breaks rise; there is one
/// class more than breaks. With <see cref="ZeroApart"/>, values of exactly 0 form a class of their own before the first.
/// </summary>
public sealed record Classes(IReadOnlyList<double> Breaks, bool ZeroApart = false)
{
    /// <summary>Number of classes, without the class of zeros.</summary>
    public int Count => Breaks.Count + 1;

    /// <summary>Class of a value, 0 upward; -1 for a zero kept apart; -2 for NaN (no value).</summary>
    public int Of(double value)
    {
        if (double.IsNaN(value)) return -2;
        if (ZeroApart && value == 0) return -1;
        var found = 0;
        while (found < Breaks.Count && value > Breaks[found]) found++;
        return found;
    }
}

/// <summary>
/// Puts values into classes. Breaks fall between neighbouring values, at the number with the fewest digits there, so
/// that a legend can be read aloud and no value changes its class by the rounding.
/// </summary>
public static class Classification
{
    /// <summary>Classes of the finite values. Fewer classes come back when there are fewer distinct values.</summary>
    /// <param name="values">Values; NaN are skipped.</param>
    /// <param name="method">Method other than Fixed.</param>
    /// <param name="count">Classes wanted, 1 to 9 (more cannot be told apart).</param>
    public static Classes Of(IEnumerable<double> values, ClassMethod method, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 9);
        var all = values.Where(double.IsFinite).ToArray();
        var zeroApart = all.Length > 0 && all.All(v => v >= 0) && all.Any(v => v == 0);
        var sorted = all.Where(v => !zeroApart || v != 0).Order().ToArray();
        if (sorted.Length == 0) return new Classes([], zeroApart);
        var cuts = method switch
        {
            ClassMethod.Quantile => QuantileCuts(sorted, count),
            ClassMethod.Jenks => NaturalBreaks.Cuts(sorted, count),
            ClassMethod.Equal => EqualCuts(sorted, count),
            _ => throw new ArgumentException("Fixed classes are given, not computed: use Classification.Fixed."),
        };
        return new Classes(cuts.Select(c => Roundest(sorted[c - 1], sorted[c])).Distinct().ToArray(), zeroApart);
    }

    /// <summary>Classes with breaks that the caller gives; throws when they do not rise.</summary>
    public static Classes Fixed(IReadOnlyList<double> breaks, bool zeroApart = false)
    {
        for (var k = 1; k < breaks.Count; k++)
        {
            if (!(breaks[k] > breaks[k - 1])) throw new ArgumentException($"Class breaks must rise: {breaks[k - 1]} then {breaks[k]}.");
        }
        return new Classes(breaks, zeroApart);
    }

    /// <summary>
    /// Classes of signed change, symmetric about zero: <paramref name="perSide"/> each way and "about the same" between.
    /// The middle holds what is under a hundredth of the largest change; the arms are natural breaks of the magnitudes.
    /// </summary>
    public static Classes Signed(IEnumerable<double> values, int perSide = 3)
    {
        const double MiddleShare = 0.01;
        var magnitudes = values.Where(double.IsFinite).Select(Math.Abs).Where(v => v > 0).Order().ToArray();
        if (magnitudes.Length == 0) return new Classes([]);
        var middle = NiceBelow(magnitudes[^1] * MiddleShare);
        var arms = magnitudes.Where(v => v > middle).ToArray();
        var breaks = NaturalBreaks.Cuts(arms, perSide).Select(c => Roundest(arms[c - 1], arms[c])).Where(b => b > middle).Distinct().ToArray();
        return new Classes([.. breaks.Reverse().Select(b => -b), -middle, middle, .. breaks]);
    }

    /// <summary>The number with the fewest significant digits in [low, high): a break that keeps low below and high above.</summary>
    public static double Roundest(double low, double high)
    {
        if (!(high > low)) return low;
        if (low < 0 && high > 0) return 0;
        for (var digits = 1; digits <= 15; digits++)
        {
            var unit = TenTo((int)Math.Floor(Math.Log10(Math.Max(Math.Abs(low), Math.Abs(high)))) - digits + 1);
            foreach (var multiple in new[] { 5.0, 2.0, 1.0 })
            {
                if (digits == 1 && multiple != 1) continue;
                var step = digits == 1 ? unit : unit * multiple;
                var candidate = Clean(Math.Ceiling(low / step) * step);
                if (candidate >= low && candidate < high) return candidate;
            }
        }
        return low;
    }

    /// <summary>The largest of 1, 2, 5 times a power of ten that is no larger than the value.</summary>
    public static double NiceBelow(double value)
    {
        if (!(value > 0)) return 0;
        var unit = TenTo((int)Math.Floor(Math.Log10(value)));
        return Clean(value >= 5 * unit ? 5 * unit : value >= 2 * unit ? 2 * unit : unit);
    }

    private static double TenTo(int exponent) => double.Parse($"1E{exponent.ToString(CultureInfo.InvariantCulture)}", CultureInfo.InvariantCulture);

    // Powers of ten below one are not exact: 3 x 0.1 prints as 0.30000000000000004. Fifteen digits hold every double
    // that a person wrote.
    private static double Clean(double value) => double.Parse(value.ToString("G15", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static List<int> QuantileCuts(double[] sorted, int count)
    {
        var cuts = new List<int>();
        for (var k = 1; k < count; k++)
        {
            var cut = (int)Math.Round((double)k * sorted.Length / count);

            // Equal values stay together: the cut moves up to the next change of value.
            while (cut > 0 && cut < sorted.Length && sorted[cut] == sorted[cut - 1]) cut++;
            if (cut > 0 && cut < sorted.Length && (cuts.Count == 0 || cut > cuts[^1])) cuts.Add(cut);
        }
        return cuts;
    }

    private static List<int> EqualCuts(double[] sorted, int count)
    {
        var cuts = new List<int>();
        for (var k = 1; k < count; k++)
        {
            var bound = sorted[0] + (sorted[^1] - sorted[0]) * k / count;
            var cut = Array.FindIndex(sorted, v => v > bound);
            if (cut > 0 && (cuts.Count == 0 || cut > cuts[^1])) cuts.Add(cut);
        }
        return cuts;
    }
}
