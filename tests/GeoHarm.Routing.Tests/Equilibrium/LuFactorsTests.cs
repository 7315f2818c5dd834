using GeoHarm.Routing.Equilibrium;
using GeoHarm.Routing.Graphs;

namespace GeoHarm.Routing.Tests.Equilibrium;

public sealed class LuFactorsTests
{
    [Fact]
    public void A_minimum_degree_order_is_a_permutation_and_fills_a_star_not_at_all()
    {
        var builder = new GraphBuilder(50);
        for (var leaf = 1; leaf < 50; leaf++)
        {
            builder.AddArc(0, leaf);
            builder.AddArc(leaf, 0);
        }
        var graph = builder.Build();
        var order = MinimumDegree.Order(graph);
        Assert.Equal(Enumerable.Range(0, 50), order.Order());
        Assert.Equal(50 + 98, LuStructure.Of(graph).EntryCount);
    }

    [Fact]
    public void Minimum_degree_fills_a_grid_far_less_than_its_natural_order()
    {
        var graph = Networks.Grid(40, 40);
        var natural = LuStructure.InOrder(graph, Enumerable.Range(0, graph.NodeCount).ToArray()).EntryCount;
        var reduced = LuStructure.Of(graph).EntryCount;
        Assert.True(reduced < 0.6 * natural, $"{reduced} against {natural}");
    }

    [Fact]
    public void A_topological_order_of_an_acyclic_graph_fills_nothing()
    {
        var builder = new GraphBuilder(30, new GraphOptions { Order = NodeOrder.AsGiven });
        for (var i = 0; i < 30; i++)
        {
            for (var j = i + 1; j < 30; j += 3) builder.AddArc(i, j);
        }
        var graph = builder.Build();
        Assert.Equal(30 + graph.ArcCount, LuStructure.InOrder(graph, Enumerable.Range(0, 30).ToArray()).EntryCount);
    }

    [Fact]
    public void Both_solves_equal_a_dense_solve()
    {
        for (var seed = 1; seed <= 40; seed++)
        {
            var random = new Random(seed);
            var graph = Networks.Random(random, random.Next(2, 70), random.Next(1, 9), parallel: seed % 2 == 0);
            var n = graph.NodeCount;
            var weight = Networks.SubstochasticWeights(graph, random, 0.95);
            var matrix = Networks.DenseIdentityMinus(graph, weight);
            var factors = new LuFactors(LuStructure.Of(graph));
            Assert.True(factors.Factor(weight));
            var b = Enumerable.Range(0, n).Select(_ => random.NextDouble()).ToArray();
            var x = (double[])b.Clone();
            factors.Solve(x);
            Assert.True(Networks.LargestDifference(x, Networks.DenseSolve(matrix, b)) < 1e-12, $"seed {seed}");
            x = (double[])b.Clone();
            factors.SolveTransposed(x);
            Assert.True(Networks.LargestDifference(x, Networks.DenseSolve(Networks.Transposed(matrix), b)) < 1e-12, $"seed {seed}, transposed");
        }
    }

    [Fact]
    public void A_pivot_fails_exactly_where_the_spectral_radius_reaches_one()
    {
        // A cycle of three arcs of weight w has radius w.
        var builder = new GraphBuilder(3);
        builder.AddArc(0, 1);
        builder.AddArc(1, 2);
        builder.AddArc(2, 0);
        var graph = builder.Build();
        var factors = new LuFactors(LuStructure.Of(graph));
        Assert.True(factors.Factor([0.999, 0.999, 0.999]));
        Assert.False(factors.Factor([1, 1, 1]));
        Assert.False(factors.Factor([1.01, 1.01, 1.01]));
        Assert.True(factors.Factor([0.5, 0.5, 0.5]));
    }
}
