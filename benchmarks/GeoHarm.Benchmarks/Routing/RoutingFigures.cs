using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using GeoHarm.Routing.Equilibrium;
using GeoHarm.Routing.Graphs;
using GeoHarm.Routing.Grids;
using GeoHarm.Routing.Paths;
using GeoHarm.Routing.Sweeps;
using GeoHarm.Stores.Files;

namespace GeoHarm.Benchmarks.Routing;

/// <summary>
/// The figures of benchmarks/results/routing.md, in process CPU seconds (user and system) of a warm process, as medians:
/// <c>dotnet run -c Release --project benchmarks/GeoHarm.Benchmarks -- routing-figures DATA [equilibrium|closures|sweep|paths|hierarchy|surface]</c>.
/// DATA is the folder that holds networks/ and bench/ (see their SOURCES.md).
/// </summary>
internal static class RoutingFigures
{
    private static readonly (string Name, string Net, string Trips)[] Networks =
    [
        ("Sioux Falls", "SiouxFalls/SiouxFalls_net.tntp", "SiouxFalls/SiouxFalls_trips.tntp"),
        ("Anaheim", "Anaheim/Anaheim_net.tntp", "Anaheim/Anaheim_trips.tntp"),
        ("Winnipeg", "Winnipeg/Winnipeg_net.tntp", "Winnipeg/Winnipeg_trips.tntp"),
        ("Barcelona", "Barcelona/Barcelona_net.tntp", "Barcelona/Barcelona_trips.tntp"),
        ("Chicago-Sketch", "Chicago-Sketch/ChicagoSketch_net.tntp", "Chicago-Sketch/ChicagoSketch_trips.tntp"),
        ("Berlin-Center", "Berlin-Center/berlin-center_net.tntp", "Berlin-Center/berlin-center_trips.tntp"),
    ];

    public static void Run(string folder, string part)
    {
        if (part is "all" or "equilibrium") Equilibrium(folder);
        if (part is "all" or "closures") Closures(folder);
        if (part is "all" or "sweep") ClosureSweep(folder);
        if (part is "all" or "paths") OneToAll(folder);
        if (part is "all" or "hierarchy") Hierarchies(folder);
        if (part is "all" or "surface") Surface(folder);
    }

    private static double Cpu()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime.TotalSeconds;
    }

    private static double Timed(Action work)
    {
        var start = Cpu();
        work();
        return Cpu() - start;
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private static (TntpNetwork Network, TripTable Trips, AssignmentNetwork Topology) Load(string folder, int index)
    {
        var network = TntpNetworkReader.Read(File.ReadAllText(Path.Combine(folder, "networks", Networks[index].Net)));
        var trips = TntpTablesReader.ReadTrips(File.ReadAllText(Path.Combine(folder, "networks", Networks[index].Trips)), network.Zones);
        return (network, trips, AssignmentNetwork.Of(network));
    }

    private static void Equilibrium(string folder)
    {
        for (var i = 0; i < Networks.Length; i++)
        {
            var (network, trips, topology) = Load(folder, i);
            var costs = BprCost.Of(network);
            var prepare = Median(Enumerable.Range(0, 5).Select(_ => Timed(() => AssignmentNetwork.Of(network))));
            foreach (var gap in new[] { 1e-4, 1e-6, 1e-10, 1e-12 })
            {
                // CPU clocks tick in 10 ms on some kernels: small networks are solved many times for one reading.
                var repeats = i < 2 ? 40 : 1;
                EquilibriumResult result = null!;
                double Once() => Timed(() =>
                {
                    for (var k = 0; k < repeats; k++) result = new UserEquilibrium<BprCost>(topology, trips, new() { RelativeGap = gap }).Solve(costs);
                }) / repeats;
                for (var k = 0; k < 2; k++) Once();
                var time = Median(Enumerable.Range(0, 9).Select(_ => Once()));
                Line($"equilibrium {Networks[i].Name} gap {gap:E0}: {time:F5} s (and {prepare:F5} s for the topology, once), reached {result.RelativeGap:E1}, {result.Rounds} rounds, {result.Passes} passes, objective {result.Objective:R}");
            }
        }
        using var process = Process.GetCurrentProcess();
        Line($"peak memory of all six {process.PeakWorkingSet64 / 1e6:F0} MB");
    }

    private static void Closures(string folder)
    {
        foreach (var (index, count) in new[] { (4, 60), (2, 60), (5, 16) })
        {
            var (network, trips, topology) = Load(folder, index);
            var costs = BprCost.Of(network);
            var options = new EquilibriumOptions { RelativeGap = 1e-8 };
            var solver = new UserEquilibrium<BprCost>(topology, trips, options);
            for (var k = 0; k < 3; k++) { solver.Reset(); solver.Solve(costs); }
            var cold = Median(Enumerable.Range(0, 7).Select(_ => { solver.Reset(); return Timed(() => solver.Solve(costs)); }));
            var state = solver.Save();
            var flow = solver.Flows();
            var busy = Enumerable.Range(0, flow.Length).OrderByDescending(a => flow[a]).Take(count / 2);
            var random = new Random(1);
            var arcs = busy.Concat(Enumerable.Range(0, count / 2).Select(_ => random.Next(flow.Length))).ToArray();
            var times = new List<double>();
            foreach (var arc in arcs)
            {
                solver.Restore(state);
                EquilibriumResult result = null!;
                times.Add(Timed(() => result = solver.Solve(costs, [arc])));
                if (!result.Converged || solver.Flows()[arc] != 0) Line($"  arc {arc}: not converged, gap {result.RelativeGap}");
            }
            Line($"closure {Networks[index].Name} 1e-8: cold {cold:F4} s, warm median {Median(times):F4} s = {Median(times) / cold:P0}, worst {times.Max():F4} s; busy half {Median(times.Take(count / 2)) / cold:P0}, random half (a sample of all arcs) {Median(times.Skip(count / 2)) / cold:P0}");
        }
    }

    private static void ClosureSweep(string folder)
    {
        var (network, trips, topology) = Load(folder, 4);
        var costs = BprCost.Of(network);
        var sweep = new EquilibriumSweep<BprCost>(topology, trips, costs, new EquilibriumOptions { RelativeGap = 1e-6 });
        var variants = Enumerable.Range(0, network.Links).Select(a => new EquilibriumVariant<BprCost>($"{a}", [a])).ToArray();
        EquilibriumResult[] results = [];
        var wall = Stopwatch.StartNew();
        var cpu = Timed(() => results = [.. sweep.Run(variants, 2, out _).Select(o => o.Result)]);
        Line($"sweep of {network.Links} single-arc closures of Chicago-Sketch to 1e-6 on 2 threads: {wall.Elapsed.TotalSeconds:F1} s wall, {cpu:F1} s CPU; {results.Count(r => r.Unserved.Count == 0)} leave all trips a path, {results.Count(r => r.Unserved.Count > 0)} cut trips off ({results.Sum(r => r.UnservedTrips):F0} in all); not converged {results.Count(r => !r.Converged)}");
    }

    private static void OneToAll(string folder)
    {
        const int Side = 1000;
        var random = new Random(1);
        var grid = new GraphBuilder(Side * Side);
        var costs = new List<int>();
        void Both(int a, int b)
        {
            grid.AddArc(a, b);
            grid.AddArc(b, a);
            costs.Add(1000 + random.Next(1000));
            costs.Add(1000 + random.Next(1000));
        }
        for (var v = 0; v < Side * Side; v++)
        {
            if (v % Side + 1 < Side) Both(v, v + 1);
            if (v + Side < Side * Side) Both(v, v + Side);
        }
        OneToAll("1M perturbed grid, whole numbers", grid.Build(), costs.ToArray());
        var network = TntpNetworkReader.Read(File.ReadAllText(Path.Combine(folder, "networks", "Sydney/Sydney_net.tntp")));
        var sydney = new GraphBuilder(network.Nodes);
        for (var i = 0; i < network.Links; i++) sydney.AddArc(network.Tail[i], network.Head[i]);
        var graph = sydney.Build();
        OneToAll("Sydney, whole numbers", graph, Hundredths(network));
        OneToAll("Sydney, real numbers", graph, network.FreeFlowTime);
    }

    private static int[] Hundredths(TntpNetwork network) => Array.ConvertAll(network.FreeFlowTime, t => Math.Max(1, (int)(100 * t)));

    private static void OneToAll<T>(string name, Graph graph, T[] costs) where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        foreach (var queue in new[] { SearchQueue.Buckets, SearchQueue.Heap })
        {
            var search = new ShortestPaths<T>(new ArcCosts<T>(graph, costs), queue);
            var random = new Random(2);
            var repeats = Math.Max(3, 2_000_000 / graph.NodeCount);
            double Once() => Timed(() => { for (var i = 0; i < repeats; i++) search.Run([random.Next(graph.NodeCount)]); }) / repeats / graph.NodeCount * 1e9;
            for (var i = 0; i < 2; i++) Once();
            var times = Enumerable.Range(0, 15).Select(_ => Once()).ToArray();
            Line($"one to all, {name}, {queue}: {Median(times):F1} ns per node (least {times.Min():F1})");
        }
    }

    private static void Hierarchies(string folder)
    {
        var network = TntpNetworkReader.Read(File.ReadAllText(Path.Combine(folder, "networks", "Sydney/Sydney_net.tntp")));
        var (x, y) = TntpTablesReader.ReadNodes(File.ReadAllText(Path.Combine(folder, "networks", "Sydney/Sydney_node.tntp")), network.Nodes);
        foreach (var (name, order) in new (string, Func<int, int[], int[], int[]>?)[] { ("inertial flow", NestedDissection.ByInertialFlow(x, y)), ("minimum degree", null) })
        {
            Hierarchy hierarchy = null!;
            var build = Timed(() => hierarchy = Hierarchy.Build(network.Nodes, 0, network.Tail, network.Head, order));
            var costs = Hundredths(network);
            var metric = new HierarchyMetric<int>(hierarchy, costs);
            for (var i = 0; i < 20; i++) metric.Customise(costs);
            var customise = Median(Enumerable.Range(0, 9).Select(_ => Timed(() => { for (var i = 0; i < 10; i++) metric.Customise(costs); }) / 10));
            Line($"hierarchy of Sydney by {name}: built in {build:F2} s, {hierarchy.ArcCount} arcs, depth {hierarchy.Depth}, customised in {customise * 1e3:F2} ms");
            Sweeps("int", hierarchy, metric);
            Sweeps("float", hierarchy, new HierarchyMetric<float>(hierarchy, Array.ConvertAll(costs, c => (float)c)));
            Sweeps("double", hierarchy, new HierarchyMetric<double>(hierarchy, network.FreeFlowTime));
            var random = new Random(3);
            const int Count = 10_000;
            double Changes() => Timed(() => { for (var i = 0; i < Count; i++) { var arc = random.Next(costs.Length); metric.Change(arc, 1 + random.Next(2 * costs[arc])); } }) / Count * 1e6;
            for (var i = 0; i < 2; i++) Changes();
            Line($"  change of one arc: {Median(Enumerable.Range(0, 11).Select(_ => Changes())):F1} us");
            var query = new HierarchyQuery<int>(hierarchy);
            double Queries() => Timed(() => { for (var i = 0; i < Count; i++) query.Cost(metric, random.Next(network.Nodes), random.Next(network.Nodes)); }) / Count * 1e6;
            for (var i = 0; i < 2; i++) Queries();
            Line($"  point query: {Median(Enumerable.Range(0, 11).Select(_ => Queries())):F1} us");
        }
    }

    private static void Sweeps<T>(string type, Hierarchy hierarchy, HierarchyMetric<T> metric) where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        var lanes = HierarchySweep<T>.Lanes;
        foreach (var width in new[] { SweepWidth.Widest, SweepWidth.Bits256, SweepWidth.Scalar })
        {
            var sweep = new HierarchySweep<T>(hierarchy, width);
            var sources = new int[lanes];
            double All() => Timed(() =>
            {
                // A twentieth of all sources, in batches of neighbours as an all-to-all run takes them.
                for (var first = 0; first + lanes <= hierarchy.NodeCount; first += 20 * lanes)
                {
                    for (var i = 0; i < lanes; i++) sources[i] = first + i;
                    sweep.Run(metric, sources);
                }
            }) / (hierarchy.NodeCount / 20.0) / hierarchy.NodeCount * 1e9;
            All();
            Line($"  sweep from {lanes} sources, {type}, {width}: {Median(Enumerable.Range(0, 9).Select(_ => All())):F2} ns per node and source");
        }
    }

    private static void Surface(string folder)
    {
        var raster = GdalRaster.Open(Path.Combine(folder, "bench", "friction2000.tif"));
        var (rows, columns) = (raster.Grid.Height, raster.Grid.Width);
        var numbers = new double[rows * columns];
        using (var reader = raster.OpenReader()) reader.Read(raster.Grid.Whole, numbers);
        var friction = Array.ConvertAll(numbers, n => (float)n);
        var link = new byte[friction.Length];
        var options = new SurfaceOptions { CellWidth = raster.Grid.CellWidth, CellHeight = raster.Grid.CellHeight, NoData = (float?)raster.NoData };
        foreach (var neighbours in new[] { 8, 16 })
        {
            double Once() => Timed(() => CostSurface.Accumulate(friction, rows, columns, [rows / 2 * columns + columns / 2], options with { Neighbours = neighbours }, numbers, link)) / friction.Length * 1e9;
            for (var i = 0; i < 2; i++) Once();
            var times = Enumerable.Range(0, 15).Select(_ => Once()).ToArray();
            var before = GC.GetTotalAllocatedBytes(precise: true);
            Once();
            var extra = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)friction.Length;
            Line($"surface {columns} x {rows}, {neighbours} neighbours: {Median(times):F1} ns a cell (least {times.Min():F1}); 13 bytes a cell for friction, cost and back-link and {extra:F2} for the queue, all its growth counted");
        }
    }
}
