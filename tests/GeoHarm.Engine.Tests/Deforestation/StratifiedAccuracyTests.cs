using GeoHarm.Engine.Deforestation;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Engine.Tests.Deforestation;

public class StratifiedAccuracyTests
{
    private static readonly double[] Pixels2014 = [200_000, 150_000, 3_200_000, 6_450_000];
    private static readonly long[][] Matrix2014 = [[66, 0, 5, 4], [0, 55, 8, 12], [1, 0, 153, 11], [2, 1, 9, 313]];

    // Olofsson et al. 2013, doi 10.1016/j.rse.2012.10.031, example 1; the matrix as two public packages carry it.
    private static readonly double[] Pixels2013 = [22_353, 1_122_543, 610_228];
    private static readonly long[][] Matrix2013 = [[97, 0, 3], [3, 279, 18], [2, 1, 97]];

    [Fact]
    public void The_example_of_2014_comes_out_to_a_tenth_of_a_hectare()
    {
        var result = StratifiedAccuracy.Estimate(Sample(Pixels2014, Matrix2014));
        var (hectares, z) = (result.Pixels * 0.09, new AccuracyOptions().Z);
        double[] area = [.. result.Classes.Select(c => Math.Round(c.AreaShare.Value * hectares, 1))];
        double[] half = [.. result.Classes.Select(c => Math.Round(z * c.AreaShare.StandardError * hectares, 1))];
        Assert.Equal([21157.8, 11686.2, 285769.9, 581386.2], area);
        Assert.Equal([6157.6, 3755.8, 15509.8, 16281.7], half);
        Assert.Equal(0.9465, result.Overall.Value, 5e-5);
        Assert.Equal(0.0185, z * result.Overall.StandardError, 5e-5);
        Assert.Equal([0.88, 0.73, 0.93, 0.96], result.Classes.Select(c => Math.Round(c.Users.Value, 2)));
        Assert.Equal([0.75, 0.85, 0.93, 0.96], result.Classes.Select(c => Math.Round(c.Producers.Value, 2)));
        Assert.Equal([0.07, 0.10, 0.04, 0.02], result.Classes.Select(c => Math.Round(z * c.Users.StandardError, 2)));
        Assert.Equal([0.21, 0.25, 0.03], result.Classes.Take(3).Select(c => Math.Round(z * c.Producers.StandardError, 2)));
    }

    [Fact]
    public void The_example_of_2013_by_hand()
    {
        var result = StratifiedAccuracy.Estimate(Sample(Pixels2013, Matrix2013));
        // 22,353 x 97/100 + 1,122,543 x 3/300 + 610,228 x 2/100.
        Assert.Equal(45_112.4, result.Classes[0].AreaShare.Value * result.Pixels, 0.05);
        Assert.Equal(21_072.8, 1.96 * result.Classes[0].AreaShare.StandardError * result.Pixels, 0.05);
        Assert.Equal(0.97, result.Classes[0].Users.Value, 1e-12);
        Assert.Equal(0.48, result.Classes[0].Producers.Value, 0.005);
        Assert.Equal(0.94, result.Overall.Value, 0.005);
    }

    [Fact]
    public void Strata_that_are_not_classes_as_in_Stehman_2014()
    {
        const string map = "AAAAAAABBBABBBBBBBBBBBCCCCCCBBDDDDDDDDDD";
        const string reference = "AAAAACBABCABBBBBAABBCCCCCDDBBADDDDDDDCCB";
        var units = new Layer("units", [
            Column.Text("stratum", Enumerable.Range(0, 40).Select(i => "ABCD"[i / 10].ToString())),
            Column.Text("map", map.Select(c => c.ToString())), Column.Text("reference", reference.Select(c => c.ToString()))]);
        var result = StratifiedAccuracy.Estimate(ReferenceSample.OfUnits(units, "u.csv", Strata("stratum", ["A", "B", "C", "D"], [40_000, 30_000, 20_000, 10_000]), "s.csv"));
        Assert.Equal((0.35, 0.082), Rounded(result.Classes[0].AreaShare, 2, 3));
        Assert.Equal((0.20, 0.064), Rounded(result.Classes[2].AreaShare, 2, 3));
        Assert.Equal((0.63, 0.085), Rounded(result.Overall, 2, 3));
        Assert.Equal((0.574, 0.125), Rounded(result.Classes[1].Users, 3, 3));
        Assert.Equal((0.794, 0.117), Rounded(result.Classes[1].Producers, 3, 3));
    }

    [Fact]
    public void Units_one_by_one_say_what_their_matrix_says()
    {
        string[] names = ["loss", "forest", "other"];
        var pairs = Matrix2013.SelectMany((row, i) => row.SelectMany((n, j) => Enumerable.Repeat((names[i], names[j]), (int)n))).ToArray();
        var units = new Layer("units", [Column.Text("map", pairs.Select(p => p.Item1)), Column.Text("reference", pairs.Select(p => p.Item2))]);
        var listed = StratifiedAccuracy.Estimate(ReferenceSample.OfUnits(units, "u.csv", Strata("class", names, Pixels2013), "s.csv"));
        var counted = StratifiedAccuracy.Estimate(Sample(Pixels2013, Matrix2013));
        Assert.Equal(counted.Overall, listed.Overall);
        Assert.Equal(counted.Classes.Select(c => (c.AreaShare, c.Users, c.Producers)), listed.Classes.Select(c => (c.AreaShare, c.Users, c.Producers)));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(77)]
    public void The_general_form_equals_the_equations_written_out(int seed)
    {
        var random = new Random(seed);
        for (var trial = 0; trial < 200; trial++)
        {
            var k = random.Next(2, 6);
            double[] pixels = [.. Enumerable.Range(0, k).Select(_ => (double)random.Next(1, 1_000_000))];
            long[][] n = [.. Enumerable.Range(0, k).Select(_ => Enumerable.Range(0, k).Select(_ => (long)random.Next(1, 60)).ToArray())];
            var result = StratifiedAccuracy.Estimate(Sample(pixels, n));
            var total = pixels.Sum();
            double[] w = [.. pixels.Select(p => p / total)];
            double[] ni = [.. n.Select(r => (double)r.Sum())];
            Assert.Equal(1, result.Classes.Sum(c => c.AreaShare.Value), 1e-12); // areas share out the map
            Assert.Equal(Enumerable.Range(0, k).Sum(i => w[i] * n[i][i] / ni[i]), result.Overall.Value, 1e-12);
            Assert.Equal(Math.Sqrt(Enumerable.Range(0, k).Sum(i => w[i] * w[i] * U(i) * (1 - U(i)) / (ni[i] - 1))), result.Overall.StandardError, 1e-12); // eq. 5
            for (var j = 0; j < k; j++)
            {
                var column = Enumerable.Range(0, k).Sum(i => pixels[i] * n[i][j] / ni[i]);
                var p = pixels[j] * n[j][j] / ni[j] / column;
                var others = Enumerable.Range(0, k).Where(i => i != j).Sum(i => pixels[i] * pixels[i] * n[i][j] / ni[i] * (1 - n[i][j] / ni[i]) / (ni[i] - 1));
                var variance = (pixels[j] * pixels[j] * (1 - p) * (1 - p) * U(j) * (1 - U(j)) / (ni[j] - 1) + p * p * others) / (column * column);
                Assert.Equal(p, result.Classes[j].Producers.Value, 1e-12);
                Assert.Equal(Math.Sqrt(variance), result.Classes[j].Producers.StandardError, 1e-12); // eq. 7
                Assert.Equal(Math.Sqrt(U(j) * (1 - U(j)) / (ni[j] - 1)), result.Classes[j].Users.StandardError, 1e-12); // eq. 6
                Assert.Equal(Math.Sqrt(Enumerable.Range(0, k).Sum(i => w[i] * w[i] * (n[i][j] / ni[i]) * (1 - n[i][j] / ni[i]) / (ni[i] - 1))), result.Classes[j].AreaShare.StandardError, 1e-12); // eq. 10
            }

            double U(int i) => n[i][i] / ni[i];
        }
    }

    [Fact]
    public void The_interval_holds_the_truth_nineteen_times_in_twenty()
    {
        var random = new Random(31);
        double[] pixels = [20_000, 80_000];
        double[] truth = [0.85, 0.03]; // share of class 0 in each stratum
        var area = pixels[0] * truth[0] + pixels[1] * truth[1];
        var hits = Enumerable.Range(0, 2000).Count(_ =>
        {
            long a = Enumerable.Range(0, 100).Count(_ => random.NextDouble() < truth[0]), b = Enumerable.Range(0, 400).Count(_ => random.NextDouble() < truth[1]);
            var result = StratifiedAccuracy.Estimate(Sample(pixels, [[a, 100 - a], [b, 400 - b]]));
            return Math.Abs(result.Classes[0].AreaShare.Value * 100_000 - area) < 1.96 * result.Classes[0].AreaShare.StandardError * 100_000;
        });
        Assert.InRange(hits, 1860, 1940);
    }

    [Fact]
    public void The_plan_of_2014_has_641_units()
    {
        var (units, strata) = SamplePlan.Of(["deforestation", "gain", "forest", "non-forest"], [0.02, 0.015, 0.32, 0.645], [0.7, 0.6, 0.9, 0.95], new SamplePlanOptions(0.01, 75));
        Assert.Equal(641, units);
        Assert.Equal([13, 10, 205, 413], strata.Select(s => s.Proportional));
        Assert.Equal([75, 75], strata.Take(2).Select(s => s.Recommended));
        Assert.Equal(641, strata.Sum(s => s.Recommended));
        Assert.Equal(641, strata.Sum(s => s.Equal));
    }

    [Fact]
    public void Every_fault_of_a_matrix_is_said_at_once()
    {
        var table = new Layer("m", [Column.Text("class", ["a", "b", "b"]), Column.Text("mapped_pixels", ["10", "-1", "x"]), Column.Integer("a", [1, 2, 3]), Column.Integer("c", [0, 0, 0])]);
        var faults = Assert.Throws<InvalidInputException>(() => ReferenceSample.OfMatrix(table, "m.csv")).Faults;
        Assert.Equal(["GH5701", "GH5702", "GH5702", "GH5703", "GH5703"], faults.Select(f => f.Code).Order());
        var thin = new Layer("m", [Column.Text("class", ["a", "b"]), Column.Real("mapped_pixels", [10, 20]), Column.Integer("a", [1, 2]), Column.Integer("b", [0, 5])]);
        Assert.Equal("GH5706", Assert.Single(Assert.Throws<InvalidInputException>(() => ReferenceSample.OfMatrix(thin, "m.csv")).Faults).Code);
    }

    private static (double, double) Rounded(SampleEstimate estimate, int digits, int errorDigits) => (Math.Round(estimate.Value, digits), Math.Round(estimate.StandardError, errorDigits));

    private static Layer Strata(string key, string[] names, double[] pixels) => new("strata", [Column.Text(key, names), Column.Real("mapped_pixels", pixels)]);

    private static ReferenceSample Sample(double[] pixels, long[][] counts)
    {
        string[] names = [.. pixels.Select((_, i) => $"c{i}")];
        return ReferenceSample.OfMatrix(new Layer("m", [
            Column.Text("class", names), Column.Real("mapped_pixels", pixels), .. names.Select((name, j) => Column.Integer(name, counts.Select(r => (long?)r[j])))]), "m.csv");
    }
}
