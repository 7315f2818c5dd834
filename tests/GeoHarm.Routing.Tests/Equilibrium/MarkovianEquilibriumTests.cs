using GeoHarm.Routing.Equilibrium;
using GeoHarm.Routing.Graphs;

namespace GeoHarm.Routing.Tests.Equilibrium;

public sealed class MarkovianEquilibriumTests
{
    /// <summary>A random problem whose zones are its nodes.</summary>
    internal sealed class Problem
    {
        public readonly Graph Graph;
        public readonly double[] Cost, Hazard, Source, Reference;
        public readonly int[] Zone;
        public readonly MarkovianDemand Demand;
        public readonly MarkovianTopology Topology;

        public Problem(int seed, int n, int outDegree, bool lossless = false)
        {
            var random = new Random(seed);
            Graph = Networks.Random(random, n, outDegree);
            Cost = Enumerable.Range(0, Graph.ArcCount).Select(_ => 0.1 + random.NextDouble()).ToArray();
            Hazard = Enumerable.Range(0, Graph.ArcCount).Select(_ => lossless ? 0 : 0.06 * random.NextDouble()).ToArray();
            Source = new double[n];
            for (var i = 0; i < 5; i++) Source[random.Next(1, n - 1)] += 0.2;
            Reference = ReferenceProbabilities.EqualOverArcs(Graph);
            Zone = Enumerable.Range(0, Graph.ArcCount).Select(a => Graph.HeadOf(a) % 7 == 3 ? -1 : Graph.HeadOf(a)).ToArray();
            Demand = MarkovianDemand.Split(Source, (0, 0.7), (n - 1, 0.3));
            Topology = new MarkovianTopology(Graph);
        }

        public MarkovianEquilibrium<LinearFeedback> Equilibrium(double kappa, double rho, double theta = 3) =>
            new(new MarkovianLoading(Topology, Demand, Reference, new() { Theta = theta }), Zone, Graph.NodeCount, new LinearFeedback(kappa, rho, 8, 0.05));
    }

    [Fact]
    public void A_renewed_equilibrium_has_the_bits_of_a_new_one()
    {
        for (var seed = 1; seed <= 10; seed++)
        {
            var problem = new Problem(seed, 60, 4);
            var loading = new MarkovianLoading(problem.Topology, problem.Demand, problem.Reference, new() { Theta = 2 });
            var used = new MarkovianEquilibrium<LinearFeedback>(loading, problem.Zone, problem.Graph.NodeCount, new LinearFeedback(0.2, 1, 8, 0.1));
            used.Solve(problem.Cost, problem.Hazard);
            loading.Renew(problem.Demand, new() { Theta = 3 });
            used.Renew(new LinearFeedback(0.5, 0.5, 8, 0.05));
            var (renewed, made) = (used.Solve(problem.Cost, problem.Hazard), problem.Equilibrium(0.5, 0.5).Solve(problem.Cost, problem.Hazard));
            Assert.True(renewed.Flows.ArcFlow.SequenceEqual(made.Flows.ArcFlow), $"seed {seed}");
            Assert.Equal(made.Residual, renewed.Residual);
            Assert.Throws<ArgumentException>(() => loading.Renew(MarkovianDemand.To(2, problem.Source), new()));
        }
    }

    [Fact]
    public void Two_congested_routes_settle_where_the_logit_shares_and_the_costs_agree()
    {
        // 0 -> 1 -> 3 and 0 -> 2 -> 3: zones 1 and 2. Share x of zone 1 solves x = 1 / (1 + exp(theta ((1 + k x) - (1.5 + k (1 - x))))).
        var builder = new GraphBuilder(4);
        builder.AddArc(0, 1);
        builder.AddArc(0, 2);
        builder.AddArc(1, 3);
        builder.AddArc(2, 3);
        var topology = new MarkovianTopology(builder.Build());
        var loading = new MarkovianLoading(topology, MarkovianDemand.To(3, [1, 0, 0, 0]), [], new() { Theta = 2 });
        var equilibrium = new MarkovianEquilibrium<LinearFeedback>(loading, [0, 1, -1, -1], 2, new LinearFeedback(0.3, 0, 0, 0.5));
        var result = equilibrium.Solve([1, 1.5, 1, 1], new double[4]);
        Assert.True(result.Converged);
        double low = 0, high = 1;
        for (var i = 0; i < 100; i++)
        {
            var x = (low + high) / 2;
            if (x < 1 / (1 + Math.Exp(2 * (1 + 0.6 * x - 1.5 - 0.6 * (1 - x))))) low = x;
            else high = x;
        }
        Assert.Equal(low, result.ZoneInflow[0], 1e-9);
        Assert.Equal(1 + 0.6 * low, result.ArcCost[0], 1e-9);
    }

    [Theory]
    [InlineData(0.1, 0)]
    [InlineData(0.3, 0.5)]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    public void Newton_reaches_1e_10_in_at_most_15_steps(double kappa, double rho)
    {
        for (var seed = 1; seed <= 6; seed++)
        {
            var problem = new Problem(seed, 80, 5);
            var result = problem.Equilibrium(kappa, rho).Solve(problem.Cost, problem.Hazard);
            Assert.True(result.Converged && result.Residual <= 1e-10 && result.Steps <= 15, $"seed {seed}: {result.Steps} steps, residual {result.Residual:g3}");
            // The rival: a plain loading at the equilibrium's costs must reproduce its inflow.
            var flows = new MarkovianLoading(problem.Topology, problem.Demand, problem.Reference, new() { Theta = 3 }).Load(result.ArcCost, result.ArcHazard);
            for (var v = 0; v < problem.Graph.NodeCount; v++)
            {
                if (v % 7 != 3) Assert.Equal(flows.NodeInflow[v], result.ZoneInflow[v], 1e-9);
            }
            Assert.Equal(flows.TotalSource, flows.TotalDelivered + flows.TotalSeized, 1e-12);
        }
    }

    [Fact]
    public void A_warm_start_costs_less_and_gives_the_same()
    {
        var problem = new Problem(4, 120, 5);
        var equilibrium = problem.Equilibrium(0.5, 0.5);
        var before = equilibrium.Solve(problem.Cost, problem.Hazard);
        var harder = problem.Hazard.ToArray();
        harder[11] *= 3;
        var warm = equilibrium.Solve(problem.Cost, harder, before.ZoneInflow);
        var cold = problem.Equilibrium(0.5, 0.5).Solve(problem.Cost, harder);
        Assert.True(warm.Converged && cold.Converged);
        Assert.True(warm.Loads < cold.Loads, $"{warm.Loads} against {cold.Loads}");
        Assert.True(Networks.LargestDifference(warm.Flows.ArcFlow, cold.Flows.ArcFlow) < 1e-9);
    }

    [Fact]
    public void A_tangent_and_an_adjoint_are_transposes_of_each_other()
    {
        var random = new Random(8);
        var problem = new Problem(8, 60, 4);
        var loading = new MarkovianLoading(problem.Topology, problem.Demand, problem.Reference);
        loading.Load(problem.Cost, problem.Hazard);
        var derivatives = new LoadingDerivatives(loading);
        var m = problem.Graph.ArcCount;
        double[] Draw() => Enumerable.Range(0, m).Select(_ => random.NextDouble() - 0.5).ToArray();
        var (dc, dr, g) = (Draw(), Draw(), Draw());
        double[] df = new double[m], ac = new double[m], ar = new double[m];
        derivatives.Tangent(dc, dr, df);
        derivatives.Adjoint(g, ac, ar);
        var left = df.Zip(g, (a, b) => a * b).Sum();
        var right = dc.Zip(ac, (a, b) => a * b).Sum() + dr.Zip(ar, (a, b) => a * b).Sum();
        Assert.Equal(left, right, 1e-12);
    }

    [Theory]
    [InlineData(0.3, 0.5)]
    [InlineData(1, 1)]
    [InlineData(0, 0)]
    public void The_adjoint_agrees_with_central_differences(double kappa, double rho)
    {
        // Functional: sum of a random weight times flow, a second one times seized, and a square of one flow.
        var problem = new Problem(12, 50, 4);
        var m = problem.Graph.ArcCount;
        var random = new Random(99);
        var byFlow = Enumerable.Range(0, m).Select(_ => random.NextDouble()).ToArray();
        var bySeized = Enumerable.Range(0, m).Select(_ => 10 * random.NextDouble()).ToArray();
        const int Squared = 17;
        double Harm(MarkovianFlows flows)
        {
            var sum = flows.ArcFlow[Squared] * flows.ArcFlow[Squared];
            for (var a = 0; a < m; a++) sum += byFlow[a] * flows.ArcFlow[a] + bySeized[a] * flows.ArcSeized[a];
            return sum;
        }

        var options = new MarkovianEquilibriumOptions { Tolerance = 1e-14 };
        var equilibrium = new MarkovianEquilibrium<LinearFeedback>(
            new MarkovianLoading(problem.Topology, problem.Demand, problem.Reference), problem.Zone, 50, new LinearFeedback(kappa, rho, 8, 0.05), options);
        var result = equilibrium.Solve(problem.Cost, problem.Hazard);
        var slope = byFlow.ToArray();
        slope[Squared] += 2 * result.Flows.ArcFlow[Squared];
        var gradient = equilibrium.Gradient(slope, bySeized);
        var start = result.ZoneInflow.ToArray();
        var byCost = gradient.ByBaseCost.ToArray();
        var byHazard = gradient.ByBaseHazard.ToArray();
        double worstCost = 0, worstHazard = 0;
        for (var arc = 0; arc < m; arc += 13)
        {
            double At(double[] figures, double change)
            {
                var changed = figures.ToArray();
                changed[arc] += change;
                return Harm(equilibrium.Solve(figures == problem.Cost ? changed : problem.Cost, figures == problem.Hazard ? changed : problem.Hazard, start).Flows);
            }

            double Difference(double[] figures, double h) => (8 * (At(figures, h) - At(figures, -h)) - (At(figures, 2 * h) - At(figures, -2 * h))) / (12 * h);
            worstCost = Math.Max(worstCost, Math.Abs(Difference(problem.Cost, 2e-3) - byCost[arc]));
            worstHazard = Math.Max(worstHazard, Math.Abs(Difference(problem.Hazard, Math.Min(1e-3, problem.Hazard[arc] / 3)) - byHazard[arc]));
        }
        worstCost /= FixedLanes.LargestAbsolute(byCost);
        worstHazard /= FixedLanes.LargestAbsolute(byHazard);
        Assert.True(worstCost < 1e-6 && worstHazard < 1e-6, $"cost {worstCost:g3}, hazard {worstHazard:g3}");
    }

    [Fact]
    public void Not_converged_is_a_figure_and_not_an_error()
    {
        var problem = new Problem(2, 80, 5);
        var equilibrium = new MarkovianEquilibrium<LinearFeedback>(
            new MarkovianLoading(problem.Topology, problem.Demand, problem.Reference), problem.Zone, 80, new LinearFeedback(1, 1, 8, 0.05), new() { StepLimit = 1 });
        var result = equilibrium.Solve(problem.Cost, problem.Hazard);
        Assert.False(result.Converged);
        Assert.True(result.Residual > 1e-10);
    }
}
