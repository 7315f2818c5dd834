using System.Diagnostics;
using System.Globalization;
using GeoHarm.Engine.Displacement;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Benchmarks.Engine;

/// <summary>
/// The figures of estimates and people in benchmarks/results/displacement.md, in CPU seconds (user and system) of one thread in a warm process, medians:
/// <c>dotnet run -c Release --project benchmarks/GeoHarm.Benchmarks -- estimate-figures [estimate|curve|durbin|identify|people]</c>. All data are simulated.
/// </summary>
internal static class EstimateFigures
{
    public static void Run(string part)
    {
        if (part is "all" or "estimate") Estimate();
        if (part is "all" or "curve") Curve();
        if (part is "all" or "durbin") Durbin();
        if (part is "all" or "identify") Identify();
        if (part is "all" or "people") People();
    }

    private static double Timed(Action work)
    {
        using var process = Process.GetCurrentProcess();
        process.Refresh();
        var start = process.TotalProcessorTime;
        work();
        process.Refresh();
        return (process.TotalProcessorTime - start).TotalSeconds;
    }

    private static void Line(string name, int repeats, Action work)
    {
        work();
        var times = Enumerable.Range(0, repeats).Select(_ => Timed(work)).Order().ToArray();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {times[times.Length / 2]:F3} CPU s (median of {repeats}, least {times[0]:F3})"));
    }

    /// <summary>Units scattered over a country of 1,100 km, coca in half, two treatments, 20 years.</summary>
    private static (UnitPanel Panel, double[] X, double[] Y) Country(int units, int years)
    {
        var random = new CounterRandom(5, 0, 0);
        double[] x = new double[units], y = new double[units];
        for (var i = 0; i < units; i++) (x[i], y[i]) = (1_100_000 * random.NextUniform(), 1_100_000 * random.NextUniform());
        double[] c = new double[units * years], spray = new double[units * years], manual = new double[units * years];
        for (var i = 0; i < c.Length; i++)
        {
            c[i] = Math.Max(0, 100 * random.NextNormal());
            spray[i] = Math.Max(0, 50 * random.NextNormal() - 40);
            manual[i] = Math.Max(0, 20 * random.NextNormal() - 10);
        }
        return (UnitPanel.FromArrays([.. Enumerable.Range(0, units).Select(i => $"u{i}")], 2001, years, new Dictionary<string, double[]> { ["c"] = c, ["spray"] = spray, ["manual"] = manual }), x, y);
    }

    private static void Estimate()
    {
        var (panel, x, y) = Country(1122, 20);
        var queenLike = DistanceWeights.KNearest(x, y, 6).RowStandardised();
        var options = new EstimateOptions { Outcome = "c", Treatments = ["spray", "manual"], Neighbours = [new NeighbourTerm("neighbour", queenLike)], Lagged = true };
        Line("estimate, 1,122 units x 20 years, six columns, clustered", 9, () => KernelEstimate.Run(panel, options));
        var near = DistanceWeights.Within(x, y, 100_000);
        Line($"the same, Conley within 100 km ({near.MeanNeighbours:F0} neighbours), two lags", 9, () => KernelEstimate.Run(panel, options with { Conley = new ConleyOptions(near, 2) }));
        Line("the same, weights made and four rings", 5, () => KernelEstimate.Run(panel, options with
        {
            Neighbours = [.. new[] { (0, 50), (50, 100), (100, 200), (200, 400) }.Select(r => new NeighbourTerm($"ring{r.Item1}-{r.Item2}", DistanceWeights.Ring(x, y, r.Item1 * 1000, r.Item2 * 1000)))], LagWeights = queenLike,
        }));
    }

    private static void Curve()
    {
        var (panel, x, y) = Country(1122, 20);
        var sets = new List<(string, IReadOnlyList<NeighbourTerm>)>();
        foreach (var k in new[] { 4, 6, 8, 12 }) sets.Add(($"knn:{k}", [new NeighbourTerm("neighbour", DistanceWeights.KNearest(x, y, k).RowStandardised())]));
        var count = 0;
        Line("specification curve, 1,122 units x 20 years, 120 variants", 3, () => count = SpecificationCurve.Run(panel, "c", ["spray", "manual"], [], sets, sets[1].Item2[0].Weights, 2002, 2020).Variants.Count);
        Console.WriteLine($"  {count} variants");
    }

    private static void Durbin()
    {
        foreach (var (units, name) in new[] { (1122, "1,122"), (20_000, "20,000"), (20_001, "20,001") })
        {
            var (panel, x, y) = Country(units, 20);
            var weights = DistanceWeights.KNearest(x, y, 6).RowStandardised();
            var options = new EstimateOptions { Outcome = "c", Treatments = ["spray"], Neighbours = [new NeighbourTerm("neighbour", weights)] };
            var method = "";
            Line($"spatial Durbin, {name} units x 20 years", units < 2000 ? 3 : 1, () => method = SpatialDurbin.Run(panel, options).Method);
            Console.WriteLine($"  log-determinant: {method}");
        }
    }

    private static void Identify()
    {
        var (_, x, y) = Country(1122, 2);
        var random = new CounterRandom(6, 0, 0);
        var start = x.Select(_ => random.NextUniform() < 0.2 ? 400 * random.NextUniform() : 0).ToArray();
        var d = new double[x.Length * x.Length];
        for (var i = 0; i < x.Length; i++) { for (var j = 0; j < x.Length; j++) d[i * x.Length + j] = Math.Sqrt((x[i] - x[j]) * (x[i] - x[j]) + (y[i] - y[j]) * (y[i] - y[j])) / 1000; }
        var history = new CocaHistory(SimulatedPanel.Run(start, d, 20, new SimulationOptions()), SimulatedPanel.Variable, DistanceWeights.KNearest(x, y, 6), x, y);
        Line("identification, 1,122 units x 20 years, nine kappas, 99 permutations, one timing", 3, () => IdentificationTest.Run(history));
    }

    private static void People()
    {
        var random = new CounterRandom(7, 0, 0);
        double[] Draw(int n, double scale) => [.. Enumerable.Range(0, n).Select(_ => scale * (1 - random.NextUniform()))];
        foreach (var (n, name) in new[] { (1122, "1,122"), (5000, "5,000") })
        {
            var margins = new PeopleMargins(Draw(n, 10_000), Draw(n, 10_000), Draw(n, 1e6), Draw(n, 1e6), 99_083, 119_581);
            foreach (var model in Enum.GetValues<FlowModel>()) Line($"people, {name} units, {model}", 3, () => PeopleFlows.Fit(margins, new PeopleFlowOptions { Model = model }));
        }
    }
}
