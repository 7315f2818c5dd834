using System.Runtime.CompilerServices;
using GeoHarm.Routing.Graphs;

namespace GeoHarm.Routing.Tests;

/// <summary>Public test networks (TNTP), kept beside the checkout; tests that need them skip with the reason when they are absent.</summary>
internal static class SharedNetworks
{
    public static string Folder([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "shared", "data", "networks"));

    public static string Text(string path)
    {
        var file = Path.Combine(Folder(), path);
        Assert.SkipUnless(File.Exists(file), $"{path} is not beside the checkout (shared/data/networks); see its SOURCES.md");
        return File.ReadAllText(file);
    }

    public static TntpNetwork Network(string path) => TntpNetworkReader.Read(Text(path));

    public static TripTable Trips(string path, int zones) => TntpTablesReader.ReadTrips(Text(path), zones);

    public static readonly (string Name, string Net, string Trips)[] Solved =
    [
        ("Sioux Falls", "SiouxFalls/SiouxFalls_net.tntp", "SiouxFalls/SiouxFalls_trips.tntp"),
        ("Anaheim", "Anaheim/Anaheim_net.tntp", "Anaheim/Anaheim_trips.tntp"),
        ("Winnipeg", "Winnipeg/Winnipeg_net.tntp", "Winnipeg/Winnipeg_trips.tntp"),
        ("Barcelona", "Barcelona/Barcelona_net.tntp", "Barcelona/Barcelona_trips.tntp"),
        ("Chicago-Sketch", "Chicago-Sketch/ChicagoSketch_net.tntp", "Chicago-Sketch/ChicagoSketch_trips.tntp"),
        ("Berlin-Center", "Berlin-Center/berlin-center_net.tntp", "Berlin-Center/berlin-center_trips.tntp"),
    ];

    /// <summary>A random strongly connected network with zero-time, constant, linear and steep arcs, and trips between all its zones.</summary>
    public static (TntpNetwork Network, TripTable Trips) Random(int seed)
    {
        var random = new Random(seed);
        int zones = random.Next(2, 6), nodes = zones + random.Next(4, 12), through = random.Next(2) == 0 ? 0 : zones;
        var pairs = new HashSet<(int, int)>();
        for (var v = through; v < nodes; v++) pairs.Add((v, v + 1 < nodes ? v + 1 : through)); // a ring, so that all is reachable
        for (var z = 0; z < through; z++) { pairs.Add((z, random.Next(through, nodes))); pairs.Add((random.Next(through, nodes), z)); }
        for (var i = 0; i < 2 * nodes; i++)
        {
            int a = random.Next(nodes), b = random.Next(nodes);
            if (a != b) pairs.Add((a, b));
        }
        var arcs = pairs.OrderBy(p => p).ToArray();
        double[] Draw(Func<double> draw) => [.. arcs.Select(_ => draw())];
        double[] powers = [0, 1, 2, 4, 4, 4, 3.7];
        var network = new TntpNetwork
        {
            Zones = zones, Nodes = nodes, FirstThroughNode = through,
            Tail = [.. arcs.Select(a => a.Item1)], Head = [.. arcs.Select(a => a.Item2)],
            Capacity = Draw(() => 1 + 9 * random.NextDouble()), Length = Draw(random.NextDouble),
            FreeFlowTime = Draw(() => random.Next(8) == 0 ? 0 : 1 + random.NextDouble()),
            B = Draw(() => random.Next(6) == 0 ? 0 : 0.15 + random.NextDouble()),
            Power = Draw(() => powers[random.Next(powers.Length)]), Toll = Draw(random.NextDouble), Warnings = [],
        };
        var rows = from o in Enumerable.Range(0, zones) from d in Enumerable.Range(0, zones) select (o, d, 0.5 + 6 * random.NextDouble());
        return (network, TripTable.From(zones, rows.ToArray()));
    }
}
