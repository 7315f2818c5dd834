using System.Globalization;
using BenchmarkDotNet.Attributes;
using GeoHarm.Routing.Equilibrium;
using GeoHarm.Routing.Graphs;
using GeoHarm.Routing.Sweeps;

namespace GeoHarm.Benchmarks.Routing;

/// <summary>The Markovian equilibrium of the 100 x 100 grid of the acceptance table: 39,600 arcs, 5 destinations.</summary>
[MemoryDiagnoser]
public class MarkovianGridBenchmarks
{
    private static readonly (int, double)[] Destinations = [(0, 0.2), (99, 0.2), (9900, 0.2), (9999, 0.2), (5050, 0.2)];
    private Graph graph = null!;
    private double[] cost = [], hazard = [], source = [], reference = [];
    private int[] zone = [];
    private MarkovianEquilibrium<LinearFeedback> solved = null!;

    [Params(0.5, 3)]
    public double Feedback { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        var builder = new GraphBuilder(10_000);
        for (var v = 0; v < 10_000; v++)
        {
            foreach (var u in (int[])[v % 100 < 99 ? v + 1 : -1, v + 100 < 10_000 ? v + 100 : -1])
            {
                if (u < 0) continue;
                builder.AddArc(v, u);
                builder.AddArc(u, v);
            }
        }
        graph = builder.Build();
        var random = new Random(7);
        cost = [.. Enumerable.Range(0, graph.ArcCount).Select(_ => 0.5 + random.NextDouble())];
        hazard = [.. cost.Select(c => 0.05 * c * random.NextDouble())];
        source = new double[10_000];
        for (var i = 0; i < 20; i++) source[random.Next(9000)] += 0.05;
        zone = [.. Enumerable.Range(0, graph.ArcCount).Select(graph.HeadOf)];
        reference = ReferenceProbabilities.EqualOverArcs(graph);
        ColdEquilibrium();
    }

    [Benchmark(Baseline = true)]
    public double ColdEquilibrium()
    {
        var loading = new MarkovianLoading(new MarkovianTopology(graph), MarkovianDemand.Split(source, Destinations), reference, new() { Theta = 1 });
        solved = new(loading, zone, graph.NodeCount, new LinearFeedback(Feedback, Feedback, 8, 0.05));
        return solved.Solve(cost, hazard).Residual;
    }

    [Benchmark]
    public double Gradient() => solved.Gradient(cost).LinearResidual;
}

/// <summary>Loads, equilibria and policies on the transit network of the embedded study (data/study).</summary>
[MemoryDiagnoser]
public class MarkovianStudyBenchmarks
{
    private static readonly string[] Modes = ["land", "boat", "ship", "air"];
    private static readonly double[] PerThousandKilometres = [2, 0.9, 0.25, 1], Fixed = [0.05, 0.45, 1.6, 0.8], Risk = [0.015, 0.045, 0.06, 0.05];
    private double[] cost = [], hazard = [], perceived = [];
    private MarkovianLoading one = null!, both = null!;
    private MarkovianEquilibrium<LinearFeedback> equilibrium = null!;
    private MarkovianUpdate update = null!;
    private MarkovianSweep<LinearFeedback> sweep = null!;
    private ArcChange[] intoOneZone = [];

    [GlobalSetup]
    public void SetUp()
    {
        var zones = Rows("zones.csv");
        var index = zones.Select((row, i) => (row[0], i)).ToDictionary(p => p.Item1, p => p.i);
        var builder = new GraphBuilder(zones.Length + 2, new GraphOptions { ParallelArcs = true });
        List<double> costs = [], risks = [];
        List<int> modes = [];
        void Add(int tail, int head, double c, double r, int mode)
        {
            builder.AddArc(tail, head);
            costs.Add(c);
            risks.Add(r);
            modes.Add(mode);
        }

        foreach (var row in Rows("links.csv"))
        {
            var (a, b, m) = (index[row[0]], index[row[1]], Array.IndexOf(Modes, row[2]));
            var c = Fixed[m] + PerThousandKilometres[m] * Number(row[3]) / 1000 + 0.35 * Number(row[4]);
            Add(a, b, c, Risk[m], m);
            Add(b, a, c, Risk[m], m);
        }
        for (var i = 0; i < zones.Length; i++)
        {
            if (zones[i][^1] == "north_america") Add(i, zones.Length, 0, 0, 4);
            if (zones[i][^1] == "europe") Add(i, zones.Length + 1, 0, 0, 4);
        }
        var graph = builder.Build();
        (cost, hazard) = ([.. costs], [.. risks]);
        perceived = [.. cost.Select((c, a) => c + 8 * hazard[a])];
        var reference = ReferenceProbabilities.EqualOverModesThenArcs(graph, modes.ToArray());
        var zone = Enumerable.Range(0, graph.ArcCount).Select(a => graph.HeadOf(a) < zones.Length ? graph.HeadOf(a) : -1).ToArray();
        var origins = Enumerable.Range(0, zones.Length).Where(i => zones[i][0][..3] is "COL" or "PER" or "BOL").ToArray();
        var source = new double[graph.NodeCount];
        foreach (var i in origins) source[i] = 1.0 / origins.Length;
        var topology = new MarkovianTopology(graph);
        var options = new MarkovianOptions { Theta = 3.15 };
        var feedback = new LinearFeedback(0.3, 0.5, 8, 0.05);
        one = new MarkovianLoading(topology, MarkovianDemand.To(zones.Length, source), reference, options);
        both = new MarkovianLoading(topology, MarkovianDemand.Split(source, (zones.Length, 0.6), (zones.Length + 1, 0.4)), reference, options);
        equilibrium = new(both, zone, graph.NodeCount, feedback);
        sweep = new(both, zone, graph.NodeCount, feedback);
        equilibrium.Solve(cost, hazard);
        var unchanged = new MarkovianLoading(topology, MarkovianDemand.To(zones.Length, source), reference, options);
        unchanged.Load(perceived, hazard);
        update = new MarkovianUpdate(unchanged);
        intoOneZone = [.. Enumerable.Range(0, graph.ArcCount).Where(a => zone[a] == 77).Select(a => new ArcChange(a, perceived[a] + 24 * hazard[a], 4 * hazard[a]))];
    }

    [Benchmark(Baseline = true)]
    public double FullLoad() => one.Load(perceived, hazard).TotalSeized;

    [Benchmark]
    public double LowRankUpdate() => update.Change(intoOneZone).TotalSeized;

    [Benchmark]
    public double ColdEquilibrium() => equilibrium.Solve(cost, hazard).Residual;

    [Benchmark]
    public double Gradient() => equilibrium.Gradient(cost).LinearResidual;

    [Benchmark]
    public int TenWarmPolicies()
    {
        var variants = Enumerable.Range(0, 10).Select(k => new SweepVariant($"{k}", [.. intoOneZone.Select(c => c with { Cost = cost[c.Arc], Hazard = (k + 2) * hazard[c.Arc] })])).ToArray();
        return sweep.Run(cost, hazard, variants, 1, out _).Sum(outcome => outcome.Result!.Loads);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static string[][] Rows(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "data", "study", name))) folder = folder.Parent;
        if (folder is null) throw new FileNotFoundException($"data/study/{name} is in no folder above {AppContext.BaseDirectory}");
        return [.. File.ReadLines(Path.Combine(folder.FullName, "data", "study", name)).Skip(1).Where(line => line.Length > 0).Select(line => line.Split(','))];
    }
}
