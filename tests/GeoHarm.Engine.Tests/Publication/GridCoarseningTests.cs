using GeoHarm.Engine.Publication;
using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Engine.Tests.Publication;

public class GridCoarseningTests(ITestOutputHelper output)
{
    private static readonly DisclosureRules Rules = DisclosureRules.Default;
    private static readonly bool Campaign = Environment.GetEnvironmentVariable("GEOHARM_CAMPAIGN") == "1";

    private static CellSum[] Fields(params double[] hectares) => [.. hectares.Select((h, i) => CellSum.Record(h, (uint)i))];

    private static double[] All(int count, double value) => [.. Enumerable.Repeat(value, count)];

    [Fact]
    public void By_hand_four_cells_merge_when_one_of_them_is_too_thin()
    {
        // Twelve fields in one 5 km cell, nine in its neighbour: one cell of 10 km.
        double[] x = [.. All(12, 1000), .. All(9, 6000)];
        var cell = Assert.Single(GridCoarsening.Cells(x, All(21, 1000), [Fields(All(21, 2))], Rules));
        Assert.Equal((10_000, 21L, 42.0, false), (cell.SideMetres, cell.Sums[0].Contributors, cell.Sums[0].Total, cell.Withheld[0]));
        // With ten there both stand alone.
        Assert.Equal([5000, 5000], GridCoarsening.Cells([.. x, 6000], All(22, 1000), [Fields(All(22, 2))], Rules).Select(c => c.SideMetres));
    }

    [Fact]
    public void By_hand_dominance_and_the_second_largest_are_seen()
    {
        Assert.True(Sum(10, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1).IsSafe(Rules)); // 10 of 20: half, not more
        Assert.False(Sum(10.01, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1).IsSafe(Rules));
        Assert.False(Sum(1, 1, 1, 1, 1, 1, 1, 1, 1).IsSafe(Rules)); // nine
        // Two giants: the rest, 0.9, is under a tenth of the largest, so the second learns the first to within 10 %.
        Assert.False(Sum(10, 10, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1).IsSafe(Rules));
        Assert.True(Sum(10, 10, 0.2, 0.2, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1).IsSafe(Rules));

        static CellSum Sum(params double[] parts) => parts.Aggregate(default(CellSum), (s, p) => s + CellSum.Record(p, 1));
    }

    [Fact]
    public void Records_of_an_import_that_merged_them_count_as_many_and_unknown_parts_are_bounded()
    {
        var known = CellSum.Merged(30, 60, 5, 4, 1);
        Assert.True(known.IsSafe(Rules));
        Assert.False(CellSum.Merged(30, 60, double.NaN, double.NaN, 1).IsSafe(Rules)); // one of the thirty could hold all
        var four = Enumerable.Range(0, 4).Aggregate(default(CellSum), (s, i) => s + CellSum.Merged(30, 60, double.NaN, double.NaN, (uint)i));
        Assert.True(four.IsSafe(Rules)); // but not half of four such cells
    }

    [Fact]
    public void A_lonely_thin_block_takes_others_with_it_so_that_the_total_gives_nothing_away()
    {
        // Three fields far away, and two good blocks: the withheld sum must be safe.
        double[] x = [.. All(3, 500_000), .. All(20, 1000), .. All(40, 100_000)];
        var cells = GridCoarsening.Cells(x, All(63, 1000), [Fields(All(63, 2))], Rules);
        Assert.Equal([true, false, true], cells.OrderBy(c => c.Sums[0].Contributors).Select(c => c.Withheld[0]).ToArray() is var w && w.Length == 3 ? [w[0], w[2], w[1]] : w);
    }

    [Fact]
    public void No_random_landscape_shows_a_thin_or_dominated_cell()
    {
        var landscapes = Campaign ? 100_000u : 4_000u;
        const ulong seed = 20261125;
        long cells = 0, withheld = 0, negative = 0;
        for (uint number = 0; number < landscapes; number++)
        {
            var land = Landscape.Random(seed, number);
            var published = GridCoarsening.Cells(land.X, land.Y, land.Records, Rules);
            Check(land, published, number);
            cells += published.Count;
            withheld += published.Sum(c => c.Withheld.Count(w => w));
            // The control: 5 km cells as they are would break the rule.
            if (number < 200) negative += GridCoarsening.Cells(land.X, land.Y, land.Records, Rules with { LeastContributors = 1, MostDominance = 1, PriorShare = 0 }).SelectMany(c => c.Sums).Count(s => !s.IsEmpty && s.Contributors < 10);
        }
        Assert.True(negative > 1000);
        output.WriteLine($"{landscapes} landscapes (seed {seed}): {cells} cells shown or withheld, {withheld} figures withheld, 0 under 10 contributors, 0 over 50 %");
    }

    /// <summary>Plain recount: every field falls in one cell; shown figures keep the rules; so does what subtraction leaves.</summary>
    private static void Check(Landscape land, IReadOnlyList<GridCell> published, uint number)
    {
        for (var year = 0; year < land.Records.Length; year++)
        {
            var hidden = new List<double>();
            var assigned = 0;
            var cellOf = published.ToDictionary(c => (c.SideMetres, c.Column, c.Row));
            var members = published.ToDictionary(c => c, _ => new List<double>());
            for (var f = 0; f < land.X.Length; f++)
            {
                if (land.Records[year][f].IsEmpty) continue;
                foreach (var side in new[] { 5000.0, 10_000, 20_000 })
                {
                    if (cellOf.TryGetValue((side, (long)Math.Floor(land.X[f] / side), (long)Math.Floor(land.Y[f] / side)), out var cell)) { members[cell].Add(land.Records[year][f].Total); assigned++; }
                }
            }
            Assert.Equal(land.Records[year].Count(r => !r.IsEmpty), assigned); // once each: cells do not overlap and leave nothing out
            foreach (var (cell, values) in members)
            {
                if (cell.Withheld[year]) { hidden.AddRange(values); continue; }
                if (values.Count > 0 && (values.Count < 10 || values.Max() > 0.5 * values.Sum() * (1 + 1e-12))) Assert.Fail($"landscape {number}, year {year}: {values.Count} fields, largest {values.Max() / values.Sum():P0}");
            }
            // Where anything is still shown, the rest is safe too.
            var anyShown = members.Any(m => m.Value.Count > 0 && !m.Key.Withheld[year]);
            if (hidden.Count > 0 && anyShown && (hidden.Count < 10 || hidden.Max() > 0.5 * hidden.Sum() * (1 + 1e-12))) Assert.Fail($"landscape {number}, year {year}: the remainder gives itself away");
        }
    }

    [Fact]
    public void Ten_thousand_differencing_queries_recover_no_field()
    {
        const ulong seed = 7;
        int asked = 0, recovered = 0, unrounded = 0;
        for (uint number = 0; asked < 10_000; number++)
        {
            var land = Landscape.Random(seed, number);
            var all = Published(land, 10, 5);
            for (var field = 0; field < land.X.Length && asked < 10_000; field += 1 + land.X.Length / 40)
            {
                var value = land.Records[0][field].Total;
                if (value <= 0) continue;
                asked++;
                var others = land.Without(field);
                // Two editions that differ by one field, over the 20 km block it lies in.
                if (Recovers(all, Published(others, 10, 5), land, field, value, 10)) recovered++;
                if (Recovers(Published(land, 1e-9, 5), Published(others, 1e-9, 5), land, field, value, 1e-9)) unrounded++;
            }
            // Asking again averages nothing away.
            Assert.Equal(all, Published(land, 10, 5));
        }
        output.WriteLine($"{asked} queries: {recovered} fields recovered, {unrounded} without rounding (the control)");
        Assert.Equal(0, recovered);
        Assert.True(unrounded > 100);
    }

    private static Dictionary<(double Side, long Column, long Row), double> Published(Landscape land, double step, int _) =>
        GridCoarsening.Cells(land.X, land.Y, land.Records, Rules).Where(c => !c.Withheld[0])
            .ToDictionary(c => (c.SideMetres, c.Column, c.Row), c => CellKeyRounding.Round(c.Sums[0].Total, step, c.Sums[0].Key, "ha"));

    /// <summary>Whether the difference of the two answers gives the field to within 10 %, and the attacker can know that it does.</summary>
    private static bool Recovers(Dictionary<(double Side, long Column, long Row), double> with, Dictionary<(double Side, long Column, long Row), double> without, Landscape land, int field, double value, double step)
    {
        var block = ((long)Math.Floor(land.X[field] / 20_000), (long)Math.Floor(land.Y[field] / 20_000));
        List<double> In(Dictionary<(double Side, long Column, long Row), double> cells) =>
            [.. cells.Where(c => ((long)Math.Floor(c.Key.Column * c.Key.Side / 20_000), (long)Math.Floor(c.Key.Row * c.Key.Side / 20_000)) == block).Select(c => c.Value)];
        var (a, b) = (In(with), In(without));
        if (a.Count == 0 || b.Count == 0) return false;
        var (difference, doubt) = (a.Sum() - b.Sum(), step * (a.Count + b.Count));
        return Math.Abs(difference - value) <= 0.1 * value && doubt <= 0.1 * value;
    }

    [Fact]
    public void Rounding_keeps_the_mean_and_the_same_records_give_the_same_answer()
    {
        var sum = 0.0;
        for (uint key = 0; key < 20_000; key++) sum += CellKeyRounding.Round(123.4, 10, key, "ha");
        Assert.InRange(sum / 20_000, 123.1, 123.7); // standard error 0.034
        Assert.Equal(120, CellKeyRounding.Round(120, 10, 3, "ha"));
        Assert.All(Enumerable.Range(0, 50), k => Assert.Contains(CellKeyRounding.Round(4, 10, (uint)k, "ha"), new[] { 0.0, 10 }));
        Assert.Equal(["0", "<8", "<8", "8", "10"], new long[] { 0, 1, 7, 8, 10 }.Select(n => n == 8 ? CellKeyRounding.Count(8, Enumerable.Range(0, 99).Select(k => (uint)k).First(k => CellKeyRounding.Round(8, 5, k, "count") == 5), Rules) : CellKeyRounding.Count(n, 1, Rules)));
        var (a, b) = (CellSum.Record(3, 17), CellSum.Record(4, 99));
        Assert.Equal((a + b).Key, (b + a).Key);
    }

    [Fact]
    public void Most_of_the_area_is_kept_and_municipalities_keep_their_rank()
    {
        // 1 km cells of coca in hot spots of 12 to 25 km, as in the national grid; 144 municipalities of 40 x 40 km.
        const int side = 12;
        const double municipality = 40_000;
        var random = new CounterRandom(5, 0, 2);
        var spots = Enumerable.Range(0, 60).Select(_ => (X: random.NextUniform() * side * 40, Y: random.NextUniform() * side * 40, Km: 12 + 13 * random.NextUniform(), Peak: random.NextUniform() * random.NextUniform())).ToArray();
        var (x, y, v) = (new List<double>(), new List<double>(), new List<CellSum>());
        var truth = new double[side * side];
        for (var km = 0; km < side * side * 1600; km++)
        {
            var (east, north) = (km % (side * 40) + 0.5, km / (side * 40) + 0.5);
            var density = spots.Sum(s => s.Peak * Math.Exp(-((east - s.X) * (east - s.X) + (north - s.Y) * (north - s.Y)) / (2 * s.Km * s.Km)));
            if (random.NextUniform() >= density) continue;
            var hectares = random.NextTriangular(0.1, 1, 3) * (1 + 3 * density);
            truth[(int)(north / 40) * side + (int)(east / 40)] += hectares;
            x.Add(east * 1000);
            y.Add(north * 1000);
            v.Add(CellSum.Record(hectares, CellKeyRounding.KeyOf(east, north)));
        }
        var cells = GridCoarsening.Cells(x, y, [[.. v]], Rules);
        var shown = cells.Where(c => !c.Withheld[0]).ToList();
        var kept = shown.Sum(c => c.Sums[0].Total) / truth.Sum();
        var estimate = new double[truth.Length];
        foreach (var cell in shown)
        {
            // By area share, as a reader with a map would.
            var (left, bottom, size) = (cell.Column * cell.SideMetres, cell.Row * cell.SideMetres, cell.SideMetres);
            for (var m = 0; m < truth.Length; m++)
            {
                var width = Math.Min(left + size, (m % side + 1) * municipality) - Math.Max(left, m % side * municipality);
                var height = Math.Min(bottom + size, (m / side + 1) * municipality) - Math.Max(bottom, m / side * municipality);
                if (width > 0 && height > 0) estimate[m] += CellKeyRounding.Round(cell.Sums[0].Total, 10, cell.Sums[0].Key, "ha") * width * height / (size * size);
            }
        }
        var rank = RankCorrelation(truth, estimate);
        output.WriteLine($"{v.Count} fields, {cells.Count} cells: area kept {kept:P1}, rank correlation by municipality {rank:0.000}");
        Assert.True(kept >= 0.9, $"area kept {kept:P1}");
        Assert.True(rank >= 0.95, $"rank correlation {rank:0.000}");
    }

    private static double RankCorrelation(double[] a, double[] b)
    {
        double[] Ranks(double[] v) => [.. v.Select(q => v.Count(o => o < q) + (v.Count(o => o == q) - 1) / 2.0)];
        var (ra, rb) = (Ranks(a), Ranks(b));
        var mean = (a.Length - 1) / 2.0;
        double ab = 0, aa = 0, bb = 0;
        for (var i = 0; i < ra.Length; i++) (ab, aa, bb) = (ab + (ra[i] - mean) * (rb[i] - mean), aa + (ra[i] - mean) * (ra[i] - mean), bb + (rb[i] - mean) * (rb[i] - mean));
        return ab / Math.Sqrt(aa * bb);
    }
}
