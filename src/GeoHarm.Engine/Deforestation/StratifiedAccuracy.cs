namespace GeoHarm.Engine.Deforestation;

/// <summary>An estimate from a sample with its standard error; NaN where the sample cannot say.</summary>
/// <param name="Value">Estimate.</param>
/// <param name="StandardError">Standard error.</param>
public readonly record struct SampleEstimate(double Value, double StandardError);

/// <summary>What the sample says of one class. Accuracies are shares of 1; shares of area are of the whole map.</summary>
/// <param name="Name">Class.</param>
/// <param name="AreaShare">Share of the map's area that truly is the class.</param>
/// <param name="Users">Of what the map calls the class, the share that is (1 less commission).</param>
/// <param name="Producers">Of what is the class, the share that the map has (1 less omission).</param>
public sealed record ClassAccuracy(string Name, SampleEstimate AreaShare, SampleEstimate Users, SampleEstimate Producers);

/// <summary>How intervals are drawn.</summary>
/// <param name="Z">Half-width of an interval in standard errors; default 1.96, as the source rounds its 95 %; above 0.</param>
public sealed record AccuracyOptions(double Z = 1.96);

/// <summary>Accuracy of a map and areas of its classes adjusted for its errors.</summary>
/// <param name="Overall">Share of the map that is right.</param>
/// <param name="Classes">By class, in the order of the sample.</param>
/// <param name="Pixels">Pixels of all strata.</param>
public sealed record AccuracyResult(SampleEstimate Overall, IReadOnlyList<ClassAccuracy> Classes, double Pixels);

/// <summary>
/// Stratified estimators of accuracy and area. Source: Olofsson, Foody, Herold, Stehman, Woodcock and Wulder 2014, Good
/// practices for estimating area and assessing accuracy of land change, Remote Sensing of Environment 148, 42-57
/// (doi 10.1016/j.rse.2014.02.015), equations 1-11; in the general form of Stehman 2014, International Journal of Remote
/// Sensing 35, 4923-4939 (doi 10.1080/01431161.2014.930207), equations 2-3 and 25-28, which also holds where strata are
/// not the map's classes and equals the former where they are: every figure is a ratio of two stratified totals,
/// R = sum N_h y_h / sum N_h x_h, its variance sum N_h^2 s_h^2(y - R x) / n_h over the square of the denominator.
/// Assumes simple random sampling within strata and a reference without error; no correction for finite populations, as
/// in the source (it would narrow the interval by less than n_h / N_h). Cost: strata x classes squared.
/// </summary>
public static class StratifiedAccuracy
{
    /// <summary>Estimates everything the sample can say.</summary>
    public static AccuracyResult Estimate(ReferenceSample sample)
    {
        var k = sample.Classes.Count;
        var overall = Ratio(sample, (mapped, found) => mapped == found, (_, _) => true);
        var classes = new ClassAccuracy[k];
        for (var c = 0; c < k; c++)
        {
            var own = c;
            bool Right(int mapped, int found) => mapped == own && found == own;
            classes[c] = new ClassAccuracy(
                sample.Classes[c], Ratio(sample, (_, found) => found == own, (_, _) => true),
                Ratio(sample, Right, (mapped, _) => mapped == own), Ratio(sample, Right, (_, found) => found == own));
        }
        return new AccuracyResult(overall, classes, sample.Pixels.Sum());
    }

    /// <summary>The ratio of units that are y to units that are x, where y implies x.</summary>
    private static SampleEstimate Ratio(ReferenceSample sample, Func<int, int, bool> isY, Func<int, int, bool> isX)
    {
        var strata = sample.Strata.Count;
        var (n, x, y) = (new double[strata], new double[strata], new double[strata]);
        double top = 0, bottom = 0;
        for (var h = 0; h < strata; h++)
        {
            for (var mapped = 0; mapped < sample.Classes.Count; mapped++)
            {
                for (var found = 0; found < sample.Classes.Count; found++)
                {
                    var count = sample.Count(h, mapped, found);
                    n[h] += count;
                    if (isX(mapped, found)) x[h] += count;
                    if (isY(mapped, found)) y[h] += count;
                }
            }
            top += sample.Pixels[h] * y[h] / n[h];
            bottom += sample.Pixels[h] * x[h] / n[h];
        }
        if (bottom == 0) return new SampleEstimate(double.NaN, double.NaN);
        var ratio = top / bottom;
        var variance = 0.0;
        for (var h = 0; h < strata; h++)
        {
            // y - R x takes the values 1 - R (y times), -R (x less y times) and 0.
            var mean = (y[h] - ratio * x[h]) / n[h];
            var squares = y[h] * (1 - ratio) * (1 - ratio) + (x[h] - y[h]) * ratio * ratio - n[h] * mean * mean;
            variance += sample.Pixels[h] * sample.Pixels[h] * Math.Max(0, squares) / (n[h] - 1) / n[h];
        }
        return new SampleEstimate(ratio, Math.Sqrt(variance) / bottom);
    }
}
