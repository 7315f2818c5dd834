using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Quantities;
using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Engine.Displacement;

/// <summary>A spatial Durbin estimate.</summary>
/// <param name="N">Unit-years.</param>
/// <param name="Rho">Spatial dependence of the outcome, with its standard error from the curvature of the profile likelihood.</param>
/// <param name="Coefficients">Own, neighbour and control terms; errors take in that rho was estimated.</param>
/// <param name="TotalEffects">(own + neighbour) / (1 - rho) by treatment: a hectare treated everywhere.</param>
/// <param name="LogLikelihood">Maximised, nats.</param>
/// <param name="Method">How the log-determinant was computed.</param>
public sealed record DurbinResult(
    int N, Coefficient Rho, IReadOnlyList<Coefficient> Coefficients, IReadOnlyList<(string Treatment, double Value)> TotalEffects, double LogLikelihood, string Method);

/// <summary>
/// Spatial Durbin model with two-way fixed effects by maximum likelihood, y = rho W y + X b + W X g + unit + year + e (LeSage, Pace
/// 2009, sections 3.1 and 3.3; Elhorst 2014, section 3.3.1, doi 10.1007/978-3-642-40340-8): the likelihood concentrated in rho is
/// T log|I - rho W| - NT/2 log((e0 - rho e1)'(e0 - rho e1)), e0 and e1 the residuals of y and W y on the design; its maximum by
/// golden section on (-0.99, 0.99). The first neighbour set must be row-standardised. Cost: some twenty log-determinants.
/// </summary>
public static class SpatialDurbin
{
    /// <summary>Estimates; throws on collinear columns as <see cref="KernelEstimate"/> does.</summary>
    public static DurbinResult Run(UnitPanel panel, EstimateOptions options)
    {
        var weights = options.Neighbours[0].Weights;
        var design = KernelEstimate.Design(panel, options, out var outcome, out var years);
        var units = panel.Units.Count;
        var lagged = LaggedOutcome(panel, options, weights, years);
        var fit = LeastSquares.Factor(design.ConvertAll(d => d.Name), design.ConvertAll(d => d.Values));
        double[] e0 = new double[outcome.Length], e1 = new double[outcome.Length];
        var b0 = fit.Solve(outcome, e0);
        var b1 = fit.Solve(lagged, e1);
        var determinant = new LogDeterminant(weights);
        double s00 = FixedLanes.Dot(e0, e0), s01 = FixedLanes.Dot(e0, e1), s11 = FixedLanes.Dot(e1, e1);
        double n = outcome.Length;
        double Likelihood(double rho) => years * determinant.Of(rho) - n / 2 * PortableMath.Log((s00 - 2 * rho * s01 + rho * rho * s11) / n);
        var rho = Maximise(Likelihood, -0.99, 0.99);
        const double step = 1e-3;
        var centre = Likelihood(rho);
        var curvature = (Likelihood(rho + step) - 2 * centre + Likelihood(rho - step)) / (step * step);
        var rhoVariance = curvature < 0 ? -1 / curvature : double.NaN;
        var variance = (s00 - 2 * rho * s01 + rho * rho * s11) / n;
        var inverse = fit.InverseCross();
        var coefficients = design.Select((d, j) => new Coefficient(
            d.Name, b0[j] - rho * b1[j], Math.Sqrt(variance * inverse[j, j] + b1[j] * b1[j] * rhoVariance))).ToArray();
        var totals = options.Treatments.Select(t => (t, coefficients.Where(c => c.Name == "own:" + t || c.Name == options.Neighbours[0].Prefix + ":" + t).Sum(c => c.Value) / (1 - rho))).ToArray();
        return new DurbinResult(
            outcome.Length, new Coefficient("rho", rho, Math.Sqrt(rhoVariance)), coefficients, totals,
            centre - n / 2 * (1 + PortableMath.Log(2 * Math.PI)), determinant.Method);
    }

    private static double[] LaggedOutcome(UnitPanel panel, EstimateOptions options, SpatialWeights weights, int years)
    {
        var first = Math.Max(options.FirstYear, panel.FirstYear + 1);
        var result = new double[panel.Units.Count * years];
        var change = new double[panel.Units.Count];
        for (var t = 0; t < years; t++)
        {
            double[] now = panel.Year(options.Outcome, first + t), before = panel.Year(options.Outcome, first + t - 1);
            for (var u = 0; u < change.Length; u++) change[u] = now[u] - before[u];
            var lag = weights.Lag(change);
            for (var u = 0; u < change.Length; u++) result[u * years + t] = lag[u];
        }
        WithinTransform.Apply(result, panel.Units.Count, years);
        return result;
    }

    /// <summary>Golden section to 1e-6: the profile likelihood has one maximum in rho.</summary>
    private static double Maximise(Func<double, double> f, double low, double high)
    {
        var ratio = (Math.Sqrt(5) - 1) / 2;
        double a = high - ratio * (high - low), b = low + ratio * (high - low), fa = f(a), fb = f(b);
        while (high - low > 1e-6)
        {
            if (fa > fb) { (high, b, fb) = (b, a, fa); a = high - ratio * (high - low); fa = f(a); }
            else { (low, a, fa) = (a, b, fb); b = low + ratio * (high - low); fb = f(b); }
        }
        return 0.5 * (low + high);
    }
}
