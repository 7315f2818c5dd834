using System.Globalization;
using System.Runtime.CompilerServices;
using GeoHarm.Routing.Equilibrium;
using GeoHarm.Routing.Graphs;

namespace GeoHarm.Routing.Tests;

/// <summary>
/// The transit network of the embedded study (data/study): zones, three sinks, each link as two arcs, with the trial costs and
/// hazards of priors.csv (route.*). Numerics only: Routing knows nothing of what moves.
/// </summary>
internal sealed class StudyNetwork
{
    private static readonly string[] ModeNames = ["land", "boat", "ship", "air"];
    private static readonly double[] PerThousandKilometres = [2, 0.9, 0.25, 1], Fixed = [0.05, 0.45, 1.6, 0.8], Risk = [0.015, 0.045, 0.06, 0.05];
    private const double Border = 0.35, Value = 8;

    public StudyNetwork()
    {
        var zones = Rows("zones.csv");
        var links = Rows("links.csv");
        var index = zones.Select((row, i) => (row[0], i)).ToDictionary(p => p.Item1, p => p.i);
        var builder = new GraphBuilder(zones.Length + 3, new GraphOptions { ParallelArcs = true });
        List<double> cost = [], hazard = [];
        List<int> mode = [];
        foreach (var row in links)
        {
            var (a, b, m) = (index[row[0]], index[row[1]], Array.IndexOf(ModeNames, row[2]));
            foreach (var (t, h) in ((int, int)[])[(a, b), (b, a)])
            {
                builder.AddArc(t, h);
                mode.Add(m);
                hazard.Add(Risk[m]);
                cost.Add(Fixed[m] + PerThousandKilometres[m] * Number(row[3]) / 1000 + Border * Number(row[4]));
            }
        }
        for (var zone = 0; zone < zones.Length; zone++)
        {
            var market = Array.IndexOf(["north_america", "europe", "rest"], zones[zone][^1]);
            if (market < 0) continue;
            builder.AddArc(zone, zones.Length + market);
            mode.Add(4);
            hazard.Add(0);
            cost.Add(0);
        }
        Graph = builder.Build();
        (Cost, Hazard) = ([.. cost], [.. hazard]);
        Perceived = [.. cost.Select((c, a) => c + Value * hazard[a])];
        Reference = ReferenceProbabilities.EqualOverModesThenArcs(Graph, mode.ToArray());
        Zone = [.. Enumerable.Range(0, Graph.ArcCount).Select(a => Graph.HeadOf(a) < zones.Length ? Graph.HeadOf(a) : -1)];
        Source = new double[Graph.NodeCount];
        var origins = zones.Select((row, i) => (row[0], i)).Where(p => p.Item1.StartsWith("COL", StringComparison.Ordinal) || p.Item1.StartsWith("PER", StringComparison.Ordinal) || p.Item1.StartsWith("BOL", StringComparison.Ordinal)).ToArray();
        foreach (var (_, i) in origins) Source[i] = 1.0 / origins.Length;
        Demand = MarkovianDemand.Split(Source, (zones.Length, 0.6), (zones.Length + 1, 0.4));
    }

    public Graph Graph { get; }

    public double[] Cost { get; }

    public double[] Hazard { get; }

    /// <summary>Cost with the value of the hazard.</summary>
    public double[] Perceived { get; }

    public double[] Reference { get; }

    public int[] Zone { get; }

    public double[] Source { get; }

    public MarkovianDemand Demand { get; }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static string[][] Rows(string name, [CallerFilePath] string here = "")
    {
        var file = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "data", "study", name));
        Assert.SkipUnless(File.Exists(file), $"data/study/{name} is not there");
        return [.. File.ReadLines(file).Skip(1).Where(line => line.Length > 0).Select(line => line.Split(','))];
    }
}
