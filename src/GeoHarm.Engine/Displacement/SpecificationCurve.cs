using GeoHarm.Spatial.Layers;

using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Engine.Displacement;

/// <summary>One variant of the estimate.</summary>
/// <param name="Weights">Neighbour set.</param>
/// <param name="FirstYear">First year of the window.</param>
/// <param name="LastYear">Last year.</param>
/// <param name="Lagged">Whether lagged outcomes are in the design.</param>
/// <param name="Treatments">Treatments in the design.</param>
/// <param name="Errors">clustered or conley.</param>
/// <param name="Result">The estimate.</param>
public sealed record CurveVariant(string Weights, int FirstYear, int LastYear, bool Lagged, IReadOnlyList<string> Treatments, string Errors, EstimateResult Result);

/// <summary>Agreement of variants on the sign of one coefficient.</summary>
/// <param name="Name">Coefficient: own:, or neighbour: for any neighbour or nearest ring term, and the treatment.</param>
/// <param name="Variants">Variants that estimate it.</param>
/// <param name="Negative">Share with a negative estimate.</param>
/// <param name="Agreement">Share with the sign of the majority.</param>
/// <param name="SignificantNegative">Share with the 95 % interval below 0.</param>
/// <param name="SignificantPositive">Share with the 95 % interval above 0.</param>
/// <param name="Least">Smallest estimate.</param>
/// <param name="Median">Median estimate.</param>
/// <param name="Largest">Largest estimate.</param>
public sealed record SignAgreement(
    string Name, int Variants, double Negative, double Agreement, double SignificantNegative, double SignificantPositive, double Least, double Median, double Largest);

/// <summary>A specification curve.</summary>
/// <param name="Variants">All variants.</param>
/// <param name="Signs">Agreement by coefficient.</param>
public sealed record CurveResult(IReadOnlyList<CurveVariant> Variants, IReadOnlyList<SignAgreement> Signs);

/// <summary>
/// The specification curve of the kernel estimate (Simonsohn, Simmons, Nelson 2020, doi 10.1038/s41562-020-0912-z): every
/// combination of neighbour set, window, lagged terms and set of treatments, so that the reader sees how much of the answer is the
/// choice of the analyst. The literature disagrees on the sign of the local spill-over; the curve shows, it does not assume.
/// </summary>
public static class SpecificationCurve
{
    /// <summary>Runs all variants. <paramref name="neighbours"/> names whole sets: one entry for queen, several rings for rings.</summary>
    public static CurveResult Run(
        UnitPanel panel, string outcome, IReadOnlyList<string> treatments, IReadOnlyList<string> controls,
        IReadOnlyList<(string Name, IReadOnlyList<NeighbourTerm> Terms)> neighbours, SpatialWeights lagWeights, int firstYear, int lastYear)
    {
        var middle = (firstYear + lastYear) / 2;
        (int, int)[] windows = [(firstYear, lastYear), (firstYear, middle), (middle + 1, lastYear), (firstYear + 1, lastYear), (firstYear, lastYear - 1)];
        List<IReadOnlyList<string>> sets = [treatments];
        if (treatments.Count > 1) sets.AddRange(treatments.Select(t => (IReadOnlyList<string>)[t]));
        var variants = new List<CurveVariant>();
        foreach (var (name, terms) in neighbours)
        {
            foreach (var (first, last) in windows.Distinct().Where(w => w.Item2 - w.Item1 >= 2))
            {
                foreach (var lagged in new[] { false, true })
                {
                    foreach (var set in sets) variants.Add(One(name, terms, first, last, lagged, set));
                }
            }
        }
        return new CurveResult(variants, Signs(variants, treatments));

        CurveVariant One(string name, IReadOnlyList<NeighbourTerm> terms, int first, int last, bool lagged, IReadOnlyList<string> set) => new(
            name, first, last, lagged, set, "clustered",
            KernelEstimate.Run(panel, new EstimateOptions
            {
                Outcome = outcome, Treatments = set, Controls = controls, Neighbours = terms, Lagged = lagged, LagWeights = lagWeights, FirstYear = first, LastYear = last,
            }));
    }

    private static SignAgreement[] Signs(List<CurveVariant> variants, IReadOnlyList<string> treatments)
    {
        var signs = new List<SignAgreement>();
        foreach (var treatment in treatments)
        {
            foreach (var side in new[] { "own", "neighbour" })
            {
                // The nearest ring stands for the neighbours where rings are used.
                var estimates = variants.Select(v => v.Result.Coefficients.FirstOrDefault(c =>
                    side == "own" ? c.Name == "own:" + treatment : !c.Name.StartsWith("own:", StringComparison.Ordinal) && c.Name.EndsWith(":" + treatment, StringComparison.Ordinal))).OfType<Coefficient>().ToArray();
                if (estimates.Length == 0) continue;
                var sorted = estimates.Select(e => e.Value).Order().ToArray();
                double Share(Func<Coefficient, bool> condition) => (double)estimates.Count(condition) / estimates.Length;
                var negative = Share(e => e.Value < 0);
                signs.Add(new SignAgreement(
                    $"{side}:{treatment}", estimates.Length, negative, Math.Max(negative, 1 - negative), Share(e => e.Value + 1.96 * e.StandardError < 0),
                    Share(e => e.Value - 1.96 * e.StandardError > 0), sorted[0], sorted[sorted.Length / 2], sorted[^1]));
            }
        }
        return [.. signs];
    }
}
