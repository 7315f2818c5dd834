using GeoHarm.Routing.Equilibrium;

namespace GeoHarm.Routing.Sweeps;

/// <summary>One variant of the metric: arcs with new base cost and base hazard, all others as in the base case.</summary>
/// <param name="Name">Name for reports.</param>
/// <param name="Changes">Arcs that change.</param>
public sealed record SweepVariant(string Name, IReadOnlyList<ArcChange> Changes);

/// <summary>What became of one variant.</summary>
/// <param name="Index">Number of the variant in the sweep.</param>
/// <param name="Variant">The variant.</param>
/// <param name="Result">The equilibrium; null if <paramref name="Failure"/> says why there is none.</param>
/// <param name="Failure">Why there is none: demand cut off, or a loading that does not exist.</param>
public sealed record SweepOutcome(int Index, SweepVariant Variant, MarkovianEquilibriumResult? Result, Exception? Failure);

/// <summary>
/// Many variants of one Markovian equilibrium over one topology. Every variant starts warm from the same base solution, never from
/// another variant, so outcomes have the same bits in any order and on any number of threads. Outcomes are streamed in
/// the order of the variants; at most four per thread are held back.
/// Cost: about three loadings and ten tangents a variant (study network). Memory: one loading per thread.
/// </summary>
/// <typeparam name="TFeedback">How inflow changes cost and hazard.</typeparam>
public sealed class MarkovianSweep<TFeedback>
    where TFeedback : struct, IZoneFeedback
{
    private readonly MarkovianLoading loading;
    private readonly int[] zoneByArc;
    private readonly int zoneCount;
    private readonly TFeedback feedback;
    private readonly MarkovianEquilibriumOptions options;

    /// <summary>A sweep over one problem; arguments as for <see cref="MarkovianEquilibrium{TFeedback}"/>.</summary>
    public MarkovianSweep(
        MarkovianLoading loading, ReadOnlySpan<int> zoneByArc, int zoneCount, TFeedback feedback, MarkovianEquilibriumOptions? options = null)
    {
        this.loading = loading;
        this.zoneByArc = zoneByArc.ToArray();
        this.zoneCount = zoneCount;
        this.feedback = feedback;
        this.options = options ?? new MarkovianEquilibriumOptions();
    }

    /// <summary>Solves the base case, then every variant.</summary>
    /// <param name="baseCostByArc">Base cost by arc.</param>
    /// <param name="baseHazardByArc">Base hazard by arc.</param>
    /// <param name="variants">The variants.</param>
    /// <param name="threads">Threads; results do not depend on it.</param>
    /// <param name="baseResult">The base solution.</param>
    /// <param name="cancellation">Stops the stream between variants.</param>
    /// <returns>One outcome for each variant, in order. Each thread works only while the stream is being read.</returns>
    public IEnumerable<SweepOutcome> Run(
        ReadOnlySpan<double> baseCostByArc, ReadOnlySpan<double> baseHazardByArc, IReadOnlyList<SweepVariant> variants, int threads,
        out MarkovianEquilibriumResult baseResult, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        var cost = baseCostByArc.ToArray();
        var hazard = baseHazardByArc.ToArray();
        foreach (var variant in variants) LoadingChecks.Changes(loading.Topology.Graph, [.. variant.Changes]);
        baseResult = Equilibrium().Solve(cost, hazard);
        var start = baseResult.ZoneInflow.ToArray();
        return OrderedStream.Map(variants.Count, threads, () => Solver(cost, hazard, start, variants), cancellation);
    }

    private MarkovianEquilibrium<TFeedback> Equilibrium() => new(loading.Twin(), zoneByArc, zoneCount, feedback, options);

    // One solver per thread, with its own buffers.
    private Func<int, SweepOutcome> Solver(double[] baseCost, double[] baseHazard, double[] start, IReadOnlyList<SweepVariant> variants)
    {
        var equilibrium = Equilibrium();
        var cost = (double[])baseCost.Clone();
        var hazard = (double[])baseHazard.Clone();
        return index =>
        {
            var variant = variants[index];
            foreach (var change in variant.Changes) (cost[change.Arc], hazard[change.Arc]) = (change.Cost, change.Hazard);
            try
            {
                return new SweepOutcome(index, variant, equilibrium.Solve(cost, hazard, start), null);
            }
            catch (Exception failure) when (failure is DivergentLoadingException or Graphs.InvalidNetworkException)
            {
                return new SweepOutcome(index, variant, null, failure);
            }
            finally
            {
                foreach (var change in variant.Changes) (cost[change.Arc], hazard[change.Arc]) = (baseCost[change.Arc], baseHazard[change.Arc]);
            }
        };
    }
}
