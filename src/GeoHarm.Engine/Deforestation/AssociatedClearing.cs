using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Engine.Deforestation;

/// <summary>
/// Figures that are hectares times uncertain factors: the associated rule (new hectares of coca, times the share of new
/// plots that were forest, times forest felled per hectare of such a plot: houses, paths, food crops, 1 by definition to 4
/// as OAS 2013 has it) and carbon (hectares of forest times tonnes of CO2 equivalent a hectare of its biome, all
/// released). Factors come as draws of their priors, the same draws for every year and zone, so that sums hold.
/// </summary>
public static class AssociatedClearing
{
    /// <summary>Hectares times the product of factors, draw by draw: mean, 5th and 95th percentile.</summary>
    /// <param name="hectares">Hectares, 0 or more.</param>
    /// <param name="factors">Draws of each factor, equally many.</param>
    public static Interval Times(double hectares, params IReadOnlyList<double>[] factors)
    {
        var draws = new double[factors[0].Count];
        for (var m = 0; m < draws.Length; m++)
        {
            draws[m] = hectares;
            foreach (var factor in factors) draws[m] *= factor[m];
        }
        return Interval.OfDraws(draws);
    }
}
