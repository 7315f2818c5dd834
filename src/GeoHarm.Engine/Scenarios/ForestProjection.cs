using GeoHarm.Engine.Deforestation;
using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Engine.Scenarios;

/// <summary>Forest felled where hectares would reappear.</summary>
/// <param name="Unit">Index of the unit.</param>
/// <param name="Felled">Hectares of forest under the scenario's kappa.</param>
/// <param name="FelledByKappa">The same under each of <see cref="CultivationInputs.Kappas"/>.</param>
public sealed record ForestDestination(int Unit, Interval Felled, IReadOnlyList<Interval> FelledByKappa);

/// <summary>The forest of a projection.</summary>
/// <param name="Felled">Hectares felled by displaced cultivation over all units.</param>
/// <param name="FelledByKappa">The same under each kernel; it differs only by what the units hold.</param>
/// <param name="Associated">With the clearing that goes with it.</param>
/// <param name="Tonnes">Tonnes of CO2 equivalent of the felled hectares.</param>
/// <param name="Destinations">Units, in order.</param>
/// <param name="Within">For each second key, hectares felled in it.</param>
public sealed record ForestProjectionResult(
    Interval Felled, IReadOnlyList<Interval> FelledByKappa, Interval Associated, Interval Tonnes, IReadOnlyList<ForestDestination> Destinations, IReadOnlyList<Interval> Within);

/// <summary>
/// Forest felled by displaced cultivation (models.md 2): in every member of the displacement ensemble, hectares that reappear
/// in a unit times the share of new plots that were forest (<see cref="ForestFelled"/>), with the same draws for all units
/// and kernels, so that units add up to the total. Only what is displaced counts; growth is apart, and forest does not
/// come back where hectares were removed. The part within a second key is the unit's felling times the key's share of the
/// unit's area: as if fields fell evenly over the unit, which parks may hinder and remoteness favour.
/// </summary>
public static class ForestProjection
{
    /// <summary>Runs the ensemble.</summary>
    /// <param name="inputs">Plan, priors, kernels.</param>
    /// <param name="within">For each second key, its share of each unit's area, 0 to 1.</param>
    /// <param name="carbonKey">Prior of tonnes of CO2 equivalent per hectare.</param>
    /// <param name="options">Threads and progress.</param>
    /// <param name="cancel">Stops between members.</param>
    public static ForestProjectionResult Run(CultivationInputs inputs, IReadOnlyList<double[]> within, string carbonKey, RunOptions options, CancellationToken cancel)
    {
        var (members, units, kernels) = (inputs.Scenario.Members, inputs.Plan.Start.Length, inputs.Kernels.Count);
        var felled = new double[members * kernels * units];
        void Keep(int member, CultivationMember own)
        {
            own.Draw(member);
            var share = inputs.Priors.Draw("forest_share", inputs.Scenario.Seed, (uint)member);
            for (var k = 0; k < kernels; k++)
            {
                own.Project(k);
                ForestFelled.Add(own.Balance.Reappeared, share, felled.AsSpan((member * kernels + k) * units, units));
            }
        }

        Ensemble.Run(members, options.Threads, () => new CultivationMember(inputs), Keep, options.Progress, cancel);
        ReadOnlySpan<double> Of(int member, int kernel) => felled.AsSpan((member * kernels + kernel) * units, units);
        Interval Over(Func<int, double> draw) => Interval.OfDraws([.. Enumerable.Range(0, members).Select(draw)]);
        double Draw(string key, int member) => inputs.Priors.Draw(key, inputs.Scenario.Seed, (uint)member);
        var shown = Enumerable.Range(0, CultivationInputs.Kappas.Count).ToArray();
        double Total(int member, int kernel) => ScenarioInputs.Sum(Of(member, kernel));
        return new ForestProjectionResult(
            Over(m => Total(m, inputs.Headline)), [.. shown.Select(k => Over(m => Total(m, k)))],
            Over(m => Total(m, inputs.Headline) * Draw("associated_clearing", m)), Over(m => Total(m, inputs.Headline) * Draw(carbonKey, m)),
            [.. Enumerable.Range(0, units).Select(u => new ForestDestination(u, Over(m => Of(m, inputs.Headline)[u]), [.. shown.Select(k => Over(m => Of(m, k)[u]))]))],
            [.. within.Select(shares => Over(m => Weighted(Of(m, inputs.Headline), shares)))]);
    }

    private static double Weighted(ReadOnlySpan<double> hectares, double[] shares)
    {
        var sum = 0.0;
        for (var u = 0; u < shares.Length; u++) sum += hectares[u] * shares[u];
        return sum;
    }
}
