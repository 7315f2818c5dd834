namespace GeoHarm.Engine.Harm;

/// <summary>How a consensus order is sought.</summary>
public sealed record RankConsensusOptions
{
    /// <summary>Largest cycle of majorities, in items, that is ordered exactly; default 18 (2^18 sets, a tenth of a second); at most 24.</summary>
    public int ExactLimit { get; init; } = 18;
}

/// <summary>An order on which raters disagree least.</summary>
/// <param name="Order">Items, most urgent first.</param>
/// <param name="Rank">Rank of each item, from 1; items that no majority tells apart and that stand together share one.</param>
/// <param name="Disagreements">Pairs of items, counted once for each rater who has them the other way round.</param>
/// <param name="Bound">No order has fewer disagreements than this.</param>
/// <param name="IsExact">Whether the order is proved to be one with fewest disagreements.</param>
/// <param name="LargestCycle">Items in the largest cycle of majorities; 1 where majorities contradict each other nowhere.</param>
public sealed record RankOrder(IReadOnlyList<int> Order, IReadOnlyList<int> Rank, long Disagreements, long Bound, bool IsExact, int LargestCycle);

/// <summary>
/// Rank-order consensus of several weak orders by Kemeny's rule (Kemeny 1959, Daedalus 88; Young and Levenglick 1978,
/// doi 10.1137/0135023): the order with the fewest pairs that a rater has the other way round. A tie of a rater counts
/// for neither side. Ranks are compared pair by pair, never added or averaged.
/// <para>Items are split by strict majorities into cycles (strongly connected components; Truchon 1998, extended Condorcet
/// criterion): between them every majority is kept, which no order can better, so each cycle can be ordered alone: exactly by
/// dynamic programming over sets (Held and Karp 1962) up to <see cref="RankConsensusOptions.ExactLimit"/> items; beyond it from Borda's order
/// by moving single items while that helps, and the result says that it is not proved. Where orders tie the one is taken
/// that is first by item number, so raters may come in any order. Cost O(2^k k^2) for a cycle of k items.</para>
/// </summary>
public static class RankConsensus
{
    /// <summary>Number of raters who hold row before column.</summary>
    /// <param name="levels">For each rater the level of each item, 0 most urgent; negative for not rated.</param>
    public static int[,] Preferences(IReadOnlyList<IReadOnlyList<int>> levels)
    {
        var items = levels.Count == 0 ? 0 : levels[0].Count;
        var wins = new int[items, items];
        foreach (var own in levels)
        {
            for (var i = 0; i < items; i++) for (var j = 0; j < items; j++) if (own[i] >= 0 && own[j] >= 0 && own[i] < own[j]) wins[i, j]++;
        }
        return wins;
    }

    /// <summary>Kemeny's order.</summary>
    /// <param name="wins">From <see cref="Preferences"/>.</param>
    /// <param name="options">Settings.</param>
    public static RankOrder Kemeny(int[,] wins, RankConsensusOptions? options = null)
    {
        options ??= new RankConsensusOptions();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.ExactLimit, 24);
        var order = new List<int>();
        var (isExact, largest) = (true, 0);
        foreach (var cycle in Cycles(wins))
        {
            largest = Math.Max(largest, cycle.Length);
            isExact &= cycle.Length <= options.ExactLimit;
            order.AddRange(cycle.Length <= options.ExactLimit ? Exact(wins, cycle) : Improved(wins, cycle));
        }
        long bound = 0;
        for (var i = 0; i < order.Count; i++) for (var j = i + 1; j < order.Count; j++) bound += Math.Min(wins[i, j], wins[j, i]);
        var disagreements = Disagreements(wins, order);
        return new RankOrder(order, Ranks(wins, order), disagreements, isExact ? disagreements : bound, isExact, largest);
    }

    /// <summary>Borda's order, the rival: by how many times an item is held before others less how many times after. Shown beside Kemeny's, never as the result.</summary>
    public static RankOrder Borda(int[,] wins)
    {
        var items = wins.GetLength(0);
        int Score(int i) => Enumerable.Range(0, items).Sum(j => wins[i, j] - wins[j, i]);
        List<int> order = [.. Enumerable.Range(0, items).OrderByDescending(Score).ThenBy(i => i)];
        var rank = new int[items];
        for (var at = 0; at < items; at++) rank[order[at]] = at > 0 && Score(order[at]) == Score(order[at - 1]) ? rank[order[at - 1]] : at + 1;
        return new RankOrder(order, rank, Disagreements(wins, order), 0, false, 0);
    }

    /// <summary>Disagreements with an order: for each pair the raters who have it the other way round.</summary>
    public static long Disagreements(int[,] wins, IReadOnlyList<int> order)
    {
        long sum = 0;
        for (var a = 0; a < order.Count; a++) for (var b = a + 1; b < order.Count; b++) sum += wins[order[b], order[a]];
        return sum;
    }

    /// <summary>Kendall's coefficient of concordance W with correction for ties (Kendall and Babington Smith 1939,
    /// doi 10.1214/aoms/1177732186): 0 for no agreement, 1 for full agreement; over items that all have rated. NaN where undefined.</summary>
    /// <param name="levels">As for <see cref="Preferences"/>.</param>
    public static double Concordance(IReadOnlyList<IReadOnlyList<int>> levels)
    {
        if (levels.Count < 2) return double.NaN;
        int[] items = [.. Enumerable.Range(0, levels[0].Count).Where(i => levels.All(l => l[i] >= 0))];
        double n = items.Length, m = levels.Count, ties = 0;
        var sums = new double[items.Length];
        foreach (var own in levels)
        {
            foreach (double count in items.GroupBy(i => own[i]).Select(g => g.Count())) ties += count * count * count - count;
            // Twice the mid-rank: whole numbers, so that the order of raters changes no bit.
            for (var i = 0; i < items.Length; i++) sums[i] += 2 * items.Count(j => own[j] < own[items[i]]) + items.Count(j => own[j] == own[items[i]]) + 1;
        }
        var spread = sums.Sum(s => (s - m * (n + 1)) * (s - m * (n + 1))) / 4;
        return 12 * spread / (m * m * (n * n * n - n) - m * ties) is var w && double.IsFinite(w) ? w : double.NaN;
    }

    // Strongly connected components of the strict majorities, each before those it beats; among free ones the one with the lowest item first.
    private static List<int[]> Cycles(int[,] wins)
    {
        var items = wins.GetLength(0);
        var reach = new bool[items, items];
        for (var i = 0; i < items; i++) for (var j = 0; j < items; j++) reach[i, j] = i == j || wins[i, j] > wins[j, i];
        for (var k = 0; k < items; k++) for (var i = 0; i < items; i++) for (var j = 0; j < items; j++) reach[i, j] |= reach[i, k] && reach[k, j];
        List<int[]> left = [.. Enumerable.Range(0, items).GroupBy(i => Enumerable.Range(0, items).First(j => reach[i, j] && reach[j, i])).Select(g => g.ToArray())];
        var ordered = new List<int[]>();
        while (left.Count > 0)
        {
            var next = left.First(c => left.TrueForAll(other => other == c || !reach[other[0], c[0]]));
            ordered.Add(next);
            left.Remove(next);
        }
        return ordered;
    }

    private static IEnumerable<int> Exact(int[,] wins, int[] items)
    {
        var k = items.Length;
        if (k == 1) return items;
        var least = new long[1 << k]; // of the orders of a set
        for (var set = 1; set < least.Length; set++)
        {
            least[set] = long.MaxValue;
            for (var first = 0; first < k; first++) if ((set >> first & 1) == 1) least[set] = Math.Min(least[set], First(set, first));
        }
        var order = new List<int>(k);
        for (var set = least.Length - 1; set != 0;)
        {
            var first = Enumerable.Range(0, k).First(i => (set >> i & 1) == 1 && First(set, i) == least[set]);
            order.Add(items[first]);
            set &= ~(1 << first);
        }
        return order;

        long First(int set, int first)
        {
            var rest = set & ~(1 << first);
            var sum = least[rest];
            for (var other = 0; other < k; other++) if ((rest >> other & 1) == 1) sum += wins[items[other], items[first]];
            return sum;
        }
    }

    private static List<int> Improved(int[,] wins, int[] items)
    {
        List<int> order = [.. items.OrderByDescending(i => items.Sum(j => wins[i, j] - wins[j, i])).ThenBy(i => i)];
        for (var moved = true; moved;)
        {
            moved = false;
            for (var from = 0; from < order.Count; from++)
            {
                var (best, bestGain) = (from, 0L);
                var item = order[from];
                long gain = 0;
                for (var to = from - 1; to >= 0; to--) if ((gain += wins[item, order[to]] - wins[order[to], item]) > bestGain) (best, bestGain) = (to, gain);
                gain = 0;
                for (var to = from + 1; to < order.Count; to++) if ((gain += wins[order[to], item] - wins[item, order[to]]) > bestGain) (best, bestGain) = (to, gain);
                if (best == from) continue;
                order.RemoveAt(from);
                order.Insert(best, item);
                moved = true;
            }
        }
        return order;
    }

    private static int[] Ranks(int[,] wins, List<int> order)
    {
        var rank = new int[order.Count];
        for (int start = 0, end; start < order.Count; start = end)
        {
            end = start + 1;
            while (end < order.Count && order[start..end].TrueForAll(i => wins[i, order[end]] == wins[order[end], i])) end++;
            for (var at = start; at < end; at++) rank[order[at]] = start + 1;
        }
        return rank;
    }
}
