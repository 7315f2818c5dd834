using GeoHarm.Engine.Harm;
using GeoHarm.Engine.Tests.Scenarios;
using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Engine.Tests.Harm;

public class HarmCountsTests(ITestOutputHelper output)
{
    private static readonly HarmMatrix Matrix = HarmMatrix.Read(SmallStudy.FromCsv("harm/matrix_gp.csv", "m", []), "m");

    private static HarmCounts Of(params string[] priorities) => HarmCounts.After(
        priorities.Select(p => new HarmRow("Z", "Z", "a", "h", "k", "b", "state", "grave", "", "rarely", "", p, "added", "policy", "remote", true, "", "")), Matrix);

    [Fact]
    public void By_hand_one_harm_of_the_most_urgent_priority_outweighs_any_number_of_lesser_ones()
    {
        var (top, next) = (Matrix.Priorities[0], Matrix.Priorities[1]);
        var (one, many, none) = (Of(top), Of(next, next, next, next, next), Of(""));
        Assert.True(HarmCounts.Compare(one, many) > 0);
        Assert.True(HarmCounts.Compare(none, many) < 0);
        Assert.Equal([2, 1, 0, 1], HarmCounts.Places([one, many, none, many]));
        Assert.Equal(5, many.ByPriority[1]);
    }

    [Fact]
    public void The_order_is_that_of_comparing_sorted_lists_of_priorities()
    {
        var seed = (ulong)Random.Shared.NextInt64();
        output.WriteLine($"seed {seed}");
        var random = new CounterRandom(seed, 0, 0);
        for (var round = 0; round < 300; round++)
        {
            int[] Drawn() { var list = new int[3]; for (var i = 0; i < 3; i++) list[i] = random.NextBelow(Matrix.Priorities.Count); Array.Sort(list); return list; }
            var (a, b) = (Drawn(), Drawn());
            // Equally many harms: the most urgent compared first, one by one; a smaller index is more urgent and hence worse.
            var rival = a.Zip(b).Select(p => p.Second.CompareTo(p.First)).FirstOrDefault(c => c != 0);
            var said = HarmCounts.Compare(Of([.. a.Select(p => Matrix.Priorities[p])]), Of([.. b.Select(p => Matrix.Priorities[p])]));
            Assert.Equal(Math.Sign(rival), Math.Sign(said));
        }
    }
}
