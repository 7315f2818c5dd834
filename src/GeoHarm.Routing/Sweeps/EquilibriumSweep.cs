using GeoHarm.Routing.Equilibrium;
using GeoHarm.Routing.Graphs;

namespace GeoHarm.Routing.Sweeps;

/// <summary>One variant of a user equilibrium: arcs that are closed, and other costs if not those of the base case.</summary>
/// <param name="Name">Name for reports.</param>
/// <param name="ClosedArcs">Arcs without passage.</param>
/// <param name="Costs">Costs of all arcs; null for the base case's.</param>
public sealed record EquilibriumVariant<TCost>(string Name, IReadOnlyList<int> ClosedArcs, TCost? Costs = null) where TCost : struct, ILinkCost<TCost>;

/// <summary>What became of one variant. Trips that it leaves without a path are in <see cref="EquilibriumResult.Unserved"/>: a finding, not an error.</summary>
/// <param name="Index">Number of the variant; (Index + 1) of all are done when it comes.</param>
/// <param name="Variant">The variant.</param>
/// <param name="Result">What the solve reached.</param>
/// <param name="Flows">Flow by arc; null unless asked for.</param>
public sealed record EquilibriumOutcome<TCost>(int Index, EquilibriumVariant<TCost> Variant, EquilibriumResult Result, double[]? Flows) where TCost : struct, ILinkCost<TCost>;

/// <summary>
/// Many variants of one user equilibrium over one topology. Every variant starts warm from the base solution, never from another
/// variant, so outcomes have the same bits in any order and on any number of threads. Outcomes are streamed in the order of the variants.
/// Memory: one solver for each thread. A change of cost has no exact shortcut in a user equilibrium: each variant is re-solved to its gap.
/// </summary>
public sealed class EquilibriumSweep<TCost>(AssignmentNetwork network, TripTable trips, TCost costs, EquilibriumOptions? options = null)
    where TCost : struct, ILinkCost<TCost>
{
    /// <summary>Solves the base case, then every variant.</summary>
    /// <param name="variants">The variants.</param>
    /// <param name="threads">Threads; results do not depend on it.</param>
    /// <param name="baseResult">The base solution.</param>
    /// <param name="withFlows">Whether outcomes carry flows by arc.</param>
    /// <param name="cancellation">Stops the stream between variants.</param>
    /// <returns>One outcome for each variant, in order. Each thread works only while the stream is being read.</returns>
    public IEnumerable<EquilibriumOutcome<TCost>> Run(
        IReadOnlyList<EquilibriumVariant<TCost>> variants, int threads, out EquilibriumResult baseResult, bool withFlows = false, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(variants);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        var solver = new UserEquilibrium<TCost>(network, trips, options);
        baseResult = solver.Solve(costs);
        var state = solver.Save();
        return OrderedStream.Map(variants.Count, threads, () => Mapping(state, variants, withFlows), cancellation);
    }

    private Func<int, EquilibriumOutcome<TCost>> Mapping(EquilibriumState state, IReadOnlyList<EquilibriumVariant<TCost>> variants, bool withFlows)
    {
        var solver = new UserEquilibrium<TCost>(network, trips, options);
        return index =>
        {
            var variant = variants[index];
            solver.Restore(state);
            var result = solver.Solve(variant.Costs ?? costs, [.. variant.ClosedArcs]);
            return new EquilibriumOutcome<TCost>(index, variant, result, withFlows ? solver.Flows() : null);
        };
    }
}
