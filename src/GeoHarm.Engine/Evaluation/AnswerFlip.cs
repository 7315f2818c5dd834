namespace GeoHarm.Engine.Evaluation;

/// <summary>How flips are looked for.</summary>
/// <param name="LeastStrength">Standard errors by which the slope of a line must differ from 0. Default 3: with some fifty inputs and five
/// rivals, 2 would report about ten flips of chance alone, 3 less than one.</param>
/// <param name="IntervalStrength">Standard errors of the line within which the flip may lie. Default 1.645: 90 %.</param>
public sealed record AnswerFlipOptions(double LeastStrength = 3, double IntervalStrength = 1.645);

/// <summary>A value of an input beyond which another option does less harm than the one that is best on average.</summary>
/// <param name="Criterion">Index of the criterion.</param>
/// <param name="Input">Name of the input.</param>
/// <param name="Best">Index of the option that is best on average.</param>
/// <param name="Rival">Index of the option that is better beyond the flip.</param>
/// <param name="Above">Whether the rival is better above the flip, else below it.</param>
/// <param name="At">Quantile of the input at the flip, 0 to 1.</param>
/// <param name="Low">Lower end of its interval, 0 where the data put no end to it.</param>
/// <param name="High">Upper end of its interval, 1 where the data put no end to it.</param>
/// <param name="ShareExplained">Share of the variance of the difference that the line explains, 0 to 1.</param>
public sealed record AnswerFlip(int Criterion, string Input, int Best, int Rival, bool Above, double At, double Low, double High, double ShareExplained);

/// <summary>
/// Which input flips the answer, from the members of one ensemble and no further run. For every rival the difference of its harm and
/// that of the best option is regressed on the quantile u of the input (uniform and independent of all others by
/// construction, so that one input at a time is unbiased); errors are robust to unequal spread (White 1980, doi 10.2307/1912934, HC0).
/// Expected differences are lines in u, hence the option best on average stays best on one interval of u, and leaves at most
/// one flip at each side, where a line first meets 0; its interval is Fieller's (1954, doi 10.1111/j.2517-6161.1954.tb00159.x). A line
/// cannot see an effect that turns: 'confirm' by running the ensemble again with the input held on either side.
/// </summary>
public static class AnswerFlips
{
    /// <summary>Flips of a cardinal criterion, at most two an input, in input order.</summary>
    /// <param name="table">Options x criteria x members.</param>
    /// <param name="criterion">Cardinal criterion.</param>
    /// <param name="inputs">Names of the inputs.</param>
    /// <param name="quantiles">Quantile of each input in each member, inputs x members, row by row.</param>
    /// <param name="options">How they are looked for.</param>
    public static IReadOnlyList<AnswerFlip> Of(DecisionTable table, int criterion, IReadOnlyList<string> inputs, ReadOnlySpan<double> quantiles, AnswerFlipOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(quantiles.Length, inputs.Count * table.Members);
        var best = table.LeastOnAverage(criterion);
        var rivals = Enumerable.Range(0, table.Options.Count).Where(o => o != best).Select(o => (Option: o, Difference: table.Difference(o, best, criterion))).ToArray();
        var flips = new List<AnswerFlip>();
        for (var i = 0; i < inputs.Count; i++)
        {
            var u = quantiles.Slice(i * table.Members, table.Members);
            AnswerFlip? below = null, above = null;
            foreach (var (rival, difference) in rivals)
            {
                var line = Line.Through(u, difference);
                if (!(Math.Abs(line.Slope) > options.LeastStrength * line.SlopeError)) continue;
                var at = -line.Intercept / line.Slope;
                if (!(at > 0 && at < 1)) continue;
                var (low, high) = line.Zero(at, options.IntervalStrength);
                var flip = new AnswerFlip(criterion, inputs[i], best, rival, line.Slope < 0, at, low, high, line.ShareExplained);
                if (flip.Above && (above is null || at < above.At)) above = flip;
                if (!flip.Above && (below is null || at > below.At)) below = flip;
            }
            if (below is not null) flips.Add(below);
            if (above is not null) flips.Add(above);
        }
        return flips;
    }

    /// <summary>A fitted line with robust errors.</summary>
    private readonly record struct Line(double Intercept, double Slope, double InterceptVariance, double SlopeVariance, double Covariance, double ShareExplained)
    {
        public double SlopeError => Math.Sqrt(SlopeVariance);

        public static Line Through(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
        {
            double n = x.Length, meanX = 0, meanY = 0, xx = 0, xy = 0, yy = 0;
            for (var m = 0; m < x.Length; m++) (meanX, meanY) = (meanX + x[m] / n, meanY + y[m] / n);
            for (var m = 0; m < x.Length; m++)
            {
                var (dx, dy) = (x[m] - meanX, y[m] - meanY);
                (xx, xy, yy) = (xx + dx * dx, xy + dx * dy, yy + dy * dy);
            }
            if (!(xx > 0 && yy > 0)) return new Line(meanY, 0, 0, 0, 0, 0);
            var slope = xy / xx;
            // Sandwich of the centred form: y = meanY + slope (x - meanX).
            double level = 0, cross = 0, tilt = 0;
            for (var m = 0; m < x.Length; m++)
            {
                var dx = x[m] - meanX;
                var e = y[m] - meanY - slope * dx;
                (level, cross, tilt) = (level + e * e, cross + e * e * dx, tilt + e * e * dx * dx);
            }
            var (v, c, s) = (level / (n * n), cross / (n * xx), tilt / (xx * xx));
            return new Line(meanY - slope * meanX, slope, v - 2 * meanX * c + meanX * meanX * s, s, c - meanX * s, xy * xy / (xx * yy));
        }

        /// <summary>Where the line may be 0: values u with (a + b u)^2 below z^2 times its variance.</summary>
        public (double Low, double High) Zero(double at, double z)
        {
            var (a, b, c) = (Slope * Slope - z * z * SlopeVariance, Intercept * Slope - z * z * Covariance, Intercept * Intercept - z * z * InterceptVariance);
            var root = b * b - a * c;
            if (!(a > 0) || root < 0) return (0, 1);
            var half = Math.Sqrt(root) / a;
            return (Math.Clamp(Math.Min(at, -b / a - half), 0, 1), Math.Clamp(Math.Max(at, -b / a + half), 0, 1));
        }
    }
}
