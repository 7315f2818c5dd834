using GeoHarm.Engine.Evaluation;
using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Engine.Tests.Evaluation;

public class DecisionTests(ITestOutputHelper output)
{
    private static readonly string[] Names = ["nothing", "spray", "sequence", "seize"];

    /// <summary>A table filled by a function of option, criterion and member; the last criterion is ordinal.</summary>
    private static DecisionTable Table(int options, int criteria, int members, Func<int, int, int, double> value)
    {
        var table = new DecisionTable([.. Enumerable.Range(0, options).Select(o => o < Names.Length ? Names[o] : $"option {o}")], [.. Enumerable.Range(0, criteria).Select(c => new Criterion($"c{c}", "t"))], members);
        for (var o = 0; o < options; o++) for (var c = 0; c < criteria; c++) for (var m = 0; m < members; m++) table.Draws(o, c)[m] = value(o, c, m);
        return table;
    }

    [Fact]
    public void By_hand_three_options_in_four_members()
    {
        //            m0 m1 m2 m3
        // nothing     4  4  4  4   mean 4    worst 4   regret 3 2 0 1
        // spray       1  2  9  8   mean 5    worst 9   regret 0 0 5 5
        // sequence    3  3  5  3   mean 3.5  worst 5   regret 2 1 1 0
        double[][] harm = [[4, 4, 4, 4], [1, 2, 9, 8], [3, 3, 5, 3]];
        var table = Table(3, 1, 4, (o, _, m) => harm[o][m]);
        Assert.Equal([4, 5, 3.5], Enumerable.Range(0, 3).Select(o => table.At(o, 0).Value));
        Assert.Equal(2, table.LeastOnAverage(0));
        var worst = WorstCase.Of(table, 0);
        Assert.Equal([4, 9, 5], worst.Select(w => w.MostHarm));
        Assert.Equal([3, 5, 2], worst.Select(w => w.MostRegret));
        Assert.Equal([1.5, 2.5, 1], worst.Select(w => w.MeanRegret));
        // Minimising the maximum harm says do nothing; minimising the maximum regret says sequence.
        Assert.Equal((0, 2), (WorstCase.Least(worst, w => w.MostHarm), WorstCase.Least(worst, w => w.MostRegret)));
        // Ranks: m0 and m1 spray, sequence, nothing; m2 nothing, sequence, spray; m3 sequence, nothing, spray.
        Assert.Equal([0.25, 0.25, 0.5, 0.5, 0, 0.5, 0.25, 0.75, 0], RankShares.Of(table, 0));
    }

    [Fact]
    public void Options_that_tie_share_their_ranks()
    {
        // Two at 1 share ranks 1 and 2, two at 7 share ranks 3 and 4.
        double[] harm = [1, 7, 1, 7];
        Assert.Equal([0.5, 0.5, 0, 0, 0, 0, 0.5, 0.5, 0.5, 0.5, 0, 0, 0, 0, 0.5, 0.5], RankShares.Of(Table(4, 1, 3, (o, _, _) => harm[o]), 0));
    }

    [Fact]
    public void By_hand_an_option_that_is_worse_in_everything_is_dominated_and_equal_ones_are_not()
    {
        // b is worse than a; c trades; d equals a.
        Assert.Equal([true, false, true, true], ParetoFront.Of([1, 1, 2, 1, 0, 9, 1, 1], 4));
        var table = Table(2, 2, 4, (o, c, m) => o == 0 ? 1 : c == 0 ? 2 : m < 3 ? 0 : 5);
        Assert.Equal([1, 0.75], ParetoFront.Probability(table));
        Assert.Equal([true, true], ParetoFront.OnAverage(Table(2, 2, 1, (o, c, _) => o == c ? 1 : 2)));
    }

    [Fact]
    public void Random_tables_hold_the_properties_and_equal_brute_force()
    {
        var seed = (ulong)Random.Shared.NextInt64();
        output.WriteLine($"seed {seed}");
        for (uint round = 0; round < 200; round++)
        {
            var random = new CounterRandom(seed, round, 0);
            var (options, criteria, members) = (1 + random.NextBelow(6), 1 + random.NextBelow(5), 1 + random.NextBelow(9));
            // Few distinct values, so that ties occur.
            var values = new double[options, criteria, members];
            foreach (var o in Enumerable.Range(0, options)) foreach (var c in Enumerable.Range(0, criteria)) foreach (var m in Enumerable.Range(0, members)) values[o, c, m] = random.NextBelow(5);
            var table = Table(options, criteria, members, (o, c, m) => values[o, c, m]);
            int[] all = [.. Enumerable.Range(0, options)], each = [.. Enumerable.Range(0, criteria)], member = [.. Enumerable.Range(0, members)];

            // Pareto against the definition, member by member.
            bool Undominated(int o, int m) => !all.Any(x => each.All(c => values[x, c, m] <= values[o, c, m]) && each.Any(c => values[x, c, m] < values[o, c, m]));
            var probability = ParetoFront.Probability(table);
            Assert.All(all, o => Assert.Equal(member.Count(m => Undominated(o, m)) / (double)members, probability[o], 12));
            Assert.All(member, m => Assert.Contains(all, o => Undominated(o, m)));

            foreach (var c in each)
            {
                // Regret: not below 0, and 0 for the best of each member, against the definition.
                var worst = WorstCase.Of(table, c);
                Assert.All(all, o => Assert.Equal(member.Max(m => values[o, c, m] - all.Min(x => values[x, c, m])), worst[o].MostRegret, 12));
                Assert.All(worst, w => Assert.True(w.MostRegret >= 0 && w.MeanRegret >= 0 && w.RegretInTwenty <= w.MostRegret && w.HarmInTwenty <= w.MostHarm));
                Assert.All(member, m => Assert.Contains(all, o => values[o, c, m] - all.Min(x => values[x, c, m]) == 0));
                if (members == 1) Assert.Contains(worst, w => w.MostRegret == 0);

                // Ranks: each option and each rank sums to 1; the mean rank equals that of sorting with mid-ranks.
                var shares = RankShares.Of(table, c);
                foreach (var i in all)
                {
                    Assert.Equal(1, all.Sum(r => shares[i * options + r]), 12);
                    Assert.Equal(1, all.Sum(o => shares[o * options + i]), 12);
                    var middle = member.Average(m => all.Count(x => values[x, c, m] < values[i, c, m]) + (all.Count(x => values[x, c, m] == values[i, c, m]) - 1) / 2.0);
                    Assert.Equal(middle, all.Sum(r => r * shares[i * options + r]), 10);
                }
            }
        }
    }

    [Fact]
    public void What_is_ordinal_is_ranked_and_never_averaged()
    {
        var table = new DecisionTable(["a", "b"], [new Criterion("threat.state", "order", IsOrdinal: true)], 2);
        (table.Draws(0, 0)[0], table.Draws(1, 0)[1]) = (1, 1);
        Assert.Equal([0.5, 0.5, 0.5, 0.5], RankShares.Of(table, 0));
        Assert.Equal([0.5, 0.5], ParetoFront.Probability(table));
        Assert.Throws<InvalidOperationException>(() => table.At(0, 0));
        Assert.Throws<InvalidOperationException>(() => table.Difference(0, 1, 0));
        Assert.Throws<InvalidOperationException>(() => WorstCase.Of(table, 0));
        Assert.Throws<InvalidOperationException>(() => table.LeastOnAverage(0));
    }

    [Fact]
    public void By_hand_a_line_flips_where_it_meets_nothing()
    {
        // Harm of spraying rises with leakage u: 2 u; doing nothing harms 1.2. They cross at u = 0.6; spraying is better below, on average (1.0).
        const int members = 101;
        double[] u = [.. Enumerable.Range(0, members).Select(m => m / 100.0)];
        var table = Table(2, 1, members, (o, _, m) => o == 0 ? 1.2 : 2 * u[m]);
        var flip = Assert.Single(AnswerFlips.Of(table, 0, ["leakage"], u, new AnswerFlipOptions()));
        Assert.Equal(("leakage", 1, 0, true), (flip.Input, flip.Best, flip.Rival, flip.Above));
        Assert.Equal((0.6, 0.6, 0.6, 1), (flip.At, flip.Low, flip.High, flip.ShareExplained), new Close());
    }

    [Fact]
    public void Three_options_flip_twice_and_an_input_of_no_weight_never()
    {
        // Best in the middle: harms 1.5 u, 0.4 and 1.5 (1 - u), each with a part of another input.
        const int members = 4000;
        var u = new double[3 * members];
        for (var i = 0; i < 3; i++) for (uint m = 0; m < members; m++) u[i * members + m] = new CounterRandom(77, m, (uint)i).NextUniform();
        var table = Table(3, 1, members, (o, _, m) => (o == 0 ? 1.5 * u[m] : o == 1 ? 0.4 : 1.5 * (1 - u[m])) + 0.4 * u[members + m] * (o - 1));
        var flips = AnswerFlips.Of(table, 0, ["a", "b", "idle"], u, new AnswerFlipOptions());
        foreach (var f in flips) output.WriteLine($"{f}");
        var (below, above) = (Assert.Single(flips, f => f is { Input: "a", Above: false }), Assert.Single(flips, f => f is { Input: "a", Above: true }));
        Assert.Equal((1, 0, 2), (below.Best, below.Rival, above.Rival));
        // That part is 0.2 (o - 1) on average: option 0 meets 0.4 at 0.6 / 1.5 = 0.4, option 2 at 1 - 0.2 / 1.5 = 0.8667.
        Assert.InRange(below.At, 0.38, 0.42);
        Assert.InRange(above.At, 0.85, 0.885);
        Assert.All(flips, f => Assert.InRange(f.At, f.Low, f.High));
        Assert.DoesNotContain(flips, f => f.Input == "idle");
    }

    [Fact]
    public void Intervals_of_a_flip_hold_it_about_nine_times_in_ten()
    {
        int inside = 0;
        const int trials = 300, members = 200;
        for (uint trial = 0; trial < trials; trial++)
        {
            var (u, noise) = (new double[members], new double[members]);
            for (uint m = 0; m < members; m++) (u[m], noise[m]) = (new CounterRandom(1000 + trial, m, 0).NextUniform(), new CounterRandom(1000 + trial, m, 1).NextNormal());
            // Spread grows with u: the robust error is needed.
            var table = Table(2, 1, members, (o, _, m) => o == 0 ? 0.7 : u[m] + 0.6 * u[m] * noise[m]);
            var flip = AnswerFlips.Of(table, 0, ["x"], u, new AnswerFlipOptions()).SingleOrDefault();
            if (flip is not null && flip.Low <= 0.7 && flip.High >= 0.7) inside++;
        }
        output.WriteLine($"{inside} of {trials}");
        Assert.InRange(inside / (double)trials, 0.84, 0.95);
    }

    private sealed class Close : IEqualityComparer<(double, double, double, double)>
    {
        public bool Equals((double, double, double, double) a, (double, double, double, double) b) =>
            Math.Abs(a.Item1 - b.Item1) + Math.Abs(a.Item2 - b.Item2) + Math.Abs(a.Item3 - b.Item3) + Math.Abs(a.Item4 - b.Item4) < 1e-9;

        public int GetHashCode((double, double, double, double) value) => 0;
    }
}
