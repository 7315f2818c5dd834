using GeoHarm.Engine.Routes;
using GeoHarm.Engine.Scenarios;

namespace GeoHarm.Engine.Tests.Scenarios;

/// <summary>Least-harm allocation: two ways by hand, brute force on random networks.</summary>
public sealed class RouteAllocationTests(ITestOutputHelper output)
{
    private static readonly RouteAllocationOptions Over = new() { Budget = 0.6, Countries = false, Draws = 0 };

    private static AllocationOption Option(AllocationAnswer answer, string name) => answer.Options.Single(o => o.Name == name);

    // What S sends, k = theta x what a unit of hazard costs in A or B, and the survival of one leg into A or B.
    private static (double Sent, double K, double Survives) Facts(RouteCase routes)
    {
        var (draw, a) = (routes.Central, routes.Inputs.Zones.IndexOf("A"));
        return (1000 * draw.Yield / 1000, draw.Costs.Theta * draw.Costs.RiskValue * draw.RelativeValueByZone[a], Math.Exp(-draw.Costs.Hazard[1]));
    }

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));

    [Fact]
    public void A_budget_over_two_like_ways_is_split_evenly_and_its_price_is_half_of_what_passes()
    {
        // x = e_A - e_B at e_A + e_B = b: what arrives is T s exp(-b/2) (cosh(x/2) + tanh(k x/2) sinh(x/2)), least at x = 0: T s exp(-b/2), price -1/2 of it.
        var routes = TinyRoutes.TwoWays();
        var (sent, k, survives) = Facts(routes);
        var found = RouteAllocation.Of(routes, RouteBurden.Named("tonnes", routes.Resolve(["A", "B"])), Over with { Places = ["A", "B"] });
        var (total, largest, b) = (found.Answers[0], found.Answers[1], 0.6);
        var spread = Option(total, "spread");
        Assert.Equal(sent * survives, total.Options[0].Value, sent * 1e-6);
        Assert.Equal(0.3, spread.Plan!.Units[0], 1e-4);
        Assert.Equal(sent * survives * Math.Exp(-b / 2), spread.Value, sent * 1e-6);
        Assert.Equal(-spread.Value / 2, spread.Price, sent * 1e-4);
        var c = 1 - Math.Exp(-b);
        Assert.Equal(sent * survives * (1 - c / 2), Option(total, "mixed").Value, sent * 1e-6); // each place half the time
        Assert.Equal(sent * survives * (Logistic(-k * b) * Math.Exp(-b) + Logistic(k * b)), Option(total, "pure").Value, sent * 1e-6);
        Assert.Equal("spread", total.Options[total.Choice].Name);
        Assert.Equal(spread.Value / 2, Option(largest, "spread").Value, sent * 1e-4);
        Assert.True(total.Options.Concat(largest.Options).All(o => o.Name == "pure" || (o.Converged && o.RelativeGap <= 1e-4)));
    }

    [Fact]
    public void Minimax_over_two_unlike_ways_leaves_both_with_the_same()
    {
        // ln(p_A / p_B) = d - k x, d = theta x the longer way's extra cost; arrivals are equal where d - k x = x.
        var routes = TinyRoutes.TwoWays(2000, 2030);
        var (sent, k, survives) = Facts(routes);
        var d = routes.Central.Costs.Theta * routes.Central.Costs.PerThousandKilometres[1] * 0.03;
        var found = RouteAllocation.Of(routes, RouteBurden.Named("tonnes", routes.Resolve(["A", "B"])), Over with { Places = ["A", "B"] });
        var spread = Option(found.Answers[1], "spread");
        var x = d / (k + 1);
        Assert.InRange(x, 0.01, 0.5);
        Assert.Equal(x, spread.Plan!.Units[0] - spread.Plan.Units[1], 1e-3);
        Assert.Equal(sent * survives * Math.Exp(-(0.6 + x) / 2) * Logistic(d - k * x), spread.Value, sent * 1e-4);
        Assert.True(spread.Converged, $"{spread.RelativeGap}");
    }

    [Fact]
    public void Enforcement_that_can_only_push_is_left_undone_and_its_price_is_positive()
    {
        // Only B may be enforced and only A counts: T s / (1 + exp(-k e)) rises with e, by T s k / 4 for the first unit.
        var routes = TinyRoutes.TwoWays();
        var (sent, k, survives) = Facts(routes);
        var found = RouteAllocation.Of(routes, RouteBurden.Named("tonnes", routes.Resolve(["A"])), Over with { Places = ["B"] });
        foreach (var answer in found.Answers)
        {
            var (nothing, spread, reduced) = (answer.Options[0], Option(answer, "spread"), Option(answer, "reduced"));
            Assert.Equal("nothing", answer.Options[answer.Choice].Name);
            Assert.Equal(sent * survives * k / 4, nothing.Price, sent * k * 1e-5);
            Assert.Equal(sent * survives * Logistic(k * 0.6), spread.Value, sent * 1e-6);
            Assert.Equal(sent * survives * k * Logistic(k * 0.6) * Logistic(-k * 0.6), spread.Price, sent * k * 1e-5);
            Assert.All(Option(answer, "part").Plan!.Units, e => Assert.Equal(0, e, 1e-9));
            Assert.Equal(0.1, reduced.Plan!.Units[0], 1e-9); // half of the hazard of 0.2 in place
            Assert.Equal(sent * survives * Logistic(-k * 0.1), reduced.Value, sent * 1e-6);
        }
    }

    [Fact]
    public void No_allocation_of_a_grid_is_better_on_random_networks()
    {
        for (var seed = 1; seed <= 12; seed++)
        {
            var random = new Random(seed);
            string[] inner = ["A", "B", "C", "D", "E"];
            var links = inner.Select(z => ("S", z, 800.0 + random.Next(1500))).Concat(inner.Select(z => (z, "M", 800.0 + random.Next(1500))))
                .Concat(inner.SelectMany((a, i) => inner.Skip(i + 1).Where(_ => random.Next(2) == 0).Select(b => (a, b, 300.0 + random.Next(900))))).ToArray();
            var routes = TinyRoutes.Case(links, [("route.theta", 1 + 3 * random.NextDouble()), ("route.congestion", 0.2 * random.NextDouble()), ("route.risk_feedback", random.NextDouble())]);
            var burden = RouteBurden.Named(random.Next(2) == 0 ? "tonnes" : "seizedTonnes", new HashSet<int>(random.Next(2) == 0 ? [0, 1, 2] : []));
            var places = inner[..3];
            var found = RouteAllocation.Of(routes, burden, Over with { Places = places });
            var units = EnforcementUnits.Of(routes, false, places, [], []);
            var response = new RouteResponse(routes, units, burden, TransitStructure.Reference, routes.Central);
            foreach (var answer in found.Answers)
            {
                foreach (var (name, form, part) in new[] { ("spread", EnforcementForm.Spread, false), ("part", EnforcementForm.Spread, true), ("mixed", EnforcementForm.Mixed, false) })
                {
                    var (best, option, whole) = (double.PositiveInfinity, Option(answer, name), form == EnforcementForm.Mixed ? 1 : 0.6);
                    const int Steps = 24;
                    for (var i = 0; i <= Steps; i++)
                    {
                        for (var j = 0; i + j <= Steps; j++)
                        {
                            for (var k = part ? 0 : Steps - i - j; i + j + k <= Steps; k++)
                            {
                                response.Solve(new EnforcementPlan(form, 0.6, [whole * i / Steps, whole * j / Steps, whole * k / Steps]));
                                best = Math.Min(best, response.Value(answer.Aim));
                            }
                        }
                    }
                    var scale = found.ByHazard.Max(Math.Abs) * 0.6;
                    Assert.True(option.Value <= best + 2e-4 * scale && option.Converged, $"seed {seed}, {answer.Aim} {burden.Name} {name}: {option.Value} against {best} of the grid, gap {option.RelativeGap}");
                    if (name == "spread") output.WriteLine($"seed {seed} {answer.Aim} {burden.Name}: {option.Value:g6} against {best:g6} of {Steps} steps; gap {option.RelativeGap:e1}; price {option.Price:g3}; choice {answer.Options[answer.Choice].Name}");
                }
            }
        }
    }

    [Fact]
    public void An_allocation_and_its_draws_have_the_same_bits_on_any_number_of_threads()
    {
        (double, string) Of(int threads)
        {
            var routes = TinyRoutes.Case([("S", "A", 1200), ("S", "B", 1300), ("A", "M", 1500), ("B", "M", 1400), ("A", "B", 400)], [("route.congestion", 0.1), ("route.risk_feedback", 0.5)]);
            var burden = RouteBurden.Named("tonnes", new HashSet<int>());
            var found = RouteAllocation.Of(routes, burden, Over with { Threads = threads });
            var draws = AllocationDraws.Run(routes, burden, found, 3, threads, null, TestContext.Current.CancellationToken)!;
            Assert.Equal((9, 0), (draws.Draws, draws.NotConverged));
            return (found.MaxRelativeError, string.Join(' ', found.Answers.SelectMany(a => a.Options).Select(o => $"{o.Value:R} {o.Price:R} {string.Join(' ', o.Plan?.Units.Select(u => u.ToString("R")) ?? [])}"))
                + string.Join(' ', draws.Options.SelectMany(a => a).Select(o => $"{o.Change.Over.Low:R} {o.Price.Over.Value:R}")));
        }
        var (error, one) = Of(1);
        Assert.Equal(one, Of(3).Item2);
        Assert.InRange(error, 0, 1e-7);
    }
}
