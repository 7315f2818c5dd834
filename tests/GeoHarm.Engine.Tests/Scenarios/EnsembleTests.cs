using GeoHarm.Engine.Evaluation;
using GeoHarm.Engine.Scenarios;
using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Engine.Tests.Scenarios;

public class EnsembleTests(ITestOutputHelper output)
{
    private static ScenarioResult Run(RunOptions options, int members, CancellationToken? cancel = null) =>
        ScenarioRun.Run(SmallStudy.Scenario(SmallStudy.Spraying, members), SmallStudy.Layers, "test.yaml", options, cancel ?? TestContext.Current.CancellationToken);

    private static string Text(ScenarioResult result) => string.Join('\n', result.Layers.SelectMany(l => l.Columns.Select(c => l.Name + c.Name + string.Join(',', Enumerable.Range(0, l.RowCount).Select(c.TextAt)))));

    [Fact]
    public void Monte_carlo_error_by_hand_and_against_drawing_anew()
    {
        Assert.Equal(0, MonteCarloError.Share([5, 5, 5]));
        // Uniform on (0, 1), n = 400: the percentiles' standard error is sqrt(0.05 x 0.95 / 400) = 0.0109, the mean's 0.0144; the interval is 0.9 wide.
        Assert.InRange(MonteCarloError.Share([.. Enumerable.Range(0, 400).Select(i => (i + 0.5) / 400)]), 0.0155, 0.0166);
        // Rival: the spread of the 95th percentile over 300 ensembles of 200 skewed draws.
        var (tops, said) = (new List<double>(), new List<double>());
        for (uint ensemble = 0; ensemble < 300; ensemble++)
        {
            var random = new CounterRandom(8, ensemble, 0);
            var draws = Enumerable.Range(0, 200).Select(_ => -Math.Log(1 - random.NextUniform())).ToArray();
            said.Add(MonteCarloError.Share(draws) * 2.944); // width of the interval of the exponential
            Array.Sort(draws);
            tops.Add(GeoHarm.Spatial.Quantities.Interval.Quantile(draws, 0.95));
        }
        var spread = Math.Sqrt(tops.Sum(t => (t - tops.Average()) * (t - tops.Average())) / 299);
        output.WriteLine($"95th percentile: standard error {spread:0.000}, said {said.Average():0.000}");
        Assert.InRange(said.Average() / spread, 0.8, 1.25);
    }

    [Fact]
    public void An_ensemble_doubles_until_its_error_is_small_and_equals_one_of_that_size_from_the_start()
    {
        var grown = Run(new RunOptions(2) { MonteCarloError = 0.06 }, 40);
        Assert.True(grown.MonteCarloError <= 0.06);
        Assert.True(grown.Scenario.Members > 40 && grown.Scenario.Members % 40 == 0);
        output.WriteLine($"grew from 40 to {grown.Scenario.Members}: {grown.MonteCarloError:P1}");
        var half = Run(new RunOptions(), grown.Scenario.Members / 2);
        Assert.True(half.MonteCarloError > 0.06);
        Assert.Equal(Text(Run(new RunOptions(), grown.Scenario.Members)), Text(grown));
        Assert.Equal(80, Run(new RunOptions { MonteCarloError = 1e-9, MostMembers = 80 }, 40).Scenario.Members);
    }

    [Fact]
    public void Stopped_at_half_and_gone_on_it_gives_the_same_bits()
    {
        var whole = Text(Run(new RunOptions(2), 150));
        var kept = new Dictionary<int, double[]>();
        using var stop = new CancellationTokenSource();
        void Keep(EnsembleDraws draws, int from, int to)
        {
            for (var m = from; m < to; m++) kept[m] = [.. draws.All.SelectMany(d => d.MemoryBefore(m).ToArray().Concat(d.MemoryAfter(m).ToArray()))];
            if (to >= 100) stop.Cancel();
        }
        Assert.ThrowsAny<OperationCanceledException>(() => Run(new RunOptions(2) { Keep = Keep }, 150, stop.Token));
        Assert.Equal(100, kept.Count);
        var computed = 0;
        int Restore(EnsembleDraws draws)
        {
            foreach (var (member, values) in kept)
            {
                var at = 0;
                foreach (var part in draws.All.SelectMany(d => new[] { d.MemoryBefore(member), d.MemoryAfter(member) }))
                {
                    values.AsSpan(at, part.Length).CopyTo(part.Span);
                    at += part.Length;
                }
            }
            return kept.Count;
        }
        Assert.Equal(whole, Text(Run(new RunOptions(1) { Restore = Restore, Keep = (_, from, to) => computed += to - from }, 150)));
        Assert.Equal(50, computed);
    }

    [Fact]
    public void Sensitivity_finds_the_priors_that_an_outcome_can_depend_on_and_no_others()
    {
        var options = new SensitivityOptions(new MorrisOptions(6), new SobolOptions(64, 50), Kept: 5, Threads: 2);
        var found = SensitivityRun.Run(SmallStudy.Scenario(SmallStudy.Spraying), SmallStudy.Layers, "t.yaml", options, null, TestContext.Current.CancellationToken);
        OutcomeSensitivity Of(string key) => found.Outcomes.Single(o => o.Key == key);
        string[] Matter(string key) => [.. Of(key).Effects.Where(e => e.MeanAbsolute > 1e-9).Select(e => e.Input)];
        // People follow from the sprayed hectares and one prior alone.
        Assert.Equal(["displaced_per_sprayed_ha"], Matter("peopleDisplaced"));
        Assert.Subset(Matter("cocaHa").ToHashSet(), new HashSet<string> { "kill_share.spraying", "leakage", "national_shock", "replant.spraying" });
        Assert.DoesNotContain("displaced_per_sprayed_ha", Matter("cocaHa"));
        Assert.Contains("yield_kg_per_ha", Matter("cocaineTonnes"));
        Assert.Equal(1, Of("peopleDisplaced").Indices[0].Total.Value, 0.35); // 64 base points: wide
        Assert.Equal(6 * (found.Inputs.Count + 1) + 64 * 7, found.Runs);
        var again = SensitivityRun.Run(SmallStudy.Scenario(SmallStudy.Spraying), SmallStudy.Layers, "t.yaml", options with { Threads = 1 }, null, TestContext.Current.CancellationToken);
        Assert.Equal(found.Outcomes.SelectMany(o => o.Indices), again.Outcomes.SelectMany(o => o.Indices));
        Assert.Equal(found.Outcomes.SelectMany(o => o.Effects), again.Outcomes.SelectMany(o => o.Effects));
    }

    [Fact]
    public void One_prior_at_a_time_swings_what_it_can_and_leaves_the_rest()
    {
        var found = SensitivityRun.Run(SmallStudy.Scenario(SmallStudy.Spraying), SmallStudy.Layers, "t.yaml", new SensitivityOptions(null, null, Ends: new OneAtATimeOptions()), null, TestContext.Current.CancellationToken);
        var people = found.Outcomes.Single(o => o.Key == "peopleDisplaced");
        Assert.Equal(2 * found.Inputs.Count + 1, found.Runs);
        Assert.Equal("displaced_per_sprayed_ha", people.Swings[0].Input);
        Assert.InRange(people.Central, people.Swings[0].AtLow, people.Swings[0].AtHigh);
        Assert.All(people.Swings.Skip(1), s => Assert.Equal((people.Central, people.Central), (s.AtLow, s.AtHigh)));
        Assert.Empty(people.Effects);
    }

    [Fact]
    public void The_normal_distribution_has_its_tabled_values()
    {
        Assert.Equal(0.975002104851780, NormalDistribution.Cumulative(1.96), 14);
        Assert.Equal(1.959963984540054, NormalDistribution.Quantile(0.975), 10);
        Assert.Equal(-3.090232306167813, NormalDistribution.Quantile(0.001), 9);
        Assert.Equal(0, NormalDistribution.Quantile(0.5), 10);
    }
}
