using GeoHarm.Routing.Equilibrium;
using GeoHarm.Routing.Sweeps;

namespace GeoHarm.Routing.Tests.Equilibrium;

/// <summary>Figures of the trial analyses (findings B2 to B6), on the network as it is embedded.</summary>
public sealed class StudyNetworkTests(ITestOutputHelper output)
{
    [Fact]
    public void Reference_probabilities_keep_the_spectral_radius_below_one_where_the_plain_form_has_a_critical_theta()
    {
        var study = new StudyNetwork();
        var factors = new LuFactors(LuStructure.Of(study.Graph));
        double[] plain = [.. Enumerable.Repeat(1.0, study.Graph.ArcCount)];
        var critical = Bisect(0.5, 40, theta => factors.Factor(Weights(study, plain, theta, 1)));
        var radius = ((double[])[0.1, 1, 3]).Select(theta => Bisect(0.01, 2, scale => factors.Factor(Weights(study, study.Reference, theta, scale)))).ToArray();
        output.WriteLine($"{study.Graph.NodeCount} nodes, {study.Graph.ArcCount} arcs; critical theta {critical:f2}; radius with Q at 0.1, 1, 3: {radius[0]:f3} {radius[1]:f3} {radius[2]:f3}");
        // The trial network (533 nodes, small units dissolved) had 5.57 plain, and 0.861, 0.586, 0.317 with Q; the embedded one was
        // built anew (547 nodes) and has 4.60, and 0.866, 0.568, 0.271. Ranges hold both: what must stay is that the plain form has
        // a critical theta inside the range that calibration visits, and that Q has none.
        Assert.InRange(critical, 4, 6.5);
        Assert.Equal(0.861, radius[0], 0.05);
        Assert.Equal(0.586, radius[1], 0.05);
        Assert.Equal(0.317, radius[2], 0.05);
    }

    [Fact]
    public void The_plain_form_is_refused_below_the_critical_theta_and_names_a_cycle()
    {
        var study = new StudyNetwork();
        var topology = new MarkovianTopology(study.Graph);
        var refused = Assert.Throws<DivergentLoadingException>(() => new MarkovianLoading(topology, study.Demand, [], new() { Theta = 3.5 }).Load(study.Perceived, study.Hazard));
        Assert.True(refused.Cycle.Length >= 2);
        Assert.Equal(3.5, refused.Theta);
    }

    [Theory]
    [InlineData(0.1, 0)]
    [InlineData(0.3, 0.5)]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    public void Newton_reaches_1e_10_in_at_most_15_steps(double kappa, double rho)
    {
        var study = new StudyNetwork();
        var loading = new MarkovianLoading(new MarkovianTopology(study.Graph), study.Demand, study.Reference, new() { Theta = 3.15 });
        var result = new MarkovianEquilibrium<LinearFeedback>(loading, study.Zone, study.Graph.NodeCount, new LinearFeedback(kappa, rho, 8, 0.05)).Solve(study.Cost, study.Hazard);
        output.WriteLine($"kappa {kappa} rho {rho}: {result.Steps} steps, {result.Loads} loads, {result.Products} products, residual {result.Residual:g2}");
        Assert.True(result.Converged && result.Steps <= 15, $"{result.Steps} steps, residual {result.Residual:g3}");
        Assert.Equal(1, result.Flows.TotalDelivered + result.Flows.TotalSeized, 1e-11);
    }

    [Fact]
    public void Warm_policies_converge_and_equal_cold_ones()
    {
        var study = new StudyNetwork();
        var loading = new MarkovianLoading(new MarkovianTopology(study.Graph), study.Demand, study.Reference, new() { Theta = 3.15 });
        var feedback = new LinearFeedback(0.1, 0.5, 8, 0.05);
        var variants = Enumerable.Range(0, 518).Where(zone => zone % 80 == 7).Select(zone => new SweepVariant($"risk x4 into zone {zone}",
            [.. Enumerable.Range(0, study.Graph.ArcCount).Where(a => study.Zone[a] == zone).Select(a => new ArcChange(a, study.Cost[a], 4 * study.Hazard[a]))])).ToArray();
        var outcomes = new MarkovianSweep<LinearFeedback>(loading, study.Zone, study.Graph.NodeCount, feedback).Run(study.Cost, study.Hazard, variants, 2, out _).ToArray();
        output.WriteLine($"mean loads {outcomes.Average(o => o.Result!.Loads):f1}");
        foreach (var outcome in outcomes)
        {
            var hazard = study.Hazard.ToArray();
            foreach (var change in outcome.Variant.Changes) hazard[change.Arc] = change.Hazard;
            var cold = new MarkovianEquilibrium<LinearFeedback>(loading, study.Zone, study.Graph.NodeCount, feedback).Solve(study.Cost, hazard);
            Assert.True(outcome.Result!.Converged && cold.Converged);
            Assert.True(Networks.LargestDifference(cold.Flows.ArcFlow, outcome.Result.Flows.ArcFlow) < 1e-8);
        }
    }

    private static double[] Weights(StudyNetwork study, double[] reference, double theta, double scale)
    {
        var byArc = study.Perceived.Select((c, a) => reference[a] * Math.Exp(-theta * c) / scale).ToArray();
        var bySlot = new double[byArc.Length];
        study.Graph.ToSlots<double>(byArc, bySlot);
        return bySlot;
    }

    // The least value at which it holds: positive pivots are the exact test of a spectral radius below 1.
    private static double Bisect(double low, double high, Func<double, bool> holds)
    {
        Assert.True(!holds(low) && holds(high));
        for (var i = 0; i < 30; i++)
        {
            var middle = (low + high) / 2;
            if (holds(middle)) high = middle;
            else low = middle;
        }
        return high;
    }
}
