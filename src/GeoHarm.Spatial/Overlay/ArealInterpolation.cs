using GeoHarm.Spatial.Layers;

namespace GeoHarm.Spatial.Overlay;

/// <summary>
/// Carries figures of one set of zones to another by shared area (Goodchild and Lam 1980, Areal interpolation: a variant
/// of the traditional spatial problem; the weighting of Markoff and Shapiro 1973). Counts (people, hectares) are divided
/// by the share of the source that lies in the target, so what both layers cover is conserved; rates (per cent, yields)
/// are averaged by area. Assumption: the figure is spread evenly within each source zone.
/// </summary>
public static class ArealInterpolation
{
    /// <summary>Counts by target zone. NaN sources count nothing.</summary>
    /// <param name="overlay">Pairs, sources as A and targets as B.</param>
    /// <param name="counts">One figure a source.</param>
    /// <param name="sourceSquareMetres">Area of each source, in the overlay's measure.</param>
    /// <param name="targets">Number of targets.</param>
    public static double[] Counts(OverlayResult overlay, ReadOnlySpan<double> counts, ReadOnlySpan<double> sourceSquareMetres, int targets)
    {
        if (counts.Length != sourceSquareMetres.Length) throw new ArgumentException("Counts and areas differ in length.");
        var result = new double[targets];
        foreach (var pair in overlay.Pairs)
        {
            if (double.IsNaN(counts[pair.A]) || !(sourceSquareMetres[pair.A] > 0)) continue;
            result[pair.B] += counts[pair.A] * (pair.SquareMetres / sourceSquareMetres[pair.A]);
        }
        return result;
    }

    /// <summary>Area-weighted mean of a rate by target zone; NaN where no source with a value meets the target.</summary>
    public static double[] Rates(OverlayResult overlay, ReadOnlySpan<double> rates, int targets)
    {
        var (sums, weights) = (new double[targets], new double[targets]);
        foreach (var pair in overlay.Pairs)
        {
            if (double.IsNaN(rates[pair.A])) continue;
            sums[pair.B] += rates[pair.A] * pair.SquareMetres;
            weights[pair.B] += pair.SquareMetres;
        }
        for (var i = 0; i < targets; i++) sums[i] = weights[i] > 0 ? sums[i] / weights[i] : double.NaN;
        return sums;
    }
}
