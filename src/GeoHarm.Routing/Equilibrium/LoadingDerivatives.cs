using GeoHarm.Routing.Graphs;

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
        int[] head = graph.arcHead, slotOf = chain.structure.slotOf;
        double[] choice = chain.choice, y = chain.y, survival = loading.survival;
        var theta = loading.Options.Theta;
        var zeta = first.AsSpan(0, y.Length);
        var dy = second.AsSpan(0, y.Length);
        for (var i = 0; i < zeta.Length; i++)
        {
            var sum = 0.0;
            for (var t = graph.outFirst[i]; t < graph.outFirst[i + 1]; t++) sum += choice[t] * costChange[slotOf[t]];
            zeta[i] = -theta * sum;
        }
        chain.SolveChoice(zeta);
        dy.Clear();
        for (var i = 0; i < zeta.Length; i++)
        {
            for (var t = graph.outFirst[i]; t < graph.outFirst[i + 1]; t++)
            {
                var a = slotOf[t];
                var f = y[i] * choice[t];
                var df = f * (zeta[head[t]] - zeta[i] - theta * costChange[a]);
                perTransition[t] = df;
                dy[head[t]] += survival[a] * (df - f * hazardChange[a]);
            }
        }
        chain.SolveFlowTransposed(dy);
        for (var i = 0; i < dy.Length; i++)
        {
            for (var t = graph.outFirst[i]; t < graph.outFirst[i + 1]; t++) flowChange[slotOf[t]] += perTransition[t] + dy[i] * choice[t];
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
