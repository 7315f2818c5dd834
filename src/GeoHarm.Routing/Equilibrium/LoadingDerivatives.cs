using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GeoHarm.Routing.Equilibrium;

/// <summary>
/// Derivatives of the flows of a Markovian loading at fixed metric, on the factors of the loading itself: no new
/// factorisation. All figures by slot. With zeta = d ln z, f = y_i P_ij and h = g + S lambda_j:
/// <para>tangent: (I - P) zeta = -theta sum P dc; dP = P (-theta dc + zeta_j - zeta_i); (I - A^T) dy = sum y (dP S - P S dr);
/// df = dy P + y dP;</para>
/// <para>adjoint: (I - A) lambda = sum P g; q_j = sum_in f h - sum_out f h; (I - P^T) mu = q;
/// dPhi/dc = -theta (f h + mu_i P); dPhi/dr = -f S lambda_j.</para>
/// Implicit differentiation of the loading's linear systems, the second the transpose of the first. Cost: two triangular solves
/// per destination. One per thread, beside its loading.
/// </summary>
internal sealed class LoadingDerivatives
{
    private readonly MarkovianLoading loading;
    private readonly double[] first, second; // by state
    private readonly double[] perTransition;

    public LoadingDerivatives(MarkovianLoading loading)
    {
        this.loading = loading;
        first = new double[loading.chains.Max(c => c.y.Length)];
        second = new double[first.Length];
        perTransition = new double[loading.chains.Max(c => c.choice.Length)];
    }

    /// <summary>Flow change by slot for changes of cost and hazard by slot.</summary>
    public void Tangent(ReadOnlySpan<double> costChange, ReadOnlySpan<double> hazardChange, Span<double> flowChange)
    {
        flowChange.Clear();
        foreach (var chain in loading.chains) AddTangent(chain, costChange, hazardChange, flowChange);
    }

    /// <summary>Derivative of a functional by cost and hazard of every slot, from its derivative by flow of every slot.</summary>
    public void Adjoint(ReadOnlySpan<double> byFlow, Span<double> byCost, Span<double> byHazard)
    {
        byCost.Clear();
        byHazard.Clear();
        foreach (var chain in loading.chains) AddAdjoint(chain, byFlow, byCost, byHazard);
    }

    private void AddTangent(DestinationChain chain, ReadOnlySpan<double> costChange, ReadOnlySpan<double> hazardChange, Span<double> flowChange)
    {
        var graph = chain.structure.states;
        double[] choice = chain.choice, y = chain.y;
        var theta = loading.Options.Theta;
        var zeta = first.AsSpan(0, y.Length);
        var dy = second.AsSpan(0, y.Length);
        var isPlain = chain.structure.IsPlain;
        for (var i = 0; i < zeta.Length; i++)
        {
            var row = graph.outFirst[i]..graph.outFirst[i + 1];
            zeta[i] = -theta * (isPlain ? FixedLanes.Dot(choice.AsSpan(row), costChange[row]) : Sum(choice.AsSpan(row), costChange, chain.structure.slotOf.AsSpan(row)));
        }
        chain.SolveChoice(zeta);
        dy.Clear();
        for (var i = 0; i < zeta.Length; i++) Spread(chain, i, theta, zeta, costChange, hazardChange, dy);
        chain.SolveFlowTransposed(dy);
        for (var i = 0; i < dy.Length; i++)
        {
            var row = graph.outFirst[i]..graph.outFirst[i + 1];
            FixedLanes.AddScaled(dy[i], choice.AsSpan(row), perTransition.AsSpan(row));
            if (isPlain) FixedLanes.AddScaled(1, perTransition.AsSpan(row), flowChange[row]);
            else for (var t = row.Start.Value; t < row.End.Value; t++) flowChange[chain.structure.slotOf[t]] += perTransition[t];
        }
    }

    private static double Sum(ReadOnlySpan<double> choice, ReadOnlySpan<double> bySlot, ReadOnlySpan<int> slots)
    {
        var sum = 0.0;
        for (var t = 0; t < choice.Length; t++) sum += choice[t] * bySlot[slots[t]];
        return sum;
    }

    // Row i of y dP into perTransition, and of y (dP S - P S dr) into dy. Without checks of bounds: the innermost loop of the ensemble.
    private void Spread(DestinationChain chain, int i, double theta, ReadOnlySpan<double> zeta, ReadOnlySpan<double> costChange, ReadOnlySpan<double> hazardChange, Span<double> dy)
    {
        var graph = chain.structure.states;
        ref var head = ref MemoryMarshal.GetArrayDataReference(graph.arcHead);
        ref var slot = ref MemoryMarshal.GetArrayDataReference(chain.structure.slotOf);
        ref var choice = ref MemoryMarshal.GetArrayDataReference(chain.choice);
        ref var survival = ref MemoryMarshal.GetArrayDataReference(loading.survival);
        ref var cost = ref MemoryMarshal.GetReference(costChange);
        ref var hazard = ref MemoryMarshal.GetReference(hazardChange);
        ref var atHead = ref MemoryMarshal.GetReference(zeta);
        ref var onward = ref MemoryMarshal.GetReference(dy);
        ref var change = ref MemoryMarshal.GetArrayDataReference(perTransition);
        var (own, throughput) = (zeta[i], chain.y[i]);
        for (int t = graph.outFirst[i], end = graph.outFirst[i + 1]; t < end; t++)
        {
            var (a, to) = (Unsafe.Add(ref slot, t), Unsafe.Add(ref head, t));
            var f = throughput * Unsafe.Add(ref choice, t);
            var df = f * (Unsafe.Add(ref atHead, to) - own - theta * Unsafe.Add(ref cost, a));
            Unsafe.Add(ref change, t) = df;
            Unsafe.Add(ref onward, to) += Unsafe.Add(ref survival, a) * (df - f * Unsafe.Add(ref hazard, a));
        }
    }

    private void AddAdjoint(DestinationChain chain, ReadOnlySpan<double> byFlow, Span<double> byCost, Span<double> byHazard)
    {
        var graph = chain.structure.states;
        int[] head = graph.arcHead, slotOf = chain.structure.slotOf;
        double[] choice = chain.choice, y = chain.y, survival = loading.survival;
        var theta = loading.Options.Theta;
        var lambda = first.AsSpan(0, y.Length);
        var mu = second.AsSpan(0, y.Length);
        for (var i = 0; i < lambda.Length; i++)
        {
            var sum = 0.0;
            for (var t = graph.outFirst[i]; t < graph.outFirst[i + 1]; t++) sum += choice[t] * byFlow[slotOf[t]];
            lambda[i] = sum;
        }
        chain.SolveFlow(lambda);
        mu.Clear();
        for (var i = 0; i < mu.Length; i++)
        {
            var left = 0.0;
            for (var t = graph.outFirst[i]; t < graph.outFirst[i + 1]; t++)
            {
                var a = slotOf[t];
                var f = y[i] * choice[t];
                var onward = survival[a] * lambda[head[t]];
                var fh = f * (byFlow[a] + onward);
                perTransition[t] = fh;
                mu[head[t]] += fh;
                left += fh;
                byHazard[a] -= f * onward;
            }
            mu[i] -= left;
        }
        chain.SolveChoiceTransposed(mu);
        for (var i = 0; i < mu.Length; i++)
        {
            for (var t = graph.outFirst[i]; t < graph.outFirst[i + 1]; t++) byCost[slotOf[t]] -= theta * (perTransition[t] + mu[i] * choice[t]);
        }
    }
}
