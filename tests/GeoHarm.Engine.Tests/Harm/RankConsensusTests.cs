using GeoHarm.Engine.Harm;
using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Engine.Tests.Harm;

public class RankConsensusTests(ITestOutputHelper output)
{
    private const ulong Seed = 20261126;

    // Levels of a ranking given as items from first to last.
    private static int[] Levels(params int[] order)
    {
        var levels = new int[order.Length];
        for (var at = 0; at < order.Length; at++) levels[order[at]] = at;
        return levels;
    }

    [Fact]
    public void The_capital_of_Tennessee_comes_out_as_published()
    {
        // The standard example of Kemeny-Young: 42 % Memphis > Nashville > Chattanooga > Knoxville, 26 % N > C > K > M, 15 % C > K > N > M,
        // 17 % K > C > N > M. The best order is N, C, K, M with 393 of 600 pairs kept (percent of voters).
        const int m = 0, n = 1, c = 2, k = 3;
        var voters = Enumerable.Repeat(Levels(m, n, c, k), 42).Concat(Enumerable.Repeat(Levels(n, c, k, m), 26)).Concat(Enumerable.Repeat(Levels(c, k, n, m), 15)).Concat(Enumerable.Repeat(Levels(k, c, n, m), 17)).ToList();
        var order = RankConsensus.Kemeny(RankConsensus.Preferences(voters));
        Assert.Equal([n, c, k, m], order.Order);
        Assert.Equal((600 - 393, true, 1), ((int)order.Disagreements, order.IsExact, order.LargestCycle));
    }

    [Fact]
    public void By_hand_a_cycle_of_three_breaks_at_its_weakest_majority()
    {
        // a > b by 5 of 9, b > c by 7, c > a by 6: breaking a > b costs least, so b, c, a.
        int[][] voters = [.. Enumerable.Repeat(Levels(0, 1, 2), 3), .. Enumerable.Repeat(Levels(1, 2, 0), 4), .. Enumerable.Repeat(Levels(2, 0, 1), 2)];
        var wins = RankConsensus.Preferences(voters);
        Assert.Equal((5, 7, 6), (wins[0, 1], wins[1, 2], wins[2, 0]));
        var order = RankConsensus.Kemeny(wins);
        Assert.Equal([1, 2, 0], order.Order);
        Assert.Equal((5 + 2 + 3, 3), ((int)order.Disagreements, order.LargestCycle));
    }

    [Fact]
    public void The_concordance_of_Siegels_three_executives_is_a_sixth()
    {
        // Siegel 1956, Nonparametric Statistics, p. 230: W = 0.16.
        Assert.Equal(0.162, RankConsensus.Concordance([[1, 6, 3, 2, 5, 4], [1, 5, 6, 4, 2, 3], [6, 3, 2, 5, 4, 1]]), 3);
        // Full agreement with ties is 1 only because ties are corrected for.
        Assert.Equal(1, RankConsensus.Concordance([[0, 0, 1, 1, 2], [0, 0, 1, 1, 2], [3, 3, 5, 5, 9]]), 12);
        Assert.True(double.IsNaN(RankConsensus.Concordance([[0, 1]])));
        Assert.True(double.IsNaN(RankConsensus.Concordance([[0, 0], [0, 0]])));
    }

    [Fact]
    public void Kemeny_has_as_few_disagreements_as_the_best_of_all_permutations()
    {
        int cycles = 0, bordaWorse = 0;
        for (uint round = 0; round < 400; round++)
        {
            var random = new CounterRandom(Seed, round, 1);
            var items = 2 + random.NextBelow(6);
            var wins = RankConsensus.Preferences(Raters(random, items, 1 + random.NextBelow(6)));
            var order = RankConsensus.Kemeny(wins);
            var best = Permutations([.. Enumerable.Range(0, items)]).Min(p => RankConsensus.Disagreements(wins, p));
            Assert.True(order.IsExact && order.Disagreements == best && order.Bound == best, $"seed {Seed}, round {round}: {order.Disagreements}, brute force {best}");
            Assert.Equal(Enumerable.Range(0, items), order.Order.Order());
            var borda = RankConsensus.Borda(wins).Disagreements;
            Assert.True(borda >= best);
            if (borda > best) bordaWorse++;
            if (order.LargestCycle > 1) cycles++;
        }
        output.WriteLine($"seed {Seed}: 400 profiles, {cycles} with a cycle of majorities, Borda worse in {bordaWorse}");
        Assert.True(cycles > 10 && bordaWorse > 10);
    }

    [Fact]
    public void Unanimity_and_a_winner_of_every_duel_are_kept_and_the_order_of_raters_changes_nothing()
    {
        for (uint round = 0; round < 300; round++)
        {
            var random = new CounterRandom(Seed, round, 2);
            var items = 2 + random.NextBelow(11);
            var raters = Raters(random, items, 1 + random.NextBelow(7));
            var wins = RankConsensus.Preferences(raters);
            var order = RankConsensus.Kemeny(wins);
            int At(int item) => ((List<int>)[.. order.Order]).IndexOf(item);
            for (var i = 0; i < items; i++)
            {
                for (var j = 0; j < items; j++) if (raters.TrueForAll(r => r[i] >= 0 && r[j] >= 0 && r[i] < r[j])) Assert.True(At(i) < At(j) && order.Rank[i] < order.Rank[j], $"seed {Seed}, round {round}: {i} before {j}");
                if (Enumerable.Range(0, items).All(j => j == i || wins[i, j] > wins[j, i])) Assert.True(At(i) == 0, $"seed {Seed}, round {round}: {i} wins every duel");
                if (Enumerable.Range(0, items).All(j => j == i || wins[i, j] < wins[j, i])) Assert.True(At(i) == items - 1, $"seed {Seed}, round {round}: {i} loses every duel");
            }
            var shuffled = raters.Select(r => (Key: random.NextUniform(), r)).OrderBy(r => r.Key).Select(r => r.r).ToList();
            var again = RankConsensus.Kemeny(RankConsensus.Preferences(shuffled));
            Assert.Equal(order.Order, again.Order);
            Assert.Equal(order.Rank, again.Rank);
            Assert.Equal(BitConverter.DoubleToInt64Bits(RankConsensus.Concordance(raters)), BitConverter.DoubleToInt64Bits(RankConsensus.Concordance(shuffled)));
        }
    }

    [Fact]
    public void A_cycle_too_large_to_order_exactly_says_so_and_lies_between_its_bound_and_Bordas_order()
    {
        var (best, rounds) = (0, 0);
        for (uint round = 0; round < 200; round++)
        {
            var random = new CounterRandom(Seed, round, 3);
            var wins = RankConsensus.Preferences(Raters(random, 10, 3));
            var (exact, sought) = (RankConsensus.Kemeny(wins), RankConsensus.Kemeny(wins, new RankConsensusOptions { ExactLimit = 2 }));
            if (exact.LargestCycle <= 2) continue;
            rounds++;
            Assert.False(sought.IsExact);
            Assert.True(sought.Bound <= exact.Disagreements && exact.Disagreements <= sought.Disagreements, $"seed {Seed}, round {round}");
            if (sought.Disagreements == exact.Disagreements) best++;
        }
        output.WriteLine($"seed {Seed}: moving single items found the best order in {best} of {rounds}");
        Assert.True(rounds > 20 && best > rounds / 2);
    }

    private static List<int[]> Raters(CounterRandom random, int items, int raters)
    {
        var all = new List<int[]>();
        for (var r = 0; r < raters; r++)
        {
            var levels = new int[items];
            for (var i = 0; i < items; i++) levels[i] = random.NextBelow(12) == 0 ? -1 : random.NextBelow(5);
            all.Add(levels);
        }
        return all;
    }

    private static IEnumerable<int[]> Permutations(int[] items)
    {
        if (items.Length <= 1) return [items];
        return items.SelectMany(first => Permutations([.. items.Where(i => i != first)]).Select(rest => (int[])[first, .. rest]));
    }
}
