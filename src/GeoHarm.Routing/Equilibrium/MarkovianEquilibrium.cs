using GeoHarm.Routing.Graphs;

namespace GeoHarm.Routing.Equilibrium;

/// <summary>
/// Markovian equilibrium: a loading whose costs and hazards answer to the flow it sends into each zone. The unknown is the
/// inflow F_k (tonnes sent over all arcs into zone k); the fixed point F = inflow(load(cost(F), hazard(F))) is found by Newton
/// steps whose linear systems GMRES solves with exact Jacobian products (one tangent of the loading each), under a line search
/// on the 2-norm of the residual (Kelley 2003, doi 10.1137/1.9780898718898; Eisenstat and Walker 1996,
/// doi 10.1137/0917003, for the linear tolerance). Averaging, Anderson mixing and damping cycle or stall on this problem
/// (findings B3). Where the search fails, the feedback is switched on in stages.
/// <para>Cost: one loading per trial point, one tangent per linear step. One per thread; keeps its buffers and its last solution,
/// on which <see cref="Gradient"/> works. Not converged is a figure in the result, not an error.</para>
/// </summary>
/// <typeparam name="TFeedback">How inflow changes cost and hazard.</typeparam>
/// <example>
/// <code>
/// var equilibrium = new MarkovianEquilibrium&lt;LinearFeedback&gt;(loading, zoneByArc, zoneCount,
///     new LinearFeedback(Kappa: 0.3, Rho: 0.5, Value: 8, ReferenceInflow: 0.05));
/// var result = equilibrium.Solve(baseCostByArc, baseHazardByArc);
/// var push = equilibrium.Gradient(byFlow, bySeized);  // d(harm) / d(base hazard) of every arc
/// </code>
/// </example>
public sealed class MarkovianEquilibrium<TFeedback>
    where TFeedback : struct, IZoneFeedback
{
    private readonly MarkovianLoading loading;
    private TFeedback feedback;
    private readonly MarkovianEquilibriumOptions options;
    private readonly int[] zoneOfSlot;
    private readonly int zoneCount;
    private readonly double[] baseCost, baseHazard; // by slot
    private readonly double[] costByInflow, hazardByInflow, costByBaseHazard, hazardByBaseHazard; // by slot, at the last loading
    private readonly double[] slotA, slotB, slotC; // scratch by slot
    private readonly double[] inflow, residual, step, trial, trialResidual; // by zone
    private readonly LoadingDerivatives derivatives;
    private readonly Gmres gmres;
    private double strength = 1; // stage of the feedback: it answers to strength x inflow

    /// <summary>An equilibrium over a loading, which it then owns.</summary>
    /// <param name="loading">Network, demand, reference probabilities, theta.</param>
    /// <param name="zoneByArc">Zone that each arc enters, 0 to zoneCount - 1; negative for arcs that enter none (they get no feedback). Length ArcCount.</param>
    /// <param name="zoneCount">Number of zones.</param>
    /// <param name="feedback">How inflow changes cost and hazard.</param>
    /// <param name="options">Settings.</param>
    public MarkovianEquilibrium(
        MarkovianLoading loading, ReadOnlySpan<int> zoneByArc, int zoneCount, TFeedback feedback, MarkovianEquilibriumOptions? options = null)
    {
        this.loading = loading;
        this.feedback = feedback;
        this.options = options ?? new MarkovianEquilibriumOptions();
        this.zoneCount = zoneCount;
        var graph = loading.Topology.Graph;
        zoneOfSlot = new int[graph.ArcCount];
        graph.ToSlots(zoneByArc, zoneOfSlot);
        foreach (var zone in zoneByArc) ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(zone, zoneCount, nameof(zoneByArc));
        baseCost = new double[graph.ArcCount];
        baseHazard = new double[graph.ArcCount];
        costByInflow = new double[graph.ArcCount];
        hazardByInflow = new double[graph.ArcCount];
        costByBaseHazard = new double[graph.ArcCount];
        hazardByBaseHazard = new double[graph.ArcCount];
        slotA = new double[graph.ArcCount];
        slotB = new double[graph.ArcCount];
        slotC = new double[graph.ArcCount];
        inflow = new double[zoneCount];
        residual = new double[zoneCount];
        step = new double[zoneCount];
        trial = new double[zoneCount];
        trialResidual = new double[zoneCount];
        derivatives = new LoadingDerivatives(loading);
        gmres = new Gmres(zoneCount, this.options.LinearStepLimit);
    }

    /// <summary>Another feedback on the same buffers, for another draw of its figures.</summary>
    public void Renew(TFeedback another) => feedback = another;

    /// <summary>Loadings made by the last <see cref="Solve"/>.</summary>
    public int Loads { get; private set; }

    /// <summary>Products with the Jacobian made by the last <see cref="Solve"/> or <see cref="Gradient"/>.</summary>
    public int Products { get; private set; }

    private double Scale => loading.TotalSource > 0 ? loading.TotalSource : 1;

    /// <summary>Finds the equilibrium.</summary>
    /// <param name="baseCostByArc">Cost without inflow; infinite closes the arc.</param>
    /// <param name="baseHazardByArc">Hazard without inflow.</param>
    /// <param name="startInflowByZone">Inflow of an earlier solution, for a warm start; empty to start from the flow without feedback.</param>
    public MarkovianEquilibriumResult Solve(
        ReadOnlySpan<double> baseCostByArc, ReadOnlySpan<double> baseHazardByArc, ReadOnlySpan<double> startInflowByZone = default)
    {
        loading.Set(baseCostByArc, baseHazardByArc);
        loading.cost.CopyTo(baseCost, 0);
        loading.hazard.CopyTo(baseHazard, 0);
        Loads = Products = 0;
        var steps = 0;
        strength = 1;
        var warm = !startInflowByZone.IsEmpty;
        if (warm) startInflowByZone.CopyTo(inflow);
        else Array.Clear(inflow);
        if (!Evaluate(inflow, residual, out var failure)) throw failure!();
        var converged = Newton(ref steps);
        // Near the solution a failed search means that rounding is reached, and stages cannot help.
        if (!converged && steps < options.StepLimit && FixedLanes.LargestAbsolute(residual) > options.FullStepResidual * Scale) converged = InStages(ref steps);
        return Result(converged, steps);
    }

    /// <summary>
    /// Derivative of a functional of the last solution by every arc's base cost and base hazard, feedback included. Right only
    /// as far as the solution converged.
    /// </summary>
    /// <param name="byFlow">Derivative of the functional by each arc's flow leaving the tail; length ArcCount.</param>
    /// <param name="bySeized">Derivative of the functional by each arc's seized amount; empty for none.</param>
    public MarkovianGradient Gradient(ReadOnlySpan<double> byFlow, ReadOnlySpan<double> bySeized = default)
    {
        var graph = loading.Topology.Graph;
        var given = new double[graph.ArcCount];
        var direct = new double[graph.ArcCount]; // derivative by hazard at fixed flow
        graph.ToSlots(byFlow, given);
        if (!bySeized.IsEmpty)
        {
            graph.ToSlots(bySeized, direct);
            for (var a = 0; a < given.Length; a++)
            {
                given[a] += direct[a] * (1 - loading.survival[a]);
                direct[a] *= loading.flow[a] * loading.survival[a];
            }
        }
        Products = 0;
        var right = new double[zoneCount];
        Pull(given, direct, right);
        var weight = new double[zoneCount];
        var reached = gmres.Solve(AdjointMap, right, weight, options.AdjointTolerance);
        for (var a = 0; a < given.Length; a++)
        {
            if (zoneOfSlot[a] >= 0) given[a] += weight[zoneOfSlot[a]];
        }
        derivatives.Adjoint(given, slotB, slotC);
        for (var a = 0; a < given.Length; a++) slotA[a] = costByBaseHazard[a] * slotB[a] + hazardByBaseHazard[a] * (slotC[a] + direct[a]);
        var gradient = new MarkovianGradient(graph.ArcCount) { LinearResidual = reached, Products = Products };
        graph.FromSlots<double>(slotB, gradient.byCost);
        graph.FromSlots<double>(slotA, gradient.byHazard);
        return gradient;
    }

    private bool Newton(ref int steps)
    {
        var previousNorm = double.NaN;
        while (FixedLanes.LargestAbsolute(residual) > options.Tolerance * Scale)
        {
            if (steps >= options.StepLimit) return false;
            var norm = FixedLanes.Norm(residual);
            var ratio = norm / previousNorm;
            var tolerance = Math.Clamp(double.IsNaN(ratio) ? options.LinearTolerance : 0.9 * ratio * ratio, 1e-6, options.LinearTolerance);
            previousNorm = norm;
            tolerance = Math.Max(tolerance, Math.Min(0.1, 0.5 * options.Tolerance * Scale / norm));
            gmres.Solve(NewtonMap, residual, step, tolerance);
            steps++;
            if (!Search(norm)) return false;
        }
        return true;
    }

    // Accepts the longest of 1, 1/2, 1/4, ... that lowers the 2-norm (Armijo, 1e-4), or a full step near the solution.
    private bool Search(double norm)
    {
        const double Armijo = 1e-4;
        var near = FixedLanes.LargestAbsolute(residual) <= options.FullStepResidual * Scale;
        var length = 1.0;
        for (var halving = 0; halving <= options.HalvingLimit; halving++, length /= 2)
        {
            for (var k = 0; k < zoneCount; k++) trial[k] = Math.Max(0, inflow[k] + length * step[k]);
            if (!Evaluate(trial, trialResidual, out _)) continue;
            var reached = FixedLanes.Norm(trialResidual);
            if (!(reached <= (1 - Armijo * length) * norm) && !(near && reached < norm)) continue;
            trial.CopyTo(inflow, 0);
            trialResidual.CopyTo(residual, 0);
            return true;
        }
        // Leave the fields at the last accepted point.
        Evaluate(inflow, residual, out _);
        return false;
    }

    private bool InStages(ref int steps)
    {
        Array.Clear(inflow);
        foreach (var stage in (ReadOnlySpan<double>)[0.03, 0.1, 0.3, 0.6, 1])
        {
            strength = stage;
            if (!Evaluate(inflow, residual, out _) || !Newton(ref steps)) break;
        }
        if (strength == 1) return FixedLanes.LargestAbsolute(residual) <= options.Tolerance * Scale;
        strength = 1;
        Evaluate(inflow, residual, out _);
        return false;
    }

    // residual = inflow caused by the costs of the given inflow, minus that inflow.
    private bool Evaluate(double[] at, double[] into, out Func<Exception>? failure)
    {
        var graph = loading.Topology.Graph;
        for (var a = 0; a < zoneOfSlot.Length; a++)
        {
            var zone = zoneOfSlot[a];
            var response = feedback.Respond(graph.ArcAt(a), baseCost[a], baseHazard[a], zone >= 0 ? strength * at[zone] : 0);
            (loading.cost[a], loading.hazard[a]) = (response.Cost, response.Hazard);
            (costByInflow[a], hazardByInflow[a]) = (response.CostByInflow, response.HazardByInflow);
            (costByBaseHazard[a], hazardByBaseHazard[a]) = (response.CostByBaseHazard, response.HazardByBaseHazard);
        }
        Loads++;
        if (!loading.TryRun(out failure)) return false;
        SumByZone(loading.flow, into);
        for (var k = 0; k < into.Length; k++) into[k] -= at[k];
        return true;
    }

    // (I - dH/dF) x, H the inflow caused.
    private void NewtonMap(double[] x, double[] image)
    {
        for (var a = 0; a < slotA.Length; a++)
        {
            var change = zoneOfSlot[a] >= 0 ? strength * x[zoneOfSlot[a]] : 0;
            slotA[a] = costByInflow[a] * change;
            slotB[a] = hazardByInflow[a] * change;
        }
        Products++;
        derivatives.Tangent(slotA, slotB, slotC);
        SumByZone(slotC, image);
        for (var k = 0; k < image.Length; k++) image[k] = x[k] - image[k];
    }

    // (I - dH/dF)^T x.
    private void AdjointMap(double[] x, double[] image)
    {
        for (var a = 0; a < slotA.Length; a++) slotA[a] = zoneOfSlot[a] >= 0 ? x[zoneOfSlot[a]] : 0;
        Pull(slotA, [], image);
        for (var k = 0; k < image.Length; k++) image[k] = x[k] - image[k];
    }

    // By zone: derivative by inflow of a functional whose derivative by flow (and directly by hazard) is given.
    private void Pull(double[] byFlow, ReadOnlySpan<double> byHazard, double[] byInflow)
    {
        Products++;
        derivatives.Adjoint(byFlow, slotB, slotC);
        Array.Clear(byInflow);
        for (var a = 0; a < slotB.Length; a++)
        {
            if (zoneOfSlot[a] < 0) continue;
            var hazardPart = byHazard.IsEmpty ? slotC[a] : slotC[a] + byHazard[a];
            byInflow[zoneOfSlot[a]] += costByInflow[a] * slotB[a] + hazardByInflow[a] * hazardPart;
        }
    }

    private void SumByZone(double[] bySlot, double[] byZone)
    {
        Array.Clear(byZone);
        for (var a = 0; a < bySlot.Length; a++)
        {
            if (zoneOfSlot[a] >= 0) byZone[zoneOfSlot[a]] += bySlot[a];
        }
    }

    private MarkovianEquilibriumResult Result(bool converged, int steps)
    {
        var graph = loading.Topology.Graph;
        var result = new MarkovianEquilibriumResult(loading.Flows(), zoneCount, graph.ArcCount)
        {
            Converged = converged,
            Residual = FixedLanes.LargestAbsolute(residual) / Scale,
            Steps = steps,
            Loads = Loads,
            Products = Products,
        };
        // The inflow that the flows have, which at a solution is the inflow that the costs answer to.
        SumByZone(loading.flow, result.inflow);
        graph.FromSlots<double>(loading.cost, result.costs);
        graph.FromSlots<double>(loading.hazard, result.hazards);
        return result;
    }
}
